"""The day from which a text holds, as its own words tell it."""

from __future__ import annotations

import re
from datetime import date

DAY = re.compile(
    r"(?P<y>(?:19|20)\d\d)\s*[年./-]\s*(?P<m>\d{1,2})\s*[月./-]\s*(?P<d>\d{1,2})(?!\d)\s*日?"
)
_WHAT = (
    r"(?:生效|实施|施行|执行|启用|上线|下线|下架|关闭|停用|终止|不再|停止|暂停|取消|删除|"
    r"新增|调整|更新|变更)"
)
_FROM = re.compile(
    rf"{DAY.pattern}\s*(?:\d{{1,2}}(?:时|点|:\d\d)|零[时点])?\s*"
    rf"(?:起|开始|后)?[,]?\s*(?:正式|陆续|将)?(?:(?<=起)|(?<=开始)|{_WHAT})"
)
_TOLD = re.compile(
    rf"(?:{_WHAT}|effective)(?:日期|时间|日|date)?\s*(?:为|于|:)?\s*{DAY.pattern}", re.I
)
_PUBLISHED = re.compile(r"(?:发布|公告|发文|更新|通知|发表)(?:日期|时间|日)?\s*(?:于|:)?\s*$")
_ALONE = re.compile(rf"\s*{DAY.pattern}\s*[。]?\s*")


def effect_of(folded: str) -> str:
    """The day of effect in a text as `2026-05-01`; empty where it tells none.

    >>> effect_of("自2026年5月1日起生效"), effect_of("发布日期:2026年4月10日")
    ('2026-05-01', '')
    """
    for pattern in (_FROM, _TOLD):
        for match in pattern.finditer(folded):
            if not _PUBLISHED.search(folded[: match.start("y")]):
                return _iso(match)
    return ""


def day_in(folded: str) -> str:
    """The first day that a text names."""
    match = DAY.search(folded)
    return _iso(match) if match else ""


def other_days(folded: str) -> bool:
    """Whether a text names a day that is neither that of its publication nor one of effect."""
    if _ALONE.fullmatch(folded):
        return False
    rest = _TOLD.sub("", _FROM.sub("", folded))
    return any(not _PUBLISHED.search(rest[: day.start()]) for day in DAY.finditer(rest))


def _iso(match: re.Match[str]) -> str:
    try:
        return date(int(match["y"]), int(match["m"]), int(match["d"])).isoformat()
    except ValueError:
        return ""
