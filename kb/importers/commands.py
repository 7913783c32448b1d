"""What the commands of `kb import` do."""

from __future__ import annotations

import datetime
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kb.importers.announcement import read_announcement
from kb.importers.base_difference import from_base
from kb.importers.difference import between
from kb.importers.names import read_known
from kb.importers.output import check_target, read_rows, report_of, write
from kb.importers.platforms import read_douyin, read_weixin
from kb.importers.review import Review, read_decisions
from kb.importers.rows import Row, bad
from kb.importers.run import Card, Options, run_import
from kb.importers.table import read_table
from kb.lang.problems import Problems
from kb.model.data import Json
from kb.model.layers import layered
from kb.render.import_cards import beside_text, read_text
from kb.render.import_report import TERMINAL_COLOURS
from kb.render.import_review import (
    cards_text,
    categories_text,
    choices_text,
    left_text,
    progress_text,
    written_text,
)
from kb.render.terminal import terminal
from kb.render.translation import problems_text


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
    facts: tuple[str, ...],
    only_facts: tuple[str, ...],
    against: Path | None,
    partial: bool,
    lang: str,
    **given: str,
) -> None:
    _checked(source, given["date"], given["seen"])
    check_target(folder)
    known = read_known(*layered(facts, only_facts))
    options = Options(source, platform=platform, complete=not partial, **given)
    made = run_import(rows, options, known, read_decisions(folder), _progress(lang))
    if against is not None:
        before, earlier = read_rows(against)
        some = {"some_old": not earlier.complete, "some_new": partial}
        difference = between(before, made.rows, **some)
    else:
        difference = from_base(made)
    write(made, folder, difference, lang, str(against or ""))
    report = report_of(made)
    click.echo(read_text(report, lang))
    if report["beside"]:
        click.echo(beside_text(report["beside"], lang))
    click.echo(difference.text(lang).splitlines()[0])
    click.echo(written_text(str(folder), lang))


def _checked(source: str, *days: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", source):
        raise bad("source-id", f"`{source}` is no id", "", "use letters, digits, `-`, `_` and `.`")
    for day in days:
        try:
            if day:
                datetime.date.fromisoformat(day)
        except ValueError:
            raise bad("date", f"`{day}` is no day", "", "write it like 2026-02-21") from None


def _progress(lang: str) -> Callable[[int, int], None]:
    def told(done: int, total: int) -> None:
        if sys.stderr.isatty() and (done % 20 == 0 or done == total):
            click.echo(f"\r{progress_text(done, total, lang)}", nl=done == total, err=True)

    return told


def review(
    folder: Path,
    facts: tuple[str, ...],
    only_facts: tuple[str, ...],
    listed: bool,
    lang: str,
) -> None:
    """Asks about each open card of an import in the terminal, and writes the import anew."""
    rows, options = read_rows(folder)
    known = read_known(*layered(facts, only_facts))
    decisions = read_decisions(folder)
    made = run_import(rows, options, known, decisions)
    session = Review(made, folder, decisions)
    cards = session.open_cards()
    click.echo(cards_text(len(made.cards), len(cards), lang))
    if listed:
        return
    for n, card in enumerate(cards, start=1):
        if not _decided(session, card, f"[{n}/{len(cards)}]", lang):
            break
    made = session.applied(lang)
    click.echo(left_text(len(session.open_cards()), str(made.draft.source["standing"]), lang))


_ANSWERS: Json = {"a": "accept", "e": "edit", "r": "reject", "l": "later"}


def _decided(session: Review, card: Card, place: str, lang: str) -> bool:
    """Asks about one card; false when the person stops."""
    face = session.face(card)
    click.echo(f"\n{place} {categories_text(face.categories, lang)}")
    for span in face.spans:
        colour = TERMINAL_COLOURS.get(span.role.value)
        click.echo(click.style(face.text[span.start : span.end], fg=colour), nl=False)
    width = shutil.get_terminal_size().columns
    click.echo("\n\n" + terminal(face.lines(lang), width, sys.stdout.isatty()))
    choice = click.Choice([*_ANSWERS, "q"])
    while True:
        answer = click.prompt(choices_text(lang), type=choice, default="l")
        if answer == "q":
            return False
        text = click.edit(face.requirement, extension=".yaml") or "" if answer == "e" else ""
        if answer == "e" and not text.strip():
            continue
        try:
            session.decide(card, _ANSWERS[answer], text)
            return True
        except Problems as problem:
            click.echo(problems_text(problem, lang), err=True)
