"""Own words become a profile: several businesses, places served, seats abroad."""

from __future__ import annotations

import pytest

import kb
from kb.find.businesses import businesses
from kb.find.finder import finder_of
from kb.render.clarify import options_of, question_of, taken_as
from kb.render.language import Language
from kb.widgets.choices import Choices


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


@pytest.mark.parametrize(
    ("text", "applicant"),
    [
        ("sale of tea, individually owned business", "individual_business"),
        ("卖茶叶，个体户", "individual_business"),
        ("Sale of tea, Sole proprietor", "individual_business"),
        ("sale of tea, Individual", "individual"),
        ("sale of tea by a firm", "enterprise"),
        ("sale of tea, confirmed by phone", None),
        ("给广东的公司报税", None),
        ("面向企业的培训课程", None),
        ("bookkeeping for an individual", None),
        ("我是个人,给企业做记账", "individual"),
        ("企业管理工具", None),
        ("个人,企业管理工具", "individual"),
        ("搬家公司", "enterprise"),
        ("给客户做售后的公司,卖家电", "enterprise"),
    ],
)
def test_who_applies(base: kb.KnowledgeBase, text: str, applicant: str | None) -> None:
    """Words for who applies are read whole and in letters of either kind; an individually owned
    business is no individual, and neither those whom the
    app is for nor what is called after somebody say who applies."""
    assert base.understand(text).applicant == applicant


@pytest.mark.parametrize(
    ("text", "services", "own"),
    [
        ("上门按摩，企业", ["上门按摩"], []),
        ("请技师上门按摩，企业", ["上门按摩"], []),
        ("我们想做上门按摩的小程序，企业", ["上门按摩"], []),
        ("VPN, company", ["VPN"], []),
        ("卖茶叶，上门按摩，个体户", ["食品饮料销售", "上门按摩"], []),
        ("上门按摩，潜水艇出租，企业", ["上门按摩"], ["潜水艇出租"]),
    ],
)
def test_services_in_no_scope(base, text, services, own):
    """A service that the sources name only to forbid it, or to send it elsewhere, is taken by its
    name, and nothing that merely sounds like it; the rest of the text is read as ever."""
    found = base.understand(text)
    label = base.facts.names.label
    assert [label("service", each, "zh") for each in found.profile["services"]] == services
    assert found.profile.get("other_services", []) == own
    assert base.ask(dict(found.profile), "2026-11-28").verdict == "prohibited"


@pytest.mark.parametrize("text", ["上门按摩平台,企业", "不做上门按摩,卖茶叶", "举报上门按摩"])
def test_a_service_in_no_scope_that_is_not_offered(base, text):
    """The name of a forbidden service within that of another, in a denial or beside who fights it,
    does not say that it is offered."""
    assert base.understand(text).bare == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("修锁平台,加盟师傅上门修锁", ("平台", "加盟")),
        ("餐厅请网红直播探店", ("餐厅", "探店")),
        ("水果店请邻居帮忙团购", ("邻居",)),
        ("宠物店,请兽医来坐诊", ("宠物店", "坐诊")),
        ("驾校请教练上门接送学员", ("上门接送学员",)),
        ("请月嫂上门照顾宝宝", ("照顾宝宝",)),
        ("杭州的企业做网约车平台", ("杭州",)),
        ("花店,自己的骑手送花", ("骑手",)),
        ("镇政府委托我们统计居民健康码", ("镇政府委托", "居民")),
        ("tea shop with a tea master who teaches tea ceremony", ("master", "teaches", "ceremony")),
        ("a restaurant that hires riders to deliver food", ("hires riders", "deliver")),
        ("online English lessons with hired foreign teachers", ("hired foreign teachers",)),
        ("请老师直播上课", ()),
        ("家电维修,师傅上门安装空调", ()),
        ("充饭卡", ()),
        ("让用户发布帖子的社区", ()),
        ("卖茶叶,不卖红酒", ("不卖红酒",)),
        ("selling clothes, for the whole family", ()),
    ],
)
def test_every_word_that_was_not_used_is_told(base, text, told):
    """What stands on somebody or something else inside a longer piece, of which nothing was made,
    is told as not used, neighbours together; what led to the service is not."""
    found = base.understand(text)
    assert found.best is not None
    assert found.unread == told
    lines = list(taken_as(found, Language("zh", base.facts.names)))
    how = "可以写进资料,或用 --applicant、--region、--has、--service 说明"
    said = [line for line in lines if line.startswith("没有用上")]
    assert said == ([f"没有用上:{'、'.join(told)};{how}"] if told else [])


def test_words_for_a_service_in_no_scope(base):
    """It is told in both languages that the service is in the scope of no category."""
    found = base.understand("上门按摩，企业")
    told = {lang: list(taken_as(found, Language(lang, base.facts.names))) for lang in ("zh", "en")}
    assert told["zh"] == ["理解为:上门按摩(没有类目的适用范围写到它)"]
    label = base.facts.names.label("service", "door_to_door_massage", "en")
    assert told["en"] == [f"taken as: {label} (in the scope of no category)"]


