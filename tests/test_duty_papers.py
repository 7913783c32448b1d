"""Papers of duties: in what an app must provide, in plans, bundles, audits and flips."""

from __future__ import annotations

import json
from dataclasses import replace

import pyarrow.parquet as pq
import pytest
from test_cases import loaded

from kb.audit.flips import flips
from kb.audit.report import page
from kb.graph.drawing import drawing
from kb.graph.kinds import STATES

APP = {
    "name": "甲",
    "regions": ["quay"],
    "services": ["passage"],
    "facts": {"opened_on": "2023-05-01", "reported": False, "drilled": False},
}
DAY = "2024-03-01"


@pytest.fixture(scope="module")
def lock():
    """The base of a made-up lock: line 2 wants an insurance and a hull report for the passage, 5 an
    insurance of all; 6 is kept by a filing or a report, 7 is about whoever carries children, 8 and
    9 are due on 1 May 2024, 9 by a plan or a drill."""
    return loaded(("facts-lock",))


def test_a_paper_of_a_category_and_a_duty_is_one(lock):
    """What a category and a duty ask for is in the proven bundle once, and says for which duty."""
    bundle = lock.ask(APP, DAY).bundle
    assert bundle.optimal
    assert {d.document: (d.at_least, d.duties) for d in bundle.documents} == {
        "insurance": (1, ("lock-2024:cover",)),
        "hull_report": (1, ()),
    }
    assert bundle.alternatives == ("lock-2024/lock-passage#1",)
    whole = lock.bundles(APP, as_of=DAY).bundle
    assert {d.document for d in whole.documents} == {"insurance", "hull_report"}


def test_the_answer_tells_papers_now_later_and_perhaps(lock):
    """Text, page and JSON tell which papers are asked for now, which later and by which day, and
    which perhaps, each for its duty."""
    answer = lock.ask(APP, DAY, lang="en")
    lines = [line.strip() for line in answer.text("short").splitlines()]
    assert [each for each in lines if "lock-2024 8" in each][-1] == (
        "· due from 2024-05-01 on: 《锚具证》 (anchor certificate)"
        "  ← duty: have an anchor certificate  [lock-2024 8]"
    )
    assert [each for each in lines if each.startswith("? 《")] == [
        "? 《船闸备案》 (lock filing): duty: be filed or have reported, kept as well by this: "
        "reported to the keeper of the lock  [lock-2024 6]",
        "? 《护童证》 (licence of a children's guard): duty: have a guard for children, "
        "whether it binds or is kept is open  [lock-2024 7]",
        "? 《救生预案》 (rescue plan): duty: be ready for a rescue, due from 2024-05-01 on, "
        "kept as well by this: has drilled the rescue  [lock-2024 9]",
    ]
    html = answer._repr_html_()
    assert "for the duty: be insured" in html
    assert "due from 2024-05-01 on" in html
    found = answer.to_dict()
    assert [(e["day"], e["duty"], e["documents"][0]["id"]) for e in found["later"]] == [
        ("2024-05-01", "lock-2024:anchor", "anchor_certificate")
    ]
    assert [(e["duty"], e["demand"]) for e in found["duty_papers"]] == [
        ("lock-2024:cover", "now"),
        ("lock-2024:anchor", "later"),
        ("lock-2024:sign", "perhaps"),
        ("lock-2024:guard", "perhaps"),
        ("lock-2024:rescue", "perhaps"),
    ]


def test_a_category_with_time_tells_what_is_due_by_when(lock):
    """The short answer of an app in its time of grace tells what is due by the last day."""
    answer = lock.ask({**APP, "services": ["trips"], "holds": ["保险单"]}, DAY, lang="en")
    [category] = answer.categories
    assert category.verdict == "satisfied"
    assert (
        "  · due from 2024-06-30 on: 《船员名单》 (crew list), 《船体检验报告》 (hull report)"
        "  ← 船闸-游河  [lock-2024 3]"
    ) in answer.text("short").splitlines()


def test_the_plan_names_papers_of_duties(lock):
    """The plan tells by which papers duties are kept that are open, and by which day."""
    plan = lock.plan(APP, as_of=DAY, lang="en")
    lines = [line.strip() for line in plan.text().splitlines()]
    assert "→ met with: 《保险单》 (insurance)" in lines
    assert "→ met with: 《锚具证》 (anchor certificate), due from 2024-05-01 on" in lines
    assert [each["demand"] for each in plan.to_dict()["duty_papers"]].count("perhaps") == 3


def test_audits_and_flips_have_papers_of_duties(lock, tmp_path):
    """The row of a whole app lists what its duties lack, and a flip what would repair it."""
    path, out = tmp_path / "apps.jsonl", tmp_path / "out.parquet"
    app = {
        **APP,
        "id": "甲",
        "services": ["trips"],
        "holds": [{"document": "insurance"}],
        "facts": {**APP["facts"], "reported": True, "drilled": True, "children": False},
    }
    del app["name"]
    path.write_text(json.dumps(app, ensure_ascii=False) + "\n", "utf-8")
    summary = lock.audit(path, out, as_of="2024-05-01")
    [whole] = [row for row in pq.read_table(out).to_pylist() if row["category"] is None]
    assert (whole["verdict"], whole["missing"]) == ("missing", ["anchor_certificate@applicantx1"])
    assert summary.wanted == {"anchor_certificate@applicantx1": 1}
    assert "duty: have an anchor certificate" in page(lock, summary, "en")
    alone = {**app, "name": app["id"]}
    del alone["id"]
    one = lock.changes("2024-04-30", "2024-05-01", [alone]).apps
    other = list(flips(lock, path, 20240430, 20240501))
    assert [replace(flip, deadlines=()) for flip in one] == other
    [flip] = one
    assert [(d.document, d.duties) for d in flip.to_provide] == [
        ("anchor_certificate", ("lock-2024:anchor",))
    ]


def test_the_picture_draws_what_is_due_later_in_its_own_way(lock):
    """Under a category with time, and under a duty that is not due yet, papers that are not there
    are due later, with a mark and a border of their own, in the legend, and with the day."""
    facts = {"opened_on": "2023-05-01", "reported": True, "drilled": True, "children": False}
    app = {**APP, "services": ["trips"], "holds": ["保险单"], "facts": facts}
    graph = lock.graph(app=app, as_of=DAY)
    states = {key: data.get("state") for key, data in graph.nodes(data=True)}
    assert states["category:lock-trips"] == "satisfied"
    assert "missing" not in states.values()
    assert [key for key, state in states.items() if state == "later"] == [
        "all_of:lock-2024/lock-trips/0",
        "document:crew_list",
        "document:hull_report",
        "obligation:lock-2024:anchor",
    ]
    anchor = graph["obligation:lock-2024:anchor"]["document:anchor_certificate"]
    assert [edge["state"] for edge in anchor.values()] == ["later"]
    assert graph.nodes["category:lock-trips"]["days_en"] == "due from 2024-06-30 on"
    drawn = drawing(graph, "en")
    assert "due later" in [STATES[state].label("en") for state in drawn.states()]
    assert STATES["later"].mark != STATES["missing"].mark
    assert STATES["later"].style != STATES["missing"].style
