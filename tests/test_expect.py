"""What `expect` names of an answer: nothing that stands there holds of every answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from test_cases import case_files, differences, loaded

import kb
from kb.maintain.cases import Case, Expected

LIKE = {"lines": "proof"}
"""Keys of no shipped case: what an app has that another key is about."""
KEYS = sorted(set(Expected.model_fields) - {"verdict"})


def stated() -> Iterator[tuple[kb.KnowledgeBase, Case, str]]:
    """Shipped cases that hold, with each key under which they expect something."""
    for file in case_files().values():
        for case in file.cases:
            for key in KEYS if not case.otherwise else ():
                if getattr(case.expect, key):
                    yield loaded(file.only_facts), case, key


def expecting(case: Case, key: str, value: Any) -> Case:
    """The case with this one expectation alone."""
    return case.model_copy(update={"expect": Expected(**{key: value})})


def written(day: str, app: Mapping[str, Any], expect: Mapping[str, Any]) -> Case:
    """A case of an app on a day."""
    return Case(name="n", as_of=day, app=app, expect=Expected(**expect), because="b")


def filled(key: str, value: Any) -> bool:
    """Whether an answer that is as expected has anything of it: no steps, no verdict are none."""
    if key == "filing":
        return bool(value.steps != ())
    return not isinstance(value, Mapping) or any(value.values())


@pytest.mark.parametrize("key", KEYS)
def test_an_empty_expectation_means_none(key: str) -> None:
    """Where a careful reader expects something under a key, an empty one fails, and says both
    sides; an empty list beside a name as well."""
    like = LIKE.get(key, key)
    found = ((b, c) for b, c, k in stated() if k == like and filled(k, getattr(c.expect, k)))
    base, case = next(found)
    value = getattr(case.expect, like)
    nothing: Any = {} if isinstance(value, Mapping) or key == "filing" else ()
    told = differences(base, expecting(case, key, nothing))
    assert told, case.name
    assert all(line.startswith(f"expect.{key}: not expected, but answered: ") for line in told)
    assert not any("answered: nothing" in line for line in told)
    name, each = next(iter(value.items())) if isinstance(value, Mapping) else ("", None)
    if isinstance(each, Mapping | tuple):
        none: Any = {} if isinstance(each, Mapping) else ()
        assert differences(base, expecting(case, key, {name: none})), case.name


def test_none_is_expected_of_an_app_that_has_none() -> None:
    """Of an app of which no source speaks, all that may be empty is: no category, no paper, no
    duty, no day, no plan."""
    app = {"name": "a", "services": ["figs"]}
    keys = ("categories", "missing", "usable", "lines", "proof", "readings", "obligations")
    more = ("deadlines", "standing", "breach", "scope", "applies", "how", "how_to", "notes")
    expect: dict[str, Any] = {key: {} for key in (*keys, *more, "filing", "perhaps", "assumed")}
    base = loaded(("facts-orchard",))
    assert differences(base, written("2000-01-01", app, expect)) == []


def test_a_case_without_any_expectation_is_refused() -> None:
    """What expects nothing could never fail."""
    with pytest.raises(ValueError, match=r"say what is expected, such as `verdict: missing`"):
        Expected(verdict=None)


def test_a_plan_that_is_not_there_differs() -> None:
    """What a case says of a filing plan fails where there is none."""
    found = ((b, c) for b, c, k in stated() if k == "filing" and not filled(k, c.expect.filing))
    base, case = next(found)
    assert differences(base, expecting(case, "filing", {"hours": 3}))[0].startswith(
        "expect.filing: expected hours: 3, which is not in the answer"
    )


APP: dict[str, Any] = {"name": "a", "applicant": "enterprise", "services": ["umbrellas", "figs"]}


@pytest.fixture(scope="module")
def choices(tmp_path_factory: pytest.TempPathFactory) -> kb.KnowledgeBase:
    """Two categories, each with a choice of two papers, one of which both name."""
    folder = tmp_path_factory.mktemp("choices")
    (folder / "vocabulary").mkdir()
    for kind, ids in (
        ("services", ("umbrellas", "figs")),
        ("documents", ("register", "deposit", "permit")),
    ):
        terms = "".join(f"  - {{id: {i}, zh: {i}, en: {i}}}\n" for i in ids)
        (folder / "vocabulary" / f"{kind}.yaml").write_text(f"terms:\n{terms}", "utf-8")
    (folder / "vocabulary" / "categories.yaml").write_text(
        "groups: [{id: g, zh: g, en: g}]\n"
        "terms: [{id: a-c, group: g, zh: a-c, en: a-c}, {id: b-c, group: g, zh: b-c, en: b-c}]\n",
        "utf-8",
    )
    (folder / "s.yaml").write_text(
        "source: {id: s, zh: s, en: s, publisher: {zh: p, en: p}, date: 2020-01-01, "
        "standing: in_force, jurisdiction: CN, platform: wechat, "
        "begins: {date: 2020-01-01}, line_count: 2}\n"
        "categories:\n"
        "  - {category: a-c, accounts: enterprise, lines: 1, "
        "scope: [{service: umbrellas, lines: 1}], requirement: "
        "{any_of: [{document: register, lines: 1}, {document: deposit, lines: 1}]}}\n"
        "  - {category: b-c, accounts: enterprise, lines: 2, "
        "scope: [{service: figs, lines: 2}], requirement: "
        "{all_of: [{document: permit, lines: 2}]}}\n",
        "utf-8",
    )
    return kb.load(folder)


@pytest.mark.parametrize("paper", ["register", "deposit"])
def test_one_of_several_equally_few_will_do(choices: kb.KnowledgeBase, paper: str) -> None:
    """Where one of two papers is missing, a case may name either, alone and among the papers of
    the whole."""
    expect = {"missing": {"a-c": [paper]}, "bundle": [paper, "permit"]}
    assert differences(choices, written("2025-01-01", APP, expect)) == []


def test_what_is_not_one_of_them_differs(choices: kb.KnowledgeBase) -> None:
    """Both together, and another paper, are not what is missing; the line tells all that would
    be."""
    expect: dict[str, Any] = {"categories": {"a-c": "missing", "b-c": "missing"}}
    expect |= {"missing": {"a-c": ["register", "deposit"]}, "bundle": ["permit"]}
    assert differences(choices, written("2025-01-01", APP, expect)) == [
        "expect.missing of g-a-c: expected deposit, register, answered register | deposit",
        "expect.bundle: expected permit, answered permit, register | deposit, permit",
    ]


def test_ranges_go_by_the_name_of_the_key() -> None:
    """What differs of a range or of a text is called as in the case."""
    found = {k: (b, c) for b, c, k in stated() if k in ("scope", "applies")}
    for key, (base, case) in found.items():
        name = next(iter(getattr(case.expect, key)))
        (told, *_) = differences(base, expecting(case, key, {name: "never"}))
        assert told.startswith(f"expect.{key}: expected {name}: never, answered "), told


ALSO = "; also answered: 教育-驾校平台: missing"
MAINLAND = {"name": "a", "applicant": "enterprise", "regions": ["CN-GD"], "services": ["驾校平台"]}


def test_an_app_of_the_mainland_has_the_duty_of_the_guide() -> None:
    """From the first day of the unofficial guide on, "no duty at all" fails for whoever is said to
    serve the mainland, and the line tells the duty; before it, and for others, there is none."""
    base = loaded(())
    none = {"obligations": {}}
    for facts, verdict in (({}, "undetermined"), ({"icp_filed": "yes"}, "satisfied")):
        app = MAINLAND | {"facts": facts}
        assert differences(base, written("2025-06-09", app, none)) == [
            "expect.obligations: not expected, but answered: "
            f"filing-procedure-2025:file: {verdict}{ALSO}"
        ]
        told = {"obligations": {"filing-procedure-2025:file": verdict}}
        told |= {"texts": ["filing-procedure-2025"]}
        assert differences(base, written("2025-06-09", app, told)) == []
    before = none | {"texts": []}
    assert differences(base, written("2025-06-08", MAINLAND, before)) == []
    nowhere = {key: value for key, value in MAINLAND.items() if key != "regions"}
    assert differences(base, written("2025-06-09", nowhere, before)) == []


def test_nothing_is_expected_of_a_duty_that_does_not_reach_the_app() -> None:
    """`null` holds where the answer has not the duty, and fails where it has."""
    base = loaded(())
    away: dict[str, Any] = {"obligations": {"filing-procedure-2025:file": None}}
    assert differences(base, written("2025-06-08", MAINLAND, away)) == []
    assert differences(base, written("2025-06-09", MAINLAND, away)) == [
        "expect.obligations of filing-procedure-2025:file: not expected, but answered: "
        f"undetermined{ALSO}"
    ]
