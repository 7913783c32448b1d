"""Outlines for a terminal: tree lines, colours, and lines wrapped under their own beginning.

A pipe gets `kb.render.outline.text` instead: one line for each thing, without colours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kb.render.outline import Branch, Cited, Lead, Line, Mark, Part, branches, visible
from kb.render.width import GLUE, cell_width, wrapped

BOLD, FAINT = "\x1b[1m", "\x1b[2m"
RESET = "\x1b[0m"
SIGNS = {
    "✓": "\x1b[1;32m",
    "✗": "\x1b[1;31m",
    "⊘": "\x1b[1;35m",
    "?": "\x1b[1;33m",
}
"""The colours of marks, of those that every terminal has and its user may choose."""
UNBROKEN = 48
"""A cite that is no wider than this stands on one line."""
_BULLETS = ("· ", "└ ")
"""Leads that a tree line takes the place of."""
_BELOW = {"├ ": "│ ", "└ ": "  "}
"""What goes on below a tree line."""


def terminal(lines: Iterable[Line], width: int, colour: bool) -> str:
    """Lines as a tree; none is wider than `width` cells where it can be broken.

    >>> from kb.render.outline import line
    >>> print(terminal([line(0, "a"), line(2, Mark("✓"), " b"), line(4, "c")], 80, False))
    a
    └ ✓ b
      └ c
    """
    shown: list[str] = []
    for branch in branches(lines):
        if branch.spaced and shown:
            shown.append("")
        shown += _lines(branch, "", "", width, colour)
    return "\n".join(shown)


def _lines(branch: Branch, before: str, own: str, width: int, colour: bool) -> Iterator[str]:
    """A branch with all below it: `before` are the tree lines of what it stands in, `own` its
    own."""
    under = before + _BELOW.get(own, "")
    hang = under + ("│ " if branch.below else "  ")
    pieces = list(_pieces(branch.line, colour, heading=not own))
    widths = width - cell_width(before + own), width - cell_width(hang)
    for number, text in enumerate(wrapped(pieces, *widths)):
        guide = hang if number else before + own
        yield (f"{FAINT}{guide}{RESET}" if colour and guide.strip() else guide) + text
    for at, child in enumerate(branch.below, 1):
        mine = "└ " if at == len(branch.below) else "├ "
        yield from _lines(child, under, mine, width, colour)


def _pieces(line: Line, colour: bool, heading: bool) -> Iterator[tuple[str, str]]:
    """The parts of a line: text, and the style that it is painted in."""
    for part in line.parts:
        if isinstance(part, Lead) and part.sign in _BULLETS:
            continue
        text = visible(str(part))
        if isinstance(part, Cited) and cell_width(text) <= UNBROKEN:
            lines = text.lstrip()
            text = text.removesuffix(lines) + lines.replace(" ", GLUE)
        yield text, _style(part, heading) if colour else ""


def _style(part: Part, heading: bool) -> str:
    match part:
        case Mark(sign):
            return SIGNS.get(sign, BOLD)
        case Cited():
            return FAINT
        case _:
            return BOLD if heading else ""
