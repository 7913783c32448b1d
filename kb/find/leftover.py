"""The pieces of a text that nothing was made of: those that stay open, and those that are told."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kb.find.businesses import WITHIN, forbidden
from kb.find.filler import tells_nothing
from kb.find.finder import Finder
from kb.find.folding import folded
from kb.find.places import pieces_of
from kb.find.rank import SIDE_TOPICS

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
    for piece in pieces_of(text):
        if piece in placed:
            continue
        if _shares(piece, used, finder):
            sides = [side.strip() for side in WITHIN.split(piece)]
            kept += [
                s for s in sides if s and not _shares(s, used, finder) and forbidden(finder, s)
            ]
            continue
        query = finder.parse(piece)
        topics = set(query.outside.values())
        if tells_nothing(piece) or (topics and topics <= SIDE_TOPICS):
            told.append(piece)
        elif query.content:
            kept.append(piece)
    return Leftover(tuple(kept), tuple(told))


def _shares(piece: str, words: Sequence[str], finder: Finder) -> bool:
    """Whether a piece shares a Latin word, or two other characters in a row, with some words."""
    held = "|".join(words)
    if piece.isascii():
        plain = folded(piece, finder.index.simplified)
        return not set(LATIN.findall(plain)).isdisjoint(LATIN.findall(held))
    pairs = {piece[at : at + 2].casefold() for at in range(max(1, len(piece) - 1))}
    return any(pair in held for pair in pairs)
