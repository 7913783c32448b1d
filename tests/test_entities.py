"""Numbers over the apps of one entity: in answers, proofs, interviews, lists of profiles, audits."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_audit import asked, audited, lines_of
from test_cases import loaded

import kb
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
