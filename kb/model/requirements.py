"""Requirement trees and their minimal alternatives."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass, field
from itertools import combinations, permutations, product
from math import comb
from typing import TypeAlias, TypeVar

from kb.model.schema import Node, composed_of

LARGEST = 2_000
"""Alternatives of one tree that are still computed."""
WIDEST = 2 * LARGEST
"""Alternatives that are compared to find the minimal ones among them."""
WRITTEN_OUT = 20
"""Sets of `at_least: k` documents that are written out as alternatives; of more the choice stays
one need, which is met by counting."""
CHOICE = "choice-"
"""How the ids of such needs begin."""

Bounded = TypeVar("Bounded", bound=Sized)
When: TypeAlias = tuple[str, bool]
"""A condition and whether it must be met (True) or not (False)."""


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """So many of a document, held by someone and containing some words; of `a|b` one of both. More
    than `at_most` are not accepted; 0 is no limit. Of an attribute `as_many` there are as many as
    it says, and no fewer than `at_least`."""

    document: str
    holder: str = "applicant"
    at_least: int = 1
    must_state: tuple[str, ...] = ()
    each: str = field(default="", repr=False)
    """The role of the parties of each of which it is asked; empty where it is not."""
    at_most: int = field(default=0, repr=False)
    as_many: str = field(default="", repr=False)
    counted: int = field(default=0, compare=False, repr=False)
    """How many that is for an app; 0 where it is not known, or no app is asked about."""
    _id: str = field(default="", init=False, compare=False, repr=False)
    """Its id, once somebody asked for it: very many look-ups do."""

    @property
    def copies(self) -> int:
        """How many are asked for, as far as it is known."""
        return self.counted or self.at_least

    @property
    def id(self) -> str:
        if not self._id:
            object.__setattr__(self, "_id", self._written())
        return self._id

    def _written(self) -> str:
        if not (self.at_most or self.each or self.as_many or self.must_state):  # most by far
            return f"{self.document}@{self.holder}x{self.at_least}"
        most = f"-{self.at_most}" if self.at_most else ""
        each = f"/{self.each}" if self.each else ""
        many = f"={self.as_many}" if self.as_many else ""
        words = "".join(f"+{word}" for word in self.must_state)
        return f"{self.document}@{self.holder}x{self.at_least}{most}{many}{each}{words}"

    def covers(self, other: Need) -> bool:
        """Whoever meets this meets the other."""
        # decision: one-paper-serves-all
        return (
            (self.document, self.holder) == (other.document, other.holder)
            and self.at_least >= other.at_least
            and set(self.must_state) >= set(other.must_state)
            and other.each in ("", self.each)
            and other.as_many in ("", self.as_many)
            and self._limited_as(other)
        )

    def _limited_as(self, other: Need) -> bool:
        """Whoever keeps to this one's limit keeps to the other's: of the same copies no more."""
        if not other.at_most:
            return True
        same = set(self.must_state) == set(other.must_state)
        return same and 0 < self.at_most <= other.at_most


@dataclass(frozen=True, slots=True)
class Alternative:
    """Documents that together satisfy a requirement, and the conditions under which they do."""

    needs: frozenset[Need] = frozenset()
    when: frozenset[When] = frozenset()


def asks_less(one: Alternative, other: Alternative) -> bool:
    """Whoever meets the other's needs meets this one's, and not the other way round."""

    def enough(mine: Alternative, theirs: Alternative) -> bool:
        return all(any(t.covers(m) for t in theirs.needs) for m in mine.needs)

    return enough(one, other) and not enough(other, one)


class TooLargeError(ValueError):
    """A tree with more than `LARGEST` alternatives."""


def counted(node: Node) -> bool:
    """Whether a node is one need that is met by counting: so many of very many plain documents,
    or no more than so many of some."""
    many = node.at_least > 1 and comb(len(node.any_of or ()), node.at_least) > WRITTEN_OUT
    limited = node.any_of is not None and node.at_most is not None
    return (many or limited) and countable(node)


def countable(node: Node) -> bool:
    """Whether what a node offers can be counted: plain documents, none of which another covers."""
    documents = node.any_of or ()
    if any(
        d.document is None
        or d.condition
        or d.unclear
        or d.optional
        or d.each
        or d.at_most
        or d.as_many_as
        for d in documents
    ):
        return False
    needs = [need_of(each) for each in documents]
    return not any(m.covers(n) for m, n in permutations(needs, 2))


def members(node: Node) -> tuple[Need, ...]:
    """The needs of which a counted node asks for some."""
    return tuple(need_of(each) for each in node.any_of or ())


def need_of(node: Node) -> Need:
    """The need that a document node states, or a counted one."""
    if node.document is None:
        own = members(node)
        holders = {need.holder for need in own}
        most = node.at_most or 0
        limit = [f"{node.at_least}-{most}"] if most else []
        text = "\n".join([*sorted(need.id for need in own), *limit])
        name = CHOICE + hashlib.sha256(text.encode()).hexdigest()[:12]
        holder = holders.pop() if len(holders) == 1 else "applicant"
        return Need(name, holder, node.at_least, at_most=most)
    words = tuple(sorted(node.words))
    return Need(
        node.document,
        node.holder,
        node.at_least,
        words,
        node.each or "",
        node.at_most or 0,
        node.as_many_as or "",
    )


def nodes_of(node: Node) -> Iterator[Node]:
    """A tree's nodes, from its root, in order."""
    yield node
    for child in node.children:
        yield from nodes_of(child)


