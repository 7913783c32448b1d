"""Audits: many apps at once get what each gets alone, whatever table they come from."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from pathlib import Path
from unittest.mock import Mock

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bench.apps import profiles, write_apps
from test_cases import case_files, loaded
from test_cases import profile as case_profile
from thinned import LONG, share

import kb
from kb.audit import judge as judge_module
from kb.audit.auditor import Auditor, version_of
from kb.audit.equivalence import Alike
from kb.audit.run import audit
from kb.engines.sql.duckdb import DuckDBEngine
from kb.lang.problems import Problems
from kb.model.rows import Rows
from kb.render.words import REASONS

DAY = "2025-06-30"
ORDER = list(REASONS)


@dataclass(frozen=True)
class Row:
    """What an audit says of a category, or of an app as a whole."""

    verdict: str
    reason: str
    missing: tuple[str, ...] = ()


def asked(base, profile, as_of, drafts=False):
    """What `ask` says of an app, in the words of an audit."""
    answer = base.ask(profile, as_of=as_of, include_drafts=drafts)
    rows = base.rows(answer.app, as_of, drafts)
    model = base.engine.evaluate(rows, ["category_reason", "app_reason"])
    found = {}
    for category in answer.categories:
        reasons = [r for _, c, r in model["category_reason"] if c == category.category]
        missing = tuple(document.need.id for document in category.missing)
        reason = min(reasons, key=ORDER.index)
        found[category.category] = Row(category.verdict, reason, missing)
    whole = min((r for _, r in model["app_reason"]), key=ORDER.index)
    due = [each.papers[0].need.id for each in answer.duty_papers if each.demand == "now"]
    found[None] = Row(answer.verdict, whole, tuple(dict.fromkeys(due)))
    return found


def audited(path):
    """The rows of an audit's output by app."""
    found = {}
    for row in pq.read_table(path).to_pylist():
        missing = tuple(row["missing"])
        row_of = Row(row["verdict"], row["reason"], missing)
        found.setdefault(row["app"], {})[row["category"]] = row_of
    return found


