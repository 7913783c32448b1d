"""Documents that must contain words: each copy counts for itself, and how words are written."""

import shutil
from pathlib import Path

import pytest

import kb

BASE = Path(__file__).parent / "bad" / "facts" / "base" / "vocabulary"
NOTICE = """source:
  {id: notice, zh: 须知, en: notice, publisher: {zh: 镇, en: town}, date: 2024-01-01,
   standing: in_force, jurisdiction: CN, platform: wechat, line_count: 4}
categories:
  - category: shop-food
    lines: 1-2
    scope: [{service: bakery, lines: 1}]
    requirement: {document: lease, at_least: 2, must_state: [房屋(甲), Area 9], lines: 2}
  - category: shop-books
    lines: 3-4
    scope: [{service: bookshop, lines: 3}]
    requirement: {document: lease, holder: partner, must_state: [房屋], lines: 4}
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("words") / "facts"
    shutil.copytree(BASE, folder / "vocabulary")
    (folder / "notice.yaml").write_text(NOTICE, encoding="utf-8")
    return kb.load(folder, as_of="2024-06-30")


BOTH = ["房屋(甲)", "area 9"]


@pytest.mark.parametrize(
    ("holds", "verdict"),
    [
        ([], "missing"),
        ([{"document": "lease", "count": 2, "states": BOTH}], "satisfied"),
        ([{"document": "lease", "states": BOTH}] * 2, "satisfied"),
        # Two copies, of which only one has the words.
        ([{"document": "lease", "states": BOTH}, {"document": "lease", "states": []}], "missing"),
        # Each copy has one half of the words.
        ([{"document": "lease", "states": [word]} for word in BOTH], "missing"),
        # One copy is silent: it may have them.
        ([{"document": "lease", "states": BOTH}, "lease"], "undetermined"),
        ([{"document": "lease", "count": 2}], "undetermined"),
        ([{"document": "lease", "states": ["x"]}, "lease"], "missing"),
        ([{"document": "lease", "count": 2, "holder": "partner", "states": BOTH}], "missing"),
        # Full-width brackets and letters, spaces and case are all one; words stand inside a text.
        (
            [{"document": "lease", "count": 2, "states": ["本镇房屋（甲）\u3000ＡＲＥＡ9号"]}],
            "satisfied",
        ),
    ],
)
def test_copies(small, holds, verdict):
    """So many copies are needed that each contain all the words."""
    assert small.ask({"name": "a", "services": ["bakery"], "holds": holds}).verdict == verdict


@pytest.mark.parametrize(
    ("held", "verdict"),
    [
        ({"holder": "partner", "states": ["房屋"]}, "satisfied"),
        ({"states": ["房屋"]}, "undetermined"),
        ({"holder": "partner"}, "undetermined"),
        ({"holder": "applicant", "states": ["房屋"]}, "missing"),
    ],
)
def test_holders(small, held, verdict):
    """Whose a copy is may be open, as for documents that need no words."""
    app = {"name": "a", "services": ["bookshop"], "holds": [{"document": "lease", **held}]}
    assert small.ask(app).verdict == verdict


def test_rows(small):
    """The copies that do are counted for each need that asks for words."""
    holds = [{"document": "lease", "states": BOTH}, {"document": "lease", "count": 3}]
    app = small.app({"name": "a", "services": ["bakery"], "holds": holds})
    rows = small.rows(app)
    assert sorted(rows["app_fits"]) == [
        ("a", "lease@applicantx2+Area 9+房屋(甲)", 1, 4),
        ("a", "lease@partnerx1+房屋", 0, 4),
    ]
    assert sorted(rows["app_holds"]) == [
        ("a", "lease", "applicant", 4, 4),
        ("a", "lease", "partner", 0, 4),
    ]


def test_order_of_the_source(small):
    """An answer shows the words in the order in which the source has them."""
    answer = small.ask({"name": "a", "services": ["bakery"]}).to_dict()
    (category,) = answer["categories"]
    for document in (category["alternatives"][0]["documents"][0], category["missing"][0]):
        assert document["must_state"] == ["房屋(甲)", "Area 9"]


def test_within_reach(small):
    """A stock of documents completes a category only by copies that contain the words."""
    held = {"document": "lease", "count": 2}
    found = [
        list(small.query("categories_within_reach", app={"name": "a", "holds": [h]})["category"])
        for h in (held, {**held, "states": BOTH})
    ]
    assert found == [[], ["商店-食品"]]
