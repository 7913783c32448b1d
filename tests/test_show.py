"""A category as the sources state it, as typed values: of all days and of one, in two languages."""

from __future__ import annotations

import datetime
import pickle
from pathlib import Path

import pytest
from test_cases import loaded

import kb
from kb.base.results import Certainty, DocumentNeed, Role
from kb.query.results import Join, RequirementGroup, RequirementLeaf, RequirementNode

PLATFORM = "教育-驾校平台"
CASES = Path(__file__).parent / "cases"


@pytest.fixture
def base(early: kb.KnowledgeBase) -> kb.KnowledgeBase:
    """Texts of which one is of this platform, so that each day has one version or none."""
    return early


def documents(node: RequirementNode) -> list[str]:
    """The documents that a requirement names, in their order."""
    match node:
        case RequirementLeaf(document):
            return [document.document]
        case RequirementGroup(_, children):
            return [name for child in children for name in documents(child)]


def test_a_requirement_is_a_tree_of_documents(base: kb.KnowledgeBase) -> None:
    """A version holds its tree as groups and documents, with ids and the source's lines."""
    [version] = base.show(PLATFORM).versions
    tree = version.requirement
    assert isinstance(tree, RequirementGroup)
    assert (tree.join, tree.stated, tree.when) == (Join.ALL, None, None)
    assert tree.at_least == 1
    assert documents(tree) == [
        "cooperation_agreement",
        "driver_training_filing",
        "non_commercial_icp_filing",
        "developer_commitment",
    ]
    first = tree.children[0]
    assert isinstance(first, RequirementLeaf)
    assert first.document.lines == (17,)
    assert (first.document.at_least, first.document.held, first.document.verdict) == (2, None, None)
    [alternative] = version.alternatives
    assert isinstance(alternative.documents[0], DocumentNeed)


def test_references_have_their_role(base: kb.KnowledgeBase) -> None:
    """A note that asks for another category too is told from one that leads elsewhere, and the
    category that is named knows by whom."""
    roles = {
        reference.role
        for term in base.facts.names.of("category")
        for version in base.show(term.id).versions
        for reference in version.references
    }
    assert roles == {Role.ALSO, Role.INSTEAD}
    for term in base.facts.names.of("category"):
        for named in base.show(term.id).named_by:
            others = base.show(named.category).versions
            assert any(
                term.id in reference.categories and reference.role == named.role
                for version in others
                for reference in version.references
            )


@pytest.mark.parametrize(
    ("day", "stands", "others"),
    [("2021-12-02", 0, 1), ("2021-12-03", 1, 0), (datetime.date(2025, 6, 30), 1, 0), (None, 1, 0)],
)
def test_versions_of_a_day(
    base: kb.KnowledgeBase, day: str | datetime.date | None, stands: int, others: int
) -> None:
    """With a day, `versions` are those that stand on it, the others are told apart; without one
    all stand together."""
    shown = base.show(PLATFORM, as_of=day)
    assert (len(shown.versions), len(shown.other_versions)) == (stands, others)
    certain = [version.certainty for version in shown.versions]
    assert certain == [Certainty.SURELY if day is not None else None] * stands


def test_versions_stand_as_the_rules_say(base: kb.KnowledgeBase) -> None:
    """The versions of a day are those of the relation `stands`, with its certainty."""
    day = 20250215
    rows = base.engine.evaluate({"question_day": [("", day)]}, ["stands"])["stands"]
    stand = {(str(version), str(certainty)) for _, version, _, certainty in rows}
    shown = [base.show(term.id, "2025-02-15") for term in base.facts.names.of("category")]
    assert {(v.id, str(v.certainty)) for each in shown for v in each.versions} == stand
    assert {certainty for _, certainty in stand} == {"surely", "perhaps"}
    every = {v.id for each in shown for v in (*each.versions, *each.other_versions)}
    assert every == set(base.facts.readings)


def test_what_takes_the_place_of_a_version() -> None:
    """A version that a later one displaced says which, once the later one has begun; names that
    the later text gives the category stand with it."""
    whole = loaded(())
    [old] = whole.show(PLATFORM, as_of="2026-05-01").other_versions
    assert [cite.source for cite in old.superseded_by] == ["wechat-table-2026-02-enterprise"]
    later = str(whole.show(PLATFORM, as_of="2026-05-01", lang="en"))
    assert "from 2021-12-03, superseded by [wechat-table-2026-02-enterprise 67-74]" in later
    assert "  called: 教育服务-驾校平台" in later
    [earlier] = whole.show(PLATFORM, as_of="2025-06-30").versions
    assert earlier.superseded_by == ()


def test_how_exactly_a_day_is_known_is_told_in_words(base: kb.KnowledgeBase) -> None:
    """The adjustments hold from some day of a quarter, which Chinese says in Chinese."""
    assert "自 2025-01-01 (只知道到季度)" in str(base.show("国际客运"))
    assert "from 2025-01-01 (known to the quarter)" in str(base.show("国际客运", lang="en"))


def test_a_choice_of_categories_keeps_its_or(early: kb.KnowledgeBase) -> None:
    """Line 185 leads to one of two categories, not to both."""
    shown = early.show("医疗服务-就医服务")
    [joint] = [r for r in shown.to_dict()["versions"][0]["also_needs"] if r["one_of"]][:1]
    assert " 或 ".join(joint["categories"]) in str(shown)
    assert " or ".join(joint["categories"]) in str(early.show("医疗服务-就医服务", lang="en"))


