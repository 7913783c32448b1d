"""Why not: each repair works, none is larger than it must be, and none that is smaller is left out;
all checked by trying profiles."""

import itertools
import json
import shutil
from pathlib import Path

import pytest
from asked import asked, unsettled
from click.testing import CliRunner
from test_cases import loaded

import kb
from kb.base.rendered import LENGTHS
from kb.cli.main import cli
from kb.explain.apply import applied
from kb.explain.assumptions import LEAVES, consistent
from kb.explain.goal import goal_of
from kb.explain.repair import (
    DropService,
    OfferService,
    ProvideDocument,
    Repair,
    StateAttribute,
    change_order,
    rank_of,
)
from kb.explain.verify import RepairSearch
from kb.lang.problems import Problems
from kb.model.requirements import Need
from kb.render.repairs import change_text

DAY = "2025-06-30"
ISLAND = Path(__file__).parent / "cases" / "facts-conditions"
DRIVING = {
    "name": "学车通",
    "applicant": "enterprise",
    "services": ["driving_school_platform"],
    "holds": ["小程序开发者承诺函", {"document": "合作协议", "count": 1}],
}
VIDEO = {"name": "x", "services": ["online_video_course"], "holds": []}


def why_not(each):
    return each.base.why_not("verdict", each.app, each.as_of, each.drafts)


def words(found, change):
    return change_text(change, found.lexicon.vocabulary, found.lang)


def works(each, changes):
    """With these changes the verdict is `satisfied`."""
    changed = applied(each.app, changes, each.base)
    return changed is not None and each.verdict_with(changed) == "satisfied"


def nearness(changes):
    """How far a repair goes, as a reader would say it."""
    dropped = sum(c.what == "drop" for c in changes)
    denied = sum(c.what == "state" and not c.unknown for c in changes)
    return dropped, denied, len(changes)


@pytest.mark.parametrize("part", range(4))
def test_every_repair_works(part):
    """Each repair, applied to the profile, makes the fact hold; those that give up a service come
    after all others, before these those that deny what the profile says of the app, and of equals
    the smallest first; none holds all of another."""
    for n, each in enumerate(unsettled(4)):
        if n % 4 != part:
            continue
        found = why_not(each)
        assert found is not None
        sets = [repair.changes for repair in found.repairs]
        for changes in sets:
            assert works(each, changes), (each.id, changes)
        order = [nearness(changes) for changes in sets]
        assert order == sorted(order), each.id
        for one, other in itertools.permutations(map(set, sets), 2):
            assert not one <= other, (each.id, one, other)
        for repair in found.repairs:
            assert repair.unknown == all(change.unknown for change in repair.changes)


def test_a_closed_alternative_is_opened_with_its_documents(base):
    """Lines 231-236: who uses technology of a third party may show its filing with an agreement,
    or a proof of use. An app with technology of its own has a repair for each of these."""
    app = {
        "name": "合成",
        "applicant": "enterprise",
        "services": ["ai_questions"],
        "facts": {"technology": "own"},
        "holds": [{"document": "互联网信息服务算法备案", "states": ["个性化推送类"]}],
    }
    repairs = base.why_not("verdict", app, DAY).repairs
    opened = [r.changes for r in repairs if any(c.subject == "technology" for c in r.changes)]
    missing = [{c.need.document for c in some if isinstance(c, ProvideDocument)} for some in opened]
    by_agreement = {"algorithm_filing", "cooperation_agreement"}
    assert len(opened) == 4
    assert missing.count(by_agreement) == 3
    assert [sorted(each) for each in missing if each != by_agreement] == [["in_use_proof"]]


def atoms(each):
    """Single changes: a document of the app's categories, a service dropped, and any value (one
    for each way that conditions come out) of an attribute that a condition reads."""
    model = each.base.model(["wanted", "held", "asked_test"], each.app, each.as_of, each.drafts)
    missing = sorted(str(need) for _, need in model["wanted"] - model["held"])
    found = [ProvideDocument(each.base.needs[need]) for need in missing]
    found += map(DropService, each.app.services or ())
    tests = {}
    for _, test, attribute in model["asked_test"]:
        tests.setdefault(attribute, set()).add(test)
    for attribute in sorted(set(tests) - {"services"}):
        have = each.app.stated.get(attribute)
        for stated in each.base.conditions.told_apart(attribute, tests[attribute], have):
            if stated != have:
                value = stated if isinstance(stated, tuple) else (stated,)
                found.append(StateAttribute(attribute, value))
    return found


