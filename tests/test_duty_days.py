"""Days of duties and prohibitions: due, grace, deadlines, renewal, an end."""

from __future__ import annotations

import calendar
import datetime
import json
import random
import shutil

import chinese_calendar
import duckdb
import icalendar
import pytest
from agreement import agree, made
from click.testing import CliRunner
from test_cases import CASES, loaded
from thinned import EXAMPLES

import kb
from kb.cli.main import cli
from kb.lang.problems import Problems
from kb.model.apps import app_rows
from kb.model.facts import read_facts

FERRY = ("facts-ferry",)
FOLDER = str(CASES / "facts-ferry")
PART = "ferry-2023:"
APP = {
    "name": "甲",
    "regions": ["quay"],
    "services": ["crossing"],
    "facts": {
        "account_opened": "2023-05-01",
        "moved": False,
        "leaked": False,
        "last_drill": "2024-01-10",
        "bell": True,
        "oil_lamps": False,
        "red_flag": False,
        "sails_leaking": False,
    },
    "holds": [{"document": "hull_report", "issued": "2022-05-01"}, "lamp_licence"],
}
MORE = ("map_given", "red_flag", "sails_leaking")
SPAN = (datetime.date(2023, 1, 1), datetime.date(2025, 12, 31))


def some_day(draw: random.Random) -> datetime.date:
    """A day on which something happened."""
    return SPAN[0] + datetime.timedelta(days=draw.randint(0, (SPAN[1] - SPAN[0]).days))


def some_app(draw: random.Random, number: int) -> dict:
    """A profile that says some things and leaves others out."""
    facts: dict = {}
    for day in ("account_opened", "moved_on", "leaked_on", "last_drill"):
        if draw.random() < 0.7:
            facts[day] = some_day(draw).isoformat()
    for flag in ("moved", "leaked", "told_harbour", "mended", "bell", "oil_lamps", *MORE):
        if draw.random() < 0.8:
            facts[flag] = draw.random() < 0.5
    holds: list = [name for name in ("ferry_filing", "lamp_licence") if draw.random() < 0.5]
    for _ in range(draw.randint(0, 2)):
        paper: dict = {"document": "hull_report"}
        if draw.random() < 0.7:
            paper["issued"] = some_day(draw).isoformat()
        if draw.random() < 0.4:
            paper["holder"] = draw.choice(["applicant", "partner"])
        holds.append(paper)
    services = [draw.choice(["crossing", "night_crossing"])]
    return {"name": str(number), "regions": ["quay"], "services": services} | {
        "facts": facts,
        "holds": holds,
    }


def months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day of a later month, or that month's last."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def working_days_later(day: datetime.date, count: int) -> datetime.date:
    """The last of so many working days after a day."""
    while count:
        day += datetime.timedelta(days=1)
        count -= chinese_calendar.is_workday(day)
    return day


BANNED = "prohibited"


def sailing(leaked: bool | None, does: bool | None, due: bool | None) -> str | None:
    """What becomes of the ban that holds for who has a leak: where it is open whether it does,
    only those who do what it forbids, or perhaps do, have it open."""
    if leaked is False or (leaked is None and (does is False or due is False)):
        return None
    if does is False or due is False:
        return "satisfied"
    return "prohibited" if leaked and does and due else "undetermined"