def documents(node: Node) -> Iterator[Node]:
    """The document nodes of a tree, in order."""
    return (each for each in nodes_of(node) if each.document is not None)


def leaves(node: Node) -> Iterator[Node]:
    """The nodes that state a need, in order: documents, and counted choices as one."""
    if node.document is not None or counted(node):
        yield node
        return
    for child in node.children:
        yield from leaves(child)


def alternatives(node: Node) -> tuple[Alternative, ...]:
    """The minimal alternatives of a tree, in the order in which the tree names them.

    The tree's monotone disjunctive normal form with absorption, where a node with `when` splits
    the cases: under `all_of` its absence asks for nothing, under `any_of` it offers nothing.
    Optional documents ask for nothing. Raises `TooLargeError` past `LARGEST` alternatives.
    """
    return _bounded(_minimal(_optional(node, node.condition, _plain(node))), LARGEST)


def _optional(node: Node, when: str | None, inside: list[Alternative]) -> list[Alternative]:
    """A node as a child of `all_of`, or on its own: nothing is asked when it is absent."""
    # decision: absent-part
    if when is None:
        return inside
    return [*inside, Alternative(when=frozenset({(when, False)}))]


def _plain(node: Node) -> list[Alternative]:
    if node.document is not None:
        return [Alternative() if node.optional else Alternative(frozenset({need_of(node)}))]
    if counted(node):
        return [Alternative(frozenset({need_of(node)}))]
    if node.any_of is not None:
        offered = [_offered(child) for child in node.any_of]
        choices: dict[Alternative, None] = {}
        for chosen in combinations(offered, node.at_least):
            choices.update(dict.fromkeys(_joined(chosen) if len(chosen) > 1 else chosen[0]))
            _bounded(choices, WIDEST)
        return list(choices)
    return _joined(_optional(child, child.condition, _plain(child)) for child in node.all_of or ())


def _offered(node: Node) -> list[Alternative]:
    """A node as a child of `any_of`: nothing is offered when it is absent."""
    extra = frozenset({(node.condition, True)} if node.condition else ())
    return [Alternative(a.needs, a.when | extra) for a in _plain(node)]


def _joined(parts: Iterable[list[Alternative]]) -> list[Alternative]:
    """One alternative of each part, in all ways."""
    found = [Alternative()]
    for every in parts:
        part = _minimal(every)
        # Minimal after each part: parts that name the same documents do not multiply.
        _bounded(range(len(found) * len(part)), WIDEST)
        joined = [
            Alternative(_merged((*a.needs, *b.needs)), a.when | b.when)
            for a, b in product(found, part)
        ]
        found = list(_bounded(_minimal(joined), LARGEST))
    return found


def _bounded(found: Bounded, most: int) -> Bounded:
    if len(found) > most:
        raise TooLargeError(f"the requirement has more than {LARGEST} alternatives")
    return found


def _merged(needs: Iterable[Need]) -> frozenset[Need]:
    """Needs without those that another one covers."""
    found = frozenset(needs)
    covered = _covered(found)
    return found.difference(*(covered[need] - {need} for need in found))


def _minimal(found: Iterable[Alternative]) -> tuple[Alternative, ...]:
    """The alternatives that no other absorbs; of some that absorb one another the first.

    One absorbs another that asks for everything that it asks for and is usable no oftener. Sets of
    alternatives are whole numbers, a bit for each of them: to compare each with each is too slow
    where there are thousands.
    """
    possible = [a for a in found if _can_be(a.when)]
    covered = _covered({need for a in possible for need in a.needs})
    first: dict[frozenset[Need | When], Alternative] = {}
    for a in possible:
        # Covering is transitive: who covers the same absorbs one another.
        first.setdefault(a.when.union(*(covered[need] for need in a.needs)), a)
    offering: dict[Need | When, int] = {}
    for at, offered in enumerate(first):
        for each in offered:
            offering[each] = offering.get(each, 0) | 1 << at
    absorbed = 0
    for at, a in enumerate(first.values()):
        theirs = (1 << len(first)) - 1 - (1 << at)
        for each in a.needs | a.when:
            theirs &= offering[each]
        absorbed |= theirs
    return tuple(a for at, a in enumerate(first.values()) if not absorbed >> at & 1)


def _can_be(when: frozenset[When]) -> bool:
    """Whether conditions can be as an alternative wants them: not one of them and its opposite,
    also where nodes name it together with others."""
    if len(when) < 2:
        return True
    known: set[When] = set()
    waiting: list[frozenset[When]] = []
    for condition, met in when:
        held, failed = composed_of(condition)
        parts = frozenset([*((c, True) for c in held), *((c, False) for c in failed)])
        if met:
            known |= parts
        else:
            waiting.append(parts)  # one of them is otherwise
    while True:
        if any((c, not met) in known for c, met in known):
            return False
        left = [
            parts - known for parts in waiting if not any((c, not m) in known for c, m in parts)
        ]
        if not all(left):
            return False
        forced = {(c, not met) for parts in left if len(parts) == 1 for c, met in parts}
        if forced <= known:
            return True
        known |= forced


def _covered(needs: Iterable[Need]) -> dict[Need, frozenset[Need]]:
    """Which of these needs each of them covers."""
    alike: dict[tuple[str, str], list[Need]] = {}
    for need in needs:
        alike.setdefault((need.document, need.holder), []).append(need)
    return {m: frozenset(n for n in some if m.covers(n)) for some in alike.values() for m in some}
