"""`kb replay`: a receipt asked again."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from kb.cli.completion import files
from kb.cli.context import LANG, Context, app_of, echo, shared


@click.command()
@click.argument("receipt", metavar="FILE", shell_complete=files)
@click.option(
    "--app",
    metavar="APP",
    help="Ask for this profile after that of the receipt.",
    shell_complete=files,
)
@click.option("--as-of", "day", metavar="DATE", help="Ask for this day after that of the receipt.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write the receipt of the answer given now.",
    shell_complete=files,
)
@shared(LANG, formats=("text", "json"))
def replay(
    context: Context, receipt: str, app: str | None, day: str | None, output: str | None
) -> NoReturn:
    """Ask again what a receipt (FILE, of `kb ask --receipt`) was given for.

    The answer is the same byte for byte, or what has changed is told - version of the package,
    facts, rules, sources; profile and day where others are given - with what it changes in the
    answer.

    Exit code: 0 the same answer, 3 another one.
    """
    base = context.base(queries=False)
    read = app_of(base, app) if app is not None else None
    found = base.replay(receipt, read, day, lang=context.lang)
    if output is not None:
        found.answer.receipt().write(output)
    echo(found, context)
    sys.exit(found.exit_code)
