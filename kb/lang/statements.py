"""Cutting a text into statements, each with the sources that stand above it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kb.lang.problems import Problem
from kb.lang.syntax import Cite, Span

_SOURCE = re.compile(r"#\s*source:\s*(?P<source>[\w-]+)\s*(?P<lines>[\d\s,-]*)$")


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
        first, _, last = part.strip().partition("-")
        a, b = int(first), int(last or first)
        if not 1 <= a <= b <= a + 10_000:
            raise ValueError(part)
        found.extend(range(a, b + 1))
    return tuple(sorted(set(found)))


def statements(text: str, name: str, problems: list[Problem]) -> Iterator[Statement]:
    """Cut a text where no bracket and no triple quote is open, so that one bad statement does not
    hide the next."""
    sources: tuple[Cite, ...] = ()
    sourced = False
    current: Statement | None = None
    scan = _Scan()
    for number, line in enumerate(text.splitlines(), 1):
        if current is None:
            stripped = line.strip()
            if stripped.startswith("#"):
                match = _SOURCE.match(stripped)
                if match:
                    try:
                        lines = parse_lines(match["lines"]) if match["lines"].strip() else ()
                    except ValueError:
                        lines = ()
                        span = Span(name, number, 1, len(line) + 1, line)
                        problems.append(
                            Problem(
                                "source-lines",
                                "line numbers can not be read",
                                span,
                                "write `# source: SOURCE 3-5, 9`",
                            )
                        )
                    cite = Cite(match["source"], lines)
                    sources = (*sources, cite) if sourced else (cite,)
                    sourced = True
                continue
            if not stripped:
                continue
            sourced = False
            current = Statement(number, [], sources)
        current.lines.append(line)
        scan.feed(line)
        if not scan.open:
            yield current
            current, scan = None, _Scan()
    if current is not None:
        yield current


@dataclass(slots=True)
class _Scan:
    """Counts brackets outside strings and comments."""

    depth: int = 0
    quote: str = ""
    continued: bool = field(default=False)

    @property
    def open(self) -> bool:
        return self.depth > 0 or len(self.quote) == 3 or self.continued

    def feed(self, line: str) -> None:
        at = 0
        self.continued = False
        if len(self.quote) == 1:
            self.quote = ""
        while at < len(line):
            here = line[at]
            if self.quote:
                if here == "\\":
                    at += 1
                elif line.startswith(self.quote, at):
                    at += len(self.quote) - 1
                    self.quote = ""
            elif here == "#":
                return
            elif here in "'\"":
                self.quote = here * 3 if line.startswith(here * 3, at) else here
                at += len(self.quote) - 1
            elif here in "([{":
                self.depth += 1
            elif here in ")]}":
                self.depth = max(0, self.depth - 1)
            elif here == "\\" and at == len(line) - 1:
                self.continued = True
            at += 1
