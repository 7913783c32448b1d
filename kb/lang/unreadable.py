"""What is said of a statement that Python's grammar can not read."""

from __future__ import annotations

from kb.lang.problems import Problem
from kb.lang.statements import Scan, Statement
from kb.lang.syntax import Span

WIDE = dict(zip("（），＆＝～‘’“”", "(),&=~''\"\"", strict=True))
"""Characters of a Chinese keyboard and what the rule language has in their place."""


def whole(name: str, statement: Statement) -> Span:
    """The first line of a statement."""
    line = statement.lines[0]
    start = len(line) - len(line.lstrip()) + 1
    return Span(name, statement.line, start, len(line.rstrip()) + 1, line)


def unfit(name: str, statement: Statement) -> Problem | None:
    """A character that no text may hold: Python would end with an error of another kind."""
    for number, line in enumerate(statement.lines, statement.line):
        for at, character in enumerate(line, 1):
            if "\ud800" <= character <= "\udfff":
                span = Span(name, number, at, at + 1, line)
                return Problem("syntax", "the text holds half a character", span)
        if "\x00" in line:
            return Problem("syntax", "the text holds a NUL character", whole(name, statement))
    return None


def unreadable(name: str, statement: Statement, error: SyntaxError, indent: int) -> Problem:
    """A full-width sign where the grammar has its own, else the place where Python stopped.
    `indent` is how much of the first line Python was not given."""
    scan = Scan()
    for number, line in enumerate(statement.lines, statement.line):
        for at in scan.feed(line):
            if line[at] in WIDE:
                return Problem(
                    "syntax",
                    f"full-width `{line[at]}` outside a string",
                    Span(name, number, at + 1, at + 2, line),
                    f"write `{WIDE[line[at]]}`",
                )
    at = min((error.lineno or 1) - 1, len(statement.lines) - 1)
    column = max(1, (error.offset or 1) + (indent if at == 0 else 0))
    if statement.lines[at][column - 1 :].startswith("not "):
        span = Span(name, statement.line + at, column, column + 3, statement.lines[at])
        return Problem("syntax", "negation is written with `~`", span)
    return Problem(
        "syntax",
        "the rule can not be read from here",
        Span(name, statement.line + at, column, column + 1, statement.lines[at]),
        "write `head(X) <= body(X, Y) & ~other(Y) & (Y != 'a')`",
    )
