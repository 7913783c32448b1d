"""The core of a knowledge base: facts and rules checked together, one engine, one day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Self

from kb.base.conditions import EVENTS, Conditions
from kb.base.documents import Origins
from kb.base.extent import KnownUntil, known_until
from kb.base.provisions import Provisions
from kb.base.queries import Query
from kb.engines.locks import MAKING, at_first, watch_forks
from kb.engines.protocol import DEFAULT_LIMIT, Engine, Model
from kb.engines.registry import DEFAULT, check_engine, engine
from kb.lang.checks import check
from kb.lang.problems import Problem, Problems, near
from kb.lang.syntax import Cite, Facts, Program, Relation, Row, Rule
from kb.lang.values import Values, possible_values
from kb.model.apps import App, app_rows
from kb.model.content import text_hash
from kb.model.days import known, number, read
from kb.model.facts import FactBase
from kb.model.files import Profile
from kb.model.profiles import AppLike, read_app, read_apps
from kb.model.relations import CLOSED, RELATIONS
from kb.model.requirements import Need
from kb.model.rows import Reading
from kb.model.stating import days_in
from kb.provenance.proof import Prover
from kb.provenance.row_index import Index

Day = str | datetime.date | None
Days = tuple[Day, Day] | None


class Core:
    """Facts, rules, queries and an engine, and what all questions need of them.

    Made of `facts`, of the shipped `rules` and `queries`, and of rules `added` to them. `as_of` is
    the day of questions that name none (default: today, at the time of each question); `engine`
    names the engine that evaluates the rules; `program` is what these rules, alone and beside these
    facts, were checked to be before. Raises `Problems` for rules that do not pass the
    checks, for a day that is none, and for an engine that can not be had.
    """

    def __init__(
        self,
        facts: FactBase,
        rules: Iterable[Rule],
        queries: Iterable[Query] = (),
        *,
        as_of: Day = None,
        added: Iterable[Rule] = (),
        engine: str = DEFAULT,
        program: Program | None = None,
    ) -> None:
        check_engine(engine)
        watch_forks()
        self.engine_name = engine
        self.facts = facts
        self.queries: Mapping[str, Query] = {query.name: query for query in queries}
        self.shipped = tuple(rules)
        self.added = tuple(added)
        self._as_of = as_of
        day_number(as_of)
        self.program: Program
        self.warnings: tuple[Problem, ...] = ()
        if program is not None:
            self.program = program
            return
        every = [*self.shipped, *(r for q in self.queries.values() for r in q.rules), *self.added]
        self.program, self.warnings = check(every, self.declared, self.known_names())

    def enlarged(self, added: Iterable[Rule], queries: Iterable[Query] = ()) -> Self:
        """The same base with more rules and queries of a user's own. Raises `Problems`."""
        return type(self)(
            self.facts,
            self.shipped,
            (*self.queries.values(), *queries),
            as_of=self._as_of,
            added=(*self.added, *added),
            engine=self.engine_name,
        )

    @cached_property
    def declared(self) -> Mapping[str, Relation]:
        """The relations of facts and profiles, and those whose kinds a query declares."""
        own = (query.declared for query in self.queries.values())
        return {**RELATIONS, **{relation.name: relation for relation in own if relation}}

    def known_names(self) -> dict[str, frozenset[str]]:
        """The ids of each kind that rules may name."""
        names = self.facts.names
        return {kind: names.ids(kind) for kind in names.kinds() if kind not in ("group", "source")}

    @cached_property
    def possible_values(self) -> Values:
        """What columns can hold where rules, or the shape of facts, name it all."""
        closed = {
            (relation.name, at): CLOSED[column.kind]
            for relation in RELATIONS.values()
            for at, column in enumerate(relation.columns)
            if column.kind in CLOSED
        }
        return possible_values(self.program.rules, closed)

    @cached_property
    def engine(self) -> Engine:
        """The engine, made when it is first needed: `kb show` and `kb search` need none."""
        with MAKING:
            return engine(self.engine_name)(self.program, self.facts.rows.facts)

    @cached_property
    def rules_hash(self) -> str:
        """What the rules say, those of queries left out, as a hash."""
        return text_hash(map(str, (*self.shipped, *self.added)))

    @cached_property
    def table_engine(self) -> Engine:
        """The engine for relations that are the same for every app: the one that was named, else
        clingo, since pyDatalog takes minutes for tables of very many rows."""
        if self.engine_name != DEFAULT:
            return self.engine
        with MAKING:
            return engine("clingo")(self.program, self.facts.rows.facts)

    @cached_property
    def dynamic(self) -> frozenset[str]:
        """The relations whose facts differ from app to app."""
        return self.program.dynamic()

    @cached_property
    def fixed(self) -> Index:
        """An index over all that is the same for every app."""
        return Index({})

    @cached_property
    def beside(self) -> dict[tuple[object, ...], object]:
        """What others have made for this base and keep for as long as it lives, by keys that begin
        with a word for what it is."""
        return {}

    @cached_property
    def _origins(self) -> dict[str, Origins]:
        return {}

    def origins(self, reading: Reading) -> Origins:
        """What a reading states of documents, found when first asked for."""
        found = self._origins.get(reading.id)
        if found is None:
            found = self._origins[reading.id] = Origins(reading)
        return found

    @cached_property
    def provisions(self) -> Provisions:
        """Look-ups over duties, prohibitions and procedures."""
        return Provisions(self.facts)

    @cached_property
    def conditions(self) -> Conditions:
        """What values do to conditions, on the day as loaded or today."""
        return Conditions(self.facts, self.day())

    def conditions_on(self, as_of: Day | int) -> Conditions:
        """What values do to conditions on a day: only what moves with it can differ."""
        stated = self.facts.rows.facts
        if not any(stated.get(moving) for moving in ("not_before", "not_after", *EVENTS)):
            return self.conditions
        return Conditions(self.facts, self.day(as_of))

    def __repr__(self) -> str:
        folders = "+".join(folder.name for folder in self.facts.folders)
        return (
            f"<kb.{type(self).__name__} {folders}: {len(self.facts.sources)} sources, "
            f"{len(self.facts.readings)} readings, {len(self.program.rules)} rules>"
        )

    def days(self, both: Days) -> tuple[int, int] | None:
        """Two days as day numbers; None for none. Raises `Problems`."""
        return (self.day(both[0]), self.day(both[1])) if both else None

    def categories(self) -> list[str]:
        """The ids of all categories of which a source at hand says something, in their order."""
        return list(dict.fromkeys(r.record.category for r in self.facts.readings.values()))

    @cached_property
    def choices(self) -> Mapping[str, tuple[Need, ...]]:
        """The needs that a counted choice is of, by the id of its own need."""
        found: dict[str, list[Need]] = {}
        for choice, need in self.facts.rows.facts.get("choice_of", ()):
            found.setdefault(str(choice), []).append(self.needs[str(need)])
        return {choice: tuple(needs) for choice, needs in found.items()}

    @cached_property
    def needs(self) -> Mapping[str, Need]:
        """Every need by its id, the documents that duties can be met by among them."""
        stated = self.facts.rows.facts
        words: dict[str, list[str]] = {}
        for name, word in stated.get("need_states", ()):
            words.setdefault(str(name), []).append(str(word))
        each = {str(name): str(role) for name, role in stated.get("each_of", ())}
        most = {str(name): int(count) for name, count in stated.get("need_most", ())}
        many = {str(name): str(number) for name, number in stated.get("as_many_as", ())}
        found = {
            str(name): Need(
                str(document),
                str(holder),
                int(count),
                tuple(words.get(str(name), ())),
                each.get(str(name), ""),
                most.get(str(name), 0),
                many.get(str(name), ""),
            )
            for name, document, holder, count in stated.get("need", ())
        }
        for _, document, holder in self.facts.rows.facts.get("met_by_document", ()):
            need = Need(str(document), str(holder))
            found.setdefault(need.id, need)
        for _, document in self.facts.rows.facts.get("which_of", ()):
            need = Need(str(document), "applicant")
            found.setdefault(need.id, need)
        return found

    @cached_property
    def askable(self) -> Mapping[str, Need]:
        """What an interview may ask for, by its id: every need, one copy of each document that a
        need asks to state something, whatever it states, and needs without what they ask of days,
        which is asked apart."""
        worded = [need for need in self.needs.values() if need.must_state]
        plain = [Need(need.document, need.holder) for need in worded]
        plain += map(self.without_days, worded)
        return {**{need.id: need for need in plain}, **self.needs}

    def without_days(self, need: Need) -> Need:
        """A need without what it asks of the days of papers."""
        days = days_in(need.must_state, self.facts.vocabulary)
        return replace(need, must_state=tuple(text for text in need.must_state if text not in days))

    @cached_property
    def category_order(self) -> Mapping[str, int]:
        """Categories in the order of the fact files."""
        order: dict[str, int] = {}
        for _, category, _ in self.facts.rows.facts.get("version", ()):
            order.setdefault(str(category), len(order))
        return order

    def place(self, category: str) -> tuple[int, str]:
        """Where a category stands among all: in file order, and without a reading last."""
        order = self.category_order
        return order.get(category, len(order)), category

    @cached_property
    def reading_order(self) -> dict[str, int]:
        """Readings in the order of the fact files."""
        return {id: n for n, id in enumerate(self.facts.readings)}

    @cached_property
    def known_until(self) -> tuple[KnownUntil, ...]:
        """How far the facts go; see `kb.base.extent`."""
        return known_until(self.facts)

    @cached_property
    def limits(self) -> Mapping[str, tuple[str, ...]]:
        """The conditions on account and place of each reading that has some."""
        found: dict[str, tuple[str, ...]] = {}
        for version, condition in self.facts.rows.facts.get("version_when", ()):
            found[str(version)] = (*found.get(str(version), ()), str(condition))
        return found

    @cached_property
    def bindings(self) -> Mapping[str, tuple[str, ...]]:
        """The conditions on whom and where that each version binds."""
        found: dict[str, tuple[str, ...]] = {}
        for relation in ("account_when", "account_unsaid", "place_when"):
            for version, condition in self.facts.rows.facts.get(relation, ()):
                found[str(version)] = (*found.get(str(version), ()), str(condition))
        return found

    def prover(self, model: Model) -> Prover:
        """Proves facts of a model."""
        index = Index(model, self.fixed, self.dynamic)
        return Prover(self.program, model, self.cite, index, self.dynamic)

    def cite(self, relation: str, row: Row) -> Cite | None:
        """The lines that state a fact; None when a profile states it."""
        return self.facts.rows.cites.get((relation, row))

    def app(self, app: AppLike, name: str = "") -> App:
        """Read a profile, called `name` in what is told of it; see `kb.model.profiles.read_app`."""
        _make_profiles()
        return read_app(app, self.facts, name)

    def apps(self, apps: AppLike | Iterable[AppLike]) -> list[App]:
        """Read several profiles, one, or the file or folder at a path. Raises `Problems`."""
        match apps:
            case str() | Path():
                _make_profiles()
                return read_apps(Path(apps), self.facts)
            case App() | Mapping() | bytes():
                return [self.app(apps)]
            case Iterable():
                return [self.app(app) for app in apps]
            case _:
                return [self.app(apps)]  # which says what an app is

    def day(self, as_of: Day | int = None) -> int:
        """The day a question is about, as a number: as asked, as loaded, or today."""
        return day_number(as_of if as_of is not None else self._as_of)

    def rows(self, app: App | None, as_of: Day | int = None, drafts: bool = False) -> Facts:
        return app_rows(app, self.facts, self.day(as_of), drafts) if app is not None else {}

    def model(
        self,
        goals: Iterable[str],
        app: App | None = None,
        as_of: Day | int = None,
        drafts: bool = False,
        limit: float = DEFAULT_LIMIT,
    ) -> Model:
        """The facts of relations (and of all they rest on) for an app."""
        return self.engine.evaluate(self.rows(app, as_of, drafts), goals, limit)

    def verdict(self, app: App, as_of: Day = None, include_drafts: bool = False) -> str:
        """The verdict alone, without the rest of the answer."""
        model = self.model(["app_verdict"], app, as_of, include_drafts)
        return str(next(iter(model["app_verdict"]))[1])

    def id_of(self, kind: str, name: str) -> str:
        """The id behind a name of a kind. Raises `Problems` with near names."""
        term = self.facts.names.find(kind, name)
        if term is None:
            raise Problems(
                [
                    Problem(
                        "unknown-id",
                        f"no {kind} is called `{name}`",
                        help=self.facts.names.near(kind, name),
                    )
                ]
            )
        return term.id


def day_number(as_of: Day | int) -> int:
    """A date, its ISO text, a day number or None (today) as a day number. Raises `Problems`."""
    match as_of:
        case None:
            return number(datetime.date.today())
        case datetime.date() if as_of == as_of:  # pandas's NaT is a date, and equals nothing
            return number(as_of)
        case str():
            found = read(as_of)
            if found is not None:
                return number(found)
        case int() if not isinstance(as_of, bool) and known(as_of):
            return as_of
        case _:
            pass
    raise Problems([Problem("date", f"`{as_of}` is not a date", help="write it like 2025-06-30")])


def unknown_query(name: str, known: Iterable[str]) -> Problem:
    return Problem("unknown-query", f"no query is called `{name}`", help=near(name, known))


def _make_profiles() -> None:
    """Make what reads profiles, once: pydantic holds a lock meanwhile that a fork would leave held
    in its child."""
    with at_first("profile"):
        Profile.model_rebuild()
