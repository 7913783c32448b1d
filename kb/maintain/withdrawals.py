"""What is doubtful in texts that withdraw a category."""

from __future__ import annotations

from collections.abc import Iterator

from kb.base.core import Core
from kb.base.results import Finding
from kb.base.versions import standing_on
from kb.model.facts import FactBase
from kb.model.rows import Reading


def doubtful_withdrawals(facts: FactBase) -> Iterator[Finding]:
    """Withdrawals of what no other text has, or none that had begun by then, and of what the same
    text states on the same day."""
    for id, reading in facts.readings.items():
        if not reading.record.withdrawn:
            continue
        category, source = (reading.record.category,), reading.source.id
        others = [r for r in facts.readings_of(category[0]) if not r.record.withdrawn]
        span = facts.places[id]
        if not others:
            yield Finding("withdrawn-unknown", (id,), category, source=source, span=span)
        elif all(other.begins[0] > reading.begins[1] for other in others):
            yield Finding("withdrawn-before", (id,), category, source=source, span=span)
        for other in others:
            if other.source.id == source and _together(reading, other):
                yield Finding("withdrawn-twice", (id,), category, source=source, span=span)
                break


def notes_to_withdrawn(base: Core) -> Iterator[Finding]:
    """Notes that lead only to categories that a text has withdrawn from everybody, as of the base's
    day."""
    readings = base.facts.readings
    stand = [readings[id] for id in standing_on(base, base.day(None))]
    offered = {reading.record.category for reading in stand if not reading.record.withdrawn}
    gone = {
        reading.record.category: reading.source.id
        for reading in stand
        if reading.record.withdrawn and reading.record.category not in offered
    }
    for reading in stand:
        for note in reading.record.references:
            if set(note.categories) <= gone.keys():
                by, span = gone[note.categories[0]], base.facts.places[reading.id]
                key, id = "withdrawn-reference.told", reading.id
                yield Finding(key, (id,), note.categories, source=by, span=span)


def _together(one: Reading, other: Reading) -> bool:
    """Whether two begin on the same day and are for the same accounts."""
    alike = set(one.record.accounts) == set(other.record.accounts)
    return alike and one.begins == other.begins
