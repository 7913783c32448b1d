"""`kb graph`: the knowledge base, or a view of it, as a file."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kb.cli.completion import files, terms
from kb.cli.context import AS_OF, LANG, Context, app_of, problem, shared, tell
from kb.cli.inputs import spared


@click.command()
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    help="The ending says the format: html, svg, png, pdf, dot, graphml, json, cyjs, mmd.",
)
@click.option(
    "--category",
    metavar="CATEGORY",
    help="One category and those it is linked with.",
    shell_complete=terms("category"),
)
@click.option(
    "--app",
    "app",
    metavar="APP",
    help="The answer for a profile (`-`: standard input).",
    shell_complete=files,
)
@click.option("--references", is_flag=True, help="Only the references between categories.")
@click.option(
    "--proof",
    metavar="FACT...",
    multiple=True,
    help="Proofs of facts such as \"required(_, 'education-platform')\"; with --app.",
)
@click.option(
    "--plan",
    metavar="[APP]",
    is_flag=False,
    flag_value="",
    help="The filing plan of APP, or of the app that --app names.",
)
@click.option("--from", "first", metavar="DATE", help="The earlier day of a comparison.")
@click.option("--to", "last", metavar="DATE", help="The later day of a comparison.")
@click.option(
    "--depth",
    default=1,
    show_default=True,
    type=click.IntRange(0),
    help="With --category: steps from category to category.",
)
@shared(LANG, AS_OF)
@click.argument("more", nargs=-1, metavar="")
def graph(
    context: Context,
    output: str,
    category: str | None,
    app: str | None,
    references: bool,
    proof: tuple[str, ...],
    plan: str | None,
    first: str | None,
    last: str | None,
    depth: int,
    more: tuple[str, ...],
) -> None:
    """Draw the whole base, a category, an app's answer or filing plan, a proof, or what changed.

    The html page opens step by step; the other formats draw the whole base as a forest, one tree a
    category; a pdf that no sheet has room for has several.
    """
    from kb.graph import formats

    if more and not proof:
        raise problem("arguments", f"`{more[0]}` is not expected here", "see `kb graph --help`")
    if (first is None) != (last is None):
        raise problem("days", "a comparison needs two days", "give both --from and --to")
    if plan and app is not None:
        raise problem("apps", "two apps are named", "write `--plan APP`, or `--app APP --plan`")
    app = plan or app
    # Before anything is read or computed: a wrong ending is told at once.
    formats.writer(Path(output))
    base = context.base()
    spared(output, base.facts.folders, app)
    read = app_of(base, app) if app is not None else None
    found = base.graph(
        category,
        read,
        references=references,
        proof=(*proof, *more),
        between=(first, last) if first is not None else None,
        depth=depth,
        plan=plan is not None,
    )
    files = formats.export(found, output, context.lang)
    if files[1:]:
        tell(
            f"too large for one chart: {len(files)} files, {files[0].name} to {files[-1].name}",
            context.lang,
        )
    if sys.stderr.isatty():
        click.echo(
            f"{output}: {found.number_of_nodes()} nodes, {found.number_of_edges()} edges", err=True
        )
