"""`kb test`: cases held against the base, once or each time that a file is saved."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.cli.completion import files
from kb.cli.context import LANG, Context, problem, refusals, shared, visible
from kb.cli.late import upkeep
from kb.model.writing import write_output

if TYPE_CHECKING:
    from kb.api import KnowledgeBase


@click.command()
@click.argument(
    "cases",
    nargs=-1,
    required=True,
    metavar="CASES...",
    shell_complete=files,
)
@click.option(
    "--junit",
    metavar="FILE",
    help="Write the outcome as JUnit's XML besides.",
    shell_complete=files,
)
@click.option("--watch", is_flag=True, help="Run again whenever a file is saved; Ctrl-C ends.")
@shared(LANG)
def test(context: Context, cases: tuple[str, ...], junit: str | None, watch: bool) -> None:
    """Hold CASES against the base: files of cases, or folders that hold some.

    A line for each thing that is not as expected, with both sides. Cases in the folder `cases` of
    a folder of facts are asked of that one, laid on what is shipped. Exit code 3 when a case
    fails.
    """
    if not watch:
        sys.exit(3 if _run(context, cases, junit) else 0)
    try:
        # Imported here: it is an extra.
        from watchfiles import watch as changes
    except ImportError:
        help = "pip install 'policy-kb[watch]'"
        raise problem("extra", "watching needs the package watchfiles", help) from None
    # Ctrl-C is how it ends, whatever it is at.
    with suppress(KeyboardInterrupt):
        _again(context, cases, junit)
        for _ in changes(*_watched(context, cases)):
            click.echo("")
            _again(context, cases, junit)


def _run(context: Context, cases: Sequence[str], junit: str | None) -> bool:
    """Run the cases and tell of them; whether one failed. Raises `Problems`."""

    def loaded(facts: tuple[Path, ...], only_facts: tuple[Path, ...]) -> KnowledgeBase:
        return Context(tuple(map(str, facts)), tuple(map(str, only_facts))).base()

    keep = upkeep()

    documents = keep.case_documents(map(Path, cases))
    layers = [list(map(Path, names)) for names in (context.facts, context.only_facts)]
    tests = keep.Tests(loaded, *layers, lang=context.lang)
    report = tests.run(documents)
    for line in keep.report_lines(report, context.lang):
        click.echo(visible(line))
    if junit is not None:
        write_output(junit, keep.junit_text(report, context.lang))
    return bool(report.failed)


def _again(context: Context, cases: Sequence[str], junit: str | None) -> None:
    """Run the cases; what can not be read is told, and the next save may mend it."""
    try:
        _run(context, cases, junit)
    except refusals() as error:
        click.echo(visible(str(error)), err=True)


def _watched(context: Context, cases: Sequence[str]) -> list[Path]:
    """What is looked at: the cases, and the folders that they are asked of."""
    found = [Path(name) for name in (*cases, *context.facts, *context.only_facts)]
    return [*found, *(layer for path in found for layer in upkeep().layers_of(path))]
