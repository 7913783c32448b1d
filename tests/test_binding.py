"""Whom a text binds, and what it leaves open: properties over made-up texts and apps.

Each text is written beside the folder `cases/facts-places` (or alone with its vocabulary) and read
like any other.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import kb
from kb.base.loading import read_rules
from kb.lang.syntax import Rule
from kb.model.facts import read_facts

PLACES = Path(__file__).parent / "cases" / "facts-places"

ACCOUNTS = {
    "individual": {"individual"},
    "enterprise": {"enterprise", "non_individual"},
    "thai_enterprise": {"thai_enterprise", "overseas"},
    "japanese_enterprise": {"japanese_enterprise", "overseas"},
}
"""Applicants, each with the kinds that it is one of."""

SERVICES = {
    "driving_school_training": "education-driving-school",
    "ticket_information": "life-tickets",
    "calendar": "tools-calendar",
}
REGIONS = ("CN", "CN-BJ", "CN-GD", "JP", "TH")
NONE = {"none_stated", "none_required"}
PAPERS = ("driver_training_filing", "guangdong_registration", "business_licence", "overseas_proof")
DAYS = ("2021-12-31", "2024-06-30", "2025-06-30", "2026-01-15", "2026-03-01")
FEW = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # a base is too slow to make for smaller examples
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@cache
def rules() -> tuple[Rule, ...]:
    """The shipped rules, read once."""
    return read_rules()


def source(id: str, begins: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """The head of a made-up text."""
    return {
        "id": id,
        "zh": f"虚构规定({id})",
        "en": f"made-up text ({id})",
        "publisher": {"zh": "虚构", "en": "made up"},
        "date": "2022-01-01",
        "standing": "in_force",
        "jurisdiction": "CN",
        "platform": "wechat",
        **begins,
        "line_count": 9,
        **more,
    }


def base_with(folder: Path, text: Mapping[str, Any] | None, alone: bool) -> kb.KnowledgeBase:
    """A base over `facts-places` and a text; `alone`: over the text and the vocabulary."""
    shutil.copytree(PLACES, folder)
    if alone:
        for path in folder.glob("*.yaml"):
            path.unlink()
    if text is not None:
        written = yaml.safe_dump(text, allow_unicode=True, sort_keys=False)
        (folder / f"{text['source']['id']}.yaml").write_text(written, encoding="utf-8")
    return kb.KnowledgeBase(read_facts(folder), rules())


# 1 a text that does not bind an app


@st.composite
def limited_texts(draw: st.DrawFn) -> dict[str, Any]:
    """A text for accounts of one kind, of one place or country, of another platform, that is a
    draft or has not begun: some later than those of the folder, some complete for their accounts,
    some with notes and with an "only"."""
    accounts = draw(st.sampled_from([None, "individual", "non_individual", "overseas"]))
    other = draw(st.sampled_from(["", "", "platform", "draft", "begins"]))
    places = ["CN-GD", "JP"] if accounts is None and not other else ["CN", "CN-GD", "TH"]
    place = draw(st.sampled_from(places))
    service = draw(st.sampled_from(sorted(SERVICES)))
    papers = draw(st.lists(st.sampled_from(PAPERS), max_size=2, unique=True))
    day = draw(st.sampled_from(["2021-01-01", "2024-02-01", "2026-01-02"]))
    record: dict[str, Any] = {
        "category": SERVICES[service],
        "lines": "1-3",
        "scope": [{"service": service, "lines": "2"}],
    }
    if papers:
        way = draw(st.sampled_from(["all_of", "any_of"]))
        record["requirement"] = {
            "lines": "3",
            way: [{"document": paper, "lines": "3"} for paper in papers],
        }
    else:
        record[draw(st.sampled_from(["none_stated", "none_required"]))] = True
    more: dict[str, Any] = {"jurisdiction": place}
    if accounts is not None:
        if place == "CN" and draw(st.booleans()):
            more["complete_for"] = [accounts]
        else:
            record["accounts"] = accounts
            record["accounts_lines"] = "1"
    if draw(st.booleans()):
        record["unsupported"] = [{"services": service, "lines": "3"}]
    if draw(st.booleans()):
        note = draw(st.sampled_from(["also", "instead"]))
        whom = draw(st.sampled_from([{"services": "calendar"}, {"applicants": "enterprise"}]))
        record["references"] = [{"role": note, **whom, "categories": "tools-chart", "lines": "3"}]
    if draw(st.booleans()):
        record["open_to"], record["open_to_lines"] = "enterprise", "3"
    more |= {"platform": {"platform": "square"}, "draft": {"standing": "draft"}}.get(other, {})
    begins = {"begins": {"date": "2027-01-01" if other == "begins" else day}}
    return {"source": source("added", begins, **more), "categories": [record]}


def binds(text: Mapping[str, Any], applicant: str, region: str) -> bool:
    """Whether a text may bind an app of this applicant that serves this place."""
    [record] = text["categories"]
    named = [record["accounts"]] if "accounts" in record else text["source"].get("complete_for")
    place, begun = text["source"]["jurisdiction"], text["source"]["begins"]["date"] < "2027"
    if text["source"]["platform"] != "wechat" or text["source"]["standing"] == "draft" or not begun:
        return False
    here = place == "CN" or place == region or (region == "CN" and place == "CN-GD")
    return here and (named is None or bool(ACCOUNTS[applicant] & set(named)))


@pytest.fixture(scope="module")
def places() -> kb.KnowledgeBase:
    """The base that the texts are added to."""
    return kb.KnowledgeBase(read_facts(PLACES), rules())


@FEW
@given(
    text=limited_texts(),
    day=st.sampled_from(DAYS),
    papers=st.lists(st.sampled_from(PAPERS), unique=True),
    other=st.sampled_from(sorted(SERVICES)),
)
def test_text_for_others_changes_no_answer(
    places: kb.KnowledgeBase,
    tmp_path_factory: pytest.TempPathFactory,
    text: dict[str, Any],
    day: str,
    papers: list[str],
    other: str,
) -> None:
    """A text for other accounts, another place or platform, a draft and one that has not begun
    change nothing in an answer, whatever the day; a draft is told beside it."""
    more = base_with(tmp_path_factory.mktemp("texts") / "facts", text, alone=False)
    [scope] = text["categories"][0]["scope"]
    for applicant, region in product(sorted(ACCOUNTS), REGIONS):
        if binds(text, applicant, region):
            continue
        for service in sorted({scope["service"], other}):
            app = {
                "name": "甲",
                "applicant": applicant,
                "regions": [region],
                "services": [service],
                "holds": papers,
            }
            before = told(places, app, day)
            after, who = told(more, app, day), f"{service}: {applicant} in {region}"
            if reached(before):
                assert after == before, who
                continue
            # What is for others alone may be told; it asks for nothing and forbids nothing.
            had = {entry["id"] for entry in before["categories"]}
            new = {e["verdict"] for e in after["categories"] if e["id"] not in had}
            assert new <= {"not_open", "undetermined"}, who
            assert after["prohibited"] == before["prohibited"], who
            assert after["bundle"] == before["bundle"], who


def told(base: kb.KnowledgeBase, app: Mapping[str, Any], day: str) -> dict[str, Any]:
    """An answer, without its proofs, what drafts say and the list of what the base holds."""
    answer = base.ask(app, as_of=day).to_dict()
    categories = [
        {key: value for key, value in entry.items() if key != "why"}
        for entry in answer["categories"]
    ]
    kept = {key: value for key, value in answer.items() if key not in ("known_until", "drafts")}
    return {**kept, "categories": categories}


def reached(answer: Mapping[str, Any]) -> bool:
    """Whether a text that may bind the app describes a category for its service.

    Where none does, the answer tells which texts for others have the service: there an added one
    is told beside them.
    """
    described = (
        entry["alternatives"] or entry["verdict"] in NONE for entry in answer["categories"]
    )
    return bool(answer["categories"]) and all(described)


def one_text(category: str, service: str, **more: Any) -> dict[str, Any]:
    """A text of 2022 that names no paper."""
    record = {
        "category": category,
        "lines": "1-3",
        "scope": [{"service": service, "lines": "2"}],
        "none_stated": True,
    }
    begins = {"begins": {"date": "2022-01-01"}}
    return {"source": source("added", begins, **more), "categories": [record]}


BEIJING = {
    "name": "甲",
    "applicant": "enterprise",
    "regions": ["CN-BJ"],
    "services": ["driving_school_training", "calendar"],
    "holds": ["driver_training_filing"],
}


def test_complete_list_of_one_place_closes_nothing_elsewhere(
    places: kb.KnowledgeBase, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A list that is complete for the accounts of one place withdraws nothing in another."""
    text = one_text(
        "tools-chart", "star_chart", jurisdiction="CN-GD", complete_for=["non_individual"]
    )
    more = base_with(tmp_path_factory.mktemp("texts") / "facts", text, alone=False)
    assert told(more, BEIJING, "2022-06-30") == told(places, BEIJING, "2022-06-30")


