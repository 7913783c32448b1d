"""Who applies in own words, where it is a kind that a layer has in its own vocabulary."""

from __future__ import annotations

import pytest

import kb

KINDS = """
terms:
  - {id: coop, zh: 合作社, en: cooperative, aliases: [农民专业合作社, co-op]}
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> kb.KnowledgeBase:
    """The shipped facts with a kind of applicant of an own layer."""
    folder = tmp_path_factory.mktemp("layer") / "vocabulary"
    folder.mkdir()
    (folder / "applicants.yaml").write_text(KINDS, "utf-8")
    return kb.load(folder.parent)


@pytest.mark.parametrize(
    "text",
    [
        "我们是合作社，想卖茶叶",
        "合作社，想卖茶叶",
        "合作社想卖茶叶",
        "我们是卖茶叶的合作社",
        "作为农民专业合作社想卖茶叶",
        "we are a cooperative, selling tea",
        "as a co-op we want to sell tea",
        "We're a co-op and want to sell tea",
    ],
)
def test_a_kind_of_a_layer_is_read(base, text):
    """By its label or an alias in either language, with what is offered beside it."""
    found = base.understand(text)
    assert (found.applicant, found.profile["services"]) == ("coop", ["food_sales"])
    assert (found.profile["name"], found.unread, found.kept) == (text, (), ())


@pytest.mark.parametrize(
    "text",
    ["我们不是合作社，想卖茶叶", "帮合作社做会计，卖茶叶", "a co-op, selling tea", "我们是合作社"],
)
def test_who_does_not_apply_is_not_read(base, text):
    """A kind that is denied, served or only mentioned is not who applies."""
    assert base.understand(text).applicant is None


def test_a_place_beside_it_is_told(base):
    """A place in front of the kind is no place that is served, and is told as not used."""
    found = base.understand("我们是山东的农民专业合作社，想卖茶叶")
    assert (found.applicant, found.unread) == ("coop", ("山东",))


def test_common_words_are_read_as_before(base):
    """A company is one by the words that everybody has for it."""
    assert base.understand("我们是卖茶的公司").applicant == "enterprise"
