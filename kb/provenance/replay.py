"""Replaying a proof: each step is checked on its own, by nothing that helped to find it.

So rules are matched against facts by a small matcher of its own and not by `kb.provenance.unify`:
a mistake there can not pass here too. Only what comparisons of values mean is shared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from kb.engines.protocol import Model
from kb.lang.syntax import Atom, Comparison, Constant, Facts, Literal, Negation, Program, Value
from kb.provenance.proof import Fact, Proof
from kb.provenance.unify import COMPARISONS, compare

Binding = dict[str, Value]


def faults(proof: Proof, program: Program, model: Model, stated: Facts) -> Iterator[str]:
    """What is wrong with a proof; nothing when it holds. `stated` are the facts that sources and
    the profile state, `model` all facts of the program over them."""
    yield from _faults(proof, program, model, {n: set(rows) for n, rows in stated.items()}, ())


def _faults(
    proof: Proof,
    program: Program,
    model: Model,
    stated: dict[str, set[object]],
    above: tuple[Fact, ...],
) -> Iterator[str]:
    fact = proof.fact
    if fact in above:
        yield f"{fact} rests on itself"
        return
    if proof.rule is None:
        yield from _leaf(proof, model, stated)
        return
    if proof.rule not in program.rules:
        yield f"{fact} is given by a rule that the program does not have"
        return
    binding: Binding = {}
    if not _match(proof.rule.head, fact, binding):
        yield f"{fact} is no instance of `{proof.rule.head}`"
    if len(proof.rule.body) != len(proof.because):
        yield f"{fact} has {len(proof.because)} premises, its rule has {len(proof.rule.body)}"
        return
    pairs = list(zip(proof.rule.body, proof.because, strict=True))
    # Positive premises first: they bind what negations and comparisons speak of.
    for literal, premise in sorted(pairs, key=lambda pair: not isinstance(pair[0], Atom)):
        if not _premise(literal, premise.fact, binding):
            yield f"{premise.fact} is no instance of `{literal}`"
    for premise in proof.because:
        yield from _faults(premise, program, model, stated, (*above, fact))


def _leaf(proof: Proof, model: Model, stated: dict[str, set[object]]) -> Iterator[str]:
    fact = proof.fact
    if proof.because:
        yield f"{fact} has premises and no rule"
    if fact.absent:
        for row in model.get(fact.relation, ()):
            if all(want in ("_", have) for want, have in zip(fact.row, row, strict=True)):
                yield f"{fact} is said to be absent, {Fact(fact.relation, row)} holds"
                return
    elif fact.relation in COMPARISONS:
        if not _true(fact):
            yield f"{fact} is not true"
    elif fact.row not in stated.get(fact.relation, ()):
        yield f"{fact} is stated by nothing"


def _true(fact: Fact) -> bool:
    if len(fact.row) != 2:
        return False
    left, right = fact.row
    ordered = isinstance(left, int) and isinstance(right, int)
    return (ordered or fact.relation in ("==", "!=")) and compare(left, right, fact.relation)


def _premise(literal: Literal, fact: Fact, binding: Binding) -> bool:
    match literal:
        case Atom():
            return not fact.absent and _match(literal, fact, binding)
        case Negation(atom):
            return (
                fact.absent and fact.relation == atom.relation and _shown(atom, binding) == fact.row
            )
        case Comparison(left, op, right):
            shown = _shown(Atom(op, (left, right)), binding)
            return not fact.absent and fact.relation == op and shown == fact.row
        case _:
            assert_never(literal)


def _shown(atom: Atom, binding: Binding) -> tuple[Value, ...]:
    """The row that an atom stands for; `_` in the places that nothing binds."""
    return tuple(
        term.value if isinstance(term, Constant) else binding.get(term.name, "_")
        for term in atom.terms
    )


def _match(atom: Atom, fact: Fact, binding: Binding) -> bool:
    if atom.relation != fact.relation or len(atom.terms) != len(fact.row):
        return False
    for term, value in zip(atom.terms, fact.row, strict=True):
        if isinstance(term, Constant):
            if term.value != value:
                return False
        elif binding.setdefault(term.name, value) != value:
            return False
    return True
