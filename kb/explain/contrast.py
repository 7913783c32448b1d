"""Contrasts: what keeps a fact from holding today, told from a profile under which it holds.

Two models are contrasted: that of an app, and that of the app after some changes. The result has
the shape of a proof, and every fact in it is true today: one that is absent and would hold then, by
the rule that would give it; or one that holds and would not hold then, once for each rule instance
that gives it today. Below each stand the premises that differ, and what sources state beside them.
It ends in what a profile states.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import assert_never

from kb.explain.assumptions import LEAVES
from kb.lang.arithmetic import assigned, computed, value_of
from kb.lang.syntax import Atom, Cite, Comparison, Literal, Negation, Row, Rule
from kb.provenance.proof import Fact, Proof, Prover, of_sources
from kb.provenance.unify import Binding, ground, pattern_of, unify


@dataclass(frozen=True)
class Contrast:
    """Explains the difference between what holds today and what would hold then."""

    today: Prover
    then: Prover
    _absences: dict[Fact, Proof] = field(default_factory=dict)
    _presences: dict[Fact, list[Proof]] = field(default_factory=dict)

    def absence(self, relation: str, row: Row, above: frozenset[Fact] = frozenset()) -> Proof:
        """Why a fact does not hold today that would hold then. `above` are the facts that this one
        is part of the explanation of."""
        fact = Fact(relation, row, absent=True)
        if fact not in self._absences:
            self._absences[fact] = self._absence(fact, above | {fact})
        return self._absences[fact]

    def _absence(self, fact: Fact, above: frozenset[Fact]) -> Proof:
        proof = None if self._leaf(fact.relation) else self.then.prove(fact.relation, fact.row)
        if proof is None or proof.rule is None:
            return Proof(fact)
        if proof.rule.aggregate is not None:
            return self._gathered(fact, proof, above)
        rule, binding = proof.rule, _binding_of(proof)
        because = [
            premise
            for literal in rule.body
            for premise in (
                *self._stated(literal, binding),
                *self._not_yet(literal, binding, above),
            )
        ]
        return Proof(fact, rule, rule.sources, tuple(because))

    def _gathered(self, fact: Fact, then: Proof, above: frozenset[Fact]) -> Proof:
        """Why an aggregate is not yet what it would be: the rows that it would be over then and is
        not today."""
        assert then.rule is not None
        missing = [
            self.absence(premise.fact.relation, premise.fact.row, above)
            for premise in then.because
            if not premise.fact.absent
            and premise.fact.relation in self.today.small
            and not self.today.holds(premise.fact.relation, premise.fact.row)
        ]
        return Proof(fact, then.rule, then.rule.sources, tuple(dict.fromkeys(missing)))

    def presence(
        self, relation: str, row: Row, above: frozenset[Fact] = frozenset()
    ) -> Iterator[Proof]:
        """Why a fact holds today that would not hold then: each rule instance that gives it, by
        the first premise of it that would be gone."""
        fact = Fact(relation, row)
        if self._leaf(relation):
            yield Proof(fact)
            return
        if fact not in self._presences:
            self._presences[fact] = list(self._instances(fact, above | {fact}))
        yield from self._presences[fact]

    def _instances(self, fact: Fact, above: frozenset[Fact]) -> Iterator[Proof]:
        named: set[Fact] = set()
        for rule in self.today.program.rules_for(fact.relation):
            for binding in self.today.instances(rule, fact.row):
                gone = self._first_gone(rule, binding, above)
                if gone and gone[0].fact not in named:
                    named.add(gone[0].fact)
                    stated = [p for literal in rule.body for p in self._stated(literal, binding)]
                    yield Proof(fact, rule, rule.sources, (*stated, *gone))

    def _not_yet(
        self, literal: Literal, binding: Binding, above: frozenset[Fact]
    ) -> Iterator[Proof]:
        """Why a premise does not hold today, if it does not."""
        match literal:
            case Atom(name, terms):
                row = ground(terms, binding)
                if self._differs(name) and not self.today.holds(name, row):
                    yield self.absence(name, row, above)
            case Negation(Atom(name, terms)):
                if self._differs(name):
                    for row in self.today.index.matching(name, pattern_of(terms, binding)):
                        yield from self.presence(name, row, above)
            case Comparison():
                pass
            case _:
                assert_never(literal)

    def _first_gone(
        self, rule: Rule, binding: Binding, above: frozenset[Fact]
    ) -> tuple[Proof, ...]:
        """Why the first premise that would not hold then holds today."""
        for literal in rule.body:
            match literal:
                case Atom(name, terms):
                    row = ground(terms, binding)
                    circular = Fact(name, row) in above
                    if self._differs(name) and not circular and not self.then.holds(name, row):
                        found = tuple(self.presence(name, row, above))
                        if found:
                            return found
                case Negation(Atom(name, terms)) if self._differs(name):
                    rows = self.then.index.matching(name, pattern_of(terms, binding))
                    if rows:
                        return (self.absence(name, rows[0], above),)
                case Negation() | Comparison():
                    pass
                case _:
                    assert_never(literal)
        return ()

    def _stated(self, literal: Literal, binding: Binding) -> Iterator[Proof]:
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


def _binding_of(proof: Proof) -> Binding:
    """The values that the variables of a proof's rule have in it."""
    assert proof.rule is not None
    binding: Binding | None = {}
    for literal, premise in zip(proof.rule.body, proof.because, strict=True):
        if isinstance(literal, Atom):
            assert binding is not None
            binding = unify(literal.terms, premise.fact.row, binding)
    assert binding is not None
    for part in computed(proof.rule):
        given = assigned(part, binding.keys())
        if given is not None and (value := value_of(given[1], binding)) is not None:
            binding = {**binding, given[0]: value}
    return binding


def leaves(proof: Proof, near: tuple[Cite, ...] = ()) -> Iterator[tuple[Fact, tuple[Cite, ...]]]:
    """The leaves of an explanation that a profile states, each with the lines nearest above it that
    ask for it."""
    stated = of_sources(c for p in proof.because if p.rule is None for c in p.sources)
    for premise in proof.because:
        if premise.sources and premise.rule is None:
            continue
        yield from leaves(premise, stated or near)
    if not proof.because and not proof.sources:
        yield proof.fact, near
