"""Random apps in any number: a Parquet file of profiles over the vocabulary of a base.

What an app has in hand follows what its services need: Python draws a few dozen ways to be prepared
for each service (`_slots`), DuckDB joins them to the apps. An app picks by hashes of its number, so
that a seed gives the same rows whatever the threads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa

from kb.api import KnowledgeBase
from kb.lang.syntax import Value
from kb.model.apps import OWN_KEYS
from kb.model.days import LAST
from kb.model.facts import FactBase
from kb.model.requirements import Need
from kb.model.terms import Attribute, Condition, Test
from kb.model.vocabulary import values

ORGANISATIONS = {
    "enterprise": 46,
    "training_institution": 11,
    "individual_business": 9,
    "individual": 6,
    "private_school": 5,
    "public_institution": 4,
    "public_school": 4,
    "private_non_enterprise": 3,
    "social_organisation": 2,
    "foundation": 2,
    "charity": 2,
    "government": 2,
    "non_individual": 1,
    "overseas_enterprise": 1,
    "hong_kong_enterprise": 1,
    "hong_kong_law_firm": 1,
}
"""Applicants in a hundred; those that a base does not know are left out."""
PLACES = {
    "CN": 40,
    "CN-GD": 12,
    "CN-BJ": 10,
    "CN-SD": 9,
    "CN-SH": 6,
    "CN-ZJ": 5,
    "CN-JS": 4,
    "CN-SC": 3,
    "HK": 5,
    "JP": 2,
    "SG": 2,
    "TH": 1,
    "US": 1,
}
"""Places in a hundred."""
READINESS = (45, 30, 25)
"""Apps in a hundred that have all they need, a good part of it, and little of it."""
WAYS = 8
"""Ways to be prepared for a service, in each of these classes."""
GROUNDS = 4_999
"""Kinds of app, whatever it does: where, for whom, what it declares and what it has besides."""
MOST = 15
"""Documents in hand, at most."""


def write_apps(
    base: KnowledgeBase,
    count: int,
    path: Path | str,
    seed: int = 0,
    day: int = LAST,
    dated: bool = False,
) -> None:
    """Write a Parquet file of `count` random profiles, one row an app.

    Columns: `id`, `applicant`, `regions`, `services`, `audience`, `facts` (a struct of every other
    attribute, as text), `holds` (a list of structs `document`, `count`, `holder`, `states`). What
    is null is unknown. The same base, count and seed give the same rows. The services are
    those that texts speak of which have begun on a `day`. Documents in hand of `dated` apps also
    say on which days they are valid (`valid_from`, `valid_until`).
    """
    facts = base.facts
    begun = {version for version, first, _ in facts.rows.facts["begins"] if first <= day}
    services = _by_field(facts, begun)
    told = _read_by_categories(facts)
    with duckdb.connect() as connection:
        slots = _slots(facts, services, told, Random(seed), begun)  # noqa: F841 -- read by its name
        noise = _noise(facts, Random(seed + 1))  # noqa: F841
        ranks = _by_popularity(facts, services, Random(seed + 2))
        popular = pa.table({"rank": range(len(ranks)), "service": ranks})  # noqa: F841
        field = {f: n for n, f in enumerate(dict.fromkeys(f for f, _ in services))}
        starts: dict[str, list[int]] = {}
        for n, (f, _) in enumerate(services):
            starts.setdefault(f, []).append(n)
        fields = pa.table(  # noqa: F841
            {
                "service": range(len(services)),
                "field": [field[f] for f, _ in services],
                "first": [starts[f][0] for f, _ in services],
                "size": [len(starts[f]) for f, _ in services],
            }
        )
        grounds = _grounds(facts, told, seed)
        connection.execute(f"CREATE TEMP TABLE grounds AS {grounds}")
        select = _select(facts, count, len(services), told, seed)
        if dated:
            select = f"SELECT * REPLACE ({_dated(seed)} AS holds) FROM ({select})"
        target = str(path).replace("'", "''")
        connection.execute(f"COPY ({select}) TO '{target}' (FORMAT parquet)")


def profiles(path: Path | str) -> Iterator[dict[str, Any]]:
    """The profiles of such a file, as `base.ask` takes them; what is null is left out."""
    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
        names = [column[0] for column in found.description or ()]
        while rows := found.fetchmany(2_000):
            for row in rows:
                stated = _stated(dict(zip(names, row, strict=True)))
                profile = {"name": stated.pop("id"), **stated}
                if facts := _stated(profile.pop("facts", {})):
                    profile["facts"] = facts
                if "holds" in profile:
                    profile["holds"] = [_stated(held) for held in profile["holds"]]
                yield profile


def _stated(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value is not None}


def _by_field(facts: FactBase, begun: Collection[Value]) -> list[tuple[str, str]]:
    """Services that some versions speak of, with the field that their first category stands in;
    those of a field together."""
    category = {v: c for v, c, _ in facts.rows.facts["version"]}
    field: dict[str, str] = {}
    for _, version, service in facts.rows.facts["scope"]:
        id = str(category[version])
        field.setdefault(str(service), id.split("-")[0] + id.partition("~")[2])
    rows = facts.rows.facts
    told = {str(service) for _, version, service in rows["scope"] if version in begun}
    told |= {str(service) for version, service in rows.get("unsupported", ()) if version in begun}
    of = {reference: version for reference, version, _ in rows.get("reference", ())}
    told |= {str(s) for reference, s in rows.get("reference_service", ()) if of[reference] in begun}
    terms = [term.id for term in facts.names.of("service") if term.id in told]
    return sorted(
        (field.get(service, "~" + service.partition("~")[2]), service) for service in terms
    )


def _by_popularity(
    facts: FactBase, services: Sequence[tuple[str, str]], random: Random
) -> list[int]:
    """The services' places in `services`, the most popular first: what is carried nowhere is seldom
    offered."""
    relations = ("unsupported", "unsupported_here")
    unsupported = {s for relation in relations for _, s in facts.rows.facts.get(relation, ())}
    weight = [random.random() + (service in unsupported) / 2 for _, service in services]
    return sorted(range(len(services)), key=weight.__getitem__)


def _read_by_categories(facts: FactBase) -> list[str]:
    """The attributes under `facts` that conditions of categories read."""
    rows = facts.rows.facts
    used = {
        str(condition)
        for relation in ("scope_when", "alternative_when", "alternative_unless", "version_when")
        for _, condition in rows.get(relation, ())
    }
    read = {
        test.attribute
        for condition in facts.vocabulary.conditions.values()
        if condition.id in used
        for test in condition.tests
    }
    return [a for a in facts.vocabulary.attributes if a in read and a not in OWN_KEYS]


@dataclass
class _Way:
    """One alternative of a version that a service falls under, and what makes it usable."""

    needs: Sequence[Need]
    met: list[Condition] = field(default_factory=list)
    unmet: list[Condition] = field(default_factory=list)


def _ways(facts: FactBase, begun: Collection[Value]) -> dict[str, list[list[_Way]]]:
    """The ways to satisfy a service: a list for each of some versions that it leads to."""
    rows, conditions = facts.rows.facts, facts.vocabulary.conditions

    def grouped(relation: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for first, second in rows.get(relation, ()):
            found.setdefault(str(first), []).append(str(second))
        return found

    limits, scopes = grouped("version_when"), grouped("scope_when")
    targets = grouped("reference_to")
    leads = [(str(x), str(v), scopes.get(str(s), [])) for s, v, x in rows["scope"]]
    by_category: dict[str, list[str]] = {}
    for version, category, _ in rows["version"]:
        by_category.setdefault(str(category), []).append(str(version))
    for reference, service in rows.get("reference_service", ()):
        if len(targets.get(str(reference), ())) == 1:
            for version in by_category.get(targets[str(reference)][0], ()):
                leads.append((str(service), version, []))
    found: dict[str, list[list[_Way]]] = {}
    for service, version, when in leads:
        if version not in begun:
            continue
        ways = []
        for alternative in facts.readings[version].alternatives:
            way = _Way(sorted(alternative.needs))
            way.met = [conditions[c] for c in (*when, *limits.get(version, ()))]
            for condition, met in sorted(alternative.when):
                (way.met if met else way.unmet).append(conditions[condition])
            ways.append(way)
        if ways:
            found.setdefault(service, []).append(ways)
    return found


HELD = pa.struct(
    [
        ("document", pa.string()),
        ("count", pa.int32()),
        ("holder", pa.string()),
        ("states", pa.list_(pa.string())),
    ]
)


def _slots(
    facts: FactBase,
    services: Sequence[tuple[str, str]],
    told: Sequence[str],
    random: Random,
    begun: Collection[Value],
) -> pa.Table:
    """For each service, in each class of readiness, some ways to be prepared: documents in hand,
    and an applicant, regions and facts with which they would do (null: any)."""
    ways = _ways(facts, begun)
    rows: list[dict[str, Any]] = []
    for _, service in services:
        for readiness in range(len(READINESS)):
            for _ in range(WAYS):
                row: dict[str, Any] = {"slot": len(rows), "name": service, "held": []}
                if service in ways:
                    way = random.choice(random.choice(ways[service]))
                    row["held"] = list(_held(way.needs, readiness, random))
                    for condition in way.met:
                        for test in condition.tests:
                            row.update(_does(facts, test, random))
                    for condition in way.unmet:
                        row.update(_does_not(facts, random.choice(condition.tests), random))
                rows.append(row)
    schema = [("slot", pa.int32()), ("name", pa.string()), ("held", pa.list_(HELD))]
    schema += [("applicant", pa.string()), ("regions", pa.list_(pa.string()))]
    schema += [(attribute, pa.string()) for attribute in told]
    return pa.Table.from_pylist(rows, pa.schema(schema))


def _held(needs: Sequence[Need], readiness: int, random: Random) -> Iterator[dict[str, Any]]:
    """Documents in hand for needs: all, some or few of them, and now and then not quite right."""
    slips = (0.03, 0.12, 0.2)[readiness]
    for need in needs:
        if random.random() > (1.0, 0.6, 0.2)[readiness]:
            continue
        states: list[str] | None = [f"证明:{word}" for word in need.must_state] or None
        if states and random.random() < slips:
            states = random.choice([None, states[1:]])
        few = need.at_least > 1 and random.random() < slips
        yield {
            "document": need.document,
            "count": 0 if random.random() < 0.005 else need.at_least - few,
            "holder": None if random.random() < slips else need.holder,
            "states": states,
        }


def _does(facts: FactBase, test: Test, random: Random) -> dict[str, Any]:
    """A value with which a test is met, for the columns that it can be told of."""
    if test.attribute == "regions":
        every = test.any_of or test.all_of
        return {"regions": sorted(random.sample(every, random.randint(1, min(2, len(every)))))}
    if test.attribute == "applicant":
        wanted = random.choice(test.any_of or test.all_of)
        narrower = [n for n, w in facts.vocabulary.wider if w == wanted and n in ORGANISATIONS]
        if wanted == "non_individual":
            return {}
        return {"applicant": random.choice(narrower) if narrower else wanted}
    if test.attribute in OWN_KEYS:
        return {}
    if every := test.any_of or test.all_of:
        return {test.attribute: random.choice(every)}
    return {test.attribute: test.since or test.until}


def _does_not(facts: FactBase, test: Test, random: Random) -> dict[str, Any]:
    """A value with which a test fails, if one can be told."""
    if test.attribute in OWN_KEYS:
        return {}
    others = set(values(facts.vocabulary, facts.vocabulary.attributes[test.attribute]))
    others -= {*test.any_of, *test.all_of}
    return {test.attribute: random.choice(sorted(others))} if others else {}


def _dated(seed: int) -> str:
    """Documents in hand of which four in ten say on which days they are valid, some of them over or
    still to come in the years around 2025."""

    def day(call: int) -> str:
        drawn = f"hash(id, k, {call}, {seed})"
        return f"DATE '2022-01-01' + CAST({drawn} % 2200 AS INT)"

    def often(call: int, hundredths: int) -> str:
        return f"hash(id, k, {call}, {seed}) % 100 < {hundredths}"

    first, last = f"least({day(1)}, {day(2)})", f"greatest({day(1)}, {day(2)})"
    return (
        "list_transform(holds, lambda h, k: {'document': h.document, 'count': h.count,"
        " 'holder': h.holder, 'states': h.states,"
        f" 'valid_from': CASE WHEN {often(3, 25)} THEN {first} END,"
        f" 'valid_until': CASE WHEN {often(4, 25)} THEN {last} END}})"
    )


def _noise(facts: FactBase, random: Random) -> pa.Table:
    """Lists of documents that an app has whatever it does."""
    documents = [term.id for term in facts.names.of("document")]
    holders = [term.id for term in facts.names.of("holder")]
    words = sorted({str(word) for _, word in facts.rows.facts.get("need_states", ())})
    rows = []
    for n in range(GROUNDS):
        held = [
            {
                "document": documents[int(len(documents) * random.random() ** 1.5)],
                "count": random.choice((1, 1, 1, 1, 2, 3)),
                "holder": random.choice((None, *(["applicant"] * 6), *holders)),
                "states": random.choice((None, None, [], [random.choice(words)] if words else [])),
            }
            for _ in range(random.choice((0, 1, 1, 2, 2, 3, 4, 6, 9)))
        ]
        rows.append({"ground": n, "also": held})
    schema = pa.schema([("ground", pa.int32()), ("also", pa.list_(HELD))])
    return pa.Table.from_pylist(rows, schema)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _hundred(weights: dict[str, int], known: frozenset[str]) -> list[str]:
    """Values, each as often as it is met with."""
    every = [name for name, weight in weights.items() if name in known for _ in range(weight)]
    return [_text(name) for name in every or sorted(known)]


class _Draw:
    """SQL for what is drawn by a number: each call is another draw."""

    def __init__(self, number: str, seed: int) -> None:
        self.number, self.seed, self.calls = number, seed, 0

    def whole(self, below: int | str) -> str:
        self.calls += 1
        return f"CAST(hash({self.number}, {self.calls}, {self.seed}) % {below} AS INT)"

    def share(self) -> str:
        return f"({self.whole(1_000_000)} / 1e6)"

    def often(self, hundredths: int | str) -> str:
        return f"({self.whole(100)} < {hundredths})"

    def of(self, listed: Sequence[str]) -> str:
        """One of some expressions."""
        return f"[{', '.join(listed)}][1 + {self.whole(len(listed))}]"

    def some(self, listed: Sequence[str]) -> str:
        """A list of two or three of them."""
        every = ", ".join(self.of(listed) for _ in range(3))
        return f"list_sort(list_distinct([{every}]))"


def _grounds(facts: FactBase, told: Sequence[str], seed: int) -> str:
    """A query for what an app may be, whatever it does: one row a ground."""
    draw = _Draw("ground", seed)
    regions = _hundred(PLACES, facts.names.ids("region"))
    applicants = _hundred(ORGANISATIONS, facts.names.ids("applicant"))
    audiences = [_text(term.id) for term in facts.names.of("audience")]
    columns = [
        f"{_fact(facts, attribute, told, draw)} AS {_quoted(attribute.id)}"
        for attribute in facts.vocabulary.attributes.values()
        if attribute.id not in OWN_KEYS
    ]
    return f"""
    SELECT ground, also, {", ".join(columns)},
        CASE WHEN {draw.often(5)} THEN NULL ELSE {draw.of(applicants)} END AS applicant,
        CASE WHEN {draw.often(9)} THEN NULL WHEN {draw.often(1)} THEN []
            WHEN {draw.often(80)} THEN [{draw.of(regions)}]
            ELSE {draw.some(regions)} END AS regions,
        CASE WHEN {draw.often(25)} THEN NULL WHEN {draw.often(3)} THEN []
            WHEN {draw.often(60)} THEN [{draw.of(audiences)}]
            ELSE {draw.some(audiences)} END AS audience
    FROM (SELECT *, {draw.often(22)} AS thorough FROM noise)
    """


def _fact(facts: FactBase, attribute: Attribute, told: Sequence[str], draw: _Draw) -> str:
    """SQL for what an app says of an attribute."""
    match attribute.type:
        case "day":
            year, month, day = draw.whole(9), draw.whole(12), draw.whole(28)
            found = f"format('{{}}-{{:02d}}-{{:02d}}', 2016 + {year}, 1 + {month}, 1 + {day})"
        case "number":
            found = f"CAST({draw.whole(1000)} AS VARCHAR)"
        case "flag":
            forbidden = {q for _, q in facts.rows.facts.get("forbids_practice", ())}
            yes = 12 if attribute.id in forbidden else 85
            found = f"CASE WHEN {draw.often(yes)} THEN 'yes' ELSE 'no' END"
        case _:
            found = draw.of([_text(value) for value in values(facts.vocabulary, attribute)])
    often = "50" if attribute.id in told else "CASE WHEN thorough THEN 88 ELSE 14 END"
    return f"CASE WHEN {draw.often(often)} THEN {found} END"


def _select(facts: FactBase, count: int, services: int, told: Sequence[str], seed: int) -> str:
    """The query that makes the apps, from the tables `slots`, `grounds`, `popular`, `fields`."""
    draw = _Draw("i", seed)
    ready, partly, _ = READINESS
    more = [
        f"CASE WHEN wide > {n} THEN CASE WHEN {draw.often(65)}"
        f" THEN first + {draw.whole('size')} ELSE {draw.whole(services)} END END AS s{n + 1}"
        for n in (1, 2, 3)
    ]
    slot = [
        f"(s{n} * {len(READINESS)} + readiness) * {WAYS} + {draw.whole(WAYS)} AS k{n}"
        for n in (1, 2, 3, 4)
    ]
    attributes = []
    for id in [a for a in facts.vocabulary.attributes if a not in OWN_KEYS]:
        column = _quoted(id)
        said = f"g.{column}"
        if id in told:
            quiet = draw.often("CASE readiness WHEN 0 THEN 8 ELSE 40 END")
            said = f"CASE WHEN NOT {quiet} THEN coalesce(v1.{column}, v2.{column}, {said}) END"
        attributes.append(f"{_text(id)}: {said}")
    held = ", ".join(f"v{n}.held" for n in (1, 2, 3, 4))
    shown = ", ".join(f"v{n}.name" for n in (1, 2, 3, 4))
    joins = "\n    ".join(f"LEFT JOIN slots v{n} ON v{n}.slot = k{n}" for n in (1, 2, 3, 4))
    suits = [
        f"CASE WHEN v1.{column} IS NOT NULL AND {draw.often(75)} THEN v1.{column}"
        f" ELSE g.{column} END AS {column}"
        for column in ("applicant", "regions")
    ]
    return f"""
    WITH number AS (
        SELECT i, {draw.whole(100)} AS class,
            {draw.of(["1", "2", "2", "2", "3", "3", "3", "4", "4", "4"])} AS wide,
            CAST(floor({services} * pow({draw.share()}, 1.6)) AS INT) AS rank
        FROM range({count}) r(i)
    ), first_of AS (
        SELECT i, wide, service AS s1, first, size,
            CASE WHEN class < {ready} THEN 0 WHEN class < {ready + partly} THEN 1 ELSE 2 END
                AS readiness
        FROM number JOIN popular USING (rank) JOIN fields USING (service)
    ), more AS (
        SELECT i, readiness, s1, {", ".join(more)} FROM first_of
    ), once AS (
        SELECT i, readiness, s1, CASE WHEN s2 <> s1 THEN s2 END AS s2,
            CASE WHEN s3 NOT IN (s1, s2) THEN s3 END AS s3,
            CASE WHEN s4 NOT IN (s1, s2, s3) THEN s4 END AS s4
        FROM more
    ), slot AS (
        SELECT i, readiness, {", ".join(slot)}, {draw.whole(GROUNDS)} AS ground FROM once
    )
    SELECT
        CASE WHEN i % 7 = 3 THEN '小程序-' || i ELSE 'app-' || i END AS id,
        {", ".join(suits)},
        CASE WHEN {draw.often(1)} THEN CASE WHEN {draw.often(50)} THEN [] END
            ELSE list_filter([{shown}], lambda x: x IS NOT NULL) END AS services,
        g.audience,
        {{{", ".join(attributes)}}} AS facts,
        CASE WHEN {draw.often(2)} THEN NULL ELSE flatten([{held}, g.also])[1:{MOST}] END AS holds
    FROM slot {joins} JOIN grounds g USING (ground)
    """
