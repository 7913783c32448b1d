"""Reading rules: what is written is what is read, and nothing is ever run."""

from __future__ import annotations

import contextlib
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_engine_programs import SETTINGS

from kb.lang.checks import check
from kb.lang.parser import parse, parse_goal
from kb.lang.problems import Problems
from kb.lang.statements import parse_lines
from kb.lang.syntax import (
    Atom,
    Cite,
    Comparison,
    Constant,
    Negation,
    Program,
    Rule,
    Variable,
)
from kb.lang.terms import LARGEST

AWKWARD = "'\"\\\n\r\t\x00\x0b\x0c\x1c\x85\u2028\u2029\ufeff#(){}驾照😀x"
STRINGS = st.text(st.sampled_from(AWKWARD)) | st.text()
TERMS = (
    st.builds(Constant, STRINGS)
    | st.builds(Constant, st.integers(-LARGEST, LARGEST))
    | st.builds(Variable, st.sampled_from(["X", "Long_name2", "Ä", "_"]))
)
ATOMS = st.builds(
    Atom, st.sampled_from(["p", "in_scope", "类别", "é1"]), st.lists(TERMS, max_size=3).map(tuple)
)
LITERALS = (
    ATOMS
    | st.builds(Negation, ATOMS)
    | st.builds(Comparison, TERMS, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), TERMS)
)
RULES = st.builds(Rule, ATOMS, st.lists(LITERALS, max_size=4).map(tuple))


def numbered(rule):
    """The rule with its anonymous variables told apart in the order they are written."""
    numbers = count(1)

    def term(t):
        return Variable(f"_{next(numbers)}") if str(t) == "_" else t

    def literal(part):
        match part:
            case Atom(name, terms):
                return Atom(name, tuple(map(term, terms)))
            case Negation(atom):
                return Negation(literal(atom))
            case Comparison(left, op, right):
                return Comparison(term(left), op, term(right))

    return Rule(literal(rule.head), tuple(map(literal, rule.body)))


@SETTINGS
@given(st.lists(RULES, max_size=4))
def test_what_is_written_is_what_is_read(rules):
    """The text of a program parses back to an equal program."""
    rules = tuple(map(numbered, rules))
    assert parse(str(Program(rules, {}, ()))).rules == rules


@SETTINGS
@given(st.lists(LITERALS, min_size=1, max_size=4))
def test_a_query_is_read_as_it_is_written(literals):
    """The text of a body parses back to an equal body."""
    body = numbered(Rule(Atom("p", ()), tuple(literals))).body
    assert parse_goal(" & ".join(map(str, body))) == body


@SETTINGS
@given(st.text(st.sampled_from("pX_'\"\\\n (),&~+<=!>#:.驾（\x00\ud800\u3000\u2028" + "0")))
def test_any_text_is_read_or_refused(text):
    """Whatever is written, the reader gives rules or problems, and never another error."""
    for read in (parse, parse_goal):
        with contextlib.suppress(Problems):
            read(text)


@pytest.mark.parametrize("form", ["+p({})", "p({})", "p(X) <= q(X) & X > {}", "p(X) <= q({})"])
@pytest.mark.parametrize("depth", [100, 300, 500, 900, 3000, 30_000])
@pytest.mark.parametrize("deep", ["-{}1", "X{}.a", "X{}[0]", "1{} + 1"])
def test_deep_nesting_is_refused(form, depth, deep):
    """However deep a term is nested, it is a problem and not an overflow of the stack."""
    unit = {"-{}1": "-", "X{}.a": ".a", "X{}[0]": "[0]", "1{} + 1": " + 1"}[deep]
    term = "-" * depth + "1" if unit == "-" else deep[0] + unit * depth
    with pytest.raises(Problems):
        parse(form.format(term))


def test_a_body_may_be_long():
    """A body of 500 literals is read, in their order."""
    body = [f"q{n}(X)" for n in range(500)]
    (rule,) = parse("p(X) <= " + " & ".join(body)).rules
    assert [str(literal) for literal in rule.body] == body


def test_brackets_do_not_change_a_body():
    """A body in brackets is read as one list of literals, in their order."""
    (rule,) = parse("p(X) <= (q(X) & (r(X) & ~s(X))) & ((X != 'a'))").rules
    assert str(rule) == "p(X) <= q(X) & r(X) & ~s(X) & (X != 'a')"


def test_a_statement_in_brackets_takes_several_lines():
    """Inside brackets lines, comments, blank lines and indents do not matter, and a place is a
    place of the file."""
    text = """
p(X) <= (
    q(X, '（#')  # a note with a bracket (

    & ~r(X)
)
s(X) <= q(X, \\
    'a')
"""
    one, two = parse(text, "f").rules
    assert str(one) == "p(X) <= q(X, '（#') & ~r(X)"
    assert str(two) == "s(X) <= q(X, 'a')"
    assert [str(atom.span) for atom, _ in one.atoms()] == ["f:3:5", "f:5:8"]
    assert str(two.body[0].terms[1].span) == "f:8:5"


def test_a_string_in_triple_quotes_takes_several_lines():
    """A triple-quoted string keeps its newlines, and the next statement is the next."""
    rules = parse('+p("""a # (\n\'b""")\n+q(1)').rules
    assert [str(rule) for rule in rules] == ["+p('a # (\\n\\'b')", "+q(1)"]


def test_places_count_characters():
    """A column counts characters from 1, with Chinese, tabs and indents before it."""
    (rule,) = parse("  p(X) <=\tq('驾照', X) & r(X)", "f").rules
    spans = [str(rule.span), *(str(atom.span) for atom, _ in rule.atoms())]
    assert spans == ["f:1:3", "f:1:11", "f:1:24"]
    last = rule.body[1].span
    assert last.text[last.column - 1 : last.end - 1] == "r(X)"


