"""Clarification: what to ask about an attribute so that what is open is settled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kb.base.conditions import FAILED, OPEN
from kb.base.results import AttributeQuestion
from kb.model.schema import Attribute
from kb.model.vocabulary import values

if TYPE_CHECKING:
    from kb.base.core import Core


def question(base: Core, attribute: str, vague: Iterable[str] = ()) -> AttributeQuestion | None:
    """What to ask about an attribute. Of what is `vague`, conditions that what is stated of the
    attribute leaves open, only answers that settle all of them; None when there is none: then the
    source is what is not exact enough."""
    declared = base.facts.vocabulary.attributes[attribute]
    conditions = list(vague)
    known = sorted(values(base.facts.vocabulary, declared))
    settling = tuple(v for v in known if all(_settles(base, declared, k, v) for k in conditions))
    if conditions and not settling:
        return None
    return AttributeQuestion(attribute, declared.type, settling, declared.question)


def _settles(base: Core, attribute: Attribute, condition: str, value: str) -> bool:
    """With this stated, the tests of a condition on the attribute are not open."""
    tests = base.facts.vocabulary.conditions[condition].tests
    own = [base.conditions.outcome(t, (value,)) for t in tests if t.attribute == attribute.id]
    return OPEN not in own or FAILED in own
