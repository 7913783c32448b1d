"""Judging a chunk of apps: alike in what bears on a category, they are judged once.

An app is cut into parts: one for each category that one of its services leads to, one for each
reading that rules one of them out, and one for each text whose range must be looked at. A part is
all that bears on its subject, by the rules of `12_bearing.dl`, and nothing else: a list of marks,
each standing for all that its subject does not tell apart. Different parts are few, however many
the apps, and each is judged once, by the very rules that judge an app; what comes out is joined
back to the apps, and the rules for the whole are evaluated over that (`tests/test_audit.py` holds
audits against `ask`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import duckdb
import pyarrow as pa
from sqlglot import exp, parse_one

from kb.answers.core import Core
from kb.audit.alike import Alike, Watch
from kb.audit.marks import ITSELF, NOTHING, SERVICES_KNOWN, Columns, Marks, insert
from kb.audit.outcomes import Outcomes
from kb.audit.reading import Reader
from kb.engines.batching import EVERY_APP, batched, given
from kb.engines.duckdb import DIALECT, DuckDBEngine
from kb.engines.interning import Interner
from kb.engines.protocol import Model
from kb.engines.sql import Table
from kb.lang.syntax import Program, Row, Value

PARTS = (
    "category_verdict",
    "category_reason",
    "only_option",
    "option",
    "prohibited",
    "perhaps_prohibited",
    "reached",
    "in_play",
    "barred",
    "usable",
    "lacks",
    "unsure_of",
    "in_conflict",
    "in_text",
    "text_open",
)
"""What is found out of parts."""
KNOWN = {
    "category_verdict": "SELECT row, x, verdict_code FROM judged JOIN outcome USING (sit, x)",
    "only_option": "SELECT row, x FROM judged JOIN outcome USING (sit, x) WHERE optional",
    "option": "SELECT row, r, x FROM judged JOIN found_option USING (sit)",
    "prohibited": "SELECT DISTINCT row, s, v FROM judged JOIN found_prohibited USING (sit)",
    "perhaps_prohibited": "SELECT DISTINCT row, s, v FROM judged"
    " JOIN found_perhaps_prohibited USING (sit)",
    "reached": "SELECT row, s, x FROM judged JOIN found_reached USING (sit)",
    "text_open": "SELECT row, x, p FROM judged JOIN found_text_open USING (sit)",
    "in_text": "SELECT row, p, x FROM judged JOIN found_in_text USING (sit)",
    # Of an app as a whole only the conditions of its texts are still to be looked at.
    "in_sight": "SELECT row, p FROM judged JOIN found_in_text USING (sit)",
    "reading": "SELECT 0, 0, 0 WHERE false",
}
"""What is known of an app from its parts when the whole is judged."""
WHOLE = ("app_verdict", "app_reason")
DAY = 24 * 3600.0
BEARING = (
    "leads_to",
    "bears_service",
    "bears_test",
    "bears_attribute",
    "bears_document",
    "bears_wording",
    "range_attribute",
    "range_service",
    "range_test",
)
OFFERED = "SELECT v, mark FROM mark_value ORDER BY mark"

SCHEMA = """
CREATE TABLE leads (x INT, mark INT);
CREATE TABLE bears_attribute (x INT, q INT, g INT);
CREATE TABLE bears_document (x INT, d INT, h INT);
CREATE TABLE bears_wording (x INT, n INT);
CREATE TABLE range_of (x INT);
CREATE TABLE bears (x INT, mark INT, stands INT);
CREATE TABLE part (sit INT, x INT, marks INT[])
"""
NEW_BEARS = """
INSERT INTO bears
SELECT x, mark, stands FROM mark_alike JOIN bears_attribute USING (q, g) WHERE mark > $learnt
UNION SELECT x, mark, mark FROM mark_holds JOIN bears_document USING (d, h) WHERE mark > $learnt
UNION SELECT x, mark, mark FROM mark_fits JOIN bears_wording USING (n) WHERE mark > $learnt
"""
# One listed without its holder is in hand, so it is the applicant's own; whether it is somebody
# else's is not known.
HOLDS = """
CREATE OR REPLACE TABLE holds AS
SELECT row, d, h, least(if(own, most, sure), enough)::BIGINT AS s,
    least(most, enough)::BIGINT AS m
