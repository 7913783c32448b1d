"""Named queries: the rows that a reader expects, in ids, held against `base.query`.

`tests/cases/queries.yaml` lists cases under `queries`: a `name`, the `query`, its `parameters`, an
`app` and the day `as_of` where the query asks about one, and all `rows`.
"""

from __future__ import annotations

import ast
from typing import Any

import pytest
from test_cases import HERE, documents, loaded, profile

import kb
from kb.maintain.cases import QueryCase
from kb.maintain.expectations import query_differences as rows_differ

CASE_LIST = documents()["queries"].file.queries
FILES = sorted((HERE.parent / "queries").glob("*.dl"))


def asked(base: kb.KnowledgeBase, case: QueryCase) -> Any:
    app = profile(case.app) if case.app is not None else None
    return base.query(case.query, app=app, as_of=case.as_of, ids=True, **case.parameters)


def query_differences(base: kb.KnowledgeBase, case: QueryCase) -> list[str]:
    """Where the rows are not what the case expects; none when all is as expected."""
    app = profile(case.app) if case.app is not None else None
    return list(map(str, rows_differ(base, case, app)))


@pytest.mark.parametrize("case", CASE_LIST, ids=[f"{c.query}: {c.name}" for c in CASE_LIST])
def test_query(case: QueryCase) -> None:
    """A query gives exactly the rows that a reader of the sources expects."""
    differ = query_differences(loaded(case.only_facts), case)
    if differ:
        shown = "\n  ".join(differ)
        pytest.fail(f"{case.name}\n  {shown}\n  because: {case.because}", pytrace=False)


@pytest.mark.parametrize("case", CASE_LIST, ids=[f"{c.query}: {c.name}" for c in CASE_LIST])
def test_rows_are_sorted(case: QueryCase) -> None:
    """Rows come in a fixed order, each once."""
    rows = [
        tuple((0, v, "") if isinstance(v, int) else (1, 0, v) for v in row)
        for row in asked(loaded(case.only_facts), case).itertuples(index=False)
    ]
    assert rows == sorted(set(rows))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_file_says_what_it_answers(file: Any) -> None:
    """A query's file opens with a question, its parameters and its columns, and has a case."""
    doc = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    fields = dict(
        line.split(":", 1) for line in doc.splitlines() if line[:8] in ("paramete", "columns:")
    )
    assert doc.splitlines()[0].endswith("?")
    assert set(fields) == {"parameters", "columns"}
    query = loaded(()).queries[file.stem]
    assert query.title == doc.splitlines()[0]
    assert [name.strip() for name in fields["parameters"].split(",")] == list(query.parameters)
    named = [column.split(":")[0].strip() for column in fields["columns"].split(",")]
    assert named == list(query.columns)
    assert any(case.query == file.stem for case in CASE_LIST)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_parameter_has_a_case(file: Any) -> None:
    """Each parameter of a query fixes its column in some case."""
    used = {key for case in CASE_LIST if case.query == file.stem for key in case.parameters}
    asks = any(case.app is not None for case in CASE_LIST if case.query == file.stem)
    assert used | ({"app"} if asks else set()) == set(loaded(()).queries[file.stem].parameters)


def test_no_query_is_unknown_to_the_cases() -> None:
    """The queries of a base are the files of `queries/`."""
    assert sorted(loaded(()).queries) == [file.stem for file in FILES]


APP = HERE / "apps" / "xuechetong.yaml"


@pytest.mark.parametrize(
    "goal",
    [
        "missing_documents(A, C, L, 'cooperation_agreement')",
        "missing_documents(A, C, L, '合作协议')",
        "missing_documents(A, '教育-驾校平台', L, '《合作协议》')",
        "missing_documents(A, C, L, D) & need(N, D, 'applicant', 2) & alternative_needs(L, N)",
    ],
)
def test_goal_with_names(base: kb.KnowledgeBase, goal: str) -> None:
    """A goal names things by id, label or alias."""
    frame = base.query(goal, app=APP, as_of="2025-06-30", ids=True)
    assert frame["L"].tolist() == ["wechat-education-2021/education-driving-school-platform#1"]


