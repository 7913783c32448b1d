"""Interviews that ask party by party: who they are, then what is of each or with it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from test_cases import CASES, loaded
from test_parties import DAY, LEAD, SCHOOL, random_profiles

from kb.interview.interview import Interview
from kb.interview.parties import about_party, party_needs
from kb.lang.problems import Problems
from kb.model.requirements import Need
from kb.render.questions import question_json, question_words

BY_PARTY = {
    ("agreement", "applicant"): ("partner", {"lessons"}),
    ("filing", "partner"): ("partner", {"lessons"}),
    ("teaching_licence", "partner"): ("partner", {"fleet"}),
    ("stall_licence", "tenant"): ("tenant", {"stalls"}),
    ("lease", "applicant"): ("tenant", {"stalls"}),
}
"""What lines 2 to 9 of `school-2020` ask of or with others: their role, for which services."""
KINDS = {"service_agreement": "agreement"}


@pytest.fixture(scope="module")
def town():
    """The base of a made-up town with driving schools, a market and a fleet."""
    return loaded(("facts-parties",))


def definite(profile):
    """The profile without what an interview does not ask: days, papers that are not valid on the
    day, and those of or with nobody, or with others than those of whom a category speaks."""
    roles = {party["id"]: party["role"] for party in profile["parties"]}

    def kept(paper, holder):
        document = KINDS.get(paper["document"], paper["document"])
        role, services = BY_PARTY.get((document, holder), ("", set()))
        paper = {"states": [], **paper, "holder": holder}
        last = paper.pop("valid_until", DAY)
        if not services & set(profile["services"]) or role not in roles.values():
            return {k: v for k, v in paper.items() if k != "with"} if last >= DAY else None
        if last < DAY or not paper["count"] or roles.get(paper.get("with")) != role:
            return None
        return paper

    own = (kept(paper, paper.get("holder", "applicant")) for paper in profile["holds"])
    parties = []
    for party in profile["parties"]:
        theirs = (kept({**p, "with": party["id"]}, party["role"]) for p in party["holds"])
        papers = [{k: p[k] for k in ("document", "count", "states")} for p in theirs if p]
        parties.append({**party, "holds": papers})
    return {**profile, "holds": [paper for paper in own if paper], "parties": parties}


def from_profile(profile, need, party=None):
    """How many different ones a profile has of what a need asks for, of a party or in all."""
    found = set()
    for n, paper in enumerate(profile["holds"]):
        found |= {
            (
                n,
                m,
                None if party is None else paper.get("with"),
                paper["holder"],
                paper["document"],
                tuple(paper["states"]),
            )
            for m in range(paper["count"])
        }
    for who in profile["parties"]:
        found |= {
            (who["id"], 0, who["id"], who["role"], p["document"], tuple(p["states"]))
            for p in who["holds"]
            if p["count"]
        }
    return sum(
        with_ == party or party is None
        for _, _, with_, holder, document, states in found
        if holder == need.holder and KINDS.get(document, document) == need.document
        and all(any(word in text for text in states) for word in need.must_state)
    )  # fmt: skip


def answered(base, profile, start=("services", "regions")):
    """An interview answered by somebody who has a profile before them, and its questions."""
    talk = base.interview({"name": "a", **{key: profile[key] for key in start}}, DAY)
    questions = []
    while (question := talk.question) is not None:
        questions.append(question)
        now = talk._selection.state(talk.replies)
        then = talk._selection.answers(talk.replies, question.about)
        outcomes = {(s.verdict, s.left) for s in (
            talk._selection.state((*talk.replies, reply)) for reply in then)}  # fmt: skip
        assert outcomes != {(now.verdict, now.left)}, question
        match question.kind:
            case "parties":
                named = [p["id"] for p in profile["parties"] if p["role"] == question.subject]
                talk.answer(named or None)
            case "party_document":
                talk.answer(from_profile(profile, *about_party(question.subject, base.needs)) > 0)
            case "document":
                talk.answer(from_profile(profile, base.needs[question.subject]))
            case kind:
                raise AssertionError(kind)
    return talk, questions


def test_the_verdict_of_the_profile_written_by_hand(town):
    """However random papers lie with random parties, the interview ends with the verdict of the
    profile written by hand; what it makes is a profile that `ask` answers so; no question comes
    twice, each can settle something, and nobody is asked for papers of unnamed parties."""
    verdicts, kinds = set(), set()
    for profile in map(definite, random_profiles(70, 4)):
        talk, questions = answered(town, profile)
        wanted = town.ask(profile, DAY).verdict
        assert talk.verdict == wanted == town.ask(talk.profile, DAY).verdict, profile
        subjects = [(each.kind, each.subject) for each in questions]
        assert len(subjects) == len(set(subjects))
        verdicts.add(str(wanted))
        kinds.update(each.kind for each in questions)
    assert verdicts == {"satisfied", "missing"}
    assert kinds == {"parties", "party_document", "document"}


def test_the_same_answer_as_written_by_hand(town):
    """Asked about three schools, two of them under agreement, the answer names the one whose filing
    lacks, as that of the profile written by hand; the third is not asked about any more."""
    has = {"甲": [{"document": "filing", "count": 1, "states": []}]}
    hand = {
        **SCHOOL,
        "holds": [{**p, "holder": "applicant", "count": 1, "states": []} for p in SCHOOL["holds"]],
        "parties": [{**p, "holds": has.get(p["id"], [])} for p in SCHOOL["parties"]],
    }
    talk, questions = answered(town, hand)
    assert [each.subject for each in questions] == [
        "partner",
        "agreement@applicantx2#甲",
        "filing@partnerx2/partner#甲",
        "agreement@applicantx2#乙",
        "filing@partnerx2/partner#乙",
    ]
    made, written = (town.ask(each, DAY).to_dict() for each in (talk.profile, hand))
    assert made["bundle"] == written["bundle"]
    assert made["categories"] == written["categories"]
    [document] = made["bundle"]["documents"]
    assert document["parties"] == ["乙"]


def test_an_agreement_decides_of_whom_papers_are_wanted(town):
    """Papers of a party that is in no agreement are not asked for; as long as it is open whom an
    agreement is with, neither a paper that a party lacks nor one that it has settles anything."""
    listed = [
        {"id": "甲", "role": "partner", "holds": []},
        {"id": "乙", "role": "partner", "holds": ["filing"]},
        {"id": "丙", "role": "partner", "holds": ["filing"]},
    ]
    talk = town.interview({**LEAD, "parties": listed}, DAY)
    asked = []
    for answer in ("no", "yes", "yes"):
        assert talk._selection.state(talk.replies).verdict == "undetermined"
        asked.append(talk.question.subject)
        talk.answer(answer)
    assert asked == [f"agreement@applicantx2#{party}" for party in "甲乙丙"]
    assert (talk.question, talk.verdict) == (None, "satisfied")
    talk.back()
    assert talk.question.subject == asked[-1]
    talk.answer("no")
    assert (talk.question, talk.verdict) == (None, "missing")


def test_names_numbers_nobody_unknown(town):
    """Parties are told by names, by how many they are, as none, or not at all: numbered ones are
    asked about, of nobody nothing is, and without them documents are counted."""

    def after(answer, lang="zh"):
        talk = town.interview(LEAD, DAY, lang)
        talk.answer(answer)
        return talk

    assert [party.id for party in after(2).app.parties] == ["合作方1", "合作方2"]
    assert [party.id for party in after(["2"], "en").app.parties] == ["partner 1", "partner 2"]
    assert after(["甲", "乙"]).question.subject == "agreement@applicantx2#甲"
    nobody = after([])
    assert (nobody.question, nobody.verdict, nobody.app.parties) == (None, "missing", ())
    unknown = after(None)
    assert unknown.question.kind == "document"
    talk = town.interview(LEAD, DAY)
    for bad, message in (
        (["甲", "甲"], "two parties are called `甲`"),
        (101, "`101` is more than 100 parties"),
        ([""], "this is empty"),
        (-1, "text is expected here"),
    ):
        with pytest.raises(Problems) as refused:
            talk.answer(bad)
        assert [problem.message for problem in refused.value.problems] == [message], bad
        assert talk.replies == ()


def test_saved_with_parties(town, tmp_path):
    """A saved conversation about parties goes on; one that speaks of a party that nobody named is
    refused."""
    talk = town.interview({**LEAD, "parties": [{"id": "丁", "role": "tenant"}]}, DAY)
    path = tmp_path / "talk.json"
    for answer in (["甲#1", "乙"], True, False):
        talk.answer(answer)
        talk.save(path)
        again = Interview.resume(town, path)
        assert (again.replies, again.app) == (talk.replies, talk.app)
        assert (again.question, again.app.parties) == (talk.question, talk.app.parties)
    saved = json.loads(path.read_text("utf-8"))
    saved["said"] = saved["said"][1:]
    path.write_text(json.dumps(saved), encoding="utf-8")
    with pytest.raises(Problems) as refused:
        Interview.resume(town, path)
    assert refused.value.problems[0].help == "`said` speaks of a party that is not named before"


def test_in_both_languages(town):
    """Questions about parties read well in Chinese and in English, as text and as JSON."""
    told = {}
    for lang in ("zh", "en"):
        talk = town.interview(LEAD, DAY, lang)
        words = [str(talk.question).split("\n   ")]
        assert question_json(talk.question)["type"] == "names"
        talk.answer(["A", "B"])
        assert question_json(talk.question) == {
            "kind": "party_document",
            "subject": "agreement@applicantx2#A",
            "text": question_words(talk.question),
            "type": "flag",
            "options": [{"id": "yes", "label": {"zh": "有", "en": "yes"}[lang]},
                        {"id": "no", "label": {"zh": "没有", "en": "no"}[lang]}],
        }  # fmt: skip
        words.append(question_words(talk.question))
        told[lang] = words
    assert told == {
        "zh": [["应用里的合作方有哪些?", "写名称,用逗号分开;只知道几家就写数字"],
               "手上有吗(与A的):主体的《合作协议》?"],
        "en": [["Who takes part in the app as partner?",
                "their names, with commas; a number where only that is known"],
               "In hand (with A): agreement of the applicant?"],
    }  # fmt: skip


def test_in_a_terminal(tmp_path):
    """Lines of a terminal: names with commas, a number of the screen, `<` back, `!` why, and the
    profile that they make has the parties with their papers."""
    profile = tmp_path / "app.yaml"
    start = tmp_path / "start.json"
    start.write_text(json.dumps(LEAD), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "kb", "interview", str(start), "-o", str(profile), "--as-of", DAY,
         "--only-facts", str(CASES / "facts-parties")],
        input="甲，乙\n<\n!\n甲、乙\n1\n有\nyes\n2\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )  # fmt: skip
    assert run.returncode == 3, run.stderr
    assert "这些类目的结论取决于它: 镇-驾校平台" in run.stderr
    assert "还缺乙的" in run.stdout
    assert "- id: 乙\n  role: partner\n  holds: []\n" in profile.read_text("utf-8")


def test_what_is_asked_party_by_party():
    """Papers of each, several of a role, and several agreements beside papers of each; one paper of
    a role, several papers of the applicant's own and a choice of many are counted."""
    filing = Need("filing", "partner", 1, (), "partner")
    agreement, photos = Need("agreement", at_least=2), Need("photo", at_least=3)
    licence, one = Need("licence", "tenant", 2), Need("permit", "tenant")
    choice = Need("choice-0123", "partner", 2)
    every = (filing, agreement, photos, licence, one, choice)
    found = party_needs([(filing, agreement), (photos, licence, one, choice)], every)
    assert found.roles == {filing.id: "partner", agreement.id: "partner", licence.id: "tenant"}
    assert found.agreements == {"partner": (agreement,)}


