"""Parties: what profiles say of others in an app, and what is asked of each of them."""

from __future__ import annotations

import json
from random import Random

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from test_audit import asked, audited, lines_of
from test_cases import loaded

from kb.lang.problems import Problems
from kb.model.apps import App, Holding, Party
from kb.model.profiles import read_app

DAY = "2025-06-30"
LEAD = {"name": "a", "regions": ["quay"], "services": ["lessons"]}
WANTED = ["agreement", "filing", "teaching_licence", "stall_licence", "lease", "float_licence"]
OFFERED = ["lessons", "stalls", "fleet", "fair", "parade"]


@pytest.fixture(scope="module")
def town():
    """The base of a made-up town with driving schools, a market and a fleet."""
    return loaded(("facts-parties",))


def random_paper(random, ids=(), own=True):
    """A document in hand; one of the app's own may say whose it is, and with whom."""
    paper = {
        "document": random.choice([*WANTED, *WANTED, "service_agreement", "promise"]),
        "count": random.choice([0, 1, 1, 1, 2, 3]),
    }
    if random.random() < 0.4:
        paper["states"] = random.choice([[], ["编号"], ["编号 7", "x"]])
    if random.random() < 0.2:
        paper["valid_until"] = random.choice(["2025-06-29", "2025-06-30"])
    if own and random.random() < 0.7:
        paper["holder"] = random.choice(["applicant", "applicant", "partner", "tenant"])
    if ids and own and random.random() < 0.6:
        paper["with"] = random.choice(ids)
    return paper


def random_profiles(count, seed):
    """Profiles with none to three parties, each with papers of its own."""
    random = Random(seed)
    for number in range(count):
        ids = random.sample(["甲", "乙", "丙", "丁"], random.choice([0, 1, 1, 2, 2, 3]))
        yield {
            "name": f"a{number}",
            "regions": ["quay"],
            "services": random.sample(OFFERED, random.choice([1, 1, 2])),
            "holds": [random_paper(random, ids) for _ in range(random.randint(1, 8))],
            "parties": [
                {
                    "id": id,
                    "role": random.choice(["partner", "partner", "tenant"]),
                    "holds": [random_paper(random, own=False) for _ in range(random.randint(0, 5))],
                }
                for id in ids
            ],
        }


@pytest.fixture(scope="module")
def profiles():
    """Random profiles with parties."""
    return list(random_profiles(300, 15))


def as_rows(profiles):
    return [{"id" if k == "name" else k: v for k, v in p.items()} for p in profiles]


def test_audits_as_asked(town, profiles, tmp_path):
    """An audit of profiles with parties says what each is told alone: verdict, reason, missing; in
    three chunks, so that what was met before serves again."""
    path = lines_of(tmp_path / "apps.jsonl", as_rows(profiles))
    summary = town.audit(path, tmp_path / "out.parquet", as_of=DAY, chunk=120)
    assert summary.refused == 0
    found = audited(tmp_path / "out.parquet")
    verdicts = set()
    for profile in profiles:
        wanted = asked(town, profile, DAY)
        assert found[profile["name"]] == wanted, profile
        verdicts.update(str(row.verdict) for row in wanted.values())
    assert verdicts == {"satisfied", "missing", "undetermined"}


def test_every_kind_of_table(town, profiles, tmp_path):
    """Lists of structs, JSON in a cell and JSON lines give the same rows."""
    rows = as_rows(profiles)
    path = lines_of(tmp_path / "apps.jsonl", rows)
    town.audit(path, tmp_path / "out.parquet", as_of=DAY)
    expected = pq.read_table(tmp_path / "out.parquet").to_pylist()
    frame = pd.DataFrame(rows)
    for key in ("holds", "parties"):
        frame[key] = frame[key].map(lambda listed: json.dumps(listed, ensure_ascii=False))
    for key in ("regions", "services"):
        frame[key] = frame[key].map(";".join)
    frame.to_csv(tmp_path / "apps.csv", index=False)
    for source in (pa.Table.from_pylist(rows), tmp_path / "apps.csv"):
        summary = town.audit(source, tmp_path / "out.parquet", as_of=DAY)
        assert summary.refused == 0, summary.rejects.read_text("utf-8")
        assert pq.read_table(tmp_path / "out.parquet").to_pylist() == expected


