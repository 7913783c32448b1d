"""A base with all that is looked up in it by names and by own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from kb.base.core import Core, Day
from kb.base.queries import Query
from kb.engines.registry import DEFAULT
from kb.find.businesses import found_together
from kb.find.finder import Candidate, Finder, finder_of
from kb.find.profile import Understood, understood
from kb.find.proposals import Proposals
from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Rule
from kb.model.facts import FactBase
from kb.query.categories import show
from kb.query.provisions import (
    PROVISIONS,
    near_provisions,
    provision_called,
    show_provision,
)
from kb.query.results import Hit, Hits, ShownCategory
from kb.query.search import search, vocabulary_of
from kb.query.things import KINDS, ShownThing, not_shown, show_thing, thing_called


class Lookups(Core):
    """The core of a base, and look-ups in it."""

    def __init__(
        self,
        facts: FactBase,
        rules: Iterable[Rule],
        queries: Iterable[Query] = (),
        *,
        as_of: Day = None,
        added: Iterable[Rule] = (),
        engine: str = DEFAULT,
    ) -> None:
        super().__init__(facts, rules, queries, as_of=as_of, added=added, engine=engine)
        # What is not known by its letters is looked for by its words.
        facts.names.proposals = Proposals(facts.folders)

    def show(self, category: str, as_of: Day = None, lang: str = "zh") -> ShownCategory:
        """A category with its versions, requirement trees and minimal alternatives; found by id,
        full name, former name or a unique part of it.

        With `as_of`, `versions` are those that stand on that day, and the others are told apart;
        without, they are those of all days, also where the base was loaded for one. Raises
        `Problems`.
        """
        return show(self, category, self.day(as_of) if as_of is not None else None, lang)

    def show_any(
        self, name: str, as_of: Day = None, lang: str = "zh", *, kind: str | None = None
    ) -> ShownCategory | ShownThing:
        """A category as `show` gives it, or what the sources say of a service, a document, an
        applicant, a source, a duty or a prohibition, found by id, label or other name. A category
        goes first, also by a part of its name; `kind` says which of them is meant. Raises
        `Problems`.

        >>> import kb
        >>> kb.load().show_any("合作协议").document
        'cooperation_agreement'
        """
        if kind in PROVISIONS:
            return self._provision(name, as_of, lang, kind)
        term = thing_called(self, name, [kind] if kind else KINDS[1:])
        # An id names one thing alone.
        stated = term is not None and term.kind != "category" and term.id == name
        if kind in (None, "category") and not stated:
            try:
                return self.show(name, as_of, lang)
            except Problems as found:
                if kind is not None:
                    raise
                if term is None:
                    return self._other(name, as_of, lang, found)
        if term is None:
            self.id_of(str(kind), name)  # raises, with near names
            raise AssertionError(name)
        return show_thing(self, term, self.day(as_of), lang)

    def _provision(self, name: str, as_of: Day, lang: str, kind: str) -> ShownThing:
        found = provision_called(self, name, [kind])
        if found is None:
            help = near_provisions(self, name, [kind])
            raise Problems([Problem("unknown-id", f"no {kind} is called `{name}`", help=help)])
        return show_provision(self, found, self.day(as_of), lang)

    def _other(self, name: str, as_of: Day, lang: str, failed: Problems) -> ShownThing:
        """A duty or a prohibition, where the name is of nothing else."""
        found = provision_called(self, name)
        if found is not None:
            return show_provision(self, found, self.day(as_of), lang)
        problem = failed.problems[0]
        if problem.code != "unknown-id":
            raise failed
        other = not_shown(self, name)
        if other is not None:
            raise Problems([other]) from None
        help = near_provisions(self, name)
        if help.startswith("known: ") or not self.provisions.bound:
            raise failed
        # What is called nearly so helps more than a list of whatever there is.
        more = [each for each in problem.help.split("\n") if not each.startswith("known: ")]
        raise Problems([replace(problem, help="\n".join([help, *more]))]) from None

    def vocabulary(self, kind: str | None = None) -> list[Hit]:
        """The terms of a kind, in the order of the files; without a kind one for each kind, with
        how many terms it has. Raises `Problems`."""
        return vocabulary_of(self.facts.names, kind)

    def search(self, words: str, limit: int = 20, lang: str = "zh") -> Hits:
        """Things by their names, best first: services, categories, documents, applicants, ...;
        `lang` is the language in which a notebook shows them."""
        return Hits(tuple(search(self.facts.names, words, limit)), lang)

    def find(self, text: str, account: str | None = None, limit: int = 8) -> list[Candidate]:
        """The categories that fit a text in people's own words, best first, with the words that
        matched and the lines; empty, or all `weak`, where nothing fits. `account` is
        `non_individual`, `overseas` or `personal`.

        >>> import kb
        >>> kb.load().find("学车考驾照")[0].id
        'education-driving-school'
        """
        return found_together(self._finder, text, account, limit)

    def understand(self, text: str, answers: Mapping[str, str] | None = None) -> Understood:
        """What a few words are taken to mean: each business that they tell of, with the best
        category and the others, and a profile; where it is not sure, the `question` that tells
        most. `answers` are those to earlier questions, by their `key` (empty: left open)."""
        return understood(self._finder, text, answers=answers, vocabulary=self.facts.vocabulary)

    @cached_property
    def _finder(self) -> Finder:
        return finder_of(self.facts.folders)
