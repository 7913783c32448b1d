"""Why not: each way out works, none is larger than it must be, and none that is smaller is left
out: all against trying."""

import itertools
import json

import pytest
from asked import asked, unsettled
from click.testing import CliRunner

from kb.cli.main import cli
from kb.explain.repair import Supply, possible
from kb.explain.supplies import supplied
from kb.lang.problems import Problems
from kb.render.sentences import LENGTHS

DAY = "2025-06-30"
DRIVING = {
    "name": "学车通",
    "applicant": "enterprise",
    "services": ["driving_school_platform"],
    "holds": ["小程序开发者承诺函", {"document": "合作协议", "count": 1}],
}
VIDEO = {"name": "x", "services": ["online_video_course"], "holds": []}


def why_not(each):
    return each.base.why_not("verdict", each.app, each.as_of, each.drafts)


def works(each, supplies):
    """With this supplied the verdict is `satisfied`."""
    changed = supplied(each.app, supplies, each.base.facts, each.base.needs)
    return changed is not None and each.verdict_with(changed) == "satisfied"


@pytest.mark.parametrize("part", range(4))
def test_every_way_works(part):
    """Each way, applied to the profile, makes the fact hold; the smallest come first, none holds
    all of another, and a verdict that can be mended has some way."""
    for n, each in enumerate(unsettled(4)):
        if n % 4 != part:
            continue
        found = why_not(each)
        assert found is not None
        ways = [way.supplies for way in found.ways]
        for way in ways:
            assert works(each, way), (each.id, way)
        assert [len(way) for way in ways] == sorted(len(way) for way in ways)
        for one, other in itertools.permutations(map(set, ways), 2):
            assert not one <= other, (each.id, one, other)
        for way in found.ways:
            assert way.unknown == all(s.state == "unknown" for s in way.supplies)


def test_a_closed_way_is_opened_with_its_documents(base):
    """Lines 231-236: who uses technology of a third party may show its filing with an agreement,
    or a proof of use. An app with technology of its own is told each of these ways, whole."""
    app = {
        "name": "合成",
        "applicant": "enterprise",
        "services": ["ai_questions"],
        "facts": {"technology": "own"},
        "holds": [{"document": "互联网信息服务算法备案", "states": ["个性化推送类"]}],
    }
    ways = base.why_not("verdict", app, DAY).ways
    opened = [way.supplies for way in ways if any(s.subject == "technology" for s in way.supplies)]
    lacking = [
        {base.needs[s.subject].document for s in way if s.what == "document"} for way in opened
    ]
    by_agreement = {"algorithm_filing", "cooperation_agreement"}
    assert len(opened) == 4
    assert lacking.count(by_agreement) == 3
    assert [sorted(each) for each in lacking if each != by_agreement] == [["in_use_proof"]]


def atoms(each):
    """Single changes: a document of the app's categories, a service dropped, and any value (one
    for each way that conditions come out) of an attribute that a condition reads."""
    model = each.base.model(["wanted", "held", "asked_test"], each.app, each.as_of, each.drafts)
    found = [Supply("document", str(n)) for _, n in sorted(model["wanted"] - model["held"])]
    found += [Supply("drop", service) for service in each.app.services or ()]
    tests = {}
    for _, test, attribute in model["asked_test"]:
        tests.setdefault(attribute, set()).add(test)
    for attribute in sorted(set(tests) - {"services"}):
        have = each.app.stated.get(attribute)
        for stated in each.base.conditions.told_apart(attribute, tests[attribute], have):
            if stated != have:
                value = stated if isinstance(stated, tuple) else (stated,)
                found.append(Supply("state", attribute, value=value))
    return found


MOST = 250


def smallest(each, top):
    """The size of the smallest set of changes that works, by trying all; None when none of up to
    `top` does, or when there are too many to try."""
    every = atoms(each)
    tried = 0
    for size in range(1, top + 1):
        for some in itertools.combinations(every, size):
            if not possible(frozenset(some)):
                continue
            tried += 1
            if tried > MOST:
                return None
            if works(each, some):
                return size
    return None


@pytest.mark.parametrize("part", range(3))
def test_nothing_smaller_works(part):
    """No set of changes that is smaller than the first way works: all smaller sets of documents,
    dropped services and values are tried on apps that are small enough."""
    for n, each in enumerate(unsettled(5)):
        if n % 3 != part:
            continue
        ways = why_not(each).ways
        size = len(ways[0].supplies) if ways else 3
        found = smallest(each, min(size - 1, 3))
        assert found is None, (each.id, found, size, ways[:1])


def test_no_part_of_a_way_works():
    """Every supply of a way is called for: without one of them it is no way."""
    for each in unsettled(9):
        for way in why_not(each).ways[:3]:
            for left_out in way.supplies if len(way.supplies) > 1 else ():
                rest = [supply for supply in way.supplies if supply != left_out]
                assert not works(each, rest), (each.id, way.supplies, left_out)


