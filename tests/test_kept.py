"""What the rules derive whatever the app is kept by content, and never instead of what holds."""

from pathlib import Path

import pytest

from kb.base.core import Core
from kb.base.kept import fixed_rows
from kb.base.loading import load, load_facts, read_rules
from kb.lang.parser import parse

SMALL = Path(__file__).parent / "cases" / "facts-small"
BREAD = ("town-2024q1/shop-bread", "town-2020/shop-bread")


class Barred:
    """An engine that nobody may ask."""

    def evaluate(self, facts, goals, limit=0.0):
        raise AssertionError(f"asked for {list(goals)}")


def barred(town):
    """A base whose engine may not be asked."""
    town.engine = Barred()
    return town


def with_rule(text):
    """The made-up town with one rule more."""
    return Core(load_facts(SMALL), read_rules(), added=parse(text, "<rules>").rules)


def test_kept_rows_are_those_of_the_engine(tmp_path):
    """What one run has found the next one reads, and does not ask the engine for."""
    found = fixed_rows(load(SMALL), "supersedes", tmp_path)
    assert BREAD in found
    assert fixed_rows(barred(load(SMALL)), "supersedes", tmp_path) == found


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"key": 1}', b"\xff\xfe", b'{"rows": [[1]]}'])
def test_a_damaged_file_is_not_used(damage, tmp_path):
    """Whatever stands in its place, a file that is not what was written is not used."""
    found = fixed_rows(load(SMALL), "supersedes", tmp_path)
    [path] = tmp_path.iterdir()
    path.write_bytes(damage)
    assert fixed_rows(load(SMALL), "supersedes", tmp_path) == found


def test_other_facts_and_other_rules_are_asked_anew(tmp_path):
    """Nothing is kept from facts or rules that are other ones; a rule or a fact that the relation
    does not rest on makes no difference."""
    town = load(SMALL)
    found = fixed_rows(town, "supersedes", tmp_path)
    facts = town.facts.rows.facts
    before = facts["begins"]
    facts["begins"] = [row for row in before if row[0] != BREAD[0]]
    assert fixed_rows(load(SMALL), "supersedes", tmp_path) == found
    with pytest.raises(AssertionError, match=r"^asked for \['supersedes'\]$"):
        fixed_rows(barred(town), "supersedes", tmp_path)
    facts["begins"] = before
    other = with_rule("supersedes(W, V) <= ground(V, 'none') & ground(W, 'none')")
    with pytest.raises(AssertionError, match=r"^asked for \['supersedes'\]$"):
        fixed_rows(barred(other), "supersedes", tmp_path)
    apart = with_rule("begun(V) <= begins(V, _, _)")
    assert fixed_rows(barred(apart), "supersedes", tmp_path) == found


def test_what_differs_from_app_to_app_is_not_kept(tmp_path):
    """A relation that rests on what profiles state is refused."""
    with pytest.raises(ValueError, match=r"^`stands` differs from app to app$"):
        fixed_rows(load(SMALL), "stands", tmp_path)


def test_nothing_is_kept_where_nothing_can_be_written(tmp_path):
    """The rows are found all the same where the folder for them is a file."""
    blocked = tmp_path / "file"
    blocked.write_text("x", encoding="utf-8")
    assert BREAD in fixed_rows(load(SMALL), "supersedes", blocked)
