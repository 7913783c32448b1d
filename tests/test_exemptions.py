"""Exemptions of one app: counted as met on their days, told in every answer, audited as asked."""

import json
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_audit import asked, audited, lines_of
from test_cases import loaded

from kb.graph.drawing import drawing
from kb.lang.problems import Problems
from kb.model.profiles import read_app

DAY = "2021-06-30"
FISH = {"name": "a", "regions": ["north"], "services": ["fish"], "facts": {"daily_count": "yes"}}
DUTY = "market-2020:count-stock"


@pytest.fixture(scope="module")
def market():
    """The base of a made-up market."""
    return loaded(("facts-market",))


def exempted(*entries, **more):
    return {**FISH, **more, "exemptions": list(entries)}


def test_until_its_last_day(market):
    """Both days of an exemption count; before and after them the category asks for its papers
    again. Nothing is missing meanwhile, no bundle holds its papers, and the answer says why."""
    app = exempted({"from": "集市-鱼", "by": "镇长", "since": "2021-03-01", "until": "2021-12-31"})
    days = ["2021-02-28", "2021-03-01", "2021-12-31", "2022-01-01"]
    answers = [market.ask(app, as_of=day).to_dict() for day in days]
    assert [answer["verdict"] for answer in answers] == [
        "missing",
        "satisfied",
        "satisfied",
        "missing",
    ]
    assert [each["exemptions"][0]["state"] for each in answers] == [
        "not_yet",
        "holds",
        "holds",
        "over",
    ]
    assert [len(each["bundle"]["documents"]) for each in answers] == [4, 0, 0, 4]
    assert [len(each["categories"][0]["missing"]) for each in answers] == [4, 0, 0, 4]
    assert (
        answers[3]["exemptions"][0]["note"]
        == "「集市-鱼」由镇长豁免,只到 2021-12-31 为止(含当日),已重新要求"
    )
    assert "获豁免,它的材料目前视为齐全" in answers[1]["categories"][0]["notes"]
    proof = str(market.why("集市-鱼", app=app, as_of=DAY, lang="en"))
    assert "a is exempted, so that what the category market - fish asks for counts as met" in proof


def test_a_duty(market):
    """A duty that is not met counts as met, and nothing is asked of it; another is untouched."""
    lax = exempted(facts={"daily_count": "no"}, holds=["鱼市许可"])
    entry = {"from": DUTY, "by": "渔会", "until": "2021-12-31"}
    for app, day, verdict in (
        (lax, DAY, "missing"),
        ({**lax, "exemptions": [entry]}, DAY, "satisfied"),
        ({**lax, "exemptions": [entry], "facts": {}}, DAY, "satisfied"),
        ({**lax, "exemptions": [entry]}, "2022-01-01", "missing"),
    ):
        [duty] = market.ask(app, as_of=day).to_dict()["obligations"]
        assert (duty["id"], duty["verdict"]) == (DUTY, verdict)


def test_changes_tell_the_day(market, tmp_path):
    """An app that falls out tells which exemption ended, alone and from a table."""
    granted = {"from": "market-fish", "by": "镇长", "until": "2021-12-31"}
    app = exempted(granted)
    alone = market.changes("2021-12-31", "2022-01-01", apps=[app]).to_dict()["apps"]
    assert [(each["before"], each["after"]) for each in alone] == [("satisfied", "missing")]
    assert [each["until"] for each in alone[0]["exemptions"]] == ["2021-12-31"]
    path = tmp_path / "apps.parquet"
    pq.write_table(pa.Table.from_pylist(as_rows([app])), path)
    found = market.changes("2021-12-31", "2022-01-01", apps=path).to_dict()["apps"]
    assert found == alone


def as_rows(profiles):
    return [{"id" if k == "name" else k: v for k, v in p.items()} for p in profiles]


def random_profiles(count, seed):
    random = Random(seed)
    papers = ["tea_licence", "stall_permit", "trade_letter", "fish_licence", "ice_proof",
              "harbour_pass", "fire_paper"]  # fmt: skip
    for number in range(count):
        entries = []
        for thing in random.sample(
            ["market-tea", "market-fish", DUTY], random.choice([0, 1, 1, 2])
        ):
            entry = {"from": thing, "by": random.choice(["甲", "乙"])}
            if random.random() < 0.6:
                entry["until"] = random.choice(["2021-06-29", "2021-06-30", "2022-01-01"])
            if random.random() < 0.3:
                entry["since"] = random.choice(["2021-06-01", "2021-06-29"])
            entries.append(entry)
        yield {
            "name": f"a{number}",
            "regions": ["north"],
            "services": random.sample(["tea", "fish"], random.choice([1, 1, 2])),
            "facts": random.choice([{}, {"daily_count": "yes"}, {"daily_count": "no"}]),
            "holds": [
                {"document": paper, "count": random.choice([1, 2])}
                for paper in random.sample(papers, random.randint(0, 7))
            ],
            "exemptions": entries,
        }


