"""Rules that never give the same row: what they give needs no look for rows given twice."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from kb.lang.syntax import Atom, Constant, Negation, Rule, Term


def apart(rules: Sequence[Rule]) -> bool:
    """Whether no two rules of a relation can give one row: their heads hold different constants in
    one place, or what one asks for the other denies of the same row.

    >>> from kb.lang.parser import parse
    >>> apart(parse("p(X, 'a') <= q(X)\\np(X, 'b') <= q(X)").rules)
    True
    >>> apart(parse("p(X) <= q(X) & r(X, Y)\\np(X) <= q(X) & ~r(X, _)").rules)
    True
    >>> apart(parse("p(X) <= q(X)\\np(X) <= r(X)").rules)
    False
    """
    return all(_differ(a, b) or _denies(a, b) or _denies(b, a) for a, b in combinations(rules, 2))


def _differ(one: Rule, other: Rule) -> bool:
    return any(
        isinstance(a, Constant) and isinstance(b, Constant) and a != b
        for a, b in zip(one.head.terms, other.head.terms, strict=True)
    )


def _denies(one: Rule, other: Rule) -> bool:
    """Whether `other` denies an atom that `one` asks for."""
    asked = [part for part in one.body if isinstance(part, Atom)]
    denied = [part.atom for part in other.body if isinstance(part, Negation)]
    return any(
        atom.relation == negated.relation
        and all(_meets(one, a, other, b) for a, b in zip(atom.terms, negated.terms, strict=True))
        for negated in denied
        for atom in asked
    )


def _meets(one: Rule, a: Term, other: Rule, b: Term) -> bool:
    """Whether, for one row of both heads, the term `b` is `a` or stands for whatever there is."""
    if isinstance(b, Constant):
        return a == b
    at = [n for n, term in enumerate(other.head.terms) if term == b]
    if at:
        return any(one.head.terms[n] == a for n in at)
    return b.anonymous
