"""Replaying a proof: each step is checked on its own, by nothing that helped to find it.

So rules are matched against facts by a small matcher of its own and not by `kb.provenance.unify`:
a mistake there can not pass here too. Only what comparisons and operations mean is shared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from kb.engines.protocol import Model
from kb.lang.arithmetic import COMPARISONS, aggregated, assigned, compare, computed, value_of
from kb.lang.syntax import (
    Aggregate,
    Atom,
    Comparison,
    Constant,
    Facts,
    Literal,
    Negation,
    Program,
    Rule,
    Value,
)
from kb.provenance.proof import Fact, Proof

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
        # A denied fact may tell what stands in its way: each of that is a proof of its own.
        for premise in proof.because:
            yield from _faults(premise, program, model, stated, (*above, fact))
        return
    if proof.rule not in program.rules:
        yield f"{fact} is given by a rule that the program does not have"
        return
    if proof.rule.aggregate is not None:
        yield from _gathered(proof, proof.rule, proof.rule.aggregate, model)
    else:
        binding: Binding = {}
        if not _match(proof.rule.head, fact, binding):
            yield f"{fact} is no instance of `{proof.rule.head}`"
        if len(proof.rule.body) != len(proof.because):
            yield f"{fact} has {len(proof.because)} premises, its rule has {len(proof.rule.body)}"
            return
        yield from _instance(proof.rule, proof.because, binding)
    for premise in proof.because:
        yield from _faults(premise, program, model, stated, (*above, fact))


def _instance(rule: Rule, because: tuple[Proof, ...], binding: Binding) -> Iterator[str]:
    """What is wrong with the premises of one instance; the binding has its values afterwards."""
    first = computed(rule)

    def turn(pair: tuple[Literal, Proof]) -> int:
        # Positive premises first: they bind what is computed, and that binds what is left.
        if isinstance(pair[0], Atom):
            return -1
        return next((n for n, each in enumerate(first) if each is pair[0]), len(first))

    for literal, premise in sorted(zip(rule.body, because, strict=True), key=turn):
        if not _premise(literal, premise.fact, binding):
            yield f"{premise.fact} is no instance of `{literal}`"


def _gathered(proof: Proof, rule: Rule, aggregate: Aggregate, model: Model) -> Iterator[str]:
    """What is wrong with an aggregate: each row that was gathered is one that the rule gives, none
    stands there twice, and none is left out."""
    fact, size, at = proof.fact, len(rule.body), aggregate.at
    head = Atom(fact.relation, rule.group)
    group = Fact(fact.relation, (*fact.row[:at], *fact.row[at + 1 :]))
    start: Binding = {}
    if not _match(head, group, start):
        yield f"{fact} is no instance of `{rule.head}`"
        return
    if not proof.because or len(proof.because) % size:
        yield f"{fact} has {len(proof.because)} premises, its rule has {size} for each row"
        return
    seen: list[tuple[Value, ...]] = []
    for n in range(0, len(proof.because), size):
        binding = dict(start)
        yield from _instance(rule, proof.because[n : n + size], binding)
        seen.append(_shown(Atom("", aggregate.terms), binding))
    every = {_shown(Atom("", aggregate.terms), b) for b in _all(rule, model, start)}
    value = fact.row[at]
    if aggregate.op in ("min", "max"):
        if (value,) not in seen or any(
            compare(value, row[0], _BEYOND[aggregate.op]) for row in every
        ):
            yield f"{fact} is not the {aggregate.op} of what there is"
    elif len(set(seen)) != len(seen) or set(seen) != every:
        yield f"{fact} gathers {len(seen)} rows, there are {len(every)}"
    elif aggregated(aggregate.op, seen) != value:
        yield f"{fact} is not the {aggregate.op} of its rows"


_BEYOND = {"min": ">", "max": "<"}


def _all(rule: Rule, model: Model, start: Binding) -> Iterator[Binding]:
    """Each binding under which the body holds, by trying every row."""
    found = [start]
    for atom in (part for part in rule.body if isinstance(part, Atom)):
        longer = []
        for binding in found:
            for row in model.get(atom.relation, ()):
                more = dict(binding)
                if _match(atom, Fact(atom.relation, row), more):
                    longer.append(more)
        found = longer
    for binding in found:
        if _holds(rule, model, binding):
            yield binding


def _holds(rule: Rule, model: Model, binding: Binding) -> bool:
    if not all(_assign(part, binding) for part in computed(rule)):
        return False
    for literal in rule.body:
        match literal:
            case Comparison(left, op, right):
                one, other = value_of(left, binding), value_of(right, binding)
                if one is None or other is None or not compare(one, other, op):
                    return False
            case Negation(atom):
                wanted = _shown(atom, binding)
                for row in model.get(atom.relation, ()):
                    if all(w in ("_", have) for w, have in zip(wanted, row, strict=True)):
                        return False
    return True


def _assign(part: Comparison, binding: Binding) -> bool:
    """Give a variable the value that a comparison computes for it, if it does; whether there is
    one."""
    given = assigned(part, binding.keys())
    if given is None:
        return True
    value = value_of(given[1], binding)
    if value is None:
        return False
    binding[given[0]] = value
    return True


def _leaf(proof: Proof, model: Model, stated: dict[str, set[object]]) -> Iterator[str]:
    fact = proof.fact
    if proof.because and not fact.absent:
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
            if not _assign(literal, binding):
                return False
            shown = value_of(left, binding), value_of(right, binding)
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
