"""Marks: each thing that profiles say, once, as a whole number.

A mark is a value stated for an attribute, a service offered, or so many copies of a document. What
a text of the input means is worked out by the reader of profiles (`kb.model.resolving`), once for
each different text, so that an audit takes and refuses just what `ask` does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import duckdb
import pyarrow as pa

from kb.audit.arrays import column
from kb.audit.equivalence import Alike, Watch
from kb.base.core import Core
from kb.engines.interning import Interner
from kb.lang.problems import Problem
from kb.lang.syntax import Row
from kb.model.applying import of_parties
from kb.model.apps import HELD_DAYS, OWN_KEYS
from kb.model.exemptions import exempted_thing
from kb.model.files import texts_of
from kb.model.outcomes import Between, Known
from kb.model.resolving import NearNames, Resolver
from kb.model.stating import Copy, copy_of, field_problems, moves, states, turns
from kb.model.yamlread import Document

ITSELF = -1
"""The number of what is watched where every mark stands for itself."""
NOTHING, SERVICES_KNOWN, OWN_WORDS = 0, 1, 2
"""Marks that every app has, every app whose services are known, and every app that tells in its
owner's words what it does where no service fits. Which words these are decides nothing."""

BREAK = "\n\t"
"""What parts the days of a document in hand from what it states."""
ANY_NUMBER = 2**31
"""More copies than anybody has."""
Columns: TypeAlias = Mapping[str, str]
"""For each attribute its column in a chunk."""

TABLES = """
CREATE TABLE mark_value (mark INT, q INT, v INT);
CREATE TABLE mark_day (mark INT, q INT, d BIGINT);
CREATE TABLE mark_between (mark INT, q INT, least BIGINT, most BIGINT);
CREATE TABLE mark_knows (mark INT, q INT);
CREATE TABLE mark_other (mark INT, w INT);
CREATE TABLE mark_alike (mark INT, q INT, g INT, stands INT);
CREATE TABLE mark_holds (mark INT, d INT, h INT, s BIGINT, m BIGINT);
CREATE TABLE mark_fits (mark INT, n INT, s BIGINT, m BIGINT);
CREATE TABLE mark_issued (mark INT, d INT, h INT, i INT, s INT);
CREATE TABLE renewed (d INT, h INT);
CREATE TABLE mark_party (mark INT, party INT, h INT);
CREATE TABLE mark_party_holds (mark INT, d INT, h INT, party INT, s INT);
CREATE TABLE mark_party_fits (mark INT, n INT, party INT, s INT);
CREATE TABLE mark_exempt (mark INT, x INT, f BIGINT, u BIGINT);
CREATE TABLE worded (w INT, n INT, s BOOLEAN);
CREATE TABLE held_by (kind INT, d INT, h INT, own BOOLEAN, enough BIGINT);
CREATE TABLE asked_words (n INT, kind INT, d INT, h INT, own BOOLEAN, enough BIGINT);
"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a text is refused, in which column it stands, and names that are near."""

    reason: str
    column: str
    help: str = ""


