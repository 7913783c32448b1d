"""Copies of one paper in bundles: what states different values in one field takes several."""

from __future__ import annotations

import shutil
from itertools import product
from random import Random

import pytest
from test_audit import asked, audited, lines_of
from test_cases import CASES, loaded

import kb
from kb.answers.bundle import best, merged, minimal
from kb.answers.choices import Choice
from kb.answers.copies import Contradicting, Copies, Never
from kb.lang.problems import Problems
from kb.model.requirements import Need
from kb.model.stating import contradict

DAY = "2025-06-30"


@pytest.fixture(scope="module")
def guild():
    """The base of a made-up guild whose charters are of one kind each."""
    return loaded(("facts-guild",))


def app(*services, holds=()):
    return {"name": "a", "regions": ["quay"], "services": list(services), "holds": list(holds)}


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("charter_kind: 客船", "charter_kind: 货船|驳船", True),
        ("charter_kind: 客船", "charter_kind: 客船|驳船", False),
        ("charter_kind: 客船", "charter_kind: 大客船", False),
        ("waters: 江", "waters: 海", False),
        ("crew >= 5", "crew < 5", True),
        ("crew >= 5", "crew <= 5", False),
        ("port: quay", "port: quay", False),
        ("valid_until >= 2030-01-01", "valid_until <= 2029-12-31", True),
        ("valid_until >= in 3 months", "valid_until <= 2029-12-31", False),
        ("crew >= 5", "charter_kind: 客船", False),
        ("编号", "名称", False),
    ],
)
def test_what_one_copy_can_not_state(guild, one, other, apart):
    """Two values of a field that has one contradict each other, whichever comes first; ends that
    meet, words within words and fields with several words do not."""
    vocabulary = guild.facts.vocabulary
    assert contradict([one], [other], vocabulary) is apart
    assert contradict([other], [one], vocabulary) is apart


def test_a_bundle_takes_a_copy_for_each_value(guild):
    """Charters of two kinds are two, and the third place, which asks for any, is met by either;
    with both in hand the app is satisfied, with one that is said to be of both kinds it is not
    told that one is enough."""
    answer = guild.ask(app("ferrying", "freight", "towing"), as_of=DAY)
    told = [(d.document, d.at_least, d.must_state) for d in answer.bundle.documents]
    assert told == [
        ("charter", 1, ("charter_kind: 客船",)),
        ("charter", 1, ("charter_kind: 货船|驳船",)),
    ]
    held = [{"document": d, "states": list(words)} for d, _, words in told]
    held[1]["states"] = ["船舶类型: 货船"]
    assert guild.ask(app("ferrying", "freight", "towing", holds=held), as_of=DAY).verdict == (
        "satisfied"
    )
    alone = guild.ask(app("ferrying", "towing"), as_of=DAY).bundle.documents
    assert [(d.document, d.at_least) for d in alone] == [("charter", 1)]
    found = guild.bundles(app("ferrying", "freight"), as_of=DAY, cost={"charter": 500})
    assert (len(found.bundle.documents), found.bundle.cost) == (2, 1000)


def test_what_any_copy_does_for():
    """Needs that contradict none are met by the copies that are taken, and take more only beyond
    them; their words go with the first."""
    a, b = (Need("x", must_state=(f"kind: {k}",)) for k in "ab")
    plain, many = Need("x", must_state=("w",)), Need("x", at_least=3)

    class Apart(Never):
        def __call__(self, one, other, /):
            return {one, other} == {a, b}

    def together(*needs):
        return merged([Choice("1", frozenset(needs))], Apart())

    assert together(a, b, plain) == (Need("x", must_state=("kind: a", "w")), b)
    assert sorted(n.at_least for n in together(a, b, many)) == [1, 2]
    assert len(together(a, plain)) == 1
    assert [len(found) for found in (together(a, b), together(a, b, plain))] == [2, 2]


def test_the_least_of_all_picks(guild):
    """The bundle that is found is as small as the smallest of all ways to pick, and each minimal
    one lacks a paper of every other; with random choices among papers that contradict."""
    random = Random(3)
    words = ["charter_kind: 客船", "charter_kind: 货船", "charter_kind: 驳船"]
    every = [Need("charter", must_state=(w,)) for w in words]
    every += [Need("charter"), Need("charter", at_least=2), Need("deed"), Need("pledge")]
    apart = Contradicting(guild.facts.vocabulary)
    for _ in range(150):
        lists = [
            [
                Choice(f"{r}.{n}", frozenset(random.sample(every, random.randint(1, 3))))
                for n in range(random.randint(1, 4))
            ]
            for r in range(random.randint(1, 4))
        ]
        sizes = [
            (len(m), sum(n.at_least for n in m))
            for picks in product(*lists)
            for m in [merged(picks, apart)]
        ]
        found = best(lists, apart=apart)
        assert (len(found.needs), sum(n.at_least for n in found.needs)) == min(sizes)
        assert found.optimal
        papers = [
            Copies(every, apart).merged(n for pick in each.picks for n in pick.lacks)
            for each in minimal(lists, apart=apart)
        ]
        assert len(papers[0]) == min(sizes)[0]


