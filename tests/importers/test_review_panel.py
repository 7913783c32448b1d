"""The panel for review: its widgets, worked without a browser."""

import json

import pytest

from kb.importers.output import REVIEW, read_rows
from kb.model.yamlread import read_file

from .test_import import TABLE, imported

pytest.importorskip("ipywidgets")

from kb.widgets.review import review


@pytest.fixture
def folder(tmp_path):
    """An import of a small table with two distinct cells of papers."""
    file = tmp_path / "t.csv"
    file.write_text(TABLE, "utf-8")
    imported(tmp_path / "out", file)
    return tmp_path / "out"


def kept(folder):
    """The decisions that the folder keeps."""
    decisions = json.loads((folder / REVIEW).read_text("utf-8"))
    return sorted(each["decision"] for each in decisions.values())


def test_a_card_shows_coloured_text_beside_the_tree(folder):
    """Every character of the cell is shown in the colour of its role, beside what was read."""
    panel = review(folder, lang="en").panel
    assert 'title="name"' in panel.text.value
    for told in (
        "any one of (2 choices stated)",
        "minimal alternatives: 2",
        "乙许可证: new",
        "also needs: 商家自营-图书 ← 图书销售",
        "added: 教育-驾校",
    ):
        assert told in panel.tree.value  # fmt: skip
    assert panel.place.value.startswith("<b>1 / 2</b>")
    assert panel.place.value.endswith("2 left to decide")


def test_decisions_are_kept_and_written(folder):
    """A cell is accepted, the other put off and then rejected; the draft follows."""
    panel = review(folder, lang="en").panel
    panel.buttons["accept"].click()
    assert panel.at == 1
    panel.buttons["later"].click()
    assert kept(folder) == ["accept", "later"]
    panel.buttons["reject"].click()
    panel.buttons["apply"].click()
    assert panel.said.value == "draft; 0 left to decide"
    facts = read_file(folder / "facts/t.yaml").data
    assert [v for v in facts["categories"] if v.get("unclear", [{}])[0].get("id") == "rejected"]


def test_an_edit_is_checked_before_it_is_kept(folder):
    """An edit that names no known document is told and not kept; a right one is in force."""
    panel = review(folder, lang="en").panel
    panel.buttons["edit"].click()
    assert panel.editing.layout.display == ""
    for text, told in (
        ("document: nothing_known", "no document is called `nothing_known`"),
        ("{document: business_licence, holder: ghost}", "no holder is called `ghost`"),
        ("{document: business_licence, when: never}", "no condition is called `never`"),
        ("{document: business_licence, unclear: x}", "no open passage of this cell has the id `x`"),
        ("{document: business_licence, most: 1}", "unknown key `most`"),
        ("all_of: []", "a choice or a list of documents can not be empty"),
    ):
        panel.editor.value = text
        panel.buttons["save"].click()
        assert told in panel.said.value
    assert not (folder / REVIEW).is_file()
    panel.editor.value = "document: business_licence"
    panel.buttons["save"].click()
    panel.buttons["accept"].click()
    panel.buttons["apply"].click()
    assert kept(folder) == ["accept", "edit"]
    facts = read_file(folder / "facts/t.yaml").data
    assert facts["source"]["standing"] == "in_force"
    assert {"document": "business_licence"} in [v.get("requirement") for v in facts["categories"]]
    assert len(read_rows(folder)[0]) == 3


def test_moving_stops_at_the_ends(folder):
    """There is no card before the first and none behind the last."""
    panel = review(folder).panel
    panel.buttons["previous"].click()
    assert panel.at == 0
    for _ in range(3):
        panel.buttons["next"].click()
    assert panel.at == 1
