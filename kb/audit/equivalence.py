"""Values that no rule can tell apart: one of them stands for all.

Rules look at what a profile states through the tests of conditions and the places of texts: at a
value, at its wider and narrower kinds, and at what it may also be. Two provinces that no test names
are alike; so are two days between the same two bounds. To one category more are alike than to all
rules together: it looks at what its own tests look for. Services are known by marks of their own;
of all that an app offers together, those count that a test looks for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple, TypeAlias

from kb.model.days import FIRST
from kb.model.duty_day_rows import EVENTS
from kb.model.facts import FactBase
from kb.model.outcomes import Between, Known
from kb.model.ranges import Shift

FOR_THEMSELVES = ("services", "platform")
"""Attributes whose values rules look at for themselves, not only through tests."""

Looks: TypeAlias = tuple[frozenset[str], ...]


class Watch(NamedTuple):
    """What tests look for in an attribute: values, and days on which something begins anew."""

    values: frozenset[str] = frozenset()
    bounds: tuple[int, ...] = ()


class Alike:
    """What stands for each value of the attributes of a base.

    >>> from kb.api import load
    >>> alike = Alike(load().facts, 20250401)
    >>> alike.to("regions", ("CN-GD", "CN-HN"))
    ('CN-AH',)
    >>> alike.to("regions", ("CN-GD", "CN-BJ"), Watch(frozenset({"CN"})))
    ('CN-AH',)
    >>> alike.to("services", ("airport_services", "driving_school_platform"))
    ('airport_services',)
    """

    def __init__(self, base: FactBase, day: int, apart: frozenset[str] = frozenset()) -> None:
        facts = base.rows.facts
        self._base = base
        self._apart = apart
        self._reads = {str(test): str(attribute) for test, attribute in facts.get("test_reads", ())}
        self._values: dict[str, set[str]] = {}
        for test, value in (*facts.get("test_value", ()), *facts.get("test_maybe", ())):
            self._values.setdefault(str(test), set()).add(str(value))
        several = {str(test) for (test,) in facts.get("test_several", ())}
        self._counted = frozenset(v for test in several for v in self._values.get(test, ()))
        self._bounds: dict[str, set[int]] = {}
        for relation in ("test_range", "test_unsure"):
            for test, first, last in facts.get(relation, ()):
                self._bounds.setdefault(str(test), set()).update((int(first), int(last) + 1))
        for relation, past in (("not_before", 0), ("not_after", 1)):
            for test, _, months, more in facts.get(relation, ()):
                end = Shift(int(months), int(more)).on(day)
                if end is not None:
                    self._bounds.setdefault(str(test), set()).add(end + past)
        self._wider: dict[str, set[str]] = {}
        for narrower, wider in facts.get("kind_of", ()):
            self._wider.setdefault(str(narrower), set()).add(str(wider))
        self._also: dict[str, set[str]] = {}
        for one, other in facts.get("overlaps", ()):
            self._also.setdefault(str(one), set()).add(str(other))
        self._seats: dict[str, set[str]] = {}
        for applicant, place in facts.get("seat", ()):
            self._seats.setdefault(str(applicant), set()).add(str(place))
        # From these, rules count days, or papers by them.
        counting = (*EVENTS, "as_many_as")
        self._counted_from = {str(row[1]) for name in counting for row in facts.get(name, ())}
        self._stands: dict[tuple[str, frozenset[str]], dict[str, str]] = {}
        self._up = cache(self._closure)
        self._every = self.watches(self._reads)
        places = {str(place) for _, place in facts.get("text_place", ())}
        places.update(*self._seats.values())
        regions = self._every.get("regions", Watch())
        self._every["regions"] = regions._replace(values=regions.values | places)
        # A test of all values looks at each of them, whatever it is.
        every = {str(test) for (test,) in facts.get("test_all", ())}
        self._each = {self._reads[test] for test in every}
        self._sought = cache(self._is_sought)

    def watches(self, tests: Iterable[str]) -> dict[str, Watch]:
        """What some tests look for, by attribute."""
        found: dict[str, tuple[set[str], set[int]]] = {}
        for test in tests:
            values, bounds = found.setdefault(self._reads[test], (set(), set()))
            values |= self._values.get(test, set())
            bounds |= self._bounds.get(test, set())
        return {q: Watch(frozenset(v), tuple(sorted(b))) for q, (v, b) in found.items()}

    def to(self, attribute: str, stated: Known, watch: Watch | None = None) -> Known:
        """What stands for what is stated; equal for what no rule tells apart, or none of the tests
        that are watched."""
        if watch is None and attribute in self._apart:  # rules look at its values for themselves
            return stated
        values, bounds = watch or self._every.get(attribute, Watch())
        if isinstance(stated, Between):
            return Between(_first(bounds, stated.least), _first(bounds, stated.most))
        if isinstance(stated, int) and watch is None and attribute in self._counted_from:
            return stated
        if isinstance(stated, int):
            return _first(bounds, stated)
        if attribute == "services" and attribute not in self._each:
            stated = tuple(value for value in stated if self._sought(value))
        stands = self._of(attribute, values)
        return tuple(sorted({stands.get(value, value) for value in stated}))

    def _of(self, attribute: str, tested: frozenset[str]) -> dict[str, str]:
        """For an attribute with a vocabulary of its own, what stands for each of its terms."""
        key = attribute, tested
        if key not in self._stands:
            found: dict[str, str] = {}
            declared = self._base.vocabulary.attributes[attribute]
            if declared.vocabulary and attribute not in FOR_THEMSELVES:
                first: dict[Looks, str] = {}
                for id in sorted(self._base.names.ids(declared.vocabulary)):
                    found[id] = first.setdefault(self._looks(id, tested), id)
            self._stands[key] = found
        return self._stands[key]

    def _is_sought(self, service: str) -> bool:
        """Whether some test looks for a service, its kinds or what it may also be."""
        return any(self._looks(service, self._every.get("services", Watch()).values))

    def _looks(self, value: str, tested: Iterable[str]) -> Looks:
        also = {wide for other in self._also.get(value, ()) for wide in self._up(other)}
        # Where two values are asked for, two kinds of one of them do, and stay two.
        counted = self._counted.intersection(tested, self._up(value))
        return (
            frozenset({value} if counted else ()),
            frozenset(self._up(value).intersection(tested)),
            frozenset(test for test in tested if value in self._up(test)),
            frozenset(also.intersection(tested)),
            frozenset(self._seats.get(value, ())),
        )

    def _closure(self, value: str) -> frozenset[str]:
        found, todo = {value}, [value]
        while todo:
            for wider in self._wider.get(todo.pop(), ()):
                if wider not in found:
                    found.add(wider)
                    todo.append(wider)
        return frozenset(found)


def _first(bounds: tuple[int, ...], number: int) -> int:
    """What stands for a number: the end that it lies behind."""
    at = bisect_right(bounds, number)
    if at:
        return bounds[at - 1]
    # Below every end; a number's may lie below the first day.
    return min([FIRST, *(end - 1 for end in bounds[:1])])
