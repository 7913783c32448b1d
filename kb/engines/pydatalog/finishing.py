"""What pyDatalog is not asked to do: arithmetic, what rests on its results, and aggregates.

A clause gives the values that stored facts decide; the rest of the rule is done here, on numbers
that pyDatalog never computes with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kb.engines.pydatalog.asserted import Codes, Rows
from kb.lang.arithmetic import aggregated, assigned, bound_by_atoms, compare, split, value_of
from kb.lang.syntax import (
    Comparison,
    Constant,
    Literal,
    Negation,
    Rule,
    Term,
    Value,
    variables_of,
)


@dataclass(frozen=True)
class Finish:
    """The part of a rule that follows its clause; `given` names what the clause's rows hold."""

    rule: Rule
    joined: tuple[Literal, ...]
    given: tuple[str, ...]
    after: tuple[Literal, ...]

    def rows(
        self,
        found: Iterable[Sequence[int]],
        facts: Callable[[str], Rows],
        code: Callable[[Value], int],
    ) -> set[Codes]:
        """The rows of the head, from those of the clause."""
        head = self.rule.elements.head.terms
        made = {
            tuple(self._code(term, binding, code) for term in head)
            for row in found
            for binding in self._bindings(row, facts, code)
        }
        if self.rule.aggregate is None:
            return made
        groups: dict[Codes, set[Codes]] = {}
        size = len(self.rule.group)
        for each in made:
            groups.setdefault(each[:size], set()).add(each[size:])
        at, op = self.rule.aggregate.at, self.rule.aggregate.op
        return {(*group[:at], aggregated(op, rows), *group[at:]) for group, rows in groups.items()}

    def _bindings(
        self, row: Sequence[int], facts: Callable[[str], Rows], code: Callable[[Value], int]
    ) -> Iterable[dict[str, int]]:
        binding: dict[str, int] = dict(zip(self.given, row, strict=False))
        for literal in self.after:
            match literal:
                case Comparison(left, op, right):
                    given = assigned(literal, binding.keys())
                    if given is not None:
                        value = value_of(given[1], binding)
                        if value is None:
                            return
                        binding[given[0]] = int(value)
                        continue
                    one, other = (
                        code(side.value) if isinstance(side, Constant) else value_of(side, binding)
                        for side in (left, right)
                    )
                    if one is None or other is None or not compare(one, other, op):
                        return
                case Negation(atom):
                    wanted = [self._open(term, binding, code) for term in atom.terms]
                    if any(
                        all(w in (None, have) for w, have in zip(wanted, fact, strict=True))
                        for fact in facts(atom.relation)
                    ):
                        return
        yield binding

    @staticmethod
    def _code(term: Term, binding: dict[str, int], code: Callable[[Value], int]) -> int:
        return code(term.value) if isinstance(term, Constant) else binding[term.name]

    @staticmethod
    def _open(term: Term, binding: dict[str, int], code: Callable[[Value], int]) -> int | None:
        return code(term.value) if isinstance(term, Constant) else binding.get(term.name)


def finish_of(rule: Rule) -> Finish | None:
    """What follows a rule's clause; None for a rule that is a clause as it stands."""
    joined, after = split(rule)
    if not after and rule.aggregate is None:
        return None
    read = [*variables_of(rule.elements.head), *(v for x in after for v in variables_of(x))]
    stored = bound_by_atoms(rule)
    given = tuple(dict.fromkeys(v.name for v in read if v.name in stored))
    return Finish(rule, joined, given, after)
