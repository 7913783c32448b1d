"""Checks of the days of duties, prohibitions and categories."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from kb.lang.problems import Problem
from kb.model.duty_days import Dated, Due
from kb.model.vocabulary import Vocabulary
from kb.model.yamlread import Document
from kb.model.yamlread import Path as Place

EVENTS = ("since", "opened")
"""Keys in the days of a part that name attributes of type `day`."""


def check_days(
    vocabulary: Vocabulary, record: Due, document: Document, place: Place
) -> Iterator[Problem]:
    """Events are told by days; what is over before it is due, or gives no time, is a slip."""
    for part in ("grace", "deadline", "renewal"):
        for key in EVENTS:
            id = getattr(getattr(record, part, None), key, None)
            at = (*place, part, key)
            if id is not None:
                yield from vocabulary.unknown("attribute", (id,), document, at)
                yield from _dated(vocabulary, id, document, at)
    if isinstance(record, Dated):
        yield from _over_before_due(record, document, place)
    grace = record.grace
    if grace is not None and grace.until <= grace.opened_before:
        yield Problem(
            "days",
            f"those before `{grace.opened_before}` are given no time until `{grace.until}`",
            document.span((*place, "grace", "until")),
            "`until` is the later day",
        )


def _over_before_due(record: Dated, document: Document, place: Place) -> Iterator[Problem]:
    over = record.revoked or (record.ends and record.ends + datetime.timedelta(days=1))
    if record.due is not None and over is not None and over <= record.due:
        yield Problem(
            "days",
            f"it is over before it is due on `{record.due}`: nobody ever has to keep it",
            document.span((*place, "ends" if record.ends else "revoked")),
            "leave it out, or mend one of the days",
        )


def _dated(vocabulary: Vocabulary, id: str, document: Document, place: Place) -> Iterator[Problem]:
    """Events are told by days."""
    attribute = vocabulary.attributes.get(id)
    if attribute is not None and attribute.type != "day":
        yield Problem(
            "type",
            f"the attribute `{id}` can not be answered by a day",
            document.span(place),
            "name an attribute of type `day`",
        )
