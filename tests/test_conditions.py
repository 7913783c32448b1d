"""Conditions made of others, ends of ranges, and days that move with the day asked."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from decimal import Decimal
from itertools import product
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_audit import asked, audited, lines_of
from test_cases import loaded

import kb
from kb.lang.problems import Problems
from kb.model import terms
from kb.model.conditions import all_tests, clauses, ways

FACTS = ("facts-conditions",)
DAY = "2021-06-30"
OPEN = 0.5
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def island():
    """The base of a made-up island whose rules use all of these."""
    return loaded(FACTS)


def random_conditions(random):
    """Conditions of one or two tests each, the later ones made of earlier ones too."""
    found = {}
    for n in range(random.randint(2, 6)):
        parts = {
            key: tuple(random.sample(sorted(found), min(len(found), random.choice([0, 0, 1, 2]))))
            for key in ("when", "any_of", "unless")
        }
        tests = [terms.Test(attribute="size", since="1")] * random.choice(
            [1, 1, 2] if n < 2 else [0, 1]
        )
        if tests or any(parts.values()):
            id = f"c{n}"
            found[id] = terms.Condition(id=id, zh=id, en=id, tests=tuple(tests), **parts)
    return found


def value(conditions, id, known):
    """What a condition comes to: 1, 0 or one half, by minimum, maximum and difference."""
    one = conditions[id]
    parts = [known[f"{id}#{n}"] for n in range(1, len(one.tests) + 1)]
    parts += [value(conditions, part, known) for part in one.when]
    parts += [1 - value(conditions, part, known) for part in one.unless]
    if one.any_of:
        parts.append(max(value(conditions, part, known) for part in one.any_of))
    return min(parts)


def test_clauses_and_ways_are_the_condition():
    """Over three values, a condition is what its clauses say it is, and met or failed exactly when
    one of its ways is: the second reading is minimum and maximum, straight from its parts."""
    random = Random(4)
    outcomes = set()
    for _ in range(400):
        conditions = random_conditions(random)
        for id in conditions:
            known = {t: random.choice([0, OPEN, 1]) for t in all_tests(conditions, id)}

            def of(literals, known=known):
                return [known[t] if met else 1 - known[t] for t, met in literals]

            expected = value(conditions, id, known)
            assert min(max(of(clause)) for clause in clauses(conditions, id)) == expected
            assert max(min(of(way)) for way in ways(conditions, id, True)) == expected
            assert max(min(of(way)) for way in ways(conditions, id, False)) == 1 - expected
            outcomes.add((expected, len(clauses(conditions, id)) > 1))
    assert len(outcomes) == 6


def random_profiles(count, seed):
    """Profiles around the ends of the island's ranges, with some facts left out."""
    random = Random(seed)
    day = datetime.date.fromisoformat(DAY)
    for number in range(count):
        near = day - datetime.timedelta(days=random.choice([0, 29, 30, 31, 181, 182, 183, 900]))
        facts = {
            "opened": near.isoformat(),
            "capital": random.choice([0, 999_999, 1_000_000, 1_000_001]),
            "area": random.choice([1, 199, 200, 201]),
            "online_only": random.choice(["yes", "no"]),
        }
        yield {
            "name": f"a{number}",
            "services": random.sample(["loans", "pawn", "halls"], random.choice([1, 1, 2])),
            "applicant": random.choice(["firm", "guild"]),
            "facts": {k: v for k, v in facts.items() if random.random() < 0.75},
            "holds": [d for d in ("promise", "charter", "report") if random.random() < 0.5],
        }


