"""What a cell holds: rules, goals and named queries, statement by statement."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from kb.lang.parser import parse
from kb.lang.problems import Problem, Problems
from kb.lang.statements import Scan, Statement, split_lines, statements
from kb.lang.syntax import Rule, Span

T = TypeVar("T")
_NAMED = re.compile(r"\s*(?P<name>[^\W\d]\w*)(?P<rest>\s.*)?", re.DOTALL)
_PARAMETER = re.compile(r"\s*(?P<key>\w+)=(?:\"([^\"]*)\"|'([^']*)'|(\S+))(?=\s|$)")


@dataclass(frozen=True)
class Question:
    """A goal (`name` is empty) or a named query with its parameters, and where it stands."""

    text: str
    line: int
    name: str = ""
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Own:
    """A rule of the user's own, with its text and the comments above it."""

    rule: Rule
    text: str

    @property
    def relation(self) -> str:
        return self.rule.head.relation


@dataclass(frozen=True)
class Cell:
    """A cell that has been read."""

    rules: tuple[Own, ...]
    questions: tuple[Question, ...]


def read_cell(text: str, name: str) -> Cell:
    """Read a cell: a statement with `<=` is a rule, the others ask. A statement ends with its line,
    or where its brackets close. Raises `Problems` for every one that can not be read.

    >>> read_cell("p(X) <= q(X)\\np(X) & ~r(X)", "cell").questions[0].line
    2
    """
    problems: list[Problem] = []
    asked: list[Question] = []
    rules: list[Statement] = []
    # What asks is blanked out, so that rules keep their lines.
    lines = split_lines(text)
    for statement in statements(text, name, []):
        whole = "\n".join(statement.lines)
        if is_rule(statement) or (not rules and whole.lstrip().startswith(("'", '"'))):
            rules.append(statement)
            continue
        for at in range(len(statement.lines)):
            lines[statement.line - 1 + at] = "#"
        try:
            asked.append(_question(whole, statement.line, name))
        except Problems as found:
            problems += found.problems
    try:
        parsed = parse("\n".join(lines), name).rules
    except Problems as found:
        raise Problems([*found.problems, *problems]) from None
    if problems:
        raise Problems(problems)
    starts = {statement.line: statement for statement in rules}
    kept = []
    for rule in parsed:
        statement = starts[max(line for line in starts if line <= rule.head.span.line)]
        kept.append(Own(rule, _with_comments(statement, lines)))
    return Cell(tuple(kept), tuple(asked))


def is_rule(statement: Statement) -> bool:
    """Whether a statement has `<=` outside all brackets, or opens with `+`."""
    if statement.lines[0].lstrip().startswith("+"):
        return True
    scan = Scan()
    for line in statement.lines:
        depth = scan.depth
        for at in scan.feed(line):
            depth += (line[at] in "([{") - (line[at] in ")]}")
            if depth <= 0 and line.startswith("<=", at):
                return True
    return False


def _with_comments(statement: Statement, lines: list[str]) -> str:
    """A rule's text, with its sources and the comments right above it."""
    above: list[str] = []
    for line in reversed(lines[: statement.line - 1]):
        if not line.strip().startswith("#") or line == "#":
            break
        if not re.match(r"\s*#\s*source\s*[:：]", line, re.IGNORECASE):
            above.insert(0, line.strip())
    cites = [f"# source: {cite}" for cite in statement.sources]
    return "\n".join([*above, *cites, *statement.lines])


def _question(text: str, line: int, name: str) -> Question:
    first = text.strip().split("#", 1)[0].rstrip() if "(" not in text else text.strip()
    match = _NAMED.fullmatch(first)
    if match is None or (match["rest"] or "").lstrip().startswith(("(", "&", "（")):
        return Question(text, line)
    rest = match["rest"] or ""
    parameters: list[tuple[str, str]] = []
    at = 0
    while rest[at:].strip():
        found = _PARAMETER.match(rest, at)
        if found is None:
            column = len(match["name"]) + at + 2
            span = Span(name, line, column, len(first) + 1, first)
            help = "write it like `category=教育-驾校平台`"
            raise Problems([Problem("parameters", "this is not KEY=VALUE", span, help)])
        value = next(part for part in found.groups()[1:] if part is not None)
        parameters.append((found["key"], value))
        at = found.end()
    return Question(first, line, match["name"], tuple(parameters))


def located(question: Question, name: str, asked: Callable[[], T]) -> T:
    """Ask; what is wrong with the question is told with its place in the cell."""
    try:
        return asked()
    except Problems as found:
        raise Problems(_placed(found.problems, question, name)) from None


def _placed(problems: Iterable[Problem], question: Question, name: str) -> Iterator[Problem]:
    indent = len(question.text) - len(question.text.lstrip())
    lines = split_lines(question.text) or [""]
    for problem in problems:
        span = problem.span
        if span.file == "<query>" and span.line:
            cut = indent if span.line == 1 else 0
            place = Span(
                name,
                question.line + span.line - 1,
                span.column + cut,
                span.end + cut,
                lines[min(span.line, len(lines)) - 1],
            )
            yield replace(problem, span=place)
        elif not span.line and not span.file:
            first, end = _blamed(problem, question)
            yield replace(problem, span=Span(name, question.line, first + 1, end + 1, lines[0]))
        else:
            yield problem


def _blamed(problem: Problem, question: Question) -> tuple[int, int]:
    """What a message without a place speaks of: its last name in backticks, if the line has it."""
    first = split_lines(question.text)[0]
    for word in reversed(re.findall(r"`([^`]+)`", problem.message)):
        at = first.rfind(word)
        if at >= 0:
            return at, at + len(word)
    return len(first) - len(first.lstrip()), len(first.rstrip())


def clashes(rules: Iterable[Own], defined: Callable[[str], bool]) -> list[Problem]:
    """A problem for each rule whose relation the base defines already."""
    return [
        Problem(
            "defined",
            f"`{own.relation}` has rules in this base already",
            own.rule.head.span,
            "give your relation another name",
        )
        for own in rules
        if defined(own.relation)
    ]
