"""Parties, validity, days, fees and exemptions of one app, told wherever the app is asked about."""

from __future__ import annotations

import json

import icalendar
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from test_audit import asked, audited, lines_of
from test_cases import CASES, loaded

from kb.cli.main import cli
from kb.graph.drawing import drawing
from kb.lang.problems import Problems
from kb.render.questions import question_words
from kb.widgets.choices import Choices

FOLDER = str(CASES / "facts-pier")
EXEMPT, AFTER, LATE = "2024-02-05", "2024-02-15", "2024-03-20"
APP = {
    "name": "甲",
    "regions": ["quay"],
    "services": ["tours"],
    "holds": [
        {"document": "berth_agreement", "with": "东号"},
        {"document": "berth_agreement", "with": "西号"},
        {"document": "insurance", "valid_until": "2024-05-20"},
        {"document": "hull_report", "issued": "2023-03-01"},
    ],
    "parties": [
        {
            "id": "东号",
            "role": "partner",
            "holds": [{"document": "boat_permit", "valid_until": "2024-03-15"}],
        },
        {"id": "西号", "role": "partner"},
    ],
    "exemptions": [{"from": "pier-tours", "by": "镇长", "until": "2024-02-10"}],
}
PERMIT, INSURANCE = "《船只许可》", "《保险单》"
GRANTED = "「栈桥-游船」由镇长豁免,到 2024-02-10 为止(含当日),视为做到"
ENDED = "「栈桥-游船」由镇长豁免,只到 2024-02-10 为止(含当日),已重新要求"


@pytest.fixture(scope="module")
def pier():
    """The base of a made-up pier: lines 2 to 4 want agreements with two boats, the permit of each
    and an insurance for three months more; 5 and 6 state a fee and a time; 8 is due on 2024-03-31,
    9 is renewed every year."""
    return loaded(("facts-pier",))


def squeezed(text):
    return "".join(str(text).split())


TOLD = {
    EXEMPT: (
        "satisfied",
        [],
        [GRANTED, "自 2024-03-01 起须重新做到: 船体每年检验", "自 2024-03-31 起必须做到: 须备案"],
    ),
    AFTER: (
        "missing",
        [("boat_permit", ["西号"])],
        [ENDED, "自 2024-03-01 起须重新做到: 船体每年检验", "每个伙伴各一份(还缺西号的)"],
    ),
    LATE: (
        "missing",
        [("boat_permit", ["东号", "西号"]), ("hull_report", []), ("insurance", [])],
        [
            ENDED,
            "《船只许可》(伙伴 东号)有效期只到 2024-03-15 为止(含当日)",
            "自 2024-03-01 起就须重新做到: 船体每年检验",
            "每个伙伴各一份(还缺东号、西号的)",
            "《船只许可》: 80.00 元",
            "《保险单》: 2–5 个工作日",
        ],
    ),
}


@pytest.mark.parametrize("day", TOLD)
def test_ask(pier, day):
    """The answer of each day says in short and in full who lacks what, what has run out, which days
    are near or over and what exemption stands."""
    verdict, missing, lines = TOLD[day]
    answer = pier.ask(APP, day)
    found = answer.to_dict()
    assert found["verdict"] == verdict
    assert [
        (each["id"], each.get("parties", [])) for each in found["bundle"]["documents"]
    ] == missing
    for length in ("short", "long"):
        told = answer.text(length)
        assert [each for each in lines if each not in told] == []
    assert [each["part"] for each in found.get("outlays", ())] == [
        "pier-2024:permit-fee",
        "pier-2024:insurance-time",
    ][: len(missing)]
    for words in lines:
        assert words in answer._repr_html_() or words.startswith(("还缺", "《船"))


@pytest.mark.parametrize("day", TOLD)
def test_interview(pier, day):
    """Who answers from the profile is told at the end what the profile is; what is exempted is not
    asked for, and what a party lacks is found out party by party."""
    start = {key: APP[key] for key in ("name", "regions", "services", "exemptions")}
    talk = pier.interview(start, day)
    subjects = []
    while (question := talk.question) is not None:
        subjects.append(question.subject)
        match question.kind:
            case "parties":
                talk.answer(["东号", "西号"])
            case "party_document":
                permit = question.subject.startswith("boat_permit")
                talk.answer(not permit or ("东号" in question.subject and day < LATE))
            case "issued":
                talk.answer("2023-03-01")
            case "valid_until":
                talk.answer("2024-05-20")
            case _:
                paper = question.subject.partition("@")[0]
                has = {"insurance": True, "hull_report": True}
                talk.answer(has.get(paper, False))
    papers = {subject.partition("@")[0] for subject in subjects} - {"pier_filing", "hull_report"}
    if day == EXEMPT:
        assert papers == set()
    else:
        assert papers <= {"partner", "berth_agreement", "boat_permit", "insurance"}
        assert papers
    told = pier.ask(talk.profile, day).text("short")
    assert (GRANTED if day == EXEMPT else ENDED) in told
    if day != EXEMPT:
        assert talk.verdict == "missing"


def test_why_and_why_not(pier):
    """Proofs name the party that lacks, the day on which a duty was due and the exemption; what is
    needed says that it is of each."""
    for fact, day, words in (
        ("lacks_of(_, _, _, _)", AFTER, "西号"),
        ("lacks_of(_, 'pier-2024/pier-tours#1', _, '东号')", LATE, "东号"),
        ("obligation(_, 'pier-2024:hull', _, 'missing')", LATE, "船体每年检验"),
        ("not_yet_due(_, 'pier-2024:filing')", LATE, "2024-03-31"),
        ("pier-tours", EXEMPT, "豁免"),
    ):
        proof = pier.why(fact, APP, day)
        assert proof is not None, fact
        assert proof.faults == ()
        assert words in str(proof), fact
    found = pier.why_not("app_verdict(_, 'satisfied')", APP, AFTER)
    assert "伙伴的《船只许可》 2 份(每个伙伴)" in str(found)
    given = {**APP, "parties": [{"id": i, "role": "partner", "holds": ["boat_permit"]}
                                for i in ("东号", "西号")]}  # fmt: skip
    assert pier.ask(given, AFTER).verdict == "satisfied"


