"""The best bundle against brute force: every pick of one choice a list."""

import itertools
import subprocess
import sys
from itertools import combinations
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.answers.bundle import FEW, Bundle, best, merged
from kb.answers.choices import Choice, Some
from kb.answers.prices import Prices
from kb.model.requirements import Need


def cost(picks):
    """What a pick costs, in the order in which it counts: doubtful choices, different documents,
    copies of them, and the places of the choices in their lists."""
    copies = {}
    for choice, _ in picks:
        for need in choice.lacks:
            key = need.document, need.holder
            copies[key] = max(copies.get(key, 0), need.at_least)
    return (
        sum(choice.doubtful for choice, _ in picks),
        len(copies),
        sum(copies.values()),
        sum(rank for _, rank in picks),
    )


def least(lists):
    return min(
        cost(picks)
        for picks in itertools.product(
            *([(choice, rank) for rank, choice in enumerate(choices)] for choices in lists)
        )
    )


def cost_of(bundle, lists):
    """The cost of a bundle, each pick found in its own list."""
    assert len(bundle.picks) == len(lists)
    picks = []
    for choice, choices in zip(bundle.picks, lists, strict=True):
        picks.append((choice, choices.index(choice)))
    return cost(picks)


NEEDS = st.builds(
    Need,
    st.sampled_from("abcde"),
    st.sampled_from(("applicant", "applicant", "partner")),
    st.integers(1, 3),
)
LISTS = st.lists(
    st.lists(
        st.tuples(st.frozensets(NEEDS, max_size=4), st.sampled_from((False, False, True))),
        min_size=1,
        max_size=4,
    ),
    min_size=1,
    max_size=4,
).map(
    lambda lists: [
        [Choice(f"{r}.{n}", lacks, doubtful) for n, (lacks, doubtful) in enumerate(choices)]
        for r, choices in enumerate(lists)
    ]
)


@pytest.mark.parametrize("few", [0, FEW])
@settings(deadline=None)
@given(LISTS)
def test_nothing_is_smaller(few, lists):
    """No other pick lacks fewer documents, or as many with fewer copies; and it is said to be
    proven: by the solver, and where few picks are looked through without it."""
    with patch("kb.answers.bundle.FEW", few):
        bundle = best(lists)
    assert bundle.optimal
    assert cost_of(bundle, lists) == least(lists)


@settings(deadline=None)
@given(LISTS)
def test_bundle_completes_every_pick(lists):
    """With the documents of the bundle every picked choice is complete, and nothing is in it that
    none of them needs."""
    bundle = best(lists)
    have = {(n.document, n.holder): n.at_least for n in bundle.needs}
    assert len(have) == len(bundle.needs)
    asked = {}
    for need in (need for choice in bundle.picks for need in choice.lacks):
        key = need.document, need.holder
        assert have[key] >= need.at_least
        asked[key] = max(asked.get(key, 0), need.at_least)
    assert have == asked


@settings(deadline=None)
@given(LISTS)
def test_same_lists_same_bundle(lists):
    """The same lists give the same bundle."""
    assert best(lists) == best(lists)


def choice(name, *needs, doubtful=False):
    return Choice(name, frozenset(needs), doubtful)


A, B, C = Need("a"), Need("b"), Need("c")


def test_readings_that_share_no_paper():
    """Readings that share no paper are looked through apart: no solver is needed, though all of
    them together have more picks than are looked through one by one. Each pick stands where its
    reading does."""
    lists = [
        [choice(f"{n}{way}", Need(f"{n % 4}{way}"), Need(f"{n % 4}c")) for way in "ab"]
        for n in range(8)
    ]
    assert 2 ** len(lists) > FEW
    with patch("kb.answers.bundle.control_of", side_effect=AssertionError):
        bundle = best(lists)
    assert cost_of(bundle, lists) == least(lists)
    assert [pick.name for pick in bundle.picks] == [f"{n}a" for n in range(8)]
    assert [need.document for need in bundle.needs] == [
        f"{n}{way}" for n in range(4) for way in "ac"
    ]


