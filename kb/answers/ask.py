"""What must this app provide? The engine is asked once, its facts become the answer."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from kb.answers import bans, duties, other_days, practices
from kb.answers.answer import Answer
from kb.answers.bans import asked_in_plan, bans_of, surely_vain, vain_notes
from kb.answers.beside import assumptions, draft_categories, each_way_for_others, one_of_several
from kb.answers.documents import papers_told
from kb.answers.duties import Duties
from kb.answers.missing import BUNDLED, MissingDocuments
from kb.answers.receipt import origin_of
from kb.answers.results import (
    AlternativeResult,
    CategoryResult,
    Conflict,
    CountedAsDifferent,
    Exempted,
    NamedOnly,
    NoDocumentNamed,
    NoDocumentRequired,
    Note,
    NotListed,
    OnlyOpenTo,
    OpenToAccounts,
    RivalReading,
    ServiceProhibited,
    SourceRemark,
    SourceSays,
    StatedRequirement,
)
from kb.answers.time_notes import time_notes
from kb.answers.undetermined import OPEN, notes_on, undetermined
from kb.base import exemptions
from kb.base.bans import Ban
from kb.base.documents import alternatives_of
from kb.base.entities import STATES, reckoned_on
from kb.base.exemptions import exemptions_on
from kb.base.outlays import OutlayResult, outlays_of
from kb.base.results import DocumentNeed, Standing, Verdict
from kb.base.view import View
from kb.engines.protocol import Model
from kb.filing import duty_papers
from kb.filing import plan as filing
from kb.filing.plan import Plan, plan, with_papers
from kb.lang.syntax import Cite
from kb.model.apps import App
from kb.model.days import date
from kb.model.requirements import Alternative, When, asks_less
from kb.model.rows import Reading
from kb.model.schema import Remark, Unclear
from kb.provenance.later import Proofs
from kb.provenance.proof import Fact, Proof
from kb.query.categories import requirement_of

if TYPE_CHECKING:
    from kb.base.core import Core

GOALS = (
    "app_verdict",
    "category_verdict",
    "reading_verdict",
    "perhaps_reading",
    "perhaps_required",
    "only_option",
    "known_by_reference",
    "perhaps_prohibited",
    "prohibited",
    "in_conflict",
    "doubtful",
    "option",
    "choice_done",
    "only_for_others",
    "unlisted",
    "open_use",
    "unbound",
    "app_other",
    "app_value",
    "pointed_to",
    "disagree",
    "gone",
    "app_knows",
    "reached",
    "noted",
    "noted_service",
    "scope_doubtful",
    "scope_failed",
    "taken_as_different",
    "assumed_account",
    "assumed_within",
    "draft_speaks",
    "draft_forbids",
    "draft_sends",
    "draft_describes",
    *STATES,
    *BUNDLED,
    *exemptions.GOALS,
    *other_days.GOALS,
    *bans.GOALS,
    *OPEN,
    *duties.GOALS,
    *filing.GOALS,
    *duty_papers.GOALS,
    *practices.GOALS,
)


def answer(
    base: Core, app: App, as_of: int, drafts: bool, lang: str = "zh", warn_days: int = 0
) -> Answer:
    """What an app must provide on a day (a day number): the engine is asked once.

    With `drafts` those count as if they were in force; `lang` is what the answer is shown in.
    Papers that run out within `warn_days` days after the day are told of.
    """
    return asking(base, app, as_of, drafts).answer(lang, warn_days)


def filing_plan(
    base: Core, app: App, as_of: int, start: datetime.date | None = None, lang: str = "zh"
) -> Plan | None:
    """The filing plan of an app with what its categories still ask for; with `start` each step has
    its dates. None when no procedure is known to apply."""
    return asking(base, app, as_of, False).plan(lang, start)


def asking(base: Core, app: App, as_of: int, drafts: bool) -> AppModel:
    """The model of an app with all that an answer is read from."""
    model = base.engine.evaluate(base.rows(app, as_of, drafts), GOALS)
    return AppModel(base, app, as_of, model, drafts)


class AppModel(MissingDocuments):
    """An app's model, from which the parts of answers are read."""

    def __init__(
        self,
        base: Core,
        app: App,
        as_of: int,
        model: Model,
        drafts: bool = False,
        view: View | None = None,
    ) -> None:
        super().__init__(base, model, view)
        self.app = app
        self.as_of = as_of
        self.drafts = drafts
        self.duties = Duties(base, self.view)

    def answer(self, lang: str = "zh", warn_days: int = 0) -> Answer:
        """The whole answer."""
        relevant = self.relevant()
        categories = tuple(self.category(category) for category in relevant)
        bundle = self.bundle()
        return Answer(
            self.app,
            date(self.as_of).isoformat(),
            Verdict(self.view.names("app_verdict")[0]),
            categories,
            bundle,
            (*self.prohibited(), *self.duties.prohibited()),
            tuple(self.duties.obligations()),
            tuple(self.duties.texts()),
            tuple(self.conflicts(relevant)),
            undetermined(self.base, self.view, self.duties, self.as_of),
            self.plan(lang, None, categories),
            self.base.known_until,
            lang,
            self.base.facts.names,
            origin_of(self.base, self.drafts),
            tuple(self.remarks(relevant)),
            papers_told(self.base.facts, self.app, self.as_of, categories, warn_days),
            warn_days,
            self.duties.deadlines,
            exemptions_on(self.app.exemptions, self.as_of, self.view),
            tuple(assumptions(self.base, self.view)),
            tuple(draft_categories(self.base, self.view)),
            tuple(self.outlays(categories, bundle.documents)),
            reckoned_on(self.app, self.base.conditions_on(self.as_of), self.view),
            self.duties.papers,
        )

    def outlays(
        self, categories: Iterable[CategoryResult], needed: Iterable[DocumentNeed]
    ) -> Iterator[OutlayResult]:
        """What texts state of the categories that are open to the app, and of what is needed."""
        closed = (Verdict.NOT_OPEN, Verdict.PROHIBITED)
        asked = {each.category for each in categories if each.verdict not in closed}
        documents = {each.document for each in needed if each.verdict != Verdict.SATISFIED}
        for outlay in outlays_of(self.base, self.view.after("states_outlay")):
            if outlay.category in asked or outlay.document in documents:
                yield outlay

    def plan(
        self,
        lang: str = "zh",
        start: datetime.date | None = None,
        categories: tuple[CategoryResult, ...] | None = None,
    ) -> Plan | None:
        """The filing plan; with `start` each step has its dates."""
        if categories is None:
            categories = tuple(self.category(category) for category in self.relevant())
        asked = tuple(map(asked_in_plan, categories))
        granted = exemptions_on(self.app.exemptions, self.as_of, self.view)
        found = plan(self.base, self.view, start, lang, asked, granted, self.bans())
        return with_papers(found, self.app.papers, self.as_of) if found else None

    def asks(self, category: str) -> bool:
        return super().asks(category) and not surely_vain(self.view, category)

    def bans(self) -> tuple[Ban, ...]:
        """What the app is forbidden, surely or perhaps, with the categories that are in vain."""
        return bans_of(self.base, self.view, self.prohibited(), self.duties.prohibited())

    def category(self, category: str) -> CategoryResult:
        """What one category asks of the app."""
        readings = self.readings(category)
        verdict = Verdict(self.view.names("category_verdict", category)[0])
        alternatives = tuple(
            self.documents.alternative(reading, name, alternative.needs)
            for reading in readings
            if reading.record.requirement is not None
            for name, alternative in self.shown(reading)
        )
        # Those that differ by settled conditions alone are the same to the reader.
        apart: dict[str, AlternativeResult] = {}
        for each in alternatives:
            key = each.usable, each.documents, each.conditions, each.branches
            apart.setdefault(repr(key), each)
        alternatives = tuple(apart.values())
        if verdict == Verdict.NOT_OPEN:
            alternatives = tuple(each for each in alternatives if each.usable is not False)
        return CategoryResult(
            category,
            verdict,
            self.why(category),
            tuple(reading.cite for reading in readings)
            or self.cites_for_others(category)
            or notes_on(self.base, self.view, category),
            alternatives,
            () if self.view.has("lifted", category) else self.missing(self.asking(readings)),
            next((r.record.how for r in readings if r.record.how), None),
            tuple(self.notes(category, readings, verdict)),
            _called(readings),
            self.ways(self.asking(readings)),
            tuple(
                StatedRequirement(
                    reading.cite,
                    requirement_of(reading.record.requirement),
                    len(reading.alternatives),
                )
                for reading in readings
                if reading.record.requirement is not None
            ),
        )

    def remarks(self, relevant: list[str]) -> Iterator[SourceRemark]:
        """What the sources of the categories, and the texts that apply or perhaps do, say of
        themselves: each once."""
        sources = [r.source.id for category in relevant for r in self.readings(category)]
        sources += [text.source for text in self.duties.texts()]
        for source in dict.fromkeys(sources):
            for remark in self.base.facts.sources[source].notes:
                yield SourceRemark(source, remark)

    def shown(self, reading: Reading) -> list[tuple[str, Alternative]]:
        """The alternatives of a reading without those that ask for more than another one that can
        be used whenever they can: what settles an open condition is idle once it is known."""
        every = alternatives_of(reading)
        limits = set(self.base.limits.get(reading.id, ()))
        waits: dict[str, set[When]] = {}
        for name, alternative in every:
            open_ = set(self.view.names("doubtful", name)) - limits
            waits[name] = {
                (condition, met) for condition, met in alternative.when if condition in open_
            }
        usable = [each for each in every if not self.view.has("barred", each[0])]
        return [
            (name, alternative)
            for name, alternative in every
            if not any(
                u is not alternative and waits[other] <= waits[name] and asks_less(u, alternative)
                for other, u in usable
            )
        ]

    def why(self, category: str) -> Sequence[Proof]:
        """Why the category is needed at all."""
        for relation in ("required", "perhaps_required", "relevant"):
            if self.view.has(relation, category):
                prover = partial(self.base.prover, self.view.model)
                return Proofs(prover, Fact(relation, (self.app.name, category)))
        return ()

    def notes(self, category: str, readings: list[Reading], verdict: Verdict) -> Iterator[Note]:
        """What is noted of a category: whom it is open to, what it rests on, what its sources
        say of it."""
        yield from vain_notes(self.base, self.view, category)
        yield from self.only_open_to(readings)
        yield from self.open_to_others(category)
        yield from time_notes(self, category, readings, verdict)
        if verdict == Verdict.NOT_OPEN:
            yield from each_way_for_others(self.base, self.view, readings)
        if self.view.has("lifted", category):
            yield Exempted()
        if self.view.has("only_option", category):
            yield one_of_several(self.base, self.view, category)
        if self.view.has("known_by_reference", category):
            yield NamedOnly(other_days.of_category(self.base, self.view, category))
        # Beside a firm verdict that rests on something else this would only contradict it.
        firm = verdict in (Verdict.MISSING, Verdict.NOT_OPEN)
        if not firm and any(reading.record.none_stated for reading in readings):
            yield NoDocumentNamed()
        if any(reading.record.none_required for reading in readings):
            yield NoDocumentRequired()
        counted = (self.base.needs[id] for id in self.view.names("taken_as_different", category))
        yield from dict.fromkeys(CountedAsDifferent(n.document, n.holder) for n in counted)
        remarks: list[Remark | Unclear] = []
        for reading in readings:
            remarks += reading.record.notes
            remarks += (*reading.record.unclear, *reading.record.beyond)
        # Two readings may say the same in other lines.
        said = {(remark.zh, remark.en): remark for remark in reversed(remarks)}
        order = dict.fromkeys((remark.zh, remark.en) for remark in remarks)
        yield from (SourceSays(said[key]) for key in order)

    def cites_for_others(self, category: str) -> tuple[Cite, ...]:
        """The lines of the texts for other accounts or places that have a category."""
        readings = self.base.facts.readings
        return tuple(readings[v].cite for v in self.view.names("only_for_others", category))

    def open_to_others(self, category: str) -> Iterator[Note]:
        """To whom a category is open that no text has for this app, and the list without it."""
        readings = self.base.facts.readings
        told: dict[str, Cite] = {}
        others = self.view.names("only_for_others", category)
        for version in others:
            for condition in self.base.bindings.get(version, ()):
                # Accounts that are only assumed are said by no line.
                stated = self.base.cite("account_unsaid", (version, condition)) is None
                if stated and self.view.has("failed", condition):
                    told.setdefault(condition, readings[version].cite)
        for condition, cite in told.items():
            yield OpenToAccounts(condition, cite)
        yield from self.only_open_to([readings[version] for version in others])
        for source in self.view.names("unlisted", category):
            yield NotListed(source)

    def only_open_to(self, readings: list[Reading]) -> Iterator[OnlyOpenTo]:
        """What bars the app, or perhaps does, from readings that are only for some or somewhere."""
        told: dict[str, Cite] = {}
        for reading in readings:
            for condition in self.base.limits.get(reading.id, ()):
                cite = self.base.cite("version_when", (reading.id, condition))
                if any(self.view.has(how, condition) for how in ("failed", "open_condition")):
                    told.setdefault(condition, cite or reading.cite)
        yield from (OnlyOpenTo(condition, cite) for condition, cite in told.items())

    def prohibited(self) -> Iterator[ServiceProhibited]:
        """The services of the app that the platform does not carry."""
        for service, version in self.view.after("prohibited"):
            reading = self.base.facts.readings[str(version)]
            row = version, service
            cite = self.base.cite("unsupported", row) or self.base.cite("unsupported_here", row)
            advice = next(u.advice for u in reading.record.unsupported if service in u.services)
            yield ServiceProhibited(
                str(service),
                Standing(reading.source.standing),
                advice,
                (cite,) if cite else (),
            )

    def conflicts(self, relevant: list[str]) -> Iterator[Conflict]:
        """The categories whose readings ask for different documents."""
        rows = reversed(self.view.after("reading_verdict"))
        verdicts = {str(version): Verdict(str(verdict)) for version, _, verdict in rows}
        for category in relevant:
            rivals = self.view.names("in_conflict", category)
            if rivals:
                readings = [r for r in self.readings(category) if r.id in rivals]
                yield Conflict(
                    category,
                    tuple(
                        RivalReading(r.cite, verdicts[r.id], self.missing([r])) for r in readings
                    ),
                )


def _called(readings: list[Reading]) -> str | None:
    """What the readings call the category, where it is not its usual name and all agree on it."""
    names = {reading.record.name for reading in readings}
    return names.pop() if len(names) == 1 else None
