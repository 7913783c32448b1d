"""Judging chunks of an audit and writing each one out, in any process that works on it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
from pydantic import ByteSize, TypeAdapter

from kb.answers.receipt import origin_of
from kb.audit import input_sql as cells
from kb.audit.dictionary import insert
from kb.audit.entities import Totals
from kb.audit.judge import Judge
from kb.audit.kept import digest_of
from kb.audit.state import PARTS, digest
from kb.audit.summary import tally
from kb.engines.garbage import uncollected
from kb.lang.problems import Problem, Problems
from kb.model.days import date
from kb.model.writing import settle
from kb.version import __version__

if TYPE_CHECKING:
    from kb.audit.inputs import Input
    from kb.base.core import Core

CHUNK = 96_000
"""Apps that are judged at once, where there is memory for so many."""
EACH = 2048
"""Bytes of memory that an app takes while it is judged, with some to spare."""

# Category rows in the order of the facts, then the row of the app as a whole.
ROWS = """
SELECT row, place, c.id AS app, x.name AS category, v.name AS verdict, alternative, missing,
    r.name AS reason
FROM judged JOIN outcome o USING (sit, x) JOIN chunk c USING (row)
JOIN name x ON x.code = o.x JOIN name v ON v.code = verdict_code
JOIN name r ON r.code = o.reason JOIN category_place p ON p.x = o.x
UNION ALL
SELECT row, NULL, c.id, NULL, v.name, NULL, missing, r.name
FROM verdict t JOIN chunk c USING (row) JOIN name v ON v.code = t.verdict
JOIN name r ON r.code = t.reason
"""
REFUSED = """
SELECT row, any_value(line) AS line, any_value(file) AS file,
    string_agg(DISTINCT "column", ', ' ORDER BY "column") AS "column", any_value(app) AS app,
    string_agg(DISTINCT reason, '; ' ORDER BY reason) AS reason,
    string_agg(DISTINCT help, '; ' ORDER BY help) AS help
FROM refused GROUP BY row
"""
OUTPUT = """
SELECT app, category, verdict, alternative, missing, reason, {version} AS rule_version,
    {receipt} AS receipt, {row} AS number, place
FROM ({rows}) ORDER BY number, place NULLS LAST
"""
"""The rows of an output, with the place of each app in the input and of each category."""
REJECTS = """
SELECT {row} AS row, line, file, "column", app, reason, help FROM ({rows}) ORDER BY 1
"""


def version_of(base: Core) -> str:
    """What a row was judged by: the package's version and a digest of rules, facts and names."""
    return f"{__version__}+{digest_of(base)[:12]}"


def receipt_of(base: Core, day: int, drafts: bool) -> str:
    """What a row came from beside its profile, as one line: the package's version, hashes of facts
    and rules as receipts of answers hold them, and the day."""
    return origin_of(base, drafts).short(date(day).isoformat())


def too_many(apps: int, chosen: bool) -> Problems:
    """What to say where so many apps do not go into the memory allowed; with `chosen`, it can be
    said how many are judged at once."""
    message = f"the memory allowed is not enough for {apps} apps at once"
    help = "allow more (--memory)"
    if chosen:
        help = "allow more (--memory), or judge fewer at once (--chunk)"
    return Problems([Problem("memory", message, help=help)])