@pytest.mark.parametrize(
    ("goal", "rows"),
    [
        ("required(A, C) & (C == '教育-驾校平台')", 1),
        ("required(A, C) & ('教育服务-驾校平台' != C)", 0),
        ("required(A, C) & (C != 'education-driving-school')", 1),
    ],
)
def test_comparison_with_names(base: kb.KnowledgeBase, goal: str, rows: int) -> None:
    """A comparison names things by id, label or former name, as the arguments of a relation do."""
    assert len(base.query(goal, app=APP, as_of="2025-06-30")) == rows


@pytest.mark.parametrize("name", ["教育-驾校台", "driving_school_platform"])
def test_comparison_with_no_name(base: kb.KnowledgeBase, name: str) -> None:
    """What names nothing of its kind is refused: it would make every answer empty, or full."""
    with pytest.raises(kb.Problems, match=f"no category is named `{name}`"):
        base.query(f"required(A, C) & (C != '{name}')", app=APP)


@pytest.mark.parametrize("limit", [0, -1, float("nan")])
def test_limit_is_a_time(base: kb.KnowledgeBase, limit: float) -> None:
    """A limit that is no time is refused, not taken for endless."""
    with pytest.raises(kb.Problems, match="is not a time"):
        base.query("required(A, C)", app=APP, limit=limit)


def test_labels_are_shown_unless_ids_are_asked_for(base: kb.KnowledgeBase) -> None:
    """Rows show names in the language asked for, and with `ids` the ids."""
    shown = [
        base.query("missing_documents", app=APP, as_of="2025-06-30", **form)["document"].tolist()
        for form in ({}, {"lang": "en"}, {"ids": True})
    ]
    assert shown[0] == ["合作协议", "非经营性互联网信息服务备案核准"]
    assert shown[1][0] == "cooperation agreement"
    assert shown[2] == ["cooperation_agreement", "non_commercial_icp_filing"]


def test_negation_in_a_goal(base: kb.KnowledgeBase) -> None:
    """A goal may ask for what is not so."""
    goal = "missing_documents(A, C, L, D) & ~missing_documents(A, C, L, '合作协议')"
    assert len(base.query(goal, app=APP, as_of="2025-06-30")) == 0
    goal = "alternative_needs(L, N) & need(N, '机动车驾驶员培训备案', H, K) & ~(H == 'partner')"
    with pytest.raises(kb.Problems):
        base.query(goal)
    goal = "alternative_needs(L, N) & need(N, '机动车驾驶员培训备案', H, K) & (H != 'partner')"
    assert base.query(goal, ids=True)["L"].tolist() == [
        "wechat-education-2021/education-driving-school#1",  # line 13
        "wechat-table-2026-02-enterprise/education-driving-school#1",  # line 64
    ]


@pytest.mark.parametrize(
    ("query", "given", "code"),
    [
        ("missing_document", {}, "unknown-query"),
        ("alternatives", {"categorie": "教育-驾校平台"}, "unknown-parameter"),
        ("alternatives", {"category": "教育-驾校台"}, "unknown-id"),
        ("missing_documents", {}, "no-app"),
        ("version(V, C, P)", {"category": "教育-驾校平台"}, "parameters"),
        ("versions(V, C, P)", {}, "unknown-relation"),
    ],
)
def test_refusals(base: kb.KnowledgeBase, query: str, given: dict[str, str], code: str) -> None:
    """A question that can not be read is refused with a problem of its own kind."""
    with pytest.raises(kb.Problems) as refused:
        base.query(query, **given)
    assert [problem.code for problem in refused.value.problems] == [code]


@pytest.mark.parametrize(
    ("label", "id"),
    [
        ("缺材料", "documents_missing"),
        ("documents are missing", "documents_missing"),
        ("documents_missing", "documents_missing"),
    ],
)
def test_labels_of_any_vocabulary(base: kb.KnowledgeBase, label: str, id: str) -> None:
    """A parameter that may be of any vocabulary takes a label that one id has, and the id."""
    if label == "缺材料":  # of a verdict and of a reason
        with pytest.raises(kb.Problems) as refused:
            base.query("reasons", app=APP, as_of="2025-06-30", reason=label)
        [problem] = refused.value.problems
        assert problem.code == "ambiguous"
        assert problem.help == "`documents_missing` (word), `missing` (word)"
        return
    found = base.query("reasons", app=APP, as_of="2025-06-30", ids=True, reason=label)
    assert set(found["reason"]) == {id}
    assert len(found) == 1


