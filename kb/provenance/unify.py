"""Patterns: rows with open places, and what rule bodies make of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from kb.lang.syntax import (
    Atom,
    Constant,
    Literal,
    Row,
    Rule,
    Term,
    Value,
    Variable,
    variables_of,
)

Pattern: TypeAlias = tuple[Value | None, ...]
"""A row in which None stands for a value that is left open."""
Binding: TypeAlias = dict[str, Value]


def unified(rule: Rule, pattern: Pattern) -> Binding | None:
    binding: Binding = {}
    for term, value in zip(rule.head.terms, pattern, strict=True):
        if value is None:
            continue
        if isinstance(term, Constant):
            if term.value != value:
                return None
        elif binding.setdefault(term.name, value) != value:
            return None
    return binding


def sources_first(
    rule: Rule, binding: Binding, roles: Callable[[str], str], idle: frozenset[str]
) -> tuple[Literal, ...]:
    """Literals that sources decide first, so that they name what the others could be; of the
    others those that something other than the app ties down."""
    left = list(rule.body)
    bound = set(binding)
    order: list[Literal] = []

    def rank(literal: Literal) -> tuple[int, int]:
        free = len({v.name for v in variables_of(literal)} - bound)
        if not isinstance(literal, Atom):
            return (1 if free == 0 else 9), free
        role = roles(literal.relation)
        # What a profile offers of its own is no bound to what it could offer: the sources name it.
        tied = free == 0 or any(
            role != "leaf" if isinstance(t, Constant) else t.name in bound and t.name not in idle
            for t in literal.terms
        )
        first = {"fact": 0, "rule": 2, "leaf": 3}[role]
        return (first if tied else first + 4), free

    while left:
        choice = min(left, key=rank)
        left.remove(choice)
        order.append(choice)
        if isinstance(choice, Atom):
            bound.update(v.name for v in variables_of(choice))
    return tuple(order)


def value_of(term: Term, binding: Binding) -> Value | None:
    return term.value if isinstance(term, Constant) else binding.get(term.name)


def pattern_of(terms: tuple[Term, ...], binding: Binding) -> Pattern:
    return tuple(value_of(term, binding) for term in terms)


def row_of(terms: tuple[Term, ...], binding: Binding) -> Row:
    return tuple(t.value if isinstance(t, Constant) else binding[t.name] for t in terms)


def extended(terms: tuple[Term, ...], row: Pattern, binding: Binding) -> Binding | None:
    found = dict(binding)
    for term, value in zip(terms, row, strict=True):
        if (
            isinstance(term, Variable)
            and value is not None
            and found.setdefault(term.name, value) != value
        ):
            return None
    return found
