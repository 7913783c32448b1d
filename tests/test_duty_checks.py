"""Duties and procedures: every unknown name, and every line that is not there, is told."""

import shutil
from pathlib import Path

import pytest

from kb.lang.problems import Problems, width
from kb.maintain.coverage import records_of
from kb.model.facts import read_facts

BASE = Path(__file__).parent / "bad" / "facts" / "base" / "vocabulary"
HEAD = """source:
  {id: notice, zh: 须知, en: notice, publisher: {zh: 镇, en: town}, date: 2024-01-01,
   standing: in_force, jurisdiction: CN, line_count: 9}
"""
GOOD = """ranges: [{id: shops, what: within, zh: 店, en: shops, when: is_enterprise, lines: 1}]
duties:
  - {id: file, zh: 备案, en: file, bearer: owner, before: opening, breach: [closing], lines: 2,
     met_by: [{document: lease, holder: partner}, {practice: has_oven}, {outside: has_oven}]}
prohibitions:
  - {id: books, zh: 书, en: books, bearer: owner, services: [bookshop], practices: has_oven,
     lines: 3}
consequences:
  - {id: warning, kind: grey_list, zh: 警告, en: warning, by: county, lines: 4}
  - {id: closing, kind: shut_down, zh: 关门, en: closing, after: warning, lines: 4}
steps:
  - {id: fill, zh: 填, en: fill, actor: owner, unless: bakes, lines: 5-6,
     needs: [{zh: 证, en: paper, document: lease, when: bakes, lines: 5}],
     checks: [{id: fresh, zh: 新, en: fresh, practice: has_oven, lines: 6}]}
  - {id: send, zh: 交, en: send, actor: owner, after: fill, returns_to: fill, lines: 6}
examinations: [{authority: county, zh: 审, en: reads, materials: plan, lines: 7}]
materials:
  - {id: plan, zh: 图, en: plan, document: lease, lines: 7}
  - {id: page, zh: 页, en: page, part_of: plan, lines: 7}
filers: [{zh: 店主, en: owner, files: owner, answers: [owner], lines: 8}]
gaps: [{zh: 缺, en: gap, lines: 9}]
"""


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "facts"
    shutil.copytree(BASE, made / "vocabulary")
    for file, term in (("actors", "owner"), ("events", "opening")):
        text = f"terms: [{{id: {term}, zh: 甲, en: {term}}}]\n"
        (made / "vocabulary" / f"{file}.yaml").write_text(text, encoding="utf-8")
    return made


def read(folder, text):
    (folder / "notice.yaml").write_text(HEAD + text, encoding="utf-8")
    return read_facts(folder)


def test_good(folder):
    """A notice whose names are all known is read; its records know their lines."""
    base = read(folder, GOOD)
    assert base.warnings == []
    assert list(base.files) == ["notice"]
    assert records_of(base, "notice") == {
        "source": set(),
        "shops": {1},
        "file": {2},
        "books": {3},
        "warning": {4},
        "closing": {4},
        "fill": {5, 6},
        "send": {6},
        "examination-1": {7},
        "plan": {7},
        "page": {7},
        "filer-1": {8},
        "gap-1": {9},
    }


