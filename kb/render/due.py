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
    """Until when there is time, and for whom."""
    if time.due:
        yield to.pick(f"最晚 {time.due} 做到", f"due by {time.due}")
    if time.grace:
        event, grace = to.label("attribute", time.grace.opened), time.grace
        yield to.pick(
            f"「{event}」早于 {grace.opened_before} 的,最晚 {grace.until} 做到",
            f"due by {grace.until} where this day is before {grace.opened_before}: {event}",
        )
    if time.deadline:
        event, (unit, count) = to.label("attribute", time.deadline.since), time.deadline.span
        zh, en = UNITS[unit]
        yield to.pick(
            f"最晚在「{event}」之后 {count} {zh}做到", f"due {count} {en} after this day: {event}"
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
