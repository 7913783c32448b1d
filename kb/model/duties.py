"""The shape of what sources say beyond categories: duties, prohibitions, procedures, authorities.

Wherever `when` (or `unless`) stands it names conditions of the vocabulary: all of `when` must be
met and none of `unless`; each condition is three-valued, as everywhere.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from kb.model.duty_days import Dated, Renewal
from kb.model.schema import Label, Record
from kb.model.shapes import Id, Ids, Lines


class Conditional(Record):
    """A part that holds under conditions."""

    when: Ids = ()
    unless: Ids = ()


class MetBy(Record):
    """One way to meet a duty: a `document` in hand, a `practice` that the profile declares (a flag
    attribute), or an `outside` fact that it tells (a flag attribute)."""

    document: Id | None = None
    holder: Id = "applicant"
    practice: Id | None = None
    outside: Id | None = None

    @model_validator(mode="after")
    def _one_way(self) -> MetBy:
        if sum(way is not None for way in (self.document, self.practice, self.outside)) != 1:
            raise ValueError("give one of `document`, `practice` and `outside`")
        return self


class Consequence(Label):
    """What follows on a breach. `deadline` is as the source gives it (it may give none)."""

    id: Id
    kind: Literal[
        "take_down", "cut_off", "shut_down", "grey_list", "black_list", "joint_action", "rejection"
    ]
    by: Ids = ()
    after: Id | None = None
    deadline: Label | None = None
    lines: Lines


class PartUnclear(Label, Conditional):
    """A passage that leaves open whether, or how far, a duty or a prohibition binds: where all of
    `when` are met and none of `unless`, and from the day `since`, on which it came up. One of a
    duty that asks for a paper and does not say which names those that it may mean (`which_of`, of
    the applicant): all of them in hand meet the duty, some leave it open."""

    since: datetime.date | None = None
    which_of: Ids = ()
    lines: Lines

    @model_validator(mode="after")
    def _two_papers(self) -> PartUnclear:
        if len(self.which_of) == 1:
            raise ValueError("`which_of` names two papers or more")
        return self


class Duty(Label, Conditional, Dated):
    """Something that its bearer must do or have. Any one of `met_by` meets it; without one the
    answer can only name it. A duty with `before` is a precondition of that event.

    One with `renewal` is met for a period: by a document in hand for so long from the day of its
    issue, or by the event that the renewal names, and then by nothing else."""

    id: Id
    bearer: Id
    met_by: tuple[MetBy, ...] = ()
    before: Id | None = None
    renewal: Renewal | None = None
    breach: Ids = ()
    unclear: tuple[PartUnclear, ...] = ()
    note: Label | None = None
    lines: Lines

    @model_validator(mode="after")
    def _renewed(self) -> Duty:
        if self.renewal is None:
            return self
        documents = [way.document for way in self.met_by if way.document]
        if self.renewal.since is not None and self.met_by:
            raise ValueError("a renewal `since` an event is met by it alone: leave out `met_by`")
        if self.renewal.since is None and (not documents or len(documents) < len(self.met_by)):
            raise ValueError(
                "a renewal without `since` counts from the issue of a document: "
                "`met_by` names documents alone"
            )
        return self


class Prohibition(Label, Conditional, Dated):
    """Something forbidden: violated when its conditions are met and the app offers one of
    `services`, or declares one of the `practices` (flag attributes); by its conditions alone when
    neither is given."""

    id: Id
    bearer: Id
    services: Ids = ()
    practices: Ids = ()
    breach: Ids = ()
    unclear: tuple[PartUnclear, ...] = ()
    note: Label | None = None
    lines: Lines


class StepNeed(Label, Conditional):
    """An item that a step needs; `document` when it is one of the vocabulary."""

    document: Id | None = None
    holder: Id = "applicant"
    lines: Lines


class StepCheck(Label, Conditional):
    """A fact that must hold at a step: `practice` is the flag attribute that says so."""

    id: Id
    practice: Id
    lines: Lines


class Step(Label, Conditional):
    """A step of a procedure: who acts, what comes before, how long it takes (working days, or
    hours), what it needs, and where a failure leads. `event` is what the step is or opens: what
    comes before that event comes before the step."""

    id: Id
    actor: Id
    after: Ids = ()
    working_days: Annotated[tuple[int, int], Field()] | None = None
    hours: int | None = None
    needs: tuple[StepNeed, ...] = ()
    checks: tuple[StepCheck, ...] = ()
    on_failure: Label | None = None
    returns_to: Id | None = None
    event: Id | None = None
    note: Label | None = None
    lines: Lines


class Examination(Label, Conditional):
    """An authority examines something; `materials` are ids of the source's materials."""

    authority: Id
    materials: Ids = ()
    leads: bool = False
    lines: Lines


class Material(Label, Conditional):
    """Something to hand in. `part_of` names the material that it belongs to."""

    id: Id
    document: Id | None = None
    part_of: Id | None = None
    lines: Lines


class Filer(Label, Conditional):
    """Who files, and who answers for what is filed."""

    files: Ids
    answers: Ids
    lines: Lines


class Range(Label, Conditional):
    """Which apps a text is about: `within` or `outside` its range, or a `type` that it names."""

    id: Id
    what: Literal["within", "outside", "type"]
    lines: Lines


class Gap(Label):
    """A heading under which an excerpt has no text."""

    lines: Lines
