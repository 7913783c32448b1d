"""Days of duties and prohibitions as rows, and the calendar that working days are counted by."""

from __future__ import annotations

import datetime

from kb.lang.syntax import Cite
from kb.model.days import number
from kb.model.due_rows import Stated, due_rows
from kb.model.duties import Duty, Prohibition
from kb.model.duty_days import Renewal, months_of

EVENTS = (
    "grace_until",
    "due_days_after",
    "due_working_days_after",
    "due_months_after",
    "renewed_since",
)
"""Relations whose second column is the attribute that dates an event."""
DAYS = (*EVENTS, "due_on", "renewed_from_issue", "part_ends", "part_revoked")
"""Relations that say of a part that it has days."""
YEARS = range(2004, 2100)
"""Years that the calendar of working days is asked about."""


def day_rows(part: str, record: Duty | Prohibition, at: Cite) -> Stated:
    """What a source says of the days of a duty or a prohibition."""
    yield from due_rows(part, record, at)
    if isinstance(record, Duty) and record.renewal is not None:
        yield _renewal(part, record.renewal, at)
    if record.ends is not None:
        yield "part_ends", (part, number(record.ends)), at
    if record.revoked is not None:
        yield "part_revoked", (part, number(record.revoked)), at


def _renewal(part: str, renewal: Renewal, at: Cite) -> tuple[str, tuple[str | int, ...], Cite]:
    months = months_of(renewal) or 0
    if renewal.since is not None:
        return "renewed_since", (part, renewal.since, months), at
    return "renewed_from_issue", (part, months), at


def calendar_rows(at: Cite) -> Stated:
    """The days that are worked in mainland China, and how many of them there are up to each day,
    for the years whose holidays are published. It takes long to load, and only duties with working
    days need it."""
    import chinese_calendar

    count = 0
    day = datetime.date(YEARS[0], 1, 1)
    while day.year in YEARS:
        try:
            worked = chinese_calendar.is_workday(day)
        except NotImplementedError:
            # decision: unknown-calendar-stays-open
            return
        count += worked
        if worked:
            yield "working_day", (number(day),), at
        yield "working_days_until", (number(day), count), at
        day += datetime.timedelta(days=1)
