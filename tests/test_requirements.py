"""Minimal alternatives against a second implementation: direct evaluation of the tree."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kb.model.requirements import (
    LARGEST,
    Need,
    TooLargeError,
    alternatives,
    leaves,
    members,
)
from kb.model.schema import Node

CONDITIONS = ("p", "q")
DOCUMENTS = ("a", "b", "c")
COUNTS = (0, 1, 2)


def holds(node, met, held):
    """The meaning of a tree, from the words of `Node` alone.

    `met` are the conditions that are met, `held` the copies of each document in hand.
    """
    if node.document is not None:
        return node.optional or held[node.document] >= node.at_least
    if node.all_of is not None:
        return all(holds(c, met, held) for c in node.all_of if there(c, met))
    return any(holds(c, met, held) for c in node.any_of if there(c, met))


def there(node, met):
    return node.condition is None or node.condition in met


def satisfied(node, met, held):
    """A requirement that is not there asks for nothing."""
    return not there(node, met) or holds(node, met, held)


def usable(alternative, met):
    return all((condition in met) == wanted for condition, wanted in alternative.when)


def complete(alternative, held):
    return all(held[need.document] >= need.at_least for need in alternative.needs)


def worlds():
    """All conditions met or not, all counts in hand."""
    for flags in product((False, True), repeat=len(CONDITIONS)):
        met = {c for c, flag in zip(CONDITIONS, flags, strict=True) if flag}
        for counts in product(COUNTS, repeat=len(DOCUMENTS)):
            yield met, dict(zip(DOCUMENTS, counts, strict=True))


WHEN = st.sampled_from((None, None, *CONDITIONS))
LEAVES = st.builds(
    lambda document, at_least, optional, when: {
        "document": document,
        "at_least": at_least,
        "optional": optional,
        "when": when,
    },
    st.sampled_from(DOCUMENTS),
    st.sampled_from((1, 1, 2)),
    st.sampled_from((False, False, False, True)),
    WHEN,
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda kind, children, when: {kind: children, "when": when},
        st.sampled_from(("all_of", "any_of")),
        st.lists(inner, min_size=1, max_size=3),
        WHEN,
    ),
    max_leaves=9,
).map(Node.model_validate)


@given(TREES)
def test_alternatives_are_the_tree(tree):
    """In every world a tree is satisfied just when one of its alternatives is usable and
    complete."""
    found = alternatives(tree)
    for met, held in worlds():
        by_alternatives = any(usable(a, met) and complete(a, held) for a in found)
        assert by_alternatives == satisfied(tree, met, held), (met, held)


@given(TREES)
def test_none_absorbs_another(tree):
    """No alternative does in every world in which another one does: each is minimal."""
    found = alternatives(tree)
    assert len(set(found)) == len(found)
    does = [
        {
            (frozenset(met), tuple(held.items()))
            for met, held in worlds()
            if usable(a, met) and complete(a, held)
        }
        for a in found
    ]
    for n, one in enumerate(does):
        for m, other in enumerate(does):
            assert n == m or not one <= other, (found[n], found[m])


@given(TREES)
def test_no_need_covers_another(tree):
    """Within an alternative no document stands twice with two counts, and no condition both
    ways."""
    for alternative in alternatives(tree):
        documents = [need.document for need in alternative.needs]
        assert len(set(documents)) == len(documents)
        conditions = [condition for condition, _ in alternative.when]
        assert len(set(conditions)) == len(conditions)


@given(TREES)
def test_needs_are_leaves(tree):
    """Every need of an alternative is a document of the tree, with the count that stands there."""
    stated = {(leaf.document, leaf.at_least) for leaf in leaves(tree) if not leaf.optional}
    for alternative in alternatives(tree):
        assert {(n.document, n.at_least) for n in alternative.needs} <= stated


@given(TREES)
def test_same_tree_same_alternatives(tree):
    """The same tree gives the same alternatives in the same order."""
    assert alternatives(tree) == alternatives(tree.model_copy(deep=True))


def node(**tree):
    return Node.model_validate(tree)


def doc(document, **more):
    return {"document": document, **more}


def shown(tree):
    return [(sorted(n.id for n in a.needs), sorted(a.when)) for a in alternatives(tree)]


def test_order_of_the_source():
    """Alternatives come in the order in which the tree names them."""
    tree = node(
        all_of=[
            {"any_of": [doc("b"), doc("a")]},
            {"any_of": [doc("d"), doc("c")]},
        ]
    )
    assert [ids for ids, _ in shown(tree)] == [
        ["b@applicantx1", "d@applicantx1"],
        ["b@applicantx1", "c@applicantx1"],
        ["a@applicantx1", "d@applicantx1"],
        ["a@applicantx1", "c@applicantx1"],
    ]


def test_absorption():
    """`a or (a and b)` is `a`."""
    tree = node(any_of=[doc("a"), {"all_of": [doc("a"), doc("b")]}])
    assert shown(tree) == [(["a@applicantx1"], [])]


def test_counts_absorb():
    """One copy of a document is a smaller need than two; both together are two."""
    assert shown(node(any_of=[doc("a", at_least=2), doc("a")])) == [(["a@applicantx1"], [])]
    assert shown(node(all_of=[doc("a", at_least=2), doc("a")])) == [(["a@applicantx2"], [])]


def test_holders_differ():
    """The same document of another holder is another need."""
    tree = node(all_of=[doc("a"), doc("a", holder="partner")])
    assert shown(tree) == [(["a@applicantx1", "a@partnerx1"], [])]


def test_words_absorb():
    """A document that must contain words does for one that need not, not the other way round."""
    tree = node(any_of=[doc("a", must_state=["x"]), doc("a")])
    assert shown(tree) == [(["a@applicantx1"], [])]
    tree = node(all_of=[doc("a", must_state=["x"]), doc("a")])
    assert shown(tree) == [(["a@applicantx1+x"], [])]
    assert Need("a", must_state=("x", "y")).covers(Need("a", must_state=("y",)))
    assert not Need("a").covers(Need("a", must_state=("y",)))


def test_when_under_all_of():
    """Under `all_of` an absent child asks for nothing; who has it all the same does as well."""
    tree = node(all_of=[doc("a"), doc("b", when="p")])
    assert shown(tree) == [
        (["a@applicantx1", "b@applicantx1"], []),
        (["a@applicantx1"], [("p", False)]),
    ]


def test_when_under_any_of():
    """Under `any_of` an absent child offers nothing."""
    tree = node(any_of=[doc("a", when="p"), doc("b")])
    assert shown(tree) == [(["a@applicantx1"], [("p", True)]), (["b@applicantx1"], [])]


def test_when_at_the_top():
    """A whole requirement whose condition is not met asks for nothing."""
    assert shown(node(document="a", when="p")) == [
        (["a@applicantx1"], []),
        ([], [("p", False)]),
    ]


def test_optional_asks_for_nothing():
    """Optional documents are in no alternative."""
    assert shown(node(all_of=[doc("a"), doc("b", optional=True)])) == [(["a@applicantx1"], [])]


def test_contradiction():
    """A part that is there both when a condition is met and when it is not is nowhere."""
    tree = node(any_of=[{"all_of": [{"any_of": [doc("a", when="p")]}], "when": "p"}])
    assert shown(tree) == [(["a@applicantx1"], [("p", True)])]


def test_contradiction_of_conditions_told_together():
    """What asks for one thing where a condition is met, and for another where it is not, has no
    alternative for both at once; nor where nodes name the condition beside others."""
    tree = node(all_of=[doc("a", unless=["p"]), {**doc("b", when=["p"])}])
    found = [[need[0] for need in needs] for needs, _ in shown(tree)]
    assert found == [["a", "b"], ["a"], ["b"]]
    never = {"all_of": [{"any_of": [doc("a", unless=["p", "q"])]}], "when": ["q"]}
    tree = node(any_of=[never, doc("c")])
    assert [needs for needs, _ in shown(tree)] == [["c@applicantx1"]]


def wide(parts):
    return node(all_of=[{"any_of": [doc(f"a{n}"), doc(f"b{n}")]} for n in range(parts)])


def test_limit():
    """Up to the limit all alternatives are found, past it the tree is refused."""
    assert len(alternatives(wide(8))) == 256 < LARGEST
    with pytest.raises(TooLargeError, match=r"^the requirement has more than 2000 alternatives$"):
        alternatives(wide(11))
    with pytest.raises(TooLargeError):
        alternatives(node(any_of=[doc(f"a{n}") for n in range(LARGEST + 1)]))


def test_limit_is_of_alternatives():
    """A tree that names few documents many times is no large tree."""
    assert shown(node(all_of=[{"any_of": [doc("a"), doc("b")]}] * 12)) == [
        (["a@applicantx1"], []),
        (["b@applicantx1"], []),
    ]


@pytest.mark.parametrize(
    "tree",
    [
        {},
        {"document": "a", "all_of": [{"document": "b"}]},
        {"all_of": []},
        {"any_of": []},
        {"any_of": [{"document": "a"}], "at_least": 2},
        {"all_of": [{"document": "a"}], "stated": 1},
        {"document": "a", "at_least": 0},
    ],
)
def test_malformed_trees(tree):
    """A node is one of three kinds, and says nothing that its kind can not say."""
    with pytest.raises(ValidationError):
        Node.model_validate(tree)


def absorbs(one, other):
    """The other asks for everything that this one asks for, and is usable no oftener."""
    return one.when <= other.when and all(
        any(theirs.covers(mine) for theirs in other.needs) for mine in one.needs
    )


PAPERS = st.builds(
    lambda whose, **stated: {**stated, **whose},
    st.sampled_from(({}, {"holder": "partner"}, {"holder": "partner", "each": "partner"})),
    document=st.sampled_from("ab"),
    at_least=st.sampled_from((1, 1, 2)),
    must_state=st.sampled_from((["x"], ["y"], ["x", "y"])),
    when=WHEN,
)


@given(st.lists(st.lists(PAPERS, min_size=1, max_size=4), min_size=1, max_size=12))
def test_alternatives_that_are_left(choices):
    """Of papers that cover one another by counts, words and parties those alternatives are left
    that none absorbs, in their order: each beside each, found the slow way."""
    every = [a for papers in choices for a in alternatives(node(all_of=papers))]
    every = list(dict.fromkeys(every))
    left = [
        a
        for n, a in enumerate(every)
        if not any(absorbs(b, a) and (m < n or not absorbs(a, b)) for m, b in enumerate(every))
    ]
    assert list(alternatives(node(any_of=[{"all_of": papers} for papers in choices]))) == left


def test_many_documents_of_which_some_are_asked_for():
    """Ten of twenty plain documents are one need beside the others; few are written out, and so are
    those that a condition, a doubt or another document makes unlike."""
    many = [{"document": f"d{n}"} for n in range(20)]
    tree = Node.model_validate({"all_of": [{"document": "a"}, {"any_of": many, "at_least": 10}]})
    [only] = alternatives(tree)
    assert {need.at_least for need in only.needs} == {1, 10}
    assert [len(members(node)) for node in leaves(tree)] == [0, 20]
    few = Node.model_validate({"any_of": many[:6], "at_least": 3})
    assert len(alternatives(few)) == 20
    unlike = [*many[:6], {"document": "d6", "when": "k"}]
    assert len(alternatives(Node.model_validate({"any_of": unlike, "at_least": 2}))) == 21