# What is broken, and the name, the kind and the help of the one problem that follows.
NAMES = {
    "when": ("when: is_enterprise", "is_enterprize", "condition", "`is_enterprise`"),
    "unless": ("unless: bakes", "bake", "condition", "`bakes`"),
    "need_when": ("lease, when: bakes", "bake", "condition", "`bakes`"),
    "bearer": ("file, bearer: owner", "ownr", "actor", "`owner`"),
    "actor": ("fill, actor: owner", "ownr", "actor", "`owner`"),
    "files": ("files: owner", "ownr", "actor", "`owner`"),
    "answers": ("answers: [owner", "ownr", "actor", "`owner`"),
    "authority": ("authority: county", "country", "authority", "`county`"),
    "by": ("by: county", "country", "authority", "`county`"),
    "before": ("before: opening", "openin", "event", "`opening`"),
    "document": ("{document: lease", "leaze", "document", "`lease`"),
    "document_of_need": ("en: paper, document: lease", "leaze", "document", "`lease`"),
    "document_of_material": ("en: plan, document: lease", "leaze", "document", "`lease`"),
    "holder": ("holder: partner", "partnr", "holder", "`partner`"),
    "services": ("services: [bookshop", "bokshop", "service", "`bookshop`"),
    "practice": ("{practice: has_oven", "has_ovn", "attribute", "`has_oven`"),
    "practices": ("practices: has_oven", "has_ovn", "attribute", "`has_oven`"),
    "outside": ("outside: has_oven", "has_ovn", "attribute", "`has_oven`"),
    "check": ("fresh, practice: has_oven", "has_ovn", "attribute", "`has_oven`"),
    "breach": ("breach: [closing", "closin", "consequence", "`closing`"),
    "breach_by_a_step": ("breach: [closing", "fill", "consequence", None),
    "after_warning": ("after: warning", "warnin", "consequence", "`warning`"),
    "after": ("after: fill", "fil", "step", "`fill`"),
    "returns_to": ("returns_to: fill", "fil", "step", "`fill`"),
    "materials": ("materials: plan", "plam", "material", "`plan`"),
    "part_of": ("part_of: plan", "plam", "material", "`plan`"),
}


@pytest.mark.parametrize("name", NAMES)
def test_names(folder, name):
    """Each name that is not known is told at its place, with a near one."""
    old, wrong, kind, near = NAMES[name]
    assert GOOD.count(old) == 1
    new = old[: -len(old.split(" ")[-1].lstrip("[{"))] + wrong
    text = GOOD.replace(old, new)
    with pytest.raises(Problems) as caught:
        read(folder, text)
    (problem,) = caught.value.problems
    assert problem.message == f"no {kind} is called `{wrong}`"
    help = f"a similar name exists: {near}" if near else "known: `closing`, `warning`"
    assert problem.help == help
    lines = (HEAD + text).splitlines()
    shown = lines[problem.span.line - 1]
    assert shown[problem.span.column - 1 :].startswith(wrong)
    assert new.split("\n")[0] in shown


FAULTS = {
    "no_flag": (
        ("{practice: has_oven", "{practice: seats"),
        ("seats", "type", "the attribute `seats` can not be answered by yes or no"),
        "name an attribute of type `flag`",
    ),
    "id_twice": (
        ("id: page", "id: file"),
        ("file, zh: 页", "duplicate-id", "`file` stands twice in this source"),
        "give each its own id",
    ),
    "line_of_source": (
        ("en: gap, lines: 9", "en: gap, lines: 10"),
        ("10", "lines", "line 10 is not a line of the source"),
        "the source has lines 1-9",
    ),
    "line_of_step": (
        ("when: bakes, lines: 5", "when: bakes, lines: 4"),
        ("4}],", "lines", "line 4 is not a line of the record"),
        "the record has lines 5-6",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults(folder, name):
    """Each other fault has one message, word for word, and is underlined."""
    (old, new), (marked, code, message), help = FAULTS[name]
    assert GOOD.count(old) == 1
    text = GOOD.replace(old, new)
    with pytest.raises(Problems) as caught:
        read(folder, text)
    lines = (HEAD + text).splitlines()
    (number,) = [n for n, line in enumerate(lines, 1) if new in line and marked in line]
    shown = lines[number - 1]
    at = shown.index(marked)
    under = " " * width(shown[:at]) + "^" * len(marked.rstrip("}],页hz :"))
    assert str(caught.value) == (
        f"facts/notice.yaml:{number}:{at + 1}: error[{code}]: {message}\n"
        f"  {shown}\n  {under}\n  help: {help}"
    )


def test_unread_vocabulary(folder):
    """Where the actors can not be read, no actor is called unknown besides."""
    (folder / "vocabulary" / "actors.yaml").write_text("terms: [{id: a}]\n", encoding="utf-8")
    with pytest.raises(Problems) as caught:
        read(folder, GOOD)
    assert {problem.span.file for problem in caught.value.problems} == {
        "facts/vocabulary/actors.yaml"
    }
