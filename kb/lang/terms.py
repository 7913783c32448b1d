"""Reading terms, atoms and heads: nodes of Python's syntax tree become what rules are made of."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from kb.lang.arithmetic import AGGREGATES, OPERATIONS
from kb.lang.problems import Problem
from kb.lang.statements import Statement
from kb.lang.syntax import (
    Aggregate,
    Arithmetic,
    Atom,
    Constant,
    Expression,
    Span,
    Term,
    Variable,
)

INFIX: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}
LARGEST = 2**53
SHAPES = {
    "add_days": "add_days(Day, Number)",
    "add_months": "add_months(Day, Number)",
    "days_between": "days_between(First, Last)",
}
HEADS = {
    "count": "howmany(X, count(Y)) <= p(X, Y)",
    "sum": "total(X, sum(N, Y)) <= p(X, Y, N)",
    "min": "least(X, min(N)) <= p(X, N)",
    "max": "most(X, max(N)) <= p(X, N)",
}


class Refused(Exception):  # noqa: N818 -- it carries a problem, it is none itself
    """Ends the reading of one statement; the reader goes on with the next."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


@dataclass(slots=True)
class Terms:
    """Reads the parts of one statement; `indent` is how much of its first line Python was not
    given."""

    name: str
    statement: Statement
    anonymous: int = 0
    indent: int = 0

    def span(self, node: ast.expr) -> Span:
        line = self.statement.lines[node.lineno - 1]
        cut = self.indent if node.lineno == 1 else 0
        last = node.end_col_offset if node.end_lineno == node.lineno else None
        if line.isascii():
            start, end = cut + node.col_offset, len(line) if last is None else cut + last
        else:
            raw = line[cut:].encode()  # Python counts bytes
            start = cut + len(raw[: node.col_offset].decode(errors="replace"))
            end = cut + len(raw[:last].decode(errors="replace"))
        return Span(self.name, self.statement.line + node.lineno - 1, start + 1, end + 1, line)

    def refuse(self, code: str, message: str, node: ast.expr, help: str = "") -> Refused:
        return Refused(Problem(code, message, self.span(node), help))

    def atom(self, node: ast.expr) -> Atom:
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            raise self.refuse(
                "syntax",
                "a relation with its arguments is expected here",
                node,
                "write `relation(X, Y)`",
            )
        if node.keywords:
            raise self.refuse("syntax", "arguments are told apart by place, not by name", node)
        if node.func.id.startswith("_") or node.func.id[:1].isupper():
            raise self.refuse(
                "syntax",
                f"`{node.func.id}` can not name a relation",
                node,
                "relations start with a small letter",
            )
        return Atom(
            node.func.id, tuple(self.term(argument) for argument in node.args), self.span(node)
        )

    def head(self, node: ast.expr) -> tuple[Atom, Aggregate | None]:
        """A head, and the aggregate in it, which leaves a variable of its own in its place."""
        found: Aggregate | None = None
        for at, argument in enumerate(node.args if isinstance(node, ast.Call) else ()):
            match argument:
                case ast.Call(func=ast.Name(id=op)) if op in AGGREGATES:
                    if found is not None:
                        raise self.refuse(
                            "aggregate",
                            "a head has one aggregate",
                            argument,
                            "write one rule for each, and join them in a third",
                        )
                    found = self.aggregate(op, argument, at)
        if found is None or not isinstance(node, ast.Call):
            return self.atom(node), None
        place = ast.copy_location(ast.Name("_"), node.args[found.at])
        plain = ast.copy_location(ast.Call(node.func, list(node.args), node.keywords), node)
        plain.args[found.at] = place
        return self.atom(plain), found

    def aggregate(self, op: str, node: ast.Call, at: int) -> Aggregate:
        terms = [self.term(argument) for argument in node.args]
        several = op in ("count", "sum")
        if (
            node.keywords
            or not terms
            or (len(terms) > 1 and not several)
            or not all(isinstance(term, Variable) and not term.anonymous for term in terms)
        ):
            message = f"`{op}` is over variables" if several else f"`{op}` is over one variable"
            raise self.refuse("aggregate", message, node, f"write `{HEADS[op]}`")
        over = tuple(term for term in terms if isinstance(term, Variable))
        return Aggregate(op, over, at, self.span(node))

    def expression(self, node: ast.expr) -> Expression:
        """A side of a comparison: a term, or what is computed from terms."""
        match node:
            case ast.BinOp(left=left, op=op, right=right) if type(op) in INFIX:
                sign = INFIX[type(op)]
                terms = self.expression(left), self.expression(right)
                divisor = terms[1]
                if sign in ("//", "%") and not (
                    isinstance(divisor, Constant)
                    and isinstance(divisor.value, int)
                    and divisor.value > 0
                ):
                    raise self.refuse(
                        "arithmetic", f"`{sign}` divides by a whole number above 0", right
                    )
                return Arithmetic(sign, terms, self.span(node))
            case ast.Call(func=ast.Name(id=name), args=[left, right], keywords=[]) if (
                name in OPERATIONS
            ):
                terms = self.expression(left), self.expression(right)
                return Arithmetic(name, terms, self.span(node))
            case ast.Call(func=ast.Name(id=name)) if name in OPERATIONS:
                raise self.refuse(
                    "arithmetic", f"`{name}` takes 2 arguments", node, f"write `{SHAPES[name]}`"
                )
            case ast.Call(func=ast.Name(id=name)) if name in AGGREGATES:
                raise self.refuse(
                    "aggregate",
                    f"`{name}` stands in a head only",
                    node,
                    f"define a relation with it: `{HEADS[name]}`",
                )
            case ast.BinOp(op=ast.Div()):
                raise self.refuse(
                    "arithmetic", "numbers are whole", node, "write `//` to divide and round down"
                )
            case _:
                return self.term(node)

    def term(self, node: ast.expr) -> Term:
        match node:
            case ast.Name(id="_"):
                self.anonymous += 1
                return Variable(f"_{self.anonymous}", self.span(node))
            case ast.Name(id=name) if name[:1].isupper():
                return Variable(name, self.span(node))
            case ast.Name(id=name):
                raise self.refuse(
                    "syntax",
                    f"`{name}` is neither a variable nor a string",
                    node,
                    f"a variable starts with a capital letter; a name is `'{name}'`",
                )
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)) if (
                type(value) is int
            ):
                return Constant(self.whole_number(-value, node), self.span(node))
            case ast.Constant(value=value) if type(value) is int:
                return Constant(self.whole_number(value, node), self.span(node))
            case ast.Constant(value=str() as value):
                return Constant(self.clean(value, node), self.span(node))
            case (
                ast.Constant()
                | ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=float() | complex()))
            ):
                raise self.refuse(
                    "constant",
                    f"`{ast.unparse(node)}` can not be a constant",
                    node,
                    "constants are strings and whole numbers; dates are "
                    "numbers like 20250401, money is in cents",
                )
            case ast.BinOp(op=op) if type(op) in INFIX:
                raise self.refuse(
                    "arithmetic",
                    "arithmetic stands in comparisons only",
                    node,
                    "give the result a name: `(M == N + 1)`",
                )
            case _:
                raise self.refuse(
                    "syntax", "a variable, a string or a number is expected here", node
                )

    def clean(self, value: str, node: ast.expr) -> str:
        try:
            value.encode()
        except UnicodeEncodeError:
            raise self.refuse("constant", "the string holds half a character", node) from None
        return value

    def whole_number(self, value: int, node: ast.expr) -> int:
        if abs(value) > LARGEST:
            raise self.refuse("constant", "the number is too large", node, f"at most {LARGEST}")
        return value