def test_bundles_and_plan(pier, tmp_path):
    """Bundles rest on the stated fee and tell what exemption stands; the plan has the days, and its
    calendar each day of a duty and each on which a paper runs out, also a party's."""
    assert GRANTED in str(pier.bundles(APP, EXEMPT))
    found = pier.bundles(APP, AFTER).to_dict()
    assert (found["bundle"]["cost"], found["bundle"]["days"]) == (80_00, None)
    assert found["exemptions"][0]["state"] == "over"
    plan = pier.plan(APP, as_of=AFTER)
    for words in (
        ENDED,
        "《船只许可》: 80.00 元",
        "自 2024-03-31 起必须做到",
        "每个伙伴各一份(还缺西号的)",
    ):
        assert words in str(plan)
    assert plan.to_dict()["exemptions"][0]["by"] == "镇长"
    path, app = tmp_path / "plan.ics", tmp_path / "app.json"
    app.write_text(json.dumps(APP), encoding="utf-8")
    run = CliRunner().invoke(cli, ["plan", str(app), "--only-facts", FOLDER, "--as-of", AFTER,
                                   "--ics", str(path)])  # fmt: skip
    assert run.exit_code == 0, run.output
    events = icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    days = [each.decoded("dtstart").isoformat() for each in events]
    assert days == ["2024-03-01", "2024-03-31", "2024-05-20", "2024-03-15"]


def test_pictures(pier):
    """A picture tells the parties that lack, what ran out, days, fee and time, the exemption; that
    of the plan the time of what a step needs."""
    for day, expected in (
        (EXEMPT, {"category:pier-tours": "豁免: 镇长,到 2024-02-10 为止(含当日)"}),
        (
            LATE,
            {
                "document:boat_permit": "还缺: 东号、西号《船只许可》(伙伴 东号)"
                "有效期只到 2024-03-15 为止(含当日)",
                "document:insurance": "费用: 未知 (2024-03-20) 用时: 2–5 个工作日",
                "obligation:pier-2024:hull": "自 2024-03-01 起就须重新做到",
                "obligation:pier-2024:filing": "自 2024-03-31 起必须做到",
            },
        ),
    ):
        labels = {
            s.key: squeezed(s.label) for s in drawing(pier.graph(app=APP, as_of=day), "zh").spots
        }
        for key, words in expected.items():
            assert squeezed(words) in labels[key]
    labels = [s.label for s in drawing(pier.graph(category="pier-tours"), "en").spots]
    assert any("boat permit ≥2 (each partner)" in " ".join(each.split()) for each in labels)
    plan = pier.graph(app=APP, plan=True, as_of=LATE)
    assert plan.nodes["document:insurance"]["lead_time_en"] == "2–5 working days"


def test_audit_and_changes(pier, tmp_path):
    """An audit tells each day what is told alone, and two days what fell out between them."""
    row = {("id" if key == "name" else key): value for key, value in APP.items()}
    path = lines_of(tmp_path / "apps.jsonl", [row])
    for day in TOLD:
        pier.audit(path, tmp_path / "out.parquet", as_of=day)
        assert audited(tmp_path / "out.parquet")["甲"] == asked(pier, APP, day)
    reasons = {r["reason"] for r in pq.read_table(tmp_path / "out.parquet").to_pylist()}
    assert "documents_missing" in reasons
    [flip] = pier.changes(EXEMPT, LATE, apps=[APP]).to_dict()["apps"]
    assert (flip["before"], flip["after"]) == ("satisfied", "missing")
    assert [each["party"] for each in flip["papers"]] == ["东号"]
    assert [each["until"] for each in flip["exemptions"]] == ["2024-02-10"]


def test_notebook(pier):
    """A cell shows the answer with all of it."""
    from kb.notebook.session import Session

    session = Session({"app": APP})
    session.use(pier)
    told = str(session.run(f"--app app --as-of {LATE}"))
    assert [each for each in TOLD[LATE][2] if each not in told] == []


def test_the_day_of_issue_is_asked_for(pier):
    """A duty that is renewed from the issue of a paper in hand hangs on that day: it is asked for
    once, in both languages, and decides; a day that is none is refused, a panel takes it too."""
    app = {**APP, "holds": ["hull_report"], "exemptions": [{"from": "pier-tours", "by": "镇长"}]}
    for day, verdict in (
        ("2023-04-01", "satisfied"),
        ("2022-01-01", "missing"),
        (None, "undetermined"),
    ):
        talk = pier.interview(app, LATE, "en")
        assert str(talk.question) == "On which day was it issued: hull report of the applicant?"
        with pytest.raises(Problems, match="a date like 2025-04-01 is expected"):
            talk.answer("soon")
        talk.answer(day)
        assert (talk.question, talk.verdict) == (None, verdict)
        assert pier.ask(talk.profile, LATE).verdict == verdict
    made = Choices.of(pier, pier.app(app), LATE)
    assert question_words(made.question) == "哪天出具的:主体的《船体检验报告》?"
    made.reply(made.question, "2023-04-01")
    assert (made.question, made.answer.verdict) == (None, "satisfied")
