"""Judging a chunk of apps: alike in what bears on a category, they are judged once.

An app is cut into parts: one for each category that one of its services leads to, one for each
reading that rules one of them out, and one for each text whose range must be looked at. A part is
all that bears on its subject, by the rules of `12_bearing.dl`, and nothing else: a list of marks,
each standing for all that its subject does not tell apart. Different parts are few, however many
the apps, and each is judged once, by the very rules that judge an app; what comes out is joined
back to the apps, and the rules for the whole are evaluated over that (`tests/test_audit.py` holds
audits against `ask`).

A part has a ground, all of it but for the documents in hand. Grounds are far fewer still, and what
rests on no document is found out once for each.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import duckdb
import pyarrow as pa

from kb.audit import plans
from kb.audit.computed import looked_beyond
from kb.audit.dictionary import SERVICES_KNOWN, Columns, Marks
from kb.audit.in_hand import EXEMPT, ISSUED, PARTY_FITS, PARTY_HOLDS, copies
from kb.audit.kept import stages_of
from kb.audit.outcomes import Outcomes
from kb.audit.reading import Reader
from kb.audit.relevance import Bearing
from kb.audit.stage import DAY, Stage, stated_of
from kb.audit.stages import KNOWN, Question, Stages
from kb.base.core import Core
from kb.engines.interning import Interner
from kb.engines.sql.duckdb import FEW, DuckDBEngine

MOST = 50_000
"""Parts that are kept for another audit."""
COUNTED = (
    ("mark_holds", "holds", "d, h, s, m"),
    ("mark_fits", "fits", "n, s, m"),
    ("mark_issued", "issued", "d, h, i, s"),
    ("mark_party", "party", "party, h"),
    ("mark_party_holds", "party_holds", "d, h, party, s"),
    ("mark_party_fits", "party_fits", "n, party, s"),
    ("mark_exempt", "exempt", "x, f, u"),
)
"""The tables of marks of these, each with that of a chunk and the columns that both have."""
SCHEMA = """
CREATE TABLE ground (g INT, x INT, marks INT[]);
CREATE TABLE part (sit INT, x INT, marks INT[], g INT)
"""
MARKS = """
CREATE OR REPLACE TABLE marks AS
FROM offered
""" + "".join(
    f"UNION ALL SELECT row, mark FROM {table} JOIN {marks} USING ({keys})\n"
    for marks, table, keys in COUNTED
)
PAIRS = """
CREATE OR REPLACE TABLE pair AS
SELECT DISTINCT row, x FROM marks JOIN leads USING (mark)
UNION ALL SELECT row, x FROM chunk CROSS JOIN range_of;

CREATE OR REPLACE TABLE keyed AS
SELECT row, x, list_sort(list(stands)) AS marks
FROM pair JOIN (FROM marks WHERE mark IN (SELECT mark FROM bears)) USING (row)
JOIN bears USING (x, mark) GROUP BY row, x;

CREATE OR REPLACE TABLE new_part AS
SELECT x, marks, list_filter(marks, lambda mark: mark >= 0) AS rest
FROM (SELECT DISTINCT x, marks FROM keyed ANTI JOIN part USING (x, marks))
"""
# Who offers a service that leads to a category has said which services there are.
GROUNDS = f"""
CREATE OR REPLACE TABLE new_ground AS
SELECT (SELECT count(*) FROM ground) + row_number() OVER () AS g, x, marks FROM (
    SELECT DISTINCT x, rest AS marks FROM new_part) ANTI JOIN ground USING (x, marks);

INSERT INTO ground FROM new_ground;

CREATE OR REPLACE TABLE ground_mark AS
SELECT g, unnest(marks) AS mark FROM new_ground
UNION ALL SELECT g, {SERVICES_KNOWN} FROM new_ground WHERE x NOT IN (FROM range_of)
"""
FRESH = """
CREATE OR REPLACE TABLE fresh AS
SELECT (SELECT count(*) FROM part) + row_number() OVER () AS sit, p.x, p.marks, g
FROM new_part p JOIN ground o ON o.x = p.x AND o.marks = p.rest;

INSERT INTO part FROM fresh;

