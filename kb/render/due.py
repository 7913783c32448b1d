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


def time_texts(time: Due, to: Language) -> Iterator[str]:
    """From which day on something is asked for, and of whom."""
    if time.due:
        yield to.pick(f"自 {time.due} 起必须做到", f"due from {time.due} on")
    if time.grace:
        event, grace = to.label("attribute", time.grace.opened), time.grace
        yield to.pick(
            f"「{event}」早于 {grace.opened_before} 的,自 {grace.until} 起才必须做到",
            f"due only from {grace.until} on where this day is before "
            f"{grace.opened_before}: {event}",
        )
    if time.deadline:
        event, (unit, count) = to.label("attribute", time.deadline.since), time.deadline.span
        zh, en = UNITS[unit]
        yield to.pick(
            f"自「{event}」之后 {count} {zh}起必须做到",
            f"due from {count} {en} after this day on: {event}",
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
