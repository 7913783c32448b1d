"""What changed between two days: tree differences, readings that come and go, apps that flip."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import kb
from kb.base.results import Certainty
from kb.compare.results import (
    AllBecameChoice,
    CategoryChange,
    CategoryChangeKind,
    ChoiceBecameAll,
    ConditionChanged,
    CountChanged,
    FormChanged,
    HolderChanged,
    IssuerChanged,
    Move,
    OpenToChanged,
    OptionChanged,
    PapersSaidChanged,
    Part,
    PartMoved,
    ReadingMoved,
    ReferencesChanged,
    RegionsChanged,
    Renamed,
    ServiceConditionsChanged,
    ServicesChanged,
    UnclearChanged,
    UnsupportedChanged,
    VersionRef,
    WordsChanged,
)
from kb.compare.tree_difference import difference
from kb.lang.problems import Problems
from kb.lang.syntax import Cite
from kb.model.names import Names, Term
from kb.model.requirements import Need
from kb.model.schema import Label, Node
from kb.render.changes import Pair, pair_text
from kb.render.language import Language

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
        (
            "a",
            "b",
            [
                PartMoved(Part.DOCUMENT, Move.DROPPED, ("a",)),
                PartMoved(Part.DOCUMENT, Move.ADDED, ("b",)),
            ],
        ),
        ("a", ("all", "a", "b"), [PartMoved(Part.DOCUMENT, Move.ADDED, ("b",))]),
        (("all", "a", "b"), "a", [PartMoved(Part.DOCUMENT, Move.DROPPED, ("b",))]),
        ("a", ("any", "a", "b"), [PartMoved(Part.ALTERNATIVE, Move.ADDED, ("b",))]),
        (("any", "a", "b"), "a", [PartMoved(Part.ALTERNATIVE, Move.DROPPED, ("b",))]),
        (("any", "a", "b"), ("all", "a", "b"), [ChoiceBecameAll(("a", "b"))]),
        (("all", "a", "b"), ("any", "a", "b"), [AllBecameChoice(("a", "b"))]),
        (
            "a",
            ("any", "a", ("all", "b", "c")),
            [PartMoved(Part.ALTERNATIVE, Move.ADDED, ("b", "c"))],
        ),
        ("a", ("all", "a", ("any", "b", "c")), [PartMoved(Part.CHOICE, Move.ADDED, ("b", "c"))]),
        (
            ("all", "a", ("any", "b", "c")),
            ("all", "a", ("any", "b", "d")),
            [
                PartMoved(Part.ALTERNATIVE, Move.DROPPED, ("c",)),
                PartMoved(Part.ALTERNATIVE, Move.ADDED, ("d",)),
            ],
        ),
        (None, "a", [PartMoved(Part.DOCUMENT, Move.ADDED, ("a",))]),
        (None, ("any", "a", "b"), [PartMoved(Part.CHOICE, Move.ADDED, ("a", "b"))]),
        (
            ("all", "a", ("any", "b", "c")),
            None,
            [
                PartMoved(Part.DOCUMENT, Move.DROPPED, ("a",)),
                PartMoved(Part.CHOICE, Move.DROPPED, ("b", "c")),
            ],
        ),
        ("a", "a?x", [ConditionChanged("a", None, "x")]),
        (
            ("all", "a", "b"),
            {"all_of": (Node(document="a"), Node(document="b")), "when": "x"},
            [ConditionChanged(None, None, "x", ("a", "b"))],
        ),
        ("a", ("all", "a", "b?x"), [PartMoved(Part.DOCUMENT, Move.ADDED, ("b",), "x")]),
        (
            {"document": "a", "at_least": 2, "holder": "partner"},
            {"document": "a", "must_state": ("w",), "optional": True},
            [
                HolderChanged("a", "partner", "applicant"),
                CountChanged("a", 2, 1),
                WordsChanged("a", (), ("w",)),
                OptionChanged("a", False, True),
            ],
        ),
        (
            {"document": "a", "issuer": "x"},
            {"document": "a", "form": (Label(zh="原件", en="original"),)},
            [
                FormChanged("a", (), (Label(zh="原件", en="original"),)),
                IssuerChanged("a", "x", None),
            ],
        ),
    ],
)
def test_tree_difference(before, after, changes):
    """Two trees differ in documents, alternatives, choices, counts, holders, words, conditions."""
    one, other = (tree and node(tree) for tree in (before, after))
    assert list(difference(one, other)) == changes


def test_what_is_the_same_is_paired_first():
    """Of two uses of one document the one that did not change is told as unchanged, and the other
    one's count is what differs."""
    one = node(("any", {"document": "a", "at_least": 2}, "a"))
    other = node(("any", "a", {"document": "a", "at_least": 3}))
    assert list(difference(one, other)) == [CountChanged("a", 2, 3)]


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """The made-up town with a text of 2025 that replaces some of its rules."""
    folder = tmp_path_factory.mktemp("later") / "facts"
    shutil.copytree(SMALL, folder)
    (folder / "town-2025.yaml").write_text(LATER, encoding="utf-8")
    return kb.load(only_facts=folder)


