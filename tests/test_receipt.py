"""A receipt holds all that an answer came from: asked again it gives the same bytes, or what has
changed is told."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import kb
from kb.answers import receipt as receipts
from kb.compare.replay import Replay
from kb.maintain.export import RESULT_SCHEMAS

SMALL = Path(__file__).parent / "cases" / "facts-small"
APP = {"name": "甲", "services": ["bread"], "holds": ["面包师证", "铺契"]}
DAY, LATER = "2023-12-31", "2024-06-01"
PROFILE = "name: 甲\nservices: [bread]\nholds: [面包师证, 铺契]\n"


@pytest.fixture(scope="module")
def small() -> kb.KnowledgeBase:
    return kb.load(only_facts=SMALL)


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A folder of facts to change."""
    folder = tmp_path / "facts"
    shutil.copytree(SMALL, folder)
    return folder


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "kb", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False)


def parts(found: Replay) -> list[list[str]]:
    """What has changed, by steps."""
    return [[str(change.part) for change in step.changes] for step in found.steps]


def test_a_receipt_is_asked_again_in_another_process(tmp_path: Path) -> None:
    """The receipt of a second run is the first one's byte for byte, and holds the bytes of the
    answer; the profile itself is needed no more."""
    (tmp_path / "app.yaml").write_text(PROFILE, encoding="utf-8")
    facts = ["--only-facts", str(SMALL)]
    asked = ["ask", "app.yaml", "--as-of", DAY, "--format", "json", *facts]
    first = run(*asked, "--receipt", "one.json", folder=tmp_path)
    (tmp_path / "app.yaml").unlink()
    again = run("replay", "one.json", "-o", "two.json", "--lang", "en", *facts, folder=tmp_path)
    assert (again.returncode, again.stderr) == (0, b"")
    assert again.stdout.decode() == (
        "甲 · 2023-12-31 · ✓ the answer is that of the receipt, byte for byte\n\n"
        "version of the package, facts, rules and sources are the same\n"
    )
    one = (tmp_path / "one.json").read_bytes()
    assert (tmp_path / "two.json").read_bytes() == one
    assert json.loads(one)["answer"] == json.loads(first.stdout)


@pytest.mark.parametrize("drafts", [False, True])
def test_receipts_have_the_shape_of_their_schemas(small: kb.KnowledgeBase, drafts: bool) -> None:
    """A receipt and a replay are what `kb export` says; one that is read is the one written."""
    receipt = small.ask(APP, DAY, include_drafts=drafts, lang="en").receipt()
    found = small.replay(receipt, {**APP, "holds": []}, LATER)
    for name, data in (("receipt", receipt.to_dict()), ("replay", found.to_dict())):
        validator = jsonschema.Draft202012Validator(RESULT_SCHEMAS[f"{name}-schema"])
        assert list(validator.iter_errors(json.loads(json.dumps(data)))) == []
    assert receipt.origin.drafts is drafts
    assert small.replay(receipt).same


