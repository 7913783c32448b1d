"""`kb relations`: what rules and queries may name."""

from __future__ import annotations

import click

from kb.cli.context import LANG, Context, echo_json, shared


@click.command()
@click.argument("name", required=False)
@shared(LANG, formats=("text", "json", "markdown"))
def relations(context: Context, name: str | None) -> None:
    """List the relations, or the one called NAME: columns, what a fact says, its rules."""
    found = context.base().relations(name, context.lang)
    match context.form:
        case "json":
            echo_json(found.to_dict())
        case "markdown":
            click.echo(found.markdown())
        case _:
            click.echo(str(found))
