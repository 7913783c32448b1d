"""The shape of what a source says that a paper or a category costs, and how long it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from kb.model.schema import Begins, Label, Record
from kb.model.shapes import Id, Lines

HIGHEST = 100_000_000
"""The highest price: the solver counts with 32 bits, and copies multiply it."""
Amount: TypeAlias = Annotated[int, Field(ge=0, le=HIGHEST)]


class Span(Record):
    """A least and a most; the end that a source does not give is left out."""

    least: Amount | None = None
    most: Amount | None = None

    @model_validator(mode="after")
    def _ends(self) -> Span:
        if self.least is None and self.most is None:
            raise ValueError("give `least`, `most` or both")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError("`least` is more than `most`")
        return self


def _span(value: Any) -> Any:
    return value if isinstance(value, Mapping) else {"least": value, "most": value}


Spanned: TypeAlias = Annotated[
    Span, BeforeValidator(_span, json_schema_input_type=Span | Annotated[int, Field(ge=0)])
]
"""A number, or a mapping with `least` and `most`."""


class Outlay(Record):
    """Of a `document` or a `category`; without days of its own it holds as long as its source."""

    id: Id
    document: Id | None = None
    category: Id | None = None
    begins: Begins | None = None
    ends: Begins | None = None
    note: Label | None = None
    lines: Lines

    @model_validator(mode="after")
    def _of_one(self) -> Outlay:
        if (self.document is None) == (self.category is None):
            raise ValueError("give one of `document` and `category`")
        return self


class Fee(Outlay):
    """What one copy of a document, or a category, costs, in hundredths of the currency."""

    amount: Spanned
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "CNY"


class LeadTime(Outlay):
    """How many working days it takes to obtain a document, or to be granted a category."""

    working_days: Spanned


def span_of(outlay: Outlay) -> Span:
    """How much, or how long."""
    match outlay:
        case Fee(amount=span) | LeadTime(working_days=span):
            return span
        case _:
            raise TypeError(outlay)