def found(town, first, last, category):
    return next(c for c in town.changes(first, last).categories if c.category == category)


def test_added_and_removed(town):
    """Before a text nothing stands, after its end nothing stands; both ways its lines are cited.
    That something is new is told where its text says so, as that of fairs does not."""
    assert found(town, "2019-12-31", "2020-01-02", "shop-fair").what == "first_recorded"
    gone = town.changes("2020-01-02", "2023-01-01")
    assert [(c.category, c.what) for c in gone.categories if c.what == "removed"] == [
        ("shop-fair", "removed")
    ]
    assert "取消: 铺-庙会  [town-fair-2020 1-2]" in str(gone)


def test_changed_in_words(town):
    """What changed is told with the names of holders and conditions, and with their ids."""
    tea = found(town, "2024-12-31", "2025-01-02", "shop-tea")
    assert HolderChanged("water_test", "applicant", "partner") in tea.differences
    told = town.changes("2024-12-31", "2025-01-02").to_dict()["categories"]
    holder = next(d for c in told for d in c["differences"] if d["what"] == "holder_changed")
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
    assert inside.what == "changed"
    certainty = {v.id.partition("/")[0]: v.certainty for v in inside.after}
    assert certainty["town-2024q1"] == "perhaps"
    assert isinstance(inside.differences[0], ReadingMoved)
    assert inside.differences[0].move == Move.ADDED
    after = found(town, "2024-02-01", "2024-04-01", "shop-bread")
    [gone] = after.differences
    assert isinstance(gone, ReadingMoved)
    assert gone.move == Move.DROPPED


def test_days_in_order(town):
    """The later day can not go first: what came would be told as gone."""
    with pytest.raises(Problems, match="is after"):
        town.changes("2025-01-01", "2024-01-01")


def test_flips(town):
    """An app whose verdict changes is named with the fewest documents that mend it; one way of
    naming apps is as good as another."""
    app = {"name": "茶", "services": ["tea"], "holds": ["water_test"], "applicant": "guild"}
    app["regions"] = ["north"]
    found = town.changes("2024-12-31", "2025-01-02", [app])
    [flip] = found.apps
    assert (flip.before, flip.after) == ("satisfied", "missing")
    assert "\n结论变化的应用: 1\n" in str(found)
    [document] = flip.to_provide
    assert document.need == Need("water_test", "partner", 2)
    mended = {**app, "holds": [{"document": "water_test", "holder": "partner", "count": 2}]}
    assert town.changes("2024-12-31", "2025-01-02", mended).apps[0].after == "satisfied"
    assert town.changes("2025-01-01", "2025-01-02", town.app(app)).apps == ()


