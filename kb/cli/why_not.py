"""`kb why-not`: the ways in which a fact that does not hold would."""

from __future__ import annotations

import click

from kb.cli.context import Context, app_of, problem
from kb.cli.why import about_a_fact
from kb.cli.with_lines import echo_with_lines


@click.command("why-not")
@about_a_fact
@click.option("--most", type=int, default=10, show_default=True, help="Ways that are told.")
@click.option(
    "--most-tried",
    type=int,
    default=60,
    show_default=True,
    help="Profiles tried before the search ends.",
)
def why_not(
    context: Context,
    app: str,
    fact: str,
    length: str,
    most: int,
    most_tried: int,
    include_drafts: bool,
) -> None:
    """What would make FACT hold: documents, conditions, services; the easiest way first."""
    base = context.base()
    found = base.why_not(
        fact,
        app_of(base, app),
        None,
        include_drafts,
        context.lang,
        most=most,
        most_tried=most_tried,
    )
    if found is None:
        raise problem("fact-holds", f"`{fact}` holds", "`kb why` proves it")
    echo_with_lines(found, context, base, length)
