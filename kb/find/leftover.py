"""The pieces of a text that nothing was made of: those that stay open, and those that are told."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from kb.find.businesses import WITHIN, forbidden
from kb.find.filler import tells_nothing
from kb.find.finder import Finder
from kb.find.places import PIECES
from kb.find.rank import SIDE_TOPICS
from kb.find.traits import GENERAL

TELLING = 50
"""The least weight (in hundredths) of a word that says what somebody does."""
LATIN = re.compile("[a-z]{2,}")


@dataclass(frozen=True, slots=True)
class Leftover:
    """The pieces of which an app may do something that was not understood (`kept`), and those that
    tell of something else (`told`)."""

    kept: tuple[str, ...]
    told: tuple[str, ...]


def left_over(finder: Finder, text: str, used: Sequence[str], placed: Collection[str]) -> Leftover:
    """What is left of a text beside the words that are `used` and the pieces that name a place."""
    kept, told = [], []
    for piece in filter(None, PIECES.split(text)):
        if piece in placed:
            continue
        if _shares(piece, used):
            sides = [side.strip() for side in WITHIN.split(piece)]
            kept += [s for s in sides if s and not _shares(s, used) and forbidden(finder, s)]
            continue
        query = finder.parse(piece)
        topics = set(query.outside.values())
        if tells_nothing(piece) or (topics and topics <= SIDE_TOPICS):
            told.append(piece)
        elif query.content:
            kept.append(piece)
    return Leftover(tuple(kept), tuple(told))


def idle_words(finder: Finder, text: str, chosen: Collection[str]) -> Iterator[str]:
    """The names and everyday words in a text that lead to none of the categories (ids) that were
    taken or offered, and are in no word that does. What leads to categories of any field alone (a
    shop, a platform) tells of no field."""
    index = finder.index
    leads: list[str] = []
    idle: list[str] = []
    for match in finder.parse(text).matches:
        if not match.primary or match.share < 1 or index.strength[match.term] < TELLING:
            continue
        units = index.postings[match.term][::2]
        led = [index.categories[index.units[unit][0]] for unit in units]
        if any(id in chosen for _, id, *_ in led):
            leads.append(match.words)
        elif any(not GENERAL.search(name.casefold()) for name, *_ in led):
            idle.append(match.words)
    yield from (word for word in dict.fromkeys(idle) if not any(word in each for each in leads))


def _shares(piece: str, words: Sequence[str]) -> bool:
    """Whether a piece shares a Latin word, or two other characters in a row, with some words."""
    held = "|".join(words)
    if piece.isascii():
        return not set(LATIN.findall(piece.casefold())).isdisjoint(LATIN.findall(held))
    pairs = {piece[at : at + 2].casefold() for at in range(max(1, len(piece) - 1))}
    return any(pair in held for pair in pairs)
