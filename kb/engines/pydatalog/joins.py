"""Rules without recursion as look-ups: each literal asks an index for what fits the row so far.

A search, with its table of subgoals and its unification, is worth its time where a relation rests
on itself. Elsewhere a stratum is found by joins: the body is put in order once, and each literal
becomes a look-up in an index of its relation. Indices of what no app changes are made when they are
first looked into and stay as long as the base.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, TypeAlias, assert_never

from kb.engines.pydatalog.asserted import NONE, Codes, Rows
from kb.engines.pydatalog.estimates import Counts, planned
from kb.engines.pydatalog.finishing import Finish, finish_of
from kb.lang.arithmetic import COMPARISONS
from kb.lang.ordering import app_variables
from kb.lang.syntax import (
    Arithmetic,
    Atom,
    Comparison,
    Literal,
    Negation,
    Program,
    Rule,
    Term,
    Value,
    Variable,
    terms_of,
)

AT_ONCE = 50_000
"""Rows that are held between two literals: more are taken further in parts."""

STRIDE = 16
"""Rows that are taken further between two looks at how many there are by then."""
NOTHING: tuple[Codes, ...] = ()

Key: TypeAlias = Any
"""The value of one place, or a tuple of those of several."""
Table: TypeAlias = dict[Key, list[Codes]]


@dataclass(frozen=True)
class _Look:
    """Look up a relation by the `key` of the row so far, and add what stands in `adds`; for
    `absent` the row stays where nothing is found."""

    relation: str
    places: tuple[int, ...]
    key: Callable[[Codes], Key]
    adds: tuple[int, ...]
    absent: bool


@dataclass(frozen=True)
class _Test:
    """Compare two slots of the row so far."""

    op: Callable[[Value, Value], bool]
    left: int
    right: int


_Step: TypeAlias = _Look | _Test


@dataclass(frozen=True)
class _Plan:
    """A rule's body in its order: the constants that a row begins with, what follows, what makes a
    row of the head of it, and what is left to compute."""

    start: Codes
    steps: tuple[_Step, ...]
    head: Callable[[Codes], Codes]
    finish: Finish | None


@dataclass
class _Indexed:
    """The facts of a relation and the tables made of them so far."""

    rows: Rows
    counts: Counts
    tables: dict[tuple[tuple[int, ...], tuple[int, ...]], Table] = field(default_factory=dict)

    kept: dict[tuple[int, ...], Container[Key]] = field(default_factory=dict)

    def keys(self, places: tuple[int, ...]) -> Container[Key]:
        """What stands in `places`."""
        keys = self.kept.get(places)
        if keys is None:
            whole = len(places) > 1 and places == tuple(range(len(next(iter(self.rows), ()))))
            keys = self.kept[places] = self.rows if whole else set(map(picked(places), self.rows))
        return keys

    def table(self, places: tuple[int, ...], adds: tuple[int, ...]) -> Table:
        """What stands in `adds`, by what stands in `places`: each once."""
        table = self.tables.get((places, adds))
        if table is None:
            table = self.tables[places, adds] = _table(self.rows, places, adds)
        return table


def _table(rows: Rows, places: tuple[int, ...], adds: tuple[int, ...]) -> Table:
    if not places:
        return {(): list(dict.fromkeys(map(_row(adds), rows)))} if rows else {}
    table: Table = {}
    for key, tail in zip(map(picked(places), rows), map(_row(adds), rows), strict=True):
        tails = table.get(key)
        if tails is None:
            table[key] = [tail]
        else:
            tails.append(tail)
    if len({*places, *adds}) < len(next(iter(rows), ())):
        # What is left out may tell apart what is alike in the rest.
        for key, tails in table.items():
            if len(tails) > 1:
                table[key] = list(dict.fromkeys(tails))
    return table


class Joins:
    """The rules of a program as joins.

    `code` gives the number of a name, `facts` what is known of a relation now, and `check` is
    called now and then: it raises when the time is up.
    """

    def __init__(
        self,
        program: Program,
        code: Callable[[Value], int],
        facts: Callable[[str], Rows],
        check: Callable[[], None],
    ) -> None:
        self._program = program
        self._code = code
        self._facts = facts
        self._check = check
        self._dynamic = program.dynamic()
        self._columns = {
            name: {at for at, column in enumerate(relation.columns) if column.kind == "app"}
            for name, relation in program.relations.items()
        }
        self._fixed = Counts(program.relations)
        self._indexed: dict[str, _Indexed] = {}
        self._plans: dict[tuple[int, int], _Plan] = {}
        self._rules: dict[str, tuple[tuple[frozenset[str], Rule], ...]] = {}

    def rows(self, name: str, one: bool) -> Rows:
        """All facts that the rules of a relation give. `one`: a single app is in sight, so that its
        column selects nothing."""
        found: set[Codes] = set()
        for positive, rule in self._rules_for(name):
            if all(map(self._facts, positive)):
                found |= self._of(rule, one)
        return frozenset(found) if found else NONE

    def _rules_for(self, name: str) -> tuple[tuple[frozenset[str], Rule], ...]:
        rules = self._rules.get(name)
        if rules is None:
            rules = self._rules[name] = tuple(
                (frozenset(atom.relation for atom, negated in rule.atoms() if not negated), rule)
                for rule in self._program.rules_for(name)
            )
        return rules

    def _of(self, rule: Rule, one: bool) -> set[Codes]:
        # What is best for few apps may be bad for many.
        facts = 0 if one else 1 + sum(len(self._facts(atom.relation)) for atom, _ in rule.atoms())
        key = id(rule), facts.bit_length()
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = self._planned(rule, one)
        self._check()
        found: set[Codes] = set()
        self._run(plan.steps, [plan.start], plan.head, found)
        if plan.finish is None:
            return found
        return plan.finish.rows(found, self._facts, self._code)

    def _run(
        self,
        steps: Sequence[_Step],
        rows: list[Codes],
        head: Callable[[Codes], Codes],
        found: set[Codes],
    ) -> None:
        for at, step in enumerate(steps):
            if isinstance(step, _Test):
                op, left, right = step.op, step.left, step.right
                rows = [row for row in rows if op(row[left], row[right])]
            elif step.absent or not step.adds:
                keys, key = self._index(step.relation).keys(step.places), step.key
                rows = [row for row in rows if (key(row) in keys) is not step.absent]
            else:
                table, key = self._index(step.relation).table(step.places, step.adds), step.key
                every, rows, get = rows, [], table.get
                for n in range(0, len(every), STRIDE):
                    part = every[n : n + STRIDE]
                    rows += [row + tail for row in part for tail in get(key(row), NOTHING)]
                    if len(rows) > AT_ONCE:
                        self._check()
                        self._run(steps[at + 1 :], rows, head, found)
                        rows = []
            if not rows:
                return
        found.update(map(head, rows))

    def _index(self, name: str) -> _Indexed:
        rows = self._facts(name)
        indexed = self._indexed.get(name)
        if indexed is None or indexed.rows is not rows:
            indexed = self._indexed[name] = _Indexed(rows, Counts(self._program.relations))
        return indexed

    def _counts(self, name: str) -> Counts:
        """What is counted of a relation: of an app's with the facts that are known now."""
        counts = self._index(name).counts if name in self._dynamic else self._fixed
        counts.add(name, self._facts(name))
        return counts

    def trim(self, most: int) -> None:
        """Drop the indices of what rests on apps where they are of more facts than so many."""
        for name in self._dynamic.intersection(self._indexed):
            if len(self._indexed[name].rows) > most:
                del self._indexed[name]

    def _planned(self, rule: Rule, one: bool) -> _Plan:
        finish = finish_of(rule)
        body = rule if finish is None else Rule(rule.head, finish.joined)
        apps = app_variables(rule, self._program.relations) if one else frozenset()
        counts = {atom.relation: self._counts(atom.relation) for atom, _ in body.atoms()}
        order = planned(body, counts.__getitem__, apps)
        head: Iterable[Term] = rule.head.terms
        if finish is not None:
            head = map(Variable, finish.given)
        return _Maker(self._code, self._columns if one else {}, apps).plan(order, head, finish)


