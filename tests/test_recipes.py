"""The texts that the page of facts writes out on seats, seasons and lines that are waived."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import kb

DOCS = Path(__file__).resolve().parent.parent / "docs"
FILE = re.compile(r"^`([\w./-]+\.yaml)`:\n\n```yaml\n(.*?)```", re.DOTALL | re.MULTILINE)
DAY = "2026-03-01"
NAMES = {
    "services": "terms: [{id: pools, zh: 订泳池, en: booking of pools}]\n",
    "categories": "groups: [{id: pool, zh: 泳池, en: pools}]\n"
    "terms: [{id: pool-booking, group: pool, zh: 预订, en: booking}]\n",
    "documents": "terms:\n"
    + "".join(
        f"  - {{id: {id}, zh: {id} 文, en: {id}}}\n"
        for id in (
            "register_entry", "contact_letter", "agent_letter", "pool_permit", "pool_pledge",
            "water_report", "lifeguard_certificate", "sign_photo",
        )
    ),
}  # fmt: skip
"""Names that the page leaves to the reader."""
SIGN = "pools-2026:sign"


def written(folder: Path, page: str) -> Path:
    """The files of a page, with the names that they use."""
    shown = FILE.findall((DOCS / page).read_text(encoding="utf-8"))
    names = {f"vocabulary/{kind}.yaml": text for kind, text in NAMES.items()}
    assert [name for name, _ in shown] == [
        "vocabulary/attributes.yaml", "vocabulary/conditions.yaml",
        "seat-2026.yaml", "pools-2026.yaml",
    ]  # fmt: skip
    for name, text in {**names, **dict(shown)}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module", params=["facts.md", "facts.zh-CN.md"])
def base(request, tmp_path_factory):
    """What is shipped, with the texts of the page laid on it."""
    return kb.load(written(tmp_path_factory.mktemp("recipes"), request.param))


def told(base, day=DAY, holds=(), regions=("CN-GD",), exemptions=(), **facts):
    """The answer for an app that books pools."""
    app = {"name": "a", "applicant": "enterprise", "services": ["pools"], "holds": list(holds)}
    app |= {"facts": facts, "exemptions": list(exemptions)}
    app |= {} if regions is None else {"regions": list(regions)}
    return base.ask(app, as_of=day).to_dict()


def duties(answer, source):
    """The verdicts on the duties of a source, by their ids in it."""
    own = (each["id"].partition(":") for each in answer["obligations"])
    verdicts = (each["verdict"] for each in answer["obligations"])
    return {id: v for (of, _, id), v in zip(own, verdicts, strict=True) if of == source}


@pytest.mark.parametrize(
    ("seat", "regions", "expected"),
    [
        # Companies of the province: bound wherever in the country they serve.
        ("CN-GD", ["CN-ZJ"], {"register": "missing", "agent": "missing"}),
        ("CN-GD", ["CN-GD"], {"register": "missing", "contact": "missing"}),
        (
            "CN-GD",
            ["CN-GD", "CN-ZJ"],
            {"register": "missing", "contact": "missing", "agent": "missing"},
        ),
        # Others are not, wherever they serve; nor does the text reach who serves abroad alone.
        ("CN-ZJ", ["CN-GD"], {}),
        ("CN-GD", ["JP"], {}),
    ],
)
def test_the_seat_decides(base, seat, regions, expected):
    """A text on companies of a province binds by the seat, and each of its lines by what it says of
    the place served."""
    assert duties(told(base, regions=regions, seat=seat), "seat-2026") == expected


@pytest.mark.parametrize("facts", [{}, {"seat": "CN"}])
def test_an_unsaid_seat_is_asked_for(base, facts):
    """Where the seat is not said, or only that it is somewhere in the country, whether the text
    applies is open, and the seat is asked for."""
    answer = told(base, regions=["CN-ZJ"], **facts)
    asked = {each["ask"]["attribute"] for each in answer["undetermined"] if each["ask"]}
    assert (answer["verdict"], duties(answer, "seat-2026")) == ("undetermined", {})
    assert "seat" in asked


FULL = ("pool_permit", "pool_pledge", "water_report", "sign_photo")
ELSEWHERE = {"seat": "CN-ZJ"}


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        ("2026-05-31", "satisfied"),
        ("2026-06-01", "missing"),
        ("2026-09-30", "missing"),
        ("2026-10-01", "satisfied"),
        ("2027-05-31", "satisfied"),
        ("2027-06-01", "missing"),
        ("2027-10-01", "satisfied"),
        ("2028-05-31", "satisfied"),
        # Not written out from here on: neither missing nor forgotten.
        ("2028-06-01", "undetermined"),
        ("2029-01-01", "undetermined"),
    ],
)
def test_a_season_year_by_year(base, day, verdict):
    """A duty of the summers is asked for on their days alone, the first and the last among them,
    and stays open where nobody has written them out; who keeps it is right on all days."""
    assert told(base, day, FULL, **ELSEWHERE)["verdict"] == verdict
    kept = (*FULL, "lifeguard_certificate")
    assert told(base, day, kept, **ELSEWHERE)["verdict"] == "satisfied"


@pytest.mark.parametrize("day", ["2026-03-01", "2026-07-01"])
@pytest.mark.parametrize(
    ("holds", "waived", "verdict"),
    [
        (("pool_permit", "pool_pledge", "water_report"), "no", "satisfied"),
        (("pool_permit", "water_report"), "no", "missing"),
        (("pool_permit", "water_report"), "yes", "satisfied"),
        (("pool_permit", "water_report"), None, "undetermined"),
        # The report is asked for in a season that can not be said: open all year without it.
        (("pool_permit", "pool_pledge"), "no", "undetermined"),
        (("pool_permit",), "yes", "undetermined"),
        (("water_report",), "yes", "missing"),
    ],
)
def test_one_line_is_waived(base, day, holds, waived, verdict):
    """Who is excused from the pledge needs all but the pledge, and a paper of the season that is
    in hand is enough on every day."""
    facts = ELSEWHERE if waived is None else {**ELSEWHERE, "pledge_waived": waived}
    [category] = told(base, day, holds, **facts)["categories"]
    assert (category["id"], category["verdict"]) == ("pool-booking", verdict)


@pytest.mark.parametrize(
    ("holds", "facts", "granted", "verdict"),
    [
        ((), {}, (), "undetermined"),
        ((), {"depth": 100}, (), "undetermined"),
        ((), {"depth": 99}, (), "missing"),
        (("sign_photo",), {}, (), "satisfied"),
        ((), {"depth": 99}, ({"from": SIGN, "by": "体育局"},), "satisfied"),
    ],
)
def test_a_duty_that_may_not_bind(base, holds, facts, granted, verdict):
    """A passage that leaves open whether a duty binds opens it for who does not keep it, and not
    where the passage is not about the app; an exemption names the duty alone."""
    answer = told(base, holds=holds, exemptions=granted, **ELSEWHERE, **facts)
    assert duties(answer, "pools-2026")["sign"] == verdict
    assert [each["verdict"] for each in answer["categories"]] == ["missing"]


LATER = """\
source: {{id: later, zh: 后来的办法, en: later, publisher: {{zh: 虚构, en: made up}}, \
date: 2026-02-01, standing: in_force, jurisdiction: {place}, begins: {{date: 2026-02-01}}, \
line_count: 2}}
categories:
  - category: pool-booking
    lines: 1-2
    scope: [{{service: pools, lines: 1}}]
    requirement: {{document: pool_permit, lines: 2}}
"""


@pytest.mark.parametrize(
    ("place", "verdict"), [("CN-GD", "satisfied"), ("CN-GD-POOL", "undetermined")]
)
def test_a_later_text_waives_a_line(tmp_path, place, verdict):
    """A later text of the same place that no longer asks for the pledge excuses from it; one for a
    part of that place stands beside the earlier text, and what the two differ in stays open."""
    folder = written(tmp_path, "facts.md")
    region = "terms: [{id: CN-GD-POOL, zh: 池县, en: Pool County, kind_of: CN-GD}]\n"
    (folder / "vocabulary" / "regions.yaml").write_text(region, encoding="utf-8")
    (folder / "later.yaml").write_text(LATER.format(place=place), encoding="utf-8")
    regions = ["CN-GD-POOL"]
    holds = ["pool_permit", "water_report"]
    answer = told(kb.load(folder), DAY, holds, regions, **ELSEWHERE, pledge_waived="no")
    assert [each["verdict"] for each in answer["categories"]] == [verdict]
