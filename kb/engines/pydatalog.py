"""The interactive engine: pyDatalog, one isolated logic a knowledge base.

Three faults of pyDatalog 0.22 shape this module (`tests/test_pydatalog_faults.py` holds the
programs). It may never end on a recursive clause; it answers wrongly when a negation stands above
a derived relation; and its state is global to a thread. So strata are evaluated in their order,
each relation is asked for once and its facts asserted, a recursive stratum runs as semi-naive
rounds of plain clauses (Bancilhon 1986), and only asserted facts are ever negated. The logic is
put in the thread's place for the time of an evaluation, under a lock, and taken away again.

A stratum is asked once for the same facts below it: what it gave stays for a while, so that the
next app, or the same one with one thing changed, pays for what differs. Only numbers are kept;
which app they were about is forgotten with its names.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from pyDatalog import pyEngine
from pyDatalog.Logic import Logic
from pyDatalog.pyEngine import assert_ as add_clause

from kb.engines.clauses import NEWEST, NONE, Clauses, Codes, Rows, made_literal
from kb.engines.clock import ClockedLogic
from kb.engines.interning import Interner
from kb.engines.protocol import DEFAULT_LIMIT, Model, check_stated
from kb.lang.problems import LimitError
from kb.lang.syntax import Facts, Program, Row, Stratum

Asserted: TypeAlias = list[tuple[str, Codes]]
Found: TypeAlias = dict[str, Rows]

KEPT = 64
"""Cases of a stratum whose facts are kept, the latest ones."""
LARGE = 4_096
"""Facts of a case that is not kept: it is about many apps at once."""


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
        self._base: Found = {}
        self._static: Found = {}
        self._brought: set[str] = set()  # the static relations whose facts are asserted
        self._memo: dict[Stratum, OrderedDict[tuple[Rows, ...], Found]] = {}
        self._decoded: dict[str, frozenset[Row]] = {}
        self._below = {stratum: self._reads(stratum) for stratum in program.strata}
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
        with self._in_place(limit), self._logic.uncollected():
            try:
                check_stated(self._program, facts)
                found = {
                    name: self._base.get(name, NONE).union(
                        self._names.encode(relations[name], rows)
                    )
                    for name, rows in facts.items()
                }
                self._clauses.begin(found)
                there: set[str] = set()
                for stratum in self._program.strata:
                    if not wanted.isdisjoint(stratum.relations):
                        found.update(self._settle(stratum, there, asserted))
                return {
                    name: self._names.decode(relations[name], self._clauses.facts(name))
                    if name in self._dynamic
                    else self._settled(name)
                    for name in wanted
                }
            finally:
                # The clock must not stop the cleaning up.
                self._logic.ends = float("inf")
                for name, row in reversed(asserted):
                    _retract(name, row)
                self._names.forget()

    def forget(self) -> None:
        """Drop what was kept of earlier apps; the next one pays for all of itself."""
        with self._lock:
            self._memo.clear()

    def _settled(self, name: str) -> frozenset[Row]:
        """The facts of a relation that is the same for every app, decoded once."""
        if name not in self._decoded:
            codes = self._clauses.facts(name)
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

    def _reads(self, stratum: Stratum) -> tuple[str, ...]:
        """The relations of lower strata that the rules of a stratum look at."""
        rules = (rule for name in stratum.relations for rule in self._program.rules_for(name))
        read = {atom.relation for rule in rules for atom, _ in rule.atoms()}
        return tuple(sorted(read.difference(stratum.relations)))

    def _settle(self, stratum: Stratum, there: set[str], asserted: Asserted) -> Found:
        """The facts of a stratum. What rests on base facts alone is found once and stays; what
        rests on an app's is kept for the same facts below."""
        if self._dynamic.isdisjoint(stratum.relations):
            if stratum.relations[0] not in self._static:
                passing: Asserted = []
                try:
                    self._static.update(self._rounds(stratum, there, passing))
                finally:  # asserted for good when a stratum above reads it
                    for name, row in reversed(passing):
                        _retract(name, row)
            return {name: self._static[name] for name in stratum.relations}
        memo = self._memo.setdefault(stratum, OrderedDict())
        below = (name for name in self._below[stratum] if name in self._dynamic)
        case = tuple(self._clauses.facts(name) for name in below)
        if case in memo:
            memo.move_to_end(case)
            return memo[case]
        made = self._rounds(stratum, there, asserted)
        if sum(map(len, (*case, *made.values()))) < LARGE:
            memo[case] = made
            if len(memo) > KEPT:
                memo.popitem(last=False)
        return made

    def _bring(self, stratum: Stratum, there: set[str], asserted: Asserted) -> None:
        """Assert what the rules of a stratum look at, as far as it is not there yet."""
        for name in self._below[stratum]:
            if name in self._dynamic:
                if name not in there:
                    there.add(name)
                    # What the base states as well must still be there for the next app.
                    for row in self._clauses.facts(name) - self._base.get(name, NONE):
                        asserted.append((name, row))
                        _assert(name, row)
            elif name in self._static and name not in self._brought:
                for row in self._static[name]:
                    _assert(name, row)
                self._brought.add(name)

    def _rounds(self, stratum: Stratum, there: set[str], asserted: Asserted) -> Found:
        """Semi-naive evaluation: each round joins the newest facts with all, until none is new."""
        self._bring(stratum, there, asserted)
        newest = {name: self._ask(name, self._clauses.start(name)) for name in stratum.relations}
        every = {name: set(rows) for name, rows in newest.items()}
        while stratum.recursive and any(newest.values()):
            for name, rows in newest.items():
                there.add(name)
                for row in rows:
                    asserted.append((name, row))
                    _assert(name, row)
            marked = [(NEWEST + name, row) for name, rows in newest.items() for row in rows]
            try:
                for name, row in marked:
                    _assert(name, row)
                newest = {
                    name: self._ask(name, self._clauses.again(name)) - every[name]
                    for name in stratum.relations
                }
            finally:
                for name, row in marked:
                    _retract(name, row)
            for name, rows in newest.items():
                every[name] |= rows
        return {name: frozenset(rows) for name, rows in every.items()}

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
