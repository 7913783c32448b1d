"""`kb import`: tables, announcements and answers of platform APIs into drafts, and their review."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from kb.cli.completion import terms
from kb.cli.context import LANG, OPTIONS


@click.group(name="import")
def imports() -> None:
    """Turn tables and announcements into draft facts, and review them.

    Nothing that is imported is in force before a person has accepted every cell.
    """


_PATH = click.Path(path_type=Path)
_language = OPTIONS[LANG]


def _shared(command: Callable[..., Any]) -> Callable[..., Any]:
    options = (
        click.argument("file", type=_PATH),
        click.option("--as", "source", metavar="ID", required=True, help="Id of the new source."),
        click.option("-o", "--output", "folder", metavar="DIR", required=True, type=_PATH,
                     help="The folder to write."),
        OPTIONS["facts"],
        OPTIONS["only_facts"],
        click.option("--account", default="", help="The kind of account that all rows hold for.",
                     shell_complete=terms("applicant")),
        click.option("--platform", default="", help="The platform that the source is about.",
                     shell_complete=terms("platform")),
        click.option("--date", default="", metavar="DAY", help="The day that the source carries."),
        click.option("--seen", default="", metavar="DAY", help="The day on which it was seen."),
        click.option("--title", default="", help="What the source is called."),
        click.option("--publisher", default="", help="Who published it."),
        click.option("--jurisdiction", default="CN", show_default=True, help="Where it holds."),
        click.option("--partial", is_flag=True, help="The file does not hold all categories."),
        click.option("--against", metavar="DIR", type=_PATH,
                     help="An earlier import to compare with, instead of the base."),
        _language,
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def _commands() -> ModuleType:
    # The importers load late: `kb ask` starts without a parser of phrases and readers of files.
    from kb.importers import commands

    return commands


@imports.command()
@_shared
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="KIND=HEAD",
    help="Which column is which: first, second, papers, scope, remark, account, ...",
)
def table(**given: Any) -> None:
    """Import a table: HTML, Markdown, CSV, TSV, xlsx, or rows of JSON."""
    _commands().import_table(**given)


@imports.command()
@_shared
def announcement(**given: Any) -> None:
    """Import an announcement: categories in 【】 with what is asked for now."""
    _commands().import_announcement(**given)


@imports.command("weixin-api")
@_shared
def weixin_api(**given: Any) -> None:
    """Import an answer of getallcategories or getcategoriesbytype."""
    _commands().import_weixin(**given)


@imports.command("douyin-api")
@_shared
def douyin_api(**given: Any) -> None:
    """Import an answer of Douyin's interface for categories."""
    _commands().import_douyin(**given)


@imports.command()
@click.argument("folder", metavar="DIR", type=_PATH)
@OPTIONS["facts"]
@OPTIONS["only_facts"]
@click.option("--list", "listed", is_flag=True, help="Only count what is open.")
@_language
def review(folder: Path, **given: Any) -> None:
    """Look through the distinct cells of an import: accept, edit, reject, or later."""
    _commands().review(folder, **given)
