"""Services, documents, applicants and sources as the sources state them; vocabularies; ways out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import kb
from kb.cli.main import main
from kb.render.ways_out import ways_out_json

DAY = "2026-03-01"


@pytest.fixture(scope="module")
def then() -> kb.KnowledgeBase:
    """The base on a day after the tables of 2026-02."""
    return kb.load(as_of=DAY)


def rows(base: kb.KnowledgeBase, account: str) -> set[str]:
    """The categories of a table, read from the records and not from the rules."""
    return {
        reading.record.category
        for reading in base.facts.readings.values()
        if reading.source.id == f"wechat-table-2026-02-{account}"
    }


def test_a_service_has_its_categories(then) -> None:
    """A service is shown with the categories whose scope names it, each with whom it is for."""
    shown = then.show_any("designated_driver").to_dict()
    found = {(place["id"], tuple(place["open_to"])) for place in shown["categories"]}
    scopes = {
        reading.record.category
        for reading in then.facts.readings.values()
        if reading.source.id.startswith("wechat-table-2026-02")
        and any(scope.service == "designated_driver" for scope in reading.record.scope)
    }
    assert {id for id, _ in found} == scopes
    assert ("transport-designated-driver", ("individual",)) in found
    text = str(then.show_any("代驾", kind="service"))
    assert "交通服务-代驾服务,只对个人  [wechat-table-2026-02-personal 37]" in text


def test_a_document_has_who_asks_for_it_and_what_can_stand_in(then) -> None:
    """A document is shown with each category that asks for it, in whose hands, and what a choice
    of the text offers in its place."""
    shown = then.show_any("报废机动车回收拆解企业资质认定证书").to_dict()
    [use] = shown["asked_by"]
    assert use["category"] == "汽车服务-机动车回收服务"
    assert [need["holder"] for need in use["as"]] == ["applicant", "partner"]
    agreement = then.show_any("cooperation_agreement").to_dict()
    by = {each["category"]: each for each in agreement["asked_by"]}
    assert by["教育-驾校平台"]["instead"] == []
    assert by["教育-驾校平台"]["as"][0]["at_least"] == 2
    [[instead]] = by["商业服务-公证"]["instead"]
    assert instead["document"] == "资质授权文件"


def test_no_document_stands_in_for_itself(then) -> None:
    """A way to what is asked for that needs the document too, in the same hands, is none to do
    without it: so of every document that is asked for in one pair of hands alone."""
    seen = 0
    for document in then.facts.names.ids("document"):
        for use in then.show_any(document, kind="document").to_dict()["asked_by"]:
            if len({need["holder"] for need in use["as"]}) == 1 and use["instead"]:
                seen += 1
                asked = {need["id"] for way in use["instead"] for need in way}
                assert document not in asked, (document, use["category"])
    assert seen > 100


def test_an_applicant_has_what_is_open_to_it(then) -> None:
    """To an individual the 31 rows of its table are open and no other; to an overseas enterprise
    those of the overseas table that its kind is named for."""
    [opened] = then.show_any("个人").to_dict()["open"]
    assert opened["source"] == "wechat-table-2026-02-personal"
    assert {each["id"] for each in opened["categories"]} == rows(then, "personal")
    assert len(opened["categories"]) == 31
    overseas = then.show_any("overseas_enterprise").to_dict()["open"]
    listed = {each["id"] for by in overseas for each in by["categories"]}
    assert listed <= rows(then, "overseas")
    assert len(listed) > 50


@pytest.mark.parametrize(
    ("lang", "own", "sighted"),
    [
        ("en", "  date: 2021-12-03", "  date: 2026-02-21 (of the sighting)"),
        ("zh", "  日期: 2021-12-03", "  日期: 2026-02-21(所见日)"),
    ],
)
def test_a_date_that_is_of_a_sighting_is_told_as_that(then, lang, own, sighted) -> None:
    """The day on which a text was seen is told as that, and not as one that the text carries."""
    told = (("wechat-education-2021", own), ("wechat-table-2026-02-personal", sighted))
    for source, line in told:
        assert line in str(then.show_any(source, lang=lang)).splitlines()


def test_a_source_has_its_dates_and_notes(then) -> None:
    """A source tells its standing, its days, for whom it is complete, and its remarks."""
    shown = then.show_any("wechat-table-2026-02-overseas").to_dict()
    assert shown["seen"] == "2026-02-21"
    assert shown["complete_for"] == ["overseas"]
    assert {each["id"] for each in shown["categories"]} == rows(then, "overseas")
    text = str(then.show_any("beijing-draft-2022", lang="en"))
    assert "standing: draft" in text


def test_vocabularies_are_listed(then) -> None:
    """Each kind is counted, and its terms are those of the facts in their order."""
    counts = {hit.id: int(hit.zh) for hit in then.vocabulary()}
    assert then.vocabulary("regions") == then.vocabulary("region")
    assert then.vocabulary("authorities") == then.vocabulary("authority")
    for kind, count in counts.items():
        assert [hit.id for hit in then.vocabulary(kind)] == [
            term.id for term in then.facts.names.of(kind)
        ]
        assert count == len(then.vocabulary(kind))


UNKNOWN = {
    ("ask", "--service", "卖茶叶的"): (
        "<profile>:1:1: error[unknown-id]: no service is called `卖茶叶的`\n"
        "  help: in your words perhaps: `食品饮料销售`\n"
        "  help: look it up: `kb find 卖茶叶的`, `kb vocabulary service`\n"
    ),
    ("ask", "--service", "卖课"): (
        "<profile>:1:1: error[unknown-id]: no service is called `卖课`\n"
        "  help: similar names exist: `直播课`, `视频课`\n"
        "  help: in your words perhaps a service of: `教育服务-在线教育`, `教育服务-在线视频课程`\n"
        "  help: look it up: `kb find 卖课`, `kb vocabulary service`\n"
    ),
    ("show", "CN-BJ"): (
        "error[not-shown]: `CN-BJ` is of kind `region`, of which `kb show` tells nothing\n"
        "  help: all of its kind: `kb vocabulary region`\n"
        "  help: texts for this place: `kb show beijing-draft-2022`\n"
    ),
    ("show", "香港"): (
        "error[not-shown]: `香港` is of kind `region`, of which `kb show` tells nothing\n"
        "  help: all of its kind: `kb vocabulary region`\n"
        "  help: no text at hand is for this place\n"
    ),
    ("show", "学车考证"): (
        "error[unknown-id]: no category is called `学车考证`\n"
        "  help: in your words perhaps: `教育服务-驾校培训`\n"
        "  help: look it up: `kb find 学车考证`, `kb search 学车考证`\n"
    ),
    ("vocabulary", "servic"): (
        "error[unknown-kind]: no vocabulary is called `servic`\n"
        "  help: a similar name exists: `service`\n"
    ),
}


@pytest.mark.parametrize("arguments", UNKNOWN)
def test_unknown_names_are_proposed_by_words(arguments, english, monkeypatch, capsys) -> None:
    """Whoever names what is not known is told what the words may mean, and where to look."""
    monkeypatch.setattr(sys, "argv", ["kb", *arguments])
    with pytest.raises(SystemExit) as exit:
        main()
    assert (exit.value.code, capsys.readouterr().err) == (2, UNKNOWN[arguments])


def ways(base: kb.KnowledgeBase, *services: str) -> list[dict[str, Any]]:
    profile = {"name": "a", "applicant": "enterprise", "services": services, "holds": []}
    found = base.ways_out(profile)
    assert json.loads(json.dumps(found.to_dict())) == ways_out_json(found)
    listed: list[dict[str, Any]] = found.to_dict()["ways"]
    return listed


def test_showing_instead_of_selling_is_a_way_out(then) -> None:
    """Who sells devices can show them with one paper; what is told of it is what `ask` says of the
    profile with the other service."""
    narrower = [way for way in ways(then, "医疗器械销售") if way["way"] == "narrower"]
    first = narrower[0]
    assert first["instead"] == "device_information_display"
    changed = then.ask({"name": "a", "applicant": "enterprise", "services": [first["instead"]]})
    assert str(changed.verdict) == first["verdict"] == "missing"
    assert [d["document"] for d in first["missing"]] == ["互联网药品信息服务资格证"]
    assert {c.category for c in changed.categories} >= {"medical-device-information"}


def test_a_partner_s_papers_are_a_way_out(then) -> None:
    """Who can not be licensed for ride hailing needs a licensed partner and an agreement with it;
    going without the service leaves the rest, and is told only where there is a rest."""
    [partner] = ways(then, "ride_hailing")
    assert partner["way"] == "partner"
    assert [(d["document"], d["holder"]) for d in partner["partner"]] == [
        ("网络预约出租汽车经营许可证", "partner")
    ]
    assert [d["document"] for d in partner["missing"]] == ["合作协议"]
    partner, drop = ways(then, "ride_hailing", "bookkeeping")
    assert (drop["way"], drop["services"], drop["verdict"]) == (
        "drop",
        ["ride_hailing"],
        "satisfied",
    )


PAWS = Path(__file__).parent / "paws"
LAID = {"name": "a", "applicant": "enterprise", "regions": ["溪桥"]}


@pytest.mark.parametrize(
    ("service", "near"),
    [
        ("xq-boarding-service", ["宠物美容预约", "宠物资讯"]),
        ("xq-flower-delivery", ["鲜花与花艺销售"]),
    ],
)
def test_only_what_is_near_is_offered_instead(service: str, near: list[str]) -> None:
    """Instead of boarding pets in a province something else for pets is offered, and no news of any
    trade or display of drugs; instead of delivered flowers flowers, and no delivery of gas: what
    has neither group, kind nor a word for its trade in common is of another trade."""
    base = kb.load(PAWS, as_of="2026-06-30", queries=False)
    found = base.ways_out({**LAID, "services": [service]})
    instead = [way.instead for way in found.ways if way.kind == "narrower"]
    assert [base.facts.names.label("service", id or "", "zh") for id in instead] == near
    assert found.none_near == ()


@pytest.mark.parametrize(
    ("lang", "told"),
    [("zh", "  · 没有相近而要求更少的服务"), ("en", "  · no service near it asks for less")],
)
def test_it_is_told_where_nothing_near_asks_for_less(lang: str, told: str) -> None:
    """Instead of news on travel no news on cosmetics is offered; that no service is near is told
    below the category, and in JSON."""
    base = kb.load(as_of="2026-06-30", queries=False)
    profile = {"name": "a", "applicant": "enterprise", "services": ["当地旅游资讯"]}
    found = base.ways_out(profile, lang=lang)
    assert found.ways == ()
    [one] = found.to_dict()["none_near"]
    assert [one["id"]] == list(found.none_near)
    assert str(found).splitlines()[-1] == told


def test_nothing_is_told_where_nothing_lacks(then) -> None:
    """An app that lacks nothing has no ways out, and is told so."""
    found = then.ways_out({"name": "a", "applicant": "individual", "services": ["记账"]})
    assert found.ways == ()
    assert "没有需要找出路的类目" in str(found)
