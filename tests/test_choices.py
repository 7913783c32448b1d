"""Choices with ends: "one or two of these", and no more than so many."""

from __future__ import annotations

from itertools import product
from random import Random
from shutil import copytree

import pytest
from test_audit import asked, audited, lines_of
from test_cases import CASES, loaded

import kb
from kb.answers.bundle import best
from kb.answers.choices import Choice, Some
from kb.compare.results import ChoiceCountChanged
from kb.compare.tree_difference import difference
from kb.importers.tree import read_papers
from kb.lang.problems import Problems
from kb.model.requirements import Need
from kb.model.schema import Node

DAY = "2025-06-30"
GOAL = "category_verdict('a', 'guild-tasting', 'satisfied')"
SHEET = {"document": "sample_sheet", "states": ["编号 7"]}
CARD = {"document": "card", "holder": "partner"}


@pytest.fixture(scope="module")
def guild():
    """The base of a made-up guild in which no more than two of four papers are accepted."""
    return loaded(("facts-guild",))


def app(*holds, services=("tasting",), **more):
    return {
        "name": "a",
        "regions": ["quay"],
        "services": list(services),
        "holds": list(holds),
        **more,
    }


def test_every_count_of_a_choice(guild):
    """One or two papers that surely count satisfy, none or three are missing, and where that hangs
    on what a paper states or whose it is, the verdict is undetermined."""
    papers = ([None, "recipe"], [None, SHEET, "sample_sheet"], [None, CARD, "card"])
    for held in product([None, "cellar_book"], *papers):
        there = [paper for paper in held if paper is not None]
        open_ = sum(paper in ("sample_sheet", "card") for paper in there)
        sure = len(there) - open_
        ways = {1 <= sure + more <= 2 for more in range(open_ + 1)}
        expected = {(True,): "satisfied", (False,): "missing"}.get(tuple(ways), "undetermined")
        assert guild.ask(app(*there), as_of=DAY).verdict == expected, there


def test_audits_as_asked(guild, tmp_path):
    """An audit of random profiles says of choices with ends what each is told alone."""
    random = Random(7)
    every = ["recipe", "cellar_book", "sample_sheet", SHEET, CARD, "card", "cart_licence"]
    rows = [
        app(
            *random.sample(every, random.randint(0, 5)),
            services=random.sample(["tasting", "cellar", "cart"], random.choice([1, 1, 2])),
        )
        | {"name": f"a{n}"}
        for n in range(150)
    ]
    named = [{"id" if k == "name" else k: v for k, v in row.items()} for row in rows]
    path = lines_of(tmp_path / "apps.jsonl", named)
    assert guild.audit(path, tmp_path / "out.parquet", as_of=DAY).refused == 0
    found = audited(tmp_path / "out.parquet")
    for row in rows:
        assert found[row["name"]] == asked(guild, row, DAY), row


def test_what_is_too_many_is_left_out(guild):
    """With three of the four the one repair is to leave some out, told without a paper to add; with
    none it is to hand one in; after either the app is satisfied."""
    full = app("recipe", "cellar_book", SHEET)
    told = str(guild.why_not(GOAL, app=full, as_of=DAY, lang="en"))
    lead = "any 1 to 2 of these 4 (at most 2)"
    name = f"{lead}: recipe; cellar book; sample sheet(编号); card(partner)"
    assert f"− leaving some out: {name}  [guild-2021 2]" in told
    [change] = guild.smallest_change(full, as_of=DAY).fewest
    assert change.too_many
    [document] = guild.ask(full, as_of=DAY).bundle.documents
    assert (document.held, document.at_most) == (3, 2)
    told = str(guild.why_not(GOAL, app=app(), as_of=DAY, lang="en"))
    assert f"+ {name}  [guild-2021 2]" in told


