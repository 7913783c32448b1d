"""Repairs: what would have to be different in a profile for a fact to hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeAlias

from kb.lang.syntax import Value
from kb.model.requirements import Need

Key: TypeAlias = tuple[str, str, bool, tuple[Value, ...]]
Rank: TypeAlias = tuple[int, bool, bool, tuple[Key, ...]]
Effect: TypeAlias = tuple[str, str, frozenset[Value]]


@dataclass(frozen=True, slots=True)
class ProvideDocument:
    """Have what a need asks for. `unknown`: the profile lists the document without saying whose it
    is or what it states, so it may be in hand already. `too_many`: more are in hand than are
    accepted, so that some have to be left out."""

    what: ClassVar[str] = "document"
    need: Need
    unknown: bool = False
    too_many: bool = False

    @property
    def subject(self) -> str:
        """The id of the need."""
        return self.need.id

    @property
    def values(self) -> tuple[Value, ...]:
        """Nothing is stated."""
        return ()


@dataclass(frozen=True, slots=True)
class OfferService:
    """Offer a service (an id)."""

    what: ClassVar[str] = "offer"
    unknown: ClassVar[bool] = False
    values: ClassVar[tuple[Value, ...]] = ()
    service: str

    @property
    def subject(self) -> str:
        """The id of the service."""
        return self.service


@dataclass(frozen=True, slots=True)
class DropService:
    """Offer a service (an id) no longer."""

    what: ClassVar[str] = "drop"
    unknown: ClassVar[bool] = False
    values: ClassVar[tuple[Value, ...]] = ()
    service: str

    @property
    def subject(self) -> str:
        """The id of the service."""
        return self.service


@dataclass(frozen=True, slots=True)
class StateAttribute:
    """State values of an attribute (ids, or one day or number); none for "none of them".
    `unknown`: the profile says nothing of it, or nothing exact enough."""

    what: ClassVar[str] = "state"
    attribute: str
    values: tuple[Value, ...]
    unknown: bool = False

    @property
    def subject(self) -> str:
        """The id of the attribute."""
        return self.attribute


ProfileChange: TypeAlias = ProvideDocument | OfferService | DropService | StateAttribute
"""A change of a profile. `what` names its sort, `subject` is the id that it is about; where it is
not `unknown`, the profile says the contrary."""


class Sortable(Protocol):
    """What changes, and the assumptions of the search for them, are sorted by."""

    @property
    def what(self) -> str: ...

    @property
    def subject(self) -> str: ...

    @property
    def unknown(self) -> bool: ...

    @property
    def values(self) -> tuple[Value, ...]: ...


def change_order(change: Sortable) -> Key:
    """Sorts changes: by their sort, their subject, and what is stated."""
    return change.what, change.subject, change.unknown, change.values


def rank_of(changes: Iterable[Sortable]) -> Rank:
    """Sorts sets of changes: those with the fewest first, and of these first those that contradict
    nothing in the profile, then those that change no day or number which it states: what has been
    can hardly be otherwise, where something can still be done."""
    listed = sorted(changes, key=change_order)
    contradicting = [each for each in listed if not each.unknown]
    counts = any(isinstance(value, int) for each in contradicting for value in each.values)
    return len(listed), bool(contradicting), counts, tuple(map(change_order, listed))


def effect(change: ProfileChange) -> Effect:
    """What a change comes to, whatever the profile says now."""
    return change.what, change.subject, frozenset(change.values)


@dataclass(frozen=True, slots=True)
class Repair:
    """A set of changes that together let a fact hold; sorted by `change_order`."""

    changes: tuple[ProfileChange, ...]

    @classmethod
    def of(cls, changes: Iterable[ProfileChange]) -> Repair:
        """The repair that makes these changes."""
        return cls(tuple(sorted(changes, key=change_order)))

    @property
    def unknown(self) -> bool:
        """Whether the profile says the contrary of none of the changes."""
        return all(change.unknown for change in self.changes)

    @property
    def gives_up(self) -> bool:
        """Whether it takes away from what the app offers."""
        return any(change.what == DropService.what for change in self.changes)

    @property
    def nearness(self) -> tuple[int, int, int, int]:
        """Sorts repairs for those who read them: first those that give up the fewest services,
        deny least of what the profile says of the app, have the fewest changes and state the
        fewest values. Nobody wants to be somebody else where papers would do."""
        given_up = sum(isinstance(change, DropService) for change in self.changes)
        stated = [change for change in self.changes if isinstance(change, StateAttribute)]
        denied = sum(not change.unknown for change in stated)
        return given_up, denied, len(self.changes), sum(len(change.values) for change in stated)

    @property
    def effect(self) -> frozenset[Effect]:
        """What its changes come to, whatever the profile says now."""
        return frozenset(map(effect, self.changes))

    @property
    def rank(self) -> Rank:
        """Sorts repairs; see `rank_of`."""
        return rank_of(self.changes)
