"""The catalogue of relations: whole, in three forms, and its page up to date."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import kb
from kb.cli.main import cli

pytestmark = pytest.mark.usefixtures("english")

ROOT = Path(__file__).parent.parent
PAGES = {"en": ROOT / "docs" / "relations.md", "zh": ROOT / "docs" / "relations.zh-CN.md"}


def test_every_relation_is_listed(base: kb.KnowledgeBase) -> None:
    """Every relation of the program stands there once, with as many columns under names of their
    own, and says something in both languages."""
    for lang in ("zh", "en"):
        found = base.relations(lang=lang).relations
        assert sorted(entry.name for entry in found) == sorted(base.program.relations)
        for entry in found:
            names = [column.name for column in entry.columns]
            assert len(set(names)) == len(names) == base.program.relations[entry.name].arity
            assert entry.says, entry.name


def test_who_gives_a_relation(base: kb.KnowledgeBase) -> None:
    """Facts and profiles state relations that have no rules; all others have some, each with the
    line where it stands."""
    for entry in base.relations().relations:
        assert bool(entry.rules) == (entry.given_by == "rules")
        for rule in entry.rules:
            folder = ROOT if rule.span.file.startswith("queries/") else Path(kb.__file__).parents[1]
            lines = (folder / rule.span.file).read_text(encoding="utf-8").splitlines()
            assert lines[rule.span.line - 1].startswith(f"{entry.name}(")


@pytest.mark.parametrize(
    ("name", "written", "says", "given_by"),
    [
        ("need", "need(need, document, holder, count)", "how many of a document", "facts"),
        ("question_day", "question_day(app, day)", "the day that the question is about", "profile"),
        ("required", "required(app, category)", "{app}", "rules"),
        ("alternatives", "alternatives(category, version, alternative, ", "{category}", "rules"),
    ],
)
def test_one_relation(
    base: kb.KnowledgeBase, name: str, written: str, says: str, given_by: str
) -> None:
    """One is found by its name, with named columns, what it says and who gives it."""
    [entry] = base.relations(name, "en").relations
    assert str(entry).startswith(written)
    assert says in entry.says
    assert entry.given_by == given_by


def test_unknown_relation() -> None:
    """A name that is none is refused with near ones."""
    run = CliRunner().invoke(cli, ["relations", "requird"])
    assert isinstance(run.exception, kb.Problems)
    assert str(run.exception) == (
        "error[unknown-relation]: no relation is called `requird`\n"
        "  help: a similar name exists: `required`"
    )


def test_forms(base: kb.KnowledgeBase) -> None:
    """Text, JSON and Markdown say the same of a relation."""
    [entry] = base.relations("required").relations
    run = CliRunner().invoke(cli, ["relations", "required", "--format", "json"])
    [read] = json.loads(run.stdout)["relations"]
    assert read["columns"] == [{"name": n, "kind": n} for n in ("app", "category")]
    assert [(r["file"], r["line"]) for r in read["rules"]] == [
        (rule.span.file, rule.span.line) for rule in entry.rules
    ]
    text = CliRunner().invoke(cli, ["relations", "required"]).stdout
    page = CliRunner().invoke(cli, ["relations", "required", "--format", "markdown"]).stdout
    for rule in entry.rules:
        assert f"{rule.span.file}:{rule.span.line}: {rule}" in text
        assert f"- {rule.span.file}:{rule.span.line}: `{rule}`" in page


@pytest.mark.parametrize("lang", PAGES)
def test_page_is_up_to_date(base: kb.KnowledgeBase, lang: str) -> None:
    """docs/relations.md and its Chinese sister are what `kb relations --format markdown` writes."""
    made = base.relations(lang=lang).markdown() + "\n"
    assert PAGES[lang].read_text(encoding="utf-8") == made, "run `python docs/reference.py`"
