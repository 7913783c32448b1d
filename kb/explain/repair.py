"""Ways: sets of things that would have to be different in a profile, for a fact to hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from kb.lang.syntax import Value

MOST_WAYS = 40


@dataclass(frozen=True, slots=True, order=True)
class Supply:
    """Something that would have to be different in the profile.

    `what` is `document` (provide it: the subject is a need), `offer` or `drop` (a service) or
    `state` (say `value` of an attribute); while ways are looked for also `condition` (let it be
    met) and `not_condition` (let it not be), until they are spelled out as values.
    `state` is `unknown` when the profile is silent on it or too general, else `failed`.
    """

    what: str
    subject: str
    state: str = "failed"
    value: tuple[Value, ...] = ()

    @property
    def on_condition(self) -> bool:
        return self.what in ("condition", "not_condition")


Way: TypeAlias = frozenset[Supply]
Change: TypeAlias = tuple[str, str, frozenset[Value]]


@dataclass(frozen=True, slots=True)
class Missing:
    """One way in which a fact could have held: what would have to be supplied, all of it."""

    supplies: tuple[Supply, ...]

    @property
    def unknown(self) -> bool:
        """Nothing is known to fail: the profile is silent on every leaf."""
        return all(supply.state == "unknown" for supply in self.supplies)

    @property
    def changes(self) -> frozenset[Change]:
        """What is changed, whatever the profile says of it now."""
        return frozenset((s.what, s.subject, frozenset(s.value)) for s in self.supplies)

    def rank(self) -> tuple[int, bool, tuple[Supply, ...]]:
        """Those with the least missing first, and what is not known to fail before what is."""
        return len(self.supplies), not self.unknown, self.supplies


@dataclass
class Limit:
    """How many ways are kept wherever they are put together, and whether some were left out."""

    most: int = MOST_WAYS
    reached: bool = False


def joined(some: list[Way], others: list[Way], limit: Limit) -> list[Way]:
    return least((one | other for one in some for other in others if possible(one | other)), limit)


def possible(way: Way) -> bool:
    """Nobody both offers and drops a service, or states two things of one attribute."""
    drops = {supply.subject for supply in way if supply.what == "drop"}
    if any(supply.what == "offer" and supply.subject in drops for supply in way):
        return False
    stated = [supply.subject for supply in way if supply.what == "state"]
    return len(stated) == len(set(stated))


def least(ways: Iterable[Way], limit: Limit) -> list[Way]:
    """The smallest ways; one that needs all of another and more is no way of its own."""
    kept: list[Way] = []
    for way in sorted(set(ways), key=lambda way: (len(way), sorted(way))):
        if not any(other <= way for other in kept):
            if len(kept) == limit.most:
                limit.reached = True
                break
            kept.append(way)
    return kept