MOST = 250


def smallest(each, top):
    """The size of the smallest set of changes that works, by trying all; None when none of up to
    `top` does, or when there are too many to try."""
    every = atoms(each)
    tried = 0
    for size in range(1, top + 1):
        for some in itertools.combinations(every, size):
            if not consistent(some):
                continue
            tried += 1
            if tried > MOST:
                return None
            if works(each, some):
                return size
    return None


@pytest.mark.parametrize("part", range(3))
def test_nothing_smaller_works(part):
    """No set of changes that is smaller than the smallest repair works: all smaller sets of
    documents, dropped services and values are tried on apps that are small enough."""
    for n, each in enumerate(unsettled(5)):
        if n % 3 != part:
            continue
        found = why_not(each)
        if not found.repairs and not found.complete:
            continue
        size = min((len(repair.changes) for repair in found.repairs), default=3)
        smaller = smallest(each, min(size - 1, 3))
        assert smaller is None, (each.id, smaller, found.repairs[:1])


def test_no_part_of_a_repair_works():
    """Every change of a repair is needed: without one of them the fact does not hold."""
    for each in unsettled(9):
        for repair in why_not(each).repairs[:3]:
            for left_out in repair.changes if len(repair.changes) > 1 else ():
                rest = [change for change in repair.changes if change != left_out]
                assert not works(each, rest), (each.id, repair, left_out)


def test_the_same_repairs_every_time():
    """The same question has the same repairs in the same order."""
    for each in unsettled(24):
        assert why_not(each).to_dict() == why_not(each).to_dict()


def test_a_fact_that_holds_needs_no_repair(base):
    """For a fact that holds `why_not` gives None."""
    assert base.why_not("required(A, '教育-驾校平台')", DRIVING, DAY) is None
    assert base.why_not("app_verdict(A, 'missing')", DRIVING, DAY) is None


def test_documents_and_counts(base):
    """A missing document and a count that falls short are what would satisfy the category."""
    found = base.why_not("教育-驾校平台", DRIVING, DAY)
    first = next(r for r in found.repairs if all(isinstance(c, ProvideDocument) for c in r.changes))
    assert "申请主体的《合作协议》 2 份" in [words(found, change) for change in first.changes]
    assert not any(change.unknown for change in first.changes)


def test_unknown_and_failed_leaves_differ(base):
    """What the profile does not say is unknown, what it denies has failed."""
    silent = base.why_not("教育-在线视频课程", {**VIDEO, "holds": ["民办学校办学许可证"]}, DAY)
    told = base.why_not(
        "教育-在线视频课程",
        {**VIDEO, "holds": ["民办学校办学许可证"], "applicant": "individual"},
        DAY,
    )
    for found, unknown in ((silent, True), (told, False)):
        changes = [c for r in found.repairs for c in r.changes if c.subject == "applicant"]
        assert {change.unknown for change in changes} == {unknown}


def test_another_category_is_required_by_a_service(base):
    """What would make a category necessary is a service that falls under it."""
    found = base.why_not("required(A, '教育-驾校平台')", VIDEO, DAY)
    assert found.repairs == (Repair((OfferService("driving_school_platform"),)),)


def test_what_no_profile_can_make(base):
    """A fact that no profile makes hold has no repairs, and says so."""
    for lang, words in (("zh", "没有任何"), ("en", "no document, condition or service")):
        fact = "prohibited(A, 'driving_school_platform', V)"
        found = base.why_not(fact, DRIVING, DAY, lang=lang)
        assert found.repairs == ()
        assert words in found.text()


