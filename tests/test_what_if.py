"""What if: two answers side by side, and the least that leads to `satisfied`."""

import itertools
import json
from dataclasses import replace

import pytest
from asked import sample, unsettled
from click.testing import CliRunner

from kb.cli.main import cli
from kb.explain.supplies import supplied, with_services
from kb.lang.problems import Problems
from kb.model.apps import Holding

DAY = "2025-06-30"
APP = {
    "name": "学车通",
    "applicant": "enterprise",
    "regions": ["HK"],
    "services": ["driving_school_platform", "driving_school_training"],
    "holds": ["机动车驾驶员培训备案"],
}


def test_each_side_is_the_answer(base):
    """Both sides are what `ask` says, and there is a row for each category of either."""
    found = base.what_if(APP, without=["驾校平台"], as_of=DAY)
    then = {**APP, "services": ["driving_school_training"]}
    assert found.today.to_dict() == base.ask(APP, DAY).to_dict()
    assert found.then.to_dict() == base.ask(then, DAY).to_dict()
    rows = {row["category"]: (row["today"], row["then"]) for row in found.differences}
    assert rows == {"教育-驾校培训": ("satisfied", "satisfied"), "教育-驾校平台": ("missing", None)}


@pytest.mark.parametrize(
    ("change", "profile"),
    [
        (
            {"adding": ["在线视频课程"]},
            {"services": [*APP["services"], "online_video_course"]},
        ),
        ({"applicant": "个人"}, {"applicant": "individual"}),
        ({"regions": ["CN-SD"]}, {"regions": ["CN-SD"]}),
        ({"then_as_of": "2021-06-30"}, {}),
    ],
)
def test_other_changes(base, change, profile):
    """One service more, another applicant, other places, another day."""
    found = base.what_if(APP, as_of=DAY, **change)
    day = change.get("then_as_of", DAY)
    assert found.then.to_dict() == base.ask({**APP, **profile}, day).to_dict()
    assert found.today.to_dict() == base.ask(APP, DAY).to_dict()


def test_nothing_changes_without_a_change(base):
    """Without a change both sides are alike."""
    found = base.what_if(APP, as_of=DAY)
    assert found.today.to_dict() == found.then.to_dict()


@pytest.mark.parametrize(
    "wrong",
    [
        {"without": ["在线视频课程"]},
        {"without": ["no such service"]},
        {"applicant": "no such kind"},
        {"regions": ["no such place"]},
        {"then_as_of": "some day"},
    ],
)
def test_wrong_changes(base, wrong):
    """What the app does not offer can not be dropped, and unknown names are told."""
    with pytest.raises(Problems):
        base.what_if(APP, as_of=DAY, **wrong)


def test_text_in_both_languages(base):
    """The text marks what changes and what is missing no longer."""
    for lang, words in (("zh", ("现在", "假如")), ("en", ("today", "then"))):
        text = str(base.what_if(APP, without=["驾校平台"], as_of=DAY, lang=lang))
        assert all(word in text for word in words)
        assert "→" in text
        assert "- 《合作协议》" in text


def test_command(tmp_path):
    """`kb what-if` prints both sides."""
    path = tmp_path / "app.json"
    path.write_text(json.dumps(APP), encoding="utf-8")
    args = ["what-if", str(path), "--without", "驾校平台", "--as-of", DAY]
    assert "假如" in CliRunner().invoke(cli, args).stdout
    data = json.loads(CliRunner().invoke(cli, [*args, "--format", "json"]).stdout)
    assert set(data) == {"today", "then", "differences"}


def fine(each, app):
    return each.base.verdict(app, each.as_of) == "satisfied"


def test_each_change_satisfies():
    """Dropping the services, adding the documents, and whatever is fewest each lead to
    `satisfied`; the fewest is never more than either."""
    for each in unsettled(6):
        if each.drafts:
            continue
        change = each.base.smallest_change(each.app, each.as_of)
        if change.drop is not None:
            left = [s for s in each.app.services if s not in change.drop]
            assert fine(each, with_services(each.app, left)), each.id
        if change.add is not None:
            added = tuple(
                Holding(d.document, d.at_least, d.holder, d.must_state or None) for d in change.add
            )
            app = replace(each.app, holds=(*each.app.holds, *added))
            assert fine(each, app), each.id
        if change.fewest is not None:
            app = supplied(each.app, change.fewest, each.base.facts, each.base.needs)
            assert fine(each, app), each.id
        for other in (change.drop, change.add):
            if other is not None:
                assert len(change.fewest) <= len(other), each.id


def test_no_fewer_services_do():
    """No smaller set of services dropped leads to `satisfied`; where none is given, none does."""
    for each in unsettled(7, "missing", "prohibited"):
        if each.drafts or len(each.app.services or ()) > 4:
            continue
        drop = each.base.smallest_change(each.app, each.as_of).drop
        services = each.app.services
        most = len(services) + 1 if drop is None else len(drop)
        for size in range(most):
            for gone in itertools.combinations(services, size):
                left = [s for s in services if s not in gone]
                assert not fine(each, with_services(each.app, left)), (each.id, gone)


def test_satisfied_needs_no_change():
    """An app that is satisfied has nothing to change."""
    for each in sample(43, 1):
        if each.verdict == "satisfied" and not each.drafts:
            change = each.base.smallest_change(each.app, each.as_of)
            assert (change.drop, change.add, change.fewest) == ((), (), ())


def test_the_fewest_of_all_ways(base):
    """Dropping one service beats adding four documents."""
    change = base.smallest_change(APP, DAY)
    assert change.drop == ("driving_school_platform",)
    assert len(change.add) == 4
    assert [(s.what, s.subject) for s in change.fewest] == [("drop", "driving_school_platform")]
