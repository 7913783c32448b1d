"""Recursive rules as pyDatalog's clauses, made for what an app has.

pyDatalog pays for each literal it meets and for each fact behind each bound argument, whether they
select anything or not. So the clauses of a relation are made when it is first asked for, and for
what is known then: a rule over a relation that is empty is left out, and so is a negation of an
empty one; and where one app is in sight, its column is looked up once a rule. Most apps meet the
same few such cases, which are kept.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, assert_never

from pyDatalog import pyEngine
from pyDatalog.pyEngine import assert_ as add_clause

from kb.engines.interning import Interner
from kb.engines.pydatalog.asserted import NONE, Rows, made_literal
from kb.engines.pydatalog.estimates import Counts, planned
from kb.engines.pydatalog.finishing import Finish, finish_of
from kb.engines.pydatalog.selectivity import selective
from kb.lang.ordering import app_variables
from kb.lang.syntax import (
    Arithmetic,
    Atom,
    Comparison,
    Constant,
    Literal,
    Negation,
    Program,
    Rule,
    Term,
    Variable,
)

Known: TypeAlias = Mapping[str, Rows]

# Names that no relation of a program can have: a relation's rules derive under `+1+name` and its
# facts are read under `name`; `*name` holds those that the last round added.
DERIVES, NEWEST = "+", "*"

MOST = 64
"""Cases kept of one relation; later ones share the clauses that fit every case."""


class Clauses:
    """The clauses of a program, in the logic that is in pyDatalog's place when they are asked."""

    def __init__(self, program: Program, names: Interner, base: Known) -> None:
        self._program = program
        self._names = names
        self._counts = Counts(program.relations)
        self._own = Counts(program.relations)
        self._base = base
        self._known: Known = {}
        self._one = False
        self._dynamic = program.dynamic()
        for name, rows in base.items():
            if name not in self._dynamic:
                self._counts.add(name, rows)
        self._stratum = {name: s.relations for s in program.strata for name in s.relations}
        self._columns = {
            name: [at for at, column in enumerate(relation.columns) if column.kind == "app"]
            for name, relation in program.relations.items()
        }
        self._apps = self._apps_in(base)
        self._named = any(self._names_app(rule) for rule in program.rules)
        for rule in program.rules:
            for value in rule.constants():  # now, and not among the names of some app
                if isinstance(value, str):
                    names.number(value)
        self._looks: dict[str, list[_Look]] = {}
        self._made: dict[str, dict[object, tuple[Goal, ...]]] = {}
        self._fresh = itertools.count()  # what was stopped half-way shares its name with nothing

    def begin(self, known: Known) -> None:
        """From here on clauses are for an app with these facts; more of them as strata settle."""
        self._known = known
        self._own = Counts(self._program.relations)
        apps = self._apps | self._apps_in(known)
        # Then all that follows is about that app as well, and its column selects nothing.
        self._one = len(apps) <= 1 and not self._named

    def _apps_in(self, known: Known) -> set[int]:
        return {
            row[at] for name, rows in known.items() for at in self._columns[name] for row in rows
        }

    @property
    def one(self) -> bool:
        """Whether all that is known is about one app."""
        return self._one

    def start(self, name: str) -> tuple[Goal, ...]:
        """What to ask for a relation that is derived from lower strata; nothing for never."""
        case = tuple(
            None
            if look.recursive or not all(map(self.facts, look.positive))
            else tuple(relation for relation in look.negative if not self.facts(relation))
            for look in self._looks_of(name)
        )
        if not any(idle is not None for idle in case):
            return ()
        made = self._made.setdefault(name, {})
        if (case, self._one) not in made and len(made) >= MOST:
            case = tuple(None if look.recursive else () for look in self._looks_of(name))
        if (case, self._one) not in made:
            goals = _Goals(name, f"{DERIVES}{next(self._fresh)}{DERIVES}{name}")
            for rule, idle in zip(self._program.rules_for(name), case, strict=True):
                if idle is not None:
                    self._clause(rule, goals, idle=idle)
            made[case, self._one] = goals.all()
        return made[case, self._one]

    def again(self, name: str) -> tuple[Goal, ...]:
        """What to ask for a recursive relation that is derived from the newest facts: a clause for
        each literal of its own stratum, which reads the newest facts only. Nothing for never."""
        made = self._made.setdefault(name, {})
        if self._one not in made:
            goals = _Goals(name, f"{DERIVES}{next(self._fresh)}{NEWEST}{name}")
            places = [
                (rule, at)
                for rule in self._program.rules_for(name)
                for at, literal in enumerate(rule.body)
                if isinstance(literal, Atom) and literal.relation in self._stratum[name]
            ]
            for rule, at in places:
                self._clause(rule, goals, newest=at)
            made[self._one] = goals.all()
        return made[self._one]

    def _looks_of(self, name: str) -> list[_Look]:
        looks = self._looks.get(name)
        if looks is None:
            looks = self._looks[name] = [
                _Look(
                    frozenset(atom.relation for atom, negated in rule.atoms() if not negated),
                    tuple(dict.fromkeys(atom.relation for atom, no in rule.atoms() if no)),
                    any(atom.relation in self._stratum[name] for atom, _ in rule.atoms()),
                )
                for rule in self._program.rules_for(name)
            ]
        return looks

    def _clause(
        self,
        rule: Rule,
        goals: _Goals,
        *,
        idle: Collection[str] = (),
        newest: int | None = None,
    ) -> None:
        """Adds a clause: without negations of `idle` relations, or led by the literal that reads
        the newest facts."""
        goal = goals.of(rule)
        lead = newest is not None
        if goal.finish is not None:
            at = newest
            if at is not None:
                [at] = [n for n, x in enumerate(goal.finish.joined) if x is rule.body[at]]
            newest, rule = at, replace(rule, body=goal.finish.joined)
        body = []
        for literal in self._in_order(rule, newest):
            match literal:
                case Atom(name, arguments):
                    body.append(
                        made_literal(NEWEST + name if lead else name, self._terms(arguments))
                    )
                    lead = False
                case Negation(Atom(name, arguments)):
                    if name not in idle:
                        body.append(made_literal("~" + name, self._terms(arguments)))
                case Comparison(left, op, right):
                    assert not isinstance(left, Arithmetic)
                    assert not isinstance(right, Arithmetic)
                    body.append(made_literal(op, self._terms((left, right))))
                case _:
                    assert_never(literal)
        terms = rule.head.terms
        if goal.finish is not None:
            terms = tuple(map(Variable, goal.finish.given))
        head = made_literal(goal.name, self._terms(terms))
        add_clause(pyEngine.Clause(head, body))

    def _in_order(self, rule: Rule, newest: int | None) -> Iterable[Literal]:
        apps = app_variables(rule, self._program.relations)
        for name, rows in self._known.items():
            self._table(name).add(name, rows)
        body: Iterable[Literal] = planned(rule, self._table, apps, newest)
        if self._one:
            body = self._met_once(body, apps)
        return selective(body, lambda name: self._table(name).shared(name))

    def facts(self, name: str) -> Rows:
        """What is known of a relation: of the app, or else of the base."""
        found = self._known.get(name)
        return self._base.get(name, NONE) if found is None else found

    def _table(self, name: str) -> Counts:
        return self._own if name in self._dynamic else self._counts

    def _met_once(self, body: Iterable[Literal], apps: Collection[str]) -> tuple[Literal, ...]:
        """The body with each variable of an app bound where it first stands and free after that:
        every fact is about the one app, and an index of it would give them all."""
        met: set[str] = set()
        fresh = itertools.count()

        def free(atom: Atom) -> Atom:
            terms = list(atom.terms)
            for at in self._columns[atom.relation]:
                term = terms[at]
                if isinstance(term, Variable) and term.name in apps:
                    if term.name in met:
                        terms[at] = Variable(f"_App{next(fresh)}")
                    met.add(term.name)
            return replace(atom, terms=tuple(terms))

        return tuple(
            free(literal)
            if isinstance(literal, Atom)
            else Negation(free(literal.atom))
            if isinstance(literal, Negation)
            else literal
            for literal in body
        )

    def _names_app(self, rule: Rule) -> bool:
        """Whether a rule names an app, or meets it in a column of another kind: one fact more may
        be about another app then. A head may repeat the app in such a column: what it derives is
        about the same app all the same."""
        apps = app_variables(rule, self._program.relations)
        places = [
            (term, at in self._columns[atom.relation], head)
            for head, atom in ((True, rule.head), *((False, atom) for atom, _ in rule.atoms()))
            for at, term in enumerate(atom.terms)
        ]
        return any(
            isinstance(term, Constant)
            if of_app
            else not head and isinstance(term, Variable) and term.name in apps
            for term, of_app, head in places
        )

    def _terms(self, arguments: tuple[Term, ...]) -> list[Any]:
        return [
            pyEngine.Var(term.name)
            if isinstance(term, Variable)
            else pyEngine.Const(
                term.value if type(term.value) is int else self._names.number(str(term.value))
            )
            for term in arguments
        ]


@dataclass(frozen=True)
class Goal:
    """A name that pyDatalog is asked for, and what follows for the rows that it gives."""

    name: str
    arity: int
    finish: Finish | None = None


class _Goals:
    """The goals of one relation: one for all rules that are clauses as they stand, and one for each
    other."""

    def __init__(self, relation: str, name: str) -> None:
        self._relation = relation
        self._name = name
        self._plain: Goal | None = None
        self._others: list[Goal] = []

    def of(self, rule: Rule) -> Goal:
        """The goal that a clause of a rule is for."""
        finish = finish_of(rule)
        if finish is None:
            self._plain = Goal(self._name, len(rule.head.terms))
            return self._plain
        name = f"{self._name}{DERIVES}{len(self._others)}"
        self._others.append(Goal(name, len(finish.given), finish))
        return self._others[-1]

    def all(self) -> tuple[Goal, ...]:
        return (*([self._plain] if self._plain else ()), *self._others)


@dataclass(frozen=True)
class _Look:
    """What decides whether a rule can start anything."""

    positive: frozenset[str]
    negative: tuple[str, ...]
    recursive: bool
