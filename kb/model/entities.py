"""The apps of one entity, and numbers that are reckoned over them.

Such a number is an attribute with `over`: it counts the apps for which all tests are met, or sums a
number that each of them states. Of what profiles do not say only bounds are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from kb.model.days import LEAST, MOST
from kb.model.numbers import with_decimals
from kb.model.outcomes import FAILED, MET, Between, Known, Outcomes
from kb.model.resolving import Stated
from kb.model.schema import Label
from kb.model.terms import Over
from kb.model.vocabulary import Vocabulary

Added: TypeAlias = tuple[int, int | None]
"""The least and the most that one app adds; None where nothing limits it."""


class Listed(Protocol):
    """An app as far as others of its entity look at it."""

    @property
    def name(self) -> str: ...

    @property
    def stated(self) -> Mapping[str, Stated]: ...

    def to_dict(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Entity:
    """Whose an app is, by name, and its other apps as far as they are known: their names and what
    they state. `complete` where these are all."""

    name: str
    apps: tuple[Listed, ...] = ()
    complete: bool = False

    def to_dict(self) -> Any:
        """The entry of a profile again, in ids."""
        if not self.apps and not self.complete:
            return self.name
        made: dict[str, Any] = {"name": self.name, "apps": [_listed(app) for app in self.apps]}
        return {**made, "all": True} if self.complete else made


def _listed(app: Listed) -> dict[str, Any]:
    return {key: value for key, value in app.to_dict().items() if key != "holds"}


@dataclass(frozen=True, slots=True)
class Tally:
    """What an attribute comes to over the apps of one entity: from `least` to `most` (`MOST` where
    nothing limits it). `counted` are the apps that surely add to it, with what each adds, `perhaps`
    those of which it is not known how much. `entity` and `complete` are as the profile has them,
    `sums` tells whether it is a sum, and of what `unit`."""

    attribute: str
    least: int
    most: int
    counted: tuple[tuple[str, int], ...] = ()
    perhaps: tuple[str, ...] = ()
    entity: str | None = None
    complete: bool = False
    sums: bool = False
    unit: Label | None = None

    @property
    def known(self) -> Known:
        """The number, or its bounds."""
        return self.least if self.least == self.most else Between(self.least, self.most)


def tallies(
    name: str, stated: Mapping[str, Stated], entity: Entity | None, vocabulary: Vocabulary
) -> Iterator[Tally]:
    """The numbers of an app that are reckoned over the apps of its entity, itself among them."""
    # decision: apps-named-are-the-least
    apps = [(name, stated), *((app.name, app.stated) for app in (entity.apps if entity else ()))]
    complete = entity is not None and entity.complete
    outcomes = Outcomes(vocabulary, 0)  # no test of these moves with the day
    for attribute, over in vocabulary.over.items():
        added = {each: adds(over, said, outcomes) for each, said in apps}
        least, most = bounds(added.values(), complete)
        declared = vocabulary.attributes[attribute]
        surely = {each: sure for each, (sure, end) in added.items() if sure == end and sure}
        yield Tally(
            attribute,
            with_decimals(least, declared.decimals),
            with_decimals(most, declared.decimals),
            tuple((n, with_decimals(sure, declared.decimals)) for n, sure in surely.items()),
            tuple(each for each, (sure, end) in added.items() if sure != end),
            entity.name if entity else None,
            complete,
            bool(over.sum),
            declared.unit,
        )


def adds(over: Over, stated: Mapping[str, Stated], outcomes: Outcomes) -> Added:
    """What an app adds to a number, by what it states."""
    # decision: unsaid-platform-is-wechat
    said: Mapping[str, Stated] = {"platform": ("wechat",), **stated}
    found = {outcomes.of(test, said.get(test.attribute)) for test in over.tests}
    if FAILED in found:
        return 0, 0
    number = said.get(over.sum) if over.sum else 1
    if not isinstance(number, int):
        return 0, None  # decision: summed-numbers-are-not-negative
    return (number, number) if found <= {MET} else (min(number, 0), max(number, 0))


def bounds(added: Iterable[Added], complete: bool) -> tuple[int, int]:
    """The least and the most that some apps add together; without all of them nothing limits it."""
    least, most = 0, 0
    for sure, end in added:
        least += sure
        most = MOST if end is None else most + end
    # Larger numbers than profiles may state are told apart by nothing.
    least = max(LEAST, min(least, MOST - 1))
    return least, max(least, min(most, MOST)) if complete else MOST
