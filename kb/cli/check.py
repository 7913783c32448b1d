"""`kb check`: what facts, rules and queries leave to be desired."""

from __future__ import annotations

import sys

import click

from kb.cli.context import Context, echo_json, problem_worded, shared
from kb.cli.language import said


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
        # Imported here: what words passages with brings the records of facts, and `kb --help` none.
        from kb.cli.beyond import beyond_told

        beyond_told(context, base)
        return
    problems = base.check()
    if context.form == "json":
        echo_json(
            [
                {
                    "code": p.code,
                    "severity": p.severity,
                    "message": p.message,
                    "help": p.help,
                    "place": str(p.span) if p.span.line else p.span.file,
                }
                for p in problems
            ]
        )
    else:
        for problem in problems:
            click.echo(problem_worded(problem, context.lang))
        sources, readings = len(base.facts.sources), len(base.facts.readings)
        rules, queries = len(base.program.rules), len(base.queries)
        warned = sum(p.severity == "warning" for p in problems)
        click.echo(
            said(
                f"{sources} 个来源,{readings} 种说法,{rules} 条规则,{queries} 个查询: "
                f"{warned} 个警告",
                f"{sources} sources, {readings} readings, {rules} rules, {queries} queries: "
                f"{warned} warnings",
                context.lang,
            )
        )
    if any(problem.severity == "error" for problem in problems):
        sys.exit(2)
