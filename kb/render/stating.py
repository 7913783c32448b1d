"""What a paper must state, in words: words, those in a field, and bounds of a field's value."""

from __future__ import annotations

import re

from kb.model.schema import EITHER
from kb.render.language import Language

_OF_FIELD = re.compile(r"(?P<field>\S+?)(?P<op>:| >=| >| <=| <) (?P<value>.+)", re.DOTALL)
_MOVING = re.compile(r"(?:in )?(?P<count>\d+) (?P<unit>day|week|month|year)s?(?P<ago> ago)?")
_UNITS = {"day": "天", "week": "周", "month": "个月", "year": "年"}
_NUMBERS = {
    ">=": ("不少于", "at least"),
    ">": ("超过", "more than"),
    "<=": ("不超过", "at most"),
    "<": ("少于", "less than"),
}
_DAYS = {
    ">=": ("不早于", "no earlier than"),
    ">": ("晚于", "later than"),
    "<=": ("不晚于", "no later than"),
    "<": ("早于", "earlier than"),
}


def of_field(text: str, to: Language) -> bool:
    """Whether a text of a need is about a field of the paper."""
    parts = _OF_FIELD.fullmatch(text)
    return parts is not None and ("field", parts["field"]) in to.names.terms


def stated_text(text: str, to: Language) -> str:
    """A text of a need in words; of `a|b` one is enough.

    >>> from kb.model.names import Names
    >>> stated_text("a|b", Language("en", Names()))
    'a or b'
    """
    either = to.pick(" 或 ", " or ")
    parts = _OF_FIELD.fullmatch(text)
    if parts is None or not of_field(text, to):
        return either.join(text.split(EITHER))
    field, op, value = to.label("field", parts["field"]), parts["op"].strip(), parts["value"]
    if op == ":":
        words = either.join(to.label("region", word) for word in value.split(EITHER))
        return to.pick(f"{field}:{words}", f"{field}: {words}")
    moving = _MOVING.fullmatch(value)
    at = 0 if to.zh else 1
    if moving or value.count("-") == 2:
        said = (_moving_zh(moving) if to.zh else value) if moving else value
        return to.pick(f"{field}{_DAYS[op][at]} {said}", f"{field} {_DAYS[op][at]} {said}")
    unit = to.names.units.get(parts["field"], ("", ""))[at]
    said = f"{value} {unit}".strip()
    return to.pick(f"{field}{_NUMBERS[op][at]} {said}", f"{field} {_NUMBERS[op][at]} {said}")


def _moving_zh(moving: re.Match[str]) -> str:
    side = "前" if moving["ago"] else "后"
    return f"{int(moving['count'])} {_UNITS[moving['unit']]}{side}"