def reckoned(profile: dict, today: datetime.date) -> dict[str, str]:
    """What becomes of each duty and prohibition, reckoned without rules: None is not known."""
    facts = profile["facts"]

    def day(key: str) -> datetime.date | None:
        return datetime.date.fromisoformat(facts[key]) if key in facts else None

    def kept(met: bool | None, due: bool | None, broken: str = "missing") -> str:
        if met or due is False:
            return "satisfied"
        return "undetermined" if met is None or due is None else broken

    def after(key: str, later) -> bool | None:
        return None if day(key) is None else today >= later(day(key))

    def event(flag: str, met: str, due: bool | None) -> str | None:
        if facts.get(flag) is False:
            return None
        if flag not in facts:
            return "satisfied" if due is False or facts.get(met) else "undetermined"
        return kept(facts.get(met), due)

    opened = day("account_opened")
    old = None if opened is None else opened < datetime.date(2023, 9, 1)
    lamp_due = True if today >= datetime.date(2024, 6, 30) or old is False else None
    reports = [p for p in profile["holds"] if isinstance(p, dict) and p.get("holder") != "partner"]
    fresh = [
        None
        if "issued" not in paper
        else today < months_later(datetime.date.fromisoformat(paper["issued"]), 24)
        for paper in reports
    ]
    hull = True if True in fresh else None if None in fresh else False
    drill = after("last_drill", lambda d: months_later(d, 12))
    lamps = facts.get("oil_lamps")
    flag, leaking = facts.get("red_flag"), facts.get("sails_leaking")
    leak_due = after("leaked_on", lambda d: working_days_later(d, 5))
    found: dict[str, str | None] = {
        "no-red-flag": kept(
            None if flag is None else not flag, False if old and not lamp_due else lamp_due, BANNED
        ),
        "no-leaks": sailing(facts.get("leaked"), leaking, leak_due),
        "filing": kept("ferry_filing" in profile["holds"], today >= datetime.date(2024, 3, 31)),
        "lamp": kept(
            "lamp_licence" in profile["holds"], False if old and not lamp_due else lamp_due
        ),
        "bell": kept(facts.get("bell"), True) if today < datetime.date(2025, 1, 1) else None,
        "tell-move": event(
            "moved",
            "told_harbour",
            after("moved_on", lambda d: d + datetime.timedelta(days=7)),
        ),
        "mend-leak": event(
            "leaked", "mended", after("leaked_on", lambda d: working_days_later(d, 5))
        ),
        "map": event("moved", "map_given", after("moved_on", lambda d: months_later(d, 1))),
        "hull": kept(hull, True),
        "drill": kept(None if drill is None else not drill, True),
        "no-oil-lamps": kept(
            None if lamps is None else not lamps, today >= datetime.date(2024, 7, 1), "prohibited"
        ),
        "no-night": kept(profile["services"] == ["crossing"], True, "prohibited")
        if today <= datetime.date(2023, 12, 31)
        else None,
    }
    return {PART + id: verdict for id, verdict in found.items() if verdict is not None}


def whole(verdicts: dict[str, str]) -> str:
    """The first that occurs."""
    order = ("prohibited", "missing", "undetermined")
    return next((verdict for verdict in order if verdict in verdicts.values()), "satisfied")


