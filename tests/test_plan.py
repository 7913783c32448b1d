"""The filing plan of filing-procedure-2025: steps, items, checks, order, time and picture."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest
from commands import kb_here

import kb
from kb.filing.plan import Plan
from kb.filing.schedule import durations
from kb.filing.steps import PlanStep
from kb.graph.timeline import timeline
from kb.model.names import Names, Term

DAY = "2026-09-01"
FIRM: Mapping[str, Any] = {
    "name": "甲",
    "applicant": "enterprise",
    "regions": ["CN-GD"],
    "services": [],
}
PERSON = {**FIRM, "applicant": "individual"}
UNTIMED = "合计只含来源给出时间的步骤;其余步骤要多久未知"
ORDER = [
    "fill-entity",
    "fill-entity-responsible",
    "fill-mini-program",
    "fill-mini-program-responsible",
    "face-check",
    "submit",
    "platform-review",
    "message-check",
    "provincial-review",
    "number-issued",
    "publish",
    "number-shown",
]


def planned(base: kb.KnowledgeBase, app: Mapping[str, Any] = FIRM, **asked: Any) -> Plan:
    found = base.plan(app, as_of=DAY, **asked)
    assert found is not None
    return found


def ids(plan: Plan) -> list[str]:
    return [step.id for step in plan.steps]


def step(plan: Plan, id: str) -> dict[str, Any]:
    """A step as JSON has it."""
    return next(step for step in plan.to_dict()["steps"] if step["id"] == id)


def needs(plan: Plan, id: str) -> dict[tuple[int, ...], str]:
    """The items of a step by the lines that name them, with `surely` or `perhaps`."""
    return {tuple(n["sources"][0]["lines"]): n["need"] for n in step(plan, id)["needs"]}


def checks(plan: Plan) -> dict[str, str]:
    """The facts that must hold, by their attributes."""
    return {c.attribute or "": c.verdict for step in plan.steps for c in step.checks}


def test_steps_of_an_organisation(base: kb.KnowledgeBase) -> None:
    """An organisation has all twelve steps (lines 5-30), one after the other."""
    plan = planned(base)
    assert ids(plan) == ORDER
    assert [list(step.after) for step in plan.steps] == [
        [],
        ["fill-entity"],
        ["fill-entity-responsible"],
        ["fill-mini-program"],
        ["fill-mini-program", "fill-mini-program-responsible"],
        ["face-check"],
        ["submit"],
        ["platform-review"],
        ["message-check"],
        ["provincial-review"],
        ["number-issued"],
        ["publish"],
    ]
    assert not any(step.uncertain for step in plan.steps)


def test_short_form(base: kb.KnowledgeBase) -> None:
    """A plan shown as a value is one line: its steps, and the most days as far as its text gives
    times (line 17: one to two, line 27: one to twenty)."""
    assert repr(planned(base)) == "<kb.Plan 12 steps, 22 working days>"
    untimed = replace(planned(base), working_days=None)
    assert repr(untimed) == "<kb.Plan 12 steps, unknown working days>"


def test_steps_of_an_individual(base: kb.KnowledgeBase) -> None:
    """For an individual the person responsible for the entity is taken over (line 15): no step
    fills one in for the mini-program, and the face check follows the mini-program's data."""
    plan = planned(base, PERSON)
    assert ids(plan) == [id for id in ORDER if id != "fill-mini-program-responsible"]
    assert step(plan, "face-check")["after"] == ["fill-mini-program"]


def test_steps_of_an_applicant_left_out(base: kb.KnowledgeBase) -> None:
    """Who applies is not said, so line 14 may hold: its step is in the plan and marked."""
    plan = planned(base, {"name": "甲", "regions": ["CN-GD"], "services": []})
    assert ids(plan) == ORDER
    marked = [step.id for step in plan.steps if step.uncertain]
    assert marked == ["fill-mini-program-responsible"]


