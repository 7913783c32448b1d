"""The cluster engine: Spark SQL, on one machine or on many.

What a statement gives is kept and cut off from where it came from (a local checkpoint), so that a
plan never grows with the program. Each engine has a Spark session of its own within the context
that it is given: its views and settings meet nobody else's.
"""

from __future__ import annotations

import itertools
import os
import shutil
import threading
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

import pyarrow as pa
from py4j.protocol import Py4JError  # it has no types
from pyspark import StorageLevel
from pyspark.errors import (
    AnalysisException,
    ArithmeticException,
    PySparkException,
    PySparkRuntimeError,
)
from pyspark.sql import DataFrame, SparkSession
from sqlglot import exp

from kb.engines.protocol import DEFAULT_LIMIT, UnsupportedError
from kb.engines.sql.relational import Codes, Query, RelationalEngine, too_wide
from kb.engines.sql.select import NUMBER, Table
from kb.lang.problems import LimitError, Problem, Problems
from kb.lang.syntax import Facts, Program

DIALECT = "spark"
LOCAL = "local[1]"
PIECES = 8
"""Rounds of a recursion whose facts stand side by side before they are put together."""
JAVA = "Debian: apt-get install openjdk-17-jre-headless"
OTHERS = ("pydatalog", "duckdb", "clingo")
"""The engines that can express what Spark's SQL can not."""
SMALL: Mapping[str, str] = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
"""Settings for few facts: what Spark does to be quick over many takes longer than they do."""
GROUP = ("spark.jobGroup.id", "spark.job.description", "spark.job.interruptOnCancel")
"""What Spark remembers of a thread's group of jobs."""

_NUMBERS = itertools.count()
Found = TypeVar("Found")


