"""What own words say of attributes by their labels."""

from __future__ import annotations

from pathlib import Path

import pytest

import kb
from kb.find.profile import Understood
from kb.render.clarify import taken_as
from kb.render.language import Language
from kb.widgets.choices import Choices

PAWS = Path(__file__).parents[1] / "paws"
DAY = "2026-06-30"


@pytest.fixture(scope="module")
def paws() -> kb.KnowledgeBase:
    return kb.load(PAWS, as_of=DAY, queries=False)


def facts(found: Understood) -> object:
    return found.profile.get("facts", {})


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("宠物寄养,企业,溪桥,寄养宠物数量 12", {"xq-pets": 12}),
        ("宠物寄养,企业,溪桥,寄养宠物数量：12只", {"xq-pets": 12}),
        ("寄养宠物数量 12,企业", {"xq-pets": 12}),
        ("我是个人，想在溪桥寄养15只宠物", {"xq-pets": 15}),
        ("宠物寄养,企业,8只", {"xq-pets": 8}),
        ("pet boarding, company, number of pets boarded: 12", {"xq-pets": 12}),
        ("pet boarding, company, 12 pets", {"xq-pets": 12}),
        ("宠物寄养,企业,寄养 15 只", {"xq-pets": 15}),
        ("送花,企业,溪桥,自行配送", {"xq-own-delivery": "yes"}),
        ("送花,企业,我们自行配送鲜花", {"xq-own-delivery": "yes"}),
        ("送花,企业,不自行配送", {"xq-own-delivery": "no"}),
        ("送花,企业,小程序上线日期 2026年5月1日", {"xq-launched": "2026-05-01"}),
    ],
)
def test_what_is_said_of_an_attribute_is_taken(
    paws: kb.KnowledgeBase, text: str, stated: dict[str, object]
) -> None:
    """A number or day beside its label, a number with its unit where the words are about it, and
    the label of a flag or of its condition stand in the profile; the services are found as ever,
    and nothing of it stays open or is told as unused."""
    found = paws.understand(text)
    assert facts(found) == stated
    [service] = found.profile["services"]
    assert service == ("xq-flower-delivery" if "送花" in text else "xq-boarding-service")
    assert (found.unread, found.kept, found.question) == ((), (), None)
    assert found.profile["name"] == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("宠物寄养,企业,寄养超过十只", "寄养超过十只"),
        ("宠物寄养,企业,寄养十五只", "十五只"),
        ("宠物寄养,企业,寄养超过15只", "15只"),
        ("宠物寄养,企业,寄养宠物10-15只", "15只"),
        ("宠物寄养,企业,寄养15只以上", "15只"),
        ("宠物寄养,企业,店里养了3只猫", "3只"),
        ("宠物寄养,企业,寄养宠物数量 12,寄养宠物数量 15", "寄养宠物数量 15"),
        ("宠物寄养,企业,小程序上线日期 2026-13-01", "小程序上线日期"),
        ("送花自行配送,企业", "送花自行配送"),
    ],
)
def test_what_is_not_understood_is_told(paws: kb.KnowledgeBase, text: str, told: str) -> None:
    """A bound, a stretch, a number of something else, two numbers for one attribute and a day that
    there is not are no fact, and are told."""
    found = paws.understand(text)
    assert facts(found) == {}
    assert any(told in words for words in (*found.unread, *found.kept))


def test_a_number_of_something_else_is_told_beside_one_that_is_taken(
    paws: kb.KnowledgeBase,
) -> None:
    """Of two numbers of one unit that which the words are about is taken, the other told, though
    its digits end the first."""
    found = paws.understand("宠物寄养,企业,寄养15只宠物,门口5只")
    assert facts(found) == {"xq-pets": 15}
    assert any("5只" in words for words in (*found.unread, *found.kept))


def test_stated_words_decide(paws: kb.KnowledgeBase) -> None:
    """Line 2 asks for the opinion with more than ten pets, line 3 for no agreement from those who
    deliver themselves: the papers asked for follow what the words say."""

    def papers(text: str) -> list[str]:
        told = str(paws.ask(dict(paws.understand(text).profile), lang="zh")).splitlines()
        provide = [line for line in told if line.startswith("  · 《")]
        return [n for n in ("场地消防验收意见", "合作协议", "仅当") if n in "".join(provide)]

    assert papers("宠物寄养,企业,溪桥,寄养宠物数量 12") == ["场地消防验收意见"]
    assert papers("宠物寄养,企业,溪桥,寄养宠物数量 10") == []
    assert papers("宠物寄养,企业,溪桥") == ["场地消防验收意见", "仅当"]
    assert papers("送花,企业,溪桥,自行配送") == []
    assert papers("送花,企业,溪桥,不自行配送") == ["合作协议"]


def test_stated_words_are_told(paws: kb.KnowledgeBase) -> None:
    """What was taken is told with the attribute, in both languages."""
    found = paws.understand("送花,企业,不自行配送,寄养宠物数量 12")
    zh, en = (list(taken_as(found, Language(lang, paws.facts.names))) for lang in ("zh", "en"))
    assert zh[:2] == [
        "「寄养宠物数量 12」记为:寄养宠物数量:12",
        "「不自行配送」记为:自行配送鲜花:不是",
    ]
    assert en[0] == "`寄养宠物数量 12` is taken for: number of pets boarded: 12"
    assert en[1] == "`不自行配送` is taken for: delivers the flowers itself: no"


def test_the_panel_takes_stated_words(paws: kb.KnowledgeBase) -> None:
    """A service that own words led to brings what they say of attributes."""
    made = Choices(paws)
    made.take("xq-boarding-service", "宠物寄养,寄养宠物数量 12")
    assert made.profile["facts"] == {"xq-pets": 12}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("宠物寄养,企业,有合作协议", ("有合作协议",)),
        ("宠物寄养,企业,我们已取得动物诊疗许可证", ("我们已取得动物诊疗许可证",)),
        (
            "pet boarding, company, we have a cooperation agreement",
            ("we have a cooperation agreement",),
        ),
        ("宠物寄养,企业,有机狗粮", None),
    ],
)
def test_papers_that_are_said_to_be_there_are_told(
    paws: kb.KnowledgeBase, text: str, told: tuple[str, ...] | None
) -> None:
    """A paper in own words goes into no profile, which would want its holder and days, and is told
    as not used; what only begins alike is no paper."""
    found = paws.understand(text)
    assert "holds" not in found.profile
    if told is None:
        assert all("有机狗粮" not in words or words in found.kept for words in found.unread)
    else:
        assert found.unread == told
