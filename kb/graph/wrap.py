"""Labels in lines of a width that reads well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kb.lang.problems import width

WIDEST = 30
"""Cells of a line of a label; a Chinese character fills two."""

_CLOSING = ",。、;:)》」』】,.;:)]，；：）〕！？”"
_OPENING = "(（「『【〔《[“"
_BREAKS = " ,.;，。；、）)」』】》〕"


def wrapped(text: str, widest: int = WIDEST) -> list[str]:
    """A label in lines of about `widest` cells, cut between words or Chinese characters; the lines
    are even, so that no character stands alone in the last one.

    >>> wrapped("a label of several words", 12)
    ['a label of', 'several', 'words']
    >>> wrapped("教育类小程序备案流程(第三方指南)")
    ['教育类小程序备案', '流程(第三方指南)']
    """
    pieces = list(_pieces(text))
    lines = _filled(pieces, widest)
    if len(lines) == 1:
        return [lines[0].strip()]
    even = [
        found
        for narrower in range(-(-width(text) // len(lines)), widest)
        if len(found := _filled(pieces, narrower)) == len(lines)
    ]
    # Cut between words or after a mark where no line more is needed for it, else evenly.
    natural = (found for found in even if all(line[-1] in _BREAKS for line in found[:-1]))
    lines = next(natural, even[0] if even else lines)
    return [line.strip() for line in lines]


def _filled(pieces: Iterable[str], widest: int) -> list[str]:
    lines: list[str] = []
    now = ""
    for piece in pieces:
        if now.strip() and width((now + piece).strip()) > widest:
            lines.append(now)
            now = piece
        else:
            now += piece
    return [*lines, now] if now.strip() or not lines else lines


def _pieces(text: str) -> Iterator[str]:
    """Words with the space after them; Chinese characters by themselves, with the closing marks
    after them and the opening ones before them.
    A word that fills a line by itself is cut."""
    word = ""
    for c in text:
        wide = width(c) == 2
        if word and word[-1] in "/-_#@" and width(word) > 12:
            yield word
            word = ""
        if word and (c in _CLOSING or word[-1] in _OPENING):
            word += c
            continue
        after_wide = bool(word) and width(word[-1]) == 2 and c != " "
        if word and (wide or after_wide or word.endswith(" ") or width(word) >= WIDEST):
            yield word
            word = ""
        word += c
    if word:
        yield word
