"""An audit on a Spark cluster: the same judge, in each of its Python workers.

Apps are independent, so nothing is shuffled: each worker judges the pieces of Parquet that it gets
and writes what comes out, by Spark's protocol of committing whole tasks; a worker that is lost has
its pieces judged again by the others. DuckDB puts the parts together in the order of the input.
What differs between a worker's package or facts and the caller's ends the run.
"""

from __future__ import annotations

import json
import math
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import duckdb
import numpy as np
import pyarrow as pa
from py4j.protocol import Py4JError
from pyspark import SparkContext
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from kb.audit import input_sql as cells
from kb.audit.auditor import CHUNK, OUTPUT, REJECTS, receipt_of, version_of
from kb.audit.delivery import deliver, read
from kb.audit.inputs import open_apps
from kb.audit.ownership import CLUSTER, SPILL, Outputs, check, claimed, cleared, literal
from kb.audit.run import Progress, check_target
from kb.audit.spark.session import failed, on_master
from kb.audit.spark.worker import FILE, PARTS, PLACE, Order, judged
from kb.audit.summary import Run, Summary
from kb.lang.problems import Problem, Problems
from kb.model.days import date
from kb.model.places import shipped

if TYPE_CHECKING:
    from kb.base.core import Core

NUMBERED = "SELECT p.* REPLACE (NULL::VARCHAR AS file), first + nth AS row,\
 NULL::BIGINT AS line FROM part p JOIN origin USING (file)"
GROUP = ("spark.jobGroup.id", "spark.job.description", "spark.job.interruptOnCancel")
"""What Spark remembers of a thread's group of jobs."""


def audit_on_spark(
    base: Core,
    apps: str | Path,
    out: str | Path,
    *,
    day: int,
    drafts: bool = False,
    master: str = "local[*]",
    chunk: int = CHUNK,
    progress: Progress | None = None,
    raw: bool = False,
    report: str | Path | None = None,
    lang: str = "en",
) -> Summary:
    """Judge every app of a Parquet file or folder on a Spark master, as `kb.audit.run.audit` does.

    `apps`, the folder of `out` and the folder of facts must stand at the same place for all
    workers. The rows of the output, their order and the rejects are those that DuckDB gives. A
    session that this process has on that master is used, else one is started, and stopped in the
    end. What an interrupted run has done is not kept.
    Raises `Problems`, also for what goes wrong on the cluster.
    """
    target = Path(out)
    check_target(target)
    order = _order(base, day, drafts)
    source = _source(base, apps)
    outputs = Outputs(target, Path(report) if report else None)
    check(outputs, list(map(Path, source.files)), Path(apps) if Path(apps).is_dir() else None)
    with claimed(outputs) as parts:
        cleared(parts)
        folder = Path(os.path.abspath(parts / CLUSTER))
        try:
            with on_master(master) as session:
                _run(session, order, source, folder, chunk, progress)
            origin = cells.text(order.version), cells.text(receipt_of(base, day, drafts))
            summary = _gathered(source, folder, outputs, origin, raw, lang)
            when = date(day).isoformat()
            summary.run = Run(str(apps), str(out), when, order.version, drafts)
            return summary
        except (PySparkException, Py4JError) as error:
            raise failed(f"the run on `{master}` failed", error) from error
        finally:
            cleared(parts)


@dataclass(frozen=True)
class _Source:
    """The files of the input, in order, with the first row's number in each; and its columns."""

    shown: str
    files: dict[str, int]
    columns: frozenset[str]
    total: int


def _order(base: Core, day: int, drafts: bool) -> Order:
    folders = tuple(folder.resolve() for folder in base.facts.folders)
    if base.added or not all(folder.is_dir() for folder in folders):
        message = "Spark's workers load the base from its folder, and this one has more than that"
        raise Problems([Problem("base", message, help="DuckDB audits with every base")])
    own = folders == (shipped("facts").resolve(),)
    return Order(() if own else tuple(map(str, folders)), day, drafts, version_of(base))


def _source(base: Core, apps: Any) -> _Source:
    if not isinstance(apps, str | Path) or not (
        Path(apps).is_dir() or Path(apps).suffix == ".parquet"
    ):
        shown = f"`{apps}`" if isinstance(apps, str | Path) else "a table in memory"
        message = f"Spark reads apps from Parquet, and {shown} is none"
        raise Problems([Problem("file", message, help="DuckDB reads every kind of table")])
    opened = open_apps(apps, base)
    path = Path(os.path.abspath(apps))
    listed = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    found = opened.connection.execute(
        f"SELECT file_name, num_rows FROM parquet_file_metadata({cells.listed(literal(listed))})"
    ).fetchall()
    counts = {str(name): int(rows) for name, rows in found}
    files: dict[str, int] = {}
    total = 0
    for file in map(str, listed):
        files[file] = total
        total += counts[file]
    columns = opened.connection.execute("DESCRIBE source").fetchall()
    if opened.entities and base.facts.vocabulary.over:
        message = "Spark's workers judge apps apart, and some numbers are of all apps of an entity"
        help = "DuckDB audits them, or leave the column `entity` out"
        raise Problems([Problem("column", message, help=help)])
    return _Source(str(apps), files, frozenset(name for name, *_ in columns), total)