def test_a_new_name_is_told(base):
    """A text that calls a category otherwise renames it, also where the earlier one had no name of
    its own for it; a bracket of another width is no new name."""
    told = str(base.changes("2025-06-01", "2026-03-01"))
    assert "    更名: 教育-培训机构 → 教育服务-学历教育（培训机构）\n" in told
    assert "\n更名: 教育-驾校培训  [" in told
    assert "公证（非中国大陆地区）" not in told
    papers = (
        "《民办学校办学许可证》、《营业执照》、《事业单位法人证书》、《民办非企业单位登记证书》"
    )
    assert f"    条件变化 {papers}: 账号为 2018 年新规之后开通 → –\n" in told


def test_nothing_changed_in_english(town):
    """The language is the one asked for, also where nothing changed."""
    assert str(town.changes("2025-01-02", "2025-02-01", lang="en")) == (
        "2025-01-02 → 2025-02-01: 0 categories"
    )
    assert str(town.changes("2025-01-02", "2025-02-01")) == "2025-01-02 → 2025-02-01: 0 个类目"


def test_short(town):
    """`repr` is one short line."""
    found = town.changes("2024-12-31", "2025-01-02", [])
    assert repr(found) == "<kb.Changes 2024-12-31 to 2025-01-02: 3 categories, 0 flips>"
    assert repr(town.changes("2025-01-02", "2025-01-02")) == (
        "<kb.Changes 2025-01-02 to 2025-01-02: 0 categories>"
    )


