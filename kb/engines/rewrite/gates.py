"""Relations that only say what is gone into, and where nothing rests on them.

Rules go into a condition only where a text that may be in force hangs on it. Where a rule asks
whether a condition failed beside literals that imply that it is gone into, the answer does not rest
on what else would have the condition gone into: the question is passed on with the gate taken as
open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from kb.engines.rewrite.implied import Implication
from kb.lang.syntax import Atom, Negation, Program, Rule, Term, Variable

Flags: TypeAlias = frozenset[tuple[str, int]]
"""Gates that are taken as open for what stands in a column."""
KEY = 1
"""The column of a gate that says what it lets through, behind the app."""


class Gates:
    """The gates of a program, and the relations whose facts all have passed one."""

    def __init__(self, program: Program, gates: Iterable[str], always: Iterable[Rule] = ()) -> None:
        self._program = program
        self._dynamic = program.dynamic()
        self._gates = [name for name in gates if self._plain(name)]
        self._implied = Implication(
            program, [*always, *(r for g in self._gates for r in self._core(g))]
        )
        self._also = {gate: self._opened_by(gate) for gate in self._gates}
        self._at = {n: at for at, s in enumerate(program.strata) for n in s.relations}
        self._level: dict[str, dict[tuple[str, int], int]] = {}
        for level in range(1, len(program.relations)):
            found = {
                name: new
                for name in {rule.head.relation for rule in program.rules}
                if (new := self._passing(name))
            }
            if not found:
                break
            for name, new in found.items():
                self._level.setdefault(name, {}).update((each, level) for each in new)

    def passed(self, rule: Rule, flags: Flags) -> list[Flags | None]:
        """For each atom of a body the gates that are open for it; None for a gate itself that the
        rest implies. `flags` are the gates that are open for the head."""
        atoms = list(rule.atoms())
        app = rule.head.terms[0]
        given = [self._open(gate, app, rule.head.terms[at]) for gate, at in sorted(flags)]
        rest = {n: atom for n, (atom, negated) in enumerate(atoms) if not negated}
        found: list[Flags | None] = [frozenset() for _ in atoms]
        for n in sorted(range(len(atoms)), key=lambda n: self._turn(atoms[n][0].relation)):
            atom = atoms[n][0]
            others = [*given, *(other for m, other in rest.items() if m != n)]
            if atom.relation in self._gates:
                wanted = self._open(atom.relation, atom.terms[0], atom.terms[KEY])
                if n in rest and self._implied.holds(others, wanted):
                    found[n] = None
                    del rest[n]
                continue
            open = frozenset(
                (gate, at)
                for gate, at in self._level.get(atom.relation, ())
                if self._implied.holds(others, self._open(gate, atom.terms[0], atom.terms[at]))
            )
            # What is taken as open for one literal can not have it open for another.
            if open:
                found[n] = open
                rest.pop(n, None)
        return found

    def _turn(self, relation: str) -> tuple[int, int]:
        """Gates first, then what stands next to them; of these what rests on the others."""
        levels = self._level.get(relation)
        first = min(levels.values()) if levels else 0 if relation in self._gates else len(self._at)
        return first, -self._at.get(relation, 0)

    def _core(self, gate: str) -> Iterator[Rule]:
        """Rules for whether a gate is open, whatever stands beside what it lets through."""
        rules = self._program.rules_for(gate)
        if not self._beside(gate):
            yield from rules
            return
        [rule] = rules
        open = self._open(gate, *rule.head.terms[: KEY + 1])
        beside = set(rule.head.terms[KEY + 1 :])
        yield Rule(open, tuple(a for a, _ in rule.atoms() if not beside.intersection(a.terms)))
        yield Rule(open, (rule.head,))

    def _beside(self, gate: str) -> bool:
        return self._program.relations[gate].arity > KEY + 1

    def _open(self, gate: str, app: Term, key: Term) -> Atom:
        return Atom(f"open_{gate}" if self._beside(gate) else gate, (app, key))

    def _opened_by(self, gate: str) -> list[str]:
        """The gates that are open for a value where this one is."""
        key = Variable("Key")
        there = self._open(gate, Variable("App"), key)
        return [
            other
            for other in self._gates
            if other != gate
            and self._implied.holds([there], self._open(other, Variable("App"), key))
        ]

    def _passing(self, name: str) -> set[tuple[str, int]]:
        """The gates that all facts of a relation have passed, and for which column; new ones."""
        if name in self._gates or name not in self._dynamic:
            return set()
        ways: list[set[tuple[str, int]]] = []
        for rule in self._program.rules_for(name):
            keys: set[tuple[str, object]] = set()
            for part in rule.body:
                if isinstance(part, Atom):
                    if part.relation in self._gates:
                        keys.add((part.relation, part.terms[KEY]))
                    for gate, at in self._level.get(part.relation, ()):
                        keys.add((gate, part.terms[at]))
            keys |= {(more, key) for gate, key in keys for more in self._also[gate]}
            terms = enumerate(rule.head.terms)
            ways.append({(g, at) for at, term in terms if at for g, key in keys if key == term})
        common = set.intersection(*ways) if ways else set()
        return common - self._level.get(name, {}).keys()

    def _plain(self, gate: str) -> bool:
        """Whether a gate says the same of all that stands beside what it lets through: that comes
        from facts alone."""
        rules = self._program.rules_for(gate)
        if not rules:
            return False
        if self._program.relations[gate].arity == KEY + 1:
            return all(rule.aggregate is None for rule in rules)
        if len(rules) > 1 or rules[0].aggregate is not None:
            return False
        beside = set(rules[0].head.terms[KEY + 1 :])
        own = {*beside, rules[0].head.terms[KEY]}
        for part in rules[0].body:
            atom = part.atom if isinstance(part, Negation) else part
            if not isinstance(atom, Atom):
                return False
            if beside.intersection(atom.terms) and (
                atom.relation in self._dynamic or not own.issuperset(atom.terms)
            ):
                return False
        return True
