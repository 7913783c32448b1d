"""What of a profile can bear on some facts at all, computed from a program.

Abstract interpretation in two directions over the rules. Forwards: which facts a relation may have
for some app, all that rests on a profile taken as possible (`may_`). Backwards from what is asked:
a rule passes the question on to each literal of its body, for those values that static literals and
possible facts leave (`asked_`). What profiles state is reached in looks: a literal of a rule, with
the values that it may be looked at for. What the values do not bind is looked at whole. Both are
programs over static facts, evaluated by an engine; negation and comparisons that can not be decided
are passed over, so that what comes out is never too little.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from kb.engines.rewrite.batching import EVERY_APP
from kb.engines.rewrite.gates import Flags, Gates
from kb.lang.checks import check
from kb.lang.syntax import (
    ANY_KIND,
    Atom,
    Column,
    Comparison,
    Constant,
    Literal,
    Negation,
    Program,
    Relation,
    Rule,
    Term,
    Variable,
    variables_of,
)

SUBJECT = "subject"
"""The head of the rules that say what is asked of which subject."""
WHO = Variable("Subject_")

Mask = tuple[int, ...]
"""The columns of a relation that are bound."""


@dataclass(frozen=True, slots=True)
class Look:
    """A literal through which a rule looks at what a profile states.

    `relation` of the generated program has for each subject the values of `terms`: those terms of
    the literal, without the app, that are bound, then the others that were to be kept.
    """

    rule: Rule
    atom: Atom
    negated: bool
    relation: str
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Bearing:
    """A program over static facts, and the looks that its relations are about."""

    program: Program
    looks: tuple[Look, ...]


def bearing(
    program: Program,
    roots: Iterable[Rule],
    keep: Collection[str] = (),
    gates: Iterable[str] = (),
    sure: Iterable[Rule] = (),
    always: Iterable[Rule] = (),
) -> Bearing:
    """What of a profile the facts asked for in `roots` rest on.

    Parameters: `program`, whose relations of profiles and all that rests on them have the app in
    front; `roots`, rules for `subject(X)` whose bodies name the facts that are asked of X; `keep`,
    kinds of columns whose values are told with each look; `gates`, relations of an app and a value
    that say what is gone into: where the rest of a body implies that it is, nothing rests on it;
    `sure`, rules for `sure_NAME(X, ...)`, what holds of every app that is judged for X; `always`,
    rules that the facts keep without their being stated.
    """
    return _Backwards(program, keep, Gates(program, gates, always), tuple(sure)).of(roots)


class _Backwards:
    def __init__(
        self, program: Program, keep: Collection[str], gates: Gates, sure: tuple[Rule, ...]
    ) -> None:
        self._program = program
        self._keep = frozenset(keep)
        self._gates = gates
        self._sure = sure
        self._held = {rule.head.relation for rule in sure}
        self._dynamic = program.dynamic()
        self._derived = {rule.head.relation for rule in program.rules} & self._dynamic
        self._bounded = self._bounds()
        self._rules: dict[Rule, None] = {}
        self._declared: dict[str, Relation] = {}
        self._looks: dict[str, Look] = {}
        self._todo: list[tuple[str, Mask, Flags]] = []
        self._met: set[tuple[str, Mask, Flags]] = set()

    def of(self, roots: Iterable[Rule]) -> Bearing:
        program = self._program
        for rule in self._sure:
            name = rule.head.relation.removeprefix("sure_")
            kinds = self._kinds(name, range(1, program.relations[name].arity))
            self._declare(rule.head.relation, (ANY_KIND, *kinds))
        for name in sorted(self._derived):
            if self._bounded[name]:
                for rule in program.rules_for(name):
                    kinds = self._kinds(name, self._bounded[name])
                    self._add(self._may(rule.head), self._known(rule, ()), kinds)
        for n, rule in enumerate(roots):
            self._through(rule, f"root{n}", (), rule.head.terms[0], frozenset())
        number = {rule: n for n, rule in enumerate(program.rules)}
        while self._todo:
            name, mask, flags = self._todo.pop()
            for rule in program.rules_for(name):
                terms = (WHO, *(rule.head.terms[at] for at in mask))
                asked = Atom(_asked(name, mask, flags), terms)
                self._through(rule, f"{number[rule]}_{asked.relation}", (asked,), WHO, flags)
        static = [rule for rule in program.rules if rule.head.relation not in self._dynamic]
        declared = {n: r for n, r in program.relations.items() if n not in self._dynamic}
        made, _ = check([*static, *self._sure, *self._rules], {**declared, **self._declared})
        return Bearing(made, tuple(self._looks.values()))

    def _through(
        self, rule: Rule, place: str, asked: tuple[Atom, ...], subject: Term, flags: Flags
    ) -> None:
        """Pass a question on to the literals of a rule."""
        known = self._known(rule, asked)
        bound = _bound(known)
        passed = self._gates.passed(rule, flags)
        for n, (atom, negated) in enumerate(rule.atoms()):
            name = atom.relation
            if name not in self._dynamic or name == EVERY_APP or passed[n] is None:
                continue
            mask = tuple(
                at
                for at, term in enumerate(atom.terms)
                if at and (isinstance(term, Constant) or term in bound)
            )
            terms = tuple(atom.terms[at] for at in mask)
            if name in self._derived:
                step = name, mask, passed[n] or frozenset()
                more: list[Literal] = []
                if negated and self._bounded[name]:
                    more.append(self._may(atom))
                if f"sure_{name}" in self._held and len(mask) + 1 == len(atom.terms):
                    more.append(Negation(Atom(f"sure_{name}", (subject, *terms))))
                kinds = (ANY_KIND, *self._kinds(name, mask))
                self._add(Atom(_asked(*step), (subject, *terms)), [*known, *more], kinds)
                if step not in self._met:
                    self._met.add(step)
                    self._todo.append(step)
            else:
                also = self._kept(rule)
                kept = [term for term in also if term in bound and term not in terms]
                relation = f"look_{name}_{place}_{n}"
                kinds = (ANY_KIND, *self._kinds(name, mask), *(also[term] for term in kept))
                self._add(Atom(relation, (subject, *terms, *kept)), known, kinds)
                self._looks[relation] = Look(rule, atom, negated, relation, (*terms, *kept))

    def _kinds(self, relation: str, columns: Iterable[int]) -> list[str]:
        declared = self._program.relations[relation].columns
        return [declared[at].kind for at in columns]

    def _kept(self, rule: Rule) -> dict[Term, str]:
        """The variables of a rule that stand in columns of a kind that is to be kept, and it."""
        found: dict[Term, str] = {}
        for atom, negated in rule.atoms():
            columns = self._program.relations[atom.relation].columns
            for term, column in zip(atom.terms, columns, strict=True):
                if not negated and column.kind in self._keep and isinstance(term, Variable):
                    found[term] = column.kind
        return found

    def _bounds(self) -> Mapping[str, Mask]:
        """The columns of each relation that rests on profiles whose values static facts bound."""
        found: dict[str, Mask] = {
            name: tuple(range(1, self._program.relations[name].arity)) for name in self._derived
        }
        self._bounded = found
        again = True
        while again:
            again = False
            for rule in self._program.rules:
                name = rule.head.relation
                if name not in self._derived:
                    continue
                bound = _bound(self._known(rule, ()))
                computed = rule.aggregate.at if rule.aggregate else 0
                left = tuple(
                    at
                    for at in found[name]
                    if at != computed
                    and (isinstance(t := rule.head.terms[at], Constant) or t in bound)
                )
                if left != found[name]:
                    found[name], again = left, True
        return found

    def _may(self, atom: Atom) -> Atom:
        terms = tuple(atom.terms[at] for at in self._bounded[atom.relation])
        return Atom(f"may_{atom.relation}", terms)

    def _known(self, rule: Rule, asked: Iterable[Atom]) -> list[Literal]:
        """What of a rule's body static facts decide, or bound."""
        found: list[Literal] = [*asked]
        for literal in rule.body:
            if isinstance(literal, Atom):
                if literal.relation not in self._dynamic:
                    found.append(literal)
                elif self._bounded.get(literal.relation):
                    found.append(self._may(literal))
        bound = _bound(found)
        for literal in rule.body:
            match literal:
                case Negation(atom):
                    open = {t for t in atom.terms if isinstance(t, Variable) and not t.anonymous}
                    if atom.relation not in self._dynamic and open <= bound:
                        found.append(literal)
                case Comparison():
                    if bound.issuperset(variables_of(literal)):
                        found.append(literal)
                case Atom():
                    pass
        return found

    def _add(self, head: Atom, body: Iterable[Literal], kinds: Iterable[str]) -> None:
        self._rules[Rule(head, tuple(dict.fromkeys(body)))] = None
        self._declare(head.relation, kinds)

    def _declare(self, relation: str, kinds: Iterable[str]) -> None:
        columns = tuple(Column(f"c{at}", kind) for at, kind in enumerate(kinds))
        self._declared.setdefault(relation, Relation(relation, columns))


def _asked(name: str, mask: Mask, flags: Flags) -> str:
    assumed = "".join(f"_{gate}{at}" for gate, at in sorted(flags))
    return f"asked_{name}_{''.join(map(str, mask))}{assumed}"


def _bound(literals: Iterable[Literal]) -> set[Term]:
    """The variables that literals bind."""
    return {
        term
        for literal in literals
        if isinstance(literal, Atom)
        for term in literal.terms
        if isinstance(term, Variable) and not term.anonymous
    }
