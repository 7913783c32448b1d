"""The rules of categories as an engineer would write them in SQL, for one day and many apps."""

from __future__ import annotations

import duckdb

from kb.audit.dictionary import insert
from kb.engines.interning import Interner

from .ready import Coded

KNOWN = {
    "version": "v, c, p, surely",
    "in_view": "s, c",
    "binds": "v, k",
    "account_unsaid": "v, k",
    "version_when": "v, k",
    "succeeds": "v, w",
    "list": "x, p, placed",
    "list_asks": "x, k",
    "before": "v, x, listed, own",
    "scope": "z, v, s, vague",
    "scope_when": "z, k",
    "note": "r, v, instead, several",
    "note_service": "r, s",
    "note_when": "r, k",
    "note_to": "r, c",
    "unsupported": "v, s",
    "unsupported_here": "v, s",
    "none_stated": "v",
    "none_required": "v",
    "asked_elsewhere": "v",
    "vague": "v, u, wholly, more, less",
    "unclear_when": "u, k",
    "unclear_unless": "u, k",
    "unclear_outside_seat": "u",
    "settles": "p, u",
    "settles_if": "p, k, wanted",
    "settles_needs": "p, n",
    "seat": "a, place",
    "asks": "v, k",
    "alternative": "l, v, place, unclear, few",
    "alternative_if": "l, k, wanted",
    "alternative_needs": "l, n, unclear",
    "need": "n, d, h, k, worded",
    "choice_of": "g, n",
    "need_place": "v, n, place",
    "differs": "v, w",
    "condition_test": "k, t",
    "clause": "k, clause, t, wanted",
    "test": "t, q, one, two, each",
    "look": "t, v, does, may",
    "days": "t, first, last, sure",
}
"""The tables of `ready` and their columns."""
APPS = {
    "app": "row",
    "app_value": "row, q, v",
    "app_day": "row, q, d",
    "app_between": "row, q, least, most",
    "app_number": "row, q, d",
    "app_knows": "row, q",
    "app_other": "row, w",
    "app_holds": "row, d, h, s, m",
    "app_fits": "row, n, s, m",
    "app_issued": "row, d, h, i, s",
    "app_issue_unsaid": "row, d, h",
    "app_exempt": "row, x, f, u",
    "app_party": "row, party, h",
    "app_party_holds": "row, d, h, party, s",
    "app_party_fits": "row, n, party, s",
}
"""The tables of a chunk of apps. None of the apps is exempted, names others in it or is one
of several of an entity."""

NAMES = (
    "satisfied",
    "none_stated",
    "none_required",
    "undetermined",
    "missing",
    "not_open",
    "prohibited",
)
"""Verdicts, the worse the later."""
SATISFIED, NONE_STATED, NONE_REQUIRED, UNDETERMINED, MISSING, NOT_OPEN, PROHIBITED = range(7)
ATTRIBUTES = ("services", "platform", "applicant", "regions")

