"""Days of papers in hand that an interview asks for: when issued, and from when to when valid.

What a paper must state of its days (a last day of validity in three months or later) is not asked
for as words: whether the paper is in hand is, and then the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from kb.base.view import View
from kb.interview.state import Replies, Reply, own
from kb.lang.syntax import Facts
from kb.model.apps import App, Holding
from kb.model.in_hand import may_be
from kb.model.requirements import Need
from kb.model.stating import HELD_DAYS, copy_of, days_in
from kb.model.vocabulary import Vocabulary

LONG_AGO = 19000101
"""A day for which every period is over."""
FAR = 29991231
"""A day that every period reaches."""
Waiting: TypeAlias = tuple[str, str, str]
"""What rests on a day, the key of the day, and the need (an id) that its paper answers."""
Told: TypeAlias = Mapping[tuple[str, str], int | None]
"""Days by their key and the need (an id) that a paper answers; None where nobody knows."""


def told_days(replies: Replies) -> Told:
    """The days that were answered."""
    return {
        (reply.kind, reply.subject): reply.answer if isinstance(reply.answer, int) else None
        for reply in replies
        if reply.kind in HELD_DAYS
    }


def day_replies(key: str, need: str, as_of: int) -> list[Reply]:
    """The days that may matter of a paper: the day asked about, and those so far away that every
    period is over or reaches them; no paper is issued in time to come."""
    days = (as_of, LONG_AGO, *(() if key == "issued" else (FAR,)))
    return [Reply(key, need, day) for day in days]


def every_day(others: Iterable[Waiting], as_of: int) -> Iterator[tuple[Reply, ...]]:
    """All days that are waited for as near, as long ago, and as far away as they can be."""
    waiting = sorted({(key, need) for _, key, need in others if key in HELD_DAYS})
    replies = [day_replies(key, need, as_of) for key, need in waiting]
    for at in range(max(map(len, replies), default=0)):
        yield tuple(each[min(at, len(each) - 1)] for each in replies)
    if not replies:
        yield ()


def unsaid(
    resting: Iterable[tuple[str, Need]], app: App, vocabulary: Vocabulary
) -> Iterator[Waiting]:
    """What rests on a need that asks something of a day, of which a paper in hand that may answer
    it says nothing."""
    for thing, need in resting:
        own = [each for each in app.papers if each.count and may_be(each, need, vocabulary)]
        for key in dict.fromkeys(days_in(need.must_state, vocabulary).values()):
            if not all(_says(each, key, vocabulary) for each in own):
                yield thing, key, Need(need.document, need.holder).id


def undated(view: View, app: App, rows: Facts) -> Iterator[Waiting]:
    """The duties of the app's own side that wait for the day on which a paper in hand was issued,
    and the need that it answers."""
    waiting = set(view.after("undated_copy_open"))
    binding = own(view)
    bare = {(h.document, h.holder) for h in app.papers if h.count and h.issued is None}
    for part, document, holder in rows.get("met_by_document", ()):
        lists = (document, holder) in bare or (document, None) in bare
        if lists and part in binding and (part, document) in waiting:
            yield str(part), "issued", Need(str(document), str(holder)).id


def with_days(app: App, told: Told, needs: Mapping[str, Need], vocabulary: Vocabulary) -> App:
    """The app with the days that were answered, where a paper says none."""
    days = [(key, needs[id], day) for (key, id), day in told.items() if day]
    if not days:
        return app

    def dated(holding: Holding, holder: str | None) -> Holding:
        whose = replace(holding, holder=holder)
        found: dict[str, Any] = {
            key: day
            for key, need, day in reversed(days)
            if may_be(whose, need, vocabulary) and not _says(holding, key, vocabulary)
        }
        return replace(holding, **found)

    return replace(
        app,
        holds=tuple(dated(each, each.holder) for each in app.holds),
        parties=tuple(
            replace(party, holds=tuple(dated(each, party.role) for each in party.holds))
            for party in app.parties
        ),
    )


def _says(holding: Holding, key: str, vocabulary: Vocabulary) -> bool:
    """Whether a paper tells a day of it, under its own key or among what it states."""
    if getattr(holding, key) is not None:
        return True
    return key in copy_of(holding.states, {}, vocabulary).said
