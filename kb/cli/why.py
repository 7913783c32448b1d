"""`kb why`: a fact with its proof."""

from __future__ import annotations

import sys

import click

from kb.cli.completion import files, terms
from kb.cli.context import (
    AS_OF,
    LANG,
    SOURCES,
    Command,
    Context,
    app_of,
    problem,
    shared,
    tell,
)
from kb.cli.with_lines import echo_with_lines

LENGTHS = ("short", "medium", "long")


def about_a_fact(command: Command) -> Command:
    """What `why` and `why-not` are asked with."""
    for add in (
        shared(LANG, AS_OF, SOURCES, formats=("text", "json", "html")),
        click.option("--include-drafts", is_flag=True, help="Let drafts count as if in force."),
        click.option(
            "--length",
            type=click.Choice(LENGTHS),
            default="long",
            show_default=True,
            help="How far down the text goes.",
        ),
        click.argument("fact", shell_complete=terms("category")),
        click.argument("app", shell_complete=files),
    ):
        command = add(command)
    return command


@click.command()
@about_a_fact
@click.option("--check", is_flag=True, help="Replay the proof step by step; exit 1 if it fails.")
def why(
    context: Context, app: str, fact: str, length: str, check: bool, include_drafts: bool
) -> None:
    """Prove FACT of APP: a fact like "required(A, '教育-驾校平台')", a category, or `verdict`."""
    base = context.base()
    found = base.why(fact, app_of(base, app), include_drafts=include_drafts, lang=context.lang)
    if found is None:
        raise problem("no-fact", f"`{fact}` does not hold", "`kb why-not` tells what it would take")
    echo_with_lines(found, context, base, length)
    if check:
        for fault in found.faults:
            tell(f"the proof does not hold: {fault}", context.lang)
        if found.faults:
            sys.exit(1)
        tell(f"replayed: every step holds, height {found.proof.height}", context.lang)
