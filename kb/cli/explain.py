"""`kb explain`: what the code of a problem means."""

from __future__ import annotations

import click

from kb.cli.context import LANG, OPTIONS, format_option
from kb.cli.late import upkeep


@click.command()
@click.argument("code", required=False)
@OPTIONS[LANG]
@format_option("text", "markdown")
def explain(code: str | None, lang: str, form: str) -> None:
    """Tell what CODE means, as it stands in a message (`error[unknown-id]`), and what to do.

    Without CODE all are told.
    """
    told = upkeep()
    if code is not None:
        click.echo(told.explained(code, lang))
    elif form == "markdown":
        click.echo("\n".join(told.page(lang)))
    else:
        for each in sorted(told.codes()):
            click.echo(f"{each}: {told.explained(each, lang)}")
