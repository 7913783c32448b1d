"""How a test comes out for what is known of an attribute, three-valued, as
`kb/rules/02_conditions.dl` has it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from kb.model.days import LEAST, MOST
from kb.model.numbers import with_decimals
from kb.model.ranges import Range, accepted, unsure
from kb.model.resolving import Stated
from kb.model.terms import Test
from kb.model.vocabulary import Vocabulary

MET, OPEN, FAILED = "met", "open", "failed"


@dataclass(frozen=True, slots=True)
class Between:
    """A number that is known to be from `least` to `most`, both included; the one end is `LEAST`,
    the other `MOST`, where nothing limits it."""

    least: int = LEAST
    most: int = MOST

    def __contains__(self, number: int) -> bool:
        return self.least <= number <= self.most

    def shown(self, decimals: int) -> tuple[int | None, int | None]:
        """Its ends as numbers that show themselves with their decimals; None for no end."""
        least = None if self.least == LEAST else with_decimals(self.least, decimals)
        return least, None if self.most == MOST else with_decimals(self.most, decimals)


Known: TypeAlias = Stated | Between
"""What is known of an attribute: what a profile states, or the bounds of its number."""


@dataclass
class Outcomes:
    """How tests come out on a day."""

    vocabulary: Vocabulary
    day: int
    _overlaps: dict[str, set[str]] = field(default_factory=dict)
    _above: dict[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one, other in self.vocabulary.overlaps:
            self._overlaps.setdefault(one, set()).add(other)
            self._overlaps.setdefault(other, set()).add(one)

    def of(self, test: Test, known: Known | None) -> str:
        """`met`, `open` or `failed` when this is known; None: nothing is."""
        match known:
            case None:
                return OPEN  # decision: unsaid-is-unknown
            case int():
                return self._of_number(test, known)
            case Between():
                return self._of_bounds(test, known)
        wanted = set(test.any_of or test.all_of)
        if test.several:
            met = sum(self._value(test, wanted, value) == MET for value in dict.fromkeys(known))
            may = any(self._value(test, wanted, value) == OPEN for value in known)
            return MET if met > 1 else OPEN if may else FAILED
        found = {self._value(test, wanted, value) for value in known}
        if test.any_of:
            return MET if MET in found else OPEN if OPEN in found else FAILED
        return FAILED if FAILED in found else OPEN if OPEN in found else MET

    def _ranges(self, test: Test) -> tuple[Range | None, Range | None]:
        number = decimals_of(self.vocabulary, test.attribute)
        return accepted(test, number), unsure(test, number)

    def _of_number(self, test: Test, stated: int) -> str:
        within, open_ = self._ranges(test)
        if within is not None and within.holds(stated, self.day):
            return MET
        return OPEN if open_ is not None and open_.holds(stated, self.day) else FAILED

    def _of_bounds(self, test: Test, known: Between) -> str:
        within, open_ = self._ranges(test)
        if within is None:
            return OPEN
        if within.first <= known.least and known.most <= within.last:
            return MET
        may = [each for each in (within, open_) if each is not None]
        apart = all(known.most < each.first or each.last < known.least for each in may)
        return FAILED if apart else OPEN

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
            self._above[value] = frozenset(self.vocabulary.above(value))
        return self._above[value]


def decimals_of(vocabulary: Vocabulary, attribute: str) -> int | None:
    """How many decimals an attribute that takes numbers has; None where it takes days."""
    declared = vocabulary.attributes[attribute]
    return declared.decimals if declared.type == "number" else None
