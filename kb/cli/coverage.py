"""`kb coverage`: whether every line of every source is accounted for."""

from __future__ import annotations

import sys

import click

from kb.cli.context import Context, echo_json, shared


@click.command()
@click.option(
    "--sources", metavar="DIR", help="Folder of the source texts, to check lines against."
)
@shared(formats=("text", "json"))
def coverage(context: Context, sources: str | None) -> None:
    """Is every line of every source stated by a record, and the other way round?"""
    report = context.base().coverage(sources or None)
    if context.form == "json":
        echo_json(report.to_dict())
    else:
        for problem in report.problems:
            click.echo(str(problem), err=True)
        for source, counted in report.counts.items():
            click.echo(
                f"{source}: {counted.lines} lines, {counted.stated} stated by records, "
                f"{counted.no_rule} state no rule"
            )
    if report.problems:
        sys.exit(2)
