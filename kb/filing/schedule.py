"""How long a plan takes, and when each step ends.

Durations come from the plan's graph: the longest way through it, once with the least and once with
the most working days of each step (the critical path method). Dates count the days that are worked
in mainland China as `chinesecalendar` knows them; beyond its years weekends alone are left out, and
the years are told.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from kb.filing.steps import PlanStep


@dataclass(frozen=True, slots=True)
class Dates:
    """When a plan starts, and the first and the last day on which it may be done."""

    start: datetime.date
    earliest: datetime.date
    latest: datetime.date


def durations(steps: Iterable[PlanStep]) -> tuple[int, int, tuple[str, ...]]:
    """The least and the most working days for all steps, and the ids of the steps of the longest
    way. A step without a time takes none."""
    least: dict[str, int] = {}
    most: dict[str, tuple[int, tuple[str, ...]]] = {}
    for step in steps:
        # decision: step-without-time
        shortest, longest = step.working_days or (0, 0)
        before = [most[b] for b in step.after if b in most]
        way = max(before, key=lambda way: (way[0], len(way[1])), default=(0, ()))
        most[step.id] = (way[0] + longest, (*way[1], step.id))
        earlier = max((least[b] for b in step.after if b in least), default=0)
        least[step.id] = earlier + shortest
    total, critical = max(most.values(), key=lambda w: (w[0], len(w[1])), default=(0, ()))
    return max(least.values(), default=0), total, critical


def dated(
    steps: Iterable[PlanStep], start: datetime.date
) -> tuple[tuple[PlanStep, ...], Dates, tuple[int, ...]]:
    """The steps with the first and the last day on which each may end, those of all, and the years
    whose holidays are not known."""
    ends: dict[str, tuple[datetime.date, datetime.date]] = {}
    unknown: dict[int, None] = {}
    found = []
    for step in steps:
        before = [ends[b] for b in step.after if b in ends]
        early = max((e for e, _ in before), default=start)
        late = max((x for _, x in before), default=start)
        wait = -(-(step.hours or 0) // 24)
        shortest, longest = step.working_days or (0, 0)
        early = after_days(early, shortest, unknown)
        late = after_days(late, longest, unknown)
        late += datetime.timedelta(days=wait)
        ends[step.id] = early, late
        found.append(replace(step, ends=(early, late)))
    dates = Dates(
        start,
        max((e for e, _ in ends.values()), default=start),
        max((x for _, x in ends.values()), default=start),
    )
    return tuple(found), dates, tuple(unknown)


def after_days(day: datetime.date, count: int, unknown: dict[int, None]) -> datetime.date:
    """The day on which so many further working days have passed; years whose holidays are not
    known are added to `unknown`.

    >>> after_days(datetime.date(2025, 9, 30), 1, {}).isoformat()
    '2025-10-09'
    """
    while count > 0:
        day += datetime.timedelta(days=1)
        if is_worked(day, unknown):
            count -= 1
    return day


def worked_days(start: datetime.date, day: datetime.date) -> int:
    """How many working days after `start` have passed when a day is over; 0 for one before it.

    >>> worked_days(datetime.date(2025, 9, 30), datetime.date(2025, 10, 10))
    2
    """
    between = (start + datetime.timedelta(days=n + 1) for n in range((day - start).days))
    return sum(is_worked(each, {}) for each in between)


def is_worked(day: datetime.date, unknown: dict[int, None]) -> bool:
    """Whether a day is worked in mainland China."""
    found = _stated(day)
    if found is None:
        # decision: holidays-not-yet-known
        unknown[day.year] = None
        return day.weekday() < 5
    return found


@lru_cache(maxsize=4096)
def _stated(day: datetime.date) -> bool | None:
    """Whether a day is worked; None where its year is not known. Kept: many plans count the same
    days, and a look-up takes its time."""
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
