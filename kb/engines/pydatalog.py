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
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias, assert_never

from pyDatalog import pyEngine
from pyDatalog.Logic import Logic
from pyDatalog.pyEngine import assert_ as add_clause

from kb.engines.clock import ClockedLogic
from kb.engines.interning import Interner
from kb.engines.protocol import DEFAULT_LIMIT, Model, check_stated
from kb.engines.selectivity import buckets, selective
from kb.lang.ordering import app_variables, ordered
from kb.lang.problems import LimitError
from kb.lang.syntax import (
    Atom,
    Comparison,
    Constant,
    Facts,
    Literal,
    Negation,
    Program,
    Row,
    Rule,
    Stratum,
    Term,
    Variable,
)

Codes: TypeAlias = tuple[int, ...]
Asserted: TypeAlias = list[tuple[str, Codes]]

# Names that no relation of a program can have: a relation's rules derive under `+name` and its
# facts are read under `name`; `*name` holds those that the last round added.
_DERIVES, _NEWEST = "+", "*"


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
        self._starts: dict[str, list[frozenset[str]]] = {}
        self._logic: ClockedLogic = object.__new__(ClockedLogic)
        self._logic.__init__()  # type: ignore[misc]  # Logic.__new__ would take the thread's place
        with self._in_place(limit):
            pyEngine.clear()
            for name in program.relations:
                arity = max(1, program.relations[name].arity)  # see `_literal`
                for mark in ("", _DERIVES, _NEWEST):
                    pyEngine.insert(pyEngine.Pred(mark + name, arity))
            for name, rows in facts.items():
                encoded = self._names.encode(program.relations[name], rows)
                self._base[name] = frozenset(encoded)
                for codes in encoded:
                    _assert(name, codes)
            self._shared = buckets(self._base)
            for rule in program.rules:
                self._add(rule)
            self._names.settle()

    def evaluate(self, facts: Facts, goals: Iterable[str], limit: float = DEFAULT_LIMIT) -> Model:
        relations = self._program.relations
        wanted = self._program.needed(frozenset(goals))
        asserted: Asserted = []
        with self._in_place(limit):
            try:
                found: dict[str, Iterable[Codes]] = {}
                check_stated(self._program, facts)
                for name, rows in facts.items():
                    base = self._base.get(name, frozenset())
                    codes = frozenset(self._names.encode(relations[name], rows))
                    found[name] = codes | base
                    # What the base states as well must still be there for the next app.
                    for row in codes - base:
                        _assert(name, row)
                        asserted.append((name, row))
                for stratum in self._program.strata:
                    if not wanted.isdisjoint(stratum.relations):
                        found.update(self._settle(stratum, asserted, found))
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

    def _settled(self, name: str, found: dict[str, Iterable[Codes]]) -> frozenset[Row]:
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

    def _settle(
        self, stratum: Stratum, asserted: Asserted, known: dict[str, Iterable[Codes]]
    ) -> dict[str, Iterable[Codes]]:
        """The facts of a stratum, asserted for the strata above. What rests on base facts alone
        is found once and stays."""
        static = not self._dynamic.intersection(stratum.relations)
        if static and stratum.relations[0] in self._static:
            return {name: self._static[name] for name in stratum.relations}
        marks = Asserted()
        try:
            found = self._rounds(stratum, marks, known)
        except BaseException:
            asserted.extend(marks)
            raise
        if static:
            self._static.update({name: frozenset(rows) for name, rows in found.items()})
        else:
            asserted.extend(marks)
        return dict(found)

    def _rounds(
        self, stratum: Stratum, asserted: Asserted, known: dict[str, Iterable[Codes]]
    ) -> dict[str, set[Codes]]:
        """Semi-naive evaluation: each round joins the newest facts with all, until none is new."""
        found: dict[str, set[Codes]] = {name: set() for name in stratum.relations}
        newest = {
            name: self._ask(_DERIVES + name) if self._may_start(name, known) else set()
            for name in stratum.relations
        }
        while any(newest.values()):
            before = len(asserted)
            for name, rows in newest.items():
                found[name] |= rows
                for row in rows:
                    _assert(name, row)
                    asserted.append((name, row))
            if not stratum.recursive:
                break
            marked = [(_NEWEST + name, row) for name, rows in newest.items() for row in rows]
            try:
                for name, row in marked:
                    _assert(name, row)
                newest = {
                    name: self._ask(_DERIVES + _NEWEST + name) - found[name]
                    for name in stratum.relations
                }
            finally:
                for name, row in marked:
                    _retract(name, row)
            assert len(asserted) > before
        return found

    def _may_start(self, name: str, known: dict[str, Iterable[Codes]]) -> bool:
        """Whether some rule has facts for each of its positive literals: most relations of a large
        program have none for most apps, and asking costs far more than looking."""
        return any(
            all(known[r] if r in known else self._base.get(r) for r in relations)
            for relations in self._starts.get(name, ())
        )

    def _ask(self, name: str) -> set[Codes]:
        relation = self._program.relations[name.lstrip(_DERIVES + _NEWEST)]
        goal = pyEngine.Literal(
            name, [pyEngine.Var(f"V{n}") for n in range(relation.arity)] or [pyEngine.Const(0)]
        )
        if goal.pred.id not in self._logic.Db:
            return set()
        rows = goal.ask()
        if rows is True:  # a rule whose head holds constants only
            raise AssertionError(name)
        return {row[: relation.arity] for row in rows}

    def _add(self, rule: Rule) -> None:
        """The clauses of a rule: one that starts a relation off, and for a recursive one a
        variant for each literal of its own stratum, which reads the newest facts only."""
        head = rule.head.relation
        stratum = next(s for s in self._program.strata if head in s.relations)
        places = [
            at
            for at, literal in enumerate(rule.body)
            if isinstance(literal, Atom) and literal.relation in stratum.relations
        ]
        if not places:
            positive = (atom.relation for atom, negated in rule.atoms() if not negated)
            self._starts.setdefault(head, []).append(frozenset(positive))
            self._clause(rule, _DERIVES + head, None)
        for place in places:
            self._clause(rule, _DERIVES + _NEWEST + head, place)

    def _clause(self, rule: Rule, head: str, newest: int | None) -> None:
        terms = self._terms(rule)
        lead = rule.body[newest] if newest is not None else None
        body = []
        idle = app_variables(rule, self._program.relations)
        in_order = ordered(rule, self._dynamic, newest, idle, self._shared)
        for literal in selective(in_order, self._shared):
            match literal:
                case Atom(name, arguments):
                    mark = ""
                    if lead is not None and literal is lead:
                        mark = _NEWEST
                    body.append(_literal(mark + name, terms(literal, arguments)))
                case Negation(Atom(name, arguments) as atom):
                    body.append(_literal("~" + name, terms(atom, arguments)))
                case Comparison(left, op, right):
                    body.append(_literal(op, terms(literal, (left, right))))
                case _:
                    assert_never(literal)
        add_clause(pyEngine.Clause(_literal(head, terms(rule.head, rule.head.terms)), body))

    def _terms(self, rule: Rule) -> Callable[[Literal, tuple[Term, ...]], list[Any]]:
        def terms(literal: Literal, arguments: tuple[Term, ...]) -> list[Any]:
            made = []
            for term in arguments:
                if isinstance(term, Variable):
                    made.append(pyEngine.Var(term.name))
                else:
                    assert isinstance(term, Constant)
                    value = term.value
                    made.append(
                        pyEngine.Const(
                            value if type(value) is int else self._names.number(str(value))
                        )
                    )
            return made

        return terms


def _literal(name: str, terms: list[Any]) -> Any:
    return pyEngine.Literal(name, terms or [pyEngine.Const(0)])


def _assert(name: str, codes: Codes) -> None:
    add_clause(pyEngine.Clause(_literal(name, [pyEngine.Const(c) for c in codes]), []))


def _retract(name: str, codes: Codes) -> None:
    pyEngine.retract(pyEngine.Clause(_literal(name, [pyEngine.Const(c) for c in codes]), []))
