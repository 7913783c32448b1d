"""The values that static facts leave to the variables of a rule."""

from __future__ import annotations

from collections.abc import Mapping

from kb.lang.syntax import Atom, Constant, Row, Rule, Value, Variable

Domain = frozenset[Value] | None
"""The values a place may take; None for all."""


class Static:
    """Static facts by relation; the value sets they allow follow from them."""

    def __init__(self, facts: Mapping[str, list[Row]]) -> None:
        self._facts = facts
        self._columns: dict[tuple[str, int], frozenset[Value]] = {}
        self._indexes: dict[tuple[str, int], dict[Value, list[Row]]] = {}

    def domains(
        self, rule: Rule, wanted: Mapping[tuple[str, int], Domain]
    ) -> dict[str, frozenset[Value]] | None:
        """What each variable may be (a variable that is not in it, anything); None when the rule
        can derive nothing."""
        found: dict[str, frozenset[Value]] = {}
        for at, term in enumerate(rule.head.terms):
            limit = wanted.get((rule.head.relation, at))
            if limit is None:
                continue
            if isinstance(term, Constant):
                if term.value not in limit:
                    return None
            else:
                found[term.name] = found.get(term.name, limit) & limit
        atoms = [a for a, negated in rule.atoms() if not negated and a.relation in self._facts]
        before = -1
        while before != (before := sum(map(len, found.values()))) or before == -1:
            for atom in atoms:
                self._narrow(atom, found)
            if any(not values for values in found.values()):
                return None
            if all(len(atom.terms) < 2 for atom in atoms):
                break
        if any(not self._facts[atom.relation] for atom in atoms):
            return None
        return found

    def _narrow(self, atom: Atom, found: dict[str, frozenset[Value]]) -> None:
        limits: dict[int, frozenset[Value]] = {}
        for at, term in enumerate(atom.terms):
            if isinstance(term, Constant):
                limits[at] = frozenset({term.value})
                continue
            have = found.get(term.name)
            if have is None or have is (here := self._column(atom.relation, at)):
                continue
            if not here <= have:
                limits[at] = have
        rows = self._candidates(atom.relation, limits) if limits else self._facts[atom.relation]
        for at, limit in limits.items():
            rows = [row for row in rows if row[at] in limit]
        for at, term in enumerate(atom.terms):
            if isinstance(term, Variable):
                here = (
                    frozenset([r[at] for r in rows]) if limits else self._column(atom.relation, at)
                )
                have = found.get(term.name)
                # The set itself, where it is the same: then nothing is compared.
                found[term.name] = here if have is None or have is here else have & here

    def _candidates(self, relation: str, limits: Mapping[int, frozenset[Value]]) -> list[Row]:
        """Rows with an allowed value in the place that allows the fewest."""
        at = min(limits, key=lambda place: len(limits[place]))
        rows = self._facts[relation]
        if 4 * len(limits[at]) > len(rows):
            return rows
        index = self._indexes.get((relation, at))
        if index is None:
            index = self._indexes[relation, at] = {}
            for row in rows:
                index.setdefault(row[at], []).append(row)
        return [row for value in limits[at] for row in index.get(value, ())]

    def _column(self, relation: str, at: int) -> frozenset[Value]:
        found = self._columns.get((relation, at))
        if found is None:
            found = frozenset([row[at] for row in self._facts[relation]])
            self._columns[relation, at] = found
        return found