def test_audits_as_asked(island, tmp_path):
    """An audit says of each app what it is told alone, on days on both sides of a moving end."""
    profiles = list(random_profiles(250, 9))
    rows = [{"id" if k == "name" else k: v for k, v in p.items()} for p in profiles]
    path = lines_of(tmp_path / "apps.jsonl", rows)
    verdicts = set()
    for day in (DAY, "2021-07-01"):
        summary = island.audit(path, tmp_path / "out.parquet", as_of=day, chunk=100)
        assert summary.refused == 0
        found = audited(tmp_path / "out.parquet")
        for profile in profiles:
            wanted = asked(island, profile, day)
            assert found[profile["name"]] == wanted, profile
            verdicts.update(str(row.verdict) for row in wanted.values())
    assert verdicts == {"satisfied", "missing", "undetermined"}


@pytest.mark.parametrize("end", ["since: 30", "above: 29", "below: 30", "until: 29"])
def test_small_numbers_in_audits(end, tmp_path):
    """Numbers on both sides of a small end come out in an audit as they do alone, nought too."""
    shutil.copytree(ROOT / "tests" / "cases" / FACTS[0], tmp_path / "facts")
    terms = tmp_path / "facts" / "vocabulary" / "conditions.yaml"
    text = terms.read_text(encoding="utf-8")
    assert "below: 200" in text
    terms.write_text(text.replace("below: 200", end), encoding="utf-8")
    base = kb.load(only_facts=tmp_path / "facts")
    profiles = [
        {
            "name": f"a{area}",
            "services": ["halls"],
            "holds": ["promise"],
            "facts": {"area": area, "online_only": "no"},
        }
        for area in (0, 1, 29, 30, 31, 20000101)
    ]
    rows = [{"id" if k == "name" else k: v for k, v in p.items()} for p in profiles]
    path = lines_of(tmp_path / "apps.jsonl", rows)
    base.audit(path, tmp_path / "out.parquet", as_of=DAY)
    found = audited(tmp_path / "out.parquet")
    for profile in profiles:
        assert found[profile["name"]] == asked(base, profile, DAY), profile
    met = {name for name, rows in found.items() if rows["island-halls"].verdict == "satisfied"}
    low = {"a0", "a1", "a29"}
    assert met == (low if end[0] in "bu" else set(found) - low)


def test_engines_agree(island):
    """clingo, DuckDB and pyDatalog come to the same answers."""
    others = [kb.load(only_facts=island.facts.folders[0], engine=e) for e in ("clingo", "duckdb")]
    for profile in random_profiles(5, 3):
        answer = island.ask(profile, as_of=DAY).to_dict()
        assert all(o.ask(profile, as_of=DAY).to_dict() == answer for o in others), profile


def test_ways_to_meet_a_condition_are_tried(island):
    """Of a firm without a charter, why-not names each way in which line 3 asks for none: to be a
    guild, or capital and age of the account together, never one of the two alone."""
    app = {"name": "a", "applicant": "firm", "services": ["loans"], "holds": ["promise"]}
    app["facts"] = {"capital": 5, "opened": "2021-06-01"}
    found = island.why_not("category_verdict(A, 'island-loans', 'satisfied')", app=app, as_of=DAY)
    print(found)
    changed = {frozenset(c.subject for c in repair.changes) for repair in found.repairs}
    assert frozenset({"applicant"}) in changed
    assert frozenset({"capital", "opened"}) in changed
    assert not changed & {frozenset({"capital"}), frozenset({"opened"})}


def test_analysis_counts_clauses(island):
    """Over all apps of the first category both ways are used, without the charter and with it, and
    the applicant, the capital and the age of the account tell apart 2 x 2 x 2 kinds."""
    found = island.analyse("island-loans", as_of=DAY)
    assert (found.gaps, found.never_used) == ((), ())
    assert found.classes == 8


