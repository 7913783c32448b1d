"""What stands in pyDatalog's database: facts, asserted when a rule is about to look at them.

They stay there from one evaluation to the next, as most of what the next app looks at is what the
last one looked at; then only the difference is asserted and retracted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from pyDatalog import pyEngine
from pyDatalog.pyEngine import assert_ as add_clause

Codes: TypeAlias = tuple[int, ...]
Rows: TypeAlias = frozenset[Codes]
NONE: Rows = frozenset()


class Asserted:
    """The facts of relations that recursive rules look at; those that the base states stand for
    good."""

    def __init__(self, base: dict[str, Rows]) -> None:
        self._base = base
        self._standing: set[str] = set()
        self._there: dict[str, set[Codes]] = {}
        self._last: dict[str, Rows] = {}

    def stand(self, name: str) -> None:
        """Let what the base states of a relation be there."""
        if name not in self._standing:
            assert_new(name, self._base.get(name, NONE))
            self._standing.add(name)

    def be(self, name: str, rows: Rows) -> None:
        """Let a relation have these facts and no others."""
        if self._last.get(name) is rows:
            return
        self._last.pop(name, None)  # an evaluation may be stopped anywhere
        there = self._there.setdefault(name, set())
        for row in there - rows:
            retract_fact(name, row)
            there.discard(row)
        self.add(name, rows - there)
        self._last[name] = rows

    def add(self, name: str, rows: Iterable[Codes]) -> None:
        """Let a relation have more facts."""
        self.stand(name)
        self._last.pop(name, None)
        there = self._there.setdefault(name, set())
        base = self._base.get(name, NONE)

        def new() -> Iterator[Codes]:
            for row in rows:
                if row not in base and row not in there:
                    there.add(row)
                    yield row

        assert_new(name, new())

    def trim(self, names: frozenset[str], most: int) -> None:
        """Leave no facts of these relations where they are more than so many."""
        large = [name for name, rows in self._there.items() if len(rows) > most]
        for name in names.intersection(large):
            self.be(name, NONE)


def made_literal(name: str, terms: list[Any]) -> Any:
    """A literal of pyDatalog's; a relation without columns has one all the same."""
    return pyEngine.Literal(name, terms or [pyEngine.Const(0)])


def _fact(name: str, codes: Codes) -> Any:
    return pyEngine.Clause(made_literal(name, [pyEngine.Const(code) for code in codes]), [])


def assert_new(name: str, rows: Iterable[Codes]) -> None:
    """Assert many facts of a relation: its name is looked up once, and a constant made once."""
    pred = None
    consts: dict[int, Any] = {}
    for row in rows:
        codes = row or (0,)  # see `made_literal`
        if pred is None:
            pred = pyEngine.Pred(name, len(codes))
            pred.prearity = len(codes)
        for code in codes:
            if code not in consts:
                consts[code] = pyEngine.Const(code)
        literal = pyEngine.Literal(pred, [consts[code] for code in codes])
        add_clause(pyEngine.Clause(literal, []))


def assert_fact(name: str, codes: Codes) -> None:
    add_clause(_fact(name, codes))


def retract_fact(name: str, codes: Codes) -> None:
    pyEngine.retract(_fact(name, codes))
