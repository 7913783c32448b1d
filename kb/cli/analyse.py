"""`kb analyse`: what holds of a category for all apps."""

from __future__ import annotations

import click

from kb.cli.completion import terms
from kb.cli.context import AS_OF, Context, echo, echo_json, problem, shared


@click.command()
@click.argument("category", required=False, shell_complete=terms("category"))
@click.option("--from", "first", metavar="DATE", help="With --to: does an app get worse by then?")
@click.option("--to", "last", metavar="DATE", help="The later day.")
@shared(AS_OF, formats=("text", "json"))
def analyse(context: Context, category: str | None, first: str | None, last: str | None) -> None:
    """What holds of CATEGORY (default: of each) for all apps: applicants whom every alternative
    shuts out, alternatives that never matter, readings that are equivalent."""
    if (first is None) != (last is None):
        raise problem("days", "`--from` and `--to` go together", "give both --from and --to")
    base = context.base()
    compared = (first, last) if first is not None and last is not None else None
    named = [category] if category is not None else base.categories()
    found = [base.analyse(each, compared=compared, lang=context.lang) for each in named]
    if category is None and context.form == "json":
        echo_json([each.to_dict() for each in found])
        return
    for nth, each in enumerate(found):
        if nth:
            click.echo()
        echo(each, context)
