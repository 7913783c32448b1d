"""Several applicants: parties that apply too, and conditions on one by role or on each."""

from __future__ import annotations

import json
from random import Random

import pandas as pd
import pytest
from test_audit import asked, audited, lines_of
from test_cases import loaded

from kb.compare.results import OpenWhenChanged
from kb.lang.problems import Problems
from kb.model.applying import told
from kb.model.apps import App, Party
from kb.model.profiles import read_app
from kb.render.changes import shown

DAY = "2025-06-30"


@pytest.fixture(scope="module")
def guild():
    """The base of a made-up guild in which operators and owners apply together."""
    return loaded(("facts-guild",))


def owner(id="甲", kind=None, *holds):
    return {"id": id, "role": "owner", "holds": list(holds)} | ({"applicant": kind} if kind else {})


def barge(*parties, **more):
    return {
        "name": "a",
        "regions": ["quay"],
        "services": ["barge"],
        "holds": [{"document": "crew_list", "holder": "applicant"}],
        "parties": list(parties),
        **more,
    }


def random_profiles(count, seed):
    random = Random(seed)
    papers = ["barge_licence", "crew_list", "house_licence", "pledge", "deed"]
    kinds = ["firm", "person", "行会商号", None]
    for number in range(count):
        profile = {
            "name": f"a{number}",
            "regions": ["quay"],
            "services": random.sample(["barge", "lodging"], random.choice([1, 1, 2])),
            "holds": random.sample(papers, random.randint(0, 4)),
            "parties": [
                {"id": id, "role": role, "holds": random.sample(papers, random.randint(0, 3))}
                | ({"applicant": kind} if (kind := random.choice(kinds)) else {})
                for id in "甲乙丙"[: random.randint(0, 3)]
                if (role := random.choice(["owner", "owner", "partner"]))
            ],
        }
        if kind := random.choice(kinds):
            profile["applicant"] = kind
        elif not any(p["role"] == "owner" for p in profile["parties"]) and random.random() < 0.6:
            profile["facts"] = {"owner_kind": random.choice(["firm", "person"])}
        yield profile


def as_rows(profiles):
    return [{"id" if k == "name" else k: v for k, v in p.items()} for p in profiles]


def test_what_parties_tell():
    """Kinds of a role are known when all in it say theirs; of all who apply when the app's own
    applicant is known, and parties that do not apply are left out."""
    of = {"owner_kind": "owner", "all": "each"}
    assert told(of, (), ()) == {}
    assert told(of, ("firm",), [("owner", None)]) == {"all": ("firm",)}
    assert told(of, (), [("owner", "firm"), ("owner", None)]) == {}
    assert told(of, ("firm",), [("owner", "person"), ("partner", None)]) == {
        "owner_kind": ("person",),
        "all": ("firm", "person"),
    }


def test_audits_as_asked(guild, tmp_path):
    """An audit of random profiles with owners says what each is told alone, in every kind of
    table."""
    profiles = list(random_profiles(200, 5))
    rows = as_rows(profiles)
    path = lines_of(tmp_path / "apps.jsonl", rows)
    assert guild.audit(path, tmp_path / "out.parquet", as_of=DAY, chunk=70).refused == 0
    found = audited(tmp_path / "out.parquet")
    verdicts = set()
    for profile in profiles:
        wanted = asked(guild, profile, DAY)
        assert found[profile["name"]] == wanted, profile
        verdicts.update(str(row.verdict) for row in wanted.values())
    assert verdicts == {"satisfied", "missing", "undetermined", "not_open"}
    frame = pd.DataFrame([{k: v for k, v in row.items() if k != "facts"} for row in rows])
    frame["facts.owner_kind"] = [row.get("facts", {}).get("owner_kind") for row in rows]
    for key in ("holds", "parties"):
        frame[key] = frame[key].map(lambda listed: json.dumps(listed, ensure_ascii=False))
    for key in ("regions", "services"):
        frame[key] = frame[key].map(";".join)
    frame.to_csv(tmp_path / "apps.csv", index=False)
    assert guild.audit(tmp_path / "apps.csv", tmp_path / "csv.parquet", as_of=DAY).refused == 0
    assert audited(tmp_path / "csv.parquet") == found


