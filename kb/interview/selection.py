"""Which question comes next: the one that settles most, as long as any can change the verdict.

What has not been asked yet is unknown to the rules, documents too: one that may be in hand is
neither held nor missing. So the three-valued verdict says when to stop, and each candidate question
is weighed by answering it in every way that its conditions distinguish.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kb.base.view import View
from kb.explain.apply import with_services, with_stated
from kb.interview.days import (
    day_replies,
    every_day,
    told_days,
    undated,
    unsaid,
    with_days,
)
from kb.interview.holdings import holdings, with_parties
from kb.interview.parties import (
    OWN,
    PartyNeeds,
    Unasked,
    about_party,
    first_parties,
    parties_of,
    party_needs,
    party_rows,
    subject_of,
    wanted_of,
)
from kb.interview.question import (
    About,
    AboutAttribute,
    AboutDay,
    AboutDocument,
    AboutParties,
    AboutPartyDocument,
)
from kb.interview.state import (
    CHANGED,
    GOALS,
    Replies,
    Reply,
    State,
    allow_more,
    copies,
    duty_needs,
    implied,
    named_parties,
    undetermined_attributes,
    undetermined_documents,
)
from kb.model.apps import App, stated_of
from kb.model.in_hand import copies_for
from kb.model.outcomes import Between
from kb.model.requirements import Need
from kb.model.stating import HELD_DAYS

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
    _needs: dict[tuple[str, ...], tuple[list[str], PartyNeeds]] = field(default_factory=dict)

    def app(self, replies: Replies) -> App:
        """The profile with all replies in it."""
        app = self.start
        for reply in replies:
            if reply.answer is None or reply.kind not in ("services", "attribute"):
                continue
            if reply.kind == "services":
                assert isinstance(reply.answer, tuple)
                app = with_services(app, reply.answer)
            else:
                app = with_stated(app, reply.subject, reply.answer)
        vocabulary = self.base.facts.vocabulary
        counted = holdings(copies(replies), self.base.askable, vocabulary)
        app = replace(app, holds=(*app.holds, *counted))
        app = with_parties(app, replies, self.base.askable, vocabulary)
        return with_days(app, told_days(replies), self.base.askable, vocabulary)

    def state(self, replies: Replies) -> State:
        """What the rules make of the replies so far."""
        if replies not in self._states:
            app, facts = self.app(replies), self.base.facts
            stated = self.base.rows(app, self.as_of)
            rows = {name: list(stated.get(name, ())) for name in (*stated, *CHANGED)}
            counted = self.unasked_needs(replies, app)
            for need in counted:
                allow_more(rows, app.name, need)
            of_parties = self.unasked_parties(replies, app)
            of_parties.allow(rows, app)
            view = View(self.base.engine.evaluate(rows, GOALS))
            ids = {need.id for need in counted}
            resting = list(undetermined_documents(view))
            documents = [row for row in resting if row[-1] in ids]
            roles = {need.id: self._unnamed(need, replies, app) for need in counted}
            unnamed = {id: role for id, role in roles.items() if role}
            others = {
                (str(thing), "parties", unnamed[str(id)])
                for thing, id in documents
                if id in unnamed
            }
            for thing, id in resting:
                need = self.base.askable[str(id)]
                wanted = wanted_of(view, need)
                others.update(party_rows(str(thing), need, of_parties, wanted))
            needed = [(str(thing), self.base.askable[str(id)]) for thing, id in resting]
            told = told_days(replies)
            missing = (
                *undated(view, app, facts.rows.facts),
                *unsaid(needed, app, facts.vocabulary),
            )
            others.update(each for each in missing if each[1:] not in told)
            self._states[replies] = State(
                view.names("app_verdict")[0],
                view,
                frozenset(undetermined_attributes(view)),
                frozenset(
                    (*row[:-1], self._asked(str(row[-1])))
                    for row in documents
                    if row[-1] not in unnamed
                ),
                frozenset(others),
            )
        return self._states[replies]

    def next(self, replies: Replies) -> About | None:
        """What to ask; None when nothing that is undetermined can change the verdict."""
        if len(self._states) > MOST_KEPT:
            self._states.clear()
        if self.app(replies).services is None:
            if any(reply.subject == "services" for reply in replies):
                return None
            return self._about("attribute", "services")
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
        """What a settled verdict takes for granted, where some answer would come to another one:
        who applies, that a service falls under a category that perhaps takes it in, and that the
        app is not in the case of a vague passage."""
        answered = {reply.subject for reply in replies}
        # decision: vague-in-its-case
        assumed = {str(row[-1]) for row in now.view.after("assumed_outside")}
        # decision: silence-is-no-permission
        assumed |= {str(row[-1]) for row in now.view.after("assumed_within")}
        # decision: accounts-unsaid
        if now.view.has("assumed_account"):
            assumed.add("applicant")
        for about in (self._about("attribute", name) for name in sorted(assumed - answered)):
            outcomes = [self.state((*replies, reply)) for reply in self.answers(replies, about)]
            if any(each.verdict != now.verdict for each in outcomes):
                return about
        return None

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
        app = self.app(replies)
        needs = self.unasked_needs(replies, app)
        unasked = self.unasked_parties(replies, app).parties
        subjects = [subject_of(self.base.askable[id], p) for id, of in unasked.items() for p in of]
        none = [Reply("document", need.id, 0) for need in needs]
        papers = [(*none, *(Reply("party_document", each, 0) for each in subjects))]
        if needs or subjects:
            all_of_them = [Reply("document", n.id, copies_for(app, n)) for n in needs]
            papers.append((*all_of_them, *(Reply("party_document", s, 1) for s in subjects)))
        for days in every_day(self.state(replies).others, self.as_of):
            yield from ((*replies, *each, *days) for each in papers)

    def _needs_of(self, app: App) -> tuple[list[str], PartyNeeds]:
        """The needs that come up for the services, and those of them asked party by party."""
        services = app.services or ()
        if services not in self._needs:
            model = self.base.model(["wanted", "in_play"], app, self.as_of)
            found = {str(need) for _, need in model["wanted"]}
            worded = (need for id in found for need in [self.base.askable[id]] if need.must_state)
            found |= {Need(need.document, need.holder).id for need in worded}
            found.update(need.id for need in duty_needs(self.base.facts.rows.facts))
            together: dict[str, list[Need]] = {str(row[1]): [] for row in sorted(model["in_play"])}
            for alternative, need in self.base.facts.rows.facts.get("alternative_needs", ()):
                if alternative in together:
                    together[str(alternative)].append(self.base.askable[str(need)])
            needs = sorted(found)
            asked = party_needs(together.values(), (self.base.askable[id] for id in needs))
            self._needs[services] = needs, asked
        return self._needs[services]

    def _asked(self, id: str) -> str:
        """The need (an id) that is asked about where one rests on it: of days is asked apart, but
        not party by party."""
        need = self.base.askable[id]
        role = need.each or (need.at_least > 1 and need.holder != OWN)
        return id if role else self.base.without_days(need).id

    def _unnamed(self, need: Need, replies: Replies, app: App) -> str:
        """The role whose parties are still to be named before a need is asked about."""
        role = self._needs_of(app)[1].role(need)
        return "" if role in named_parties(replies) or parties_of(app, role) else role

    def unasked_needs(self, replies: Replies, app: App) -> list[Need]:
        """The needs that nobody has been asked about and that no reply implies."""
        if not self.asks_documents or not app.services:
            return []
        answered = copies(replies)
        named = named_parties(replies)
        needs, asked = self._needs_of(app)
        found = []
        for id in needs:
            need = self.base.askable[id]
            role = asked.role(need)
            # Asked party by party, or of a role in which there is nobody.
            if role and parties_of(app, role):
                continue
            if role and named.get(role) == () and not asked.agreement(need):
                continue
            if not {id, self._asked(id)} & answered.keys() and not any(
                implied(need, self.base.askable[other], count) for other, count in answered.items()
            ):
                found.append(need)
        return found

    def unasked_parties(self, replies: Replies, app: App) -> Unasked:
        """What nobody has been asked about, and no reply implies, of each party that is named."""
        needs, asked = self._needs_of(app) if app.services else ([], PartyNeeds())
        every = {id: self.base.askable[id] for id in needs}
        found: dict[str, tuple[str, ...]] = {}
        answered: dict[str, list[tuple[Need, int]]] = {}
        for reply in replies:
            about = about_party(reply.subject, every) if reply.kind == "party_document" else None
            if about is not None:
                answered.setdefault(about[1], []).append((about[0], int(reply.answer == 1)))
        for id, role in asked.roles.items() if self.asks_documents else ():
            need = every[id]
            one = replace(need, at_least=1)
            open_ = tuple(
                party.id
                for party in parties_of(app, role)
                if not (need.holder == role and party in self.start.parties and party.holds_stated)
                and not any(
                    implied(one, replace(other, at_least=1), count)
                    for other, count in answered.get(party.id, ())
                )
            )
            if open_:
                found[id] = open_
        return Unasked(every, found, asked)

    def _candidates(self, replies: Replies) -> list[About]:
        """What is undetermined and was not asked yet, that on which most rests first."""
        now = self.state(replies)
        weight: dict[tuple[str, str], int] = {}
        answered = {reply.subject for reply in replies}
        for *_, open_ in now.attributes:
            for name in self._asked_for(str(open_), answered):
                if name not in answered and not now.view.has("app_knows", name):
                    weight["attribute", name] = weight.get(("attribute", name), 0) + 1
        for _, id in now.documents:
            # How many are asked for comes before how many there are.
            if ("attribute", self.base.askable[str(id)].as_many) not in weight:
                weight["document", str(id)] = weight.get(("document", str(id)), 0) + 1
        app = self.app(replies)
        unasked = self.unasked_parties(replies, app)
        first = first_parties(app, unasked, now.others, self.base.askable)
        for _, kind, subject in now.others:
            if kind != "party_document" or subject in first:
                weight[kind, subject] = weight.get((kind, subject), 0) + 1
        attributes = self.base.facts.vocabulary.attributes

        def order(key: tuple[str, str]) -> tuple[bool, int, int, str, str]:
            kind, subject = key
            cost = attributes[subject].cost if kind == "attribute" else DOCUMENT_COST
            # The days of a paper follow it.
            return (kind not in HELD_DAYS, -weight[key], cost, *key)

        return [self._about(*key) for key in sorted(weight, key=order)]

    def _asked_for(self, attribute: str, answered: Collection[str]) -> Collection[str]:
        """The attributes that are asked for where one is open: where the number of an entity's apps
        is not known, whether this app is one of them."""
        over = self.base.facts.vocabulary.over.get(attribute)
        if over is None or attribute not in answered:
            return (attribute,)
        return {test.attribute for test in over.tests}

    def _about(self, kind: str, subject: str) -> About:
        """The question of a kind about a subject."""
        known = self.base.facts.vocabulary
        if kind == "attribute":
            return AboutAttribute.of(known, known.attributes[subject])
        if kind == "parties":
            return AboutParties(subject)
        if kind == "party_document":
            about = about_party(subject, self.base.askable)
            assert about is not None
            return AboutPartyDocument(*about)
        if kind in HELD_DAYS:
            return AboutDay(self.base.askable[subject], kind)
        return AboutDocument(self.base.askable[subject])

    def answers(self, replies: Replies, about: About) -> list[Reply]:
        """One reply for each way in which the undetermined conditions can come out by it."""
        if isinstance(about, AboutDocument):
            more = (about.need.at_most + 1,) if about.need.at_most else ()
            counts = (0, copies_for(self.app(replies), about.need), *more)
            return [Reply("document", about.subject, n) for n in counts]
        if isinstance(about, AboutParties):
            # Who they are settles nothing before their papers: that there is nobody may.
            return [Reply("parties", about.role, stated) for stated in ((), None)]
        if isinstance(about, AboutDay):
            return day_replies(about.kind, about.subject, self.as_of)
        if isinstance(about, AboutPartyDocument):
            return [Reply("party_document", about.subject, n) for n in (0, 1)]
        view = self.state(replies).view
        tests = [str(test) for test, name in view.after("asked_test") if name == about.attribute]
        vocabulary = self.base.facts.vocabulary
        have = stated_of(self.app(replies), vocabulary).get(about.attribute)
        bounds = have if isinstance(have, Between) else None
        counting = [t for o in vocabulary.over.values() for t in o.tests]
        told_apart = self.base.conditions_on(self.as_of).told_apart(
            about.attribute,
            tests,
            bounds,
            tuple(test for test in counting if test.attribute == about.attribute),
        )
        return [
            Reply("attribute", about.attribute, stated)
            for stated in told_apart
            if bounds is None or (isinstance(stated, int) and stated in bounds)
        ]
