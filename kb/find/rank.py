"""Candidates for a query, best first, and whether they are more than a guess."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.find.index import NOBODY, Index, Named, together
from kb.find.parse import Match, Query
from kb.find.traits import factor

FADING = 0.85
"""What each further word counts of the one before: one word that fits beats many that graze."""
LENGTHS = (0.0, 0.6, 0.92, 1.0, 1.06)
"""What a term counts by its length: longer words say more."""
LEFT_OUT = 0.7
"""How much of what a word would bring is taken away when the text leaves that word out."""
NAMED = 0.5
"""What a word brings at least to a category that is named by it, rather than touched."""
FIRM = 0.45
"""The least score of a candidate that is more than a guess."""
FIRM_ASIDE = 0.7
"""The same for a text that also asks about a procedure, an interface or payment."""
SIDE_TOPICS = frozenset({"procedure", "interface", "payment", "brand", "games"})
"""Topics outside that a text about an app may also speak of."""
COVERED = 0.5
"""The least share of a short text that the best candidate's words cover."""
COVERED_LATIN = 0.4
"""The same for a text of Latin words: one of them that is part of a longer name says little."""
TELLING = 0.75
"""The score from which a candidate is meant, however much of a few words it leaves uncovered: who
it is for, or how fine it is."""
SHORT = 8
"""Characters of content up to which a text is a few words and no description."""
LONG = 12
"""A description is covered well when so many characters are: the rest tells the story."""
NEIGHBOUR = 0.5
"""What a word counts in other layers than that of the service whose name it is: who wrote the
words of one layer did not know the names of another."""
OWN = 1.2
"""What it counts more for the category of what it names."""
PART, BESIDE = 60, 0.85
"""A word below this weight (in hundredths) is a part of a name, and what it counts where the text
names a service of another layer."""
RIVAL = 0.62
"""A candidate must reach this share of the best that is not open to the kind of account."""


COVERING = 0.45
"""How much of a score hangs on the share of the text that a candidate covers."""
COMMON = 1.4
"""Power of a word's rarity in a text with other words: what is said everywhere decides little."""
MOST_RUNS = 4
"""Unknown words of a text that are guessed at."""
GRAZING = 0.4
"""What the characters of an unknown word bring at most: enough for a guess, never for more."""


@dataclass(slots=True)
class Scored:
    """A category with its score, the words that matched and the units that they belong to."""

    category: int
    score: float = 0.0
    covered: float = 0.0
    words: dict[str, float] = field(default_factory=dict)
    units: dict[int, float] = field(default_factory=dict)
    named: dict[int, float] = field(default_factory=dict)
    """How much of a name of each unit the words make up, none of them inside a longer word."""
    exact: set[int] = field(default_factory=set)
    """The units that a word is the name of."""
    lent: bool = True
    """Whether the words are but names of services of another layer, or parts of names beside the
    name of a service."""


def rank(query: Query, index: Index, bits: int) -> tuple[list[Scored], bool]:
    """The categories that are open to the accounts of `bits`, best first; whether all are weak."""
    scored = _score(query, index)
    inside = [s for s in scored if index.categories[s.category][2] & bits]
    outside = [s for s in scored if not index.categories[s.category][2] & bits]
    return inside, not inside or _weak(query, inside[0], outside[:1])


def _weak(query: Query, best: Scored, rivals: list[Scored]) -> bool:
    topics = set(query.outside.values())
    if topics - SIDE_TOPICS or best.score < FIRM:
        return True
    if topics and (best.score < FIRM_ASIDE or best.covered < COVERED):
        return True
    few = query.content <= SHORT or (query.text.isascii() and best.covered < COVERED_LATIN)
    if few and best.covered < COVERED and best.score < TELLING and not best.exact:
        return True
    return bool(rivals) and best.score < RIVAL * rivals[0].score


