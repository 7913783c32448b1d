"""What if: two answers side by side, and the least that leads to `satisfied`."""

import itertools
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from asked import sample, unsettled
from click.testing import CliRunner

import kb
from kb.cli.main import cli
from kb.compare.what_if import WhatIf
from kb.explain.apply import applied, with_services
from kb.explain.repair import DropService, ProvideDocument
from kb.lang.problems import Problems
from kb.model.apps import Holding
from kb.model.requirements import Need
from kb.render.outline import LIST

SMALL = Path(__file__).parent / "cases" / "facts-small"
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
    rows = {row["category"]: (row["today"], row["then"]) for row in found["differences"]}
    assert rows == {"教育-驾校培训": ("satisfied", "satisfied"), "教育-驾校平台": ("missing", None)}
    typed = {each.category: (each.today, each.then) for each in found.differences}
    assert typed == {
        "education-driving-school": ("satisfied", "satisfied"),
        "education-driving-school-platform": ("missing", None),
    }


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
        assert {"zh": "不再需要补: 《合作协议》", "en": "no longer to provide: 《合作协议》"}[
            lang
        ] in text


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


def papers_of(asked):
    """What was asked for, in hand: of each party that lacks it, else so many copies of one."""
    for party in asked.parties:
        yield Holding(asked.document, 1, asked.holder, asked.must_state or None, party=party)
    if not asked.parties:
        yield Holding(asked.document, asked.at_least, asked.holder, asked.must_state or None)


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
            added = tuple(paper for d in change.add for paper in papers_of(d))
            app = replace(each.app, holds=(*each.app.holds, *added))
            assert fine(each, app), each.id
        if change.fewest is not None:
            app = applied(each.app, change.fewest, each.base)
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
    assert change.fewest == (DropService("driving_school_platform"),)
    assert repr(change) == "<kb.SmallestChange drop 1, add 4, fewest 1>"


SHOPS = """source:
  id: town-2026
  zh: 虚构小镇(town-2026)
  en: made-up town (town-2026)
  publisher: {zh: 虚构, en: made up}
  date: 2026-01-01
  standing: in_force
  jurisdiction: isle
  platform: wechat
  begins: {date: 2026-01-01}
  line_count: 4
categories:
  - category: shop-tea
    lines: 1-2
    scope: [{service: tea, lines: 1}]
    requirement: {document: water_test, must_state: [茶], lines: 2}
  - category: shop-pie
    lines: 3-4
    scope: [{service: pie, lines: 3}]
    requirement: {document: water_test, must_state: [饼], lines: 4}
"""


def test_a_document_for_two_texts(tmp_path):
    """Where two texts ask for other words in one document, the fewest change is one document that
    states both, and it satisfies."""
    shutil.copytree(SMALL, tmp_path / "facts")
    (tmp_path / "facts" / "town-2026.yaml").write_text(SHOPS, encoding="utf-8")
    base = kb.load(only_facts=tmp_path / "facts", as_of="2026-06-30")
    app = base.app({"name": "摊", "services": ["tea", "pie"], "holds": []})
    change = base.smallest_change(app)
    [added] = change.add
    assert added.need == Need("water_test", must_state=("茶", "饼"))
    assert change.fewest == (ProvideDocument(added.need),)
    app = applied(app, change.fewest, base)
    assert base.verdict(app) == "satisfied"


HEAD = '<div class="kb"><p><strong>'
RED, GREEN = (
    f'<span style="color:{colour};font-weight:bold">{sign}</span>'
    for colour, sign in (("var(--kb-lacking,#b94700)", "✗"), ("var(--kb-ok,#007a59)", "✓"))
)


def test_side_by_side_as_html_and_markdown(base):
    """Below the two verdicts each category has a line of its own: `→` where it changes, with its
    documents below, and `=` where nothing does."""
    found = base.what_if(APP, without=["驾校平台"], as_of=DAY, lang="zh")
    assert str(found) == (
        "现在: ✗ 缺材料   假如: ✓ 已满足\n"
        "  教育-驾校培训: ✓ 已满足 → ✓ 已满足\n"
        "→ 教育-驾校平台: ✗ 缺材料 → –\n"
        "      不再需要补: 《合作协议》\n"
        "      不再需要补: 《机动车驾驶员培训备案》\n"
        "      不再需要补: 《非经营性互联网信息服务备案核准》\n"
        "      不再需要补: 《小程序开发者承诺函》"
    )
    page = found._repr_html_()
    assert page.startswith(
        f"{HEAD}现在: {RED} 缺材料   假如: {GREEN} 已满足</strong></p>"
        f'<ul style="{LIST}"><li>= 教育-驾校培训: {GREEN} 已满足 → {GREEN} 已满足</li>'
        f"<li><details open><summary>→ 教育-驾校平台: {RED} 缺材料 → –</summary>"
        f'<ul style="{LIST}"><li>不再需要补: 《合作协议》</li>'
    )
    assert found._repr_markdown_() == (
        "**现在: ✗ 缺材料   假如: ✓ 已满足**\n"
        "\n"
        "- = 教育-驾校培训: ✓ 已满足 → ✓ 已满足\n"
        "- → 教育-驾校平台: ✗ 缺材料 → –\n"
        "  - 不再需要补: 《合作协议》\n"
        "  - 不再需要补: 《机动车驾驶员培训备案》\n"
        "  - 不再需要补: 《非经营性互联网信息服务备案核准》\n"
        "  - 不再需要补: 《小程序开发者承诺函》"
    )
    assert repr(found) == "<kb.WhatIf 学车通: missing, then satisfied>"


def test_the_same_verdict_with_other_documents(base):
    """A category whose verdict stays and whose documents do not is marked as changed."""
    more = {**APP, "holds": [*APP["holds"], "非经营性互联网信息服务备案核准"]}
    one, other = base.ask(APP, DAY), base.ask(more, DAY)
    found = WhatIf(one, other)
    [each] = [d for d in found.differences if d.missing_today != d.missing_then]
    assert (each.today, each.then) == ("missing", "missing")
    assert each.changed
    assert [document.document for document in each.gone] == ["non_commercial_icp_filing"]
    assert each.come == ()
    assert str(found).splitlines()[-2:] == [
        "→ 教育-驾校平台: ✗ 缺材料 → ✗ 缺材料",
        "      不再需要补: 《非经营性互联网信息服务备案核准》",
    ]
