"""How wide a text is on a terminal, and where its lines may break."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

RESET = "\x1b[0m"
NARROWEST = 8
"""A line is not made narrower, however deep it stands."""
_CLOSING = frozenset(",.;:!?)]}>%…」』》】〉）］、。，；：！？”’")
"""Characters with which no line begins."""
_OPENING = frozenset("([{<「『《【〈（［“‘")
"""Characters with which no line ends."""
GLUE = "\xa0"
"""A space at which no line breaks; it is written as any other."""
_ATOM = re.compile(rf"[^\S{GLUE}]+|(?:[^\s\u1100-\uffff]|{GLUE})+|.", re.DOTALL)
"""Spaces, a word of narrow letters, or one wide character."""


def cell_width(text: str) -> int:
    """How many cells of a terminal a text takes: a Chinese character takes two.

    >>> cell_width("a《甲》")
    7
    """
    return len(text) if text.isascii() else sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


@dataclass
class _Word:
    """What is not broken: text in its styles, with the spaces before it."""

    space: str
    parts: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.parts)


def wrapped(pieces: Iterable[tuple[str, str]], first: int, rest: int) -> Iterator[str]:
    """Pieces of text, each with the style that it is painted in, as lines: the first of at most
    `first` cells, the others of at most `rest`.

    A line breaks at spaces and between Chinese characters, never before what closes or after what
    opens; a word wider than a line is broken where the line ends.

    >>> list(wrapped([("甲乙丙丁,戊", "")], 8, 8))
    ['甲乙丙', '丁,戊']
    """
    room, line, used = max(first, NARROWEST), _Line(), 0
    for word in _words(pieces):
        size = cell_width(word.text)
        if used and used + len(word.space) + size > room:
            yield line.painted()
            room, line, used = max(rest, NARROWEST), _Line(), 0
        elif used or room == first:
            # Between words of one style the space is painted too, or each would be painted alone.
            line.add(word.space, word.parts[0][1] if line.style == word.parts[0][1] else "")
            used += len(word.space)
        for text, style in word.parts:
            while used + cell_width(text) > room:
                head = _fitting(text, room - used)
                line.add(head, style)
                yield line.painted()
                text, room, line, used = text[len(head) :], max(rest, NARROWEST), _Line(), 0
            line.add(text, style)
            used += cell_width(text)
    yield line.painted()


@dataclass
class _Line:
    """A line in the making: runs of text, each in one style."""

    runs: list[tuple[str, str]] = field(default_factory=list)

    @property
    def style(self) -> str:
        """The style of its end."""
        return self.runs[-1][1] if self.runs else ""

    def add(self, text: str, style: str) -> None:
        if self.runs and self.style == style:
            text = self.runs.pop()[0] + text
        self.runs.append((text, style))

    def painted(self) -> str:
        return "".join(_painted(text, style) for text, style in self.runs).replace(GLUE, " ")


def _words(pieces: Iterable[tuple[str, str]]) -> Iterator[_Word]:
    word, before = _Word(""), ""
    for piece, style in pieces:
        for atom in _ATOM.findall(piece):
            if atom.isspace():
                if word.parts:
                    yield word
                    word = _Word("")
                word.space += atom
                before = ""
                continue
            wide = not before or _cells(atom[0]) == 2 or _cells(before) == 2
            if word.parts and wide and atom[0] not in _CLOSING and before not in _OPENING:
                yield word
                word = _Word("")
            word.parts.append((atom, style))
            before = atom[-1]
    if word.parts:
        yield word


def _fitting(text: str, room: int) -> str:
    used = 0
    for at, character in enumerate(text):
        used += _cells(character)
        if used > room:
            return text[:at]
    return text


def _painted(text: str, style: str) -> str:
    return f"{style}{text}{RESET}" if style and text else text
