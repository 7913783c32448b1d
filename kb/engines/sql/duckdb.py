"""The batch engine: DuckDB, in the process and out of core."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache

import duckdb
from sqlglot import exp

from kb.engines.interning import Interner
from kb.engines.protocol import DEFAULT_LIMIT
from kb.engines.sql.relational import Codes, Query, RelationalEngine, too_wide
from kb.engines.sql.select import NAME, NUMBER, Table
from kb.engines.sql.stored import Stored
from kb.lang.problems import LimitError
from kb.lang.syntax import Facts, Program

DIALECT = "duckdb"
OWN_ORDER = "join_order"
"""The order of joins is ours: see `kb.engines.sql.joins`."""
FEW = 20_000
"""So many apps are judged faster than DuckDB looks for a better plan."""
WORTHWHILE = (
    "build_side_probe_side",
    "column_lifetime",
    "cte_inlining",
    "empty_result_pullup",
    "filter_pushdown",
    "materialized_cte",
    "unused_columns",
)
"""What DuckDB does to a plan that pays for few apps too."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C while DuckDB runs a statement is what it is elsewhere.

    >>> with interruptible():
    ...     raise RuntimeError("Query interrupted")
    Traceback (most recent call last):
    KeyboardInterrupt
    """
    try:
        yield
    except duckdb.InterruptException:
        raise KeyboardInterrupt from None
    except RuntimeError as error:
        if str(error) != "Query interrupted":  # what DuckDB makes of it in Python
            raise
        raise KeyboardInterrupt from None


class DuckDBEngine(RelationalEngine):
    """A program with its base facts in a DuckDB, by default one of its own in memory.

    >>> from kb.lang.checks import check
    >>> from kb.lang.parser import parse
    >>> program, _ = check(parse("+e(1, 2)\\n+e(2, 3)\\nt(X, Z) <= e(X, Y) & e(Y, Z)").rules)
    >>> DuckDBEngine(program, {}).evaluate({}, ["t"])["t"]
    frozenset({(1, 3)})
    """

    name = "duckdb"

    def __init__(
        self,
        program: Program,
        facts: Facts,
        limit: float = DEFAULT_LIMIT,
        names: Interner | None = None,
        prefix: str = "r",
        database: duckdb.DuckDBPyConnection | None = None,
        given: RelationalEngine | None = None,
        stored: Stored | None = None,
    ) -> None:
        self._database = database or duckdb.connect(":memory:", config={"threads": 1})
        self._database.execute(f"SET disabled_optimizers = '{OWN_ORDER}'")
        self._timer: threading.Timer | None = None
        self._over = False
        self._passing: set[str] = set()
        self._few = False
        super().__init__(program, facts, limit, names, prefix, given, stored)

    def derive(
        self,
        given: Mapping[str, Callable[[], exp.Query]],
        goals: Iterable[str],
        apps: int,
        limit: float = DEFAULT_LIMIT,
    ) -> Mapping[str, Table]:
        self._few = apps <= FEW
        if not self._few:
            return super().derive(given, goals, apps, limit)
        every = self._database.execute("SELECT name FROM duckdb_optimizers()").fetchall()
        skipped = ",".join(name for (name,) in every if name not in WORTHWHILE)
        self._database.execute(f"SET disabled_optimizers = '{skipped}'")
        try:
            return super().derive(given, goals, apps, limit)
        finally:
            self._database.execute(f"SET disabled_optimizers = '{OWN_ORDER}'")

    def put(self, table: Table, rows: Codes, lasting: bool) -> None:
        kinds = table.numeric()
        lists = [list(each) for each in zip(*rows, strict=True)] or [[] for _ in kinds]
        made = f"CREATE OR REPLACE TABLE {table.name} AS "
        self._create(table, made + _unnested(*kinds), lasting, lists)

    def make(self, table: Table, rows: Query, lasting: bool) -> int:
        try:
            return self._create(table, rows, lasting, [])
        except (duckdb.OutOfRangeException, duckdb.ConversionException) as error:
            raise too_wide(self.name, table) from error

    def written(self, table: Table, rows: exp.Query) -> str:
        # Writing a tree out takes longer than running it on a few apps.
        made = exp.Create(this=table.tree(), kind="TABLE", expression=rows, replace=True)
        return made.sql(DIALECT, copy=False)

    def _create(self, table: Table, rows: Query, lasting: bool, values: list[list[int]]) -> int:
        if not lasting:
            self._passing.add(table.name)
        text = rows if isinstance(rows, str) else self.written(table, rows)
        found = self._execute(text, values).fetchone()
        return int(found[0]) if found else 0

    def add(self, table: Table, more: Table) -> None:
        self._run(exp.insert(exp.select("*").from_(more.tree()), table.tree()))

    def keep(self, relation: str, table: str, new: bool) -> None:
        """Let what was derived of a relation stay in another table, made now or before."""
        own = self._places[relation].name
        if not new:
            self._database.execute(f"INSERT INTO {table} FROM {own}")
        elif own in self._passing:
            self._database.execute(f"ALTER TABLE {own} RENAME TO {table}")
        else:
            self._database.execute(f"CREATE TABLE {table} AS FROM {own}")

    def rows(self, table: Table) -> Iterable[Sequence[int]]:
        return self._execute(f"FROM {table.name}").fetchall()

    def _run(self, tree: exp.Expression) -> duckdb.DuckDBPyConnection:
        return self._execute(tree.sql(DIALECT))

    def _execute(self, text: str, values: Sequence[object] = ()) -> duckdb.DuckDBPyConnection:
        try:
            with interruptible():
                return self._database.execute(text, list(values))
        except KeyboardInterrupt:
            if self._over:
                raise LimitError(
                    f"the answer was not found within {self._limit:g} seconds; the search was ended"
                ) from None
            raise

    def within(self, limit: float) -> None:
        self._over, self._limit = False, limit
        self._timer = threading.Timer(limit, self._stop)
        self._timer.daemon = True
        self._timer.start()

    def _stop(self) -> None:
        self._over = True
        self._database.interrupt()

    def done(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._few:  # what is made again takes the place of tables that are small
            return
        for name in self._passing:
            self._database.execute(f"DROP TABLE IF EXISTS {name}")
        self._passing.clear()


@cache
def _unnested(*numeric: bool) -> str:
    """A query for rows that are given as a list for each column; there are few kinds of these, and
    writing one out takes longer than running it."""
    kinds = (NUMBER if each else NAME for each in numeric)
    lists = (exp.cast(exp.Placeholder(), f"{kind.sql()}[]") for kind in kinds)
    columns = (exp.alias_(exp.Explode(this=each), f"c{at}") for at, each in enumerate(lists))
    return exp.select(*columns).sql(DIALECT)
