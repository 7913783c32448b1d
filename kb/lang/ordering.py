"""The order in which an engine meets the literals of a body: the compiler's, not the author's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from types import MappingProxyType
from typing import TypeAlias

from kb.lang.syntax import (
    Atom,
    Constant,
    Literal,
    Relation,
    Rule,
    Variable,
    variables_of,
)

Buckets: TypeAlias = Mapping[str, Sequence[float]]
"""For a relation and each of its columns: how many facts share a value, on average."""

FEW = 16.0
"""Facts that an index may give for one value and still be worth its place before a small one."""


def ordered(
    rule: Rule,
    small: Set[str],
    first: int | None = None,
    idle: Set[str] = frozenset(),
    shared: Buckets = MappingProxyType({}),
) -> tuple[Literal, ...]:
    """The body with its positive literals from the most to the least bound, and each negation and
    comparison as soon as its variables have values.

    `small` names the relations with few facts (an app's own and what follows from them): between
    two literals alike in bindings these come first. `first` is the place of a literal that must
    lead (the newest facts of a semi-naive round). `idle` names variables that select nothing, as
    the app's where one app is in sight; `shared` tells how selective the columns of base facts are.
    """
    positive = [literal for literal in rule.body if isinstance(literal, Atom)]
    waiting = [literal for literal in rule.body if not isinstance(literal, Atom)]
    bound: set[str] = set()
    done: list[Literal] = []

    def settle() -> None:
        for literal in list(waiting):
            names = {v.name for v in variables_of(literal) if not v.anonymous}
            if names <= bound:
                done.append(literal)
                waiting.remove(literal)

    settle()
    lead = rule.body[first] if first is not None else None
    while positive:
        if lead in positive and isinstance(lead, Atom):
            choice, lead = lead, None
        else:
            choice = min(positive, key=lambda atom: _cost(atom, bound, small, idle, shared))
        # By identity: equal literals may stand twice, and each is met once.
        at = next(n for n, literal in enumerate(positive) if literal is choice)
        del positive[at]
        done.append(choice)
        bound.update(v.name for v in variables_of(choice))
        settle()
    return (*done, *waiting)


def app_variables(rule: Rule, relations: Mapping[str, Relation]) -> frozenset[str]:
    """The variables of a rule that stand for the app."""
    return frozenset(
        term.name
        for atom, _ in rule.atoms()
        for term, column in zip(atom.terms, relations[atom.relation].columns, strict=True)
        if column.kind == "app" and isinstance(term, Variable)
    )


def _cost(
    atom: Atom, bound: Set[str], small: Set[str], idle: Set[str], shared: Buckets
) -> tuple[int, int]:
    variables = {v.name for v in variables_of(atom)}
    free = len(variables - bound)
    tied = [
        at
        for at, term in enumerate(atom.terms)
        if isinstance(term, Constant) or (term.name in bound and term.name not in idle)
    ]
    few = atom.relation in small
    sizes = shared.get(atom.relation)
    if few:
        return (0 if free == 0 else 1 if tied else 3), free
    if tied and (sizes is None or min(sizes[at] for at in tied) <= FEW):
        return (0 if free == 0 else 2), free
    return (4 if tied else 5), free