class Marks:
    """The marks met so far, in tables of a database, and what each text stands for.

    `used` are the attributes that rules look at; the others are read, but leave no mark. `watches`
    are, for each attribute, the different things that subjects watch in it, by number: what stands
    for a mark to each is in `mark_alike`, and under `ITSELF` the mark itself. `counted` are
    documents with holders that rules look at beside those of needs, counting to any number; `day`
    is that of the run.
    """

    def __init__(
        self,
        database: duckdb.DuckDBPyConnection,
        core: Core,
        names: Interner,
        used: frozenset[str],
        alike: Alike,
        watches: Mapping[str, Iterable[tuple[int, Watch]]],
        day: int,
        counted: Iterable[Row] | None = None,
    ) -> None:
        self.database = database
        self.base = base = core.facts
        self._alike = alike
        self._day = day
        self.dated = any(
            each.of is not None and each.of.id in HELD_DAYS
            for *_, asked in base.worded
            for each in asked
        )
        """Whether a need looks at the days of documents in hand as at what they state."""
        self._watches = watches
        self._stands: dict[tuple[int, Known], int] = {}
        self.names = names
        self.used = used
        self.attributes = list(base.vocabulary.attributes)
        self.of_parties = of_parties(base.vocabulary.attributes)
        self._next = OWN_WORDS + 1
        self._marks: dict[tuple[Any, ...], int] = {}
        self._wordings = 0
        self.moving = [asked for *_, asked in base.worded if moves(asked)]
        """What needs ask documents to state that depends on the day."""
        self.by_day: dict[int, Copy] = {}
        """What documents in hand state that may do for a need on one day and not on another, by the
        numbers of that."""
        self._hints = NearNames()
        self._waiting: dict[str, list[tuple[Any, ...]]] = {}
        database.execute(TABLES)
        self._insert("mark_knows", [(SERVICES_KNOWN, names.number("services"))])
        self._insert("mark_other", [(OWN_WORDS, names.number("own words"))])
        for term in base.names.of("service"):
            self._service(term.id)
        self.last_service = self.last
        """Up to this one, marks are of services."""
        self._narrower: dict[str, list[str]] = {}
        for term in base.names.of("document"):
            for wider in base.vocabulary.above(term.id):
                self._narrower.setdefault(wider, []).append(term.id)
        # More copies than any need asks for are as good as that many, where no source limits them.
        enough: dict[tuple[str, str], int] = {}
        for need in core.needs.values():
            key = need.document, need.holder
            most = ANY_NUMBER if need.at_most or need.as_many else need.at_least
            enough[key] = max(enough.get(key, 1), most)
        for document, holder in counted or ():
            enough.setdefault((str(document), str(holder)), 1)
        if counted is not None:  # rules may count them to any number
            enough = dict.fromkeys(enough, ANY_NUMBER)
        self._insert(
            "held_by",
            (
                (names.number(kind), names.number(d), names.number(h), h == "applicant", most)
                for (d, h), most in enough.items()
                for kind in self._kinds(d)
            ),
        )
        self._insert("renewed", ((names.number(d), names.number(h)) for d, h in base.renewed))
        self._insert(
            "asked_words",
            (
                (
                    names.number(need),
                    names.number(kind),
                    names.number(d),
                    names.number(h),
                    h == "applicant",
                    core.needs[need].at_least
                    if counted is None
                    and not core.needs[need].at_most
                    and not core.needs[need].as_many
                    else ANY_NUMBER,
                )
                for need, d, h, _ in base.worded
                for kind in self._kinds(d)
            ),
        )
        self.flush()

    def _kinds(self, document: str) -> tuple[str, ...]:
        """A document and those that count for it, being kinds of it."""
        # decision: kind-counts-for-wider
        return (document, *self._narrower.get(document, ()))

    @property
    def last(self) -> int:
        """The largest mark so far."""
        return self._next - 1

    def _insert(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        self._waiting.setdefault(table, []).extend(rows)

    def flush(self) -> None:
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

    def stated(self, attribute: str, raw: str) -> int | Refusal | None:
        """The mark of a text, why it is refused, or None for what no rule looks at; marks of values
        that were met under another spelling serve again."""
        problems: list[Problem] = []
        resolver = Resolver(self.base.vocabulary, Document("", raw), problems, self._hints)
        value = value_of(raw)
        found = resolver.stated(self.base.vocabulary.attributes[attribute], value, (attribute,))
        several = attribute in ("regions", "services", "audience")
        if attribute in OWN_KEYS and several != isinstance(value, list):
            problems.append(Problem("type", f"a {'list' if several else 'text'} is expected here"))
        if problems:
            column = attribute if attribute in OWN_KEYS else f"facts.{attribute}"
            return _refused(attribute, column, problems)
        return self.known(attribute, found) if attribute in self.used else None

    def known(self, attribute: str, found: Known) -> int:
        """The mark of what is known of an attribute."""
        found = self._alike.to(attribute, found)
        mark, new = self._mark((attribute, found))
        if new:
            q = self.names.number(attribute)
            self._insert(
                "mark_alike", ((mark, q, *each) for each in self._alikes(attribute, found, mark))
            )
            if isinstance(found, Between):
                self._insert("mark_between", [(mark, q, int(found.least), int(found.most))])
                return mark
            self._insert("mark_knows", [(mark, q)])
            if isinstance(found, int):
                self._insert("mark_day", [(mark, q, int(found))])
            else:
                self._insert("mark_value", ((mark, q, self.names.number(v)) for v in found))
        return mark

    def _alikes(self, attribute: str, found: Known, mark: int) -> Iterator[tuple[int, int]]:
        """What stands for a mark, by the number of what is watched: the first mark alike to it."""
        yield ITSELF, mark
        for number, watch in self._watches.get(attribute, ()):
            alike = self._alike.to(attribute, found, watch)
            yield number, self._stands.setdefault((number, alike), mark)

    def service(self, raw: str) -> int | Refusal:
        """The mark of a service, or why its name is refused."""
        id = self._find("service", raw, "services")
        return id if isinstance(id, Refusal) else self._service(id)

    def named(self, kind: str, raw: str) -> int | Refusal:
        """The number of a name of a kind in `holds`, or why it is refused."""
        id = self._find(kind, raw, "holds")
        return id if isinstance(id, Refusal) else self.names.number(id)

    def id(self, kind: str, raw: str) -> str | Refusal:
        """The id of a name of a kind that a party says of itself, or why it is refused."""
        return self._find(kind, raw, "parties", "parties")

    def party(self, raw: str) -> int | Refusal:
        """The number of what a party is called."""
        return self.names.number(raw) if raw.strip() else Refusal("holds: this is empty", "holds")

    def exempted(self, raw: str) -> int | Refusal:
        """The number of the category or the duty that an exemption is from."""
        found = exempted_thing(self.base, raw)
        if isinstance(found, Problem):
            return _refused("exemptions", "exemptions", [found])
        return self.names.number(found)

    def renew_hints(self) -> None:
        """Look for near names anew: there are so many for an input."""
        self._hints = NearNames()

    def _find(self, kind: str, raw: str, column: str, about: str = "") -> str | Refusal:
        problems: list[Problem] = []
        document = Document("", raw)
        id = Resolver(self.base.vocabulary, document, problems, self._hints).name(kind, raw, ())
        if not raw:
            problems = [Problem("value", "this is empty")]
        return _refused(about or kind, column, problems) if problems else id

    def day(self, key: str, raw: str, column: str = "holds") -> int | Refusal:
        """The number of a day that a document in hand, or another entry of a column, states under
        a key, or why it is refused."""
        problems: list[Problem] = []
        found = Resolver(self.base.vocabulary, Document("", raw), problems).day(raw, ())
        return _refused(f"{column}: {key}", column, problems) if problems else found

    def worded(self, raw: str) -> int | Refusal:
        """The number of what a document in hand states, as JSON (and, where needs look at its days,
        with these on lines behind it); which needs it does for, or may do for, is in `worded`."""
        texts, *dated = raw.split(BREAK)
        said = json.loads(texts, parse_int=str, parse_float=str) if texts else None
        stated = texts_of(said)
        if not all(isinstance(text, str) for text in stated or ()):
            return Refusal("holds: states: text is expected here", "holds")
        vocabulary = self.base.vocabulary
        if wrong := [problem for problem, _ in field_problems(said, vocabulary)]:
            return _refused("holds: states", "holds", wrong)
        found = {
            key: day
            for key, text in zip(HELD_DAYS, dated, strict=False)
            if text and isinstance(day := self.day(key, text), int)
        }
        number = self._wordings
        self._wordings += 1
        copy = copy_of(stated, found, vocabulary)
        for need, _, _, asked in self.base.worded:
            sure = states(asked, copy, vocabulary, self._day)
            if sure is not False:
                self._insert("worded", [(number, self.names.number(need), bool(sure))])
        if any(turns(asked, copy) for asked in self.moving):
            self.by_day[number] = copy
        return number

    def count(self, relation: str, found: Iterable[tuple[int, ...]]) -> None:
        """Marks for rows of a table of marks, such as `mark_holds`, that were not met before."""
        self._insert(relation, ((self._mark((relation, *row))[0], *row) for row in found))
        self.flush()


def insert(
    database: duckdb.DuckDBPyConnection, table: str, rows: Iterable[tuple[Any, ...]]
) -> None:
    """Add rows to a table, all at once."""
    columns = [column(values) for values in zip(*rows, strict=True)]
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


def _refused(what: str, column: str, problems: Iterable[Problem]) -> Refusal:
    found = list(problems)
    reason = "; ".join(f"{what}: {problem.message}" for problem in found)
    return Refusal(reason, column, "; ".join(problem.help for problem in found if problem.help))
