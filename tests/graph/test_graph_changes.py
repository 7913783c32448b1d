"""The difference between two days as a graph: what is said of one document."""

import shutil
from pathlib import Path

import kb
from kb.graph.drawing import drawing

SMALL = Path(__file__).parents[1] / "cases" / "facts-small"


def test_what_both_texts_ask_for_in_other_words():
    """A document that must now contain other words is `changed` and says so; so is its category."""
    found = kb.load(SMALL).graph(between=("2023-06-01", "2024-06-30"))
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
    found = kb.load(facts).graph(between=("2025-06-30", "2026-06-30"))
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
