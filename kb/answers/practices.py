"""Duties that a practice keeps, such as a report: what is to be done beside handing in papers.

Whether they are kept, and whether it is time, the rules decide (`09_duties.dl`,
`15_duty_papers.dl`); here they are gathered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kb.answers.results import MetByPractice, ObligationResult
from kb.base.view import View
from kb.filing.duty_papers import Demand
from kb.model.duty_rows import source_of

GOALS = ("unkept", "kept_perhaps", "text_counts")
"""What is read here of a model beside the duties."""


@dataclass(frozen=True, slots=True)
class DutyByPractice:
    """A duty that a practice keeps, alone or as well as a paper, and when it must be kept."""

    demand: Demand
    duty: ObligationResult


def by_practice(view: View, duties: Iterable[ObligationResult]) -> Iterator[DutyByPractice]:
    """Those of an app's duties that a practice keeps and that are not kept yet, or perhaps not:
    first what is asked for now, then later, then perhaps; of each in the order of the duties."""
    found = [each for each in duties if any(isinstance(m, MetByPractice) for m in each.met_by)]
    demands = {each.part: _demand(view, each) for each in found}
    for demand in Demand:
        for duty in found:
            if demands[duty.part] == demand:
                yield DutyByPractice(demand, duty)


def _demand(view: View, duty: ObligationResult) -> Demand | None:
    """When a duty must be kept; None where it is kept, or its text does not count."""
    if view.has("unkept", duty.part):
        return Demand.NOW
    if duty.not_yet_due and view.has("text_counts", source_of(duty.part)):
        return Demand.LATER
    return Demand.PERHAPS if view.has("kept_perhaps", duty.part) else None
