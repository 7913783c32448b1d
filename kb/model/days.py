"""Days as whole numbers (20250401), and the stretch of days that a vague date means."""

from __future__ import annotations

import calendar
import datetime

from kb.lang.arithmetic import number_of
from kb.model.schema import Begins, Source

FIRST, LAST = 10101, 99991231
"""Day numbers of the first and the last day there is."""
LEAST, MOST = -(10**18), 10**18
"""The bounds of whole numbers that a profile may state."""


number = number_of


def date(day: int) -> datetime.date:
    """The date behind a day number; raises ValueError."""
    return datetime.date(day // 10_000, day // 100 % 100, day % 100)


def known(day: int) -> bool:
    """Whether a number is that of a day."""
    try:
        return number(date(day)) == day
    except (ValueError, OverflowError):
        return False


def after(day: int) -> int:
    """The day after a day.

    >>> after(20241231)
    20250101
    """
    return number(date(day) + datetime.timedelta(days=1))


def before(day: int) -> int:
    """The day before a day.

    >>> before(20250301)
    20250228
    """
    return number(date(day) - datetime.timedelta(days=1))


def read(text: str) -> datetime.date | None:
    """The date that a text gives as year, month and day; None for every other text.

    >>> read("2025-W14-2")
    """
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def stretch(begins: Begins) -> tuple[int, int]:
    """The first and the last day that a date with its precision may mean.

    >>> stretch(Begins(date=datetime.date(2025, 2, 7), precision="quarter"))
    (20250101, 20250331)
    """
    # decision: day-within-precision
    day = begins.date
    match begins.precision:
        case "day":
            return number(day), number(day)
        case "month":
            first, last = day.month, day.month
        case "quarter":
            first = (day.month - 1) // 3 * 3 + 1
            last = first + 2
        case "year":
            first, last = 1, 12
    end = calendar.monthrange(day.year, last)[1]
    return day.year * 10_000 + first * 100 + 1, day.year * 10_000 + last * 100 + end


def beginning(source: Source) -> tuple[int, int]:
    """The first and the last day on which a source may begin: as it says, else its own date.

    The parts of a source begin with it. Both are day numbers.
    """
    # decision: counts-from-the-sighting
    return stretch(source.begins or Begins(date=source.seen or source.date))


def ending(source: Source) -> tuple[int, int]:
    """The first and the last day on which a source may end; `LAST` for one that goes on."""
    return stretch(source.ends) if source.ends else (LAST, LAST)


def turned_text(
    first: int, last: int, keys: tuple[str, str] = ("valid_from", "valid_until")
) -> str:
    """That the first day, such as that on which a document is valid, is after the last."""
    one, other = (date(day).isoformat() for day in (first, last))
    return f"`{keys[0]}` {one} is after `{keys[1]}` {other}"
