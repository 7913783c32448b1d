"""Flips of a table of apps between two days, held against an audit of the table on each."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from kb.api import KnowledgeBase

FIRST, LAST = "2024-12-01", "2025-06-30"
VERDICTS = "SELECT app, verdict FROM read_parquet(?) WHERE category IS NULL"
DIFFER = f"""
SELECT app, a.verdict, b.verdict FROM ({VERDICTS}) a JOIN ({VERDICTS}) b USING (app)
WHERE a.verdict <> b.verdict
"""


def compared(base: KnowledgeBase, path: Path) -> tuple[float, str]:
    """Seconds for a table, and what is told of it; fails unless those flip whose verdicts differ in
    the two audits."""
    start = time.perf_counter()
    found = base.changes(FIRST, LAST, apps=path).apps or []
    taken = time.perf_counter() - start
    start = time.perf_counter()
    with TemporaryDirectory() as folder:
        outs = [f"{folder}/{day}.parquet" for day in (FIRST, LAST)]
        for day, out in zip((FIRST, LAST), outs, strict=True):
            base.audit(path, out, as_of=day)
        audits = time.perf_counter() - start
        expected = set(duckdb.execute(DIFFER, outs).fetchall())
    assert {(flip.app, flip.before, flip.after) for flip in found} == expected
    return taken, (
        f"{len(found):,} flips, each with what would mend it;"
        f" two audits {audits:.1f} s; the same apps flip"
    )
