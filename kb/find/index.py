"""The index as data: what is looked up for a text, ready to be written as JSON and read back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

ACCOUNTS = ("non_individual", "overseas", "personal")
"""The kinds of account, in the order of their bits."""
FORMAT = 5
"""The shape of the data: an index of another shape is built anew."""


Listed: TypeAlias = tuple[str, str, int, bool, list[tuple[int, str]]]
Unit: TypeAlias = tuple[int, int, int, list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Named:
    """The units that words are the names of, with their categories and layers."""

    units: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()
    layers: frozenset[int] = frozenset()


NOBODY = Named()


def together(each: Iterable[Named]) -> Named:
    """All that several words name."""
    several = list(each)
    return Named(
        frozenset[int]().union(*(one.units for one in several)),
        frozenset[int]().union(*(one.categories for one in several)),
        frozenset[int]().union(*(one.layers for one in several)),
    )


@dataclass(frozen=True)
class Index:
    """Terms, and the units (a category, or a category with a service) that each speaks for."""

    categories: list[Listed]
    """Full name, id, accounts as bits, whether a version of it is in the base, and other names
    that tables give it, as (accounts, name)."""
    services: list[tuple[str, str, str]]
    """Id, Chinese and English label."""
    units: list[Unit]
    """Category, service (-1: the category itself), accounts, and cites as (accounts, cite)."""
    cites: list[tuple[str, list[int], str]]
    """Source, lines, locator."""
    terms: list[str]
    postings: list[list[int]]
    """For each term, in turn: a unit and the weight there in hundredths."""
    outside: dict[str, str]
    """Words for what no category is about, each with its topic."""
    narrow: list[int]
    """Categories whose services are less than the words for them."""
    traditional: tuple[str, str]
    """Characters, and in the same places the simplified ones."""
    pinyin: dict[str, str] = field(default_factory=dict)
    """A reading without tones, and the characters read so."""
    sounds: dict[str, list[int]] = field(default_factory=dict)
    """Terms by their pinyin, joined."""
    exact: dict[str, list[int]] = field(default_factory=dict)
    """Terms that are the label or another name of a service, with all units that they name."""
    regions: list[str] = field(default_factory=list)
    """The names of the regions: where an app serves is no part of what it does."""
    layers: list[int] = field(default_factory=list)
    """The layer of each unit: the number of the folder that brought its service or category; none
    where there is one folder."""
    format: int = FORMAT

    @cached_property
    def offered(self) -> dict[int, list[int]]:
        """The units with a service of each category."""
        found: dict[int, list[int]] = {}
        for number, (category, service, *_) in enumerate(self.units):
            if service >= 0:
                found.setdefault(category, []).append(number)
        return found

    @cached_property
    def simplified(self) -> dict[int, str]:
        return {ord(a): b for a, b in zip(*self.traditional, strict=True)}

    @cached_property
    def number(self) -> dict[str, int]:
        """The number of each term."""
        return {term: n for n, term in enumerate(self.terms)}

    @cached_property
    def longest(self) -> dict[str, int]:
        """For each character that begins a term, the length of the longest such term."""
        found: dict[str, int] = {}
        for term in (*self.terms, *self.outside, *self.regions):
            if len(term) > found.get(term[0], 0):
                found[term[0]] = len(term)
        return found

    @cached_property
    def places(self) -> frozenset[str]:
        """The names of the regions that are no terms themselves."""
        return frozenset(self.regions) - self.number.keys()

    @cached_property
    def strength(self) -> list[int]:
        """The greatest weight of each term, in hundredths."""
        return [max(posting[1::2], default=0) for posting in self.postings]

    def named_by(self, term: int) -> Named:
        """What a term is the name of; nobody where it is the name of no service."""
        held = self._named.get(term)
        if held is None:
            units = frozenset(self.exact.get(self.terms[term], ()))
            categories = frozenset(self.units[unit][0] for unit in units)
            layers = frozenset(map(self.layer, units))
            held = self._named[term] = Named(units, categories, layers)
        return held

    @cached_property
    def _named(self) -> dict[int, Named]:
        return {}

    def layer(self, unit: int) -> int:
        return self.layers[unit] if self.layers else 0

    def foreign(self, unit: int, named: Named) -> bool:
        """Whether something is named, and a unit belongs to another category and layer."""
        elsewhere = self.units[unit][0] not in named.categories
        return bool(named.units) and elsewhere and self.layer(unit) not in named.layers

    def characters(self, character: str) -> dict[int, float]:
        """How much of the words of each category a character makes up, from 0 to 1."""
        held = self._characters.get(character)
        if held is None:
            held = self._characters[character] = self._share_of(character)
        return held

    @cached_property
    def _characters(self) -> dict[str, dict[int, float]]:
        return {}

    def _share_of(self, character: str) -> dict[int, float]:
        found: dict[int, float] = {}
        for number, term in enumerate(self.terms):
            if character in term and self.strength[number] >= 50:
                posting = self.postings[number]
                for n in range(0, len(posting), 2):
                    category = self.units[posting[n]][0]
                    gain = posting[n + 1] / len(term)
                    found[category] = found.get(category, 0.0) + gain
        most = max(found.values(), default=1.0)
        return {category: (gain / most) ** 0.5 for category, gain in found.items()}

    @cached_property
    def readings(self) -> dict[str, tuple[str, ...]]:
        """How a character is read, without tones."""
        found: dict[str, tuple[str, ...]] = {}
        for reading, characters in self.pinyin.items():
            for character in characters:
                found[character] = (*found.get(character, ()), reading)
        return found

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


def read_index(text: str | bytes) -> Index:
    """An index from its JSON. Raises `ValueError` when it is of another shape."""
    data: Any = json.loads(text)
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        raise ValueError("not an index of this format")
    try:
        return Index(**data)
    except TypeError as error:
        raise ValueError(str(error)) from None
