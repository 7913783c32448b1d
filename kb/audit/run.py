"""An audit from table to table: chunk by chunk, whole or not at all, and going on where it stopped.

The parts of an output that are done stand beside it in a folder of their own until the last one is;
then they become one file under a temporary name, which is renamed. A run that was interrupted finds
its parts again when input, rules and day are the same. What may be written is looked at first
(`kb.audit.ownership`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from kb.audit.auditor import Auditor
from kb.audit.delivery import FORMATS, NO_ROWS, NONE_REFUSED, deliver, read, writing
from kb.audit.inputs import Apps, Input, open_apps
from kb.audit.ownership import SPILL, Outputs, check, claimed, cleared, store
from kb.audit.summary import Summary
from kb.engines.sql.duckdb import interruptible
from kb.lang.problems import Problem, Problems

if TYPE_CHECKING:
    from kb.base.core import Core

Progress = Callable[[int, int | None], None]
"""Told the apps done so far and how many there are, where that is known."""


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
    raw: bool = False,
    report: str | Path | None = None,
) -> Summary:
    """Judge every app of a table and write a table of verdicts.

    Parameters: `apps`, a Parquet, CSV or JSON lines file, a folder of Parquet files or of profiles,
    a DataFrame, an Arrow table or a DuckDB relation, one row an app with the columns of a profile
    (`id` for its name); `out`, a file that ends in `.parquet`, `.csv` or `.jsonl`; `day`, a day
    number; `chunk`, apps judged at once; `memory`, as DuckDB takes it (`2GB`), and `threads`;
    `fresh` forgets what an interrupted run has done; `raw` writes cells of CSV as they are, also
    those that a spreadsheet would run as formulas; `report`, where `kb.audit.report.write` is going
    to put a page, so that it is looked at before the work as well.

    Rows that can not be read go to `OUT.rejects.jsonl` with their reason. Raises `Problems` when
    there is no such table, its columns are not those of profiles, or a file that would be written
    is the input, was not made by an audit or belongs to another run.
    """
    target = Path(out)
    check_target(target)
    source = open_apps(apps, base)
    outputs = Outputs(target, Path(report) if report else None)
    check(outputs, source.files, source.folder)
    with claimed(outputs) as parts, writing(target):
        auditor = Auditor(base, day, drafts, memory=memory, threads=threads, spill=parts / SPILL)
        chunk = chunk or auditor.fitting
        state = {
            "input": source.fingerprint,
            "version": auditor.version,
            "day": day,
            "drafts": drafts,
            "chunk": chunk,
        }
        done = _resume(parts, state, fresh or not source.fingerprint)
        done = _judge(auditor, source, parts, chunk, done, progress)
        summary = Summary()
        for number in range(done):
            summary.add(json.loads(_counts(parts, number).read_text(encoding="utf-8")))
        rows, refused = (
            read([parts / f"{n:06}{suffix}" for n in range(done)]) if done else empty
            for suffix, empty in ((".parquet", NO_ROWS), (".refused.parquet", NONE_REFUSED))
        )
        with duckdb.connect(":memory:") as connection:
            connection.execute("SET temp_directory = ?", [str(parts / SPILL)])
            try:
                deliver(connection, rows, refused, outputs, summary, raw)
            except (duckdb.InvalidInputException, duckdb.SerializationException) as error:
                raise _damaged(parts, str(error).split("\n")[0]) from None
        cleared(parts)
    return summary


def check_target(target: Path) -> None:
    """Raises `Problems` when an output can not be written."""
    if target.suffix not in FORMATS:
        known = ", ".join(f"`{ending}`" for ending in FORMATS)
        raise Problems([Problem("file", f"`{target}` has no known ending", help=f"known: {known}")])
    if not target.parent.is_dir():
        raise Problems([Problem("file", f"there is no folder `{target.parent}`")])


def _judge(
    auditor: Auditor,
    source: Input,
    parts: Path,
    chunk: int,
    done: int,
    progress: Progress | None,
) -> int:
    """Judge what is not done yet, each chunk a part; how many parts there are then."""
    count = sum(json.loads(_counts(parts, n).read_text())["rows"] for n in range(done))
    # A chunk is written while the next one is judged.
    with ThreadPoolExecutor(1) as beside:
        written: Future[None] | None = None

        def finished() -> None:
            if written is not None:
                written.result()
                if progress:
                    progress(count, source.total)

        try:
            for table in source.chunks(chunk, count):
                auditor.chunk(table, source.columns)
                finished()
                written = beside.submit(auditor.writing(parts / f"{done:06}", count))
                count += table.num_rows
                done += 1
            finished()
        except duckdb.OutOfMemoryException:
            message = f"the memory allowed is not enough for {table.num_rows} apps at once"
            help = "allow more (--memory), or judge fewer at once (--chunk)"
            raise Problems([Problem("memory", message, help=help)]) from None
    return done


def _counts(parts: Path, number: int) -> Path:
    return parts / f"{number:06}.json"


def _resume(parts: Path, state: dict[str, Any], fresh: bool) -> int:
    """How many parts of the same run are done already. Raises `Problems` when what is there is
    damaged."""
    note = parts / "run.json"
    done = 0
    if not fresh:
        while (parts / f"{done:06}.parquet").is_file():
            done += 1
        before = _state(parts, note) if note.is_file() else None
        if done and before is None:
            raise _damaged(parts, f"there is no `{note.name}`")
        if before == state:
            for number in range(done):
                _check_part(parts, number)
            return done
    cleared(parts)
    store(note, json.dumps(state))
    return 0


def _state(parts: Path, file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise _damaged(parts, f"`{file.name}` can not be read")
    return found


def _check_part(parts: Path, number: int) -> None:
    counts = _state(parts, _counts(parts, number))
    try:
        whole = isinstance(counts["rows"], int)
        Summary().add(counts)
        for suffix in (".parquet", ".refused.parquet"):
            duckdb.sql(f"SELECT count(*) {read([parts / f'{number:06}{suffix}'])}").fetchall()
    except (KeyError, TypeError, ValueError, duckdb.Error):
        whole = False
    if not whole:
        raise _damaged(parts, f"part {number} is not whole")


def _damaged(parts: Path, said: str) -> Problems:
    message = f"what an interrupted run left in `{parts}` is damaged: {said}"
    return Problems([Problem("state", message, help="start afresh: --fresh (fresh=True)")])
