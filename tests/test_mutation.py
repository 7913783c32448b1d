"""Mutation: no rule can be taken away without a case noticing.

A rule is taken away by a comparison that never holds, so that its relation stays known and only
what it says is gone. A case can notice that only when the rule says something in it that no other
rule says: in a model that the case was answered from it derives a fact by itself alone. Only such
cases are tried, those that found the last rules out first, until one fails; then those that look at
a proof, which goes another way without the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from operator import eq, ge, gt, le, lt, ne
from typing import Any

import pytest
from test_cases import case_files, differences, loaded
from test_queries import CASE_LIST, query_differences

import kb
from kb.engines.protocol import Model
from kb.lang.arithmetic import assigned, computed, value_of
from kb.lang.syntax import Atom, Comparison, Constant, Rule

NEVER = Comparison(Constant(1), "==", Constant(2))


@dataclass(frozen=True)
class Check:
    """A case of either kind: the facts it is about, and what is wrong when it is asked."""

    name: str
    facts: tuple[str, ...]
    wrong: Callable[[kb.KnowledgeBase], list[str]]
    proof: bool = False


@dataclass(frozen=True, eq=False)
class Answered:
    """A case that holds, with the models that it was answered from."""

    check: Check
    models: tuple[Model, ...]

    def may_notice(self, rule: Rule) -> bool:
        """Whether the rule alone says something in one of the models."""
        return any(_says_alone(model, rule) for model in self.models)

    def may_be_proved_otherwise(self, rule: Rule) -> bool:
        """Whether it looks at a proof, and the rule says something in one of the models."""
        return self.check.proof and any(_said(model, rule) for model in self.models)


OPS = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
Binding = dict[str, Any]
_indexes: dict[tuple[int, tuple[int, ...]], tuple[Any, dict[Any, list[Any]]]] = {}


def _says_alone(model: Model, rule: Rule) -> bool:
    head = rule.head.relation
    if not model.get(head):
        return False
    said = _said(model, rule)
    if not said or any(atom.relation == head for atom, _ in rule.atoms()):
        return bool(said)
    for other in BY_HEAD[head]:
        if not _same(other, rule):
            said -= _said(model, other)
    return bool(said)


def _said(model: Model, rule: Rule) -> set[tuple[Any, ...]]:
    """The facts that a rule derives from a model."""
    atoms = [part for part in rule.body if isinstance(part, Atom)]
    if not all(model.get(atom.relation) for atom in atoms):
        return set()
    # What gives a variable its value holds by itself once it has it.
    given = computed(rule)
    tests = [p for p in rule.body if not isinstance(p, Atom) and not any(p is g for g in given)]
    bindings: list[Binding] = [{}]
    while atoms and bindings:
        known = bindings[0]
        atom = min(atoms, key=lambda atom: (-len(_bound(atom, known)), len(model[atom.relation])))
        atoms.remove(atom)
        bindings = [longer for binding in bindings for longer in _longer(model, atom, binding)]
    bindings = [whole for b in bindings if (whole := _with_computed(given, b)) is not None]
    return {
        tuple(_value(term, binding) for term in rule.elements.head.terms)
        for binding in bindings
        if all(_holds(model, test, binding) for test in tests)
    }


def _with_computed(given: tuple[Comparison, ...], binding: Binding) -> Binding | None:
    """A binding with the values that comparisons give; None where one has no result."""
    found = dict(binding)
    for part in given:
        assign = assigned(part, found.keys())
        assert assign is not None
        name, expression = assign
        value = value_of(expression, found)
        if value is None:
            return None
        found[name] = value
    return found


def _bound(atom: Atom, binding: Binding) -> tuple[int, ...]:
    return tuple(
        n for n, t in enumerate(atom.terms) if isinstance(t, Constant) or t.name in binding
    )


def _longer(model: Model, atom: Atom, binding: Binding) -> Iterator[Binding]:
    rows, at = model.get(atom.relation, frozenset()), _bound(atom, binding)
    _, index = _indexes.get((id(rows), at), (None, None))
    if index is None:
        index = {}
        for row in rows:
            index.setdefault(tuple(row[n] for n in at), []).append(row)
        _indexes[id(rows), at] = rows, index
    for row in index.get(tuple(_value(atom.terms[n], binding) for n in at), ()):
        found = dict(binding)
        if all(
            isinstance(term, Constant) or found.setdefault(term.name, value) == value
            for term, value in zip(atom.terms, row, strict=True)
        ):
            yield found


def _holds(model: Model, test: Any, binding: Binding) -> bool:
    if isinstance(test, Comparison):
        left, right = value_of(test.left, binding), value_of(test.right, binding)
        return left is not None and right is not None and bool(OPS[test.op](left, right))
    return not any(_longer(model, test.atom, binding))


def _value(term: Any, binding: Binding) -> Any:
    return term.value if isinstance(term, Constant) else binding[term.name]


class Recorder:
    """An engine that keeps the models it gives."""

    def __init__(self, engine: Any, models: list[Model]) -> None:
        self.engine = engine
        self.models = models

    def evaluate(self, *given: Any, **named: Any) -> Model:
        model = self.engine.evaluate(*given, **named)
        self.models.append(model)
        return model

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)


@contextmanager
def recorded(base: kb.KnowledgeBase) -> Iterator[list[Model]]:
    """What the engines of a base answer meanwhile, that for tables of all categories too."""
    engines = {"engine": base.engine, "table_engine": base.table_engine}
    models: list[Model] = []
    vars(base).update({name: Recorder(engine, models) for name, engine in engines.items()})
    try:
        yield models
    finally:
        vars(base).update(engines)


@cache
def checks() -> dict[tuple[str, ...], list[Answered]]:
    """Every case that holds, by its facts, the small ones first: they are quick to load."""
    found = [
        Check(
            case.name,
            file.only_facts,
            lambda base, case=case: differences(base, case),
            case.expect.proof is not None,
        )
        for file in case_files().values()
        for case in file.cases
    ]
    found += [
        Check(case.name, case.only_facts, lambda base, case=case: query_differences(base, case))
        for case in CASE_LIST
    ]
    by_facts: dict[tuple[str, ...], list[Answered]] = {}
    for check in sorted(found, key=lambda check: not check.facts):
        base = loaded(check.facts)
        with recorded(base) as models:
            wrong = check.wrong(base)
        if not wrong:
            by_facts.setdefault(check.facts, []).append(Answered(check, tuple(models)))
    return by_facts


def every_rule() -> list[Rule]:
    """The shipped rules and those of the queries."""
    base = loaded(())
    return [rule for rule in base.program.rules if rule.span.file]


def without(rule: Rule, facts: tuple[str, ...]) -> kb.KnowledgeBase:
    """A base in which a rule never holds."""
    base = loaded(facts)

    def kept(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        return tuple(replace(r, body=(*r.body, NEVER)) if _same(r, rule) else r for r in rules)

    queries = [replace(query, rules=kept(query.rules)) for query in base.queries.values()]
    of_queries = {(r.span, r) for query in base.queries.values() for r in query.rules}
    shipped = tuple(r for r in base.program.rules if (r.span, r) not in of_queries)
    return kb.KnowledgeBase(base.facts, kept(shipped), queries)


def _same(one: Rule, other: Rule) -> bool:
    return one == other and one.span == other.span


def noticed_by(rule: Rule) -> str | None:
    """The first case that fails without a rule."""
    for way in (Answered.may_notice, Answered.may_be_proved_otherwise):
        for facts, order in checks().items():
            base = None
            for answered in list(order):
                if not way(answered, rule):
                    continue
                if base is None:
                    base = without(rule, facts)
                if _notices(answered.check, base):
                    order.remove(answered)
                    order.insert(0, answered)
                    return answered.check.name
    return None


def _notices(check: Check, base: kb.KnowledgeBase) -> bool:
    try:
        return bool(check.wrong(base))
    except Exception:  # an answer that can not be put together is a wrong one
        return True


RULES = every_rule()
BY_HEAD: dict[str, list[Rule]] = {}
for _rule in RULES:
    BY_HEAD.setdefault(_rule.head.relation, []).append(_rule)


def _id(rule: Rule) -> str:
    return f"{rule.span.file.rpartition('/')[2]}:{rule.span.line} {rule.head.relation}"


@pytest.mark.parametrize("rule", RULES, ids=map(_id, RULES))
def test_rule_is_needed(rule: Rule) -> None:
    """Without this rule some case gets another answer."""
    if noticed_by(rule) is None:
        pytest.fail(
            f"no case notices that this rule is gone\n  {_id(rule)}\n  {rule}", pytrace=False
        )


def test_checks_fail_for_their_own_reason() -> None:
    """With a base built anew and every rule in place no case fails (every sixth is tried): what a
    mutant fails on is its missing rule."""
    absent = Rule(RULES[0].head, (NEVER,))
    wrong = [
        answered.check.name
        for facts, order in checks().items()
        for base in [without(absent, facts)]
        for answered in order[::6]
        if answered.check.wrong(base)
    ]
    assert wrong == []
    assert sum(map(len, checks().values())) > 400