class _Maker:
    """Makes a plan of an ordered body: each variable and each constant has a slot of the row."""

    def __init__(
        self,
        code: Callable[[Value], int],
        columns: Mapping[str, set[int]],
        apps: frozenset[str],
    ) -> None:
        self._code = code
        self._columns = columns
        self._apps = apps
        self._start: list[int] = []
        self._slots: dict[str | tuple[type, Value], int] = {}
        self._size = 0
        self._steps: list[_Step] = []

    def plan(self, body: Sequence[Literal], head: Iterable[Term], finish: Finish | None) -> _Plan:
        """The plan of a body, for a head of these terms."""
        head = tuple(head)
        for terms in (*map(terms_of, body), head):
            for term in terms:
                if not isinstance(term, Variable):
                    self._constant(term.value)
        self._size = len(self._start)
        for n, literal in enumerate(body):
            match literal:
                case Atom():
                    later = {name for x in body[n + 1 :] for name in _names(terms_of(x))}
                    self._atom(literal, later.union(_names(head)))
                case Negation(atom):
                    self._steps.append(self._look(atom, (), absent=True))
                case Comparison(left, op, right):
                    assert not isinstance(left, Arithmetic)
                    assert not isinstance(right, Arithmetic)
                    self._steps.append(_Test(COMPARISONS[op], self._slot(left), self._slot(right)))
                case _:
                    assert_never(literal)
        return _Plan(
            tuple(self._start), tuple(self._steps), _row(tuple(map(self._slot, head))), finish
        )

    def _constant(self, value: Value) -> None:
        if (type(value), value) not in self._slots:
            self._slots[type(value), value] = len(self._start)
            self._start.append(self._code(value))

    def _slot(self, term: Term) -> int:
        return self._slots[
            term.name if isinstance(term, Variable) else (type(term.value), term.value)
        ]

    def _known(self, term: Term) -> bool:
        return not isinstance(term, Variable) or term.name in self._slots

    def _atom(self, atom: Atom, later: set[str]) -> None:
        """A look-up that gives the variables that are new in the atom; one that stands there twice
        is compared."""
        adds: list[int] = []
        same: list[tuple[str, int]] = []
        new: dict[str, int] = {}
        for at, term in enumerate(atom.terms):
            if not isinstance(term, Variable) or term.anonymous or term.name in self._slots:
                continue
            if term.name in new:
                same.append((term.name, self._size + len(adds)))
            elif term.name in later or [t for t in atom.terms if t == term][1:]:
                new[term.name] = self._size + len(adds)
            else:
                continue
            adds.append(at)
        self._steps.append(self._look(atom, tuple(adds)))
        self._slots.update(new)
        self._size += len(adds)
        self._steps += [_Test(COMPARISONS["=="], self._slots[name], slot) for name, slot in same]

    def _look(self, atom: Atom, adds: tuple[int, ...], absent: bool = False) -> _Look:
        """The look-up of what is known of an atom; an app that is alone in sight needs none."""
        idle = self._columns.get(atom.relation, ())
        known = [
            (at, self._slot(term))
            for at, term in enumerate(atom.terms)
            if self._known(term)
            and not (at in idle and isinstance(term, Variable) and term.name in self._apps)
        ]
        places, slots = tuple(at for at, _ in known), tuple(slot for _, slot in known)
        return _Look(atom.relation, places, picked(slots), adds, absent)


def picked(places: tuple[Any, ...]) -> Callable[[Any], Key]:
    """What takes the values of some places out of a row, or of some keys out of a mapping: one
    alone, several as a tuple."""
    return itemgetter(*places) if places else _nothing


def _row(places: tuple[int, ...]) -> Callable[[Codes], Codes]:
    """The same as a row, of one value too."""
    if len(places) == 1:
        [place] = places
        return lambda row: (row[place],)
    return picked(places)


def _nothing(_: Any) -> Codes:
    return ()


def _names(terms: Iterable[Term]) -> Iterator[str]:
    return (t.name for t in terms if isinstance(t, Variable) and not t.anonymous)