# Three-valued throughout: 2 yes, 1 perhaps, 0 no.
CONDITIONS = """
CREATE OR REPLACE TABLE offered AS
SELECT row, o.v AS s, p.v AS p FROM app_value o JOIN app_value p USING (row)
WHERE o.q = $services AND p.q = $platform;

CREATE OR REPLACE TABLE seen AS
SELECT row, v, c, surely
FROM (SELECT DISTINCT row, p, c FROM offered JOIN in_view USING (s)) JOIN version USING (c, p);

CREATE OR REPLACE TABLE stands AS
SELECT row, x, placed FROM app_value JOIN list ON p = v WHERE q = $platform;

CREATE OR REPLACE TABLE asked AS
SELECT row, k FROM seen JOIN asks USING (v)
UNION SELECT row, k FROM stands JOIN list_asks USING (x);

CREATE OR REPLACE TABLE test_state AS
WITH asked_test AS (
    SELECT DISTINCT row, t, q, one, two, each
    FROM asked JOIN condition_test USING (k) JOIN test USING (t)
), seen AS (
    SELECT row, t, q, any_value(one) = 1 AS one, any_value(two) = 1 AS two,
        any_value(each) = 1 AS each, coalesce(sum(does), 0) AS doing,
        coalesce(max(may), 0) = 1 AS may,
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
    WHEN w.row IS NULL THEN 1
    WHEN (one AND doing > 0) OR (two AND doing > 1) OR (each AND all_do) OR sure = 1 THEN 2
    WHEN ((one OR two) AND may) OR (each AND all_may) OR sure = 0 THEN 1
    ELSE 0 END AS state
FROM seen LEFT JOIN app_knows w USING (row, q) LEFT JOIN dated USING (row, t);

CREATE OR REPLACE TABLE condition AS
SELECT row, k, min(state) AS state FROM (
    SELECT row, k, max(if(wanted = 1, state, 2 - state)) AS state
    FROM asked JOIN clause USING (k) JOIN test_state USING (row, t) GROUP BY row, k, clause
) GROUP BY row, k;
"""
READINGS = """
CREATE OR REPLACE TABLE list_state AS
SELECT row, x, any_value(placed) AS placed, min(coalesce(state, 2)) AS state
FROM stands LEFT JOIN list_asks USING (x) LEFT JOIN condition USING (row, k) GROUP BY row, x;

CREATE OR REPLACE TABLE bound AS
WITH told AS (
    SELECT row, v, min(state) AS state FROM (
        SELECT row, v, state FROM seen JOIN binds USING (v) JOIN condition USING (row, k)
        UNION ALL SELECT row, v, 1 FROM seen JOIN account_unsaid USING (v)
        JOIN condition USING (row, k) WHERE state = 0
    ) GROUP BY row, v
), ended AS (
    SELECT row, v, max(state) AS ends, bool_or(state = 2 AND listed = 0) AS left_out,
        bool_or(own = 1 AND listed = 0) AS past
    FROM seen JOIN before USING (v) JOIN list_state USING (row, x) GROUP BY row, v
)
SELECT row, v, c, surely, coalesce(state, 2) AS state, coalesce(ends, 0) AS ends,
    coalesce(left_out, false) AS left_out, coalesce(past, false) AS past
FROM seen LEFT JOIN told USING (row, v) LEFT JOIN ended USING (row, v);

CREATE OR REPLACE TABLE later AS
SELECT DISTINCT b.row, s.v, w.state > 0 AS bound
FROM bound b JOIN succeeds s USING (v) JOIN bound w ON w.row = b.row AND w.v = s.w;

CREATE OR REPLACE TABLE reading AS
SELECT row, v, c, surely = 0 OR state = 1 OR ends = 1 AS perhaps
FROM bound ANTI JOIN (FROM later WHERE bound) USING (row, v) WHERE state > 0 AND ends < 2;

CREATE OR REPLACE TABLE in_scope AS
SELECT row, z, s, v, any_value(c) AS c, any_value(perhaps) AS perhaps,
    least(min(coalesce(state, 2)), 2 - any_value(vague)) AS state
FROM reading JOIN scope USING (v) JOIN offered USING (row, s)
LEFT JOIN scope_when USING (z) LEFT JOIN condition USING (row, k)
GROUP BY row, z, s, v;

CREATE OR REPLACE TABLE about AS
SELECT row, v, any_value(c) AS c, max(state) AS state FROM in_scope WHERE state > 0 GROUP BY row, v;

CREATE OR REPLACE TABLE noted AS
SELECT DISTINCT row, r, s, several FROM reading JOIN note USING (v) JOIN note_service USING (r)
JOIN offered USING (row, s) LEFT JOIN about a USING (row, v)
LEFT JOIN (SELECT DISTINCT row, s, true AS placed FROM in_scope) USING (row, s)
WHERE a.state IS NOT NULL OR placed IS NULL
UNION ALL SELECT DISTINCT row, r, NULL::INT, several
FROM about JOIN note USING (v) JOIN note_when USING (r) JOIN condition k USING (row, k)
WHERE k.state = 2;

CREATE OR REPLACE TABLE sent AS
SELECT row, v, max(k.state) AS state
FROM about JOIN note USING (v) JOIN note_when USING (r) JOIN condition k USING (row, k)
WHERE instead = 1 GROUP BY row, v;

CREATE OR REPLACE TABLE for_others AS
WITH spoken_of AS (
    SELECT row, s FROM in_scope
    UNION ALL SELECT row, s FROM noted WHERE s IS NOT NULL
    UNION ALL SELECT row, s FROM offered JOIN unsupported USING (s) JOIN reading USING (row, v)
)
SELECT DISTINCT row, s, v, c, surely FROM offered ANTI JOIN spoken_of USING (row, s)
JOIN scope USING (s) JOIN bound USING (row, v)
LEFT JOIN (SELECT DISTINCT row, v, true AS later FROM later) USING (row, v)
ANTI JOIN reading USING (row, c)
WHERE (bound.state = 0 AND later IS NULL AND NOT past) OR left_out;

CREATE OR REPLACE TABLE relevant AS
SELECT row, c, max(needed) AS needed, max(named) AS named FROM (
    SELECT row, c, a.state AS needed, 0 AS named FROM about a LEFT JOIN sent USING (row, v)
    WHERE coalesce(sent.state, 0) < 2
    UNION ALL SELECT row, c, 2 - 2 * several, 1 - several FROM noted JOIN note_to USING (r)
    UNION ALL SELECT row, c, -1, 1 FROM for_others
) GROUP BY row, c;

CREATE OR REPLACE TABLE option AS
SELECT DISTINCT row, r, c FROM noted JOIN note_to USING (r) WHERE several = 1;
"""
PAPERS = """
CREATE OR REPLACE TABLE copies AS
SELECT row, n, k, s, m FROM app_holds JOIN need USING (d, h) WHERE worded = 0
UNION ALL SELECT row, n, k, s, m FROM app_fits JOIN need USING (n);

CREATE OR REPLACE TABLE need_state AS
SELECT row, n, max(CASE WHEN k <= s THEN 2 WHEN k <= m THEN 1 ELSE 0 END) AS state FROM (
    FROM copies UNION ALL
    SELECT row, g, any_value(n.k), count(*) FILTER (c.k <= s), count(*) FILTER (c.k <= m)
    FROM copies c JOIN choice_of USING (n) JOIN need n ON n.n = g GROUP BY row, g
) GROUP BY row, n HAVING state > 0;

CREATE OR REPLACE TABLE lacked AS
SELECT r.row, g, any_value(m.k) - count(s.n) AS more
FROM (SELECT DISTINCT row FROM relevant) r CROSS JOIN choice_of JOIN need m ON m.n = g
LEFT JOIN need_state s ON s.row = r.row AND s.n = choice_of.n AND s.state = 2
GROUP BY r.row, g;

CREATE OR REPLACE TABLE choice AS
WITH in_play AS (
    SELECT row, c, v, perhaps, l, place, unclear, few
    FROM relevant JOIN reading USING (row, c) JOIN alternative USING (v)
), allowed AS (
    SELECT row, l, min(CASE wanted WHEN 1 THEN state ELSE 2 - state END) AS usable
    FROM in_play JOIN alternative_if USING (l) JOIN condition USING (row, k) GROUP BY row, l
), held AS (
    SELECT in_play.row, l, min(CASE WHEN s.state IS NULL AND a.unclear = 1 THEN 2
            ELSE coalesce(s.state, 0) END) AS held,
        sum(CASE WHEN s.state = 2 THEN 0 ELSE coalesce(more, 1) END) AS wants
    FROM in_play JOIN alternative_needs a USING (l) LEFT JOIN need_state s USING (row, n)
    LEFT JOIN lacked ON lacked.row = in_play.row AND g = a.n
    GROUP BY ALL
)
SELECT row, c, v, l, place, few, coalesce(held, 2) AS held, coalesce(wants, 0) AS wants,
    least(coalesce(usable, 2), if(coalesce(usable, 2) > 0, 2 - unclear, 0)) AS usable
FROM in_play LEFT JOIN allowed USING (row, l) LEFT JOIN held USING (row, l);

CREATE OR REPLACE TABLE some_held AS
SELECT DISTINCT row, l FROM choice JOIN alternative_needs USING (l) JOIN need USING (n)
JOIN app_holds USING (row, d, h);
"""
VERDICTS = f"""
CREATE OR REPLACE TABLE doubt AS
WITH abroad AS (
    SELECT DISTINCT row FROM app_value a JOIN seat ON a = v JOIN app_value r USING (row)
    WHERE a.q = $applicant AND r.q = $regions AND r.v <> place
), not_about AS (
    SELECT row, u FROM reading JOIN vague USING (v) JOIN unclear_when USING (u)
    JOIN condition USING (row, k) WHERE state < 2
    UNION ALL SELECT row, u FROM reading JOIN vague USING (v) JOIN unclear_unless USING (u)
    JOIN condition USING (row, k) WHERE state > 0
    UNION ALL SELECT row, u FROM reading JOIN vague USING (v) JOIN unclear_outside_seat USING (u)
    ANTI JOIN abroad USING (row)
), settling AS (
    SELECT row, u, p FROM relevant JOIN reading USING (row, c) JOIN vague USING (v)
    JOIN settles USING (u)
), unsettled AS (
    SELECT row, p FROM settling JOIN settles_if USING (p) JOIN condition USING (row, k)
    WHERE CASE wanted WHEN 1 THEN state < 2 ELSE state > 0 END
    UNION ALL SELECT row, p FROM settling JOIN settles_needs USING (p)
    LEFT JOIN need_state USING (row, n) WHERE coalesce(state, 0) < 2
), settled AS (
    SELECT row, u FROM settling ANTI JOIN unsettled USING (row, p)
)
SELECT row, v, max(wholly) AS wholly, max(more) AS more, max(less) AS less
FROM reading JOIN vague USING (v) ANTI JOIN not_about USING (row, u)
ANTI JOIN settled USING (row, u) GROUP BY row, v;

CREATE OR REPLACE TABLE reading_verdict AS
WITH closed AS (
    SELECT DISTINCT row, v, true AS closed FROM reading JOIN version_when USING (v)
    JOIN condition USING (row, k) WHERE state = 0 AND NOT perhaps
), sure AS (
    SELECT DISTINCT row, c, true AS sure FROM reading WHERE NOT perhaps
), papers AS (
    SELECT row, v, count(*) FILTER (usable > 0) > 0 AS opens, max(least(usable, held)) = 2 AS done,
        count(*) FILTER (usable > 0 AND held > 0) > 0 AS can,
        bool_or(usable > 0 AND (few = 1 OR h.l IS NOT NULL)) AS enough
    FROM choice LEFT JOIN some_held h USING (row, l) GROUP BY row, v
), known AS (
    SELECT row, c, v, needed, perhaps, coalesce(opens, false) AS opens,
        coalesce(done, false) AS done, coalesce(can, false) AS can,
        coalesce(more, 0) = 1 AS more, coalesce(less, 0) = 1 AND coalesce(enough, false) AS less,
        closed IS NULL AND ((perhaps AND sure IS NULL) OR coalesce(wholly, 0) = 1
            OR e.v IS NOT NULL OR coalesce(state, 0) = 1) AS open,
        s.v IS NOT NULL AS stated, r.v IS NOT NULL AS required
    FROM relevant JOIN reading USING (row, c) LEFT JOIN papers USING (row, v)
    LEFT JOIN doubt USING (row, v) LEFT JOIN closed USING (row, v) LEFT JOIN sure USING (row, c)
    LEFT JOIN sent USING (row, v) LEFT JOIN asked_elsewhere e USING (v)
    LEFT JOIN none_stated s USING (v) LEFT JOIN none_required r USING (v)
)
SELECT row, c, v, needed, perhaps, CASE
    WHEN open THEN {UNDETERMINED}
    WHEN done AND more THEN {UNDETERMINED}
    WHEN done THEN CASE WHEN stated THEN {NONE_STATED} WHEN required THEN {NONE_REQUIRED}
        ELSE {SATISFIED} END
    WHEN can OR needed = 1 OR perhaps OR (less AND opens) THEN {UNDETERMINED}
    WHEN opens THEN {MISSING}
    ELSE {NOT_OPEN} END AS verdict
FROM known;

CREATE OR REPLACE TABLE category AS
WITH closed AS (
    SELECT row, c, bool_and(fails) AS closed FROM (
        SELECT row, c, v, any_value(surely) = 1 AND min(coalesce(k.state, 2)) = 0 AS fails
        FROM for_others LEFT JOIN version_when USING (v) LEFT JOIN condition k USING (row, k)
        GROUP BY row, c, v
    ) GROUP BY row, c
), unlisted AS (
    SELECT DISTINCT row, true AS unlisted FROM list_state WHERE state = 2 AND placed = 0
)
SELECT row, c, any_value(needed) AS needed, any_value(named) AS named, 0 AS readings,
    CASE WHEN any_value(unlisted) OR any_value(closed) THEN {NOT_OPEN}
        ELSE {UNDETERMINED} END AS verdict
FROM relevant ANTI JOIN reading USING (row, c) LEFT JOIN closed USING (row, c)
LEFT JOIN unlisted u ON u.row = relevant.row AND closed IS NOT NULL GROUP BY row, c
UNION ALL
SELECT row, c, any_value(needed), any_value(named), count(*),
    CASE WHEN min(verdict) = max(verdict) THEN min(verdict) ELSE {UNDETERMINED} END
FROM relevant r JOIN (SELECT row, c, verdict FROM reading_verdict) USING (row, c) GROUP BY row, c;

CREATE OR REPLACE TABLE best AS
WITH pick AS (
    SELECT row, c, any_value(v) AS v, arg_min(l, (2 - usable) * 1e12 + wants * 1e6 + place) AS l
    FROM choice JOIN category USING (row, c) WHERE readings = 1 AND usable > 0 GROUP BY row, c
)
SELECT row, c, any_value(l) AS l, list(n ORDER BY o.place) FILTER (n IS NOT NULL) AS missing
FROM pick LEFT JOIN (
    SELECT row, c, n, place
    FROM pick JOIN alternative_needs USING (l) JOIN need_place USING (v, n)
    LEFT JOIN need_state USING (row, n)
    WHERE coalesce(state, 0) < 2
) o USING (row, c)
GROUP BY row, c;

CREATE OR REPLACE TABLE verdict_of_category AS
WITH conflict AS (
    SELECT DISTINCT one.row, one.c FROM reading_verdict one JOIN differs USING (v)
    JOIN reading_verdict other ON other.row = one.row AND other.v = w
    WHERE NOT one.perhaps AND NOT other.perhaps
)
SELECT row, c, verdict, f.c IS NOT NULL AS conflict,
    CASE WHEN verdict <> {NONE_STATED} THEN l END AS l, coalesce(missing, []) AS missing
FROM category LEFT JOIN best USING (row, c) LEFT JOIN conflict f USING (row, c);
"""
APP_VERDICTS = f"""
CREATE OR REPLACE TABLE verdict_of_app AS
WITH ruled_out AS (
    SELECT row, s, perhaps, c FROM offered JOIN unsupported USING (s) JOIN reading USING (row, v)
    UNION ALL
    SELECT row, s, perhaps OR needed = 1, c FROM offered JOIN unsupported_here USING (s)
    JOIN reading USING (row, v) JOIN relevant USING (row, c) WHERE needed > 0
), placed AS (
    SELECT DISTINCT row, s, c FROM in_scope WHERE state > 0
), closes AS (
    SELECT row FROM category WHERE verdict = {NOT_OPEN} AND named = 1
    UNION ALL SELECT row FROM placed o JOIN category USING (row, c)
    WHERE verdict = {NOT_OPEN} AND needed <> 0 AND NOT EXISTS (
        FROM placed n JOIN category d USING (row, c)
        WHERE n.row = o.row AND n.s = o.s AND n.c <> o.c AND d.verdict <> {NOT_OPEN})
), choices AS (
    SELECT row, CASE WHEN min(verdict) <= {NONE_REQUIRED} THEN {SATISFIED}
        WHEN min(verdict) = {UNDETERMINED} THEN {UNDETERMINED} ELSE {MISSING} END AS verdict
    FROM option JOIN category USING (row, c) GROUP BY row, r
), weighs AS (
    SELECT row, CASE WHEN perhaps THEN {UNDETERMINED} ELSE {PROHIBITED} END AS weight FROM ruled_out
    UNION ALL SELECT row, {NOT_OPEN} FROM closes
    UNION ALL SELECT row, verdict FROM category
        WHERE needed <> 0 AND verdict IN ({MISSING}, {UNDETERMINED})
    UNION ALL SELECT row, verdict FROM choices
    UNION ALL SELECT row, {UNDETERMINED} FROM offered
        ANTI JOIN (
            SELECT row, s FROM placed
            UNION ALL SELECT row, s FROM noted WHERE s IS NOT NULL
            UNION ALL SELECT row, s FROM ruled_out
            UNION ALL SELECT row, s FROM for_others
        ) USING (row, s)
    UNION ALL SELECT row, {UNDETERMINED} FROM app_other
    UNION ALL SELECT row, {UNDETERMINED} FROM app
        ANTI JOIN (FROM app_knows WHERE q = $services) USING (row)
    UNION ALL SELECT row, {UNDETERMINED} FROM app ANTI JOIN offered USING (row)
)
SELECT row, coalesce(max(weight), {SATISFIED}) AS verdict
FROM app LEFT JOIN weighs USING (row) GROUP BY row;
"""
STEPS = CONDITIONS + READINGS + PAPERS + VERDICTS + APP_VERDICTS


class Handwritten:
    """The SQL with the facts of a day; `judge` makes `verdict_of_category`, `verdict_of_app`.

    Left out: reasons, the best alternative where several readings stand side by side, papers that
    are asked of each of several parties, and exemptions.
    """

    def __init__(self, known: Coded, names: Interner, threads: int | None) -> None:
        self.database = duckdb.connect(config={"threads": threads} if threads else {})
        for table, columns in KNOWN.items():
            typed = ", ".join(f"{column} INT" for column in columns.split(", "))
            self.database.execute(f"CREATE TABLE {table} ({typed})")
            insert(self.database, table, known[table])
        keys = {name: names.number(name) for name in ATTRIBUTES}
        self._steps = [
            (step, {key: keys[key] for key in keys if f"${key}" in step})
            for step in STEPS.split(";\n")
            if step.strip()
        ]

    def judge(self) -> None:
        """Judge the apps of the tables `APPS`."""
        for step, values in self._steps:
            self.database.execute(step, values)
