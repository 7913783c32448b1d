"""The apps of one entity in an audit: numbers that are reckoned over them, in one grouped pass.

What each app adds is read from its cells, each different text once; what the apps of an entity come
to is summed before any of them is judged (`Totals`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kb.audit.arrays import numpy
from kb.audit.dictionary import value_of
from kb.model.days import LEAST, MOST
from kb.model.entities import bounds
from kb.model.outcomes import FAILED, MET, Outcomes
from kb.model.resolving import Resolver, Stated
from kb.model.terms import Over, Test
from kb.model.vocabulary import Vocabulary
from kb.model.yamlread import Document

Cells: TypeAlias = Mapping[str, pa.Array]
"""The texts that the apps of a chunk state, by attribute; null where nothing is said."""
Longs: TypeAlias = NDArray[np.int64]
SURE, MAYBE, NOT = 2, 1, 0
"""Whether an app counts."""


@dataclass(frozen=True, slots=True)
class Added:
    """What each app of a chunk adds to a number: at least, at most, or without an end."""

    least: Longs
    most: Longs
    endless: NDArray[np.bool_]


class Adding:
    """Reads what apps add to the numbers that are reckoned over the apps of one entity."""

    def __init__(self, vocabulary: Vocabulary, used: Iterable[str]) -> None:
        self._vocabulary = vocabulary
        self._outcomes = Outcomes(vocabulary, 0)  # no test of these moves with the day
        self.over: dict[str, Over] = {q: vocabulary.over[q] for q in vocabulary.over if q in used}
        """The numbers that rules look at."""
        tests = {test.attribute for over in self.over.values() for test in over.tests}
        self.reads = frozenset(tests | {over.sum for over in self.over.values() if over.sum})
        """The attributes that they are reckoned from."""
        self._stated: dict[tuple[str, str], Stated | None] = {}

    def of(self, cells: Cells, rows: int) -> dict[str, Added]:
        """What each app adds to each number."""
        return {attribute: self._of(over, cells, rows) for attribute, over in self.over.items()}

    def number(self, attribute: str, cells: pa.Array) -> tuple[Longs, NDArray[np.bool_]]:
        """The number that each cell of a column states, and whether it states one."""

        def read(text: str) -> int:
            found = self.stated(attribute, text)
            return int(found) if isinstance(found, int) else MOST

        found = _each(cells, read, MOST)
        return found, found != MOST

    def stated(self, attribute: str, text: str) -> Stated | None:
        """What a text states of an attribute; None where it is not understood."""
        key = attribute, text
        if key not in self._stated:
            declared = self._vocabulary.attributes[attribute]
            resolver = Resolver(self._vocabulary, Document("", text), [])
            found = resolver.stated(declared, value_of(text), (attribute,))
            self._stated[key] = None if resolver.problems else found
        return self._stated[key]

    def _of(self, over: Over, cells: Cells, rows: int) -> Added:
        counts = np.full(rows, SURE, dtype=np.int64)
        for test in over.tests:
            counts = np.minimum(counts, self._met(test, cells.get(test.attribute), rows))
        one = np.ones(rows, dtype=np.int64)
        known = np.ones(rows, dtype=np.bool_)
        if over.sum:
            column = cells.get(over.sum)
            one, known = (one, ~known) if column is None else self.number(over.sum, column)
        least = np.where(known & (counts == SURE), one, 0)
        least = np.where(known & (counts == MAYBE), np.minimum(one, 0), least)
        most = np.where(known & (counts == SURE), one, 0)
        most = np.where(known & (counts == MAYBE), np.maximum(one, 0), most)
        return Added(least, most, ~known & (counts != NOT))

    def _met(self, test: Test, column: pa.Array | None, rows: int) -> Longs:
        if column is None:
            return np.full(rows, MAYBE, dtype=np.int64)

        def read(text: str) -> int:
            outcome = self._outcomes.of(test, self.stated(test.attribute, text))
            return SURE if outcome == MET else NOT if outcome == FAILED else MAYBE

        return _each(column, read, MAYBE)


def _each(cells: pa.Array, read: Callable[[str], int], unsaid: int) -> Longs:
    """What is read of each cell, and of an empty one."""
    coded = cells if pa.types.is_dictionary(cells.type) else cells.dictionary_encode("encode")
    texts = coded.dictionary.to_pylist()
    numbers = [unsaid if text is None else read(text) for text in texts]
    found: Longs = np.array(numbers, dtype=np.int64)[numpy(coded.indices)]
    return found


class Totals:
    """What the apps of each entity of an input add together."""

    def __init__(self, database: duckdb.DuckDBPyConnection, adding: Adding, complete: bool) -> None:
        self._database = database
        self._numbers = list(adding.over)
        self.complete = complete
        shown = "".join(f", l{n} BIGINT, m{n} BIGINT, e{n} BOOLEAN" for n, _ in self._each())
        database.execute(f"CREATE OR REPLACE TABLE entity_app (entity VARCHAR, id VARCHAR{shown})")

    def _each(self) -> Iterator[tuple[int, str]]:
        return enumerate(self._numbers)

    def add(self, entities: pa.Array, ids: pa.Array, added: Mapping[str, Added]) -> None:
        """Take in the apps of a chunk."""
        columns: dict[str, pa.Array] = {"entity": entities, "id": ids}
        for n, attribute in self._each():
            of = added[attribute]
            columns |= {f"l{n}": of.least, f"m{n}": of.most, f"e{n}": of.endless}
        self._database.register("incoming", pa.table(columns))
        self._database.execute(
            "INSERT INTO entity_app FROM incoming WHERE entity IS NOT NULL AND id IS NOT NULL"
        )
        self._database.unregister("incoming")

    def finish(self) -> None:
        """Sum up, once all apps were taken in. Of several apps of one name each may be meant."""
        one = "".join(
            f", min(l{n}) AS l{n}, max(m{n}) AS m{n}, bool_or(e{n}) AS e{n}"
            for n, _ in self._each()
        )
        clamped = "least(greatest(sum({}), {}), {})::BIGINT"
        every = "".join(
            f", {clamped.format(f'l{n}', LEAST, MOST)} AS l{n}"
            f", {clamped.format(f'm{n}', LEAST, MOST)} AS m{n}, bool_or(e{n}) AS e{n}"
            for n, _ in self._each()
        )
        for table, query in {
            "entity_one": f"SELECT entity, id, count(*) > 1 AS doubled{one} FROM entity_app"
            " GROUP BY entity, id",
            "entity_total": f"SELECT entity{every} FROM entity_one GROUP BY entity",
            "entity_doubled": "SELECT entity, id FROM entity_one WHERE doubled",
        }.items():
            self._database.execute(f"CREATE OR REPLACE TABLE {table} AS {query}")
        self._database.execute("DROP TABLE entity_app; DROP TABLE entity_one")

    def of(self, entities: pa.Array) -> tuple[NDArray[np.bool_], dict[str, Added]]:
        """For the apps of a chunk, whether they name an entity, and what its apps add."""
        self._database.register("incoming", _numbered(entity=entities))
        shown = "".join(
            f", coalesce(l{n}, 0) AS l{n}, coalesce(m{n}, 0) AS m{n}, coalesce(e{n}, false) AS e{n}"
            for n, _ in self._each()
        )
        found = self._database.sql(
            f"SELECT t.entity IS NOT NULL AS named{shown} FROM incoming"
            " LEFT JOIN entity_total t USING (entity) ORDER BY place"
        ).to_arrow_table()
        self._database.unregister("incoming")
        columns = {name: numpy(found[name].combine_chunks()) for name in found.column_names}
        return columns["named"], {
            attribute: Added(columns[f"l{n}"], columns[f"m{n}"], columns[f"e{n}"])
            for n, attribute in self._each()
        }

    def doubled(self, entities: pa.Array, ids: pa.Array) -> list[int]:
        """The places of apps in a chunk of whose entity another has the same name."""
        self._database.register("incoming", _numbered(entity=entities, id=ids))
        found = self._database.execute(
            "SELECT place FROM incoming JOIN entity_doubled USING (entity, id) ORDER BY place"
        ).fetchall()
        self._database.unregister("incoming")
        return [place for (place,) in found]


def _numbered(**columns: pa.Array) -> pa.Table:
    size = len(next(iter(columns.values())))
    return pa.table({**columns, "place": np.arange(size, dtype=np.int64)})


def ends_of(added: Added, at: int, complete: bool) -> tuple[int, int]:
    """From where to where a number may lie, by what is added at a place."""
    most = None if added.endless[at] else int(added.most[at])
    return bounds([(int(added.least[at]), most)], complete)
