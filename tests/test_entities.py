"""Numbers over the apps of one entity: in answers, proofs, interviews, lists and audits."""

from __future__ import annotations

import json
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_audit import asked, audited, lines_of
from test_cases import loaded

from kb.lang.problems import Problems

DAY = "2021-06-30"
SHOP = {"services": ["remedies"], "regions": ["bay"]}


@pytest.fixture(scope="module")
def bay():
    """The base of a made-up bay whose rules look across the apps of one entity."""
    return loaded(("facts-chain",))


def random_app(random, name):
    """An app that leaves some things out."""
    app = {"name": name}
    if random.random() < 0.85:
        every = ["remedies", "herbs", "sales", "forum", "lets", "talks"]
        app["services"] = random.sample(every, random.choice([0, 1, 1, 2]))
    if random.random() < 0.85:
        app["regions"] = random.sample(["bay", "cape", "hill"], random.choice([1, 1, 2]))
    if random.random() < 0.7:
        app["facts"] = {"users": str(random.choice([0, 20, 50, 50.5, 99.9, 150]))}
    if random.random() < 0.2:
        app["platform"] = "square"
    if random.random() < 0.3:
        app["holds"] = random.sample(["licence", "warrant", "report", "promise"], 2)
    return app


def there(app):
    """Whether an app is in the bay: 1, 0, or one half where that is not known."""
    regions = app.get("regions")
    return 0.5 if regions is None else float(bool({"bay", "cape"} & {*regions}))


def counts(app):
    """Whether an app sells remedies in the bay."""
    services = app.get("services")
    sells = 0.5 if services is None else 0
    if services is not None:
        sells = 1 if {"remedies", "herbs"} & {*services} else 0.5 if "sales" in services else 0
    return min(sells, there(app))


def users(app):
    """The users that an app adds, at least and at most; no most where it does not say."""
    if app.get("platform") == "square" or not there(app):
        return 0, 0
    said = app.get("facts", {}).get("users")
    if said is None:
        return 0, None
    return (float(said) if there(app) == 1 else 0, float(said))


def bounds_of(apps, complete):
    """What three numbers come to over some apps, reckoned by hand."""
    found = [counts(app) for app in apps]
    most = sum(each > 0 for each in found)
    shops = (found.count(1), most if complete else None)
    added = [users(app) for app in apps]
    whole = complete and all(end is not None for _, end in added)
    total = sum(end for _, end in added) if whole else None
    return {
        "shops": shops,
        "apps": (len(apps), len(apps) if complete else None),
        "all_users": (sum(least for least, _ in added), total),
    }


def number(value):
    return None if value is None else round(float(value), 1)


def test_numbers_are_those_that_are_reckoned_by_hand(bay):
    """What answers tell of numbers over the apps of an entity is what a second reckoning, straight
    from the profiles, comes to: the least, and the most where all apps are listed."""
    random = Random(15)
    told = set()
    for _ in range(150):
        own, *others = (random_app(random, f"a{n}") for n in range(random.randint(1, 4)))
        complete = random.random() < 0.5
        own["entity"] = {"name": "海湾药业", "apps": others, "all": complete}
        expected = bounds_of([own, *others], complete)
        for tally in bay.ask(own, DAY).to_dict().get("tallies", ()):
            least, most = expected[tally["attribute"]]
            assert (number(tally["least"]), number(tally["most"])) == (number(least), number(most))
            told.add((tally["attribute"], complete, most is None, least == most))
    assert len(told) == 9


def entity_of(app, every, complete):
    """The app with the other apps of its entity listed in its own profile."""
    if "entity" not in app:
        return app
    bare = [{k: v for k, v in each.items() if k not in ("entity", "holds")} for each in every]
    pairs = zip(every, bare, strict=True)
    others = [b for e, b in pairs if e.get("entity") == app["entity"] and e is not app]
    return {**app, "entity": {"name": app["entity"], "apps": others, "all": complete}}


def random_input(random, size):
    """Apps some of which say whose they are."""
    apps = [random_app(random, f"a{n}") for n in range(size)]
    for app in apps:
        if random.random() < 0.75:
            app["entity"] = random.choice(["甲", "乙", "丙", "丁"])
    return apps