FROM (
    SELECT row, p.d, p.h, p.own, enough, sum(n) AS most,
        coalesce(sum(n) FILTER (g.h = p.h), 0) AS sure
    FROM holding g JOIN held_by p ON g.d = p.d AND (g.h IS NULL OR g.h = p.h)
    GROUP BY row, p.d, p.h, p.own, enough
) WHERE most > 0
"""
FITS = """
CREATE OR REPLACE TABLE fits AS
SELECT row, n, least(if(own, stating, sure), enough)::BIGINT AS s,
    least(most, enough)::BIGINT AS m
FROM (
    SELECT row, p.n, p.own, enough, sum(g.n) AS most,
        coalesce(sum(g.n) FILTER (g.w IS NOT NULL), 0) AS stating,
        coalesce(sum(g.n) FILTER (g.w IS NOT NULL AND g.h = p.h), 0) AS sure
    FROM holding g JOIN asked_words p ON g.d = p.d AND (g.h IS NULL OR g.h = p.h)
    WHERE g.w IS NULL OR EXISTS (FROM worded w WHERE w.w = g.w AND w.n = p.n)
    GROUP BY row, p.n, p.own, enough
) WHERE most > 0
"""
MARKS = """
CREATE OR REPLACE TABLE marks AS
FROM offered
UNION ALL SELECT row, mark FROM holds JOIN mark_holds USING (d, h, s, m)
UNION ALL SELECT row, mark FROM fits JOIN mark_fits USING (n, s, m)
"""
PAIRS = """
CREATE OR REPLACE TABLE pair AS
SELECT DISTINCT row, x FROM marks JOIN leads USING (mark)
UNION ALL SELECT row, x FROM chunk CROSS JOIN range_of;

CREATE OR REPLACE TABLE keyed AS
SELECT row, x, list_sort(list(stands)) AS marks
FROM pair JOIN (FROM marks WHERE mark IN (SELECT mark FROM bears)) USING (row)
JOIN bears USING (x, mark) GROUP BY row, x
"""
FRESH = """
CREATE OR REPLACE TABLE fresh AS
SELECT $first + row_number() OVER () AS sit, x, marks FROM (
    SELECT DISTINCT x, marks FROM keyed ANTI JOIN part USING (x, marks))
"""
# Who offers a service that leads to a category has said which services there are.
JUDGED = f"""
INSERT INTO part FROM fresh;

CREATE OR REPLACE TABLE fresh_mark AS
SELECT sit, unnest(marks) AS mark FROM fresh
UNION ALL SELECT sit, {SERVICES_KNOWN} FROM fresh WHERE x NOT IN (FROM range_of);

