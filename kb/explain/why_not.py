"""Why not: each way in which a fact could have held, the leaves that fail in it, and what would
supply them.

A fact is *made* by a rule instance whose failing premises are all mended: a failing atom is made,
a fact under `~` is *broken*; it is broken when every instance that gives it loses a premise. Leaves
are what a profile can supply: a document, a condition met or not, a service offered or dropped.
What sources state can not be supplied, so a way that needs it is no way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias, assert_never

from kb.explain.repair import Limit, Missing, Supply, Way, joined, least, possible
from kb.lang.ordering import app_variables
from kb.lang.syntax import (
    Atom,
    Comparison,
    Literal,
    Negation,
    Row,
    Rule,
    Value,
)
from kb.provenance.proof import Prover, compare
from kb.provenance.unify import (
    Binding,
    Pattern,
    extended,
    pattern_of,
    row_of,
    sources_first,
    unified,
    value_of,
)

LEAVES = frozenset({"held", "perhaps_held", "met", "failed", "open_condition"})
"""Derived relations that stand for something a profile can supply: documents and conditions."""

DEEPEST = 24

Made: TypeAlias = "dict[Pattern, list[Way]]"


@dataclass
class Mender:
    """Finds the ways to make and to break facts of a model."""

    prover: Prover
    values: Callable[[str], Iterable[tuple[Value, ...]]]
    """What may be said of an attribute."""
    limit: Limit = field(default_factory=Limit)
    _roles: dict[str, str] = field(default_factory=dict)
    _made: dict[tuple[str, Pattern], Made | None] = field(default_factory=dict)
    _broken: dict[tuple[str, Row], list[Way] | None] = field(default_factory=dict)

    def why_not(self, relation: str, pattern: Pattern) -> list[Missing]:
        """The ways in which a fact could have held, those with the least missing first."""
        ways = self._ways(relation, pattern, 0)
        found = [Missing(tuple(sorted(way))) for way in ways if way]
        return sorted(found, key=Missing.rank)

    def _ways(self, relation: str, pattern: Pattern, depth: int) -> list[Way]:
        made = self.make(relation, pattern, depth)
        return least((way for ways in made.values() for way in ways), self.limit)

    def make(self, relation: str, pattern: Pattern, depth: int) -> Made:
        """The ways to let a fact hold, by the rows that would then hold."""
        rows = self._rows(relation, pattern)
        if rows:
            return {row: [frozenset()] for row in rows}
        role = self.roles(relation)
        if role == "fact" or self._too_deep(depth):
            return {}
        if role == "leaf":
            supplies = [frozenset({supply}) for supply in self._supply(relation, pattern, True)]
            return {pattern: supplies} if supplies else {}
        key = relation, pattern
        if key in self._made:
            return self._made[key] or {}  # None: it is being looked for further up
        self._made[key] = None
        made: Made = {}
        for rule in self.prover.program.rules_for(relation):
            binding = unified(rule, pattern)
            if binding is None:
                continue
            for way, found in self._body(self._ordered(rule, binding), binding, depth):
                row = pattern_of(rule.head.terms, found)
                made.setdefault(row, []).append(way)
        self._made[key] = {row: least(ways, self.limit) for row, ways in made.items()}
        return self._made[key] or {}

    def _ordered(self, rule: Rule, binding: Binding) -> tuple[Literal, ...]:
        """A rule's body in the order in which it is mended, kept for every app."""
        orders = self.prover.index.orders
        key = id(rule), frozenset(binding)
        if key not in orders:
            idle = app_variables(rule, self.prover.program.relations)
            orders[key] = sources_first(rule, binding, self.roles, idle)
        return orders[key]

    def _body(
        self, body: tuple[Literal, ...], binding: Binding, depth: int
    ) -> list[tuple[Way, Binding]]:
        """The ways to satisfy all literals from the binding so far, and the bindings they give."""
        if not body:
            return [(frozenset(), binding)]
        literal, rest = body[0], body[1:]
        match literal:
            case Comparison(left, op, right):
                one, other = value_of(left, binding), value_of(right, binding)
                if one is None or other is None or compare(one, other, op):
                    return self._body(rest, binding, depth)
                return []
            case Negation(Atom(name, terms)):
                broken: list[Way] = [frozenset()]
                for row in self._rows(name, pattern_of(terms, binding)):
                    broken = joined(broken, self.break_(name, row, depth + 1), self.limit)
                if not broken:
                    return []
                return _both(broken, self._body(rest, binding, depth))
            case Atom(name, terms):
                found: list[tuple[Way, Binding]] = []
                made = self.make(name, pattern_of(terms, binding), depth + 1)
                for pattern, ways in made.items():
                    more_bound = extended(terms, pattern, binding)
                    if more_bound is not None:
                        more = _both(ways, self._body(rest, more_bound, depth))
                        found += self._keeping(name, pattern, more, depth)
                return self._cheapest(found)
            case _:
                assert_never(literal)

    def _keeping(
        self, relation: str, row: Pattern, found: list[tuple[Way, Binding]], depth: int
    ) -> list[tuple[Way, Binding]]:
        """What is found without the ways that would break this premise to mend another."""
        if all(not way for way, _ in found) or not self._holds(relation, row):
            return found
        breaking = self.break_(relation, tuple(v for v in row if v is not None), depth + 1)
        return [(way, b) for way, b in found if not any(one <= way for one in breaking)]

    def break_(self, relation: str, row: Row, depth: int) -> list[Way]:
        """The ways in which a fact that holds would not."""
        role = self.roles(relation)
        if role == "fact" or self._too_deep(depth):
            return []
        if role == "leaf":
            return [frozenset({supply}) for supply in self._supply(relation, row, False)]
        key = relation, row
        if key in self._broken:
            return self._broken[key] or []
        self._broken[key] = None
        ways: list[Way] = [frozenset()]
        for rule in self.prover.program.rules_for(relation):
            for binding in self.prover.instances(rule, row):
                one: list[Way] = []
                for literal in rule.body:
                    match literal:
                        case Atom(name, terms):
                            ground = row_of(terms, dict(binding))
                            one += self.break_(name, ground, depth + 1)
                        case Negation(Atom(name, terms)):
                            one += self._ways(name, pattern_of(terms, dict(binding)), depth + 1)
                        case Comparison():
                            pass
                        case _:
                            assert_never(literal)
                ways = joined(ways, least(one, self.limit), self.limit)
                if not ways:
                    break
        self._broken[key] = least(ways, self.limit)
        return self._broken[key] or []

    def _too_deep(self, depth: int) -> bool:
        self.limit.reached |= depth > DEEPEST
        return depth > DEEPEST

    def _cheapest(self, found: list[tuple[Way, Binding]]) -> list[tuple[Way, Binding]]:
        """Each way once with each binding, the cheapest ones where there are very many."""
        unique = {(way, tuple(sorted(b.items()))): (way, b) for way, b in found}
        most = 4 * self.limit.most
        self.limit.reached |= len(unique) > most
        return sorted(unique.values(), key=lambda entry: len(entry[0]))[:most]

    def roles(self, relation: str) -> str:
        """`fact` (sources decide it), `leaf` (a profile can), or `rule`."""
        role = self._roles.get(relation)
        if role is None:
            declared = self.prover.program.relations[relation].role
            role = "leaf" if relation in LEAVES or declared == "app" else declared
            if role == "rule" and relation not in self.prover.small:
                role = "fact"
            self._roles[relation] = role
        return role

    def _supply(self, relation: str, pattern: Pattern, make: bool) -> Iterator[Supply]:
        """What a profile could supply so that a leaf holds (`make`) or no longer holds."""
        subject = str(pattern[1]) if len(pattern) > 1 else ""
        match relation:
            case "held" if make:
                unknown = self._holds("perhaps_held", pattern)
                yield Supply("document", subject, "unknown" if unknown else "failed")
            case "perhaps_held" if not make:
                yield Supply("document", subject, "unknown")
            case "met" | "failed" | "open_condition":
                state = "unknown" if self._holds("open_condition", pattern) else "failed"
                if relation == "open_condition":
                    if not make:
                        yield Supply("condition", subject, state)
                        yield Supply("not_condition", subject, state)
                elif make == (relation == "met"):
                    yield Supply("condition", subject, state)
                else:
                    yield Supply("not_condition", subject, state)
            case "app_knows" if make and subject == "services":
                yield Supply("state", "services", "unknown")
            case "app_knows" if make and pattern[1] is not None:
                yield from self._values(subject, "unknown")
            case "app_day" if make and pattern[1] is not None:
                yield from self._values(subject, "failed", pattern[2])
            case "app_holds" if make and pattern[1] is not None:
                yield Supply("document", f"{subject}@{pattern[2] or 'applicant'}x1")
            case "app_value" if pattern[1] != "services" and None not in pattern:
                yield from self._stated(pattern, make)
            case "app_value" if make and pattern[1] not in ("services", None):
                yield from self._values(subject, "failed")
            case "app_value" if pattern[1] == "services" and pattern[2] is not None:
                yield Supply("offer" if make else "drop", str(pattern[2]))

    def _values(self, attribute: str, state: str, value: Value | None = None) -> Iterator[Supply]:
        """Anything that may be said of an attribute, or the one value."""
        if not self._holds("app_knows", (None, attribute)):
            state = "unknown"
        for each in self.values(attribute) if value is None else [(value,)]:
            yield Supply("state", attribute, state, each)

    def _stated(self, pattern: Pattern, make: bool) -> Iterator[Supply]:
        app, attribute, value = pattern
        state = "failed" if self._holds("app_knows", (app, attribute)) else "unknown"
        if make:
            assert value is not None
            yield Supply("state", str(attribute), state, (value,))
        elif value == "yes":
            yield Supply("state", str(attribute), state, ("no",))

    def _holds(self, relation: str, pattern: Pattern) -> bool:
        return bool(self._rows(relation, pattern))

    def _rows(self, relation: str, pattern: Pattern) -> list[Row]:
        places = tuple(at for at, value in enumerate(pattern) if value is not None)
        key = tuple(value for value in pattern if value is not None)
        return self.prover.index.rows(relation, places, key)


def _both(ways: list[Way], rest: list[tuple[Way, Binding]]) -> list[tuple[Way, Binding]]:
    return [(way | more, found) for way in ways for more, found in rest if possible(way | more)]
