"""Outlines: what a result says, as lines of typed parts, before it is text, HTML or Markdown.

A renderer of a result yields lines; here they are laid out. A line stands below the nearest earlier
one that is indented less.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from html import escape
from typing import Protocol, TypeAlias

from kb.lang.syntax import Cite

COLOURS = {"✓": "#007a59", "✗": "#b94700", "⊘": "#b02a68", "?": "#856000"}
"""On a light ground, where each stands out 4.5 to 1; a page names others for a dark one."""
_NAMED = {"✓": "ok", "✗": "lacking", "⊘": "closed", "?": "open"}
LIST = "list-style:none;padding-left:1.1em;margin:0.1em 0"
_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~$])")
_OBEYED = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
"""Kinds of characters that are obeyed rather than shown: line breaks, directions and the like."""


def visible(text: str) -> str:
    """A text in which no character breaks the line, turns the direction of writing, or hides.

    What would is shown as Python writes it, so that a name can not pass for a line of an answer.

    >>> print(visible("a\\n✓ b"))
    a\\n✓ b
    """
    if text.isprintable():
        return text
    return "".join(_escaped(c) if unicodedata.category(c) in _OBEYED else c for c in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


@dataclass(frozen=True, slots=True)
class Mark:
    """The sign of a verdict, coloured where there are colours."""

    sign: str

    def __str__(self) -> str:
        return self.sign


@dataclass(frozen=True, slots=True)
class Lead:
    """A sign that leads in a line of a text and that lists do without: `· `, `└ `, `1. `."""

    sign: str

    def __str__(self) -> str:
        return self.sign


class LineReader(Protocol):
    """What makes HTML of source lines in brackets where the texts of sources are at hand."""

    def html(self, shown: str, cites: tuple[Cite, ...]) -> str: ...


READER: ContextVar[LineReader | None] = ContextVar("READER", default=None)
"""The reader of lines for the HTML that is being made. No parameter: every table, list and line
down to the brackets would hand it on."""


@dataclass(frozen=True, slots=True)
class Cited:
    """Source lines in brackets, small where there are sizes. `gap` stands before them in texts;
    `cites` are the lines as data, where the source is known."""

    lines: str
    gap: str = "  "
    cites: tuple[Cite, ...] = field(default=(), compare=False)

    @classmethod
    def of(cls, found: Iterable[Cite], gap: str = "  ") -> Cited:
        """Cites as they stand in brackets: `law 3-4; guide 9`."""
        listed = tuple(found)
        return cls("; ".join(map(str, listed)), gap, listed)

    def __str__(self) -> str:
        return f"{self.gap}[{self.lines}]"


@dataclass(frozen=True, slots=True)
class Listed:
    """A sign that lists show, and that texts leave blank so that what follows lines up."""

    sign: str

    def __str__(self) -> str:
        return " " * len(self.sign)


Part: TypeAlias = str | Mark | Lead | Listed | Cited


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an outline: how far it is indented, and its parts. Without parts it is empty."""

    indent: int
    parts: tuple[Part, ...]

    def __str__(self) -> str:
        return " " * self.indent + visible("".join(map(str, self.parts)))


def line(indent: int, *parts: Part) -> Line:
    """A line, shorter to write.

    >>> str(line(2, Mark("✗"), " a", Cited("law 3")))
    '  ✗ a  [law 3]'
    """
    return Line(indent, parts)


EMPTY = Line(0, ())


def text(lines: Iterable[Line]) -> str:
    """Lines as text."""
    return "\n".join(map(str, lines))


@dataclass
class Branch:
    """A line with those below it; `spaced` when an empty line stands before it."""

    line: Line
    spaced: bool = False
    below: list[Branch] = field(default_factory=list)


def branches(lines: Iterable[Line]) -> list[Branch]:
    """Lines as trees: a line stands below the nearest earlier one that is indented less."""
    root = Branch(EMPTY)
    open_: list[tuple[int, Branch]] = [(-1, root)]
    spaced = False
    for each in lines:
        if not each.parts:
            spaced = True
            continue
        branch, spaced = Branch(each, spaced), False
        while open_[-1][0] >= each.indent:
            open_.pop()
        open_[-1][1].below.append(branch)
        open_.append((each.indent, branch))
    return root.below


def html(lines: Iterable[Line]) -> str:
    """Lines as HTML: the first is the heading, those that have others below them fold.

    >>> html([line(0, "a <b>"), EMPTY, line(0, Mark("✓"), " c")])
    '<div class="kb"><p><strong>a &lt;b&gt;</strong></p><ul style="list-style:none;padding-left:\
1.1em;margin:0.1em 0"><li><span style="color:var(--kb-ok,#007a59);font-weight:bold">✓</span> c</li>\
</ul></div>'
    """
    trees = branches(lines)
    if not trees:
        return '<div class="kb"></div>'
    first, *rest = trees
    heading = f"<p><strong>{inline(first.line)}</strong></p>"
    return f'<div class="kb">{heading}{nested([*first.below, *rest])}</div>'


def nested(trees: list[Branch]) -> str:
    """Lines with those below them as lists that fold."""
    if not trees:
        return ""
    items = []
    for branch in trees:
        own = inline(branch.line)
        if branch.below:
            own = f"<details open><summary>{own}</summary>{nested(branch.below)}</details>"
        items.append(f"<li>{own}</li>")
    return f'<ul style="{LIST}">{"".join(items)}</ul>'


def inline(shown: Line) -> str:
    """One line as HTML, without an element of its own."""
    return visible("".join(map(_html_part, shown.parts))).strip()


def _html_part(part: Part) -> str:
    match part:
        case Mark(sign):
            colour = COLOURS.get(sign)
            if colour is None:
                return escape(sign)
            colour = f"var(--kb-{_NAMED[sign]},{colour})"
            return f'<span style="color:{colour};font-weight:bold">{escape(sign)}</span>'
        case Lead():
            return ""
        case Cited(lines, _, cites):
            reader = READER.get()
            shown = reader.html(lines, cites) if reader is not None else escape(lines)
            return f" <small>[{shown}]</small>"
        case Listed(sign):
            return escape(sign)
        case str():
            return escape(part)


def markdown(lines: Iterable[Line]) -> str:
    """Lines as Markdown: a bold heading and nested lists; names can not become markup.

    >>> print(markdown([line(0, "a b"), line(2, Lead("· "), "c")]))
    **a b**
    <BLANKLINE>
    - c
    """
    trees = branches(lines)
    if not trees:
        return ""
    first, *rest = trees
    heading = f"**{_plain(first.line)}**"
    return "\n".join([heading, "", *_bullets([*first.below, *rest], 0)])


def _bullets(trees: list[Branch], depth: int) -> Iterator[str]:
    for branch in trees:
        yield "  " * depth + "- " + _plain(branch.line)
        yield from _bullets(branch.below, depth + 1)


def _plain(shown: Line) -> str:
    said = visible("".join(map(_plain_part, shown.parts))).strip()
    escaped = _SPECIAL.sub(r"\\\1", said).replace("&", "&amp;").replace("<", "&lt;")
    return "\\" + escaped if escaped[:1] in "-+" else escaped


def _plain_part(part: Part) -> str:
    match part:
        case Lead():
            return ""
        case Listed(sign):
            return sign
        case str() | Mark() | Cited():
            return str(part)
