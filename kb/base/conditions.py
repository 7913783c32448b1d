"""What values do to conditions, three-valued, as `kb/rules/02_conditions.dl` has it: for trying out
profiles before any engine is asked."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kb.lang.arithmetic import add_days, add_months
from kb.model.apps import Stated
from kb.model.conditions import all_tests, clauses, ways
from kb.model.days import date, number
from kb.model.facts import FactBase
from kb.model.numbers import with_decimals
from kb.model.ranges import accepted, unsure
from kb.model.terms import Test
from kb.model.vocabulary import values

MET, OPEN, FAILED = "met", "open", "failed"
EVENTS: Mapping[str, Callable[[int, int], tuple[int | None, ...]]] = {
    "due_days_after": lambda day, count: (add_days(day, -count),),
    # So many working days are as many days at least, and not so many more than there are holidays.
    "due_working_days_after": lambda day, count: (
        add_days(day, -count),
        add_days(day, -(2 * count + 15)),
    ),
    "due_months_after": lambda day, count: (add_months(day, -count),),
    "renewed_since": lambda day, count: (add_months(day, -count),),
}
"""How far before a day an event lies from which a time is counted that ends on that day."""


@dataclass
class Conditions:
    """The conditions of a base, on a day."""

    facts: FactBase
    day: int
    _wider: dict[str, set[str]] = field(default_factory=dict)
    _overlaps: dict[str, set[str]] = field(default_factory=dict)
    _above: dict[str, frozenset[str]] = field(default_factory=dict)
    _apart: dict[tuple[object, ...], list[Stated]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for narrower, wider in self.facts.vocabulary.wider:
            self._wider.setdefault(narrower, set()).add(wider)
        for one, other in self.facts.vocabulary.overlaps:
            self._overlaps.setdefault(one, set()).add(other)
            self._overlaps.setdefault(other, set()).add(one)

    def test(self, name: str) -> Test:
        """The test that a name such as `teaches_live#1` stands for."""
        condition, _, at = name.rpartition("#")
        return self.facts.vocabulary.conditions[condition].tests[int(at) - 1]

    def tests(self, condition: str) -> dict[str, Test]:
        """The tests that a condition looks at, by name."""
        return all_tests(self.facts.vocabulary.conditions, condition)

    def needed(self, condition: str, met: bool) -> dict[str, bool]:
        """The tests that must be met (True) or fail (False) whenever a condition is met, or, with
        `met=False`, whenever it fails."""
        found = clauses(self.facts.vocabulary.conditions, condition, met)
        return dict(next(iter(clause)) for clause in found if len(clause) == 1)

    def ways(self, condition: str, met: bool) -> list[list[tuple[str, bool]]]:
        """The smallest sets of tests, each to be met or to fail, with which a condition is met, or,
        with `met=False`, fails."""
        return [sorted(way) for way in ways(self.facts.vocabulary.conditions, condition, met)]

    def outcome(self, test: Test, stated: Stated | None) -> str:
        """`met`, `open` or `failed` when this is stated; None: nothing is."""
        if stated is None:
            return OPEN  # decision: unsaid-is-unknown
        if isinstance(stated, int):
            return self._range_outcome(test, stated)
        wanted = set(test.any_of or test.all_of)
        if test.several:
            met = sum(self._value(test, wanted, value) == MET for value in dict.fromkeys(stated))
            may = any(self._value(test, wanted, value) == OPEN for value in stated)
            return MET if met > 1 else OPEN if may else FAILED
        found = {self._value(test, wanted, value) for value in stated}
        if test.any_of:
            return MET if MET in found else OPEN if OPEN in found else FAILED
        return FAILED if FAILED in found else OPEN if OPEN in found else MET

    def _range_outcome(self, test: Test, stated: int) -> str:
        number_ = self._decimals(test.attribute)
        within, open_ = accepted(test, number_), unsure(test, number_)
        if within is not None and within.holds(stated, self.day):
            return MET
        return OPEN if open_ is not None and open_.holds(stated, self.day) else FAILED

    def _value(self, test: Test, wanted: set[str], value: str) -> str:
        if value in wanted or not wanted.isdisjoint(self.above(value)):
            return MET
        below = any(value in self.above(each) for each in wanted)
        whole = below and test.any_of and test.attribute == "regions"
        if whole and value not in test.unsure:
            return MET  # decision: whole-serves-parts
        overlaps = self._overlaps.get(value, set())
        also = any(o in wanted or not wanted.isdisjoint(self.above(o)) for o in overlaps)
        return OPEN if below or also or value in test.unsure else FAILED

    def above(self, value: str) -> frozenset[str]:
        """The wider kinds of a value."""
        if value not in self._above:
            found: set[str] = set()
            todo = [value]
            while todo:
                more = self._wider.get(todo.pop(), set()) - found
                found |= more
                todo.extend(more)
            self._above[value] = frozenset(found)
        return self._above[value]

    def told_apart(
        self, attribute: str, tests: Iterable[str], have: Stated | None = None
    ) -> list[Stated]:
        """What may be stated of an attribute, one for each way that the tests come out; `have` is
        what is stated now."""
        names = tuple(sorted(tests))
        key = attribute, names, have
        if key not in self._apart:
            read = [self.test(name) for name in names]
            turns = self._turns(attribute)
            seen: dict[tuple[object, ...], Stated] = {}
            for stated in self._possible(attribute, read, have):
                outcomes: tuple[object, ...] = tuple(self.outcome(test, stated) for test in read)
                if isinstance(stated, int):
                    outcomes += tuple((stated > turn) - (stated < turn) for turn in turns)
                # Duties read flags without any test.
                seen.setdefault(outcomes or (stated,), stated)
            self._apart[key] = list(seen.values())
        return self._apart[key]

    def _turns(self, attribute: str) -> list[int]:
        """The days of an event on which a duty that hangs on it comes to something else, and the
        numbers up to which papers that are counted by it are no more than are asked for anyway."""
        stated = self.facts.rows.facts
        found: set[int | None] = set()
        for _, event, before, _ in stated.get("grace_until", ()):
            found.update([int(before)] if event == attribute else [])
        for relation, back in EVENTS.items():
            for _, event, count in stated.get(relation, ()):
                if event == attribute:
                    found.update(back(self.day, int(count)))
        for need, counted in stated.get("as_many_as", ()):
            if counted == attribute:
                found.update(int(n) for of, _, _, n in stated["need"] if of == need)
        return sorted(turn for turn in found if turn is not None)

    def _possible(self, name: str, tests: list[Test], have: Stated | None) -> Iterator[Stated]:
        attribute = self.facts.vocabulary.attributes[name]
        if attribute.type in ("day", "number"):
            edges = {day for test in tests for day in self._edges(test)}
            edges.update(self._turns(name))
            for edge in sorted(edges):
                for step in (-1, 0, 1):
                    if attribute.type == "day":
                        yield _beside(edge, step)
                    else:
                        yield with_decimals(edge + step, attribute.decimals)
            if not edges:
                day = attribute.type == "day"
                yield 20_200_101 if day else with_decimals(1, attribute.decimals)
            return
        known = list(values(self.facts.vocabulary, attribute))
        if attribute.type == "flag":
            yield from ((value,) for value in known)
            return
        named = [v for v in known if any(v in (*t.any_of, *t.all_of, *t.unsure) for t in tests)]
        ordered = [*named, *(v for v in known if v not in named)]
        if attribute.type != "choices":
            yield from ((value,) for value in ordered)
            return
        if isinstance(have, tuple):
            yield from ((*have, value) for value in named if value not in have)
            yield from (tuple(v for v in have if v != value) for value in have)
        yield from ((value,) for value in ordered)
        yield ()
        yield tuple(named)

    def _decimals(self, attribute: str) -> int | None:
        """How many decimals an attribute that takes numbers has; None where it takes days."""
        declared = self.facts.vocabulary.attributes[attribute]
        return declared.decimals if declared.type == "number" else None

    def _edges(self, test: Test) -> Iterator[int]:
        number_ = self._decimals(test.attribute)
        for found in (accepted(test, number_), unsure(test, number_)):
            if found is not None:
                yield from found.edges(self.day)


def _beside(day: int, step: int) -> int:
    return number(date(day) + datetime.timedelta(days=step))
