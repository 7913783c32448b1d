"""What texts say that documents and categories cost and how long they take: words and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from kb.base.outlays import OutlayKind, OutlayResult
from kb.base.results import Certainty, Standing
from kb.model.data import Json
from kb.model.schema import Begins
from kb.render.days import since_day, through_day
from kb.render.language import Language
from kb.render.outline import EMPTY, Cited, Lead, Line, line
from kb.render.shared_json import cite_json
from kb.render.words import word


def outlay_lines(outlays: Iterable[OutlayResult], indent: int, to: Language) -> Iterator[Line]:
    """A fee or a time a line, under a heading; nothing where there is none."""
    listed = list(outlays)
    if not listed:
        return
    yield line(
        indent, to.pick("来源写明的费用和办理时间:", "fees and times that the sources state:")
    )
    for each in listed:
        yield line(indent + 2, Lead("· "), outlay_text(each, to), Cited.of([each.cite]))


def spaced_outlays(outlays: Iterable[OutlayResult], to: Language) -> Iterator[Line]:
    """The same after an empty line."""
    for at, each in enumerate(outlay_lines(outlays, 0, to)):
        if not at:
            yield EMPTY
        yield each


def outlay_text(outlay: OutlayResult, to: Language) -> str:
    """A fee or a time with what it is of, and what is to be said of it."""
    kind, id = ("document", outlay.document) if outlay.document else ("category", outlay.category)
    name = to.both(kind, str(id))
    said = to.pick(f"《{name}》" if kind == "document" else f"「{name}」", f"{name}")
    return f"{said}: {outlay_amount(outlay, to)}"


def outlay_amount(outlay: OutlayResult, to: Language) -> str:
    """How much or how long, and what is to be said of it."""
    more = [
        *([word("perhaps", to.lang)] if outlay.certainty == Certainty.PERHAPS else ()),
        *([word(outlay.standing, to.lang)] if outlay.standing != Standing.IN_FORCE else ()),
        *_days(outlay, to),
        *([to.say(outlay.note)] if outlay.note else ()),
    ]
    told = f" ({to.pick(',', ', ').join(more)})" if more else ""
    return outlay_span(outlay, to) + told


def outlay_span(outlay: OutlayResult, to: Language) -> str:
    """How much, or how long."""
    match outlay.kind:
        case OutlayKind.FEE:
            currency = outlay.currency or ""
            unit = to.pick("元" if currency == "CNY" else currency, currency)
            return span_text((outlay.least, outlay.most), 100, unit, to)
        case OutlayKind.LEAD_TIME:
            return span_text((outlay.least, outlay.most), 1, working_days(to), to)
        case _:
            assert_never(outlay.kind)


def working_days(to: Language) -> str:
    """The unit of times."""
    return to.pick("个工作日", "working days")


def span_text(ends: tuple[int | None, int | None], divisor: int, unit: str, to: Language) -> str:
    """A least and a most, of which one may not be known: `at least 50.00 CNY`."""
    least, most = ends

    def shown(number: int) -> str:
        return str(number) if divisor == 1 else f"{number / divisor:.2f}"

    if least is None and most is None:
        return to.pick("未知", "unknown")
    if least is None:
        return f"{to.pick('至多', 'at most')} {shown(int(most or 0))} {unit}"
    if most is None:
        return f"{to.pick('至少', 'at least')} {shown(least)} {unit}"
    both = shown(least) if least == most else f"{shown(least)}–{shown(most)}"
    return f"{both} {unit}"


def _days(outlay: OutlayResult, to: Language) -> Iterator[str]:
    """The days of its own that a text gives it."""
    if outlay.begins:
        yield since_day(_told(outlay.begins, to), to)
    if outlay.ends:
        yield through_day(_told(outlay.ends, to), to)


def _told(day: Begins, to: Language) -> str:
    """A day; one that is not known to the day is some day of what is known."""
    known = _day(day)
    if day.precision == "day":
        return known
    return to.pick(f"{known} 里的某一天", f"some day of {known}")


def _day(begins: Begins) -> str:
    """A day as exactly as it is known."""
    day = begins.date
    match begins.precision:
        case "day":
            return day.isoformat()
        case "month":
            return f"{day:%Y-%m}"
        case "quarter":
            return f"{day.year}-Q{(day.month + 2) // 3}"
        case "year":
            return str(day.year)
        case _:
            assert_never(begins.precision)


def outlay_json(outlay: OutlayResult, to: Language) -> Json:
    """A fee or a time as JSON."""
    kind, id = ("document", outlay.document) if outlay.document else ("category", outlay.category)
    found: Json = {
        kind: to.official(kind, str(id)),
        "id": id,
        "part": outlay.part,
        "kind": str(outlay.kind),
        "least": outlay.least,
        "most": outlay.most,
        "certainty": str(outlay.certainty),
        "standing": str(outlay.standing),
        "sources": [cite_json(outlay.cite)],
    }
    if outlay.currency:
        found["currency"] = outlay.currency
    for key, day in (("begins", outlay.begins), ("ends", outlay.ends)):
        if day is not None:
            found[key] = {"date": day.date.isoformat(), "precision": day.precision}
    if outlay.note:
        found["note"] = to.say(outlay.note)
    return found


def ends_json(ends: tuple[int | None, int | None]) -> Json | None:
    """A least and a most, where something of them is known."""
    least, most = ends
    return None if least is None and most is None else {"least": least, "most": most}
