"""Reading: pyDatalog's syntax, through Python's `ast` and an allow-list of nodes; nothing is run.

A file opens with an optional docstring; `# source: SOURCE LINES` stands above the rules it covers,
up to the next such line.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kb.lang.problems import Problem, Problems
from kb.lang.statements import Statement, split_lines, statements
from kb.lang.syntax import Comparison, Literal, Negation, Rule
from kb.lang.terms import Refused, Terms
from kb.lang.unreadable import unfit, unreadable, whole

OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


@dataclass(frozen=True, slots=True)
class Text:
    """A parsed file: its docstring and rules, not yet checked against anything."""

    name: str
    doc: str
    rules: tuple[Rule, ...]


def parse(text: str, name: str = "<rules>") -> Text:
    """Read rules.

    Raises `Problems` with every statement that can not be read.

    >>> print(parse("p(X) <= q(X, Y) & ~r(Y) & (Y != 'a')").rules[0])
    p(X) <= q(X, Y) & ~r(Y) & (Y != 'a')
    """
    problems: list[Problem] = []
    rules: list[Rule] = []
    doc = ""
    for number, statement in enumerate(statements(text, name, problems)):
        reader = _Reader(name, statement)
        try:
            node = reader.parsed()
            if number == 0 and isinstance(node, ast.Constant) and isinstance(node.value, str):
                doc = node.value.strip()
            else:
                rules.append(reader.rule(node))
        except Refused as refused:
            problems.append(refused.problem)
        except RecursionError:
            problems.append(reader.too_deep())
    if problems:
        raise Problems(problems)
    return Text(name, doc, tuple(rules))


@lru_cache(maxsize=128)
def parsed(text: str, name: str) -> Text:
    """The same for files that are read again with each base: each text is parsed once."""
    return parse(text, name)


def parse_goal(text: str, name: str = "<query>") -> tuple[Literal, ...]:
    """Read the body of a query: `p(X, 'a') & ~q(X)`."""
    lines = split_lines(text.strip()) or [""]
    reader = _Reader(name, Statement(1, lines, ()))
    try:
        return tuple(reader.body(reader.parsed()))
    except Refused as refused:
        raise Problems([refused.problem]) from None
    except RecursionError:
        raise Problems([reader.too_deep()]) from None


@dataclass(slots=True)
class _Reader(Terms):
    """Turns the syntax tree of one statement into a rule."""

    def parsed(self) -> ast.expr:
        problem = unfit(self.name, self.statement)
        if problem:
            raise Refused(problem)
        source = "\n".join(self.statement.lines)
        # An indented statement would be a fault of Python's block syntax, which rules do not have.
        self.indent = len(source) - len(source.lstrip())
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(source[self.indent :], mode="exec")
        except SyntaxError as error:
            raise Refused(unreadable(self.name, self.statement, error, self.indent)) from None
        except MemoryError:
            raise Refused(self.too_deep()) from None
        if len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
            raise Refused(
                Problem(
                    "syntax",
                    "this is not a rule",
                    whole(self.name, self.statement),
                    "write `head(X) <= body(X, Y) & ~other(Y)`, one rule a statement",
                )
            )
        return tree.body[0].value

    def too_deep(self) -> Problem:
        # Python's own limit, met wherever its syntax tree is walked.
        where = whole(self.name, self.statement)
        return Problem("syntax", "the statement is nested too deeply", where)

    def rule(self, node: ast.expr) -> Rule:
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd):
            return Rule(self.atom(node.operand), (), self.statement.sources)
        if isinstance(node, ast.Compare):
            if len(node.ops) > 1:
                loose = self.loose(node)
                raise self.refuse(
                    "brackets",
                    "a comparison in a rule stands in brackets",
                    node,
                    f"put brackets round `{loose}`" if loose else "put brackets round it",
                )
            if isinstance(node.ops[0], ast.LtE):
                head, aggregate = self.head(node.left)
                body = tuple(self.body(node.comparators[0]))
                return Rule(head, body, self.statement.sources, aggregate)
        if isinstance(node, ast.BoolOp):
            raise self.not_joined(node)
        if isinstance(node, ast.Call):
            raise self.refuse(
                "fact", "a fact is written with `+` in front", node, f"write `+{ast.unparse(node)}`"
            )
        raise self.refuse(
            "syntax", "this is not a rule", node, "write `head(X) <= body(X, Y) & ~other(Y)`"
        )

    def not_joined(self, node: ast.expr) -> Refused:
        message = "a body joins its literals with `&` only"
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
            return self.refuse("syntax", message, node)
        return self.refuse("syntax", message, node, "write one rule for each case")

    def loose(self, node: ast.Compare) -> str:
        """`p(X) <= q(X) & X > 3` is one chain to Python: find the comparison that was meant."""
        left = node.comparators[0]
        while isinstance(left, ast.BinOp) and isinstance(left.op, ast.BitAnd):
            left = left.right
        sign = OPERATORS.get(type(node.ops[1]))
        if sign is None:
            return ""
        right = node.comparators[1]
        while isinstance(right, ast.BinOp) and isinstance(right.op, ast.BitAnd):
            right = right.left
        return f"{ast.unparse(left)} {sign} {ast.unparse(right)}"

    def body(self, node: ast.expr) -> Iterator[Literal]:
        # The left spine of `&` is as long as the body: walked in a loop, not by recursion.
        parts: list[ast.expr] = []
        while isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd):
            parts.append(node.right)
            node = node.left
        parts.append(node)
        for part in reversed(parts):
            if isinstance(part, ast.BinOp) and isinstance(part.op, ast.BitAnd):
                yield from self.body(part)
            else:
                yield self.literal(part)

    def literal(self, node: ast.expr) -> Literal:
        match node:
            case ast.UnaryOp(op=ast.Invert(), operand=operand):
                return Negation(self.atom(operand))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OPERATORS:
                sign = OPERATORS[type(op)]
                sides = self.expression(left), self.expression(right)
                return Comparison(sides[0], sign, sides[1], self.span(node))
            case ast.Call():
                return self.atom(node)
            case ast.BinOp(op=ast.BitOr()) | ast.BoolOp():
                raise self.not_joined(node)
            case ast.UnaryOp(op=ast.Not()):
                raise self.refuse("syntax", "negation is written with `~`", node)
            case _:
                raise self.refuse(
                    "syntax",
                    "this is not a literal",
                    node,
                    "a literal is `p(X)`, `~p(X)` or `(X != 'a')`",
                )
