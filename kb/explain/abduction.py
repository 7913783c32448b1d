"""Abduction: sets of assumptions about a profile under which a fact would hold, or would not.

A fact is supported by a rule instance whose failing premises are all supported; a fact under `~`
that stands in the way is defeated, and it is defeated when every instance that gives it loses a
premise. The leaves are what a profile states. What sources state is no assumption: where a fact of
theirs would be needed there is no support.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from kb.explain.assumptions import (
    LEAVES,
    Assumption,
    Assumptions,
    FailCondition,
    Limit,
    MeetCondition,
    consistent,
    joined,
    smallest,
)
from kb.explain.repair import (
    DropService,
    OfferService,
    ProvideDocument,
    StateAttribute,
    rank_of,
)
from kb.lang.arithmetic import assigned, compare
from kb.lang.arithmetic import value_of as computed_value
from kb.lang.ordering import app_variables, ordered, sources_first
from kb.lang.syntax import Atom, Comparison, Literal, Negation, Row, Rule, Value
from kb.model.requirements import Need
from kb.provenance.proof import Prover
from kb.provenance.unify import Binding, Pattern, ground, pattern_of, unify

DEEPEST = 24
"""Rules that are gone through below one another."""
KEPT_WITH_BINDINGS = 4
"""How many times as many sets are kept while they still stand with different bindings."""

Support: TypeAlias = dict[Pattern, list[Assumptions]]
"""The sets of assumptions under which rows would hold, by the row."""
Solution: TypeAlias = tuple[Assumptions, Binding]
"""Assumptions under which literals would hold, and the values of their variables then."""


NOTHING: list[Assumptions] = [frozenset()]
"""What holds as it is has to be supposed under no assumption."""


@dataclass
class Abduction:
    """A search in one model. `needs` are the documents that can be asked for, by id; `stateable`
    gives what may be stated of an attribute; with `keeping` no service is given up."""

    prover: Prover
    needs: Mapping[str, Need]
    stateable: Callable[[str], Iterable[tuple[Value, ...]]]
    limit: Limit = field(default_factory=Limit)
    keeping: bool = False
    _roles: dict[str, str] = field(default_factory=dict)
    _support: dict[tuple[str, Pattern], Support | None] = field(default_factory=dict)
    _defeat: dict[tuple[str, Row], list[Assumptions] | None] = field(default_factory=dict)
    _other: dict[tuple[str, Row], list[Assumptions]] = field(default_factory=dict)

    def explaining(self, relation: str, pattern: Pattern) -> list[Assumptions]:
        """The smallest sets of assumptions under which a fact that fits the pattern would hold, in
        the order of `rank_of`."""
        found = filter(None, self._supporting(relation, pattern, 0))
        return sorted(found, key=rank_of)

    def _supporting(self, relation: str, pattern: Pattern, depth: int) -> list[Assumptions]:
        support = self._supported(relation, pattern, depth)
        return smallest((each for sets in support.values() for each in sets), self.limit)

    def _supported(self, relation: str, pattern: Pattern, depth: int) -> Support:
        rows = self.prover.index.matching(relation, pattern)
        if rows:
            return {row: [frozenset()] for row in rows}
        role = self._role(relation)
        if role == "fact" or self._too_deep(depth):
            return {}
        if role == "leaf":
            sets = [self._with_number(each) for each in self._assumed(relation, pattern, True)]
            return {pattern: sets} if sets else {}
        key = relation, pattern
        if key in self._support:
            return self._support[key] or {}  # None: it is being looked for further up
        self._support[key] = None
        found: Support = {}
        for rule in self.prover.program.rules_for(relation):
            if self._gathers(rule):
                continue
            binding = unify(rule.head.terms, pattern, {})
            if binding is None:
                continue
            for each, solved in self._solutions(self._ordered(rule, binding), binding, depth):
                row = pattern_of(rule.head.terms, solved)
                found.setdefault(row, []).append(each)
        self._support[key] = {row: smallest(sets, self.limit) for row, sets in found.items()}
        return self._support[key] or {}

    def _ordered(self, rule: Rule, binding: Binding) -> tuple[Literal, ...]:
        """A rule's body in the order in which it is gone through, kept for every app."""
        orders = self.prover.index.orders
        key = id(rule), frozenset(binding)
        if key not in orders:
            idle = app_variables(rule, self.prover.program.relations)
            orders[key] = ordered(rule, sources_first(self._role, idle), known=binding)
        return orders[key]

    def _solutions(self, body: tuple[Literal, ...], binding: Binding, depth: int) -> list[Solution]:
        """The assumptions under which all literals would hold from the binding so far on."""
        if not body:
            return [(frozenset(), binding)]
        literal, rest = body[0], body[1:]
        match literal:
            case Comparison(left, op, right):
                given = assigned(literal, binding.keys())
                if given is not None and (made := computed_value(given[1], binding)) is not None:
                    return self._solutions(rest, {**binding, given[0]: made}, depth)
                one, other = (computed_value(side, binding) for side in (left, right))
                if one is None or other is None or compare(one, other, op):
                    return self._solutions(rest, binding, depth)
                return []
            case Negation(Atom(name, terms)):
                sets: list[Assumptions] = [frozenset()]
                for row in self.prover.index.matching(name, pattern_of(terms, binding)):
                    sets = joined(sets, self._defeating(name, row, depth + 1), self.limit)
                if not sets:
                    return []
                return _both(sets, self._solutions(rest, binding, depth))
            case Atom(name, terms):
                found: list[Solution] = []
                support = self._supported(name, pattern_of(terms, binding), depth + 1)
                for pattern, sets in support.items():
                    extended = unify(terms, pattern, binding)
                    if extended is not None:
                        more = _both(sets, self._solutions(rest, extended, depth))
                        found += self._keeping(name, pattern, more, depth)
                return self._smallest(found)
            case _:
                assert_never(literal)

    def _keeping(
        self, relation: str, row: Pattern, found: list[Solution], depth: int
    ) -> list[Solution]:
        """The solutions without those that would defeat this premise to support another, unless
        they support it in another way."""
        if all(not each for each, _ in found) or not self._holds(relation, row):
            return found
        whole = tuple(v for v in row if v is not None)
        sets = self._defeating(relation, whole, depth + 1)
        defeating = {each for each, _ in found if any(one <= each for one in sets)}
        if not defeating:
            return found
        others = self._otherwise(relation, whole, depth + 1)
        lost = {each for each in defeating if not any(one <= each for one in others)}
        return [(each, b) for each, b in found if each not in lost]

    def _otherwise(self, relation: str, row: Row, depth: int) -> list[Assumptions]:
        """The sets of assumptions under which a fact that holds would hold by other instances of
        rules than today."""
        key = relation, row
        if key not in self._other:
            self._other[key] = []  # while it is being looked for, further down
            if self._role(relation) == "rule" and not self._too_deep(depth):
                sets = []
                for rule in self.prover.program.rules_for(relation):
                    binding = None if self._gathers(rule) else unify(rule.head.terms, row, {})
                    if binding is not None:
                        body = self._ordered(rule, binding)
                        sets += [each for each, _ in self._solutions(body, binding, depth) if each]
                self._other[key] = smallest(sets, self.limit)
        return self._other[key]

    def _defeating(self, relation: str, row: Row, depth: int) -> list[Assumptions]:
        """The sets of assumptions under which a fact that holds would not."""
        role = self._role(relation)
        if role == "fact" or self._too_deep(depth):
            return []
        if role == "leaf":
            return [self._with_number(each) for each in self._assumed(relation, row, False)]
        key = relation, row
        if key in self._defeat:
            return self._defeat[key] or []
        self._defeat[key] = None
        sets: list[Assumptions] = [frozenset()]
        for rule in self.prover.program.rules_for(relation):
            if self._gathers(rule):
                sets = []
                break
            for binding in self.prover.instances(rule, row):
                losing = smallest(self._losing_a_premise(rule, binding, depth), self.limit)
                sets = joined(sets, losing, self.limit)
                if not sets:
                    break
        self._defeat[key] = smallest(sets, self.limit)
        return self._defeat[key] or []

    def _losing_a_premise(self, rule: Rule, binding: Binding, depth: int) -> Iterator[Assumptions]:
        for literal in rule.body:
            match literal:
                case Atom(name, terms):
                    yield from self._defeating(name, ground(terms, binding), depth + 1)
                case Negation(Atom(name, terms)):
                    yield from self._supporting(name, pattern_of(terms, binding), depth + 1)
                case Comparison():
                    pass
                case _:
                    assert_never(literal)

    def _gathers(self, rule: Rule) -> bool:
        """Whether a rule has an aggregate: what would change it is not looked for, and the limit
        says that not every repair was."""
        self.limit.reached |= rule.aggregate is not None
        return rule.aggregate is not None

    def _too_deep(self, depth: int) -> bool:
        self.limit.reached |= depth > DEEPEST
        return depth > DEEPEST

    def _smallest(self, found: list[Solution]) -> list[Solution]:
        """Each set once with each binding; the smallest sets where there are very many."""
        if len(found) < 2:
            return found
        unique = {(each, tuple(sorted(b.items()))): (each, b) for each, b in found}
        most = KEPT_WITH_BINDINGS * self.limit.most
        self.limit.reached |= len(unique) > most
        return sorted(unique.values(), key=lambda solution: len(solution[0]))[:most]

    def _role(self, relation: str) -> str:
        """`fact` (sources decide it), `leaf` (a profile states it), or `rule`."""
        role = self._roles.get(relation)
        if role is None:
            declared = self.prover.program.relations[relation].role
            role = "leaf" if relation in LEAVES or declared == "app" else declared
            if role == "rule" and relation not in self.prover.small:
                role = "fact"
            self._roles[relation] = role
        return role

    def _assumed(self, relation: str, pattern: Pattern, holds: bool) -> Iterator[Assumption]:
        """What could be assumed so that a leaf `holds`, or so that it does not."""
        if len(pattern) < 2 or pattern[1] is None:
            return
        subject = str(pattern[1])
        match relation:
            case "held" if holds and subject in self.needs:
                unknown = self._holds("perhaps_held", pattern)
                yield ProvideDocument(
                    self.needs[subject], unknown, self._holds("too_many", pattern)
                )
            case "too_many" if not holds and subject in self.needs:
                yield ProvideDocument(self.needs[subject], too_many=True)
            case "too_few" if not holds and subject in self.needs:
                yield ProvideDocument(self.needs[subject])
            case "perhaps_held" if not holds and subject in self.needs:
                yield ProvideDocument(self.needs[subject], unknown=True)
            case "party_copy" if subject in self.needs and (holds or pattern[3] == 0):
                yield ProvideDocument(self.needs[subject], unknown=not holds)
            case "met" | "failed" | "open_condition":
                yield from self._decided(relation, subject, holds, pattern)
            case "app_holds" | "app_holds_during" if holds:
                need = Need(subject, str(pattern[2] or "applicant"))
                if need.id in self.needs:
                    yield ProvideDocument(need)
            case "app_knows" if holds and subject == "services":
                yield StateAttribute("services", (), unknown=True)
            case "app_knows" if holds:
                yield from self._stating(subject, unknown=True)
            case "app_day" | "app_number" if holds:
                yield from self._stating(subject, pattern[2])
            case "app_value" if subject == "services":
                if pattern[2] is not None:
                    service = str(pattern[2])
                    if holds:
                        yield OfferService(service)
                    elif not self.keeping:
                        yield DropService(service)
            case "app_value" if None not in pattern:
                yield from self._stated(pattern, holds)
            case "app_value" if holds:
                yield from self._stating(subject)

    def _with_number(self, assumed: Assumption) -> Assumptions:
        """An assumption; papers of which there are as many as a number says are so many. Where the
        number is not said, those in hand are taken for all, or the least is."""
        need = assumed.need if isinstance(assumed, ProvideDocument) else None
        if not isinstance(assumed, ProvideDocument) or need is None or not need.as_many:
            return frozenset({assumed})
        if self._holds("number_open", (None, need.id, None)):
            rows = self.prover.index.matching("in_hand", (None, need.id, None, None))
            there = max((int(row[2]) for row in rows), default=0)
            said = StateAttribute(need.as_many, (max(there, need.at_least),), True)
            return frozenset({said} if there >= need.at_least else {assumed, said})
        rows = self.prover.index.matching("more_asked", (None, need.id, None))
        count = max((int(row[2]) for row in rows), default=need.at_least)
        return frozenset({replace(assumed, need=replace(need, counted=count))})

    def _decided(
        self, relation: str, condition: str, holds: bool, pattern: Pattern
    ) -> Iterator[Assumption]:
        """How a condition could be decided so that `met`, `failed` or `open_condition` holds, or
        not."""
        unknown = self._holds("open_condition", pattern)
        if relation == "open_condition":
            if not holds:
                yield MeetCondition(condition, unknown)
                yield FailCondition(condition, unknown)
        elif holds == (relation == "met"):
            yield MeetCondition(condition, unknown)
        else:
            yield FailCondition(condition, unknown)

    def _stating(
        self, attribute: str, value: Value | None = None, *, unknown: bool = False
    ) -> Iterator[Assumption]:
        """Any statement about an attribute, or the one value."""
        unknown = unknown or not self._holds("app_knows", (None, attribute))
        for each in self.stateable(attribute) if value is None else [(value,)]:
            yield StateAttribute(attribute, each, unknown)

    def _stated(self, pattern: Pattern, holds: bool) -> Iterator[Assumption]:
        app, attribute, value = pattern
        unknown = not self._holds("app_knows", (app, attribute))
        if holds and value is not None:
            yield StateAttribute(str(attribute), (value,), unknown)
        elif value == "yes":
            yield StateAttribute(str(attribute), ("no",), unknown)

    def _holds(self, relation: str, pattern: Pattern) -> bool:
        return bool(self.prover.index.matching(relation, pattern))


def _both(sets: list[Assumptions], rest: list[Solution]) -> list[Solution]:
    if sets == NOTHING:
        return rest
    return [(one | more, b) for one in sets for more, b in rest if consistent(one | more)]
