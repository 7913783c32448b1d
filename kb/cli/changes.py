"""`kb changes`: what changed between two days."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

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
@click.option(
    "--limit",
    type=click.IntRange(0),
    help="Apps of a table that may flip (default: 1000000); with more the exit code is 2.",
)
@shared(LANG, SOURCES, formats=("text", "json", "html", "markdown"))
def changes(
    context: Context,
    folders: tuple[str, ...],
    first: str,
    last: str,
    apps: str | None,
    memory: str | None,
    limit: int | None,
) -> None:
    """What changed between two days, and for which apps it matters: categories, duties and
    prohibitions.

    With DIR, that folder is laid on the others as by `--facts`, and only those categories are told
    for which a source in it changed, and only its duties and prohibitions.
    """
    base = replace(context, facts=(*context.facts, *folders)).base()
    limits: dict[str, Any] = {"memory": memory, "limit": limit}
    with progress() as told:
        found = base.changes(first, last, apps or None, context.lang, told, folders, **limits)
    echo_with_lines(found, context, base)
