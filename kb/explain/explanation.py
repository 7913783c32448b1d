"""Gaps: what keeps a fact from holding today, seen from a profile under which it holds.

Of two models, that of an app and that of the app with something supplied, a gap is the difference
between them below one fact. It has the shape of a proof, and every fact in it is true today: one
that is absent and would hold then, by the rule that it would hold by; or one that holds and would
not hold then, once for each rule instance that gives it today. Below each stand the premises that
differ, and what sources state beside them. It ends in what a profile supplies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, assert_never

from kb.explain.why_not import LEAVES
from kb.lang.syntax import Atom, Cite, Comparison, Constant, Negation, Row, Rule
from kb.provenance.proof import Binding, Fact, Proof, Prover, ground
from kb.provenance.unify import Pattern, pattern_of

if TYPE_CHECKING:
    from kb.base.core import Core
    from kb.explain.repair import Supply


@dataclass(frozen=True)
class Gaps:
    """The differences between what holds today and what would hold then."""

    today: Prover
    then: Prover
    _lacking: dict[Fact, Proof] = field(default_factory=dict)
    _blocking: dict[Fact, list[Proof]] = field(default_factory=dict)

    def lacking(self, relation: str, row: Row, above: frozenset[Fact] = frozenset()) -> Proof:
        """Why a fact does not hold today that would hold then."""
        fact = Fact(relation, row, absent=True)
        if fact not in self._lacking:
            self._lacking[fact] = self._lack(fact, above | {fact})
        return self._lacking[fact]

    def _lack(self, fact: Fact, above: frozenset[Fact]) -> Proof:
        leaf = self._leaf(fact.relation)
        proof = None if leaf else self.then.prove(fact.relation, fact.row)
        if proof is None or proof.rule is None:
            return Proof(fact)
        rule, binding = proof.rule, dict[str, str | int]()
        for literal, premise in zip(rule.body, proof.because, strict=True):
            if isinstance(literal, Atom):
                binding.update(_named(literal, premise.fact.row))
        because = [
            part
            for literal in rule.body
            for part in (*self._stated(literal, binding), *self._to_supply(literal, binding, above))
        ]
        return Proof(fact, rule, rule.sources, tuple(because))

    def blocking(
        self, relation: str, row: Row, above: frozenset[Fact] = frozenset()
    ) -> Iterator[Proof]:
        """Why a fact holds today that would not hold then: each rule instance that gives it, by
        the first premise of it that would be gone."""
        fact = Fact(relation, row)
        if self._leaf(relation):
            yield Proof(fact)
            return
        if fact not in self._blocking:
            self._blocking[fact] = list(self._instances(fact, above | {fact}))
        yield from self._blocking[fact]

    def _instances(self, fact: Fact, above: frozenset[Fact]) -> Iterator[Proof]:
        told: set[Fact] = set()
        for rule in self.today.program.rules_for(fact.relation):
            for binding in self.today.instances(rule, fact.row):
                gone = self._first_gone(rule, binding, above)
                if gone and gone[0].fact not in told:
                    told.add(gone[0].fact)
                    stated = [p for literal in rule.body for p in self._stated(literal, binding)]
                    yield Proof(fact, rule, rule.sources, (*stated, *gone))

    def _to_supply(
        self, literal: Atom | Negation | Comparison, binding: Binding, above: frozenset[Fact]
    ) -> Iterator[Proof]:
        """A premise that does not hold today and would then."""
        match literal:
            case Atom(name, terms):
                row = ground(terms, binding)
                if self._differs(name) and not self.today.holds(name, row):
                    yield self.lacking(name, row, above)
            case Negation(Atom(name, terms)):
                pattern = pattern_of(terms, dict(binding))
                for row in matching(self.today, name, pattern) if self._differs(name) else ():
                    yield from self.blocking(name, row, above)
            case Comparison():
                pass
            case _:
                assert_never(literal)

    def _first_gone(
        self, rule: Rule, binding: Binding, above: frozenset[Fact]
    ) -> tuple[Proof, ...]:
        """The first premise that holds today and would not then."""
        for literal in rule.body:
            match literal:
                case Atom(name, terms):
                    row = ground(terms, binding)
                    round_ = Fact(name, row) in above
                    if self._differs(name) and not round_ and not self.then.holds(name, row):
                        found = tuple(self.blocking(name, row, above))
                        if found:
                            return found
                case Negation(Atom(name, terms)) if self._differs(name):
                    rows = matching(self.then, name, pattern_of(terms, dict(binding)))
                    if rows:
                        return (self.lacking(name, rows[0], above),)
                case Negation() | Comparison():
                    pass
                case _:
                    assert_never(literal)
        return ()

    def _stated(self, literal: Atom | Negation | Comparison, binding: Binding) -> Iterator[Proof]:
        """A premise that a source states."""
        if isinstance(literal, Atom) and not self.today.program.rules_for(literal.relation):
            row = ground(literal.terms, binding)
            cite = self.today.cite(literal.relation, row)
            if cite is not None and not self._differs(literal.relation):
                yield Proof(Fact(literal.relation, row), None, (cite,))

    def _differs(self, relation: str) -> bool:
        return relation in self.today.small

    def _leaf(self, relation: str) -> bool:
        declared = self.today.program.relations[relation].role
        return relation in LEAVES or declared == "app"


def matching(prover: Prover, relation: str, pattern: Pattern) -> list[Row]:
    """The rows of a model that fit a pattern, in a fixed order."""
    places = tuple(at for at, value in enumerate(pattern) if value is not None)
    key = tuple(value for value in pattern if value is not None)
    return prover.index.rows(relation, places, key)


def _named(atom: Atom, row: Row) -> Iterator[tuple[str, str | int]]:
    for term, value in zip(atom.terms, row, strict=True):
        if not isinstance(term, Constant):
            yield term.name, value


def ends(gap: Proof, near: tuple[Cite, ...] = ()) -> Iterator[tuple[Fact, tuple[Cite, ...]]]:
    """The leaves of a gap that a profile supplies, each with the lines nearest above it that ask
    for it."""
    stated = tuple(c for p in gap.because if p.rule is None for c in p.sources)
    for premise in gap.because:
        if premise.sources and premise.rule is None:
            continue
        yield from ends(premise, stated or near)
    if not gap.because and not gap.sources:
        yield gap.fact, near


def supplied_by(base: Core, fact: Fact, supply: Supply) -> bool:
    """Whether a leaf of a gap is closed by a supply."""
    subject = str(fact.row[1]) if len(fact.row) > 1 else ""
    match fact.relation:
        case "held" | "perhaps_held" | "app_fits" | "app_holds" if supply.what == "document":
            given, wanted = base.needs[supply.subject], base.needs.get(subject)
            if wanted is None:
                return given.document == subject
            return (given.document, given.holder) == (wanted.document, wanted.holder)
        case "met" | "failed" | "open_condition":
            tests = base.facts.vocabulary.conditions[subject].tests
            return any(_says(supply, test.attribute) for test in tests)
        case "app_value" if subject == "services" and supply.what in ("offer", "drop"):
            return supply.subject == fact.row[2]
        case "app_value" | "app_knows" | "app_day":
            return _says(supply, subject)
        case _:
            return False


def _says(supply: Supply, attribute: str) -> bool:
    if attribute == "services":
        return supply.what in ("offer", "drop") or supply.subject == "services"
    return supply.what == "state" and supply.subject == attribute
