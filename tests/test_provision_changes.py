"""Duties and prohibitions that begin, end or change, as `kb changes` tells them."""

from __future__ import annotations

import json
import shutil
from html import escape
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from test_cases import loaded

import kb
from kb.model.places import shipped
from kb.render.schemas_compare import CHANGES_SCHEMA

PAWS = Path(__file__).parent / "paws"


def stated(source: str) -> list[str]:
    """The ids of the duties and prohibitions of a text, as its file has them."""
    file = yaml.safe_load((Path(shipped("facts")) / f"{source}.yaml").read_text(encoding="utf-8"))
    parts = (*file["duties"], *file.get("prohibitions", ()))
    return [f"{source}:{part['id']}" for part in parts]


def told(base: kb.KnowledgeBase, first: str, last: str) -> list[dict[str, Any]]:
    """The changes of duties and prohibitions as JSON."""
    found: list[dict[str, Any]] = base.changes(first, last).to_dict()["provisions"]
    return found


def brief(changes: list[dict[str, Any]]) -> dict[str, Any]:
    """What became of each, by its id."""
    return {each["provision"]["id"]: each["what"] for each in changes}


def test_a_draft_begins_as_a_draft(base: kb.KnowledgeBase) -> None:
    """The draft of Beijing is of 2022-02-16: all that it states begins on that day, each as part of
    a draft, and nothing of it the day before or the day after."""
    begun = told(base, "2022-02-15", "2022-02-16")
    mine = [each for each in begun if each["provision"]["source"] == "beijing-draft-2022"]
    assert brief(mine) == dict.fromkeys(stated("beijing-draft-2022"), "begun")
    assert {each["provision"]["standing"] for each in mine} == {"draft"}
    assert {each["provision"]["term"]["begins"]["first"] for each in mine} == {"2022-02-16"}
    text = str(base.changes("2022-02-15", "2022-02-16"))
    assert (
        "  《北京市教育移动应用备案及管理通知(征求意见稿)》(征求意见稿,没有效力)\n    适用范围:\n"
    ) in text
    assert told(base, "2022-02-16", "2022-02-17") == []
    assert told(base, "2022-02-14", "2022-02-15") == []


def test_what_comes_up_changes_a_duty(base: kb.KnowledgeBase) -> None:
    """Line 17 of the draft of Beijing names a notice that turned the filing into an approval: from
    the day of the draft on it is open whether Shandong still asks for its filing (6) and for
    reports of changes (16)."""
    mine = [
        each
        for each in told(base, "2022-02-15", "2022-02-16")
        if each["provision"]["source"] == "shandong-2019"
    ]
    assert [
        (each["provision"]["id"], each["what"], [p["sources"][0]["lines"] for p in each["unclear"]])
        for each in mine
    ] == [
        ("shandong-2019:filing", "changed", [[6]]),
        ("shandong-2019:report-changes", "changed", [[16]]),
    ]
    lines = str(base.changes("2022-02-15", "2022-02-16", lang="en")).splitlines()
    at = next(n for n, each in enumerate(lines) if each.startswith("    duty changes: "))
    assert lines[at + 1] == (
        "      where: serves Shandong; and gives pupils training in school subjects"
    )
    assert lines[at + 2].startswith("      ? line 17 of the Beijing draft of 2022 names")


def test_a_text_of_some_day_of_a_year_begins_perhaps(base: kb.KnowledgeBase) -> None:
    """The plan of Shandong is of 2019 and gives no day: within the year each of its duties perhaps
    counts, and at its end it surely does."""
    within, after = (
        told(base, *days) for days in (("2018-12-31", "2019-06-30"), ("2019-06-30", "2019-12-31"))
    )
    parts = stated("shandong-2019")
    assert brief(within) == dict.fromkeys(parts, "begun")
    assert {(each["before"], each["after"]) for each in within} == {(None, "perhaps")}
    assert brief(after) == dict.fromkeys(parts, "settled")
    assert {(each["before"], each["after"]) for each in after} == {("perhaps", "surely")}
    text = str(base.changes("2018-12-31", "2019-06-30"))
    assert (
        "    义务开始 (日期不确定): 办理校外线上培训备案 — 备案责任主体  [shandong-2019 6, 12-13]\n"
        "      自 2019-01-01 至 2019-12-31 之间的某一天起\n"
        "      当「服务山东」且「对中小学生开展学科培训」\n"
        "      ? 方案只说到自建平台和第三方平台,代理由谁备案没有说  [12-13]\n"
    ).replace("平台,", "平台，") in text


