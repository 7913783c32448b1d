"""Proofs: for a fact, a rule instance whose body holds, down to what facts and profiles state.

A proof is the shortest there is (its height, as in Souffle's provenance: Zhao, Subotic and Scholz
2020), so it is never circular; between equals the first in the order of rules and names is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from typing import assert_never

from kb.engines.protocol import Model, row_order
from kb.lang.arithmetic import COMPARISONS, aggregated, assigned, compare, value_of
from kb.lang.ordering import by_bindings, ordered
from kb.lang.syntax import (
    Aggregate,
    Atom,
    Cite,
    Comparison,
    Constant,
    Literal,
    Negation,
    Program,
    Row,
    Rule,
    Variable,
    variables_of,
)
from kb.model.rows import HOUSE
from kb.provenance.row_index import Index
from kb.provenance.unify import Binding, ground, pattern_of, unify


@dataclass(frozen=True, slots=True)
class Fact:
    """A relation and one of its rows; `absent` when it is a negation that is shown."""

    relation: str
    row: Row
    absent: bool = False

    def __str__(self) -> str:
        if self.relation in COMPARISONS:
            left, right = map(Constant, self.row)
            return str(Comparison(left, self.relation, right))
        # A place that a negation leaves open is no constant.
        terms = ", ".join(
            "_" if self.absent and value == "_" else str(Constant(value)) for value in self.row
        )
        return f"{'~' * self.absent}{self.relation}({terms})"


@dataclass(frozen=True, slots=True)
class Proof:
    """A fact, the rule that gives it (None: it is stated, absent or a comparison), the lines that
    state it, and the proofs of the rule's premises. Of a rule with an aggregate these are the
    premises of each row that was counted or added, one after another; of a least or greatest value
    those of the first row that has it."""

    fact: Fact
    rule: Rule | None = None
    sources: tuple[Cite, ...] = ()
    because: tuple[Proof, ...] = ()

    @property
    def height(self) -> int:
        """How many steps the longest branch has; 1 for what is stated."""
        return 1 + max((premise.height for premise in self.because), default=0)

    def leaves(self) -> Iterator[Proof]:
        """The premises that rest on no others, from left to right."""
        if not self.because:
            yield self
        for premise in self.because:
            yield from premise.leaves()


def of_sources(cites: Iterable[Cite]) -> tuple[Cite, ...]:
    """The cites without those of the house's own rules and vocabularies, which are no source."""
    return tuple(cite for cite in cites if cite.source != HOUSE.source)


def merged_cites(cites: Iterable[Cite]) -> tuple[Cite, ...]:
    """One cite for each source, with all its lines."""
    lines: dict[str, set[int]] = {}
    for cite in of_sources(cites):
        lines.setdefault(cite.source, set()).update(cite.lines)
    return tuple(Cite(source, tuple(sorted(of))) for source, of in sorted(lines.items()))


