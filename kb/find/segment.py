"""A text cut into known terms, silent words and what is unknown, by the terms of the index."""

from __future__ import annotations

from collections.abc import Iterator

from kb.find.folding import at_boundary, is_latin
from kb.find.grammar import COUNTED, OPPOSITE, SILENT
from kb.find.index import Index

LONGEST_SILENT = max(map(len, SILENT))
WITHIN, NAMES = 6, 60
"""How far before a place a term may begin that holds it, and its least weight there."""


def segments(text: str, index: Index) -> list[tuple[int, int, str]]:
    """The text cut into terms, silent words and what is unknown, so that long words go first.

    A piece is worth its length to the power 1.5: a longer one outweighs shorter ones that cover
    as much.
    """
    size = len(text)
    best: list[tuple[float, int, str]] = [(0.0, size, "")] * (size + 1)
    for start in range(size - 1, -1, -1):
        end = _run(text, start)
        best[start] = (best[end][0], end, "unknown")
        longest = max(index.longest.get(text[start], 0), LONGEST_SILENT)
        for stop in range(start + 1, min(size, start + longest) + 1):
            word = text[start:stop]
            kind = _kind(word, index)
            if kind and at_boundary(text, start, stop):
                worth = (stop - start) ** 1.5 * (0.9 if kind == "silent" else 1.0)
                if kind == "term":
                    worth *= 0.6 + 0.4 * index.strength[index.number[word]] / 100
                value = worth + best[stop][0]
                if value > best[start][0]:
                    best[start] = (value, stop, kind)
    return _joined(best)


def _kind(word: str, index: Index) -> str:
    if word in index.outside:
        return "outside"
    if word in SILENT or word in index.places:
        return "silent"
    if word in index.number:
        return "term"
    return "silent" if COUNTED.fullmatch(word) else ""


def _run(text: str, start: int) -> int:
    """The end of a Latin word or number, or of one other character."""
    end = start + 1
    if is_latin(text[start]):
        while end < len(text) and is_latin(text[end]):
            end += 1
    return end


def _joined(best: list[tuple[float, int, str]]) -> list[tuple[int, int, str]]:
    """The pieces of the best cut; unknown ones that touch are one."""
    found: list[tuple[int, int, str]] = []
    at = 0
    while at < len(best) - 1:
        _, end, kind = best[at]
        if kind == "unknown" and found and found[-1][2] == "unknown":
            found[-1] = (found[-1][0], end, kind)
        else:
            found.append((at, end, kind))
        at = end
    return found


def inner(words: str, index: Index) -> Iterator[tuple[int, str]]:
    """The terms inside a term, none of them silent or turned into its opposite."""
    size = len(words)
    for start in range(size):
        for stop in range(start + 2, size + 1):
            part = words[start:stop]
            known = stop - start < size and part in index.number and part not in SILENT
            known = known and (start == 0 or words[start - 1] not in OPPOSITE)
            if known and at_boundary(words, start, stop):
                yield index.number[part], part


def inside_term(text: str, at: int, index: Index) -> bool:
    """Whether a place in a text lies in a term that says much: `无人机` denies nothing."""
    for start in range(max(0, at - WITHIN), at + 1):
        longest = index.longest.get(text[start], 0)
        for stop in range(max(at, start + 1) + 1, min(len(text), start + longest) + 1):
            number = index.number.get(text[start:stop])
            if number is not None and index.strength[number] >= NAMES:
                return True
    return False
