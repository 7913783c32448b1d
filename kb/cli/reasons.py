"""Commands that ask for reasons and ways out: why, why-not, bundles, what-if, plan."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kb.cli.context import app_of, base_of, echo_json, problem, shared, written
from kb.cli.interview import interview


def _reasons(command: F) -> F:
    """What `why` and `why-not` are asked with."""
    for add in (
        shared("text", "json", "html"),
        click.option("--include-drafts", is_flag=True, help="Let drafts count as if in force."),
        click.option(
            "--length",
            type=click.Choice(LENGTHS),
            default="long",
            show_default=True,
            help="How far down the text goes.",
        ),
        click.argument("fact"),
        click.argument("app"),
    ):
        command = add(command)
    return command


def _told(found: Explained, form: str, length: str) -> None:
    if form == "json":
        echo_json(found.to_dict())
    else:
        click.echo(found.html(length) if form == "html" else found.text(length))


if TYPE_CHECKING:
    from kb.explain.reasons import Explained

F = TypeVar("F", bound=Callable[..., Any])
LENGTHS = ("short", "medium", "long")


@click.command()
@_reasons
@click.option("--check", is_flag=True, help="Replay the proof step by step; exit 1 if it fails.")
def why(
    app: str,
    fact: str,
    length: str,
    check: bool,
    include_drafts: bool,
    facts: str | None,
    lang: str,
    as_of: str | None,
    form: str,
) -> None:
    """Prove FACT of APP: a fact like "required(A, '教育-驾校平台')", a category, or `verdict`."""
    base = base_of(facts, as_of)
    found = base.why(fact, app_of(base, app), include_drafts=include_drafts, lang=lang)
    if found is None:
        raise problem("no-fact", f"`{fact}` does not hold", "`kb why-not` tells what it would take")
    _told(found, form, length)
    if check:
        for fault in found.wrong:
            click.echo(f"the proof does not hold: {fault}", err=True)
        if found.wrong:
            sys.exit(1)
        click.echo(f"replayed: every step holds, height {found.proof.height}", err=True)


@click.command("why-not")
@_reasons
@click.option("--most", type=int, default=10, show_default=True, help="Ways that are told.")
@click.option(
    "--most-tried",
    type=int,
    default=60,
    show_default=True,
    help="Profiles tried before the search ends.",
)
def why_not(
    app: str,
    fact: str,
    length: str,
    most: int,
    most_tried: int,
    include_drafts: bool,
    facts: str | None,
    lang: str,
    as_of: str | None,
    form: str,
) -> None:
    """What would make FACT hold: documents, conditions, services; the easiest way first."""
    base = base_of(facts, as_of)
    found = base.why_not(
        fact, app_of(base, app), None, include_drafts, lang, most=most, most_tried=most_tried
    )
    if found is None:
        raise problem("fact-holds", f"`{fact}` holds", "`kb why` proves it")
    _told(found, form, length)


@click.command()
@click.argument("app")
@click.option(
    "--by",
    type=click.Choice(["fewest", "cheapest", "fastest"]),
    default="fewest",
    show_default=True,
)
@click.option("--cost", multiple=True, metavar="DOCUMENT=CENTS", help="Cost of one copy.")
@click.option("--days", multiple=True, metavar="DOCUMENT=DAYS", help="Time to obtain it.")
@click.option("--all", "every", is_flag=True, help="List all sets that nothing can be left out of.")
@shared("text", "json")
def bundles(
    app: str,
    by: str,
    cost: tuple[str, ...],
    days: tuple[str, ...],
    every: bool,
    facts: str | None,
    lang: str,
    as_of: str | None,
    form: str,
) -> None:
    """The fewest, cheapest or fastest documents over all categories that APP needs."""
    base = base_of(facts, as_of)
    found = base.bundles(
        app_of(base, app), by=by, cost=_numbers(cost), days=_numbers(days), every=every, lang=lang
    )
    if form == "json":
        echo_json(found.to_dict())
    else:
        click.echo(str(found))


def _numbers(pairs: tuple[str, ...]) -> dict[str, int]:
    found = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not value.strip().isdecimal():
            raise problem(
                "parameters", f"`{pair}` is not DOCUMENT=NUMBER", "write it like `营业执照=5000`"
            )
        found[name.strip()] = int(value)
    return found


@click.command("what-if")
@click.argument("app")
@click.option("--without", multiple=True, metavar="SERVICE", help="Without this service.")
@click.option("--with", "adding", multiple=True, metavar="SERVICE", help="With this one too.")
@click.option("--applicant", metavar="KIND", help="For another kind of applicant.")
@click.option("--region", "regions", multiple=True, metavar="PLACE", help="For these places.")
@click.option("--then", metavar="DATE", help="On another day.")
@shared("text", "json")
def what_if(
    app: str,
    without: tuple[str, ...],
    adding: tuple[str, ...],
    applicant: str | None,
    regions: tuple[str, ...],
    then: str | None,
    facts: str | None,
    lang: str,
    as_of: str | None,
    form: str,
) -> None:
    """Today's answer for APP beside the one with something changed."""
    base = base_of(facts, as_of)
    found = base.what_if(
        app_of(base, app),
        without=without,
        adding=adding,
        applicant=applicant,
        regions=regions or None,
        then_as_of=then,
        lang=lang,
    )
    if form == "json":
        echo_json(found.to_dict())
    else:
        click.echo(str(found))


@click.command()
@click.argument("app")
@click.option("--start", metavar="DATE", help="Give each step its dates, counted from this day.")
@click.option("-o", "--output", metavar="FILE", help="Draw the plan as a timeline (svg).")
@shared("text", "json")
def plan(
    app: str,
    start: str | None,
    output: str | None,
    facts: str | None,
    lang: str,
    as_of: str | None,
    form: str,
) -> None:
    """How APP is filed: steps, items, checks, time, who acts and what comes before."""
    base = base_of(facts, as_of)
    found = base.plan(app_of(base, app), start=start, lang=lang)
    if found is None:
        raise problem(
            "no-plan",
            "no filing procedure is known to apply to this app",
            "say where it serves (`regions: [CN-GD]`), or ask about a later day (`--as-of`)",
        )
    if output is not None:
        from kb.graph.timeline import timeline

        if not output.endswith(".svg"):
            raise problem("output", f"`{output}` is no svg file", "name it `plan.svg`")
        written(output, timeline(found, lang))
    if form == "json":
        echo_json(found.to_dict())
    elif output is None:
        click.echo(str(found))


COMMANDS = (plan, why, why_not, interview, bundles, what_if)
