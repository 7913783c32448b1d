"""Judging the same apps on two days: they are read once, but for those that say days themselves."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import ByteSize, TypeAdapter, ValidationError

from kb.answers.missing import BUNDLED
from kb.audit.auditor import Auditor, connected
from kb.audit.dictionary import Columns
from kb.audit.other_day import OtherDay
from kb.base.results import Verdict

if TYPE_CHECKING:
    from kb.base.core import Core

DATABASES = 3
"""One for the last day, and two for the first one."""
VERDICTS = "SELECT row, n.name AS verdict FROM verdict v JOIN name n ON n.code = v.verdict"


class TwoDays:
    """Judges the apps of a table on two days.

    `services` are those that a change between the days can matter for, None where it can for all.
    `after` judges on the last day, and keeps what repairs are read from.
    """

    def __init__(
        self,
        base: Core,
        days: tuple[int, int],
        services: Iterable[str] | None,
        memory: str | None,
        spill: Path,
    ) -> None:
        self.days = days
        self._memory, self._spill = _share(memory), spill
        self.after = Auditor(
            base, days[1], memory=self._memory, spill=spill / "after", kept=BUNDLED
        )
        self._services: list[int] | None = None
        if services is not None:
            offered = "SELECT v, mark FROM mark_value"
            marks = dict(self.after.database.execute(offered).fetchall())
            number = self.after.judge.names.number
            self._services = [marks[number(service)] for service in services]
        database = connected(self._memory, spill=spill / "other")
        other = OtherDay(self.after.judge, days[0], database, self._services)
        self._other = other if other.alike else None

    @cached_property
    def _before(self) -> Auditor:
        """For the apps that must be read for the first day too."""
        judge, spill = self.after.judge, self._spill / "before"
        before = Auditor(judge.base, self.days[0], memory=self._memory, spill=spill)
        before.judge.reader.siblings.totals = judge.reader.siblings.totals
        return before

    def reached(self, table: pa.Table, dated: bool) -> pa.Table:
        """The apps of a table that may flip; `dated` says that it may hold days of papers."""
        if self._services is None:
            return table
        reader = self.after.judge.reader
        rows, offered = reader.services(table)
        moved = [rows[np.isin(offered, self._services)], reader.exempted(table)]
        if dated:
            moved.append(reader.dated(table))
        return table.filter(pc.is_in(table["row"], pa.array(np.concatenate(moved), pa.int32())))

    def flipped(self, table: pa.Table, columns: Columns) -> dict[int, tuple[Verdict, Verdict]]:
        """The rows of the apps whose verdicts differ, in their order, with what they are on each
        day."""
        self.after.chunk(table, columns)
        earlier = []
        if self._other:
            self._other.judge()
            earlier.append(_verdicts(self._other.database))
            apart = self.after.database.sql("FROM apart").to_arrow_table()["row"]
            table = table.filter(pc.is_in(table["row"], apart.combine_chunks()))
        if table.num_rows:
            self._before.chunk(table, columns)
            earlier.append(_verdicts(self._before.database))
        one = pa.concat_tables(earlier).sort_by("row")
        other = _verdicts(self.after.database).sort_by("row")
        at = pc.not_equal(one["verdict"], other["verdict"])
        one, other = one.filter(at), other.filter(at)
        pairs = list(zip(*(each["verdict"].to_pylist() for each in (one, other)), strict=True))
        found = {pair: (Verdict(pair[0]), Verdict(pair[1])) for pair in set(pairs)}
        return {row: found[pair] for row, pair in zip(one["row"].to_pylist(), pairs, strict=True)}


def _share(memory: str | None) -> str | None:
    """The memory for one of the databases; what is no amount is left for DuckDB to say."""
    try:
        return memory and f"{TypeAdapter(ByteSize).validate_python(memory) // DATABASES}B"
    except ValidationError:
        return memory


def _verdicts(database: duckdb.DuckDBPyConnection) -> pa.Table:
    return database.sql(VERDICTS).to_arrow_table()
