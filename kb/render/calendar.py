"""A filing plan as an iCalendar file: the days of duties, those on which steps end, and those on
which papers in hand run out."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from kb.base.papers import PaperNote, papers_ending
from kb.filing.duty_days import DayKind, DutyDay
from kb.filing.plan import Plan
from kb.filing.steps import PlanStep
from kb.lang.problems import Problem, Problems
from kb.model.apps import App
from kb.model.days import date
from kb.render.documents import cites
from kb.render.duty_days import day_text, told_text
from kb.render.language import Language
from kb.render.papers import named_text, noted_text, renewal_text

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "policy-kb:calendar")
"""What the ids of events are made from: the same day of the same app keeps its id, so that a
calendar that takes the file in again moves the entry and does not double it."""
AHEAD = datetime.timedelta(days=30)
"""How long before its last day a calendar reminds of a paper: nothing is stated about how long it
takes to have it anew, and the day itself is too late."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a whole day, or of several: what it is of, its words, its first and last day, and
    whether the calendar reminds of it `AHEAD` of the first."""

    of: str
    title: str
    text: str
    first: datetime.date
    last: datetime.date
    reminded: bool = False


def calendar(plan: Plan | None, app: App, day: int, lang: str = "zh") -> bytes:
    """The days of an app's plan, and the last ones of its papers in hand, as an iCalendar file;
    `day` is the one that the plan is of, and the same plan gives the same bytes. Raises `Problems`
    where the package `icalendar` is not installed, and where nothing of the plan has a day."""
    try:
        # Imported here: it is an extra.
        import icalendar
    except ImportError:
        help = "pip install 'policy-kb[calendar]'"
        message = "a calendar needs the package icalendar"
        raise Problems([Problem("extra", message, help=help)]) from None
    entries: list[Entry] = []
    if plan is not None:
        to = Language(lang, plan.names)
        entries = [*(_day(each, to) for each in plan.deadlines), *_steps(plan.steps, to)]
        entries += [_paper(each, to) for each in papers_ending(app.papers, day)]
    if not entries:
        message = "nothing of this plan has a day"
        help = "`--start DATE` counts the days of its steps from a day"
        raise Problems([Problem("no-plan", message, help=help)])
    found = icalendar.Calendar()
    found.add("prodid", "-//policy-kb//kb plan//EN")
    found.add("version", "2.0")
    for entry in entries:
        event = icalendar.Event()
        event.add("uid", str(uuid.uuid5(NAMESPACE, f"{app.name}\n{entry.of}")))
        event.add("dtstamp", datetime.datetime.combine(date(day), datetime.time(), datetime.UTC))
        event.add("dtstart", entry.first)
        # The end of an entry of whole days is the day after its last.
        event.add("dtend", entry.last + datetime.timedelta(days=1))
        event.add("summary", f"{app.name}: {entry.title}")
        event.add("description", entry.text)
        event.add("transp", "TRANSPARENT")
        if entry.reminded:
            alarm = icalendar.Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", entry.text)
            alarm.add("trigger", -AHEAD)
            event.add_component(alarm)
        found.add_component(event)
    return bytes(found.to_ical())


def _day(each: DutyDay, to: Language) -> Entry:
    # What was due and is over keeps the entry that it had before.
    kind = {
        DayKind.DUE_TODAY: DayKind.DUE,
        DayKind.OVERDUE: DayKind.DUE,
        DayKind.RENEW_TODAY: DayKind.RENEW,
        DayKind.LAPSED: DayKind.RENEW,
    }.get(each.kind, each.kind)
    of = f"{each.part}\n{kind}"
    title = f"{to.label('part', each.part)} ({day_text(each, to)})"
    return Entry(of, title, f"{told_text(each, to)} [{cites(each.cites)}]", each.day, each.day)


def _steps(steps: tuple[PlanStep, ...], to: Language) -> Iterator[Entry]:
    """The stretch of days in which each step may end, in a plan with dates."""
    for number, step in enumerate(steps, 1):
        if step.ends is not None:
            label = to.label("part", step.part)
            title = to.pick(f"步骤 {number} 办完: {label}", f"step {number} done: {label}")
            text = f"{to.label('actor', step.actor)} [{cites(step.cites)}]"
            yield Entry(step.part, title, text, *step.ends)


def _paper(each: PaperNote, to: Language) -> Entry:
    # A paper had anew has another last day and is another entry: the old day stays where it was.
    of = "\n".join((each.document, each.holder or "", each.party or "", each.day))
    title = f"{named_text(each, to)} ({renewal_text(each, to)})"
    day = datetime.date.fromisoformat(each.day)
    return Entry(of, title, noted_text(each, to), day, day, reminded=True)