class Prover:
    """Finds the shortest proofs of the facts in a model.

    `cite` gives the lines that state a fact; `index` may be shared with other models (see `Index`);
    `small` names the relations whose facts differ from app to app.
    """

    def __init__(
        self,
        program: Program,
        model: Model,
        cite: Callable[[str, Row], Cite | None],
        index: Index | None = None,
        small: frozenset[str] | None = None,
    ) -> None:
        self.program = program
        self.model = model
        self.cite = cite
        self.index = index or Index(model)
        self.small = small if small is not None else program.dynamic()
        self._orders = self.index.orders
        self._least = self.index.heights
        if not self._least:
            self._least.update(least_heights(program))
        self._found: dict[Fact, Proof] = {}
        self._failed: dict[Fact, int] = {}
        self._instances: dict[tuple[int, Row], _Kept] = {}

    def holds(self, relation: str, row: Row) -> bool:
        """Whether the model has a fact."""
        return row in self.model.get(relation, ())

    def prove(self, relation: str, row: Row) -> Proof | None:
        """The shortest proof of a fact; None when it does not hold."""
        if not self.holds(relation, row):
            return None
        fact = Fact(relation, row)
        depth = self._least.get(relation, 1)
        while True:
            proof = self._prove(fact, depth)
            if proof is not None:
                return proof
            depth += 1

    def _prove(self, fact: Fact, depth: int) -> Proof | None:
        """A proof of at most this height."""
        known = self._found.get(fact)
        if known is not None:
            return known if known.height <= depth else None
        rules = self.program.rules_for(fact.relation)
        if not rules:
            cite = self.cite(fact.relation, fact.row)
            proof = Proof(fact, None, (cite,) if cite else ())
            self._found[fact] = proof
            return proof
        # Deepening by one finds the shortest first, also where a taller one would be met sooner.
        least = max(self._failed.get(fact, 0) + 1, self._least.get(fact.relation, 1))
        for height in range(least, depth + 1):
            for rule in rules:
                if rule.aggregate is not None:
                    premises = self._gathered(rule, rule.aggregate, fact.row, height - 1)
                    if premises is not None:
                        self._found[fact] = Proof(fact, rule, rule.sources, premises)
                        return self._found[fact]
                    continue
                for binding in self._kept(rule, fact.row):
                    premises = self._premises(rule, binding, height - 1)
                    if premises is not None:
                        self._found[fact] = Proof(fact, rule, rule.sources, premises)
                        return self._found[fact]
            self._failed[fact] = height
        return None

    def _gathered(
        self, rule: Rule, aggregate: Aggregate, row: Row, depth: int
    ) -> tuple[Proof, ...] | None:
        """The premises of all that an aggregate is over."""
        instances: dict[tuple[int | str, ...], list[Binding]] = {}
        for binding in self._kept(rule, row):
            instances.setdefault(ground(aggregate.terms, binding), []).append(binding)
        value = row[aggregate.at]
        if not instances or aggregated(aggregate.op, instances) != value:
            return None
        if aggregate.op in ("min", "max"):
            instances = {over: found for over, found in instances.items() if over[0] == value}
        premises: list[Proof] = []
        for over in sorted(instances, key=row_order):
            tries = (self._premises(rule, binding, depth) for binding in instances[over])
            found = next((one for one in tries if one is not None), None)
            if found is None:
                return None
            premises += found
        return tuple(premises)

    def _premises(self, rule: Rule, binding: Binding, depth: int) -> tuple[Proof, ...] | None:
        premises: list[Proof] = []
        for literal in rule.body:
            match literal:
                case Atom(name, terms):
                    proof = self._prove(Fact(name, ground(terms, binding)), depth)
                    if proof is None:
                        return None
                    premises.append(proof)
                case Negation(Atom(name, terms)):
                    pattern = pattern_of(terms, binding)
                    shown = tuple("_" if value is None else value for value in pattern)
                    premises.append(Proof(Fact(name, shown, absent=True)))
                case Comparison(left, op, right):
                    one, other = value_of(left, binding), value_of(right, binding)
                    assert one is not None
                    assert other is not None
                    premises.append(Proof(Fact(op, (one, other))))
                case _:
                    assert_never(literal)
        return tuple(premises)

    def _kept(self, rule: Rule, head: Row) -> Iterable[Binding]:
        """The instances of a rule: each greater height looks through them again."""
        key = id(rule), head
        if key not in self._instances:
            self._instances[key] = _Kept(self.instances(rule, head))
        return self._instances[key]

    def instances(self, rule: Rule, head: Row) -> Iterator[Binding]:
        """The bindings under which a rule gives a row, in a fixed order; of a rule with an
        aggregate those of everything that it is over."""
        if rule.aggregate is not None:
            at = rule.aggregate.at
            head = (*head[:at], *head[at + 1 :])
        binding = unify(rule.group, head, {})
        if binding is None:
            return
        body = self._orders.get(id(rule))
        if body is None:
            known = {term.name for term in rule.group if isinstance(term, Variable)}
            body = ordered(rule, by_bindings(self.small), known=known)
            # First what is tied: another thread that finds the order looks for it.
            self.index.tied[id(rule)] = self._tied(body[1:], known)
            self._orders[id(rule)] = body
        tied = self.index.tied[id(rule)]
        if all(self.index.matching(a.relation, pattern_of(a.terms, binding)) for a in tied):
            yield from self.solutions(body, binding)

    def _tied(self, body: Iterable[Literal], known: Set[str]) -> tuple[Atom, ...]:
        """The literals that facts of the base decide and the head ties down: where one of them fits
        nothing the rest needs no search."""
        return tuple(
            literal
            for literal in body
            if isinstance(literal, Atom)
            and literal.relation not in self.small
            and not known.isdisjoint(variable.name for variable in variables_of(literal))
        )

    def solutions(self, body: tuple[Literal, ...], binding: Binding) -> Iterator[Binding]:
        """The bindings under which all literals of a body hold."""
        if not body:
            yield binding
            return
        literal, rest = body[0], body[1:]
        for extended in self.extensions(literal, binding):
            yield from self.solutions(rest, extended)

    def extensions(self, literal: Literal, binding: Binding) -> Iterator[Binding]:
        """The ways in which one literal holds under a binding."""
        match literal:
            case Atom(name, terms):
                for row in self.index.matching(name, pattern_of(terms, binding)):
                    extended = unify(terms, row, binding)
                    if extended is not None:
                        yield extended
            case Negation(Atom(name, terms)):
                if not self.index.matching(name, pattern_of(terms, binding)):
                    yield binding
            case Comparison(left, op, right):
                given = assigned(literal, binding.keys())
                if given is not None:
                    value = value_of(given[1], binding)
                    if value is not None:
                        yield {**binding, given[0]: value}
                    return
                one, other = value_of(left, binding), value_of(right, binding)
                if one is not None and other is not None and compare(one, other, op):
                    yield binding
            case _:
                assert_never(literal)


class _Kept:
    """What an iterator gives, found once and as far as somebody asks."""

    def __init__(self, source: Iterator[Binding]) -> None:
        self._source = source
        self._found: list[Binding] = []

    def __iter__(self) -> Iterator[Binding]:
        at = 0
        while True:
            while at < len(self._found):
                yield self._found[at]
                at += 1
            more = next(self._source, None)
            if more is None:
                return
            self._found.append(more)


def least_heights(program: Program) -> dict[str, int]:
    """A height below which no fact of a relation has a proof: 1 for what is stated."""
    heights: dict[str, int] = {}
    bodies = []
    for rule in program.rules:
        atoms = list(rule.atoms())
        derived = [a.relation for a, no in atoms if not no and program.rules_for(a.relation)]
        bodies.append((rule.head.relation, derived, min(1, len(atoms))))
    changed = True
    while changed:
        changed = False
        for head, derived, stated in bodies:
            premises = [stated, *(heights.get(relation, 0) for relation in derived)]
            if 0 in premises[1:]:
                continue
            height = 1 + max(premises)
            if height < heights.get(head, height + 1):
                heights[head] = height
                changed = True
    return heights
