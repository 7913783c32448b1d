"""`kb check`: what facts, rules and queries leave to be desired."""

from __future__ import annotations

import sys

import click

from kb.api import KnowledgeBase
from kb.cli.context import Context, echo_json, shared
from kb.maintain.beyond import beyond_model
from kb.render.documents import cites
from kb.render.language import Language
from kb.render.shared_json import cite_json
from kb.render.words import WANTS


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
        _beyond(context, base)
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
            click.echo(str(problem))
        click.echo(
            f"{len(base.facts.sources)} sources, {len(base.facts.readings)} readings, "
            f"{len(base.program.rules)} rules, {len(base.queries)} queries: "
            f"{sum(p.severity == 'warning' for p in problems)} warnings"
        )
    if any(problem.severity == "error" for problem in problems):
        sys.exit(2)


def _beyond(context: Context, base: KnowledgeBase) -> None:
    """Print the passages that can not be expressed yet."""
    to = Language(context.lang, base.facts.names)
    found = beyond_model(base.facts)
    if context.form == "json":
        echo_json(
            [
                {
                    "wants": want,
                    "category": to.official("category", each.category),
                    "id": each.category,
                    "what": to.say(each.passage),
                    "bears_on": each.passage.bears_on,
                    "sources": [cite_json(each.cite)],
                }
                for want, passages in found.items()
                for each in passages
            ]
        )
        return
    for want, passages in found.items():
        click.echo(f"{to.pick(*WANTS[want])} ({len(passages)})")
        for each in passages:
            category = to.official("category", each.category)
            click.echo(f"  {category}: {to.say(each.passage)} [{cites([each.cite])}]")
