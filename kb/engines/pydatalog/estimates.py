"""How many facts a literal gives, guessed from counts: what decides the order of a body.

As query planners do (Selinger and others 1979): of all orders the one that is expected to touch the
fewest facts is taken, and columns are held to be independent of each other. Facts are not held to
be spread evenly: a value that stands in many facts is also met often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache

from kb.lang.arithmetic import assigned
from kb.lang.syntax import Atom, Constant, Literal, Relation, Rule, Variable, variables_of

UNKNOWN = 16
"""Facts that a relation is taken to have before it is counted."""

MOST = 2_000
"""Steps of the search for the best order; a longer body takes the best of those seen."""


@dataclass(frozen=True)
class Counted:
    """The facts of a relation; for each column how many facts share a value, on average over the
    values (`shared`) and over the facts (`met`)."""

    rows: int
    shared: tuple[float, ...] = ()
    met: tuple[float, ...] = ()


class Counts:
    """The facts of relations and the values of their columns, counted.

    >>> from kb.lang.syntax import Column
    >>> counts = Counts({"p": Relation("p", (Column("x", "thing"), Column("y", "number")))})
    >>> counts.add("p", [(1, 7), (2, 7), (1, 8), (1, 9)])
    >>> counts.of("p")
    Counted(rows=4, shared=(2.0, 1.3333333333333333), met=(2.5, 1.5))
    """

    def __init__(self, relations: Mapping[str, Relation]) -> None:
        self._relations = relations
        self._counted: dict[str, Counted] = {}

    def add(self, name: str, rows: Collection[Sequence[int]]) -> None:
        """Counts a relation, once."""
        if name in self._counted:
            return
        size = len(rows)
        columns = [Counter(column).values() for column in zip(*rows, strict=True)]
        self._counted[name] = Counted(
            size,
            tuple(size / len(each) for each in columns),
            tuple(sum(n * n for n in each) / size for each in columns),
        )

    def of(self, name: str) -> Counted:
        """What was counted of a relation, or what is taken for one that was not."""
        return self._counted.get(name) or _unseen(self._relations[name].arity)

    def shared(self, name: str) -> Sequence[float]:
        """For each column how many facts share a value, on average; empty where nothing is
        counted."""
        return self.of(name).shared


@cache
def _unseen(arity: int) -> Counted:
    return Counted(UNKNOWN, (), (UNKNOWN**0.5,) * arity)


def planned(
    rule: Rule,
    counts: Callable[[str], Counts],
    idle: Iterable[str] = (),
    first: int | None = None,
) -> tuple[Literal, ...]:
    """The body in the order that is expected to touch the fewest facts, a negation or comparison
    once its variables have values.

    `counts` gives for a relation where it is counted; `idle` names variables that select nothing,
    as the app's where one app is in sight; `first` is the place of a literal that must lead (the
    newest facts of a semi-naive round).
    """
    search = _Search(counts, frozenset(idle))
    places = range(len(rule.body))
    atoms = tuple(at for at in places if isinstance(rule.body[at], Atom))
    search.go(rule.body, atoms, tuple(at for at in places if at not in atoms), first)
    return tuple(rule.body[at] for at in search.best)


class _Search:
    """Branch and bound over the orders of a body."""

    def __init__(self, counts: Callable[[str], Counts], idle: Set[str]) -> None:
        self._counts = counts
        self._idle = idle
        self._least = float("inf")
        self._steps = 0
        self.best: tuple[int, ...] = ()

    def go(
        self,
        body: Sequence[Literal],
        atoms: tuple[int, ...],
        tests: tuple[int, ...],
        first: int | None,
        done: tuple[int, ...] = (),
        bound: Set[str] = frozenset(),
        rows: float = 1.0,
        cost: float = 0.0,
    ) -> None:
        """Try what may come next, the cheapest first."""
        done, tests, bound = _tested(body, done, tests, bound)
        if not atoms:
            # What never has its values comes last; a checked rule has nothing such.
            self._least, self.best = cost, (*done, *tests)
            return
        choices = []
        for at in atoms if first is None else (first,):
            atom = body[at]
            assert isinstance(atom, Atom)
            given = self._expected(atom, bound)
            choices.append((cost + rows * (1 + given), rows * given, at, atom))
        for after, left, at, atom in sorted(choices, key=lambda each: each[:3]):
            self._steps += 1
            if after >= self._least or (self.best and self._steps > MOST):
                break
            rest = tuple(other for other in atoms if other != at)
            self.go(body, rest, tests, None, (*done, at), bound | _names(atom), left, after)

    def _expected(self, atom: Atom, bound: Set[str]) -> float:
        """The facts that fit each row so far."""
        counted = self._counts(atom.relation).of(atom.relation)
        if not counted.rows:
            return 0.0
        given = float(counted.rows)
        for term, met in zip(atom.terms, counted.met, strict=True):
            known = isinstance(term, Constant) or term.name in bound
            if known and not (isinstance(term, Variable) and term.name in self._idle):
                given *= met / counted.rows
        return given


def _tested(
    body: Sequence[Literal], done: tuple[int, ...], tests: tuple[int, ...], bound: Set[str]
) -> tuple[tuple[int, ...], tuple[int, ...], Set[str]]:
    """The order with each test whose variables have values, and what such give values to."""
    while True:
        at = next((at for at in tests if _ready(body[at], bound)), None)
        if at is None:
            return done, tests, bound
        done, tests = (*done, at), tuple(other for other in tests if other != at)
        bound = bound | _names(body[at]) if assigned(body[at], bound) else bound


def _ready(literal: Literal, bound: Set[str]) -> bool:
    return _names(literal) <= bound or assigned(literal, bound) is not None


def _names(literal: Literal) -> frozenset[str]:
    return frozenset(v.name for v in variables_of(literal) if not v.anonymous)
