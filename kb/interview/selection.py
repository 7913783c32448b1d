"""Which question comes next: the one that settles most, as long as any can change the verdict.

What has not been asked yet is unknown to the rules, documents too: one that may be in hand is
neither held nor missing. So the three-valued verdict says when to stop, and each candidate question
is weighed by answering it in every way that its conditions distinguish.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kb.base.view import View
from kb.explain.apply import with_services, with_stated
from kb.interview.question import About, AboutAttribute, AboutDocument
from kb.interview.state import (
    GOALS,
    Replies,
    Reply,
    State,
    allow_more,
    copies,
    implied,
    undetermined_attributes,
    undetermined_documents,
)
from kb.model.apps import App, Holding
from kb.model.requirements import Need
from kb.model.stating import absent

if TYPE_CHECKING:
    from kb.base.core import Core

MOST_WEIGHED = 2
"""Questions that are weighed against each other at each step, those on which most rests."""
MOST_TRIED = 40
"""Completions that are tried to see whether any settles the verdict; past it, asking goes on."""
MOST_KEPT = 1_000
"""States that are kept at a time."""
DOCUMENT_COST = 2
"""What it costs to answer for a document, beside the cost that attributes have."""


@dataclass
class Selection:
    """Chooses what to ask about one app. A profile that lists what it holds, or says that it holds
    nothing, is not asked for documents again (`asks_documents`)."""

    base: Core
    start: App
    as_of: int
    asks_documents: bool
    _states: dict[Replies, State] = field(default_factory=dict)
    _needs: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    def app(self, replies: Replies) -> App:
        """The profile with all replies in it."""
        app = self.start
        for reply in replies:
            if reply.answer is None or reply.kind == "document":
                continue
            if reply.kind == "services":
                assert isinstance(reply.answer, tuple)
                app = with_services(app, reply.answer)
            else:
                app = with_stated(app, reply.subject, reply.answer)
        return replace(app, holds=(*app.holds, *self._holdings(replies)))

    def state(self, replies: Replies) -> State:
        """What the rules make of the replies so far."""
        if replies not in self._states:
            app = self.app(replies)
            stated = self.base.rows(app, self.as_of)
            rows = {name: list(stated.get(name, ())) for name in (*stated, "app_holds", "app_fits")}
            unasked = self.unasked_needs(replies, app)
            for need in unasked:
                allow_more(rows, app.name, need)
            ids = {need.id for need in unasked}
            view = View(self.base.engine.evaluate(rows, GOALS))
            self._states[replies] = State(
                view.names("app_verdict")[0],
                view,
                frozenset(undetermined_attributes(view)),
                frozenset(row for row in undetermined_documents(view) if row[-1] in ids),
            )
        return self._states[replies]

    def next(self, replies: Replies) -> About | None:
        """What to ask; None when nothing that is undetermined can change the verdict."""
        if len(self._states) > MOST_KEPT:
            self._states.clear()
        if self.app(replies).services is None:
            if any(reply.subject == "services" for reply in replies):
                return None
            return self._attribute("services")
        now = self.state(replies)
        if now.verdict != "undetermined":
            return self._assumed(replies, now)
        candidates = self._candidates(replies)
        # Later candidates matter only where no earlier one settles anything.
        for at in range(0, len(candidates), MOST_WEIGHED):
            found = self._best(replies, now, candidates[at : at + MOST_WEIGHED])
            if found is not None:
                settling, about = found
                return about if settling or self._changeable(replies) else None
        return None

    def _assumed(self, replies: Replies, now: State) -> About | None:
        """Who applies, where a settled verdict rests on what is assumed of that and some applicant
        would get another one."""
        # decision: accounts-unsaid
        if not now.view.has("assumed_account") or any(r.subject == "applicant" for r in replies):
            return None
        about = self._attribute("applicant")
        outcomes = [self.state((*replies, reply)) for reply in self.answers(replies, about)]
        return about if any(each.verdict != now.verdict for each in outcomes) else None

    def _best(
        self, replies: Replies, now: State, candidates: list[About]
    ) -> tuple[bool, About] | None:
        """The question that settles most, and whether some answer settles the verdict."""
        weighed = []
        for rank, about in enumerate(candidates):
            outcomes = [self.state((*replies, reply)) for reply in self.answers(replies, about)]
            if all((o.verdict, o.left) == (now.verdict, now.left) for o in outcomes):
                continue  # whatever the answer, nothing is settled by it
            settled = sum(o.verdict != "undetermined" for o in outcomes) / len(outcomes)
            left = sum(o.left for o in outcomes) / len(outcomes)
            weighed.append((-settled, left, rank, about))
            if settled == 1:
                break
        if not weighed:
            return None
        settled, _, _, about = min(weighed, key=lambda entry: entry[:3])
        return settled < 0, about

    def _changeable(self, replies: Replies) -> bool:
        """Whether some completion of the replies settles the verdict: with all documents that were
        not asked for missing or in hand, and with undetermined attributes answered in every way."""
        todo: list[Replies] = [replies]
        tried = 0
        while todo and tried < MOST_TRIED:
            so_far = todo.pop()
            for completed in self._completed(so_far):
                tried += 1
                if self.state(completed).verdict != "undetermined":
                    return True
            candidates = self._candidates(so_far)
            about = next((each for each in candidates if each.kind == "attribute"), None)
            if about is not None:
                todo.extend((*so_far, reply) for reply in self.answers(so_far, about))
        return bool(todo)

    def _completed(self, replies: Replies) -> Iterator[Replies]:
        needs = self.unasked_needs(replies, self.app(replies))
        yield (*replies, *(Reply("document", need.id, 0) for need in needs))
        if needs:
            yield (*replies, *(Reply("document", need.id, need.at_least) for need in needs))

    def _needs_of(self, app: App) -> list[str]:
        """The needs that come up at all: they depend on the services, no other answer adds one."""
        services = app.services or ()
        if services not in self._needs:
            model = self.base.model(["wanted"], app, self.as_of)
            found = {str(need) for _, need in model["wanted"]}
            found.update(need.id for need in self._duty_needs())
            self._needs[services] = sorted(found)
        return self._needs[services]

    def _duty_needs(self) -> Iterator[Need]:
        """Documents by which duties of the app's own side can be met."""
        facts = self.base.facts.rows.facts
        parts = {part for part, _ in facts.get("duty", ())}
        for part, document, holder in facts.get("met_by_document", ()):
            if part in parts:
                yield Need(str(document), str(holder))

    def unasked_needs(self, replies: Replies, app: App) -> list[Need]:
        """The needs that nobody has been asked about and that no reply implies."""
        if not self.asks_documents or not app.services:
            return []
        answered = copies(replies)
        found = []
        for id in self._needs_of(app):
            need = self.base.needs[id]
            if id not in answered and not any(
                implied(need, self.base.needs[other], count) for other, count in answered.items()
            ):
                found.append(need)
        return found

    def _holdings(self, replies: Replies) -> list[Holding]:
        """One holding a document and holder: the largest count, all the words; where its words were
        asked about, it states no others, and nothing in the fields that were denied."""
        counts: dict[tuple[str, str], int] = {}
        words: dict[tuple[str, str], set[str]] = {}
        denied: dict[tuple[str, str], set[str]] = {}
        for id, count in copies(replies).items():
            need = self.base.needs[id]
            key = need.document, need.holder
            counts[key] = max(count, counts.get(key, 0))
            if need.must_state:
                words.setdefault(key, set()).update(need.must_state if count else ())
                denied.setdefault(key, set()).update(() if count else need.must_state)
        vocabulary = self.base.facts.vocabulary
        for key, texts in words.items():
            texts.update(absent(denied[key], tuple(texts), vocabulary))
        return [
            Holding(document, count, holder, tuple(sorted(words[key])) if key in words else None)
            for key, count in counts.items()
            if count
            for document, holder in [key]
        ]

    def _candidates(self, replies: Replies) -> list[About]:
        """What is undetermined and was not asked yet, that on which most rests first."""
        now = self.state(replies)
        weight: dict[tuple[str, str], int] = {}
        answered = {reply.subject for reply in replies}
        for *_, name in now.attributes:
            if name not in answered and not now.view.has("app_knows", str(name)):
                weight["attribute", str(name)] = weight.get(("attribute", str(name)), 0) + 1
        unasked = {need.id for need in self.unasked_needs(replies, self.app(replies))}
        for _, id in now.documents:
            if id in unasked:
                weight["document", str(id)] = weight.get(("document", str(id)), 0) + 1
        attributes = self.base.facts.vocabulary.attributes

        def order(key: tuple[str, str]) -> tuple[int, int, str, str]:
            kind, subject = key
            cost = attributes[subject].cost if kind == "attribute" else DOCUMENT_COST
            return (-weight[key], cost, *key)

        return [
            self._attribute(subject)
            if kind == "attribute"
            else AboutDocument(self.base.needs[subject])
            for kind, subject in sorted(weight, key=order)
        ]

    def _attribute(self, id: str) -> AboutAttribute:
        vocabulary = self.base.facts.vocabulary
        return AboutAttribute.of(vocabulary, vocabulary.attributes[id])

    def answers(self, replies: Replies, about: About) -> list[Reply]:
        """One reply for each way in which the undetermined conditions can come out by it."""
        if isinstance(about, AboutDocument):
            more = (about.need.at_most + 1,) if about.need.at_most else ()
            counts = (0, about.need.at_least, *more)
            return [Reply("document", about.subject, n) for n in counts]
        view = self.state(replies).view
        tests = [str(test) for test, name in view.after("asked_test") if name == about.attribute]
        told_apart = self.base.conditions_on(self.as_of).told_apart(about.attribute, tests)
        return [Reply("attribute", about.attribute, stated) for stated in told_apart]