def test_rules_against_a_second_reckoning(tmp_path) -> None:
    """Each duty and prohibition comes to what is reckoned without rules, for random profiles on
    random days and on the days on which something changes; an audit comes to the same whole."""
    base = loaded(FERRY)
    draw = random.Random(15)
    turns = [datetime.date(2024, 3, 31), datetime.date(2024, 6, 30), datetime.date(2024, 7, 1)]
    turns += [datetime.date(2023, 12, 31), datetime.date(2025, 1, 1)]
    apps = [some_app(draw, n) for n in range(EXAMPLES // 2)]
    for profile in apps:
        turn = draw.choice(turns)
        today = draw.choice([turn, turn - datetime.timedelta(days=1), some_day(draw)])
        view = base.model(["obligation", "ban", "app_verdict"], base.app(profile), today)
        told = {row[1]: row[-1] for name in ("obligation", "ban") for row in view[name]}
        wanted = reckoned(profile, today)
        assert told == wanted, (profile, today)
        assert view["app_verdict"] == {(profile["name"], whole(wanted))}, (profile, today)
    table = tmp_path / "apps.jsonl"
    for n, today in enumerate((turns[0], some_day(draw))):
        lines = [{"id": a["name"], **{k: v for k, v in a.items() if k != "name"}} for a in apps]
        table.write_text("".join(json.dumps(a) + "\n" for a in lines), encoding="utf-8")
        out = tmp_path / f"out{n}.parquet"
        assert base.audit(table, out, as_of=today).refused == 0
        query = f"SELECT app, verdict FROM '{out}' WHERE category IS NULL"
        audited = dict(duckdb.sql(query).fetchall())
        assert audited == {a["name"]: whole(reckoned(a, today)) for a in apps}


def test_engines_agree_on_days() -> None:
    """pyDatalog, clingo and DuckDB derive the same of days, working days among them."""
    base = loaded(FERRY)
    draw = random.Random(4)
    goals = ("obligation", "ban", "due_day", "due_by", "renewed_until", "renew_by", "counts_until")
    goals = (*goals, "perhaps_due", "part_attribute", "undated_copy_open", "not_yet_due")
    engines = [
        made(name, base.program, base.facts.rows.facts)
        for name in ("pydatalog", "clingo", "duckdb")
    ]
    for n in range(4):
        app = base.app(some_app(draw, n))
        rows = app_rows(app, base.facts, base.day(some_day(draw)))
        models = [engine.evaluate(rows, goals, 60.0) for engine in engines]
        agree(dict(zip(("pydatalog", "clingo", "duckdb"), models, strict=True)), app)


def test_working_days_past_the_calendar() -> None:
    """Five working days of a year whose holidays nobody knows are five days at least: before that a
    leak is not due to be mended, afterwards it is open whether it is, and why is told."""
    leak = {"leaked": True, "leaked_on": "2035-01-10", "mended": False}
    app = {**APP, "facts": {**APP["facts"], **leak}}
    part = f"{PART}mend-leak"
    base = loaded(FERRY)
    verdicts = {}
    for day in ("2035-01-14", "2035-01-15"):
        told = base.ask(app, as_of=day, lang="en").to_dict()
        verdicts[day] = next(d["verdict"] for d in told["obligations"] if d["id"] == part)
    assert verdicts == {"2035-01-14": "satisfied", "2035-01-15": "undetermined"}
    assert [point["because"] for point in told["undetermined"]] == [
        "mend a leak within 5 working days (in force): its working days can not be counted, "
        "the holidays are not published yet"
    ]
    early = base.ask(app, as_of="2035-01-14").text("all")
    assert "  · 还没有到期: 漏水后 5 个工作日内修好  [6]" in early.splitlines()


def test_days_are_told() -> None:
    """An answer lists the days, the earliest first, and says of a duty that is not due that it is
    not, instead of that it is met; so does the plan."""
    base = loaded(FERRY)
    answer = base.ask(APP, as_of="2024-03-30", lang="en")
    listed = [
        "days:",
        "  · due from 2024-03-31 on: file the ferry  [ferry-2023 2]",
        "  · due again from 2024-05-01 on: have the hull examined every 2 years  [ferry-2023 7]",
        "  · counts through 2024-12-31: have a bell  [ferry-2023 4]",
        "  · due again from 2025-01-10 on: hold a drill every 12 months  [ferry-2023 8]",
    ]
    for text in (
        answer.text("short"),
        answer.text("all"),
        str(base.plan(APP, as_of="2024-03-30", lang="en")),
    ):
        lines = text.splitlines()
        at = lines.index(listed[0])
        assert lines[at : at + 5] == listed
    assert "  · not due yet, due from 2024-03-31 on: file the ferry  [2]" in answer.text("all")
    assert "due from 2024-03-31 on: file the ferry" in answer.html()
    told = answer.to_dict()
    filing = next(d for d in told["obligations"] if d["id"] == f"{PART}filing")
    assert (filing["verdict"], filing["not_yet_due"]) == ("satisfied", True)
    assert filing["days"] == {"due": "2024-03-31"}
    assert told["deadlines"] == told["filing"]["deadlines"]


def events(found: bytes) -> dict[str, tuple[str, datetime.date, datetime.date]]:
    """The entries of a calendar by their ids: words, first day, day after the last."""
    return {
        str(e["uid"]): (str(e["summary"]), e.decoded("dtstart"), e.decoded("dtend"))
        for e in icalendar.Calendar.from_ical(found).walk("VEVENT")
    }


def test_calendar(tmp_path) -> None:
    """A calendar has an entry for each day, the same bytes for the same plan; what was due and is
    over keeps its id."""
    file, app = tmp_path / "plan.ics", tmp_path / "甲.json"
    app.write_text(json.dumps(APP), encoding="utf-8")
    arguments = ["plan", str(app), "--only-facts", FOLDER, "--lang", "en", "--ics", str(file)]
    written = []
    for day in ("2024-03-30", "2024-03-30", "2024-03-31"):
        asked = CliRunner().invoke(cli, [*arguments, "--as-of", day])
        told = f"plan written to {file}\n"
        assert (asked.exit_code, asked.stdout, asked.stderr) == (0, "", told)
        written.append(file.read_bytes())
    assert written[0] == written[1]
    before, after = events(written[0]), events(written[2])
    assert next(iter(before.values())) == (
        "甲: file the ferry (due from 2024-03-31 on)",
        datetime.date(2024, 3, 31),
        datetime.date(2024, 4, 1),
    )
    assert [first for _, first, _ in before.values()] == [
        datetime.date(2024, 3, 31),
        datetime.date(2024, 5, 1),
        datetime.date(2024, 12, 31),
        datetime.date(2025, 1, 10),
    ]
    assert before.keys() == after.keys()
    assert "甲: file the ferry (due today, 2024-03-31)" in {words for words, *_ in after.values()}


def test_calendar_of_steps(base) -> None:
    """With a start, each step of a filing is an entry over the days on which it may end."""
    app = {"name": "甲", "applicant": "enterprise", "regions": ["CN-GD"], "services": []}
    plan = base.plan(app, start="2025-07-01", as_of="2025-06-30", lang="en")
    found = events(base.calendar(app, start="2025-07-01", as_of="2025-06-30", lang="en"))
    day = datetime.timedelta(days=1)
    assert [(first, last - day) for _, first, last in found.values()] == [
        step.ends for step in plan.steps
    ]


def test_calendar_of_papers(tmp_path) -> None:
    """Each paper in hand that has a last day is an entry on it, with a reminder thirty days
    before; one that has run out, and one without a last day, is none. The plan itself still goes
    to standard output where it is asked for."""
    file, app = tmp_path / "plan.ics", tmp_path / "甲.json"
    holds = [
        {"document": "营业执照", "valid_until": "2031-03-01"},
        {"document": "合作协议", "valid_until": "2025-06-29"},
        "小程序开发者承诺函",
    ]
    app.write_text(json.dumps({"regions": ["CN-GD"], "services": [], "holds": holds}), "utf-8")
    arguments = ["plan", str(app), "--as-of", "2025-06-30", "--ics", str(file)]
    asked = CliRunner().invoke(cli, [*arguments, "--format", "json"])
    assert (asked.exit_code, asked.stderr) == (0, f"备案计划已写入 {file}\n")
    assert "papers" not in json.loads(asked.stdout)  # it runs out long after the last step
    [event] = icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert str(event["summary"]) == "甲: 《营业执照》 (最晚 2031-03-01 换新)"
    assert event.decoded("dtstart") == datetime.date(2031, 3, 1)
    assert str(event["description"]) == "《营业执照》有效期到 2031-03-01 为止(含当日,还有 2070 天)"
    [alarm] = event.walk("VALARM")
    assert alarm.decoded("trigger") == datetime.timedelta(days=-30)


@pytest.mark.parametrize(
    ("facts", "file", "message"),
    [
        ("ferry", "x.txt", "`x.txt` is no calendar file\n  help: name it `plan.ics`"),
        (
            "harbour",
            "x.ics",
            "nothing of this plan has a day\n"
            "  help: `--start DATE` counts the days of its steps from a day",
        ),
    ],
)
def test_no_calendar(tmp_path, monkeypatch, facts, file, message) -> None:
    """Another ending, and a plan without days, are refused and nothing is written."""
    monkeypatch.chdir(tmp_path)
    service = {"ferry": "crossing", "harbour": "lights"}[facts]
    app = tmp_path / "app.json"
    app.write_text(json.dumps({"regions": ["quay"], "services": [service]}), encoding="utf-8")
    where = ["--only-facts", str(CASES / f"facts-{facts}"), "--as-of", "2024-01-01"]
    asked = CliRunner().invoke(cli, ["plan", str(app), *where, "--ics", file])
    assert isinstance(asked.exception, Problems)
    [problem] = asked.exception.problems
    assert f"{problem.message}\n  help: {problem.help}" == message
    assert list(tmp_path.iterdir()) == [app]


WRONG = [
    (
        "grace: {opened_before: 2024-05-01, until: 2024-05-01, opened: opening_day}",
        "those before `2024-05-01` are given no time until `2024-05-01`",
    ),
    ("deadline: {since: bell, days: 3}", "the attribute `bell` can not be answered by a day"),
    ("deadline: {since: moved_onn, days: 3}", "no attribute is called `moved_onn`"),
    (
        "due: 2024-05-01, revoked: 2024-05-01",
        "it is over before it is due on `2024-05-01`: nobody ever has to keep it",
    ),
    ("ends: 2024-05-01, revoked: 2024-05-01", "give one of `ends` and `revoked`"),
    (
        "deadline: {since: moved_on, days: 3, months: 1}",
        "give one of `days`, `working_days`, `months` and `years`",
    ),
    ("renewal: {since: last_drill}", "give one of `months` and `years`"),
    (
        "renewal: {months: 3, since: last_drill}, met_by: [{practice: bell}]",
        "a renewal `since` an event is met by it alone: leave out `met_by`",
    ),
    (
        "renewal: {months: 3}, met_by: [{practice: bell}]",
        "a renewal without `since` counts from the issue of a document: "
        "`met_by` names documents alone",
    ),
]


@pytest.mark.parametrize(("days", "message"), WRONG)
def test_wrong_days(tmp_path, days, message) -> None:
    """Days that say nothing, or contradict one another, are refused with their place."""
    folder = tmp_path / "facts"
    shutil.copytree(CASES / "facts-ferry", folder)
    file = folder / "ferry-2023.yaml"
    text = file.read_text(encoding="utf-8")
    old = "{id: bell, zh: 须有船钟, en: have a bell, bearer: keeper, "
    assert text.count(old) == 1
    days = days.replace("opening_day", "account_opened")
    made = text.replace(
        old, f"{{id: new, zh: 新, en: new, bearer: keeper, {days}, lines: 4}}\n  - {old}"
    )
    file.write_text(made, encoding="utf-8")
    with pytest.raises(Problems) as refused:
        read_facts(folder)
    assert [problem.message for problem in refused.value.problems] == [message]
    at = refused.value.problems[0].span
    assert (at.file.rpartition("/")[2], at.line) == ("ferry-2023.yaml", 28)


def test_changes_name_the_day() -> None:
    """Of an app that falls out between two days it is told what was due when, and what ended."""
    base = loaded(FERRY)
    [flip] = base.changes("2024-03-01", "2024-05-02", [APP], lang="en").to_dict()["apps"]
    assert (flip["before"], flip["after"]) == ("satisfied", "missing")
    assert [(day["kind"], day["day"], day["id"]) for day in flip["deadlines"]] == [
        ("overdue", "2024-03-31", f"{PART}filing"),
        ("lapsed", "2024-05-01", f"{PART}hull"),
    ]


def test_a_doubted_day_is_told_as_perhaps(tmp_path):
    """A ban (line 9) of which a passage leaves open whether it binds is told with its day as
    perhaps so; without that passage it is told as it is."""
    folder = tmp_path / "facts"
    shutil.copytree(CASES / "facts-ferry", folder)
    file = folder / "ferry-2023.yaml"
    ban = "due: 2024-07-01, lines: 9}"
    passage = "{zh: 灯指什么没有说, en: which lamps is not said, lines: 9}"
    doubt = ban.replace(", lines", f", unclear: [{passage}], lines")
    file.write_text(file.read_text("utf-8").replace(ban, doubt), "utf-8")
    app = {"regions": ["quay"], "services": ["crossing"], "facts": {"oil_lamps": True}}
    for base, zh, en in (
        (kb.load(only_facts=folder), "也许", "perhaps "),
        (loaded(("facts-ferry",)), " ", " "),
    ):
        day = "2024-07-01"
        assert f"{zh}自 {day} 起禁止" in base.ask(app, "2024-03-01").text("short")
        english = base.ask(app, "2024-03-01", lang="en").text("short")
        assert f"{en}forbidden from {day} on" in english
