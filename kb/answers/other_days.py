"""What texts say that are not yet in force on the day asked about, or no longer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.base.view import View
from kb.lang.syntax import Cite, Row
from kb.model.days import ending

if TYPE_CHECKING:
    from kb.base.core import Core

GOALS = ("unreached", "service_off_day", "surely_takes_in", "described_off_day", "off_day_doubtful")
"""What is read of a model to tell it."""


@dataclass(frozen=True, slots=True)
class OtherDay:
    """What a text says of a category on days other than the one asked about: to come, it counts
    from some day between two on (day numbers), else it counted through some day between them.
    `perhaps` where it is open whether it is meant for the app."""

    category: str
    source: str
    to_come: bool
    first: int
    last: int
    perhaps: bool
    cite: Cite


def of_service(base: Core, view: View, service: str) -> tuple[OtherDay, ...]:
    """Each text that puts a service under a category on other days only, the nearest to the day."""
    return tuple(
        _other_day(base, row, not view.has("surely_takes_in", service, row[0]))
        for row in view.after("service_off_day", service)
    )


def of_category(base: Core, view: View, category: str) -> tuple[OtherDay, ...]:
    """Each text that says on other days only what a category asks for, the nearest to the day."""
    return tuple(
        _other_day(base, row, view.has("off_day_doubtful", row[0]))
        for row in view.after("described_off_day", category)
    )


def _other_day(base: Core, row: Row, perhaps: bool) -> OtherDay:
    version, when = map(str, row)
    reading = base.facts.readings[version]
    to_come = when == "text_to_come"
    days = reading.begins if to_come else ending(reading.source)
    category = reading.record.category
    return OtherDay(category, reading.source.id, to_come, *days, perhaps, reading.cite)
