"""`kb audit`: a table of apps in, a table of verdicts out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from kb.cli.completion import files
from kb.cli.context import AS_OF, LANG, Context, echo_json, problem, shared, tell
from kb.cli.progress import progress

STOPPED = 130
"""The exit code of a run that was interrupted."""


@click.command()
@click.argument("apps", shell_complete=files)
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    required=True,
    help=".parquet, .csv or .jsonl",
    shell_complete=files,
)
@click.option("--engine", default="duckdb", show_default=True, help="duckdb or spark")
@click.option("--master", metavar="URL", help="With --engine spark: the cluster.")
@click.option("--include-drafts", is_flag=True, help="Let drafts count as if in force.")
@click.option("--report", metavar="FILE", help="Write the summary as a page of html, with filters.")
@click.option("--since", metavar="OLD", help="The output of an earlier run: tell what is new.")
@click.option("--memory", metavar="SIZE", help="Memory that DuckDB may use, such as 2GB.")
@click.option(
    "--chunk",
    type=click.IntRange(1),
    help="Apps judged at once (default: 96000, fewer with less memory).",
)
@click.option(
    "--max-rejects",
    metavar="SHARE",
    default="5%",
    show_default=True,
    callback=lambda _, __, value: share(value),
    help="Share of rows that may be refused, like 5% or 0.05; with more the exit code is 2.",
)
@click.option(
    "--entities-complete", is_flag=True, help="All apps of each entity are rows of the table."
)
@click.option("--raw", is_flag=True, help="Write cells of CSV as they are, formulas too.")
@click.option("--fresh", is_flag=True, help="Forget what an interrupted run has done.")
@shared(LANG, AS_OF, formats=("text", "json"))
def audit(
    context: Context,
    apps: str,
    output: str,
    engine: str,
    master: str | None,
    include_drafts: bool,
    report: str | None,
    since: str | None,
    memory: str | None,
    chunk: int | None,
    max_rejects: float,
    entities_complete: bool,
    raw: bool,
    fresh: bool,
) -> None:
    """Judge every app of APPS: a Parquet, CSV or JSON lines file, a folder of Parquet, or one of
    profiles.

    OUT has one row an app and category, and one row an app, each with its reason.

    Rows that can not be read go to OUT.rejects.jsonl. After Ctrl-C the same command goes on.
    """
    base = context.base()
    chosen = {
        "master": master,
        "memory": memory,
        "chunk": chunk,
        "fresh": fresh or None,
        "entities_complete": entities_complete or None,
        "raw": raw or None,
        "report": report,
        "since": since,
        "lang": context.lang,
    }
    settings: dict[str, Any] = {key: value for key, value in chosen.items() if value is not None}
    try:
        with progress() as told:
            summary = base.audit(
                apps, output, engine, include_drafts=include_drafts, progress=told, **settings
            )
    except KeyboardInterrupt:
        kept = "; what is done is kept, and the same command goes on" if engine == "duckdb" else ""
        tell(f"stopped{kept}", context.lang)
        sys.exit(STOPPED)
    # Imported here: only a run has loaded what a report is made with.
    from kb.audit import report as pages

    if report:
        pages.write(Path(report), base, summary, context.lang)
    if context.form == "json":
        echo_json(summary.to_dict())
    else:
        click.echo(pages.text(base, summary, context.lang), nl=False)
    if summary.refused > max_rejects * summary.rows:
        found = (
            f"{summary.refused:,} of {summary.rows:,} rows ({summary.refused / summary.rows:.1%})"
        )
        message = f"{found} could not be read, more than {max_rejects:.1%}"
        help = f"see `{summary.rejects}`; all that could be read is judged (--max-rejects)"
        raise problem("rejects", message, help)


def share(text: str) -> float:
    """A share of rows, as `5%` or `0.05`. Raises `Problems`."""
    plain = text.strip()
    try:
        found = float(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1)
    except ValueError:
        found = -1.0
    if not 0 <= found <= 1:
        raise problem("share", f"`{text}` is no share of rows", "write it like 5% or 0.05")
    return found