def test_a_bundle_keeps_to_the_limit():
    """Of three papers of which one or two are accepted a bundle takes two where other categories
    leave a choice, and goes over the limit only where there is none."""
    a, b, c, d = map(Need, "abcd")
    tasting = Choice("1", frozenset(), some=(Some(1, (a, b, c), 2),))
    both = Choice("2", frozenset({a, b}))
    third, other = Choice("3", frozenset({c})), Choice("4", frozenset({d}))
    assert best([[tasting], [both], [third, other]]).needs == (a, b, d)
    assert best([[tasting], [both], [third]]).needs == (a, b, c)


def test_bundles_of_categories_with_a_limit(guild):
    """The cellar asks for a recipe, which is one of what the tasting takes; with the card in hand
    the cellar book would be one too many."""
    held = app(CARD, services=("tasting", "cellar"))
    documents = [d.document for d in guild.ask(held, as_of=DAY).bundle.documents]
    assert documents == ["cooper_licence", "recipe"]
    then = {**held, "holds": [CARD, *documents]}
    assert guild.ask(then, as_of=DAY).verdict == "satisfied"


def test_how_choices_are_told(guild):
    """Text, JSON and a drawing tell the ends of a choice; a limit stands in the tree too."""
    shown = guild.show("guild-tasting", lang="en")
    assert "any 1 to 2 of, at most 2" in str(shown)
    [version] = shown.to_dict()["versions"]
    assert {k: version["requirement"].get(k) for k in ("at_least", "up_to", "at_most")} == {
        "at_least": None,
        "up_to": 2,
        "at_most": 2,
    }
    assert "任选 2 至 3 项" in str(guild.show("guild-cart", lang="zh"))
    graph = guild.graph(category="guild-tasting")
    [node] = [data for _, data in graph.nodes(data=True) if data["kind"] == "any_of"]
    assert (node["at_least"], node["up_to"], node["at_most"]) == (1, 2, 2)


def test_another_count_is_a_difference():
    """How many of several documents are asked for is compared like how many of one."""
    one, other = (
        Node(any_of=(Node(document="x"), Node(document="y")), **more)
        for more in ({}, {"at_least": 1, "at_most": 1})
    )
    assert difference(one, other) == (
        ChoiceCountChanged(("x", "y"), (1, None, None), (1, None, 1)),
    )
    assert difference(one, one) == ()


@pytest.mark.parametrize(
    ("words", "counts"),
    [
        ("任选其中一至两项:", (1, 2, None)),
        ("以下任选两项，最多三项:", (2, None, 3)),
        ("最多提供其中2项:", (1, None, 2)),
        ("任选其一:", (1, None, None)),
    ],
)
def test_drafts_read_the_ends_of_a_choice(words, counts):
    """A heading that says how many of a list, up to how many, or no more than how many."""
    node = read_papers(f"{words}\n1、《甲证》\n2、《乙证》\n3、《丙证》\n4、《丁证》").node
    assert (node.op, node.at_least, node.up_to, node.at_most) == ("any", *counts)


BAD = [
    ("at_most: 5", "`at_most` asks for more than there are"),
    ("at_least: 2\n      at_most: 1", "`at_most: 1` is less than `at_least: 2`"),
    (
        "at_most: 1",
        "`at_most` of a choice is of plain documents, none of which does for another",
    ),
]


@pytest.mark.parametrize(("ends", "message"), BAD)
def test_what_is_refused(ends, message, tmp_path):
    """Ends that can not be, and a limit of what can not be counted, are refused."""
    folder = tmp_path / "facts"
    copytree(CASES / "facts-guild", folder)
    text = (folder / "guild-2021.yaml").read_text("utf-8")
    text = text.replace("at_least: 2\n      up_to: 3\n", f"{ends}\n")
    if "plain" in message:
        book = "{document: cellar_book, lines: 6}"
        text = text.replace(book, f"{{all_of: [{book}], lines: 6}}")
    (folder / "guild-2021.yaml").write_text(text, "utf-8")
    with pytest.raises(Problems) as refused:
        kb.load(only_facts=folder)
    assert [problem.message for problem in refused.value.problems] == [message]
