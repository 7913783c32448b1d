"""Coverage: every line of every source is accounted for, and a gap or a false claim is named."""

import contextlib
import json
import shutil
import sys
from pathlib import Path

import pytest
from commands import kb_here

import kb
from kb.cli.main import main
from kb.lang.problems import Problems
from kb.maintain.coverage import Counted, coverage_of
from kb.maintain.lint import check_base
from kb.model.facts import read_facts

pytestmark = pytest.mark.usefixtures("english")

BASE = Path(__file__).parent / "bad" / "facts" / "base"
STARTER = Path(kb.__file__).parent / "maintain" / "example"
SOURCES = Path(__file__).resolve().parents[2] / "shared" / "sources"
GOOD = """sources:
  town-2024:
    - {lines: 1-6, records: [shop-food]}
    - {lines: 7-9, records: [shop-books]}
    - {lines: 10-11, none: 空行}
    - {lines: '12', records: [source]}
"""


@pytest.fixture
def folder(tmp_path):
    """A folder of good facts, to be broken."""
    return Path(shutil.copytree(BASE, tmp_path / "facts"))


def told(folder, text, sources=None):
    """What is said of a coverage."""
    (folder / "coverage.yaml").write_text(text, encoding="utf-8")
    return list(map(str, coverage_of(read_facts(folder), sources).problems))


def test_shipped(base):
    """Every line of every shipped source is stated by a record or said to state no rule, every
    record's lines are claimed, and where the texts are at hand they have those lines."""
    report = coverage_of(base.facts, SOURCES if SOURCES.is_dir() else None)
    assert [str(problem) for problem in report.problems] == []
    assert set(report.counts) == set(base.facts.sources)
    for source, counted in report.counts.items():
        assert counted.lines == base.facts.sources[source].line_count
        assert counted.stated + counted.no_rule == counted.lines


def test_good(folder):
    """A whole coverage has no problems; its counts add up to the source's lines."""
    assert told(folder, GOOD) == []
    report = coverage_of(read_facts(folder))
    assert report.counts == {"town-2024": Counted(stated=10, no_rule=2, lines=12)}
    assert report.to_dict() == {
        "sources": {"town-2024": {"stated": 10, "no_rule": 2, "lines": 12}},
        "problems": [],
    }


def test_texts_of_ones_own_alone(folder, tmp_path):
    """Whoever lays facts on others' needs the texts of their own sources, and those alone; each has
    the lines that the facts say."""
    (folder / "coverage.yaml").write_text(GOOD, encoding="utf-8")
    own, texts = tmp_path / "own", tmp_path / "texts"
    texts.mkdir()
    own.mkdir()
    made_up = (folder / "town-2024.yaml").read_text(encoding="utf-8").partition("categories:")[0]
    stated = made_up.replace("town-2024", "hamlet-2024") + "categories: []\n"
    (own / "hamlet-2024.yaml").write_text(stated, encoding="utf-8")
    covered = """sources:
  hamlet-2024:
    - {lines: 1-11, none: 没有规则}
    - {lines: '12', records: [source]}
"""
    (own / "coverage.yaml").write_text(covered, encoding="utf-8")
    facts = read_facts(folder, own)
    with pytest.raises(Problems, match="no text of `hamlet-2024`"):
        coverage_of(facts, texts)
    (texts / "hamlet-2024.txt").write_text("a\n" * 11, encoding="utf-8")
    assert [str(problem) for problem in coverage_of(facts, texts).problems] == [
        f"{texts}/hamlet-2024.txt: error[lines]: the text of `hamlet-2024` has 11 lines, "
        "the facts say 12"
    ]
    (texts / "hamlet-2024.txt").write_text("a\n" * 12, encoding="utf-8")
    assert coverage_of(facts, texts).problems == ()


