"""What the commands of `kb import` do."""

from __future__ import annotations

import datetime
import re
import sys
from pathlib import Path
from typing import Any

import click

from kb.importers.announcement import read_announcement
from kb.importers.base_difference import against_base
from kb.importers.difference import between
from kb.importers.output import check_target, read_rows, report_of, write
from kb.importers.platforms import read_douyin, read_weixin
from kb.importers.review import Review, read_decisions
from kb.importers.rows import Row, bad
from kb.importers.run import Card, Options, known_of, run_import
from kb.importers.table import read_table
from kb.lang.problems import Problems
from kb.model.data import Json
from kb.model.places import shipped
from kb.render.imports import TERMINAL_COLOURS


def import_table(
    *, file: Path, columns: tuple[str, ...], account: str, platform: str, **given: Any
) -> None:
    """Imports a table. `columns` are texts `KIND=HEAD`."""
    named = {}
    for column in columns:
        kind, sign, head = column.partition("=")
        if not sign:
            help_ = "write it like `papers=资质要求`"
            raise bad("column", f"`{column}` is not KIND=HEAD", "", help_)
        named[kind] = head
    platform = platform or "wechat"
    _import(read_table(file, named, account, platform), platform, **given)


def import_announcement(*, file: Path, account: str, platform: str, **given: Any) -> None:
    """Imports an announcement: it names some categories, never all."""
    platform = platform or "wechat"
    rows = read_announcement(file, account, platform)
    _import(rows, platform, **{**given, "partial": True})


def import_weixin(*, file: Path, account: str, platform: str, **given: Any) -> None:
    """Imports an answer of WeChat."""
    platform = platform or "wechat"
    _import(read_weixin(file, account, platform), platform, **given)


def import_douyin(*, file: Path, account: str, platform: str, **given: Any) -> None:
    """Imports an answer of Douyin."""
    platform = platform or "douyin"
    _import(read_douyin(file, account, platform), platform, **given)


def _import(
    rows: list[Row],
    platform: str,
    *,
    source: str,
    folder: Path,
    facts: Path | None,
    against: Path | None,
    partial: bool,
    **given: str,
) -> None:
    _checked(source, given["date"], given["seen"])
    check_target(folder)
    known = known_of(facts or shipped("facts"))
    options = Options(source, platform=platform, complete=not partial, **given)
    made = run_import(rows, options, known, read_decisions(folder), _progress)
    if against is not None:
        before, earlier = read_rows(against)
        some = {"some_old": not earlier.complete, "some_new": partial}
        difference = between(before, made.rows, **some)
    else:
        rows_of = [row for row in made.frozen.rows if row.change != "withdrawn"]
        difference = against_base(made.draft.versions, rows_of, made.draft.source, known)
    write(made, folder, difference)
    report = report_of(made)
    click.echo(
        f"{report['rows']} rows, {report['distinct_cells']} distinct cells of papers, "
        f"{report['open_cells']} with open points; "
        f"{report['unread']} of {report['characters']} characters unread"
    )
    click.echo(difference.text().splitlines()[0])
    click.echo(f"written to {folder}; look at report.html, then `kb import review {folder}`")


def _checked(source: str, *days: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", source):
        raise bad("source-id", f"`{source}` is no id", "", "use letters, digits, `-`, `_` and `.`")
    for day in days:
        try:
            if day:
                datetime.date.fromisoformat(day)
        except ValueError:
            raise bad("date", f"`{day}` is no day", "", "write it like 2026-02-21") from None


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty() and (done % 20 == 0 or done == total):
        click.echo(f"\rreading row {done} of {total}", nl=done == total, err=True)


def review(folder: Path, facts: Path | None, listed: bool) -> None:
    """Asks about each open card of an import in the terminal, and writes the import anew."""
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
        if not _decided(session, card, f"[{n}/{len(cards)}]"):
            break
    made = session.applied()
    left = len(session.open_cards())
    click.echo(f"{left} left; the source is {made.draft.source['standing'].replace('_', ' ')}")


_ANSWERS: Json = {"a": "accept", "e": "edit", "r": "reject", "l": "later"}


def _decided(session: Review, card: Card, place: str) -> bool:
    """Asks about one card; false when the person stops."""
    face = session.face(card)
    click.echo(f"\n{place} {'; '.join(face.categories[:4])}")
    for span in face.spans:
        colour = TERMINAL_COLOURS.get(span.role.value)
        click.echo(click.style(face.text[span.start : span.end], fg=colour), nl=False)
    click.echo("\n\n" + face.tree)
    for code, told, text in face.findings:
        click.echo(click.style(f"  ? {code}: {told} {text[:60]}", fg="red"))
    choice = click.Choice([*_ANSWERS, "q"])
    while True:
        answer = click.prompt("accept, edit, reject, later, quit", type=choice, default="l")
        if answer == "q":
            return False
        text = click.edit(face.requirement, extension=".yaml") or "" if answer == "e" else ""
        if answer == "e" and not text.strip():
            continue
        try:
            session.decide(card, _ANSWERS[answer], text)
            return True
        except Problems as problem:
            click.echo(str(problem), err=True)
