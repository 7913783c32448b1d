"""What papers must state: words in a field, values with bounds, days, places; in three values."""

from __future__ import annotations

import json
import shutil
from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random

import pyarrow as pa
import pytest
from test_audit import asked, audited, lines_of

import kb
from kb.audit.flips import flips
from kb.compare.changes import changes
from kb.lang.problems import Problems
from kb.model.apps import Holding
from kb.model.facts import read_facts
from kb.model.profiles import read_app
from kb.model.stating import absent, asked_of, copy_of, states

BASE = Path(__file__).parent / "bad" / "facts" / "base" / "vocabulary"
DAY = "2025-06-30"
FIELDS = """terms:
  - {id: scope, zh: 经营范围, en: scope of business, aliases: [营业范围]}
  - {id: capital, zh: 注册资本, en: capital, type: number, unit: {zh: 元, en: yuan}}
  - {id: opened, zh: 成立日期, en: day of opening, type: day}
  - {id: valid_until, zh: 有效期至, en: last day of validity, type: day}
  - {id: issued_in, zh: 发证地, en: place of issue, type: place}
"""
NOTICE = """source:
  {id: notice, zh: 须知, en: notice, publisher: {zh: 镇, en: town}, date: 2020-01-01,
   standing: in_force, jurisdiction: CN, platform: wechat, line_count: 4}
categories:
  - category: shop-food
    lines: 1-2
    scope: [{service: bakery, lines: 1}]
    requirement:
      all_of:
        - document: food_licence
          must_state:
            - {field: scope, words: [面包, 糕点]}
            - {field: capital, since: 500.50, below: 8000000}
            - {field: opened, below: 2 years ago}
          lines: 2
        - document: lease
          at_least: 2
          must_state: [{field: valid_until, since: in 3 months}]
          lines: 2
  - category: shop-books
    lines: 3-4
    scope: [{service: bookshop, lines: 3}]
    requirement:
      any_of:
        - document: fire_certificate
          must_state: [{field: issued_in, words: CN-GD}, 消防]
          lines: 4
        - document: lease
          holder: partner
          each: partner
          must_state: [{field: capital, above: 500.5}]
          lines: 4
"""


