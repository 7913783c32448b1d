"""The order in which an engine meets the literals of a body: the compiler's, not the author's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from typing import TypeAlias

from kb.lang.arithmetic import assigned
from kb.lang.syntax import Atom, Constant, Literal, Relation, Rule, Variable, variables_of

Cost: TypeAlias = Callable[[Literal, Set[str]], tuple[float, ...]]
"""What it costs to meet a literal where the variables of these names have values."""


def ordered(
    rule: Rule, cost: Cost, first: int | None = None, known: Iterable[str] = ()
) -> tuple[Literal, ...]:
    """The body with the cheapest literal next, a negation or comparison once its variables have
    values.

    `first` is the place of a literal that must lead (the newest facts of a semi-naive round);
    `known` names variables that have values from the start. Raises nothing for an unsafe rule:
    what never has its values comes last.
    """
    left = list(rule.body)
    lead = rule.body[first] if first is not None else None
    bound = set(known)
    done: list[Literal] = []
    while left:
        if lead is not None:
            choice, lead = lead, None
        else:
            ready = [x for x in left if _ready(x, bound)] or left
            choice = min(ready, key=lambda literal: cost(literal, bound))
        # By identity: equal literals may stand twice, and each is met once.
        del left[next(n for n, literal in enumerate(left) if literal is choice)]
        done.append(choice)
        if isinstance(choice, Atom) or assigned(choice, bound):
            bound |= _names(choice)
    return tuple(done)


def _ready(literal: Literal, bound: Set[str]) -> bool:
    if isinstance(literal, Atom) or _names(literal) <= bound:
        return True
    return assigned(literal, bound) is not None


def by_bindings(small: Set[str]) -> Cost:
    """Without counts: tests at once, then from the most to the least bound.

    `small` names the relations with few facts (an app's own and what follows from them): of two
    literals alike in bindings these come first.
    """

    def cost(literal: Literal, bound: Set[str]) -> tuple[float, ...]:
        if not isinstance(literal, Atom):
            return (-1, 0)
        free = len({v.name for v in variables_of(literal)} - bound)
        tied = any(isinstance(term, Constant) or term.name in bound for term in literal.terms)
        if literal.relation in small:
            return (0 if free == 0 else 1 if tied else 3), free
        return (0 if free == 0 else 2 if tied else 5), free

    return cost


def sources_first(role: Callable[[str], str], idle: Set[str]) -> Cost:
    """What sources decide first, so that it names what the rest could be; of the rest first what
    something other than the app ties down.

    `role` gives a relation's role in a search for repairs: `fact` (sources decide it), `rule`, or
    `leaf` (a profile states it); `idle` names variables that tie nothing down, such as the app's.
    """
    rank = {"fact": 0, "rule": 2, "leaf": 3}

    def cost(literal: Literal, bound: Set[str]) -> tuple[float, ...]:
        free = len({v.name for v in variables_of(literal)} - bound)
        if not isinstance(literal, Atom):
            return (1 if free == 0 or assigned(literal, bound) else 9), free
        found = role(literal.relation)
        # What a profile states of its own does not bound what it could state: sources name that.
        tied = free == 0 or any(
            found != "leaf" if isinstance(t, Constant) else t.name in bound and t.name not in idle
            for t in literal.terms
        )
        return rank[found] + (0 if tied else 4), free

    return cost


def app_variables(rule: Rule, relations: Mapping[str, Relation]) -> frozenset[str]:
    """The variables of a rule that stand for the app."""
    return frozenset(
        term.name
        for atom, _ in rule.atoms()
        for term, column in zip(atom.terms, relations[atom.relation].columns, strict=True)
        if column.kind == "app" and isinstance(term, Variable)
    )


def _names(literal: Literal) -> frozenset[str]:
    return frozenset(v.name for v in variables_of(literal) if not v.anonymous)
