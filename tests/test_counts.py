"""Papers of which there are as many as a number of the app: told alike wherever one asks."""

from __future__ import annotations

import random
import shutil
from itertools import product

import pytest
from test_audit import asked, audited, lines_of
from test_cases import CASES, loaded

import kb
from kb.compare.results import NumberChanged
from kb.compare.tree_difference import difference
from kb.graph.drawing import drawing
from kb.lang.problems import Problems
from kb.model.requirements import Need, alternatives
from kb.model.schema import Node
from kb.render.translation import problems_text

DAY = "2025-06-30"
GUILD = {
    "name": "甲",
    "regions": ["quay"],
    "services": ["guild"],
    "facts": {"workshops": 3},
    "holds": [{"document": "certificate", "holder": "partner", "count": 2}],
}
OPEN = {key: value for key, value in GUILD.items() if key != "facts"}


@pytest.fixture(scope="module")
def guild():
    """A made-up guild: line 2 wants the certificate of each workshop, line 4 two agreements or
    more, one for each stall, line 8 a licence of five workshops or more."""
    return loaded(("facts-counts",))


def test_so_many_are_told(guild):
    """The answer tells how many there must be and of what number; what is not said is asked."""
    told = "《作坊证》,由合作方持有,至少 3 份,份数同「作坊数」,现有 2 份"
    assert told in str(guild.ask(GUILD, DAY))
    assert told in str(guild.bundles(GUILD, DAY))
    document = guild.ask(GUILD, DAY).to_dict()["bundle"]["documents"][0]
    counted = {key: document[key] for key in ("at_least", "as_many_as", "held", "verdict")}
    assert counted == {"at_least": 3, "as_many_as": "workshops", "held": 2, "verdict": "missing"}
    answer = guild.ask(OPEN, DAY, lang="en")
    assert "held by the partner, as many as: number of workshops, held 2" in str(answer)
    assert str(answer.verdict) == "undetermined"
    [point] = answer.to_dict()["undetermined"]
    assert (point["ask"]["attribute"], point["because"], point["sources"][0]["lines"]) == (
        "workshops",
        "not stated: number of workshops",
        [2],
    )


def test_costs(guild):
    """Each missing certificate costs 50.00 (line 9); of how many nobody knows, it is 50.00 at
    least."""
    assert guild.bundles({**GUILD, "holds": []}, DAY).to_dict()["bundle"]["cost"] == 3 * 5000
    assert guild.bundles(GUILD, DAY).to_dict()["bundle"]["cost"] == 5000
    found = guild.bundles({**OPEN, "holds": []}, DAY).to_dict()["bundle"]
    assert (found["cost"], found["cost_ends"]) == (None, {"least": 5000, "most": None})


def test_one_bundle_for_two_counts(guild):
    """Of the certificates that one category wants one each and another one, so many are enough."""
    app = {**GUILD, "services": ["guild", "school"], "facts": {"workshops": 4}, "holds": []}
    [paper] = guild.ask(app, DAY).bundle.documents
    assert (paper.document, paper.copies, paper.as_many_as) == ("certificate", 4, "workshops")


def test_why_and_why_not(guild):
    """The proof names the number, and each repair is so many papers, or the number itself."""
    proof = str(guild.why("lacks(_, _, _)", GUILD, DAY, lang="en"))
    assert "by what 甲 says, 3 are asked for of certificate of a workshop" in proof
    assert 'by what 甲 states, "number of workshops" is 3' in proof
    for app, repairs in (
        (GUILD, ["3 x certificate of a workshop of the partner (as many as: number of workshops)"]),
        (OPEN, ["number of workshops: 2 workshops"]),
        (
            {**OPEN, "holds": []},
            [
                "certificate of a workshop of the partner (as many as: number of workshops)",
                "number of workshops: 1 workshops",
            ],
        ),
    ):
        found = str(guild.why_not("verdict", app, DAY, lang="en"))
        lines = [line.strip()[2:].partition("  [")[0] for line in found.splitlines()]
        assert [line for line in lines if line in repairs] == repairs


