"""A small field of categories to search in, as entries and as a folder of facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.find.build import build
from kb.find.entries import Entry
from kb.find.finder import Finder
from kb.find.index import Index
from kb.lang.syntax import Cite
from kb.model.names import Term

MAINLAND = frozenset({"non_individual"})
ALL = frozenset({"non_individual", "overseas", "personal"})
FIELD: tuple[tuple[str, str, frozenset[str], str], ...] = (
    ("merchant-food", "商家自营-食品饮料", MAINLAND, "食品 茶叶 卖茶叶 茶 零食 snacks"),
    ("merchant-alcohol", "商家自营-酒类", MAINLAND, "酒 白酒 红酒 wine"),
    ("merchant-fresh", "商家自营-生鲜/初级食用农产品", MAINLAND, "水果 蔬菜 海鲜 卖水果"),
    ("medical-otc", "医疗服务-药品（非处方药）销售", MAINLAND, "卖药 药店 感冒药 药品 药"),
    ("medical-rx", "医疗服务-处方药服务", MAINLAND, "处方药 处方药配送 抗生素"),
    ("medical-device", "医疗服务-医疗器械自营", MAINLAND, "医疗器械 血压计 轮椅"),
    ("medical-device-display", "医疗服务-医疗器械信息展示", MAINLAND, "医疗器械 血压计"),
    ("education-driving", "教育服务-驾校培训", MAINLAND, "驾校 学车 考驾照"),
    ("education-driving-platform", "教育服务-驾校平台", MAINLAND, "驾校 多家驾校"),
    ("education-online", "教育服务-在线视频课程", MAINLAND, "网课 录播课 直播课"),
    ("government-fund", "政务民生-公积金", MAINLAND, "公积金 提取公积金"),
    ("social-forum", "社交-社区/论坛", MAINLAND, "发帖 论坛 用户发布"),
    ("social-live", "社交-直播", MAINLAND, "直播 看直播"),
    ("ecommerce-platform", "电商平台-电商平台", MAINLAND, "商家入驻 购物平台 商城"),
    ("transport-driver", "交通服务-代驾服务", ALL, "代驾 酒后代驾 代驾司机"),
    ("catering-restaurant", "餐饮服务-餐饮服务场所", MAINLAND, "餐厅 外卖 点餐 restaurant"),
    ("tools-bookkeeping", "工具-记账", ALL, "记账 账本 bookkeeping"),
    ("tools-booking", "工具-预约/报名", ALL, "预约 报名"),
)
OUTSIDE = {
    "forbidden": ("赌博", "代练"),
    "procedure": ("改名称",),
    "platform": ("抖音小程序",),
}


def field() -> list[Entry]:
    """Each category with its words, and one service for food."""
    found = []
    for n, (id, name, accounts, words) in enumerate(FIELD):
        group, _, own = name.partition("-")
        texts = (("group", group), ("category", own), *(("word", w) for w in words.split()))
        found.append(Entry(id, name, None, texts, ((accounts, Cite("tables", (n + 1,), name)),)))
    tea = Term("service", "tea_sale", "销售茶叶", "selling tea")
    cite = Cite("tables", (100,), "茶叶")
    texts = (("service", "销售茶叶"), ("word", "卖茶叶"), ("word", "普洱茶"))
    found.append(Entry("merchant-food", "商家自营-食品饮料", tea, texts, ((MAINLAND, cite),)))
    return found


@pytest.fixture(scope="session")
def index() -> Index:
    return build(field(), OUTSIDE)


@pytest.fixture(scope="session")
def finder(index: Index) -> Finder:
    return Finder(index)


VOCABULARY = {
    "services": """
terms:
  - {id: tea_sale, zh: 销售茶叶, en: selling tea, aliases: [茶叶店]}
  - {id: wine_sale, zh: 销售酒, en: selling alcohol}
""",
    "categories": """
groups:
  - {id: merchant, zh: 商家自营, en: own shop}
terms:
  - {id: merchant-food, group: merchant, zh: 食品饮料, en: food and drink}
  - {id: merchant-alcohol, group: merchant, zh: 酒类, en: alcohol, former: [酒水]}
  - {id: merchant-toys, group: merchant, zh: 玩具, en: toys}
""",
    "applicants": """
terms:
  - {id: individual, zh: 个人, en: individual}
  - {id: non_individual, zh: 非个人主体, en: organisation}
  - {id: enterprise, zh: 企业, en: enterprise, kind_of: non_individual}
""",
    "platforms": "terms:\n  - {id: wechat, zh: 微信, en: WeChat}\n",
    "regions": "terms:\n  - {id: CN, zh: 中国大陆, en: mainland China}\n",
    "documents": "terms:\n  - {id: food_licence, zh: 食品经营许可证, en: food licence}\n",
    "holders": "terms:\n  - {id: applicant, zh: 申请主体, en: applicant}\n",
}
TABLE = """
source:
  id: tables
  zh: 类目表
  en: table of categories
  publisher: {zh: 平台, en: the platform}
  date: 2026-02-21
  standing: in_force
  jurisdiction: CN
  platform: wechat
  begins: {date: 2026-02-21}
  line_count: 20
categories:
  - category: merchant-food
    locator: 【食品饮料】
    lines: 1-5
    open_to: [enterprise]
    open_to_lines: 1
    scope:
      - {service: tea_sale, lines: 4}
      - {service: wine_sale, lines: 4}
    requirement: {document: food_licence, lines: 2}
    references:
      - {role: instead, services: [wine_sale], categories: [merchant-alcohol], lines: 5}
  - category: merchant-alcohol
    locator: 【酒类】
    lines: 6-9
    open_to: [enterprise]
    open_to_lines: 6
    scope: [{service: wine_sale, lines: 8}]
    requirement: {document: food_licence, lines: 7}
"""
WORDS = """
words:
  tea_sale: [卖茶叶, 普洱]
  wine_sale: [卖酒, 白酒]
categories:
  商家自营-玩具: [积木, 毛绒公仔]
outside:
  forbidden: [赌博]
"""


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """A folder of facts with everyday words."""
    folder = tmp_path / "facts"
    (folder / "vocabulary" / "words").mkdir(parents=True)
    for name, text in VOCABULARY.items():
        (folder / "vocabulary" / f"{name}.yaml").write_text(text, encoding="utf-8")
    (folder / "vocabulary" / "words" / "house.yaml").write_text(WORDS, encoding="utf-8")
    (folder / "tables.yaml").write_text(TABLE, encoding="utf-8")
    return folder
