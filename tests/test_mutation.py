"""Mutation: no rule can be taken away without a case noticing.

A rule is taken away by a comparison that never holds, so that its relation stays known and only
what it says is gone. A case can notice that only when the rule had something to say in it: when
each relation that the rule reads has a fact for it in a model that the case was answered from.
Only such cases are tried, those that found the last rules out first, until one fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest
from test_cases import case_files, differences, loaded
from test_queries import CASE_LIST, query_differences

import kb
from kb.engines.protocol import Model
from kb.lang.syntax import Atom, Comparison, Constant, Rule

NEVER = Comparison(Constant(1), "==", Constant(2))


@dataclass(frozen=True)
class Check:
    """A case of either kind: the facts it is about, and what is wrong when it is asked."""

    name: str
    facts: str | None
    wrong: Callable[[kb.KnowledgeBase], list[str]]


@dataclass(frozen=True, eq=False)
class Answered:
    """A case that holds, with the models that it was answered from."""

    check: Check
    models: tuple[Model, ...]

    def may_notice(self, rule: Rule) -> bool:
        """Whether the rule may have said something in one of the models."""
        atoms = [atom for atom, negated in rule.atoms() if not negated]
        return any(all(_has(model, atom) for atom in atoms) for model in self.models)


def _has(model: Model, atom: Atom) -> bool:
    fixed = [(n, t.value) for n, t in enumerate(atom.terms) if isinstance(t, Constant)]
    rows = model.get(atom.relation, frozenset())
    return any(all(row[n] == value for n, value in fixed) for row in rows) if fixed else bool(rows)


class Recorder:
    """An engine that keeps the models it has given."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.models: list[Model] = []

    def evaluate(self, *given: Any, **named: Any) -> Model:
        model = self.engine.evaluate(*given, **named)
        self.models.append(model)
        return model

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)


@contextmanager
def recorded(base: kb.KnowledgeBase) -> Iterator[list[Model]]:
    """What the engine of a base answers meanwhile."""
    engine = base.engine
    recorder = Recorder(engine)
    vars(base)["engine"] = recorder
    try:
        yield recorder.models
    finally:
        vars(base)["engine"] = engine


@cache
def checks() -> dict[str | None, list[Answered]]:
    """Every case that holds, by its facts, the small ones first: they are quick to load."""
    found = [
        Check(case.name, file.facts, lambda base, case=case: differences(base, case))
        for file in case_files().values()
        for case in file.cases
    ]
    found += [
        Check(case.name, case.facts, lambda base, case=case: query_differences(base, case))
        for case in CASE_LIST
    ]
    by_facts: dict[str | None, list[Answered]] = {}
    for check in sorted(found, key=lambda check: check.facts is None):
        base = loaded(check.facts)
        with recorded(base) as models:
            wrong = check.wrong(base)
        if not wrong:
            by_facts.setdefault(check.facts, []).append(Answered(check, tuple(models)))
    return by_facts


def every_rule() -> list[Rule]:
    """The shipped rules and those of the queries."""
    base = loaded(None)
    return [rule for rule in base.program.rules if rule.span.file]


def without(rule: Rule, facts: str | None) -> kb.KnowledgeBase:
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
    for facts, order in checks().items():
        base = without(rule, facts)
        for answered in [answered for answered in order if answered.may_notice(rule)]:
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
    """With a base built anew and every rule in place no case fails (every third is tried): what a mutant fails on is its
    missing rule."""
    absent = Rule(RULES[0].head, (NEVER,))
    wrong = [
        answered.check.name
        for facts, order in checks().items()
        for base in [without(absent, facts)]
        for answered in order[::3]
        if answered.check.wrong(base)
    ]
    assert wrong == []
    assert sum(map(len, checks().values())) > 400
