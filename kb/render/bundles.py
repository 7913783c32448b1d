"""Bundles in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from kb.answers.bundles import Bundles, NotCounted, PricedBundle, WhyNotCounted
from kb.base.results import Certainty
from kb.model.data import Json
from kb.render.answer_json import obligation_json
from kb.render.bans import bans_json, bans_lines
from kb.render.documents import document_parts
from kb.render.duties import by_practice_lines
from kb.render.entities import tallies_json, tallies_lines
from kb.render.exemptions import exemptions_json, exemptions_lines
from kb.render.language import Language
from kb.render.outlays import ends_json, outlay_json, outlay_lines, span_text, working_days
from kb.render.outline import Lead, Line, line
from kb.render.papers import papers_json, papers_lines
from kb.render.shared_json import document_json

BY = {"fewest": "最少", "cheapest": "最省", "fastest": "最快"}


def bundles_lines(found: Bundles) -> Iterator[Line]:
    """`kb bundles` as lines."""
    to = Language(found.lang, found.names)
    yield from bans_lines(found.bans, to)
    for bundle, title in titled(found, to):
        yield from _bundle(bundle, title, to)
    yield from bundles_rest(found, to)


def titled(found: Bundles, to: Language) -> Iterator[tuple[PricedBundle, str]]:
    """Each bundle with what it is; none where a ban leaves nothing to provide."""
    vain = any(ban.in_vain for ban in found.bans if ban.certainty == Certainty.SURELY)
    if vain and not found.bundle.documents and not found.unknown:
        return
    yield found.bundle, to.pick(BY[found.by], found.by)
    for reading in found.readings:
        title = to.pick("只按这种说法:", "by this reading alone: ") + ", ".join(reading.reading)
        yield reading, title
    for number, bundle in enumerate(found.all or (), 1):
        yield bundle, f"{to.pick('最小组合', 'minimal')} {number}"


def bundles_rest(found: Bundles, to: Language) -> Iterator[Line]:
    """What is not in the bundles, and how sure they are."""
    yield from by_practice_lines(found.duties, to)
    if found.cannot:
        lead = to.pick("本主体无法完成:", "can not be completed by this applicant: ")
        yield line(0, lead + to.listed([to.both("category", each) for each in found.cannot]))
    if found.unknown:
        lead = to.pick(
            "来源没有说明要求,没有计入:", "no source tells what they ask for, not counted: "
        )
        yield line(0, lead + to.listed([to.both("category", each) for each in found.unknown]))
    yield from outlay_lines(found.outlays, 0, to)
    yield from papers_lines(found.papers, to)
    yield from exemptions_lines(found.exemptions, to)
    yield from tallies_lines(found.tallies, to)
    if (found.by == "cheapest" and found.bundle.cost_ends[1] is None) or (
        found.by == "fastest" and found.bundle.days_ends[1] is None
    ):
        yield line(
            0,
            to.pick(
                "比较时有材料的费用或时间未知,按不利计",
                "some prices or times are not known; what is not known counts against a set",
            ),
        )
    for entry in found.not_counted:
        yield line(0, Lead("· "), _remark(entry, to))


def bundle_title(bundle: PricedBundle, title: str, to: Language) -> str:
    """What a bundle is, how large, at what cost and in what time."""
    extra = f"{_cost(bundle, to)}, {_days(bundle, to)}"
    count = len(bundle.documents)
    documents = to.pick("种材料", "document" if count == 1 else "documents")
    known = to.pick("已知 ", "known so far, ") if bundle.partly else ""
    return f"{title}: {known}{count} {documents} ({extra})"


def _bundle(bundle: PricedBundle, title: str, to: Language) -> Iterator[Line]:
    yield line(0, bundle_title(bundle, title, to))
    for needed in bundle.documents:
        yield line(2, Lead("· "), *document_parts(needed, to))
    if not bundle.optimal and not bundle.partly:
        yield line(
            2,
            to.pick(
                f"(未证明为最优,下限 {bundle.bound})",
                f"(not proven best, at least {bundle.bound})",
            ),
        )


def _cost(bundle: PricedBundle, to: Language) -> str:
    if bundle.cost_ends == (None, None):
        return to.pick("费用未知", "cost unknown")
    return span_text(bundle.cost_ends, 100, to.pick("元", ""), to).rstrip()


def _days(bundle: PricedBundle, to: Language) -> str:
    if bundle.days_ends == (None, None):
        return to.pick("时间未知", "time unknown")
    return span_text(bundle.days_ends, 1, working_days(to), to)


def _remark(entry: NotCounted, to: Language) -> str:
    name = to.both("category", entry.category)
    if entry.because == WhyNotCounted.PERHAPS:
        return to.pick(
            f"「{name}」不一定需要,其材料没有计入",
            f"{name} is only perhaps needed; its documents are not counted",
        )
    return to.pick(
        f"「{name}」是几个可选类目之一,其材料没有计入",
        f"{name} is one of several categories to choose from; its documents are not counted",
    )


def bundles_json(found: Bundles) -> Json:
    """`kb bundles` as JSON."""
    to = Language(found.lang, found.names)
    duties = [
        {"demand": str(each.demand), "duty": obligation_json(each.duty, to)}
        for each in found.duties
    ]
    return {
        "by": found.by,
        "bundle": _json(found.bundle, to),
        "cannot": list(found.cannot),
        "unknown": list(found.unknown),
        "not_counted": [
            {
                "category": to.official("category", entry.category),
                "id": entry.category,
                "because": str(entry.because),
                "remark": _remark(entry, to),
            }
            for entry in found.not_counted
        ],
        "readings": [{"reading": list(each.reading), **_json(each, to)} for each in found.readings],
        "all": [_json(each, to) for each in found.all] if found.all is not None else None,
        "outlays": [outlay_json(each, to) for each in found.outlays],
        **({"bans": bans_json(found.bans, to)} if found.bans else {}),
        **({"duties": duties} if duties else {}),
        **({"papers": papers_json(found.papers, to)} if found.papers else {}),
        **({"exemptions": exemptions_json(found.exemptions, to)} if found.exemptions else {}),
        **({"tallies": tallies_json(found.tallies, to)} if found.tallies else {}),
    }


def _json(bundle: PricedBundle, to: Language) -> Json:
    found: Json = {
        "documents": [document_json(each, to) for each in bundle.documents],
        "optimal": bundle.optimal,
        "bound": bundle.bound,
        "alternatives": list(bundle.alternatives),
        "cost": bundle.cost,
        "days": bundle.days,
    }
    # Where it is not known exactly, as far as it is.
    for key, exact, ends in (
        ("cost_ends", bundle.cost, ends_json(bundle.cost_ends)),
        ("days_ends", bundle.days, ends_json(bundle.days_ends)),
    ):
        if exact is None and ends is not None:
            found[key] = ends
    return found
