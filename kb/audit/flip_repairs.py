"""What would repair flips: the bundles of apps, read from the parts that an audit has judged.

A bundle is read from a few relations of an app, and each of its parts holds the rows of its own
category. Many parts hold the same rows, so each set of rows gets a number: what its category asks
for is found once, the smallest bundle once for all apps whose categories ask for the same, and what
an app has of its documents once for all apps whose parts have the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa

from kb.answers.copies import Contradicting
from kb.answers.documents import Documents
from kb.answers.hanging import Hanging, hanging_on
from kb.answers.missing import BUNDLED, Asked, MissingDocuments, Solved
from kb.answers.results import BundleResult
from kb.audit.judge import Judge
from kb.base.view import View
from kb.engines.interning import decoded
from kb.lang.syntax import Row, Value
from kb.model.requirements import Need
from kb.model.schema import Node

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
    "doubtful": OWN,
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
        self._apart = Contradicting(base.facts.vocabulary)
        self._number: dict[Held, int] = {}
        self._held: list[Held] = []
        self._part: dict[int, int] = {}
        self._known: dict[Key, BundleResult] = {}
        self._looked: dict[int, Part] = {}
        self._choices: dict[str, int] = {}
        self._solved: dict[tuple[int, ...], Solved] = {}

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
        parts = [self._looked_at(number) for number in numbers]
        every = sorted((each for part in parts for each in part.categories), key=lambda c: c.place)
        asked = [each.asked for each in every if each.asked is not None]
        # Categories with the same choices come to the same, whoever asks.
        same = tuple(each.choices for each in every if each.asked is not None)
        solved = self._solved.get(same)
        if solved is None:
            solved = self._solved[same] = Solved.of(asked, self._apart)
        names = self._judge.names.names() if spare else []
        copies = {(str(names[d]), str(names[h])): n for d, h, n in spare}
        view = Together([part.view for part in parts], copies)
        documents = Documents(view, self._base.origins, self._base.choices)
        picks = [choice.name for choice in solved.bundle.picks]
        told = []
        for need in solved.bundle.needs:
            leaf = next((each.leaves[need] for each in every if need in each.leaves), None)
            # An alternative is one of a single part, and what it hangs on is there.
            hangs = (part.hanging.on(name, need) for name in picks for part in parts)
            found = documents.document(need, leaf, picks)
            told.append(hanging_on(found, (on for on in hangs if on is not None)))
        return solved.told(asked, tuple(told))

    def _looked_at(self, number: int) -> Part:
        """What a part that holds these rows says of its category."""
        if number not in self._looked:
            names, base = self._judge.names.names(), self._base
            rows: dict[str, list[tuple[int, ...]]] = {name: [] for name in BUNDLED}
            for place, *row in self._held[number]:
                rows[BUNDLED[place]].append((0, *row))  # whose rows they are is not looked at
            missing = MissingDocuments(
                base,
                {
                    name: decoded(names, base.program.relations[name], found)
                    for name, found in rows.items()
                },
            )
            found = {each.category: each for each in missing.asked()}
            self._looked[number] = Part(
                missing.view,
                missing.hanging,
                [
                    OfCategory(
                        base.place(category),
                        found.get(category),
                        self._numbered(found.get(category)),
                        missing.leaves(category),
                    )
                    for category in missing.relevant()
                ],
            )
        return self._looked[number]

    def _numbered(self, asked: Asked | None) -> int:
        """A number for what a category asks for, the same wherever the same is asked for."""
        return self._choices.setdefault(repr(asked), len(self._choices))


@dataclass(frozen=True)
class OfCategory:
    """What a part says of its category: its place among all, what it asks for where it surely does,
    with a number for that, and what its readings say of each need."""

    place: tuple[int, str]
    asked: Asked | None
    choices: int
    leaves: Mapping[Need, Node]


@dataclass(frozen=True)
class Part:
    """What a part holds, and what that comes to."""

    view: View
    hanging: Hanging
    categories: Sequence[OfCategory]


class Together(View):
    """The views of an app's parts as one; `copies` are those that it has to spare."""

    def __init__(self, views: Sequence[View], copies: Mapping[tuple[str, str], int]) -> None:
        super().__init__({})
        self._views = views
        self._copies = copies

    def has(self, relation: str, *key: Value) -> bool:
        return any(view.has(relation, *key) for view in self._views)

    def after(self, relation: str, *key: Value) -> list[Row]:
        found = [rows for view in self._views if (rows := view.after(relation, *key))]
        rows = found[0] if len(found) == 1 else sorted({row for rows in found for row in rows})
        if self._copies and relation == "app_holds" and not key:
            copies = self._copies
            return [(d, h, copies.get((str(d), str(h)), n), m) for d, h, n, m in rows]
        return rows


def _listed(rows: Iterable[Sequence[int]]) -> dict[int, list[tuple[int, ...]]]:
    """Rows by their first column."""
    found: dict[int, list[tuple[int, ...]]] = {}
    for first, *rest in rows:
        found.setdefault(first, []).append(tuple(rest))
    return found
