"""The exemptions of a profile as an answer tells them: what they stand for, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kb.base.results import Word
from kb.base.view import View
from kb.model.days import date
from kb.model.exemptions import Exemption

GOALS = ("lifted", "duty_lifted")
"""What is asked of the rules."""


class ExemptionState(Word):
    """How an exemption stands to the day asked about."""

    HOLDS = "holds"
    OVER = "over"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class ExemptionResult:
    """An exemption from a category or a duty (`thing`, an id), who granted it, its first and last
    day in ISO form (None: no such limit); `counts` when something counts as met because of it."""

    state: ExemptionState
    thing: str
    by: str
    since: str | None
    until: str | None
    note: str | None
    counts: bool

    @property
    def duty(self) -> bool:
        """Whether it is from a duty: the id of one names its source first."""
        return ":" in self.thing


def exemptions_on(
    exemptions: Iterable[Exemption], day: int, view: View | None = None
) -> tuple[ExemptionResult, ...]:
    """The exemptions as they stand on a day (a day number), each once; `view` is the app's model
    on that day, with `GOALS`."""
    return tuple(dict.fromkeys(_on(exemptions, day, view)))


def _on(exemptions: Iterable[Exemption], day: int, view: View | None) -> Iterator[ExemptionResult]:
    for each in exemptions:
        first, last = each.stretch
        state = ExemptionState.HOLDS
        if day < first or last < day:
            state = ExemptionState.NOT_YET if day < first else ExemptionState.OVER
        counts = view is not None and any(view.has(name, each.thing) for name in GOALS)
        yield ExemptionResult(
            state,
            each.thing,
            each.by,
            None if each.since is None else date(each.since).isoformat(),
            None if each.until is None else date(each.until).isoformat(),
            each.note,
            counts and state == ExemptionState.HOLDS,
        )


def exemptions_between(
    exemptions: Iterable[Exemption], first: int, last: int
) -> tuple[ExemptionResult, ...]:
    """Those that hold on one of two days alone, as they stand on the last."""
    moved = [
        each
        for each in exemptions
        if len({each.stretch[0] <= day <= each.stretch[1] for day in (first, last)}) > 1
    ]
    return exemptions_on(moved, last)
