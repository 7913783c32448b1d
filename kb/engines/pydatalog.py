"""The interactive engine: pyDatalog, one isolated logic a knowledge base.

Three faults of pyDatalog 0.22 shape this module (`tests/test_pydatalog_faults.py` holds the
programs). It may never end on a recursive clause; it answers wrongly when a negation stands above
a derived relation; and its state is global to a thread. So strata are evaluated in their order,
each relation is asked for once and its facts asserted, a recursive stratum runs as semi-naive
rounds of plain clauses (Bancilhon 1986), and only asserted facts are ever negated. The logic is
put in the thread's place for the time of an evaluation, under a lock, and taken away again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from pyDatalog import pyEngine
from pyDatalog.Logic import Logic
from pyDatalog.pyEngine import assert_ as add_clause

from kb.engines.clauses import NEWEST, Clauses, Codes, Known, made_literal
from kb.engines.clock import ClockedLogic
from kb.engines.interning import Interner
from kb.engines.protocol import DEFAULT_LIMIT, Model, check_stated
from kb.lang.problems import LimitError
from kb.lang.syntax import Facts, Program, Row, Stratum

Asserted: TypeAlias = list[tuple[str, Codes]]
Found: TypeAlias = dict[str, set[Codes]]


class PyDatalogEngine:
    """See `kb.engines.protocol.Engine`.

    >>> from kb.lang.checks import check
    >>> from kb.lang.parser import parse
    >>> program, _ = check(parse("+e(1, 2)\\n+e(2, 3)\\nt(X, Z) <= e(X, Y) & e(Y, Z)").rules)
    >>> PyDatalogEngine(program, {}).evaluate({}, ["t"])["t"]
    frozenset({(1, 3)})
    """

    name = "pydatalog"

    def __init__(self, program: Program, facts: Facts, limit: float = DEFAULT_LIMIT) -> None:
        self._program = program
        self._lock = threading.RLock()
        self._names = Interner()
        self._dynamic = program.dynamic()
        self._heads = frozenset(rule.head.relation for rule in program.rules)
        self._static: dict[str, frozenset[Codes]] = {}
        self._base: dict[str, frozenset[Codes]] = {}
        self._decoded: dict[str, frozenset[Row]] = {}
        self._read = {atom.relation for rule in program.rules for atom, _ in rule.atoms()}
        self._logic: ClockedLogic = object.__new__(ClockedLogic)
        self._logic.__init__()  # type: ignore[misc]  # Logic.__new__ would take the thread's place
        with self._in_place(limit):
            pyEngine.clear()
            for name, relation in program.relations.items():
                pyEngine.insert(pyEngine.Pred(name, max(1, relation.arity)))  # see `made_literal`
            for name, rows in facts.items():
                encoded = self._names.encode(program.relations[name], rows)
                self._base[name] = frozenset(encoded)
                for codes in encoded:
                    _assert(name, codes)
            self._clauses = Clauses(program, self._names, self._base)
            self._names.settle()

    def evaluate(self, facts: Facts, goals: Iterable[str], limit: float = DEFAULT_LIMIT) -> Model:
        relations = self._program.relations
        wanted = self._program.needed(frozenset(goals))
        asserted: Asserted = []
        with self._in_place(limit):
            try:
                found: dict[str, Collection[Codes]] = {}
                check_stated(self._program, facts)
                for name, rows in facts.items():
                    base = self._base.get(name, frozenset())
                    codes = frozenset(self._names.encode(relations[name], rows))
                    found[name] = codes | base
                    # What the base states as well must still be there for the next app.
                    for row in codes - base:
                        _assert(name, row)
                        asserted.append((name, row))
                self._clauses.begin(found)
                for stratum in self._program.strata:
                    if not wanted.isdisjoint(stratum.relations):
                        found.update(self._settle(stratum, asserted))
                return {
                    name: self._names.decode(
                        relations[name], found.get(name, self._base.get(name, ()))
                    )
                    if name in self._dynamic
                    else self._settled(name, found)
                    for name in wanted
                }
            finally:
                # The clock must not stop the cleaning up.
                self._logic.ends = float("inf")
                for name, row in reversed(asserted):
                    _retract(name, row)
                self._names.forget()

    def _settled(self, name: str, found: Known) -> frozenset[Row]:
        """The facts of a relation that is the same for every app, decoded once."""
        if name not in self._decoded:
            codes = found[name] if name in self._heads else self._base.get(name, ())
            self._decoded[name] = self._names.decode(self._program.relations[name], codes)
        return self._decoded[name]

    @contextmanager
    def _in_place(self, limit: float) -> Iterator[None]:
        with self._lock:
            before = getattr(Logic.tl, "logic", None)
            counter = getattr(pyEngine.Fresh_var.tl, "counter", None)
            Logic.tl.logic = self._logic
            pyEngine.Fresh_var.tl.counter = 0
            self._logic.ends = time.monotonic() + limit
            try:
                yield
            except LimitError:
                raise LimitError(
                    f"the answer was not found within {limit:g} seconds; the search was ended"
                ) from None
            finally:
                self._logic.ends = float("inf")
                if before is None:
                    del Logic.tl.logic
                else:
                    Logic.tl.logic = before
                if counter is not None:
                    pyEngine.Fresh_var.tl.counter = counter

    def _settle(self, stratum: Stratum, asserted: Asserted) -> Known:
        """The facts of a stratum, asserted for the strata above. What rests on base facts alone
        is found once and stays."""
        static = not self._dynamic.intersection(stratum.relations)
        if static and stratum.relations[0] in self._static:
            return {name: self._static[name] for name in stratum.relations}
        marks = Asserted()
        try:
            found = self._rounds(stratum, marks)
        except BaseException:
            asserted.extend(marks)
            raise
        if static:
            self._static.update({name: frozenset(rows) for name, rows in found.items()})
        else:
            asserted.extend(marks)
        return found

    def _rounds(self, stratum: Stratum, asserted: Asserted) -> Found:
        """Semi-naive evaluation: each round joins the newest facts with all, until none is new."""
        found: Found = {name: set() for name in stratum.relations}
        newest = {name: self._ask(name, self._clauses.start(name)) for name in stratum.relations}
        while any(newest.values()):
            for name, rows in newest.items():
                found[name] |= rows
                if name in self._read:
                    for row in rows:
                        _assert(name, row)
                        asserted.append((name, row))
            if not stratum.recursive:
                break
            marked = [(NEWEST + name, row) for name, rows in newest.items() for row in rows]
            try:
                for name, row in marked:
                    _assert(name, row)
                newest = {
                    name: self._ask(name, self._clauses.again(name)) - found[name]
                    for name in stratum.relations
                }
            finally:
                for name, row in marked:
                    _retract(name, row)
        return found

    def _ask(self, name: str, goal: str) -> set[Codes]:
        if not goal:
            return set()
        arity = self._program.relations[name].arity
        rows = made_literal(goal, [pyEngine.Var(f"V{n}") for n in range(arity)]).ask()
        if rows is True:  # a rule whose head holds constants only
            raise AssertionError(name)
        return {row[:arity] for row in rows}


def _assert(name: str, codes: Codes) -> None:
    add_clause(pyEngine.Clause(made_literal(name, [pyEngine.Const(c) for c in codes]), []))


def _retract(name: str, codes: Codes) -> None:
    pyEngine.retract(pyEngine.Clause(made_literal(name, [pyEngine.Const(c) for c in codes]), []))
