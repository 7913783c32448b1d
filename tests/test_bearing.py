"""What bears on a judgement is computed from the rules: audits stay right when a rule is added."""

from __future__ import annotations

from itertools import product

import pytest
from test_audit import audited, derived, lines_of, said

from kb.audit import computed
from kb.audit.computed import COVERED, ROOTS, SURE, looked_at, rules_of
from kb.audit.relevance import BEARING, Bearing
from kb.engines.interning import Interner
from kb.engines.sql.duckdb import DuckDBEngine
from kb.lang.parser import parse
from kb.lang.problems import Problems

ON = "2025-06-30"
SCHOOL = "education-driving-school-platform"
UNBOUND = f"unbound(A, V) <= runs(A, V) & version(V, '{SCHOOL}', _)"
LACKS = f"lacks(A, L, N) <= in_play(A, L, _, '{SCHOOL}') & alternative_needs(L, N)"
ADDED = {
    "an attribute": f"{UNBOUND} & app_value(A, 'regions', 'CN-GD')",
    "a document": f"{LACKS} & app_holds(A, 'food_business_licence', 'applicant', M, _) & (M >= 3)",
    "a service that leads to it": (
        "required(A, C) <= app_value(A, 'services', 'pet_grooming') & category(C)"
        f" & (C == '{SCHOOL}')"
    ),
    "the whole": (
        "bears_on_verdict(A, 'undetermined', 'day_unsure')"
        " <= app_value(A, 'regions', 'CN-HN') & ~app_holds(A, 'food_business_licence', _, _, _)"
    ),
}


def profiles():
    """Apps that differ in what the added rules look at."""
    licence = {"document": "food_business_licence", "holder": "applicant"}
    school = [{"document": "cooperation_agreement", "count": 2}, "developer_commitment",
              {"document": "driver_training_filing", "holder": "partner"},
              "non_commercial_icp_filing"]  # fmt: skip
    said = {
        "services": [["driving_school_platform"], ["driving_school_platform", "pet_grooming"],
                     ["pet_grooming"], []],
        "applicant": [None, "enterprise", "individual"],
        "regions": [None, ["CN-GD"], ["CN-HN"], ["CN-AH", "CN-HN"]],
        "facts": [None, {"teaching_mode": "recorded"}],
        "holds": [None, school, [*school, {**licence, "count": 1}],
                  [*school, {**licence, "count": 3}]],
    }  # fmt: skip
    for n, values in enumerate(product(*said.values())):
        yield {"id": str(n), **{k: v for k, v in zip(said, values, strict=True) if v is not None}}


@pytest.mark.parametrize("what", ADDED)
def test_an_added_rule(early, tmp_path, monkeypatch, what):
    """With a rule that looks at what nothing looked at for a category, each of some hundred apps
    gets what the rules derive of it whole; taken for covered by `12_bearing.dl`, some get other
    rows."""
    more = early.enlarged(parse(ADDED[what]).rules)
    apps = list(profiles())
    named = [{"name": app["id"], **{k: v for k, v in app.items() if k != "id"}} for app in apps]
    path = lines_of(tmp_path / "apps.jsonl", apps)
    expected = derived(more, named, ON)
    assert more.audit(path, tmp_path / "out.parquet", as_of=ON).refused == 0
    assert said(audited(tmp_path / "out.parquet")) == expected
    monkeypatch.setattr(computed, "COVERED", rules_of(more.program))
    more.beside.clear()  # the auditor of the first run holds what was computed
    more.audit(path, tmp_path / "other.parquet", as_of=ON)
    assert said(audited(tmp_path / "other.parquet")) != expected


def test_the_file_says_all_that_is_computed(base):
    """What the shipped rules look at in attributes, documents and parties, as computed, is in what
    `12_bearing.dl` says; the hash of the rules that it is about is theirs."""
    engine = DuckDBEngine(base.program, base.facts.rows.facts)
    stated = engine.evaluate({"question_day": [("", 20250630)]}, BEARING, 300.0)
    looked = looked_at(base, ROOTS, SURE)
    binding = set(Bearing(base, stated, Interner(), 20250630)._binding())
    assert looked.tests <= stated["bears_test"] | stated["range_test"] | binding
    ruled = {(version, "platform") for version, _ in base.facts.rows.facts["unsupported"]}
    told = stated["bears_attribute"] | stated["range_attribute"] | ruled
    assert looked.exact | looked.places | looked.knows <= told
    assert looked.documents <= stated["bears_document"]
    assert looked.wordings == stated["bears_wording"]
    assert looked.parties <= stated["bears_party"]
    assert looked.party_documents <= stated["bears_party_document"]
    assert looked.party_wordings <= stated["bears_party_wording"]
    assert not looked.others
    assert rules_of(base.program) == COVERED, "mend kb/rules/12_bearing.dl, then set COVERED"


def test_what_an_audit_can_not_follow(base, tmp_path):
    """A rule that looks at what audits do not keep of apps is refused, with its place."""
    rule = f"{LACKS} & app_counted(A, 'food_business_licence', _, _)"
    more = base.enlarged(parse(rule, "more.dl").rules)
    path = lines_of(tmp_path / "apps.jsonl", [{"id": "a", "services": []}])
    with pytest.raises(Problems) as caught:
        more.audit(path, tmp_path / "out.parquet", as_of=ON)
    [problem] = caught.value.problems
    shown = f"`{rule}` looks at `app_counted`, of which an audit keeps nothing"
    assert (problem.message, str(problem.span)) == (shown, "more.dl:1:1")