def test_nothing_to_choose():
    """No lists need no documents."""
    assert best([]) == Bundle((), (), True)


def test_empty_lists_are_left_out():
    """A reading without a usable alternative adds nothing and hinders nothing."""
    only = choice("x", A)
    assert best([[], [only], []]) == Bundle((only,), (A,), True)
    assert best([[]]) == Bundle((), (), True)
    two = [choice("y", A, B), choice("z", C)]
    assert best([[], two]).picks == (two[1],)


def test_shared_documents_count_once():
    """Two lists that can share a document take it, though each alone has a smaller choice."""
    one = [choice("1a", A), choice("1b", B)]
    other = [choice("2b", B), choice("2c", C)]
    assert best([one, other]).picks == (one[1], other[0])
    assert best([one, other]).needs == (B,)


def test_counts_are_shared():
    """Two copies do for one: the larger count is taken, not the sum."""
    lists = [[choice("1", Need("a", at_least=2))], [choice("2", A)]]
    assert best(lists).needs == (Need("a", at_least=2),)


def test_fewer_copies():
    """Between as many documents, fewer copies win over the order of the source."""
    lists = [[choice("1", Need("a", at_least=3)), choice("2", Need("b", at_least=2))]]
    assert best(lists).picks == (lists[0][1],)


def test_order_of_the_source():
    """Between equals the first in the source is taken."""
    lists = [[choice("1", B), choice("2", A)]]
    assert best(lists).picks == (lists[0][0],)


def test_doubtful_last():
    """A choice whose conditions are not known is taken only when no other is there."""
    lists = [[choice("1", doubtful=True), choice("2", A, B)]]
    assert best(lists).picks == (lists[0][1],)
    assert best([lists[0][:1]]).picks == (lists[0][0],)


def test_holders_are_apart():
    """The same document of two holders is two documents."""
    lists = [[choice("1", A)], [choice("2", Need("a", "partner")), choice("3", B)]]
    assert len(best(lists).needs) == 2


def test_words_are_joined():
    """One document carries all the words that its needs ask for."""
    lists = [
        [choice("1", Need("a", must_state=("x",)))],
        [choice("2", Need("a", must_state=("y",)))],
    ]
    assert best(lists).needs == (Need("a", must_state=("x", "y")),)
    assert merged([]) == ()


def test_limit_gives_the_best_so_far():
    """When the time is up the search ends, and the bundle still completes every list: of these,
    which take a minute to prove, nothing is said to be the best."""
    lists = [
        [
            choice(f"{r}.{n}", *(Need(f"d{(r * 7 + n * k) % 40}") for k in range(1, 6)))
            for n in range(6)
        ]
        for r in range(30)
    ]
    bundle = best(lists, limit=0.01)
    assert not bundle.optimal
    assert [p.name.split(".")[0] for p in bundle.picks] == [str(r) for r in range(30)]


def test_no_solver_without_a_choice():
    """Where nothing is to choose the solver is not even loaded."""
    code = (
        "import sys\nfrom kb.answers.bundle import Choice, best\n"
        "best([[Choice('x', frozenset())], []])\nprint('clingo' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def test_some_of_many_documents():
    """Where so many of several documents are lacked, the bundle has the fewest over all readings:
    as by trying every set. What nothing else asks for is chosen without a solver."""
    letters = [Need(letter) for letter in "abcdef"]
    for count in (1, 2, 3):
        for shared in (letters[:1], letters[3:5], [Need("z")]):
            one = Choice("1", frozenset({Need("y")}), some=(Some(count, tuple(letters)),))
            other = Choice("2", frozenset(shared))
            found = best([[one], [other]])
            tried = min(
                len({*one.lacks, *other.lacks, *chosen}) for chosen in combinations(letters, count)
            )
            assert (len(found.needs), found.optimal) == (tried, True)
            assert sum(need in letters for need in found.picks[0].lacks) == count
    dear = Prices({"a": 500, "b": 100, "c": 200})
    alone = Choice("1", frozenset(), some=(Some(2, tuple(letters[:3])),))
    assert best([[alone]], "cheapest", dear).needs == (Need("b"), Need("c"))
