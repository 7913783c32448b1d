"""The filing plan: what comes before it, its steps with order, items, checks and time, who files.

What comes before are the duties that precede an event (a permit the filing, the filing the release)
and what the categories of the platform ask for: without them a step can not be taken.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from kb.base import outlays
from kb.base.bans import Ban
from kb.base.exemptions import ExemptionResult
from kb.base.outlays import OutlayResult, outlays_of
from kb.base.papers import PaperNote, papers_until
from kb.base.rendered import Rendered
from kb.base.results import Certainty, Verdict
from kb.base.view import View
from kb.filing import duty_days, duty_papers
from kb.filing.duty_days import DutyDay
from kb.filing.duty_papers import DutyPapers
from kb.filing.schedule import Dates, dated, durations
from kb.filing.steps import (
    CategoryAsked,
    HolidaysUnknown,
    MaterialResult,
    PlanActor,
    PlanGap,
    PlanNote,
    PlanStep,
    Precondition,
    StepCheck,
    StepItem,
    UntimedSteps,
)
from kb.lang.syntax import Cite
from kb.model.apps import Holding
from kb.model.days import date
from kb.model.duty_rows import part_id, source_of
from kb.model.names import Names

if TYPE_CHECKING:
    import networkx as nx

    from kb.base.core import Core

GOALS = (
    "takes",
    "takes_after",
    "needs_item",
    "must_hold",
    "filed_by",
    "answered_by",
    "text_applies",
    "hands_in",
    "part_waits",
    *duty_days.GOALS,
    *duty_papers.GOALS,
    *outlays.GOALS,
)
"""The relations that a plan is read from."""


@dataclass(frozen=True, repr=False)
class Plan(Rendered):
    """The steps of an app's filing, in an order that keeps what comes before before.

    `working_days` is the least and the most for the whole as far as its text gives times, None
    where it gives none; `hours` is what comes on top of them; `critical` names the steps on the
    longest way. `preconditions` are duties that come before an event; `categories` what the
    platform's categories still ask for; `materials` what is to hand in, in the order of the texts;
    `gaps` what the texts that apply leave out; `deadlines` the days of duties and prohibitions;
    `outlays` what the categories, and the documents that are still asked for or handed in, cost and
    take; `exemptions` those of the profile; `papers` those in hand that run out before its last
    day; `duty_papers` those by which duties are kept; `bans` what
    the app is forbidden, which no filing helps against. There are no steps when who files is known
    and the procedure is not.
    """

    steps: tuple[PlanStep, ...]
    working_days: tuple[int, int] | None
    hours: int
    critical: tuple[str, ...]
    files: tuple[PlanActor, ...]
    answers_for: tuple[PlanActor, ...]
    preconditions: tuple[Precondition, ...]
    categories: tuple[CategoryAsked, ...]
    notes: tuple[PlanNote, ...]
    gaps: tuple[PlanGap, ...]
    dates: Dates | None
    lang: str
    names: Names = field(compare=False)
    materials: tuple[MaterialResult, ...] = ()
    deadlines: tuple[DutyDay, ...] = ()
    outlays: tuple[OutlayResult, ...] = ()
    exemptions: tuple[ExemptionResult, ...] = ()
    papers: tuple[PaperNote, ...] = ()
    duty_papers: tuple[DutyPapers, ...] = ()
    bans: tuple[Ban, ...] = ()

    def graph(self) -> nx.DiGraph[str]:
        """The plan as a graph: an edge from each step to those that come after it, weighted with
        the most working days of the later one; and from each precondition to its step."""
        import networkx as nx

        def label(kind: str, id: str) -> str:
            return self.names.label(kind, id, self.lang)

        graph: nx.DiGraph[str] = nx.DiGraph()
        for step in self.steps:
            graph.add_node(
                step.id, label=label("part", step.part), actor=label("actor", step.actor)
            )
        for step in self.steps:
            most = step.working_days[1] if step.working_days else 0
            for before in step.after:
                graph.add_edge(before, step.id, working_days=most)
        for duty in self.preconditions:
            if duty.before_step:
                named = label("part", duty.part), label("actor", duty.bearer)
                graph.add_node(duty.part, label=named[0], actor=named[1])
                graph.add_edge(duty.part, duty.before_step, working_days=0)
        return graph


def plan(
    base: Core,
    view: View,
    start: datetime.date | None = None,
    lang: str = "zh",
    categories: Iterable[CategoryAsked] = (),
    exemptions: tuple[ExemptionResult, ...] = (),
    bans: tuple[Ban, ...] = (),
) -> Plan | None:
    """The filing plan of an app; None when neither a procedure nor who files nor what to hand in is
    known for it, and no duty of it has days.

    `view` is the app's model, with `GOALS`. With `start` each step gets its earliest and latest end
    as dates. `categories`, `exemptions` and `bans` are those of the app's answer; `lang` is what
    the plan is shown in.
    """
    deadlines = duty_days.duty_days(base, view)
    if not deadlines and not any(map(view.has, ("takes", "filed_by", "hands_in"))):
        return None
    return _Planning(base, view, deadlines, exemptions, bans).plan(start, lang, tuple(categories))


def with_papers(plan: Plan, holds: Iterable[Holding], day: int) -> Plan:
    """The plan with the papers in hand on a day that run out before its last; without a start of
    its own it begins on that day."""
    holds = [held for held in holds if held.valid_until is not None]
    if not holds:
        return plan
    dates = plan.dates or dated(plan.steps, date(day))[1]
    papers = papers_until(holds, day, dates.latest)
    return replace(plan, papers=papers) if papers else plan


@dataclass
class _Planning:
    base: Core
    view: View
    deadlines: tuple[DutyDay, ...]
    exemptions: tuple[ExemptionResult, ...]
    bans: tuple[Ban, ...]

    def plan(
        self, start: datetime.date | None, lang: str, categories: tuple[CategoryAsked, ...]
    ) -> Plan:
        taken = {str(p): str(x) for p, x in self.view.after("takes")}
        steps = tuple(self.steps(taken))
        least, most, critical = durations(steps)
        notes: list[PlanNote] = []
        if any(not (step.working_days or (0, 0))[1] and not step.hours for step in steps):
            notes.append(UntimedSteps())
        dates = None
        if start is not None:
            steps, dates, unknown = dated(steps, start)
            notes += map(HolidaysUnknown, unknown)
        of_duties = duty_papers.duty_papers(self.base, self.view, self.deadlines)
        return Plan(
            steps,
            (least, most) if any(step.working_days for step in steps) else None,
            sum(step.hours or 0 for step in steps),
            critical,
            tuple(self.actors("filed_by")),
            tuple(self.actors("answered_by")),
            self.preconditions(taken),
            categories,
            tuple(notes),
            tuple(self.gaps()),
            dates,
            lang,
            self.base.facts.names,
            (materials := tuple(self.materials())),
            self.deadlines,
            tuple(self.outlays(categories, materials, of_duties)),
            self.exemptions,
            duty_papers=of_duties,
            bans=self.bans,
        )

    def outlays(
        self,
        categories: tuple[CategoryAsked, ...],
        materials: Iterable[MaterialResult],
        of_duties: Iterable[DutyPapers],
    ) -> Iterator[OutlayResult]:
        """What the categories, and the documents that are still to be had, cost and take."""
        asked = {each.category for each in categories}
        documents = {needed.document for each in categories for needed in each.missing}
        documents.update(each.document for each in materials if each.document)
        documents.update(paper.document for each in of_duties for paper in each.papers)
        for outlay in outlays_of(self.base, self.view.after("states_outlay")):
            if outlay.category in asked or outlay.document in documents:
                yield outlay

    def steps(self, taken: Mapping[str, str]) -> Iterator[PlanStep]:
        """The steps that are taken (each with who takes it), in their order."""
        records = self.base.provisions.steps
        after = {p: self.view.names("takes_after", p) for p in taken}
        for part in self.ordered(taken, after):
            record = records[part]
            yield PlanStep(
                part,
                taken[part],
                record.working_days,
                record.hours,
                tuple(self.needs(part)),
                tuple(self.checks(part)),
                tuple(q.partition(":")[2] for q in after[part]),
                record.on_failure,
                record.note,
                record.returns_to,
                self.view.has("part_waits", part),
                self.cites("step", part, taken[part]),
            )

    def actors(self, relation: str) -> Iterator[PlanActor]:
        """Actors with the text that names them: an app may answer to several, and of some it is
        open whether they are meant."""
        for part, actor in self.view.after(relation):
            source = source_of(str(part))
            yield PlanActor(str(actor), source, self.view.has("part_waits", part))

    def materials(self) -> Iterator[MaterialResult]:
        """What is to hand in, surely or perhaps, with the lines that say so."""
        order = self.base.provisions.order
        records = self.base.provisions.materials
        found = [(str(part), str(how)) for part, how in self.view.after("hands_in")]
        for part, how in sorted(found, key=lambda row: order[row[0]]):
            source, material = records[part]
            whole = part_id(source, material.part_of) if material.part_of else None
            cites = (Cite(source, material.lines),)
            yield MaterialResult(part, Certainty(how), material.document, whole, cites)

    def gaps(self) -> Iterator[PlanGap]:
        """What the excerpts of the texts that apply leave out."""
        for source in sorted(self.view.names("text_applies")):
            for gap in self.base.facts.files[source].gaps:
                yield PlanGap(source, gap, gap.lines)

    def ordered(self, taken: Mapping[str, str], after: Mapping[str, list[str]]) -> list[str]:
        """Steps after those that come before them, otherwise in the order of the text."""
        place = self.base.provisions.order
        sorter = TopologicalSorter({part: after[part] for part in taken})
        sorter.prepare()
        ready, found = list(sorter.get_ready()), []
        while ready:
            first = min(ready, key=lambda part: place[part])
            ready.remove(first)
            found.append(first)
            sorter.done(first)
            ready.extend(sorter.get_ready())
        return found

    def needs(self, part: str) -> Iterator[StepItem]:
        """The items that a step needs."""
        for item, how in self._items("needs_item", part):
            documents = self.base.provisions.documents.get(item, ())
            yield StepItem(
                item,
                Certainty(how),
                documents[0][0] if documents else None,
                self.cites("step_need", part, item),
            )

    def checks(self, part: str) -> Iterator[StepCheck]:
        """The facts that must hold at a step."""
        for item, verdict in self._items("must_hold", part):
            practices = self.base.provisions.practices.get(item)
            yield StepCheck(
                item,
                Verdict(verdict),
                practices[0][0] if practices else None,
                self.cites("step_check", part, item),
            )

    def preconditions(self, taken: Iterable[str]) -> tuple[Precondition, ...]:
        """Duties that come before an event, in the order of the events: the permit before the
        filing, the filing before the release. An event may be one of the steps."""
        events = {term.id: n for n, term in enumerate(self.base.facts.names.of("event"))}
        records = self.base.provisions.steps
        step_of = {records[part].event: records[part].id for part in taken}
        found = []
        for row in self.view.after("obligation"):
            part, bearer, verdict = map(str, row)
            for (event,) in self.base.provisions.before.get(part, ()):
                duty = Precondition(
                    part,
                    bearer,
                    event,
                    step_of.get(event),
                    Verdict(verdict),
                    self.base.provisions.standing(part),
                    self.cites("duty", part, bearer),
                )
                found.append((events[event], self.base.provisions.order[part], duty))
        return tuple(duty for _, _, duty in sorted(found, key=lambda entry: entry[:2]))

    def cites(self, relation: str, *row: str) -> tuple[Cite, ...]:
        """The lines that state a row."""
        cite = self.base.cite(relation, row)
        return (cite,) if cite else ()

    def _items(self, relation: str, part: str) -> list[tuple[str, str]]:
        order = self.base.provisions.order
        rows = [(str(item), str(how)) for item, how in self.view.after(relation, part)]
        return sorted(rows, key=lambda row: order[row[0]])
