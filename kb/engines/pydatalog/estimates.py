"""How many facts a literal gives, guessed from counts: what decides the order of a body.

As query planners do (Selinger and others 1979): facts are taken to be spread evenly, and columns
to be independent of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from typing import assert_never

from kb.lang.ordering import Cost
from kb.lang.syntax import Atom, Comparison, Constant, Literal, Negation, Relation, Variable

UNKNOWN = 16
"""Facts that a relation is taken to have before it is counted."""

APART = 1e6
"""A literal that shares no value with those before it is met last."""


class Counts:
    """The facts of relations and the values of their columns, counted.

    >>> from kb.lang.syntax import Column
    >>> counts = Counts({"p": Relation("p", (Column("x", "thing"), Column("y", "number")))})
    >>> counts.add("p", [(1, 7), (2, 7)])
    >>> counts.rows("p"), counts.shared("p"), counts.values("p", 1)
    (2, (1.0, 2.0), 1)
    """

    def __init__(self, relations: Mapping[str, Relation]) -> None:
        self._relations = relations
        self._rows: dict[str, int] = {}
        self._shared: dict[str, tuple[float, ...]] = {}
        self._values: dict[str, int] = {}

    def add(self, name: str, rows: Collection[Sequence[int]]) -> None:
        """Counts a relation, once."""
        if name in self._rows:
            return
        self._rows[name] = len(rows)
        if rows:
            values = [len(set(column)) for column in zip(*rows, strict=True)]
            self._shared[name] = tuple(len(rows) / each for each in values)
            for column, each in zip(self._relations[name].columns, values, strict=True):
                self._values[column.kind] = max(each, self._values.get(column.kind, 1))

    def rows(self, name: str) -> int:
        return self._rows.get(name, UNKNOWN)

    def shared(self, name: str) -> Sequence[float]:
        """For each column how many facts share a value, on average; empty where nothing is
        counted."""
        return self._shared.get(name, ())

    def values(self, name: str, at: int) -> int:
        """How many values there are of the kind of a column."""
        return self._values.get(self._relations[name].columns[at].kind, 1)


def expected(counts: Callable[[str], Counts], idle: Iterable[str]) -> Cost:
    """The cost of a literal where some variables have values: the facts it gives for each.

    `counts` gives for a relation where it is counted; `idle` names variables that select nothing,
    as the app's where one app is in sight.
    """
    unselective = frozenset(idle)

    def cost(literal: Literal, bound: Set[str]) -> tuple[float, ...]:
        match literal:
            case Atom(name, terms):
                pass
            case Negation(Atom(name, terms)):
                pass
            case Comparison():
                return (0.0,)
            case _:
                assert_never(literal)
        table = counts(name)
        facts = float(table.rows(name))
        tied = False
        for at, term in enumerate(terms):
            known = isinstance(term, Constant) or term.name in bound
            if known and not (isinstance(term, Variable) and term.name in unselective):
                tied = True
                facts /= table.values(name, at)
        if isinstance(literal, Negation):
            return (max(0.1, 1 - facts),)
        return (facts if tied or not bound - unselective else facts * APART,)

    return cost
