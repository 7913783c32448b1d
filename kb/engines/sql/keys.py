"""Which columns settle which others, so that a join is known to give each row once.

A column of base facts that never repeats is a key and settles its whole row; what rests on it
inherits that. A path of such steps (an alternative settles its version, a version its category) is
a function, and a derived relation keeps those that all its rules agree on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from kb.lang.syntax import Atom, Program, Rule, Variable, variables_of

Path = tuple[tuple[str, int, int], ...]
Settles = Mapping[tuple[int, int], frozenset[Path]]
"""For two columns, the functions by which the first settles the second."""
Unique = tuple[int, tuple[int, ...]]
"""How many columns a relation has, and those in which no value of its rows stands twice."""

LONGEST = 3
"""Steps of a path that are still followed."""


def unique(rows: Collection[Sequence[object]]) -> Unique:
    """The columns of rows in which no value stands twice; of no rows, none.

    >>> unique([(1, 1), (2, 1)])
    (2, (0,))
    """
    columns = [set(column) for column in zip(*rows, strict=True)]
    return len(columns), tuple(at for at, each in enumerate(columns) if len(each) == len(rows))


class Keys:
    """What is known of each relation of a program over its base facts, and of relations that are
    `given` as another program over the same base facts derives them."""

    def __init__(
        self,
        program: Program,
        facts: Mapping[str, Unique],
        given: Keys | None = None,
    ) -> None:
        known = given._known if given else {}
        self._known: dict[str, Settles] = {
            name: known[name]
            for name, relation in program.relations.items()
            if relation.role == "app" and name in known
        }
        for name, (width, keys) in facts.items():
            self._known[name] = {
                (key, at): frozenset({((name, key, at),)})
                for key in keys
                for at in range(width)
                if at != key
            }
        for stratum in program.strata:
            if not stratum.recursive:
                [name] = stratum.relations
                self._known[name] = self._derived(program.rules_for(name))

    def once(self, rule: Rule, joined: Collection[int]) -> bool:
        """Whether each row of the head is met once when the literals at `joined` are joined."""
        steps = self._steps([part for n, part in enumerate(rule.body) if n in joined])
        settled = {term.name for term in rule.head.terms if isinstance(term, Variable)}
        grown = True
        while grown:
            more = {b for a, b, _ in steps if a in settled} - settled
            settled |= more
            grown = bool(more)
        return all(v.name in settled for n in joined for v in variables_of(rule.body[n]))

    def _steps(self, body: Sequence[object]) -> list[tuple[str, str, frozenset[Path]]]:
        found = []
        for atom in body:
            if isinstance(atom, Atom):
                for (i, j), paths in self._known.get(atom.relation, {}).items():
                    a, b = atom.terms[i], atom.terms[j]
                    if isinstance(a, Variable) and isinstance(b, Variable) and a.name != b.name:
                        found.append((a.name, b.name, paths))
        return found

    def _derived(self, rules: Sequence[Rule]) -> Settles:
        each = [self._of(rule) for rule in rules]
        if not each:
            return {}
        agreed = {
            pair: frozenset.intersection(*(found.get(pair, frozenset()) for found in each))
            for pair in each[0]
        }
        return {pair: paths for pair, paths in agreed.items() if paths}

    def _of(self, rule: Rule) -> Settles:
        steps = self._steps(rule.body)
        places: dict[str, list[int]] = {}
        for at, term in enumerate(rule.head.terms):
            if isinstance(term, Variable):
                places.setdefault(term.name, []).append(at)
        found: dict[tuple[int, int], set[Path]] = {}
        for start, own in places.items():
            paths: set[tuple[str, Path]] = {(start, ())}
            for _ in range(LONGEST):
                paths |= {
                    (b, path + more)
                    for at, path in paths
                    for a, b, mores in steps
                    if a == at
                    for more in mores
                    if len(path) + len(more) <= LONGEST
                }
            for name, path in paths:
                if path and name != start:
                    for i in own:
                        for j in places.get(name, ()):
                            found.setdefault((i, j), set()).add(path)
        return {pair: frozenset(ways) for pair, ways in found.items()}
