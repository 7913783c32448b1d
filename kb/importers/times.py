"""How long a review takes, as a scope or a remark tells it in working days."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kb.importers.text import fold
from kb.model.data import Json

_REVIEW = re.compile(
    r"(?:审核|审批|评估|复审|受理)(?:的)?(?:周期|时长|时间|时限|期限|期)"
    r"(?:预计|预估|一般|通常|大约|约|大概)*(?:需要?|为|是|:)*(?:预计|一般|通常|大约|约)*"
    r"(?P<over>不超过|不多于|最长|最多|至多|不少于|至少|最短|超过)?"
    r"(?P<least>\d{1,3})(?:个?工作日)?(?:[-~—至到](?P<most>\d{1,3}))?个?工作日(?P<end>以内|之内|内|以上)?"
)
_AT_MOST = {"不超过", "不多于", "最长", "最多", "至多", "以内", "之内", "内"}
_AT_LEAST = {"不少于", "至少", "最短", "以上"}


def review_days(folded: str) -> Json | None:
    """The working days that a passage says a review takes; None where it says no such thing.

    A number alone is what a review takes as a rule, so that it may take longer: it is the least,
    and the most stays unknown. Days that are not working days are not read.

    >>> review_days("审核周期一般为7个工作日"), review_days("审核时间为5-7个工作日内")
    ({'least': 7}, {'least': 5, 'most': 7})
    >>> review_days("审核时长不超过10个工作日"), review_days("预计审核时长7天左右")
    ({'most': 10}, None)
    """
    match = _REVIEW.search(folded)
    if match is None or match["over"] == "超过":
        return None
    first = int(match["least"])
    if match["most"]:
        last = int(match["most"])
        return {"least": first, "most": last} if first <= last else None
    bounds = {match["over"], match["end"]}
    return {"most": first} if bounds & _AT_MOST else {"least": first}


def lead_times(record: str, category: str, notes: Iterable[Json]) -> list[Json]:
    """How long the review of a drafted category takes, by the first of its notes that says so.

    `record` names the version, `notes` are its notes with their lines.
    """
    for note in notes:
        if days := review_days(fold(str(note["zh"]))):
            told = {"zh": note["zh"], "en": note["en"]}
            made = {"id": f"review-{record}", "category": category, "working_days": days}
            return [{**made, "note": told, "lines": note["lines"]}]
    return []
