"""Apps: a profile is read, its names resolved, and turned into the facts that rules see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from kb.lang.problems import Problem, Problems, near
from kb.lang.syntax import Facts, Row
from kb.model.facts import FactBase
from kb.model.files import Profile
from kb.model.names import wording
from kb.model.reading import validated
from kb.model.relations import RELATIONS
from kb.model.resolving import Resolver, Stated
from kb.model.yamlread import Document, read_bytes, read_file
from kb.model.yamlread import Path as Place

__all__ = ["App", "AppLike", "Holding", "Stated", "app_rows", "read_app", "read_apps"]

OWN_KEYS = ("platform", "applicant", "regions", "services", "audience")
"""Attributes that are keys of a profile; the others stand under `facts`."""


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
            if attribute in ("regions", "services", "audience"):
                profile[attribute] = shown
                continue
            # One value may stand for a list of one, a list never for one value.
            one = shown[0] if isinstance(stated, tuple) and len(stated) == 1 else shown
            (profile if attribute in OWN_KEYS else facts)[attribute] = one
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
    resolve = Resolver(base.vocabulary, document, problems)
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
    held: dict[str, list[Holding]] = {}
    for holding in app.holds:
        held.setdefault(holding.document, []).append(holding)
    rows["app_holds"] = list(_held_rows(name, held, base))
    rows["app_fits"] = list(_fitting_rows(name, held, base))
    return {relation: list(dict.fromkeys(found)) for relation, found in rows.items()}


def _held_rows(app: str, held: Mapping[str, list[Holding]], base: FactBase) -> Iterator[Row]:
    """How many of a document each holder has."""
    holders = [term.id for term in base.names.of("holder")]
    for document, holdings in held.items():
        named = [
            h for holding in holdings for h in ([holding.holder] if holding.holder else holders)
        ]
        for holder in dict.fromkeys(named):
            sure, most = _copies(holdings, holder)
            if most:
                yield app, document, holder, sure, most


def _fitting_rows(app: str, held: Mapping[str, list[Holding]], base: FactBase) -> Iterator[Row]:
    """How many copies do for each need that asks for words: each of them must hold all words."""
    for need, document, holder, words in base.worded:
        silent = [h for h in held.get(document, ()) if h.states is None]
        stating = [h for h in held.get(document, ()) if _states(h, words)]
        most = _copies([*stating, *silent], holder)[1]
        if most:
            yield app, need, _copies(stating, holder)[0], most


def _copies(holdings: list[Holding], holder: str) -> tuple[int, int]:
    """How many copies a holder has, surely and at most. One listed without its holder is in hand,
    so it is the applicant's own; whether it is somebody else's is not known."""
    own = [h for h in holdings if h.holder == holder]
    open = [h for h in holdings if h.holder is None]
    most = sum(h.count for h in (*own, *open))
    return most if holder == "applicant" else sum(h.count for h in own), most


def _states(holding: Holding, words: tuple[str, ...]) -> bool:
    texts = [wording(text) for text in holding.states or ()]
    return holding.states is not None and all(any(w in text for text in texts) for w in words)
