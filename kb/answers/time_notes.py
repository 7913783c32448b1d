"""What an answer notes of a category's days: that it is withdrawn, until when there is time."""

from __future__ import annotations

from collections.abc import Iterator

from kb.answers.missing import MissingDocuments
from kb.answers.results import Note, TimeUntil, Withdrawn
from kb.base.results import Verdict
from kb.model.rows import Reading


def time_notes(
    asked: MissingDocuments, category: str, readings: list[Reading], verdict: Verdict
) -> Iterator[Note]:
    """That a category is withdrawn, and until when there is time for what is asked for anew."""
    view = asked.view
    if verdict == Verdict.NOT_OPEN:
        for version in view.names("gone", category):
            reading = asked.base.facts.readings[version]
            yield Withdrawn(*reading.begins, reading.cite)
    days = {part: int(day) for part, day in view.after("due_by")}
    for reading in readings:
        if view.has("awaited", reading.id) and reading.time in days:
            lacks = () if reading.record.elsewhere else asked.missing([reading])
            yield TimeUntil(days[reading.time], lacks, reading.cite)