CREATE OR REPLACE TABLE fresh_mark AS
SELECT sit, -stands AS mark FROM (SELECT sit, unnest(marks) AS stands FROM fresh) WHERE stands < 0
"""
JUDGED = """
CREATE OR REPLACE TABLE judged AS
SELECT row, x, g, sit FROM keyed JOIN part USING (x, marks)
"""
# Of an app as a whole its services are looked at, and all it says where a text applies to it.
WHOLE_MARKS = """
CREATE OR REPLACE TABLE whole_mark AS
SELECT row, mark FROM marks WHERE mark <= $services
UNION ALL SELECT row, mark FROM marks
WHERE mark > $services AND row IN (SELECT row FROM judged JOIN found_in_text USING (g))
"""


class Judge:
    """Judges chunks of apps on one day; one for each process that works on an audit.

    What holds in the relations `kept` is kept for all grounds or parts so far, each in a table
    `known_` and its name: what rests on no document by ground, the rest by part.
    """

    def __init__(
        self,
        base: Core,
        day: int,
        drafts: bool,
        database: duckdb.DuckDBPyConnection,
        kept: Collection[str] = (),
    ) -> None:
        self.base = base
        self.database = database
        self.day = day
        self._most = 0  # apps of a chunk
        looked = looked_beyond(base)
        self._everything = looked is not None
        self.stages = stages = stages_of(
            base, Question(day, drafts, frozenset(kept)), looked is None, database
        )
        """What is made of rules and facts for the day."""
        self.names = names = Interner(stages.names)
        self._again, self._late = stages.kept_grounds, stages.kept_parts
        self._grounds, self._parts, self._whole = staged(base, stages, names, database)
        database.execute(SCHEMA)
        self._bearing = bearing = Bearing(base, stages.static, names, day, looked)
        self.marks = Marks(
            database,
            base,
            names,
            bearing.attributes,
            bearing.alike,
            bearing.watches,
            day,
            None if looked is None else {row[1:] for row in bearing.documents},
        )
        self.reader = Reader(database, self.marks)
        bearing.tables(database)
        self.outcomes = Outcomes(base, database, names)

    def keep(self) -> None:
        """Keep what was written for these apps for the next process."""
        if self.stages.kept_at is not None:
            plans.keep(self.stages, self.stages.kept_at)

    @property
    def small(self) -> bool:
        """Whether so little was judged that the next audit may begin with what was found."""
        return self._most <= FEW and self._count("part") <= MOST

    def judge(self, table: pa.Table, columns: Columns) -> None:
        """Judge the apps of a table, the next chunk.

        Makes the tables `chunk` (row, id), `refused` (row, reason, app), `judged` (row, x, sit), to
        be read with `outcome`, which holds all parts so far, and `verdict` (row, verdict, reason).
        """
        run = self.database.execute
        self._most = max(self._most, table.num_rows)
        self.reader.read(table, columns)
        self._mark()
        run(PAIRS)
        run(GROUNDS)
        if new := self._count("new_ground"):
            with self._grounds.derived(new) as tables:
                self.outcomes.ground(tables)
                self._grounds.keep(self._again)
        run(FRESH)
        if new := self._count("fresh"):
            with self._parts.derived(new) as tables:
                self.outcomes.add(tables)
                self._parts.keep(self._late)
        run(JUDGED)
        # Of rules that are not known to look at services alone all may bear.
        services = self.marks.last if self._everything else self.marks.last_service
        run(WHOLE_MARKS, {"services": services})
        with self._whole.derived(self._count("chunk")) as tables:
            self.outcomes.whole(tables)

    def _count(self, table: str) -> int:
        [(count,)] = self.database.execute(f"SELECT count(*) FROM {table}").fetchall()
        return int(count)

    def _mark(self) -> None:
        """The table `marks` (row, mark) of a chunk, and what new marks bear on."""
        run = self.database.execute
        parties = self._count("party") > 0
        for statement in (*copies(parties), ISSUED, PARTY_HOLDS, PARTY_FITS, EXEMPT):
            run(statement, {"day": self.day})
        for relation, table, keys in COUNTED:
            self.marks.count(
                relation,
                run(
                    f"SELECT DISTINCT {keys} FROM {table} ANTI JOIN {relation} USING ({keys})"
                ).fetchall(),
            )
        self._bearing.learn(self.database, self.marks.last)
        run(MARKS)


def staged(
    base: Core,
    stages: Stages,
    names: Interner,
    database: duckdb.DuckDBPyConnection,
    goals: Mapping[str, Collection[str]] | None = None,
) -> tuple[Stage, Stage, Stage]:
    """The stages of grounds, of parts and of apps as a whole over the tables of a database, with
    other `goals` than they have."""
    wanted = {**stages.goals, **(goals or {})}

    def stage(
        name: str,
        app: str,
        marks: str,
        every: str,
        known: Mapping[str, str] | None = None,
        earlier: DuckDBEngine | None = None,
    ) -> Stage:
        stored = stages.stored[name]
        engine = DuckDBEngine(stored.program, {}, DAY, names, "", database, earlier, stored)
        given = stated_of(app, marks, every, known)
        return Stage(engine, wanted[name], given, stages.plans.setdefault(name, {}))

    def of_ground(relation: str) -> str:
        arity = base.program.relations[relation].arity
        shown = ", ".join(["sit", *(f"k.c{at}" for at in range(1, arity))])
        return f"SELECT {shown} FROM fresh JOIN known_{relation} k ON k.c0 = fresh.g"

    again = {name: of_ground(known) for name, known in stages.again.items()}
    grounds = stage("grounds", "g", "ground_mark", "new_ground")
    parts = stage("parts", "sit", "fresh_mark", "fresh", again, grounds.engine)
    return grounds, parts, stage("whole", "row", "whole_mark", "chunk", KNOWN)
