"""Results with the lines that they cite, where `--sources` names the texts."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from kb.api import KnowledgeBase
from kb.cli.context import Context, problem
from kb.maintain.lines import texts_of
from kb.render.cited import cited_lines, reading
from kb.render.outline import text
from kb.render.page import page
from kb.render.renderer import Result, lines
from kb.render.terminal import terminal


def echo_cited(result: Result, context: Context, base: KnowledgeBase, length: str = "long") -> None:
    """Write a result, and below it what the lines say that it cites, from the folder of texts that
    the context names. Raises `Problems`."""
    assert context.sources is not None
    if context.form not in ("text", "html"):
        raise problem(
            "arguments",
            f"`--sources` shows no lines in `{context.form}`",
            "it is for `--format html` and text",
        )
    texts = texts_of(base.facts, Path(context.sources))
    if context.form == "html":
        title, *_ = result.text("short").splitlines() or [""]
        with reading(texts) as reader:
            shown = result.html(length)
        click.echo(page(title, shown + reader.section(context.lang), context.lang), nl=False)
        return
    told = cited_lines(lines(result, length), texts, context.lang)
    if context.tree:
        width = shutil.get_terminal_size().columns
        click.echo(terminal(told, width, context.coloured), color=True)
    else:
        click.echo(text(told))