def test_what_a_change_makes_necessary_is_changed_too(base):
    """Where a service brings a category in, its documents and its conditions come with it; where
    another applicant lifts a bar, so does what was idle behind the bar. No change is idle."""
    barred = {"name": "x", "services": ["ai_face_swap"], "applicant": "individual"}
    for fact, app, first in (
        ("教育-驾校培训", VIDEO, {("offer", "driving_school_training")}),
        ("教育-学历教育(学校)", VIDEO, {("offer", "degree_education"), ("state", "applicant")}),
        ("deep-synthesis-face-swap", barred, {("state", "applicant"), ("state", "technology")}),
    ):
        found = base.why_not(fact, app, DAY)
        kinds = [{(c.what, c.subject) for c in repair.changes} for repair in found.repairs]
        assert first < kinds[0], fact
        assert {what for what, _ in kinds[0] - first} == {"document"}, fact
        category = fact if fact.startswith("deep") else base.show(fact)["id"]
        for repair in found.repairs:
            assert ("satisfied",) in verdicts(base, app, repair.changes, category)
            for left_out in repair.changes:
                rest = [change for change in repair.changes if change != left_out]
                assert ("satisfied",) not in verdicts(base, app, rest, category), left_out


def verdicts(base, app, changes, category):
    changed = applied(base.app(app), changes, base)
    model = base.model(["category_verdict"], changed, DAY)
    return {row[2:] for row in model["category_verdict"] if row[1] == category}


def test_any_service_that_the_sources_name(base):
    """Where a place is left open, what the app offers is no bound to what it could offer."""
    for fact in ("prohibited(A, S, V)", "app_verdict(A, 'prohibited')"):
        found = base.why_not(fact, DRIVING, DAY)
        assert Repair((OfferService("aircraft_sales"),)) in found.repairs, fact


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
    changes = [change for repair in found.repairs for change in repair.changes]
    assert {change.values for change in changes} == values
    assert all(words(found, change) for change in changes)


def test_nothing_is_missing_where_none_is_named(base):
    """A category of which the source names no document has no repairs: nothing is missing."""
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


def test_every_small_repair_is_found():
    """Where the search came to its end, each single change and each pair of changes that works is
    among the repairs or holds one of them, up to the value that stands for others of its kind."""
    compared = 0
    for each in unsettled(5):
        found = why_not(each)
        if not found.complete:
            continue
        if compared > 100:
            break
        kinds = [{(c.what, c.subject) for c in repair.changes} for repair in found.repairs]
        every = atoms(each)
        sets = (s for size in (1, 2) for s in itertools.combinations(every, size))
        named = ((some, {(c.what, c.subject) for c in some}) for some in sets)
        others = (some for some, names in named if not any(kind <= names for kind in kinds))
        for some in itertools.islice(filter(consistent, others), 60):
            assert not works(each, sorted(some, key=change_order)), (each.id, some)
            compared += 1
    assert compared > 50


def test_larger_repairs_are_found_too():
    """That two small repairs are found does not end the search for larger ones."""
    name = "a service that is not carried beside one that misses something"
    found = why_not(asked()[f"small: {name}"])
    assert found.complete
    assert [len(repair.changes) for repair in found.repairs] == [4, 5, 3]
    assert [repair.nearness[0] for repair in found.repairs] == [2, 2, 3]


def test_limits(base):
    """A search that stops at a limit says so, in both languages and in JSON. One that found only a
    way that gives up a service looks on for one that keeps all, and shows that first. No limit is
    less than one."""
    app = {**DRIVING, "services": ["driving_school_platform", "driving_school_training"]}
    app["holds"] = ["机动车驾驶员培训备案"]
    whole = base.why_not("verdict", app, DAY)
    assert whole.complete
    assert whole.to_dict()["complete"]
    assert [[c.what for c in repair.changes] for repair in whole.repairs] == [
        ["document"] * 4,
        ["drop"],
    ]
    for limits in ({"most": 1}, {"most_tried": 1}):
        for lang, words in (("zh", "可能还有别的办法"), ("en", "there may be more")):
            found = base.why_not("verdict", app, DAY, lang=lang, **limits)
            assert not found.complete
            assert found.repairs == whole.repairs[: limits.get("most")]
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


def test_a_large_app_keeps_its_services(base):
    """Of an app of seven services, too many to try all sets, the first way keeps every one: it is
    documents, and an answer to what the profile leaves open; nothing that it says is denied."""
    found = base.why_not("verdict", Path(__file__).parent / "apps" / "city-life.yaml", "2026-03-01")
    first = found.repairs[0]
    assert {change.what for change in first.changes} == {"document", "state"}
    assert all(change.unknown for change in first.changes if change.what == "state")
    services = first.nearness[0]
    assert services == 0
    assert not found.complete


