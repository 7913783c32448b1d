"""`Finder`: texts in, candidates out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kb.find.folding import folded
from kb.find.index import ACCOUNTS, Index
from kb.find.parse import Query, parse
from kb.find.rank import SIDE_TOPICS, Scored, rank
from kb.find.slips import Slips
from kb.find.store import index_of
from kb.find.traits import another_deed, fitting
from kb.lang.syntax import Cite
from kb.model.data import Json
from kb.model.layers import Folders

MOST = 8
"""Candidates that a text gets, unless more are asked for."""
SERVICES = 5
LONGEST = 1000
"""Characters of a text that are read."""
NAMED = 0.62
"""How much of a service's name a text must say, to name it."""
KEEP = 0.22
"""Candidates below this share of the best one are not told."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service of a candidate, with its labels."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A category that may fit a text: what matched, and the lines that open it to the account."""

    category: str
    id: str
    services: tuple[Service, ...]
    matched: tuple[str, ...]
    cites: tuple[Cite, ...]
    in_base: bool
    weak: bool
    score: float = 0.0
    """How well it fits; of use against other candidates of the same text alone."""
    accounts: tuple[str, ...] = ACCOUNTS
    """The kinds of account that it is open to."""
    named: bool = True
    """Whether the first of the services may stand for what the text says; else the text names
    the category, and what it says is none of the services or wider than they are."""
    touched: bool = True
    """Whether the text has a word of a service; else a category's only one is told."""
    lent: bool = False
    """Whether it rests on names of services of another layer, or on parts of names beside the
    name of a service."""

    def to_dict(self) -> Json:
        return {
            "category": self.category,
            "id": self.id,
            "services": [{"id": s.id, "zh": s.zh, "en": s.en} for s in self.services],
            "matched": list(self.matched),
            "cites": [
                {"source": c.source, "lines": list(c.lines), "locator": c.locator}
                for c in self.cites
            ],
            "state": "in_base" if self.in_base else "named_only",
            "weak": self.weak,
        }


def owned(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """The candidates without those that rest on the names of others' services; all where that
    would leave none."""
    return [each for each in candidates if not each.lent] or candidates


class Finder:
    """Finds categories in an index; the same text always leads to the same candidates."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._slips = Slips(index)

    def parse(self, text: str) -> Query:
        return parse(text, self.index, self._slips)

    def find(self, text: str, account: str | None = None, limit: int = MOST) -> list[Candidate]:
        """Candidates for a text, best first; `account` limits them to what is open to it."""
        bits = self._bits(account)
        query = self.parse(text[:LONGEST])
        scored, weak = rank(query, self.index, bits)
        # decision: nothing-fits-is-an-answer
        if weak and set(query.outside.values()) - SIDE_TOPICS:
            return []
        best = scored[0].score if scored else 0.0
        kept = [s for s in scored if s.score >= KEEP * best][:limit]
        return [self._candidate(s, query.traits, bits, weak or s.score < KEEP * best) for s in kept]

    def offered(self, candidate: Candidate, account: str | None) -> list[Candidate]:
        """A candidate once for each service of its category that is open to an account."""
        bits, index = self._bits(account), self.index
        number = next(n for n, c in enumerate(index.categories) if c[1] == candidate.id)
        found = []
        for unit in index.offered.get(number, ()):
            if index.units[unit][2] & bits:
                service = Service(*index.services[index.units[unit][1]])
                cites = self._cites([unit], bits)
                found.append(replace(candidate, services=(service,), cites=cites, named=True))
        return found

    def called(self, words: str, own: bool = False) -> frozenset[str]:
        """The services (ids) whose label or other name some words are; `own`: of layers beside the
        first alone."""
        index = self.index
        units = index.exact.get(folded(words, index.simplified), ())
        held = {index.units[unit][1] for unit in units if index.layer(unit) or not own}
        return frozenset(index.services[number][0] for number in held if number >= 0)

    def outside(self, text: str) -> tuple[str, ...]:
        """The topics that a text speaks of and that no category is about."""
        return tuple(dict.fromkeys(self.parse(text[:LONGEST]).outside.values()))

    def _bits(self, account: str | None) -> int:
        """The accounts that are looked at: all, where no version is known to be open to one."""
        every = (1 << len(ACCOUNTS)) - 1
        if account is None:
            return every
        bits = 1 << ACCOUNTS.index(account)
        return bits if any(c[2] & bits and c[3] for c in self.index.categories) else every

    def _candidate(
        self, scored: Scored, wanted: frozenset[str], bits: int, weak: bool
    ) -> Candidate:
        index = self.index
        name, id, open_to, known, others = index.categories[scored.category]
        name = next((other for accounts, other in others if accounts & bits), name)
        units = sorted(scored.units.items(), key=lambda u: (-round(u[1], 6), u[0]))
        units = [(unit, gain) for unit, gain in units if index.units[unit][2] & bits]
        best = max((g for u, g in units if index.units[u][1] >= 0), default=0.0)
        grazed = [u for u, g in units if index.units[u][1] >= 0 and g >= 0.4 * best]
        named = {u for u in grazed if scored.named.get(u, 0.0) >= NAMED}
        taken = bool(named) or not (scored.category in index.narrow or another_deed(name, wanted))
        touched = bool(grazed)
        if taken and not touched:
            every = index.offered.get(scored.category, [])
            grazed = every if len(every) == 1 else []
        chosen = sorted(
            grazed,
            key=lambda unit: (
                -fitting(index.services[index.units[unit][1]][1], wanted),
                unit not in scored.exact,
                unit not in named,
            ),
        )[:SERVICES]
        numbers = list(dict.fromkeys(index.units[unit][1] for unit in chosen))
        services = tuple(Service(*index.services[n]) for n in numbers)
        words = sorted(scored.words.items(), key=lambda w: -round(w[1], 6))
        cites = self._cites(chosen or [unit for unit, _ in units[:1]], bits)
        whole = [w for w, _ in words if not any(w != other and w in other for other, _ in words)]
        matched = tuple(whole[:SERVICES])
        accounts = tuple(a for n, a in enumerate(ACCOUNTS) if open_to & 1 << n)
        found = name, id, services, matched, cites, known, weak
        stands = taken and bool(services)
        return Candidate(*found, scored.score, accounts, stands, touched, scored.lent)

    def _cites(self, units: list[int], bits: int) -> tuple[Cite, ...]:
        numbers = [
            number
            for unit in units
            for accounts, number in self.index.units[unit][3]
            if accounts & bits
        ]
        found = (self.index.cites[n] for n in dict.fromkeys(numbers))
        return tuple(Cite(source, tuple(lines), locator) for source, lines, locator in found)


def finder_of(facts: Folders = None) -> Finder:
    """What finds categories in folders of facts (default: those that came with the package).

    Raises `Problems` when the facts can not be read.
    """
    return Finder(index_of(facts))
