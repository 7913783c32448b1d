"""The parts of a filing plan, as data: steps, items, checks, what comes before, who files."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TypeAlias

from kb.base.results import Certainty, DocumentNeed, Standing, Verdict
from kb.lang.syntax import Cite
from kb.model.duty_rows import source_of
from kb.model.schema import Label


@dataclass(frozen=True, slots=True)
class StepItem:
    """Something that a step needs, surely or perhaps; `document` when it is one."""

    part: str
    certainty: Certainty
    document: str | None
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class StepCheck:
    """A fact that must hold at a step; `attribute` is what the profile says it by."""

    part: str
    verdict: Verdict
    attribute: str | None
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class PlanStep:
    """A step of the procedure.

    `part` is its id in the facts, `id` the last part of that; `after` names the steps before it.
    `working_days` is the least and the most that it takes, None where the source gives no time;
    `hours` what comes on top. `ends` are the first and the last day on which it may end, in a plan
    with dates. `uncertain` when it is open whether the step is to be taken.
    """

    part: str
    actor: str
    working_days: tuple[int, int] | None
    hours: int | None
    needs: tuple[StepItem, ...]
    checks: tuple[StepCheck, ...]
    after: tuple[str, ...]
    on_failure: Label | None
    note: Label | None
    returns_to: str | None
    uncertain: bool
    cites: tuple[Cite, ...]
    ends: tuple[datetime.date, datetime.date] | None = None

    @property
    def id(self) -> str:
        """The id within its text."""
        return self.part.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Precondition:
    """A duty that comes before an event, and the step that is that event, if one is."""

    part: str
    bearer: str
    event: str
    before_step: str | None
    verdict: Verdict
    standing: Standing
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class PlanActor:
    """Who files or answers, by which text; `uncertain` when it is open whether this one is."""

    actor: str
    source: str
    uncertain: bool


@dataclass(frozen=True, slots=True)
class PlanGap:
    """Something that a text which applies leaves out."""

    source: str
    what: Label
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CategoryAsked:
    """What a category of the answer still asks for; `one_of_several` when other documents would do
    as well, or perhaps must do. One is `in_vain` where the app may not offer what it is for."""

    category: str
    verdict: Verdict
    missing: tuple[DocumentNeed, ...]
    cites: tuple[Cite, ...]
    name: str | None = None
    one_of_several: bool = False
    in_vain: bool = False


@dataclass(frozen=True, slots=True)
class MaterialResult:
    """Something to hand in for a filing, surely or perhaps; `part_of` is the material that it
    belongs to, `document` what the vocabulary has for it."""

    part: str
    certainty: Certainty
    document: str | None
    part_of: str | None
    cites: tuple[Cite, ...]

    @property
    def source(self) -> str:
        """The text that asks for it."""
        return source_of(self.part)


@dataclass(frozen=True, slots=True)
class UntimedSteps:
    """The source gives no time for some steps, so they are counted as taking none."""


@dataclass(frozen=True, slots=True)
class HolidaysUnknown:
    """The holidays of a year are not known: weekends alone are left out."""

    year: int


PlanNote: TypeAlias = UntimedSteps | HolidaysUnknown
