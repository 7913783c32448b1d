"""The days of an app's duties, prohibitions and categories: until when there is time, the end.

Which days these are, and whether a duty is due, the rules decide; here they are gathered.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from kb.base.results import Standing, Verdict
from kb.base.view import View
from kb.lang.syntax import Cite
from kb.model.days import date

if TYPE_CHECKING:
    from kb.base.core import Core

GOALS = (
    "obligation",
    "ban",
    "part_met",
    "not_yet_due",
    "due_by",
    "due_day",
    "renew_by",
    "counts_until",
    "category_verdict",
    "awaited",
    "still_time",
    "falls_short",
    "does_forbidden",
    "perhaps_does_forbidden",
    "part_vague",
    "question_day",
)
"""The relations that the days are read from."""


class DayKind(StrEnum):
    """What a day is to a duty or a prohibition: the one on which it must be kept, to come (`due`),
    the day asked itself (`due_today`) or over while it is not kept (`overdue`); the one on which it
    must be met anew, to come (`renew`), the day asked (`renew_today`) or over (`lapsed`); the last
    on which it counts (`ends`). A prohibition of which the day is there is `overdue`."""

    DUE = "due"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    RENEW = "renew"
    RENEW_TODAY = "renew_today"
    LAPSED = "lapsed"
    ENDS = "ends"


TODAY = {DayKind.OVERDUE: DayKind.DUE_TODAY, DayKind.LAPSED: DayKind.RENEW_TODAY}
"""What is over from tomorrow on."""

AFTER = ("due_days_after", "due_working_days_after", "due_months_after")
"""What texts state of the time after an event."""
FROM = ("due_on", "grace_until")
"""What they state of days, the last column: from that day on it must be kept."""


@dataclass(frozen=True, slots=True)
class DutyDay:
    """A day of a duty, of a prohibition (`forbids`) or of what a text says of a category, with the
    verdict that this has today. `perhaps`: a passage leaves open whether it binds. `at_latest`: it
    ends the time after an event, so that who acts on it is in time."""

    part: str
    kind: DayKind
    day: datetime.date
    forbids: bool
    verdict: Verdict
    standing: Standing
    cites: tuple[Cite, ...]
    perhaps: bool = False
    at_latest: bool = False


def duty_days(base: Core, view: View) -> tuple[DutyDay, ...]:
    """The days of the duties and prohibitions of the app's own side, and of its categories, the
    earliest first; `view` is the app's model with `GOALS`."""
    order = base.provisions.order
    found = [
        *_days(base, view, "obligation"),
        *_days(base, view, "ban"),
        *_of_categories(base, view),
    ]
    last = len(order)
    [(asked,)] = view.after("question_day")
    today = date(int(asked))
    found = [
        replace(each, kind=TODAY.get(each.kind, each.kind))
        if each.day == today and not each.forbids
        else each
        for each in found
    ]
    return tuple(sorted(found, key=lambda each: (each.day, order.get(each.part, last), each.kind)))


def _of_categories(base: Core, view: View) -> Iterator[DutyDay]:
    """The days until which there is time for what texts ask for anew, and after which a category
    that they withdraw is gone."""
    days = _by_part(view, "due_by")
    for version, part in base.facts.rows.facts.get("time_given", ()):
        reading = base.facts.readings[str(version)]
        found = view.names("category_verdict", reading.record.category)
        if part not in days or not found:
            continue
        verdict, day = Verdict(found[0]), date(days[str(part)])
        standing, cites = Standing(reading.source.standing), (reading.cite,)
        kind = DayKind.DUE if view.has("awaited", str(version)) else None
        if reading.record.withdrawn and view.has("still_time", str(version)):
            kind, day = DayKind.ENDS, day - datetime.timedelta(days=1)
        elif view.has("falls_short", str(version)):
            kind = DayKind.OVERDUE
        if kind is not None:
            yield DutyDay(str(part), kind, day, False, verdict, standing, cites)


def _days(base: Core, view: View, relation: str) -> Iterator[DutyDay]:
    days = {name: _by_part(view, name) for name in ("due_by", "renew_by", "counts_until")}
    vague = {part for part, _ in view.after("part_vague")}
    for row in view.after(relation):
        part, bearer, verdict = map(str, row)
        if bearer not in base.provisions.own_side:
            continue
        cite = base.cite("duty" if relation == "obligation" else "forbids", (part, bearer))
        standing = base.provisions.standing(part)
        ends = _ends(base, view, part)
        for kind, name in _kinds(view, part, Verdict(verdict)):
            if part in days[name]:
                yield DutyDay(
                    part,
                    kind,
                    date(days[name][part]),
                    relation == "ban",
                    Verdict(verdict),
                    standing,
                    (cite,) if cite else (),
                    part in vague,
                    name == "due_by" and days[name][part] in ends,
                )


def _ends(base: Core, view: View, part: str) -> set[int]:
    """The days on which a time after an event ends, of those from which a part must be kept."""
    stated = base.facts.rows.facts
    if not any(row[0] == part for name in AFTER for row in stated.get(name, ())):
        return set()
    named = {int(row[-1]) for name in FROM for row in stated.get(name, ()) if row[0] == part}
    return {int(day) for (day,) in view.after("due_day", part)} - named


def _kinds(view: View, part: str, verdict: Verdict) -> Iterator[tuple[DayKind, str]]:
    """What days are told of a part, each with the relation that has it."""
    broken = verdict in (Verdict.MISSING, Verdict.PROHIBITED)
    if view.has("not_yet_due", part):
        open_ = not view.has("part_met", part) and not view.has("ban", part)
        if open_ or any(view.has(f"{does}does_forbidden", part) for does in ("", "perhaps_")):
            yield DayKind.DUE, "due_by"
    elif broken:
        yield DayKind.OVERDUE, "due_by"
    if view.has("part_met", part):
        yield DayKind.RENEW, "renew_by"
    elif broken:
        yield DayKind.LAPSED, "renew_by"
    yield DayKind.ENDS, "counts_until"


def _by_part(view: View, relation: str) -> dict[str, int]:
    return {str(part): int(day) for part, day in view.after(relation)}