def test_labels_of_several_and_of_nothing(base: kb.KnowledgeBase) -> None:
    """A category is found by its label where any value may stand; a name of several things is
    refused with their ids, one of nothing with near names; an id that has no row gives none."""
    by_id = base.query("what_bears", subject="education-driving-school-platform", ids=True)
    by_label = base.query("what_bears", subject="教育-驾校平台", ids=True)
    assert by_id.equals(by_label)
    assert len(by_id) > 0
    with pytest.raises(kb.Problems, match="name of several things"):
        base.query("what_bears", subject="驾校平台")
    with pytest.raises(kb.Problems) as refused:
        base.query("reasons", app=APP, as_of="2025-06-30", reason="documents are mising")
    [problem] = refused.value.problems
    assert problem.code == "unknown-id"
    assert "documents are missing" in problem.help
    assert len(base.query("reasons", app=APP, as_of="2025-06-30", reason="duty_missing")) == 0


def test_own_rules(base: kb.KnowledgeBase) -> None:
    """Own rules give a new base beside the old one, and build on queries and on each other."""
    text = "mine(A, D) <= missing_documents(A, C, Alt, D)"
    own = base.rules(text)
    frame = own.query("mine(A, D)", app=APP, as_of="2025-06-30")
    assert frame["D"].tolist() == ["合作协议", "非经营性互联网信息服务备案核准"]
    more = own.rules(
        "still(D) <= mine(A, D) & ~lenient(D)\n"
        "lenient(D) <= mine(A, D) & (D == 'cooperation_agreement')"
    )
    left = more.query("still(D)", app=APP, as_of="2025-06-30", ids=True)["D"].tolist()
    assert left == ["non_commercial_icp_filing"]
    with pytest.raises(kb.Problems):
        base.query("mine(A, D)", app=APP)


def test_own_rules_have_any_name(base: kb.KnowledgeBase) -> None:
    """No name of the program's own workings stands in the way of a rule: `goal`, `query`."""
    for name in ("goal", "query", "answer"):
        own = base.rules(f"{name}(A, C) <= required(A, C)")
        assert len(own.query(f"{name}(A, C)", app=APP, as_of="2025-06-30")) == 1


def test_own_rules_use_labels(base: kb.KnowledgeBase) -> None:
    """Labels stand for ids in own rules as they do in goals."""
    own = base.rules("mine(A) <= required(A, '教育-驾校平台') & ~prohibited(A, '驾校平台', _)")
    assert len(own.query("mine(A)", app=APP, as_of="2025-06-30")) == 1


def test_all_faults_of_own_rules(base: kb.KnowledgeBase) -> None:
    """A rule that takes a name does not hide the faults of the others."""
    with pytest.raises(kb.Problems) as refused:
        base.rules("required(A, C) <= app_value(A, C, _)\nmine(A) <= requird(A, _)")
    assert [p.code for p in refused.value.problems] == ["defined", "unknown-relation"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("missing_documents(A, C, L, D) <= app_value(A, C, L) & app_value(A, C, D)", "defined"),
        ("need(N, D, 'x', 1) <= alternative_needs(D, N)", "declared"),
        ("mine(A) <= missing_documents(A, C)", "arity"),
        ("mine(A, B) <= required(A, C)", "unsafe"),
        ("mine(A) <= requird(A, C)", "unknown-relation"),
        ("mine(A) <= required(A, C) & ~mine(A)", "stratification"),
    ],
)
def test_own_rules_are_checked(base: kb.KnowledgeBase, text: str, code: str) -> None:
    """Rules of one's own are refused as shipped ones would be."""
    with pytest.raises(kb.Problems) as refused:
        base.rules(text)
    assert code in [problem.code for problem in refused.value.problems]


def test_own_rules_run_nothing(base: kb.KnowledgeBase, tmp_path: Any) -> None:
    """Text that would be Python is refused, not run."""
    mark = tmp_path / "ran"
    for text in (
        f"mine(A) <= open({str(mark)!r}, 'w')",
        f"mine(__import__('pathlib').Path({str(mark)!r}).touch()) <= required(A, C)",
        f"__import__('pathlib').Path({str(mark)!r}).touch()",
    ):
        with pytest.raises(kb.Problems):
            base.rules(text)
    assert not mark.exists()
