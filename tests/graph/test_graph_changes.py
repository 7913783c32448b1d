"""The difference between two days as a graph: what is said of one document."""

import shutil
from pathlib import Path

import kb
from kb.graph.drawing import drawing

SMALL = Path(__file__).parents[1] / "cases" / "facts-small"


def test_what_both_texts_ask_for_in_other_words():
    """A document that must now contain other words is `changed` and says so; so is its category."""
    found = kb.load(only_facts=SMALL).graph(between=("2023-06-01", "2024-06-30"))
    states = {
        head: (data["state"], data.get("change_en"))
        for _, head, data in found.edges(data=True)
        if data["kind"] == "requires" and data["version"].startswith("town-2024q1/")
    }
    assert states == {"document:baker_licence": ("changed", "words changed: – → 小麦")}
    assert found.nodes["category:shop-bread"]["state"] == "changed"


def test_changes_of_one_document(tmp_path):
    """Where both texts ask for a document in another way, both uses are `changed`, and the later
    one says what differs; what only one text asks for is added or dropped."""
    facts = tmp_path / "facts"
    shutil.copytree(SMALL, facts)
    text = (SMALL / "town-2020.yaml").read_text(encoding="utf-8").partition("categories:")[0]
    text = text.replace("town-2020", "town-2026").replace("2020-01-01", "2026-01-01")
    (facts / "town-2026.yaml").write_text(
        text
        + """categories:
  - category: shop-pie
    lines: 15-18
    scope:
      - {service: pie, lines: 15}
    requirement:
      lines: 16
      any_of:
        - {document: photo, lines: 17}
        - {document: shop_deed, at_least: 3, lines: 18}
""",
        encoding="utf-8",
    )
    found = kb.load(only_facts=facts).graph(between=("2025-06-30", "2026-06-30"))
    deeds = [
        (data["version"].partition("/")[0], data["state"], data.get("change_zh"))
        for _, head, data in found.edges(data=True)
        if head == "document:shop_deed" and data["kind"] == "requires"
    ]
    assert sorted(deeds) == [
        ("town-2020", "changed", None),
        ("town-2026", "changed", "份数变化: 2 → 3"),
    ]
    labels = [s.label for s in drawing(found, "en").spots if s.key == "document:shop_deed"]
    assert any("count changed: 2 → 3" in " ".join(label.split()) for label in labels)
    letter = [
        data["state"]
        for _, head, data in found.edges(data=True)
        if head == "document:guild_letter" and data["kind"] == "requires"
    ]
    assert letter == ["dropped"]


def later(facts, year):
    """Add a text of the town that asks for water tests in another way, in a later year."""
    text = (SMALL / "town-2020.yaml").read_text(encoding="utf-8").partition("categories:")[0]
    text = text.replace("town-2020", f"town-{year}").replace("2020-01-01", f"{year}-01-01")
    (facts / f"town-{year}.yaml").write_text(
        text
        + f"""categories:
  - category: shop-tea
    lines: 5-9
    scope: [{{service: tea, lines: 5}}]
    requirement: {{document: water_test, holder: partner, at_least: {year - 2020}, lines: 8}}
""",
        encoding="utf-8",
    )


def superseded(graph):
    return sorted(
        (tail.partition(":")[2], head.partition(":")[2])
        for tail, head, data in graph.edges(data=True)
        if data["kind"] == "supersedes" and data["category"] == "category:shop-tea"
    )


def test_a_text_supersedes_the_one_before_it(tmp_path):
    """Of three texts in a row each supersedes the one before it. Where the middle one is not drawn,
    the last supersedes the first; what a draft says supersedes nothing."""
    facts = tmp_path / "facts"
    shutil.copytree(SMALL, facts)
    for year in (2026, 2027, 2028):
        later(facts, year)
    draft = facts / "town-2028.yaml"
    text = draft.read_text(encoding="utf-8")
    draft.write_text(text.replace("standing: in_force", "standing: draft"), encoding="utf-8")
    base = kb.load(only_facts=facts)
    assert superseded(base.graph()) == [("town-2026", "town-2020"), ("town-2027", "town-2026")]
    change = base.graph(between=("2025-06-30", "2027-06-30"))
    assert superseded(change) == [("town-2027", "town-2020")]


def test_english_is_english(tmp_path):
    """What differs is told in each language with the names of that language."""
    facts = tmp_path / "facts"
    shutil.copytree(SMALL, facts)
    later(facts, 2026)
    found = kb.load(only_facts=facts).graph(between=("2025-06-30", "2026-06-30"))
    category = found.nodes["category:shop-tea"]
    assert (
        category["change_zh"]
        == "开放主体变化: 行会 → –; 服务地区变化: 北岸 → –; 不支持的服务变化: 卖毒药 → –"
    )
    assert (
        category["change_en"]
        == "open to other applicants: guild → –; places changed: north shore → –"
        "; services that are not carried changed: poison → –"
    )
    [said] = [
        (data["change_zh"], data["change_en"])
        for _, head, data in found.edges(data=True)
        if head == "document:water_test" and "change_zh" in data
    ]
    assert said == (
        "持有方变化: 主体 → 伙伴; 份数变化: 1 → 6",
        "holder changed: applicant → partner; count changed: 1 → 6",
    )
