"""Papers that are valid on some days only."""

from __future__ import annotations

import datetime
import itertools
import json
import random
from dataclasses import replace

import pytest
from click.testing import CliRunner
from test_cases import loaded

from kb.base.papers import PaperNote, PaperState
from kb.cli.main import cli
from kb.lang.problems import Problems
from kb.model.apps import App, Holding, app_rows
from kb.model.days import FIRST, LAST

SCHOOL = {
    "name": "学车通",
    "applicant": "enterprise",
    "services": ["驾校平台"],
    "regions": ["CN-GD"],
}
PAPERS = [
    {"document": "合作协议", "count": 2, "valid_until": "2025-03-01"},
    {"document": "合作协议", "count": 2, "valid_from": "2025-12-01"},
    {"document": "机动车驾驶员培训备案", "holder": "partner", "valid_until": "2025-04-10"},
    "小程序开发者承诺函",
    "非经营性互联网信息服务备案核准",
]
DATED = {**SCHOOL, "holds": PAPERS}


def timeless(app: App, day: int) -> App:
    """An app with those of its papers alone that are valid on a day, without their days."""
    kept = [
        replace(held, valid_from=None, valid_until=None, issued=None)
        for held in app.holds
        if not (held.valid_from and day < held.valid_from)
        and not (held.valid_until and held.valid_until < day)
    ]
    return replace(app, holds=tuple(kept))


def random_papers(draw: random.Random) -> tuple[Holding, ...]:
    """Papers of a few documents, so that many are of the same one, with and without days."""
    days = [20240101, 20240131, 20240229, 20240301, 20241231, 20250101]
    found = []
    for _ in range(draw.randint(1, 6)):
        first, last = sorted((draw.choice(days), draw.choice(days)))
        found.append(
            Holding(
                draw.choice(["baker_licence", "shop_deed"]),
                draw.randint(0, 2),
                draw.choice([None, "applicant", "partner"]),
                draw.choice([None, (), ("小麦",), ("黑麦",)]),
                draw.choice([None, first]),
                draw.choice([None, last]),
            )
        )
    return tuple(found)


def in_hand(rows, day):
    """The rows of papers in hand that hold on a day, days left out."""
    return {
        name: {
            *rows[name],
            *(row[:-2] for row in rows[f"{name}_during"] if row[-2] <= day <= row[-1]),
        }
        for name in ("app_holds", "app_fits")
    }


@pytest.mark.parametrize("seed", range(60))
def test_rows_of_a_day_are_those_of_the_valid_papers(seed: int) -> None:
    """On each day as many copies are in hand as if the papers that are not valid were not there."""
    base = loaded(("facts-small",))
    app = App("甲", {"services": ("bread",)}, random_papers(random.Random(seed)))
    rows = app_rows(app, base.facts, 20240101)
    for day in (FIRST, 20240101, 20240131, 20240201, 20240229, 20240301, 20240302, 20250102, LAST):
        assert in_hand(rows, day) == in_hand(app_rows(timeless(app, day), base.facts, day), day)


@pytest.mark.parametrize("day", ["2025-02-01", "2025-03-01", "2025-03-02", "2025-04-11"])
def test_answers_are_those_of_the_valid_papers(base, day: str) -> None:
    """But for the note the answer is that of the profile without the papers that are not valid,
    the bundle with it; so are the best documents by price."""
    app = base.app(DATED)
    valid = timeless(app, int(day.replace("-", "")))
    told = base.ask(app, as_of=day).to_dict()
    assert len(told.pop("papers")) == sum(not isinstance(p, str) for p in PAPERS) - (
        len(valid.holds) - 2
    )
    assert told == base.ask(valid, as_of=day).to_dict()
    prices = {"合作协议": 3, "机动车驾驶员培训备案": 5}
    best = [base.bundles(each, day, by="cheapest", cost=prices).to_dict() for each in (app, valid)]
    assert best[0] == best[1]


