"""An audit from table to table: chunk by chunk, whole or not at all, and going on where it stopped.

The parts of an output that are done stand beside it in a folder of their own until the last one is;
then they become one file under a temporary name, which is renamed. A run that was interrupted finds
its parts again when input, rules and day are the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
from pydantic import ByteSize, TypeAdapter

import kb
from kb.audit import cells
from kb.audit.inputs import Apps, Input, open_input
from kb.audit.judge import Judge
from kb.audit.marks import insert
from kb.audit.summary import Summary, tally
from kb.lang.problems import Problem, Problems

if TYPE_CHECKING:
    from kb.answers.core import Core

CHUNK = 200_000
"""Apps that are judged at once, where there is memory for so many."""
EACH = 2048
"""Bytes of memory that an app takes while it is judged, with some to spare."""

Progress = Callable[[int, int | None], None]
"""Told the apps done so far and how many there are, where that is known."""

FORMATS = {
    ".parquet": "FORMAT parquet",
    ".csv": "FORMAT csv, HEADER",
    ".jsonl": "FORMAT json",
    ".ndjson": "FORMAT json",
}
# Category rows in the order of the facts, then the row of the app as a whole.
ROWS = """
SELECT row, place, c.id AS app, x.name AS category, v.name AS verdict, alternative, missing,
    r.name AS reason
FROM judged JOIN outcome o USING (sit, x) JOIN chunk c USING (row)
JOIN name x ON x.code = o.x JOIN name v ON v.code = verdict_code
JOIN name r ON r.code = o.reason JOIN category_place p ON p.x = o.x
UNION ALL
SELECT row, NULL, c.id, NULL, v.name, NULL, [], r.name
FROM verdict t JOIN chunk c USING (row) JOIN name v ON v.code = t.verdict
JOIN name r ON r.code = t.reason
"""
REFUSED = """
SELECT row, any_value(app) AS app, string_agg(DISTINCT reason, '; ' ORDER BY reason) AS reason
FROM refused GROUP BY row
"""
OUTPUT = """
SELECT app, category, verdict, alternative, missing, reason, {version} AS rule_version
FROM ({rows}) ORDER BY {row}, place NULLS LAST
"""
REJECTS = "SELECT {row} AS row, app, reason FROM ({rows}) ORDER BY 1"


def version_of(base: Core) -> str:
    """What a row was judged by: the package's version and a digest of rules, facts and names."""
    digest = hashlib.sha256()
    for rule in base.program.rules:
        digest.update(f"{rule}\n".encode())
    for relation, rows in sorted(base.facts.rows.facts.items()):
        for row in sorted(map(repr, rows)):
            digest.update(f"{relation}{row}\n".encode())
    vocabulary = base.facts.vocabulary
    named = sorted(map(repr, vocabulary.names.terms.values()))
    for thing in (*named, *map(repr, vocabulary.attributes.values()), *base.reading_order):
        digest.update(f"{thing}\n".encode())
    return f"{kb.__version__}+{digest.hexdigest()[:12]}"


class Auditor:
    """Judges chunks and writes them out; one for each process that works on an audit."""

    def __init__(
        self,
        base: Core,
        day: int,
        drafts: bool = False,
        *,
        memory: str | None = None,
        threads: int | None = None,
        spill: Path | None = None,
        kept: Collection[str] = (),
    ) -> None:
        settings: dict[str, Any] = {}
        if memory:
            settings["memory_limit"] = memory
        if threads:
            settings["threads"] = threads
        if spill:
            settings["temp_directory"] = str(spill)
        try:
            self.database = duckdb.connect(":memory:", config=settings)
            self.judge = Judge(base, day, drafts, self.database, kept)
        except duckdb.OutOfMemoryException:
            message = "the memory allowed is not enough for the facts alone"
            raise Problems([Problem("memory", message, help="allow more (--memory)")]) from None
        except duckdb.ParserException as error:
            message = f"`{memory}` is no amount of memory: {error}"
            raise Problems([Problem("memory", message, help="write it like 2GB")]) from None
        self._base = base
        names = self.judge.names
        self.database.execute("CREATE TABLE category_place (x INT, place INT)")
        order = sorted(base.facts.names.ids("category"), key=lambda c: _place(base, c))
        places = ((names.number(category), n) for n, category in enumerate(order))
        insert(self.database, "category_place", places)

    @cached_property
    def fitting(self) -> int:
        """Apps to judge at once, by the memory that DuckDB may use."""
        query = "SELECT replace(current_setting('memory_limit'), ' ', '')"
        [(limit,)] = self.database.execute(query).fetchall()
        bytes = TypeAdapter(ByteSize).validate_python(limit)
        return max(1, min(CHUNK, bytes // EACH))

    @cached_property
    def version(self) -> str:
        """See `version_of`."""
        return version_of(self._base)

    def chunk(self, table: pa.Table, columns: Any) -> None:
        """Judge the apps of a table."""
        self.judge.judge(table, columns)

    def writing(self, part: Path, first: int) -> Callable[[], None]:
        """A call that writes what the last chunk came to: rows, refused rows and counts. It sees
        what there is now, whatever is judged by the time that it runs."""
        database = self.database.cursor()
        database.execute("BEGIN")
        database.execute("SELECT 1 FROM judged LIMIT 1").fetchall()  # from here on it sees this
        return partial(self._write, database, part, first)

    def _write(self, database: duckdb.DuckDBPyConnection, part: Path, first: int) -> None:
        with database:
            version = cells.text(self.version)
            for suffix, query in (
                (".refused.parquet", REJECTS.format(row=f"row + {first}", rows=REFUSED)),
                (".parquet", OUTPUT.format(row="row", rows=ROWS, version=version)),
            ):
                path = cells.text(str(part.with_name(part.name + suffix + ".tmp")))
                database.execute(f"COPY ({query}) TO {path} (FORMAT parquet)").fetchall()
            counts = part.with_name(part.name + ".json.tmp")
            counts.write_text(json.dumps(tally(database)), encoding="utf-8")
        for suffix in (".refused.parquet", ".json", ".parquet"):  # the last says that all are there
            os.replace(
                part.with_name(part.name + suffix + ".tmp"), part.with_name(part.name + suffix)
            )


def _place(base: Core, category: str) -> tuple[int, str]:
    order = base.category_order
    return order.get(category, len(order)), category


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


def _resume(parts: Path, state: dict[str, Any], fresh: bool) -> int:
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