CREATE OR REPLACE TABLE judged AS SELECT row, x, sit FROM keyed JOIN part USING (x, marks)
"""
# Of an app as a whole its services are looked at, and all it says where a text applies to it.
WHOLE_MARKS = """
CREATE OR REPLACE TABLE whole_mark AS
SELECT row, mark FROM marks WHERE mark <= $services
UNION ALL SELECT row, mark FROM marks
WHERE mark > $services AND row IN (SELECT row FROM judged JOIN found_in_text USING (sit))
"""
APP_FACTS = {
    "app_value": "SELECT DISTINCT {app}, q, v FROM {marks} JOIN mark_value USING (mark)",
    "app_day": "SELECT {app}, q, d FROM {marks} JOIN mark_day USING (mark)",
    "app_knows": "SELECT DISTINCT {app}, q FROM {marks} JOIN mark_knows USING (mark)",
    "app_holds": "SELECT {app}, d, h, s, m FROM {marks} JOIN mark_holds USING (mark)",
    "app_fits": "SELECT {app}, n, s, m FROM {marks} JOIN mark_fits USING (mark)",
    EVERY_APP: "SELECT {app} FROM {all}",
}
"""The relations of profiles over a table of marks."""


class Judge:
    """Judges chunks of apps on one day; one for each process that works on an audit."""

    def __init__(
        self, base: Core, day: int, drafts: bool, database: duckdb.DuckDBPyConnection
    ) -> None:
        self.base = base
        self.database = database
        self._shared: dict[str, list[Row]] = {
            "question_day": [(day,)],
            "with_drafts": [()] if drafts else [],
        }
        self.names = names = Interner()
        goals: tuple[tuple[Program, tuple[str, ...], str], ...] = (
            (base.program, PARTS, "p"),
            (given(base.program, KNOWN, WHOLE), WHOLE, "w"),
        )
        self._parts, self._whole = (
            self._engine(program, wanted, prefix, names) for program, wanted, prefix in goals
        )
        static = self._evaluate(base.program, (*BEARING, "text_counts"))
        facts = base.facts.rows.facts
        within = {part for part, _ in facts.get("range", ())}
        ranges = {source for part, source in facts.get("part", ()) if part in within}
        texts = {source for _, source in static["text_counts"]} & ranges
        database.execute(SCHEMA)
        attributes = self._attributes(static, texts)
        alike = Alike(base.facts)
        watches = self._watches(static, alike)
        self.marks = Marks(database, base, names, attributes, alike, watches)
        self.reader = Reader(database, self.marks)
        self._bearing(static, texts, names)
        self.outcomes = Outcomes(base, database, names)
        self._given: dict[str, dict[str, exp.Query]] = {}
        self._first = 0
        self._learnt = SERVICES_KNOWN

    def _evaluate(self, _: Program, relations: Iterable[str]) -> Model:
        """What is the same for every app of the day."""
        rows = {name: [("", *row) for row in found] for name, found in self._shared.items()}
        return self.base.engine.evaluate(rows, relations)

    def _engine(
        self, program: Program, goals: Iterable[str], prefix: str, names: Interner
    ) -> DuckDBEngine:
        facts = self.base.facts.rows.facts
        batch = batched(program, facts, self._shared, goals, self._evaluate)
        return DuckDBEngine(batch.program, batch.facts, DAY, names, prefix, self.database)

    def _attributes(self, static: Model, texts: set[Value]) -> frozenset[str]:
        """The attributes that rules may look at on this day."""
        facts = self.base.facts.rows.facts
        found = {q for r in ("bears_attribute", "range_attribute") for _, q in static[r]}
        parts = {part for part, source in facts.get("part", ()) if source in texts}
        bound = (*facts.get("part_when", ()), *facts.get("part_unless", ()))
        asked = {condition for part, condition in bound if part in parts}
        tests = {test for condition, test in facts.get("condition_test", ()) if condition in asked}
        # Of an app as a whole every service is known by its own mark.
        found |= {q for t, q in facts.get("test_reads", ()) if t in tests and q != "services"}
        for relation in ("met_by_practice", "forbids_practice"):
            found |= {q for part, q in facts.get(relation, ()) if part in parts}
        return frozenset(map(str, found))

    def _watches(self, static: Model, alike: Alike) -> dict[str, list[tuple[int, Watch]]]:
        """The different things that categories and texts watch in each attribute, by number."""
        tests: dict[Value, set[str]] = {}
        for subject, test in (*static["bears_test"], *static["range_test"]):
            tests.setdefault(subject, set()).add(str(test))
        places: dict[Value, set[str]] = {}
        for text, place in self.base.facts.rows.facts.get("text_place", ()):
            places.setdefault(text, set()).add(str(place))
        numbers: dict[tuple[str, Watch], int] = {}
        self._watched: dict[tuple[Value, Value], int] = {}
        for subject in sorted({*tests, *places}, key=str):
            watches = alike.watches(sorted(tests.get(subject, ())))
            if subject in places:
                values, bounds = watches.get("regions", Watch())
                watches["regions"] = Watch(values | places[subject], bounds)
            for attribute, watch in watches.items():
                number = numbers.setdefault((attribute, watch), len(numbers))
                self._watched[subject, attribute] = number
        found: dict[str, list[tuple[int, Watch]]] = {}
        for (attribute, watch), number in numbers.items():
            found.setdefault(attribute, []).append((number, watch))
        return found

    def _bearing(self, static: Model, texts: set[Value], names: Interner) -> None:
        """Tables of what bears on what."""
        number = names.number
        database = self.database
        facts = self.base.facts.rows.facts
        service = dict(database.execute(OFFERED).fetchall())

        def coded(rows: Iterable[Row]) -> list[tuple[int, ...]]:
            return [tuple(number(str(value)) for value in row) for row in sorted(rows)]

        ranged = [(x, s) for x, s in static["range_service"] if x in texts]
        # A text rules a service out whatever the category comes to.
        ruled = facts.get("unsupported", ())
        bears = [*static["bears_service"], *ranged, *ruled]
        leads = [*((c, s) for s, c in static["leads_to"]), *ruled]

        def offers(pairs: Iterable[tuple[Value, ...]]) -> Iterator[tuple[int, int]]:
            return ((number(str(x)), service[number(str(s))]) for x, s in sorted(pairs))

        insert(database, "bears", ((x, mark, mark) for x, mark in offers(bears)))
        insert(database, "leads", offers(leads))
        seen = [row for row in static["range_attribute"] if row[0] in texts]
        seen += [*static["bears_attribute"], *((v, "platform") for v, _ in ruled)]
        insert(
            database,
            "bears_attribute",
            sorted(
                {
                    (number(str(x)), number(str(q)), self._watched.get((x, q), ITSELF))
                    for x, q in seen
                }
            ),
        )
        insert(database, "bears_document", coded(static["bears_document"]))
        insert(database, "bears_wording", coded(static["bears_wording"]))
        insert(database, "range_of", coded((text,) for text in texts))
        for mark in (NOTHING, SERVICES_KNOWN):
            insert(database, "bears", [(x, mark, mark) for (x,) in coded((t,) for t in texts)])

    def judge(self, table: pa.Table, columns: Columns) -> None:
        """Judge the apps of a table, the next chunk.

        Makes the tables `chunk` (row, id), `refused` (row, reason, app), `judged` (row, x, sit), to
        be read with `outcome`, which holds all parts so far, and `verdict` (row, verdict, reason).
        """
        run = self.database.execute
        self.reader.read(table, columns)
        self._mark()
        run(PAIRS)
        run(FRESH, {"first": self._first})
        run(JUDGED)
        [(fresh,)] = run("SELECT count(*) FROM fresh").fetchall()
        if fresh:
            self._first += fresh
            self.outcomes.add(self._derive(self._parts, PARTS, "fresh_mark", "fresh", "sit", fresh))
            self._parts.done()
        run(WHOLE_MARKS, {"services": self.marks.last_service})
        [(apps,)] = run("SELECT count(*) FROM chunk").fetchall()
        whole = self._derive(self._whole, WHOLE, "whole_mark", "chunk", "row", apps)
        self.outcomes.whole(whole)
        self._whole.done()

    def _mark(self) -> None:
        """The table `marks` (row, mark) of a chunk, and what new marks bear on."""
        run = self.database.execute
        for statement in (HOLDS, FITS):
            run(statement)
        for relation, table, keys in (
            ("mark_holds", "holds", "d, h, s, m"),
            ("mark_fits", "fits", "n, s, m"),
        ):
            self.marks.count(
                relation,
                run(
                    f"SELECT DISTINCT {keys} FROM {table} ANTI JOIN {relation} USING ({keys})"
                ).fetchall(),
            )
        run(NEW_BEARS, {"learnt": self._learnt})
        self._learnt = self.marks.last
        run(MARKS)

    def _derive(
        self,
        engine: DuckDBEngine,
        goals: Iterable[str],
        marks: str,
        every: str,
        app: str,
        apps: int,
    ) -> Mapping[str, Table]:
        # Trees are kept with their text, as an engine's plans are.
        if app not in self._given:
            stated = {
                name: query.format(app=app, marks=marks, all=every)
                for name, query in APP_FACTS.items()
            }
            if engine is self._whole:
                stated |= KNOWN
            self._given[app] = {name: _columns(query) for name, query in stated.items()}
        return engine.derive(self._given[app], goals, apps, DAY)


def _columns(query: str) -> exp.Query:
    """A query with its columns named as an engine's tables have them."""
    tree = parse_one(query, dialect=DIALECT)
    assert isinstance(tree, exp.Select)
    for at, column in enumerate(tree.expressions):
        column.replace(exp.alias_(column.unalias(), f"c{at}"))
    return tree
