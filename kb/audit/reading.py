"""Reading a chunk: texts become marks and numbers, each different text once.

A chunk comes as an Arrow table in the one shape that `kb.audit.inputs` gives it. Its columns are
coded by their own dictionaries, so that what a text means is looked up once for each text, and the
database is given whole numbers alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kb.audit import arrays
from kb.audit.arrays import numpy
from kb.audit.dictionary import BREAK, NOTHING, OWN_WORDS, SERVICES_KNOWN, Columns, Marks, Refusal
from kb.audit.entities import Totals
from kb.audit.lines import FILE, LINE, way_out
from kb.audit.siblings import Siblings
from kb.audit.texts import SAYS_NOTHING, Ids, Meant, Numbers, Refused, Texts
from kb.model.applying import Applying, told
from kb.model.apps import HELD_DAYS, OWN_KEYS
from kb.model.days import turned_text
from kb.model.files import MOST_COPIES
from kb.model.profiles import told_twice


class Reader:
    """Reads chunks of apps into tables of a database.

    They are `chunk` (row, id) of the apps that can be read, `refused` (row, line, file, column,
    app, reason, help) of the others, `offered` (row, mark), what the apps say, `holding` (row,
    d, h, n, w, f, u, party), what they have in hand: a document, its holder, the list of what it
    states and whom it is with or whose by their numbers, how many copies, and the first and last
    day on which they are valid; null where nothing is said; `party` (row, party, h), the
    parties and their roles; and `granted` (row, x, f, u), what they are exempted from and when.
    """

    def __init__(self, database: duckdb.DuckDBPyConnection, marks: Marks) -> None:
        self._database = database
        self._marks = marks
        self._said = {
            attribute: Texts(partial(marks.stated, attribute)) for attribute in marks.attributes
        }
        self._services = Texts(marks.service)
        self._documents = Texts(partial(marks.named, "document"))
        self._holders = Texts(partial(marks.named, "holder"))
        self._wordings = Texts(marks.worded)
        self._counts = Texts(self._count)
        self._parties = Texts(marks.party)
        self._kinds = Ids(marks.id)
        self.siblings = Siblings(marks)
        self._days = {key: Texts(partial(marks.day, key)) for key in HELD_DAYS}
        self._exempted = Texts(marks.exempted)
        self._granted = {
            key: Texts(partial(marks.day, key, column="exemptions")) for key in ("since", "until")
        }

    def read(self, table: pa.Table, columns: Columns) -> None:
        """Read the apps of a table; `columns` names the column of each attribute."""
        table = table.combine_chunks()
        rows = _rows(table)
        refused = list(self._unreadable(table, rows))
        listed, told = _column(table, "services").is_valid(), _column(table, "own_words")
        own = rows[numpy(told)]
        # Who tells in own words what the app does has said what it does.
        known = rows[numpy(pc.or_(listed, told))]
        said = [(rows, np.full_like(rows, NOTHING)), (known, np.full_like(known, SERVICES_KNOWN))]
        said.append((own, np.full_like(own, OWN_WORDS)))
        every: dict[str, pa.Array] = {}
        for attribute, cells in self._stated(table, columns):
            every[attribute] = cells
            said.append(self._said[attribute].stated(rows, cells))
            if attribute != "services":  # what is wrong with one of them is told below
                refused += self._said[attribute].refused(*said[-1])
        said.append(self.services(table))
        refused += self._services.refused(*said[-1])
        parties, odd = self._listed_parties(table, rows)
        refused += odd
        for attribute, cells in self._applying(table, columns, rows, refused):
            every[attribute] = _either(cells, every.get(attribute))
            said.append(self._said[attribute].stated(rows, cells))
        if self.siblings.adding.over:
            more, odd = self.siblings.tell(table, every)
            said += more
            refused += odd
        holding, odd = self._holding(table, rows, parties)
        refused += odd
        granted, odd = self._exemptions(table, rows)
        refused += odd
        self._marks.flush()
        out = np.array(sorted({row for row, _ in refused}), dtype=np.int32)
        row, mark = (np.concatenate(each) for each in zip(*said, strict=True))
        self._make("offered", _without(out, row=row, mark=mark))
        self._make("holding", _without(out, **holding))
        self._make("party", _without(out, **parties))
        self._make("granted", _without(out, **granted))
        lost = np.isin(rows, out)
        ids = _column(table, "id")
        apps = {"row": arrays.numbers(rows[~lost]), "id": ids.filter(arrays.numbers(~lost))}
        self._make("chunk", pa.table(apps))
        nameable = ids.filter(arrays.numbers(lost)).to_pylist()
        apps_of = dict(zip(out.tolist(), nameable, strict=True))
        self._refuse(refused, apps_of, table.filter(arrays.numbers(lost)), out)

    def forget(self) -> None:
        """Forget what was told of one input alone: what was refused there, with near names for a
        few of it, and what its apps come to together."""
        self._marks.renew_hints()
        alone = (self._services, self._documents, self._holders, self._wordings, self._counts)
        of_keys = (self._said, self._days, self._granted)
        of_each = (texts for each in of_keys for texts in each.values())
        for texts in (*alone, self._parties, self._exempted, *of_each):
            texts.forget_refused()
        self._kinds.forget_refused()
        self.siblings.totals = None

    def add_to(self, totals: Totals, table: pa.Table, columns: Columns) -> None:
        """Have the apps of a table counted with those of their entities."""
        table = table.combine_chunks()
        rows = _rows(table)
        every = dict(self._stated(table, columns))
        for attribute, cells in self._applying(table, columns, rows, []):
            every[attribute] = _either(cells, every.get(attribute))
        added = self.siblings.adding.of(every, len(rows))
        totals.add(_column(table, "entity"), _column(table, "id"), added)

    def services(self, table: pa.Table) -> tuple[Numbers, Numbers]:
        """The rows of a table with the marks of the services that each offers."""
        listed = _column(table, "services")
        whose = _rows(table)[numpy(pc.list_parent_indices(listed))]
        return whose, self._services.codes(pc.list_flatten(listed))

    def dated(self, table: pa.Table) -> Numbers:
        """The rows of a table whose papers, or those of their parties, say on which days they are
        valid."""
        listed, parties = _column(table, "holds"), _column(table, "parties")
        theirs = pc.struct_field(pc.list_flatten(parties), "holds")
        of_party = numpy(pc.list_parent_indices(parties))
        own = numpy(pc.list_parent_indices(listed)), pc.list_flatten(listed)
        others = of_party[numpy(pc.list_parent_indices(theirs))], pc.list_flatten(theirs)
        rows = _rows(table)
        found = []
        for whose, held in (own, others):
            first, last = (
                pc.struct_field(held, key).is_valid() for key in ("valid_from", "valid_until")
            )
            found.append(whose[numpy(pc.or_(first, last))])
        at: Numbers = np.unique(np.concatenate(found))
        dated: Numbers = rows[at]
        return dated

    def _unreadable(self, table: pa.Table, rows: Numbers) -> Iterator[Refused]:
        bad = _column(table, "bad")
        for at in np.flatnonzero(numpy(bad.is_valid())):
            said = bad[int(at)].as_py()
            yield int(rows[at]), Refusal(said, _column_of(said), way_out(said))
        nameless = pc.and_(bad.is_null(), _column(table, "id").is_null())
        for at in np.flatnonzero(numpy(nameless)):
            yield int(rows[at]), Refusal("id: the app has no name", "id")

    def _stated(self, table: pa.Table, columns: Columns) -> Iterator[tuple[str, pa.Array]]:
        for attribute, column in columns.items():
            yield attribute, _column(table, column)
        # Some test looks at the services all together.
        if "services" in self._marks.used | self.siblings.adding.reads:
            self._database.register("incoming", table.select(["row", "services"]))
            query = "SELECT to_json(services)::VARCHAR AS said FROM incoming ORDER BY row"
            yield "services", _column(self._database.sql(query).to_arrow_table(), "said")
            self._database.unregister("incoming")

    def _listed_parties(
        self, table: pa.Table, rows: Numbers
    ) -> tuple[dict[str, Numbers], list[Refused]]:
        listed = _column(table, "parties")
        named = pc.list_flatten(listed)
        whose = rows[numpy(pc.list_parent_indices(listed))]
        roles = self._holders.codes(pc.struct_field(named, "role"))
        ids = self._parties.codes(pc.struct_field(named, "id"))
        found = {"row": whose, "party": ids, "h": roles}
        return found, [*self._holders.refused(whose, roles), *self._parties.refused(whose, ids)]

    def _applying(
        self, table: pa.Table, columns: Columns, rows: Numbers, refused: list[Refused]
    ) -> Iterator[tuple[str, pa.Array]]:
        """The attributes that parties tell, with their cells; what can not be is `refused`."""
        of = self._marks.of_parties
        if not of:
            return
        listed = _column(table, "parties")
        named = pc.list_flatten(listed)
        texts = [pc.struct_field(named, key).to_pylist() for key in ("role", "applicant")]
        there: dict[int, list[Applying]] = {}
        for at, role, kind in zip(numpy(pc.list_parent_indices(listed)), *texts, strict=True):
            known = self._kinds.id("applicant", kind)
            if isinstance(known, Refusal):
                refused.append((int(rows[at]), known))
            elif not isinstance(whose := self._kinds.id("holder", role), Refusal):
                there.setdefault(int(at), []).append((str(whose), known))
        own = columns.get("applicant")
        applicants = _column(table, own).to_pylist() if own else [None] * len(rows)
        cells: dict[str, list[str | None]] = {attribute: [None] * len(rows) for attribute in of}
        for at, applicant in enumerate(applicants):
            kind = self._kinds.id("applicant", applicant)
            first = (kind,) if isinstance(kind, str) else ()
            for attribute, values in told(of, first, there.get(at, ())).items():
                cells[attribute][at] = json.dumps(values)
        for attribute, found in cells.items():
            both = pa.array(found, pa.string())
            if attribute in columns:
                twice = pc.and_(both.is_valid(), _column(table, columns[attribute]).is_valid())
                for at in np.flatnonzero(numpy(twice)):
                    reason = f"facts: {told_twice(attribute)}"
                    refused.append((int(rows[at]), Refusal(reason, "facts")))
            yield attribute, both

    def _exemptions(
        self, table: pa.Table, rows: Numbers
    ) -> tuple[dict[str, Numbers], list[Refused]]:
        listed = _column(table, "exemptions")
        granted = pc.list_flatten(listed)
        whose = rows[numpy(pc.list_parent_indices(listed))]
        found = {"row": whose, "x": self._exempted.codes(pc.struct_field(granted, "from"))}
        refused = list(self._exempted.refused(whose, found["x"]))
        for name, key in (("f", "since"), ("u", "until")):
            found[name] = self._granted[key].codes(pc.struct_field(granted, key))
            refused += self._granted[key].refused(whose, found[name])
        first, last = found["f"], found["u"]
        for at in np.flatnonzero((last > SAYS_NOTHING) & (first > last)):
            said = turned_text(int(first[at]), int(last[at]), ("since", "until"))
            refused.append((int(whose[at]), Refusal(f"exemptions: {said}", "exemptions")))
        return found, refused

    def exempted(self, table: pa.Table) -> Numbers:
        """The rows of a table that state an exemption."""
        listed = _column(table, "exemptions")
        found: Numbers = _rows(table)[np.unique(numpy(pc.list_parent_indices(listed)))]
        return found

    def _holding(
        self, table: pa.Table, rows: Numbers, parties: dict[str, Numbers]
    ) -> tuple[dict[str, Numbers], list[Refused]]:
        listed = _column(table, "holds")
        held = pc.list_flatten(listed)
        found, refused = self._papers(held, rows[numpy(pc.list_parent_indices(listed))])
        if (found["party"] != SAYS_NOTHING).any():
            refused += self._with_nobody(found, parties, pc.struct_field(held, "with"))
        if len(parties["row"]):
            own = pc.struct_field(pc.list_flatten(_column(table, "parties")), "holds")
            of = numpy(pc.list_parent_indices(own))
            theirs, odd = self._papers(pc.list_flatten(own), parties["row"][of])
            refused += odd
            theirs |= {"h": parties["h"][of], "party": parties["party"][of]}
            found = {name: np.concatenate([found[name], theirs[name]]) for name in found}
        return found, refused

    def _with_nobody(
        self, found: dict[str, Numbers], parties: dict[str, Numbers], said: pa.Array
    ) -> Iterator[Refused]:
        """The rows that say of a document that it is with a party which they do not name."""
        known = set(zip(parties["row"].tolist(), parties["party"].tolist(), strict=True))
        pairs = zip(found["row"].tolist(), found["party"].tolist(), strict=True)
        for at, pair in enumerate(pairs):
            if pair[1] >= 0 and pair not in known:
                reason = f"holds: no party is called `{said[at].as_py()}`"
                yield pair[0], Refusal(reason, "holds")

    def _papers(self, held: pa.Array, whose: Numbers) -> tuple[dict[str, Numbers], list[Refused]]:
        refused: list[Refused] = []
        found = {"row": whose}
        for name, field, texts in (
            ("d", "document", self._documents),
            ("h", "holder", self._holders),
            ("n", "count", self._counts),
            ("w", "states", self._wordings),
            ("party", "with", self._parties),
        ):
            cells = pc.struct_field(held, field)
            if field == "states" and self._marks.dated:
                cells = _with_days(held, cells)
            found[name] = texts.codes(cells)
            refused += texts.refused(whose, found[name])
            if field == "document":
                lost = whose[numpy(cells.is_null())]
                nothing = Refusal("holds: a document is expected here", "holds")
                refused += ((int(row), nothing) for row in lost)
        days = {}
        for key, texts in self._days.items():
            days[key] = texts.codes(pc.struct_field(held, key))
            refused += texts.refused(whose, days[key])
        found["f"], found["u"] = first, last = days["valid_from"], days["valid_until"]
        found["i"] = days["issued"]
        for at in np.flatnonzero((last > SAYS_NOTHING) & (first > last)):
            said = turned_text(int(first[at]), int(last[at]))
            refused.append((int(whose[at]), Refusal(f"holds: {said}", "holds")))
        found["n"] = np.where(found["n"] == SAYS_NOTHING, 1, found["n"])
        return found, refused

    def _count(self, text: str) -> Meant:
        # Columns that have gaps hold whole numbers as `2.0`.
        whole = re.fullmatch("[+]?([0-9]{1,18})(?:[.]0+)?", text.strip(), re.ASCII)
        count = int(whole[1]) if whole else -1
        if not 0 <= count <= MOST_COPIES:
            return Refusal(f"holds: a count from 0 to {MOST_COPIES} is expected here", "holds")
        return count

    def _refuse(
        self, refused: list[Refused], apps: dict[int, str | None], table: pa.Table, out: Numbers
    ) -> None:
        rows = out.tolist()
        none = [None] * len(rows)
        line, file = (
            dict(zip(rows, table[n].to_pylist() if n in table.column_names else none, strict=True))
            for n in (LINE, FILE)
        )
        columns = {
            "row": arrays.numbers(np.array([row for row, _ in refused], dtype=np.int32)),
            "line": arrays.column([line[row] for row, _ in refused]),
            "file": arrays.texts([file[row] for row, _ in refused]),
            "column": arrays.texts([found.column or None for _, found in refused]),
            "app": arrays.texts([apps[row] for row, _ in refused]),
            "reason": arrays.texts([found.reason for _, found in refused]),
            "help": arrays.texts([found.help or None for _, found in refused]),
        }
        self._make("refused", pa.table(columns))

    def _make(self, name: str, table: pa.Table) -> None:
        self._database.register("incoming", table)
        self._database.execute(f"CREATE OR REPLACE TABLE {name} AS FROM incoming")
        self._database.unregister("incoming")


def _either(one: pa.Array, other: pa.Array | None) -> pa.Array:
    """The cells of a column, and of another where they are empty."""
    return one if other is None else pc.coalesce(one, other.cast(pa.string()))


def _with_days(held: pa.Array, stated: pa.Array) -> pa.Array:
    """What documents in hand state, with the days that are said of them; null where none is."""
    parts = [stated, *(pc.struct_field(held, key) for key in HELD_DAYS)]
    said = pc.binary_join_element_wise(
        *(pc.fill_null(part.cast(pa.string()), "") for part in parts), BREAK
    )
    return pc.if_else(pc.equal(said, BREAK * len(HELD_DAYS)), None, said)


def _column_of(said: str) -> str:
    """The column that a reason begins with, if it is about one."""
    column = said.partition(":")[0]
    return column if column in ("id", "holds", "facts", "exemptions", "entity", *OWN_KEYS) else ""


def _column(table: pa.Table, name: str) -> pa.Array:
    """A column as one array, whatever pieces it came in."""
    column = table.column(name)
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _rows(table: pa.Table) -> Numbers:
    return numpy(_column(table, "row"))


def _without(refused: Numbers, **columns: Numbers) -> pa.Table:
    """A table of whole numbers without the rows that are refused; nothing said is null."""
    if len(refused):
        kept = ~np.isin(columns["row"], refused)
        columns = {name: column[kept] for name, column in columns.items()}
    return pa.table({n: arrays.numbers(c, c == SAYS_NOTHING) for n, c in columns.items()})
