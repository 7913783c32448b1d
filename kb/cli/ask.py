"""`kb ask`: what an app must provide."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from kb.cli.context import AS_OF, LANG, Context, app_of, echo, engine_option, shared
from kb.cli.tables import framed


@click.command()
@click.argument("app")
@click.option("--include-drafts", is_flag=True, help="Let drafts count as if in force.")
@engine_option
@shared(LANG, AS_OF, formats=("text", "json", "csv", "html", "markdown"))
def ask(context: Context, app: str, include_drafts: bool, engine: str) -> NoReturn:
    """What must APP (a profile; `-` for standard input) provide?

    Exit code: 0 satisfied, 3 something missing, 4 undetermined, 5 prohibited.
    """
    base = context.base(queries=False, engine=engine)
    answer = base.ask(app_of(base, app), include_drafts=include_drafts, lang=context.lang)
    if context.form == "csv":
        click.echo(framed(answer.to_frame(), "csv"), nl=False)
    else:
        echo(answer, context.form)
    sys.exit(answer.exit_code)
