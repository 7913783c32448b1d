"""`kb import`: tables, announcements and answers of platform APIs into drafts, and their review."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kb.importers.rows import Row
from kb.model.places import shipped


@click.group(name="import")
def imports() -> None:
    """Turn tables and announcements into draft facts, and review them.

    Nothing that is imported is in force before a person has accepted every cell.
    """


def _shared(command: Callable[..., Any]) -> Callable[..., Any]:
    options = (
        click.argument("file", type=click.Path(path_type=Path)),
        click.option("--as", "source", metavar="ID", required=True, help="Id of the new source."),
        click.option("-o", "--output", "folder", metavar="DIR", required=True,
                     type=click.Path(path_type=Path), help="The folder to write."),
        click.option("--facts", metavar="DIR", type=click.Path(path_type=Path),
                     help="Facts to resolve names in."),
        click.option("--account", default="", help="The kind of account that all rows hold for."),
        click.option("--platform", default="", help="The platform that the source is about."),
        click.option("--date", default="", metavar="DAY", help="The day that the source carries."),
        click.option("--seen", default="", metavar="DAY", help="The day on which it was seen."),
        click.option("--title", default="", help="What the source is called."),
        click.option("--publisher", default="", help="Who published it."),
        click.option("--jurisdiction", default="CN", show_default=True, help="Where it holds."),
        click.option("--partial", is_flag=True, help="The file does not hold all categories."),
        click.option("--against", metavar="DIR", type=click.Path(path_type=Path),
                     help="An earlier import to compare with, instead of the base."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@imports.command()
@_shared
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="KIND=HEAD",
    help="Which column is which: first, second, papers, scope, remark, account, ...",
)
def table(file: Path, columns: tuple[str, ...], **given: Any) -> None:
    """Import a table: HTML, Markdown, CSV, TSV, xlsx, or rows of JSON."""
    from kb.importers.rows import bad
    from kb.importers.table import read_table

    named = {}
    for column in columns:
        kind, sign, head = column.partition("=")
        if not sign:
            raise bad(
                "column", f"`{column}` is not KIND=HEAD", "", "write it like `papers=资质要求`"
            )
        named[kind] = head
    platform = given.pop("platform") or "wechat"
    _import(read_table(file, named, given["account"], platform), platform, **given)


@imports.command()
@_shared
def announcement(file: Path, **given: Any) -> None:
    """Import an announcement: categories in 【】 with what is asked for now."""
    from kb.importers.announcement import read_announcement

    platform = given.pop("platform") or "wechat"
    _import(read_announcement(file, given["account"], platform), platform, complete=False, **given)


@imports.command("weixin-api")
@_shared
def weixin_api(file: Path, **given: Any) -> None:
    """Import an answer of getallcategories or getcategoriesbytype."""
    from kb.importers.platforms import read_weixin

    platform = given.pop("platform") or "wechat"
    _import(read_weixin(file, given["account"], platform), platform, **given)


@imports.command("douyin-api")
@_shared
def douyin_api(file: Path, **given: Any) -> None:
    """Import an answer of Douyin's interface for categories."""
    from kb.importers.platforms import read_douyin

    platform = given.pop("platform") or "douyin"
    _import(read_douyin(file, given["account"], platform), platform, **given)


