"""`kb ask`: what an app must provide."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from kb.cli.completion import files, terms
from kb.cli.context import (
    AS_OF,
    LANG,
    SOURCES,
    Context,
    app_of,
    echo,
    engine_option,
    problem,
    shared,
)
from kb.cli.late import asking, own_words
from kb.cli.tables import framed
from kb.cli.with_lines import echo_with_lines
from kb.model.data import Json
from kb.model.writing import write_output

if TYPE_CHECKING:
    from kb.answers.answer import Answer
    from kb.api import KnowledgeBase
    from kb.model.apps import App

UNSURE = 4
"""The exit code where a question about words is open: that of an undetermined verdict."""


@click.command()
@click.argument("app", required=False, shell_complete=files)
@click.option(
    "--service",
    "services",
    multiple=True,
    metavar="S",
    help="A service that it offers.",
    shell_complete=terms("service"),
)
@click.option(
    "--applicant",
    metavar="A",
    help="What kind of applicant it is.",
    shell_complete=terms("applicant"),
)
@click.option(
    "--region",
    "regions",
    multiple=True,
    metavar="R",
    help="A place that it serves.",
    shell_complete=terms("region"),
)
@click.option(
    "--has",
    "holds",
    multiple=True,
    metavar="D",
    help="A document in hand.",
    shell_complete=terms("document"),
)
@click.option(
    "-o", "--output", metavar="FILE", help="Write the profile here (YAML).", shell_complete=files
)
@click.option(
    "--receipt",
    metavar="FILE",
    help="Write what the answer came from: `kb replay`.",
    shell_complete=files,
)
@click.option("--include-drafts", is_flag=True, help="Let drafts count as if in force.")
@click.option(
    "--warn-days",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Tell of papers in hand that run out within N days.",
)
@click.option("--all", "whole", is_flag=True, help="Tell everything, not only what to do.")
@engine_option
@shared(LANG, AS_OF, SOURCES, formats=("text", "json", "csv", "html", "markdown"))
def ask(
    context: Context,
    app: str | None,
    services: tuple[str, ...],
    applicant: str | None,
    regions: tuple[str, ...],
    holds: tuple[str, ...],
    output: str | None,
    receipt: str | None,
    include_drafts: bool,
    warn_days: int,
    whole: bool,
    engine: str,
) -> NoReturn:
    """What must APP (a profile; `-` for standard input; or a few words of your own) provide?

    First what to provide and what to answer, then a line for each category; `--all` adds every
    alternative, note, duty and remark with its lines.

    Without a file: `kb ask --service 驾校平台 --applicant 企业`, or `kb ask "卖茶叶的商城,个人"`.

    Exit code: 0 satisfied, 3 something missing, 4 undetermined, 5 prohibited, 6 not open; 4 too
    where a question about what your words mean is left open.
    """
    flags: Json = {
        "services": list(services),
        "applicant": applicant,
        "regions": list(regions),
        "holds": list(holds),
    }
    said = {key: value for key, value in flags.items() if value}
    base: KnowledgeBase | None = None
    answer: Answer | None = None
    sure = True
    plain = app is not None and app != "-" and Path(app).is_file() and not (said or output)
    if app is not None and plain and context.shipped:
        core = asking().shipped_core(context, engine)
        answer = asking().answer_of(core, Path(app), include_drafts, context.lang, warn_days)
    if answer is None:
        base = context.base(queries=False, engine=engine)
        read, sure = _app(base, context, app, said)
        if output is not None:
            _save(output, base, read)
        answer = base.ask(read, None, include_drafts, context.lang, warn_days)
    if receipt is not None:
        answer.receipt().write(receipt)
    if context.form == "csv" and context.sources is None:
        click.echo(framed(answer.to_frame(), "csv"), nl=False)
    else:
        folded = context.form == "text" and not whole
        length = "short" if folded else "long"
        if context.sources is None:
            echo(answer, context, length)
        else:
            echo_with_lines(answer, context, base or context.base(queries=False), length)
    sys.exit(answer.exit_code if sure else UNSURE)


def _app(base: KnowledgeBase, context: Context, app: str | None, said: Json) -> tuple[App, bool]:
    """The app of a file, of words, or of flags alone; and whether it is sure what words mean."""
    if app is None:
        if not said:
            raise problem(
                "no-app",
                "no app is given",
                'name a profile, say `--service`, or tell it in words: kb ask "卖茶叶的商城"',
            )
        return base.app({"name": "app", **said}), True
    if app == "-" or Path(app).exists() or app.endswith((".yaml", ".yml", ".json")):
        if said:
            first = f"--{next(iter(said)).removesuffix('s')}"
            raise problem(
                "arguments", f"`{first}` stands beside a profile", "put it into the profile"
            )
        return app_of(base, app), True
    found = own_words().understood(base, app, context.lang, said.get("services", ()))
    return base.app({**found.profile, **said}), found.question is None


def _save(output: str, base: KnowledgeBase, app: App) -> None:
    """Write the profile, but never over a file that is there already."""
    if Path(output).exists():
        raise problem("output", f"`{output}` is there already", "name a new file")
    write_output(output, own_words().profile_text(base.profile(app)))