BAD = [
    ({"parties": [{"id": "甲", "role": "partnr"}]}, "no holder is called `partnr`",
     "holder: no holder is called `partnr`"),
    ({"parties": [{"id": "甲", "role": "partner"}, {"id": "甲", "role": "tenant"}]},
     "two parties are called `甲`", "parties: two parties have the same `id`"),
    ({"parties": [{"id": "甲", "role": "partner"}], "holds": [{"document": "lease", "with": "乙"}]},
     "no party is called `乙`", "holds: no party is called `乙`"),
    ({"holds": [{"document": "lease", "with": "乙"}]},
     "no party is called `乙`", "holds: no party is called `乙`"),
    ({"parties": [{"id": "甲"}]}, "the key `role` is missing", "parties: `role` is expected here"),
    ({"parties": [{"role": "partner"}]}, "the key `id` is missing",
     "parties: `id` is expected here"),
    ({"parties": [{"id": "甲", "role": "partner", "holds": [{"document": "lease", "with": "甲"}]}]},
     "unknown key `with`", "parties: unknown key `with`"),
    ({"parties": [{"id": "甲", "role": "partner", "papers": []}]}, "unknown key `papers`",
     "parties: unknown key `papers`"),
    ({"parties": [{"id": "甲", "role": "partner", "holds": ["leas"]}]},
     "no document is called `leas`", "document: no document is called `leas`"),
    ({"parties": "甲"}, "a list is expected here", "parties: a list is expected here"),
]  # fmt: skip


def test_what_is_refused(town, tmp_path):
    """What a profile may not say of parties `ask` refuses, word for word, and an audit refuses the
    row with its reason."""
    rows = [{"id": str(n), "services": ["lessons"], **said} for n, (said, _, _) in enumerate(BAD)]
    for said, message, _ in BAD:
        with pytest.raises(Problems) as refused:
            town.ask({**LEAD, **said}, as_of=DAY)
        assert [problem.message for problem in refused.value.problems] == [message], said
    path = lines_of(tmp_path / "apps.jsonl", [*rows, {"id": "good", "services": ["lessons"]}])
    summary = town.audit(path, tmp_path / "out.parquet", as_of=DAY)
    told = [json.loads(line) for line in summary.rejects.read_text("utf-8").splitlines()]
    assert [each["reason"] for each in told] == [reason for *_, reason in BAD]


def test_chinese_keys(town):
    """Parties, their papers and with whom a document is concluded may stand under Chinese keys; a
    profile written from an app is read again as that app."""
    app = read_app(
        "名称: a\n服务: [学车]\n材料: [{材料: 合作协议, 对方: 甲}]\n"
        "各方: [{名称: 甲, 角色: 合作方, 持有: [{材料: 驾校备案, 份数: 2, 写明: [x]}]}]\n".encode(),
        town.facts,
    )
    assert app.holds == (Holding("agreement", party="甲"),)
    assert app.parties == (Party("甲", "partner", (Holding("filing", 2, None, ("x",)),)),)
    assert read_app(json.loads(json.dumps(app.to_dict())), town.facts) == app


@pytest.mark.parametrize(
    ("app", "message"),
    [
        (App("a", parties=("x",)), "the parties of an app are a tuple of `Party`"),
        (App("a", parties=(Party("甲", "x"),)), "no holder is called `x`"),
        (App("a", parties=(Party("甲", "tenant"),) * 2), "two parties are called `甲`"),
        (App("a", {}, (Holding("lease", party="甲"),)), "no party is called `甲`"),
    ],
)
def test_apps_made_by_hand(town, app, message):
    """Parties of an app that no profile was read for are held against the base too."""
    with pytest.raises(Problems) as refused:
        town.app(app)
    assert [problem.message for problem in refused.value.problems] == [message]


