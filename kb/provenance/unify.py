"""Unification: terms of rules against rows, under a binding of variables to values.

The only home of it but for `replay`, which checks proofs on its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from kb.lang.syntax import Constant, Row, Term, Value

Binding: TypeAlias = Mapping[str, Value]
"""The values of variables, by name."""
Pattern: TypeAlias = tuple[Value | None, ...]
"""A row in which None stands for a value that is left open."""


def unify(terms: tuple[Term, ...], pattern: Pattern, binding: Binding) -> Binding | None:
    """The binding extended so that the terms match the pattern; None when they can not.

    Places that the pattern leaves open match anything and bind nothing.

    >>> from kb.lang.syntax import Variable
    >>> unify((Variable("X"), Constant("a")), (1, "a"), {})
    {'X': 1}
    >>> unify((Variable("X"), Constant("a")), (None, "b"), {}) is None
    True
    """
    found = dict(binding)
    for term, value in zip(terms, pattern, strict=True):
        if value is None:
            continue
        if isinstance(term, Constant):
            if term.value != value:
                return None
        elif found.setdefault(term.name, value) != value:
            return None
    return found


def pattern_of(terms: tuple[Term, ...], binding: Binding) -> Pattern:
    """The pattern that terms are under a binding."""
    return tuple([t.value if isinstance(t, Constant) else binding.get(t.name) for t in terms])


def ground(terms: tuple[Term, ...], binding: Binding) -> Row:
    """The row that terms are under a binding that has all their variables."""
    return tuple([t.value if isinstance(t, Constant) else binding[t.name] for t in terms])


def fits(pattern: Pattern, row: Row) -> bool:
    """Whether a row has the pattern's values."""
    return all(want is None or want == have for want, have in zip(pattern, row, strict=True))
