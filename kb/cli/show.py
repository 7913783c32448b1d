"""`kb show`: a thing as its sources state it."""

from __future__ import annotations

import click

from kb.cli.completion import terms
from kb.cli.context import AS_OF, LANG, SOURCES, Context, shared
from kb.cli.with_lines import echo_with_lines

KINDS = ("category", "service", "document", "applicant", "source", "duty", "prohibition")


@click.command()
@click.argument("name", shell_complete=terms(*KINDS))
@click.option("--kind", type=click.Choice(KINDS), help="What NAME is the name of.")
@shared(LANG, AS_OF, SOURCES, formats=("text", "json", "html", "markdown"))
def show(context: Context, name: str, kind: str | None) -> None:
    """What the sources say of NAME: a category, a service, a document, an applicant, a source, a
    duty or a prohibition.

    Of a category its tree, its alternatives, its cross references; of a service its categories; of
    a document who asks for it, of whom, and what can stand in for it; of an applicant what is open
    to it; of a source its dates, its standing, its notes, what it
    demands and what it forbids; of a duty or a prohibition its text, its term, whom it binds and
    where, and what keeps or breaks it.

    With --as-of, what stands on that day; the other versions are named after it.
    """
    base = context.base()
    found = base.show_any(name, context.as_of, context.lang, kind=kind)
    echo_with_lines(found, context, base)