@pytest.mark.parametrize("complete", [False, True])
def test_apps_of_one_input_are_each_others(bay, complete):
    """Asked together, apps get what each gets with the other apps of its entity in its profile."""
    apps = random_input(Random(3), 24)
    together = bay.ask_many(apps, DAY, complete=complete)
    for app, answer in zip(apps, together, strict=True):
        alone = bay.ask(entity_of(app, apps, complete), DAY)
        assert answer.to_dict() == alone.to_dict()
        assert bay.ask(answer.app, DAY) == alone


@pytest.mark.parametrize("complete", [False, True])
@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_audits_are_asks(bay, tmp_path, form, complete):
    """Audits judge each app of a table as it is judged with the other rows of its entity listed in
    its profile, whatever the chunks."""
    apps = random_input(Random(f"{form} {complete}"), 150)
    rows = [{"id": app["name"], **{k: v for k, v in app.items() if k != "name"}} for app in apps]
    if form == "jsonl":
        path = lines_of(tmp_path / "apps.jsonl", rows)
    else:
        for row in rows:
            row["facts"] = json.dumps(row.get("facts", {}))
        keys = ("id", "platform", "services", "regions", "facts", "holds", "entity")
        path = tmp_path / "apps.parquet"
        pq.write_table(pa.table({key: [row.get(key) for row in rows] for key in keys}), path)
    out = tmp_path / "out.parquet"
    summary = bay.audit(path, out, as_of=DAY, chunk=37, entities_complete=complete)
    assert summary.refused == 0
    found = audited(out)
    verdicts = set()
    for app in apps:
        expected = asked(bay, entity_of(app, apps, complete), DAY)
        assert found[app["name"]] == expected, app
        verdicts.add(expected[None].verdict)
    assert {"missing", "undetermined", "not_open"} <= verdicts


def listing(*apps, **more):
    """An app that sells remedies in the bay, with other apps of its entity."""
    return {"name": "甲", **SHOP, "entity": {"name": "海湾药业", "apps": list(apps), **more}}


def other(name, **said):
    return {"name": name, **SHOP, **said}


def test_ask_names_the_apps(bay):
    """An answer says which apps a number comes from, of which it is not known, and what is not said
    of others; a receipt holds them, and is replayed as it was."""
    app = {**listing(other("乙"), {"name": "丙"}), "holds": ["licence"]}
    answer = bay.ask(app, DAY)
    assert (
        "按海湾药业的应用计:\n"
        "  · 同一单位在湾区售药的应用数:至少 2(甲、乙；丙未知；有没有别的应用未知)\n"
    ) in answer.text("short")
    told = {"app": "甲", "adds": 1}, {"app": "乙", "adds": 1}
    [tally] = answer.to_dict()["tallies"]
    assert tally["apps"] == list(told)
    assert tally["perhaps"] == ["丙"]
    receipt = answer.receipt()
    assert receipt.profile["entity"]["apps"][0]["name"] == "乙"
    assert bay.replay(receipt).text() == bay.replay(bay.ask(receipt.profile, DAY).receipt()).text()
    assert bay.ask(receipt.profile, DAY) == answer


def test_proofs_name_the_apps(bay):
    """Why a paper is asked for, and what would do without it, end in the apps that were counted."""
    app = {**listing(other("乙"), other("丙")), "holds": ["licence"]}
    found = bay.why("bay-remedies", app, DAY, lang="en").text()
    line = "apps of the entity that sell remedies in the bay: at least 3"
    line += " (甲, 乙, 丙; whether there are others is not known)"
    assert line in found
    alone = {**listing(), "holds": ["licence"]}
    told = bay.why_not("bay-remedies", alone, DAY, lang="en").text()
    assert "at least 1 (甲; whether there are others is not known)" in told
    test = bay.why("test_met(A, T)", app, DAY, lang="en").text()
    assert "whatever the number of 甲 is, it meets this part of the condition" in test
    assert f"└ {line}\n" in test


