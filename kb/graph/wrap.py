"""Labels in lines of a width that reads well."""

from __future__ import annotations

from collections.abc import Iterator

from kb.lang.problems import width

WIDEST = 30
"""Cells of a line of a label; a Chinese character fills two."""

_CLOSING = ",。、;:)》」』】,.;:)]，；：）〕！？”"


def wrapped(text: str, widest: int = WIDEST) -> list[str]:
    """A label in lines of about `widest` cells, cut between words or Chinese characters.

    >>> wrapped("a label of several words", 12)
    ['a label of', 'several', 'words']
    """
    lines: list[str] = []
    now = ""
    for piece in _pieces(text):
        if now and width(now + piece.rstrip()) > widest:
            lines.append(now.rstrip())
            now = piece.lstrip()
        else:
            now += piece
    return [*lines, now.rstrip()] if now.strip() or not lines else lines


def _pieces(text: str) -> Iterator[str]:
    """Words with the space after them; Chinese characters by themselves, closing marks with them.
    A word that fills a line by itself is cut."""
    word = ""
    for c in text:
        wide = width(c) == 2
        if word and word[-1] in "/-_#@" and width(word) > 12:
            yield word
            word = ""
        if c in _CLOSING and word:
            word += c
            continue
        after_wide = bool(word) and width(word[-1]) == 2 and c != " "
        if word and (wide or after_wide or word.endswith(" ") or width(word) >= WIDEST):
            yield word
            word = ""
        word += c
    if word:
        yield word
