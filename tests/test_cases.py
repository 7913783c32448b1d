"""Cases: what the sources say of an app on a day, written by people, held against `base.ask`.

`docs/cases.md` tells how they are written; `kb test tests/cases` runs the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import kb
from kb.maintain.cases import Case, CaseDocument, CaseFile, read_cases
from kb.maintain.expectations import differences as case_differences
from kb.maintain.testing import Outcome, Tests, case_documents

HERE = Path(__file__).parent
CASES = HERE / "cases"


@cache
def documents() -> Mapping[str, CaseDocument]:
    """The files of cases by their names."""
    return {each.path.stem: each for each in case_documents([CASES])}


@cache
def case_files() -> Mapping[str, CaseFile]:
    """The files that hold cases of apps, by their names."""
    return {stem: each.file for stem, each in documents().items() if each.file.cases}


def profile(app: str | Mapping[str, Any]) -> Path | Mapping[str, Any]:
    """A profile as `ask` takes it."""
    return HERE / "apps" / app if isinstance(app, str) else app


def differences(base: kb.KnowledgeBase, case: Case) -> list[str]:
    """Where the answer is not what the case expects, a line each; none when all is as expected."""
    return list(map(str, case_differences(base, case, profile(case.app))))


@cache
def loaded(only_facts: tuple[str, ...]) -> kb.KnowledgeBase:
    """The base that a case file is about."""
    return kb.load(only_facts=[CASES / folder for folder in only_facts])


def _load(facts: tuple[Path, ...], only_facts: tuple[Path, ...]) -> kb.KnowledgeBase:
    assert not facts, "shipped cases are asked of one folder"
    return loaded(tuple(folder.name for folder in only_facts))


RUN = Tests(_load)
EVERY = [
    pytest.param(stem, kind, n, id=f"{stem}: {kind} {n}")
    for stem, each in documents().items()
    for kind, count in (
        ("case", len(each.file.cases)),
        ("alternatives", len(each.file.alternatives)),
        ("duty", sum(len(table.lines) for table in each.file.duties)),
    )
    for n in range(count)
]


@cache
def outcomes(stem: str) -> Mapping[str, list[Outcome]]:
    """What became of the cases of a file, by their kind; queries are asked in `test_queries.py`."""
    each = documents()[stem]
    found: dict[str, list[Outcome]] = {}
    asked = each.file.model_copy(update={"queries": ()})
    for outcome in RUN.outcomes(CaseDocument(each.path, asked, each.document)):
        found.setdefault(outcome.kind, []).append(outcome)
    return found


@pytest.mark.parametrize(("stem", "kind", "n"), EVERY)
def test_case(stem: str, kind: str, n: int) -> None:
    """An app gets the answer that a careful reader of the sources gives; a category has the
    alternatives that one writes out; a duty is kept, broken or open as its text has it."""
    outcome = outcomes(stem)[kind][n]
    if outcome.failed:
        told = [*map(str, outcome.differences), *map(str, outcome.problems)]
        told = told or [f"answered as expected: `otherwise` can go ({outcome.known})"]
        shown = "\n  ".join(told)
        pytest.fail(f"{outcome.name}\n  {shown}\n  because: {outcome.because}", pytrace=False)
    if outcome.known:
        pytest.xfail(outcome.known)


def test_every_duty_has_a_line() -> None:
    """No duty and no prohibition of the texts that have such lines is left without one."""
    for file in case_files().values():
        for table in file.duties:
            stated = loaded(file.only_facts).facts.files[table.source]
            every = {d.id for d in (*stated.duties, *stated.prohibitions)}
            assert {line.part for line in table.lines} == every
            assert len(table.lines) == len(every)


def test_case_names_are_unique(tmp_path: Path) -> None:
    """A failing case is found by its name: a second case of one name is refused with both
    places."""
    expect = "expect: {verdict: missing}"
    case = f"  - {{name: a, as_of: 2025-01-01, app: {{services: []}}, {expect}, because: b}}\n"
    path = tmp_path / "twice.yaml"
    path.write_text(f"cases:\n{case}{case}", encoding="utf-8")
    with pytest.raises(kb.Problems) as refused:
        read_cases(path)
    assert str(refused.value) == (
        f"{path}:3:12: error[duplicate-id]: `a` stands twice\n"
        f"{case[:-1].join(['  ', ''])}\n"
        "             ^\n"
        f"  help: it stands at {path}:2:12 already"
    )