def test_without_days_nothing_is_told(base) -> None:
    """An answer about papers without days, or with a day of issue alone, says nothing of them."""
    plain = base.ask({**SCHOOL, "holds": ["合作协议"]}, as_of="2025-06-30", warn_days=1000)
    issued = [{"document": "合作协议", "issued": "2026-01-01"}]
    told = base.ask({**SCHOOL, "holds": issued}, as_of="2025-06-30", warn_days=1000)
    assert "papers" not in plain.to_dict()
    assert told.to_dict() == plain.to_dict()
    rows = base.rows(plain.app, "2025-06-30")
    assert not rows["app_holds_during"]
    assert not rows["app_fits_during"]


def test_read_and_written_again(base) -> None:
    """Days are read under Chinese keys, as text, as dates and as numbers, and written as text."""
    held = [
        {"材料": "合作协议", "有效期自": "2024-02-29", "有效期至": 20250301},
        {
            "document": "合作协议",
            "valid_from": datetime.date(2024, 2, 29),
            "发证日期": "2024-01-02",
        },
    ]
    app = base.app({**SCHOOL, "holds": held})
    paper = Holding("cooperation_agreement", valid_from=20240229, valid_until=20250301)
    other = replace(paper, valid_until=None, issued=20240102)
    assert app.holds == (paper, other)
    plain = {"document": paper.document, "count": 1, "valid_from": "2024-02-29"}
    assert app.to_dict()["holds"] == [
        {**plain, "valid_until": "2025-03-01"},
        {**plain, "issued": "2024-01-02"},
    ]
    assert base.app(app.to_dict()) == app


BAD = """name: x
holds:
  - {document: 合作协议, valid_from: 2025-05-01, valid_until: 2025-03-01}
  - {document: 合作协议, valid_until: soon, issued: [2025-01-01]}
  - {document: nothing, valid_from: 2025-02-30}
"""


def test_wrong_days_are_told_in_their_places(base) -> None:
    """A day that is none and a last day before the first are errors where they stand, all told."""
    with pytest.raises(Problems) as found:
        base.app(BAD.encode())
    odd = "a date like 2025-04-01 is expected here"
    assert [(p.span.line, p.code, p.message) for p in found.value.problems] == [
        (3, "days", "`valid_from` 2025-05-01 is after `valid_until` 2025-03-01"),
        (4, "type", odd),
        (4, "type", odd),
        (5, "unknown-id", "no document is called `nothing`"),
        (5, "type", odd),
    ]
    assert found.value.problems[0].help == "the earlier day goes first"


@pytest.mark.parametrize(
    ("paper", "message"),
    [
        (
            Holding("cooperation_agreement", valid_from=20250230),
            "a day number like 20250401 is expected for `valid_from`",
        ),
        (
            Holding("cooperation_agreement", valid_from=20250302, valid_until=20250301),
            "`valid_from` 2025-03-02 is after `valid_until` 2025-03-01",
        ),
    ],
)
def test_apps_made_by_hand_are_checked(base, paper: Holding, message: str) -> None:
    """An app that was made in Python is refused as a profile is."""
    with pytest.raises(Problems) as found:
        base.ask(App("a", {}, (paper,)))
    assert [problem.message for problem in found.value.problems] == [message]


def test_what_is_told(base) -> None:
    """Papers that are over, still to come, or over within the days asked for, both ends counted."""
    app = base.app(DATED)
    agreement, training = "cooperation_agreement", "driver_training_filing"
    over = PaperNote(PaperState.RUN_OUT, agreement, None, "2025-03-01")
    coming = PaperNote(PaperState.NOT_YET_VALID, agreement, None, "2025-12-01")
    near = PaperNote(PaperState.RUNS_OUT, training, "partner", "2025-04-10", 9)
    assert base.ask(app, as_of="2025-04-01").papers == (over, coming)
    assert base.ask(app, as_of="2025-04-01", warn_days=8).papers == (over, coming)
    assert base.ask(app, as_of="2025-04-01", warn_days=9).papers == (over, coming, near)
    last = base.ask(app, as_of="2025-04-10", warn_days=1)
    assert last.papers[2] == replace(near, left=0)
    answer = base.ask(app, as_of="2025-04-01", warn_days=9, lang="en")
    one = "《合作协议》 (cooperation agreement)"
    other = "《机动车驾驶员培训备案》 (motor vehicle driver training filing) [partner]"
    assert [each["note"] for each in answer.to_dict()["papers"]] == [
        f"{one} was valid through 2025-03-01: it does not count as in hand",
        f"{one} is valid only from 2025-12-01 on: it does not count as in hand",
        f"{other} is valid through 2025-04-10 (in 9 days)",
    ]