def test_items_of_the_entity(base: kb.KnowledgeBase) -> None:
    """Line 6 is for individuals, line 7 for organisations; for an applicant left out either may
    hold."""
    person, firm = needs(planned(base, PERSON), "fill-entity"), needs(planned(base), "fill-entity")
    assert person == {(6,): "surely"}
    assert firm == {(7,): "surely"}
    unknown = planned(base, {"name": "甲", "regions": ["CN-GD"], "services": []})
    assert needs(unknown, "fill-entity") == {(6,): "perhaps", (7,): "perhaps"}
    [scan] = [n for n in step(planned(base, PERSON), "fill-entity")["needs"] if "document" in n]
    assert scan["document"] == "有效证件原件的彩色扫描件或拍照件"


@pytest.mark.parametrize(
    ("applicant", "is_legal_representative", "need"),
    [
        ("enterprise", False, "surely"),
        ("enterprise", True, None),
        ("enterprise", None, "perhaps"),
        ("individual", False, None),
        ("individual", None, None),
    ],
)
def test_another_person_is_responsible(
    base: kb.KnowledgeBase, applicant: str, is_legal_representative: bool | None, need: str | None
) -> None:
    """The local papers of line 10 are for organisations whose person responsible is not their
    legal representative."""
    facts = {"responsible_is_legal_representative": is_legal_representative}
    stated = {key: value for key, value in facts.items() if value is not None}
    plan = planned(base, {**FIRM, "applicant": applicant, "facts": stated})
    assert needs(plan, "fill-entity-responsible").get((10,)) == need


@pytest.mark.parametrize(("needed", "need"), [(True, "surely"), (False, None), (None, "perhaps")])
def test_prior_approval(base: kb.KnowledgeBase, needed: bool | None, need: str | None) -> None:
    """The approval of line 12 is handed in when the content needs one."""
    stated = {} if needed is None else {"content_needs_pre_approval": needed}
    plan = planned(base, {**FIRM, "facts": stated})
    assert needs(plan, "fill-mini-program").get((12,)) == need
    assert needs(plan, "fill-mini-program")[(13,)] == "surely"


FACTS = {
    "id_document_valid_over_a_month": (6,),
    "phones_own_and_valid": (9,),
    "phones_differ": (9,),
    "photo_rules_followed": (15,),
    "phones_reachable": (18,),
}


@pytest.mark.parametrize("broken", FACTS)
def test_broken_facts_are_named(base: kb.KnowledgeBase, broken: str) -> None:
    """A fact that must hold and does not is named, with its line; the others are met."""
    facts = {name: name != broken for name in FACTS}
    plan = planned(base, {**PERSON, "facts": facts})
    wanted = {name: "satisfied" if value else "missing" for name, value in facts.items()}
    assert checks(plan) == wanted
    [found] = [c for s in plan.steps for c in s.checks if c.verdict == "missing"]
    assert found.attribute == broken
    assert found.cites[0].lines == FACTS[broken]


def test_facts_left_out_are_open(base: kb.KnowledgeBase) -> None:
    """What is not said is neither met nor broken; an organisation shows no identity document."""
    assert checks(planned(base, PERSON)) == dict.fromkeys(FACTS, "undetermined")
    left = dict.fromkeys(list(FACTS)[1:], "undetermined")
    assert checks(planned(base)) == left
    unknown = planned(base, {"name": "甲", "regions": ["CN-GD"], "services": []})
    assert checks(unknown)["id_document_valid_over_a_month"] == "undetermined"


def test_actors(base: kb.KnowledgeBase) -> None:
    """The platform has the first review (17), the person responsible the face check (14), both
    persons the message (21), the provincial administration the second review (27)."""
    shown = planned(base, lang="en").to_dict()
    actors = {step["id"]: step["actor"] for step in shown["steps"]}
    assert actors["submit"] == "developer of the mini-program"
    assert actors["platform-review"] == "WeChat official accounts platform"
    assert actors["provincial-review"] == "provincial communications administration"
    assert actors["face-check"].startswith("person responsible for the mini-program")
    assert actors["message-check"].startswith("the persons responsible for the entity and")


