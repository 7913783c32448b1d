"""What would repair flips: the bundles of apps, read from the parts that an audit has judged.

A bundle is read from a few relations of an app, and each of its parts holds the rows of its own
category. Many parts hold the same rows, so each set of rows gets a number: what its category asks
for is found once, the smallest bundle once for readings that share a paper and lack the same, and
what an app has of its documents once for all apps whose parts have the same numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa

from kb.answers.bundle import Bundle, best, papers_of, together, unrelated
from kb.answers.choices import Choice
from kb.answers.copies import Contradicting
from kb.answers.documents import Documents
from kb.answers.duty_choices import DutyChoices
from kb.answers.hanging import Condition, Hanging, hanging_on
from kb.answers.missing import BUNDLED, Asked, MissingDocuments
from kb.audit.judge import Judge
from kb.base.results import DocumentNeed
from kb.base.view import View
from kb.engines.interning import decoded
from kb.lang.syntax import Row, Value
from kb.model.requirements import Need
from kb.model.schema import Node

if TYPE_CHECKING:
    from kb.base.core import Core

OWN = "JOIN alternative a ON a.l = k.c1 JOIN version w USING (v) WHERE w.x = p.x"
# For a part's own subject; of others its marks do not tell.
OF_SUBJECT = {
    "lacks_of": OWN,
    "unsure_whose": OWN,
    "not_asked": "JOIN version w ON w.v = k.c1 WHERE w.x = p.x",
    "relevant": "WHERE k.c1 = p.x",
    "required": "WHERE k.c1 = p.x",
    "reading": "WHERE k.c2 = p.x",
    "barred": OWN,
    "usable": OWN,
    "doubtful": OWN,
    "gone": "WHERE k.c1 = p.x",
}
OF_ALTERNATIVES = {name for name, tied in OF_SUBJECT.items() if tied is OWN}
PARTS = "SELECT row, sit FROM judged JOIN flipped USING (row) ORDER BY row, sit"
# Copies that are more than any need asks for are shown all the same where words may be missing.
COPIES = """
SELECT row, d, h, copies FROM holds JOIN flipped USING (row)
WHERE copies > s AND (d, h) IN (SELECT (d, h) FROM asked_words) ORDER BY ALL
"""

DUE = "SELECT row, p, d, h FROM duty_due JOIN flipped USING (row) ORDER BY row, place"

Held: TypeAlias = frozenset[tuple[int, ...]]
"""What a part holds: a relation's place in `BUNDLED` and a row of it without the app."""
Key: TypeAlias = tuple[tuple[int, ...], tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]
"""The numbers of what an app's parts hold, the copies of documents that it has to spare, and the
papers of its duties."""
Said: TypeAlias = tuple[bool, bool, bool, bool, tuple[Row, ...], tuple[Row, ...]]
"""What a part says of a need: whether it is lacked or open whose it is in alternatives, held and
perhaps held, and the copies of its document."""
Repair: TypeAlias = tuple[tuple[DocumentNeed, ...], tuple[str, ...]]
"""The documents that an app lacks, and the categories that it can not complete whatever it
provides."""


