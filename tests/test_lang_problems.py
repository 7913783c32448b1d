"""Every problem that a rule file can have, by its whole message."""

import ast
import re
import unicodedata
from pathlib import Path

import pytest

import kb.lang
from kb.lang.checks import check
from kb.lang.parser import parse
from kb.lang.problems import Problem, Problems, near, width
from kb.lang.syntax import Column, Relation, Span

RULES = Path(__file__).parent / "bad" / "rules"


def _relation(role, name, *columns):
    parts = [column.partition(":") for column in columns]
    return Relation(name, tuple(Column(a, b or a) for a, _, b in parts), role)


DECLARED = {
    relation.name: relation
    for relation in (
        _relation("fact", "scope", "service"),
        _relation("fact", "required", "service", "document:document"),
        _relation("fact", "count", "service", "amount:number"),
        _relation("fact", "begins", "service", "from:day"),
        _relation("app", "app_wants", "app", "service"),
    )
}
NAMES = {"document": {"驾照", "学车证", "道路运输许可证"}}


def told(text, name):
    """What is said of a text: its errors, or the warnings of one that may run."""
    try:
        rules = parse(text, name).rules
        goals = ["answer"] if any(rule.head.relation == "answer" for rule in rules) else []
        _, warnings = check(rules, DECLARED, NAMES, goals)
    except Problems as problems:
        return str(problems)
    return str(Problems(warnings))


@pytest.mark.parametrize("path", sorted(RULES.glob("*.dl")), ids=lambda path: path.stem)
def test_a_bad_file_is_told_in_these_words(path):
    """The message of a bad file, with its place, underline and help, is the text beside it."""
    wanted = path.with_suffix(".txt").read_text(encoding="utf-8")
    assert told(path.read_text(encoding="utf-8"), path.name) + "\n" == wanted


