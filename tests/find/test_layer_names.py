"""Names of an own layer among other words: whole names win, what only sounds like a word leads
nowhere beside them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import kb
from kb.find.finder import finder_of

PAWS = Path(__file__).parents[1] / "paws"
DAY = "2026-06-30"


@pytest.fixture(scope="module")
def paws() -> kb.KnowledgeBase:
    return kb.load(PAWS, as_of=DAY, queries=False)


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("溪桥 送花,企业,自己送", "xq-flower-delivery"),
        ("鲜花园艺店 送花", "xq-flower-delivery"),
        ("宠物寄养,宠物店,企业", "xq-boarding-service"),
        ("宠物店寄养业务", "xq-boarding-service"),
        ("我是个人，想在溪桥寄养15只宠物", "xq-boarding-service"),
    ],
)
def test_a_whole_name_of_the_layer_wins(paws: kb.KnowledgeBase, text: str, service: str) -> None:
    """What a text calls by a whole name, as a piece of its own or in words with others between
    them, is what it means, without a question."""
    found = paws.understand(text)
    assert (found.profile["services"], found.question) == ([service], None)


def test_who_applies_is_used(paws: kb.KnowledgeBase) -> None:
    """A word for who applies, which names something else too, is not told as unused."""
    found = paws.understand("flower delivery, Xiqiao, company")
    assert (found.applicant, found.unread) == ("enterprise", ())


def test_a_part_of_a_name_is_no_name(paws: kb.KnowledgeBase) -> None:
    """A part of a service's name beside words of another category is asked about as before."""
    found = paws.understand("宠物店")
    assert "xq-boarding-service" not in found.profile["services"]


def test_a_slip_is_nothing_beside_a_name() -> None:
    """Where a text calls a service by its name, words that merely sound like another lead nowhere;
    alone they lead to what they sound like."""
    finder = finder_of()
    assert "生活服务-跑腿" in {each.category for each in finder.find("自己送")}
    beside = {each.category for each in finder.find("酒类销售,自己送")}
    assert "生活服务-跑腿" not in beside
    assert "商家自营-酒类" in beside


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("宠物寄养,送花,企业", ["xq-boarding-service", "xq-flower-delivery"]),
        ("卖茶叶,跑腿,企业", ["food_sales", "errands"]),
    ],
)
def test_each_name_is_a_business(paws: kb.KnowledgeBase, text: str, services: list[str]) -> None:
    """A piece of a text that is the name of a service tells of a business of its own."""
    found = paws.understand(text)
    assert found.profile["services"] == services
    assert "other_services" not in found.profile


def test_a_ban_is_told_where_the_category_is_closed_too(tmp_path: Path) -> None:
    """The text forbids boarding to individuals, and its category is open to others alone: who says
    in own words to be an individual with such a plan is told the ban first."""
    layer = tmp_path / "paws"
    shutil.copytree(PAWS, layer)
    file = layer / "paws-2026.yaml"
    head = "  - category: xq-boarding\n"
    closed = f"{head}    open_to: [non_individual, overseas]\n    open_to_lines: 1\n"
    file.write_text(file.read_text("utf-8").replace(head, closed), "utf-8")
    base = kb.load(layer, as_of=DAY, queries=False)
    profile = dict(base.understand("我是个人，想在溪桥寄养15只宠物").profile)
    answer = base.ask(profile, lang="zh")
    assert answer.verdict == "prohibited"
    assert str(answer).splitlines()[2].startswith("⊘ 禁止 (有效): 个人不得提供宠物寄养")
