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


@dataclass(frozen=True, slots=True)
class Missing:
    """One way in which a fact could have held: what would have to be supplied, all of it."""

    supplies: tuple[Supply, ...]

    @property
    def unknown(self) -> bool:
        """Nothing is known to fail: the profile is silent on every leaf."""
        return all(supply.state == "unknown" for supply in self.supplies)

    def rank(self) -> tuple[int, bool, tuple[Supply, ...]]:
        """Those with the least missing first, and what is not known to fail before what is."""
        return len(self.supplies), not self.unknown, self.supplies


def joined(some: list[Way], others: list[Way]) -> list[Way]:
    return least([one | other for one in some for other in others if possible(one | other)])


def possible(way: Way) -> bool:
    """Nobody both offers and drops a service, or states two things of one attribute."""
    drops = {supply.subject for supply in way if supply.what == "drop"}
    if any(supply.what == "offer" and supply.subject in drops for supply in way):
        return False
    stated = [supply.subject for supply in way if supply.what == "state"]
    return len(stated) == len(set(stated))


def least(ways: Iterable[Way]) -> list[Way]:
    """The smallest ways; one that needs all of another and more is no way of its own."""
    kept: list[Way] = []
    for way in sorted(set(ways), key=lambda w: (len(w), sorted(w))):
        if not any(other <= way for other in kept):
            kept.append(way)
            if len(kept) == MOST_WAYS:
                break
    return kept
