"""Which question comes next: the one that settles most, as long as any can change the verdict.

What has not been asked yet is unknown to the rules, documents too: one that may be in hand is
neither held nor lacking. So the three-valued verdict says when to stop, and each candidate question
is weighed by answering it in every way that its conditions tell apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kb.base.view import View
from kb.explain.repair import Supply
from kb.explain.supplies import with_services, with_stated
from kb.interview.state import (
    GOALS,
    Said,
    Standing,
    Talk,
    documents,
    implied,
    open_attributes,
    open_documents,
    perhaps,
)
from kb.model.apps import App, Holding
from kb.model.requirements import Need
from kb.model.schema import Attribute
from kb.model.vocabulary import values
from kb.render.repairs import supply_sentence

if TYPE_CHECKING:
    from kb.base.core import Core

MOST_WEIGHED = 2
"""Questions that are weighed against each other at each step, those on which most rests."""
MOST_TRIED = 40
"""Completions that are tried to see whether any settles the verdict; past it, asking goes on."""
MOST_KEPT = 1_000
"""Standings that are kept at a time."""


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask next. `kind` is `services`, `attribute` or `document`; `subject` the attribute or
    the need; `options` the ids that may be answered and their labels (none for days, numbers and
    counts)."""

    kind: str
    subject: str
    text: str
    type: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass
