"""`kb bundles`: the best documents over all categories."""

from __future__ import annotations

import click

from kb.cli.completion import files
from kb.cli.context import AS_OF, LANG, Context, app_of, echo, problem, shared


@click.command()
@click.argument("app", shell_complete=files)
@click.option(
    "--by",
    type=click.Choice(["fewest", "cheapest", "fastest"]),
    default="fewest",
    show_default=True,
    help="What is to be least: how many documents, their cost, or the time.",
)
@click.option("--cost", multiple=True, metavar="DOCUMENT=CENTS", help="Cost of one copy.")
@click.option("--days", multiple=True, metavar="DOCUMENT=DAYS", help="Working days to obtain it.")
@click.option("--all", "every", is_flag=True, help="List all sets that nothing can be left out of.")
@shared(LANG, AS_OF, formats=("text", "json"))
def bundles(
    context: Context,
    app: str,
    by: str,
    cost: tuple[str, ...],
    days: tuple[str, ...],
    every: bool,
) -> None:
    """The fewest, cheapest or fastest documents over all categories that APP needs."""
    base = context.base()
    found = base.bundles(
        app_of(base, app),
        by=by,
        cost=_numbers(cost),
        days=_numbers(days),
        every=every,
        lang=context.lang,
    )
    echo(found, context)


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
