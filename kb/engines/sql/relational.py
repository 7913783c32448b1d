"""What the SQL engines have in common: strata in order, recursion as semi-naive rounds.

A subclass says how a statement runs and how rows go in and out; everything else is here, so that
DuckDB and Spark can not differ in what a program means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from sqlglot import exp

from kb.engines.garbage import uncollected
from kb.engines.interning import Interner
from kb.engines.locks import engine_lock
from kb.engines.protocol import DEFAULT_LIMIT, Model, UnsupportedError, check_stated
from kb.engines.sql.disjointness import apart
from kb.engines.sql.joins import Sizes
from kb.engines.sql.keys import Keys, Unique, unique
from kb.engines.sql.select import Table, recursive_places, rule_tree, tables, union, without
from kb.engines.sql.stored import Stored
from kb.lang.syntax import (
    Atom,
    Facts,
    Negation,
    Program,
    Relation,
    Row,
    Rule,
    Stratum,
    Value,
)

Codes: TypeAlias = Sequence[tuple[int, ...]]
Case: TypeAlias = tuple[str, tuple[bool, ...]]
"""A relation, and for each atom of its rules whether its relation has no facts."""
Query: TypeAlias = exp.Query | str
"""A tree, or what an engine has written of it."""
Plans: TypeAlias = dict[Case, Query]
"""What makes each relation with those of its rules that can give anything, in the order of joins
that the first sizes called for."""
WIDEST = 2**63 - 1
"""The largest whole number that a column holds."""


class RelationalEngine:
    """See `kb.engines.protocol.Engine`; the facts may be those of many apps at once."""

    name = "relational"

    def __init__(
        self,
        program: Program,
        facts: Facts,
        limit: float = DEFAULT_LIMIT,
        names: Interner | None = None,
        prefix: str = "r",
        given: RelationalEngine | None = None,
        stored: Stored | None = None,
    ) -> None:
        """`names` and a `prefix` of its own let several engines share one database; what is stated
        of apps under the name of a relation that the engine `given` derives is derived by it. With
        `stored` the base facts are in tables already, in the numbers of `names`."""
        self._program = program
        self._lock = engine_lock()
        self._names = names if names is not None else Interner()
        self._dynamic = program.dynamic()
        self._places = tables(program.relations.values(), prefix)
        if stored is not None:
            self._places = {
                name: Table(stored.tables[name], relation)
                for name, relation in program.relations.items()
            }
        self._newest = {
            name: Table(f"{table.name}n", table.relation) for name, table in self._places.items()
        }
        self._settled: set[str] = set()
        self.plans: Plans = {}
        for rule in program.rules:
            self._fits(rule)
        self.sizes = Sizes()
        self._unique: dict[str, Unique] = {}
        if stored is not None:
            self.sizes = Sizes(dict(stored.rows), dict(stored.shared))
            self._unique = dict(stored.unique)
        else:
            for name, relation in program.relations.items():
                if name not in self._dynamic:
                    rows = self._encoded(relation, facts.get(name, ()))
                    self.put(self._places[name], rows, True)
                    self.sizes.learn(name, rows)
                    self._unique[name] = unique(rows)
        self._keys: Keys = Keys(program, self._unique, given._keys if given else None)
        self._base = {
            name: self._encoded(program.relations[name], rows)
            for name, rows in facts.items()
            if name in self._dynamic
        }
        self._names.settle()

    @property
    def stored(self) -> Stored:
        """What another engine over the same tables needs, before anything was derived."""
        tables = {name: table.name for name, table in self._places.items()}
        sizes = self.sizes
        return Stored(self._program, tables, dict(sizes.rows), dict(sizes.shared), self._unique)

    # How rows and statements reach the engine.

    def put(self, table: Table, rows: Codes, lasting: bool) -> None:
        """Make a table of rows; a lasting one stays for every evaluation."""
        raise NotImplementedError

    def make(self, table: Table, rows: Query, lasting: bool) -> int:
        """Make a table of what a query gives; the number of its rows."""
        raise NotImplementedError

    def written(self, table: Table, rows: exp.Query) -> Query:
        """What `make` takes for a table that is made again and again; the tree serves no
        further."""
        return rows

    def add(self, table: Table, more: Table) -> None:
        """Add the rows of one table to another."""
        raise NotImplementedError

    def same(self, table: Table, other: Table) -> None:
        """Make a passing table of another's rows."""
        self.make(table, _all(other), False)

    def rows(self, table: Table) -> Iterable[Sequence[int]]:
        raise NotImplementedError

    def within(self, limit: float) -> None:
        """Start the clock of an evaluation."""
        raise NotImplementedError

    def done(self) -> None:
        """Forget everything that is not lasting."""
        raise NotImplementedError

    def evaluate(self, facts: Facts, goals: Iterable[str], limit: float = DEFAULT_LIMIT) -> Model:
        relations = self._program.relations
        wanted = self._program.needed(frozenset(goals))
        check_stated(self._program, facts)
        with self._lock:
            self.within(limit)
            try:
                for name in sorted(self._dynamic & wanted):
                    if relations[name].role == "app" or name in self._base:
                        own = self._encoded(relations[name], facts.get(name, ()))
                        rows = list(dict.fromkeys([*self._base.get(name, ()), *own]))
                        self.put(self._places[name], rows, False)
                        self._made(name, len(rows), 1)
                self._settle(wanted, frozenset(), 1)
                return {
                    name: self._names.decode(relations[name], self._read(name))
                    for name in sorted(wanted)
                }
            finally:
                self.done()
                self._names.forget()

    def derive(
        self,
        given: Mapping[str, Callable[[], exp.Query]],
        goals: Iterable[str],
        apps: int,
        limit: float = DEFAULT_LIMIT,
    ) -> Mapping[str, Table]:
        """Tables of the goals for so many `apps`, whose facts stand in the database already, in
        the numbers of `names`.

        `given` make queries for the relations of profiles, and for derived ones that are known: the
        rules of those are passed over. The tables stay until `done`; `limit` is in seconds.
        """
        goals = frozenset(goals)
        wanted = self._program.needed(goals, frozenset(given))
        # A table of no rows is not made where nothing but rules could look at it.
        recursive = {name for s in self._program.strata if s.recursive for name in s.relations}
        empty = self._dynamic & wanted - goals if recursive.isdisjoint(wanted) else frozenset()
        self.within(limit)

        def work(_: bool) -> None:
            for name in sorted(self._dynamic & wanted):
                if name in given:
                    query = self._planned((name, ()), given[name])
                    self._made(name, self.make(self._places[name], query, False), apps)
                elif self._program.relations[name].role == "app":
                    if name not in empty:
                        self.make(self._places[name], self._none(self._places[name]), False)
                    self._made(name, 0, apps)
            self._settle(wanted, frozenset(given), apps, empty)

        uncollected(work)
        return {name: self._places[name] for name in goals}

    def _planned(self, case: Case, tree: Callable[[], exp.Query]) -> Query:
        plan = self.plans.get(case)
        if plan is None:
            # Other threads may share the plans: none is there before it is written.
            plan = self.plans[case] = self.written(self._places[case[0]], tree())
        return plan

    def _read(self, name: str) -> Iterable[Sequence[int]]:
        arity = self._program.relations[name].arity
        return (tuple(row[:arity]) for row in self.rows(self._places[name]))

    def _made(self, name: str, rows: int, apps: int) -> None:
        columns = self._program.relations[name].columns
        each = bool(columns) and columns[0].kind == "app"
        self.sizes.count(name, rows, apps if each else None)

    def _settle(
        self,
        wanted: frozenset[str],
        known: frozenset[str],
        apps: int,
        empty: frozenset[str] | None = None,
    ) -> None:
        """Make the tables of what is `wanted` and not `known`; with `empty` by plans, and without
        the tables of these where they would have no rows."""
        for stratum in self._program.strata:
            if wanted.isdisjoint(stratum.relations) or not known.isdisjoint(stratum.relations):
                continue
            lasting = self._dynamic.isdisjoint(stratum.relations)
            if lasting and stratum.relations[0] in self._settled:
                continue
            if stratum.recursive:
                for name, rows in self._rounds(stratum, lasting).items():
                    self._made(name, rows, apps)
            else:
                [name] = stratum.relations
                rules = self._program.rules_for(name)
                if empty is not None and name in empty and not any(map(self._may_give, rules)):
                    rows = 0
                elif empty is not None:
                    atoms = (atom for rule in rules for atom, _ in rule.atoms())
                    case = name, tuple(self._none_of(atom.relation) for atom in atoms)
                    query = self._planned(case, partial(self._first, name, stratum, True))
                    rows = self.make(self._places[name], query, lasting)
                else:
                    rows = self.make(self._places[name], self._first(name, stratum), lasting)
                self._made(name, rows, apps)
            if lasting:
                self._settled.update(stratum.relations)

    def _first(self, name: str, stratum: Stratum, lean: bool = False) -> exp.Query:
        """What the rules of a relation give that do not rest on its own stratum; `lean` without
        denials of what has no facts."""
        rules = [
            rule
            for rule in self._program.rules_for(name)
            if not recursive_places(rule, stratum.relations) and self._may_give(rule)
        ]
        trees = [self._tree(self._lean(rule) if lean else rule) for rule in rules]
        return union(trees, apart(rules)) if trees else self._none(self._places[name])

    def _none_of(self, relation: str) -> bool:
        return self.sizes.rows.get(relation) == 0

    def _may_give(self, rule: Rule) -> bool:
        """Whether each positive literal has facts: most relations have none for most apps, and a
        statement costs more than a look."""
        return not any(
            self._none_of(atom.relation) for atom, negated in rule.atoms() if not negated
        )

    def _lean(self, rule: Rule) -> Rule:
        body = tuple(
            part
            for part in rule.body
            if not (isinstance(part, Negation) and self._none_of(part.atom.relation))
        )
        return replace(rule, body=body) if len(body) < len(rule.body) else rule

    def _none(self, table: Table) -> exp.Query:
        empty = [
            exp.alias_(exp.cast(exp.Literal.number(0), kind), f"c{at}")
            for at, kind in enumerate(table.types())
        ]
        return exp.select(*empty).where(exp.false())

    def _tree(self, rule: Rule, at: int | None = None) -> exp.Select:
        atom = rule.body[at] if at is not None else None
        newest = self._newest[atom.relation] if isinstance(atom, Atom) else None
        return rule_tree(rule, self._places, self._code, self.sizes, self._keys, newest, at)

    def _rounds(self, stratum: Stratum, lasting: bool) -> Mapping[str, int]:
        """Semi-naive evaluation: each round joins the newest facts with all, until none is new.
        How many facts each relation has in the end."""
        rows: dict[str, int] = {}
        for name in stratum.relations:
            rows[name] = self.make(self._places[name], self._first(name, stratum), lasting)
            self.same(self._newest[name], self._places[name])
        steps = {
            name: [
                self._tree(rule, at)
                for rule in self._program.rules_for(name)
                for at in recursive_places(rule, stratum.relations)
            ]
            for name in stratum.relations
        }
        fresh = sum(rows.values())
        while fresh:
            fresh = 0
            found: list[tuple[str, Table]] = []
            for name, trees in steps.items():
                next_ = Table(f"{self._places[name].name}x", self._places[name].relation)
                new = without(union(trees), self._places[name]) if trees else self._none(next_)
                count = self.make(next_, new, False)
                fresh += count
                rows[name] += count
                found.append((name, next_))
            for name, next_ in found:
                self.add(self._places[name], next_)
                self.same(self._newest[name], next_)
        return rows

    def _encoded(self, relation: Relation, rows: Iterable[Row]) -> list[tuple[int, ...]]:
        found = list(dict.fromkeys(self._names.encode(relation, rows)))
        if any(column.numeric for column in relation.columns):
            for row in found:
                for value in row:
                    if abs(value) > WIDEST:
                        raise UnsupportedError(
                            self.name, f"`{relation.name}` states {value}", OTHERS
                        )
        return found if relation.arity else [(0,) for _ in found]

    def _code(self, value: Value) -> int:
        return value if isinstance(value, int) else self._names.number(value)

    def _fits(self, rule: Rule) -> None:
        """Names of rules are interned before the base settles; too large numbers are refused."""
        for value in rule.constants():
            if abs(self._code(value)) > WIDEST:
                raise UnsupportedError(self.name, f"`{rule}` holds {value}", OTHERS)


OTHERS = ("pydatalog", "clingo")
"""The engines whose numbers have no end."""


def too_wide(engine: str, table: Table) -> UnsupportedError:
    """What an engine says of a number that outgrows its columns while it is computed."""
    what = f"the rules of `{table.relation.name}` compute a number past 64 bits"
    return UnsupportedError(engine, what, OTHERS[:1])


def _all(table: Table) -> exp.Query:
    return exp.select(*(exp.column(f"c{at}") for at in range(table.width))).from_(table.tree())
