"""Until when there is time for a duty, a prohibition or a category, as rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from kb.lang.arithmetic import number_of
from kb.lang.syntax import Cite, Row
from kb.model.duty_days import Deadline, Due, months_of

Stated: TypeAlias = Iterator[tuple[str, Row, Cite]]
"""Rows of relations, each with the lines that state it."""


def due_rows(part: str, record: Due, at: Cite) -> Stated:
    """What a source says of the time that it gives."""
    if record.due is not None:
        yield "due_on", (part, number_of(record.due)), at
    if (grace := record.grace) is not None:
        days = number_of(grace.opened_before), number_of(grace.until)
        yield "grace_until", (part, grace.opened, *days), at
    if record.deadline is not None:
        yield _deadline(part, record.deadline, at)


def _deadline(part: str, deadline: Deadline, at: Cite) -> tuple[str, tuple[str | int, ...], Cite]:
    if deadline.days is not None:
        return "due_days_after", (part, deadline.since, deadline.days), at
    if deadline.working_days is not None:
        return "due_working_days_after", (part, deadline.since, deadline.working_days), at
    return "due_months_after", (part, deadline.since, months_of(deadline) or 0), at
