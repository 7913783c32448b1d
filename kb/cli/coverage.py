"""`kb coverage`: whether every line of every source is accounted for."""

from __future__ import annotations

import sys

import click

from kb.cli.completion import folders
from kb.cli.context import Context, echo_json, problem_worded, shared
from kb.cli.language import said


@click.command()
@click.option(
    "--sources",
    metavar="DIR",
    help="Folder of the source texts, to check lines against.",
    shell_complete=folders,
)
@shared(formats=("text", "json"))
def coverage(context: Context, sources: str | None) -> None:
    """Is every line of every source stated by a record, and the other way round?"""
    report = context.base().coverage(sources or None)
    if context.form == "json":
        echo_json(report.to_dict())
    else:
        for problem in report.problems:
            click.echo(problem_worded(problem, context.lang), err=True)
        for source, counted in report.counts.items():
            lines, stated, none = counted.lines, counted.stated, counted.no_rule
            click.echo(
                said(
                    f"{source}: {lines} 行,{stated} 行由记录陈述,{none} 行不陈述规则",
                    f"{source}: {lines} lines, {stated} stated by records, {none} state no rule",
                    context.lang,
                )
            )
    if report.problems:
        sys.exit(2)
