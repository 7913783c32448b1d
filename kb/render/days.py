"""Words for the first and the last day of something, the same wherever a day is told.

A last day is told as one on which it still counts (`through`), a first day as the one from which on
it does: nowhere is it left to the reader whether the day itself is in or out.
"""

from __future__ import annotations

from kb.model.days import date
from kb.render.language import Language


def since_day(day: object, to: Language) -> str:
    """From which day on something counts."""
    return to.pick(f"自 {day} 起", f"from {day} on")


def through_day(day: object, to: Language, more: str = "") -> str:
    """Through which day something counts: its last one. `more` stands in brackets after it."""
    en = f" ({more})" if more else ""
    zh = f",{more}" if more else ""
    return to.pick(f"到 {day} 为止(含当日{zh})", f"through {day}{en}")


def since_text(first: int, last: int, to: Language) -> str:
    """From which day on (a day number) something counts, known exactly or not."""
    if first == last:
        return since_day(date(first), to)
    return to.pick(
        f"自 {date(first)} 至 {date(last)} 之间的某一天起",
        f"from some day between {date(first)} and {date(last)} on",
    )


def through_text(first: int, last: int, to: Language) -> str:
    """Through which day (a day number) something counts, known exactly or not."""
    if first == last:
        return through_day(date(last), to)
    return to.pick(
        f"到 {date(first)} 至 {date(last)} 之间的某一天为止(含当日)",
        f"through some day between {date(first)} and {date(last)}",
    )