CITE = Cite("town-2020", (5, 6), "")
DIFFERENCES = {
    PartMoved(Part.DOCUMENT, Move.ADDED, ("photo",), "is_guild"): (
        "document added 《照片》  (when the applicant is a guild)",
        {
            "what": "document_added",
            "document": "照片",
            "when": "the applicant is a guild",
            "id": "photo",
        },
    ),
    PartMoved(Part.ALTERNATIVE, Move.DROPPED, ("photo", "shop_deed")): (
        "alternative dropped 《照片》 + 《铺契》",
        {"what": "alternative_dropped", "documents": ["照片", "铺契"]},
    ),
    PartMoved(Part.CHOICE, Move.ADDED, ("photo", "shop_deed")): (
        "choice added 《照片》 / 《铺契》",
        {"what": "choice_added", "documents": ["照片", "铺契"]},
    ),
    ChoiceBecameAll(("photo", "shop_deed")): (
        "a choice became all 《照片》, 《铺契》",
        {"what": "choice_became_all", "documents": ["照片", "铺契"]},
    ),
    AllBecameChoice(("photo", "shop_deed")): (
        "all became a choice 《照片》, 《铺契》",
        {"what": "all_became_choice", "documents": ["照片", "铺契"]},
    ),
    ConditionChanged("photo", None, "is_guild"): (
        "condition changed 《照片》: – → the applicant is a guild",
        {
            "what": "condition_changed",
            "document": "照片",
            "after": "the applicant is a guild",
            "id": "photo",
            "after_id": "is_guild",
        },
    ),
    HolderChanged("photo", "applicant", "partner"): (
        "holder changed 《照片》: applicant → partner",
        {
            "what": "holder_changed",
            "document": "照片",
            "before": "applicant",
            "after": "partner",
            "id": "photo",
            "before_id": "applicant",
            "after_id": "partner",
        },
    ),
    CountChanged("photo", 1, 2): (
        "count changed 《照片》: 1 → 2",
        {"what": "count_changed", "document": "照片", "before": 1, "after": 2, "id": "photo"},
    ),
    WordsChanged("photo", (), ("甲", "乙")): (
        "words changed 《照片》: – → 甲, 乙",
        {
            "what": "words_changed",
            "document": "照片",
            "before": [],
            "after": ["甲", "乙"],
            "id": "photo",
        },
    ),
    FormChanged("photo", (Label(zh="原件", en="original"),), ()): (
        "form changed 《照片》: original → –",
        {
            "what": "form_changed",
            "document": "照片",
            "before": [{"zh": "原件", "en": "original"}],
            "after": [],
            "id": "photo",
        },
    ),
    IssuerChanged("photo", None, "some-office"): (
        "issuer changed 《照片》: – → some-office",
        {
            "what": "issuer_changed",
            "document": "照片",
            "after": "some-office",
            "id": "photo",
            "after_id": "some-office",
        },
    ),
    OptionChanged("photo", False, True): (
        "whether it is needed changed 《照片》: needed → optional",
        {
            "what": "option_changed",
            "document": "照片",
            "before": False,
            "after": True,
            "id": "photo",
        },
    ),
    Renamed("旧名", "新名"): (
        "renamed: 旧名 → 新名",
        {"what": "renamed", "before": "旧名", "after": "新名"},
    ),
    OpenToChanged(("guild",), ()): (
        "open to other applicants: guild → –",
        {
            "what": "open_to_changed",
            "before": ["guild"],
            "after": [],
            "before_id": ["guild"],
            "after_id": [],
        },
    ),
    RegionsChanged((), ("north",)): (
        "places changed: – → north shore",
        {
            "what": "regions_changed",
            "before": [],
            "after": ["north shore"],
            "before_id": [],
            "after_id": ["north"],
        },
    ),
    ServicesChanged(("tea",), ("tea", "pie")): (
        "services changed: added pie; 1 stays",
        {
            "what": "services_changed",
            "before": ["tea"],
            "after": ["tea", "pie"],
            "before_id": ["tea"],
            "after_id": ["tea", "pie"],
        },
    ),
    ServiceConditionsChanged("tea", (), ("is_guild",)): (
        "when a service falls under it changed (tea): – → the applicant is a guild",
        {
            "what": "service_conditions_changed",
            "before": [],
            "after": ["the applicant is a guild"],
            "service": "tea",
            "id": "tea",
            "before_id": [],
            "after_id": ["is_guild"],
        },
    ),
    PapersSaidChanged("none_stated", "none_required"): (
        "what is said of papers changed: it names no paper → no paper is needed",
        {
            "what": "papers_said_changed",
            "before": [{"zh": "没有写材料", "en": "it names no paper"}],
            "after": [{"zh": "不需要材料", "en": "no paper is needed"}],
        },
    ),
    ReferencesChanged("instead", (), ("shop-tea",)): (
        "categories to choose instead changed: – → Shops - tea",
        {
            "what": "instead_changed",
            "before": [],
            "after": ["Shops - tea"],
            "before_id": [],
            "after_id": ["shop-tea"],
        },
    ),
    UnsupportedChanged(("pie",), ()): (
        "services that are not carried changed: pie → –",
        {
            "what": "unsupported_changed",
            "before": ["pie"],
            "after": [],
            "before_id": ["pie"],
            "after_id": [],
        },
    ),
    UnclearChanged((), (Label(zh="多少没有说", en="how many is not said"),)): (
        "what the source leaves open changed: – → how many is not said",
        {
            "what": "unclear_changed",
            "before": [],
            "after": [{"zh": "多少没有说", "en": "how many is not said"}],
        },
    ),
    ReadingMoved(Move.ADDED, CITE): (
        "another reading came  [town-2020 5-6]",
        {
            "what": "reading_added",
            "sources": [{"source": "town-2020", "lines": [5, 6], "locator": ""}],
        },
    ),
}