def test_a_condition_that_must_not_hold_reads_well(base: kb.KnowledgeBase) -> None:
    """A condition that must not be met is quoted and denied, in either language."""
    assert "「提供国际船舶客运」不成立" in str(base.show("国际客运"))
    assert "非 提供" not in str(base.show("国际客运"))
    assert "(合作方的)" in str(base.show("国际客运"))


def test_a_day_is_told_in_words(base: kb.KnowledgeBase) -> None:
    """The text says the day, that nothing stands on it, and what does on others."""
    assert str(base.show(PLATFORM, as_of="2021-12-02")).splitlines()[1:] == [
        "  2021-12-02 没有适用的版本",
        "",
        "2021-12-02 不适用的版本:",
        "  [wechat-education-2021 15-20] 有效, 自 2021-12-03",
    ]
    assert str(base.show(PLATFORM, as_of="2021-12-02", lang="en")).splitlines()[1:] == [
        "  no version applies on 2021-12-02",
        "",
        "not applicable on 2021-12-02:",
        "  [wechat-education-2021 15-20] in force, from 2021-12-03",
    ]
    there = str(base.show(PLATFORM, as_of="2025-06-30")).splitlines()
    assert there[1] == "  2025-06-30 适用的版本"
    assert [*there[:1], *there[2:]] == str(base.show(PLATFORM)).splitlines()


def test_a_day_adds_to_the_json(base: kb.KnowledgeBase) -> None:
    """Without a day the JSON has the keys of the contract alone; a day adds its own beside them."""
    plain, dated = base.show(PLATFORM).to_dict(), base.show(PLATFORM, "2025-06-30").to_dict()
    assert (dated.pop("as_of"), dated.pop("other_versions")) == ("2025-06-30", [])
    assert [version.pop("certainty") for version in dated["versions"]] == ["surely"]
    assert dated == plain


def test_a_day_that_is_none(base: kb.KnowledgeBase) -> None:
    """A day that is none is refused."""
    with pytest.raises(kb.Problems, match="`soon` is not a date"):
        base.show(PLATFORM, as_of="soon")


def test_in_english(base: kb.KnowledgeBase) -> None:
    """In English labels are English beside the official names."""
    shown = base.show(PLATFORM, lang="en")
    assert "all of\n" in str(shown)
    assert "cooperation agreement" in str(shown)
    [version] = shown["versions"]
    assert version["requirement"]["all_of"][0]["en"] == "cooperation agreement"


def test_results_are_values(base: kb.KnowledgeBase) -> None:
    """A category and a find have a short `repr`, can be pickled, and are equal to their like."""
    shown, hit = base.show(PLATFORM), base.search("驾校平台")[0]
    assert repr(shown) == "<kb.ShownCategory education-driving-school-platform: 1 versions>"
    assert repr(hit) == "<kb.Hit service driving_school_platform: 驾校平台>"
    for found in (shown, hit):
        again = pickle.loads(pickle.dumps(found))
        assert again == found
        assert str(again) == str(found)


def test_other_names_are_those_of_texts() -> None:
    """`show` tells the names that a text has for a category: none that only combines the name of
    its group with its own."""
    base = loaded(())
    stated: dict[str, set[str | None]] = {}
    for reading in base.facts.readings.values():
        stated.setdefault(reading.record.category, set()).add(reading.record.name)
    for term in base.facts.names.of("category"):
        assert set(base.show(term.id).former_names) <= stated.get(term.id, set()), term.id
    assert base.show("education-information").former_names == ()
    assert base.show("education-platform").former_names == (
        "教育-教育平台服务",
        "教育服务-教育平台",
    )


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh", "有效, 自 2020-01-01,到 2022-06-30 为止(含当日) (只知道到季度)"),
        ("en", "in force, from 2020-01-01 through 2022-06-30 (known to the quarter)"),
    ],
)
def test_a_last_day_is_told_as_one(lang: str, told: str) -> None:
    """The last day of a text is told as one on which it counts, with how exactly it is known."""
    shown = kb.load(only_facts=CASES / "facts-small").show("shop-fair", lang=lang)
    assert f"[town-fair-2020 1-2] {told}" in str(shown).splitlines()
    [version] = shown.to_dict()["versions"]
    assert (version["to"], version["to_precision"]) == ("2022-06-30", "quarter")


def test_an_only_has_its_lines():
    """Whom a category is open to stands with the lines that say so (169, 173), in text and JSON;
    what stands in no line of its own, the account of a whole table, has none."""
    shown = loaded(()).show("医疗服务-三级私立医疗机构", as_of="2026-03-01")
    lines = str(shown).splitlines()
    assert "  账号主体: 非个人主体" in lines
    assert "  只开放给: 三级私立医疗机构 [wechat-table-2026-02-enterprise 169, 173]" in lines
    (version,) = shown.to_dict()["versions"]
    (cite,) = version["open_to_sources"]
    assert (cite["source"], cite["lines"]) == ("wechat-table-2026-02-enterprise", [169, 173])
    assert "accounts_sources" not in version