def test_who_the_app_is_is_denied_openly(base):
    """Where a category is open to others only, a way that makes the applicant one of them says
    that the profile denies it, in a second step too; of ways that differ by more values of one
    attribute the one with the fewest is told."""
    app = {"name": "x", "applicant": "individual", "regions": ["CN-GD"]}
    app["services"] = ["ride_hailing", "online_video_courses"]
    found = base.why_not("verdict", app, "2026-03-01")
    for repair in found.repairs:
        assert not any(c.unknown for c in repair.changes if c.subject == "applicant")
    stated = [{(c.what, c.subject, c.values) for c in r.changes} for r in found.repairs]
    assert len(stated[0]) < 8
    roles = [values for one in stated for _, name, values in one if name == "operating_role"]
    assert roles
    assert all(len(values) == 1 for values in roles)


def test_services_left_out(base):
    """Where nothing is said of services, saying something is the repair."""
    found = base.why_not("app_knows(A, 'services')", {"name": "x"}, DAY)
    assert found.repairs == (Repair((StateAttribute("services", (), unknown=True),)),)


def test_conditions_of_several_services(tmp_path):
    """Where a paper serves an app of two services, the one that is offered already stays and the
    other is to be offered, whichever of the two comes first."""
    shutil.copytree(ISLAND, tmp_path / "facts")
    terms = tmp_path / "facts" / "vocabulary" / "conditions.yaml"
    text = terms.read_text(encoding="utf-8")
    for service in ("loans", "pawn"):
        tests = f"tests: [{{attribute: services, any_of: {service}}}]"
        text += f"  - {{id: with_{service}, zh: 有{service}, en: with {service}, {tests}}}\n"
    terms.write_text(text, encoding="utf-8")
    rule = tmp_path / "facts" / "island-2020.yaml"
    text = rule.read_text(encoding="utf-8")
    both = "when: [with_loans, with_pawn]"
    rule.write_text(text.replace("when: [small_place]", both), encoding="utf-8")
    base = kb.load(only_facts=tmp_path / "facts")
    for offered, other in (("loans", "pawn"), ("pawn", "loans")):
        app = {"name": "x", "services": ["halls", offered], "holds": ["promise"]}
        found = base.why_not("category_verdict(A, 'island-halls', 'satisfied')", app, DAY)
        assert Repair((OfferService(other),)) in found.repairs


def test_command(tmp_path):
    """`kb why-not` prints the repairs; for a fact that holds it points to `kb why`."""
    path = tmp_path / "app.json"
    path.write_text(json.dumps(DRIVING), encoding="utf-8")
    run = CliRunner().invoke(cli, ["why-not", str(path), "verdict", "--as-of", DAY])
    assert run.exit_code == 0
    assert "办法 1" in run.stdout
    for form, start in (("json", "{"), ("html", "<!DOCTYPE html>"), ("text", "不成立")):
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


def test_no_day_is_kept_that_the_papers_of_a_repair_make_idle():
    """Of a repair that provides all papers of a category with time, and states a day that gives
    time for them, the papers are left: the day goes first."""
    lock = loaded(("facts-lock",))
    said = {"reported": True, "drilled": True, "children": False}
    app = lock.app(
        {
            "name": "甲",
            "regions": ["quay"],
            "services": ["trips"],
            "facts": said,
            "holds": ["保险单"],
        }
    )
    goal = goal_of(lock, "app_verdict('甲', 'satisfied')", app, "2024-03-01", False)
    search = RepairSearch(goal)
    papers = [ProvideDocument(Need(document)) for document in ("crew_list", "hull_report")]
    day = StateAttribute("opened_on", (20231231,), True)
    padded = search._verified(Repair.of([*papers, day]))
    assert padded is not None
    assert search._dated(padded.repair)
    assert search._without_idle(padded).repair == Repair.of(papers)
    assert {each.repair for each in search.run(goal.model(app, *LEAVES))} == {
        Repair.of(papers),
        Repair.of([day]),
    }


def test_what_can_be_done_comes_before_what_has_been():
    """Of repairs of one size those come first that contradict nothing, then to do something, then
    another day or number than is stated: what is over can hardly be otherwise."""
    day, done = StateAttribute("launched", (20260701,)), StateAttribute("reported", ("yes",))
    unsaid = StateAttribute("reviewed", (20260701,), unknown=True)
    assert sorted([{day}, {done}, {unsaid}], key=rank_of) == [{unsaid}, {done}, {day}]
