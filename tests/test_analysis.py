"""Analyses over all apps: held against every combination tried one by one, and against answers."""

from __future__ import annotations

import json
from itertools import product

import pytest
from click.testing import CliRunner
from test_cases import loaded

import kb
from kb.cli.main import cli
from kb.compare.analysis import analyse
from kb.compare.classes import Classes, possible
from kb.model.requirements import asks_less

DAY = 20250601
CATEGORIES = (
    "transport-international",
    "education-degree-school",
    "charity-information",
    "education-driving-school-platform",
    "education-training-institution",
)


@pytest.fixture(scope="module")
def base():
    return loaded(())


def by_hand(base, classes):
    """Alternatives that are usable for some combination of classes, and those that then decide."""
    names = list(classes.stated)
    usable, deciding = set(), set()
    conditions = base.facts.vocabulary.conditions
    limits = {}
    for relation in ("version_when", "place_when", "account_when", "account_unsaid"):
        for version, condition in base.facts.rows.facts.get(relation, ()):
            limits.setdefault(version, []).append(condition)
    for values in product(*(classes.stated[name].values() for name in names)):
        app = dict(zip(names, values, strict=True))

        def outcome(condition, app=app):
            tests = conditions[condition].tests
            found = {base.conditions.outcome(test, app.get(test.attribute)) for test in tests}
            return "failed" if "failed" in found else "open" if "open" in found else "met"

        for reading in classes.readings:
            if any(outcome(each) != "met" for each in limits.get(reading.id, ())):
                continue
            here = [
                (name, a)
                for name, a in zip(reading.alternative_ids, reading.alternatives, strict=True)
                if all(outcome(c) == ("met" if must else "failed") for c, must in a.when)
            ]
            usable |= {name for name, _ in here}
            for n, (name, a) in enumerate(here):
                less = any(asks_less(b, a) for _, b in here)
                same = any(b.needs == a.needs for _, b in here[:n])
                if not less and not same:
                    deciding.add(name)
    return usable, deciding


def test_every_combination_tried(base):
    """What clingo finds possible is what trying each combination of classes finds."""
    known = [r.record.category for r in base.facts.readings.values()]
    tried = 0
    for category in [c for c in CATEGORIES if c in known]:
        readings = base.facts.readings_of(category)
        classes = Classes(base, readings)
        if classes.count > 5_000:
            continue
        tried += len(readings)
        found = possible(classes)
        assert (found.usable, found.deciding) == by_hand(base, classes), category
    assert tried > 3


def test_a_gap_is_one_in_answers(base):
    """An applicant of a gap misses the category whatever documents it has, and one beside it does
    not."""
    found = analyse(base, "education-degree-school", DAY)
    [gap] = found.gaps
    papers = [n.document for a in base.facts.readings[gap.reading].alternatives for n in a.needs]
    scope = base.facts.readings[gap.reading].record.scope[0].service

    def verdict(applicant):
        app = {"name": "a", "applicant": applicant, "services": [scope], "holds": papers}
        categories = base.ask(app, "2025-06-01").categories
        return next(c.verdict for c in categories if c.category == "education-degree-school")

    assert "court" in gap.applicants
    assert "public_school" not in gap.applicants
    assert verdict("court") in ("not_open", "missing")
    assert verdict("public_school") == "satisfied"


def test_an_app_that_gets_worse(base):
    """Between two days the app with the fewest documents that falls short is a profile that gets
    these verdicts; where the later text asks for nothing more there is none."""
    small = loaded(("facts-small",))
    found = analyse(small, "shop-bread", 20240601, (20230101, 20240601))
    assert found.worse.verdicts == ("satisfied", "missing")
    held = [holding.document for holding in found.worse.app.holds]
    assert held in (["baker_licence", "guild_letter"], ["baker_licence", "shop_deed"])
    profile = {**found.worse.app.to_dict(), "name": "again"}
    assert [small.ask(profile, day).verdict for day in ("2023-01-01", "2024-06-01")] == [
        "satisfied", "missing"
    ]  # fmt: skip
    same = analyse(small, "shop-soup", 20240601, (20230101, 20240601))
    assert same.worse.app is None
    assert same.worse.complete


def test_command(tmp_path):
    """The command tells one category in words, and each as JSON; one day alone is refused."""
    run = CliRunner().invoke(cli, ["analyse", "学历教育", "--as-of", "2025-06-01", "--lang", "en"])
    assert run.exit_code == 0, run.output
    lines = run.output.splitlines()
    assert lines[0].endswith("· 2025-06-01")
    assert lines[1] == "  wechat-education-2021 7-11; its conditions tell 7 kinds of app apart"
    assert lines[2].startswith("  a gap: no alternative is left for: ")
    whole = CliRunner().invoke(cli, ["analyse", "--as-of", "2025-06-01", "--format", "json"])
    told = json.loads(whole.output)
    assert {"category", "gaps", "never_used", "equivalent", "worse"} <= told[0].keys()
    assert len(told) > 100
    with pytest.raises(kb.Problems) as raised:
        cli.main(["analyse", "学历教育", "--from", "2025-01-01"], standalone_mode=False)
    assert str(raised.value) == (
        "error[days]: `--from` and `--to` go together\n  help: give both --from and --to"
    )
