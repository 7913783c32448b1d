"""Answers as a notebook shows them: HTML, Markdown and plain text, of one wording.

What an answer says is worded in one place, as text whose indentation is its structure; here it is
only laid out: lines that have others below them fold. Every name is escaped, marks stand beside
colours, and nothing needs a script, so an untrusted notebook shows the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

COLOURS = {"✓": "#009E73", "✗": "#D55E00", "⊘": "#CC3377", "?": "#B8860B"}
_MARK = re.compile(r"(?<![^\s>])([✓✗⊘?])(?= )")
_CITE = re.compile(r" {1,2}(\[[^\[\]]*\])(?=  |$)")
_BULLET = re.compile(r"^(?:[·└] |\d+\. (?=《))")
_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~$])")
BARE = "list-style:none;padding-left:1.1em;margin:0.1em 0"


@dataclass
class Line:
    """A line of a text and the lines that stand below it."""

    text: str
    below: list[Line] = field(default_factory=list)


def outline(text: str) -> list[Line]:
    """A text as a tree: what is indented belongs to the line above it.

    >>> [line.text for line in outline("a\\n  b\\n  c")[0].below]
    ['b', 'c']
    """
    root = Line("")
    open_: list[tuple[int, Line]] = [(-1, root)]
    for raw in text.splitlines():
        if not raw.strip():
            continue
        depth = len(raw) - len(raw.lstrip(" "))
        line = Line(raw.strip())
        while open_[-1][0] >= depth:
            open_.pop()
        open_[-1][1].below.append(line)
        open_.append((depth, line))
    return root.below


def html(text: str) -> str:
    """A text as HTML; its first line is the heading.

    >>> html("a <b>\\n\\n✓ c")
    '<div class="kb"><p><strong>a &lt;b&gt;</strong></p><ul style="list-style:none;padding-left:\
1.1em;margin:0.1em 0"><li><span style="color:#009E73;font-weight:bold">✓</span> c</li></ul></div>'
    """
    lines = outline(text)
    if not lines:
        return '<div class="kb"></div>'
    first, *rest = lines
    heading = f"<p><strong>{_inline(first.text)}</strong></p>"
    return f'<div class="kb">{heading}{_list([*first.below, *rest])}</div>'


def _list(lines: list[Line]) -> str:
    if not lines:
        return ""
    items = []
    for line in lines:
        own = _inline(_BULLET.sub("", line.text))
        if line.below:
            own = f"<details open><summary>{own}</summary>{_list(line.below)}</details>"
        items.append(f"<li>{own}</li>")
    return f'<ul style="{BARE}">{"".join(items)}</ul>'


def _inline(text: str) -> str:
    shown = _CITE.sub(r" <small>\1</small>", escape(text))
    return _MARK.sub(
        lambda m: f'<span style="color:{COLOURS[m[1]]};font-weight:bold">{m[1]}</span>', shown
    )


def markdown(text: str) -> str:
    """A text as Markdown: a bold heading and nested lists; names can not become markup.

    >>> print(markdown("a b\\n  · c"))
    **a b**
    <BLANKLINE>
    - c
    """
    lines = outline(text)
    if not lines:
        return ""
    first, *rest = lines
    return "\n".join([f"**{_plain(first.text)}**", "", *_bullets([*first.below, *rest], 0)])


def _bullets(lines: list[Line], depth: int) -> Iterator[str]:
    for line in lines:
        yield "  " * depth + "- " + _plain(_BULLET.sub("", line.text))
        yield from _bullets(line.below, depth + 1)


def _plain(text: str) -> str:
    shown = _SPECIAL.sub(r"\\\1", text).replace("&", "&amp;").replace("<", "&lt;")
    return "\\" + shown if shown[:1] in "-+" else shown


class Shown:
    """What its `str()` says, shown by a notebook as HTML, Markdown or plain text."""

    def _repr_html_(self) -> str:
        return html(str(self))

    def _repr_markdown_(self) -> str:
        return markdown(str(self))

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        # Those that are mappings would be printed as such, whatever the bundle below says.
        printer.text(str(self))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        # Above all for the plain text: a notebook would show a dataclass by its fields.
        return {
            "text/plain": str(self),
            "text/html": self._repr_html_(),
            "text/markdown": self._repr_markdown_(),
        }
