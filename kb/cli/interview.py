"""`kb interview`: one question at a time."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from kb.cli.completion import files
from kb.cli.context import AS_OF, LANG, Context, shared


@click.command()
@click.argument(
    "app",
    required=False,
    shell_complete=files,
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write the profile here (YAML).",
    shell_complete=files,
)
@click.option("--force", is_flag=True, help="Write over the profile that is there.")
@click.option(
    "--session",
    metavar="FILE",
    help="Save after each answer, and go on from here.",
    shell_complete=files,
)
@shared(LANG, AS_OF, formats=("text", "json"))
def interview(
    context: Context, app: str | None, output: str | None, force: bool, session: str | None
) -> NoReturn:
    """Ask one question at a time, the one that settles most, and make a profile of the answers.

    It begins with what the app does, in your own words. Answers: a number, an id or a label;
    several with commas; `none` where there are none; `?` for not known, `!` for why it is asked,
    `<` to go back, `q` to stop.
    """
    # Imported here: what a conversation needs, `kb --help` does not.
    from kb.cli.dialogue import converse

    sys.exit(converse(context, app, output, force, session))