def written(tmp_path, conditions):
    """A folder of facts whose conditions are these."""
    folder = tmp_path / "facts"
    (folder / "vocabulary").mkdir(parents=True)
    shipped = loaded(FACTS).facts.folders[0] / "vocabulary"
    for path in shipped.iterdir():
        (folder / "vocabulary" / path.name).write_bytes(path.read_bytes())
    (folder / "vocabulary" / "conditions.yaml").write_text(conditions, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        (
            "  - {id: a, zh: a, en: a, when: [b]}\n  - {id: b, zh: b, en: b, unless: [a]}\n",
            "the condition rests on itself: a -> b -> a",
        ),
        ("  - {id: a, zh: a, en: a, any_of: [nought]}\n", "no condition is called `nought`"),
        (
            "  - {id: a, zh: a, en: a}\n",
            "give `tests`, or conditions under `when`, `any_of` or `unless`",
        ),
        (
            "  - {id: a, zh: a, en: a, tests: [{attribute: area, since: 1, above: 2}]}\n",
            "of `since` and `above`, and of `until` and `below`, give one",
        ),
        (
            "  - {id: a, zh: a, en: a, tests: [{attribute: area, until: 6 months ago}]}\n",
            "a whole number is expected here",
        ),
        (
            "  - {id: a, zh: a, en: a, tests: [{attribute: opened, until: six months ago}]}\n",
            "a date like 2025-04-01 is expected here",
        ),
    ],
)
def test_what_is_wrong_is_told(tmp_path, conditions, message):
    """Circles, unknown parts, ends that do not fit: each is one error at its place."""
    folder = written(tmp_path, f"terms:\n{conditions}")
    with pytest.raises(Problems) as told:
        kb.load(only_facts=folder)
    assert message in [problem.message for problem in told.value.problems]


def test_together_is_told_as_one_condition(island):
    """`when` and `unless` of a part are one condition with a label of its own, in both languages
    and in JSON; where it is not met is told without doubt about what "not" is about."""
    shown = {lang: island.show("island-pawn", lang=lang) for lang in ("zh", "en")}
    assert "典当 (并非「只在线上」)" in shown["zh"].text()
    english = shown["en"].text()
    label = (
        "all of: the account is less than 30 days old; not (the applicant is a guild); "
        "not (the capital is over one million)"
    )
    assert f"only when: {label}" in english
    assert f"2. 《承诺函》  (not: {label})" in english
    [version] = shown["zh"].to_dict()["versions"]
    report = version["requirement"]["all_of"][1]
    assert report["when"]["condition"] == "together/new_account/without/is_guild/rich"


def test_numbers_are_asked_for_in_their_unit(island):
    """The question for a number names its unit, in both languages."""
    app = {"name": "a", "services": ["halls"], "facts": {"online_only": "no"}, "holds": ["promise"]}
    told = {x: island.ask(app, as_of=DAY, lang=x).text() for x in ("zh", "en")}
    assert "场馆多大?(单位:平方米)" in told["zh"]
    assert "How large is the hall? (square metres)" in told["en"]