AT = "facts/coverage.yaml"
FAULTS = {
    "line_left_out": (
        ("10-11, none", "'10', none"),
        [
            f"{AT}: error[uncovered]: `town-2024` lines 11 are covered by nothing\n"
            "  help: name the records that state them, or say why they state no rule"
        ],
    ),
    "source_left_out": (
        (GOOD, "sources: {}\n"),
        [
            f"{AT}: error[uncovered]: `town-2024` lines 1-12 are covered by nothing\n"
            "  help: name the records that state them, or say why they state no rule",
            f"{AT}: error[unclaimed]: `source` cites lines 12 of `town-2024`, the coverage does "
            "not say so",
            f"{AT}: error[unclaimed]: `shop-food` cites lines 1-6 of `town-2024`, the coverage "
            "does not say so",
            f"{AT}: error[unclaimed]: `shop-books` cites lines 7-9 of `town-2024`, the coverage "
            "does not say so",
        ],
    ),
    "both_ways": (
        ("lines: 10-11", "lines: 9-11"),
        [f"{AT}: error[both]: `town-2024` lines 9 both state a rule and do not"],
    ),
    "not_claimed": (
        ("records: [shop-books]", "none: 图书"),
        [
            f"{AT}: error[unclaimed]: `shop-books` cites lines 7-9 of `town-2024`, the coverage "
            "does not say so"
        ],
    ),
    "not_cited": (
        ("1-6, records: [shop-food]", "1-6, records: [shop-food, shop-books]"),
        [
            f"{AT}: error[uncited]: `shop-books` does not cite lines 1-6 of `town-2024`, the "
            "coverage says so"
        ],
    ),
    "beyond_the_source": (
        ("lines: '12'", "lines: 12-13"),
        [
            f"{AT}:6:15: error[lines]: `town-2024` has 12 lines, no line 13\n"
            "      - {lines: 12-13, records: [source]}\n                ^^^^^"
        ],
    ),
    "unknown_record": (
        ("records: [source]", "records: [source, shop-book]"),
        [
            f"{AT}:6:30: error[unknown-id]: `town-2024` has no record `shop-book`\n"
            "      - {lines: '12', records: [source, shop-book]}\n"
            "                               ^^^^^^^\n"
            "  help: similar names exist: `shop-books`, `shop-food`"
        ],
    ),
    "unknown_source": (
        ("sources:\n", "sources:\n  town-2025: []\n"),
        [
            f"{AT}:2:3: error[unknown-id]: no source is called `town-2025`\n"
            "    town-2025: []\n    ^^^^^^^^^\n  help: a similar name exists: `town-2024`"
        ],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults(folder, name):
    """Each fault of a coverage is named, word for word, and no other."""
    (old, new), messages = FAULTS[name]
    assert old in GOOD
    assert told(folder, GOOD.replace(old, new)) == messages


UNREADABLE = {
    "neither": ("none: 空行", "lines: '10'", "duplicate-key"),
    "nothing": (", none: 空行", "", "value"),
    "both": ("none: 空行", "none: 空行, records: [source]", "value"),
    "key": ("none: 空行", "why: 空行", "unknown-key"),
    "lines": ("lines: 10-11", "lines: ten", "value"),
    "shape": (GOOD, "sources: [a]\n", "type"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable(folder, name):
    """A coverage of the wrong shape is refused in its place."""
    old, new, code = UNREADABLE[name]
    with pytest.raises(Problems) as caught:
        told(folder, GOOD.replace(old, new))
    assert code in [problem.code for problem in caught.value.problems]
    assert {problem.span.file for problem in caught.value.problems} == {AT}


def test_no_coverage(folder):
    """A folder without a coverage says so."""
    (folder / "coverage.yaml").unlink()
    with pytest.raises(Problems) as caught:
        coverage_of(read_facts(folder))
    assert str(caught.value) == (
        f"{AT}: error[no-file]: the file can not be read: no such file or directory\n"
        "  help: check the name"
    )


def test_texts(folder, tmp_path):
    """A text with more or fewer lines than the facts say is named; a missing one as well."""
    texts = tmp_path / "texts"
    texts.mkdir()
    with pytest.raises(Problems) as caught:
        told(folder, GOOD, texts)
    assert str(caught.value) == (
        f"error[no-file]: no text of `town-2024` in `{texts}`\n"
        "  help: it is looked for as `town-2024.txt`"
    )
    path = texts / "town-2024.txt"
    path.write_text("行\n" * 12, encoding="utf-8")
    assert told(folder, GOOD, texts) == []
    path.write_text("行\n" * 11, encoding="utf-8")
    assert told(folder, GOOD, texts) == [
        f"{path}: error[lines]: the text of `town-2024` has 11 lines, the facts say 12"
    ]


def test_text_that_is_not_utf_8(folder, tmp_path):
    """A text that is not UTF-8 is a problem, not a crash."""
    (tmp_path / "town-2024.txt").write_bytes(b"\xb0\xa1\n" * 12)
    with contextlib.suppress(Problems):
        assert told(folder, GOOD, tmp_path)


def run(capsys, monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["kb", "coverage", *map(str, arguments)])
    with pytest.raises(SystemExit) as exit:
        main()
    return exit.value.code, *capsys.readouterr()


def test_command(folder, capsys, monkeypatch):
    """`kb coverage` gives the counts; with a fault also the problems, and exit code 2."""
    counts = "town-2024: 12 lines, 10 stated by records, 2 state no rule\n"
    assert run(capsys, monkeypatch, "--only-facts", folder) == (0, counts, "")
    broken = GOOD.replace("lines: 10-11", "lines: 9-11")
    (folder / "coverage.yaml").write_text(broken, encoding="utf-8")
    code, out, err = run(capsys, monkeypatch, "--only-facts", folder)
    assert (code, err) == (2, FAULTS["both_ways"][1][0] + "\n")
    code, out, err = run(capsys, monkeypatch, "--only-facts", folder, "--format", "json")
    assert (code, err) == (2, "")
    assert [problem["code"] for problem in json.loads(out)["problems"]] == ["both"]


def checked(folder):
    """What `kb check` tells of the coverage of a folder that is laid on the good facts."""
    base = kb.load(folder)
    found = check_base(base, "en", folders=[folder])
    return [str(problem) for problem in found if "coverage" in problem.span.file]


UNCOVERED = (
    "are covered by nothing\n"
    "  help: name the records that state them, or say why they state no rule"
)


def test_checked_without_the_text(tmp_path):
    """`kb check` finds what a coverage leaves out or claims wrongly, in the words of `kb coverage`
    and without the text; in a folder that keeps none, nothing is missing."""
    folder = Path(shutil.copytree(STARTER, tmp_path / "own"))
    file, at = folder / "coverage.yaml", "own/coverage.yaml"
    assert checked(folder) == []
    good = file.read_text(encoding="utf-8")
    for old in ("    - {lines: 1, none: 标题}\n", "lines: 3, records: [example-tea-stall]"):
        assert old in good
    wrong = good.replace("    - {lines: 1, none: 标题}\n", "")
    wrong = wrong.replace(old, "lines: 3-9, records: [example-tea-stalls]")
    file.write_text(wrong, encoding="utf-8")
    found = checked(folder)
    assert [each.splitlines()[0] for each in found] == [
        f"{at}:8:15: error[lines]: `example-2025` has 5 lines, no line 6",
        f"{at}:8:29: error[unknown-id]: `example-2025` has no record `example-tea-stalls`",
        f"{at}: error[uncovered]: `example-2025` lines 1 are covered by nothing",
        f"{at}: error[unclaimed]: `example-tea-stall` cites lines 3 of `example-2025`, the "
        "coverage does not say so",
    ]
    assert found == [str(problem) for problem in kb.load(folder).coverage().problems]
    file.write_text("sources: {}\n", encoding="utf-8")
    assert f"{at}: error[uncovered]: `example-2025` lines 1-5 {UNCOVERED}" in checked(folder)
    file.unlink()
    assert checked(folder) == []


@pytest.mark.parametrize(
    ("lang", "told"), [("en", "queries: 1 error, 0 warnings"), ("zh", "查询: 1 个错误,0 个警告")]
)
def test_errors_are_counted(tmp_path, lang, told):
    """`kb check` counts errors beside warnings, and exits with 2."""
    folder = Path(shutil.copytree(STARTER, tmp_path / "own"))
    file = folder / "coverage.yaml"
    good = file.read_text(encoding="utf-8")
    file.write_text(good.replace("    - {lines: 1, none: 标题}\n", ""), encoding="utf-8")
    done = kb_here("check", folder, "--lang", lang)
    assert done.returncode == 2
    assert done.stdout.splitlines()[-1].endswith(told)
