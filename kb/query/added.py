"""Rules of a user's own, read beside those of a base."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from kb.base.core import Core
from kb.lang.parser import parse
from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Rule
from kb.lang.values import unheld
from kb.model.yamlread import decoded, read_raw
from kb.query.goals import named

Base = TypeVar("Base", bound=Core)


def with_rules(base: Base, text: str | Path, name: str) -> Base:
    """A base with the rules of a text, or of the file at a path, beside its own. Raises
    `Problems`."""
    found = rules_of(base, text, str(text) if isinstance(text, Path) else name)
    refused = defined_already(base, found)
    taken = [rule for rule, _ in refused]
    problems = [problem for _, problem in refused]
    try:
        made = base.enlarged(rule for rule in found if rule not in taken)
    except Problems as others:
        raise Problems([*problems, *others.problems]) from None
    if problems:
        raise Problems(problems)
    return made


def rules_of(base: Core, text: str | Path, name: str) -> list[Rule]:
    """The rules of a text, or of the file at a path, with names of the base put for their ids.
    `name` is where problems stand. Raises `Problems`."""
    if isinstance(text, Path):
        text = decoded(read_raw(text, kind="rule"), name)
    rules = [replace(rule, body=named(base, rule.body)) for rule in parse(text, name).rules]
    wrong = list(unheld(rules, base.possible_values))
    if wrong:
        raise Problems(wrong)
    return rules


def defined_already(base: Core, rules: Iterable[Rule]) -> list[tuple[Rule, Problem]]:
    """The rules whose relation has rules in the base that are not a user's own, and why they can
    not be added."""
    own = {rule.head.relation for rule in base.added}
    return [
        (
            rule,
            Problem(
                "defined",
                f"`{rule.head.relation}` has rules in this base already",
                rule.head.span,
                f"it has one at {defined[0].span}: give your relation another name",
            ),
        )
        for rule in rules
        if (defined := base.program.rules_for(rule.head.relation)) and rule.head.relation not in own
    ]
