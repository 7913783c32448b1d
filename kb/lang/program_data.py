"""A checked program as plain data, and the same program made of it again.

Nothing is parsed or checked anew: who keeps such data makes sure that it is whole, and that it is
of these very rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias, assert_never

from kb.lang.syntax import (
    Aggregate,
    Arithmetic,
    Atom,
    Cite,
    Column,
    Comparison,
    Constant,
    Expression,
    Literal,
    Negation,
    Program,
    Relation,
    Rule,
    Span,
    Stratum,
    Variable,
)

Data: TypeAlias = list[Any]
NEGATED, COMPARED, COMPUTED = "~", "?", "="
"""What leads the data of negations, comparisons and arithmetic; a name leads all other data."""


def program_data(program: Program) -> dict[str, Data]:
    """A program as what JSON can hold."""
    writer = _Writer()
    rules = [writer.rule(rule) for rule in program.rules]
    return {
        "lines": [list(line) for line in writer.lines],
        "rules": rules,
        "relations": [
            [r.name, [[c.name, c.kind] for c in r.columns], r.role, r.doc]
            for r in program.relations.values()
        ],
        "strata": [[list(stratum.relations), stratum.recursive] for stratum in program.strata],
    }


def program_of(data: dict[str, Data]) -> Program:
    """The program that such data is of. Raises `KeyError`, `TypeError`, `ValueError` or
    `IndexError` for other data."""
    reader = _Reader(data["lines"])
    return Program(
        tuple(map(reader.rule, data["rules"])),
        {
            name: Relation(name, tuple(Column(*column) for column in columns), role, doc)
            for name, columns, role, doc in data["relations"]
        },
        tuple(Stratum(tuple(names), recursive) for names, recursive in data["strata"]),
    )


class _Writer:
    """Writes spans as a number of a line, with two columns."""

    def __init__(self) -> None:
        self.lines: dict[tuple[str, int, str], int] = {}

    def span(self, span: Span) -> Data:
        line = self.lines.setdefault((span.file, span.line, span.text), len(self.lines))
        return [line, span.column, span.end]

    def rule(self, rule: Rule) -> Data:
        over = rule.aggregate
        return [
            self.atom(rule.head),
            [self.literal(literal) for literal in rule.body],
            [[cite.source, cite.lines, cite.locator] for cite in rule.sources],
            over and [over.op, self.terms(over.terms), over.at, self.span(over.span)],
        ]

    def atom(self, atom: Atom) -> Data:
        return [atom.relation, self.terms(atom.terms), self.span(atom.span)]

    def literal(self, literal: Literal) -> Data:
        match literal:
            case Atom():
                return self.atom(literal)
            case Negation(atom):
                return [NEGATED, self.atom(atom)]
            case Comparison(left, op, right, span):
                return [COMPARED, self.term(left), op, self.term(right), self.span(span)]
            case _:
                assert_never(literal)

    def terms(self, terms: Iterable[Expression]) -> list[Data]:
        return [self.term(term) for term in terms]

    def term(self, term: Expression) -> Data:
        match term:
            case Variable(name, span):
                return [True, name, *self.span(span)]
            case Constant(value, span):
                return [False, value, *self.span(span)]
            case Arithmetic(op, terms, span):
                return [COMPUTED, op, self.terms(terms), self.span(span)]
            case _:
                assert_never(term)


class _Reader:
    """Reads what `_Writer` wrote."""

    def __init__(self, lines: Sequence[Data]) -> None:
        self._lines = lines

    def span(self, line: int, column: int, end: int) -> Span:
        file, number, text = self._lines[line]
        return Span(file, number, column, end, text)

    def rule(self, data: Data) -> Rule:
        head, body, sources, over = data
        cites = tuple(Cite(source, tuple(lines), locator) for source, lines, locator in sources)
        made = None
        if over is not None:
            op, terms, at, span = over
            named = [term for term in map(self.term, terms) if isinstance(term, Variable)]
            made = Aggregate(op, tuple(named), at, self.span(*span))
        return Rule(self.atom(head), tuple(map(self.literal, body)), cites, made)

    def atom(self, data: Data) -> Atom:
        relation, terms, span = data
        plain = [t for t in map(self.term, terms) if not isinstance(t, Arithmetic)]
        return Atom(relation, tuple(plain), self.span(*span))

    def literal(self, data: Data) -> Literal:
        if data[0] == NEGATED:
            return Negation(self.atom(data[1]))
        if data[0] == COMPARED:
            _, left, op, right, span = data
            return Comparison(self.term(left), op, self.term(right), self.span(*span))
        return self.atom(data)

    def term(self, data: Data) -> Expression:
        if data[0] == COMPUTED:
            _, op, terms, span = data
            return Arithmetic(op, tuple(map(self.term, terms)), self.span(*span))
        variable, value, *place = data
        return (Variable if variable else Constant)(value, self.span(*place))