class FlipRepairs:
    """What the bundles of apps that a judge has judged are, as `kb ask` gives them; the judge must
    keep the relations of `BUNDLED`."""

    def __init__(self, base: Core, judge: Judge) -> None:
        self._base = base
        self._judge = judge
        self._apart = Contradicting(base.facts.vocabulary)
        self._number: dict[Held, int] = {}
        self._held: list[Held] = []
        self._part: dict[int, int] = {}
        self._known: dict[Key, Repair] = {}
        self._looked: dict[int, Part] = {}
        self._lists: dict[tuple[Choice, ...], int] = {}
        self._solved: dict[tuple[int, ...], Bundle] = {}
        self._bundles: dict[tuple[int, ...], tuple[Sequence[Choice], Sequence[int]]] = {}
        self._need: dict[tuple[Need, int], int] = {}
        self._needs: list[Need] = []
        self._plain: list[bool] = []
        self._stated: list[int] = []
        self._told: dict[Hashable, DocumentNeed] = {}

    def of(self, rows: Sequence[int]) -> Iterator[Repair]:
        """What would repair apps of the last chunk, by their row numbers and in that order."""
        database = self._judge.database
        database.register("flipped", pa.table({"row": pa.array(rows, pa.int32())}))
        parts = _listed(database.execute(PARTS).fetchall())
        spare = _listed(database.execute(COPIES).fetchall())
        due = _listed(database.execute(DUE).fetchall())
        database.unregister("flipped")
        self._learn({sit for of_app in parts.values() for (sit,) in of_app} - self._part.keys())
        for row in rows:
            numbers = {self._part[sit] for (sit,) in parts.get(row, ())}
            key = tuple(sorted(numbers)), tuple(spare.get(row, ())), tuple(due.get(row, ()))
            if key not in self._known:
                self._known[key] = self._repair(key)
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
            tied = "g" if name in self._judge.stages.kept_grounds else "sit"
            where = OF_SUBJECT.get(name, "")
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

    def _repair(self, key: Key) -> Repair:
        numbers, spare, due = key
        parts = [self._looked_at(number) for number in numbers]
        every = [(part, each) for part in parts for each in part.categories]
        every.sort(key=lambda found: found[1].place)
        asked = [(part, found) for part, each in every for found in each.lists]
        of_duties = DutyChoices(self._base, self._papers(due))
        duties = [self._numbered(tuple(choices)) for _, choices in of_duties.lists]
        every_pick, needs = self._bundle((*(found for _, found in asked), *duties))
        # Of each reading one alternative is picked, and of each duty a paper.
        picked = every_pick[: len(asked)]
        picks = {choice.name: part for choice, (part, _) in zip(picked, asked, strict=True)}
        names = self._judge.names.names() if spare else []
        copies = {(str(names[d]), str(names[h])): n for d, h, n in spare}
        view = Together([part.view for part in parts], copies, picks)
        of: dict[int, tuple[str, ...]] = {}
        for name, part in picks.items():
            of[id(part)] = (*of.get(id(part), ()), name)
        asking = [(part, of.get(id(part), ())) for part in parts]
        told = []
        for number in needs:
            stated = self._stated[number]
            leaf = next((each.leaf[stated] for _, each in every if stated in each.leaf), None)
            told.append(self._document(number, leaf, key, asking, view))
        cannot = tuple([each.category for _, each in every if each.closed])
        return of_duties.told(told, every_pick), cannot

    def _papers(self, due: Iterable[tuple[int, ...]]) -> Mapping[str, list[tuple[str, str]]]:
        """The papers of duties by their parts."""
        names = self._judge.names.names() if due else []
        found: dict[str, list[tuple[str, str]]] = {}
        for part, document, holder in due:
            found.setdefault(str(names[part]), []).append(
                (str(names[document]), str(names[holder]))
            )
        return found

    def _document(
        self,
        number: int,
        leaf: Node | None,
        key: Key,
        parts: Sequence[tuple[Part, tuple[str, ...]]],
        view: Together,
    ) -> DocumentNeed:
        """A document of a bundle, with each part the alternatives of it that are picked. What it
        looks at is much the same for very many bundles; of one that is counted, or asked of each
        party, it is more than is told apart here."""
        need, picks = self._needs[number], view.picks
        hangs = [p.on(name, number, need) for name, p in picks.items()]
        looked: Hashable = key
        if self._plain[number]:
            looked = (
                frozenset([part.said(number, need, names) for part, names in parts]),
                tuple([on for on in hangs if on is not None]),
                view.copies.get((need.document, need.holder)) if view.copies else None,
            )
        looked = number, id(leaf), looked  # facts keep their nodes
        if looked not in self._told:
            documents = Documents(view, self._base.origins, self._base.choices)
            found = documents.document(need, leaf, picks)
            self._told[looked] = hanging_on(found, (on for on in hangs if on is not None))
        return self._told[looked]

    def _numbered_need(self, need: Need) -> int:
        """A number for a need: it is looked up again and again. What is counted for an app is
        another need than its source states."""
        same = need, need.counted
        if same not in self._need:
            stated = self._numbered_need(replace(need, counted=0)) if need.counted else None
            self._need[same] = len(self._needs)
            self._stated.append(len(self._needs) if stated is None else stated)
            self._needs.append(need)
            counted = need.as_many or need.id in self._base.choices
            self._plain.append(not (counted or need.each))
        return self._need[same]

    def _bundle(self, lists: tuple[Choices, ...]) -> tuple[Sequence[Choice], Sequence[int]]:
        """The smallest bundle of readings: what is picked, and the numbers of its needs."""
        same = tuple([each.number for each in lists])
        if same not in self._bundles:
            groups = unrelated([each.papers for each in lists])
            found = together((group, self._best([lists[at] for at in group])) for group in groups)
            self._bundles[same] = found.picks, tuple(map(self._numbered_need, found.needs))
        return self._bundles[same]

    def _best(self, lists: Sequence[Choices]) -> Bundle:
        same = tuple(each.number for each in lists)
        if same not in self._solved:
            self._solved[same] = best([each.choices for each in lists], apart=self._apart)
        return self._solved[same]

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
                        category,
                        base.place(category),
                        category in found and found[category].closed,
                        self._every(found[category]) if category in found else [],
                        {
                            self._numbered_need(need): leaf
                            for need, leaf in missing.leaves(category).items()
                        },
                    )
                    for category in missing.relevant()
                ],
            )
        return self._looked[number]

    def _every(self, asked: Asked) -> list[Choices]:
        """What the readings of a category leave to choose, with numbers."""
        return [self._numbered(tuple(choices)) for _, choices in asked.lists if choices]

    def _numbered(self, choices: tuple[Choice, ...]) -> Choices:
        number = self._lists.setdefault(choices, len(self._lists))
        return Choices(number, choices, papers_of(choices, self._apart))


