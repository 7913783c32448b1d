"""Entries become an index: texts are segmented into terms, each with its weight."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from kb.find.entries import LOOSE, WEIGHTS, Entry, entries
from kb.find.folding import folded, is_latin
from kb.find.grammar import COUNTED, OPPOSITE, SILENT
from kb.find.index import ACCOUNTS, Index, Listed, Unit
from kb.lang.syntax import Cite
from kb.model.facts import read_facts
from kb.model.vocabulary import read_vocabulary

Layers: TypeAlias = Mapping[tuple[str, str], int]
"""The number of the layer of each service and category, by kind and id."""
LONGEST = 24
"""Terms are names and words: what is longer counts by its parts alone."""
SPOKEN, HEARD = 7, 45
"""Slips lead to terms of so many characters at most, and of so much weight at least."""
PARTS = re.compile(r"[/、,，;；:：()（）。.\n]+|以及|或者")
TAUGHT = frozenset({"category", "service"})
"""Fields whose short names are words for the segmenter."""
NAMES = frozenset({"category", "service", "alias"})
"""Fields whose texts are names: what is called so is meant before what a word is only near."""
LEAST = 8
"""The least weight, in hundredths, that is kept."""


def build(
    found: Iterable[Entry],
    outside: Mapping[str, Iterable[str]],
    narrow: Collection[str] = (),
    regions: Iterable[str] = (),
    layers: Layers | None = None,
) -> Index:
    """The index of entries, with the words for what no category is about, by topic; `narrow` are
    the categories, by id, whose services are less than the words for them, `regions` the names of
    places, and `layers` the layer of each service and category, where there are several."""
    return _Builder(outside, narrow, regions, layers or {}).run(list(found))


class _Builder:
    def __init__(
        self,
        outside: Mapping[str, Iterable[str]],
        narrow: Collection[str],
        regions: Iterable[str],
        layers: Layers,
    ) -> None:
        self.layers = layers
        self.outside = outside
        self.narrow = narrow
        self.traditional = traditional()
        self.simplified = {ord(a): b for a, b in zip(*self.traditional, strict=True)}
        self.regions = {folded(name, self.simplified) for name in regions}
        self.cites: dict[Cite, int] = {}
        self.services: dict[str, tuple[int, tuple[str, str, str]]] = {}
        self.weights: dict[str, dict[int, float]] = {}
        self.named: dict[str, dict[int, bool]] = {}

    def run(self, found: list[Entry]) -> Index:
        self._teach(found)
        numbers: dict[str, int] = {}
        categories: list[Listed] = []
        units: list[Unit] = []
        for entry in found:
            bits = bits_of(_union(a for a, _ in entry.cites) if entry.cites else entry.unsaid)
            if entry.category not in numbers:
                numbers[entry.category] = len(categories)
                others = [(bits_of(accounts), name) for accounts, name in entry.names]
                known = bool(entry.cites)
                categories.append((entry.name, entry.category, bits, known, others))
            cites = [(bits_of(accounts), self._cite(cite)) for accounts, cite in entry.cites]
            unit = len(units)
            units.append((numbers[entry.category], self._service(entry), bits, cites))
            for name, text in entry.texts:
                if name in NAMES:
                    whole = folded(text, self.simplified)
                    self.named.setdefault(whole, {})[unit] = entry.service is not None
                for term, weight in self._terms(name, text):
                    held = self.weights.setdefault(term, {})
                    held[unit] = max(held.get(unit, 0.0), weight)
        terms = sorted(self.weights)
        postings = [self._posting(term) for term in terms]
        return Index(
            categories=categories,
            services=[term for _, term in self.services.values()],
            units=units,
            cites=[(c.source, list(c.lines), c.locator) for c in self.cites],
            terms=terms,
            postings=postings,
            outside=self._outside(),
            narrow=[n for n, category in enumerate(categories) if category[1] in self.narrow],
            traditional=self.traditional,
            pinyin=readings(),
            sounds=sounds(terms, [max(posting[1::2], default=0) for posting in postings]),
            exact={
                term: sorted(units) for term, units in self.named.items() if any(units.values())
            },
            regions=sorted(self.regions),
            layers=[self.layers[_key(entry)] for entry in found] if self.layers else [],
        )

    def _posting(self, term: str) -> list[int]:
        kept = sorted((u, round(100 * w)) for u, w in self.weights[term].items())
        return [number for pair in kept if pair[1] >= LEAST for number in pair]

    def _cite(self, cite: Cite) -> int:
        return self.cites.setdefault(cite, len(self.cites))

    def _service(self, entry: Entry) -> int:
        term = entry.service
        if term is None:
            return -1
        return self.services.setdefault(term.id, (len(self.services), (term.id, term.zh, term.en)))[
            0
        ]

    def _outside(self) -> dict[str, str]:
        return {
            folded(word, self.simplified): topic
            for topic, words in sorted(self.outside.items())
            for word in words
        }

    def _teach(self, found: list[Entry]) -> None:
        """Whole names are words for the segmenter: it does not cut through them."""
        self.cut = segmenter(
            frozenset(
                key
                for entry in found
                for name, text in entry.texts
                if name in TAUGHT and 2 <= len(key := folded(text, self.simplified)) <= 4
            )
        )

    def _terms(self, name: str, text: str) -> Iterator[tuple[str, float]]:
        weight = WEIGHTS[name]
        whole = folded(text, self.simplified)
        parts = [p for p in (folded(p, self.simplified) for p in PARTS.split(text)) if p]
        if name not in LOOSE:
            for term in dict.fromkeys((whole, *parts)):
                if len(term) <= LONGEST and (term not in SILENT or term == whole):
                    yield term, weight if term == whole else 0.92 * weight
        for part in parts:
            for token, count in Counter(self.cut(part)).items():
                silent = token in SILENT or token in self.regions
                if not silent and token != whole and worth(token, part):
                    share = min(1.0, len(token) * count / len(part))
                    whole_part = 1.0 if name == "group" else 0.25 + 0.5 * share
                    yield token, weight * (0.6 if name in LOOSE else whole_part)


def worth(token: str, part: str) -> bool:
    """Whether a token of a part says something alone: single characters, numbers and counts do not,
    nor what the part turns into its opposite.

    >>> worth("处方药", "非处方药"), worth("处方药", "处方药配送"), worth("三家", "货比三家")
    (False, True, False)
    """
    at = part.find(token)
    opposite = at > 0 and part[at - 1] in OPPOSITE
    counts = token.isdigit() or COUNTED.fullmatch(token) is not None
    return len(token) > 1 and not counts and not opposite


def bits_of(accounts: Iterable[str]) -> int:
    held = set(accounts)
    return sum(1 << n for n, account in enumerate(ACCOUNTS) if account in held)


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*sets)


def segmenter(names: frozenset[str]) -> Any:
    """A function from a folded text to its words, long ones with the shorter ones in them."""
    # Loaded here: only the build needs it, and its dictionary takes 0.1 s.
    import rjieba

    jieba = rjieba.Jieba()
    for name in sorted(names):
        jieba.add_word(name, None, None)

    @cache
    def cut(text: str) -> tuple[str, ...]:
        if text.isascii():
            return tuple(text.split())
        return tuple(w for t in jieba.cut_for_search(text) if (w := t.strip()))

    return cut


def traditional() -> tuple[str, str]:
    """Traditional characters and the simplified ones, one for one."""
    import opencc

    convert = opencc.OpenCC("t2s").convert
    pairs = [
        (c, s)
        for c in map(chr, range(0x4E00, 0x9FFF + 1))
        if (s := convert(c)) != c and len(s) == 1
    ]
    return "".join(a for a, _ in pairs), "".join(b for _, b in pairs)


def readings() -> dict[str, str]:
    """The readings of the common characters (GB 2312), by reading."""
    from pypinyin import Style, pinyin

    found: dict[str, list[str]] = {}
    for character in map(chr, range(0x4E00, 0x9FFF + 1)):
        try:
            character.encode("gb2312")
        except UnicodeEncodeError:
            continue
        for reading in pinyin(character, style=Style.NORMAL, heteronym=True)[0][:3]:
            found.setdefault(reading.replace("ü", "v"), []).append(character)
    return {reading: "".join(found[reading]) for reading in sorted(found)}


def sounds(terms: list[str], strength: list[int]) -> dict[str, list[int]]:
    """The terms that say enough to be meant by a slip, by their pinyin."""
    from pypinyin import Style, lazy_pinyin

    found: dict[str, list[int]] = {}
    for number, term in enumerate(terms):
        if 2 <= len(term) <= SPOKEN and strength[number] >= HEARD and not any(map(is_latin, term)):
            joined = "".join(lazy_pinyin(term, style=Style.NORMAL)).replace("ü", "v")
            found.setdefault(joined, []).append(number)
    return found


def _key(entry: Entry) -> tuple[str, str]:
    return ("service", entry.service.id) if entry.service else ("category", entry.category)


def layers_of(folders: Sequence[Path]) -> Layers:
    """The layer of each service and category: the number of the first of several folders that
    holds it; nothing for one folder."""
    found: dict[tuple[str, str], int] = {}
    if len(folders) < 2:
        return found
    vocabularies = [(folder / "vocabulary", "vocabulary") for folder in folders]
    for n in range(len(folders)):
        names = read_vocabulary(vocabularies[: n + 1])[0].names
        for kind in ("service", "category"):
            for term in names.of(kind):
                found.setdefault((kind, term.id), n)
    return found


def read_and_build(*folders: Path) -> Index:
    """The index of folders of facts, read from their files. Raises `Problems`."""
    base = read_facts(*folders)
    regions = [name for term in base.names.of("region") for name in term.names if name != term.id]
    words = base.vocabulary
    return build(entries(base), words.outside, words.narrow, regions, layers_of(folders))
