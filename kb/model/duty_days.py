"""The shape of the days of duties and of categories: until when there is time, and how often.

A duty is broken only from its due day on. Which day that is, rules compute (`kb/rules/`): here
stands what the source says.
"""

from __future__ import annotations

import datetime
from typing import Annotated

from pydantic import Field, model_validator

from kb.model.schema import Record
from kb.model.shapes import Id

Count = Annotated[int, Field(ge=1, le=10_000)]
"""A number of days, months or years."""


class Grace(Record):
    """More time for those that were there before: whose day under `opened` (an attribute of type
    `day`) is before `opened_before` has time until `until`."""

    opened_before: datetime.date
    until: datetime.date
    opened: Id = "account_opened"


class Deadline(Record):
    """So much time after an event: `since` is the attribute of type `day` that dates it."""

    since: Id
    days: Count | None = None
    working_days: Count | None = None
    months: Count | None = None
    years: Count | None = None

    @model_validator(mode="after")
    def _unit(self) -> Deadline:
        units = (self.days, self.working_days, self.months, self.years)
        if sum(unit is not None for unit in units) != 1:
            raise ValueError("give one of `days`, `working_days`, `months` and `years`")
        return self

    @property
    def span(self) -> tuple[str, int]:
        """The unit, and how many of it."""
        units = ("days", "working_days", "months", "years")
        return next((unit, count) for unit in units if (count := getattr(self, unit)) is not None)


class Renewal(Record):
    """How often a duty is met anew: from the day on which the document in hand was issued, or from
    the event that the attribute `since` (of type `day`) dates."""

    months: Count | None = None
    years: Count | None = None
    since: Id | None = None

    @model_validator(mode="after")
    def _unit(self) -> Renewal:
        if (self.months is None) == (self.years is None):
            raise ValueError("give one of `months` and `years`")
        return self


class Due(Record):
    """A part that gives time: until `due` to everybody, until the end of a `grace` or of a
    `deadline` to those that have it."""

    due: datetime.date | None = None
    grace: Grace | None = None
    deadline: Deadline | None = None

    @property
    def times(self) -> bool:
        """Whether it gives time at all."""
        return any(each is not None for each in (self.due, self.grace, self.deadline))


class Dated(Due):
    """A duty or a prohibition with days of its own; without them it counts as long as its text.

    Until `due` nobody breaks it, until the end of a `grace` or of a `deadline` not those that have
    it. `ends` is the last day on which it counts, `revoked` the first on which it no longer does.
    """

    ends: datetime.date | None = None
    revoked: datetime.date | None = None

    @model_validator(mode="after")
    def _one_end(self) -> Dated:
        if self.ends is not None and self.revoked is not None:
            raise ValueError("give one of `ends` and `revoked`")
        return self


def months_of(record: Deadline | Renewal) -> int | None:
    """The months that a period has; None where it is counted in days."""
    return record.years * 12 if record.years is not None else record.months
