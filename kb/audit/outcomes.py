"""What comes out of parts: a verdict, its reason, the best alternative and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import duckdb

from kb.answers.bundle import best
from kb.answers.choices import Choice
from kb.answers.copies import Contradicting
from kb.audit.dictionary import insert
from kb.base.core import Core
from kb.base.documents import leaves_of
from kb.engines.interning import Interner
from kb.engines.sql.select import Table
from kb.model.requirements import Need
from kb.render.words import REASONS

FACTS = """
CREATE TABLE reason_rank (code INT, rank INT);
CREATE TABLE version (v INT, x INT);
CREATE TABLE alternative (l INT, v INT, place INT);
CREATE TABLE need_place (v INT, n INT, place INT);
CREATE TABLE alternative_need (l INT, n INT);
CREATE TABLE choice_member (n INT, least INT, member INT);
CREATE TABLE duty_way (p INT, d INT, h INT, place INT, n INT);
"""
SCHEMA = """
CREATE TABLE name (code INT, name VARCHAR);
CREATE TABLE outcome (sit INT, x INT, verdict_code INT, reason INT, optional BOOLEAN,
    conflict BOOLEAN, alternative VARCHAR, missing VARCHAR[]);
CREATE TABLE found_option (g INT, r INT);
CREATE TABLE found_only_option (g INT, x INT);
CREATE TABLE found_conflict (g INT, x INT);
CREATE TABLE found_prohibited (g INT, s INT, v INT);
CREATE TABLE found_perhaps_prohibited (g INT, s INT, v INT);
CREATE TABLE found_reached (g INT, s INT);
CREATE TABLE found_placed_off_day (g INT, s INT, r INT);
CREATE TABLE found_placed (g INT, s INT);
CREATE TABLE found_named_otherwise (g INT);
CREATE TABLE found_text_open (g INT, p INT);
CREATE TABLE found_in_text (g INT, p INT);
"""
# What rules say of another subject than a ground's own is passed over: its marks are not there.
FOUND = {
    "found_option": "SELECT c0, c1 FROM {option} JOIN new_ground ON g = c0 AND x = c2",
    "found_only_option": "SELECT DISTINCT c0, c1 FROM {only_option}"
    " JOIN new_ground ON g = c0 AND x = c1",
    "found_conflict": "SELECT DISTINCT c0, c1 FROM {in_conflict}"
    " JOIN new_ground ON g = c0 AND x = c1",
    "found_prohibited": "SELECT c0, c1, c2 FROM {prohibited} JOIN new_ground ON g = c0"
    " JOIN version ON v = c2 AND new_ground.x IN (v, version.x)",
    "found_perhaps_prohibited": "SELECT c0, c1, c2 FROM {perhaps_prohibited}"
    " JOIN new_ground ON g = c0 JOIN version ON v = c2 AND new_ground.x IN (v, version.x)",
    "found_reached": "SELECT DISTINCT c0, c1 FROM {reached} JOIN new_ground ON g = c0"
    " LEFT JOIN version ON v = new_ground.x WHERE c2 IN (new_ground.x, version.x)",
    "found_placed_off_day": "SELECT DISTINCT c0, c1, c3 FROM {placed_off_day}"
    " JOIN new_ground ON g = c0 AND x = c2",
    "found_placed": "SELECT DISTINCT c0, c1 FROM {placed} JOIN new_ground ON g = c0 AND x = c2",
    "found_named_otherwise": "SELECT DISTINCT c0 FROM {named_otherwise}"
    " JOIN new_ground ON g = c0 AND x = c1",
    "found_text_open": "SELECT c0, c2 FROM {text_open} JOIN new_ground ON g = c0 AND x = c1",
    "found_in_text": "SELECT c0, c1 FROM {in_text} JOIN new_ground ON g = c0 AND x = c2",
}
CHOSEN_BY = ("eligible", "usable", "held", "lacks_of", "unsure_whose", "not_asked")
"""What the choice of the best alternative looks at."""
CHOICES = """
CREATE OR REPLACE TABLE choice AS
SELECT p.c0 AS sit, p.c1 AS l, v, place, u.c1 IS NULL AS doubtful
FROM {eligible} p JOIN fresh ON sit = p.c0 AND x = p.c3
JOIN alternative ON l = p.c1
LEFT JOIN {usable} u ON u.c0 = p.c0 AND u.c1 = p.c1
ANTI JOIN {not_asked} t ON t.c0 = p.c0 AND t.c1 = v;

