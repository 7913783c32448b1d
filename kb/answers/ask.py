"""What must this app provide? The engine is asked once, its facts become the answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kb.answers import duties
from kb.answers.answer import Answer
from kb.answers.documents import alternatives_of
from kb.answers.missing import BUNDLED, Lacking
from kb.answers.undetermined import undetermined
from kb.filing.plan import plan
from kb.model.apps import App
from kb.model.days import date
from kb.model.requirements import Alternative, asks_less
from kb.model.rows import Reading
from kb.model.schema import Remark, Unclear
from kb.render.proofs import proof_dict
from kb.render.words import cite_dict

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
    "open_reference",
    "perhaps_prohibited",
    "prohibited",
    "in_conflict",
    "doubtful",
    "option",
    "pointed_to",
    "unreached",
    "failed",
    "disagree",
    "open_attribute",
    "open_document",
    "open_passage",
    "open_day",
    "app_knows",
    *BUNDLED,
    *duties.GOALS,
)


def answer(base: Core, app: App, as_of: int, drafts: bool, lang: str = "zh") -> Answer:
    """Ask the engine once and put its facts into the shape of the contract."""
    return asking(base, app, as_of, drafts, lang).answer()


def how_to_apply(readings: list[Reading], lang: str) -> dict[str, Any]:
    """How to apply, as far as a source says it: `how`, and where and under which title."""
    stated = [reading.record.how for reading in readings if reading.record.how]
    if not stated:
        return {"how": None}
    how = stated[0]
    details = {"address": how.address, "title": how.title, "lines": list(how.lines)}
    if how.remark:
        details["remark"] = how.remark.zh if lang == "zh" else how.remark.en
    return {"how": how.way, "how_to": details}


def asking(base: Core, app: App, as_of: int, drafts: bool, lang: str = "zh") -> Asking:
    """The engine asked once for an app, ready to be read."""
    model = base.engine.evaluate(base.rows(app, as_of, drafts), GOALS)
    return Asking(base, app, as_of, lang, model, drafts)


class Asking(Lacking):
    """An app's model, from which the parts of answers are read."""

    def __init__(
        self, base: Core, app: App, as_of: int, lang: str, model: Any, drafts: bool = False
    ) -> None:
        super().__init__(base, lang, model)
        self.app = app
        self.as_of = as_of
        self.drafts = drafts
        self.prover = base.prover(model)
        self.texts = duties.Texts(base, self.view, lang)

    def answer(self) -> Answer:
        relevant = self.relevant()
        categories = [self.category(category) for category in relevant]
        return Answer(
            self.app,
            date(self.as_of).isoformat(),
            self.view.names("app_verdict")[0],
            self.lang,
            categories,
            self.bundle(),
            [*self.prohibited(), *self.texts.prohibited()],
            list(self.texts.obligations()),
            list(self.texts.listed()),
            list(self.conflicts(relevant)),
            undetermined(self.base, self.view, self.texts, self.as_of, self.lang),
            lambda: plan(self.base, self.app, self.as_of, None, self.lang, self.drafts, categories),
        )

    def category(self, category: str) -> dict[str, Any]:
        names = self.base.facts.names
        readings = self.readings(category)
        found: dict[str, Any] = {
            "category": names.label("category", category, "zh"),
            "id": category,
            "verdict": self.view.names("category_verdict", category)[0],
            "why": self.why(category),
            "sources": [cite_dict(reading.cite) for reading in readings],
            "alternatives": [
                self.documents.alternative(reading, name, alternative.needs)
                for reading in readings
                if not reading.record.none_stated
                for name, alternative in self.shown(reading)
            ],
            "missing": self.missing(readings),
            **how_to_apply(readings, self.lang),
            "notes": list(self.notes(category, readings)),
        }
        if self.lang == "en":
            found["en"] = names.label("category", category, "en")
        return found

    def shown(self, reading: Reading) -> list[tuple[str, Alternative]]:
        """The alternatives of a reading without those that ask for more than a usable one: what
        settles an open condition is idle once the condition is known."""
        every = alternatives_of(reading)
        limits = set(self.base.limits.get(reading.id, ()))
        usable = [
            alternative
            for name, alternative in every
            if not self.view.has("barred", name)
            and limits.issuperset(self.view.names("doubtful", name))
        ]
        return [
            (name, alternative)
            for name, alternative in every
            if not any(u is not alternative and asks_less(u, alternative) for u in usable)
        ]

    def why(self, category: str) -> list[dict[str, Any]]:
        """Why the category is needed at all."""
        for relation in ("required", "perhaps_required", "relevant"):
            if self.view.has(relation, category):
                proof = self.prover.prove(relation, (self.app.name, category))
                return [proof_dict(proof)] if proof else []
        return []

    def category_of(self, version: str) -> str:
        return self.base.facts.readings[version].record.category

    def conflict_readings(self, category: str) -> list[str]:
        return self.view.names("in_conflict", category)

    def notes(self, category: str, readings: list[Reading]) -> Iterator[str]:
        zh = self.lang == "zh"
        for condition in self.limits(readings):
            name = self.base.facts.names.label("condition", condition, self.lang)
            yield (
                f"不在开放范围内,只开放给:{name}"
                if zh
                else f"not open to this app, only if: {name}"
            )
        if self.view.has("only_option", category):
            yield "几个类目选其一即可" if zh else "one of several categories is enough"
        if self.view.has("known_by_reference", category):
            yield (
                "仅在其他类目的说明中出现,没有资质要求的原文"
                if zh
                else "named by another category only; its requirement is not in the sources"
            )
        for reading in readings:
            if reading.record.none_stated:
                yield (
                    "来源未列明材料,不等于不需要材料"
                    if zh
                    else "the source names no document, which is not to say that none is needed"
                )
                break
        remarks: list[Remark | Unclear] = []
        for reading in readings:
            remarks += [*reading.record.notes, *reading.record.unclear, *reading.source.notes]
        yield from dict.fromkeys(remark.zh if zh else remark.en for remark in remarks)

    def limits(self, readings: list[Reading]) -> list[str]:
        """The conditions on account and place that bar the app from a reading."""
        return list(
            dict.fromkeys(
                condition
                for reading in readings
                for condition in self.base.limits.get(reading.id, ())
                if self.view.has("failed", condition)
            )
        )

    def prohibited(self) -> Iterator[dict[str, Any]]:
        for service, version in self.view.after("prohibited"):
            reading = self.base.facts.readings[str(version)]
            row = version, service
            cite = self.base.cite("unsupported", row) or self.base.cite("unsupported_here", row)
            yield {
                "what": self.base.facts.names.label("service", str(service), self.lang),
                "id": service,
                "standing": reading.source.standing,
                "advice": next(
                    u.advice for u in reading.record.unsupported if service in u.services
                ),
                "sources": [cite_dict(cite)] if cite else [],
            }

    def conflicts(self, relevant: list[str]) -> Iterator[dict[str, Any]]:
        for category in relevant:
            versions = self.view.names("in_conflict", category)
            if not versions:
                continue
            yield {
                "category": self.base.facts.names.label("category", category, "zh"),
                "id": category,
                "readings": [
                    {
                        "sources": [cite_dict(reading.cite)],
                        "verdict": next(
                            str(v)
                            for w, _, v in self.view.after("reading_verdict")
                            if w == reading.id
                        ),
                        "missing": self.missing([reading]),
                    }
                    for reading in self.readings(category)
                    if reading.id in versions
                ],
            }
