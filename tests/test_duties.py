"""Duties and prohibitions as an answer shows them: how they count, what follows on a breach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from test_cases import loaded

DAY = "2025-06-30"
SMALL: Mapping[str, Any] = {
    "name": "幼学",
    "regions": ["CN-BJ"],
    "audience": ["preschool"],
    "services": ["早教"],
    "facts": {"purpose": "training", "ads_or_game_links": True},
}


def test_what_follows_on_a_breach() -> None:
    """Each consequence names its line and who acts; the grey list a deadline that is not given, the
    black list that it comes after it (lines 49, 51 and 54 of the Beijing draft)."""
    answer = loaded(()).ask(SMALL, as_of=DAY, lang="en").to_dict()
    banned = next(p for p in answer["prohibited"] if p["id"].endswith(":preschool-training"))
    follows = {c["id"].partition(":")[2]: c for c in banned["breach"]}
    lines = {id: c["sources"][0]["lines"] for id, c in follows.items()}
    assert lines == {
        "joint-governance": [49],
        "take-down": [51],
        "cut-off": [51],
        "shut-down": [51],
        "grey-list": [54],
        "black-list": [54],
        "listed-action": [54],
    }
    assert follows["take-down"]["by"] == ["Beijing Communications Administration"]
    assert follows["grey-list"]["deadline"] == "how long is not said"
    assert follows["black-list"]["after"] == "beijing-draft-2022:grey-list"
    assert follows["take-down"]["deadline"] is follows["take-down"]["after"] is None


def test_prohibitions_say_how_they_count() -> None:
    """What a draft forbids is told as that, in the order of the text, with what follows; it is not
    the platform that does not support it."""
    shown = str(loaded(()).ask(SMALL, as_of=DAY))
    first = shown.index("⊘ 禁止 (征求意见稿): 不得有游戏链接和广告等  [beijing-draft-2022 34]")
    second = shown.index("⊘ 禁止 (征求意见稿): 培训学龄前儿童的应用一律停止运行")
    assert first < second
    assert "↳ 违反后果: 市教委会同相关部门联合治理 [49]；" in shown
    assert "列入灰名单，限期整改 (期限多长没有给出) [54]" in shown
    assert "平台不支持" not in shown


def test_prohibitions_of_an_excerpt_say_so() -> None:
    """The plan of Shandong is in force and an excerpt."""
    app = {
        "name": "甲",
        "regions": ["CN-SD"],
        "audience": ["senior_secondary"],
        "services": ["教育直播"],
        "facts": {"subjects": ["physics"], "sells_trainee_information": True},
    }
    shown = str(loaded(()).ask(app, as_of=DAY, lang="en"))
    assert "⊘ prohibited (in force, excerpt): the data of those it trains may not be sold" in shown


def test_a_service_that_the_platform_does_not_carry() -> None:
    """What a category does not support is the platform's own limit, and has no consequences."""
    app = {"name": "甲", "applicant": "enterprise", "services": ["special_equipment_sales"]}
    shown = str(loaded(()).ask(app, as_of=DAY))
    assert "⊘ 平台不支持: 特种设备销售" in shown


def test_duties_with_no_way_to_show_them() -> None:
    """Line 33 of the Beijing draft names no way in which it is met: its duty gets no tick."""
    shown = str(loaded(()).ask(SMALL, as_of=DAY))
    assert "  · 遵守法律法规和党的教育方针" in shown
    assert "— 来源没有说如何算做到  [33]" in shown
    assert "✓ 遵守" not in shown


def test_notes_of_duties() -> None:
    """What the source leaves open about a duty stands below it, and in the data."""
    answer = loaded(()).ask(SMALL, as_of=DAY, lang="en")
    obligations = answer.to_dict()["obligations"]
    [duty] = [o for o in obligations if o["id"] == "filing-procedure-2025:file"]
    assert duty["note"] == "the source speaks of non-commercial services only"
    assert f"[2, 29]\n      · {duty['note']}" in str(answer)
    assert "note" not in next(o for o in obligations if o["id"].endswith("data-protection"))


def test_the_same_breach_is_told_once() -> None:
    """Duties that lead to the same when not kept say so once in the text; the data has it all."""
    app = {
        "name": "京学",
        "regions": ["CN-BJ"],
        "audience": ["senior_secondary"],
        "services": ["教育直播"],
        "facts": {"purpose": "training", "subjects": ["physics"]},
    }
    answer = loaded(()).ask(app, as_of=DAY)
    broken = [o for o in answer.obligations if o.verdict == "missing" and o.breach]
    assert len(broken) >= 2
    assert all(o.breach == broken[0].breach for o in broken)
    assert str(answer).count("↳ 违反后果") == 1


def test_values_of_which_a_source_does_not_say() -> None:
    """A subject that no list names leaves open whether training in it is subject training (line 25
    of the Beijing draft ends in "and so on"), unless a named one stands beside it; trying values
    out comes to the same as asking."""
    conditions = loaded(()).conditions
    test = next(
        t
        for t in conditions.facts.vocabulary.conditions["trains_pupils_in_subjects"].tests
        if t.attribute == "subjects"
    )
    outcomes = [conditions.outcome(test, v) for v in (("other",), ("other", "physics"), ("arts",))]
    assert outcomes == ["open", "met", "failed"]
