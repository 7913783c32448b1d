"""`kb check`: what facts, rules and queries leave to be desired."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from kb.cli.context import Context, echo_json, shared


@click.command()
@click.argument("folders", nargs=-1, metavar="[DIR]...")
@click.option("--review", is_flag=True, help="List all that stands open for people to settle, too.")
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default="en",
    show_default=True,
    help="Language of what is found in facts; rules are told of in English.",
)
@shared(formats=("text", "json"))
def check(context: Context, folders: tuple[str, ...], review: bool, lang: str) -> None:
    """Check facts, rules and queries; exit code 2 when something is wrong with them.

    With DIR, that folder is laid on the others as by `--facts`, and only what stands in it is told.
    """
    # Imported here: what a base needs takes long to load.
    from kb.maintain.lint import check_base

    base = replace(context, facts=(*context.facts, *folders)).base()
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