CREATE OR REPLACE TABLE lack AS
SELECT sit, l, n FROM choice JOIN alternative_need USING (l)
ANTI JOIN {held} h ON h.c0 = sit AND h.c1 = n
UNION SELECT sit, l, w.c2 FROM choice JOIN (
    SELECT c0, c1, c2 FROM {lacks_of} UNION SELECT c0, c1, c2 FROM {unsure_whose}
) w ON w.c0 = sit AND w.c1 = l;

CREATE OR REPLACE TABLE still AS
SELECT sit, n, any_value(least) - count(h.c0) AS more
FROM (SELECT DISTINCT sit, n FROM lack) JOIN choice_member USING (n)
LEFT JOIN {held} h ON h.c0 = sit AND h.c1 = member GROUP BY sit, n;

CREATE OR REPLACE TABLE several AS
SELECT sit FROM choice GROUP BY sit HAVING count(DISTINCT v) > 1;

CREATE OR REPLACE TABLE pick AS
SELECT sit, arg_min(l, (doubtful, coalesce(n, 0), place)) AS l, any_value(v) AS v
FROM choice LEFT JOIN (
    SELECT sit, l, sum(coalesce(more, 1)) AS n FROM lack LEFT JOIN still USING (sit, n)
    GROUP BY sit, l
) USING (sit, l)
ANTI JOIN several USING (sit) GROUP BY sit;

CREATE OR REPLACE TABLE best (sit INT, alternative VARCHAR, missing VARCHAR[]);

INSERT INTO best
SELECT sit, any_value(a.name), list(m.name ORDER BY o.place) FILTER (m.name IS NOT NULL)
FROM pick JOIN name a ON a.code = l LEFT JOIN lack USING (sit, l)
LEFT JOIN name m ON m.code = n LEFT JOIN need_place o ON o.v = pick.v AND o.n = lack.n
GROUP BY sit;
"""
SEVERAL = """
SELECT sit, v, l, place, doubtful, list(n) FILTER (n IS NOT NULL)
FROM choice JOIN several USING (sit) LEFT JOIN lack USING (sit, l)
GROUP BY sit, v, l, place, doubtful ORDER BY sit, v, place
"""
OUTCOME = """
INSERT INTO outcome
SELECT sit, x, c.c2, r.reason, o.g IS NOT NULL, f.g IS NOT NULL,
    if(c.c2 = $none OR e.c0 IS NOT NULL, NULL, best.alternative),
    if(e.c0 IS NULL, coalesce(best.missing, []), [])
FROM fresh JOIN {category_verdict} c ON c.c0 = sit AND c.c1 = x
JOIN (
    SELECT c0, c1, arg_min(c2, rank) AS reason FROM {category_reason} JOIN reason_rank ON code = c2
    GROUP BY c0, c1
) r ON r.c0 = sit AND r.c1 = x
LEFT JOIN found_only_option o USING (g, x)
LEFT JOIN found_conflict f USING (g, x)
LEFT JOIN best USING (sit)
LEFT JOIN {lifted} e ON e.c0 = sit AND e.c1 = x
"""
# Of several papers that keep a duty the first is told.
VERDICT = """
CREATE OR REPLACE TABLE duty_due AS
SELECT k.c0 AS row, p, d, h, place, n FROM {paper_due} k
JOIN duty_way ON p = k.c1 AND d = k.c2 AND h = k.c3;

CREATE OR REPLACE TABLE duty_wants AS
SELECT row, p, arg_min(n, place) AS n, min(place) AS place FROM duty_due GROUP BY row, p;

CREATE OR REPLACE TABLE verdict AS
SELECT v.c0 AS row, v.c1 AS verdict, arg_min(r.c1, rank) AS reason,
    coalesce(any_value(w.missing), []) AS missing