def test_a_panel_asks_party_by_party(town):
    """A panel has a field for the partners where papers of each are wanted, then a tick for each
    agreement and filing; a name that will not do is told and changes nothing. Its profile is one
    that is answered as the same written by hand, and names that are taken away leave nothing."""
    pytest.importorskip("ipywidgets", reason="needs ipywidgets: pip install 'policy-kb[notebook]'")
    begun = {**LEAD, "parties": [{"id": "甲", "role": "partner", "holds": ["filing"]}]}
    panel = town.panel(begun, as_of=DAY).panel

    def shown():
        return [row.description for row in panel.holds.children]

    assert shown() == ["合作方", "手上有吗(与甲的):主体的《合作协议》?"]
    panel.holds.children[0].value = "甲, 乙，乙"
    assert "two parties are called `乙`" in panel.said.value
    assert panel.choices.app.parties == town.app(begun).parties
    panel.holds.children[0].value = "甲, 乙"
    ticks = panel.holds.children[1:]
    assert [row.description for row in ticks] == [
        "手上有吗(与甲的):主体的《合作协议》?",
        "手上有吗(与乙的):主体的《合作协议》?",
        "乙有吗:合作方的《驾校备案》?",
    ]
    for row, answer in zip(ticks, ("缺材料", "还缺乙的", "已满足"), strict=True):
        row.value = True
        assert answer in panel.answer.value
    made = panel.choices.profile
    assert town.ask(made, DAY).to_dict()["categories"] == town.ask(SCHOOL | {
        "parties": [{"id": i, "role": "partner", "holds": ["filing"]} for i in "甲乙"]
    }, DAY).to_dict()["categories"]  # fmt: skip
    panel.holds.children[0].value = ""
    assert panel.choices.app.parties == town.app(begun).parties
    assert "缺材料" in panel.answer.value
