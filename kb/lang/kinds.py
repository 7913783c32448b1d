"""Kinds of arguments: a variable, and a column, takes one kind of value, found by unification."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import TypeAlias

from kb.lang.arithmetic import OPERATIONS
from kb.lang.problems import Problem, near
from kb.lang.syntax import (
    ANY_KIND,
    NUMERIC_KINDS,
    Arithmetic,
    Atom,
    Comparison,
    Constant,
    Expression,
    Negation,
    Relation,
    Rule,
    Term,
    Variable,
)

Slot: TypeAlias = tuple[object, ...]
Inferred: TypeAlias = tuple[Mapping[tuple[str, int], str], Callable[[int, Term], str]]


WHOLE = "whole number"
"""What a constant such as 20250401 says of its place: a number, or a day."""


class _Classes:
    """Union-find over columns and variables; a class may know its kind and where it got it."""

    def __init__(self) -> None:
        self.parent: dict[Slot, Slot] = {}
        self.kind: dict[Slot, str] = {}

    def find(self, slot: Slot) -> Slot:
        parent = self.parent
        above = parent.setdefault(slot, slot)
        while above != slot:
            parent[slot] = parent[above]
            slot = parent[slot]
            above = parent[slot]
        return slot

    def of(self, slot: Slot) -> str:
        kind = self.kind.get(self.find(slot), "")
        return "number" if kind == WHOLE else kind

    def set(self, slot: Slot, kind: str) -> str:
        """Give a slot its kind; the kind it had when the two do not go together, else ''."""
        root = self.find(slot)
        have = self.kind.get(root, "")
        if kind == WHOLE and have in NUMERIC_KINDS:
            return ""
        if (
            not have
            or (have == WHOLE and kind in NUMERIC_KINDS)
            or (have == ANY_KIND and kind not in (*NUMERIC_KINDS, WHOLE))
        ):
            self.kind[root] = kind
            return ""
        if kind == have or (kind == ANY_KIND and have not in (*NUMERIC_KINDS, WHOLE)):
            return ""
        return "number" if have == WHOLE else have

    def join(self, one: Slot, other: Slot) -> tuple[str, str] | None:
        """Make two slots one; both kinds when they do not go together."""
        a, b = self.find(one), self.find(other)
        if a == b:
            return None
        kind = self.kind.get(b, "")
        if kind:
            have = self.set(a, kind)
            if have:
                return (
                    have,
                    "number" if kind == WHOLE else kind,
                )  # left apart, so that one slip is told once
        self.parent[b] = a
        self.kind.pop(b, None)
        return None


def _walk(
    rules: Sequence[Rule], declared: Mapping[str, Relation], classes: _Classes
) -> Iterator[tuple[Expression, str, str]]:
    """Unify everything; yields each term whose kind does not go with what was there."""
    for number, rule in enumerate(rules):
        yield from _aggregate(number, rule, classes)
        for literal in (rule.head, *rule.body):
            if isinstance(literal, Comparison):
                left, right = literal.left, literal.right
                yield from _computed(number, left, right, classes)
                if isinstance(left, Variable) and isinstance(right, Variable):
                    clash = classes.join((number, left.name), (number, right.name))
                    if clash:
                        yield right, clash[1], clash[0]
                elif isinstance(left, Constant) and isinstance(right, Constant):
                    kind, have = _constant_kind(right), _constant_kind(left)
                    if kind != have:
                        yield right, kind, have
                for one, other in ((left, right), (right, left)):
                    if isinstance(one, Variable) and isinstance(other, Constant):
                        kind = WHOLE if isinstance(other.value, int) else ANY_KIND
                        have = classes.of((number, one.name))
                        if have and (have in NUMERIC_KINDS) != (kind == WHOLE):
                            yield other, _constant_kind(other), have
                        elif not have:
                            classes.set((number, one.name), kind)
                continue
            atom = literal.atom if isinstance(literal, Negation) else literal
            relation = declared.get(atom.relation)
            for at, term in enumerate(atom.terms):
                if relation is not None and at >= relation.arity:
                    break
                kind = relation.columns[at].kind if relation else ""
                if isinstance(term, Constant):
                    wanted = kind or classes.of((atom.relation, at))
                    given = WHOLE if isinstance(term.value, int) else ANY_KIND
                    if wanted and (wanted in NUMERIC_KINDS) != (given == WHOLE):
                        yield term, _constant_kind(term), wanted
                    elif not wanted:
                        classes.set((atom.relation, at), given)
                    continue
                if relation is not None:
                    have = classes.set((number, term.name), kind)
                    if have:
                        yield term, kind, have
                else:
                    clash = classes.join((atom.relation, at), (number, term.name))
                    if clash:
                        yield term, clash[1], clash[0]


def _aggregate(number: int, rule: Rule, classes: _Classes) -> Iterator[tuple[Expression, str, str]]:
    """What an aggregate is over, and what it gives."""
    if rule.aggregate is None:
        return
    result = rule.head.terms[rule.aggregate.at]
    assert isinstance(result, Variable)
    first = rule.aggregate.terms[0]
    if rule.aggregate.op in ("min", "max"):
        # Names are told of by the check of order.
        if classes.of((number, first.name)) in ("", *NUMERIC_KINDS):
            classes.join((number, result.name), (number, first.name))
        return
    if rule.aggregate.op == "sum":
        have = classes.set((number, first.name), "number")
        if have:
            yield first, "number", have
    classes.set((number, result.name), "number")


def _computed(
    number: int, left: Expression, right: Expression, classes: _Classes
) -> Iterator[tuple[Expression, str, str]]:
    """What the operations of a comparison take, and the kind of what they are compared with."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Arithmetic):
            yield from _taken(number, one, OPERATIONS[one.op].gives, classes)
            yield from _taken(number, other, OPERATIONS[one.op].gives, classes)


