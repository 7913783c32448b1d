"""The interactive engine: pyDatalog, one isolated logic a knowledge base, and joins.

Three faults of pyDatalog 0.22 shape this module (`tests/test_pydatalog_faults.py` holds the
programs). It may never end on a recursive clause; it answers wrongly when a negation stands above
a derived relation; and its state is global to a thread. So strata are evaluated in their order and
only what is found already is ever negated. A recursive stratum runs as semi-naive rounds of plain
clauses (Bancilhon 1986), each relation asked of pyDatalog and its facts asserted; one that does
not rest on itself needs no search and is found by look-ups (`joins.py`), in a tenth of the time.
The logic is put in the thread's place for the time of an evaluation, under a lock, and taken away
again.

A stratum is found once for the same facts below it: what it gave stays for a while, so that the
next app, or the same one with one thing changed, pays for what differs. Only numbers are kept;
which app they were about is forgotten with its names.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from pyDatalog import pyEngine
from pyDatalog.Logic import Logic

from kb.engines.interning import Interner, decoded
from kb.engines.locks import engine_lock
from kb.engines.protocol import DEFAULT_LIMIT, Model, check_stated
from kb.engines.pydatalog.asserted import (
    NONE,
    Asserted,
    Codes,
    Rows,
    assert_fact,
    made_literal,
    retract_fact,
)
from kb.engines.pydatalog.clauses import NEWEST, Clauses, Goal
from kb.engines.pydatalog.clock import ClockedLogic
from kb.engines.pydatalog.joins import Joins, Key, picked
from kb.lang.problems import LimitError
from kb.lang.syntax import Facts, Program, Relation, Row, Stratum, Value

T = TypeVar("T")
Found: TypeAlias = dict[str, Rows]

KEPT = 64
"""Cases of a stratum whose facts are kept, the latest ones."""
LARGE = 4_096
"""Facts of a case that is not kept: it is about many apps at once."""


@dataclass(eq=False)
class _Step:
    """A stratum, what its rules read of lower ones, and what it gave so far."""

    stratum: Stratum
    fixed: bool
    """It rests on base facts alone: it is found once, and stays."""
    reads: tuple[str, ...]
    own: tuple[str, ...]
    """Those of `reads` that differ from app to app."""
    case: Callable[[Found], Key]
    """The facts of `own` among those known."""
    kept: OrderedDict[Key, Found] = field(default_factory=OrderedDict)


@dataclass(frozen=True)
class _Plan:
    """The relations that goals rest on, those of them that differ from app to app (`own`), and the
    strata to find."""

    wanted: frozenset[str]
    own: frozenset[str]
    steps: list[_Step]


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
        self._lock = engine_lock()
        self._names = Interner()
        self._dynamic = program.dynamic()
        self._base: Found = {}
        self._static: Found = {}
        self._decoded: dict[str, frozenset[Row]] = {}
        self._steps = [self._step(stratum) for stratum in program.strata]
        self._plans: dict[frozenset[str], _Plan] = {}
        self._logic: ClockedLogic = object.__new__(ClockedLogic)
        self._logic.__init__()  # type: ignore[misc]  # Logic.__new__ would take the thread's place

        def begin() -> None:
            pyEngine.clear()
            for name, relation in program.relations.items():
                pyEngine.insert(pyEngine.Pred(name, max(1, relation.arity)))  # see `made_literal`
            for name, rows in facts.items():
                self._base[name] = frozenset(self._names.encode(program.relations[name], rows))
            self._asserted = Asserted(self._base)
            self._clauses = Clauses(program, self._names, self._base)
            self._joins = Joins(program, self._code, self._clauses.facts, self._logic.look)
            self._names.settle()

        self._in_place(limit, begin)
        stated = (n for n, relation in program.relations.items() if relation.role == "app")
        self._unsaid = {name: self._base.get(name, NONE) for name in stated}

    def evaluate(self, facts: Facts, goals: Iterable[str], limit: float = DEFAULT_LIMIT) -> Model:
        return self._in_place(
            limit, lambda: self._logic.uncollected(lambda: self._evaluate(facts, frozenset(goals)))
        )

    def _evaluate(self, facts: Facts, goals: frozenset[str]) -> Model:
        relations = self._program.relations
        plan = self._plan(goals)
        try:
            check_stated(self._program, facts)
            found = self._unsaid | {
                name: self._unsaid[name].union(self._names.encode(relations[name], rows))
                for name, rows in facts.items()
            }
            self._clauses.begin(found)
            for step in plan.steps:
                found.update(self._settle(step, found))
            own = {name: self._clauses.facts(name) for name in plan.own}
            names = self._names.settled, self._names.layer()
            return _Model(relations, names, own, self._fixed, plan.wanted)
        finally:
            # The clock must not stop the cleaning up.
            self._logic.ends = float("inf")
            self._asserted.trim(self._dynamic, LARGE)
            self._joins.trim(LARGE)
            self._names.forget()

    def forget(self) -> None:
        """Drop what was kept of earlier apps; the next one pays for all of itself."""

        def forgotten() -> None:
            for step in self._steps:
                step.kept.clear()
            self._asserted.trim(self._dynamic, 0)
            self._joins.trim(0)

        self._in_place(DEFAULT_LIMIT, forgotten)

    def _plan(self, goals: frozenset[str]) -> _Plan:
        if goals not in self._plans:
            wanted = self._program.needed(goals)
            for name in wanted - self._program.relations.keys():
                raise KeyError(name)
            steps = [s for s in self._steps if not wanted.isdisjoint(s.stratum.relations)]
            self._plans[goals] = _Plan(wanted, wanted & self._dynamic, steps)
        return self._plans[goals]

    def _fixed(self, name: str) -> frozenset[Row]:
        """The facts of a relation that is the same for every app, decoded once."""
        found = self._decoded.get(name)
        if found is None:
            codes = self._static.get(name) or self._base.get(name, NONE)
            found = decoded(self._names.settled, self._program.relations[name], codes)
            self._decoded[name] = found
        return found

    def _in_place(self, limit: float, work: Callable[[], T]) -> T:
        """Do some work on this engine's own state of pyDatalog, one thread at a time."""
        with self._lock:
            before = getattr(Logic.tl, "logic", None)
            counter = getattr(pyEngine.Fresh_var.tl, "counter", None)
            Logic.tl.logic = self._logic
            pyEngine.Fresh_var.tl.counter = 0
            self._logic.ends = time.monotonic() + limit
            try:
                return work()
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

    def _step(self, stratum: Stratum) -> _Step:
        rules = (rule for name in stratum.relations for rule in self._program.rules_for(name))
        atoms = {atom.relation for rule in rules for atom, _ in rule.atoms()}
        reads = tuple(sorted(atoms.difference(stratum.relations)))
        own = tuple(name for name in reads if name in self._dynamic)
        fixed = self._dynamic.isdisjoint(stratum.relations)
        return _Step(stratum, fixed, reads, own, picked(own))

    def _settle(self, step: _Step, known: Found) -> Found:
        """The facts of a stratum. What rests on base facts alone is found once and stays; what
        rests on an app's is kept for the same facts below."""
        relations = step.stratum.relations
        if step.fixed:
            if relations[0] not in self._static:
                self._static.update(self._rounds(step))
            return {name: self._static[name] for name in relations}
        case = step.case(known)
        kept = step.kept.get(case)
        if kept is not None:
            step.kept.move_to_end(case)
            return kept
        made = self._rounds(step)
        if sum(map(len, (*map(known.__getitem__, step.own), *made.values()))) < LARGE:
            step.kept[case] = made
            if len(step.kept) > KEPT:
                step.kept.popitem(last=False)
        return made

    def _bring(self, step: _Step) -> None:
        """Let what the rules of a stratum look at be there."""
        for name in step.reads:
            self._asserted.stand(name)
        for name in step.own:
            self._asserted.be(name, self._clauses.facts(name))
        for name in step.reads:
            if name in self._static:
                self._asserted.be(name, self._static[name])

    def _rounds(self, step: _Step) -> Found:
        """The facts of a stratum: by joins. Where its relations rest on themselves they are found
        by semi-naive evaluation: each round joins the newest facts with all, until none is new."""
        stratum = step.stratum
        if not stratum.recursive:
            one = self._clauses.one and not step.fixed
            return {name: self._joins.rows(name, one) for name in stratum.relations}
        self._bring(step)
        newest = {name: self._ask(self._clauses.start(name)) for name in stratum.relations}
        every = {name: set(rows) for name, rows in newest.items()}
        for name in stratum.relations:
            self._asserted.be(name, NONE)
        while any(newest.values()):
            for name, rows in newest.items():
                self._asserted.add(name, rows)
            marked = [(NEWEST + name, row) for name, rows in newest.items() for row in rows]
            try:
                for name, row in marked:
                    assert_fact(name, row)
                newest = {
                    name: self._ask(self._clauses.again(name)) - every[name]
                    for name in stratum.relations
                }
            finally:
                for name, row in marked:
                    retract_fact(name, row)
            for name, rows in newest.items():
                every[name] |= rows
        return {name: frozenset(rows) for name, rows in every.items()}

    def _ask(self, goals: tuple[Goal, ...]) -> set[Codes]:
        found: set[Codes] = set()
        for goal in goals:
            rows = made_literal(goal.name, [pyEngine.Var(f"V{n}") for n in range(goal.arity)]).ask()
            if rows is True:  # a rule whose head holds constants only
                raise AssertionError(goal.name)
            rows = {row[: goal.arity] for row in rows}
            if goal.finish is not None:
                rows = goal.finish.rows(rows, self._clauses.facts, self._code)
            found |= rows
        return found

    def _code(self, value: Value) -> int:
        return value if isinstance(value, int) else self._names.number(value)


class _Model(Mapping[str, frozenset[Row]]):
    """What was found, each relation decoded when somebody looks at it."""

    def __init__(
        self,
        relations: Mapping[str, Relation],
        names: tuple[Sequence[str], Sequence[str]],
        own: Found,
        fixed: Callable[[str], frozenset[Row]],
        wanted: frozenset[str],
    ) -> None:
        self._relations = relations
        self._names = names
        self._own = own
        self._fixed = fixed
        self._wanted = wanted
        self._decoded: dict[str, frozenset[Row]] = {}

    def __getitem__(self, name: str) -> frozenset[Row]:
        if name not in self._own:
            if name not in self._wanted:
                raise KeyError(name)
            return self._fixed(name)
        found = self._decoded.get(name)
        if found is None:
            names, layer = self._names
            found = decoded(names, self._relations[name], self._own[name], layer)
            self._decoded[name] = found
        return found

    def get(self, name: str, default: Any = None) -> Any:
        """As of any mapping; proofs look very often at what was decoded already."""
        found = self._decoded.get(name)
        return super().get(name, default) if found is None else found

    def __iter__(self) -> Iterator[str]:
        return iter(self._wanted)

    def __len__(self) -> int:
        return len(self._wanted)
