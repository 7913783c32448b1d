"""Duties that a practice keeps, such as a report: what `kb bundles` tells beside the papers."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from province import PROVINCE
from test_cases import loaded

import kb
from kb.render.schemas_answer import BUNDLES_SCHEMA

FLORIST: dict[str, Any] = {
    "name": "寅",
    "applicant": "enterprise",
    "regions": ["CN-XQ"],
    "services": ["xq-flower-delivery"],
    "facts": {"xq-own-delivery": "yes", "xq-launched": "2026-05-01", "xq-reported": "no"},
    "holds": ["xq-flower-register"],
}
REPORT = "report within thirty days of going online"
"""What line 4 of the province's text asks for, and no paper."""


def reporting(said: str | None) -> dict[str, Any]:
    """The florist, who says of the report that it is made, or not, or nothing."""
    facts = FLORIST["facts"] | {"xq-reported": said}
    return FLORIST | {"facts": {key: value for key, value in facts.items() if value is not None}}


@pytest.mark.parametrize(
    ("day", "said", "told"),
    [
        ("2026-05-30", "no", f"· not due yet, due on 2026-05-31 at the latest: {REPORT}"),
        ("2026-05-30", None, f"· not due yet, due on 2026-05-31 at the latest: {REPORT}"),
        ("2026-05-31", "no", f"✗ not met, due today, 2026-05-31: {REPORT}"),
        ("2026-06-01", "no", f"✗ not met, overdue since 2026-05-31: {REPORT}"),
        ("2026-06-01", None, f"? not determined: {REPORT}"),
        ("2026-05-30", "yes", None),
        ("2026-06-01", "yes", None),
        ("2026-03-31", "no", None),
    ],
)
def test_a_report_is_told_after_the_papers(
    paws: kb.KnowledgeBase, day: str, said: str | None, told: str | None
) -> None:
    """Thirty days after 1 May end on 31 May. The report is told with its line:
    until then with the day by which it is due, afterwards as not made, or as open where nothing is
    said of it; not where it is made, nor before the text begins."""
    _, *rest = str(paws.bundles(reporting(said), as_of=day, lang="en")).splitlines()
    assert rest == (["beside the papers:", f"  {told}  [paws-2026 4]"] if told else [])


def test_reports_as_json_and_in_chinese(paws: kb.KnowledgeBase) -> None:
    """Each is what an answer says of the duty, with when it must be kept; the page tells it, too.
    Where there is none there is no key."""
    for day, demand in (("2026-05-30", "later"), ("2026-06-01", "now")):
        found = paws.bundles(FLORIST, as_of=day)
        told = found.to_dict()
        jsonschema.Draft202012Validator(BUNDLES_SCHEMA).validate(told)
        answered = paws.ask(FLORIST, as_of=day).to_dict()["obligations"]
        (duty,) = [each for each in answered if each["id"] == "paws-2026:report"]
        assert told["bundle"]["documents"] == []
        assert told["duties"] == [{"demand": demand, "duty": duty}]
        assert "上线后三十日内报告" in found.html()
    assert str(found).splitlines()[1:] == [
        "材料之外:",
        "  ✗ 未做到,最迟 2026-05-31,已逾期: 上线后三十日内报告  [paws-2026 4]",
    ]
    assert "duties" not in paws.bundles(reporting("yes"), as_of="2026-06-01").to_dict()


def test_a_report_to_a_text_that_perhaps_counts_is_perhaps(tmp_path: Path) -> None:
    """Where it is known only that the text begins in the second quarter, on a day in it the report
    that was not made is told as not made, if the text counts yet."""
    folder = tmp_path / "paws"
    shutil.copytree(PROVINCE, folder)
    source = folder / "paws-2026.yaml"
    text = source.read_text(encoding="utf-8")
    begins = "begins: {date: 2026-04-01}"
    assert begins in text
    vague = text.replace(begins, "begins: {date: 2026-04-01, precision: quarter}")
    source.write_text(vague, encoding="utf-8")
    found = kb.load(folder).bundles(FLORIST, as_of="2026-06-15", lang="en")
    assert [each["demand"] for each in found.to_dict()["duties"]] == ["perhaps"]
    assert str(found).splitlines()[-1] == (
        f"  ? not met, overdue since 2026-05-31: {REPORT}, the day on which its text begins is not "
        "sure  [paws-2026 4]"
    )


def test_what_a_practice_keeps_as_well_as_a_paper_is_told() -> None:
    """Line 6 of the lock is kept by a filing or a report, line 9 from 1 May 2024 on by a plan or a
    drill: neither paper must be in the bundle, so both duties are told, and once; line 5 is kept by
    a paper of the bundle alone and not told."""
    lock = loaded(("facts-lock",))
    app = {
        "name": "甲",
        "regions": ["quay"],
        "services": ["passage"],
        "facts": {"opened_on": "2023-05-01", "reported": False, "drilled": False},
    }
    told = str(lock.bundles(app, as_of="2024-03-01", lang="en")).splitlines()
    assert told[told.index("beside the papers:") + 1 :] == [
        "  ✗ not met: be filed or have reported  [lock-2024 6]",
        "      → met with: lock filing of the applicant",
        "  · not due yet, due from 2024-05-01 on: be ready for a rescue  [lock-2024 9]",
    ]