@dataclass(frozen=True, slots=True)
class Choices:
    """What a reading leaves to choose, and the papers that it lacks; the number is the same
    wherever the choices are."""

    number: int
    choices: tuple[Choice, ...]
    papers: Collection[tuple[str, str]]


@dataclass(frozen=True)
class OfCategory:
    """What a part says of its category: its place among all; where it surely asks for something
    whether nothing completes it, and the choices of its readings; what these say of each need, by
    its number."""

    category: str
    place: tuple[int, str]
    closed: bool
    lists: Sequence[Choices]
    leaf: Mapping[int, Node]


@dataclass(frozen=True)
class Part:
    """What a part holds, and what that comes to."""

    view: View
    hanging: Hanging
    categories: Sequence[OfCategory]
    _on: dict[tuple[str, int], tuple[Condition, ...] | None] = field(default_factory=dict)
    _said: dict[tuple[int, tuple[str, ...]], Said] = field(default_factory=dict)

    def on(self, name: str, number: int, need: Need) -> tuple[Condition, ...] | None:
        """See `Hanging.on`; of a need with its number."""
        key = name, number
        if key not in self._on:
            on = self.hanging.on(name, need)
            self._on[key] = None if on is None else tuple(on)
        return self._on[key]

    def said(self, number: int, need: Need, alternatives: tuple[str, ...]) -> Said:
        """What is said of a need, of its alternatives that are picked as far as it hangs on them:
        all that `Documents.document` looks at."""
        key = number, alternatives
        if key not in self._said:
            view, id = self.view, need.id
            lacking, open = (
                any(view.has(relation, name, id) for name in alternatives)
                for relation in ("lacks_of", "unsure_whose")
            )
            copies, later = (
                tuple(view.after(relation, need.document, need.holder))
                for relation in ("app_holds", "holds_on_day")
            )
            held = view.has("held", id), view.has("perhaps_held", id)
            self._said[key] = lacking, open, *held, copies, later
        return self._said[key]


class Together(View):
    """The views of an app's parts as one; `copies` are those that it has to spare, `picks` the
    parts of some alternatives."""

    def __init__(
        self,
        views: Sequence[View],
        copies: Mapping[tuple[str, str], int],
        picks: Mapping[str, Part],
    ) -> None:
        super().__init__({})
        self._views = views
        self.copies = copies
        self.picks = picks

    def has(self, relation: str, *key: Value) -> bool:
        return any(view.has(relation, *key) for view in self._of(relation, key))

    def _of(self, relation: str, key: Row) -> Sequence[View]:
        """The views that may have such a row: of an alternative its own part alone."""
        if key and relation in OF_ALTERNATIVES and key[0] in self.picks:
            return (self.picks[str(key[0])].view,)
        return self._views

    def after(self, relation: str, *key: Value) -> list[Row]:
        views = self._of(relation, key)
        found = [rows for view in views if (rows := view.after(relation, *key))]
        rows = found[0] if len(found) == 1 else sorted({row for rows in found for row in rows})
        if self.copies and relation == "app_holds" and not key:
            copies = self.copies
            return [(d, h, copies.get((str(d), str(h)), n), m) for d, h, n, m in rows]
        return rows


def _listed(rows: Iterable[Sequence[int]]) -> dict[int, list[tuple[int, ...]]]:
    """Rows by their first column."""
    found: dict[int, list[tuple[int, ...]]] = {}
    for first, *rest in rows:
        found.setdefault(first, []).append(tuple(rest))
    return found