def test_the_same_ways_every_time():
    """The same question has the same ways in the same order."""
    for each in unsettled(24):
        assert why_not(each).to_dict() == why_not(each).to_dict()


def test_a_fact_that_holds_has_no_ways(base):
    """For a fact that holds there is nothing to tell."""
    assert base.why_not("required(A, '教育-驾校平台')", DRIVING, DAY) is None
    assert base.why_not("app_verdict(A, 'missing')", DRIVING, DAY) is None


def test_documents_and_counts(base):
    """A missing document and a count that falls short are what would supply the category."""
    found = base.why_not("教育-驾校平台", DRIVING, DAY)
    first = next(w for w in found.ways if all(s.what == "document" for s in w.supplies))
    said = [found.sentence(supply) for supply in first.supplies]
    assert "申请主体的《合作协议》 2 份" in said
    assert {s.state for s in first.supplies} == {"failed"}


def test_unknown_and_failed_leaves_differ(base):
    """What the profile does not say is unknown, what it denies has failed."""
    silent = base.why_not("教育-在线视频课程", {**VIDEO, "holds": ["民办学校办学许可证"]}, DAY)
    told = base.why_not(
        "教育-在线视频课程",
        {**VIDEO, "holds": ["民办学校办学许可证"], "applicant": "individual"},
        DAY,
    )
    for found, state in ((silent, "unknown"), (told, "failed")):
        states = {s.state for w in found.ways for s in w.supplies if s.subject == "applicant"}
        assert states == {state}


def test_another_category_is_supplied_by_a_service(base):
    """What would make a category necessary is a service that falls under it."""
    found = base.why_not("required(A, '教育-驾校平台')", VIDEO, DAY)
    assert [(s.what, s.subject) for w in found.ways for s in w.supplies] == [
        ("offer", "driving_school_platform")
    ]


def test_what_no_profile_can_make(base):
    """A fact that no profile makes hold has no ways, and says so."""
    for lang, words in (("zh", "没有任何"), ("en", "no document, condition or service")):
        fact = "prohibited(A, 'driving_school_platform', V)"
        found = base.why_not(fact, DRIVING, DAY, lang=lang)
        assert found.ways == ()
        assert words in found.text()


def test_what_supplying_opens_is_supplied_too(base):
    """Where a service brings a category in, its documents and its conditions come with it; where
    another applicant lifts a bar, so does what was idle behind the bar. No supply is idle."""
    barred = {"name": "x", "services": ["ai_face_swap"], "applicant": "individual"}
    for fact, app, first in (
        ("教育-驾校培训", VIDEO, {("offer", "driving_school_training")}),
        ("教育-学历教育(学校)", VIDEO, {("offer", "degree_education"), ("state", "applicant")}),
        ("deep-synthesis-face-swap", barred, {("state", "applicant"), ("state", "technology")}),
    ):
        found = base.why_not(fact, app, DAY)
        kinds = [{(s.what, s.subject) for s in way.supplies} for way in found.ways]
        assert first < kinds[0], fact
        assert {what for what, _ in kinds[0] - first} == {"document"}, fact
        category = fact if fact.startswith("deep") else base.show(fact)["id"]
        for way in found.ways:
            assert ("satisfied",) in satisfied(base, app, way.supplies, category)
            for left_out in way.supplies:
                rest = [supply for supply in way.supplies if supply != left_out]
                assert ("satisfied",) not in satisfied(base, app, rest, category), left_out


def satisfied(base, app, supplies, category):
    changed = supplied(base.app(app), supplies, base.facts, base.needs)
    model = base.model(["category_verdict"], changed, DAY)
    return {row[2:] for row in model["category_verdict"] if row[1] == category}


def test_any_service_that_the_sources_name(base):
    """Where a place is left open, what the app offers is no bound to what it could offer."""
    for fact in ("prohibited(A, S, V)", "app_verdict(A, 'prohibited')"):
        found = base.why_not(fact, DRIVING, DAY)
        one = [way.supplies[0] for way in found.ways if len(way.supplies) == 1]
        assert "aircraft_sales" in {s.subject for s in one if s.what == "offer"}, fact


@pytest.mark.parametrize(
    ("fact", "values"),
    [
        ("app_knows(A, 'teaching_mode')", {(), ("live",), ("recorded",)}),
        ("app_knows(A, 'icp_filed')", {("yes",), ("no",)}),
        ("app_value(A, 'teaching_mode', V)", {("live",), ("recorded",)}),
        ("app_day(A, 'account_opened', 20240101)", {(20240101,)}),
        ("app_value(A, 'teaching_mode', 'arts')", set()),
        ("app_day(A, 'account_opened', 99)", set()),
        ("app_day(A, 'teaching_mode', D)", set()),
    ],
)
def test_what_profiles_state(base, fact, values):
    """What a profile could state is stated in values that its attribute may have, no others."""
    found = base.why_not(fact, DRIVING, DAY)
    assert {s.value for way in found.ways for s in way.supplies} == values
    assert all(sentence for way in found.ways for sentence in map(found.sentence, way.supplies))


