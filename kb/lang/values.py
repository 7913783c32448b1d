"""Which constants a column of a derived relation can hold, where its rules name them all.

`obligation(A, P, X, 'missing')` is one of four; a rule or a goal that asks for a fifth has no rows
for sure, and means something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from kb.lang.problems import Problem, near
from kb.lang.syntax import Atom, Constant, Negation, Rule, Term, Variable

Column: TypeAlias = tuple[str, int]
Values: TypeAlias = Mapping[Column, frozenset[str]]
"""The values of each column that is known to hold no others; a column that is left out may hold
any."""


def possible_values(rules: Sequence[Rule], closed: Values) -> Values:
    """What the columns of rules can hold; `closed` says it of relations that no rule defines."""
    heads = {rule.head.relation for rule in rules}
    found: dict[Column, frozenset[str] | None] = {
        (rule.head.relation, at): frozenset()
        for rule in rules
        for at in range(len(rule.head.terms))
    }

    def held(column: Column) -> frozenset[str] | None:
        return found[column] if column[0] in heads and column in found else closed.get(column)

    changed = True
    while changed:
        changed = False
        for rule in rules:
            for at, term in enumerate(rule.head.terms):
                column = rule.head.relation, at
                before = found[column]
                if before is None:
                    continue
                more = _values(rule, term, held)
                after = None if more is None else before | more
                if after != before:
                    found[column] = after
                    changed = True
    # A column without a value is one of a relation that has no facts at all.
    return {**closed, **{column: values for column, values in found.items() if values}}


def _values(
    rule: Rule, term: Term, held: Callable[[Column], frozenset[str] | None]
) -> frozenset[str] | None:
    """What a term of a rule's head can be; None where that is not known."""
    match term:
        case Constant(value=str() as value):
            return frozenset([value])
        case Variable():
            known = [
                values
                for literal in rule.body
                if isinstance(literal, Atom)
                for at, other in enumerate(literal.terms)
                if isinstance(other, Variable) and other.name == term.name
                if (values := held((literal.relation, at))) is not None
            ]
            return frozenset.intersection(*known) if known else None
        case _:
            return None


def unheld(rules: Iterable[Rule], values: Values) -> Iterator[Problem]:
    """A problem for each constant that its column can not hold."""
    for rule in rules:
        for literal in rule.body:
            atom = literal.atom if isinstance(literal, Negation) else literal
            if not isinstance(atom, Atom):
                continue
            for at, term in enumerate(atom.terms):
                known = values.get((atom.relation, at))
                if isinstance(term, Constant) and known is not None and term.value not in known:
                    yield Problem(
                        "no-such-value",
                        f"no fact of `{atom.relation}` holds `{term.value}` here",
                        term.span,
                        near(str(term.value), known),
                    )
