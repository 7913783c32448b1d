"""What would repair flips: the bundles of apps, read from the parts that an audit has judged.

A bundle is read from a few relations of an app, and each of its parts holds the rows of its own
category. Many parts hold the same rows, so each set of rows gets a number, and a bundle is computed
once for all apps whose parts have the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa

from kb.answers.missing import BUNDLED, MissingDocuments
from kb.answers.results import BundleResult
from kb.audit.judge import Judge
from kb.engines.interning import decoded
from kb.lang.syntax import Row

if TYPE_CHECKING:
    from kb.base.core import Core

OWN = "JOIN alternative a ON a.l = k.c1 JOIN version w USING (v) WHERE w.x = p.x"
# For a part's own subject; of others its marks do not tell.
OF_PART = {
    "lacks_of": OWN,
    "unsure_whose": OWN,
    "not_asked": "JOIN version w ON w.v = k.c1 WHERE w.x = p.x",
}
OF_GROUND = {
    "relevant": "WHERE k.c1 = p.x",
    "required": "WHERE k.c1 = p.x",
    "reading": "WHERE k.c2 = p.x",
    "barred": OWN,
    "usable": OWN,
    "gone": "WHERE k.c1 = p.x",
}
PARTS = "SELECT row, sit FROM judged JOIN flipped USING (row) ORDER BY row, sit"
# Copies that are more than any need asks for are shown all the same where words may be missing.
COPIES = """
SELECT row, d, h, copies FROM holds JOIN flipped USING (row)
WHERE copies > s AND (d, h) IN (SELECT (d, h) FROM asked_words) ORDER BY ALL
"""

Held: TypeAlias = frozenset[tuple[int, ...]]
"""What a part holds: a relation's place in `BUNDLED` and a row of it without the app."""
Key: TypeAlias = tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]
"""The numbers of what an app's parts hold, and the copies of documents that it has to spare."""


class FlipRepairs:
    """The bundles of apps that a judge has judged, as `kb ask` gives them; the judge must keep the
    relations of `BUNDLED`."""

    def __init__(self, base: Core, judge: Judge) -> None:
        self._base = base
        self._judge = judge
        self._number: dict[Held, int] = {}
        self._held: list[Held] = []
        self._part: dict[int, int] = {}
        self._known: dict[Key, BundleResult] = {}

    def of(self, rows: Sequence[int]) -> Iterator[BundleResult]:
        """The bundles of apps of the last chunk, by their row numbers and in that order."""
        database = self._judge.database
        database.register("flipped", pa.table({"row": pa.array(rows, pa.int32())}))
        parts = _listed(database.execute(PARTS).fetchall())
        spare = _listed(database.execute(COPIES).fetchall())
        database.unregister("flipped")
        self._learn({sit for of_app in parts.values() for (sit,) in of_app} - self._part.keys())
        for row in rows:
            numbers = {self._part[sit] for (sit,) in parts.get(row, ())}
            key = tuple(sorted(numbers)), tuple(spare.get(row, ()))
            if key not in self._known:
                self._known[key] = self._bundle(key)
            yield self._known[key]

    def _learn(self, sits: Iterable[int]) -> None:
        """Find out what new parts hold."""
        found: dict[int, set[tuple[int, ...]]] = {sit: set() for sit in sits}
        if not found:
            return
        database = self._judge.database
        database.register("new_sits", pa.table({"sit": pa.array(found, pa.int32())}))
        for place, name in enumerate(BUNDLED):
            arity = self._base.program.relations[name].arity
            shown = ", ".join(f"k.c{at}" for at in range(1, arity))
            tied = "g" if name in OF_GROUND else "sit"
            where = (OF_GROUND | OF_PART).get(name, "")
            query = (
                f"SELECT p.sit, {shown} FROM part p JOIN new_sits USING (sit)"
                f" JOIN known_{name} k ON k.c0 = p.{tied} {where}"
            )
            for sit, *row in database.execute(query).fetchall():
                found[sit].add((place, *row))
        database.unregister("new_sits")
        for sit, rows in found.items():
            held = frozenset(rows)
            if held not in self._number:
                self._number[held] = len(self._held)
                self._held.append(held)
            self._part[sit] = self._number[held]

    def _bundle(self, key: Key) -> BundleResult:
        numbers, spare = key
        copies = {(d, h): n for d, h, n in spare}
        rows: dict[str, list[tuple[int, ...]]] = {name: [] for name in BUNDLED}
        for place, *row in set().union(*(self._held[number] for number in numbers)):
            if BUNDLED[place] == "app_holds":
                d, h, sure, most = row
                row = [d, h, copies.get((d, h), sure), most]
            rows[BUNDLED[place]].append((0, *row))  # whose rows they are is not looked at
        names = self._judge.names.names()
        relations = self._base.program.relations
        model: dict[str, frozenset[Row]] = {
            name: decoded(names, relations[name], found) for name, found in rows.items()
        }
        return MissingDocuments(self._base, model).bundle()


def _listed(rows: Iterable[Sequence[int]]) -> dict[int, list[tuple[int, ...]]]:
    """Rows by their first column."""
    found: dict[int, list[tuple[int, ...]]] = {}
    for first, *rest in rows:
        found.setdefault(first, []).append(tuple(rest))
    return found
