"""Flips over a table: the same as two full audits, for what a change can reach alone."""

from __future__ import annotations

import json
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bench.apps import profiles, write_apps
from thinned import share

from kb.audit import auditor
from kb.audit import two_days as module
from kb.audit.auditor import Auditor, connected
from kb.audit.flips import flips, touched
from kb.compare.changes import changes
from kb.lang.parser import parse
from kb.lang.problems import Problems

FIRST, LAST = 20241201, 20250630
USED_CARS = (
    "二手车交易市场经营者和二手车经营主体备案证明",
    "小程序主体承诺函",
    "服务协议",
    "交易规则",
    "良好经营情况证明",
)
"""What else such an app needs: E 2661-2668."""
STRINGS = pa.list_(pa.string())


@pytest.fixture(scope="module")
def apps(base, tmp_path_factory):
    """Random apps over the shipped facts."""
    path = tmp_path_factory.mktemp("flips") / "apps.parquet"
    write_apps(base, 160, path, seed=11, day=LAST)
    return path


@pytest.fixture(scope="module")
def flipped(base, apps):
    """Those of them that flip."""
    return {flip.app: flip for flip in flips(base, apps, FIRST, LAST)}


def verdicts(base, apps, as_of, out):
    base.audit(apps, out, as_of=as_of)
    rows = pq.read_table(out).to_pylist()
    return {row["app"]: row["verdict"] for row in rows if row["category"] is None}


def test_flips_are_those_of_two_audits(base, apps, flipped, tmp_path):
    """Each app whose verdicts differ in two full audits flips, and no other."""
    out = tmp_path / "out.parquet"
    before = verdicts(base, apps, "2024-12-01", out)
    after = verdicts(base, apps, "2025-06-30", out)
    expected = {app: (v, after[app]) for app, v in before.items() if v != after[app]}
    assert len(expected) > 15
    assert {app: (f.before, f.after) for app, f in flipped.items()} == expected


def alone(base, path):
    """The flips of a table's profiles, each asked alone."""
    return changes(base, FIRST, LAST, [base.app(profile) for profile in profiles(path)]).apps


def test_what_repairs_a_flip(base, apps, flipped, tmp_path):
    """A flip in a table is repaired by what repairs the same profile alone."""
    path = tmp_path / "some.parquet"
    pq.write_table(pq.read_table(apps).slice(0, 90), path)
    expected = alone(base, path)
    assert len(expected) > 8
    assert {flip.app: flip for flip in expected}.items() <= flipped.items()
    assert any(flip.to_provide for flip in expected)
    assert any(flip.cannot for flip in expected)


def test_copies_to_spare_are_shown(base, tmp_path):
    """More copies than are asked for are shown as they are where they may lack the words: alike
    otherwise, apps with different numbers of them have different bundles."""
    path = tmp_path / "copies.parquet"
    rows = [
        {
            "id": f"{count} {states}",
            "applicant": "enterprise",
            "services": ["commercial_machinery_sales"],
            "holds": [held],
        }
        for count in (0, 1, 3, 4)
        for states in (None, [], ["家具销售"])
        for held in [{"document": "营业执照", "holder": None, "count": count, "states": states}]
    ]
    pq.write_table(pa.Table.from_pylist(rows), path)
    expected = alone(base, path)
    assert tuple(flips(base, path, FIRST, LAST)) == expected
    shown = {d.held for f in expected for d in f.to_provide if d.document == "business_licence"}
    assert shown == {0, 1, 3, 4}


def test_apps_that_offer_nothing_known(base, tmp_path):
    """An app of which nothing is known does not flip, though it has no part that is judged."""
    path = tmp_path / "few.parquet"
    pq.write_table(pa.table({"id": ["silent"], "services": pa.array([None], STRINGS)}), path)
    assert list(flips(base, path, FIRST, LAST)) == []


def test_chunks_are_repaired_one_by_one(base, apps, flipped):
    """Flips do not depend on the chunks: parts may be shared with an earlier chunk or be new."""
    found = {flip.app: flip for flip in flips(base, apps, FIRST, LAST, chunk=50)}
    assert found == flipped


@pytest.mark.parametrize(
    ("memory", "message", "help"),
    [
        ("24MB", r"the memory allowed is not enough for \d+ apps at once",
         "allow more (--memory)"),
        ("100KB", "the memory allowed is not enough for the facts alone", "allow more (--memory)"),
        ("much", r"`much` is no amount of memory: Parser Error: Memory must have a number"
         r" \(e\.g\. 1GB\)", "write it like 2GB"),
    ],
)  # fmt: skip
def test_too_little_memory(base, apps, memory, message, help):
    """Where the memory allowed does not do, or is none, the message says what would."""
    with pytest.raises(Problems) as raised:
        base.changes("2024-12-01", "2025-06-30", apps, memory=memory)
    [problem] = raised.value.problems
    assert re.fullmatch(message, problem.message)
    assert problem.help == help


def test_memory_is_that_of_both_days(base, apps, flipped, monkeypatch):
    """The memory allowed is for both days together, and for the apps that must be read twice; the
    flips do not depend on it."""
    given = []

    def watched(memory, *asked, **named):
        given.append(memory)
        return connected(memory, *asked, **named)

    for each in (module, auditor):
        monkeypatch.setattr(each, "connected", watched)
    assert {flip.app: flip for flip in flips(base, apps, FIRST, LAST, memory="3GiB")} == flipped
    assert len(given) > 1
    assert set(given) == {f"{2**30}B"}


