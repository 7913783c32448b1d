"""What a chunk of apps says by the apps of their entities: marks of numbers, or their bounds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kb.audit.arrays import numpy
from kb.audit.dictionary import Marks, Refusal
from kb.audit.entities import Added, Adding, Cells, Longs, Totals, ends_of
from kb.audit.texts import Numbers, Refused
from kb.model.entities import Tally
from kb.model.numbers import with_decimals
from kb.model.outcomes import Between
from kb.model.siblings import CLASH, clash


class Siblings:
    """Tells what the apps of a chunk say by the other apps of their entities."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._vocabulary = marks.base.vocabulary
        self.adding = Adding(self._vocabulary, marks.used)
        self.totals: Totals | None = None
        """What all apps of the input come to; without it each app is known by itself alone."""

    def tell(
        self, table: pa.Table, cells: Cells
    ) -> tuple[list[tuple[Numbers, Numbers]], list[Refused]]:
        """The rows of a table with the marks of their numbers, and those that are refused."""
        rows = numpy(table["row"].combine_chunks()).astype(np.int32)
        refused: list[Refused] = []
        added = self.adding.of(cells, len(rows))
        complete = np.zeros(len(rows), dtype=np.bool_)
        if self.totals is not None:
            entities, ids = (table[name].combine_chunks() for name in ("entity", "id"))
            named, totals = self.totals.of(entities)
            added = {q: _where(named, totals[q], of) for q, of in added.items()}
            refused += self._doubled(rows, self.totals.doubled(entities, ids), table)
            complete = named & self.totals.complete
        complete |= numpy(table["entity_all"].combine_chunks()) & numpy(
            table["entity"].combine_chunks().is_valid()
        )
        found = []
        for attribute, of in added.items():
            open_ = np.ones(len(rows), dtype=np.bool_)
            if attribute in cells:
                stated, says = self.adding.number(attribute, cells[attribute])
                open_ = ~says
                refused += self._clashing(attribute, rows, of, complete, stated, says)
            found.append((rows[open_], self._numbers(attribute, of, complete)[open_]))
        return found, refused

    def _numbers(self, attribute: str, of: Added, complete: NDArray[np.bool_]) -> Numbers:
        """The mark of each app's number; most apps of a chunk have one of few."""
        every = np.stack([of.least, of.most, of.endless, complete], axis=1)
        _, first, where = np.unique(every, axis=0, return_index=True, return_inverse=True)
        marks = []
        for at in first:
            least, most = ends_of(of, int(at), bool(complete[at]))
            known = least if least == most else Between(least, most)
            marks.append(self._marks.known(attribute, known))
        return np.array(marks, dtype=np.int32)[where.reshape(-1)]

    def _clashing(
        self,
        attribute: str,
        rows: Numbers,
        of: Added,
        complete: NDArray[np.bool_],
        stated: Longs,
        says: NDArray[np.bool_],
    ) -> Iterator[Refused]:
        """The rows that state another number than their apps come to."""
        decimals = self._vocabulary.attributes[attribute].decimals
        low = says & (stated < of.least)
        high = says & complete & ~of.endless & (stated > of.most)
        for at in np.flatnonzero(low | high):
            ends = ends_of(of, int(at), bool(complete[at]))
            least, most = (with_decimals(end, decimals) for end in ends)
            said = clash(Tally(attribute, least, most), with_decimals(int(stated[at]), decimals))
            yield int(rows[at]), Refusal(f"facts: {said}", "facts", CLASH)

    def _doubled(self, rows: Numbers, places: list[int], table: pa.Table) -> Iterator[Refused]:
        names = table["id"].combine_chunks()
        whose = table["entity"].combine_chunks()
        for at in places:
            said = f"two apps of `{whose[at].as_py()}` are called `{names[at].as_py()}`"
            yield int(rows[at]), Refusal(f"entity: {said}", "entity")


def _where(chosen: NDArray[np.bool_], one: Added, other: Added) -> Added:
    return Added(
        np.where(chosen, one.least, other.least),
        np.where(chosen, one.most, other.most),
        np.where(chosen, one.endless, other.endless),
    )