def test_audits_as_asked(guild, tmp_path):
    """An audit of random profiles says of papers with such fields what each is told alone."""
    random = Random(9)
    kinds = [[], ["船舶类型: 客船"], ["船舶类型: 货船"], ["船舶类型: 驳船"], None]
    rows = [
        app(
            *random.sample(["ferrying", "freight", "towing"], random.randint(1, 3)),
            holds=[
                {"document": "charter"} | ({} if kind is None else {"states": kind})
                for kind in random.sample(kinds, random.randint(0, 2))
            ],
        )
        | {"name": f"a{n}"}
        for n in range(80)
    ]
    named = [{"id" if k == "name" else k: v for k, v in row.items()} for row in rows]
    path = lines_of(tmp_path / "apps.jsonl", named)
    guild.audit(path, tmp_path / "out.parquet", as_of=DAY)
    found = audited(tmp_path / "out.parquet")
    for row in rows:
        assert found[row["name"]] == asked(guild, row, DAY), row


def test_an_interview_lists_a_copy_for_each_value(guild):
    """Who answers that both charters are in hand has two, each of its kind, and a charter of any
    kind is one of them."""
    talk = guild.interview({"name": "a", "regions": ["quay"]}, DAY)
    talk.answer(["ferrying", "freight", "towing"])
    while talk.question:
        talk.answer(1)
    assert sorted((h.count, h.states) for h in talk.app.holds) == [
        (1, ("charter_kind: 客船",)),
        (1, ("charter_kind: 货船|驳船",)),
    ]
    assert talk.verdict == "satisfied"


def test_what_a_narrower_document_does_for():
    """A document in a bundle counts for the wider kinds of it: the fewest papers for both are those
    of the narrower one, whatever solver finds them, and as many as the wider one asks for."""
    pond = loaded(("facts-kinds",))
    told = pond.ask({"name": "甲", "services": ["open", "eels"]}, as_of=DAY)
    assert [d.document for d in told.bundle.documents] == ["eel_permit"]
    told = pond.ask({"name": "甲", "services": ["pair", "eels", "both"]}, as_of=DAY)
    assert [(d.document, d.at_least) for d in told.bundle.documents] == [("eel_permit", 2)]
    held = [{"document": "eel_permit", "count": 2}]
    asked = {"name": "甲", "services": ["pair", "eels", "both", "open"], "holds": held}
    assert pond.ask(asked, as_of=DAY).verdict == "satisfied"
    found = pond.bundles(asked | {"holds": []}, as_of=DAY, every=True)
    assert [[d.document for d in each.documents] for each in found.all] == [["eel_permit"]]


def test_a_repair_provides_no_wider_document_beside_its_kind():
    """What would make a verdict satisfied is the narrower document alone where it does for both."""
    pond = loaded(("facts-kinds",))
    found = pond.why_not("verdict", {"name": "甲", "services": ["open", "eels"]}, as_of=DAY)
    kept = [one.changes for one in found.repairs if not one.gives_up]
    assert [[change.need.document for change in changes] for changes in kept] == [["eel_permit"]]


def test_show_tells_what_a_kind_does_for():
    """A document is shown with what asks for it and for what it is a kind of; of one that has kinds
    it is not said that nothing stands in for it."""
    pond = loaded(("facts-kinds",))
    eels = str(pond.show_any("eel_permit", as_of=DAY, lang="en"))
    assert "  is a kind of: permit for fish, permit\n" in eels
    assert "  4 categories ask for it or for what it is a kind of on" in eels
    assert "nothing can stand in for it" in eels.split("Pond - eels")[1].split("Pond -")[0]
    permit = str(pond.show_any("permit", as_of=DAY, lang="en"))
    assert "  its kinds: permit for eels, permit for fish\n" in permit
    assert "nothing but its kinds can stand in for it" in permit


def test_kinds_that_would_be_counted_twice_are_refused(tmp_path):
    """A choice of which several different papers are asked for names no kind of another in it."""
    folder = tmp_path / "facts"
    shutil.copytree(CASES / "facts-kinds", folder)
    text = (folder / "pond-2024.yaml").read_text()
    pair = "{document: permit, at_least: 2, lines: 6}"
    chosen = (
        "{any_of: [{document: permit, lines: 6}, {document: eel_permit, lines: 6}, "
        "{document: deed, lines: 6}], at_least: 2, lines: 6}"
    )
    assert pair in text
    (folder / "pond-2024.yaml").write_text(text.replace(pair, chosen))
    documents = folder / "vocabulary" / "documents.yaml"
    documents.write_text(documents.read_text() + "  - {id: deed, zh: 契据, en: deed}\n")
    with pytest.raises(Problems) as caught:
        kb.load(only_facts=folder)
    assert [problem.message for problem in caught.value.problems] == [
        "`eel_permit` is a kind of `permit`: one paper would be counted as two"
    ]


def test_kinds_in_the_least_of_all_picks():
    """With random choices among papers of which some are kinds of others, the bundle that is found
    is as small as the smallest of all ways to pick."""
    random = Random(5)
    every = [Need(d) for d in ("permit", "fish_permit", "eel_permit", "deed")]
    every += [Need("permit", holder="partner"), Need("eel_permit", holder="partner")]
    kinds = Contradicting(loaded(("facts-kinds",)).facts.vocabulary)
    for n in range(200):
        lists = [
            [
                Choice(f"{r}.{n}", frozenset(random.sample(every, random.randint(1, 3))))
                for n in range(random.randint(1, 4))
            ]
            for r in range(random.randint(1, 3 + n % 3))
        ]
        sizes = [len(merged(picks, kinds)) for picks in product(*lists)]
        assert len(best(lists, apart=kinds).needs) == min(sizes)
        assert len(minimal(lists, apart=kinds)[0].needs) == min(sizes)
