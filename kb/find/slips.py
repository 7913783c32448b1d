"""Slips: same sound, wrong character; pinyin typed in letters; a letter too few or too many."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import islice, product

from kb.find.index import Index

SOUND = 0.8
LETTERS = 0.7
NEAR = 86
"""The least likeness (0-100) of a Latin word that counts as a slip."""
WORTH = 60
"""Slips lead to terms that say much (in hundredths), not to any word of a note."""


class Slips:
    """The terms of an index by their sound."""

    def __init__(self, index: Index) -> None:
        self.index = index

    @cached_property
    def sounds(self) -> dict[str, list[int]]:
        """Terms by their pinyin, joined; of characters with several readings each is taken."""
        found: dict[str, list[int]] = {}
        strength = self.index.strength
        for number, term in enumerate(self.index.terms):
            if 2 <= len(term) <= 7 and strength[number] >= WORTH:
                for sound in self.spoken(term):
                    found.setdefault(sound, []).append(number)
        return found

    def spoken(self, text: str) -> list[str]:
        """How a text of Chinese characters may sound; nothing when it has others."""
        readings = self.index.readings
        each = [readings.get(c, ()) for c in text]
        if not all(each):
            return []
        return ["".join(way) for way in islice(product(*each), 8)]

    def same_sound(self, run: str) -> Iterator[tuple[int, int, int]]:
        """Terms that sound like a part of a run: (start, end, term), the longest parts first."""
        for size in range(min(7, len(run)), 1, -1):
            for start in range(len(run) - size + 1):
                part = run[start : start + size]
                for sound in self.spoken(part):
                    for number in self.sounds.get(sound, ()):
                        if len(self.index.terms[number]) == size:
                            yield start, start + size, number

    def letters(self, word: str) -> list[tuple[int, float]]:
        """Terms for a Latin word that is none: pinyin, or an English word with a slip."""
        if len(word) < 4:
            return []
        heard = self.sounds.get(word.replace(" ", ""))
        if heard:
            return [(number, LETTERS) for number in heard]
        # Loaded here: few texts need it.
        from rapidfuzz import fuzz, process

        latin = [t for t in self.index.terms if t.isascii() and abs(len(t) - len(word)) <= 2]
        best = process.extractOne(word, latin, scorer=fuzz.ratio, score_cutoff=NEAR)
        if best is not None:
            return [(self.index.number[best[0]], LETTERS)]
        if len(word) >= 7:
            close = [s for s in self.sounds if abs(len(s) - len(word)) <= 1]
            best = process.extractOne(word, close, scorer=fuzz.ratio, score_cutoff=NEAR + 4)
            if best is not None:
                return [(number, LETTERS - 0.1) for number in self.sounds[best[0]]]
        return []
