"""Papers that are told of because of their days: run out, not valid yet, about to run out."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from kb.model.apps import Holding
from kb.model.days import FIRST, LAST, date


class PaperState(StrEnum):
    """How a paper stands to the day asked about: its last day is over, its first day is to come,
    its last day is near; or it has become valid between two days."""

    RUN_OUT = "run_out"
    NOT_YET_VALID = "not_yet_valid"
    RUNS_OUT = "runs_out"
    NOW_VALID = "now_valid"


@dataclass(frozen=True, slots=True)
class PaperNote:
    """A paper (the id of its document), whose it is, None where the profile does not say, and its
    last day in ISO form, or its first where it is not valid yet or now is. `left` is how many days
    are left where it runs out soon; `party` is the one whose own it is, or with whom, by name."""

    state: PaperState
    document: str
    holder: str | None
    day: str
    left: int | None = None
    party: str | None = None


def papers_on(holds: Iterable[Holding], day: int, warn_days: int = 0) -> tuple[PaperNote, ...]:
    """The papers that are not valid on a day, and those that run out within so many days after
    it; each once, in the order of the profile."""
    return tuple(dict.fromkeys(_on(holds, day, warn_days)))


def _on(holds: Iterable[Holding], day: int, warn_days: int) -> Iterator[PaperNote]:
    for paper in holds:
        first, last = paper.valid_from or FIRST, paper.valid_until or LAST
        if last < day:
            yield _note(PaperState.RUN_OUT, paper, last)
        elif day < first:
            yield _note(PaperState.NOT_YET_VALID, paper, first)
        elif warn_days and (left := (date(last) - date(day)).days) <= warn_days:
            yield _note(PaperState.RUNS_OUT, paper, last, left)


def papers_until(holds: Iterable[Holding], day: int, end: datetime.date) -> tuple[PaperNote, ...]:
    """The papers that are valid on a day and run out before another, the `end` of what is done with
    them; each once, in the order of the profile."""
    valid = (paper for paper in holds if paper.valid_on(day))
    found = papers_on(valid, day, max((end - date(day)).days - 1, 0))
    return tuple(note for note in found if note.state == PaperState.RUNS_OUT)


def papers_ending(holds: Iterable[Holding], day: int) -> tuple[PaperNote, ...]:
    """The papers that are valid on a day and have a last one, however far it is; each once, in the
    order of the profile."""
    return papers_until((paper for paper in holds if paper.valid_until), day, datetime.date.max)


def papers_between(holds: Iterable[Holding], first: int, last: int) -> tuple[PaperNote, ...]:
    """The papers that are valid on one of two days alone; each once, in the order of the
    profile."""
    found = [
        _note(PaperState.RUN_OUT, paper, paper.valid_until or LAST)
        if paper.valid_on(first)
        else _note(PaperState.NOW_VALID, paper, paper.valid_from or FIRST)
        for paper in holds
        if paper.valid_on(first) != paper.valid_on(last)
    ]
    return tuple(dict.fromkeys(found))


def _note(state: PaperState, paper: Holding, day: int, left: int | None = None) -> PaperNote:
    on = date(day).isoformat()
    return PaperNote(state, paper.document, paper.holder, on, left, paper.party)
