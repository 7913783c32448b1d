"""`kb vocabulary`: the terms of the base, by kind."""

from __future__ import annotations

import click

from kb.cli.completion import kinds
from kb.cli.context import Context, echo_json, shared
from kb.cli.tables import framed, tabled


@click.command()
@click.argument("kind", required=False, shell_complete=kinds)
@shared(formats=("text", "json", "csv", "html", "markdown"))
def vocabulary(context: Context, kind: str | None) -> None:
    """List the kinds of terms, or the terms of KIND: service, category, document, applicant, ..."""
    hits = context.base(queries=False).vocabulary(kind)
    found = [hit.to_dict() for hit in hits]
    if kind is None:
        found = [{"kind": hit.id, "terms": int(hit.zh)} for hit in hits]
    match context.form:
        case "json":
            echo_json(found)
        case "text" if kind is None:
            for each in found:
                click.echo(f"{each['kind']:<12} {each['terms']}")
        case "text":
            for hit in hits:
                click.echo(f"{hit.id:<40} {hit.zh if context.lang == 'zh' else hit.en}")
        case form:
            columns = ("kind", "terms") if kind is None else ("kind", "id", "zh", "en")
            click.echo(framed(tabled(found, columns), form), nl=False)