def _taken(
    number: int, term: Expression, kind: str, classes: _Classes
) -> Iterator[tuple[Expression, str, str]]:
    match term:
        case Variable(name):
            have = classes.set((number, name), kind)
            if have:
                yield term, kind, have
        case Constant():
            if not isinstance(term.value, int):
                yield term, "name", kind
        case Arithmetic(op, terms):
            if OPERATIONS[op].gives != kind:
                yield term, OPERATIONS[op].gives, kind
            for each, wanted in zip(terms, OPERATIONS[op].takes, strict=True):
                yield from _taken(number, each, wanted, classes)


def _constant_kind(constant: Constant) -> str:
    return "number" if isinstance(constant.value, int) else "name"


def infer(rules: Sequence[Rule], declared: Mapping[str, Relation]) -> Inferred:
    """The kind of each derived column, and of a term of the n-th rule ('' when nothing tells)."""
    classes = _settled(rules, declared)
    columns = {
        (rule.head.relation, at): classes.of((rule.head.relation, at))
        for rule in rules
        for at in range(len(rule.head.terms))
    }

    def kind_of(number: int, term: Term) -> str:
        if isinstance(term, Constant):
            return _constant_kind(term)
        return classes.of((number, term.name))

    return columns, kind_of


def _settled(rules: Sequence[Rule], declared: Mapping[str, Relation]) -> _Classes:
    classes = _Classes()
    for _ in _walk(rules, declared, classes):
        pass
    return classes


def kinds(
    rules: Sequence[Rule], declared: Mapping[str, Relation], names: Mapping[str, Set[str]]
) -> Iterator[Problem]:
    """Problems with kinds, then constants that name nothing of their kind."""
    classes = _Classes()
    seen: set[tuple[object, ...]] = set()
    # The second walk knows the kinds that the first one learned from later rules.
    for _ in range(2):
        for term, kind, have in _walk(rules, declared, classes):
            key = (term.span, str(term))
            if key not in seen:
                seen.add(key)
                yield Problem(
                    "kind",
                    f"`{term}` is {_article(kind)} here, {_article(have)} is expected",
                    term.span,
                )
    for number, rule in enumerate(rules):
        for literal in (rule.head, *rule.body):
            if isinstance(literal, Comparison):
                for one, other in (
                    (literal.left, literal.right),
                    (literal.right, literal.left),
                ):
                    if isinstance(one, Variable) and not isinstance(other, Arithmetic):
                        yield from _unknown_name(other, classes.of((number, one.name)), names)
                continue
            atom = literal.atom if isinstance(literal, Negation) else literal
            yield from _unknown_names(atom, declared, classes, names)


def _article(kind: str) -> str:
    return f"{'an' if kind[:1] in 'aeiou' else 'a'} {kind}"


def _unknown_names(
    atom: Atom,
    declared: Mapping[str, Relation],
    classes: _Classes,
    names: Mapping[str, Set[str]],
) -> Iterator[Problem]:
    relation = declared.get(atom.relation)
    for at, term in enumerate(atom.terms):
        if relation is not None:
            kind = relation.columns[at].kind if at < relation.arity else ""
        else:
            kind = classes.of((atom.relation, at))
        yield from _unknown_name(term, kind, names)


def _unknown_name(term: Term, kind: str, names: Mapping[str, Set[str]]) -> Iterator[Problem]:
    if (
        isinstance(term, Constant)
        and isinstance(term.value, str)
        and kind in names
        and term.value not in names[kind]
    ):
        yield Problem(
            "unknown-name",
            f"no {kind} is named `{term.value}`",
            term.span,
            near(term.value, names[kind]),
        )
