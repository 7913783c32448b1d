"""`kb audit`: a table of apps in, a table of verdicts out."""

from __future__ import annotations

import sys
from typing import Any

import click

from kb.cli.context import AS_OF, LANG, Context, echo_json, shared, written
from kb.cli.progress import progress

STOPPED = 130
"""The exit code of a run that was interrupted."""


@click.command()
@click.argument("apps")
@click.option("-o", "--output", metavar="OUT", required=True, help=".parquet, .csv or .jsonl")
@click.option("--engine", default="duckdb", show_default=True, help="duckdb or spark")
@click.option("--master", metavar="URL", help="With --engine spark: the cluster.")
@click.option("--include-drafts", is_flag=True, help="Let drafts count as if in force.")
@click.option("--report", metavar="FILE", help="Write the summary with pictures as an html page.")
@click.option("--memory", metavar="SIZE", help="Memory that DuckDB may use, such as 2GB.")
@click.option(
    "--chunk",
    type=click.IntRange(1),
    help="Apps judged at once (default: 200000, fewer with less memory).",
)
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
    memory: str | None,
    chunk: int | None,
    fresh: bool,
) -> None:
    """Judge every app of APPS: a Parquet, CSV or JSON lines file, or a folder of Parquet.

    OUT has one row an app and category, and one row an app, each with its reason.

    Rows that can not be read go to OUT.rejects.jsonl. After Ctrl-C the same command goes on.
    """
    base = context.base()
    chosen = {"master": master, "memory": memory, "chunk": chunk, "fresh": fresh or None}
    settings: dict[str, Any] = {key: value for key, value in chosen.items() if value is not None}
    try:
        with progress() as told:
            summary = base.audit(
                apps, output, engine, include_drafts=include_drafts, progress=told, **settings
            )
    except KeyboardInterrupt:
        kept = "; what is done is kept, and the same command goes on" if engine == "duckdb" else ""
        click.echo(f"stopped{kept}", err=True)
        sys.exit(STOPPED)
    # Imported here: only a run has loaded what a report is made with.
    from kb.audit.report import page, text

    if report:
        written(report, page(base, summary, context.lang))
    if context.form == "json":
        echo_json(summary.to_dict())
    else:
        click.echo(text(base, summary, context.lang), nl=False)