def _import(
    rows: list[Row],
    platform: str,
    *,
    source: str,
    folder: Path,
    facts: Path | None,
    date: str,
    seen: str,
    title: str,
    publisher: str,
    jurisdiction: str,
    against: Path | None,
    partial: bool,
    complete: bool = True,
    **_: Any,
) -> None:
    from kb.importers.difference import against_base, between
    from kb.importers.output import check_target, read_rows, write
    from kb.importers.output import report_of
    from kb.importers.review import read_decisions
    from kb.importers.run import Options, known_of, run_import

    _named(source, date, seen)
    check_target(folder)
    known = known_of(facts or shipped("facts"))
    complete = complete and not partial
    options = Options(source, title, publisher, platform, jurisdiction, date, seen, complete)
    made = run_import(rows, options, known, read_decisions(folder), _progress)
    if against is not None:
        difference = between(read_rows(against)[0], made.rows)
    else:
        difference = against_base(made.draft.versions, made.draft.source, known)
    write(made, folder, difference)
    report = report_of(made)
    click.echo(
        f"{report['rows']} rows, {report['distinct_cells']} distinct cells of papers, "
        f"{report['open_cells']} with open points; "
        f"{report['unread']} of {report['characters']} characters unread"
    )
    click.echo(difference.text().splitlines()[0])
    click.echo(f"written to {folder}; look at report.html, then `kb import review {folder}`")


def _named(source: str, date: str, seen: str) -> None:
    import datetime
    import re

    from kb.importers.rows import bad

    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", source):
        raise bad("source-id", f"`{source}` is no id", "", "use letters, digits, `-`, `_` and `.`")
    for day in (date, seen):
        try:
            if day:
                datetime.date.fromisoformat(day)
        except ValueError:
            raise bad("date", f"`{day}` is no day", "", "write it like 2026-02-21") from None


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty() and (done % 20 == 0 or done == total):
        click.echo(f"\rreading row {done} of {total}", nl=done == total, err=True)


@imports.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--facts", metavar="DIR", type=click.Path(path_type=Path), help="Facts to resolve names in."
)
@click.option("--list", "listed", is_flag=True, help="Only count what is open.")
def review(folder: Path, facts: Path | None, listed: bool) -> None:
    """Look through the distinct cells of an import: accept, edit, reject, or later."""
    from kb.importers.output import read_rows, write
    from kb.importers.review import Review, read_decisions
    from kb.importers.run import known_of, run_import

    rows, options = read_rows(folder)
    known = known_of(facts or shipped("facts"))
    decisions = read_decisions(folder)
    made = run_import(rows, options, known, decisions)
    session = Review(made, folder, decisions)
    cards = session.open_cards()
    click.echo(f"{len(made.cards)} distinct cells, {len(cards)} to decide")
    if listed:
        return
    for n, card in enumerate(cards, start=1):
        if not _card(session, card, n, len(cards)):
            break
    made = run_import(rows, options, known, session.decisions)
    write(made, folder)
    left = len(Review(made, folder, session.decisions).open_cards())
    click.echo(f"{left} left; the source is {made.draft.source['standing'].replace('_', ' ')}")


_COLOURS = {
    "operator": "yellow", "label": "blue", "name": "green", "holder": "magenta", "party": "magenta",
    "count": "yellow", "words": "cyan", "field": "cyan", "note": "bright_black", "unread": "red",
}  # fmt: skip


def _card(session: Any, card: Any, n: int, total: int) -> bool:
    """Asks about one card; false when the person stops."""
    from kb.lang.problems import Problems

    face = session.face(card)
    click.echo(f"\n[{n}/{total}] {'; '.join(face.categories[:4])}")
    click.echo(
        "".join(
            click.style(face.text[s.start : s.end], fg=_COLOURS.get(s.role.value))
            for s in face.spans
        )
    )
    click.echo("\n" + face.tree)
    for code, told, text in face.findings:
        click.echo(click.style(f"  ? {code}: {told} {text[:60]}", fg="red"))
    while True:
        answer = click.prompt(
            "accept, edit, reject, later, quit",
            type=click.Choice(["a", "e", "r", "l", "q"]),
            default="l",
        )
        if answer == "q":
            return False
        text = ""
        if answer == "e":
            text = click.edit(face.requirement, extension=".yaml") or ""
            if not text.strip():
                continue
        try:
            kinds = {"a": "accept", "e": "edit", "r": "reject", "l": "later"}
            session.decide(card, kinds[answer], text)
            return True
        except Problems as problem:
            click.echo(str(problem), err=True)
