"""The rules of categories as an engineer would write them in SQL, for one day and many apps."""

from __future__ import annotations

import duckdb

from kb.audit.dictionary import insert
from kb.engines.interning import Interner

from .ready import Coded

KNOWN = {
    "live": "v, c, p, perhaps",
    "in_view": "s, c",
    "scope": "z, v, c, p, s, vague",
    "scope_when": "z, k",
    "asks": "v, k",
    "alternative": "l, v, place",
    "alternative_if": "l, k, wanted",
    "alternative_needs": "l, n",
    "need": "n, d, h, k, worded",
    "need_place": "v, n, place",
    "none_stated": "v",
    "condition_test": "k, t",
    "test": "t, q, one, each",
    "look": "t, v, does, may",
    "days": "t, first, last, sure",
    "conflict": "c",
    "noted": "s, r, p",
    "note": "s, r, p, c, several",
    "unsupported": "s, p, c, perhaps",
    "unsupported_here": "s, p, c, perhaps",
}
"""The tables of `ready` and their columns."""
APPS = {
    "app": "row",
    "app_value": "row, q, v",
    "app_day": "row, q, d",
    "app_knows": "row, q",
    "app_other": "row, w",
    "app_holds": "row, d, h, s, m",
    "app_fits": "row, n, s, m",
}
"""The tables of a chunk of apps."""

SATISFIED, NONE_STATED, MISSING, UNDETERMINED, PROHIBITED = range(5)
NAMES = ("satisfied", "none_stated", "missing", "undetermined", "prohibited")