def town(folder, notice=NOTICE):
    """A folder of facts with fields of papers."""
    shutil.copytree(BASE, folder / "vocabulary")
    (folder / "vocabulary" / "fields.yaml").write_text(FIELDS, encoding="utf-8")
    (folder / "notice.yaml").write_text(notice, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return kb.load(only_facts=town(tmp_path_factory.mktemp("stating") / "facts"), as_of=DAY)


def judged(base, texts, *wanted, day=20250630, **dated):
    vocabulary = base.facts.vocabulary
    wanted = [asked_of(text, vocabulary) for text in wanted]
    return states(wanted, copy_of(texts, dated, vocabulary), vocabulary, day)


@pytest.mark.parametrize(
    ("texts", "wanted", "found"),
    [
        (None, "scope: 面包|糕点", None),
        ([], "scope: 面包|糕点", False),
        (["经营范围：糕点零售"], "scope: 面包|糕点", True),
        (["营业范围: 面 包"], "scope: 面包", True),
        (["经营范围: 茶"], "scope: 面包", False),
        (["经营范围: 茶", "经营范围: 面包"], "scope: 面包", True),
        # A text of no field counts for the field that asks for it; what is in none is not there.
        (["面包"], "scope: 面包", True),
        (["茶"], "scope: 面包", False),
        (["经营范围: 茶", "面包"], "scope: 面包", None),
        # Of other fields alone the profile speaks.
        (["注册资本: 5"], "scope: 面包", None),
        # A text of a field is a text too.
        (["经营范围: 面包"], "面包", True),
        (["面包"], "capital > 5", None),
        ([], "capital > 5", False),
        (["注册资本: 无"], "capital > 5", False),
        (["注册资本: 500万元"], "capital > 5000000", False),
        (["注册资本: 500.000001万"], "capital > 5000000", True),
        (["注册资本：5,000,000 yuan"], "capital >= 5000000.00", True),
        (["注册资本 ≥ 600"], "capital > 500", True),
        (["注册资本: > 400"], "capital > 500", None),
        (["注册资本: 六百万"], "capital > 500", None),
        (["capital > 500"], "capital > 500", True),
        (["成立日期: 2023-06-29"], "opened < 2 years ago", True),
        (["成立日期: 2023-06-30"], "opened < 2 years ago", False),
        (["opened < 2 years ago"], "opened < 2 years ago", True),
        (["opened < 1 year ago"], "opened < 2 years ago", None),
        (["发证地: 广东"], "issued_in: CN-GD", True),
        (["发证地: 广东"], "issued_in: CN", True),
        (["发证地: CN"], "issued_in: CN-GD", None),
        (["网址: http://x"], "面包", False),
    ],
)
def test_what_a_copy_states(small, texts, wanted, found):
    """A copy does, does not, or may do; what the profile says nothing of is open."""
    assert judged(small, texts, wanted) is found


def test_bounds_against_single_values(small):
    """A bound or value that is stated lies within a bound that is asked for, apart from it, or
    across its end, as each single value on a fine grid does: told by another way of judging."""
    grid = [Fraction(n, 4) for n in range(-8, 40)]
    test = {
        ":": lambda a, b: a == b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
    }
    seen = set()
    for op, said, wish, bound in product(test, ("2", "3.5"), (">", ">=", "<", "<="), ("2", "3.50")):
        values = [v for v in grid if test[op](v, Fraction(said))]
        does = {test[wish](v, Fraction(bound)) for v in values}
        expected = does.pop() if len(does) == 1 else None
        text = f"注册资本{op} {said}" if op == ":" else f"注册资本 {op} {said}"
        assert judged(small, [text], f"capital {wish} {bound}") is expected, (text, wish, bound)
        seen.add(expected)
    assert seen == {True, False, None}


def test_remaining_validity_is_read_from_the_days_of_a_paper(small):
    """The last day of a paper is what it states of its validity; one without a day leaves it open,
    whatever else it states."""
    wanted = "valid_until >= in 3 months"
    assert judged(small, None, wanted, valid_until=20250930) is True
    assert judged(small, None, wanted, valid_until=20250929) is False
    assert judged(small, [], wanted) is None
    assert judged(small, ["有效期至: 2026-01-01"], wanted) is True


LICENCE = {"经营范围": ["面包", "茶"], "注册资本": "600万", "成立日期": "2020-01-01"}
LEASES = [{"document": "lease", "count": 2, "valid_until": "2026-01-01"}]


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({}, "satisfied"),
        ({"注册资本": "800万"}, "missing"),
        ({"注册资本": "500.49"}, "missing"),
        ({"注册资本": None}, "undetermined"),
        ({"成立日期": "2024-01-01"}, "missing"),
        ({"经营范围": ["茶"]}, "missing"),
    ],
)
def test_answers(small, changed, verdict):
    """All that must stand on one paper decides the verdict, and what is not said leaves it open."""
    licence = {"document": "food_licence", "states": {**LICENCE, **changed}}
    answer = small.ask({"name": "a", "services": ["bakery"], "holds": [licence, *LEASES]})
    assert answer.verdict == verdict
    listed = [{name: value} for name, value in {**LICENCE, **changed}.items()]
    again = {"document": "food_licence", "states": listed}
    assert small.ask({"name": "a", "services": ["bakery"], "holds": [again, *LEASES]}) == answer


def test_what_is_asked_for_is_told_in_both_languages(small):
    """An answer tells fields, bounds and days in words, and as texts that a profile can state."""
    profile = {"name": "a", "services": ["bakery"], "holds": LEASES}
    answer = small.ask(profile)
    english = small.ask(profile, lang="en")
    assert (
        "must state: (scope of business: 面包 or 糕点), capital at least 500.50 yuan, capital less "
        "than 8000000 yuan, day of opening earlier than 2 years ago"
    ) in english.text()
    assert (
        "须写有:(经营范围:面包 或 糕点)、注册资本不少于 500.50 元、注册资本少于 8000000 元、"
        "成立日期早于 2 年前"
    ) in answer.text()
    [missing] = answer.to_dict()["categories"][0]["missing"]
    assert missing["must_state"] == [
        "scope: 面包|糕点",
        "capital >= 500.50",
        "capital < 8000000",
        "opened < 2 years ago",
    ]
    held = {"document": "food_licence", "states": missing["must_state"]}
    assert small.ask({**profile, "holds": [held, *LEASES]}).verdict == "satisfied"


