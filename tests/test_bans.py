"""Bans in plans, bundles, short answers and drawings: told first, and nothing is asked in vain."""

from __future__ import annotations

from typing import Any

import pytest
from province import BAN, DAY, INDIVIDUAL, UNSAID

import kb
from kb.compare.analysis import analyse
from kb.graph.apps import app_graph
from kb.graph.plans import plan_graph


@pytest.mark.parametrize(
    ("profile", "lang", "told"),
    [
        (
            INDIVIDUAL,
            "zh",
            [
                "⊘ 禁止 (有效): 个人不得提供宠物寄养  [paws-2026 1]",
                "· 不得提供这样的服务,不必为它准备材料:溪桥服务-宠物寄养",
            ],
        ),
        (
            INDIVIDUAL,
            "en",
            [
                "⊘ prohibited (in force): individuals must not board pets  [paws-2026 1]",
                "· the service may not be offered, no papers are to be provided for it: "
                "溪桥服务-宠物寄养 (Xiqiao services - pet boarding)",
            ],
        ),
        (
            UNSAID,
            "zh",
            [
                "? 可能禁止 (有效): 个人不得提供宠物寄养  [paws-2026 1]",
                "· 如被禁止,不必为它准备材料:溪桥服务-宠物寄养",
            ],
        ),
        (
            UNSAID,
            "en",
            [
                "? perhaps forbidden (in force): individuals must not board pets  [paws-2026 1]",
                "· if it is forbidden, no papers are to be provided for it: "
                "溪桥服务-宠物寄养 (Xiqiao services - pet boarding)",
            ],
        ),
    ],
)
def test_a_ban_is_told_first(
    paws: kb.KnowledgeBase, profile: dict[str, Any], lang: str, told: list[str]
) -> None:
    """Line 1 forbids boarding to individuals: the plan and the bundles of one begin with it, and
    so do those of an app that does not say who applies, as a perhaps."""
    for found in (
        paws.plan(profile, as_of=DAY, lang=lang),
        paws.bundles(profile, as_of=DAY, lang=lang),
    ):
        assert [line.strip() for line in str(found).splitlines()[:2]] == told


def test_what_is_in_vain_is_not_asked_for(paws: kb.KnowledgeBase) -> None:
    """No paper of boarding is in the plan, the bundles or the short answer of an individual, and
    each says why; the same papers are there where the ban is only perhaps."""
    paper = "动物诊疗许可证"
    sure = [paws.plan(INDIVIDUAL, as_of=DAY), paws.bundles(INDIVIDUAL, as_of=DAY)]
    open_ = [paws.plan(UNSAID, as_of=DAY), paws.bundles(UNSAID, as_of=DAY)]
    short = paws.ask(INDIVIDUAL, as_of=DAY).text("short")
    assert [paper in text for text in (*map(str, sure), short)] == [False] * 3
    perhaps = paws.ask(UNSAID, as_of=DAY).text("short")
    assert [paper in text for text in (*map(str, open_), perhaps)] == [True] * 3
    assert "⊘ 服务类目: 溪桥服务-宠物寄养 — 服务被禁止  [paws-2026 1-2]" in str(sure[0])
    assert "种材料" not in str(sure[1])
    assert "✗ 溪桥服务-宠物寄养 — 缺材料,服务被禁止  [paws-2026 1-2]" in short
    before, _, _ = perhaps.partition("还需提供")
    assert "? 可能禁止: 个人不得提供宠物寄养  [paws-2026 1]" in before


def test_bans_as_json(paws: kb.KnowledgeBase) -> None:
    """Plan and bundles name the part, its lines and what it makes vain."""
    plan = paws.plan(INDIVIDUAL, as_of=DAY)
    bundles = paws.bundles(INDIVIDUAL, as_of=DAY)
    assert plan is not None
    for told in (plan.to_dict(), bundles.to_dict()):
        assert told["bans"] == [BAN | {"certainty": "surely"}]
    (category,) = plan.to_dict()["categories"]
    assert (category["in_vain"], category["missing"]) == (True, [])
    perhaps = paws.plan(UNSAID, as_of=DAY)
    assert perhaps is not None
    told = perhaps.to_dict()
    assert told["bans"] == [BAN | {"certainty": "perhaps"}]
    assert [d["id"] for d in told["categories"][0]["missing"]] == ["animal_clinic_licence"]


