"""Apps: a profile is read, its names resolved, and turned into the facts that rules see."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from kb.lang.problems import Problem, Problems, near
from kb.lang.syntax import Facts, Row
from kb.model.days import number
from kb.model.facts import FactBase
from kb.model.files import Profile
from kb.model.names import folded
from kb.model.reading import validated
from kb.model.relations import RELATIONS
from kb.model.schema import Attribute
from kb.model.vocabulary import Vocabulary, values
from kb.model.yamlread import Document, read_bytes, read_file
from kb.model.yamlread import Path as Place

OWN_KEYS = ("platform", "applicant", "regions", "services", "audience")
"""Attributes that are keys of a profile; the others stand under `facts`."""

Stated: TypeAlias = tuple[str, ...] | int


@dataclass(frozen=True, slots=True)
class Holding:
    """A document in hand. `holder` and `states` are None where the profile does not say."""

    document: str
    count: int = 1
    holder: str | None = None
    states: tuple[str, ...] | None = None


@dataclass(frozen=True)
class App:
    """An app as its profile tells it, in ids.

    `stated` maps each attribute the profile says something of to its values (a tuple of ids, or a
    whole number for numbers and days); an attribute that is not in it is unknown, an empty tuple
    is "none".
    """

    name: str
    stated: Mapping[str, Stated] = field(default_factory=dict)
    holds: tuple[Holding, ...] = ()
    holds_stated: bool = field(default=True, compare=False)
    """Whether the profile has a list of documents at all; without one nothing is in hand yet."""

    @property
    def services(self) -> tuple[str, ...] | None:
        found = self.stated.get("services")
        return found if isinstance(found, tuple) else None

    def to_dict(self) -> dict[str, Any]:
        """The profile again, in ids; `read_app` reads it back equal."""
        profile: dict[str, Any] = {"name": self.name}
        facts: dict[str, Any] = {}
        for attribute, stated in self.stated.items():
            shown: Any = list(stated) if isinstance(stated, tuple) else stated
            if attribute in ("platform", "applicant"):
                profile[attribute] = shown[0]
            elif attribute in OWN_KEYS:
                profile[attribute] = shown
            else:
                facts[attribute] = shown
        if facts:
            profile["facts"] = facts
        held = []
        for holding in self.holds:
            entry: dict[str, Any] = {"document": holding.document, "count": holding.count}
            if holding.holder is not None:
                entry["holder"] = holding.holder
            if holding.states is not None:
                entry["states"] = list(holding.states)
            held.append(entry)
        profile["holds"] = held
        return profile


SUFFIXES = (".yaml", ".yml", ".json", ".jsonl")
"""Files of a folder that are read as profiles."""

AppLike: TypeAlias = App | Mapping[str, Any] | str | Path | bytes


def read_app(app: AppLike, base: FactBase, name: str = "") -> App:
    """An app from a profile file (a path), its text (bytes), a mapping, or an app as it is.

    Raises `Problems` with every unknown key, unknown name and wrong type, each in its place.
    """
    match app:
        case App():
            return app
        case bytes():
            document = read_bytes(app, name or "<profile>")
        case str() | Path():
            document = read_file(Path(app), name or str(app))
        case Mapping():
            document = Document(name or "<profile>", dict(app))
        case _:
            raise Problems([Problem("app", "an app is a mapping, a path or a kb.App")])
    return _app(document, base)


def _app(document: Document, base: FactBase) -> App:
    if not isinstance(document.data, dict):
        raise Problems(
            [
                Problem(
                    "type",
                    "a profile is a mapping (`key: value`)",
                    document.span(()),
                    "start with `name: ...`",
                )
            ]
        )
    profile = validated(Profile, document)
    problems: list[Problem] = []
    resolve = _Resolver(base.vocabulary, document, problems)
    stated: dict[str, Stated] = {}
    for key in OWN_KEYS:
        raw = getattr(profile, key)
        if raw is not None:
            attribute = base.vocabulary.attributes.get(key)
            if attribute is None:
                problems.append(Problem("facts", f"the facts declare no attribute `{key}`"))
                continue
            stated[key] = resolve.stated(attribute, raw, (key,))
    for key, raw in profile.facts.items():
        attribute = base.vocabulary.attributes.get(key)
        if attribute is None or key in OWN_KEYS:
            known = sorted(set(base.vocabulary.attributes) - set(OWN_KEYS))
            problems.append(
                Problem(
                    "unknown-key",
                    f"unknown attribute `{key}`",
                    document.span(("facts", key), key=True),
                    near(key, known),
                )
            )
        elif raw is None:
            problems.append(
                Problem(
                    "type",
                    "nothing stands here",
                    document.span(("facts", key)),
                    "leave the key out when it is not known",
                )
            )
        else:
            stated[key] = resolve.stated(attribute, raw, ("facts", key))
    holds = []
    for at, entry in enumerate(profile.holds):
        place: Place = ("holds", at)
        deeper = (*place, "document") if (*place, "document") in document.values else place
        held = resolve.name("document", entry.document, deeper)
        holder = resolve.name("holder", entry.holder, (*place, "holder")) if entry.holder else None
        holds.append(Holding(held, entry.count, holder, entry.states))
    if problems:
        raise Problems(problems)
    return App(profile.name, stated, tuple(holds), "holds" in profile.model_fields_set)


def read_apps(path: Path, base: FactBase) -> list[App]:
    """Many apps: a profile, a list of profiles, JSON lines, or a folder of such files.

    Raises `Problems` with what is wrong in all of them.
    """
    files = sorted(p for p in path.iterdir() if p.suffix in SUFFIXES) if path.is_dir() else [path]
    apps: list[App] = []
    problems: list[Problem] = []
    for file in files:
        if file.suffix == ".jsonl":
            documents = [
                read_bytes(line, f"{file}:{number}")
                for number, line in enumerate(file.read_bytes().splitlines(), 1)
                if line.strip()
            ]
        else:
            whole = read_file(file)
            several = whole.data if isinstance(whole.data, list) else None
            documents = (
                [whole] if several is None else [whole.part(at) for at in range(len(several))]
            )
        for document in documents:
            try:
                apps.append(_app(document, base))
            except Problems as found:
                problems.extend(found.problems)
    if problems:
        raise Problems(problems)
    return apps


@dataclass(slots=True)
class _Resolver:
    vocabulary: Vocabulary
    document: Document
    problems: list[Problem]

    def name(self, kind: str, name: str, place: Place) -> str:
        term = self.vocabulary.names.find(kind, name)
        if term is None:
            self.problems.append(
                Problem(
                    "unknown-id",
                    f"no {kind} is called `{name}`",
                    self.document.span(place),
                    self.vocabulary.names.near(kind, name),
                )
            )
            return name
        return term.id

    def stated(self, attribute: Attribute, raw: Any, place: Place) -> Stated:
        if attribute.type == "number":
            return self.whole(raw, place)
        if attribute.type == "day":
            return self.day(raw, place)
        if isinstance(raw, Mapping):
            self.wrong("text is expected here", place)
            return ()
        several = isinstance(raw, list | tuple)
        if several and attribute.type in ("choice", "flag"):
            self.wrong("one value is expected here, not a list", place)
            return ()
        items = list(raw) if several else [raw]
        return tuple(
            dict.fromkeys(
                self.value(attribute, item, (*place, n) if several else place)
                for n, item in enumerate(items)
            )
        )

    def value(self, attribute: Attribute, raw: Any, place: Place) -> str:
        text = str(raw).lower() if isinstance(raw, bool) else str(raw)
        if attribute.vocabulary:
            return self.name(attribute.vocabulary, text, place)
        known = values(self.vocabulary, attribute)
        for term in known.values():
            if folded(text) in map(folded, term.names):
                return term.id
        names = {n for term in known.values() for n in (term.id, term.zh)}
        self.problems.append(
            Problem(
                "unknown-id",
                f"`{attribute.id}` has no value `{text}`",
                self.document.span(place),
                near(text, names),
            )
        )
        return text

    def whole(self, raw: Any, place: Place) -> int:
        try:
            return int(str(raw))
        except ValueError:
            self.wrong("a whole number is expected here", place)
            return 0

    def day(self, raw: Any, place: Place) -> int:
        try:
            return number(datetime.date.fromisoformat(str(raw)))
        except ValueError:
            self.wrong("a date like 2025-04-01 is expected here", place)
            return 0

    def wrong(self, message: str, place: Place) -> None:
        self.problems.append(Problem("type", message, self.document.span(place)))


def app_rows(app: App, base: FactBase, as_of: int, drafts: bool = False) -> Facts:
    """The facts of an app at a day."""
    name = app.name
    rows: dict[str, list[Row]] = {
        relation: [] for relation, declared in RELATIONS.items() if declared.role == "app"
    }
    rows["question_day"].append((name, as_of))
    if drafts:
        rows["with_drafts"].append((name,))
    stated = {"platform": ("wechat",), **app.stated}
    for attribute, found in stated.items():
        rows["app_knows"].append((name, attribute))
        if isinstance(found, int):
            rows["app_day"].append((name, attribute, found))
        else:
            rows["app_value"].extend((name, attribute, value) for value in found)
    rows["app_holds"] = _held_rows(app, base)
    words = base.rows.facts.get("need_states", [])
    needs = {row[0]: row for row in base.rows.facts.get("need", [])} if words else {}
    wanted = {(needs[n][1], word) for n, word in words}
    for holding in app.holds:
        for holder in _holders(holding, base):
            if holding.states is None:
                rows["app_silent"].append((name, holding.document, holder))
                continue
            for document, word in wanted:
                if document == holding.document and any(str(word) in s for s in holding.states):
                    rows["app_states"].append((name, holding.document, holder, word))
    return {relation: list(dict.fromkeys(found)) for relation, found in rows.items()}


def _holders(holding: Holding, base: FactBase) -> list[str]:
    return [holding.holder] if holding.holder else [t.id for t in base.names.of("holder")]


def _held_rows(app: App, base: FactBase) -> list[Row]:
    """How many of a document each holder has. One listed without its holder is in hand, so it is
    the applicant's own; whether it is somebody else's is not known."""
    sure: dict[tuple[str, str], int] = {}
    most: dict[tuple[str, str], int] = {}
    for holding in app.holds:
        for holder in _holders(holding, base):
            key = holding.document, holder
            most[key] = most.get(key, 0) + holding.count
            if holding.holder or holder == "applicant":
                sure[key] = sure.get(key, 0) + holding.count
    return [
        (app.name, document, holder, sure.get((document, holder), 0), count)
        for (document, holder), count in most.items()
        if count
    ]
