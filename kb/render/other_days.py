"""Words for what texts say on other days than the one asked about."""

from __future__ import annotations

from collections.abc import Iterable

from kb.answers.other_days import OtherDay
from kb.model.data import Json
from kb.model.days import date
from kb.render.days import since_text, through_text
from kb.render.language import Language
from kb.render.shared_json import cites_json


def placed_off_day(days: Iterable[OtherDay], to: Language) -> str:
    """Which texts put a service under a category on other days, to follow that none does today."""
    return "".join(_placed(day, to) for day in days)


def described_off_day(days: Iterable[OtherDay], to: Language) -> str:
    """Which texts say on other days what a category asks for."""
    return "".join(_described(day, to) for day in days)


def _placed(day: OtherDay, to: Language) -> str:
    source, label = to.label("source", day.source), to.official("category", day.category)
    perhaps, maybe = ("可能", "perhaps ") if day.perhaps else ("", "")
    if day.to_come:
        since = since_text(day.first, day.last, to)
        return to.pick(
            f";《{source}》{since}{perhaps}才把它归入「{label}」",
            f"; only {since} it is {maybe}under {label} ({source})",
        )
    through = through_text(day.first, day.last, to)
    return to.pick(
        f";《{source}》{perhaps}把它归入「{label}」,只{through}",
        f"; only {through} it was {maybe}under {label} ({source})",
    )


def _described(day: OtherDay, to: Language) -> str:
    source = to.label("source", day.source)
    if day.to_come:
        since = since_text(day.first, day.last, to)
        return to.pick(
            f";《{source}》{since}才写明,当天还没有生效",
            f"; only {since} it is told ({source})",
        )
    through = through_text(day.first, day.last, to)
    return to.pick(
        f";《{source}》写明过,只{through}",
        f"; only {through} it was told ({source})",
    )


def other_days_json(days: Iterable[OtherDay]) -> list[Json]:
    """What texts say on other days: each with its category, its lines and the days between which
    it begins (`from`) or ends (`through`)."""
    return [
        {
            "category": day.category,
            "counts": "from" if day.to_come else "through",
            "earliest": date(day.first).isoformat(),
            "latest": date(day.last).isoformat(),
            "perhaps": day.perhaps,
            "sources": cites_json([day.cite]),
        }
        for day in days
    ]