def lines_of(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture(scope="module")
def apps(base, tmp_path_factory):
    """Seven hundred random apps over the shipped facts."""
    path = tmp_path_factory.mktemp("audit") / "apps.parquet"
    write_apps(base, 700, path, seed=7, day=2025_06_30)
    return path


@pytest.fixture(scope="module")
def output(base, apps):
    """Their audit, in three chunks."""
    out = apps.with_name("out.parquet")
    summary = base.audit(apps, out, as_of=DAY, chunk=300)
    assert summary.rows == 700
    assert summary.refused == 0
    return out


def test_random_apps_as_asked(base, apps, output):
    """Rows say what `ask` says of their app: verdict, reason and the documents that are missing."""
    found = audited(output)
    for profile in share(list(profiles(apps))[:60], 2):
        assert found[profile["name"]] == asked(base, profile, DAY), profile


def test_papers_of_some_days_as_asked(base, tmp_path):
    """Rows of apps whose papers are valid on some days only say what `ask` says of the day, as does
    what the rules derive of those apps whole; without the days other verdicts come out."""
    apps = tmp_path / "dated.parquet"
    write_apps(base, 240, apps, seed=5, day=2025_06_30, dated=True)
    summary = base.audit(apps, tmp_path / "out.parquet", as_of=DAY, chunk=100)
    assert (summary.rows, summary.refused) == (240, 0)
    found = audited(tmp_path / "out.parquet")
    every = list(profiles(apps))
    for profile in share(every[:40], 2):
        assert found[profile["name"]] == asked(base, profile, DAY), profile
    timeless = [
        {
            **p,
            "name": f"timeless {p['name']}",
            "holds": [{k: v for k, v in h.items() if "valid" not in k} for h in p["holds"]],
        }
        for p in every
        if "holds" in p
    ]
    expected = derived(base, [*every, *timeless], DAY)
    other = {key: expected.pop(key) for key in list(expected) if key[0].startswith("timeless ")}
    assert said(found) == expected
    changed = [
        key
        for key, verdict in other.items()
        if expected[key[0][len("timeless ") :], key[1]] != verdict
    ]
    assert len(changed) > 20


@lru_cache(maxsize=2)
def whole(base):
    """An engine that evaluates the rules of a base over whole apps."""
    return DuckDBEngine(base.program, base.facts.rows.facts)


def derived(base, profiles, as_of, drafts=False):
    """The verdict and the first reason that the rules derive of each app and category, when all
    apps are put to them whole, and not in parts."""
    return derived_together(base, [(profile, as_of, drafts) for profile in profiles])


def derived_together(base, questions):
    """The same of profiles each with a day and whether drafts count, evaluated at once."""
    facts = {}
    for profile, as_of, drafts in questions:
        for relation, rows in base.rows(base.app(profile), as_of, drafts).items():
            facts.setdefault(relation, []).extend(rows)
    goals = ["category_verdict", "category_reason", "app_verdict", "app_reason"]
    model = whole(base).evaluate(facts, goals, limit=300)
    reasons = {}
    for app, category, reason in (
        *model["category_reason"],
        *((app, None, reason) for app, reason in model["app_reason"]),
    ):
        reasons.setdefault((app, category), []).append(reason)
    return {
        (app, category): (verdict, min(reasons[app, category], key=ORDER.index))
        for app, category, verdict in (
            *model["category_verdict"],
            *((app, None, verdict) for app, verdict in model["app_verdict"]),
        )
    }


def said(found):
    return {
        (app, category): (row.verdict, row.reason)
        for app, rows in found.items()
        for category, row in rows.items()
    }


def test_thousands_of_rows(base, apps, output):
    """Two thousand rows have the verdict and the reason that the rules derive."""
    found = said(audited(output))
    assert len(found) > 2_000
    assert found == derived(base, profiles(apps), DAY)


def test_rows_can_be_proved(base, apps, output):
    """The reason in each of the rows of one app of fifteen can be proved on its app, and the proof
    replays to what the profile and the sources state."""
    found = audited(output)
    proved = 0
    for profile in share(profiles(apps), 15):
        app = base.app(profile)
        for category, row in found[app.name].items():
            fact = (
                f"category_reason(_, '{category}', '{row.reason}')"
                if category
                else f"app_reason(_, '{row.reason}')"
            )
            proof = base.why(fact, app, as_of=DAY)
            assert proof is not None, (profile, fact)
            assert proof.faults == ()
            proved += 1
    assert proved > 120


DAYS = 2
"""Days on which most cases ask, that are audited, of the shipped facts one more; on the first of
them with drafts."""


@pytest.mark.parametrize(
    "facts", [(), ("facts-small",), ("facts-harbour",), ("facts-ferry",), ("facts-lock",)]
)
def test_cases_as_asked(facts, tmp_path):
    """The profiles of the cases, on the days most of them ask about, get what they get alone; on
    the first of these days with drafts."""
    base = loaded(facts)
    groups = {}
    for file in case_files().values():
        if file.only_facts == facts:
            for case in file.cases:
                groups.setdefault(str(case.as_of), []).append(dict(base_profile(base, case.app)))
    days = sorted(groups, key=lambda day: (-len(groups[day]), day))[: DAYS + (not facts)]
    together, questions = {}, []
    for as_of, drafts in [(days[0], True), *((day, False) for day in days[not LONG :])]:
        numbered = [
            {**app, "name": f"{n} on {as_of}{' with drafts' * drafts}"}
            for n, app in enumerate(groups[as_of])
        ]
        named = [
            {"id": app["name"], **{k: v for k, v in app.items() if k != "name"}} for app in numbered
        ]
        path = lines_of(tmp_path / "apps.jsonl", named)
        out = tmp_path / "out.parquet"
        summary = base.audit(path, out, as_of=as_of, include_drafts=drafts)
        assert summary.refused == 0, summary.rejects.read_text()
        found = audited(out)
        for profile in share(numbered, 15):
            assert found[profile["name"]] == asked(base, profile, as_of, drafts), profile
        together |= found
        questions += [(profile, as_of, drafts) for profile in numbered]
    assert said(together) == derived_together(base, questions)


def village_apps(base):
    """Apps of every kind of applicant and place, with an oven or not, or silent on each: with each
    service alone, and with that in which one text sends another's service elsewhere."""
    pairs = [("lamps", "newspapers"), ("lamps", "raffles"), ("hay", "cheese")]
    pairs += [("straw", "milk"), ("sails", "rope"), ("tar", "nets")]
    said = {
        "services": [*([id] for id in sorted(base.names.ids("service"))), *map(list, pairs)],
        "applicant": [None, *sorted(base.names.ids("applicant"))],
        "regions": [None, ["east", "west"], *([id] for id in sorted(base.names.ids("region")))],
        "facts": [None, {"oven": "yes"}, {"oven": "no"}],
    }
    for n, values in enumerate(product(*said.values())):
        profile = {key: value for key, value in zip(said, values, strict=True) if value}
        yield {"name": str(n), **profile}


@pytest.mark.parametrize("more", [(), ("facts-village-list",)])
def test_village_as_derived(more, tmp_path):
    """In a village whose texts each turn on something else of whom, or where, apps that differ in
    one thing get what the rules derive of them whole: an audit takes no two for alike that are
    not."""
    base = loaded(("facts-village", *more))
    profiles = list(village_apps(base.facts))
    named = [
        {"id": app["name"], **{k: v for k, v in app.items() if k != "name"}} for app in profiles
    ]
    out = tmp_path / "out.parquet"
    summary = base.audit(lines_of(tmp_path / "apps.jsonl", named), out, as_of="2024-06-30")
    assert summary.refused == 0
    assert said(audited(out)) == derived(base, profiles, "2024-06-30")


def test_services_that_no_test_looks_for(base, tmp_path):
    """To tests on services it does not matter what else an app offers: with raw stones and without,
    and whatever stands beside them, rows say what `ask` says."""
    day = "2026-03-01"
    beside = ("raw_jade_sales", "gold_retail", "airport_services", "driving_school_platform")
    rows = [
        {
            "id": " ".join(s for s, there in zip(beside, offered, strict=True) if there),
            "applicant": "enterprise",
            "services": [
                "jewellery_sales",
                *(s for s, x in zip(beside, offered, strict=True) if x),
            ],
        }
        for offered in product((False, True), repeat=len(beside))
    ]
    path = lines_of(tmp_path / "apps.jsonl", [row | {"id": f"app {row['id']}"} for row in rows])
    base.audit(path, tmp_path / "out.parquet", as_of=day)
    found = audited(tmp_path / "out.parquet")
    seen = set()
    for row in rows:
        expected = asked(base, {k: v for k, v in row.items() if k != "id"}, day)
        assert found[f"app {row['id']}"] == expected, row
        seen.add(expected["merchant-jewellery"])
    assert len(seen) > 1


def test_a_test_of_all_services_looks_at_each(base):
    """Where a test wants all services to be of some, each of them counts, looked for or not."""
    offered = "airport_services", "driving_school_platform"
    facts = base.facts
    stated = facts.rows.facts
    every = {**stated, "test_all": [*stated.get("test_all", ()), ("offers_raw_jade#1",)]}
    changed = replace(facts, rows=Rows(every, facts.rows.cites))
    assert Alike(facts, 20250630).to("services", offered) == offered[:1]
    assert Alike(changed, 20250630).to("services", offered) == offered


def test_what_a_counted_choice_still_lacks(tmp_path):
    """Of two alternatives the one is told that lacks fewer documents: three of seven are three,
    fewer as some are in hand, in an audit as in an answer."""
    folder = tmp_path / "facts"
    shutil.copytree(Path(__file__).parent / "cases" / "facts-small", folder)
    works = folder / "town-works-2020.yaml"
    start, end = works.read_text("utf-8").split("      all_of:\n")
    _, choice = end.split("        - lines: 3\n")
    two = "[{document: shop_deed, lines: 2}, {document: baker_licence, lines: 2}]"
    either = f"      any_of:\n        - {{lines: 2, all_of: {two}}}\n        - lines: 3\n"
    works.write_text(start + either + choice, "utf-8")
    town = kb.load(only_facts=folder)
    papers = [[], ["roof_permit"], ["roof_permit", "well_permit"], ["shop_deed"]]
    profiles = [{"name": str(n), "services": ["works"], "holds": p} for n, p in enumerate(papers)]
    named = [{"id": p["name"], **{k: p[k] for k in ("services", "holds")}} for p in profiles]
    town.audit(lines_of(tmp_path / "apps.jsonl", named), tmp_path / "o.parquet", as_of="2024-04-01")
    found = audited(tmp_path / "o.parquet")
    assert found == {p["name"]: asked(town, p, "2024-04-01") for p in profiles}
    lacking = [found[str(n)]["shop-works"].missing for n in range(4)]
    assert [len(missing) for missing in lacking[:3]] == [2, 2, 1]
    assert lacking[0] == ("shop_deed@applicantx1", "baker_licence@applicantx1")


def test_a_document_that_is_unclear_is_told(base, tmp_path):
    """What the source leaves open of a document does not take it off what an alternative lacks."""
    profile = {"name": "a", "applicant": "training_institution", "services": ["party_building"]}
    named = {"id": "a", **{k: v for k, v in profile.items() if k != "name"}, "holds": []}
    apps = lines_of(tmp_path / "apps.jsonl", [named])
    base.audit(apps, tmp_path / "out.parquet", as_of="2026-03-01")
    found = audited(tmp_path / "out.parquet")["a"]
    assert found == asked(base, {**profile, "holds": []}, "2026-03-01")
    lacking = ("government_authorisation@applicantx1",)
    assert found["government-party-league"] == Row("undetermined", "wording_unclear", lacking)


def base_profile(base, app):
    """A case's profile in ids."""
    return base.app(case_profile(app)).to_dict()


FEW = 120
"""So many of the random apps hold all kinds of values."""


def rows_of_first(output, profiles):
    """The rows of some profiles in an audit's output."""
    names = {profile["name"] for profile in profiles}
    found = [row for row in pq.read_table(output).to_pylist() if row["app"] in names]
    assert {row["app"] for row in found} == names
    return found


def test_every_kind_of_table(base, apps, output, tmp_path):
    """Parquet, a folder of it, CSV, JSON lines, pandas, Arrow and DuckDB give the same rows."""
    table = pq.read_table(apps).slice(0, FEW)
    folder = tmp_path / "folder" / "part=1"
    folder.mkdir(parents=True)
    pq.write_table(table.slice(0, FEW // 2), folder / "a.parquet")
    pq.write_table(table.slice(FEW // 2), folder / "b.parquet")
    rows = list(profiles(apps))[:FEW]
    expected = rows_of_first(output, rows)
    lines = [{"id": row["name"], **{k: v for k, v in row.items() if k != "name"}} for row in rows]
    as_text = [
        {k: json.dumps(v, ensure_ascii=False) if k in ("facts", "holds") else ";".join(v)
         if isinstance(v, list) and v else json.dumps(v) if isinstance(v, list) else v
         for k, v in line.items()}
        for line in lines
    ]  # fmt: skip
    pd.DataFrame(as_text).to_csv(tmp_path / "apps.csv", index=False)
    inputs = {
        "folder": folder.parent,
        "csv": tmp_path / "apps.csv",
        "jsonl": lines_of(tmp_path / "apps.jsonl", lines),
        "pandas": table.to_pandas(),
        "arrow": table,
        "duckdb": duckdb.sql(f"FROM '{apps}' LIMIT {FEW}"),
    }
    for kind, source in inputs.items():
        summary = base.audit(source, tmp_path / "out.parquet", as_of=DAY)
        assert summary.refused == 0, (kind, summary.rejects.read_text())
        assert pq.read_table(tmp_path / "out.parquet").to_pylist() == expected, kind


def test_every_kind_of_output(base, apps, output, tmp_path):
    """CSV and JSON lines hold the rows of the Parquet output; in CSV a list is JSON."""
    expected = pq.read_table(output).to_pylist()
    base.audit(apps, tmp_path / "out.jsonl", as_of=DAY)
    lines = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == expected
    base.audit(apps, tmp_path / "out.csv", as_of=DAY)
    found = pd.read_csv(tmp_path / "out.csv", dtype=str, keep_default_na=False).to_dict("records")
    shown = [
        {k: json.dumps(v, ensure_ascii=False, separators=(",", ":")) if k == "missing" else v or ""
         for k, v in row.items()}
        for row in expected
    ]  # fmt: skip
    assert found == shown


BAD = [
    ('{"id": "good", "services": ["驾校平台"]}', None),
    ('{"id": "no json', "this is no JSON object"),
    ("[1]", "this is no JSON object"),
    ('{"services": []}', "id: the app has no name"),
    ('{"id": "a", "service": []}', "unknown key `service`"),
    ('{"id": "b", "services": "驾校平台"}', "services: a list is expected here"),
    ('{"id": "c", "services": ["驾校平合"]}', "service: no service is called `驾校平合`"),
    ('{"id": "d", "applicant": "nobody"}', "applicant: no applicant is called `nobody`"),
    ('{"id": "e", "regions": ["CN-XX"]}', "regions: no region is called `CN-XX`"),
    ('{"id": "f", "facts": {"colour": "red"}}', "unknown attribute `colour`"),
    ('{"id": "g", "facts": {"account_opened": "soon"}}',
     "account_opened: a date like 2025-04-01 is expected here"),
    ('{"id": "h", "holds": ["a; DROP TABLE chunk"]}',
     "document: no document is called `a; DROP TABLE chunk`"),
    ('{"id": "i", "holds": [{"document": "合作协议", "count": -1}]}',
     "holds: a count from 0 to 1000000 is expected here"),
    ('{"id": "j", "holds": [{"document": "合作协议", "holder": "aunt"}]}',
     "holder: no holder is called `aunt`"),
    ('{"id": "k", "holds": [{"documnet": "合作协议"}]}',
     "holds: a document is expected here; holds: unknown key `documnet`"),
    ('{"id": "l", "holds": "合作协议"}', "holds: a list is expected here"),
    ('{"id": "m", "holds": [{"document": "合作协议", "states": ["x", null]}]}',
     "holds: states: text is expected here"),
    ('{"id": "n", "holds": [{"document": "合作协议", "valid_until": "soon"}]}',
     "holds: valid_until: a date like 2025-04-01 is expected here"),
    ('{"id": "o", "holds": [{"document": "合作协议", "issued": ["2025-01-01"]}]}',
     "holds: issued: a date like 2025-04-01 is expected here"),
    ('{"id": "p", "holds": [{"document": "合作协议", "valid_from": "2025-03-02",'
     ' "valid_until": 20250301}]}',
     "holds: `valid_from` 2025-03-02 is after `valid_until` 2025-03-01"),
    ('{"id": "q", "holds": [{"document": "合作协议", "valid_from": "2025-03-01",'
     ' "valid_until": "2025-03-01", "issued": null}]}', ""),
]  # fmt: skip


def test_bad_rows_are_refused(base, tmp_path):
    """A row that can not be read goes to the rejects with its reason; all others are judged."""
    path = tmp_path / "apps.jsonl"
    path.write_text("\n".join(line for line, _ in BAD) + "\n", "utf-8")
    out = tmp_path / "out.parquet"
    summary = base.audit(path, out, as_of=DAY)
    assert summary.rejects == tmp_path / "out.parquet.rejects.jsonl"
    rejects = [json.loads(line) for line in summary.rejects.read_text("utf-8").splitlines()]
    assert {r["row"]: r["reason"] for r in rejects} == {
        n: reason for n, (_, reason) in enumerate(BAD) if reason
    }
    assert set(audited(out)) == {"good", "q"}
    assert summary.refused == len(BAD) - 2


def test_what_is_said_twice_counts_once(base, tmp_path):
    """A service named twice, once by its label and once by its id, is offered once; copies of a
    document listed apart are added up."""
    service = base.id_of("service", "驾校平台")
    told = [
        {"id": "once", "services": ["驾校平台"], "holds": [{"document": "合作协议", "count": 2}]},
        {"id": "twice", "services": [service, "驾校平台"], "holds": ["合作协议", "合作协议"]},
    ]
    out = tmp_path / "out.parquet"
    summary = base.audit(lines_of(tmp_path / "apps.jsonl", told), out, as_of=DAY)
    assert summary.refused == 0
    found = audited(out)
    assert found["once"] == found["twice"]
    assert len(pd.read_parquet(out)) == 2 * len(found["once"])


def test_broken_lines_of_csv(base, tmp_path):
    """A line of a CSV file that is no row is refused by its number, and the rest is judged."""
    path = tmp_path / "apps.csv"
    path.write_text("id,services\na,驾校平台\nb,驾校平台,more,and more\nc,[]\n", "utf-8")
    summary = base.audit(path, tmp_path / "out.parquet", as_of=DAY)
    [reject] = [json.loads(line) for line in summary.rejects.read_text("utf-8").splitlines()]
    assert reject["line"] == 3
    assert set(audited(tmp_path / "out.parquet")) == {"a", "c"}


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda p: p / "x.parquet", "`{p}/x.parquet` can not be read: there is no such file"),
        (lambda p: p / "a.xlsx", "`{p}/a.xlsx` is no table that is known"),
        (lambda p: pa.table({"id": ["a"], "servises": [[]]}),
         "`the table` has an unknown column `servises`"),
        (lambda p: pa.table({"services": [["x"]]}), "`the table` has no column `id`"),
        (lambda p: pa.table({"id": ["a"], "services": [1]}),
         "`the table`: the column `services` holds no lists"),
        (lambda p: pa.table({"id": ["a"], "holds": [[{"paper": "x"}]]}),
         "`the table`: the column `holds` has an unknown key `paper`"),
    ],
)  # fmt: skip
def test_bad_tables(base, tmp_path, made, message):
    """A table of another shape is refused before anything is written."""
    with pytest.raises(Problems) as raised:
        base.audit(made(tmp_path), tmp_path / "out.parquet")
    assert [p.message for p in raised.value.problems] == [message.format(p=tmp_path)]
    assert list(tmp_path.iterdir()) == []


def test_interrupted_and_resumed(base, apps, output, tmp_path):
    """What an interrupted run has done is whole and readable, and the next run goes on from it."""
    out = tmp_path / "out.parquet"

    def stop(done, _):
        if done >= 400:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        audit(base, apps, out, day=base.day(DAY), chunk=200, progress=stop)
    assert not out.exists()
    parts = sorted((tmp_path / "out.parquet.parts").glob("0*[0-9].parquet"))
    assert sum(pq.read_table(part).num_rows for part in parts) > 400
    told = []
    audit(
        base, apps, out, day=base.day(DAY), chunk=200, progress=lambda n, of: told.append((n, of))
    )
    assert told == [(600, 700), (700, 700)]
    assert pq.read_table(out).equals(pq.read_table(output))
    assert [path.name for path in tmp_path.iterdir()] == ["out.parquet"]


def test_ctrl_c_within_a_statement(base, apps, tmp_path, monkeypatch):
    """What DuckDB makes of Ctrl-C while a statement of the judge runs ends an audit as Ctrl-C does
    elsewhere, and the next run goes on; other errors stay what they are."""
    out = tmp_path / "out.parquet"
    for said, raised in (("Query interrupted", KeyboardInterrupt), ("odd", RuntimeError)):
        with monkeypatch.context() as patched:
            patched.setattr(judge_module.Judge, "judge", Mock(side_effect=RuntimeError(said)))
            with pytest.raises(raised):
                base.audit(apps, out)
    assert base.audit(apps, out).rows == 700


def test_other_input_starts_anew(base, apps, tmp_path):
    """Parts of a run over another day are not taken for this one's."""
    out = tmp_path / "out.parquet"

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        audit(base, apps, out, day=base.day("2020-01-01"), chunk=200, progress=stop)
    told = []
    audit(base, apps, out, day=base.day(DAY), chunk=200, progress=lambda n, _: told.append(n))
    assert told[0] == 200


def test_an_unknown_engine(base, apps, tmp_path):
    """An engine that there is not is refused by name."""
    with pytest.raises(Problems) as raised:
        base.audit(apps, tmp_path / "out.parquet", engine="duckbd")
    assert [p.message for p in raised.value.problems] == ["no engine of audits is called `duckbd`"]


def test_a_setting_of_another_engine(base, apps, tmp_path):
    """A setting that an engine has not is refused by name, and nothing is run."""
    with pytest.raises(Problems) as raised:
        base.audit(apps, tmp_path / "out.parquet", master="local[1]")
    assert [p.message for p in raised.value.problems] == [
        "audits on duckdb have no setting `master`"
    ]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("memory", "message", "help"),
    [
        ("12MB", "the memory allowed is not enough for 700 apps at once",
         "allow more (--memory), or judge fewer at once (--chunk)"),
        ("100KB", "the memory allowed is not enough for the facts alone", "allow more (--memory)"),
        ("much", "`much` is no amount of memory: Parser Error: Memory must have a number"
         " (e.g. 1GB)", "write it like 2GB"),
    ],
)  # fmt: skip
def test_too_little_memory(base, apps, tmp_path, memory, message, help):
    """Where the memory allowed does not do, or is none, the message says what would."""
    with pytest.raises(Problems) as raised:
        base.audit(apps, tmp_path / "out.parquet", memory=memory)
    [problem] = raised.value.problems
    assert (problem.message, problem.help) == (message, help)


def test_less_memory_means_fewer_at_once(base):
    """An audit judges as many apps at once as its memory is enough for, up to a limit."""
    day = base.day(DAY)
    assert Auditor(base, day, memory="64MiB").fitting == 64 * 1024 // 2
    assert Auditor(base, day, memory="8GiB").fitting == 96_000


def test_names_do_not_become_sql(tmp_path):
    """Quotes in ids, labels and paths stay what they are."""
    folder = tmp_path / "it's"
    folder.mkdir()
    path = lines_of(folder / "a'pps.jsonl", [{"id": "a' OR 1=1 --", "services": ["驾校平台"]}])
    kb.load().audit(path, folder / "o'ut.csv", as_of=DAY)
    found = pd.read_csv(folder / "o'ut.csv")
    assert set(found["app"]) == {"a' OR 1=1 --"}


def test_summary(base, apps, output, tmp_path):
    """The summary counts the rows of the output."""
    summary = base.audit(apps, tmp_path / "out.parquet", as_of=DAY)
    frame = pq.read_table(output).to_pandas()
    whole = frame[frame["category"].isna()]
    assert dict(summary.verdicts) == dict(whole["verdict"].value_counts())
    assert dict(summary.wanted) == dict(frame["missing"].explode().dropna().value_counts())
    by_category = frame.dropna(subset="category").groupby(["category", "verdict"]).size()
    for category, counts in summary.by_category().items():
        for verdict, count in counts.items():
            assert by_category.get((category, verdict), 0) == count
    assert summary.to_frame().to_numpy().sum() == len(frame) - len(whole)


def test_receipt_column(base, output):
    """A row names package, facts, rules and day as the receipt of a single answer holds them."""
    [said] = set(pq.read_table(output, columns=["receipt"])["receipt"].to_pylist())
    receipt = base.ask({"name": "a"}, as_of=DAY).receipt().to_dict()
    assert said == (
        f"kb {kb.__version__} facts {receipt['facts'][:16]} rules {receipt['rules'][:16]} {DAY}"
    )


def test_rule_version(base, output):
    """A row names the rules and facts it was judged by; other rules have another version."""
    [version] = set(pq.read_table(output, columns=["rule_version"])["rule_version"].to_pylist())
    assert version == version_of(base)
    assert version_of(base.rules("mine(A) <= app_missing_nothing(A)\napp_missing_nothing(A) <= "
                                 "app_verdict(A, 'satisfied')")) != version  # fmt: skip
    assert Path(output).exists()


def test_what_a_paper_states_is_a_reason_of_its_own(tmp_path):
    """An insurance in hand whose last day is not stated (line 4 wants three months more) leaves
    open what it states; of a tenant's licence that may be anybody's it is open whose it is (line
    5). So say the rows of audits, and so says the answer."""
    ships = ("东号", "西号")
    tours = {
        "name": "甲",
        "regions": ["quay"],
        "services": ["tours"],
        "parties": [
            {"id": n, "role": "partner", "holds": ["boat_permit"]} for n in ("东号", "西号")
        ],
        "holds": [{"document": "berth_agreement", "with": n} for n in ships],
    }
    tours["holds"].append("insurance")
    stalls = {
        "name": "甲",
        "services": ["stalls"],
        "parties": [{"id": "东号", "role": "tenant"}],
        "holds": [{"document": "stall_licence", "states": ["编号"]}, "promise"],
    }
    wanted = {
        ("facts-pier", "pier-tours"): (tours, "content_unknown", "? 《保险单》写有「"),
        ("facts-parties", "town-stalls"): (
            stalls,
            "document_unclear",
            "未说明《摊位证》是谁的、是否写有:",
        ),
    }
    for (folder, category), (app, reason, told) in wanted.items():
        base = loaded((folder,))
        row = {"id": "甲", **{k: v for k, v in app.items() if k != "name"}}
        base.audit(
            lines_of(tmp_path / "apps.jsonl", [row]), out := tmp_path / "o.parquet", as_of=DAY
        )
        judged = audited(out)["甲"][category]
        assert (judged.verdict, judged.reason) == ("undetermined", reason)
        assert told in base.ask(app, DAY).text("short")
