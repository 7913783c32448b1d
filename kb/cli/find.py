"""`kb find`: what people say in their own words leads to categories."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from kb.cli.context import LANG, OPTIONS, format_option
from kb.cli.late import own_words
from kb.model.layers import layered

if TYPE_CHECKING:
    from kb.find.finder import Candidate

ACCOUNTS = ("non_individual", "overseas", "personal")


TOLD = {
    "zh": ("（不确定）", "（只有名称）", "服务", "匹配", "依据", "没有合适的类目"),
    "en": (" (weak)", " (named only)", "services", "matched", "source", "nothing fits"),
}
"""Marks, labels and the message of an empty list, by language."""


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--account", type=click.Choice(ACCOUNTS), help="Only what is open to this account.")
@click.option(
    "--limit",
    default=8,
    show_default=True,
    type=click.IntRange(1),
    help="Categories that are told, at most.",
)
@OPTIONS["facts"]
@OPTIONS["only_facts"]
@OPTIONS[LANG]
@format_option("text", "json", "jsonl")
def find(
    words: tuple[str, ...],
    account: str | None,
    limit: int,
    facts: tuple[str, ...],
    only_facts: tuple[str, ...],
    lang: str,
    form: str,
) -> None:
    """Find the categories that fit WORDS, in your own words (`-`: one text a line from stdin).

    Best first. Where nothing fits, the list is empty, or all of it is called weak.
    """
    # Loaded here: other commands need none of it.
    from kb.find import businesses, finder

    built = finder.finder_of(layered(facts, only_facts))
    alone = words != ("-",)
    texts: Iterator[str] = iter([" ".join(words)]) if alone else _lines()
    for text in texts:
        found = businesses.found_together(built, text, account, limit)
        if form == "text":
            click.echo("\n".join([text] * (not alone) + [_told(c, lang) for c in found]))
            if alone and all(each.weak for each in found):
                own_words().tell_outside([TOLD[lang][-1]] * (not found), built.outside(text), lang)
            continue
        data = [candidate.to_dict() for candidate in found]
        indent = 2 if form == "json" and alone else None
        click.echo(json.dumps(data, ensure_ascii=False, indent=indent))


def _lines() -> Iterator[str]:
    """The lines of standard input, as UTF-8 whatever the locale says; empty ones too."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace").rstrip("\r\n")


def _told(candidate: Candidate, lang: str) -> str:
    weak, named, *labels, _ = TOLD[lang]
    marks = weak * candidate.weak + named * (not candidate.in_base)
    parts = (
        "、".join(s.zh if lang == "zh" else s.en for s in candidate.services),
        "、".join(candidate.matched),
        "; ".join(map(str, candidate.cites)),
    )
    lines = [f"  {label}: {part}" for label, part in zip(labels, parts, strict=True) if part]
    return "\n".join([candidate.category + marks, *lines])