def test_later_text_displaces_nothing_for_others(
    places: kb.KnowledgeBase, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Where no line says for which accounts the earlier text is, a later one for mainland
    organisations leaves it standing for an individual."""
    text = one_text("education-driving-school", "driving_school_training")
    text["categories"][0] |= {"accounts": "non_individual", "accounts_lines": "1"}
    more = base_with(tmp_path_factory.mktemp("texts") / "facts", text, alone=False)
    person = {**BEIJING, "applicant": "individual"}
    assert told(more, person, "2022-06-30") == told(places, person, "2022-06-30")


def test_text_of_another_country_changes_no_answer(
    places: kb.KnowledgeBase, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A text of Japan is nothing to an app that serves Beijing."""
    text = one_text("education-driving-school", "driving_school_training", jurisdiction="JP")
    more = base_with(tmp_path_factory.mktemp("texts") / "facts", text, alone=False)
    assert told(more, BEIJING, "2022-06-30") == told(places, BEIJING, "2022-06-30")


def test_proof_rests_on_texts_that_bind(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The proofs of an answer cite no text that does not bind the app."""
    text = one_text("tools-calendar", "calendar", jurisdiction="CN-GD")
    base = base_with(tmp_path_factory.mktemp("texts") / "facts", text, alone=False)
    answer = base.ask(BEIJING, as_of="2022-06-30").to_dict()
    assert "'added" not in str(answer["categories"])


# 2 what a text leaves open

PASSAGE = {"id": "open", "zh": "没有说清", "en": "not clear", "lines": "4"}
FIRST, SECOND = "driver_training_filing", "business_licence"


PART = {
    "beyond": {"beyond": [{**PASSAGE, "wants": "amounts"}]},
    "settled": {
        "unclear": [
            {**PASSAGE, "asks": "more", "settled_by": {"document": SECOND, "lines": "4"}},
        ]
    },
    "sent": {
        "references": [
            {
                "role": "instead",
                "applicants": "enterprise",
                "categories": "tools-chart",
                "lines": "5",
            }
        ]
    },
}
"""What a record says beside its papers, where that leaves something open."""


def open_text(where: str, more: Mapping[str, Any], way: str) -> dict[str, Any]:
    """A text of the calendar with one open record, that asks for two papers or for one of two."""
    first: dict[str, Any] = {"document": FIRST, "lines": "3"}
    second = {"document": SECOND, "lines": "3"}
    scope: dict[str, Any] = {"service": "calendar", "lines": "2"}
    record: dict[str, Any] = {"category": "tools-calendar", "lines": "1-5", "scope": [scope]}
    if where in ("version", "scope", "document"):
        record["unclear"] = [{**PASSAGE, **more}]
    record |= PART.get(where, {})
    if where == "scope":
        scope["unclear"] = "open"
    if where == "document":
        first["unclear"] = "open"
    if where == "elsewhere":
        record["elsewhere"] = True
    elif way in ("none_stated", "none_required"):
        record[way] = True
    else:
        record["requirement"] = {"lines": "3", way: [first, second]}
    begins = (
        {"begins": {"date": "2024-03-31", **more}}
        if where == "day"
        else {"begins": {"date": "2024-01-01"}}
    )
    place = {"jurisdiction": "CN-GD"} if where == "place" else {}
    return {"source": source("open-text", begins, **place), "categories": [record]}


OPEN = [
    *(
        ("version", more)
        for more in (
            {},
            {"when": "is_rural"},
            {"unless": "is_rural"},
            {"outside_seat": True},
            {"asks": "more"},
            {"asks": "less"},
            {"asks": "more", "when": "is_rural"},
            {"asks": "less", "unless": "is_rural"},
        )
    ),
    ("scope", {}),
    ("document", {}),
    ("day", {"precision": "quarter"}),
    ("accounts", {}),
    ("place", {}),
    ("elsewhere", {}),
    ("beyond", {}),
    ("settled", {}),
    ("sent", {}),
]


@cache
def opened(folder: Path, index: int, way: str) -> kb.KnowledgeBase:
    """The base over a text with one open record."""
    where, more = OPEN[index]
    return base_with(folder / f"{index}-{way}", open_text(where, more, way), alone=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the texts of this module are written."""
    return tmp_path_factory.mktemp("open")


def allowed(where: str, more: Mapping[str, Any], way: str, app: Mapping[str, Any]) -> set[str]:
    """The verdicts that do not rest on the open record, as the words of the record say."""
    holds = set(app["holds"])
    full = {"all_of": {FIRST, SECOND} <= holds, "any_of": bool(holds & {FIRST, SECOND})}.get(way)
    closed = {"none_stated": "none_stated", "none_required": "none_required"}.get(way)
    sure = closed or ("satisfied" if full else "missing")
    if where == "version" and not concerns(more, app):
        return {sure}
    if where == "settled" and SECOND in holds:
        return {sure}
    if where in ("settled", "beyond"):
        # Both leave open only whether more is asked for.
        return {"undetermined", *({sure} if sure == "missing" else ())}
    if where == "version":
        # Less than two papers is still one.
        if more.get("asks") == "less" and way == "all_of" and not holds:
            return {"missing"}
        # More may be asked for, or less may do: the other verdict stays as it is.
        other = {"more": "missing", "less": "satisfied"}.get(more.get("asks", ""))
        return {
            "undetermined",
            *({sure} if sure == other or (more.get("asks") == "less" and closed) else ()),
        }
    if where == "scope":
        # Whether it is needed or not, nothing more is to be brought.
        return {"undetermined", *({sure} if sure != "missing" else ())}
    if where == "document" and way == "any_of":
        return {"satisfied"} if SECOND in holds else {"undetermined"}
    if where == "document" and way == "all_of":
        return {"undetermined"} if SECOND in holds else {"missing"}
    if where == "document":
        return {sure}
    return {"undetermined"}


def concerns(more: Mapping[str, Any], app: Mapping[str, Any]) -> bool:
    """Whether the case that a passage is about is given, or may be."""
    rural = app["facts"].get("rural")
    if "when" in more:
        return bool(rural == "yes")
    if "unless" in more:
        return bool(rural == "no")
    if "outside_seat" in more:
        return bool(app["applicant"] == "thai_enterprise")
    return True


@settings(FEW, max_examples=200)
@given(
    index=st.integers(0, len(OPEN) - 1),
    way=st.sampled_from(["all_of", "any_of", "none_stated", "none_required"]),
    holds=st.lists(st.sampled_from([FIRST, SECOND]), unique=True),
    rural=st.sampled_from(["yes", "no"]),
)
def test_no_sure_verdict_rests_on_an_open_record(
    folder: Path, index: int, way: str, holds: list[str], rural: str
) -> None:
    """What a passage, a day, an unsaid account or place, papers asked for elsewhere, what can not
    be expressed yet or a note for some applicants leaves open is undetermined, in the category and
    in the whole, unless the papers in hand settle it either way."""
    where, more = OPEN[index]
    if where == "document" and way in NONE:
        return
    app: dict[str, Any] = {
        "name": "甲",
        "applicant": "individual" if where == "accounts" else "enterprise",
        "regions": ["CN-BJ"],
        "services": ["calendar"],
        "facts": {"rural": rural},
        "holds": holds,
    }
    app |= {"place": {"regions": None}, "sent": {"applicant": None}}.get(where, {})
    answer = opened(folder, index, way).ask(app, as_of="2024-02-15").to_dict()
    [category] = answer["categories"]
    assert category["verdict"] in allowed(where, more, way, app), (where, more, way, holds)
    whole = "satisfied" if category["verdict"] in NONE else category["verdict"]
    assert answer["verdict"] == whole
    if whole == "undetermined":
        assert answer["undetermined"], "what is open is not told"
