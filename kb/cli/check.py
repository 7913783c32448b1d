"""`kb check`: what facts, rules and queries leave to be desired."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from kb.api import KnowledgeBase
from kb.cli.context import Context, echo_json, shared
from kb.maintain.beyond import beyond_model
from kb.maintain.lint import check_base
from kb.render.documents import cites
from kb.render.language import Language
from kb.render.shared_json import cite_json
from kb.render.words import WANTS


@click.command()
@click.argument("folders", nargs=-1, metavar="[DIR]...")
@click.option("--review", is_flag=True, help="List all that stands open for people to settle, too.")
@click.option(
    "--beyond",
    is_flag=True,
    help="List what sources say clearly and this base can not express yet, most wanted first.",
)
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default="en",
    show_default=True,
    help="Language of what is found in facts; rules are told of in English.",
)
@shared(formats=("text", "json"))
def check(
    context: Context, folders: tuple[str, ...], review: bool, beyond: bool, lang: str
) -> None:
    """Check facts, rules and queries; exit code 2 when something is wrong with them.

    With DIR, that folder is laid on the others as by `--facts`, and only what stands in it is told.
    """
    base = replace(context, facts=(*context.facts, *folders)).base()
    if beyond:
        _beyond(replace(context, lang=lang), base)
        return
    problems = list(check_base(base, lang, review=review, folders=list(map(Path, folders))))
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
        counts = len(base.facts.sources), len(base.facts.readings), len(base.program.rules)
        warnings = sum(p.severity == "warning" for p in problems)
        words = COUNTED[lang]
        click.echo(words.format(*counts, len(base.queries), warnings))
    if any(problem.severity == "error" for problem in problems):
        sys.exit(2)


COUNTED = {
    "zh": "{} 个来源，{} 个版本，{} 条规则，{} 个查询: {} 个警告",
    "en": "{} sources, {} readings, {} rules, {} queries: {} warnings",
}


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
