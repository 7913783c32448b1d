"""Conditions that are made of others: which tests they come down to.

A condition is met when all its tests are, all of `when`, one of `any_of` and none of `unless`. It
is brought to clauses: it is met when of each clause one literal is, a test or the opposite of one.
With three values this is no other condition: the laws by which it is done (distribution, de Morgan)
hold in Kleene's strong logic, in which "unknown" stands between false and true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import TypeAlias

from kb.model.schema import Node, Scope, composed_id
from kb.model.terms import Condition, Test

Literal: TypeAlias = tuple[str, bool]
"""The name of a test, and whether it is to be met (True) or to fail (False)."""
Clause: TypeAlias = frozenset[Literal]
LARGEST = 200
"""Clauses of one condition that are still computed."""


class TooManyClausesError(ValueError):
    """A condition that comes to more than `LARGEST` clauses."""


def own_tests(condition: Condition) -> Iterator[tuple[str, Test]]:
    """The tests that a condition states itself, with their names."""
    return ((f"{condition.id}#{n}", test) for n, test in enumerate(condition.tests, 1))


def parts_of(condition: Condition) -> tuple[str, ...]:
    """The conditions that a condition is made of."""
    return (*condition.when, *condition.any_of, *condition.unless)


def all_tests(conditions: Mapping[str, Condition], id: str) -> dict[str, Test]:
    """The tests that a condition looks at, its own and those of its parts, by name."""
    found = dict(own_tests(conditions[id]))
    for part in parts_of(conditions[id]):
        found.update(all_tests(conditions, part))
    return found


def clauses(conditions: Mapping[str, Condition], id: str, met: bool = True) -> list[Clause]:
    """The clauses of a condition: it is met (or, with `met=False`, fails) exactly when of each one
    some literal is so. Raises `TooManyClausesError`.

    >>> from kb.model.terms import Condition, Test
    >>> t = Test(attribute="size", since="5")
    >>> one = Condition(id="a", zh="a", en="a", tests=(t, t))
    >>> clauses({"a": one}, "a", met=False) == [frozenset({("a#1", False), ("a#2", False)})]
    True
    """
    condition = conditions[id]
    all_of = [[frozenset({(name, met)})] for name, _ in own_tests(condition)]
    all_of += [clauses(conditions, part, met) for part in condition.when]
    all_of += [clauses(conditions, part, not met) for part in condition.unless]
    if condition.any_of:
        some = [clauses(conditions, part, met) for part in condition.any_of]
        all_of.append(_distributed(some) if met else [c for each in some for c in each])
    return _smallest(c for each in all_of for c in each) if met else _distributed(all_of)


def ways(conditions: Mapping[str, Condition], id: str, met: bool) -> list[Clause]:
    """The smallest sets of literals each of which is enough for a condition to be met (or to fail):
    the clauses of the opposite, each literal turned round."""
    opposite = clauses(conditions, id, not met)
    return [frozenset((name, not so) for name, so in clause) for clause in opposite]


def _distributed(parts: Iterable[list[Clause]]) -> list[Clause]:
    """The clauses of "one of these holds", each part given by its own."""
    found: list[Clause] = [frozenset()]
    for part in parts:
        if len(found) * len(part) > LARGEST**2:
            raise TooManyClausesError
        found = _smallest(one | other for one, other in product(found, part))
    return found


def _smallest(found: Iterable[Clause]) -> list[Clause]:
    """Clauses without those that another one implies."""
    every = list(dict.fromkeys(found))
    kept = [c for c in every if not any(other < c for other in every)]
    if len(kept) > LARGEST:
        raise TooManyClausesError
    return kept


def circle(conditions: Mapping[str, Condition], id: str) -> tuple[str, ...]:
    """The conditions of a circle that begins and ends with `id`; empty when there is none."""

    def found(one: str, above: tuple[str, ...]) -> tuple[str, ...]:
        for part in parts_of(conditions[one]):
            if part == id:
                return (*above, part)
            if part in conditions and part not in above:
                under = found(part, (*above, part))
                if under:
                    return under
        return ()

    return found(id, (id,))


def composed(part: Node | Scope) -> Condition | None:
    """The condition that a part of a version hangs on, where it names more than one."""
    if not part.unless and len(part.when) < 2:
        return None
    id = composed_id(part.when, part.unless)
    return Condition(id=id, zh=id, en=id, when=part.when, unless=part.unless)
