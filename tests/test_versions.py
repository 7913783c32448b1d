"""Which readings stand on a day, and which supersede others: decided by the rules alone."""

from pathlib import Path

import pytest

import kb
from kb.base.results import Certainty
from kb.base.versions import standing_on, superseding
from kb.model.days import beginning

SMALL = Path(__file__).parent / "cases" / "facts-small"


@pytest.fixture(scope="module")
def town():
    """The made-up town."""
    return kb.load(only_facts=SMALL)


def test_certainty_of_a_quarter(town):
    """Inside the quarter in which a text begins it perhaps stands, beside the earlier one; after
    the quarter it alone stands."""

    def bread(day):
        return {id: how for id, how in standing_on(town, day).items() if "/shop-bread" in id}

    assert bread(20231231) == {"town-2020/shop-bread": Certainty.SURELY}
    assert bread(20240201) == {
        "town-2020/shop-bread": Certainty.SURELY,
        "town-2024q1/shop-bread": Certainty.PERHAPS,
    }
    assert bread(20240401) == {"town-2024q1/shop-bread": Certainty.SURELY}


def test_order_of_the_files(base):
    """Readings come in the order of the fact files."""
    found = list(standing_on(base, 20250630))
    assert found == [id for id in base.facts.readings if id in found]
    assert len(found) > 30


def test_later_supersedes_earlier(town):
    """Of two readings of a category the later one supersedes the earlier, never a draft."""
    pairs = superseding(town)
    assert pairs
    for later, earlier in pairs:
        new, old = town.facts.readings[later], town.facts.readings[earlier]
        assert new.record.category == old.record.category
        assert beginning(new.source)[0] > beginning(old.source)[0]
        assert {new.source.standing, old.source.standing} <= {"in_force", "unofficial"}
