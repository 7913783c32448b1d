"""What is told of the days of duties, prohibitions and categories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from kb.base.results import Standing
from kb.filing.duty_days import DayKind, DutyDay
from kb.model.data import Json
from kb.render.days import through_day
from kb.render.language import Language
from kb.render.outline import EMPTY, Cited, Line, Mark, line
from kb.render.shared_json import cites_json
from kb.render.words import word

MISSED = (DayKind.OVERDUE, DayKind.LAPSED, DayKind.DUE_TODAY, DayKind.RENEW_TODAY)
"""What a duty is not kept by: on its day it must be there (`due-on-its-day`)."""


def day_text(each: DutyDay, to: Language) -> str:
    """What a day is to its duty or prohibition: `due from 2024-03-31 on`."""
    day = each.day.isoformat()
    zh, en = ("也许", "perhaps ") if each.perhaps else ("", "")
    match each.kind:
        case DayKind.DUE if each.forbids:
            return to.pick(f"{zh}自 {day} 起禁止", f"{en}forbidden from {day} on")
        case DayKind.DUE if each.at_latest:
            return to.pick(f"{zh}最迟 {day} 必须做到", f"{en}due on {day} at the latest")
        case DayKind.DUE:
            return to.pick(f"{zh}自 {day} 起必须做到", f"{en}due from {day} on")
        case DayKind.DUE_TODAY:
            return to.pick(f"{day} 当天必须做到", f"due today, {day}")
        case DayKind.OVERDUE if each.forbids:
            return to.pick(f"自 {day} 起禁止", f"forbidden since {day}")
        case DayKind.OVERDUE:
            zh = f"最迟 {day},已逾期" if each.at_latest else f"自 {day} 起就须做到"
            return to.pick(zh, f"overdue since {day}")
        case DayKind.RENEW:
            return to.pick(f"自 {day} 起须重新做到", f"due again from {day} on")
        case DayKind.RENEW_TODAY:
            return to.pick(f"{day} 当天必须重新做到", f"due again today, {day}")
        case DayKind.LAPSED:
            return to.pick(f"自 {day} 起就须重新做到", f"due again since {day}")
        case DayKind.ENDS:
            return to.pick(f"有效{through_day(day, to)}", f"counts {through_day(day, to)}")
        case _:
            assert_never(each.kind)


def told_text(each: DutyDay, to: Language) -> str:
    """The same with what it is a day of, and the standing of a text that is not in force."""
    standing = "" if each.standing == Standing.IN_FORCE else f" ({word(each.standing, to.lang)})"
    return f"{day_text(each, to)}: {to.label('part', each.part)}{standing}"


def sign(each: DutyDay) -> str:
    """The mark of a day: whether it was missed."""
    return "✗" if each.kind in MISSED else "·"


def days_title(to: Language) -> str:
    """What stands above the days."""
    return to.pick("期限", "days")


def days_lines(days: Iterable[DutyDay], to: Language) -> Iterator[Line]:
    """The days, the earliest first, if there are any."""
    for at, each in enumerate(days):
        if not at:
            yield EMPTY
            yield line(0, days_title(to) + ":")
        yield line(2, Mark(sign(each)), f" {told_text(each, to)}", Cited.of(each.cites))


def days_json(days: Iterable[DutyDay], to: Language) -> list[Json]:
    """The same as JSON: kinds, ids and days, and the words."""
    return [
        {
            "what": to.label("part", each.part),
            "id": each.part,
            "kind": str(each.kind),
            "day": each.day.isoformat(),
            "forbids": each.forbids,
            "verdict": str(each.verdict),
            "standing": str(each.standing),
            "perhaps": each.perhaps,
            "note": told_text(each, to),
            "sources": cites_json(each.cites),
        }
        for each in days
    ]
