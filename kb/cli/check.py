"""`kb check`: what facts, rules and queries leave to be desired."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.cli.completion import folders
from kb.cli.context import Context, echo_json, problem_worded, shared
from kb.cli.language import said
from kb.cli.late import upkeep
from kb.lang.problems import Problem
from kb.model.data import Json

if TYPE_CHECKING:
    from kb.base.core import Core


@click.command()
@click.argument("folders", nargs=-1, metavar="[DIR]...", shell_complete=folders)
@click.option("--review", is_flag=True, help="List all that stands open for people to settle, too.")
@click.option(
    "--beyond",
    is_flag=True,
    help="List what sources say clearly and this base can not express yet, most wanted first.",
)
@shared(formats=("text", "json"))
def check(context: Context, folders: tuple[str, ...], review: bool, beyond: bool) -> None:
    """Check facts, rules, queries and the coverage; exit code 2 when something is wrong with them.

    Of the coverage it tells what `kb coverage` tells without the texts, where a folder has one.

    With DIR, that folder is laid on the others as by `--facts`, and only what stands in it is told.
    """
    base = replace(context, facts=(*context.facts, *folders)).base()
    if beyond:
        upkeep().beyond_told(context, base)
        return
    problems = list(
        upkeep().check_base(base, context.lang, review=review, folders=list(map(Path, folders)))
    )
    if context.form == "json":
        echo_json(problems_json(problems))
    else:
        for problem in problems:
            click.echo(problem_worded(problem, context.lang))
        click.echo(counts(base, problems, context.lang))
    if any(problem.severity == "error" for problem in problems):
        sys.exit(2)


def counts(base: Core, problems: Iterable[Problem], lang: str) -> str:
    """How much there is, and how many errors, if any, and warnings, in a line."""
    problems = list(problems)
    sources, readings = len(base.facts.sources), len(base.facts.readings)
    rules, queries = len(base.program.rules), len(base.queries)
    warned = sum(p.severity == "warning" for p in problems)
    wrong = sum(p.severity == "error" for p in problems)
    plural, plural_wrong = ("" if n == 1 else "s" for n in (warned, wrong))
    return said(
        f"{sources} 个来源,{readings} 种说法,{rules} 条规则,{queries} 个查询: "
        f"{f'{wrong} 个错误,' if wrong else ''}{warned} 个警告",
        f"{sources} sources, {readings} readings, {rules} rules, {queries} queries: "
        f"{f'{wrong} error{plural_wrong}, ' if wrong else ''}{warned} warning{plural}",
        lang,
    )


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
