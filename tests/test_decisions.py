"""Every house decision has an id, a section in docs/decisions.md, and a case that shows it."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import kb
from kb.lang.statements import HOUSE, statements

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^### `([a-z][a-z0-9-]*)`\n(.*?)(?=^##|\Z)", re.DOTALL | re.MULTILINE)
SECTIONS = SECTION.findall(PAGE)
NAMED = re.compile(r"#\s*decision: ([a-z][a-z0-9-]*)$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
SHOWN = [
    pytest.param(case, id=f"{name} {number}")
    for name, text in SECTIONS
    for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    for number, case in enumerate(yaml.safe_load(block), 1)
]


def named(*patterns: str) -> set[str]:
    """The ids that files name."""
    files = [path for pattern in patterns for path in (ROOT / "kb").rglob(pattern)]
    return {id for file in files for id in NAMED.findall(file.read_text(encoding="utf-8"))}


@cache
def base_of(facts: str) -> kb.KnowledgeBase:
    """The base of a folder of tests/cases."""
    return kb.load(only_facts=ROOT / "tests" / "cases" / facts, queries=False)


def test_every_decision_has_its_section() -> None:
    """The ids that rules and code name are those of the page, each once."""
    ids = [name for name, _ in SECTIONS]
    assert len(ids) == len(set(ids))
    assert named("*.dl", "*.py") - {"ID"} == set(ids)


def test_rules_cite_their_decision(base: kb.KnowledgeBase) -> None:
    """Each id above a rule is cited by it, and by every rule up to the next empty line."""
    cited = {
        cite.locator
        for rule in base.program.rules
        for cite in rule.sources
        if cite.source == HOUSE and cite.locator
    }
    assert cited == named("*.dl")
    text = "\n".join(
        [
            "# decision: first",
            "a(X) <= category(X)",
            "a(X) <= version(_, X, _)",
            "",
            "b(X) <= a(X)",
        ]
    )
    found = [[cite.locator for cite in each.sources] for each in statements(text, "t.dl", [])]
    assert found == [["first"], ["first"], []]


@pytest.mark.parametrize(("name", "text"), SECTIONS, ids=[name for name, _ in SECTIONS])
def test_a_section_says_why_and_shows_it(name: str, text: str) -> None:
    """A section says what is decided and why, and has a case: one that is run here, or a test."""
    assert re.search(r"^Why: ", text, re.MULTILINE)
    tests = TEST.findall(text)
    assert "```yaml" in text or tests
    for file, test in tests:
        assert f"def {test}" in (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.parametrize(("held", "verdict"), [("水质全单", "satisfied"), ("照片", "missing")])
def test_a_kind_counts_for_the_wider(tmp_path: Path, held: str, verdict: str) -> None:
    """A document in hand does where a wider kind of it is asked for, another document does not."""
    facts = tmp_path / "facts"
    shutil.copytree(ROOT / "tests" / "cases" / "facts-small", facts)
    with (facts / "vocabulary" / "documents.yaml").open("a", encoding="utf-8") as file:
        file.write("  - {id: full_test, zh: 水质全单, en: full test, kind_of: water_test}\n")
    app = {"name": "甲", "services": ["fair"], "holds": [held]}
    assert kb.load(only_facts=facts, queries=False).ask(app, as_of="2021-06-30").verdict == verdict


@pytest.mark.parametrize("case", SHOWN)
def test_case_of_a_decision(base: kb.KnowledgeBase, case: dict[str, Any]) -> None:
    """The case of a section comes out as the page says."""
    asked = base_of(case["facts"]) if "facts" in case else base
    answer = asked.ask(
        {"name": "甲", **case["app"]},
        as_of=case["as_of"],
        include_drafts=case.get("drafts", False),
    ).to_dict()
    assert answer["verdict"] == case["verdict"]
    if "categories" in case:
        assert [entry["category"] for entry in answer["categories"]] == case["categories"]
    if "sources" in case:
        cites = [cite for entry in answer["categories"] for cite in entry["sources"]]
        assert sorted({cite["source"] for cite in cites}) == case["sources"]
    if "obligations" in case:
        assert len(answer["obligations"]) == case["obligations"]