def test_bans_are_drawn(paws: kb.KnowledgeBase) -> None:
    """The drawing of a plan has the prohibition, and the app in its state."""
    for profile, state in ((INDIVIDUAL, "prohibited"), (UNSAID, "undetermined")):
        graph = plan_graph(paws, paws.app(profile), DAY)
        assert graph.nodes["prohibition:paws-2026:no-individuals"]["state"] == state
        assert (graph.nodes["app:子"]["state"] == "prohibited") == (state == "prohibited")


def test_of_a_text_that_perhaps_binds_the_papers_are_perhaps(paws: kb.KnowledgeBase) -> None:
    """The text is one of Xiqiao: an app that does not say where it serves needs the register of
    line 3 only if it serves there; one that serves there needs it in any case."""
    profile = {
        "name": "丑",
        "applicant": "enterprise",
        "services": ["xq-flower-delivery"],
        "facts": {"xq-own-delivery": "yes", "xq-launched": "2026-06-10", "xq-reported": "yes"},
        "holds": [],
    }
    there = {**profile, "regions": ["CN-XQ"]}
    for found in (paws.ask(profile, as_of=DAY), paws.bundles(profile, as_of=DAY)):
        told = found.to_dict()["bundle"]["documents"]
        assert [(d["id"], d["only_if"]) for d in told] == [
            ("xq-flower-register", ["服务地区包括溪桥省"])
        ]
        (line,) = [each for each in str(found).splitlines() if "鲜花" in each and "·" in each][:1]
        assert "仅当:服务地区包括溪桥省" in line
    sure = paws.ask(there, as_of=DAY).to_dict()["bundle"]["documents"]
    assert ["only_if" in each for each in sure] == [False]


@pytest.mark.parametrize(
    ("day", "reported", "states"),
    [
        ("2026-05-20", "no", ("later", "later")),
        ("2026-06-30", "no", ("missing", "missing")),
        ("2026-05-20", "yes", ("satisfied", "satisfied")),
    ],
)
def test_a_report_for_which_there_is_time_is_drawn_as_later(
    paws: kb.KnowledgeBase, day: str, reported: str, states: tuple[str, str]
) -> None:
    """Line 4 asks for a report within thirty days of 1 May: until then one that was not made is
    drawn as due later, with its practice, afterwards as missing; one that was made as made."""
    app = {
        "name": "寅",
        "applicant": "enterprise",
        "regions": ["CN-XQ"],
        "services": ["xq-flower-delivery"],
        "facts": {"xq-own-delivery": "yes", "xq-launched": "2026-05-01", "xq-reported": reported},
        "holds": ["xq-flower-register"],
    }
    graph = app_graph(paws, paws.app(app), day)
    drawn = graph.nodes["obligation:paws-2026:report"]
    edges = graph.get_edge_data("obligation:paws-2026:report", "practice:xq-reported")
    (edge,) = edges.values()
    assert (drawn["state"], edge["state"]) == states


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh", "⊘ 禁止这些主体提供: 个人 (个人不得提供宠物寄养)  [paws-2026 1]"),
        ("en", "⊘ forbidden to: individual (individuals must not board pets)  [paws-2026 1]"),
    ],
)
def test_an_analysis_tells_whom_a_text_keeps_out(
    paws: kb.KnowledgeBase, lang: str, told: str
) -> None:
    """Line 1 keeps individuals out of boarding, and of boarding alone."""
    day = paws.day(DAY)
    boarding = analyse(paws, "xq-boarding", day, lang=lang)
    assert [(f.applicants, f.cite.lines) for f in boarding.forbidden] == [(("individual",), (1,))]
    assert told in [line.strip() for line in str(boarding).splitlines()]
    assert analyse(paws, "xq-flowers", day, lang=lang).forbidden == ()
