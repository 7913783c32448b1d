"""`kb explain`: what the code of a problem means, and what was decided where sources are silent."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from kb.cli.context import LANG, OPTIONS, format_option
from kb.cli.late import upkeep


def _names(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Completes what is told of: codes of problems, and decisions."""
    known = [*sorted(upkeep().codes()), *upkeep().decisions()]
    return [CompletionItem(name) for name in known if name.startswith(typed)]


@click.command()
@click.argument("name", required=False, shell_complete=_names)
@click.option("--decisions", is_flag=True, help="Tell every decision instead of every code.")
@OPTIONS[LANG]
@format_option("text", "markdown")
def explain(name: str | None, decisions: bool, lang: str, form: str) -> None:
    """Tell what NAME means: a code as it stands in a message (`error[unknown-id]`), with what to
    do; or a decision as a proof cites it (`kb until-a-later-text`), with its reason.

    Without NAME every code is told, or every decision.
    """
    told = upkeep()
    if name is not None:
        click.echo(told.explained(name, lang))
    elif form == "markdown":
        page = told.decisions_page if decisions else told.page
        click.echo("\n".join(page(lang)))
    elif decisions:
        for id, each in told.decisions().items():
            click.echo(f"{id}: {each.told(lang)}")
    else:
        for each in sorted(told.codes()):
            click.echo(f"{each}: {told.explained(each, lang)}")