def test_another_package_version_is_told(
    small: kb.KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release that gives the same answer is told all the same, and changes nothing."""
    receipt = small.ask(APP, DAY).receipt()
    monkeypatch.setattr(receipts, "__version__", "9.9.9")
    found = small.replay(receipt)
    assert (found.same, found.exit_code, parts(found)) == (True, 0, [["package"]])
    assert found.steps[0].changes[0].now == ("9.9.9",)


def test_changed_facts_are_told_with_what_they_change(
    small: kb.KnowledgeBase, changed: Path
) -> None:
    """A paper that a source now asks for makes the app miss it: the verdict's place is told with
    both values."""
    receipt = small.ask(APP, DAY).receipt()
    file = changed / "town-2020.yaml"
    text = file.read_text(encoding="utf-8")
    old = "- {document: baker_licence, lines: 2}"
    file.write_text(text.replace(old, "- {document: baker_licence, at_least: 2, lines: 2}", 1))
    found = kb.load(only_facts=changed).replay(receipt, lang="en")
    assert (found.same, found.exit_code, parts(found)) == (False, 3, [["facts"]])
    places = {d.place: (d.before, d.now) for d in found.steps[0].differences}
    assert places["verdict",] == ("satisfied", "missing")
    [tree] = (at for at in places if "requirement" in at)
    assert places[tree] == (1, 2)
    assert tree[2:] == ("requirements", "#1", "requirement", "all_of", "baker_licence", "at_least")
    assert "  · verdict: satisfied → missing\n" in str(found)


def test_changed_days_of_sources_are_told(small: kb.KnowledgeBase, changed: Path) -> None:
    """A source that begins later is told with its days then and now."""
    receipt = small.ask(APP, DAY).receipt()
    file = changed / "town-2020.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("begins: {date: 2020-01-01}", "begins: {date: 2020-02-01}", 1))
    found = kb.load(only_facts=changed).replay(receipt)
    assert parts(found) == [["facts", "sources"]]
    sources = found.steps[0].changes[1]
    assert sources.before == ("town-2020 (in_force, date 2020-01-01, begins 2020-01-01)",)
    assert sources.now == ("town-2020 (in_force, date 2020-01-01, begins 2020-02-01)",)


def test_rules_of_ones_own_are_told(small: kb.KnowledgeBase) -> None:
    """Another rule gives another hash of the rules, and no other of the facts."""
    receipt = small.ask(APP, DAY).receipt()
    found = small.rules("mine(A) <= app_verdict(A, 'satisfied')").replay(receipt)
    assert (found.same, parts(found)) == (True, [["rules"]])


def test_another_profile_and_day_are_told_apart(small: kb.KnowledgeBase) -> None:
    """What a profile changes and what a day changes are two steps, each with its differences."""
    receipt = small.ask(APP, DAY).receipt()
    found = small.replay(receipt, {**APP, "holds": ["面包师证"]}, LATER, lang="en")
    assert parts(found) == [[], ["profile"], ["day"]]
    changes = found.steps[1].changes
    gone = 'holds: {"document": "shop_deed", "count": 1}'
    assert [(c.before, c.now) for c in changes] == [((gone,), ())]
    none, profile, day = (step.differences for step in found.steps)
    assert none == ()
    assert ("verdict",) in {d.place for d in profile}
    assert [(d.before, d.now) for d in day if d.place == ("as_of",)] == [(DAY, LATER)]
    assert found.answer == small.ask({**APP, "holds": ["面包师证"]}, LATER)


def test_a_receipt_that_was_edited_is_told(small: kb.KnowledgeBase, tmp_path: Path) -> None:
    """A verdict that was written into a receipt by hand passes for nothing that the base said."""
    file = tmp_path / "r.json"
    small.ask({**APP, "holds": []}, DAY).receipt().write(file)
    text = file.read_text(encoding="utf-8")
    edited = text.replace('"verdict": "missing"', '"verdict": "satisfied"', 1)
    file.write_text(edited, encoding="utf-8")
    found = small.replay(file, lang="en")
    assert (found.receipt.whole, found.same, parts(found)) == (False, False, [[]])
    assert str(found).splitlines()[:2] == [
        "甲 · 2023-12-31 · ✗ the answer is not that of the receipt",
        "  ? the receipt was changed after it was written: its hash does not fit",
    ]


BAD = {
    b"": "holds no receipt",
    b"[1]": "holds no receipt",
    b"[" * 100_000: "holds no receipt",
    b'{"format": "kb-receipt", "version": 2}': "is a receipt of version 2",
    b'{"format": "kb-receipt", "version": 1}': (
        "is damaged: its `package` is missing, or of another kind"
    ),
}


@pytest.mark.parametrize("content", BAD, ids=["empty", "list", "deep", "newer", "cut"])
def test_what_is_no_receipt_is_refused(
    small: kb.KnowledgeBase, tmp_path: Path, content: bytes
) -> None:
    """Each file that can not be asked again is refused with what is wrong with it."""
    file = tmp_path / "r.json"
    file.write_bytes(content)
    with pytest.raises(kb.Problems) as refused:
        small.replay(file)
    assert refused.value.problems[0].message == f"`{file}` {BAD[content]}"


def test_a_file_of_others_is_not_written_over(small: kb.KnowledgeBase, tmp_path: Path) -> None:
    """A receipt takes the place of a receipt, and of no other file."""
    receipt = small.ask(APP, DAY).receipt()
    file = tmp_path / "notes.json"
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(kb.Problems) as refused:
        receipt.write(file)
    message = f"`{file}` is there already and holds no receipt"
    assert refused.value.problems[0].message == message
    assert file.read_text(encoding="utf-8") == "{}"
    for _ in range(2):
        receipt.write(tmp_path / "new.json")
