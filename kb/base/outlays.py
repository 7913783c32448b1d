"""What the texts say that documents and categories cost and how long they take, as results."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.base.results import Certainty, Standing, Word
from kb.lang.syntax import Cite, Row, Value
from kb.model.outlays import Fee, span_of
from kb.model.schema import Begins, Label

if TYPE_CHECKING:
    from kb.base.core import Core

GOALS = ("states_outlay",)
"""What is asked of the rules for an app."""
PRICED = (
    "fee_of_document",
    "fee_of_category",
    "lead_time_of_document",
    "lead_time_of_category",
)
"""Relations that say what a fee or a time is of."""


class OutlayKind(Word):
    """Money or time."""

    FEE = "fee"
    LEAD_TIME = "lead_time"


@dataclass(frozen=True, slots=True)
class OutlayResult:
    """What a text says that a `document` or a `category` costs (in hundredths of the `currency`) or
    how many working days it takes.

    `least` and `most` are None where the text leaves that end open; `begins` and `ends` are days of
    its own, where it has some. It holds surely or only perhaps (`certainty`).
    """

    part: str
    kind: OutlayKind
    document: str | None
    category: str | None
    least: int | None
    most: int | None
    currency: str | None
    begins: Begins | None
    ends: Begins | None
    certainty: Certainty
    standing: Standing
    note: Label | None
    cite: Cite


def outlays_of(base: Core, rows: Iterable[Row]) -> Iterator[OutlayResult]:
    """The fees and times that rows of `part, certainty` name, in the order of the files."""
    certainty = {str(part): Certainty(str(how)) for part, how in rows}
    if not certainty:
        return
    for part, (source, outlay) in base.provisions.outlays.items():
        if part not in certainty:
            continue
        span = span_of(outlay)
        yield OutlayResult(
            part,
            OutlayKind.FEE if isinstance(outlay, Fee) else OutlayKind.LEAD_TIME,
            outlay.document,
            outlay.category,
            span.least,
            span.most,
            outlay.currency if isinstance(outlay, Fee) else None,
            outlay.begins,
            outlay.ends,
            certainty[part],
            Standing(base.facts.files[source].source.standing),
            outlay.note,
            Cite(source, outlay.lines),
        )


def standing_outlays(base: Core, kind: str, id: str, day: int) -> tuple[OutlayResult, ...]:
    """What stands of a `document` or a `category` on a day (a day number), whoever asks and
    wherever."""
    stated = base.facts.rows.facts
    relations = (f"fee_of_{kind}", f"lead_time_of_{kind}")
    parts = {part for name in relations for part, thing in stated.get(name, ()) if thing == id}
    return tuple(_standing(base, parts, day))


def all_standing(base: Core, day: int) -> tuple[OutlayResult, ...]:
    """What stands on a day (a day number) of anything, whoever asks and wherever."""
    stated = base.facts.rows.facts
    parts = {part for name in PRICED for part, _ in stated.get(name, ())}
    return tuple(_standing(base, parts, day))


def _standing(base: Core, parts: Collection[Value], day: int) -> Iterator[OutlayResult]:
    if not parts:
        return
    model = base.engine.evaluate({"question_day": [("", day)]}, ["outlay_stands"])
    rows = ((part, how) for _, part, how in model["outlay_stands"] if part in parts)
    yield from outlays_of(base, rows)
