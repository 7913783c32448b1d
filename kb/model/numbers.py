"""Numbers as profiles and papers write them, and numbers with decimals as whole ones.

Rules and engines know whole numbers alone. A number of an attribute with `decimals` is kept as a
whole number of its smallest part: 80.5 of one decimal is 805.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Protocol

from kb.model.schema import Label

LONGEST = 30
"""Characters of a number that are read."""
DIGITS = 18
"""Digits of a whole number that a profile may state."""
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>[0-9][0-9,]*)(?P<rest>\.[0-9]+)?\s*(?P<more>[万亿]?)"
)
_TIMES = {"": 1, "万": 10_000, "亿": 100_000_000}


class Measured(Protocol):
    """What takes numbers of a unit, with so many decimals."""

    @property
    def unit(self) -> Label | None: ...

    @property
    def decimals(self) -> int: ...


class Scaled(int):
    """A number with decimals as a whole number of its smallest part; its text is the number."""

    decimals: int

    def __new__(cls, value: int, decimals: int) -> Scaled:
        made = super().__new__(cls, value)
        made.decimals = decimals
        return made

    def __getnewargs__(self) -> tuple[int, int]:  # type: ignore[override]
        return int(self), self.decimals

    def __str__(self) -> str:
        return decimal_text(self, self.decimals)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def decimal_text(value: int, decimals: int) -> str:
    """A whole number of smallest parts as the number that it stands for, without idle zeros.

    >>> decimal_text(805, 1), decimal_text(-5, 2), decimal_text(8000, 2), decimal_text(7, 0)
    ('80.5', '-0.05', '80', '7')
    """
    if not decimals:
        return int.__repr__(value)
    whole, part = divmod(abs(value), 10**decimals)
    rest = f"{part:0{decimals}d}".rstrip("0")
    return f"{'-' * (value < 0)}{whole}{'.' * bool(rest)}{rest}"


def with_decimals(value: int, decimals: int) -> int:
    """A whole number of smallest parts that shows itself with its decimals, where it has some."""
    return Scaled(value, decimals) if decimals else value


def plain(value: int) -> int | str:
    """A number as profiles and JSON take it: one with decimals as text."""
    return str(value) if isinstance(value, Scaled) else value


def read_number(text: str, unit: Label | None) -> Decimal | None:
    """A number, with 万 or 亿 and the unit or without; None for any other text."""
    plain = text.strip()
    if unit is not None:
        for each in (unit.zh, unit.en):
            plain = plain.removesuffix(each).strip()
    number = _NUMBER.fullmatch(plain)
    if number is None or len(plain) > LONGEST:
        return None
    digits = number["whole"].replace(",", "") + (number["rest"] or "")
    return Decimal(number["sign"] + digits) * _TIMES[number["more"]]


def measured(of: Measured, text: str) -> int | None:
    """What a text states of something measured, as a whole number of its smallest part; None where
    it is no such number, has more decimals or too many digits."""
    number = read_number(text, of.unit)
    if number is None:
        return None
    parts = number.scaleb(of.decimals)
    if parts != parts.to_integral_value() or abs(parts) >= 10**DIGITS:
        return None
    return with_decimals(int(parts), of.decimals)


def expected_number(decimals: int) -> str:
    """What is expected where no such number stands."""
    if not decimals:
        return "a whole number is expected here"
    if decimals == 1:
        return "a number with at most one decimal is expected here"
    return f"a number with at most {decimals} decimals is expected here"