BAD = [
    (
        {"facts": {"owner_kind": "firm"}, "parties": [owner("甲", "firm")]},
        "`owner_kind` is what the parties say of themselves",
        "facts: `owner_kind` is what the parties say of themselves",
    ),
    (
        {"parties": [owner("甲", "firn")]},
        "no applicant is called `firn`",
        "parties: no applicant is called `firn`",
    ),
    (
        {"parties": [owner("甲", 5)]},
        "text is expected here",
        "parties: applicant: text is expected here",
    ),
]


def test_what_is_refused(guild, tmp_path):
    """What parties may not say of themselves `ask` and an audit refuse alike, with its reason."""
    rows = [{"id": str(n), "services": ["barge"], **said} for n, (said, _, _) in enumerate(BAD)]
    for said, message, _ in BAD:
        with pytest.raises(Problems) as refused:
            guild.ask({**barge(), **said}, as_of=DAY)
        assert [problem.message for problem in refused.value.problems] == [message], said
    path = lines_of(tmp_path / "apps.jsonl", [*rows, {"id": "good", "services": ["barge"]}])
    summary = guild.audit(path, tmp_path / "out.parquet", as_of=DAY)
    told = [json.loads(line) for line in summary.rejects.read_text("utf-8").splitlines()]
    assert [each["reason"] for each in told] == [reason for *_, reason in BAD]


def test_an_app_made_by_hand(guild):
    """The kind of a party of an app that no profile was read for is held against the base; a
    profile written from an app is read again as that app; a Chinese key does."""
    with pytest.raises(Problems, match="no applicant is called `x`"):
        guild.app(App("a", parties=(Party("甲", "owner", applicant="x"),)))
    app = read_app(
        "名称: a\n各方: [{名称: 甲, 角色: 所有人, 申请主体: 商号}]\n".encode(), guild.facts
    )
    assert app.parties == (Party("甲", "owner", applicant="firm"),)
    assert read_app(json.loads(json.dumps(app.to_dict())), guild.facts) == app


def test_what_would_repair_it(guild):
    """Where the owner is a person the one repair is another kind of owner, and the app is
    satisfied with it."""
    found = guild.why_not(
        "category_verdict(_, 'guild-barge', 'satisfied')",
        barge(owner("甲", "person", "barge_licence")),
        as_of=DAY,
        lang="en",
    )
    assert "→ kind of owner: firm  [guild-2021 8]" in str(found)
    firm = barge(owner("甲", "firm", "barge_licence"))
    assert guild.ask(firm, as_of=DAY).verdict == "satisfied"


def test_the_interview_asks_for_the_kind(guild):
    """Where an owner is named whose kind is not said, the interview asks for it first; it does not
    where it is said."""
    unsaid = {"id": "甲", "role": "owner"}

    def begun(party):
        return guild.interview({k: v for k, v in barge(party).items() if k != "holds"}, DAY)

    asks = begun(unsaid)
    assert asks.question.subject == "owner_kind"
    asks.answer(["firm"])
    assert asks.app.stated["owner_kind"] == ("firm",)
    there = begun(unsaid | {"applicant": "firm"})
    assert there.question.subject != "owner_kind"


def test_for_whom_it_is_open_is_told(guild):
    """The category, its drawing and the analysis over all apps tell the condition on the owner."""
    assert "open when: its owner is a firm" in str(guild.show("guild-barge", lang="en"))
    [version] = guild.show("guild-barge").to_dict()["versions"]
    assert version["open_when"] == ["owner-is-a-firm"]
    graph = guild.graph(category="guild-barge")
    assert any(data["kind"] == "condition" for _, data in graph.nodes(data=True))
    assert guild.analyse("guild-barge", as_of=DAY).classes == 3


def test_another_condition_is_a_change():
    """That a category is open under another condition is a difference of its versions."""
    told = shown(OpenWhenChanged(("x",), ()))
    assert (told.what, told.pair.kind) == ("open_when_changed", "condition")