def test_failure_of_the_message_check(base: kb.KnowledgeBase) -> None:
    """Within 24 hours (22); one resend (24), then automatic rejection and a new submission (25)."""
    check = step(planned(base), "message-check")
    assert (check["hours"], check["working_days"]) == (24, None)
    assert check["returns_to"] == "submit"
    assert "重发一次" in check["on_failure"]
    assert "自动驳回" in check["on_failure"]
    english = step(planned(base, lang="en"), "message-check")["on_failure"]
    assert "rejected automatically" in english
    others = [s for s in planned(base).steps if s.id != "message-check"]
    assert all(s.on_failure is None and s.hours is None for s in others)


@pytest.mark.parametrize("app", [FIRM, PERSON], ids=["organisation", "individual"])
def test_order_and_duration(base: kb.KnowledgeBase, app: Mapping[str, Any]) -> None:
    """Every step stands behind those it comes after. Only two steps take working days: the first
    review 1 to 2 (line 17), the second 1 to 20 (line 27), one after the other; 1 + 1 = 2 and
    2 + 20 = 22, and the message check of line 22 adds up to 24 hours."""
    plan = planned(base, app)
    seen: set[str] = set()
    for entry in plan.steps:
        assert seen.issuperset(entry.after)
        seen.add(entry.id)
    assert plan.working_days == (2, 22)
    assert plan.hours == 24
    shown = plan.to_dict()["steps"]
    timed = {s["id"]: s["working_days"] for s in shown if s["working_days"] is not None}
    assert timed == {"platform-review": [1, 2], "provincial-review": [1, 20]}
    assert list(plan.critical) == ids(plan)


@pytest.mark.parametrize("app", [FIRM, PERSON], ids=["organisation", "individual"])
def test_graph(base: kb.KnowledgeBase, app: Mapping[str, Any]) -> None:
    """The plan's graph has no circle, and its longest way takes the most days of the plan; the
    filing as a duty comes before the release (line 29)."""
    plan = planned(base, app)
    graph = plan.graph()
    assert nx.is_directed_acyclic_graph(graph)
    assert nx.dag_longest_path_length(graph, weight="working_days") == plan.working_days[1]
    assert set(graph) == {"filing-procedure-2025:file", *ids(plan)}
    assert {(u, v) for u, v in graph.edges} == {
        ("filing-procedure-2025:file", "publish"),
        *((before, entry.id) for entry in plan.steps for before in entry.after),
    }
    assert set(nx.dag_longest_path(graph, weight="working_days")) >= {
        "platform-review",
        "provincial-review",
    }


def a_step(
    id: str, after: tuple[str, ...] = (), working_days: tuple[int, int] | None = None
) -> PlanStep:
    """A step of which no more is said than when it comes and what time it takes."""
    return PlanStep(
        part=f"text:{id}",
        actor="actor",
        working_days=working_days,
        hours=None,
        needs=(),
        checks=(),
        after=after,
        on_failure=None,
        note=None,
        returns_to=None,
        uncertain=False,
        cites=(),
    )


def test_durations_of_ways_side_by_side() -> None:
    """a takes 1 to 2; b (3 to 4) and c (1 to 9) come after it, d (1 to 1) after both: at least
    1 + 3 + 1 = 5 by way of b, at most 2 + 9 + 1 = 12 by way of c. Nothing takes no time."""
    steps = [
        a_step("a", working_days=(1, 2)),
        a_step("b", after=("a",), working_days=(3, 4)),
        a_step("c", after=("a",), working_days=(1, 9)),
        a_step("d", after=("b", "c"), working_days=(1, 1)),
    ]
    assert durations(steps) == (5, 12, ("a", "c", "d"))
    assert durations([]) == (0, 0, ())


