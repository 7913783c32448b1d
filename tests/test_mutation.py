"""Mutation: no rule can be taken away without a case noticing.

A rule is taken away by a comparison that never holds, so that its relation stays known and only
what it says is gone. Cases are tried until one fails, those that found the last rules out first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import pytest
from test_cases import case_files, differences, loaded
from test_queries import CASE_LIST, query_differences

import kb
from kb.lang.syntax import Comparison, Constant, Rule

NEVER = Comparison(Constant(1), "==", Constant(2))


@dataclass(frozen=True)
class Check:
    """A case of either kind: the facts it is about, and what is wrong when it is asked."""

    name: str
    facts: str | None
    wrong: Callable[[kb.KnowledgeBase], list[str]]


@cache
def checks() -> dict[str | None, list[Check]]:
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
    by_facts: dict[str | None, list[Check]] = {}
    for check in sorted(found, key=lambda check: check.facts is None):
        if not check.wrong(loaded(check.facts)):
            by_facts.setdefault(check.facts, []).append(check)
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
        for at, check in enumerate(order):
            if _notices(check, base):
                order.insert(0, order.pop(at))
                return check.name
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
    """With a base built anew and every rule in place no case fails: what a mutant fails on is its
    missing rule."""
    absent = Rule(RULES[0].head, (NEVER,))
    wrong = [
        check.name
        for facts, order in checks().items()
        for base in [without(absent, facts)]
        for check in order
        if check.wrong(base)
    ]
    assert wrong == []
    assert sum(map(len, checks().values())) > 150
