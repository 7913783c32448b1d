"""Whether the body of a rule implies an atom, whatever the facts: by cases over the rules.

The literals of the body are taken as facts about unknown values. Where the atom does not follow
from them at once, one of them is opened: it holds by one of its rules, and the atom must follow in
each of these cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count

from kb.lang.syntax import Atom, Constant, Program, Rule, Term, Variable

DEPTH = 6
"""How many literals are opened one after another before it is given up."""

Substitution = dict[Term, Term]


class Implication:
    """Finds out what follows by the rules of a program and those for what is `asked`."""

    def __init__(self, program: Program, asked: Iterable[Rule]) -> None:
        self._program = program
        self._asked = list(asked)
        self._heads = {rule.head.relation for rule in self._asked}
        self._bodies = {atom.relation for rule in self._asked for atom, _ in rule.atoms()}
        self._fresh = count()
        self._known: dict[tuple[frozenset[Atom], Atom], bool] = {}

    def holds(self, body: Iterable[Atom], atom: Atom) -> bool:
        """Whether the atom follows where all atoms of a body hold; an anonymous variable in it may
        be anything. False also where that could not be found out."""
        key = frozenset(body), atom
        if key not in self._known:
            self._known[key] = self._follows(key[0], frozenset(), atom, DEPTH)
        return self._known[key]

    def _follows(
        self, facts: frozenset[Atom], opened: frozenset[Atom], atom: Atom, depth: int
    ) -> bool:
        if self._at_once(facts, atom):
            return True
        if depth == 0:
            return False
        rules_for = self._program.rules_for
        closed = [f for f in facts - opened if self._leads(f.relation)]
        for fact in sorted(closed, key=lambda f: (len(rules_for(f.relation)), str(f))):
            cases = [self._opened(rule, fact) for rule in rules_for(fact.relation)]
            if all(
                case is None or self._follows(facts | case, opened | {fact}, atom, depth - 1)
                for case in cases
            ):
                return True
        return False

    def _leads(self, relation: str) -> bool:
        """Whether opening facts of a relation may lead to what is asked."""
        rules = self._program.rules_for(relation)
        if not rules or (relation in self._heads and len(rules) > 1):
            return False
        return not self._program.needed(frozenset({relation})).isdisjoint(self._bodies)

    def _at_once(self, facts: frozenset[Atom], atom: Atom) -> bool:
        """Whether the atom is among the facts and what the rules for what is asked make of them."""
        found = set(facts)
        before = -1
        while before != (before := len(found)):
            for rule in self._asked:
                if rule.aggregate is None and all(isinstance(part, Atom) for part in rule.body):
                    body = [part for part in rule.body if isinstance(part, Atom)]
                    for values in list(_joined(body, found, {})):
                        found.add(_put(rule.head, values))
        return any(_alike(atom, fact) for fact in found)

    def _opened(self, rule: Rule, fact: Atom) -> frozenset[Atom] | None:
        """What holds where a fact holds by a rule; None where it can not."""
        values: Substitution = {}
        for term, given in zip(rule.head.terms, fact.terms, strict=True):
            if isinstance(term, Variable):
                values.setdefault(term, given)
            elif isinstance(given, Constant) and term != given:
                return None
        number = next(self._fresh)
        made: set[Atom] = set()
        for part in rule.body:
            if isinstance(part, Atom):
                for term in part.terms:
                    if isinstance(term, Variable):
                        values.setdefault(term, Variable(f"{term.name}.{number}"))
                made.add(_put(part, values))
        return frozenset(made)


def _joined(
    body: list[Atom], facts: Iterable[Atom], values: Substitution
) -> Iterator[Substitution]:
    if not body:
        yield values
        return
    first, *rest = body
    for fact in facts:
        if fact.relation == first.relation:
            found = dict(values)
            if all(
                (found.setdefault(term, given) if isinstance(term, Variable) else term) == given
                for term, given in zip(first.terms, fact.terms, strict=True)
            ):
                yield from _joined(rest, facts, found)


def _put(atom: Atom, values: Substitution) -> Atom:
    return replace(atom, terms=tuple(values.get(term, term) for term in atom.terms))


def _alike(atom: Atom, fact: Atom) -> bool:
    return atom.relation == fact.relation and all(
        term == given or (isinstance(term, Variable) and term.anonymous)
        for term, given in zip(atom.terms, fact.terms, strict=True)
    )
