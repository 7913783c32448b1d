"""The verdicts of the same apps on another day, by what was judged on one.

What an app says means the same on both days, unless it says days of papers or exemptions; and what
bears on what is the same, unless rules count days. Then a judge's parts serve the other day too:
they are not read, marked and told apart again, and those that no change between the days can reach
come out as they did.
"""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from kb.audit.computed import covered
from kb.audit.dictionary import insert
from kb.audit.judge import COUNTED, WHOLE_MARKS, Judge, staged
from kb.audit.kept import stages_of
from kb.audit.outcomes import FOUND, Outcomes
from kb.audit.relevance import BEARING
from kb.audit.stages import Question
from kb.engines.interning import Interner
from kb.model.stating import states, turns

MARKED = (
    *("mark_value", "mark_day", "mark_between", "mark_knows", "mark_other"),
    *(marks for marks, _, _ in COUNTED),
)
"""The tables of what marks stand for."""
GOALS = {"parts": ("category_verdict",), "whole": ("app_verdict",)}
"""What is asked of the other day: no reasons, and nothing that an app lacks."""
# What apps have in hand then may be something else, or state something else.
APART = """
CREATE OR REPLACE TABLE apart AS
SELECT row FROM holding
WHERE f IS NOT NULL OR u IS NOT NULL OR i IS NOT NULL
    OR w IN (FROM worded_otherwise)
UNION SELECT row FROM granted
"""
TURNING = """
INSERT INTO turning SELECT g FROM new_ground
WHERE $services IS NULL OR list_has_any(marks, $services) OR x IN (FROM range_of)
"""
GROUND = "SELECT g, x FROM new_ground SEMI JOIN turning USING (g)"
GROUND_MARK = "SELECT g, mark FROM ground_mark SEMI JOIN turning USING (g)"
FRESH = "SELECT sit, x, g FROM fresh SEMI JOIN turning USING (g)"
FRESH_MARK = "SELECT sit, mark FROM fresh_mark SEMI JOIN ({fresh}) USING (sit)"
SAME = "SELECT f.* FROM {table} f JOIN new_ground USING (g) ANTI JOIN turning USING (g)"
SAME_OUTCOME = """
SELECT sit, x, verdict_code, optional FROM outcome JOIN (
    SELECT sit FROM fresh ANTI JOIN turning USING (g)
) USING (sit)
"""
OUTCOME = """
INSERT INTO outcome (sit, x, verdict_code, optional)
SELECT sit, x, c.c2, o.g IS NOT NULL
FROM fresh JOIN {category_verdict} c ON c.c0 = sit AND c.c1 = x
LEFT JOIN found_only_option o USING (g, x)
"""


class OtherDay:
    """Judges the apps that a judge has judged, on another day; its database is its own.

    `services` are the marks of those that a change between the days can matter for, None where it
    can for all.
    """

    def __init__(
        self,
        judge: Judge,
        day: int,
        database: duckdb.DuckDBPyConnection,
        services: Collection[int] | None,
    ) -> None:
        self._judge = judge
        self._services = None if services is None else sorted(services)
        self.database = database
        base = judge.base
        self._stages = stages = stages_of(base, Question(day), True, database)
        names = Interner(stages.names)
        self._grounds, self._parts, self._whole = staged(base, stages, names, database, GOALS)
        self._outcomes = Outcomes(base, database, names)
        self._last = -1
        self._days = judge.day, day
        self._looked_at = 0
        judge.database.execute(
            "CREATE TABLE turning (g INT); CREATE TABLE worded_otherwise (w INT)"
        )
        for table in MARKED:
            self._put(table, f"FROM {table} LIMIT 0", new=True)

    @property
    def alike(self) -> bool:
        """Whether the judge's parts serve the other day."""
        one, other, base = self._judge.stages, self._stages, self._judge.base
        counting = any(base.facts.rows.facts.get(name) for name in ("not_before", "not_after"))
        return (
            covered(base.program)
            and not counting
            and one.names == other.names
            and all(one.static[name] == other.static[name] for name in BEARING)
        )

    def judge(self) -> None:
        """Judge the last chunk. Makes the table `verdict` (row, verdict) of those apps that are not
        in the judge's table `apart`: these must be read again."""
        here, there = self.database.execute, self._judge.database.execute
        self._learn()
        there(APART)
        there(TURNING, {"services": self._services})
        for table in MARKED:
            self._put(table, f"FROM {table} WHERE mark > {self._last}")
        self._last = self._judge.marks.last
        if new := self._put("new_ground", GROUND, new=True):
            self._put("ground_mark", GROUND_MARK, new=True)
            with self._grounds.derived(new) as tables:
                self._outcomes.ground(tables)
                self._grounds.keep(self._stages.kept_grounds)
        for table in FOUND:
            self._put(table, SAME.format(table=table))
        if new := self._put("fresh", FRESH, new=True):
            self._put("fresh_mark", FRESH_MARK.format(fresh=FRESH), new=True)
            with self._parts.derived(new) as tables:
                places = {name: table.name for name, table in tables.items()}
                here(OUTCOME.format(**places))
        self._put("outcome (sit, x, verdict_code, optional)", SAME_OUTCOME)
        rest = "ANTI JOIN apart USING (row)"
        count = self._put("chunk", f"SELECT row FROM chunk {rest}", new=True)
        self._put("judged", f"SELECT row, x, g, sit FROM judged {rest}", new=True)
        self._put("marks", f"SELECT row, mark FROM marks {rest}", new=True)
        here(WHOLE_MARKS, {"services": self._judge.marks.last_service})
        with self._whole.derived(count) as tables:
            found = tables["app_verdict"].name
            here(f"CREATE OR REPLACE TABLE verdict AS SELECT c0 AS row, c1 AS verdict FROM {found}")

    def _learn(self) -> None:
        """Which of what documents newly state does for other needs on the other day."""
        words = self._judge.base.facts.vocabulary
        one, other = self._days
        new = list(self._judge.marks.by_day.items())[self._looked_at :]
        self._looked_at += len(new)
        for number, copy in new:
            every = [asked for asked in self._judge.marks.moving if turns(asked, copy)]
            if any(states(a, copy, words, one) != states(a, copy, words, other) for a in every):
                insert(self._judge.database, "worded_otherwise", [(number,)])

    def _put(self, table: str, query: str, new: bool = False) -> int:
        """Put rows of the judge's database into a table of this one; how many there are."""
        rows = self._judge.database.sql(query).to_arrow_table()
        self.database.register("incoming", rows)
        into = f"CREATE OR REPLACE TABLE {table} AS" if new else f"INSERT INTO {table}"
        self.database.execute(f"{into} FROM incoming")
        self.database.unregister("incoming")
        return int(rows.num_rows)