def test_every_kind_of_problem_has_a_bad_file():
    """Each code that the language gives a problem stands in some expected message."""
    codes = {
        node.args[0].value
        for path in Path(kb.lang.__path__[0]).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in ("Problem", "refuse")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    texts = "".join(path.read_text(encoding="utf-8") for path in RULES.glob("*.txt"))
    told_of = set(re.findall(r"^\S+: (?:error|warning)\[([\w-]+)\]: ", texts, re.MULTILINE))
    # Which values a column can hold is known of a whole base: see `tests/test_findings.py`.
    assert codes - {"no-such-value"} == told_of
    assert len(codes) >= 13


def test_the_mark_stands_under_what_is_meant():
    """Read cell by cell, with wide characters as two, the carets stand under the span's text."""
    for path in sorted(RULES.glob("*.dl")):
        try:
            check(parse(path.read_text(encoding="utf-8"), path.name).rules, DECLARED, NAMES)
        except Problems as found:
            for problem in found.problems:
                _, shown, marks, *_ = str(problem).splitlines()
                cells = "".join(
                    c * (2 if unicodedata.east_asian_width(c) in "WF" else 1) for c in shown
                )
                under = "".join(c for c, mark in zip(cells, marks, strict=False) if mark == "^")
                span = problem.span
                meant = span.text[span.column - 1 : span.end - 1]
                assert under.startswith(meant[:1])
                assert under.endswith(meant[-1:])
                assert marks.strip() == "^" * max(1, width(meant))


@pytest.mark.parametrize(
    ("text", "message", "shown", "marks"),
    [
        (
            "p(X) <= required(X, '驾\x00照')",
            "1:1: error[syntax]: the text holds a NUL character",
            "p(X) <= required(X, '驾\x00照')",
            "^" * 28,
        ),
        (
            "p(X) <= " + "~" * 20_000 + "scope(X)",
            "1:1: error[syntax]: the statement is nested too deeply",
            "p(X) <= " + "~" * 20_000 + "scope(X)",
            "^" * 20_016,
        ),
    ],
    ids=["nul", "deep"],
)
def test_a_text_that_no_file_should_hold_is_told_in_these_words(text, message, shown, marks):
    """A NUL character and a nesting too deep to read are told with their place."""
    assert told(text, "f") == f"f:{message}\n  {shown}\n  {marks}"


def test_half_a_character_is_a_problem():
    """A lone surrogate in the text itself is told as a problem, not as an error of the codec."""
    with pytest.raises(Problems) as found:
        parse("p(X) <= required(X, '\ud800')", "f")
    assert [problem.span.line for problem in found.value.problems] == [1]


def test_a_wide_indent_does_not_move_the_mark():
    """After an ideographic space and Chinese text the caret stands under the very character."""
    text = "\u3000p(X) <= required(X, '驾照') & scope(x)"
    assert told(text, "f") == (
        "f:1:36: error[syntax]: `x` is neither a variable nor a string\n"
        f"  {text}\n"
        f"  {' ' * 38}^\n"
        "  help: a variable starts with a capital letter; a name is `'x'`"
    )


@pytest.mark.parametrize(
    "text", ["('驾照' == 0)", "(0 != '驾照')", "('0' == 0)", "(0 < '驾照')", "('驾照' >= 0)"]
)
def test_a_name_and_a_number_can_not_be_compared(text):
    """A comparison of a name with a number is a problem when both are written down, too."""
    with pytest.raises(Problems) as found:
        check(parse(f"p(X) <= scope(X) & {text}").rules, DECLARED)
    assert {problem.code for problem in found.value.problems} <= {"kind", "order"}


def test_names_are_not_held_against_another_kind():
    """A constant is looked up among the names of its own kind only."""
    _, warnings = check(parse("p(X) <= required('驾照', X)").rules, DECLARED, NAMES)
    assert warnings == ()


def test_warnings_alone_do_not_stop_a_program():
    """A program with warnings and no error is given back together with them."""
    program, warnings = check(parse("p(X) <= required(X, D)").rules, DECLARED)
    assert [rule.head.relation for rule in program.rules] == ["p"]
    assert [(w.code, w.severity) for w in warnings] == [("once", "warning")]


def test_nothing_is_unused_when_nobody_asks():
    """Without goals no rule is called unused."""
    text = "answer(X) <= scope(X)\nspare(X) <= required(X, '驾照')"
    assert check(parse(text).rules, DECLARED)[1] == ()
    assert [w.code for w in check(parse(text).rules, DECLARED, {}, ["answer"])[1]] == ["unused"]


def test_problems_stand_in_the_order_of_the_text():
    """Problems are sorted by line and column, whichever check found them."""
    text = (RULES / "many_checked.dl").read_text(encoding="utf-8")
    with pytest.raises(Problems) as found:
        check(parse(text).rules, DECLARED, NAMES)
    places = [(p.span.line, p.span.column) for p in found.value.problems]
    assert places == sorted(places)
    assert len(places) > 10


@pytest.mark.parametrize(
    ("word", "known", "help"),
    [
        ("requred", ["required", "scope"], "a similar name exists: `required`"),
        ("reqiured", ["required"], "a similar name exists: `required`"),
        (
            "abcd",
            ["abxy", "abcx", "abce", "abcf", "zzzz"],
            "similar names exist: `abce`, `abcf`, `abcx`",
        ),
        ("need", ["alternative_needs", "zebra"], "a similar name exists: `alternative_needs`"),
        ("营业执造", ["营业执照", "身份证"], "a similar name exists: `营业执照`"),
        ("x", ["ab", "cd"], "known: `ab`, `cd`"),
        ("nosuch", ["s", "zz"], "known: `s`, `zz`"),
        ("zzzzzz", [], "none is known here"),
        (
            "zzzzzz",
            [f"name{n:02}" for n in range(14)],
            "known: " + ", ".join(f"`name{n:02}`" for n in range(12)) + " and 2 more",
        ),
    ],
)
def test_help_names_what_is_near_or_known(word, known, help):
    """Help gives the names within two edits, nearest first, or what holds the word, or all."""
    assert near(word, known) == help


@pytest.mark.parametrize(
    ("text", "cells"), [("abc", 3), ("驾照", 4), ("（a）", 5), ("‘é’", 3), ("", 0)]
)
def test_wide_characters_fill_two_cells(text, cells):
    """Chinese and full-width characters count two, all others one."""
    assert width(text) == cells


@pytest.mark.parametrize(
    ("span", "first"),
    [
        (Span("f", 3, 2, 4, "abcd"), "f:3:2: error[c]: m"),
        (Span("f", 0, 0, 0), "f: error[c]: m"),
        (Span("", 0, 0, 0), "error[c]: m"),
    ],
)
def test_a_place_is_told_as_far_as_it_is_known(span, first):
    """A problem names file, line and column, or the file alone, or neither."""
    assert str(Problem("c", "m", span)).splitlines()[0] == first


def test_problems_without_end_are_counted():
    """A message words a hundred problems and says how many there are besides; all are kept."""
    many = Problems(Problem("type", f"fault {n:03}") for n in range(130))
    lines = str(many).splitlines()
    assert len(many.problems) == 130
    assert lines[-2:] == ["error[type]: fault 099", "and 30 problems more"]
