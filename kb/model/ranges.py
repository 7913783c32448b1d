"""Ranges of days and numbers that a test accepts; their ends may move with the day asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from kb.lang.arithmetic import add_days, add_months
from kb.model import days
from kb.model.days import FIRST, LAST, LEAST, MOST
from kb.model.numbers import expected_number, measured
from kb.model.terms import Attribute, Test

_MOVING = re.compile(
    r"(?:(?P<ago>[0-9]{1,4}) (?P<past>day|week|month|year)s? ago"
    r"|in (?P<ahead>[0-9]{1,4}) (?P<future>day|week|month|year)s?)"
)
_STEPS = {"day": (0, 1), "week": (0, 7), "month": (1, 0), "year": (12, 0)}


@dataclass(frozen=True, slots=True)
class Shift:
    """An end of a range that moves with the day asked: so many months from it, then so many days;
    below 0 before it."""

    months: int
    days: int

    def on(self, day: int) -> int | None:
        """The day that it stands for on a day; None past the end of all calendars.

        >>> Shift(-6, 0).on(20240831)
        20240229
        """
        month = add_months(day, self.months)
        return None if month is None else add_days(month, self.days)


@dataclass(frozen=True, slots=True)
class Range:
    """From `first` to `last`, both included; and not before `start` or after `end`, as they stand
    on the day asked."""

    first: int
    last: int
    start: Shift | None = None
    end: Shift | None = None

    def holds(self, value: int, day: int) -> bool:
        """Whether a value is within it on a day."""
        first = self.start.on(day) if self.start else None
        last = self.end.on(day) if self.end else None
        return (
            self.first <= value <= self.last
            and (first is None or first <= value)
            and (last is None or value <= last)
        )

    def edges(self, day: int) -> list[int]:
        """The values at its ends, as they stand on a day."""
        shifts = [each.on(day) for each in (self.start, self.end) if each is not None]
        fixed = [e for e in (self.first, self.last) if e not in (FIRST, LAST, LEAST, MOST)]
        return [*fixed, *(each for each in shifts if each is not None)]


def moving(text: str) -> Shift | None:
    """What `6 months ago` or `in 30 days` says; None for any other text.

    >>> moving("2 weeks ago"), moving("in 1 year"), moving("2024-01-01")
    (Shift(months=0, days=-14), Shift(months=12, days=0), None)
    """
    found = _MOVING.fullmatch(text)
    if found is None:
        return None
    count = int(found["ago"] or found["ahead"])
    months, step = _STEPS[found["past"] or found["future"]]
    sign = -1 if found["ago"] else 1
    return Shift(sign * count * months, sign * count * step)


def accepted(test: Test, number: int | None) -> Range | None:
    """The days that a test accepts, or the numbers of so many decimals (`number`), in whole numbers
    of their smallest part; None where it has none."""
    if not (test.since or test.until or test.above or test.below):
        return None
    return _range(test.since, test.until, test.above, test.below, number)


def unsure(test: Test, number: int | None) -> Range | None:
    """Those of which the source does not say; None where there are none."""
    if not (test.unsure_since or test.unsure_until):
        return None
    return _range(test.unsure_since, test.unsure_until, "", "", number)


def _range(since: str, until: str, above: str, below: str, number: int | None) -> Range:
    least, most = (FIRST, LAST) if number is None else (LEAST, MOST)
    first, start = _end(since or above, least, number, int(bool(above)))
    last, end = _end(until or below, most, number, -int(bool(below)))
    return Range(first, last, start, end)


def _end(text: str, default: int, number: int | None, step: int) -> tuple[int, Shift | None]:
    """An end of a range; `step` moves it on by one, where the end itself is not within."""
    if not text:
        return default, None
    if number is not None:
        return int(Decimal(text).scaleb(number)) + step, None
    shift = moving(text)
    if shift is not None:
        return default, Shift(shift.months, shift.days + step)
    found = int(text.replace("-", ""))
    moved = add_days(found, step) if step else found
    return (default if moved is None else moved), None


def end_problem(attribute: Attribute, text: str) -> str:
    """What is wrong with an end of a range for an attribute, if anything."""
    match attribute.type:
        case "day" if days.read(text) or moving(text):
            return ""
        case "day":
            return "a date like 2025-04-01 is expected here"
        case "number":
            plain = re.fullmatch(r"-?[0-9]{1,17}(\.[0-9]+)?", text, re.ASCII)
            fits = plain is not None and measured(attribute, text) is not None
            return "" if fits else expected_number(attribute.decimals)
        case _:
            return f"`{attribute.id}` takes neither days nor numbers"
