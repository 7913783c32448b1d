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
from typing import TYPE_CHECKING

import duckdb

from kb.audit.auditor import Auditor, too_many
from kb.audit.delivery import FORMATS, NO_ROWS, NONE_REFUSED, deliver, read, writing
from kb.audit.idle import auditing
from kb.audit.inputs import Apps, Input, open_apps
from kb.audit.ownership import SPILL, Outputs, check, claimed, cleared, spill_of
from kb.audit.state import counts_of, damaged, resume
from kb.audit.summary import Run, Summary
from kb.engines.sql.duckdb import interruptible
from kb.lang.problems import Problem, Problems
from kb.model.days import date

if TYPE_CHECKING:
    from kb.base.core import Core

MOST = 10**9
"""Apps that are judged at once at most."""
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
    entities_complete: bool = False,
    raw: bool = False,
    report: str | Path | None = None,
    lang: str = "en",
) -> Summary:
    """Judge every app of a table and write a table of verdicts.

    Parameters: `apps`, a Parquet, CSV or JSON lines file, a folder of Parquet files or of profiles,
    a DataFrame, an Arrow table or a DuckDB relation, one row an app with the columns of a profile
    (`id` for its name); `out`, a file that ends in `.parquet`, `.csv` or `.jsonl`; `day`, a day
    number; `chunk`, apps judged at once; `memory`, as DuckDB takes it (`2GB`), and `threads`;
    `entities_complete`, whether all apps of each entity that it names are rows of the table;
    `fresh` forgets what an interrupted run has done; `raw` writes cells of CSV as they are, also
    those that a spreadsheet would run as formulas; `report`, where `kb.audit.report.write` is going
    to put a page, so that it is looked at before the work as well.

    Rows that can not be read go to `OUT.rejects.jsonl` with their reason in the language `lang`,
    `en` or `zh`. Raises `Problems` when
    there is no such table, its columns are not those of profiles, or a file that would be written
    is the input, was not made by an audit or belongs to another run.
    """
    target = Path(out)
    check_target(target)
    source = open_apps(apps, base)
    outputs = Outputs(target, Path(report) if report else None)
    check(outputs, source.files, source.folder)
    with (
        claimed(outputs) as parts,
        writing(target),
        auditing(
            base, day, drafts, memory=memory, threads=threads, spill=spill_of(parts)
        ) as auditor,
    ):
        chunk = min(chunk or auditor.fitting, MOST)
        state = {
            "input": source.fingerprint,
            "version": auditor.version,
            "day": day,
            "drafts": drafts,
            "chunk": chunk,
            "entities": entities_complete,
        }
        auditor.reckon(source, chunk, entities_complete)
        done = resume(parts, state, fresh or not source.fingerprint)
        done = _judge(auditor, source, parts, chunk, done, progress)
        auditor.judge.keep()
        named = str(apps) if isinstance(apps, str | Path) else ""
        when = date(day).isoformat()
        summary = Summary(run=Run(named, str(out), when, auditor.version, drafts))
        for number in range(done):
            summary.add(json.loads(counts_of(parts, number).read_text(encoding="utf-8")))
        rows, refused = (
            read([parts / f"{n:06}{suffix}" for n in range(done)]) if done else empty
            for suffix, empty in ((".parquet", NO_ROWS), (".refused.parquet", NONE_REFUSED))
        )
        with duckdb.connect(":memory:") as connection:
            connection.execute("SET temp_directory = ?", [str(parts / SPILL)])
            try:
                deliver(connection, rows, refused, outputs, summary, raw, lang)
            except (duckdb.IOException, duckdb.OutOfMemoryException):
                raise
            except duckdb.Error as error:
                raise damaged(parts, str(error).split("\n")[0]) from None
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
    count = sum(json.loads(counts_of(parts, n).read_text())["rows"] for n in range(done))
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
            raise too_many(table.num_rows, chosen=True) from None
    return done
