"""Text whose indentation is its structure, read as an outline: notes of a notebook are laid out so.

Lines that have others below them fold, every name is escaped and marks are coloured: see
`kb.render.outline`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.render.outline import Cited, Lead, Line, Mark, Part

_MARK = re.compile(r"(?<!\S)([✓✗⊘?])(?= )")
_CITE = re.compile(r"( {1,2})\[([^\[\]]*)\](?=  |$)")
_LEAD = re.compile(r"^(?:[·└] |\d+\. (?=《))")


def lines_of(text: str) -> list[Line]:
    """The lines of a text, with their marks, leads and cited lines told apart.

    >>> [line.indent for line in lines_of("a\\n  · b  [law 3]")]
    [0, 2]
    """
    found = []
    for raw in text.splitlines():
        shown = raw.strip()
        found.append(Line(len(raw) - len(raw.lstrip(" ")), tuple(_parts(shown))))
    return found


def _parts(shown: str) -> Iterator[Part]:
    lead = _LEAD.match(shown)
    at = lead.end() if lead else 0
    if lead:
        yield Lead(lead[0])
    signs = [*_MARK.finditer(shown), *_CITE.finditer(shown)]
    for sign in sorted(signs, key=lambda found: found.start()):
        if sign.start() > at:
            yield shown[at : sign.start()]
        yield Mark(sign[1]) if sign.re is _MARK else Cited(sign[2], sign[1])
        at = sign.end()
    if at < len(shown):
        yield shown[at:]