def test_interview(guild):
    """How many workshops there are is asked before the certificates; a plain yes is all of them."""
    for said, verdict in (("yes", "satisfied"), (2, "missing"), (3, "satisfied")):
        talk = guild.interview({"regions": ["quay"], "services": ["guild"]}, DAY, "en")
        asked_for = []
        while (question := talk.question) is not None:
            asked_for.append(question.subject)
            talk.answer(3 if question.kind == "attribute" else said)
        assert asked_for == ["workshops", "certificate@partnerx1=workshops"]
        assert str(guild.ask(talk.app, DAY).verdict) == verdict
    talk = guild.interview(OPEN, DAY)
    assert talk.question.subject == "workshops"
    talk.answer(2)
    assert talk.question is None


def test_show_and_graph(guild):
    """A category and its picture say what the papers are counted by."""
    tree = guild.show("town-guild").to_dict()["versions"][0]["requirement"]
    assert (tree["at_least"], tree["as_many_as"]) == (1, "workshops")
    assert "《作坊证》,由合作方持有,份数同「作坊数」" in str(guild.show("town-guild"))
    for view, lang, words in (
        (guild.graph(category="town-guild"), "zh", "(份数同「作坊数」)"),
        (guild.graph(app=guild.app(GUILD), as_of=DAY), "en", "(as many as: number of workshops)"),
    ):
        labels = [" ".join(spot.label.split()) for spot in drawing(view, lang).spots]
        assert any(words in label for label in labels), labels


def test_what_covers_what():
    """Papers that are counted by a number do for those that are not, and not the other way."""
    plain, counted = Need("a"), Need("a", as_many="n")
    assert counted.covers(plain)
    assert not plain.covers(counted)
    assert not Need("a", as_many="m").covers(counted)
    tree = Node(all_of=(Node(document="a"), Node(document="a", as_many_as="n")))
    assert [each.needs for each in alternatives(tree)] == [frozenset({counted})]


def test_a_number_that_changed():
    """The difference of two trees tells by which number papers are counted."""
    one, two = Node(document="a"), Node(document="a", as_many_as="n")
    assert difference(one, two) == (NumberChanged("a", (), ("n",)),)
    assert difference(two, one) == (NumberChanged("a", ("n",), ()),)
    assert difference(two, two) == ()


def test_audits(guild, tmp_path):
    """An audit comes to the verdict of each app alone, with its reason and what it lacks; so many
    more copies than any text names are told apart too."""
    choice = random.Random(15).choice
    numbers = [None, 0, 1, 2, 3, 6, 40]
    rows = []
    for n, (workshops, stalls) in enumerate(product(numbers, numbers)):
        facts = {"workshops": workshops, "stalls": stalls}
        holds = [
            {"document": "certificate", "holder": "partner", "count": choice([1, 2, 3, 39, 40])},
            {"document": "certificate", "count": choice([1, 37])},
            {
                "document": "agreement",
                "states": [choice(["摊位", "仓库"])],
                "count": choice([1, 2, 40]),
            },
            {"document": choice(["licence", "promise"])},
        ]
        rows.append(
            {
                "id": f"app {n}",
                "regions": ["quay"],
                "services": choice(
                    [["guild"], ["market"], ["school", "guild"], ["guild", "market"]]
                ),
                "facts": {key: value for key, value in facts.items() if value is not None},
                "holds": [each for each in holds if choice([True, False])],
            }
        )
    out = tmp_path / "out.parquet"
    guild.audit(lines_of(tmp_path / "apps.jsonl", rows), out, as_of=DAY)
    found = audited(out)
    for row in rows:
        name = row.pop("id")
        assert found[name] == asked(guild, {**row, "name": name}, DAY), name
    verdicts = {rows_of[None].verdict for rows_of in found.values()}
    assert verdicts == {"satisfied", "missing", "undetermined"}


EACH = """
    requirement:
      all_of:
        - {document: certificate, holder: partner, as_many_as: workshops, lines: 2}
        - {document: agreement, at_least: 2, each: partner, lines: 2}
"""


