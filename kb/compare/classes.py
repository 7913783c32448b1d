"""The kinds of app that a category's conditions tell apart, and what clingo finds among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

from kb.model.requirements import Need, asks_less
from kb.model.resolving import Stated
from kb.model.rows import Reading
from kb.model.terms import Test

if TYPE_CHECKING:
    from kb.base.core import Core

_APPS = """
1 { is(Q, C) : class(Q, C) } 1 :- class(Q, _).
test_met(T) :- out(T, Q, C, 0), is(Q, C).
test_failed(T) :- out(T, Q, C, 2), is(Q, C).
clause_met(L) :- one_of(L, T), test_met(T).
clause_met(L) :- none_of(L, T), test_failed(T).
clause_failed(L) :- clause(_, L), test_failed(T) : one_of(L, T); test_met(T) : none_of(L, T).
failed(K) :- must(K, T), test_failed(T).
failed(K) :- clause(K, L), clause_failed(L).
met(K) :- condition(K), test_met(T) : must(K, T); clause_met(L) : clause(K, L).
unbound(V) :- binds(V, K), not met(K).
bound(V) :- reading(V), not unbound(V).
shut(V) :- open_to(V, K), not met(K).
closed(L) :- way(L, V), shut(V).
closed(L) :- when(L, K), not met(K).
closed(L) :- unless(L, K), not failed(K).
usable(L) :- way(L, V), bound(V), not closed(L).
barred(L) :- way(L, V), open_to(V, K), failed(K).
barred(L) :- when(L, K), failed(K).
barred(L) :- unless(L, K), met(K).
beaten(L) :- less(M, L), usable(M), usable(L).
decides(L) :- usable(L), not beaten(L).
"""
_POSSIBLE = """
reached(V, C) :- bound(V), not shut(V), is(APPLICANT, C).
served(V, C) :- way(L, V), bound(V), not barred(L), is(APPLICANT, C).
asks(V, S) :- decides(L), way(L, V), same(L, S).
meet(V, W) :- bound(V), bound(W), V != W.
differ(V, W) :- meet(V, W), asks(V, S), not asks(W, S).
#show usable/1. #show decides/1. #show reached/2. #show served/2. #show meet/2. #show differ/2.
"""
_WORSE = """
{ have(N) : asked(N) }.
covered(N) :- have(M), covers(M, N).
lacks(L) :- needs(L, N), not covered(N).
content(V) :- usable(L), way(L, V), not lacks(L).
some(D) :- on(V, D), bound(V).
short(D) :- on(V, D), bound(V), not content(V).
:- not some(1). :- short(1). :- not some(2). :- not short(2).
#minimize { 1@2, N : have(N) }.
#minimize { C@1, Q : is(Q, C) }.
#show have/1. #show is/2.
"""


@dataclass(frozen=True)
class Possible:
    """What occurs for some app: alternatives that are usable, and those that then decide; readings
    with the classes of applicants that they reach, and those that an alternative may serve; pairs
    of readings that bind one app, and that ask it for different things."""

    usable: frozenset[str]
    deciding: frozenset[str]
    reached: frozenset[tuple[str, str]]
    served: frozenset[tuple[str, str]]
    meeting: frozenset[tuple[str, str]]
    differing: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Tried:
    """A combination of classes (by attribute), and the needs that such an app meets."""

    values: dict[str, str]
    needs: list[Need]


class Classes:
    """The classes of values that some readings can tell apart, and the readings as facts for
    clingo: whole numbers only, no text."""

    def __init__(self, base: Core, readings: list[Reading]) -> None:
        self.readings = readings
        self._numbers: dict[tuple[str, object], int] = {}
        self._names: dict[tuple[str, int], str] = {}
        self.facts: list[str] = []
        stated = base.facts.rows.facts
        ids = {reading.id for reading in readings}
        conditions: set[str] = set()
        for relation, shown in (
            ("version_when", "open_to"),
            ("place_when", "binds"),
            ("account_when", "binds"),
            ("account_unsaid", "binds"),
        ):
            for version, condition in stated.get(relation, ()):
                if version in ids:
                    conditions.add(str(condition))
                    self._fact(shown, ("reading", version), ("condition", condition))
        for reading in readings:
            self._fact("reading", ("reading", reading.id))
            conditions |= {k for a in reading.alternatives for k, _ in a.when}
            self._alternatives(reading)
        self.applicants: dict[str, list[str]] = {}
        self.stated: dict[str, dict[str, Stated]] = {}
        self._classes(base, conditions)

    @property
    def count(self) -> int:
        """How many combinations of classes there are."""
        return prod(map(len, self.stated.values()))

    def number(self, kind: str, name: object) -> int:
        """The number that stands for a name of a kind."""
        key = kind, name
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers)
            self._names[kind, self._numbers[key]] = str(name)
        return self._numbers[key]

    def name(self, kind: str, number: int) -> str:
        """The name of a kind that a number stands for."""
        return self._names[kind, number]

    def _fact(self, relation: str, *terms: tuple[str, object]) -> None:
        self.facts.append(f"{relation}({','.join(str(self.number(*term)) for term in terms)}).")

    def _alternatives(self, reading: Reading) -> None:
        pairs = list(zip(reading.alternative_ids, reading.alternatives, strict=True))
        for at, (name, alternative) in enumerate(pairs):
            way = "way", name
            self._fact("way", way, ("reading", reading.id))
            self._fact("same", way, ("same", alternative.needs))
            for condition, must in alternative.when:
                self._fact("when" if must else "unless", way, ("condition", condition))
            for need in alternative.needs:
                self._fact("needs", way, ("need", need.id))
            # One makes another idle where both are usable: it asks for less, or for the same and
            # stands first.
            for n, (other, theirs) in enumerate(pairs):
                first = n < at and theirs.needs == alternative.needs
                if n != at and (first or asks_less(theirs, alternative)):
                    self._fact("less", ("way", other), way)

    def _classes(self, base: Core, conditions: set[str]) -> None:
        """For each attribute that the conditions read one class for each way its tests come out."""
        tests: dict[str, dict[str, Test]] = {"applicant": {}}
        for condition in sorted(conditions):
            self._condition(base, condition)
            for name, test in base.conditions.tests(condition).items():
                tests.setdefault(test.attribute, {})[name] = test
        for read, checks in tests.items():
            own = list(checks)
            classes: dict[tuple[str, ...], str] = {}
            for stated in base.conditions.told_apart(read, own):
                self._class(base, read, checks, classes, stated)
            if read == "applicant":
                for term in base.facts.names.of("applicant"):
                    name = self._class(base, read, checks, classes, (term.id,))
                    self.applicants.setdefault(name, []).append(term.id)

    def _condition(self, base: Core, condition: str) -> None:
        """The tests that a condition comes down to, as the rules read them."""
        rows = base.facts.rows.facts
        own = "condition", condition
        self._fact("condition", own)
        for one, test in rows.get("condition_must", ()):
            if one == condition:
                self._fact("must", own, ("test", test))
        held = {clause for one, clause in rows.get("condition_clause", ()) if one == condition}
        for clause in sorted(held, key=str):
            self._fact("clause", own, ("clause", clause))
        for relation, shown in (("clause_test", "one_of"), ("clause_not", "none_of")):
            for clause, test in rows.get(relation, ()):
                if clause in held:
                    self._fact(shown, ("clause", clause), ("test", test))

    def _class(
        self,
        base: Core,
        read: str,
        checks: Mapping[str, Test],
        classes: dict[tuple[str, ...], str],
        stated: Stated,
    ) -> str:
        """The name of the class that some values are of; a new one is put down."""
        outcomes = tuple(base.conditions.outcome(check, stated) for check in checks.values())
        if outcomes in classes:
            return classes[outcomes]
        name = classes[outcomes] = f"{read} {len(classes)}"
        self.stated.setdefault(read, {})[name] = stated
        self._fact("class", ("attribute", read), ("class", name))
        for test, outcome in zip(checks, outcomes, strict=True):
            value = ("met", "open", "failed").index(outcome)
            places = ("test", test), ("attribute", read), ("class", name)
            numbers = ",".join(str(self.number(*place)) for place in places)
            self.facts.append(f"out({numbers},{value}).")
        return name


def possible(classes: Classes) -> Possible:
    """What occurs for some app, by one run of clingo."""
    applicant = classes.number("attribute", "applicant")
    program = _APPS + _POSSIBLE.replace("APPLICANT", str(applicant))
    found: dict[str, set[tuple[int, ...]]] = {}
    control = _control(program, classes, "--enum-mode=brave", "0")
    with control.solve(yield_=True) as handle:
        for model in handle:
            for symbol in model.symbols(shown=True):
                numbers = tuple(argument.number for argument in symbol.arguments)
                found.setdefault(symbol.name, set()).add(numbers)

    def named(relation: str, *kinds: str) -> Iterator[tuple[str, ...]]:
        for numbers in found.get(relation, ()):
            yield tuple(classes.name(k, n) for k, n in zip(kinds, numbers, strict=True))

    def pairs(relation: str, *kinds: str) -> frozenset[tuple[str, str]]:
        return frozenset((one, other) for one, other in named(relation, *kinds))

    return Possible(
        frozenset(one for (one,) in named("usable", "way")),
        frozenset(one for (one,) in named("decides", "way")),
        pairs("reached", "reading", "class"),
        pairs("served", "reading", "class"),
        pairs("meet", "reading", "reading"),
        pairs("differ", "reading", "reading"),
    )


@dataclass
class Smallest:
    """Apps that are content with the readings `before` and not with those `after`, the one with the
    fewest documents first; at most so many. `stopped` says that there may be more."""

    classes: Classes
    before: list[Reading]
    after: list[Reading]
    most: int
    stopped: bool = False

    def __iter__(self) -> Iterator[Tried]:
        needs = self._needs()
        program = _APPS + _WORSE + "\n".join(self._facts(needs))
        name = self.classes.name
        for _ in range(self.most):
            best = self._best(program)
            if best is None:
                return
            values: dict[str, str] = {}
            held: list[Need] = []
            for symbol in best:
                numbers = [argument.number for argument in symbol.arguments]
                if symbol.name == "is":
                    values[name("attribute", numbers[0])] = name("class", numbers[1])
                else:
                    held.append(needs[name("need", numbers[0])])
            yield Tried(values, sorted(held))
            program += f"\n:- {', '.join(map(str, best))}."
        self.stopped = True

    def _needs(self) -> Mapping[str, Need]:
        every = (a for r in self.classes.readings for a in r.alternatives)
        return {need.id: need for a in every for need in a.needs}

    def _facts(self, needs: Mapping[str, Need]) -> Iterator[str]:
        """The readings of each day, and which needs a document meets."""
        number = self.classes.number
        for day, readings in ((1, self.before), (2, self.after)):
            yield from (f"on({number('reading', r.id)},{day})." for r in readings)
        for id, need in needs.items():
            yield f"asked({number('need', id)})."
            for other, theirs in needs.items():
                if need.covers(theirs):
                    yield f"covers({number('need', id)},{number('need', other)})."

    def _best(self, program: str) -> list[Any] | None:
        found: list[Any] | None = None
        control = _control(program, self.classes, "0")  # kept: its models end with it
        with control.solve(yield_=True) as handle:
            for model in handle:
                found = sorted(model.symbols(shown=True))
        return found


def _control(program: str, classes: Classes, *options: str) -> Any:
    # Imported late: clingo takes long to load, and only analyses need it here.
    import clingo

    control = clingo.Control([*options], logger=lambda *_: None)
    control.add("base", [], program + "\n".join(classes.facts))
    control.ground([("base", [])])
    return control