def _score(query: Query, index: Index) -> list[Scored]:
    found: dict[int, Scored] = {}
    several = sum(match.primary for match in query.matches) + len(query.unknown) > 1
    exact = {m.term: index.named_by(m.term) for m in query.matches if m.primary and m.share >= 1}
    meant = together(exact.values())
    named = NOBODY
    for match in query.matches:
        if meant.units and match.slip:
            continue
        if match.primary:  # those after it that are not are parts of it
            named = exact.get(match.term, NOBODY)
        for unit, weight, gain in _gains(match, index, COMMON if several else 1.0, meant):
            category = index.units[unit][0]
            scored = found.setdefault(category, Scored(category))
            scored.exact |= {unit} & named.units if match.primary else set()
            part = weight < PART and bool(meant.units) and category not in meant.categories
            scored.lent &= part or index.foreign(unit, named)
            scored.units[unit] = scored.units.get(unit, 0.0) + gain
            scored.words[match.words] = max(scored.words.get(match.words, 0.0), gain)
        if match.primary:
            _name(match, index, found)
    for scored in found.values():
        parts = sorted(scored.words.values(), reverse=True)
        scored.score = sum(gain * FADING**n for n, gain in enumerate(parts))
        scored.covered = _covered(query, scored)
        scored.score *= 1 - COVERING + COVERING * scored.covered
    for match in query.negated:
        for unit, _, gain in _gains(match, index, 1.0, NOBODY):
            if index.units[unit][0] in found and match.primary and gain > NAMED:
                found[index.units[unit][0]].score -= LEFT_OUT * gain
    guessing = query.content <= LONG or not query.matches
    for run in query.unknown[:MOST_RUNS] if guessing else ():
        for category, gain in _grazed(run, index):
            found.setdefault(category, Scored(category)).score += gain
    for scored in found.values():
        scored.score *= factor(index.categories[scored.category][0], query.traits, several)
    kept = [scored for scored in found.values() if scored.score > 0.03]
    first = meant.categories if not several else frozenset[int]()
    return sorted(kept, key=lambda s: (s.category not in first, -round(s.score, 6), s.category))


def _name(match: Match, index: Index, found: Mapping[int, Scored]) -> None:
    """Add to what makes up the name of each unit that a match speaks for."""
    posting = index.postings[match.term]
    for n in range(0, len(posting), 2):
        named = found[index.units[posting[n]][0]].named
        named[posting[n]] = named.get(posting[n], 0.0) + posting[n + 1] / 100


def _gains(
    match: Match, index: Index, power: float, meant: Named
) -> list[tuple[int, float, float]]:
    """What a match weighs in and brings to each unit: more where its term is rare and says much or
    is the name of its service; less to units of other layers than that of the service that it
    names, and where it is a part of a name, than those of the services that are `meant`."""
    posting = index.postings[match.term]
    long = LENGTHS[min(len(index.terms[match.term]), len(LENGTHS) - 1)]
    spread = sum(posting[1::2]) / (index.strength[match.term] or 1)
    share = match.share * _rarity(spread, len(index.categories)) ** power * long / 100
    named = index.named_by(match.term) if match.primary else NOBODY
    found: list[tuple[int, float, float]] = []
    for unit, weight in zip(posting[::2], posting[1::2], strict=True):
        gain = share * weight
        if index.units[unit][0] in named.categories:
            gain *= OWN
        elif index.foreign(unit, named):
            gain *= NEIGHBOUR
        elif weight < PART and index.foreign(unit, meant):
            gain *= BESIDE
        found.append((unit, weight, gain))
    return found


def _rarity(spread: float, count: int) -> float:
    return min(1.0, math.log(1 + count / (1 + spread)) / math.log(1 + count / 3))


def _grazed(run: str, index: Index) -> list[tuple[int, float]]:
    """What the characters of an unknown word bring to categories whose words have them too."""
    if run.isascii():
        return []
    found: dict[int, float] = {}
    for character in run:
        shares = index.characters(character)
        rare = _rarity(sum(shares.values()), len(index.categories))
        for category, share in shares.items():
            found[category] = found.get(category, 0.0) + share * rare
    return [(category, GRAZING * gain / len(run)) for category, gain in sorted(found.items())]


def _covered(query: Query, scored: Scored) -> float:
    """The share of the text's content that the words of a candidate cover."""
    length = 0.0
    for match in query.matches:
        gain = scored.words.get(match.words, 0.0)
        if match.primary:
            length += min(1.0, gain / 0.4) * size(match.words)
    if not length:
        length = max((min(1.0, g / 0.4) * size(w) for w, g in scored.words.items()), default=0)
    return min(1.0, length / min(max(1, query.content), LONG))


def size(word: str) -> int:
    """The characters of a word; a Latin word counts as four at most."""
    return min(4, len(word)) if word.isascii() else len(word)
