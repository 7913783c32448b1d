"""`kb ways-out`: what is left to an app that can not get the papers of a category."""

from __future__ import annotations

import click

from kb.cli.completion import files, terms
from kb.cli.context import AS_OF, LANG, Context, app_of, echo, shared


@click.command("ways-out")
@click.argument("app", shell_complete=files)
@click.option(
    "--category",
    "categories",
    multiple=True,
    metavar="C",
    help="Only for this one.",
    shell_complete=terms("category"),
)
@shared(LANG, AS_OF, formats=("text", "json"))
def ways_out(context: Context, app: str, categories: tuple[str, ...]) -> None:
    """What is left to APP where it can not get the papers of a category.

    Near services that ask for less (of the same group or kind, or with a word for the trade in
    common; else it is told that none does), papers of a partner, going without the service: each is
    tried on the profile.
    """
    base = context.base()
    echo(base.ways_out(app_of(base, app), categories, lang=context.lang), context)