@pytest.mark.parametrize("page", ["facts.md", "facts.zh-CN.md"])
def test_the_example_of_the_page_loads(page, tmp_path):
    """The conditions that the page of facts shows are read as it says: a guild is enough for the
    last, and so are capital and age together."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    [shown] = re.findall(r"```yaml\n(terms:\n  - \{id: is_guild.*?)```", text, re.DOTALL)
    base = kb.load(only_facts=written(tmp_path, shown))
    found = ways(base.facts.vocabulary.conditions, "trusted", True)
    assert {frozenset(way) for way in found} == {
        frozenset({("is_guild#1", True)}),
        frozenset({("rich#1", True), ("older#1", True)}),
    }


ENDS = {"rent": (("4999.99", 1), ("5000", OPEN), ("5000.50", OPEN), ("5000.51", 0)),
        "share": (("2.5", 0), ("2.6", 1), ("12.4", 1), ("12.5", 0))}  # fmt: skip


def lets():
    """An app for each pair of values at the ends of the ranges, or left out, with the promise or
    the report; and what the text makes of it, straight from its words."""
    for rent, share in product((*ENDS["rent"], (None, OPEN)), (*ENDS["share"], (None, OPEN))):
        for paper, (_, does) in (("promise", rent), ("report", share)):
            facts = {k: v for k, (v, _) in (("rent", rent), ("share", share)) if v is not None}
            verdict = {1: "satisfied", OPEN: "undetermined", 0: "missing"}[does]
            yield {"services": ["lets"], "facts": facts, "holds": [paper]}, verdict


def test_decimals_at_the_ends_of_ranges(island):
    """Of numbers with decimals each side of an open or a closed end, and what the text leaves open,
    is told apart by a cent, or a tenth of a per cent; a unit may stand behind them."""
    for profile, verdict in lets():
        assert island.ask({"name": "a", **profile}, as_of=DAY).verdict == verdict, profile
    for rent, verdict in (
        ("0.4999亿", "missing"),
        ("4,999.99元", "satisfied"),
        (4999.5, "satisfied"),
    ):
        app = {"name": "a", "services": ["lets"], "facts": {"rent": rent}, "holds": ["promise"]}
        assert island.ask(app, as_of=DAY).verdict == verdict
    again = island.app(app).to_dict()
    assert (again["facts"]["rent"], island.app(again)) == ("4999.5", island.app(app))
    with pytest.raises(Problems) as told:
        island.ask({**app, "facts": {"rent": "1.005", "share": "half"}})
    assert sorted(problem.message for problem in told.value.problems) == [
        "a number with at most 2 decimals is expected here",
        "a number with at most one decimal is expected here",
    ]


@pytest.mark.parametrize("kind", ["jsonl", "csv", "double", "decimal"])
def test_decimals_in_audits(island, tmp_path, kind):
    """Audits read decimals from JSON, CSV and Parquet, as text, floating or decimal numbers, and
    say of each app what it is told alone."""
    every = list(lets())
    numbers = [{k: Decimal(v) for k, v in p["facts"].items()} for p, _ in every]
    columns = {
        "id": [str(n) for n in range(len(every))],
        "services": [p["services"] for p, _ in every],
        "holds": [p["holds"] for p, _ in every],
    }
    path = tmp_path / f"apps.{kind if kind in ('jsonl', 'csv') else 'parquet'}"
    if kind == "jsonl":
        rows = ({"id": str(n), **p} for n, (p, _) in enumerate(every))
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    elif kind == "csv":
        written = [f"{n},{p['services'][0]},{p['holds'][0]},{p['facts'].get('rent', '')},"
                   f"{p['facts'].get('share', '')}" for n, (p, _) in enumerate(every)]  # fmt: skip
        path.write_text("\n".join(["id,services,holds,facts.rent,facts.share", *written]), "utf-8")
    else:
        of = pa.float64() if kind == "double" else pa.decimal128(12, 4)
        for key in ENDS:
            values = [n.get(key) for n in numbers]
            if kind == "double":
                values = [None if v is None else float(v) for v in values]
            columns[f"facts.{key}"] = pa.array(values, of)
        pq.write_table(pa.table(columns), path)
    summary = island.audit(path, tmp_path / "out.parquet", as_of=DAY)
    assert summary.refused == 0
    found = audited(tmp_path / "out.parquet")
    for n, (profile, verdict) in enumerate(every):
        assert str(found[str(n)]["island-lets"].verdict) == verdict, profile


def test_decimals_are_told_as_numbers(island):
    """Proofs and ways out of an app name numbers with their decimals and unit."""
    app = {"name": "a", "services": ["lets"], "facts": {"rent": "5100.75"}, "holds": ["promise"]}
    found = island.why_not("category_verdict(A, 'island-lets', 'satisfied')", app=app, as_of=DAY)
    stated = [c for r in found.repairs for c in r.changes if c.subject == "rent"]
    assert [str(change.values[0]) for change in stated] == ["4999.98"]
    assert "月租:4999.98 元" in str(found)
    app["facts"]["rent"] = "4999.99"
    proof = str(island.why("test_met(A, 'low_rent#1')", app=app, as_of=DAY))
    assert "「月租」为 4999.99" in proof
    assert "接受 没有限定 至 4999.99" in proof
    assert "4999.99 不超过 4999.99" in proof
    assert "499999" not in proof