class Weigher:
    """Chooses questions about one app. A profile that lists what it holds, or says that it holds
    nothing, is not asked for documents again."""

    base: Core
    start: App
    as_of: int
    lang: str
    asks_documents: bool
    _known: dict[Talk, Standing] = field(default_factory=dict)
    _wanted: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    def app(self, said: Talk) -> App:
        """The profile with all answers in it."""
        app = self.start
        for each in said:
            if each.answer is None or each.kind == "document":
                continue
            if each.kind == "services":
                assert isinstance(each.answer, tuple)
                app = with_services(app, each.answer)
            else:
                app = with_stated(app, each.subject, each.answer)
        return replace(app, holds=(*app.holds, *self._holdings(said)))

    def standing(self, said: Talk) -> Standing:
        """What the rules make of the answers so far."""
        if said not in self._known:
            app = self.app(said)
            stated = self.base.rows(app, self.as_of)
            rows = {name: list(stated.get(name, ())) for name in (*stated, "app_holds", "app_fits")}
            for need in self.open_needs(said, app):
                perhaps(rows, app.name, need)
            view = View(self.base.engine.evaluate(rows, GOALS))
            self._known[said] = Standing(
                view.names("app_verdict")[0],
                view,
                frozenset(open_attributes(view)),
                frozenset(open_documents(view)),
            )
        return self._known[said]

    def next(self, said: Talk) -> Question | None:
        """The question to ask; None when nothing open can change the verdict."""
        if len(self._known) > MOST_KEPT:
            self._known.clear()
        skipped = {each.subject for each in said}
        if self.app(said).services is None:
            if "services" in skipped:
                return None
            return self._attribute(self.base.facts.vocabulary.attributes["services"])
        now = self.standing(said)
        if now.verdict != "undetermined":
            return None
        candidates = self._candidates(said)
        # Later candidates matter only where no earlier one settles anything.
        for at in range(0, len(candidates), MOST_WEIGHED):
            found = self._best(said, now, candidates[at : at + MOST_WEIGHED])
            if found is not None:
                settling, question = found
                return question if settling or self._changeable(said) else None
        return None

    def _best(
        self, said: Talk, now: Standing, candidates: list[Question]
    ) -> tuple[bool, Question] | None:
        """The question that settles most, and whether some answer settles the verdict."""
        weighed = []
        for rank, question in enumerate(candidates):
            outcomes = [self.standing((*said, each)) for each in self.answers(said, question)]
            if all((o.verdict, o.left) == (now.verdict, now.left) for o in outcomes):
                continue  # whatever the answer, nothing is settled by it
            settled = sum(o.verdict != "undetermined" for o in outcomes) / len(outcomes)
            left = sum(o.left for o in outcomes) / len(outcomes)
            weighed.append((-settled, left, rank, question))
            if settled == 1:
                break
        if not weighed:
            return None
        settled, _, _, question = min(weighed, key=lambda entry: entry[:3])
        return settled < 0, question

    def _changeable(self, said: Talk) -> bool:
        """Some completion of the answers settles the verdict: with all open documents lacking or
        in hand, and with open attributes answered in every way."""
        todo: list[Talk] = [said]
        tried = 0
        while todo and tried < MOST_TRIED:
            so_far = todo.pop()
            for completed in self._completed(so_far):
                tried += 1
                if self.standing(completed).verdict != "undetermined":
                    return True
            question = next((q for q in self._candidates(so_far) if q.kind == "attribute"), None)
            if question is not None:
                todo.extend((*so_far, each) for each in self.answers(so_far, question))
        return bool(todo)

    def _completed(self, said: Talk) -> Iterator[Talk]:
        open_needs = self.open_needs(said, self.app(said))
        yield (*said, *(Said("document", need.id, 0) for need in open_needs))
        if open_needs:
            yield (*said, *(Said("document", need.id, need.at_least) for need in open_needs))

    def wanted(self, app: App) -> list[str]:
        """The needs that come up at all: they hang on the services, no other answer adds one."""
        services = app.services or ()
        if services not in self._wanted:
            model = self.base.model(["wanted"], app, self.as_of)
            wanted = {str(need) for _, need in model["wanted"]}
            wanted.update(need.id for need in self._duty_needs())
            self._wanted[services] = sorted(wanted)
        return self._wanted[services]

    def _duty_needs(self) -> Iterator[Need]:
        """Documents that duties of the app's own side can be met by."""
        facts = self.base.facts.rows.facts
        parts = {part for part, _ in facts.get("duty", ())}
        for part, document, holder in facts.get("met_by_document", ()):
            if part in parts:
                yield Need(str(document), str(holder))

    def open_needs(self, said: Talk, app: App) -> list[Need]:
        """Needs that nobody has been asked about and that no answer implies."""
        if not self.asks_documents or not app.services:
            return []
        answers = documents(said)
        found = []
        for id in self.wanted(app):
            need = self.base.needs[id]
            if id in answers or any(
                implied(need, self.base.needs[other], count) for other, count in answers.items()
            ):
                continue
            found.append(need)
        return found

    def _holdings(self, said: Talk) -> list[Holding]:
        """One holding a document and holder: the largest count, all the words; what was said of
        its words is said to the end."""
        counts: dict[tuple[str, str], int] = {}
        words: dict[tuple[str, str], set[str]] = {}
        for id, count in documents(said).items():
            need = self.base.needs[id]
            key = need.document, need.holder
            counts[key] = max(count, counts.get(key, 0))
            if need.must_state:
                words.setdefault(key, set()).update(need.must_state if count else ())
        return [
            Holding(*key[:1], count, key[1], tuple(sorted(words[key])) if key in words else None)
            for key, count in counts.items()
            if count
        ]

    def _candidates(self, said: Talk) -> list[Question]:
        """The open questions, those on which most rests first."""
        now = self.standing(said)
        weight: dict[tuple[str, str], int] = {}
        skipped = {each.subject for each in said}
        for *_, name in now.attributes:
            if name not in skipped and not now.view.has("app_knows", str(name)):
                weight["attribute", str(name)] = weight.get(("attribute", str(name)), 0) + 1
        askable = {need.id for need in self.open_needs(said, self.app(said))}
        for _, id in now.documents:
            if id in askable:
                weight["document", str(id)] = weight.get(("document", str(id)), 0) + 1
        attributes = self.base.facts.vocabulary.attributes

        def order(key: tuple[str, str]) -> tuple[int, int, str, str]:
            cost = attributes[key[1]].cost if key[0] == "attribute" else 2
            return (-weight[key], cost, *key)

        return [
            self._attribute(attributes[subject]) if kind == "attribute" else self._document(subject)
            for kind, subject in sorted(weight, key=order)
        ]

    def _attribute(self, attribute: Attribute) -> Question:
        words = attribute.question
        terms = values(self.base.facts.vocabulary, attribute).values()
        return Question(
            "services" if attribute.id == "services" else "attribute",
            attribute.id,
            words.zh if self.lang == "zh" else words.en,
            attribute.type,
            tuple((term.id, term.label(self.lang)) for term in terms),
        )

    def _document(self, need: str) -> Question:
        words = supply_sentence(self.base, Supply("document", need), self.lang)
        text = (
            f"手上有吗(有几份):{words}?" if self.lang == "zh" else f"In hand (how many): {words}?"
        )
        return Question("document", need, text, "count")

    def answers(self, said: Talk, question: Question) -> list[Said]:
        """An answer of each sort that the open conditions tell apart."""
        if question.kind == "document":
            need = self.base.needs[question.subject]
            return [Said("document", need.id, count) for count in (0, need.at_least)]
        view = self.standing(said).view
        tests = [str(test) for test, name in view.after("asked_test") if name == question.subject]
        told = self.base.conditions.told_apart(question.subject, tests)
        return [Said("attribute", question.subject, stated) for stated in told]
