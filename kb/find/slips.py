"""Slips: same sound, wrong character; pinyin typed in letters; a letter too few or too many."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

from kb.find.index import Index

SOUND = 0.8
LETTERS = 0.7
SHAPE = 0.6
"""What a term counts that is meant by its sound, by letters, by its shape."""
MOST = 4
NEAR = 86
"""The least likeness (0-100) of a Latin word that counts as a slip."""
WORTH = 80
"""A slip of shape leads to names and everyday words alone (their weight in hundredths)."""
WAYS = 8
"""Readings that are tried of a text whose characters have several."""


class Slips:
    """The terms of an index by their sound and shape."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def spoken(self, text: str) -> list[str]:
        """How a text of Chinese characters may sound; nothing when it has others."""
        readings = self.index.readings
        each = [readings.get(c, ()) for c in text]
        if not all(each):
            return []
        return ["".join(way) for way in islice(product(*each), WAYS)]

    def same_sound(self, run: str) -> Iterator[tuple[int, int, int]]:
        """Terms that sound like a part of a run: (start, end, term), the longest parts first."""
        for size in range(min(7, len(run)), 1, -1):
            for start in range(len(run) - size + 1):
                part = run[start : start + size]
                for sound in self.spoken(part):
                    for number in self.index.sounds.get(sound, ()):
                        if len(self.index.terms[number]) == size:
                            yield start, start + size, number

    def one_off(self, run: str) -> list[tuple[int, float]]:
        """Terms of four characters and more that stand in a run but for one character; of three,
        where the run is no longer."""
        found: list[tuple[int, float]] = []
        for number, term in enumerate(self.index.terms):
            size = len(term)
            if (
                (4 <= size <= len(run) or size == len(run) == 3)
                and term[0] in run
                and self.index.strength[number] >= WORTH
            ):
                for start in range(len(run) - size + 1):
                    part = run[start : start + size]
                    if part[0] == term[0] and sum(map(str.__eq__, part, term)) == size - 1:
                        found.append((number, SHAPE))
        longest = max((len(self.index.terms[number]) for number, _ in found), default=0)
        return [each for each in found if len(self.index.terms[each[0]]) == longest][:MOST]

    def letters(self, word: str) -> list[tuple[int, float]]:
        """Terms for a Latin word that is none: pinyin, or an English word with a slip."""
        if len(word) < 4:
            return []
        heard = self.index.sounds.get(word.replace(" ", ""))
        if heard:
            return [(number, LETTERS) for number in heard]
        # Loaded here: few texts need it.
        from rapidfuzz import fuzz, process

        latin = [t for t in self.index.terms if t.isascii() and abs(len(t) - len(word)) <= 2]
        best = process.extractOne(word, latin, scorer=fuzz.ratio, score_cutoff=NEAR)
        if best is not None:
            return [(self.index.number[best[0]], LETTERS)]
        if len(word) >= 7:
            close = [s for s in self.index.sounds if abs(len(s) - len(word)) <= 1]
            best = process.extractOne(word, close, scorer=fuzz.ratio, score_cutoff=NEAR + 4)
            if best is not None:
                return [(number, LETTERS - 0.1) for number in self.index.sounds[best[0]]]
        return []