def test_dates_over_the_national_day(base: kb.KnowledgeBase) -> None:
    """From Monday 28 September 2026. The official arrangement of 2026: 1 to 7 October are off
    (Thursday to Wednesday), Saturday 10 October is worked.

    Earliest: the first review ends after one working day, on Tuesday 29 September; the message may
    be answered at once; the second review ends on the next working day, Wednesday 30 September.

    Latest: the first review ends on Wednesday 30 September (two days). The message check ends 24
    hours later, on Thursday 1 October. Twenty working days after that day are 8, 9 and 10 October
    (three), 12 to 16 (eight), 19 to 23 (thirteen), 26 to 30 (eighteen), 2 and 3 November (twenty):
    Tuesday 3 November.
    """
    plan = planned(base, start="2026-09-28")
    shown = plan.to_dict()
    ends = {entry["id"]: entry["ends"] for entry in shown["steps"]}
    assert ends["submit"] == ["2026-09-28", "2026-09-28"]
    assert ends["platform-review"] == ["2026-09-29", "2026-09-30"]
    assert ends["message-check"] == ["2026-09-29", "2026-10-01"]
    assert ends["provincial-review"] == ["2026-09-30", "2026-11-03"]
    assert ends["number-shown"] == ["2026-09-30", "2026-11-03"]
    assert shown["dates"] == {
        "start": "2026-09-28",
        "earliest": "2026-09-30",
        "latest": "2026-11-03",
    }
    assert shown["notes"] == [UNTIMED]


def test_the_holidays_of_2026() -> None:
    """The library knows the official arrangement that the dates above are counted by."""
    import chinese_calendar

    def worked(month: int, *days: int) -> list[bool]:
        return [chinese_calendar.is_workday(datetime.date(2026, month, d)) for d in days]

    assert worked(9, 28, 29, 30) == [True] * 3
    assert worked(10, *range(1, 8)) == [False] * 7
    assert worked(10, 8, 9, 10, 11, 12) == [True, True, True, False, True]


def test_dates_over_a_weekend_that_is_worked(base: kb.KnowledgeBase) -> None:
    """From Friday 9 October 2026: Saturday 10 October is worked, Sunday 11 is not. The first review
    ends on the 10th or (two days) on Monday the 12th; earliest end in all: the 12th."""
    plan = planned(base, start="2026-10-09")
    assert step(plan, "platform-review")["ends"] == ["2026-10-10", "2026-10-12"]
    assert plan.dates is not None
    assert plan.dates.earliest == datetime.date(2026, 10, 12)


def test_dates_beyond_the_library(base: kb.KnowledgeBase) -> None:
    """From Monday 4 January 2038, of which no arrangement is known: only weekends are left out, and
    the plan says so once.

    Earliest: Tuesday 5, Wednesday 6. Latest: the first review Wednesday 6, the message Thursday 7,
    then twenty working days: the 8th (one), 11 to 15 (six), 18 to 22 (eleven), 25 to 29 (sixteen),
    1 to 4 February (twenty): Thursday 4 February.
    """
    shown = planned(base, start="2038-01-04").to_dict()
    assert shown["dates"] == {
        "start": "2038-01-04",
        "earliest": "2038-01-06",
        "latest": "2038-02-04",
    }
    assert shown["notes"] == [UNTIMED, "2038 年的放假安排未知,只扣除了周末"]
    english = planned(base, start="2038-01-04", lang="en").to_dict()
    assert english["notes"][1:] == [
        "the holidays of 2038 are not known yet: only weekends are left out"
    ]


def test_no_dates_without_a_start(base: kb.KnowledgeBase) -> None:
    """Without a start there are no dates to give."""
    plan = planned(base)
    assert plan.dates is None
    assert all(entry.ends is None for entry in plan.steps)
    shown = plan.to_dict()
    assert "dates" not in shown
    assert not any("ends" in entry for entry in shown["steps"])


def test_no_plan_without_a_place_in_the_mainland(base: kb.KnowledgeBase) -> None:
    """Line 2 is about services in mainland China: none abroad, and none where nothing is said."""
    assert base.plan({**FIRM, "regions": ["HK"]}, as_of=DAY) is None
    assert base.plan({"name": "甲", "services": []}, as_of=DAY) is None
    assert base.plan(FIRM, as_of="2025-06-08") is None  # the guide is of 2025-06-09
    assert base.plan({**FIRM, "regions": ["HK", "CN-GD"]}, as_of=DAY) is not None


def test_the_answer_has_the_plan(base: kb.KnowledgeBase) -> None:
    """`filing` of an answer is the plan without dates."""
    answer = base.ask(FIRM, as_of=DAY)
    assert answer.filing == planned(base)
    assert answer.to_dict()["filing"] == planned(base).to_dict()
    assert base.ask({**FIRM, "regions": ["HK"]}, as_of=DAY).filing is None


