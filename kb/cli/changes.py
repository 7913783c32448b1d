"""`kb changes`: what changed between two days."""

from __future__ import annotations

from dataclasses import replace

import click

from kb.cli.completion import files
from kb.cli.completion import folders as complete_folders
from kb.cli.context import LANG, SOURCES, Context, shared
from kb.cli.progress import progress
from kb.cli.with_lines import echo_with_lines


@click.command()
@click.argument("folders", nargs=-1, metavar="[DIR]...", shell_complete=complete_folders)
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
def changes(
    context: Context,
    folders: tuple[str, ...],
    first: str,
    last: str,
    apps: str | None,
    memory: str | None,
) -> None:
    """What changed between two days, and for which apps it matters.

    With DIR, that folder is laid on the others as by `--facts`, and only those categories are told
    for which a source in it changed.
    """
    base = replace(context, facts=(*context.facts, *folders)).base()
    with progress() as told:
        found = base.changes(first, last, apps or None, context.lang, told, folders, memory)
    echo_with_lines(found, context, base)
