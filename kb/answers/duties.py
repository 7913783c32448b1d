"""Duties and prohibitions of the texts that bear on an app, and what they leave open."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from kb.answers.clarification import question
from kb.answers.open_points import (
    CalendarUnknown,
    DutyOpen,
    DutyUnclear,
    IssueUnknown,
    OpenPoint,
    TextDayUnsure,
    TextOpen,
)
from kb.answers.results import (
    Breach,
    GapResult,
    MetBy,
    MetByDocument,
    MetByPractice,
    ObligationResult,
    TextProhibits,
    TextResult,
)
from kb.base.results import AttributeQuestion, Standing, Verdict
from kb.base.view import View
from kb.filing import duty_days
from kb.filing.duty_papers import duty_papers
from kb.lang.syntax import Cite
from kb.model.days import beginning
from kb.model.duties import Duty, Prohibition
from kb.model.duty_rows import part_id, source_of, unclear_id
from kb.model.schema import Label

if TYPE_CHECKING:
    from kb.base.core import Core

GOALS = (
    "obligation",
    "ban",
    "text_applies",
    "text_open",
    "text_near",
    "text_counts",
    "text_attribute",
    "text_day",
    "part_attribute",
    "part_vague",
    "part_waits",
    "part_failed",
    "app_value",
    "waits_for",
    "undated_copy_open",
    "vague_undecided",
    "uncounted_open",
    *duty_days.GOALS,
)
"""The relations that this module reads."""


class Duties:
    """What the texts beyond categories say of an app."""

    def __init__(self, base: Core, view: View) -> None:
        self.base = base
        self.view = view
        self.deadlines = duty_days.duty_days(base, view)
        self.papers = duty_papers(base, view, self.deadlines)

    def standing(self, part: str) -> Standing:
        """The standing of a part's source."""
        return self.base.provisions.standing(part)

    def own(self, bearer: str) -> bool:
        """Whether a bearer is on the app's side."""
        return bearer in self.base.provisions.own_side

    def cites(self, relation: str, *row: str) -> tuple[Cite, ...]:
        """The lines that state a row."""
        cite = self.base.cite(relation, row)
        return (cite,) if cite else ()

    def texts(self) -> Iterator[TextResult]:
        """The texts that apply, each with its standing and the headings that an excerpt leaves
        without text; then those of a place served that perhaps apply and do not count, so that no
        verdict hangs on it, each with what to ask."""
        for source in sorted(self.view.names("text_applies")):
            yield self._text(source, True)
        counting, near = self.view.names("text_counts"), self.view.names("text_near")
        for source in sorted(set(self.view.names("text_open")) & set(near) - set(counting)):
            asked = (
                question(self.base, name, self._vague(self._gates(source), name))
                for name in self.view.names("text_attribute", source)
            )
            yield self._text(source, None, *(each for each in asked if each))

    def _text(self, source: str, applies: bool | None, *ask: AttributeQuestion) -> TextResult:
        record = self.base.facts.sources[source]
        gaps = tuple(
            GapResult(source, gap, gap.lines) for gap in self.base.facts.files[source].gaps
        )
        return TextResult(
            source,
            Standing(record.standing),
            record.excerpt,
            applies,
            ask,
            gaps,
            tuple(self._perhaps_forbids(source)),
        )

    def _perhaps_forbids(self, source: str) -> Iterator[TextProhibits]:
        """Prohibitions on what the app does that are perhaps meant for it, in a text that no
        verdict hangs on: with the others, an open point tells of them."""
        if source in self.view.names("text_counts"):
            return
        surely = {str(p) for p, _, verdict in self.view.after("ban") if verdict == "prohibited"}
        for record in self.base.facts.files[source].prohibitions:
            part = part_id(source, record.id)
            does = any(self.view.has("app_value", "services", s) for s in record.services) or any(
                self.view.has("app_value", practice, "yes") for practice in record.practices
            )
            open_ = part not in surely and not self.view.has("part_failed", part)
            if does and open_ and self.own(record.bearer):
                yield self._forbids(part, record.bearer)

    def obligations(self) -> Iterator[ObligationResult]:
        """Every duty of the app's own side, in the order of the texts."""
        found = [(str(p), str(x), str(v)) for p, x, v in self.view.after("obligation")]
        order = self.base.provisions.order
        for part, bearer, verdict in sorted(found, key=lambda f: order[f[0]]):
            if self.own(bearer):
                yield ObligationResult(
                    part,
                    Verdict(verdict),
                    self.standing(part),
                    bearer,
                    tuple(self.met_by(part)),
                    tuple(self.breach(part)),
                    self.note(part),
                    self.cites("duty", part, bearer),
                    tuple(day for day in self.deadlines if day.part == part),
                    self.view.has("not_yet_due", part) and not self.view.has("part_met", part),
                )

    def met_by(self, part: str) -> Iterator[MetBy]:
        """How a duty can be met."""
        for document, holder in self.base.provisions.documents.get(part, ()):
            yield MetByDocument(document, holder)
        for (attribute,) in self.base.provisions.practices.get(part, ()):
            yield MetByPractice(attribute)

    def breach(self, part: str) -> Iterator[Breach]:
        """What follows when a part is not kept: by whom, after what, within what time."""
        source = source_of(part)
        records = {part_id(source, c.id): c for c in self.base.facts.files[source].consequences}
        for (id,) in self.base.provisions.breaches.get(part, ()):
            record = records[id]
            after = part_id(source, record.after) if record.after else None
            cite = Cite(source, record.lines)
            yield Breach(id, record.kind, record.by, after, record.deadline, cite)

    def note(self, part: str) -> Label | None:
        """What is noted of a duty or a prohibition, and what leaves open whether it binds this
        app."""
        source = source_of(part)
        file = self.base.facts.files[source]
        records: tuple[Duty | Prohibition, ...] = (*file.duties, *file.prohibitions)
        record = next(r for r in records if part_id(source, r.id) == part)
        passages = enumerate(record.unclear, 1)
        told = [r for n, r in passages if self._surely_vague(part, unclear_id(part, n))]
        noted = [each for each in (record.note, *told) if each is not None]
        if not noted:
            return None
        return Label(zh="；".join(n.zh for n in noted), en="; ".join(n.en for n in noted))

    def _surely_vague(self, part: str, passage: str) -> bool:
        """Whether a passage is about this app, and not only perhaps."""
        about = self.view.has("part_vague", part, passage)
        return about and not self.view.has("part_waits", passage)

    def prohibited(self) -> Iterator[TextProhibits]:
        """Prohibitions of the app's own side that it violates."""
        found = [(str(p), str(x), str(v)) for p, x, v in self.view.after("ban")]
        order = self.base.provisions.order
        for part, bearer, verdict in sorted(found, key=lambda f: order[f[0]]):
            if verdict == Verdict.PROHIBITED and self.own(bearer):
                yield self._forbids(part, bearer)

    def _forbids(self, part: str, bearer: str) -> TextProhibits:
        return TextProhibits(
            part,
            self.standing(part),
            bearer,
            tuple(self.breach(part)),
            self.note(part),
            self.cites("forbids", part, bearer),
        )

    def days(self) -> Iterator[tuple[tuple[str, ...], OpenPoint]]:
        """Texts of which it is not known whether they begin before the day of the question."""
        for source in self.view.names("text_day"):
            record = self.base.facts.sources[source]
            cites = tuple(Cite(source, note.lines) for note in record.notes[:1])
            what = TextDayUnsure(source, *beginning(record))
            yield ("4", source), OpenPoint(what, None, cites)

    def _gates(self, source: str) -> list[str]:
        """The provisions on the range of a text that are open."""
        return self.view.names("text_open", source)

    def _vague(self, parts: list[str], attribute: str) -> Iterator[str]:
        """The conditions of parts that what is stated of an attribute leaves open."""
        if not self.view.has("app_knows", attribute):
            return
        for condition in dict.fromkeys(k for p in parts for k in self.view.names("part_waits", p)):
            tests = self.base.conditions.tests(condition)
            if any(
                tests[name].attribute == attribute
                for name in self.view.names("waits_for", condition)
            ):
                yield condition

    def undetermined(self) -> Iterator[tuple[tuple[str, ...], OpenPoint]]:
        """What is open where a text counts: an attribute that is not stated, or each condition
        that what is stated of it does not settle."""
        counting = set(self.view.names("text_counts"))
        for row in self.view.after("text_attribute"):
            source, attribute = map(str, row)
            if source in counting:
                gates = self._gates(source)
                cites = tuple(c for p in gates for c in self.cites("part", p, source))
                standing = Standing(self.base.facts.sources[source].standing)
                for condition, asked in self._asked(gates, attribute):
                    what = TextOpen(source, standing, attribute, condition)
                    yield _key(attribute, source, condition), OpenPoint(what, asked, cites)
        for row in self.view.after("part_attribute"):
            part, attribute = map(str, row)
            bearer = self.base.provisions.bearer.get(part)
            if source_of(part) in counting and bearer and self.own(bearer):
                relation = "duty" if self.base.cite("duty", (part, bearer)) else "forbids"
                cites = self.cites(relation, part, bearer)
                passages = self.view.names("vague_undecided", part)
                for condition, asked in self._asked([part, *passages], attribute):
                    duty = DutyOpen(part, self.standing(part), attribute, condition)
                    yield _key(attribute, part, condition), OpenPoint(duty, asked, cites)
        yield from self._unclear(counting)
        yield from self._undated(counting)

    def _unclear(self, counting: Collection[str]) -> Iterator[tuple[tuple[str, ...], OpenPoint]]:
        """What a source leaves open of whom or when a duty or a prohibition binds."""
        for row in self.view.after("vague_undecided"):
            part, passage = map(str, row)
            source, own = source_of(part), self.own(self.base.provisions.bearer[part])
            if source in counting and own and self._surely_vague(part, passage):
                what = DutyUnclear(part, self.standing(part), passage)
                yield ("9", passage), OpenPoint(what, None, self.cites("part", passage, source))

    def _undated(self, counting: Collection[str]) -> Iterator[tuple[tuple[str, ...], OpenPoint]]:
        """Duties that hang on the day of issue of a document in hand, and duties and prohibitions
        whose working days can not be counted yet."""
        for relation in ("undated_copy_open", "uncounted_open"):
            for row in self.view.after(relation):
                part, *document = map(str, row)
                bearer = self.base.provisions.bearer[part]
                if source_of(part) not in counting or not self.own(bearer):
                    continue
                standing = self.standing(part)
                what: IssueUnknown | CalendarUnknown = CalendarUnknown(part, standing)
                if document:
                    what = IssueUnknown(part, standing, document[0])
                stated = "duty" if self.base.cite("duty", (part, bearer)) else "forbids"
                point = OpenPoint(what, None, self.cites(stated, part, bearer))
                yield ("9", relation, part, *document), point

    def _asked(
        self, parts: list[str], attribute: str
    ) -> Iterator[tuple[str | None, AttributeQuestion | None]]:
        """What to ask about an attribute: at all, or for each condition that it leaves open."""
        vague = list(self._vague(parts, attribute))
        if not vague:
            yield None, question(self.base, attribute)
        for condition in vague:
            yield condition, question(self.base, attribute, [condition])


def _key(attribute: str, about: str, condition: str | None) -> tuple[str, ...]:
    return ("9", attribute, about, *((condition,) if condition else ()))
