"""What a source says of costs and times as rows, what these parts are called, and their checks."""

from __future__ import annotations

from collections.abc import Iterator

from kb.lang.problems import Problem
from kb.lang.syntax import Cite
from kb.model.days import beginning, ending, stretch
from kb.model.due_rows import Stated
from kb.model.duty_rows import part_id
from kb.model.names import Names, Term
from kb.model.outlays import Fee, Outlay, span_of
from kb.model.schema import Source
from kb.model.yamlread import Document
from kb.model.yamlread import Path as Place


def outlay_rows(source: Source, outlays: tuple[Outlay, ...], narrow: bool) -> Stated:
    """The rows of what a source says of costs and times; `narrow`: it is for a place of its own."""
    for outlay in outlays:
        part, at = part_id(source.id, outlay.id), Cite(source.id, outlay.lines)
        kind = "fee" if isinstance(outlay, Fee) else "lead_time"
        thing = ("document", outlay.document) if outlay.document else ("category", outlay.category)
        yield f"{kind}_of_{thing[0]}", (part, str(thing[1])), at
        if isinstance(outlay, Fee):
            yield "fee_currency", (part, outlay.currency), at
        span = span_of(outlay)
        if span.least is not None:
            yield "outlay_least", (part, span.least), at
        if span.most is not None:
            yield "outlay_most", (part, span.most), at
        yield "outlay_standing", (part, source.standing), at
        begins = stretch(outlay.begins) if outlay.begins else beginning(source)
        ends = stretch(outlay.ends) if outlay.ends else ending(source)
        yield "outlay_begins", (part, *begins), at
        yield "outlay_ends", (part, *ends), at
        platform, place = source.platform or "any", source.jurisdiction if narrow else "any"
        yield "outlay_platform", (part, platform), at
        if narrow:
            yield "outlay_place", (part, place), at
        yield "outlay_ground", (part, " ".join((kind, *map(str, thing), platform, place))), at


def outlay_terms(source: Source, outlays: tuple[Outlay, ...], names: Names) -> Iterator[Term]:
    """What they are called: after the document or the category that they are of."""
    for outlay in outlays:
        kind, id = "document", outlay.document
        if id is None:
            kind, id = "category", outlay.category
        zh, en = (names.label(kind, str(id), lang) for lang in ("zh", "en"))
        more = ("的费用", "fee of ") if isinstance(outlay, Fee) else ("的办理时间", "time of ")
        yield Term("part", part_id(source.id, outlay.id), f"「{zh}」{more[0]}", f"{more[1]}{en}")


def check_outlays(
    source: Source, key: str, outlays: tuple[Outlay, ...], document: Document
) -> Iterator[Problem]:
    """That none ends before it begins, and that no two tell of the same thing on the same day."""
    seen: list[tuple[Outlay, tuple[int, int]]] = []
    for n, outlay in enumerate(outlays):
        place: Place = (key, n)
        first = (stretch(outlay.begins) if outlay.begins else beginning(source))[0]
        last = (stretch(outlay.ends) if outlay.ends else ending(source))[1]
        if last < first:
            message = "the text ends before it begins"
            yield Problem("value", message, document.span((*place, "ends")))
        for other, (begun, ended) in seen:
            same = (other.document, other.category) == (outlay.document, outlay.category)
            if same and first <= ended and begun <= last:
                yield Problem(
                    "value",
                    f"`{outlay.id}` and `{other.id}` tell of the same thing on the same day",
                    document.span((*place, "id")),
                    "give each its own `begins` and `ends`, or one with `least` and `most`",
                )
        seen.append((outlay, (first, last)))