def test_nothing_is_missing_where_none_is_named(base):
    """A category of which the source names no document has no ways out: nothing is missing."""
    app = {"name": "x", "services": ["study_visa"]}
    assert base.ask(app, DAY).categories[0].verdict == "none_stated"
    assert base.why_not("education-study-abroad", app, DAY) is None
    fact = "category_verdict(A, 'education-study-abroad', 'satisfied')"
    assert base.why_not(fact, app, DAY) is not None


def test_full_width_brackets(base):
    """An atom in full-width brackets is told so; a category may be written with them."""
    with pytest.raises(Problems, match="full-width `（`"):
        base.why_not("required（A，'教育-驾校平台'）", DRIVING, DAY)
    assert base.why_not("教育-学历教育（学校）", VIDEO, DAY) is not None


def test_every_small_way_is_found():
    """Where the search came to its end, each single change and each pair of changes that works is
    among the ways or holds one of them, up to the value that stands for others of its kind."""
    compared = 0
    for each in unsettled(15):
        found = why_not(each)
        if not found.complete:
            continue
        kinds = [{(s.what, s.subject) for s in way.supplies} for way in found.ways]
        every = atoms(each)
        sets = (s for size in (1, 2) for s in itertools.combinations(every, size))
        named = ((some, {(s.what, s.subject) for s in some}) for some in sets)
        others = (some for some, names in named if not any(kind <= names for kind in kinds))
        for some in itertools.islice(filter(possible, map(frozenset, others)), 60):
            assert not works(each, sorted(some)), (each.id, some)
            compared += 1
    assert compared > 50


def test_larger_ways_are_found_too():
    """That two small ways do is no reason to look for no larger one."""
    name = "a service that is not carried beside one that misses something"
    found = why_not(asked()[f"small: {name}"])
    assert found.complete
    assert [len(way.supplies) for way in found.ways] == [3, 4, 5]


def test_limits(base):
    """A search that stops at a limit says so, in both languages and in JSON; its ways are the first
    of those that a longer search finds. No limit is less than one."""
    app = {"name": "x", "services": ["driving_school_platform"], "holds": []}
    whole = base.why_not("verdict", app, DAY)
    assert whole.complete
    assert whole.to_dict()["complete"]
    assert len(whole.ways) == 2
    for limits in ({"most": 1}, {"most_tried": 1}):
        for lang, words in (("zh", "可能还有别的办法"), ("en", "there may be more")):
            found = base.why_not("verdict", app, DAY, lang=lang, **limits)
            assert not found.complete
            assert found.ways == whole.ways[:1]
            assert words in found.text()
            assert words in found.text("medium")
            assert words not in whole.text()
        data = found.to_dict()
        assert not data["complete"]
        assert 1 in data["limit"].values()
    fact = "app_verdict(A, 'none_stated')"
    assert "stopped" not in base.why_not(fact, app, DAY, lang="en").text()
    for limits in ({"most": 0}, {"most_tried": -1}, {"most": True}):
        with pytest.raises(Problems, match="is no limit"):
            base.why_not("verdict", app, DAY, **limits)


def test_services_left_out():
    """Where nothing is said of services, saying something is the way."""
    each = asked()["wechat-education-2021: services left out"]
    found = why_not(each)
    assert [(s.what, s.subject, s.state) for w in found.ways for s in w.supplies] == [
        ("state", "services", "unknown")
    ]


def test_command(tmp_path):
    """`kb why-not` prints the ways; for a fact that holds it points to `kb why`."""
    path = tmp_path / "app.json"
    path.write_text(json.dumps(DRIVING), encoding="utf-8")
    run = CliRunner().invoke(cli, ["why-not", str(path), "verdict", "--as-of", DAY])
    assert run.exit_code == 0
    assert "办法 1" in run.stdout
    for form, start in (("json", "{"), ("html", "<div"), ("text", "不成立")):
        for length in LENGTHS:
            args = ["verdict", "--as-of", DAY, "--format", form, "--length", length, "--most", "1"]
            run = CliRunner().invoke(cli, ["why-not", str(path), *args])
            assert run.exit_code == 0
            assert run.stdout.startswith(start)
            assert "办法 2" not in run.stdout
    held = CliRunner().invoke(
        cli, ["why-not", str(path), "app_verdict(A, 'missing')", "--as-of", DAY]
    )
    assert "`kb why` proves it" in str(held.exception)
