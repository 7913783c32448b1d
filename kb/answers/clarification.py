"""Clarification: what to ask about an attribute so that what is open is settled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kb.base.results import AttributeQuestion
from kb.model.outcomes import FAILED, MET, OPEN
from kb.model.terms import Attribute
from kb.model.vocabulary import values

if TYPE_CHECKING:
    from kb.base.core import Core


def question(base: Core, attribute: str, vague: Iterable[str] = ()) -> AttributeQuestion | None:
    """What to ask about an attribute. Of what is `vague`, conditions that what is stated of the
    attribute leaves open, only answers that settle all of them; None when there is none: then the
    source is what is not exact enough."""
    conditions = tuple(vague)
    asked = base.questions
    if (attribute, conditions) not in asked:
        asked[attribute, conditions] = _question(base, attribute, conditions)
    return asked[attribute, conditions]


def _question(base: Core, attribute: str, conditions: tuple[str, ...]) -> AttributeQuestion | None:
    declared = base.facts.vocabulary.attributes[attribute]
    known = sorted(values(base.facts.vocabulary, declared))
    settling = tuple(v for v in known if all(_settles(base, declared, k, v) for k in conditions))
    if conditions and not settling:
        return None
    return AttributeQuestion(attribute, declared.type, settling, declared.asked)


def _settles(base: Core, attribute: Attribute, condition: str, value: str) -> bool:
    """With this stated, the tests of a condition on the attribute are not open."""
    tests = base.conditions.tests(condition)
    own = {
        name: base.conditions.outcome(test, (value,))
        for name, test in tests.items()
        if test.attribute == attribute.id
    }
    if OPEN not in own.values():
        return True
    # A test that must be met and fails decides, whatever else is open.
    needed = base.conditions.needed(condition, True)
    wrong = {True: FAILED, False: MET}
    return any(own.get(name) == wrong[met] for name, met in needed.items())