def connected(
    memory: str | None = None, threads: int | None = None, spill: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """A database of its own that uses so much memory at most, and a folder to spill to. Raises
    `Problems` for what is no amount of memory."""
    # Nothing outlasts the run, so nothing is gained by tidying up on the way.
    settings: dict[str, Any] = {"checkpoint_threshold": "1TB"}
    if memory:
        settings["memory_limit"] = memory
    if threads:
        settings["threads"] = threads
    if spill:
        settings["temp_directory"] = str(spill)
    try:
        return duckdb.connect(":memory:", config=settings)
    except duckdb.ParserException as error:
        message = f"`{memory}` is no amount of memory: {error}"
        raise Problems([Problem("memory", message, help="write it like 2GB")]) from None


def memory_of(database: duckdb.DuckDBPyConnection) -> int:
    """The bytes of memory that a database may use."""
    query = "SELECT replace(current_setting('memory_limit'), ' ', '')"
    [(limit,)] = database.execute(query).fetchall()
    return int(TypeAdapter(ByteSize).validate_python(limit))


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
        self.database = connected(memory, threads, spill)
        try:
            self.judge = uncollected(lambda _: Judge(base, day, drafts, self.database, kept))
        except duckdb.OutOfMemoryException:
            message = "the memory allowed is not enough for the facts alone"
            raise Problems([Problem("memory", message, help="allow more (--memory)")]) from None
        self._base = base
        found = self.database.execute("SELECT current_setting('threads')").fetchall()
        [(self._threads,)] = found
        self._receipt = receipt_of(base, day, drafts)
        names = self.judge.names
        self.database.execute("CREATE TABLE category_place (x INT, place INT)")
        order = sorted(base.facts.names.ids("category"), key=base.place)
        places = ((names.number(category), n) for n, category in enumerate(order))
        insert(self.database, "category_place", places)

    @cached_property
    def fitting(self) -> int:
        """Apps to judge at once, by the memory that DuckDB may use."""
        return max(1, min(CHUNK, memory_of(self.database) // EACH))

    @cached_property
    def version(self) -> str:
        """See `version_of`."""
        return version_of(self._base)

    def rested(self) -> bool:
        """Whether it is so small that it may stand idle until the next audit; then no thread of it
        is left, so that a fork leaves none behind."""
        if not self.judge.small:
            return False
        self.database.execute("SET threads = 1")
        return True

    def roused(self, spill: Path | None) -> bool:
        """Whether it can take up another audit, which spills to this folder."""
        try:
            self.database.execute(f"SET threads = {self._threads}")
            self.database.execute("SET temp_directory = ?", [str(spill or "")])
        except duckdb.Error:  # it has spilled to another one
            return False
        self.judge.reader.forget()
        return True

    def reckon(self, source: Input, chunk: int, complete: bool) -> None:
        """Learn what the apps of each entity of an input come to together, before any is judged;
        with `complete` all apps of an entity are rows of it."""
        reader = self.judge.reader
        if not (reader.siblings.adding.over and source.entities):
            return
        totals = Totals(self.database, reader.siblings.adding, complete)
        for table in source.chunks(chunk):
            reader.add_to(totals, table, source.columns)
        totals.finish()
        reader.siblings.totals = totals

    def chunk(self, table: pa.Table, columns: Any) -> None:
        """Judge the apps of a table."""
        uncollected(lambda _: self.judge.judge(table, columns))

    def writing(self, part: Path, first: int) -> Callable[[], None]:
        """A call that writes what the last chunk came to: rows, refused rows and counts. It sees
        what there is now, whatever is judged by the time that it runs."""
        database = self.database.cursor()
        database.execute("BEGIN")
        database.execute("SELECT 1 FROM judged LIMIT 1").fetchall()  # from here on it sees this
        return partial(self._write, database, part, first)

    def _write(self, database: duckdb.DuckDBPyConnection, part: Path, first: int) -> None:
        with database:
            version, receipt = cells.text(self.version), cells.text(self._receipt)
            output = OUTPUT.format(
                row=f"row + {first}", rows=ROWS, version=version, receipt=receipt
            )
            for suffix, query in (
                (".refused.parquet", REJECTS.format(row=f"row + {first}", rows=REFUSED)),
                (".parquet", output),
            ):
                path = cells.text(str(part.with_name(part.name + suffix + ".tmp")))
                database.execute(f"COPY ({query}) TO {path} (FORMAT parquet)").fetchall()
            files = [digest(part.with_name(part.name + suffix + ".tmp")) for suffix in PARTS]
            note = {**tally(database), "first": first, "files": files}
            counts = part.with_name(part.name + ".json.tmp")
            counts.write_text(json.dumps(note), encoding="utf-8")
        for suffix in (".refused.parquet", ".json", ".parquet"):  # the last says that all are there
            settle(part.with_name(part.name + suffix + ".tmp"), part.with_name(part.name + suffix))
