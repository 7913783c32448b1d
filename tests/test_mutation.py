"""Mutation: no rule can be taken away without a case noticing.

A rule is taken away by a comparison that never holds, so that its relation stays known and only
what it says is gone. `noticed.json` names for each rule the case that noticed last time: that one
is asked first. That it holds while the rule is there is what `test_cases.py` and `test_queries.py`
are about. Where it notices no more, or the rule is new, all cases are searched, which takes a
minute; `KB_NOTICED=write pytest -n 0 tests/test_mutation.py` writes down who notices now.

A case can notice only when the rule says something in it that no other rule says: in a model that
the case was answered from it derives a fact by itself alone. The search tries such cases alone,
those that found the last rules out first, until one fails; then those that look at a proof, which
goes another way without the rule.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from operator import eq, ge, gt, le, lt, ne
from pathlib import Path
from typing import Any

import pytest
from test_cases import case_files, differences, loaded
from test_queries import CASE_LIST, query_differences
from thinned import share

import kb
from kb.engines.protocol import Model
from kb.lang.arithmetic import assigned, computed, value_of
from kb.lang.checks import check
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
def every_check() -> Mapping[str, Check]:
    """Every case by its file and name, those of small facts first: they are quick to load. One that
    is known to be answered otherwise fails whether a rule is there or not."""
    found = {
        f"{stem}: {case.name}": Check(
            case.name,
            file.only_facts,
            lambda base, case=case: differences(base, case),
            case.expect.proof is not None,
        )
        for stem, file in case_files().items()
        for case in file.cases
        if not case.otherwise
    }
    found |= {
        f"queries: {case.query}: {case.name}": Check(
            case.name, case.only_facts, lambda base, case=case: query_differences(base, case)
        )
        for case in CASE_LIST
    }
    return dict(sorted(found.items(), key=lambda named: not named[1].facts))


@cache
def answered() -> dict[tuple[str, ...], list[Answered]]:
    """Every case that holds, by its facts, with the models that it was answered from."""
    by_facts: dict[tuple[str, ...], list[Answered]] = {}
    for case in every_check().values():
        base = loaded(case.facts)
        with recorded(base) as models:
            wrong = case.wrong(base)
        if not wrong:
            by_facts.setdefault(case.facts, []).append(Answered(case, tuple(models)))
    return by_facts


@cache
def whole(facts: tuple[str, ...]) -> kb.KnowledgeBase:
    """A base made as mutants are, with every rule in place."""
    return without(Rule(RULES[0].head, (NEVER,)), facts)


def holds(name: str) -> bool:
    """Whether a case gets its answer while every rule is there."""
    case = every_check()[name]
    return not case.wrong(whole(case.facts))


def every_rule() -> list[Rule]:
    """The shipped rules and those of the queries."""
    base = loaded(())
    return [rule for rule in base.program.rules if rule.span.file]


@cache
def _unused(facts: tuple[str, ...]) -> kb.KnowledgeBase:
    """A base that nobody asked anything: it has no engine and keeps nothing."""
    base = loaded(facts)
    return kb.KnowledgeBase(base.facts, base.shipped, base.queries.values())


def without(rule: Rule, facts: tuple[str, ...]) -> kb.KnowledgeBase:
    """A base in which a rule never holds.

    Its rules were checked once and are not again: a comparison of constants, which is all that a
    mutant has more, changes no kind and no stratum."""

    def kept(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        return tuple(replace(r, body=(*r.body, NEVER)) if _same(r, rule) else r for r in rules)

    base = copy.copy(_unused(facts))
    base.shipped = kept(base.shipped)
    base.queries = {
        name: replace(query, rules=kept(query.rules)) for name, query in base.queries.items()
    }
    base.program = replace(base.program, rules=kept(base.program.rules))
    return base


def _same(one: Rule, other: Rule) -> bool:
    return one == other and one.span == other.span


def noticed_by(rule: Rule) -> str | None:
    """A case that fails without a rule, by its file and name."""
    last = LAST.get(key(rule))
    if last in every_check():
        case = every_check()[last]
        if _notices(case, without(rule, case.facts)):
            return last
    found = search(rule)
    return next((name for name, case in every_check().items() if case is found), None)


def search(rule: Rule) -> Check | None:
    """The first case of all that fails without a rule."""
    for way in (Answered.may_notice, Answered.may_be_proved_otherwise):
        for facts, order in answered().items():
            base = None
            for each in list(order):
                if not way(each, rule):
                    continue
                if base is None:
                    base = without(rule, facts)
                if _notices(each.check, base):
                    order.remove(each)
                    order.insert(0, each)
                    return each.check
    return None


def _notices(case: Check, base: kb.KnowledgeBase) -> bool:
    try:
        return bool(case.wrong(base))
    except Exception:  # an answer that can not be put together is a wrong one
        return True


RULES = every_rule()
BY_HEAD: dict[str, list[Rule]] = {}
for _rule in RULES:
    BY_HEAD.setdefault(_rule.head.relation, []).append(_rule)


def _id(rule: Rule) -> str:
    return f"{rule.span.file.rpartition('/')[2]}:{rule.span.line} {rule.head.relation}"


def key(rule: Rule) -> str:
    """A rule by its file and text, wherever in the file it stands."""
    file = rule.span.file.rpartition("/")[2]
    said = hashlib.sha256(str(rule).encode()).hexdigest()[:12]
    return f"{file} {rule.head.relation} {said}"


NOTICED = Path(__file__).parent / "noticed.json"
LAST: dict[str, str] = json.loads(NOTICED.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def now() -> Iterator[dict[str, str]]:
    """Who notices now, for `KB_NOTICED=write`."""
    found: dict[str, str] = {}
    yield found
    if os.environ.get("KB_NOTICED") == "write":
        text = json.dumps(found, ensure_ascii=False, indent=0, sort_keys=True)
        NOTICED.write_text(f"{text}\n", encoding="utf-8")


@pytest.mark.parametrize("rule", RULES, ids=map(_id, RULES))
def test_rule_is_needed(rule: Rule, now: dict[str, str]) -> None:
    """Without this rule some case gets another answer."""
    noticed = noticed_by(rule)
    if noticed is None:
        pytest.fail(
            f"no case notices that this rule is gone\n  {_id(rule)}\n  {rule}", pytrace=False
        )
    now[key(rule)] = noticed


def test_checks_fail_for_their_own_reason() -> None:
    """With a base made as mutants are and every rule in place cases hold that noticed a mutant, of
    all facts: what a mutant fails on is its missing rule."""
    noticing = [name for name in dict.fromkeys(LAST.values()) if name in every_check()]
    one_each = {every_check()[name].facts: name for name in noticing}.values()
    asked = dict.fromkeys([*one_each, *share(noticing, 15)])
    assert [name for name in asked if not holds(name)] == []
    assert len(noticing) > 100
    assert len(every_check()) > 400


def test_a_mutant_is_the_checked_program_with_one_rule_changed() -> None:
    """A mutant, whose rules were not checked anew, has the relations and strata that the checks
    give, and differs from the whole base by one rule alone."""
    for rule in RULES[:: len(RULES) // 3]:
        base = loaded(("facts-small",))
        mutant = without(rule, ("facts-small",)).program
        checked, _ = check(mutant.rules, base.declared, base.known_names())
        assert mutant == checked
        changed = [
            (before, after)
            for before, after in zip(base.program.rules, mutant.rules, strict=True)
            if before != after
        ]
        assert changed == [(rule, replace(rule, body=(*rule.body, NEVER)))]
