"""Assumptions: what the search for repairs may suppose of a profile, and sets of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, TypeAlias, TypeVar

from kb.explain.repair import (
    DropService,
    Key,
    OfferService,
    ProfileChange,
    Sortable,
    StateAttribute,
    change_order,
)
from kb.lang.syntax import Value

LEAVES = frozenset(
    {
        "held",
        "perhaps_held",
        "too_many",
        "too_few",
        "party_copy",
        "met",
        "failed",
        "open_condition",
    }
)
"""Derived relations at which the search stops: documents and conditions, which stand for something
that a profile states."""

MOST_SETS = 40


@dataclass(frozen=True, slots=True)
class MeetCondition:
    """Let a condition (an id) be met, in whatever way; `unknown`: it is not decided now."""

    what: ClassVar[str] = "condition"
    values: ClassVar[tuple[Value, ...]] = ()
    condition: str
    unknown: bool = False

    @property
    def subject(self) -> str:
        """The id of the condition."""
        return self.condition


@dataclass(frozen=True, slots=True)
class FailCondition:
    """Let a condition (an id) not be met, in whatever way; `unknown`: it is not decided now."""

    what: ClassVar[str] = "not_condition"
    values: ClassVar[tuple[Value, ...]] = ()
    condition: str
    unknown: bool = False

    @property
    def subject(self) -> str:
        """The id of the condition."""
        return self.condition


Assumption: TypeAlias = ProfileChange | MeetCondition | FailCondition
"""A change of a profile, or a condition that some change would decide."""
Assumptions: TypeAlias = frozenset[Assumption]
Of = TypeVar("Of", bound=Sortable)


@dataclass
class Limit:
    """How many sets are kept wherever sets are joined, and whether some were left out."""

    most: int = MOST_SETS
    reached: bool = False


@lru_cache(maxsize=4096)
def _order(assumptions: frozenset[Sortable]) -> tuple[int, list[Key]]:
    """Sorts sets of assumptions, the same ones again and again: the smaller ones first."""
    return len(assumptions), sorted(map(change_order, assumptions))


def joined(some: list[Assumptions], others: list[Assumptions], limit: Limit) -> list[Assumptions]:
    """The smallest unions of a set of each list."""
    unions = (one | other for one in some for other in others)
    return smallest(filter(consistent, unions), limit)


def consistent(assumptions: Collection[Assumption]) -> bool:
    """Whether nobody would both offer and drop a service, or state two things of one attribute."""
    if len(assumptions) < 2:
        return True
    offered, dropped = set[str](), set[str]()
    stated: list[str] = []
    for each in assumptions:
        match each:
            case OfferService(service):
                offered.add(service)
            case DropService(service):
                dropped.add(service)
            case StateAttribute(attribute):
                stated.append(attribute)
            case _:
                pass
    return offered.isdisjoint(dropped) and len(stated) == len(set(stated))


def smallest(sets: Iterable[frozenset[Of]], limit: Limit) -> list[frozenset[Of]]:
    """The smallest sets, as many as the limit keeps; one that holds all of another is left out."""
    found = set(sets)
    if len(found) < 2 or frozenset() in found:  # the empty set leaves out all others
        return [frozenset()] if len(found) > 1 else list(found)
    kept: list[frozenset[Of]] = []
    for each in sorted(found, key=_order):
        if not any(other <= each for other in kept):
            if len(kept) == limit.most:
                limit.reached = True
                break
            kept.append(each)
    return kept