def test_no_repair_states_a_number_that_the_known_apps_rule_out(bay):
    """Three shops are known, whether they are all or not: that there are two is offered to nobody.
    Where one is known, that there are two in all may be said."""
    many = {**listing(other("乙"), other("丙")), "holds": ["licence"]}
    for app in (many, {**many, "entity": {**many["entity"], "all": True}}):
        found = bay.why_not("verdict", app, DAY).repairs
        assert [[each.subject for each in one.changes] for one in found] == [
            ["warrant@applicantx1"]
        ]
    few = {**listing(), "holds": ["licence"]}
    found = bay.why_not("verdict", few, DAY).repairs
    assert [each.values for one in found for each in one.changes if each.subject == "shops"] == [
        (2,)
    ]


def test_bundles_and_pictures_name_the_apps(bay):
    """Where a bundle rests on a number over the apps, it is told with it, and at the condition in a
    picture."""
    app = {**listing(other("乙"), other("丙"), all=True), "holds": ["licence"]}
    line = "同一单位在湾区售药的应用数:3(甲、乙、丙)"
    assert f"  · {line}" in bay.bundles(app, DAY).text().splitlines()
    graph = bay.graph(app=app, as_of=DAY)
    assert graph.nodes["condition:three_shops"]["tallies_zh"] == line


def test_an_interview_asks_for_the_number_that_is_left_open(bay):
    """The number is asked for where its bounds leave a verdict open, not where they settle it; an
    answer that the known apps contradict is not taken."""
    open_ = bay.interview({**listing(other("乙")), "holds": ["licence"]}, DAY)
    assert open_.question.subject == "shops"
    with pytest.raises(Problems) as found:
        open_.answer("1")
    assert found.value.problems[0].message == "`shops` is 1, but its apps come to at least 2"
    open_.answer("2")
    assert open_.question is None
    assert open_.app.stated["shops"] == 2
    settled = bay.interview(listing(other("乙"), other("丙")), DAY)
    kinds = set()
    while (question := settled.question) is not None:
        kinds.add(question.subject)
        settled.answer("0")
    assert "shops" not in kinds


def messages(bay, app):
    with pytest.raises(Problems) as found:
        bay.app(app)
    return [(problem.code, problem.message) for problem in found.value.problems]


def test_what_is_wrong_with_listed_apps(bay):
    """Each slip in a list of apps is told: the app itself, one twice, several levels, another
    entity, unknown names, files where there are none, and numbers that the apps contradict."""
    both = listing(other("乙"), other("甲"), other("乙"))
    assert messages(bay, both) == [
        ("duplicate-id", "`乙` is listed twice"),
        ("duplicate-id", "`甲` is the app itself"),
    ]
    deeper = other("乙", entity={"name": "海湾药业", "apps": [other("丙")]})
    nested = [("value", "an app that is listed lists apps of its own")]
    assert messages(bay, listing(deeper)) == nested
    foreign = other("乙", entity="山地商号")
    message = "this app is of `山地商号`, and listed by one of `海湾药业`"
    assert messages(bay, listing(foreign)) == [("value", message)]
    unknown = [("unknown-id", "no service is called `potions`")]
    assert messages(bay, listing(other("乙", services=["potions"]))) == unknown
    file = [("value", "a file can be named in the file of a profile alone")]
    assert messages(bay, listing("乙.yaml")) == file
    assert messages(bay, listing({"services": ["herbs"]})) == [
        ("missing-key", "the key `name` is missing")
    ]
    for facts, more, said in (
        ({"shops": 1}, {}, "at least 2"),
        ({"shops": 3}, {"all": True}, "2"),
        ({"all_users": 7}, {}, "at least 7.5"),
    ):
        app = listing(other("乙", facts={"users": "7.5"}), **more) | {"facts": facts}
        [(attribute, stated)] = facts.items()
        told = f"`{attribute}` is {stated}, but its apps come to {said}"
        assert messages(bay, app) == [("value", told)]
    doubled = [{"name": "甲", "entity": "e"}, {"name": "甲", "entity": "e"}]
    with pytest.raises(Problems) as found:
        bay.ask_many(doubled, DAY)
    assert found.value.problems[0].message == "two apps of `e` are called `甲`"