def _run(
    session: SparkSession,
    order: Order,
    source: _Source,
    folder: Path,
    chunk: int,
    progress: Progress | None,
) -> None:
    """Have the workers write their parts to a folder."""
    context = session.sparkContext
    # As many pieces as chunks: a worker that is lost takes little with it.
    pieces = max(context.defaultParallelism, math.ceil(source.total / chunk))
    for key, value in {
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(chunk),
        "spark.sql.files.minPartitionNum": str(pieces),
    }.items():
        session.conf.set(key, value)
    frame = _frame(session, source)
    schema = from_arrow_schema(PARTS)
    with _watched(context, source.total, progress):
        frame.mapInArrow(partial(judged, order), schema).write.mode("overwrite").option(
            "mapreduce.fileoutputcommitter.algorithm.version", "1"
        ).parquet(f"file://{folder}")


def _frame(session: SparkSession, source: _Source) -> DataFrame:
    """The apps as Spark reads them, each with its place in the input."""
    # With a recursive look-up the names of folders are no columns, as for DuckDB.
    reader = session.read.option("mergeSchema", "true").option("recursiveFileLookup", "true")
    frame = reader.parquet(*(f"file://{file}" for file in source.files))
    if odd := source.columns ^ set(frame.columns):
        message = f"the files of `{source.shown}` differ in their columns: `{min(odd)}`"
        raise Problems([Problem("column", message, help="give each file the same columns")])
    return frame.selectExpr(
        "*", f"_metadata.file_path AS {FILE}", f"_metadata.row_index AS {PLACE}"
    )


@contextmanager
def _watched(context: SparkContext, total: int, progress: Progress | None) -> Iterator[None]:
    """Tell how far the jobs of a block are, by the tasks that are done."""
    before = [context.getLocalProperty(key) for key in GROUP]
    group = f"policy-kb-{os.getpid()}-{threading.get_native_id()}"
    context.setJobGroup(group, "policy-kb audit", interruptOnCancel=True)
    over = threading.Event()

    def watch(told: Progress) -> None:
        tracker = context.statusTracker()
        last = 0
        while not over.wait(0.5):
            jobs = [tracker.getJobInfo(job) for job in tracker.getJobIdsForGroup(group)]
            stages = [tracker.getStageInfo(s) for job in jobs if job for s in job.stageIds]
            tasks = sum(stage.numTasks for stage in stages if stage)
            done = sum(stage.numCompletedTasks for stage in stages if stage)
            if done > last:
                last = done
                told(total * done // tasks, total)

    watcher = threading.Thread(target=watch, args=(progress,), daemon=True) if progress else None
    if watcher:
        watcher.start()
    try:
        yield
    finally:
        over.set()
        if watcher:
            watcher.join()
        for key, value in zip(GROUP, before, strict=True):
            context.setLocalProperty(key, value)  # type: ignore[arg-type]  # None unsets it
    if progress:
        progress(total, total)


def _gathered(
    source: _Source, folder: Path, outputs: Outputs, origin: tuple[str, str], raw: bool, lang: str
) -> Summary:
    """Put together what the workers wrote, in the order of the input; `origin` is the version and
    the receipt of each row, as SQL has them."""
    version, receipt = origin
    summary = Summary()
    with duckdb.connect(
        ":memory:", config={"temp_directory": str(outputs.parts / SPILL)}
    ) as connection:
        run = connection.execute
        run(f"CREATE VIEW part AS {read(sorted(folder.glob('*.parquet')))}")
        for (note,) in run("SELECT note FROM part WHERE note IS NOT NULL").fetchall():
            said = json.loads(note)
            if "problems" in said:
                raise Problems([Problem("worker", f"a worker can not judge: {said['problems']}")])
            summary.add(said["counts"])
        if summary.rows != source.total:
            message = f"{summary.rows} of {source.total} apps were judged: the input has changed"
            raise Problems([Problem("input", message)])
        uris = [uri for (uri,) in run("SELECT DISTINCT file FROM part").fetchall() if uri]
        first = [source.files[unquote(urlsplit(uri).path)] for uri in uris]
        origin = pa.table({"file": pa.array(uris, pa.string()), "first": np.array(first, np.int64)})
        connection.register("origin", origin)
        kept, refused = (
            f"{NUMBERED} WHERE note IS NULL AND verdict IS {known} NULL" for known in ("NOT", "")
        )
        deliver(
            connection,
            OUTPUT.format(row="row", rows=kept, version=version, receipt=receipt),
            REJECTS.format(row="row", rows=refused),
            outputs,
            summary,
            raw,
            lang,
        )
    return summary
