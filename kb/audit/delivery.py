"""Putting the parts of an audit together: the output and its rejects, each there whole or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path

import duckdb

from kb.audit import input_sql as cells
from kb.audit.ownership import COLUMNS, REJECTED, Outputs, literal, unwritten
from kb.audit.summary import Summary
from kb.model.writing import settle
from kb.render.translation import reason_text

FORMATS = {
    ".parquet": "FORMAT parquet",
    ".csv": "FORMAT csv, HEADER",
    ".jsonl": "FORMAT json",
    ".ndjson": "FORMAT json",
}
NO_ROWS = """
SELECT NULL::VARCHAR AS app, NULL::VARCHAR AS category, NULL::VARCHAR AS verdict,
    NULL::VARCHAR AS alternative, NULL::VARCHAR[] AS missing, NULL::VARCHAR AS reason,
    NULL::VARCHAR AS rule_version, NULL::VARCHAR AS receipt, 0 AS number, 0 AS place
WHERE false
"""
NONE_REFUSED = """
SELECT 0 AS row, NULL::BIGINT AS line, NULL::VARCHAR AS file, NULL::VARCHAR AS "column",
    NULL::VARCHAR AS app, NULL::VARCHAR AS reason, NULL::VARCHAR AS help
WHERE false
"""
REPEATED = """
CREATE TEMP TABLE repeated AS SELECT app, min(number) AS first FROM (
    SELECT app, number FROM ({rows}) WHERE category IS NULL
    UNION ALL SELECT app, row FROM ({refused}) WHERE app IS NOT NULL
) GROUP BY app HAVING count(*) > 1
"""
# What a spreadsheet would run: OWASP, "CSV injection".
FORMULA = "^[=+@\\-\t\r\n＝＋＠－]"
MAY_BEGIN_ONE = ("app", "category", "alternative", "reason")
MARKED = " \\(row [0-9]+\\)$"
WORDED = ("reason", "help")
"""Keys of a reject that hold sentences."""
DISTINCT = 10_000
"""Different sentences that are remembered in a language."""
SHOWN = 5
"""Repeated ids that a summary names."""


def deliver(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    refused: str,
    outputs: Outputs,
    summary: Summary,
    raw: bool,
    lang: str,
) -> None:
    """Write what two queries give: the output, and beside it the rejects, if there are any, in
    a language.

    Ids that several rows of the input have are told apart by the numbers of those rows. Raises
    `Problems` when a file can not be written.
    """
    connection.execute(REPEATED.format(rows=rows, refused=refused))
    [(summary.repeated,)] = connection.execute("SELECT count(*) FROM repeated").fetchall()
    first = connection.execute(f"SELECT app FROM repeated ORDER BY first LIMIT {SHOWN}").fetchall()
    summary.repeats = tuple(app for (app,) in first)
    shown = {name: name for name in COLUMNS}
    if summary.repeated:
        # An id that looks as if it were told apart already would be taken for another's.
        again = f"app IN (SELECT app FROM repeated) OR regexp_matches(app, {cells.text(MARKED)})"
        shown["app"] = f"CASE WHEN {again} THEN app || ' (row ' || number || ')' ELSE app END"
    if outputs.target.suffix == ".csv":
        shown["missing"] = "to_json(missing)"  # a list in CSV is JSON
        for name in () if raw else MAY_BEGIN_ONE:
            formula = f"regexp_matches({shown[name]}, {cells.text(FORMULA)})"
            shown[name] = f"CASE WHEN {formula} THEN '''' || {shown[name]} ELSE {shown[name]} END"
    query = f"SELECT {', '.join(f'{cell} AS {name}' for name, cell in shown.items())} FROM ({rows})"
    if summary.repeated:  # to look an id up does not keep the order
        query += " ORDER BY number, place NULLS LAST"
    _write(connection, query, outputs.target, outputs.parts / "output.tmp")
    if summary.refused:
        known = lru_cache(DISTINCT)(partial(reason_text, lang=lang))

        def worded(text: str) -> str:
            return known(text)

        connection.create_function("worded", worded, ["VARCHAR"], "VARCHAR")
        keys = ", ".join(
            f'worded("{key}") AS "{key}"' if key in WORDED else f'"{key}"' for key in REJECTED
        )
        query = f"SELECT {keys} FROM ({refused})"
        _write(connection, query, outputs.rejects, outputs.parts / "rejects.tmp")
        summary.rejects = outputs.rejects
    else:
        outputs.rejects.unlink(missing_ok=True)


def read(files: list[Path]) -> str:
    """A query for all that files hold, and nothing that the names of their folders may say."""
    return f"FROM read_parquet({cells.listed(literal(files))}, hive_partitioning = false)"


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """What can not be written in a block is said of a path. Raises `Problems`."""
    try:
        yield
    except (OSError, duckdb.IOException, duckdb.FatalException) as error:
        raise unwritten(path, error) from None


def _write(
    connection: duckdb.DuckDBPyConnection, query: str, target: Path, temporary: Path
) -> None:
    with writing(target):
        path = cells.text(str(temporary))
        connection.execute(f"COPY ({query}) TO {path} ({FORMATS[target.suffix]})")
        settle(temporary, target)
