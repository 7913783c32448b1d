"""Slips: same sound, wrong character; pinyin typed in letters; a letter too few or too many."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import islice, product

from kb.find.index import Index

SOUND, SOUND_ALONE = 0.8, 0.4
"""What a term counts that is meant by its sound: with a character in common, without."""
LETTERS = 0.7
SHAPE = 0.6
"""The same for one that is meant by letters, by its shape."""
MOST = 4
WINDOW = 8
"""Characters of the longest term that is looked for by its shape."""
NEAR = 86
"""The least likeness (0-100) of a Latin word that counts as a slip."""
WORTH = 80
"""A slip of shape leads to names and everyday words alone (their weight in hundredths)."""
VERBS = (
    "zhao",
    "mai",
    "zuo",
    "kai",
    "ban",
    "cha",
    "ding",
    "jiao",
    "xue",
    "zu",
    "yue",
    "xiu",
    "bang",
)
"""Verbs typed in pinyin before what they are about."""
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

    def one_off(self, text: str, first: int, last: int) -> list[tuple[int, float]]:
        """Terms of four characters and more that stand in a text but for one character, which is
        between two places; of three, where the text is no longer."""
        terms = self.index.terms
        near: set[int] = set()
        for start in range(max(0, first - WINDOW), min(len(text) - 1, last + WINDOW)):
            near.update(self._pairs.get(text[start : start + 2], ()))
        if len(text) == 3:
            near.update(self._pairs.get(text[0] + text[2], ()))
        found: list[int] = []
        for number in sorted(near):
            term = terms[number]
            size = len(term)
            if size == 3 != len(text):
                continue
            for start in range(max(0, first - size + 1), min(last, len(text) - size + 1)):
                wrong = [start + n for n in range(size) if text[start + n] != term[n]]
                if len(wrong) == 1 and first <= wrong[0] < last:
                    found.append(number)
        longest = max((len(terms[number]) for number in found), default=0)
        return [(n, SHAPE) for n in dict.fromkeys(found) if len(terms[n]) == longest][:MOST]

    @cached_property
    def _pairs(self) -> dict[str, list[int]]:
        """Names and everyday words by the pairs of characters in them; of those with three, the
        first and the last are a pair too."""
        found: dict[str, list[int]] = {}
        for number, term in enumerate(self.index.terms):
            if 3 <= len(term) <= WINDOW and self.index.strength[number] >= WORTH:
                pairs = {term[n : n + 2] for n in range(len(term) - 1)}
                for pair in pairs | ({term[0] + term[2]} if len(term) == 3 else set()):
                    found.setdefault(pair, []).append(number)
        return found

    def letters(self, word: str) -> list[tuple[int, float]]:
        """Terms for a Latin word that is none: pinyin, or an English word with a slip."""
        if len(word) < 4:
            return []
        heard = self.index.sounds.get(word.replace(" ", ""))
        if heard:
            return [(number, LETTERS) for number in heard]
        for verb in VERBS:
            rest = word.removeprefix(verb)
            if rest != word and len(rest) >= 4 and rest in self.index.sounds:
                return [(number, LETTERS) for number in self.index.sounds[rest]]
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