def test_an_ideographic_space_is_one_column():
    """An indent by the wide space of Chinese texts moves a place by one column."""
    (rule,) = parse("\u3000p(X) <= q('驾照', X) & r(X)", "f").rules
    assert [str(atom.span) for atom, _ in rule.atoms()] == ["f:1:10", "f:1:23"]


def test_a_docstring_opens_a_file():
    """A string that comes first is the docstring, over several lines too, after comments too."""
    text = parse('# a note\n\n"""\nWhat holds.\n\nAnd more.\n"""\n+p(1)')
    assert text.doc == "What holds.\n\nAnd more."
    assert [str(rule) for rule in text.rules] == ["+p(1)"]
    assert parse("+p(1)").doc == ""
    assert parse("").rules == ()


def test_a_source_covers_the_rules_below_it():
    """`# source:` covers rules up to the next one; lines that stand together add up."""
    text = """
+before(1)
# source: wechat-2021 16-17, 20
+one(1)

+two(1)
# source: kb
# source: wechat-2022 3
+three(1)
+four(1)  # source: not-read 5
"""
    rules = {rule.head.relation: rule.sources for rule in parse(text).rules}
    first = (Cite("wechat-2021", (16, 17, 20)),)
    second = (Cite("kb"), Cite("wechat-2022", (3,)))
    assert rules == {"before": (), "one": first, "two": first, "three": second, "four": second}


def test_a_source_covers_all_rules_below_it():
    """A source covers every rule up to the next source, whatever comments stand between."""
    text = "# source: kb 3\n+one(1)\n# a note\n+two(1)\n\n# our own\n+three(1)"
    kb = (Cite("kb", (3,)),)
    assert [rule.sources for rule in parse(text).rules] == [kb, kb, kb]


@pytest.mark.parametrize(
    "line",
    [
        "# source: wechat-2021 lines 3-5",
        "# source: wechat-2021 3-5 and 9",
        "# source: wechat-2021, 3-5",
        "# source:",
        "# source: 微信 3；5",
    ],
)
def test_a_source_that_can_not_be_read_is_a_problem(line):
    """A source comment is read or refused, never passed over as any other comment."""
    with pytest.raises(Problems) as found:
        parse(f"{line}\np(X) <= q(X)")
    assert [problem.code for problem in found.value.problems] == ["source-lines"]


def test_a_bad_statement_does_not_hide_the_next():
    """Every statement that can not be read is told, in the order of the file."""
    with pytest.raises(Problems) as found:
        parse("p(x) <= q(X)\nr(X) <= q(X)\n)\ns(X) <= q(X\n")
    assert [problem.span.line for problem in found.value.problems] == [1, 3, 4]


def test_anonymous_variables_are_told_apart():
    """Each `_` of a rule is a variable of its own."""
    (rule,) = parse("p(X) <= q(_, X) & r(_, _)").rules
    names = [term.name for atom, _ in rule.atoms() for term in atom.terms]
    assert len(set(names)) == 4


@pytest.mark.parametrize(
    "lines", ["0", "3-2", "-1", "a", "1-", "", "1,,2", "1-2-3", "1-99999", "1.5"]
)
def test_line_numbers_that_make_no_sense_are_refused(lines):
    """Lines count from 1, a range ends after it begins and is not endless."""
    with pytest.raises(ValueError):  # noqa: PT011 -- it has no message, the caller words it
        parse_lines(lines)


def test_line_numbers_are_sorted_and_told_once():
    """Ranges that overlap give each line once."""
    assert parse_lines("9, 3-5,4 - 6") == (3, 4, 5, 6, 9)


RUNS = [
    "__import__('pathlib').Path({!r}).touch()",
    "+p(__import__('pathlib').Path({!r}).touch())",
    "+p(open({!r}, 'w'))",
    "p(X) <= q(X) & (X == open({!r}, 'w'))",
    "p(X) <= q(X) & ~open({!r}, 'w').close(X)",
    "p(X) <= q(X) & (lambda: open({!r}, 'w'))()",
    "p(X) <= q(X) & X > open({!r}, 'w')",
    "+p(f\"{{open({!r}, 'w')}}\")",
    "f\"{{open({!r}, 'w')}}\"",
    "+p([open({!r}, 'w') for _ in 'a'])",
    "+p((x := open({!r}, 'w')))",
    "import os; open({!r}, 'w')",
    "class A: open({!r}, 'w')",
    "def f(x=open({!r}, 'w')): pass",
    "@open({!r}, 'w')\ndef f(): pass",
    "+p(exec(\"open({!r}, 'w')\"))",
    "assert not open({!r}, 'w')",
    "p(X) <= q(X, key=open({!r}, 'w'))",
    "p(X) <= q(X, *open({!r}, 'w'))",
]


@pytest.mark.parametrize("text", RUNS)
def test_nothing_is_ever_run(tmp_path, text):
    """Python in a rule or a query is refused, and has no effect."""
    sentinel = tmp_path / "sentinel"
    written = text.format(str(sentinel))
    for read in (parse, parse_goal):
        with pytest.raises(Problems):
            read(written)
    assert not sentinel.exists()


def test_a_builtin_is_a_relation_like_any_other(tmp_path):
    """`exec('...')` in a body names a relation that nobody defined, and has no effect."""
    sentinel = tmp_path / "sentinel"
    call = str(Atom("exec", (Constant(f"open({str(sentinel)!r}, 'w')"),)))
    assert [str(literal) for literal in parse_goal(call)] == [call]
    with pytest.raises(Problems) as found:
        check(parse(f"p() <= {call}").rules)
    assert [problem.code for problem in found.value.problems] == ["unknown-relation"]
    assert not sentinel.exists()
