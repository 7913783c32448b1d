"""Analyses of categories in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from kb.compare.analysis import Analysis, NeverUsed, Worse
from kb.lang.syntax import Cite
from kb.model.data import Json
from kb.model.days import date
from kb.model.requirements import Need
from kb.render.documents import cites
from kb.render.language import Language
from kb.render.outline import Line, line
from kb.render.shared_json import cites_json

SHOWN = 12
"""Applicants that a line of text names; JSON has them all."""


def analysis_lines(found: Analysis) -> Iterator[Line]:
    """A category, then what was found of each kind; where nothing was found that is said."""
    to = Language(found.lang, found.names)
    name = to.label("category", found.category)
    yield line(0, f"{name} · {date(found.as_of)}")
    if not found.readings:
        yield line(2, to.pick("这一天没有确定有效的说法", "no reading surely stands on this day"))
    else:
        told = cites(found.readings)
        text = to.pick(
            f"{told};条件能区分 {found.classes} 种应用",
            f"{told}; its conditions tell {found.classes} kinds of app apart",
        )
        yield line(2, text)
        yield from _gaps(found, to)
        yield from _forbidden(found, to)
        yield from _never_used(found, to)
        yield from _alike(found, to)
    if found.worse is not None:
        yield from _worse(found.worse, to)


def _gaps(found: Analysis, to: Language) -> Iterator[Line]:
    if not found.gaps:
        text = to.pick(
            "没有缺口:说法对其开放的主体,每种都可能用得上一种方案",
            "no gap: some alternative is left for each applicant that a reading is open to",
        )
        yield line(2, text)
    for gap in found.gaps:
        listed = _applicants(gap.applicants, to)
        where = cites([gap.cite])
        lead = to.pick("缺口:这些主体用不上任何方案", "a gap: no alternative is left for")
        yield line(2, f"{lead}: {listed}  [{where}]")


def _forbidden(found: Analysis, to: Language) -> Iterator[Line]:
    for each in found.forbidden:
        listed, what = _applicants(each.applicants, to), to.label("part", each.part)
        lead = to.pick("禁止这些主体提供", "forbidden to")
        yield line(2, f"⊘ {lead}: {listed} ({what})  [{cites([each.cite])}]")


def _applicants(applicants: tuple[str, ...], to: Language) -> str:
    labels = [to.label("applicant", each) for each in applicants]
    more = len(labels) - SHOWN
    rest = to.pick(f" 等 {len(labels)} 种", f" and {more} more") if more > 0 else ""
    return to.pick("、", ", ").join(labels[:SHOWN]) + rest


def _never_used(found: Analysis, to: Language) -> Iterator[Line]:
    for each in found.never_used:
        yield line(2, f"{_idle(each, to)}: {_needs(each.needs, to)}  [{cites([each.cite])}]")


def _idle(each: NeverUsed, to: Language) -> str:
    if each.usable:
        return to.pick("总有更少的方案可用", "wherever it is usable a smaller one is")
    return to.pick("任何应用都用不上的方案", "no app can use this alternative")


def _needs(needs: tuple[Need, ...], to: Language) -> str:
    named = [to.label("document", need.document) for need in needs]
    return to.pick("、", ", ").join(named) or to.pick("不要求材料", "no documents")


def _alike(found: Analysis, to: Language) -> Iterator[Line]:
    for pair in found.alike:
        both = cites([pair.one]), cites([pair.other])
        yield line(
            2,
            to.pick(
                f"两种说法对每个应用的要求都相同: {both[0]} 与 {both[1]}",
                f"two readings ask every app for the same: {both[0]} and {both[1]}",
            ),
        )


def _worse(found: Worse, to: Language) -> Iterator[Line]:
    days = to.pick(
        f"{date(found.first)} 至 {date(found.last)}", f"{date(found.first)} to {date(found.last)}"
    )
    if found.app is None or found.verdicts is None:
        sure = to.pick("没有应用变差", "no app gets worse")
        unsure = to.pick(
            "没有找到变差的应用,但未全部排除",
            "no app was found that gets worse, not all are ruled out",
        )
        yield line(2, f"{days}: {sure if found.complete else unsure}")
        return
    one, other = found.verdicts
    lead = to.pick("变差的应用中材料最少的", "the app with the fewest documents that gets worse")
    if not found.complete:
        lead = to.pick("一个变差的应用", "an app that gets worse")
    yield line(2, f"{days}: {lead}: {one} → {other}")
    for key, value in found.app.to_dict().items():
        yield line(4, f"{key}: {value}")


def analysis_json(found: Analysis) -> Json:
    """An analysis as JSON; `app` is a profile that `kb ask` takes."""

    def at(cite: Cite) -> list[Json]:
        return cites_json([cite])

    worse = found.worse
    return {
        "category": found.category,
        "as_of": str(date(found.as_of)),
        "sources": cites_json(found.readings),
        "classes": found.classes,
        "gaps": [
            {"reading": g.reading, "applicants": list(g.applicants), "sources": at(g.cite)}
            for g in found.gaps
        ],
        "forbidden": [
            {"part": f.part, "applicants": list(f.applicants), "sources": at(f.cite)}
            for f in found.forbidden
        ],
        "never_used": [
            {
                "alternative": each.alternative,
                "documents": [need.id for need in each.needs],
                "usable": each.usable,
                "sources": at(each.cite),
            }
            for each in found.never_used
        ],
        "equivalent": [cites_json([pair.one, pair.other]) for pair in found.alike],
        "worse": None
        if worse is None
        else {
            "from": str(date(worse.first)),
            "to": str(date(worse.last)),
            "app": worse.app.to_dict() if worse.app else None,
            "verdicts": list(worse.verdicts) if worse.verdicts else None,
            "complete": worse.complete,
        },
    }
