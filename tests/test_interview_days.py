"""An interview asks for the days of papers on which a requirement hangs."""

from __future__ import annotations

import shutil

import pytest
from test_cases import CASES, loaded

import kb
from kb.lang.problems import Problems
from kb.widgets.choices import Choices

DAY = "2024-02-15"
SHIP = {
    "regions": ["quay"],
    "services": ["tours"],
    "holds": [
        "insurance",
        {"document": "hull_report", "issued": "2024-01-01"},
        {"document": "berth_agreement", "with": "东号"},
        {"document": "berth_agreement", "with": "西号"},
    ],
    "parties": [
        {"id": "东号", "role": "partner", "holds": ["boat_permit"]},
        {"id": "西号", "role": "partner", "holds": ["boat_permit"]},
    ],
}
ASKED = "有效期到哪天:主体的《保险单》?"
ENGLISH = "Until which day is it valid: insurance of the applicant?"


@pytest.fixture(scope="module")
def pier():
    """The base of a made-up pier: its line 4 wants an insurance for three months more."""
    return loaded(("facts-pier",))


def talked(base, start, answers, lang="zh"):
    """The questions that are asked, answered by what they begin with, and the verdict after."""
    talk = base.interview(start, as_of=DAY, lang=lang)
    asked = []
    while (question := talk.question) is not None:
        asked.append(str(question).splitlines()[0])
        talk.answer(next((a for words, a in answers if asked[-1].startswith(words)), None))
    return asked, str(base.ask(talk.app, DAY).verdict), talk.profile


def test_the_paper_and_then_its_day(pier):
    """Whether the insurance is in hand is asked without what it must state, and then until when it
    is valid; the profile keeps the day. The last day is good from 2024-05-15 on, three months
    after the day asked."""
    rest = {**SHIP, "holds": []}
    del rest["holds"]
    answers = [
        ("In hand (how many): insurance of the applicant?", 1),
        ("In hand", 1),
        ("On which day", "2024-01-01"),
    ]
    for day, verdict in (("2024-05-15", "satisfied"), ("2024-05-14", "missing")):
        told = [(ENGLISH, day), *answers]
        asked, found, profile = talked(pier, rest, told, "en")
        at = asked.index("In hand (how many): insurance of the applicant?")
        assert asked[at + 1] == ENGLISH
        assert found == verdict
        [paper] = [h for h in profile["holds"] if h["document"] == "insurance"]
        assert paper == {
            "document": "insurance", "count": 1, "holder": "applicant", "valid_until": day,
        }  # fmt: skip


@pytest.mark.parametrize(
    ("paper", "asked"),
    [
        ("insurance", [ASKED]),
        ({"document": "insurance", "states": ["船"]}, [ASKED]),
        ({"document": "insurance", "states": {"valid_until": "2024-12-01"}}, []),
        ({"document": "insurance", "valid_until": "2024-12-01"}, []),
        ({"document": "insurance", "valid_until": "2024-03-01"}, []),
    ],
)
def test_a_paper_of_the_profile(pier, paper, asked):
    """Of a paper that a profile lists the day alone is asked, and only where the profile does not
    say it."""
    start = {**SHIP, "holds": [paper, *SHIP["holds"][1:]]}
    found, verdict, _ = talked(pier, start, [(ASKED, "2024-06-01")])
    assert found == asked
    assert verdict == ("missing" if "2024-03-01" in str(paper) else "satisfied")


def test_nobody_knows_the_day(pier):
    """A day that nobody knows is asked for once, and the verdict stays open."""
    assert talked(pier, SHIP, [])[:2] == ([ASKED], "undetermined")


def test_no_day_settles_it_alone(tmp_path):
    """Where two papers or two others would do, and each waits for its day, the days are asked for,
    though none of them settles the verdict by itself."""
    folder = tmp_path / "pier"
    shutil.copytree(CASES / "facts-pier", folder)
    text = folder / "pier-2024.yaml"
    whole = text.read_text("utf-8")
    at, end = whole.index("        - document: insurance"), whole.index("fees:")
    dated = "must_state: [{field: valid_until, since: in 3 months}], lines: 4"
    one, two, three, four = (
        f"{{document: {id}, {dated}}}"
        for id in ("insurance", "pier_filing", "boat_permit", "berth_agreement")
    )
    pairs = f"{{all_of: [{one}, {two}]}}, {{all_of: [{three}, {four}]}}"
    either = f"        - any_of: [{pairs}]\n\n"
    text.write_text(whole[:at] + either + whole[end:], "utf-8")
    base = kb.load(only_facts=folder)
    start = {**SHIP, "holds": ["insurance", "pier_filing", "boat_permit", *SHIP["holds"][1:]]}
    answers = [(ASKED, "2024-06-01"), ("有效期到哪天:主体的《栈桥备案》?", "2024-05-15")]
    asked, verdict, _ = talked(base, start, answers)
    assert {question for question, _ in answers} <= {*asked}
    assert verdict == "satisfied"


def test_kept_and_gone_on_with(pier, tmp_path):
    """A saved conversation keeps the day; what is no day is told, and the question stays."""
    talk = pier.interview(SHIP, as_of=DAY)
    for wrong in ("soon", 3):
        with pytest.raises(Problems):
            talk.answer(wrong)
    talk.answer("2024-06-01")
    talk.save(tmp_path / "talk.json")
    again = type(talk).resume(pier, tmp_path / "talk.json")
    assert again.question is None
    assert again.profile["holds"][0]["valid_until"] == "2024-06-01"


def test_panel(pier):
    """The panel asks the same, and what it writes has the day."""
    choices = Choices.of(pier, pier.app(SHIP), DAY)
    question = choices.question
    assert question is not None
    assert str(question).splitlines()[0] == ASKED
    choices.reply(question, "2024-06-01")
    assert choices.profile["holds"][0]["valid_until"] == "2024-06-01"
    assert str(pier.ask(choices.profile, DAY).verdict) == "satisfied"
