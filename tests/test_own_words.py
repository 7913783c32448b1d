"""Own words become a profile: several businesses, places served, seats abroad."""

from __future__ import annotations

import pytest

import kb
from kb.find.businesses import businesses
from kb.find.finder import finder_of
from kb.render.clarify import options_of, question_of, taken_as
from kb.render.language import Language


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("卖茶叶的商城,还有付费的录播课", ["food_sales", "online_video_course"]),
        ("茶叶商城和录播课", ["food_sales", "online_video_course"]),
        ("网约车平台,另外有机票预订", ["ride_hailing", "flight_booking"]),
        ("家政保洁上门、宠物美容", ["house_cleaning", "pet_grooming"]),
        (
            "既卖零食,又卖婴儿奶粉,还卖红酒",
            ["food_sales", "mother_infant_food_sales", "alcohol_sales"],
        ),
        (
            "学车考驾照的平台,让多家驾校入驻,还卖汽车配件",
            ["driving_school_platform", "vehicle_parts_sales"],
        ),
        (
            "selling tea in Guangdong, and online video courses",
            ["food_sales", "online_video_course"],
        ),
    ],
)
def test_several_businesses(base: kb.KnowledgeBase, text: str, services: list[str]) -> None:
    """Each business that a text tells of brings its service, in the order of the text, and its
    category stands among what is found."""
    found = base.understand(text)
    assert found.profile["services"] == services
    held = {c.category for c in base.find(text) if not c.weak}
    assert {one.best.category for one in found.businesses if one.best} <= held


@pytest.mark.parametrize(
    "text",
    [
        "卖茶叶,不卖红酒和药",
        "让医生和患者视频问诊",
        "学员和教练约车练车",
        "卖茶叶,有食品经营许可证",
        "医疗器械只展示不卖,公司",
        "做驾校平台,让多家驾校入驻,已签合作协议",
        "酒店,审核说里面有直播",
        "健身房,有游泳池",
    ],
)
def test_one_business(base: kb.KnowledgeBase, text: str) -> None:
    """What is left out, who takes part, which papers are in hand and what a reviewer says is no
    business of its own."""
    assert len(base.understand(text).businesses) == 1
    assert businesses(finder_of(), text) == [text]


def test_a_question_names_the_business_that_it_is_about(base: kb.KnowledgeBase) -> None:
    """Of several businesses each is asked about in its own words; an answer settles that one, and
    none of the services leaves its words in the profile while the other is kept."""
    text = "在广东开驾校,还卖红酒,公司"
    asked = base.understand(text).question
    assert asked is not None
    assert (asked.about, asked.key) == ("service", "service: 在广东开驾校")
    zh = Language("zh", base.facts.names)
    assert question_of(asked, zh) == "「在广东开驾校」指的是哪一项?"
    options = options_of(asked, base.understand(text), zh)
    assert ("driving_school_platform", "驾校平台 (教育服务-驾校平台)") in options
    platform = base.understand(text, {asked.key: "driving_school_platform"})
    assert platform.question is None
    assert platform.profile["services"] == ["driving_school_platform", "alcohol_sales"]
    assert list(taken_as(platform, zh)) == [
        "「在广东开驾校」理解为:驾校平台(教育服务-驾校平台)",
        "「还卖红酒,公司」理解为:酒类销售(商家自营-酒类)",
    ]
    neither = base.understand(text, {asked.key: "none"})
    assert neither.profile["services"] == ["alcohol_sales"]
    assert neither.profile["other_services"] == ["在广东开驾校"]
    assert next(taken_as(neither, zh)) == "「在广东开驾校」按你自己的话保留"


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        ("在广东开驾校", ["CN-GD"]),
        ("卖零食,面向北京、上海的用户", ["CN-BJ", "CN-SH"]),
        ("给山东省的学生上网课", ["CN-SD"]),
        ("卖化妆品到广东和上海地区", ["CN-GD", "CN-SH"]),
        ("a driving school in Guangdong", ["CN-GD"]),
        ("卖茶叶,广东", ["CN-GD"]),
    ],
)
def test_places_served(base: kb.KnowledgeBase, text: str, regions: list[str]) -> None:
    """A place is read wherever a text says that it is served, and is not told as unread."""
    found = base.understand(text)
    assert found.profile["regions"] == regions
    assert not {"北京", "上海", "广东", "山东"} & set(found.unread)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("卖四川零食", ("四川",)),
        ("在日本旅游的攻略", ("日本",)),
        ("北京特产商城,卖零食", ("北京",)),
        ("泰国签证", ()),
    ],
)
def test_places_only_named(base: kb.KnowledgeBase, text: str, told: tuple[str, ...]) -> None:
    """A place that goods come from or that people go to is not where the app serves: it is told as
    not used, unless it is part of what is offered."""
    found = base.understand(text)
    assert "regions" not in found.profile
    assert found.unread == told


@pytest.mark.parametrize(
    ("text", "applicant"),
    [
        ("香港公司,卖化妆品", "hong_kong_enterprise"),
        ("我们是一家日本的企业,卖化妆品", "japanese_enterprise"),
        ("境外公司,卖化妆品", "overseas_enterprise"),
        ("公司,卖化妆品", "enterprise"),
        ("公司,帮香港公司报税", "enterprise"),
        ("香港公司注册代办,企业", "enterprise"),
    ],
)
def test_seats_abroad(base: kb.KnowledgeBase, text: str, applicant: str) -> None:
    """A firm with its seat outside the mainland is no mainland company; one that is a customer
    does not say who applies."""
    found = base.understand(text)
    assert found.applicant == applicant
    assert "regions" not in found.profile


def test_an_individual_is_told_of_the_category_of_organisations(base):
    """Where no category for individuals fits, what the words are taken for is the one for
    organisations of the mainland, and no table for other places."""
    found = base.understand("卖茶叶的商城,个人")
    assert (found.best.category, found.profile["applicant"]) == ("商家自营-食品饮料", "individual")
