"""`kb show`: a category as its sources state it."""

from __future__ import annotations

import click

from kb.cli.completion import terms
from kb.cli.context import AS_OF, LANG, Context, echo, shared


@click.command()
@click.argument("category", shell_complete=terms("category"))
@shared(LANG, AS_OF, formats=("text", "json", "html", "markdown"))
def show(context: Context, category: str) -> None:
    """What the sources say of CATEGORY: its tree, its alternatives, its cross references.

    With --as-of, what stands on that day; the other versions are named after it.
    """
    echo(context.base().show(category, context.as_of, context.lang), context.form)
