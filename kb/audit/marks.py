"""Marks: each thing that profiles say, once, as a whole number.

A mark is a value stated for an attribute, a service offered, or so many copies of a document. What
a text of the input means is worked out by the reader of profiles (`kb.model.resolving`), once for
each different text, so that an audit takes and refuses just what `ask` does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, TypeAlias

import duckdb
import pyarrow as pa

from kb.answers.core import Core
from kb.audit.alike import Alike, Watch
from kb.engines.interning import Interner
from kb.lang.problems import Problem
from kb.model.apps import OWN_KEYS
from kb.model.names import wording
from kb.model.resolving import Resolver, Stated
from kb.model.yamlread import Document

ITSELF = -1
"""The number of what is watched where every mark stands for itself."""
NOTHING, SERVICES_KNOWN = 0, 1
"""Marks that every app has, and every app whose services are known."""

Columns: TypeAlias = Mapping[str, str]
"""For each attribute its column in a chunk."""

TABLES = """
CREATE TABLE mark_value (mark INT, q INT, v INT);
CREATE TABLE mark_day (mark INT, q INT, d BIGINT);
CREATE TABLE mark_knows (mark INT, q INT);
CREATE TABLE mark_alike (mark INT, q INT, g INT, stands INT);
CREATE TABLE mark_holds (mark INT, d INT, h INT, s BIGINT, m BIGINT);
CREATE TABLE mark_fits (mark INT, n INT, s BIGINT, m BIGINT);
CREATE TABLE said (a INT, raw VARCHAR, mark INT, problem VARCHAR);
CREATE TABLE service (raw VARCHAR, mark INT, problem VARCHAR);
CREATE TABLE document (raw VARCHAR, d INT, problem VARCHAR);
CREATE TABLE holder (raw VARCHAR, h INT, problem VARCHAR);
CREATE TABLE worded (states VARCHAR[], n INT);
CREATE TABLE held_by (d INT, h INT, own BOOLEAN, enough BIGINT);
CREATE TABLE asked_words (n INT, d INT, h INT, own BOOLEAN, enough BIGINT);
"""


class Marks:
    """The marks met so far, in tables of a database, and how to find those of a chunk.

    `used` are the attributes that rules look at; the others are read, but leave no mark. `watches`
    are, for each attribute, the different things that subjects watch in it, by number: what stands
    for a mark to each is in `mark_alike`, and under `ITSELF` the mark itself.
    """

    def __init__(
        self,
        database: duckdb.DuckDBPyConnection,
        core: Core,
        names: Interner,
        used: frozenset[str],
        alike: Alike,
        watches: Mapping[str, Iterable[tuple[int, Watch]]],
    ) -> None:
        self.database = database
        self.base = base = core.facts
        self._alike = alike
        self._watches = watches
        self._stands: dict[tuple[str, Watch, Stated], int] = {}
        self.names = names
        self.used = used
        self.attributes = list(base.vocabulary.attributes)
        self.refusing = False
        """Whether any text met so far is refused."""
        self._next = SERVICES_KNOWN + 1
        self._marks: dict[tuple[Any, ...], int] = {}
        self._states: set[tuple[str, ...]] = set()
        self._waiting: dict[str, list[tuple[Any, ...]]] = {}
        database.execute(TABLES)
        self._insert("mark_knows", [(SERVICES_KNOWN, names.number("services"))])
        for term in base.names.of("service"):
            self._service(term.id)
        self.last_service = self.last
        """Up to this one, marks are of services."""
        # More copies than any need asks for are as good as that many.
        enough: dict[tuple[str, str], int] = {}
        for need in core.needs.values():
            key = need.document, need.holder
            enough[key] = max(enough.get(key, 1), need.at_least)
        self._insert(
            "held_by",
            (
                (names.number(d), names.number(h), h == "applicant", most)
                for (d, h), most in enough.items()
            ),
        )
        self._insert(
            "asked_words",
            (
                (
                    names.number(need),
                    names.number(d),
                    names.number(h),
                    h == "applicant",
                    core.needs[need].at_least,
                )
                for need, d, h, _ in base.worded
            ),
        )
        self._flush()

    @property
    def last(self) -> int:
        """The largest mark so far."""
        return self._next - 1

    def _insert(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        self._waiting.setdefault(table, []).extend(rows)

    def _flush(self) -> None:
        """Write what waits, each table at once: a statement a row would take far longer."""
        for table, rows in self._waiting.items():
            insert(self.database, table, rows)
        self._waiting.clear()

    def _mark(self, key: tuple[Any, ...]) -> tuple[int, bool]:
        found = self._marks.get(key)
        if found is not None:
            return found, False
        self._marks[key] = self._next
        self._next += 1
        return self._marks[key], True

    def _service(self, id: str) -> int:
        mark, new = self._mark(("services", id))
        if new:
            row = mark, self.names.number("services"), self.names.number(id)
            self._insert("mark_value", [row])
        return mark

    def learn(self, columns: Columns) -> None:
        """Give every text of the table `chunk` its marks."""
        run = self.database.execute
        for attribute, column in columns.items():
            a = self.attributes.index(attribute)
            new = run(
                f"SELECT DISTINCT {column} FROM chunk WHERE {column} IS NOT NULL"
                f" AND {column} NOT IN (SELECT raw FROM said WHERE a = ?)",
                [a],
            ).fetchall()
            self._insert("said", (self._stated(attribute, raw) for (raw,) in new))
        self._resolve("service", "SELECT DISTINCT unnest(services) FROM chunk", self._offered)
        for kind in ("document", "holder"):
            source = f"SELECT DISTINCT h.{kind} FROM (SELECT unnest(holds) AS h FROM chunk)"
            self._resolve(kind, source, partial(self._named, kind))
        self._words()
        self._flush()

    def _resolve(
        self, table: str, source: str, row: Callable[[str], tuple[int | None, str | None]]
    ) -> None:
        new = self.database.execute(
            f"SELECT raw FROM ({source}) AS t(raw) WHERE raw IS NOT NULL"
            f" AND raw NOT IN (SELECT raw FROM {table})"
        ).fetchall()
        self._insert(table, ((raw, *row(raw)) for (raw,) in new))

    def _stated(self, attribute: str, raw: str) -> tuple[int, str, int | None, str | None]:
        """A row of `said`; marks of values that were met under another spelling serve again."""
        a = self.attributes.index(attribute)
        problems: list[Problem] = []
        resolver = Resolver(self.base.vocabulary, Document("", raw), problems)
        value = value_of(raw)
        found = resolver.stated(self.base.vocabulary.attributes[attribute], value, (attribute,))
        several = attribute in ("regions", "services", "audience")
        if attribute in OWN_KEYS and several != isinstance(value, list):
            problems.append(Problem("type", f"a {'list' if several else 'text'} is expected here"))
        if problems:
            return a, raw, None, self._refuse(attribute, problems)
        if attribute not in self.used:
            return a, raw, None, None
        found = self._alike.to(attribute, found)
        mark, new = self._mark((attribute, found))
        if new:
            q = self.names.number(attribute)
            self._insert("mark_knows", [(mark, q)])
            self._insert(
                "mark_alike", ((mark, q, *each) for each in self._alikes(attribute, found, mark))
            )
            if isinstance(found, int):
                self._insert("mark_day", [(mark, q, found)])
            else:
                self._insert("mark_value", ((mark, q, self.names.number(v)) for v in found))
        return a, raw, mark, None

    def _alikes(self, attribute: str, found: Stated, mark: int) -> Iterator[tuple[int, int]]:
        """What stands for a mark, by the number of what is watched: the first mark alike to it."""
        yield ITSELF, mark
        for number, watch in self._watches.get(attribute, ()):
            key = attribute, watch, self._alike.to(attribute, found, watch)
            yield number, self._stands.setdefault(key, mark)

    def _offered(self, raw: str) -> tuple[int | None, str | None]:
        id, problem = self._find("service", raw)
        return (self._service(id), None) if id is not None else (None, problem)

    def _named(self, kind: str, raw: str) -> tuple[int | None, str | None]:
        id, problem = self._find(kind, raw)
        return (self.names.number(id), None) if id is not None else (None, problem)

    def _find(self, kind: str, raw: str) -> tuple[str | None, str | None]:
        problems: list[Problem] = []
        id = Resolver(self.base.vocabulary, Document("", raw), problems).name(kind, raw, ())
        if not raw:
            problems = [Problem("value", "this is empty")]
        return (None, self._refuse(kind, problems)) if problems else (id, None)

    def _refuse(self, what: str, problems: Iterable[Problem]) -> str:
        self.refusing = True
        return "; ".join(f"{what}: {problem.message}" for problem in problems)

    def _words(self) -> None:
        """Which needs the words of a document in hand cover."""
        new = self.database.execute(
            "SELECT DISTINCT h.states FROM (SELECT unnest(holds) AS h FROM chunk)"
            " WHERE h.states IS NOT NULL"
        ).fetchall()
        rows = []
        for (states,) in new:
            key = tuple(states)
            if key not in self._states:
                self._states.add(key)
                texts = [wording(text) for text in key]
                for need, _, _, words in self.base.worded:
                    if all(any(word in text for text in texts) for word in words):
                        rows.append((list(key), self.names.number(need)))
        self._insert("worded", rows)

    def count(self, relation: str, found: Iterable[tuple[int, ...]]) -> None:
        """Marks for rows of `mark_holds` or `mark_fits` that were not met before."""
        self._insert(relation, ((self._mark((relation, *row))[0], *row) for row in found))
        self._flush()


def insert(
    database: duckdb.DuckDBPyConnection, table: str, rows: Iterable[tuple[Any, ...]]
) -> None:
    """Add rows to a table, all at once."""
    columns = [pa.array(column) for column in zip(*rows, strict=True)]
    if columns:
        added = pa.table(columns, [f"c{n}" for n in range(len(columns))])
        database.register("added", added)
        database.execute(f"INSERT INTO {table} SELECT * FROM added")
        database.unregister("added")


def value_of(raw: str) -> Any:
    """A text of the input, or the list that it stands for."""
    if raw.startswith("["):
        try:
            return json.loads(raw)
        except ValueError:
            return raw
    return raw


def refusals(columns: Columns, attributes: list[str], refusing: bool) -> Iterator[str]:
    """Queries for the rows of a chunk that are refused, each with its reason; `refusing` says that
    some text is."""
    yield "SELECT row, bad FROM chunk WHERE bad IS NOT NULL"
    yield "SELECT row, 'id: the app has no name' FROM chunk WHERE bad IS NULL AND id IS NULL"
    held = "(SELECT row, unnest(holds) AS h FROM chunk)"
    yield f"SELECT row, 'holds: a document is expected here' FROM {held} WHERE h.document IS NULL"
    yield (
        f"SELECT row, 'holds: a count from 0 to 1000000 is expected here' FROM {held}"
        " WHERE h.count IS NOT NULL AND coalesce(try_cast(h.count AS BIGINT), -1)"
        " NOT BETWEEN 0 AND 1000000"
    )
    if not refusing:
        return
    for attribute, column in columns.items():
        a = attributes.index(attribute)
        yield (
            f"SELECT row, problem FROM chunk JOIN said ON a = {a} AND raw = {column}"
            " WHERE problem IS NOT NULL"
        )
    yield (
        "SELECT row, problem FROM (SELECT row, unnest(services) AS raw FROM chunk)"
        " JOIN service USING (raw) WHERE problem IS NOT NULL"
    )
    for kind in ("document", "holder"):
        yield (
            f"SELECT row, problem FROM {held} u JOIN {kind} k ON k.raw = u.h.{kind}"
            " WHERE problem IS NOT NULL"
        )
