"""How long a plan takes, and when each step ends.

Durations come from the plan's graph: the longest way through it, once with the least and once with
the most working days of each step (the critical path method). Dates count the days that are worked
in mainland China as `chinesecalendar` knows them; beyond its years weekends alone are left out, and
the notes say so.
"""

from __future__ import annotations

import datetime
from typing import Any


def durations(steps: list[dict[str, Any]]) -> tuple[int, int, list[str]]:
    """The least and the most working days for all steps, and the steps of the longest way.

    >>> one = {"id": "a", "after": [], "working_days": [1, 2]}
    >>> durations([one, {"id": "b", "after": ["a"], "working_days": [1, 20]}])
    (2, 22, ['a', 'b'])
    """
    least: dict[str, int] = {}
    most: dict[str, tuple[int, list[str]]] = {}
    for step in steps:
        before = [most[b] for b in step["after"] if b in most]
        longest = max(before, key=lambda way: (way[0], len(way[1])), default=(0, []))
        most[step["id"]] = (longest[0] + step["working_days"][1], [*longest[1], step["id"]])
        least[step["id"]] = (
            max((least[b] for b in step["after"] if b in least), default=0)
            + step["working_days"][0]
        )
    total, way = max(most.values(), key=lambda w: (w[0], len(w[1])), default=(0, []))
    return max(least.values(), default=0), total, way


def dated(
    steps: list[dict[str, Any]], start: datetime.date, notes: list[str], lang: str
) -> dict[str, str]:
    """Give each step the first and the last day on which it may end; returns those of all."""
    ends: dict[str, tuple[datetime.date, datetime.date]] = {}
    for step in steps:
        before = [ends[b] for b in step["after"] if b in ends]
        early = max((e for e, _ in before), default=start)
        late = max((x for _, x in before), default=start)
        wait = -(-(step["hours"] or 0) // 24)
        early = after_days(early, step["working_days"][0], notes, lang)
        late = after_days(late, step["working_days"][1], notes, lang)
        late += datetime.timedelta(days=wait)
        ends[step["id"]] = early, late
        step["ends"] = [early.isoformat(), late.isoformat()]
    return {
        "start": start.isoformat(),
        "earliest": max((e for e, _ in ends.values()), default=start).isoformat(),
        "latest": max((x for _, x in ends.values()), default=start).isoformat(),
    }


def after_days(day: datetime.date, count: int, notes: list[str], lang: str) -> datetime.date:
    """The day on which so many further working days have passed."""
    while count > 0:
        day += datetime.timedelta(days=1)
        if is_worked(day, notes, lang):
            count -= 1
    return day


def is_worked(day: datetime.date, notes: list[str], lang: str) -> bool:
    """Whether a day is worked in mainland China."""
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        note = (
            f"{day.year} 年的放假安排尚未收录,只扣除了周末"
            if lang == "zh"
            else f"the holidays of {day.year} are not known yet: only weekends are left out"
        )
        if note not in notes:
            notes.append(note)
        return day.weekday() < 5