FROM {app_verdict} v JOIN {app_reason} r ON r.c0 = v.c0 JOIN reason_rank ON code = r.c1
LEFT JOIN (
    SELECT row, list(m.name ORDER BY place) AS missing
    FROM (SELECT row, n, min(place) AS place FROM duty_wants GROUP BY row, n)
    JOIN name m ON m.code = n GROUP BY row
) w ON w.row = v.c0
GROUP BY v.c0, v.c1
"""


def put_facts(base: Core, database: duckdb.DuckDBPyConnection, names: Interner) -> None:
    """Put what outcomes are found by, and what is the same for all apps, into tables."""
    facts, number = base.facts.rows.facts, names.number
    database.execute(FACTS)
    insert(database, "reason_rank", ((number(key), n) for n, key in enumerate(REASONS)))
    insert(database, "alternative", _alternatives(base, names))
    insert(database, "need_place", _places(base, names))
    asked = facts.get("alternative_needs", ())
    insert(database, "alternative_need", ((number(str(of)), number(str(n))) for of, n in asked))
    members = (
        (number(str(choice)), base.needs[str(choice)].at_least, number(str(need)))
        for choice, need in facts.get("choice_of", ())
    )
    insert(database, "choice_member", members)
    insert(database, "duty_way", _ways(base, names))
    versions = ((number(str(v)), number(str(c))) for v, c, _ in facts["version"])
    insert(database, "version", versions)


def _alternatives(base: Core, names: Interner) -> Iterator[tuple[int, int, int]]:
    for id, reading in base.facts.readings.items():
        for place, alternative in enumerate(reading.alternative_ids):
            yield names.number(alternative), names.number(id), place


def _places(base: Core, names: Interner) -> Iterator[tuple[int, int, int]]:
    for id, reading in base.facts.readings.items():
        for place, need in enumerate(leaves_of(reading)):
            yield names.number(id), names.number(need.id), place


def _ways(base: Core, names: Interner) -> Iterator[tuple[int, ...]]:
    """The papers that keep duties, in the order of the files, each as a need."""
    number = names.number
    duties = {part for part, _ in base.facts.rows.facts.get("duty", ())}
    ways = ((p, each) for p, every in base.provisions.documents.items() for each in every)
    for place, (part, (document, holder)) in enumerate(way for way in ways if way[0] in duties):
        need = Need(document, holder)
        yield number(part), number(document), number(holder), place, number(need.id)


class Outcomes:
    """What was found of all grounds and parts so far, in tables of a database; see `put_facts` for
    those that must be in it."""

    def __init__(self, base: Core, database: duckdb.DuckDBPyConnection, names: Interner) -> None:
        self.base = base
        self.database = database
        self._names = names.names()
        self._seen: dict[Any, tuple[list[int], list[str]]] = {}
        self._apart = Contradicting(base.facts.vocabulary)
        database.execute(SCHEMA)
        self.none = names.number("none_stated")
        insert(database, "name", enumerate(names.names()))

    def ground(self, tables: Mapping[str, Table]) -> None:
        """Take what the rules derived of the grounds in the table `new_ground`."""
        places = {name: table.name for name, table in tables.items()}
        for table, query in FOUND.items():
            self.database.execute(f"INSERT INTO {table} {query.format(**places)}")

    def add(self, tables: Mapping[str, Table]) -> None:
        """Take what the rules derived of the parts in the table `fresh`."""
        places = {name: table.name for name, table in tables.items()}
        self.database.execute(CHOICES.format(**places))
        self._several()
        self.database.execute(OUTCOME.format(**places), {"none": self.none})

    def _several(self) -> None:
        """Texts that stand side by side: what contents them all, found as `ask` finds it. What is
        the same but for the names of alternatives is found once."""
        found = []
        rows = self.database.execute(SEVERAL).fetchall()
        for sit, choices in groupby(rows, key=lambda row: row[0]):
            readings: dict[int, list[Any]] = {}
            for _, v, alternative, _, doubtful, needs in choices:
                choice = alternative, doubtful, tuple(sorted(needs or ()))
                readings.setdefault(v, []).append(choice)
            ordered = [
                readings[v]
                for v in sorted(readings, key=lambda v: self.base.reading_order[self._names[v]])
            ]
            key = tuple(tuple(choice[1:] for choice in each) for each in ordered)
            if key not in self._seen:
                self._seen[key] = self._best(key)
            places, missing = self._seen[key]
            picked = [each[place][0] for each, place in zip(ordered, places, strict=True)]
            found.append((sit, " + ".join(self._names[code] for code in picked), missing))
        insert(self.database, "best", found)

    def _best(self, key: Any) -> tuple[list[int], list[str]]:
        needs_of, names = self.base.needs, self._names
        readings = [
            [
                Choice(
                    str(n),
                    frozenset(needs_of[names[need]] for need in needs),
                    doubtful,
                )
                for n, (doubtful, needs) in enumerate(choices)
            ]
            for choices in key
        ]
        found = best(readings, apart=self._apart)
        return [int(pick.name) for pick in found.picks], [need.id for need in found.needs]

    def whole(self, tables: Mapping[str, Table]) -> None:
        """Take the verdicts on whole apps."""
        places = {name: table.name for name, table in tables.items()}
        self.database.execute(VERDICT.format(**places))
