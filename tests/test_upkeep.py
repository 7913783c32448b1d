"""What `kb check` finds: each kind of doubtful fact, made by one change to facts that are in order,
and nothing in those that are shipped."""

import shutil
from pathlib import Path

import pytest

import kb
from kb.lang.problems import Problems

FACTS = Path(__file__).parent.parent / "facts"
GUIDE = "wechat-education-2021.yaml"
CONDITION = "  - {id: never, zh: 甲, en: a, tests: [TESTS]}\n"
SCHOOL = "when: is_private_school, lines: 10"


def term(line):
    """A change that adds a term to a vocabulary."""
    return "terms:\n", f"terms:\n{line}"


def never(tests):
    """A condition that nothing can meet."""
    return "vocabulary/conditions.yaml", *term(CONDITION.replace("TESTS", tests))


PUBLIC_AND_PRIVATE = never(
    "{attribute: applicant, any_of: public_school}, {attribute: applicant, any_of: private_school}"
)
AFTER_AND_BEFORE = never(
    "{attribute: account_opened, since: 2020-01-01}, {attribute: account_opened, until: 2019-01-01}"
)
TWICE = "  - {id: twice, zh: NAME, en: second}\n"


def twice(name):
    """The cooperation agreement under a second id."""
    return [
        ("vocabulary/documents.yaml", *term(TWICE.replace("NAME", name))),
        (GUIDE, "document: cooperation_agreement", "document: twice"),
    ]


FOUND = {
    "stated count": ([(GUIDE, "stated: 2", "stated: 3")], "stated"),
    "one document under two ids": (twice("《合作 协议》"), "shared-name"),
    "two ids apart in width alone": (twice("ＩＣＰ备案"), "shared-name"),
    "document that nothing asks for": (
        [("vocabulary/documents.yaml", *term(TWICE.replace("NAME", "甲乙")))],
        "unused-document",
    ),
    "service that leads nowhere": (
        [("vocabulary/services.yaml", *term(TWICE.replace("NAME", "甲乙")))],
        "unused-service",
    ),
    "choice for two kinds of applicant": (
        [PUBLIC_AND_PRIVATE, (GUIDE, SCHOOL, "when: never, lines: 10")],
        "never-usable",
    ),
    "choice for days that exclude each other": (
        [AFTER_AND_BEFORE, (GUIDE, SCHOOL, "when: never, lines: 10")],
        "never-usable",
    ),
    "choice for others than the category is open to": (
        [
            (
                GUIDE,
                "    lines: 7-11\n",
                "    lines: 7-11\n    open_to: overseas_enterprise\n    open_to_lines: 7\n",
            )
        ],
        "never-usable",
    ),
    "category whose service nobody offers": (
        [
            PUBLIC_AND_PRIVATE,
            *(
                (GUIDE, f"service: {service},", f"service: {service}, when: never,")
                for service in ("education_information", "exam_score_lookup")
            ),
        ],
        "unreachable",
    ),
    "category without a service": (
        [("vocabulary/categories.yaml", *term("  - {id: it-a, group: it, zh: 甲, en: a}\n"))],
        "unreachable",
    ),
}


def changed(tmp_path, edits):
    """The shipped facts without the tables of 2026-02, which are most of them, with some passages
    replaced."""
    folder = tmp_path / "facts"
    shutil.copytree(FACTS, folder, ignore=shutil.ignore_patterns("wechat-table-*"))
    for name, old, new in edits:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def warnings(base):
    return {(p.code, p.message) for p in base.check() if p.severity == "warning"}


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """What is found without a change: what only the tables that are left out use."""
    return warnings(kb.load(only_facts=changed(tmp_path_factory.mktemp("before"), [])))


@pytest.mark.parametrize("name", FOUND)
def test_found(tmp_path, before, name):
    """Each doubt is found where it was made, as a warning of its kind and no other."""
    edits, code = FOUND[name]
    found = warnings(kb.load(only_facts=changed(tmp_path, edits)))
    assert {code for code, _ in found - before} == {code}


def test_shipped(base):
    """The shipped facts raise no doubt; circles of notes, and applicants for whom a source names no
    alternative, are told, and legal."""
    found = base.check()
    assert {p.severity for p in found} == {"note"}
    assert {p.code for p in found} == {"circle", "no-alternative"}
    messages = [p.message for p in found]
    assert any("`medical-home-care` -> `medical-visit`" in message for message in messages)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("service: driving_school_platform", "service: driving_school_platforms", "unknown-id"),
        ("document: cooperation_agreement", "document: cooperation_agreements", "unknown-id"),
        ("when: is_public_school", "when: is_public_scool", "unknown-id"),
        ("    lines: 12-14", "    lines: 12-54", "lines"),
        (
            "  begins: {date: 2021-12-03}",
            "  begins: {date: 2021-12-03}\n  ends: {date: 2020-12-03}",
            "value",
        ),
    ],
)
def test_dangling(tmp_path, old, new, code):
    """What leads to nothing, and a text that ends before it begins, is an error."""
    with pytest.raises(Problems) as refused:
        kb.load(only_facts=changed(tmp_path, [(GUIDE, old, new)]))
    assert {problem.code for problem in refused.value.problems} == {code}
