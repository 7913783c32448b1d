"""Traits that tell categories of one field apart: platform or shop, showing or selling, for rent.

A category shows a trait in its name, a text asks for it in passing: `让好多驾校入驻` asks for a
platform. A trait moves a score a little; it never finds a category alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Trait:
    """How a category's name shows a trait, how a text asks for it, and what scores are multiplied
    with where both do, where the category alone does, and where the text alone does."""

    name: str
    shown: re.Pattern[str]
    asked: re.Pattern[str]
    both: float = 1.2
    shown_only: float = 0.9
    asked_only: float = 1.0


def _trait(name: str, shown: str, asked: str, *factors: float) -> Trait:
    return Trait(name, re.compile(shown), re.compile(asked), *factors)


ABROAD = "日本|韩国|泰国|新加坡|美国|英国|法国|德国|加拿大|新西兰|马来西亚|越南|老挝|欧洲|东南亚"
"""Places that one leaves the country for."""
TRAITS: tuple[Trait, ...] = (
    _trait(
        "platform",
        r"平台|ota|论坛|广场",
        r"平台|入驻|多家|多商家|多商户|商家.{0,4}(?:进来|开店)|撮合|聚合|第三方|各家|"
        r"好多.{0,4}(?:店|家|校|商)|汇集|汇聚|上面有.{0,3}家|marketplace|platform",
        1.2,
        0.9,
        0.95,
    ),
    _trait(
        "display",
        r"展示|信息(?!资讯|查询|技术)|资讯",
        r"展示|介绍|宣传|资讯|只(?:看|放|发)|不(?:卖|交易|收钱|销售)|不在线",
        1.2,
        0.9,
        0.95,
    ),
    _trait(
        "overseas",
        r"涉外|出境|出国|境外|国际|跨境(?!电商)|海淘|港股|退税|港澳",
        r"涉外|出境|出国|国际|跨境|海外|境外|国外|进口|海淘|全球|港(?!口|务)|澳|外国|洋货|美股|"
        rf"[去到赴往飞](?:{ABROAD})",
        1.2,
        0.9,
        0.95,
    ),
    _trait(
        "imported",
        r"^跨境电商",
        r"跨境|直邮|国内|回国|进口|保税|海淘|代购|全球购|内地|大陆|中国",
    ),
    _trait(
        "training",
        r"培训|^教育(?!.*(?:学校|大学|缴费|装备))",
        r"培训|学(?!生|校|院|费|籍|历|位|会|术)|教(?!堂|会|育局|师)|[课班](?![表车])|考(?!古|勤)|练",
        1.25,
        0.95,
        0.97,
    ),
    _trait("repair", r"维修|家政|养车", r"修(?!图)|疏通|清洗|安装|保养", 1.2, 0.95, 0.97),
    _trait("unmanned", r"无人驾驶", r"无人|自动驾驶|智能驾驶|robotaxi"),
    _trait("chartered", r"特许", r"特许|乐城|博鳌|先行区|未上市|没上市"),
    _trait("devices", r"器械", r"器械|械", 1.1, 1.0, 1.0),
    _trait("antique", r"(?<!非)文物", r"(?<!非)文物|古董|古玩|古钱|老物件"),
    _trait("judicial", r"司法拍卖", r"司法|法拍|法院|查封"),
    _trait("public", r"公立", r"公立|公办|人民医院|县医院|市医院|卫生院"),
    _trait("top", r"三级", r"三级|三甲"),
    _trait("pets", r"宠物|兽", r"宠物|兽|猫|狗|犬|动物|猪|鸡|牛|羊|禽|pet"),
    _trait("maker", r"生产|厂商", r"生产|厂家|工厂|制造|自产|厂"),
    _trait("recycling", r"回收", r"回收|收旧|收废|报废|变卖"),
    _trait("rental", r"(?<!融资)租赁|租车", r"租|借"),
    _trait("auction", r"拍卖|竞价", r"拍卖|竞拍|竞价|起拍|拍[品行会]|网拍|法拍|auction"),
)
GENERAL = re.compile(r"^工具-|电商平台-电商平台|^资讯-|资讯广场|企业管理|^本地服务-电商平台")
"""Categories that take any field."""
ANY_FIELD = 0.85
"""Their factor where a text has several words: one of them is likely a field."""


def asked(text: str) -> frozenset[str]:
    """The traits that a folded text asks for."""
    return frozenset(trait.name for trait in TRAITS if trait.asked.search(text))


DEEDS = frozenset({"rental", "repair", "recycling", "auction"})
"""What is done to things instead of selling them: nobody's other service stands for it."""


def another_deed(name: str, wanted: frozenset[str]) -> bool:
    """Whether a text asks for a deed that a category (by its full name) does not show.

    >>> another_deed("商家自营-钟表", asked("修表")), another_deed("商家自营-钟表", asked("卖表"))
    (True, False)
    """
    shown = {trait.name for trait in TRAITS if trait.shown.search(name.casefold())}
    return not (wanted & DEEDS) <= shown


TOLD_APART = tuple(t for t in TRAITS if t.name in ("platform", "overseas"))
"""The traits that tell services of one category apart."""


def fitting(name: str, wanted: frozenset[str]) -> int:
    """How many of the traits that a text asks for a service (by its name) shows.

    >>> fitting("停车场平台", asked("汇集三家停车场")), fitting("停车场", asked("汇集三家停车场"))
    (1, 0)
    """
    return sum(t.name in wanted and t.shown.search(name) is not None for t in TOLD_APART)


@cache
def factor(name: str, wanted: frozenset[str], several: bool) -> float:
    """What the score of a category (by its full name) is multiplied with."""
    name = name.casefold()
    found = ANY_FIELD if several and GENERAL.search(name) else 1.0
    for trait in TRAITS:
        shown = trait.shown.search(name)
        if shown:
            found *= trait.both if trait.name in wanted else trait.shown_only
        elif trait.name in wanted:
            found *= trait.asked_only
    return found
