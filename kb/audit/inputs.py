"""Apps from tables: Parquet, CSV, JSON lines, pandas, Arrow or DuckDB, one row an app.

Whatever the table's types, its rows come out in one shape: texts, lists of texts, and for each
document in hand its parts. What a cell can not be is said in the column `bad`; the row is refused
later, and the run goes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import duckdb
import numpy as np
import pyarrow as pa

from kb.audit import input_sql as cells
from kb.audit.dictionary import Columns
from kb.lang.problems import Problem, Problems, near
from kb.model.apps import OWN_KEYS

if TYPE_CHECKING:
    import pandas as pd

Apps: TypeAlias = (
    "str | Path | pd.DataFrame | pa.Table | pa.RecordBatchReader | duckdb.DuckDBPyRelation"
)

ENDINGS = {".parquet": "parquet", ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}


@dataclass
class Input:
    """A table of apps, ready to be read in chunks."""

    connection: duckdb.DuckDBPyConnection
    query: str
    columns: Columns
    shown: str
    fingerprint: str = ""
    """Tells whether a run that was interrupted can go on; empty where nobody can tell."""
    csv: bool = False
    total: int | None = field(default=None)

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
        reader = self.connection.sql(self.query).to_arrow_reader(size)
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
        return pa.table({**columns, "row": np.arange(table.num_rows, dtype=np.int32)})

    def unreadable(self) -> list[tuple[int, str]]:
        """Lines of a CSV file that are no rows at all, with what is wrong; known after reading."""
        if not self.csv:
            return []
        found = self.connection.execute(
            "SELECT line, any_value(error_message) FROM reject_errors GROUP BY line ORDER BY line"
        ).fetchall()
        return [(int(line), str(message).split("\n")[0]) for line, message in found]


def open_input(apps: Apps, attributes: Mapping[str, Any]) -> Input:
    """A table of apps; `attributes` are those that profiles may state under `facts`.

    Raises `Problems` when there is no such file, its ending is not known, or a column is not one of
    a profile's.
    """
    connection = duckdb.connect(":memory:")
    connection.execute(cells.MACROS)
    if isinstance(apps, str | Path):
        made = _file(connection, Path(apps))
    else:
        made = Input(connection, "", {}, "the table")
        shown = apps.to_arrow_reader() if isinstance(apps, duckdb.DuckDBPyRelation) else apps
        connection.register("source", shown)
    if made.query:  # JSON lines: every line is a document of its own
        columns, query = _of_lines(made.query, list(attributes))
    else:
        columns, query = _of_table(connection, made.shown, list(attributes))
    made.columns, made.query = columns, query
    return made


def _file(connection: duckdb.DuckDBPyConnection, path: Path) -> Input:
    kind = "parquet" if path.is_dir() else ENDINGS.get(_ending(path))
    if kind is None:
        known = ", ".join(f"`{ending}`" for ending in ENDINGS)
        help = f"tables of apps end in {known}; a folder holds Parquet files"
        raise Problems([Problem("file", f"`{path}` is no table that is known", help=help)])
    files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    if not files or not all(file.is_file() for file in files):
        raise Problems([Problem("file", f"`{path}` can not be read: there is no such file")])
    prints = [(str(file.resolve()), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    fingerprint = hashlib.sha256(repr(prints).encode()).hexdigest()
    made = Input(connection, "", {}, str(path), fingerprint, kind == "csv")
    names = [str(file) for file in files]
    read = {
        "parquet": f"read_parquet({cells.listed(names)}, hive_partitioning = false)",
        "csv": f"read_csv({cells.text(names[0])}, all_varchar = true, header = true,"
        " store_rejects = true)",
        "jsonl": f"read_csv({cells.text(names[0])}, columns = {{'line': 'VARCHAR'}},"
        " delim = '\x1e', quote = '', escape = '', header = false, max_line_size = 64000000)",
    }[kind]
    try:
        connection.execute(f"CREATE VIEW source AS SELECT * FROM {read}")
        if kind == "parquet":
            [(made.total,)] = connection.execute("SELECT count(*) FROM source").fetchall()
    except duckdb.Error as error:
        said = str(error).split("\n")[0]
        raise Problems([Problem("file", f"`{path}` can not be read as {kind}: {said}")]) from None
    if kind == "jsonl":
        made.query = "lines"
    return made


def _ending(path: Path) -> str:
    return Path(path.stem).suffix if path.suffix == ".gz" else path.suffix


def _of_lines(_: str, attributes: list[str]) -> tuple[dict[str, str], str]:
    """JSON lines: what is wrong with a line is found cell by cell."""
    own = _own(attributes)
    keys = ("id", *own, "services", "facts", "holds")
    columns = {key: f"a{n}" for n, key in enumerate(own)}
    bad = [
        "CASE WHEN j IS NULL OR json_type(j) <> 'OBJECT' THEN 'this is no JSON object' END",
        f"CASE WHEN len(odd_keys(j, {cells.listed(keys)})) > 0"
        f" THEN 'unknown key `' || odd_keys(j, {cells.listed(keys)})[1] || '`' END",
    ]
    shown = ["nullif(j ->> '$.id', '') AS id"]
    for key, column in columns.items():
        shown.append(f"{cells.default(key, f'j ->> {cells.path(key)}')} AS {column}")
    bad.append(cells.no_list("services", "j -> '$.services'"))
    shown.append("TRY_CAST(j -> '$.services' AS VARCHAR[]) AS services")
    more, texts, wrong = cells.json_facts("j -> '$.facts'", attributes, len(columns))
    columns |= more
    held, odd = cells.json_holds("j -> '$.holds'")
    bad += [*wrong, *odd]
    shown += [*texts, f"{held} AS holds", f"concat_ws('; ', {', '.join(bad)}) AS said"]
    lines = "SELECT TRY_CAST(line AS JSON) AS j FROM source WHERE trim(line) <> ''"
    inner = f"SELECT {', '.join(shown)} FROM ({lines})"
    return columns, f"SELECT * EXCLUDE (said), nullif(said, '') AS bad FROM ({inner})"


def _own(attributes: list[str]) -> list[str]:
    """The keys of a profile that hold attributes of the base, but for the services."""
    return [key for key in OWN_KEYS if key in attributes and key != "services"]


def _of_table(
    connection: duckdb.DuckDBPyConnection, shown: str, attributes: list[str]
) -> tuple[dict[str, str], str]:
    """A table with typed columns."""
    types = {
        row[0]: str(row[1])
        for row in connection.execute("DESCRIBE SELECT * FROM source").fetchall()
    }
    own = _own(attributes)
    stated = {f"facts.{attribute}" for attribute in attributes if attribute not in OWN_KEYS}
    allowed = {"id", *own, "services", "facts", "holds", *stated}
    problems = [
        Problem(
            "unknown-column", f"`{shown}` has an unknown column `{name}`", help=near(name, allowed)
        )
        for name in types
        if name not in allowed
    ]
    if "id" not in types:
        problems.append(Problem("column", f"`{shown}` has no column `id`", help="the app's name"))
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
    offered = "NULL::VARCHAR[]"
    if types.get("services") == "VARCHAR":
        offered = f"as_list(nullif(trim({cells.quoted('services')}), ''))"
        bad.append(cells.unlisted("services"))
    elif "services" in types:
        offered = f"{cells.quoted('services')}::VARCHAR[]"
        if not types["services"].endswith("[]"):
            raise Problems([Problem("type", f"`{shown}`: the column `services` holds no lists")])
    bad.append(f"CASE WHEN holds_null({offered}) THEN 'services: text is expected here' END")
    shown_cells.append(f"{offered} AS services")
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
    shown_cells.append(f"nullif(concat_ws('; ', {', '.join(bad)}), '') AS bad")
    return columns, f"SELECT {', '.join(shown_cells)} FROM source"
