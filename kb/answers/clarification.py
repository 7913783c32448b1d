"""Questions about attributes: their words, and the answers that settle what is open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kb.base.conditions import FAILED, OPEN
from kb.model.schema import Attribute
from kb.model.vocabulary import values

if TYPE_CHECKING:
    from kb.base.core import Core


def question(
    base: Core, attribute: Attribute, lang: str, vague: Iterable[str] = ()
) -> dict[str, Any] | None:
    """A QUESTION: the attribute, its words, and what may be answered. Of what is `vague`,
    conditions that what is stated of the attribute leaves open, only answers that settle all of
    them; None when there is none: then the source is what is not exact enough."""
    words = attribute.question
    conditions = list(vague)
    known = sorted(values(base.facts.vocabulary, attribute))
    settling = [v for v in known if all(_settles(base, attribute, k, v) for k in conditions)]
    if conditions and not settling:
        return None
    return {
        "attribute": attribute.id,
        "question": words.zh if lang == "zh" else words.en,
        "type": attribute.type,
        "values": settling,
    }


def _settles(base: Core, attribute: Attribute, condition: str, value: str) -> bool:
    """With this stated, the tests of a condition on the attribute are not open."""
    tests = base.facts.vocabulary.conditions[condition].tests
    own = [base.conditions.outcome(t, (value,)) for t in tests if t.attribute == attribute.id]
    return OPEN not in own or FAILED in own


def too_general(base: Core, attribute: Attribute, condition: str, lang: str) -> str:
    """That what is stated of an attribute does not settle a condition."""
    label = base.facts.names.label("condition", condition, lang)
    if lang == "zh":
        return f"所填的{attribute.zh}不足以判断:{label}"
    return f"what is stated of {attribute.en} does not settle: {label}"
