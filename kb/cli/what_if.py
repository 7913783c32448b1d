"""`kb what-if`: an answer beside the one with something changed."""

from __future__ import annotations

import click

from kb.cli.completion import files, terms
from kb.cli.context import AS_OF, LANG, Context, app_of, echo, shared


@click.command("what-if")
@click.argument("app", shell_complete=files)
@click.option(
    "--without",
    multiple=True,
    metavar="SERVICE",
    help="Without this service.",
    shell_complete=terms("service"),
)
@click.option(
    "--with",
    "adding",
    multiple=True,
    metavar="SERVICE",
    help="With this one too.",
    shell_complete=terms("service"),
)
@click.option(
    "--applicant",
    metavar="KIND",
    help="For another kind of applicant.",
    shell_complete=terms("applicant"),
)
@click.option(
    "--region",
    "regions",
    multiple=True,
    metavar="PLACE",
    help="For these places.",
    shell_complete=terms("region"),
)
@click.option("--then", metavar="DATE", help="On another day.")
@shared(LANG, AS_OF, formats=("text", "json"))
def what_if(
    context: Context,
    app: str,
    without: tuple[str, ...],
    adding: tuple[str, ...],
    applicant: str | None,
    regions: tuple[str, ...],
    then: str | None,
) -> None:
    """Today's answer for APP beside the one with something changed."""
    base = context.base()
    found = base.what_if(
        app_of(base, app),
        without=without,
        adding=adding,
        applicant=applicant,
        regions=regions or None,
        then_as_of=then,
        lang=context.lang,
    )
    echo(found, context)