SCHOOL = {
    **LEAD,
    "holds": [{"document": "agreement", "with": "甲"}, {"document": "agreement", "with": "乙"}],
    "parties": [
        {"id": "甲", "role": "partner", "holds": ["filing"]},
        {"id": "乙", "role": "partner"},
        {"id": "丙", "role": "partner", "holds": ["filing"]},
    ],
}


def test_the_party_is_named(town):
    """Text, JSON and page name the party whose paper is missing, in both languages, and the proof
    names it; an answer replays from its receipt."""
    answer = town.ask(SCHOOL, as_of=DAY)
    [document] = answer.to_dict()["bundle"]["documents"]
    assert (document["parties"], document["each"], document["held"]) == (["乙"], "partner", 2)
    assert "每个合作方各一份(还缺乙的)" in answer.text()
    assert "每个合作方各一份(还缺乙的)" in answer._repr_html_()
    assert (
        "one for each partner (still wanted of 乙)" in town.ask(SCHOOL, as_of=DAY, lang="en").text()
    )
    proof = town.why("lacks(_, _, _)", SCHOOL, as_of=DAY)
    assert proof is not None
    assert proof.faults == ()
    assert "lacks_of('a', 'school-2020/town-lessons#1', 'filing@partnerx2/partner', '乙')" in str(
        proof.to_dict()
    )
    receipt = answer.receipt()
    assert receipt.profile == town.app(SCHOOL).to_dict()


def test_what_would_repair_it(town):
    """The one repair is the filing of each school, and with it the app is satisfied."""
    found = town.why_not("app_verdict(_, 'satisfied')", SCHOOL, as_of=DAY)
    [repair] = found.repairs
    assert [change.need.id for change in repair.changes] == ["filing@partnerx2/partner"]
    given = {
        **SCHOOL,
        "holds": [*SCHOOL["holds"], {"document": "filing", "holder": "partner", "with": "乙"}],
    }
    assert town.ask(given, as_of=DAY).verdict == "satisfied"


def test_rules_of_ones_own_see_parties(town):
    """Ad-hoc rules may ask which parties an app names, and what is of them."""
    rule = "mine(P, D) <= app_party(A, P, 'partner') & app_party_holds(A, D, 'partner', P, 1)"
    found = town.rules(rule).query("mine(P, D)", app=SCHOOL, as_of=DAY)
    assert len(found) == 2


def test_the_panel_keeps_parties_exemptions_and_whom_a_paper_is_with(base) -> None:
    """A panel that begins with a profile gives back its parties with their papers, its exemptions
    and the party that an agreement is with, and answers as that profile does."""
    app = base.app(
        {
            "name": "a",
            "services": ["driving_school_platform"],
            "holds": [
                "小程序开发者承诺函",
                {"document": "合作协议", "with": "甲驾校"},
                {"document": "合作协议", "with": "乙驾校"},
            ],
            "parties": [
                {"id": "甲驾校", "role": "partner", "holds": ["机动车驾驶员培训备案"]},
                {"id": "乙驾校", "role": "partner"},
            ],
            "exemptions": [{"from": "教育-驾校平台", "by": "某局", "since": "2030-01-01"}],
        }
    )
    made = pytest.importorskip("kb.widgets.choices").Choices.of(base, app, DAY)
    assert (made.app.parties, made.app.exemptions) == (app.parties, app.exemptions)
    assert sorted(map(repr, made.app.holds)) == sorted(map(repr, app.holds))
    assert made.answer.to_dict() == base.ask(app, as_of=DAY).to_dict()
    assert base.app(yaml.safe_load(made.text("profile"))) == made.app
    assert [words for _, words in made.begun()][1] == "《合作协议》,与甲驾校签"