@pytest.mark.parametrize("first", ["parties", "number"])
def test_all_parties_of_a_number_are_named(tmp_path, first):
    """Of three workshops that are said to be there an interview takes no two parties for all of
    them, whichever is said first: it says so in both languages, and asks on of all three."""
    folder = tmp_path / "facts"
    shutil.copytree(CASES / "facts-counts", folder)
    file = folder / "guild-2022.yaml"
    one = " {document: certificate, holder: partner, as_many_as: workshops, lines: 2}\n"
    text = file.read_text("utf-8").replace(f"\n    requirement:{one}", EACH, 1)
    file.write_text(text, "utf-8")
    app = {key: value for key, value in OPEN.items() if key != "holds"} | {"applicant": "firm"}
    if first == "number":
        app["facts"] = {"workshops": 3}
    talk = kb.load(only_facts=folder, as_of=DAY).interview(app)
    while talk.question.kind != "parties":
        talk.answer(3 if talk.question.kind == "document" else None)
    if first == "parties":
        talk.answer(2)
        while talk.question.subject != "workshops":
            talk.answer(1)
    with pytest.raises(Problems) as refused:
        talk.answer(3 if first == "parties" else 2)
    assert str(refused.value) == (
        "error[interview]: `workshops` is 3, and only 2 of the role `partner` are named\n"
        "  help: name them all, or take back how many there are"
    )
    assert problems_text(refused.value, "zh") == (
        "错误[interview]: `workshops` 是 3,而角色 `partner` 只说出了 2 方\n"
        "  办法: 请全部说出,或收回所填的数目"
    )
    if first == "parties":
        assert talk.question.subject == "workshops"
        talk.answer(2)
        return
    assert talk.question.kind == "parties"
    talk.answer(["甲坊", "乙坊", "丙坊"])
    asked_of = set()
    while talk.question is not None:
        if talk.question.kind == "party_document":
            asked_of.add(talk.question.subject.partition("#")[2])
        talk.answer(3 if talk.question.kind == "document" else 1)
    assert (talk.verdict, asked_of) == ("satisfied", {"甲坊", "乙坊", "丙坊"})


def test_analysis(tmp_path):
    """That papers come to be counted by a number makes apps worse: the smallest that does is one
    that has what was enough before."""
    folder = tmp_path / "facts"
    shutil.copytree(CASES / "facts-counts", folder)
    later = (folder / "guild-2022.yaml").read_text("utf-8")
    later = later.replace("guild-2022", "guild-2023").replace("2022-01-01", "2023-01-01")
    (folder / "guild-2023.yaml").write_text(later, "utf-8")
    earlier = (folder / "guild-2022.yaml").read_text("utf-8").replace(" as_many_as: workshops,", "")
    (folder / "guild-2022.yaml").write_text(earlier, "utf-8")
    base = kb.load(only_facts=folder)
    worse = base.analyse("town-guild", compared=("2022-06-01", "2023-06-01")).worse
    assert worse.verdicts == ("satisfied", "undetermined")
    better = base.analyse("town-guild", compared=("2023-06-01", "2022-06-01")).worse
    assert better.app is None
    told = str(base.changes("2022-06-01", "2023-06-01", lang="en"))
    assert "counted by another number" in told


WRONG = {
    "as_many_as: workshop,": "no attribute is called `workshop`",
    "as_many_as: applicant,": "`applicant` is no whole number",
    "as_many_as: workshops, at_most: 4,": "`as_many_as` can not stand beside `at_most`",
    "as_many_as: workshops, each: partner,": "`as_many_as` can not stand beside `each`",
    "as_many_as: workshops, optional: true,": "`as_many_as` can not stand beside `optional`",
}


@pytest.mark.parametrize("written", WRONG)
def test_wrong_numbers(tmp_path, written):
    """A number that there is not, one that is none, and another way to count beside it are
    refused."""
    folder = tmp_path / "facts"
    shutil.copytree(CASES / "facts-counts", folder)
    file = folder / "guild-2022.yaml"
    text = file.read_text("utf-8").replace("as_many_as: workshops,", written)
    file.write_text(text, "utf-8")
    with pytest.raises(Problems) as caught:
        kb.load(only_facts=folder)
    assert WRONG[written] in [problem.message for problem in caught.value.problems]
