"""What stands in pyDatalog's database: facts, asserted when a rule is about to look at them.

They stay there from one evaluation to the next, as most of what the next app looks at is what the
last one looked at; then only the difference is asserted and retracted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from pyDatalog import pyEngine
from pyDatalog.pyEngine import assert_ as add_clause

Codes: TypeAlias = tuple[int, ...]
Rows: TypeAlias = frozenset[Codes]
NONE: Rows = frozenset()


class Asserted:
    """The facts of relations beside those that the base states, which stand for good."""

    def __init__(self, base: dict[str, Rows]) -> None:
        self._base = base
        self._there: dict[str, set[Codes]] = {}
        self._last: dict[str, Rows] = {}
        for name, rows in base.items():
            for row in rows:
                assert_fact(name, row)

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
        self._last.pop(name, None)
        there = self._there.setdefault(name, set())
        base = self._base.get(name, NONE)
        for row in rows:
            if row not in base:
                there.add(row)
                assert_fact(name, row)

    def trim(self, names: Iterable[str], most: int) -> None:
        """Leave no facts of these relations where they are more than so many."""
        for name in names:
            if len(self._there.get(name, NONE)) > most:
                self.be(name, NONE)


def made_literal(name: str, terms: list[Any]) -> Any:
    """A literal of pyDatalog's; a relation without columns has one all the same."""
    return pyEngine.Literal(name, terms or [pyEngine.Const(0)])


def _fact(name: str, codes: Codes) -> Any:
    return pyEngine.Clause(made_literal(name, [pyEngine.Const(code) for code in codes]), [])


def assert_fact(name: str, codes: Codes) -> None:
    add_clause(_fact(name, codes))


def retract_fact(name: str, codes: Codes) -> None:
    pyEngine.retract(_fact(name, codes))