def test_own_days_of_duties_and_prohibitions() -> None:
    """A duty that is revoked from a day on ends on the day before (4), a ban after its last day
    (10); a due day (2), the end of a grace (3, 11) and a day from which on something is forbidden
    (9) change what they are of. On the day before there is no change yet."""
    ferry = loaded(("facts-ferry",))
    assert brief(told(ferry, "2023-12-31", "2025-01-01")) == {
        "ferry-2023:filing": "changed",
        "ferry-2023:lamp": "changed",
        "ferry-2023:bell": "ended",
        "ferry-2023:no-red-flag": "changed",
        "ferry-2023:no-oil-lamps": "changed",
        "ferry-2023:no-night": "ended",
    }
    assert brief(told(ferry, "2024-12-30", "2024-12-31")) == {}
    assert brief(told(ferry, "2024-12-31", "2025-01-01")) == {"ferry-2023:bell": "ended"}
    assert brief(told(ferry, "2024-03-29", "2024-03-30")) == {}
    (due,) = told(ferry, "2024-03-30", "2024-03-31")
    assert (due["provision"]["id"], due["due"]) == ("ferry-2023:filing", ["2024-03-31"])
    assert str(ferry.changes("2024-07-01", "2025-01-01", lang="en")) == (
        "2024-07-01 → 2025-01-01: 0 categories\n"
        "\n"
        "duties and prohibitions that begin, end or change: 1\n"
        "  made-up rules of the ferry (ferry-2023)\n"
        "    range:\n"
        "      within: apps that serve the quay  [1]\n"
        "        where: serves the quay\n"
        "    duty ends: have a bell — keeper of the light  [ferry-2023 4]\n"
        "      through 2024-12-31"
    )


def test_a_layer_tells_its_own() -> None:
    """Of a folder that is named only the duties and prohibitions of its own sources are told: of
    those that begin between 2019 and 2026 the two of Xiqiao (4, 1)."""
    layered = kb.load(PAWS)
    found = layered.changes("2018-12-31", "2026-06-30", folders=PAWS).to_dict()["provisions"]
    assert [(e["provision"]["id"], e["provision"]["kind"], e["after"]) for e in found] == [
        ("paws-2026:report", "duty", "surely"),
        ("paws-2026:no-individuals", "prohibition", "surely"),
    ]
    assert len(told(layered, "2018-12-31", "2026-06-30")) > len(found)


def test_a_text_that_ends_on_some_day_of_a_quarter(tmp_path: Path) -> None:
    """Where a text ends on some day of the last quarter of 2026, it still counts on the first,
    which may be its last; from the second on its ban (1) is no longer sure, and its categories are
    told as no longer surely in force; with the next year both have ended."""
    shutil.copytree(PAWS, tmp_path / "paws")
    file = tmp_path / "paws" / "paws-2026.yaml"
    begins = "  begins: {date: 2026-04-01}\n"
    ends = "  ends: {date: 2026-12-31, precision: quarter}\n"
    file.write_text(file.read_text(encoding="utf-8").replace(begins, begins + ends), "utf-8")
    base = kb.load(tmp_path / "paws")
    assert brief(told(base, "2026-10-01", "2026-10-02")) == {
        "paws-2026:report": "unsettled",
        "paws-2026:no-individuals": "unsettled",
    }
    lines = str(base.changes("2026-10-01", "2026-10-02", lang="en")).splitlines()
    assert lines[1] == (
        "no longer surely in force (day not certain): 溪桥服务-宠物寄养 (Xiqiao services - pet "
        "boarding)  [paws-2026 1-2]"
    )
    assert lines[-3:] == [
        "    prohibition no longer surely in its term (day not certain): individuals must not "
        "board pets — provider of the app (who is in charge of it, or its developer)  "
        "[paws-2026 1]",
        "      through some day between 2026-10-01 and 2026-12-31",
        "      where: the applicant is an individual",
    ]
    (_, ban) = told(base, "2026-10-02", "2027-01-01")
    assert (ban["what"], ban["before"], ban["after"]) == ("ended", "perhaps", None)
    assert ban["provision"]["term"]["ends"] == {"first": "2026-10-01", "last": "2026-12-31"}


@pytest.mark.parametrize("days", [("2018-12-31", "2026-06-30"), ("2022-01-01", "2022-12-31")])
def test_as_json(base: kb.KnowledgeBase, days: tuple[str, str]) -> None:
    """The JSON is as its schema says, and the HTML names each duty and prohibition that changed."""
    found = base.changes(*days, lang="en")
    Draft202012Validator(CHANGES_SCHEMA).validate(json.loads(json.dumps(found.to_dict())))
    assert found.provisions
    page = found._repr_html_()
    for each in found.to_dict()["provisions"]:
        assert escape(each["provision"]["what"]) in page
