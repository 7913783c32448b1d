"""Ranges of counts: "two to three" of a document, and no more than so many."""

from __future__ import annotations

from itertools import product

import pytest
from test_cases import CASES, loaded

import kb
from kb.answers.bundle import best
from kb.answers.choices import Choice
from kb.compare.results import RangeChanged
from kb.compare.tree_difference import difference
from kb.lang.problems import Problems
from kb.model.requirements import Need, alternatives
from kb.model.schema import Node

DAY = "2025-06-30"
AGREEMENTS = {"document": "agreement", "holder": "applicant", "count": 2}
GOAL = "category_verdict('a', 'town-parade', 'satisfied')"


@pytest.fixture(scope="module")
def town():
    """The base of a made-up town in which no more than one float is accepted."""
    return loaded(("facts-parties",))


def parade(*holds, **more):
    return {"name": "a", "regions": ["quay"], "services": ["parade"], "holds": list(holds), **more}


def test_a_limit_in_every_count(town):
    """Where one float with a number is asked for and no second accepted, the verdict is that of all
    ways in which the papers of which nothing is said may turn out."""
    for fitting, unsaid, other in product(range(3), repeat=3):
        floats = [
            {"document": "float_licence", "count": count, **states}
            for count, states in (
                (fitting, {"states": ["编号 7"]}),
                (unsaid, {}),
                (other, {"states": ["红"]}),
            )
            if count
        ]
        ways = {fitting + n == 1 for n in range(unsaid + 1)}
        expected = {(True,): "satisfied", (False,): "missing"}.get(tuple(ways), "undetermined")
        app = parade(AGREEMENTS, *floats)
        assert town.ask(app, as_of=DAY).verdict == expected, (fitting, unsaid, other)


def test_what_is_too_many_is_left_out(town):
    """One agreement too many is repaired by leaving it out, wherever it is in hand, and by nothing
    that adds papers; the repair is told as such in both languages."""
    floats = {"document": "float_licence", "states": ["编号 7"]}
    for app in (
        parade({**AGREEMENTS, "count": 5}, floats),
        parade(AGREEMENTS, {"document": "service_agreement", "count": 2}, floats),
    ):
        found = town.smallest_change(app, as_of=DAY)
        assert found.add is None
        [change] = found.fewest
        assert (change.need.id, change.too_many) == ("agreement@applicantx2-3", True)
    for lang, words in (
        ("zh", "− 多出的不交:主体的《合作协议》,至少 2 份、至多 3 份"),
        ("en", "− leaving some out: agreement of the applicant, at least 2, at most 3"),
    ):
        told = town.why_not(GOAL, app=app, as_of=DAY, lang=lang)
        assert words in str(told)
        assert [w["what"] for w in told.to_dict()["ways"][0]["missing"]] == ["document"]


def test_how_ranges_are_told(town):
    """An answer tells a range of which more do no harm, and a limit, in words and as data."""
    answer = town.ask({**parade(), "services": ["fair", "parade"]}, as_of=DAY, lang="en")
    told = {d.document: (d.at_least, d.up_to, d.at_most) for d in answer.bundle.documents}
    assert told == {
        "stall_licence": (2, 3, None),
        "agreement": (2, None, 3),
        "float_licence": (1, None, 1),
    }
    text = str(answer)
    assert "《摊位证》 (stall licence), held by the tenant, 2 to 3, held 0" in text
    assert "《合作协议》 (agreement), at least 2, at most 3, held 0" in text
    [licence] = [d for d in answer.to_dict()["bundle"]["documents"] if "up_to" in d]
    assert (licence["id"], licence["up_to"], "at_most" in licence) == ("stall_licence", 3, False)


def tree(op, *leaves):
    return Node.model_validate({op: [{"document": "a", **leaf} for leaf in leaves]})


@pytest.mark.parametrize(
    ("op", "leaves", "expected"),
    [
        ("any_of", [{"at_least": 2, "at_most": 3}, {}], {"a@applicantx1"}),
        ("any_of", [{"at_least": 2}, {"at_least": 2, "at_most": 3}], {"a@applicantx2"}),
        ("all_of", [{"at_least": 2, "at_most": 3}, {}], {"a@applicantx2-3"}),
        ("all_of", [{"at_most": 3}, {"at_most": 5}], {"a@applicantx1-3"}),
        (
            "all_of",
            [{"at_most": 3, "must_state": ["w"]}, {"at_most": 3}],
            {"a@applicantx1-3+w", "a@applicantx1-3"},
        ),
    ],
)
def test_what_a_limit_covers(op, leaves, expected):
    """A need with a limit stands for one of fewer copies or of a wider limit of the same copies; a
    limit of copies that state some words is none of all copies."""
    [only] = alternatives(tree(op, *leaves))
    assert {need.id for need in only.needs} == expected


def test_a_bundle_keeps_to_limits():
    """Of two ways the one is picked whose count no other category refuses, though it is of more
    documents; where there is no such way, both ends are told."""
    few = Choice("1", frozenset({Need("a", at_most=2)}))
    many = Choice("2", frozenset({Need("a", at_least=3)}))
    other = Choice("3", frozenset({Need("b"), Need("c")}))
    assert [pick.name for pick in best([[few], [many, other]]).picks] == ["1", "3"]
    wide = [Choice(f"w{n}", frozenset({Need("a", at_least=3 + n)})) for n in range(40)]
    assert [pick.name for pick in best([[few], [*wide, other]]).picks] == ["1", "3"]
    [need] = best([[few], [many]]).needs
    assert (need.at_least, need.at_most) == (3, 2)


def test_a_range_that_changed():
    """The difference of two trees tells a range and a limit that came or went."""
    one, two, three = (
        Node(document="a", at_least=2, **more) for more in ({}, {"up_to": 3}, {"at_most": 4})
    )
    assert difference(one, two) == (RangeChanged("a", (2, None, None), (2, 3, None)),)
    assert difference(two, three) == (RangeChanged("a", (2, 3, None), (2, None, 4)),)


def test_wrong_ranges(tmp_path):
    """Ends in the wrong order and a limit beside `each` are refused in their places."""
    folder = tmp_path / "facts"
    for path in (CASES / "facts-parties").rglob("*.yaml"):
        target = folder / path.relative_to(CASES / "facts-parties")
        target.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text("utf-8")
        text = text.replace("up_to: 3, lines: 11", "up_to: 1, lines: 11")
        text = text.replace("at_most: 3, lines: 13", "at_most: 3, each: partner, lines: 13")
        target.write_text(text, "utf-8")
    with pytest.raises(Problems) as caught:
        kb.load(only_facts=folder)
    assert [problem.message for problem in caught.value.problems] == [
        "`up_to: 1` is less than `at_least: 2`",
        "`at_most` can not stand beside `each`",
    ]
