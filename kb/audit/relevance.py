"""What bears on what: the marks that each subject of a judgement looks at, on one day.

A subject is a category, a reading that rules services out, or a text whose range must be looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from itertools import product

import duckdb

from kb.audit.computed import WHOLE, Looked, needs_service
from kb.audit.dictionary import ITSELF, NOTHING, OWN_WORDS, SERVICES_KNOWN, insert
from kb.audit.equivalence import Alike, Watch
from kb.base.core import Core
from kb.engines.interning import Interner
from kb.engines.protocol import Model
from kb.lang.syntax import Row, Value
from kb.model.duty_day_rows import EVENTS

BEARING = (
    "leads_to",
    "bears_service",
    "bears_test",
    "bears_attribute",
    "bears_event",
    "bears_count",
    "bears_seat",
    "bears_document",
    "bears_wording",
    "bears_party",
    "bears_party_document",
    "bears_party_wording",
    "range_attribute",
    "range_service",
    "range_test",
    "text_counts",
)
"""The relations that say so."""
DOCUMENTS = ("bears_document", "bears_wording", "bears_party")
"""How the names of those begin that tell of documents in hand and of whom they are with."""
OFFERED = "SELECT v, mark FROM mark_value ORDER BY mark"
SCHEMA = """
CREATE TABLE leads (x INT, mark INT);
CREATE TABLE bears_attribute (x INT, q INT, g INT);
CREATE TABLE bears_document (x INT, d INT, h INT);
CREATE TABLE bears_wording (x INT, n INT);
CREATE TABLE bears_party (x INT, h INT);
CREATE TABLE bears_party_document (x INT, d INT, h INT);
CREATE TABLE bears_party_wording (x INT, n INT);
CREATE TABLE range_of (x INT);
CREATE TABLE bears (x INT, mark INT, stands INT)
"""
# What stands for a document in hand is below zero, so that it is told apart in a list.
NEW_BEARS = """
INSERT INTO bears
SELECT DISTINCT x, mark, stands FROM mark_alike JOIN bears_attribute USING (q, g)
WHERE mark > $learnt
UNION ALL SELECT x, mark, -mark FROM mark_holds JOIN bears_document USING (d, h)
WHERE mark > $learnt
UNION ALL SELECT x, mark, -mark FROM mark_fits JOIN bears_wording USING (n)
WHERE mark > $learnt
UNION ALL SELECT x, mark, -mark FROM mark_party JOIN bears_party USING (h)
WHERE mark > $learnt
UNION ALL SELECT x, mark, -mark FROM mark_party_holds JOIN bears_party_document USING (d, h)
WHERE mark > $learnt
UNION ALL SELECT x, mark, -mark FROM mark_party_fits JOIN bears_party_wording USING (n)
WHERE mark > $learnt
UNION ALL SELECT x, mark, -mark FROM mark_exempt WHERE mark > $learnt
"""


class Bearing:
    """What bears on what, by what is `static`: the same for every app of the `day`."""

    def __init__(
        self, base: Core, static: Model, names: Interner, day: int, looked: Looked | None = None
    ) -> None:
        self._facts = base.facts.rows.facts
        self._everywhere: set[Value] = set()
        self._exact: set[tuple[Value, Value]] = set()
        self._offers: set[tuple[Value, Value]] = set()
        self._others: set[Value] = set()
        self._whole: set[Value] = set()
        self._documents: frozenset[Row] = frozenset()
        if looked is not None:
            static = self._with(base, static, looked)
        self._static = static
        # Of an event every day may matter, and of a number that papers are counted by every number,
        # whatever conditions ask of it.
        self._exact |= {(x, q) for r in ("bears_event", "bears_count") for x, q in static[r]}
        self._exact |= set(self._ruling_events(static))
        self._names = names
        raw = {q for _, q in looked.exact} if looked else set()
        every = base.facts.vocabulary.attributes
        self.alike = Alike(base.facts, day, frozenset(every if None in raw else map(str, raw)))
        within = {part for part, _ in self._facts.get("range", ())}
        ranges = {source for part, source in self._facts.get("part", ()) if part in within}
        self._texts = {source for _, source in static["text_counts"]} & ranges
        self.attributes = self._attributes()
        """The attributes that rules may look at on this day."""
        self._watched: dict[tuple[Value, Value], int] = {}
        self.watches = self._watches()
        """The different things that subjects watch in each attribute, by number."""
        self._learnt = OWN_WORDS

    def _with(self, base: Core, static: Model, looked: Looked) -> Model:
        """What the file says, and what is computed."""
        names, needs = base.facts.names, base.needs.values()
        every = {
            "service": names.ids("service"),
            "attribute": base.facts.vocabulary.attributes,
            "document": {need.document for need in needs},
            "holder": names.ids("holder"),
            "need": {need for need, *_ in base.facts.worded},
        }

        def spread(rows: Iterable[tuple[Value | None, ...]], *kinds: str) -> set[Row]:
            found: set[Row] = set()
            for subject, *values in rows:
                if subject != WHOLE and subject is not None:
                    ranges = [
                        every[kind] if value is None else (value,)
                        for kind, value in zip(kinds, values, strict=True)
                    ]
                    found.update((subject, *each) for each in product(*ranges))
            return found

        exact = spread(looked.exact, "attribute")
        self._exact = {(x, q) for x, q in exact}
        self._offers = {(x, s) for x, s in spread(looked.services, "service")}
        self._others = looked.others
        reads = {str(test): q for test, q in self._facts.get("test_reads", ())}
        tested = {(x, reads[str(t)]) for x, t in looked.tests if x != WHOLE}
        known = spread(looked.knows, "attribute") | spread(looked.places, "attribute")
        more: dict[str, set[Row]] = {
            "bears_test": spread(looked.tests, "test"),
            "bears_attribute": {*exact, *tested, *known},
            "bears_document": spread(looked.documents, "document", "holder"),
            "bears_wording": spread(looked.wordings, "need"),
            "bears_party": spread(looked.parties, "holder"),
            "bears_party_document": spread(looked.party_documents, "document", "holder"),
            "bears_party_wording": spread(looked.party_wordings, "need"),
        }
        of_whole = {q for x, q in (*looked.exact, *looked.places, *looked.knows) if x == WHOLE}
        of_whole |= {reads[str(t)] for x, t in looked.tests if x == WHOLE}
        self._whole = {
            q for found in of_whole for q in (every["attribute"] if found is None else (found,))
        }
        self._documents = frozenset(
            (WHOLE, *each[1:])
            for each in spread(
                (("", *row[1:]) for row in (*looked.documents, *looked.party_documents)),
                "document",
                "holder",
            )
        )
        if not needs_service(base.program, "category_verdict"):
            self._everywhere = {c for (c,) in self._facts.get("category", ())}
            self._everywhere |= {v for v, _ in self._facts.get("unsupported", ())}
        return {**static, **{name: static[name] | rows for name, rows in more.items()}}

    def _attributes(self) -> frozenset[str]:
        facts = self._facts
        found = {q for r in ("bears_attribute", "range_attribute") for _, q in self._static[r]}
        parts = {part for part, source in facts.get("part", ()) if source in self._texts}
        bound = (*facts.get("part_when", ()), *facts.get("part_unless", ()))
        asked = {condition for part, condition in bound if part in parts}
        tests = {test for condition, test in facts.get("condition_test", ()) if condition in asked}
        # Of an app as a whole every service is known by its own mark.
        found |= {q for t, q in facts.get("test_reads", ()) if t in tests and q != "services"}
        for relation in ("met_by_practice", "forbids_practice", *EVENTS):
            found |= {row[1] for row in facts.get(relation, ()) if row[0] in parts}
        found |= self._whole
        return frozenset(map(str, found))

    @property
    def documents(self) -> frozenset[Row]:
        """The documents, with their holders, that each subject looks at."""
        return self._static["bears_document"] | self._documents

    def _binding(self) -> Iterator[tuple[Value, str]]:
        """The tests on whom and where a text that rules services out binds: what tells, beside the
        service, whether it does."""
        facts = self._facts
        ruling = {version for version, _ in facts.get("unsupported", ())}
        lists = {condition for *_, condition in facts.get("complete_list", ())}
        lists |= {condition for _, condition in facts.get("list_place", ())}
        tests: dict[Value, list[str]] = {}
        for condition, test in facts.get("condition_test", ()):
            tests.setdefault(condition, []).append(str(test))
        for relation in ("account_when", "account_unsaid", "place_when"):
            for version, condition in facts.get(relation, ()):
                if version in ruling:
                    yield from ((version, test) for test in tests[condition])
        for version in ruling:
            yield from ((version, test) for condition in lists for test in tests[condition])
        yield from ((version, test) for version, c in self._turning(ruling) for test in tests[c])

    def _turning(self, ruling: Set[Value]) -> Iterator[tuple[Value, Value]]:
        """For texts that rule services out and whose category is withdrawn by some text: whom and
        where the texts of that category bind."""
        of = {version: category for version, category, _ in self._facts.get("version", ())}
        gone = {of[version] for (version,) in self._facts.get("withdraws", ())}
        for relation in ("account_when", "account_unsaid", "place_when", "place_alone"):
            for other, condition in self._facts.get(relation, ()):
                if of[other] in gone:
                    yield from ((v, condition) for v in ruling if of[v] == of[other])

    def _ruling_events(self, static: Model) -> Iterator[tuple[Value, Value]]:
        """For those: the events by which a text of the category gives time."""
        of = {version: category for version, category, _ in self._facts.get("version", ())}
        for version in {version for version, _ in self._facts.get("unsupported", ())}:
            yield from ((version, q) for c, q in static["bears_event"] if c == of[version])

    def _watches(self) -> dict[str, list[tuple[int, Watch]]]:
        tests: dict[Value, set[str]] = {}
        stated = (*self._static["bears_test"], *self._static["range_test"], *self._binding())
        for subject, test in stated:
            tests.setdefault(subject, set()).add(str(test))
        places: dict[Value, set[str]] = {}
        for text, place in self._facts.get("text_place", ()):
            places.setdefault(text, set()).add(str(place))
        numbers: dict[tuple[str, Watch], int] = {}
        for subject in sorted({*tests, *places}, key=str):
            watches = self.alike.watches(sorted(tests.get(subject, ())))
            if subject in places:
                values, bounds = watches.get("regions", Watch())
                watches["regions"] = Watch(values | places[subject], bounds)
            for attribute, watch in watches.items():
                number = numbers.setdefault((attribute, watch), len(numbers))
                self._watched[subject, attribute] = number
        found: dict[str, list[tuple[int, Watch]]] = {}
        for (attribute, watch), number in numbers.items():
            found.setdefault(attribute, []).append((number, watch))
        return found

    def tables(self, database: duckdb.DuckDBPyConnection) -> None:
        """Tables of what bears on what, but for the marks that are still to come."""
        number = self._names.number
        static, texts = self._static, self._texts
        database.execute(SCHEMA)
        service = dict(database.execute(OFFERED).fetchall())

        def coded(rows: Iterable[Row]) -> list[tuple[int, ...]]:
            return [tuple(number(str(value)) for value in row) for row in sorted(rows)]

        ranged = [(x, s) for x, s in static["range_service"] if x in texts]
        # A text rules a service out whatever the category comes to.
        ruled = self._facts.get("unsupported", ())
        ours = {x for x, _ in ruled}.union((c for (c,) in self._facts.get("category", ())), texts)
        offers_more = {(x, s) for x, s in self._offers if x in ours}
        bears = {*static["bears_service"], *ranged, *ruled, *offers_more}
        leads = {*((c, s) for s, c in static["leads_to"]), *ruled}
        leads |= {(x, s) for x, s in offers_more if x not in texts}
        leads = {(x, s) for x, s in leads if x not in self._everywhere}

        def offers(pairs: Iterable[Row]) -> Iterator[tuple[int, int]]:
            return ((number(str(x)), service[number(str(s))]) for x, s in sorted(pairs))

        subjects = coded((text,) for text in {*texts, *self._everywhere})
        told = [(number(str(x)), OWN_WORDS) for x in self._others if x in ours]
        own = [(x, mark) for mark in (NOTHING, SERVICES_KNOWN) for (x,) in subjects]
        insert(database, "bears", ((x, mark, mark) for x, mark in (*offers(bears), *own, *told)))
        insert(database, "leads", offers(leads))
        seen = [row for row in static["range_attribute"] if row[0] in texts]
        seen += [*static["bears_attribute"], *((v, "platform") for v, _ in ruled)]
        seen += self._ruling_events(static)
        reads = {str(test): attribute for test, attribute in self._facts.get("test_reads", ())}
        seen += [(version, reads[test]) for version, test in self._binding()]
        seats = {category for (category,) in static["bears_seat"]}

        def watched(x: Value, q: Value) -> int:
            if (x, q) in self._exact:
                return ITSELF
            return ITSELF if q == "regions" and x in seats else self._watched.get((x, q), ITSELF)

        attributes = {(number(str(x)), number(str(q)), watched(x, q)) for x, q in seen}
        insert(database, "bears_attribute", sorted(attributes))
        for name in (n for n in BEARING if n.startswith(DOCUMENTS)):
            insert(database, name, coded(static[name]))
        insert(database, "range_of", subjects)

    def learn(self, database: duckdb.DuckDBPyConnection, last: int) -> None:
        """What the marks up to `last` bear on that were not met before."""
        database.execute(NEW_BEARS, {"learnt": self._learnt})
        self._learnt = last
