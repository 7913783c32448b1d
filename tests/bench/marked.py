"""Chunks of apps in whole numbers, judged by the audit and laid out for its peers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from kb.api import KnowledgeBase
from kb.audit.dictionary import Columns
from kb.audit.inputs import open_input
from kb.audit.judge import Judge
from kb.audit.stage import APP_FACTS
from kb.engines.rewrite.batching import EVERY_APP

from .apps import write_apps
from .generate import enlarged, small
from .handwritten import APPS, NAMES, Handwritten
from .ready import without_texts

FLAT = """
CREATE OR REPLACE TABLE flat AS
SELECT row, x AS c, verdict_code, conflict, alternative, missing
FROM judged JOIN outcome USING (sit, x)
"""
# What the audit found, in the numbers of the peers.
CATEGORIES = f"""
SELECT row, c, list_position({list(NAMES)}, v.name) - 1 AS verdict, conflict, a.code AS l
FROM flat JOIN name v ON v.code = verdict_code LEFT JOIN name a ON a.name = alternative
"""
LACKED = """
SELECT row, c, place, n.code FROM (
    SELECT row, c, unnest(missing) AS name, generate_subscripts(missing, 1) AS place FROM flat
) JOIN name n USING (name)
"""
APP_VERDICTS = f"""
SELECT row, list_position({list(NAMES)}, v.name) - 1
FROM verdict t JOIN name v ON v.code = t.verdict
"""
HAND_LACKED = """
SELECT row, c, generate_subscripts(missing, 1), unnest(missing) FROM verdict_of_category
"""
ALONE = "SELECT row, c FROM category WHERE readings = 1"
# Pairs of queries that must give the same rows.
SAME = {
    "category verdicts and conflicts": (
        "SELECT row, c, verdict, conflict FROM audit_categories",
        "SELECT row, c, verdict, conflict FROM verdict_of_category",
    ),
    "best alternatives": (
        f"SELECT row, c, l FROM audit_categories SEMI JOIN ({ALONE}) USING (row, c)",
        f"SELECT row, c, l FROM verdict_of_category SEMI JOIN ({ALONE}) USING (row, c)",
    ),
    "missing needs": (
        f"SELECT * FROM audit_lacked SEMI JOIN ({ALONE}) USING (row, c)",
        HAND_LACKED,
    ),
    "app verdicts": ("FROM audit_apps", "SELECT row, verdict FROM verdict_of_app"),
}


class Marked(Judge):
    """A judge that notes when the marks of a chunk are there: what comes before is reading."""

    marked = 0.0

    def _mark(self) -> None:
        super()._mark()
        self.marked = time.perf_counter()

    def seconds(self, table: pa.Table, columns: Columns) -> float:
        """From marks to a row for each category of each app and a verdict on each app."""
        self.judge(table, columns)
        self.database.execute(FLAT)
        return time.perf_counter() - self.marked

    def facts(self, apps: int | None = None) -> dict[str, pa.Table]:
        """The apps of the chunk (the first `apps` of them) as facts in numbers, by relation; fails
        where one is exempted or names others in it, which not all peers know about."""
        every = APP_FACTS[EVERY_APP].format(app="row", all="chunk")
        queries = {"app": every} | {
            name: query.format(app="row", marks="marks")
            for name, query in APP_FACTS.items()
            if name != EVERY_APP
        }
        found = {
            name: self.database.sql(
                f"SELECT * FROM ({query}) AS t({APPS[name]})"
                + (f" WHERE row < {apps}" if apps is not None else "")
            ).to_arrow_table()
            for name, query in queries.items()
        }
        assert not found["app_party"].num_rows
        assert not found["app_exempt"].num_rows
        assert not found["app_between"].num_rows
        return found


def categories_of(base: KnowledgeBase) -> int:
    """How many categories of a base have a reading."""
    return len({reading.record.category for reading in base.facts.readings.values()})


def made_up(categories: int) -> KnowledgeBase:
    """A base of about so many categories: copies of those before the tables of 2026-02."""
    base = small()
    return enlarged(base, max(1, round(categories / categories_of(base))))


def sized(categories: int) -> KnowledgeBase:
    """The same without the texts beyond categories."""
    return without_texts(made_up(categories))


def written(base: KnowledgeBase, apps: int, folder: Path) -> Path:
    """The file of so many apps for a base, made once."""
    day = base.day()
    path = folder / f"{len(base.facts.readings)}-readings-{day}-{apps}-apps.parquet"
    if not path.exists():
        write_apps(base, apps, path, day=day)
    return path


def chunks(
    base: KnowledgeBase, path: Path, size: int, threads: int | None
) -> Iterator[tuple[Marked, float]]:
    """The judge after each chunk of a file, and the seconds from marks to verdicts."""
    source = open_input(path, base.facts.vocabulary.attributes)
    database = duckdb.connect(config={"threads": threads} if threads else {})
    judge = Marked(base, base.day(), False, database)
    for table in source.chunks(size):
        yield judge, judge.seconds(table, source.columns)


def put(hand: Handwritten, facts: dict[str, pa.Table]) -> None:
    """Give the handwritten SQL a chunk."""
    for name, table in facts.items():
        _put(hand, name, table)


def _put(hand: Handwritten, name: str, table: pa.Table) -> None:
    hand.database.register("incoming", table)
    hand.database.execute(f"CREATE OR REPLACE TABLE {name} AS FROM incoming")
    hand.database.unregister("incoming")


def check(judge: Marked, hand: Handwritten) -> int:
    """How many category verdicts there are; fails unless both came to the same."""
    for name, query in (
        ("audit_categories", CATEGORIES),
        ("audit_lacked", LACKED),
        ("audit_apps", APP_VERDICTS),
    ):
        _put(hand, name, judge.database.sql(query).to_arrow_table())
    for what, (ours, theirs) in SAME.items():
        for one, other in ((ours, theirs), (theirs, ours)):
            odd = hand.database.execute(f"({one}) EXCEPT ({other}) LIMIT 5").fetchall()
            assert not odd, f"{what} differ: {odd}"
    [(rows,)] = hand.database.execute("SELECT count(*) FROM verdict_of_category").fetchall()
    return int(rows)
