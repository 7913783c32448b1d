"""Texts in people's own words lead to the categories that are meant."""

from __future__ import annotations

import pytest

from kb.find.finder import Finder, finder_of


def first(finder: Finder, text: str, account: str | None = None) -> str:
    found = finder.find(text, account)
    return found[0].id if found and not found[0].weak else ""


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("卖茶叶", "merchant-food"),
        ("學車", "education-driving"),
        ("gongjijin", "government-fund"),
        ("公鸡金", "government-fund"),
        ("代价司机", "transport-driver"),
        ("ＷＩＮＥ", "merchant-alcohol"),
        ("a restaurant", "catering-restaurant"),
        ("resturant", "catering-restaurant"),
        ("提取公鸡金的网站", "government-fund"),
    ],
)
def test_spelling_does_not_matter(finder: Finder, text: str, id: str) -> None:
    """Traditional characters, pinyin, full width, case, and slips of sound or letter lead to the
    word that is meant."""
    assert first(finder, text) == id


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("公司想卖茶叶，需要什么资质", "merchant-food"),
        ("个人能不能做代驾", "transport-driver"),
        ("北京的公司，在小程序里卖水果，要选哪个类目", "merchant-fresh"),
    ],
)
def test_asides_do_not_count(finder: Finder, text: str, id: str) -> None:
    """Who asks, where, and what is asked about it neither find nor hide a category."""
    assert first(finder, text) == id


@pytest.mark.parametrize(
    ("text", "id", "never"),
    [
        ("卖水果，不卖药", "merchant-fresh", "medical-otc"),
        ("不卖酒，卖茶叶", "merchant-food", "merchant-alcohol"),
        ("除了酒以外的食品", "merchant-food", "merchant-alcohol"),
        ("没有直播的网课", "education-online", "social-live"),
        ("without wine, only snacks", "merchant-food", "merchant-alcohol"),
    ],
)
def test_negation(finder: Finder, text: str, id: str, never: str) -> None:
    """What a text leaves out is no reason to find a category."""
    found = finder.find(text)
    assert found[0].id == id
    assert never not in [candidate.id for candidate in found]


def test_words_that_look_like_negation_are_none(finder: Finder) -> None:
    """`能不能做` asks and does not deny: the word behind it counts."""
    assert first(finder, "能不能做直播") == "social-live"


def test_display_without_trade_is_display(finder: Finder) -> None:
    """One who shows and does not sell is led to the category for showing, a seller to the other."""
    assert first(finder, "只展示不交易的医疗器械") == "medical-device-display"
    assert first(finder, "卖医疗器械") == "medical-device"


def test_platforms_are_told_from_single_schools(finder: Finder) -> None:
    """A text that speaks of many who join is led to the platform."""
    assert first(finder, "让好多驾校入驻的平台") == "education-driving-platform"
    assert first(finder, "我开了一家驾校") == "education-driving"


def test_the_opposite_of_a_word_is_another_word(finder: Finder) -> None:
    """`非处方药` does not lead to the category of `处方药`, nor the other way round."""
    assert first(finder, "非处方药") == "medical-otc"
    assert first(finder, "处方药") == "medical-rx"


def test_common_words_decide_little(finder: Finder) -> None:
    """A word that is said of everything does not outweigh the word of a field."""
    assert first(finder, "驾校预约") == "education-driving"


def test_a_feature_may_be_said_in_other_ways(finder: Finder) -> None:
    """Users who publish something are found as such, whatever the words for it."""
    found = [c.id for c in finder.find("卖茶叶的小店,审核说里面有用户自己写的评论")]
    assert "social-forum" in found[:2]


@pytest.mark.parametrize(
    "text",
    ["赌博", "游戏代练", "怎么改名称", "抖音小程序", "asdfgh", "12345", "", "。。。", "哈哈哈"],
)
def test_what_fits_nothing_is_told_so(finder: Finder, text: str) -> None:
    """What no category is about gives an empty list, or weak candidates alone."""
    assert all(candidate.weak for candidate in finder.find(text))


def test_who_reports_a_thing_does_not_offer_it(finder: Finder) -> None:
    """A word for what is forbidden does not hide a text of those who fight it."""
    assert finder.find("举报赌博的论坛")[0].id == "social-forum"


def test_an_unknown_word_gives_guesses_that_are_called_weak(finder: Finder) -> None:
    """A word that nobody knows leads to words with the same characters, never firmly."""
    found = finder.find("账务")
    assert found
    assert all(candidate.weak for candidate in found)


def test_an_account_sees_what_is_open_to_it(finder: Finder) -> None:
    """Candidates are limited to the categories that have a version for the account; where a much
    better one is not open to it, what is left is weak."""
    assert first(finder, "代驾", "personal") == "transport-driver"
    found = finder.find("网上卖茶叶,可以预约", "personal")
    assert all(candidate.weak for candidate in found)
    assert "merchant-food" not in [candidate.id for candidate in found]


def test_a_candidate_tells_services_words_and_lines(finder: Finder) -> None:
    """A candidate names the services that fit, the words that matched and the lines of both."""
    found = finder.find("卖茶叶", "non_individual")[0].to_dict()
    assert found == {
        "category": "商家自营-食品饮料",
        "id": "merchant-food",
        "services": [{"id": "tea_sale", "zh": "销售茶叶", "en": "selling tea"}],
        "matched": ["卖茶叶"],
        "cites": [{"source": "tables", "lines": [100], "locator": "茶叶"}],
        "state": "in_base",
        "weak": False,
    }


def test_there_are_no_more_candidates_than_asked_for(finder: Finder) -> None:
    """`limit` is the most that is told."""
    assert len(finder.find("卖茶叶、白酒、水果和药", limit=2)) == 2


def test_a_sound_within_a_longer_word_is_no_slip() -> None:
    """Two characters in the middle of a word nobody knows may sound like a name (箭发, 剪发): that
    leads nowhere. Alone, or with a character wrong in a longer name, they do."""
    finder = finder_of()
    assert all(found.weak for found in finder.find("火箭发射"))
    assert next(found.category for found in finder.find("剪法")) == "生活服务-丽人服务"
