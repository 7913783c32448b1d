"""What changed between two days: tree differences, readings that come and go, apps that flip."""

import shutil
from pathlib import Path

import pytest

import kb
from kb.compare.tree_difference import Change, difference
from kb.lang.problems import Problems
from kb.model.schema import Node

SMALL = Path(__file__).parent / "cases" / "facts-small"
LATER = """source:
  id: town-2025
  zh: 虚构小镇(town-2025)
  en: made-up town (town-2025)
  publisher: {zh: 虚构, en: made up}
  date: 2025-01-01
  standing: in_force
  jurisdiction: isle
  platform: wechat
  begins: {date: 2025-01-01}
  line_count: 9
categories:
  - {category: shop-jam, name: 果酱, lines: 1, none_stated: true, scope: {SCOPE}}
  - category: shop-tea
    lines: 5-9
    scope: [{service: tea, lines: 5}]
    requirement: {document: water_test, holder: partner, at_least: 2, lines: 8}
  - category: shop-pie
    lines: 1-4
    scope: [{service: pie, lines: 1}]
    requirement:
      lines: 2
      any_of:
        - {document: photo, when: is_guild, lines: 2}
        - {document: guild_letter, when: is_guild_bakery, lines: 2}
        - {document: shop_deed, at_least: 2, lines: 3}
        - {document: water_test, lines: 4}
""".replace("{SCOPE}", "[{service: jam, lines: 1}]")


def node(tree):
    """A requirement in short: a document's name, or a list behind `all` or `any`."""
    if isinstance(tree, str):
        name, _, when = tree.partition("?")
        return Node(document=name, when=when or None)
    if isinstance(tree, dict):
        return Node(**tree)
    kind, *children = tree
    return Node(**{f"{kind}_of": tuple(map(node, children))})


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("a", "a", []),
        ("a", "b", [Change("document_dropped", "a"), Change("document_added", "b")]),
        ("a", ("all", "a", "b"), [Change("document_added", "b")]),
        (("all", "a", "b"), "a", [Change("document_dropped", "b")]),
        ("a", ("any", "a", "b"), [Change("alternative_added", documents=("b",))]),
        (("any", "a", "b"), "a", [Change("alternative_dropped", documents=("b",))]),
        (("any", "a", "b"), ("all", "a", "b"), [Change("choice_became_all")]),
        (("all", "a", "b"), ("any", "a", "b"), [Change("all_became_choice")]),
        ("a", ("any", "a", ("all", "b", "c")), [Change("alternative_added", documents=("b", "c"))]),
        ("a", ("all", "a", ("any", "b", "c")), [Change("choice_added", documents=("b", "c"))]),
        (
            ("all", "a", ("any", "b", "c")),
            ("all", "a", ("any", "b", "d")),
            [
                Change("alternative_dropped", documents=("c",)),
                Change("alternative_added", documents=("d",)),
            ],
        ),
        (None, "a", [Change("document_added", "a")]),
        (None, ("any", "a", "b"), [Change("choice_added", documents=("a", "b"))]),
        (
            ("all", "a", ("any", "b", "c")),
            None,
            [Change("document_dropped", "a"), Change("choice_dropped", documents=("b", "c"))],
        ),
        ("a", "a?x", [Change("condition_changed", "a", None, "x")]),
        ("a", ("all", "a", "b?x"), [Change("document_added", "b", when="x")]),
        (
            {"document": "a", "at_least": 2, "holder": "partner"},
            {"document": "a", "must_state": ("w",), "optional": True},
            [
                Change("holder_changed", "a", "partner", "applicant"),
                Change("count_changed", "a", 2, 1),
                Change("words_changed", "a", [], ["w"]),
                Change("option_changed", "a", False, True),
            ],
        ),
    ],
)
def test_tree_difference(before, after, changes):
    """Two trees differ in documents, alternatives, choices, counts, holders, words, conditions."""
    one, other = (tree and node(tree) for tree in (before, after))
    assert list(difference(one, other)) == changes


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """The made-up town with a text of 2025 that replaces some of its rules."""
    folder = tmp_path_factory.mktemp("later") / "facts"
    shutil.copytree(SMALL, folder)
    (folder / "town-2025.yaml").write_text(LATER, encoding="utf-8")
    return kb.load(folder)


def found(town, first, last, category):
    return next(c for c in town.changes(first, last).categories if c["id"] == category)


def test_added_and_removed(town):
    """Before a text nothing stands, after its end nothing stands; both ways its lines are cited."""
    assert found(town, "2019-12-31", "2020-01-02", "shop-fair")["what"] == "added"
    gone = town.changes("2020-01-02", "2023-01-01")
    assert [(c["id"], c["what"]) for c in gone.categories if c["what"] == "removed"] == [
        ("shop-fair", "removed")
    ]
    assert "取消: 铺-庙会  [town-fair-2020 1-2]" in str(gone)


def test_changed_in_words(town):
    """What changed is told with the names of holders and conditions, and with their ids."""
    tea = found(town, "2024-12-31", "2025-01-02", "shop-tea")
    holder = next(d for d in tea["differences"] if d["what"] == "holder_changed")
    assert (holder["before_id"], holder["after_id"]) == ("applicant", "partner")
    assert holder["after"] == town.facts.names.label("holder", "partner", "zh")
    text = str(town.changes("2024-12-31", "2025-01-02"))
    assert "份数变化 《水质单》: 1 → 2" in text
    assert "新增方案 《水质单》" in text
    assert "[" not in text.split("份数变化")[1].splitlines()[0]


def test_quarter_is_perhaps(town):
    """Inside the quarter in which a text begins it perhaps stands beside the earlier one; at its
    end it has surely come."""
    inside = found(town, "2023-12-31", "2024-02-01", "shop-bread")
    assert inside["what"] == "changed"
    certainty = {v["id"].partition("/")[0]: v["certainty"] for v in inside["after"]}
    assert certainty["town-2024q1"] == "perhaps"
    assert inside["differences"][0]["what"] == "reading_added"
    after = found(town, "2024-02-01", "2024-04-01", "shop-bread")
    assert [d["what"] for d in after["differences"]] == ["reading_dropped"]


def test_days_in_order(town):
    """The later day can not go first: what came would be told as gone."""
    with pytest.raises(Problems, match="is after"):
        town.changes("2025-01-01", "2024-01-01")


def test_flips(town):
    """An app whose verdict changes is named with the fewest documents that mend it; one way of
    naming apps is as good as another."""
    app = {"name": "茶", "services": ["tea"], "holds": ["water_test"], "applicant": "guild"}
    app["regions"] = ["north"]
    [flip] = town.changes("2024-12-31", "2025-01-02", [app]).apps
    assert (flip["before"], flip["after"]) == ("satisfied", "missing")
    [document] = flip["to_provide"]
    assert (document["id"], document["holder"], document["at_least"]) == (
        "water_test",
        "partner",
        2,
    )
    mended = {**app, "holds": [{"document": "water_test", "holder": "partner", "count": 2}]}
    assert town.changes("2024-12-31", "2025-01-02", mended).apps[0]["after"] == "satisfied"
    assert town.changes("2025-01-01", "2025-01-02", town.app(app)).apps == []