def test_told_in_every_form(base, tmp_path) -> None:
    """Text in short and in full, HTML and JSON tell of the papers, in both languages."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps(DATED, ensure_ascii=False), "utf-8")
    said = {
        "zh": "《合作协议》有效期只到 2025-03-01 为止(含当日),不算在手上",
        "en": "was valid through 2025-03-01",
    }
    soon = {
        "zh": "有效期到 2025-04-10 为止(含当日,还有 9 天)",
        "en": "is valid through 2025-04-10 (in 9 days)",
    }
    forms = [[], ["--all"], *(["--format", form] for form in ("html", "json", "markdown"))]
    for lang, form in itertools.product(said, forms):
        asked = ["ask", str(path), "--as-of", "2025-04-01", "--lang", lang, *form]
        text = CliRunner().invoke(cli, asked).stdout
        assert said[lang] in text
        assert soon[lang] not in text
        assert soon[lang] in CliRunner().invoke(cli, [*asked, "--warn-days", "9"]).stdout
    assert CliRunner().invoke(cli, ["ask", str(path), "--warn-days", "-1"]).exit_code == 2


def test_a_receipt_asks_for_the_same_days(base, tmp_path) -> None:
    """A receipt holds the days of papers and how far the answer looked ahead, so that it is
    replayed byte for byte; on a later day another paper is over."""
    path = tmp_path / "r.json"
    base.ask(DATED, as_of="2025-04-01", warn_days=20).receipt().write(path)
    assert json.loads(path.read_text("utf-8"))["warn_days"] == 20
    assert base.replay(path).same
    later = base.replay(path, as_of="2025-05-01")
    assert [p.state for p in later.answer.papers][-1] == PaperState.RUN_OUT
    assert "warn_days" not in base.ask(DATED, as_of="2025-04-01").receipt().to_dict()


def test_who_falls_out_is_told_with_the_day(base) -> None:
    """Between two days with the same texts an app flips with the paper that runs out meanwhile."""
    found = base.changes("2025-02-01", "2025-03-02", [DATED], lang="en")
    [flip] = found.apps
    assert (flip.before, flip.after) == ("satisfied", "missing")
    assert flip.papers == (
        PaperNote(PaperState.RUN_OUT, "cooperation_agreement", None, "2025-03-01"),
    )
    assert "(cooperation agreement) was valid through 2025-03-01\n" in str(found)
    assert found.to_dict()["apps"][0]["papers"][0]["day"] == "2025-03-01"
    renewed = {**SCHOOL, "holds": [{**PAPERS[1], "valid_from": "2025-03-02"}, *PAPERS[2:]]}
    found = base.changes("2025-03-01", "2025-03-02", [renewed], lang="en")
    [back] = found.apps
    assert "is valid since 2025-03-02" in str(found)
    assert (back.after, back.papers[0].state) == ("satisfied", PaperState.NOW_VALID)


def test_why_and_why_not(base) -> None:
    """A proof names the days of the paper; where it is over, the way is one that is valid."""
    goal = "held(A, 'cooperation_agreement@applicantx2')"
    app = base.app(DATED)
    proof = str(base.why(goal, app=app, as_of="2025-03-01", lang="en"))
    assert "surely 2, at most 2; first valid day: not set, last valid day: 2025-03-01" in proof
    assert "2025-03-01 does not go beyond 2025-03-01" in proof
    absent = base.why_not(goal, app=app, as_of="2025-03-02", lang="en")
    assert "+ 2 x cooperation agreement of the applicant" in str(absent)


def test_a_duty_and_its_repair() -> None:
    """A duty whose paper has run out is mended by a paper that is valid."""
    harbour = loaded(("facts-harbour",))
    held = [{"document": "领航证", "holder": "partner", "valid_until": "2021-06-29"}]
    app = {"name": "甲", "regions": ["quay"], "services": ["lights"], "holds": held}
    goal = "obligation(A, 'harbour-2020:pilot', X, 'satisfied')"
    found = harbour.why_not(goal, app=app, as_of="2021-06-30")
    needs = [[change.need for change in each.repair.changes] for each in found.explained]
    assert [(need.document, need.holder) for need in needs[0]] == [("pilot_licence", "partner")]


def test_the_interview_and_the_panel_keep_days(base) -> None:
    """An interview ends as the answer does, and the panel gives the profile back as it was."""
    talk = base.interview(DATED, as_of="2025-04-01")
    assert (talk.question, talk.verdict) == (None, "missing")
    assert base.interview(DATED, as_of="2025-02-01").verdict == "satisfied"
    choices = pytest.importorskip("kb.widgets.choices").Choices.of(base, base.app(DATED))
    assert sorted(map(repr, choices.app.holds)) == sorted(map(repr, base.app(DATED).holds))


def test_papers_that_run_out_before_a_plan_ends(base) -> None:
    """A plan tells which papers in hand run out before its last day, and no others: on that day
    itself a paper still counts; with a later start the last day is later. A bundle does so for the
    time that its slowest paper takes; text, JSON and page tell it."""
    firm = {"name": "a", "applicant": "enterprise", "regions": ["CN-GD"], "services": []}
    start = datetime.date(2026, 9, 1)
    last = base.plan(firm, start=start, as_of=start).dates.latest

    def held(until: datetime.date) -> dict:
        return {**firm, "holds": [{"document": "合作协议", "valid_until": until.isoformat()}]}

    assert base.plan(held(last), start=start, as_of=start).papers == ()
    short = last - datetime.timedelta(days=1)
    [told] = base.plan(held(short), start=start, as_of=start).papers
    assert (told.state, told.day) == (PaperState.RUNS_OUT, short.isoformat())
    later = start + datetime.timedelta(days=7)
    assert base.plan(held(last), start=later, as_of=start).papers != ()
    found = base.plan(held(short), start=start, as_of=start, lang="en")
    assert f"is valid through {short} (in" in str(found)
    assert f"is valid through {short} (in" in found._repr_html_()
    [paper] = found.to_dict()["papers"]
    assert paper["day"] == short.isoformat()
    school = {**SCHOOL, "holds": [{"document": "合作协议", "valid_until": "2025-04-08"}]}
    days = {"机动车驾驶员培训备案": 5, "合作协议": 1, "小程序开发者承诺函": 1}
    rest = {"非经营性互联网信息服务备案核准": 2}
    # Five working days from the first of April, with a holiday on the fourth, end on the ninth.
    found = base.bundles(school, as_of="2025-04-01", days={**days, **rest}, lang="zh")
    assert [note.day for note in found.papers] == ["2025-04-08"]
    assert "有效期到 2025-04-08 为止(含当日,还有 7 天)" in str(found)
    assert found.to_dict()["papers"][0]["days_left"] == 7
    quicker = base.bundles(
        school, as_of="2025-04-01", days={**days, **rest, "机动车驾驶员培训备案": 4}
    )
    assert quicker.papers == ()


def test_a_last_day_that_comes_too_early() -> None:
    """Of a paper that is valid and not for as long as is asked for its last day is told: line 4 of
    the pier wants three months more. Where they are left, nothing is told."""
    pier = loaded(("facts-pier",))
    app = {
        "regions": ["quay"],
        "services": ["tours"],
        "holds": [
            {"document": "insurance", "valid_until": "2024-05-10"},
            {"document": "hull_report", "issued": "2024-01-01", "valid_until": "2024-06-01"},
        ],
    }
    answer = pier.ask(app, "2024-02-15")
    [note] = answer.papers
    assert (str(note.state), note.document, note.day, note.left) == (
        "runs_out",
        "insurance",
        "2024-05-10",
        85,
    )
    assert "《保险单》有效期到 2024-05-10 为止(含当日,还有 85 天)" in answer.text("short")
    assert pier.ask(app, "2024-02-10").papers == ()
