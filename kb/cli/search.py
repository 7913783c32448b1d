"""`kb search`: things by their names."""

from __future__ import annotations

import click

from kb.cli.context import Context, echo_json, shared, tell
from kb.cli.tables import framed, tabled


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--limit",
    default=20,
    show_default=True,
    type=click.IntRange(1),
    help="Names that are told, at most.",
)
@shared(formats=("text", "json", "csv", "html", "markdown"))
def search(context: Context, words: tuple[str, ...], limit: int) -> None:
    """Find services, categories, documents and more by their names."""
    hits = context.base().search(" ".join(words), limit)
    found = [hit.to_dict() for hit in hits]
    match context.form:
        case "json":
            echo_json(found)
            return
        case "text":
            for hit in hits:
                click.echo(str(hit))
        case form:
            click.echo(framed(tabled(found, ("kind", "id", "zh", "en")), form), nl=False)
    if not hits:
        tell("nothing is called like that", context.lang)