LESSONS: Mapping[str, Any] = {
    "name": "乙",
    "applicant": "enterprise",
    "regions": ["CN-BJ", "CN-SD"],
    "audience": ["compulsory_education"],
    "services": ["教育直播"],
    "facts": {"purpose": "training", "subjects": ["mathematics"]},
}


def test_the_whole_chain(base: kb.KnowledgeBase) -> None:
    """The permit comes before the submission (line 50 of the Beijing draft), the filing before the
    release (line 29); what the category asks for stands beside them. Each names its lines."""
    plan = planned(base, LESSONS)
    chain = {
        p["id"]: (p["before_step"], p["verdict"], p["sources"][0]["lines"])
        for p in plan.to_dict()["preconditions"]
    }
    assert chain == {
        "beijing-draft-2022:permit-before-icp-filing": ("submit", "missing", [50]),
        "filing-procedure-2025:file": ("publish", "undetermined", [2, 29]),
        "beijing-draft-2022:content-review": (None, "undetermined", [39]),
    }
    assert list(chain) == [duty.part for duty in plan.preconditions]
    [category] = plan.categories
    assert (category.category, category.verdict) == ("education-online-video", "missing")
    assert plan.to_dict()["categories"][0]["category"] == "教育服务-在线视频课程"
    assert category.missing == base.ask(LESSONS, as_of=DAY).categories[0].missing != ()
    order = list(nx.topological_sort(plan.graph()))
    permit, submit, publish = (
        order.index(id)
        for id in ("beijing-draft-2022:permit-before-icp-filing", "submit", "publish")
    )
    assert permit < submit < publish
    shown = str(plan)
    before = "办 ICP 备案之前先取得教育部门的线上培训许可"
    assert f"  ✗ 未做到: 互联网信息服务(ICP)备案 (步骤 6) 之前: {before}" in shown
    assert "✗ 服务类目: 教育服务-在线视频课程  [wechat-table-2026-02-enterprise 152-161]" in shown


def test_what_is_to_hand_in(base: kb.KnowledgeBase) -> None:
    """Lines 47-69 of the Shandong plan list what is handed in: plan and answer tell it, each part
    below what it belongs to, with its lines."""
    found = {m.part.partition(":")[2]: m for m in planned(base, LESSONS).materials}
    assert found["institution-information"].cites[0].lines == (47, 48)
    assert found["risk-plan"].part_of == "shandong-2019:supporting-materials"
    assert found["foreign-work-permit"].certainty == "perhaps"
    for shown in (str(planned(base, LESSONS)), str(base.ask(LESSONS, as_of=DAY))):
        assert "备案要交的材料:《山东省校外线上培训规范管理实施方案(摘录)》\n" in shown
        assert "\n      · 风险防范预案  [shandong-2019 62]\n" in shown
        assert "外国人工作许可证 (可能需要)  [shandong-2019 67]" in shown


def test_the_answer_tells_what_does_not_hold(base: kb.KnowledgeBase) -> None:
    """Phones that do not differ (line 9) are told in the answer, and what is not known of the rest;
    the words, not the sign alone, say that it is not kept."""
    same = {**FIRM, "facts": {"phones_differ": False, "phones_reachable": True}}
    shown = str(base.ask(same, as_of=DAY))
    assert "  ✗ 未做到: 各人的号码互不相同  [filing-procedure-2025 9]" in shown
    [open_] = [line for line in shown.splitlines() if "还没有说明是否做到" in line]
    assert "手机号码有效" in open_
    assert "电话畅通" not in open_
    english = str(base.ask(same, as_of=DAY, lang="en"))
    assert "  ✗ not met: no two people give the same number  [filing-procedure-2025 9]" in english


def test_what_takes_an_unknown_time_says_so(base: kb.KnowledgeBase) -> None:
    """A step without a time is unknown in words and null in JSON, never nothing."""
    assert step(planned(base), "submit")["working_days"] is None
    assert "6. 在微信公众平台提交备案 — 开发者 时间未知  [" in str(planned(base))
    assert "— developer of the mini-program time unknown  [" in str(planned(base, lang="en"))