# Three-valued throughout: 2 yes, 1 perhaps, 0 no.
STEPS = f"""
CREATE OR REPLACE TABLE offered AS
SELECT row, o.v AS s, p.v AS p FROM app_value o JOIN app_value p USING (row)
WHERE o.q = $services AND p.q = $platform;

CREATE OR REPLACE TABLE reading AS
SELECT row, c, v, perhaps
FROM (SELECT DISTINCT row, p, c FROM offered JOIN in_view USING (s)) JOIN live USING (c, p);

CREATE OR REPLACE TABLE asked AS
SELECT DISTINCT row, k FROM reading JOIN asks USING (v);

CREATE OR REPLACE TABLE test_state AS
WITH asked_test AS (
    SELECT DISTINCT row, t, q, one, each
    FROM asked JOIN condition_test USING (k) JOIN test USING (t)
), seen AS (
    SELECT row, t, q, any_value(one) = 1 AS one, any_value(each) = 1 AS each,
        coalesce(max(does), 0) = 1 AS one_does, coalesce(max(may), 0) = 1 AS one_may,
        coalesce(bool_and(coalesce(does, 0) = 1) FILTER (v IS NOT NULL), true) AS all_do,
        coalesce(bool_and(l.t IS NOT NULL) FILTER (v IS NOT NULL), true) AS all_may
    FROM asked_test a LEFT JOIN app_value USING (row, q)
    LEFT JOIN look l USING (t, v)
    GROUP BY row, t, q
), dated AS (
    SELECT row, t, max(sure) AS sure FROM days JOIN test USING (t) JOIN app_day USING (q)
    WHERE d BETWEEN first AND last GROUP BY row, t
)
SELECT row, t, CASE
    WHEN (one AND one_does) OR (each AND w.row IS NOT NULL AND all_do) OR sure = 1 THEN 2
    WHEN w.row IS NULL OR (one AND one_may) OR (each AND all_may) OR sure = 0 THEN 1
    ELSE 0 END AS state
FROM seen LEFT JOIN app_knows w USING (row, q) LEFT JOIN dated USING (row, t);

CREATE OR REPLACE TABLE condition AS
SELECT row, k, min(state) AS state
FROM asked JOIN condition_test USING (k) JOIN test_state USING (row, t) GROUP BY row, k;

CREATE OR REPLACE TABLE in_scope AS
SELECT row, s, c, least(min(coalesce(state, 2)), 2 - any_value(vague)) AS state
FROM offered JOIN scope USING (s, p) LEFT JOIN scope_when USING (z)
LEFT JOIN condition USING (row, k)
GROUP BY row, z, s, c;

CREATE OR REPLACE TABLE relevant AS
SELECT row, c, max(state) AS needed FROM (
    SELECT row, c, state FROM in_scope WHERE state > 0
    UNION ALL SELECT row, c, 2 - 2 * several FROM offered JOIN note USING (s, p)
) GROUP BY row, c;

CREATE OR REPLACE TABLE need_state AS
SELECT row, n, CASE WHEN k <= s THEN 2 ELSE 1 END AS state
FROM app_holds JOIN need USING (d, h) WHERE worded = 0 AND k <= m
UNION ALL
SELECT row, n, CASE WHEN k <= s THEN 2 ELSE 1 END FROM app_fits JOIN need USING (n) WHERE k <= m;

CREATE OR REPLACE TABLE choice AS
WITH in_play AS (
    SELECT row, c, v, perhaps, needed, l, place
    FROM relevant LEFT JOIN reading USING (row, c) LEFT JOIN alternative USING (v)
), usable AS (
    SELECT row, l, min(CASE wanted WHEN 1 THEN state ELSE 2 - state END) AS usable
    FROM in_play JOIN alternative_if USING (l) JOIN condition USING (row, k) GROUP BY row, l
), held AS (
    SELECT row, l, min(coalesce(state, 0)) AS held,
        count(*) FILTER (coalesce(state, 0) < 2) AS wants
    FROM in_play JOIN alternative_needs USING (l) LEFT JOIN need_state USING (row, n)
    GROUP BY row, l
)
SELECT in_play.*, if(l IS NULL, 0, coalesce(usable, 2)) AS usable, coalesce(held, 2) AS held,
    coalesce(wants, 0) AS wants
FROM in_play LEFT JOIN usable USING (row, l) LEFT JOIN held USING (row, l);

CREATE OR REPLACE TABLE category AS
WITH reading_verdict AS (
    SELECT row, c, v, needed, CASE
        WHEN v IS NULL THEN {UNDETERMINED}
        WHEN max(least(usable, held)) = 2 AND bool_or(n.v IS NOT NULL) THEN {NONE_STATED}
        WHEN max(least(usable, held)) = 2 THEN {SATISFIED}
        WHEN max(least(usable, held)) = 1 OR needed = 1 OR bool_or(perhaps = 1) THEN {UNDETERMINED}
        ELSE {MISSING} END AS verdict
    FROM choice LEFT JOIN none_stated n USING (v) GROUP BY row, c, v, needed
)
SELECT row, c, needed, count(v) AS readings,
    CASE WHEN min(verdict) = max(verdict) THEN min(verdict) ELSE {UNDETERMINED} END AS verdict
FROM reading_verdict GROUP BY row, c, needed;

CREATE OR REPLACE TABLE best AS
WITH pick AS (
    SELECT row, c, any_value(v) AS v, arg_min(l, (2 - usable) * 1e12 + wants * 1e6 + place) AS l
    FROM choice JOIN category USING (row, c) WHERE readings = 1 AND usable > 0 GROUP BY row, c
)
SELECT row, c, any_value(l) AS l, list(n ORDER BY o.place) FILTER (n IS NOT NULL) AS missing
FROM pick LEFT JOIN (
    SELECT row, c, n, place
    FROM pick JOIN alternative_needs USING (l) JOIN need_place USING (v, n)
    LEFT JOIN need_state USING (row, n) WHERE coalesce(state, 0) < 2
) o USING (row, c)
GROUP BY row, c;

CREATE OR REPLACE TABLE verdict_of_category AS
SELECT row, c, verdict, f.c IS NOT NULL AS conflict,
    CASE WHEN verdict <> {NONE_STATED} THEN l END AS l, coalesce(missing, []) AS missing
FROM category LEFT JOIN best USING (row, c) LEFT JOIN conflict f USING (c);

CREATE OR REPLACE TABLE verdict_of_app AS
WITH ruled_out AS (
    SELECT row, s, perhaps FROM offered JOIN unsupported USING (s, p)
    UNION ALL
    SELECT row, s, perhaps FROM offered JOIN unsupported_here USING (s, p)
    JOIN relevant USING (row, c) WHERE needed = 2
), choices AS (
    SELECT row, CASE WHEN min(verdict) <= {NONE_STATED} THEN {SATISFIED}
        WHEN max(verdict) = {UNDETERMINED} THEN {UNDETERMINED} ELSE {MISSING} END AS verdict
    FROM offered JOIN note USING (s, p) JOIN category USING (row, c) WHERE several = 1
    GROUP BY row, r
), weighs AS (
    SELECT row, CASE perhaps WHEN 1 THEN 1 ELSE 3 END AS weight FROM ruled_out
    UNION ALL SELECT row, CASE verdict WHEN {MISSING} THEN 2 ELSE 1 END FROM category
        WHERE needed > 0 AND verdict IN ({MISSING}, {UNDETERMINED})
    UNION ALL SELECT row, CASE verdict WHEN {MISSING} THEN 2 ELSE 1 END FROM choices
        WHERE verdict > {NONE_STATED}
    UNION ALL SELECT row, 1 FROM offered
        ANTI JOIN (
            SELECT row, s FROM in_scope WHERE state > 0
            UNION ALL SELECT row, s FROM offered JOIN noted USING (s, p)
            UNION ALL SELECT row, s FROM ruled_out
        ) USING (row, s)
    UNION ALL SELECT row, 1 FROM app ANTI JOIN (FROM app_knows WHERE q = $services) USING (row)
)
SELECT row, CASE max(weight) WHEN 3 THEN {PROHIBITED} WHEN 2 THEN {MISSING} WHEN 1
    THEN {UNDETERMINED} ELSE {SATISFIED} END AS verdict
FROM app LEFT JOIN weighs USING (row) GROUP BY row;
"""


class Handwritten:
    """The SQL with the facts of a day; `judge` makes `verdict_of_category`, `verdict_of_app`.

    Left out: reasons, and the best alternative where several readings stand side by side.
    """

    def __init__(self, known: Coded, names: Interner, threads: int | None) -> None:
        self.database = duckdb.connect(config={"threads": threads} if threads else {})
        for table, columns in KNOWN.items():
            typed = ", ".join(f"{column} INT" for column in columns.split(", "))
            self.database.execute(f"CREATE TABLE {table} ({typed})")
            insert(self.database, table, known[table])
        self._keys = {"services": names.number("services"), "platform": names.number("platform")}
        self._steps = [
            (step, {key: self._keys[key] for key in self._keys if f"${key}" in step})
            for step in STEPS.split(";\n")
            if step.strip()
        ]

    def judge(self) -> None:
        """Judge the apps of the tables `APPS`."""
        for step, values in self._steps:
            self.database.execute(step, values)
