"""Sentences in cells of scope and remark: their shapes, and the names in them."""

from __future__ import annotations

import re

POINTER = re.compile(
    r"(?P<cond>.*?)(?:[,]\s*)?(?P<verb>(?:还|也|则|均|,)*(?:建议|请|可|需要|需|须|应当?|必须)+(?:另行|再|同时|先)?"
    r"(?P<kind>补充|增加|添加|选择|选|申请|改选|已通过))(?:对应的?|相应的?)?\s*:?\s*(?P<targets>.*?类目.*|[\[“].*)$",
    re.DOTALL,
)
CONDITION = re.compile(
    r"^(?:注意?[:])?\s*(?P<if>如果|如|若|当|凡)?(?P<who>[^,]{2,16}?(?:主体|者|机构|企业))?(?:小程序)?(?:主体)?(?:内|中)?(?P<only>仅)?(?:销售)?(?:内容)?"
    r"(?:还|同时|也)?(?P<does>涉及(?:提供|到)?|提供|包含|含有|含|有|为|属于|从事)?\s*(?P<what>.*?)(?:等?(?:平台型|相关)?(?:业务|服务内容|服务|内容)|等)?$",
    re.DOTALL,
)
REFUSED = re.compile(
    r"^(?:注[:])?\s*(?P<who>该类目|本类目|此类目|平台|小程序|目前|合作机构|[^,。]{0,12}?)?\s*(?:暂时?|目前|仅|均|也)*"
    r"(?P<verb>不支持|不得提供|不可提供|不得涉及|不可涉及|不允许|不得|不可|不包含|不包括|不涉及|不含|禁止|暂未开放)"
    r"(?:在?(?:提供|涉及|从事|销售))?\s*:?\s*(?P<what>.+?)"
    r"(?:(?:等)?(?:相关)?(?:未开放)?(?:业务|服务内容|服务|内容))?(?:[,]\s*(?P<advice>建议.*))?$",
    re.DOTALL,
)
NOT_OPEN = re.compile(
    r"^(?P<what>.+?)属(?:于)?(?:平台)?(?:暂未|尚未|未)开放.*?(?:建议(?P<advice>去除|调整).*)?$",
    re.DOTALL,
)
SCOPE = re.compile(r"^(?P<only>仅限|仅|只)?适用于?(?P<what>.+)$", re.DOTALL)
LEAD = re.compile(r"^.{0,60}?(?:提供|从事|开展|进行)(?!方|者|商|单位|机构)(?:的)?")
TAILS = re.compile(
    r"等[^等()]*$|(?:等)?(?:经营性|相关|平台型|在线|类)*(?:服务活动|服务|业务|内容|产品)?(?:等)?[。;\s]*$"
)
DUTY = re.compile(r"须|需|应|不得|必须|禁止|不可|建议|请")
PART = re.compile(r"、|/|以及|(?<![普涉])及(?!其|以)|或者|或|和(?!国|解|平|谐)|,")


def advice_of(told: str | None) -> str:
    """What a sentence advises to do with what is not carried."""
    if not told:
        return "none"
    return (
        "adjust"
        if re.search(r"调整|修改|更换", told)
        else "remove"
        if re.search(r"去除|删除|移除|建议$", told)
        else "none"
    )


def targets_of(folded: str) -> tuple[str, ...]:
    """The names of categories in a sentence; `A-“B”或“C”` names two of one group."""
    found: list[str] = []
    for match in re.finditer(r"\[([^\[\]]+)(?:\]|$)", folded):
        inner = match[1].strip()
        shared = re.match(r"(?P<group>[^-“]+)-(?=“)(?P<rest>.+)", inner)
        if shared:
            found += [
                f"{shared['group']}-{name}" for name in re.findall(r"“([^”]+)”", shared["rest"])
            ]
        elif "-" not in inner and "、" in inner:
            found += [part.strip() for part in inner.split("、") if part.strip()]
        else:
            found.append(inner)
    if not found:
        found = re.findall(r"“([^”]+)”", folded)
    if not found:
        plain = re.sub(
            r"(?:等)?(?:平台类)?(?:相关|对应)?的?类目.*$", "", folded, flags=re.DOTALL
        ).strip(" 。;:")
        found = [plain] if plain and len(plain) < 40 else []
    return tuple(found)
