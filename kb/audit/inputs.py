"""Apps from tables: Parquet, CSV, JSON lines, pandas, Arrow or DuckDB, one row an app; and from
folders of profiles.

Whatever the table's types, its rows come out in one shape: texts, lists of texts, and for each
document in hand its parts. What a cell can not be is said in the column `bad`; the row is refused
later, and the run goes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kb.audit import entity_cells
from kb.audit import input_sql as cells
from kb.audit.arrays import numbers
from kb.audit.dictionary import Columns
from kb.audit.encoding import check_encoding
from kb.audit.files import files_of, profiles
from kb.audit.lines import (
    FILE,
    LINE,
    SAID,
    TEXT,
    Csv,
    check_columns,
    json_lines,
)
from kb.audit.ownership import literal
from kb.lang.problems import Problem, Problems, near
from kb.model.apps import OWN_KEYS

if TYPE_CHECKING:
    import pandas as pd

    from kb.base.core import Core

BATCH = 8_000
"""Rows that are read at once: two batches stand in memory while a chunk of them is put together."""
Apps: TypeAlias = (
    "str | Path | pd.DataFrame | pa.Table | pa.RecordBatchReader | duckdb.DuckDBPyRelation"
)


@dataclass
class Input:
    """A table of apps, ready to be read in chunks."""

    connection: duckdb.DuckDBPyConnection
    query: str
    columns: Columns
    shown: str
    fingerprint: str = ""
    """Tells whether a run that was interrupted can go on; empty where nobody can tell."""
    total: int | None = field(default=None)
    files: tuple[Path, ...] = ()
    """What is read, where it is files."""
    folder: Path | None = None
    """The folder that was named, where it is one."""
    dated: bool = True
    """Whether it can say on which days documents in hand are valid."""
    entities: bool = True
    """Whether it can say whose apps are."""
    pieces: Callable[[int, int], Iterator[pa.Table]] | None = None
    """For what is read line by line: tables of so many rows, without the first ones, each to be
    put into the place of the table `source`."""

    def chunks(self, size: int, skip: int = 0) -> Iterator[pa.Table]:
        """Tables of `size` rows, without the first `skip`, each with its rows numbered from 0 and
        its texts coded; the next is read while one is worked on."""
        tables = self._tables(size, skip)
        with ThreadPoolExecutor(1) as ahead:
            coming = ahead.submit(next, tables, None)
            while (table := coming.result()) is not None:
                coming = ahead.submit(next, tables, None)
                yield table

    def _tables(self, size: int, skip: int) -> Iterator[pa.Table]:
        if self.pieces is not None:
            for piece in self.pieces(size, skip):
                self.connection.register("source", piece)
                yield self._coded([self.connection.sql(self.query).to_arrow_table()])
            return
        try:
            yield from self._streamed(size, skip)
        except (duckdb.IOException, duckdb.InvalidInputException, duckdb.DataError) as error:
            said = str(error).split("\n")[0]
            raise Problems([Problem("file", f"`{self.shown}` can not be read: {said}")]) from None

    def _streamed(self, size: int, skip: int) -> Iterator[pa.Table]:
        reader = self.connection.sql(self.query).to_arrow_reader(min(size, BATCH))
        waiting: list[pa.Table] = []
        rows = 0
        for batch in reader:
            table = pa.Table.from_batches([batch])
            if skip:
                passed = min(skip, table.num_rows)
                skip -= passed
                table = table.slice(passed)
            while rows + table.num_rows >= size:
                yield self._coded([*waiting, table.slice(0, size - rows)])
                table = table.slice(size - rows)
                waiting, rows = [], 0
            if table.num_rows:
                waiting.append(table)
                rows += table.num_rows
        if waiting:
            yield self._coded(waiting)

    def _coded(self, tables: list[pa.Table]) -> pa.Table:
        table = pa.concat_tables(tables).combine_chunks()
        texts = set(self.columns.values())
        columns = {
            name: column.dictionary_encode("encode") if name in texts else column
            for name, column in zip(table.column_names, table.columns, strict=True)
        }
        return pa.table({**columns, "row": numbers(np.arange(table.num_rows, dtype=np.int32))})


def open_input(apps: Apps, attributes: Mapping[str, Any], joined: Collection[str] = ()) -> Input:
    """A table of apps; `attributes` are those that profiles may state under `facts`, `joined` the
    names that hold a `、`, which else separates names in a cell of text.

    Raises `Problems` when there is no such file, its ending is not known, or a column is not one of
    a profile's.
    """
    connection = duckdb.connect(":memory:")
    connection.execute(cells.macros(joined))
    if isinstance(apps, str | Path):
        made = _file(connection, Path(apps), attributes)
    else:
        made = Input(connection, "", {}, "the table")
        shown = apps.to_arrow_reader() if isinstance(apps, duckdb.DuckDBPyRelation) else apps
        named = _names(shown)
        if not named:
            raise _no_id(made.shown)
        if isinstance(shown, pa.RecordBatchReader) and "entity" in named:
            shown = shown.read_all()  # it is read twice
        check_columns(named, made.shown)
        connection.register("source", _local(shown))
    if not made.query:
        made.columns, made.query, made.dated, made.entities = _of_table(
            connection, made.shown, list(attributes), made.pieces is not None
        )
    return made


def open_apps(apps: Apps, base: Core) -> Input:
    """A table of apps as a base reads it; see `open_input`."""
    facts = base.facts
    joined = {n for term in facts.names.terms.values() for n in term.names if "、" in n}
    return open_input(apps, facts.vocabulary.attributes, joined)


def _no_id(shown: str) -> Problems:
    return Problems([Problem("column", f"`{shown}` has no column `id`", help="the app's name")])


def _names(table: Any) -> list[str]:
    """The columns of a table, as DuckDB does not show them: it gives the second of a name
    another."""
    return [str(name) for name in table.columns] if hasattr(table, "dtypes") else table.schema.names


def _local(table: Any) -> Any:
    """A table whose moments of a time zone are those that its clocks show: a midnight is one where
    it was written down."""
    if isinstance(table, pa.Table):
        for at, field in enumerate(table.schema):
            if pa.types.is_timestamp(field.type) and field.type.tz:
                table = table.set_column(at, field.name, pc.local_timestamp(table.column(at)))
        return table
    zoned = {n: k for n, k in getattr(table, "dtypes", {}).items() if getattr(k, "tz", None)}
    return table.assign(**{n: table[n].dt.tz_localize(None) for n in zoned}) if zoned else table


def _file(
    connection: duckdb.DuckDBPyConnection, path: Path, attributes: Mapping[str, Any]
) -> Input:
    kind, files = files_of(path)
    prints = [(str(file.resolve()), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    fingerprint = hashlib.sha256(repr(prints).encode()).hexdigest()
    made = Input(connection, "", {}, str(path), fingerprint)
    made.files, made.folder = tuple(files), path if path.is_dir() else None
    match kind:
        case "parquet":
            _parquet(made)
        case "csv":
            check_encoding(path, header=True)
            csv = Csv(path)
            connection.register("source", csv.empty())
            made.pieces = csv.tables
        case "jsonl":
            check_encoding(path, header=False)
            made.pieces = lambda size, skip: json_lines(path, size, skip)
            made.columns, made.query = _of_lines(list(attributes))
        case _:
            made.pieces = lambda size, skip: profiles(files, attributes, size, skip)
            made.columns, made.query = _of_lines(list(attributes))
    return made


def _parquet(made: Input) -> None:
    """Let the table `source` be Parquet files."""
    read = f"read_parquet({cells.listed(literal(made.files))}, hive_partitioning = false)"
    for file in made.files:
        with suppress(pa.ArrowException, OSError):  # what can not be read is told below
            check_columns(pq.read_schema(file).names, str(file))
    try:
        made.connection.execute(f"CREATE VIEW source AS SELECT * FROM {read}")
        [(made.total,)] = made.connection.execute("SELECT count(*) FROM source").fetchall()
    except duckdb.Error as error:
        said = str(error).split("\n")[0]
        message = f"`{made.shown}` can not be read as parquet: {said}"
        raise Problems([Problem("file", message)]) from None


def _of_lines(attributes: list[str]) -> tuple[dict[str, str], str]:
    """JSON lines: what is wrong with a line is found cell by cell."""
    own = _own(attributes)
    listed = ("services", "other_services", "holds", "parties", "exemptions")
    keys = ("id", *own, *listed, "facts", "entity")
    columns = {key: f"a{n}" for n, key in enumerate(own)}
    bad = [
        f"CASE WHEN {SAID} IS NOT NULL THEN {SAID}"
        " WHEN j IS NULL OR json_type(j) <> 'OBJECT' THEN 'this is no JSON object' END",
        f"CASE WHEN len(odd_keys(j, {cells.listed(keys)})) > 0"
        f" THEN 'unknown key `' || odd_keys(j, {cells.listed(keys)})[1] || '`' END",
        cells.twice("j"),
        "CASE WHEN json_type(j -> '$.id') IN ('ARRAY', 'OBJECT')"
        " THEN 'id: text is expected here' END",
    ]
    shown = ["nullif(j ->> '$.id', '') AS id"]
    for key, column in columns.items():
        shown.append(f"{cells.default(key, f'j ->> {cells.path(key)}')} AS {column}")
    bad.append(cells.no_list("services", "j -> '$.services'"))
    shown.append("TRY_CAST(j -> '$.services' AS VARCHAR[]) AS services")
    bad.append(cells.no_list("other_services", "j -> '$.other_services'"))
    words = "TRY_CAST(j -> '$.other_services' AS VARCHAR[])"
    bad.append(cells.wordless(words))
    shown.append(cells.own_words(words))
    more, texts, wrong = cells.json_facts("j -> '$.facts'", attributes, len(columns))
    columns |= more
    held, odd = cells.json_holds("j -> '$.holds'")
    others, amiss = cells.json_parties("j -> '$.parties'")
    granted, astray = cells.json_exemptions("j -> '$.exemptions'")
    whose, unsaid = entity_cells.of_json("j -> '$.entity'")
    bad += [*wrong, *odd, *amiss, *astray, *unsaid]
    shown += whose
    shown += [*texts, f"{held} AS holds", f"{others} AS parties", f"{granted} AS exemptions"]
    shown += [f"concat_ws('; ', {', '.join(bad)}) AS said"]
    lines = f"SELECT TRY_CAST({TEXT} AS JSON) AS j, {LINE}, {FILE}, {SAID} FROM source"
    told = cells.told("j -> '$.facts'", attributes)
    inner = f"SELECT {', '.join(shown)}, {LINE}, {FILE} FROM (SELECT *, {told} FROM ({lines}))"
    return columns, f"SELECT * EXCLUDE (said), nullif(said, '') AS bad FROM ({inner})"


def _own(attributes: list[str]) -> list[str]:
    """The keys of a profile that hold attributes of the base, but for the services."""
    return [key for key in OWN_KEYS if key in attributes and key != "services"]


def _list(key: str, types: Mapping[str, str], shown: str) -> tuple[str, list[str]]:
    """A column of lists as SQL, and what is wrong with its cells. Raises `Problems` for a column of
    something else."""
    match types.get(key):
        case None:
            return "NULL::VARCHAR[]", []
        case "VARCHAR":
            return f"as_list(nullif(trim({cells.quoted(key)}), ''))", [cells.unlisted(key)]
        case type if type.endswith("[]"):
            return f"{cells.quoted(key)}::VARCHAR[]", []
        case _:
            raise Problems([Problem("type", f"`{shown}`: the column `{key}` holds no lists")])


def _of_table(
    connection: duckdb.DuckDBPyConnection, shown: str, attributes: list[str], lined: bool
) -> tuple[dict[str, str], str, bool, bool]:
    """A table with typed columns, whether it can hold days of documents, and whether it says whose
    apps are; a `lined` one says of its rows where they stand."""
    types = {
        row[0]: str(row[1])
        for row in connection.execute("DESCRIBE SELECT * FROM source").fetchall()
        if not lined or row[0] not in (LINE, SAID)
    }
    own = _own(attributes)
    stated = {f"facts.{attribute}" for attribute in attributes if attribute not in OWN_KEYS}
    lists = ("services", "other_services", "holds", "parties", "exemptions")
    allowed = {"id", *own, *lists, "facts", "entity", *stated}
    problems = [
        Problem(
            "unknown-column", f"`{shown}` has an unknown column `{name}`", help=near(name, allowed)
        )
        for name in types
        if name not in allowed
    ]
    if types.get("id", "").endswith(("[]", ")")) and not types["id"].startswith("DECIMAL"):
        problems.append(Problem("type", f"`{shown}`: the column `id` holds no texts"))
    if "id" not in types:
        problems += _no_id(shown).problems
    if problems:
        raise Problems(problems)
    columns: dict[str, str] = {}
    shown_cells, bad = [f"nullif({cells.quoted('id')}::VARCHAR, '') AS id"], ["NULL"]
    for key in own:
        columns[key] = column = f"a{len(columns)}"
        text = cells.as_text(cells.quoted(key), types[key]) if key in types else "NULL::VARCHAR"
        if key in ("regions", "audience") and types.get(key) == "VARCHAR":
            # In a CSV file a list is JSON, or separated by semicolons.
            text = f"to_json(as_list(nullif(trim({cells.quoted(key)}), '')))::VARCHAR"
            bad.append(cells.unlisted(key))
        shown_cells.append(f"{cells.default(key, text)} AS {column}")
    offered, wrong = _list("services", types, shown)
    bad += [*wrong, f"CASE WHEN holds_null({offered}) THEN 'services: text is expected here' END"]
    shown_cells.append(f"{offered} AS services")
    words, wrong = _list("other_services", types, shown)
    bad += [*wrong, cells.wordless(words)]
    shown_cells.append(cells.own_words(words))
    for name in [t for t in types if t.startswith("facts.")]:
        columns[name.removeprefix("facts.")] = column = f"a{len(columns)}"
        shown_cells.append(f"{cells.as_text(cells.quoted(name), types[name])} AS {column}")
    if "facts" in types:
        more, texts, wrong = cells.facts(
            types["facts"], attributes, len(columns), shown, connection
        )
        columns |= more
        shown_cells += texts
        bad += wrong
    held, wrong = cells.holds(types.get("holds"), shown, connection)
    shown_cells.append(f"{held} AS holds")
    bad += wrong
    others, wrong = cells.parties(types.get("parties"))
    shown_cells.append(f"{others} AS parties")
    bad += wrong
    granted, wrong = cells.exemptions(types.get("exemptions"))
    shown_cells.append(f"{granted} AS exemptions")
    shown_cells += entity_cells.of_column(types.get("entity"), shown)
    bad += wrong
    said = f"nullif(concat_ws('; ', {', '.join(bad)}), '')"
    if lined:
        said = f"coalesce({SAID}, {said})"
        shown_cells.append(LINE)
    shown_cells.append(f"{said} AS bad")
    mapping = cells.told(cells.facts_json(types.get("facts", "")), attributes)
    query = f"SELECT {', '.join(shown_cells)} FROM (SELECT *, {mapping} FROM source)"
    told = {"exemptions", "parties"}.intersection(types)
    dated = cells.dated(types.get("holds")) or bool(told)
    return columns, query, dated, "entity" in types
