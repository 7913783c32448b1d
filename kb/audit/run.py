"""An audit from table to table: chunk by chunk, whole or not at all, and going on where it stopped.

The parts of an output that are done stand beside it in a folder of their own until the last one is;
then they become one file under a temporary name, which is renamed. A run that was interrupted finds
its parts again when input, rules and day are the same.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from kb.audit import input_sql as cells
from kb.audit.auditor import Auditor
from kb.audit.inputs import Apps, Input, open_input
from kb.audit.summary import Summary
from kb.engines.sql.duckdb import interruptible
from kb.lang.problems import Problem, Problems

if TYPE_CHECKING:
    from kb.base.core import Core

Progress = Callable[[int, int | None], None]
"""Told the apps done so far and how many there are, where that is known."""

FORMATS = {
    ".parquet": "FORMAT parquet",
    ".csv": "FORMAT csv, HEADER",
    ".jsonl": "FORMAT json",
    ".ndjson": "FORMAT json",
}


@interruptible()
def audit(
    base: Core,
    apps: Apps,
    out: str | Path,
    *,
    day: int,
    drafts: bool = False,
    chunk: int | None = None,
    memory: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    fresh: bool = False,
) -> Summary:
    """Judge every app of a table and write a table of verdicts.

    Parameters: `apps`, a Parquet, CSV or JSON lines file, a folder of Parquet files, a DataFrame,
    an Arrow table or a DuckDB relation, one row an app with the columns of a profile (`id` for its
    name); `out`, a file that ends in `.parquet`, `.csv` or `.jsonl`; `day`, a day number; `chunk`,
    apps judged at once; `memory`, as DuckDB takes it (`2GB`), and `threads`; `fresh` forgets what
    an interrupted run has done.

    Rows that can not be read go to `OUT.rejects.jsonl` with their reason. Raises `Problems` when
    there is no such table or its columns are not those of profiles.
    """
    target = Path(out)
    check_target(target)
    source = open_input(apps, base.facts.vocabulary.attributes)
    parts = target.with_name(target.name + ".parts")
    spill = parts / "spill"
    auditor = Auditor(base, day, drafts, memory=memory, threads=threads, spill=spill)
    chunk = chunk or auditor.fitting
    state = {
        "input": source.fingerprint,
        "version": auditor.version,
        "day": day,
        "drafts": drafts,
        "chunk": chunk,
    }
    done = _resume(parts, state, fresh or not source.fingerprint)
    count = sum(json.loads(_counts(parts, n).read_text())["rows"] for n in range(done))
    # A chunk is written while the next one is judged.
    with ThreadPoolExecutor(1) as beside:
        writing: Future[None] | None = None

        def finished() -> None:
            if writing is not None:
                writing.result()
                if progress:
                    progress(count, source.total)

        try:
            for table in source.chunks(chunk, count):
                auditor.chunk(table, source.columns)
                finished()
                writing = beside.submit(auditor.writing(parts / f"{done:06}", count))
                count += table.num_rows
                done += 1
            finished()
        except duckdb.OutOfMemoryException:
            message = f"the memory allowed is not enough for {table.num_rows} apps at once"
            help = "allow more (--memory), or judge fewer at once (--chunk)"
            raise Problems([Problem("memory", message, help=help)]) from None
    return finish(parts, done, target, source)


def check_target(target: Path) -> None:
    """Raises `Problems` when an output can not be written."""
    if target.suffix not in FORMATS:
        known = ", ".join(f"`{ending}`" for ending in FORMATS)
        raise Problems([Problem("file", f"`{target}` has no known ending", help=f"known: {known}")])
    if not target.parent.is_dir():
        raise Problems([Problem("file", f"there is no folder `{target.parent}`")])


def _counts(parts: Path, number: int) -> Path:
    return parts / f"{number:06}.json"


def _resume(parts: Path, state: Mapping[str, object], fresh: bool) -> int:
    """How many parts of the same run are done already."""
    note = parts / "run.json"
    same = note.is_file() and json.loads(note.read_text(encoding="utf-8")) == state
    if fresh or not same:
        shutil.rmtree(parts, ignore_errors=True)
    parts.mkdir(exist_ok=True)
    note.write_text(json.dumps(state), encoding="utf-8")
    done = 0
    while (parts / f"{done:06}.parquet").is_file():
        done += 1
    return done


def finish(parts: Path, done: int, target: Path, source: Input | None = None) -> Summary:
    """Put the parts together under a temporary name, rename it, and forget them."""
    summary = Summary()
    for number in range(done):
        summary.add(json.loads(_counts(parts, number).read_text(encoding="utf-8")))
    rows, refused = (
        read([parts / f"{n:06}{suffix}" for n in range(done)]) if done else empty
        for suffix, empty in ((".parquet", NO_ROWS), (".refused.parquet", NONE_REFUSED))
    )
    with duckdb.connect(":memory:") as connection:
        deliver(connection, rows, refused, target, summary, source.unreadable() if source else [])
    shutil.rmtree(parts)
    return summary


def deliver(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    refused: str,
    target: Path,
    summary: Summary,
    unreadable: list[tuple[int, str]],
) -> None:
    """Write what two queries give: the output, and beside it the rejects, if there are any."""
    _gather(connection, rows, target)
    rejects = target.with_name(target.name + ".rejects.jsonl")
    if summary.refused or unreadable:
        summary.rows += len(unreadable)
        summary.refused += len(unreadable)
        _gather(connection, refused, rejects, unreadable)
        summary.rejects = rejects
    else:
        rejects.unlink(missing_ok=True)


def read(files: list[Path]) -> str:
    """A query for all that files hold, and nothing that the names of their folders may say."""
    return f"FROM read_parquet({cells.listed(map(str, files))}, hive_partitioning = false)"


NO_ROWS = """
SELECT NULL::VARCHAR AS app, NULL::VARCHAR AS category, NULL::VARCHAR AS verdict,
    NULL::VARCHAR AS alternative, NULL::VARCHAR[] AS missing, NULL::VARCHAR AS reason,
    NULL::VARCHAR AS rule_version
WHERE false
"""
NONE_REFUSED = "SELECT 0 AS row, NULL::VARCHAR AS app, NULL::VARCHAR AS reason WHERE false"


def _gather(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    target: Path,
    lines: list[tuple[int, str]] | None = None,
) -> None:
    if target.suffix == ".csv":  # a list in CSV is JSON
        query = f"SELECT * REPLACE (to_json(missing) AS missing) FROM ({query})"
    if lines:
        listed = pa.table({"line": [n for n, _ in lines], "reason": [said for _, said in lines]})
        connection.register("lines", listed)
        query = f"SELECT NULL AS line, row, app, reason FROM ({query}) UNION ALL"
        query += " SELECT line, NULL, NULL, reason FROM lines"
    temporary = target.with_name(target.name + ".tmp")
    connection.execute(f"COPY ({query}) TO {cells.text(str(temporary))} ({FORMATS[target.suffix]})")
    os.replace(temporary, target)
