"""Values that no rule can tell apart: one of them stands for all.

Rules look at what a profile states through the tests of conditions and the places of texts: at a
value, at its wider and narrower kinds, and at what it may also be. Two provinces that no test names
are alike; so are two days between the same two bounds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import cache
from typing import TypeAlias

from kb.model.days import FIRST
from kb.model.facts import FactBase
from kb.model.resolving import Stated

FOR_THEMSELVES = ("services", "platform")
"""Attributes whose values rules look at for themselves, not only through tests."""

Looks: TypeAlias = tuple[frozenset[str], ...]


class Alike:
    """What stands for each value of the attributes of a base.

    >>> from kb.answers.base import load
    >>> Alike(load().facts).to("regions", ("CN-GD", "CN-HN"))
    ('CN-AH',)
    """

    def __init__(self, base: FactBase) -> None:
        facts = base.rows.facts
        self._base = base
        self._tested: dict[str, set[str]] = {}
        self._bounds: dict[str, list[int]] = {}
        reads = {str(test): str(attribute) for test, attribute in facts.get("test_reads", ())}
        for test, value in (*facts.get("test_value", ()), *facts.get("test_maybe", ())):
            self._tested.setdefault(reads[str(test)], set()).add(str(value))
        for _, place in facts.get("text_place", ()):
            self._tested.setdefault("regions", set()).add(str(place))
        for relation in ("test_range", "test_unsure"):
            for test, first, last in facts.get(relation, ()):
                found = self._bounds.setdefault(reads[str(test)], [])
                found += [int(first), int(last) + 1]
        self._wider: dict[str, set[str]] = {}
        for narrower, wider in facts.get("kind_of", ()):
            self._wider.setdefault(str(narrower), set()).add(str(wider))
        self._also: dict[str, set[str]] = {}
        for one, other in facts.get("overlaps", ()):
            self._also.setdefault(str(one), set()).add(str(other))
        self._stands: dict[str, dict[str, str]] = {}
        self._up = cache(self._closure)

    def to(self, attribute: str, stated: Stated) -> Stated:
        """What stands for what is stated; equal for what no rule tells apart."""
        if isinstance(stated, int):
            bounds = sorted(self._bounds.get(attribute, ()))
            at = bisect_right(bounds, stated)
            return bounds[at - 1] if at else FIRST
        stands = self._of(attribute)
        return tuple(sorted({stands.get(value, value) for value in stated}))

    def _of(self, attribute: str) -> dict[str, str]:
        """For an attribute with a vocabulary of its own, what stands for each of its terms."""
        if attribute not in self._stands:
            found: dict[str, str] = {}
            declared = self._base.vocabulary.attributes[attribute]
            if declared.vocabulary and attribute not in FOR_THEMSELVES:
                first: dict[Looks, str] = {}
                tested = self._tested.get(attribute, set())
                for id in sorted(self._base.names.ids(declared.vocabulary)):
                    found[id] = first.setdefault(self._looks(id, tested), id)
            self._stands[attribute] = found
        return self._stands[attribute]

    def _looks(self, value: str, tested: Iterable[str]) -> Looks:
        also = {wide for other in self._also.get(value, ()) for wide in self._up(other)}
        return (
            frozenset(self._up(value).intersection(tested)),
            frozenset(test for test in tested if value in self._up(test)),
            frozenset(also.intersection(tested)),
        )

    def _closure(self, value: str) -> frozenset[str]:
        found, todo = {value}, [value]
        while todo:
            for wider in self._wider.get(todo.pop(), ()):
                if wider not in found:
                    found.add(wider)
                    todo.append(wider)
        return frozenset(found)