def test_an_individual_is_told_of_the_category_of_organisations(base):
    """Where no category for individuals fits, what the words are taken for is the one for
    organisations of the mainland, and no table for other places."""
    found = base.understand("卖茶叶的商城,个人")
    assert (found.best.category, found.profile["applicant"]) == ("商家自营-食品饮料", "individual")


@pytest.mark.parametrize(
    ("text", "near", "offered"),
    [
        ("宠物寄养", "生活服务-宠物（非医院类）", ("pet_grooming", "pet_information")),
        ("卖二手车,公司", "汽车服务-二手车", ("used_car_prepayment", "used_car_coupons")),
        ("商铺转让,公司", "房地产服务-房屋中介", ("home_rental_listings",)),
        ("跳伞", "交通服务-航空业务", ("charter_flights", "sightseeing_flights")),
        ("修表", "商家自营-钟表", ("watch_sales",)),
    ],
)
def test_words_wider_than_any_service_stay_open(base, text, near, offered):
    """Everyday words for a category that say more than its services, or another deed, are kept in
    the owner's words with the category told; each of its services is offered, and one that is
    chosen is taken."""
    found = base.understand(text)
    assert found.profile["services"] == []
    assert found.profile["other_services"] == [text]
    assert found.near == (near,)
    assert set(offered) <= set(found.question.options)
    assert found.question.options[-1] == "none"
    chosen = base.understand(text, {found.question.key: offered[0]})
    assert chosen.profile["services"] == [offered[0]]
    assert "other_services" not in chosen.profile
    none = base.understand(text, {found.question.key: "none"})
    assert (none.question, none.profile["other_services"]) == (None, [text])


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("卖茶叶的商城,顺便给客人看手相,个人", ["顺便给客人看手相"]),
        ("看手相,卖茶叶", ["看手相"]),
        ("卖茶叶和看手相", ["看手相"]),
        ("卖茶叶,代遛鸵鸟", ["代遛鸵鸟"]),
        ("卖茶叶,也帮人写情书", ["也帮人写情书"]),
        ("卖茶叶,帮企业遛鸵鸟", ["帮企业遛鸵鸟"]),
        ("家政保洁上门,另外代办灵魂出窍体验", ["另外代办灵魂出窍体验"]),
        ("selling tea, and reading palms", ["and reading palms"]),
        ("卖茶叶,有会员卡", ["卖茶叶"]),
    ],
)
def test_what_is_left_of_a_text_stays_open(base, text, kept):
    """What a text says beside what is understood of it stays in the profile in its own words and is
    told, and the answer names it with what to do about it."""
    found = base.understand(text)
    assert found.profile["services"]
    assert found.profile["other_services"] == list(found.kept) == kept
    told = list(taken_as(found, Language("zh", base.facts.names)))
    assert f"「{kept[0]}」没有看懂:按你自己的话保留,结论里保持未定" in told
    points = base.ask(found.profile).to_dict()["undetermined"]
    assert points[0]["because"].startswith(f"「{kept[0]}」没有对应的服务")
    assert "`kb find` 换个说法找" in points[0]["because"]


@pytest.mark.parametrize(
    "text",
    [
        "卖茶叶,我家在山里,做了二十年",
        "卖茶叶,刚起步,预算不多",
        "卖茶叶,有两个员工,下个月上线",
        "卖茶叶,朋友介绍来的,谢谢",
        "卖茶叶,想问一下要什么证",
        "卖茶叶,有食品经营许可证,不卖药",
        "卖茶叶,质量好,全国包邮,主要给老人用",
        "卖茶叶,接入微信支付",
        "理发店,顾客都是老街坊",
        "selling tea, my family farm, just started",
    ],
)
def test_what_tells_of_the_owner_opens_nothing(base, text):
    """Filler, papers, questions, praise, and who the owner or the customers are is nothing that an
    app does."""
    found = base.understand(text)
    assert len(found.profile["services"]) == 1
    assert "other_services" not in found.profile


def test_the_panel_looks_where_the_applicant_may_be(base):
    """The panel shows the category that is open to the account of who applies."""
    made = Choices(base, applicant="enterprise")
    assert [category for category, _ in made.found("卖茶叶")] == ["商家自营-食品饮料"]
    made.applicant = "individual"
    assert made.found("卖茶叶")


def test_the_panel_keeps_what_else_a_text_says(base):
    """Who chooses a service that own words led to keeps open what nobody understood of them, and
    has the words on another business before them again."""
    made = Choices(base)
    assert made.take("food_sales", "卖茶叶的商城,顺便给客人看手相") == ""
    assert made.profile["other_services"] == ["顺便给客人看手相"]
    made = Choices(base)
    assert made.take("food_sales", "卖茶叶的商城,还有付费的录播课") == "还有付费的录播课"
    assert made.take("online_video_course", "还有付费的录播课") == ""
    assert made.services == ["food_sales", "online_video_course"]
    assert "other_services" not in made.profile
