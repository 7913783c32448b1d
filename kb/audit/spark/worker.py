"""What a Spark worker does with its pieces of an audit; Spark itself is not needed for it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyarrow as pa

from kb.audit.auditor import REFUSED, ROWS, Auditor, version_of
from kb.audit.inputs import open_apps
from kb.audit.summary import tally
from kb.base.loading import load
from kb.find.proposals import Proposals
from kb.lang.problems import Problem, Problems

PYTHON = ".".join(map(str, sys.version_info[:2]))
NEEDED = f"workers need Python {PYTHON} and the same policy-kb: pip install 'policy-kb[spark]'"
FILE, PLACE = "__file", "__place"
"""Columns that Spark adds to the apps: where in the input a row stands."""
TEXT = pa.string()
PARTS = pa.schema(
    [
        ("file", TEXT),
        ("nth", pa.int64()),
        ("place", pa.int32()),
        ("app", TEXT),
        ("category", TEXT),
        ("verdict", TEXT),
        ("alternative", TEXT),
        ("missing", pa.list_(TEXT)),
        ("reason", TEXT),
        ("column", TEXT),
        ("help", TEXT),
        ("note", TEXT),
    ]
)
"""What workers write: rows with a verdict, refused rows without one, and notes for the caller."""
JUDGED = f"""
SELECT row, place, app, category, verdict, alternative, missing, reason, NULL AS "column",
    NULL AS help FROM ({ROWS})
UNION ALL SELECT row, NULL, app, NULL, NULL, NULL, NULL, reason, "column", help FROM ({REFUSED})
"""


@dataclass(frozen=True)
class Order:
    """What workers are to do; without `folders` by the facts that came with their package."""

    folders: tuple[str, ...]
    day: int
    drafts: bool
    version: str


@lru_cache(maxsize=1)
def _auditor(order: Order) -> Auditor:
    """A worker's judge, made once for all its pieces."""
    base = load(order.folders)
    if (found := version_of(base)) != order.version:
        message = f"a worker has other rules or facts: `{found}`, not `{order.version}`"
        raise Problems([Problem("version", message, help=NEEDED)])
    # A row is refused with the same help as on one machine.
    base.facts.names.proposals = Proposals(base.facts.folders)
    return Auditor(base, order.day, order.drafts, threads=1)


def judged(order: Order, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What a worker does with a piece of the apps."""
    try:
        auditor = _auditor(order)
        for batch in batches:
            if batch.num_rows:
                yield from _rows(auditor, pa.Table.from_batches([batch]))
    except Problems as found:
        yield from _note({"problems": str(found)})


def _rows(auditor: Auditor, apps: pa.Table) -> Iterator[pa.RecordBatch]:
    source = open_apps(apps.drop_columns([FILE, PLACE]), auditor.judge.base)
    source.connection.execute("SET threads = 1")
    for table in source.chunks(apps.num_rows):
        auditor.chunk(table, source.columns)
    found: pa.Table = auditor.database.sql(JUDGED).to_arrow_table()
    columns = {name: found[name] for name in found.column_names}
    columns["file"] = apps[FILE].take(found["row"])
    columns["nth"] = apps[PLACE].take(found["row"])
    columns["note"] = pa.nulls(found.num_rows, TEXT)
    arrays = [columns[field.name].cast(field.type) for field in PARTS]
    yield from pa.Table.from_arrays(arrays, schema=PARTS).combine_chunks().to_batches()
    yield from _note({"counts": tally(auditor.database)})


def _note(said: dict[str, Any]) -> Iterator[pa.RecordBatch]:
    row = dict.fromkeys(PARTS.names) | {"note": json.dumps(said, ensure_ascii=False)}
    yield from pa.Table.from_pylist([row], PARTS).to_batches()
