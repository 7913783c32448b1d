"""`kb changes`: what changed between two days."""

from __future__ import annotations

import click

from kb.cli.completion import files
from kb.cli.context import LANG, SOURCES, Context, shared
from kb.cli.progress import progress
from kb.cli.with_lines import echo_with_lines


@click.command()
@click.option("--from", "first", metavar="DATE", required=True, help="The earlier day.")
@click.option("--to", "last", metavar="DATE", required=True, help="The later day.")
@click.option(
    "--apps",
    metavar="APPS",
    help="Profiles: a file, a folder, JSON lines; a table.",
    shell_complete=files,
)
@click.option("--memory", metavar="SIZE", help="Memory that DuckDB may use, such as 2GB.")
@shared(LANG, SOURCES, formats=("text", "json", "html", "markdown"))
def changes(context: Context, first: str, last: str, apps: str | None, memory: str | None) -> None:
    """What changed between two days, and for which apps it matters."""
    base = context.base()
    with progress() as told:
        found = base.changes(first, last, apps or None, context.lang, told, memory)
    echo_with_lines(found, context, base)
