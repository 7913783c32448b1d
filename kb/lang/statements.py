"""Cutting a text into statements, each with the sources that stand above it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kb.lang.problems import Problem
from kb.lang.syntax import Cite, Span

_SOURCE = re.compile(r"#\s*source\s*[:：]\s*(?P<source>[\w-]*)(?P<lines>.*)", re.IGNORECASE)
_DECISION = re.compile(r"#\s*decision\s*[:：]\s*(?P<id>[a-z][a-z0-9-]*)\s*", re.IGNORECASE)
_LINES = re.compile(r"\s*(\d+)\s*(?:-\s*(\d+)\s*)?")
_PLAIN = re.compile(r"""[^'"#\\()\[\]{}]+""")
_NEWLINE = re.compile(r"\r\n|\r|\n")


HOUSE = "kb"
"""The source that decisions of this house are cited from; the decision is the locator."""


@dataclass(slots=True)
class Statement:
    line: int
    lines: list[str]
    sources: tuple[Cite, ...]


def parse_lines(text: str) -> tuple[int, ...]:
    """Line numbers as people write them; raises ValueError.

    >>> parse_lines("3-5, 9")
    (3, 4, 5, 9)
    """
    found: list[int] = []
    for part in text.split(","):
        match = _LINES.fullmatch(part)
        if match is None:
            raise ValueError(part)
        a, b = int(match[1]), int(match[2] or match[1])
        if not 1 <= a <= b <= a + 10_000:
            raise ValueError(part)
        found.extend(range(a, b + 1))
    return tuple(sorted(set(found)))


def split_lines(text: str) -> list[str]:
    """Lines as Python's grammar counts them: `str.splitlines` also ends one at characters that a
    string may hold."""
    lines = _NEWLINE.split(text)
    return lines if lines[-1] else lines[:-1]


def statements(text: str, name: str, problems: list[Problem]) -> Iterator[Statement]:
    """Cut a text where no bracket and no triple quote is open, so that one bad statement does not
    hide the next.

    `# source: SOURCE LINES` stands above the statements that a source states, `# decision: ID`
    above those, up to the next empty line, that follow a decision of this house.
    """
    sources: tuple[Cite, ...] = ()
    adds = False
    decisions: tuple[Cite, ...] = ()
    current: Statement | None = None
    scan = Scan()
    for number, line in enumerate(split_lines(text), 1):
        if current is None:
            stripped = line.strip()
            if not stripped:
                adds, decisions = False, ()
                continue
            if stripped.startswith("#"):
                match = _SOURCE.fullmatch(stripped)
                if match:
                    cite = _cite(match, Span(name, number, 1, len(line) + 1, line), problems)
                    sources = (*sources, cite) if adds else (cite,)
                    adds = True
                decided = _DECISION.fullmatch(stripped)
                if decided:
                    decisions = (*decisions, Cite(HOUSE, (), decided["id"]))
                continue
            adds = False
            current = Statement(number, [], (*sources, *decisions))
        current.lines.append(line)
        scan.feed(line)
        if not scan.open:
            yield current
            current, scan = None, Scan()
    if current is not None:
        yield current


def _cite(match: re.Match[str], span: Span, problems: list[Problem]) -> Cite:
    lines: tuple[int, ...] = ()
    message = "" if match["source"] else "no source is named"
    if match["source"] and match["lines"].strip():
        try:
            lines = parse_lines(match["lines"])
        except ValueError:
            message = "line numbers can not be read"
    if message:
        problems.append(Problem("source-lines", message, span, "write `# source: SOURCE 3-5, 9`"))
    return Cite(match["source"], lines)


@dataclass(slots=True)
class Scan:
    """Counts brackets outside strings and comments."""

    depth: int = 0
    quote: str = ""
    continued: bool = field(default=False)

    @property
    def open(self) -> bool:
        return self.depth > 0 or len(self.quote) == 3 or self.continued

    def feed(self, line: str) -> list[int]:
        """Take a line in; gives the places of what stands outside strings and comments."""
        outside: list[int] = []
        at = 0
        self.continued = False
        if len(self.quote) == 1:
            self.quote = ""
        while at < len(line):
            plain = _PLAIN.match(line, at)
            if plain:
                if not self.quote:
                    outside.extend(range(at, plain.end()))
                at = plain.end()
                continue
            here = line[at]
            if self.quote:
                if here == "\\":
                    at += 1
                elif line.startswith(self.quote, at):
                    at += len(self.quote) - 1
                    self.quote = ""
            elif here == "#":
                break
            elif here in "'\"":
                self.quote = here * 3 if line.startswith(here * 3, at) else here
                at += len(self.quote) - 1
            else:
                outside.append(at)
                if here in "([{":
                    self.depth += 1
                elif here in ")]}":
                    self.depth = max(0, self.depth - 1)
                elif here == "\\" and at == len(line) - 1:
                    self.continued = True
            at += 1
        return outside