def test_places_of_problems_in_listed_files(bay, tmp_path):
    """Files are looked up beside the profile; what is wrong in one is told with its own place, a
    file that is missing with the place of its name, and circles as such."""
    own = tmp_path / "甲.yaml"
    other_file = tmp_path / "apps" / "乙.yaml"
    other_file.parent.mkdir()
    whose = "所属单位:\n  名称: 海湾药业\n  应用: [apps/乙.yaml]\n"
    own.write_text(f"服务: [售药]\n地区: [湾区]\n{whose}")
    other_file.write_text("服务: [售药]\n地区: [海角]\n")
    app = bay.app(own)
    assert [(each.name, each.stated["regions"]) for each in app.entity.apps] == [("乙", ("cape",))]

    def first():
        with pytest.raises(Problems) as found:
            bay.app(own)
        [problem] = found.value.problems
        return problem.message, problem.span.file, problem.span.line

    other_file.write_text("地区: [海角]\n服务: [药水]\n")
    assert first() == ("no service is called `药水`", str(other_file), 2)
    circle = "entity: {name: 海湾药业, apps: [../甲.yaml]}\n"
    other_file.write_text(circle)
    message = f"`{other_file}` lists the profile by which it is listed"
    assert first() == (message, str(other_file), 1)
    other_file.unlink()
    assert first()[1:] == (str(own), 5)
    own.write_text("所属单位: {名称: 海湾药业, 应用: [甲.yaml]}\n")
    assert first() == ("`甲.yaml` is this file itself", str(own), 1)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"entity": ["a"]}, "entity: text is expected here"),
        ({"entity": {"all": True}}, "entity: `name` is expected here"),
        ({"entity": {"name": "e", "every": 1}}, "entity: unknown key `every`"),
        (
            {"entity": {"name": "e", "all": "perhaps"}},
            "entity: all: `true` or `false` is expected here",
        ),
        (
            {"entity": {"name": "e", "apps": [{"name": "b"}]}},
            "entity: the apps of one entity are rows of their own here, each with its name",
        ),
        ({"entity": "f"}, "entity: two apps of `f` are called `a`"),
        (
            {"entity": "g", **SHOP, "facts": {"shops": "0"}},
            "facts: `shops` is 0, but its apps come to at least 2",
        ),
    ],
)
def test_rows_that_audits_refuse(bay, tmp_path, row, reason):
    """What can not be said of an entity in an audit is refused with its reason; its apps that can
    be read are counted all the same."""
    rows = [{"id": "a", **row}, {"id": "a", "entity": "f"}, {"id": "c", "entity": "g", **SHOP}]
    out = tmp_path / "out.parquet"
    bay.audit(lines_of(tmp_path / "apps.jsonl", rows), out, as_of=DAY)
    lines = (tmp_path / "out.parquet.rejects.jsonl").read_text(encoding="utf-8").splitlines()
    assert reason in [json.loads(line)["reason"] for line in lines]


def test_a_row_may_say_that_all_apps_are_there(bay, tmp_path):
    """`all` of a row is as in a profile: for that app the rows of its entity are all."""
    rows = [{"id": "a", **SHOP, "entity": {"name": "e", "all": True}}]
    rows.append({"id": "b", **SHOP, "entity": "e"})
    rows = [{**row, "holds": ["licence"]} for row in rows]
    out = tmp_path / "out.parquet"
    bay.audit(lines_of(tmp_path / "apps.jsonl", rows), out, as_of=DAY)
    found = {app: told[None].verdict for app, told in audited(out).items()}
    assert found == {"a": "satisfied", "b": "undetermined"}


def test_an_interview_asks_what_the_number_comes_from(bay):
    """Whoever does not know the number is asked what decides whether this app is counted, where
    that settles it."""
    whole = {"name": "甲", "services": ["remedies"], "holds": ["licence"]}
    others = [{"name": "乙", "services": ["sales"], "regions": ["bay"]}, other("丙")]
    talk = bay.interview({**whole, "entity": {"name": "e", "all": True, "apps": others}}, DAY)
    assert talk.question.subject == "shops"
    talk.answer(None)
    assert talk.question.subject == "regions"
    talk.answer(["hill"])
    assert talk.verdict == "satisfied"
