"""`kb check`: what facts, rules and queries leave to be desired."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

from kb.cli.context import Context, echo_json, shared
from kb.lang.problems import Problem
from kb.model.data import Json


@click.command()
@click.option(
    "--beyond",
    is_flag=True,
    help="List what sources say clearly and this base can not express yet, most wanted first.",
)
@shared(formats=("text", "json"))
def check(context: Context, beyond: bool) -> None:
    """Check facts, rules and queries; exit code 2 when something is wrong with them."""
    base = context.base()
    if beyond:
        # Imported here: it brings what reads facts, which `kb --help` has no use for.
        from kb.cli import beyond as passages

        passages.tell(context, base)
        return
    problems = base.check()
    if context.form == "json":
        echo_json(problems_json(problems))
    else:
        for problem in problems:
            click.echo(str(problem))
        click.echo(
            f"{len(base.facts.sources)} sources, {len(base.facts.readings)} readings, "
            f"{len(base.program.rules)} rules, {len(base.queries)} queries: "
            f"{sum(p.severity == 'warning' for p in problems)} warnings"
        )
    if any(problem.severity == "error" for problem in problems):
        sys.exit(2)


def problems_json(problems: Iterable[Problem]) -> list[Json]:
    """Problems as JSON; see `CHECK_SCHEMA`."""
    return [
        {
            "code": p.code,
            "severity": p.severity,
            "message": p.message,
            "help": p.help,
            "place": str(p.span) if p.span.line else p.span.file,
        }
        for p in problems
    ]