def test_every_change_is_told(base):
    """No category is told as changed without what changed; one that another text lists again and
    of which nothing changed is told so; what a paper states names its field, not the field's id."""
    found = base.changes("2025-06-30", "2026-03-01")
    what = {each.category: each.what for each in found.categories}
    for each in found.categories:
        assert each.differences or each.what != CategoryChangeKind.CHANGED, each.category
    # Adjustments 56-59 and lines 1121-1124 of the table are the same.
    assert what["transport-airport"] == CategoryChangeKind.RESTATED
    # Adjustments 25 lets a category be added, line 950 of the table has another one chosen.
    assert what["finance-personal-credit"] == CategoryChangeKind.CHANGED
    said = str(found)
    assert "另一份文件重新列出,要求未变: 交通服务-机场服务" in said
    assert "须写内容变化 《营业执照》: 法律咨询 → 经营范围:法律咨询\n" in said


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda each: type(each).__name__)
def test_each_difference_in_words(town, difference):
    """Each kind of difference has its line and its JSON, with names in the language asked for."""
    version = VersionRef("town-2020/shop-tea", Certainty.SURELY, CITE)
    change = CategoryChange(
        "shop-tea", CategoryChangeKind.CHANGED, (version,), (version,), (difference,)
    )
    found = replace(town.changes("2025-01-02", "2025-01-02", lang="en"), categories=(change,))
    line, data = DIFFERENCES[difference]
    assert str(found).splitlines()[2:] == [f"    {line}"]
    told = found.to_dict()["categories"][0]["differences"][0]
    assert told == data
    assert list(told) == list(data)


@pytest.mark.parametrize(
    ("before", "after", "en", "zh"),
    [
        (("tea",), ("pie",), "tea → pie", "茶 → 派"),
        ((), ("pie",), "– → pie", "– → 派"),
        (("tea", "pie"), ("pie",), "dropped tea; 1 stays", "取消 茶;1 项不变"),
        (
            ("tea", "pie", "bread"),
            ("pie", "bread", "milk"),
            "added milk; dropped tea; 2 stay",
            "新增 奶;取消 茶;2 项不变",
        ),
        (("tea", "pie"), ("pie", "tea"), "in another order", "顺序变化"),
    ],
)
def test_of_lists_what_came_and_went_is_told(before, after, en, zh):
    """Of two lists that share some, what came and what went is told, and how many stay; lists that
    share nothing stand beside one another."""
    labels = {"tea": "茶", "pie": "派", "bread": "包", "milk": "奶"}
    names = Names()
    for id, label in labels.items():
        names.add(Term("service", id, label, id))
    pair = Pair(before, after, "service")
    assert pair_text(pair, Language("en", names)) == en
    assert pair_text(pair, Language("zh", names)) == zh


def test_notes_to_the_same_categories(town):
    """Where notes go on leading to the same categories and speak of other services, that is told,
    and not the same list twice."""
    to = Language("en", town.facts.names)
    pair = Pair(("shop-tea", "shop-bread"), ("shop-tea", "shop-bread"), "category")
    assert pair_text(pair, to) == "the same categories, for other services or applicants"


def test_laid_out(town):
    """As HTML the changes are a table, a row for each difference, and cites are small."""
    page = re.sub(
        ' (style|data-of)="[^"]*"', "", town.changes("2024-12-31", "2025-01-02")._repr_html_()
    )
    assert page.startswith('<div class="kb"><p><strong>2024-12-31 → 2025-01-02: 3 个类目</strong>')
    cells = "<td></td><td>份数变化</td><td>《水质单》</td><td>1</td><td>2</td><td></td>"
    assert f"<tr>{cells}</tr>" in page
    assert "<small>[town-2025 1]</small>" in page


def test_new_is_what_a_source_says_is_new(base):
    """The adjustments head 13 categories as added (6, 79) and say nothing of the table of 2026-02,
    most of whose rows no text at hand had before: those are first recorded and not called new."""
    quarter = base.changes("2024-12-31", "2025-06-30").categories
    assert sum(c.what == CategoryChangeKind.ADDED for c in quarter) == 13
    table = base.changes("2025-06-30", "2026-03-01")
    assert {c.what for c in table.categories} >= {"first_recorded", "changed", "removed"}
    assert not any(c.what == CategoryChangeKind.ADDED for c in table.categories)
    assert "首次收录,此前有没有来源没有说: 体育-在线健身  [" in str(table)
    drawn = base.graph(between=("2025-06-30", "2026-03-01"))
    assert drawn.nodes["category:sports-online-fitness"]["state"] == "recorded"
