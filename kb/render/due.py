"""The time that a text gives for what it asks for anew, in words."""

from __future__ import annotations

from collections.abc import Iterator

from kb.model.data import Json
from kb.model.duty_days import Due
from kb.render.language import Language

UNITS = {
    "days": ("天", "days"),
    "working_days": ("个工作日", "working days"),
    "months": ("个月", "months"),
    "years": ("年", "years"),
}


def unit_text(count: int, unit: str, to: Language) -> str:
    """So many of a unit.

    >>> from kb.model.names import Names
    >>> unit_text(1, "working_days", Language("en", Names()))
    '1 working day'
    """
    zh, en = UNITS[unit]
    return to.pick(f"{count} {zh}", f"{count} {en.removesuffix('s') if count == 1 else en}")


def time_texts(time: Due, to: Language, forbids: bool = False) -> Iterator[str]:
    """From which day on something is asked for, or forbidden (`forbids`), and to whom."""
    must, due = ("禁止", "forbidden") if forbids else ("必须做到", "due")
    if time.due:
        yield to.pick(f"自 {time.due} 起{must}", f"{due} from {time.due} on")
    if time.grace:
        event, grace = to.label("attribute", time.grace.opened), time.grace
        yield to.pick(
            f"「{event}」早于 {grace.opened_before} 的,自 {grace.until} 起才{must}",
            f"{due} only from {grace.until} on where this day is before "
            f"{grace.opened_before}: {event}",
        )
    if time.deadline:
        event, (unit, count) = to.label("attribute", time.deadline.since), time.deadline.span
        span = unit_text(count, unit, to)
        if forbids:
            yield to.pick(
                f"自「{event}」之后 {span}起{must}",
                f"{due} from {span} after this day on: {event}",
            )
        else:  # who acts on that day is in time
            yield to.pick(
                f"最迟在「{event}」之后 {span}{must}",
                f"{due} {span} after this day at the latest: {event}",
            )


def time_json(time: Due) -> Json:
    """The same as JSON."""
    found: Json = {}
    if time.due:
        found["due"] = time.due.isoformat()
    if time.grace:
        found["grace"] = {
            "opened": time.grace.opened,
            "before": time.grace.opened_before.isoformat(),
            "until": time.grace.until.isoformat(),
        }
    if time.deadline:
        unit, count = time.deadline.span
        found["deadline"] = {"since": time.deadline.since, "unit": unit, "count": count}
    return found
