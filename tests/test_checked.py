"""Checked rules that are kept are the rules as they are checked anew, or none."""

from dataclasses import asdict
from pathlib import Path

import pytest
from test_compiled import DAMAGES

from kb.base import checked
from kb.base.checked import read_checked, write_checked, write_checked_to
from kb.base.core import Core
from kb.base.loading import load_facts, read_rules
from kb.lang.checks import check
from kb.lang.parser import parse
from kb.lang.program_data import program_data, program_of

SMALL = Path(__file__).parent / "cases" / "facts-small"
EVERY_FORM = """
# source: some-source 3-5, 9
+e('a', 1)
+e('it\\'s', -20)
far(X, Y) <= e(X, N) & ~near(X, _) & (Y == N * 2 + 1) & (N <= 7)
near(X, Y) <= e(X, Y) & (X != 'b')
total(X, sum(N, Y)) <= e(X, N) & far(X, Y)
day(D) <= e(_, N) & (D == add_days(20250101, N))
"""


@pytest.fixture(scope="module")
def base():
    """The shipped rules, parsed and checked against a few facts."""
    return Core(load_facts(SMALL), read_rules())


def test_a_kept_program_is_the_one_that_was_checked(base, tmp_path):
    """Rules with every place in their texts and their sources, relations and strata are the same,
    and so is what a base answers from them."""
    write_checked(base, tmp_path)
    found = read_checked(base.facts, tmp_path)
    assert found == base.program
    # Places and sources are not compared above.
    assert list(map(asdict, found.rules)) == list(map(asdict, base.program.rules))
    assert list(found.relations) == list(base.program.relations)
    again = Core(base.facts, found.rules, program=found)
    assert again.rules_hash == base.rules_hash
    app = base.app({"name": "a", "services": [next(iter(base.facts.names.of("service"))).id]})
    assert dict(again.model(["app_verdict"], app, 20250630)) == dict(
        base.model(["app_verdict"], app, 20250630)
    )


def test_every_form_of_a_rule_comes_back():
    """Facts, negations, comparisons, arithmetic and aggregates are written and read with the same
    text and the same places."""
    program, _ = check(parse(EVERY_FORM).rules)
    data = program_data(program)
    assert program_of(data) == program
    assert list(map(asdict, program_of(data).rules)) == list(map(asdict, program.rules))
    assert str(program_of(data)) == str(program)


def test_other_facts_or_rules_have_no_checked_program(base, tmp_path, monkeypatch):
    """A program that was checked against other facts, or is of other rules, is not taken."""
    write_checked(base, tmp_path)
    other = load_facts(SMALL)
    other.content = "0" * 64
    assert read_checked(other, tmp_path) is None
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "01_one.dl").write_text("p(X) <= q(X)\n", encoding="utf-8")
    monkeypatch.setattr(checked, "RULES", rules)
    assert read_checked(base.facts, tmp_path) is None


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_program_is_none(damage, base, tmp_path):
    """A file that is not whole is passed over, and written anew."""
    write_checked(base, tmp_path)
    [path] = tmp_path.glob("rules-*.json")
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    if path.read_bytes() != whole:
        assert read_checked(base.facts, tmp_path) is None
    write_checked(base, tmp_path)
    assert path.read_bytes() == whole


def test_a_program_kept_ahead_is_read_before_any_other(base, tmp_path, monkeypatch):
    """What was checked when the package was built serves the facts of the package."""
    monkeypatch.setattr(checked, "AHEAD", tmp_path / "rules.json")
    write_checked_to(base, tmp_path / "rules.json")
    assert read_checked(base.facts, tmp_path / "none") == base.program


def test_what_a_warning_is_told_of_is_checked_each_time(base, tmp_path):
    """A base with a warning is not kept: the next start tells it again."""
    warned = Core(base.facts, (*read_rules(), *parse("mine(X) <= app_value(X, _, Y)").rules))
    assert warned.warnings
    write_checked(warned, tmp_path)
    assert not list(tmp_path.glob("rules-*.json"))
