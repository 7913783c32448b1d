"""What values do to conditions, three-valued, as `kb/rules/02_conditions.dl` has it: for trying out
profiles before any engine is asked."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kb.lang.arithmetic import add_days, add_months
from kb.model.conditions import all_tests, clauses, ways
from kb.model.days import date, number
from kb.model.facts import FactBase
from kb.model.numbers import with_decimals
from kb.model.outcomes import Between, Known, Outcomes, decimals_of
from kb.model.ranges import accepted, unsure
from kb.model.resolving import Stated
from kb.model.terms import Attribute, Test
from kb.model.vocabulary import values

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
    _outcomes: Outcomes = field(init=False)
    _apart: dict[tuple[object, ...], list[Stated]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._outcomes = Outcomes(self.facts.vocabulary, self.day)

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

    def outcome(self, test: Test, known: Known | None) -> str:
        """`met`, `open` or `failed` when this is known; None: nothing is."""
        return self._outcomes.of(test, known)

    def above(self, value: str) -> frozenset[str]:
        """The wider kinds of a value."""
        return self._outcomes.above(value)

    def told_apart(
        self,
        attribute: str,
        tests: Iterable[str],
        have: Known | None = None,
        counting: tuple[Test, ...] = (),
    ) -> list[Stated]:
        """What may be stated of an attribute, one for each way that the tests come out, and those
        by which apps of an entity are counted; `have` is what is stated now."""
        names = tuple(sorted(tests))
        key = attribute, names, have, tuple(map(repr, counting))
        if key not in self._apart:
            read = [*(self.test(name) for name in names), *counting]
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
        """The days of an event on which a duty that hangs on it comes to something else."""
        stated = self.facts.rows.facts
        found: set[int | None] = set()
        for _, event, before, _ in stated.get("grace_until", ()):
            found.update([int(before)] if event == attribute else [])
        for relation, back in EVENTS.items():
            for _, event, count in stated.get(relation, ()):
                if event == attribute:
                    found.update(back(self.day, int(count)))
        return sorted(turn for turn in found if turn is not None)

    def _possible(self, name: str, tests: list[Test], have: Known | None) -> Iterator[Stated]:
        attribute = self.facts.vocabulary.attributes[name]
        if attribute.type in ("day", "number"):
            edges = {day for test in tests for day in self._edges(test)}
            edges.update(self._turns(name))
            if attribute.type == "day":
                yield from (_beside(edge, step) for edge in sorted(edges) for step in (-1, 0, 1))
            else:
                yield from self._numbers(attribute, edges, have)
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

    def _numbers(self, of: Attribute, edges: set[int], have: Known | None) -> Iterator[int]:
        """The numbers at some ends, and beside them; those that bounds allow go first."""
        known = have if isinstance(have, Between) else Between()
        found = sorted({edge + step for edge in edges for step in (-1, 0, 1)})
        for each in sorted(found, key=lambda number: number not in known):
            yield with_decimals(each, of.decimals)

    def _edges(self, test: Test) -> Iterator[int]:
        number_ = decimals_of(self.facts.vocabulary, test.attribute)
        for found in (accepted(test, number_), unsure(test, number_)):
            if found is not None:
                yield from found.edges(self.day)


def _beside(day: int, step: int) -> int:
    return number(date(day) + datetime.timedelta(days=step))
