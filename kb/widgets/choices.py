"""What has been chosen about one app so far, and what follows from it: the panel without widgets.

A choice that is not made is left out of the profile: unknown, never "no". The list of documents is
closed: what is not ticked is not in hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from kb.answers.ask import answer as answer_of
from kb.base.results import AttributeQuestion
from kb.find.accounts import kinds
from kb.find.businesses import found_together
from kb.find.finder import Candidate, Finder, finder_of
from kb.find.profile import understood
from kb.graph.apps import app_graph
from kb.interview.answer_values import day_in
from kb.interview.interview import Interview, profile_of
from kb.interview.option_tree import in_order
from kb.interview.question import AboutAttribute, Question
from kb.lang.problems import Problem, Problems
from kb.model.apps import HELD_DAYS, App
from kb.model.data import Json
from kb.model.names import Names, folded
from kb.model.requirements import Need
from kb.model.yamlread import as_text
from kb.query.search import search
from kb.render.language import Language
from kb.render.page import page
from kb.render.questions import question_words, why_lines
from kb.render.repairs import need_text
from kb.widgets.parties import PartyChoices, dated

if TYPE_CHECKING:
    from kb.answers.answer import Answer
    from kb.base.core import Core, Day
    from kb.base.results import AttributeQuestion
    from kb.graph.build import Graph

MOST_SHOWN, MOST_EACH = 10, 3
"""Services that are shown at a time, and of one category."""
KEPT = ("parties", "exemptions", "entity")
SUFFIX = {"profile": ".yaml", "report": ".html"}


@dataclass
class Choices:
    """The profile in the making.

    >>> import kb
    >>> made = Choices(kb.load(as_of="2025-06-30"))
    >>> made.add("驾校平台")
    >>> made.answer.verdict
    'missing'
    """

    base: Core
    as_of: Day = None
    lang: str = "zh"
    name: str = "app"
    services: list[str] = field(default_factory=list)
    applicant: str | None = None
    regions: list[str] = field(default_factory=list)
    facts: Json = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    """Copies in hand by need: a document of some holder, with the words it must state."""
    others: list[Json] = field(default_factory=list)
    """Documents in hand that say less than a need: those of the profile that was begun with, of a
    holder that it does not name or with words that it does not tell."""
    away: set[int] = field(default_factory=set)
    """Which of the others, by number, are not in hand after all."""
    skipped: set[tuple[str, str]] = field(default_factory=set)
    own_words: list[str] = field(default_factory=list)
    """What the app does in its owner's words, where no service fits."""
    days: dict[tuple[str, str], Any] = field(default_factory=dict)
    """Days of papers, by their key and the need that the paper answers."""
    parties: PartyChoices = field(default_factory=PartyChoices)
    kept: Json = field(default_factory=dict)
    """What is kept as it is of the profile that was begun with: parties, exemptions, entity."""

    @classmethod
    def of(cls, base: Core, app: App, as_of: Day = None, lang: str = "zh") -> Choices:
        """Begin with a profile."""
        profile = profile_of(app, base)
        made = cls(base, as_of, lang, profile["name"])
        made.services = list(profile.get("services", ()))
        made.own_words = list(profile.get("other_services", ()))
        made.applicant = profile.get("applicant")
        made.regions = list(profile.get("regions", ()))
        made.facts = dict(profile.get("facts", {}))
        made.facts |= {k: profile[k] for k in ("audience", "platform") if k in profile}
        made.kept = {k: profile[k] for k in KEPT if k in profile}
        largest = made._largest()
        for holding in profile.get("holds", ()):
            words = tuple(holding.get("states") or ())
            need = largest.get((holding["document"], holding.get("holder", ""), words))
            if need is None or any(key in holding for key in (*HELD_DAYS, "with")):
                made.others.append(holding)
            else:
                made.held[need.id] = made.held.get(need.id, 0) + holding.get("count", 1)
        return made

    @property
    def profile(self) -> Json:
        """The profile as a mapping that `ask` reads."""
        found: Json = {"name": self.name}
        if self.applicant is not None:
            found["applicant"] = self.applicant
        if self.regions:
            found["regions"] = list(self.regions)
        found["services"] = list(self.services)
        if self.own_words:
            found["other_services"] = list(self.own_words)
        own = {k: v for k, v in self.facts.items() if k in ("audience", "platform")}
        facts = {k: v for k, v in self.facts.items() if k not in own}
        found |= own
        if facts:
            found["facts"] = facts
        kept = [other for n, other in enumerate(self.others) if n not in self.away]
        found["holds"] = [*kept, *map(self._holding, self.held)]
        found = dated(found | self.kept, self.days, self.base.askable)
        return self.parties.added(found, self.base.askable)

    def _holding(self, need_id: str) -> Json:
        need = self.base.askable[need_id]
        held: Json = {
            "document": need.document,
            "count": self.held[need_id],
            "holder": need.holder,
        }
        if need.must_state:
            held["states"] = list(need.must_state)
        return held

    @property
    def app(self) -> App:
        return self.base.app(self.profile)

    @property
    def answer(self) -> Answer:
        """What the app must provide, as far as it is known."""
        return answer_of(self.base, self.app, self.base.day(self.as_of), False, self.lang)

    @property
    def question(self) -> Question | None:
        """The question that settles most, without those that were left open."""
        talk = Interview(self.base, self.app, self.base.day(self.as_of), self.lang)
        asked = talk.question
        while asked is not None and (asked.kind, asked.subject) in self.skipped:
            talk.answer(None)
            asked = talk.question
        return asked

    def further(self, answer: Answer) -> Question | None:
        """A question of an answer that can not change the verdict any more, but what is asked."""
        vocabulary = self.base.facts.vocabulary
        for entry in answer.undetermined:
            ask = entry.ask
            if (
                not isinstance(ask, AttributeQuestion)
                or ("attribute", ask.attribute) in self.skipped
            ):
                continue
            about = AboutAttribute.of(vocabulary, vocabulary.attributes[ask.attribute])
            return Question(about, self.lang, vocabulary.names)
        return None

    def graph(self) -> Graph:
        """The answer as a graph."""
        return app_graph(self.base, self.app, self.as_of)

    @property
    def chosen(self) -> bool:
        """Whether anything is chosen of which there could be a verdict."""
        return bool(self.services or self.own_words)

    def found(self, words: str) -> list[tuple[str, list[tuple[str, str]]]]:
        """Services by own words and by names, best first, ten at most: for each category its
        services (ids and labels), without those chosen already."""
        names = self.base.facts.names
        shown: dict[str, list[str]] = {}
        seen = set(self.services)
        for each in self._candidates(words):
            for service in each.services[:MOST_EACH] if not each.weak else ():
                if service.id not in seen:
                    seen.add(service.id)
                    shown.setdefault(each.category, []).append(service.id)
        called = [hit.id for hit in search(names, words, 60) if hit.kind == "service"]
        more = [id for id in called if id not in seen]
        whole = [id for id in more if folded(words) in _folded(names, id)]
        by_name = whole if shown or whole else more
        groups = [*shown.items(), *([("", by_name)] if by_name else [])]
        found, left = [], MOST_SHOWN
        for category, ids in groups:
            if kept := ids[:left]:
                labels = [(id, names.label("service", id, self.lang)) for id in kept]
                found.append((category, labels))
                left -= len(kept)
        return found

    def _candidates(self, words: str) -> list[Candidate]:
        """The candidates of own words: those open to the account that applies, if there are any."""
        if self.applicant is not None:
            wider: dict[str, set[str]] = {}
            for one, other in self.base.facts.vocabulary.wider:
                wider.setdefault(one, set()).add(other)
            accounts = kinds((self.applicant,), wider)
            for account in accounts if len(accounts) == 1 else ():
                found = found_together(self._finder, words, account)
                if any(not each.weak for each in found):
                    return found
        return found_together(self._finder, words)

    def describe(self, words: str) -> None:
        """Keep what the app does in its owner's words: no service fits."""
        if words and words not in self.own_words:
            self.own_words.append(words)

    def undescribe(self, words: str) -> None:
        """Take own words back."""
        self.own_words.remove(words)

    @cached_property
    def _finder(self) -> Finder:
        return finder_of(self.base.facts.folders)

    def kinds(self, attribute: str) -> list[tuple[int, str, str]]:
        """The values of an attribute as a tree, in order: how deep each stands, label and id."""
        vocabulary = self.base.facts.vocabulary
        about = AboutAttribute.of(vocabulary, vocabulary.attributes[attribute])
        return [(depth, t.label(self.lang), t.id) for depth, t in in_order(about.trees)]

    def why(self, question: Question) -> list[str]:
        """Why a question is asked, line by line."""
        talk = Interview(self.base, self.app, self.base.day(self.as_of), self.lang)
        reasons = talk.reasons_for(question.kind, question.subject)
        return list(why_lines(reasons, Language(self.lang, self.base.facts.names)))

    def add(self, service: str) -> None:
        """Choose a service, under any of its names. Raises `Problems`."""
        id = self.base.id_of("service", service)
        if id not in self.services:
            self.services.append(id)

    def take(self, service: str, words: str) -> str:
        """Choose a service that own words led to. What else they tell and nobody understood stays
        open; the words on other businesses are given back. Raises `Problems`."""
        self.add(service)
        told = understood(self._finder, words, vocabulary=self.base.facts.vocabulary)
        self.facts = {each.attribute: each.value for each in told.stated} | self.facts
        for piece in told.kept:
            self.describe(piece)
        rest = []
        for one in told.businesses:
            offered = [each for each in (one.best, *one.others) if each is not None]
            if not any(s.id in self.services for each in offered for s in each.services):
                rest.append(one.words)
        return ",".join(rest) if len(told.businesses) > 1 else ""

    def remove(self, service: str) -> None:
        self.services.remove(self.base.id_of("service", service))

    def reply(self, question: Question, answer: Any) -> None:
        """Answer a question; None leaves it open. Raises `Problems` for what does not fit."""
        if answer is None:
            self.skipped.add((question.kind, question.subject))
            return
        if question.kind in HELD_DAYS:
            need = self.base.askable[question.subject]
            day_in(answer, question.kind, need, self.base.facts)
            self.days[question.kind, question.subject] = answer
            return
        before = self.facts.copy(), self.applicant, list(self.regions), list(self.services)
        match question.subject:
            case "applicant":
                self.applicant = answer
            case "regions":
                self.regions = _listed(answer)
            case "services":
                self.services = [self.base.id_of("service", name) for name in _listed(answer)]
            case subject:
                self.facts[subject] = answer
        try:
            self.base.app(self.profile)
        except Problems:
            self.facts, self.applicant, self.regions, self.services = before
            raise

    def needs(self, answer: Answer) -> list[tuple[Need, str]]:
        """The documents that an answer speaks of, and those ticked, each once with its words."""
        wanted: dict[tuple[str, str, tuple[str, ...]], Need] = {}
        for category in answer.categories:
            for alternative in category.alternatives:
                for needed in alternative.documents if alternative.usable is not False else ():
                    key = needed.document, needed.holder, needed.need.must_state
                    wanted[key] = max(needed.need, wanted.get(key, needed.need))
        profile = self.profile
        found = [
            need
            for key, need in self._largest().items()
            if need.id in self.held or (key in wanted and not self._told(need))
            if self.parties.counted(profile, answer, need)
        ]
        to = Language(self.lang, self.base.facts.names)

        def as_wanted(need: Need) -> Need:
            """With as many copies as this app is asked for, not as any may be."""
            key = need.document, need.holder, tuple(need.must_state)
            asked = wanted.get(key, need)
            return replace(need, at_least=asked.at_least, at_most=asked.at_most)

        return [
            (need, need_text(as_wanted(need), to))
            for need in sorted(found, key=lambda n: (n.holder != "applicant", n.id))
        ]

    def _largest(self) -> dict[tuple[str, str, tuple[str, ...]], Need]:
        """Needs by document, holder and words; of several counts the largest: it contents the
        others too."""
        found: dict[tuple[str, str, tuple[str, ...]], Need] = {}
        for need in self.base.needs.values():
            key = need.document, need.holder, tuple(need.must_state)
            if key not in found or need.at_least > found[key].at_least:
                found[key] = need
        return found

    def _told(self, need: Need) -> bool:
        """Whether one of the others in hand, or a paper of a party, may be what a need asks for."""
        others = (other for n, other in enumerate(self.others) if n not in self.away)
        of_parties = (
            {**held, "holder": party["role"]}
            for party in self.kept.get("parties", ())
            for held in party.get("holds", ())
        )
        return any(
            other["document"] == need.document
            and other.get("holder", need.holder) == need.holder
            and set(need.must_state) <= set(other.get("states") or need.must_state)
            and other.get("count", 1) >= need.at_least
            for other in (*others, *of_parties)
        )

    def begun(self) -> list[tuple[int, str]]:
        """The others, by number, with their words."""
        names, zh = self.base.facts.names, self.lang == "zh"
        found = []
        for n, other in enumerate(self.others):
            document = names.label("document", other["document"], self.lang)
            parts = [f"《{document}》" if zh else document]
            if party := other.get("with"):
                parts.append(f"与{party}签" if zh else f"with {party}")
            if other.get("count", 1) > 1:
                parts.append(f"{other['count']} 份" if zh else f"{other['count']} copies")
            if other.get("holder"):
                holder = names.label("holder", other["holder"], self.lang)
                parts.append(f"由{holder}持有" if zh else f"of the {holder}")
            if other.get("states"):
                words = "、".join(other["states"])
                parts.append(f"写有「{words}」" if zh else f"stating {words}")
            found.append((n, ("," if zh else ", ").join(parts)))
        return found

    def keep(self, number: int, kept: bool) -> None:
        """Say whether one of the others is in hand."""
        (self.away.discard if kept else self.away.add)(number)

    def hold(self, need: str, count: int) -> None:
        """Set how many copies of a need are in hand."""
        self.held.pop(need, None)
        if count:
            self.held[need] = count

    def text(self, what: str) -> str:
        """The `profile` as YAML, or the `report` as a page of HTML. Raises `Problems`."""
        if what == "profile":
            return as_text(self.profile)
        if what != "report":
            raise Problems(
                [Problem("export", f"`{what}` can not be exported", help="profile, report")]
            )
        answer = self.answer
        asked = self.question
        title = f"{self.name} · {answer.as_of}"
        asking = f"<p>{escape(question_words(asked))}</p>" if asked is not None else ""
        own = f"<hr><pre>{escape(self.text('profile'))}</pre>"
        return page(title, f"{answer._repr_html_()}{asking}{own}", self.lang)


def _folded(names: Names, id: str) -> str:
    term = names.get("service", id)
    return " ".join(map(folded, term.names)) if term is not None else ""


def _listed(answer: Any) -> list[Any]:
    return list(answer) if isinstance(answer, list | tuple) else [answer]