def test_who_files_where_the_role_is_left_out(base: kb.KnowledgeBase) -> None:
    """Lines 12 and 13 of the Shandong plan hang on the role; left out, both are marked as open."""
    files = planned(base, LESSONS).to_dict()["files"]
    shandong = [name for name in files if "shandong" in name]
    assert len(shandong) == 2
    assert all(name.endswith("(shandong-2019,未定)") for name in shandong)
    own = {**LESSONS, "facts": {**LESSONS["facts"], "operating_role": "self_operated"}}
    assert [name for name in planned(base, own).to_dict()["files"] if "shandong" in name] == [
        "校外线上培训机构 (shandong-2019)"
    ]


def test_who_files_before_any_procedure_is_known(base: kb.KnowledgeBase) -> None:
    """In 2021 the guide was not out and the Shandong plan was: who files is known, how is not, and
    what the excerpt leaves out is named."""
    plan = base.plan(LESSONS, as_of="2021-06-30")
    assert plan is not None
    assert (plan.steps, plan.working_days, plan.critical) == ((), None, ())
    files = plan.to_dict()["files"]
    assert {name.partition(" (")[2] for name in files} == {"shandong-2019,未定)"}
    assert (14,) in [gap.lines for gap in plan.gaps]
    assert len(plan.gaps) == 10
    assert str(plan).startswith("没有已知的备案步骤")
    assert "没有已知的备案步骤" in timeline(plan)


def test_what_the_guide_does_not_say(base: kb.KnowledgeBase) -> None:
    """Of the reviews (17, 27) it is not said what follows a refusal, of the message (21) not when
    it comes, of the picture (15) not whether the rules are the same for organisations."""
    steps = planned(base, lang="en").steps
    notes = {step.id: step.note.en for step in steps if step.note}
    assert list(notes) == ["face-check", "platform-review", "message-check", "provincial-review"]
    assert notes["platform-review"] == "what follows when this review is refused is not said"
    assert notes["platform-review"] in str(planned(base, lang="en"))


def test_timeline_shows_what_comes_before_and_dates(base: kb.KnowledgeBase) -> None:
    """Above the bars stands what comes before, beside each the days on which the step may end."""
    plan = planned(base, LESSONS, start="2026-09-28")
    root = ElementTree.fromstring(timeline(plan))
    words = ["".join(found.itertext()) for found in root.iter("{http://www.w3.org/2000/svg}text")]
    for said in (
        "✗ 未做到: 办 ICP 备案之前先取得教育部门的线上培训许可 (征求意见稿)"
        " — 先于互联网信息服务(ICP)备案",
        "✗ 服务类目: 教育服务-在线视频课程 — 缺材料",
        "2026-09-29 – 2026-09-30",
    ):
        assert said in words
    assert words.count("2026-09-28") == 6  # what is filled in, the face check, the submission


def test_timeline_shows_papers_that_run_out(base: kb.KnowledgeBase) -> None:
    """A paper that runs out before all steps are done has a row with the day by which it is to be
    renewed, at its working day: of the days after Monday, September 28 of 2026, up to October 9 the
    29th, the 30th, the 8th and the 9th are worked. One that runs out later has none."""
    holds = [
        {"document": "营业执照", "valid_until": "2026-10-09"},
        {"document": "合作协议", "valid_until": "2031-03-01"},
    ]
    app = {**LESSONS, "holds": holds}
    days = {}
    for lang, said in (("zh", "最晚 2026-10-09 换新"), ("en", "renew by 2026-10-09")):
        plan = base.plan(app, start="2026-09-28", as_of="2026-09-27", lang=lang)
        root = ElementTree.fromstring(timeline(plan, lang))
        texts = {"".join(t.itertext()): t for t in root.iter("{http://www.w3.org/2000/svg}text")}
        assert not any("合作协议" in words for words in texts)
        assert any(words.startswith("《营业执照》") for words in texts)
        places = {n: float(texts[n].attrib["x"]) for n in ("0", "2")}
        scale = (places["2"] - places["0"]) / 2
        days[lang] = round((float(texts[said].attrib["x"]) - 14 - places["0"]) / scale)
    assert days == {"zh": 4, "en": 4}