def random_papers(random, own=True):
    """Papers that state texts, fields, both or nothing, some with days and holders."""
    capital = ["500.50", "500.5元", "400", "900万", "> 500.5", "< 3", "无", "500.49"]
    for _ in range(random.randint(0, 4)):
        fields = {
            "经营范围": random.choice([["面包"], ["茶", "糕点"], "茶"]),
            "capital": random.choice(capital),
            "成立日期": random.choice(["2023-06-29", "2023-06-30", "2024-01-01"]),
            "发证地": random.choice(["广东", "CN"]),
        }
        some = {k: v for k, v in fields.items() if random.random() < 0.7}
        texts = random.choice([["消防"], ["面包", "消防"], ["x"]])
        paper = {
            "document": random.choice(["food_licence", "lease", "lease", "fire_certificate"]),
            "count": random.choice([0, 1, 1, 2]),
        }
        said = random.choice([None, [], texts, some, [*texts, some], [some]])
        if said is not None:
            paper["states"] = said
        for key, days in (
            ("valid_until", ["2025-06-29", "2025-09-29", "2025-09-30", "2026-01-01"]),
            ("issued", ["2025-01-01"]),
        ):
            if random.random() < 0.5:
                paper[key] = random.choice(days)
        if own and random.random() < 0.4:
            paper["holder"] = random.choice(["applicant", "partner"])
        yield paper


def random_profiles(count, seed):
    random = Random(seed)
    for number in range(count):
        profile = {
            "name": f"a{number}",
            "services": random.choice([["bakery"], ["bookshop"], ["bakery", "bookshop"]]),
            "holds": list(random_papers(random)),
        }
        if random.random() < 0.6:
            papers = list(random_papers(random, own=False))
            profile["parties"] = [{"id": "甲", "role": "partner", "holds": papers}]
        yield profile


def test_audits_as_asked(small, tmp_path):
    """An audit says of each app what it is told alone, from JSON lines and from a table of lists;
    what a paper states and its days decide together."""
    profiles = list(random_profiles(400, 15))
    rows = [{"id" if k == "name" else k: v for k, v in p.items()} for p in profiles]
    path = lines_of(tmp_path / "apps.jsonl", rows)
    summary = small.audit(path, tmp_path / "out.parquet", as_of=DAY, chunk=150)
    assert summary.refused == 0
    found = audited(tmp_path / "out.parquet")
    verdicts = set()
    for profile in profiles:
        wanted = asked(small, profile, DAY)
        assert found[profile["name"]] == wanted, profile
        verdicts.update(str(row.verdict) for row in wanted.values())
    assert verdicts == {"satisfied", "missing", "undetermined"}
    texts = [
        {**row, "holds": [small_texts(small, paper) for paper in row["holds"]]}
        for row in rows
        if "parties" not in row
    ]
    small.audit(pa.Table.from_pylist(texts), tmp_path / "texts.parquet", as_of=DAY)
    again = audited(tmp_path / "texts.parquet")
    assert again == {row["id"]: found[row["id"]] for row in texts}


def small_texts(base, paper):
    """A paper as it is read: fields as texts."""
    app = read_app({"name": "a", "holds": [paper]}, base.facts)
    entry = {"holder": None, "valid_until": None, "issued": None, **paper}
    states = app.holds[0].states
    return {**entry, "states": None if states is None else list(states)}


BAD = [
    ({"资本": 5}, "no field is called `资本`"),
    ({"注册资本": "six"}, "a number like 5000000 or 500万 is expected for `注册资本`"),
    ({"opened": "2025"}, "a date like 2025-04-01 is expected for `opened`"),
    ([{"发证地": "火星"}], "a place is expected for `发证地`"),
]


