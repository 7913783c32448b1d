"""Papers that stand in for one that an applicant has not: `若无《甲证》，可提供《乙证》`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HAVE = r"(?:提供|提交|上传|取得|办理|持有|具备|获得)"
_HAVE_NOT = (
    rf"(?:无法|不能|未能|没能|暂未|尚未){_HAVE}"
    rf"|(?:没有|未|暂无|确无|无(?!需|须|犯罪|违法|形)){_HAVE}?"
)
_THEN = (
    r"(?:(?:则|也|应当|应|须|需要?|可以?|请|允许|可暂)+(?:以|用|由|凭|使用|选择)?(?:提供|提交|上传)?"
    r"|(?:以|用|由|凭|使用)|(?:提供|提交|上传))"
)
_INSTEAD = r"\s*(?:进行|作为)?(?:代替|替代|替换|代之)(?:品|材料)?(?:即可)?"
HAVE_NOT = re.compile(rf"(?:若|如果|如|倘若|假如|对于?|凡)?(?:确实?|暂时?|尚)?(?:{_HAVE_NOT})")
_BEFORE = re.compile(
    rf"(?P<if>{HAVE_NOT.pattern})\s*(?P<one>[^,;。]*?(?:《[^《》]*》)[^,;。]*?)"
    rf"(?P<then>(?:的|者|时|的话)?\s*,\s*{_THEN}|(?:的|者|时|的话)\s*{_THEN})(?P<other>.+?)(?P<instead>{_INSTEAD})?[。;\s]*$",
    re.DOTALL,
)
_BEHIND = re.compile(
    rf"(?P<one>.*》[^,;。]*?)(?P<then>[,;。]\s*{HAVE_NOT.pattern}(?P<again>该|此|上述|以上|前述|[^,;。]*?)"
    rf"(?:证照?|资质|材料|文件|证件|许可证?)*(?:的|者|时|的话)?\s*,?\s*{_THEN})(?P<other>.+?)(?P<instead>{_INSTEAD})?[。;\s]*$",
    re.DOTALL,
)


@dataclass(frozen=True)
class Fallback:
    """Where the two papers are, and the words that make the second stand in for the first."""

    one: tuple[int, int]
    other: tuple[int, int]
    joints: tuple[tuple[int, int], ...]


def fallback(folded: str, start: int, end: int) -> Fallback | None:
    """The two sides of a stretch that says what stands in for a paper.

    >>> text = "若无《甲证》,可提供《乙证》"
    >>> found = fallback(text, 0, len(text))
    >>> text[slice(*found.one)], text[slice(*found.other)]
    ('《甲证》', '《乙证》')
    >>> fallback("提供《无犯罪记录证明》", 0, 11) is None
    True
    """
    match = _BEFORE.match(folded, start, end) or _BEHIND.match(folded, start, end)
    if match is None or "《" not in match["other"]:
        return None
    told = match.groupdict()
    again = (told.get("again") or "").strip()
    if again.strip("该此上述以前") and again not in match["one"]:
        return None  # another paper than the one before is lacking
    joints = [match.span(name) for name in ("if", "then", "instead") if told.get(name)]
    return Fallback(match.span("one"), match.span("other"), tuple(joints))