class SparkEngine(RelationalEngine):
    """A program with its base facts, as views of a Spark session.

    `session` is whose Spark does the work, else one is started (or found) for the `master`;
    `settings` are Spark SQL's own, for this engine alone.
    Raises `Problems` when Java is missing.
    """

    name = "spark"

    def __init__(
        self,
        program: Program,
        facts: Facts,
        limit: float = DEFAULT_LIMIT,
        *,
        session: SparkSession | None = None,
        master: str = LOCAL,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._session = (session or started(master)).newSession()
        self._context = self._session.sparkContext
        at_once = str(self._context.defaultParallelism)
        # Spark 4 looks for constraints of a union where they are not, and fails (`key not found`).
        fixed = {
            "spark.sql.shuffle.partitions": at_once,
            "spark.sql.constraintPropagation.enabled": "false",
        }
        for key, value in {**fixed, **(settings or {})}.items():
            self._session.conf.set(key, value)
        # On a cluster each block stands in two places: a worker may go away.
        place = self._context.master or ""
        alone = place.startswith("local") and not place.startswith("local-cluster")
        self._level = StorageLevel.MEMORY_AND_DISK if alone else StorageLevel.MEMORY_AND_DISK_2
        self._frames: dict[str, DataFrame] = {}
        self._pieces: dict[str, int] = {}
        self._passing: set[str] = set()
        self._group = f"kb-{os.getpid()}-{next(_NUMBERS)}"
        self._before: list[str | None] | None = None
        self._over = threading.Event()
        self._ended = threading.Event()
        super().__init__(program, facts, limit)

    def put(self, table: Table, rows: Codes, lasting: bool) -> None:
        if not rows:
            self.make(table, self._none(table), lasting)
            return
        kinds = [pa.int64() if kind == NUMBER else pa.int32() for kind in table.types()]
        columns = zip(*rows, strict=True)
        arrays = {
            f"c{n}": pa.array(c, k) for n, (c, k) in enumerate(zip(columns, kinds, strict=True))
        }
        with warnings.catch_warnings():
            # Spark warns of pandas 3, which no row of ours passes through.
            warnings.simplefilter("ignore", FutureWarning)
            frame = self._session.createDataFrame(pa.table(arrays))
        self._show(table, frame, lasting)

    def make(self, table: Table, rows: Query, lasting: bool) -> int:
        assert isinstance(rows, exp.Query)
        try:
            found = self._run(lambda: self._session.sql(rows.sql(DIALECT)))
        except AnalysisException as error:
            rules = f"the rules of `{table.relation.name}`"
            raise UnsupportedError(self.name, rules, OTHERS) from error
        where = rows.args.get("where")
        if where is not None and where.this == exp.false():
            self._show(table, found, lasting)
            return 0
        try:
            kept, count = self._kept(found)
        except ArithmeticException as error:
            raise too_wide(self.name, table) from error
        self._show(table, kept, lasting)
        return count

    def add(self, table: Table, more: Table) -> None:
        joined = self._frames[table.name].union(self._frames[more.name])
        self._pieces[table.name] = self._pieces.get(table.name, 0) + 1
        if self._pieces[table.name] % PIECES == 0:
            joined, _ = self._kept(joined)
        self._show(table, joined, table.name not in self._passing)

    def same(self, table: Table, other: Table) -> None:
        self._show(table, self._frames[other.name], False)

    def rows(self, table: Table) -> Iterable[Sequence[int]]:
        return self._run(self._frames[table.name].collect)

    def _kept(self, frame: DataFrame) -> tuple[DataFrame, int]:
        """The rows worked out and kept, and how many they are."""

        def keep() -> tuple[DataFrame, int]:
            # Counting is what works them out: one job for both.
            kept = frame.localCheckpoint(eager=False, storageLevel=self._level)
            return kept, kept.count()

        return self._run(keep)

    def _show(self, table: Table, frame: DataFrame, lasting: bool) -> None:
        frame.createOrReplaceTempView(table.name)
        self._frames[table.name] = frame
        if not lasting:
            self._passing.add(table.name)

    def _run(self, work: Callable[[], Found]) -> Found:
        if not self._over.is_set():
            try:
                return work()
            except (PySparkException, Py4JError):
                if not self._over.is_set():
                    raise
        raise LimitError(
            f"the answer was not found within {self._limit:g} seconds; the search was ended"
        )

    def within(self, limit: float) -> None:
        self._limit = limit
        self._before = [self._context.getLocalProperty(key) for key in GROUP]
        self._context.setJobGroup(self._group, "policy-kb", interruptOnCancel=True)
        self._over.clear()
        self._ended = threading.Event()
        watch = threading.Thread(target=self._watch, args=(limit, self._ended), daemon=True)
        watch.start()

    def _watch(self, limit: float, ended: threading.Event) -> None:
        """End the jobs of an evaluation at its limit: the one that runs, and any that a statement
        starts after it."""
        wait = limit
        while not ended.wait(wait):
            self._over.set()
            self._context.cancelJobGroup(self._group)
            wait = 0.2

    def done(self) -> None:
        if self._before is None:
            return
        self._ended.set()
        self._context.cancelJobGroup(self._group)  # Ctrl-C may have left one at work
        self._over.clear()
        for key, value in zip(GROUP, self._before, strict=True):
            self._context.setLocalProperty(key, value)  # type: ignore[arg-type]  # None unsets it
        self._before = None
        for name in self._passing:
            self._session.catalog.dropTempView(name)
            del self._frames[name]
            self._pieces.pop(name, None)
        self._passing.clear()


def started(master: str = LOCAL) -> SparkSession:
    """A Spark session on a master, or the one that this process has already. Nothing listens
    beyond the machine when the master is on it, and no web page is served.

    Raises `Problems` when there is no Java that Spark can use.
    """
    home = os.environ.get("JAVA_HOME")
    if shutil.which(os.path.join(home, "bin", "java") if home else "java") is None:
        raise Problems([_no_java()])
    settings = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
    settings["spark.log.level"] = "ERROR"
    host = master.partition("://")[2].partition(":")[0]
    if master.startswith("local") or host in ("127.0.0.1", "localhost"):
        settings |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    builder = SparkSession.builder.appName("policy-kb").master(master)
    for key, value in settings.items():
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except PySparkRuntimeError as error:
        if error.getCondition() == "JAVA_GATEWAY_EXITED":
            raise Problems([_no_java()]) from error
        raise


def _no_java() -> Problem:
    return Problem("no-java", "the engine spark needs Java 17 or later", help=JAVA)