def test_what_is_refused(small, tmp_path):
    """A field that is not known, or whose value is none, is refused by `ask`, and the row by an
    audit; words that only look like a field are words."""
    for said, message in BAD:
        holds = [{"document": "lease", "states": said}]
        with pytest.raises(Problems) as refused:
            small.ask({"name": "a", "services": ["bakery"], "holds": holds})
        assert [problem.message for problem in refused.value.problems] == [message]
    rows = [
        {"id": str(n), "services": ["bakery"], "holds": [{"document": "lease", "states": said}]}
        for n, (said, _) in enumerate([*BAD, (["注册资本: six", "资本: 5"], "")])
    ]
    summary = small.audit(lines_of(tmp_path / "a.jsonl", rows), tmp_path / "o.parquet", as_of=DAY)
    told = [json.loads(line)["reason"] for line in summary.rejects.read_text("utf-8").splitlines()]
    assert told == [f"holds: states: {message}" for _, message in BAD]


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ("{field: scpe, words: a}", "no field is called `scpe`"),
        ("{field: capital, words: a}", "the field `capital` takes the ends of a range, not words"),
        ("{field: scope, since: 5}", "the field `scope` takes words, not the ends of a range"),
        ("{field: capital, since: x}", "a number like 5000000 or 500万 is expected here"),
        ("{field: opened, since: 5}", "a date like 2025-04-01 is expected here"),
        ("{field: issued_in, words: CN-XX}", "no region is called `CN-XX`"),
        ("{field: capital, wrds: a}", "unknown key `wrds`"),
        ("{field: capital}", "give `words`, or ends of a range such as `since`"),
    ],
)
def test_facts_that_are_refused(tmp_path, stated, message):
    """A field that is not known, or does not take what is asked of it, is told in its place."""
    notice = NOTICE.replace("{field: scope, words: [面包, 糕点]}", stated)
    with pytest.raises(Problems) as refused:
        read_facts(town(tmp_path / "facts", notice))
    assert [problem.message for problem in refused.value.problems] == [message]
    line = next(n for n, text in enumerate(notice.splitlines(), 1) if stated in text)
    assert [problem.span.line for problem in refused.value.problems] == [line]


def test_days_turn_verdicts(small, tmp_path):
    """An app whose paper grows old enough, or runs too short, flips between two days, and a table
    of apps tells so as each alone does."""
    licence = {"document": "food_licence", "states": {**LICENCE, "成立日期": "2023-07-15"}}
    bound = {"document": "food_licence", "states": {**LICENCE, "成立日期": "< 2 years ago"}}
    profiles = [
        {"name": "old enough", "services": ["bakery"], "holds": [licence, *LEASES]},
        {"name": "never", "services": ["bakery"], "holds": LEASES},
        {"name": "bound", "services": ["bakery"], "holds": [*LEASES, bound]},
    ]
    rows = [{"id" if k == "name" else k: v for k, v in p.items()} for p in profiles]
    path = lines_of(tmp_path / "apps.jsonl", rows)
    for first, last, before, after in (
        (20250715, 20250716, "missing", "satisfied"),
        (20251001, 20251002, "satisfied", "missing"),
    ):
        found = tuple(flips(small, path, first, last))
        alone = changes(small, first, last, [small.app(each) for each in profiles]).apps
        assert found == alone
        assert {each.app: (each.before, each.after) for each in found if each.app != "bound"} == {
            "old enough": (before, after)
        }


def test_an_interview_asks_what_papers_state(small):
    """Who has the papers as they are asked for is through, who has not is told so; the last day of
    leases is asked for, which must be valid for three months more. A field that was denied, while
    the paper is there, is one that the paper does not have."""
    for replies, verdict in (
        ((1, 2, "2026-01-01"), "satisfied"),
        ((1, 2, "2025-07-01"), "missing"),
        ((0,), "missing"),
    ):
        talk = small.interview({"name": "a", "services": ["bakery"]})
        for reply in replies:
            talk.answer(reply)
        assert talk.question is None
        assert small.ask(talk.app).verdict == verdict
    denied = list(absent(["capital > 5", "scope: a"], ["scope: a"], small.facts.vocabulary))
    assert denied == ["capital: none"]
    assert judged(small, denied, "capital > 5") is False


def test_a_profile_is_written_as_it_was_read(small):
    """Fields become texts of the paper, which are read again as the same."""
    held = {"document": "lease", "states": {"注册资本": "5万", "经营范围": ["a", "b"]}}
    app = read_app({"name": "a", "holds": [held]}, small.facts)
    texts = ("注册资本: 5万", "经营范围: a", "经营范围: b")
    assert app.holds == (Holding("lease", states=texts),)
    assert read_app(app.to_dict(), small.facts) == app
    yaml = "名称: a\n材料: [{材料: 租赁合同, 写明: {注册资本: 5万, 经营范围: [a, b]}}]\n"
    assert read_app(yaml.encode(), small.facts) == app
