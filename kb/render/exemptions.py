"""The exemptions of an app, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from kb.base.exemptions import ExemptionResult, ExemptionState
from kb.model.data import Json
from kb.render.days import through_day
from kb.render.language import Language
from kb.render.outline import EMPTY, Lead, Line, line


def exemption_text(each: ExemptionResult, to: Language) -> str:
    """What is told of an exemption: from what, by whom, until when, and what it does."""
    what = to.label("part", each.thing) if each.duty else to.both("category", each.thing)
    since, by = each.since, each.by
    note = f" ({each.note})" if each.note else ""
    named = to.pick(f"「{what}」由{by}豁免{note}", f"{what}, granted by {by}{note}")
    match each.state:
        case ExemptionState.OVER:
            end = _end(each, to)
            told = to.pick(f"只{end},已重新要求", f"only {end}: demanded again")
        case ExemptionState.NOT_YET:
            told = to.pick(f"自 {since} 起才算", f"counts only from {since} on")
        case ExemptionState.HOLDS:
            end = _end(each, to)
            met = to.pick("视为做到", "counts as met") if each.counts else ""
            idle = to.pick("与结论无关", "changes nothing here")
            told = to.pick(f"{end},{met or idle}", f"{end}: {met or idle}")
        case _:
            assert_never(each.state)
    return to.pick(f"{named},{told}", f"{named}, {told}")


def granted_text(each: ExemptionResult, to: Language) -> str:
    """Who granted an exemption, and until when it holds."""
    return to.pick(f"{each.by},{_end(each, to)}", f"by {each.by}, {_end(each, to)}")


def _end(each: ExemptionResult, to: Language) -> str:
    if each.until is None:
        return to.pick("没有写明期限", "no last day is stated")
    return through_day(each.until, to)


def changed_text(each: ExemptionResult, to: Language) -> str:
    """What is told of one that holds on one of two days alone."""
    if each.state != ExemptionState.HOLDS:
        return exemption_text(each, to)
    what = to.label("part", each.thing) if each.duty else to.both("category", each.thing)
    named = to.pick(f"「{what}」由{each.by}豁免", f"{what}, granted by {each.by}")
    return to.pick(f"{named},自 {each.since} 起", f"{named}, from {each.since} on")


def exemptions_lines(found: Iterable[ExemptionResult], to: Language) -> Iterator[Line]:
    """The exemptions of an answer, if there are any."""
    for at, each in enumerate(found):
        if not at:
            yield EMPTY
            yield line(0, to.pick("豁免:", "exemptions:"))
        yield line(2, Lead("· "), exemption_text(each, to))


def exemptions_json(found: Iterable[ExemptionResult], to: Language) -> list[Json]:
    """The same as JSON: states, ids and days, and the words."""
    return [
        {
            "from": to.label("part", each.thing)
            if each.duty
            else to.official("category", each.thing),
            "id": each.thing,
            "by": each.by,
            "since": each.since,
            "until": each.until,
            "state": str(each.state),
            "counts": each.counts,
            "note": exemption_text(each, to),
        }
        for each in found
    ]