def test_only_what_changed_is_judged(base, apps, monkeypatch):
    """Apps that offer nothing a change bears on are not judged at all; the others are read once,
    where nothing that they say means another thing on the other day."""
    services = touched(base, FIRST, LAST)
    judged = []

    class Watched(Auditor):
        def chunk(self, table, columns):
            judged.extend(table.column("services").to_pylist())
            super().chunk(table, columns)

    monkeypatch.setattr(module, "Auditor", Watched)
    next(iter(flips(base, apps, FIRST, LAST)))
    assert 0 < len(judged) < 160
    assert all(services.intersection(offered) for offered in judged)


def test_nothing_changed(base, apps):
    """Between two days with the same texts nobody is judged, and nobody flips."""
    assert touched(base, 20250701, 20250901) == frozenset()
    assert list(flips(base, apps, 20250701, 20250901)) == []


def between(held):
    """Whether a paper begins or ends to be valid around the days of the next test."""
    return any(20250601 <= (day or 0) <= 20251001 for day in (held.valid_from, held.valid_until))


def test_papers_that_run_out(base, tmp_path):
    """Between two days with the same texts those apps flip whose papers run out or become valid
    meanwhile, and each is told with its papers and their days, as each profile is alone: those with
    a paper of which one of its days lies between them, and some of the others."""
    path = tmp_path / "dated.parquet"
    write_apps(base, 450, path, seed=3, day=LAST, dated=True)
    days = 20250701, 20250901
    assert touched(base, *days) == frozenset()
    apps = [base.app(profile) for profile in profiles(path)]
    turning = [app for app in apps if any(map(between, app.holds))]
    assert 20 < len(turning) < len(apps) / 2
    asked = dict.fromkeys(app.name for app in [*turning, *share(apps, 15)])
    expected = changes(base, *days, [app for app in apps if app.name in asked]).apps
    assert {flip.app: flip for flip in flips(base, path, *days)} == {f.app: f for f in expected}
    assert len(expected) > 2
    for each in expected:
        assert each.papers
        assert all("2025-07-01" <= paper.day <= "2025-09-01" for paper in each.papers)


def test_papers_with_days_where_texts_change(base, tmp_path):
    """Where texts change as well, the apps that say on which days their papers are valid flip as
    in two full audits, and so do those beside them that say no day."""
    path, out = tmp_path / "dated.parquet", tmp_path / "out.parquet"
    write_apps(base, 300, path, seed=5, day=LAST, dated=True)
    before = verdicts(base, path, "2024-12-01", out)
    after = verdicts(base, path, "2025-06-30", out)
    expected = {app: (v, after[app]) for app, v in before.items() if v != after[app]}
    assert len(expected) > 30
    found = {flip.app: (flip.before, flip.after) for flip in flips(base, path, FIRST, LAST)}
    assert found == expected


def test_what_a_paper_states_grows_old(base, tmp_path):
    """A business licence that must be older than two years is so on the second day alone where the
    company was registered between: that app flips, those registered well before or after do not."""
    holds = [
        {"document": "增值电信业务经营许可证", "states": ["在线数据处理与交易处理业务"]},
        *({"document": name, "states": None} for name in USED_CARS),
    ]
    rows = [
        {
            "id": day,
            "applicant": "enterprise",
            "services": ["二手车预付款"],
            "holds": [
                {
                    "document": "营业执照",
                    "states": [
                        "经营范围: 二手车经销、二手车经纪",
                        "注册资本: 900万元",
                        f"成立日期: {day}",
                    ],
                },
                *holds,
            ],
        }
        for day in ("2020-05-04", "2024-04-10", "2025-11-30")
    ]
    path = tmp_path / "cars.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path)
    days = 20260301, 20260601
    expected = changes(base, *days, [base.app(profile) for profile in profiles(path)]).apps
    assert [(flip.app, flip.before, flip.after) for flip in expected] == [
        ("2024-04-10", "missing", "satisfied")
    ]
    assert tuple(flips(base, path, *days)) == expected


def test_a_table_in_changes(base, apps, flipped, tmp_path):
    """`base.changes` takes a table of apps."""
    path = tmp_path / "few.parquet"
    pq.write_table(pq.read_table(apps).slice(0, 20), path)
    found = base.changes("2024-12-01", "2025-06-30", apps=path)
    few = [profile["name"] for profile in profiles(path)]
    assert [flip.app for flip in found.apps] == [app for app in few if app in flipped]
    assert found.categories


def test_a_rule_that_was_added(early, tmp_path):
    """With a rule that from a day on has a text bind nobody, the app flips that had all its papers,
    as it does when asked alone, though no reading differs between the two days."""
    more = early.enlarged(
        parse(
            "unbound(A, V) <= runs(A, V) & question_day(A, T) & (T >= 20250801)"
            " & version(V, 'education-driving-school-platform', _)"
        ).rules
    )
    school = {
        "services": ["driving_school_platform"],
        "applicant": "enterprise",
        "regions": ["CN-HN"],
        "holds": [
            {"document": "cooperation_agreement", "count": 2},
            {"document": "driver_training_filing", "holder": "partner"},
            "developer_commitment",
            "non_commercial_icp_filing",
        ],
    }
    path = tmp_path / "apps.jsonl"
    path.write_text(json.dumps({"id": "school", **school}) + "\n", encoding="utf-8")
    days = 20250701, 20250901
    expected = changes(more, *days, [early.app({"name": "school", **school})]).apps
    assert len(expected) == 1
    assert tuple(flips(more, path, *days)) == expected