def test_audits_as_asked(market, tmp_path):
    """An audit says of apps with exemptions what each is told alone: verdict, reason, missing; in
    chunks, and from lists of structs as from lines."""
    profiles = list(random_profiles(300, 7))
    path = lines_of(tmp_path / "apps.jsonl", as_rows(profiles))
    summary = market.audit(path, tmp_path / "out.parquet", as_of=DAY, chunk=120)
    assert summary.refused == 0, summary.rejects.read_text("utf-8")
    found = audited(tmp_path / "out.parquet")
    reasons = set()
    for profile in profiles:
        assert found[profile["name"]] == asked(market, profile, DAY), profile
        reasons.update(row.reason for row in found[profile["name"]].values())
    assert {"exempted", "documents_missing", "complete"} <= reasons
    expected = pq.read_table(tmp_path / "out.parquet").to_pylist()
    summary = market.audit(
        pa.Table.from_pylist(as_rows(profiles)), tmp_path / "o.parquet", as_of=DAY
    )
    assert pq.read_table(tmp_path / "o.parquet").to_pylist() == expected


BAD = [
    ({"from": "market-fsh", "by": "甲"}, "no category and no duty is called `market-fsh`",
     "exemptions: no category and no duty is called `market-fsh`"),
    ({"from": "market-2020:fish-sellers", "by": "甲"},
     "no category and no duty is called `market-2020:fish-sellers`",
     "exemptions: no category and no duty is called `market-2020:fish-sellers`"),
    ({"from": "market-fish"}, "the key `by` is missing", "exemptions: `by` is expected here"),
    ({"by": "甲"}, "the key `from` is missing", "exemptions: `from` is expected here"),
    ({"from": "market-fish", "by": "甲", "til": "2021-01-01"}, "unknown key `til`",
     "exemptions: unknown key `til`"),
    ({"from": "market-fish", "by": "甲", "until": "soon"},
     "a date like 2025-04-01 is expected here",
     "exemptions: until: a date like 2025-04-01 is expected here"),
    ({"from": "market-fish", "by": "甲", "since": "2021-02-01", "until": "2021-01-01"},
     "`since` 2021-02-01 is after `until` 2021-01-01",
     "exemptions: `since` 2021-02-01 is after `until` 2021-01-01"),
]  # fmt: skip


def test_what_is_refused(market, tmp_path):
    """What a profile may not say of exemptions `ask` refuses, word for word, and an audit refuses
    the row with its reason."""
    for entry, message, _ in BAD:
        with pytest.raises(Problems) as refused:
            market.ask(exempted(entry), as_of=DAY)
        assert [problem.message for problem in refused.value.problems] == [message], entry
    rows = [
        {"id": str(n), "services": ["fish"], "exemptions": [e]} for n, (e, _, _) in enumerate(BAD)
    ]
    path = lines_of(tmp_path / "apps.jsonl", [*rows, {"id": "good", "services": ["fish"]}])
    summary = market.audit(path, tmp_path / "out.parquet", as_of=DAY)
    told = [json.loads(line) for line in summary.rejects.read_text("utf-8").splitlines()]
    assert [each["reason"] for each in told] == [reason for *_, reason in BAD]


def test_chinese_keys(market):
    """Exemptions may stand under Chinese keys; a profile written from an app is read again so."""
    app = read_app(
        {
            "名称": "a",
            "豁免": [{"豁免自": "集市-鱼", "批准方": "镇长", "至": "2021-12-31", "说明": "试点"}],
        },
        market.facts,
    )
    [granted] = app.exemptions
    assert (granted.thing, granted.by, granted.until, granted.note) == (
        "market-fish", "镇长", 20211231, "试点",
    )  # fmt: skip
    assert read_app(app.to_dict(), market.facts) == app


def test_in_the_picture(market):
    """Until its last day a picture shows what an exemption is from as exempted, with who granted it
    until when, and what it asks for as no longer asked for; afterwards nothing of that."""
    app = exempted(
        {"from": "集市-鱼", "by": "镇长", "until": "2021-12-31"},
        {"from": DUTY, "by": "渔会"},
        facts={"daily_count": "no"},
        holds=["fish_licence"],
    )
    fish, papers = "category:market-fish", ("fish_licence", "ice_proof", "fire_paper")
    for day, states in (
        ("2021-12-31", ["exempted", "satisfied", "exempted", "exempted"]),
        ("2022-01-01", ["missing", "satisfied", "missing", "missing"]),
    ):
        graph = market.graph(app=app, as_of=day)
        keys = [fish, *(f"document:{paper}" for paper in papers)]
        assert [graph.nodes[key]["state"] for key in keys] == states
        assert graph.nodes[f"obligation:{DUTY}"]["state"] == "exempted"
        told = graph.nodes[fish].get("exempt_en")
        assert told == ("by 镇长, through 2021-12-31" if states[0] == "exempted" else None)
        labels = {s.key: s.label for s in drawing(graph, "zh").spots}
        label = labels[fish].replace("\n", "").replace(" ", "")
        assert ("豁免:镇长,到2021-12-31为止(含当日)" in label) == (told is not None)
        assert "豁免:渔会,没有写明期限" in labels[f"obligation:{DUTY}"].replace("\n", "").replace(
            " ", ""
        )