def test_timeline(base: kb.KnowledgeBase) -> None:
    """The picture is XML with a text for each step, in either language."""
    for lang in ("zh", "en"):
        plan = planned(base, lang=lang)
        root = ElementTree.fromstring(timeline(plan, lang))
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        words = [
            "".join(found.itertext()) for found in root.iter("{http://www.w3.org/2000/svg}text")
        ]
        for entry in plan.to_dict()["steps"]:
            assert any(entry["label"] in word for word in words)
        assert any(("22" in word and "2" in word) for word in words)


def test_timeline_escapes_names() -> None:
    """Names are text: what looks like markup in them stays text."""
    name, actor = '<script>alert("1")</script> & 甲', "<b>乙</b>"
    names = Names()
    names.add(Term("actor", "actor", actor, actor))
    for id in ("a", "b"):
        names.add(Term("part", f"text:{id}", name, name))
    plan = Plan(
        steps=(a_step("a", working_days=(1, 2)), a_step("b", ("a",), (1, 2))),
        working_days=(2, 4),
        hours=0,
        critical=("a", "b"),
        files=(),
        answers_for=(),
        preconditions=(),
        categories=(),
        notes=(),
        gaps=(),
        dates=None,
        lang="zh",
        names=names,
    )
    root = ElementTree.fromstring(timeline(plan))
    words = ["".join(found.itertext()) for found in root.iter("{http://www.w3.org/2000/svg}text")]
    assert sum(name in word for word in words) == 2
    assert not [found for found in root.iter() if found.tag.endswith(("script", "}b"))]
    assert "<script>" not in timeline(plan)


def says(*arguments: str, given: str = "") -> CompletedProcess[str]:
    return kb_here("plan", *arguments, given=given)


@pytest.fixture
def firm(tmp_path: Path) -> str:
    file = tmp_path / "app.yaml"
    file.write_text(json.dumps(dict(FIRM), ensure_ascii=False), encoding="utf-8")
    return str(file)


def test_command_as_json(base: kb.KnowledgeBase, firm: str) -> None:
    """`kb plan --format json` prints what Python gives."""
    done = says(firm, "--as-of", DAY, "--start", "2026-09-28", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    wanted = planned(base, start="2026-09-28").to_dict()
    assert json.loads(done.stdout) == json.loads(json.dumps(wanted))


def test_command_as_text(firm: str) -> None:
    """`kb plan` names the time, every step with its dates, and what to do on failure."""
    done = says(firm, "--as-of", DAY, "--start", "2026-09-28")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("写明了时间的步骤共 2–22 个工作日")
    for words in ("12. ", "自动驳回", "2026-11-03", "开发者", "filing-procedure-2025"):
        assert words in done.stdout
    english = says(firm, "--as-of", DAY, "--lang", "en")
    assert english.stdout.startswith("2 to 22 working days")


def test_command_draws(firm: str, tmp_path: Path) -> None:
    """`kb plan -o plan.svg` writes the picture and, without a format, nothing else."""
    out = tmp_path / "plan.svg"
    done = says(firm, "--as-of", DAY, "-o", str(out))
    assert done.returncode == 0
    assert ElementTree.parse(out).getroot().tag.endswith("svg")
    assert "1. " not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--start", "soon"), "soon"),
        (("--start", "2026-02-30"), "2026-02-30"),
        (("-o", "plan.docx"), "plan.docx"),
        (("-o", "no/such/folder/plan.svg"), "plan.svg"),
        (("--format", "svg"), "svg"),
    ],
)
def test_command_refuses(firm: str, arguments: tuple[str, ...], word: str) -> None:
    """Bad input: exit code 2, the reason on stderr, nothing on stdout."""
    done = says(firm, "--as-of", DAY, *arguments)
    assert done.returncode == 2
    assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_command_without_a_plan() -> None:
    """An app of which no procedure is known to hold is refused with a hint."""
    done = says("-", "--as-of", DAY, given="{name: 甲, services: []}")
    assert done.returncode == 2
    assert "no-plan" in done.stderr
    assert "regions" in done.stderr
    assert done.stdout == ""
