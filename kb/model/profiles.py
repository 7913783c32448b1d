"""Reading profiles: one app from a file, its text or a mapping; many from a file or a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from kb.lang.problems import Problem, Problems, near
from kb.model.apps import HELD_DAYS, OWN_KEYS, App, Holding, Party, said_of, told_by_parties
from kb.model.chinese_keys import OWN, near_key, with_ids
from kb.model.days import turned_text
from kb.model.exemptions import Exemption, exempted_thing
from kb.model.facts import FactBase
from kb.model.files import Held, PartyHeld, Profile
from kb.model.foreign import foreign, turned
from kb.model.reading import validated
from kb.model.resolving import NearNames, Resolver, Stated
from kb.model.siblings import Listing, clashes, entity_of
from kb.model.stating import check_fields
from kb.model.terms import Attribute
from kb.model.yamlread import Document, read_bytes, read_file, read_raw
from kb.model.yamlread import Path as Place

SUFFIXES = (".yaml", ".yml", ".json", ".jsonl")
"""Files of a folder that are read as profiles."""

AppLike: TypeAlias = App | Mapping[str, Any] | str | Path | bytes


def read_app(app: AppLike, base: FactBase, name: str = "") -> App:
    """An app from a profile file (a path), its text (bytes), a mapping, or an app as it is.

    Raises `Problems` with every unknown key, unknown name and wrong type, each in its place.
    """
    at = Listing()
    match app:
        case App():
            problems = list(foreign(app, base))
            if problems:
                raise Problems(problems)
            return app
        case bytes():
            document = read_bytes(app, name or "<profile>")
        case str() | Path():
            document = read_file(Path(app), name or str(app))
            at = Listing(Path(app).parent, Path(app))
        case Mapping():
            document = Document(name or "<profile>", dict(app))
        case _:
            raise Problems([Problem("app", "an app is a mapping, a path or a kb.App")])
    return _app(_named(document), base, at)


def _app(document: Document, base: FactBase, where: Listing, hints: NearNames | None = None) -> App:
    problems: list[Problem] = []
    resolve = Resolver(base.vocabulary, document, problems, hints or NearNames())
    if not isinstance(document.data, dict):
        raise Problems([_no_mapping(document)])
    document = with_ids(document, base.vocabulary.attributes, problems)
    resolve.document = document
    try:
        profile = validated(Profile, document)
    except Problems as found:
        # What has the right shape is looked up all the same: all that is wrong is told at once.
        _stated(resolve, document.data, _texts)
        for at, entry in enumerate(_listed(document.data.get("holds"))):
            entry = entry if isinstance(entry, Mapping) else {"document": entry}
            _held(resolve, ("holds", at), entry)
            _held_days(resolve, ("holds", at), entry)
            check_fields(resolve, ("holds", at))
        told = (_in_chinese(problem, base) for problem in found.problems)
        raise Problems([*told, *problems]) from None
    said = {key: getattr(profile, key) for key in (*OWN_KEYS, "facts")}
    stated = _stated(resolve, said, lambda attribute, raw: raw is not None)
    holds = []
    for at, entry in enumerate(profile.holds):
        holds.append(_holding(resolve, ("holds", at), entry))
    parties = tuple(_parties(resolve, profile))
    exemptions = tuple(_exemptions(resolve, base, profile))

    def other(listed: Document, there: Listing) -> App:
        named = listed if there.file == where.file else _named(listed)
        read = _app(named, base, there, resolve.hints)
        return App(read.name, said_of(read, base.vocabulary))

    entity = entity_of(resolve, profile.name, profile.entity, where, other)
    if problems:
        raise Problems(problems)
    others = tuple(dict.fromkeys(profile.other_services))
    listed = "holds" in profile.model_fields_set
    app = App(profile.name, stated, tuple(holds), others, listed, parties, exemptions, entity)
    for attribute in told_by_parties(app, base.vocabulary):
        if attribute in stated:
            span = document.span(("facts", attribute))
            help = "leave it out under `facts`"
            problems.append(Problem("value", told_twice(attribute), span, help))
    problems += clashes(app, base.vocabulary, lambda key: document.span(("facts", key)))
    if problems:
        raise Problems(problems)
    return app


def told_twice(attribute: str) -> str:
    """That a profile states of its app what its parties tell."""
    return f"`{attribute}` is what the parties say of themselves"


def _named(document: Document) -> Document:
    """A profile with a name: one that stands alone and has none is called like its file."""
    data = document.data
    if not isinstance(data, dict) or any(OWN.get(key, key) == "name" for key in data):
        return document
    path = Path(document.name)
    name = path.stem if path.suffix in SUFFIXES else "app"
    return replace(document, data={"name": name, **data})


def _in_chinese(problem: Problem, base: FactBase) -> Problem:
    """A problem with an unknown Chinese key: its near names are Chinese too."""
    key = problem.message.partition("`")[2].rpartition("`")[0]
    if problem.code != "unknown-key" or key.isascii():
        return problem
    return replace(problem, help=near_key(key, base.vocabulary.attributes))


def _no_mapping(document: Document) -> Problem:
    text = document.data if isinstance(document.data, str) else ""
    if "：" in text:
        help = "write the colon as `:` with a space behind it, not as full-width `：`"
    else:
        help = "start with `name: ...`"
    place = document.span(())
    return Problem("type", "a profile is a mapping (`key: value`)", place, help)


def _stated(
    resolve: Resolver, said: Mapping[str, Any], fits: Callable[[Attribute, Any], bool]
) -> dict[str, Stated]:
    """What a profile says of attributes, as far as it `fits`; the rest is told elsewhere."""
    attributes = resolve.vocabulary.attributes
    stated: dict[str, Stated] = {}
    for key in OWN_KEYS:
        raw = said.get(key)
        if key not in attributes:
            if raw is not None:
                problem = Problem("facts", f"the facts declare no attribute `{key}`")
                resolve.problems.append(problem)
        elif fits(attributes[key], raw):
            stated[key] = resolve.stated(attributes[key], raw, (key,))
    facts = said.get("facts")
    for key, raw in facts.items() if isinstance(facts, Mapping) else ():
        if key in attributes and key not in OWN_KEYS:
            stated[key] = resolve.stated(attributes[key], raw, ("facts", key))
            continue
        span = resolve.document.span(("facts", key), key=True)
        help = near(str(key), sorted(set(attributes) - set(OWN_KEYS)))
        resolve.problems.append(Problem("unknown-key", f"unknown attribute `{key}`", span, help))
    return stated


def _texts(attribute: Attribute, raw: Any) -> bool:
    if attribute.type == "choices":
        return isinstance(raw, list) and all(map(_told, raw))
    return _told(raw)


def _told(raw: Any) -> bool:
    return isinstance(raw, str) and bool(raw.strip())


def _listed(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else []


def _holding(resolve: Resolver, place: Place, entry: PartyHeld) -> Holding:
    held, holder = _held(resolve, place, entry.model_dump())
    party = entry.party if isinstance(entry, Held) else None
    dated = _held_days(resolve, place, entry.model_dump())
    check_fields(resolve, place)
    return Holding(held, entry.count, holder, entry.states, party=party, **dated)


def _parties(resolve: Resolver, profile: Profile) -> Iterator[Party]:
    """The parties of a profile; whom an entry of its `holds` is with must be one of them."""
    ids: list[str] = []
    for at, party in enumerate(profile.parties):
        place: Place = ("parties", at)
        if party.id in ids:
            span = resolve.document.span((*place, "id"))
            message = f"two parties are called `{party.id}`"
            resolve.problems.append(Problem("duplicate-id", message, span))
        ids.append(party.id)
        role = resolve.name("holder", party.role, (*place, "role"))
        held = (_holding(resolve, (*place, "holds", n), e) for n, e in enumerate(party.holds))
        listed, kind = "holds" in party.model_fields_set, party.applicant
        if kind is not None:
            kind = resolve.name("applicant", kind, (*place, "applicant"))
        yield Party(party.id, role, tuple(held), listed, kind)
    for at, entry in enumerate(profile.holds):
        if entry.party is not None and entry.party not in ids:
            span = resolve.document.span(("holds", at, "with"))
            help = near(entry.party, ids) if ids else "name them under `parties`"
            message = f"no party is called `{entry.party}`"
            resolve.problems.append(Problem("unknown-id", message, span, help))


def _exemptions(resolve: Resolver, base: FactBase, profile: Profile) -> Iterator[Exemption]:
    """The exemptions of a profile."""
    for at, entry in enumerate(profile.exemptions):
        place: Place = ("exemptions", at)
        thing = exempted_thing(base, entry.thing)
        if isinstance(thing, Problem):
            span = resolve.document.span((*place, "from"))
            resolve.problems.append(replace(thing, span=span))
            continue
        told = len(resolve.problems)
        since, until = (
            None if day is None else resolve.day(day, (*place, key))
            for key, day in (("since", entry.since), ("until", entry.until))
        )
        if len(resolve.problems) == told and since and until and since > until:
            message = turned_text(since, until, ("since", "until"))
            span = resolve.document.span((*place, "until"))
            help = "the earlier day goes first"
            resolve.problems.append(Problem("days", message, span, help))
        yield Exemption(thing, entry.by, since, until, entry.note)


def _held(resolve: Resolver, place: Place, entry: Mapping[str, Any]) -> tuple[str, str | None]:
    """The document and the holder that an entry of documents in hand names."""
    document: Any = entry.get("document")
    holder: Any = entry.get("holder")
    held, keeper = "", None
    if _told(document):
        deeper = (*place, "document")
        known = deeper if deeper in resolve.document.values else place
        held = resolve.name("document", document, known)
    if _told(holder):
        keeper = resolve.name("holder", holder, (*place, "holder"))
    return held, keeper


def _held_days(resolve: Resolver, place: Place, entry: Mapping[str, Any]) -> dict[str, int]:
    """The days that an entry of documents in hand states, by their keys."""
    told = len(resolve.problems)
    found = {
        key: resolve.day(entry[key], (*place, key))
        for key in HELD_DAYS
        if entry.get(key) is not None
    }
    if len(resolve.problems) == told:
        span = resolve.document.span((*place, "valid_until"))
        resolve.problems.extend(turned(found, span))
    return found


def read_apps(path: Path, base: FactBase) -> list[App]:
    """Many apps: a profile, a list of profiles, JSON lines, or a folder of such files.

    Raises `Problems` with what is wrong in all of them.
    """
    files = [path]
    if path.is_dir():
        files = profile_files(path)
        if not files:
            listed = ", ".join(f"`{suffix}`" for suffix in SUFFIXES)
            help = f"their names end in {listed}"
            raise Problems([Problem("empty", f"no profile is in the folder `{path}`", help=help)])
    apps: list[App] = []
    problems: list[Problem] = []
    hints = NearNames()
    for file in files:
        try:
            at = Listing(file.parent, file)
            for read, line in documents_of(file):
                try:
                    apps.append(_app(read(), base, at, hints))
                except Problems as found:
                    problems.extend(_in_line(problem, line) for problem in found.problems)
        except Problems as found:
            problems.extend(found.problems)
    if problems:
        raise Problems(problems)
    return apps


def profile_files(folder: Path) -> list[Path]:
    """The files of a folder that are read as profiles, by name."""
    return sorted(p for p in folder.iterdir() if p.suffix in SUFFIXES)


def documents_of(file: Path) -> Iterator[tuple[Callable[[], Document], int]]:
    """The profiles of a file, each to be read, so that one bad line of JSON lines does not hide the
    next; and the line that such a profile fills."""
    if file.suffix == ".jsonl":
        for number, line in enumerate(read_raw(file).split(b"\n"), 1):
            if line.strip():
                yield partial(read_bytes, line.rstrip(b"\r"), str(file)), number
        return
    whole = read_file(file)
    if isinstance(whole.data, list):
        for part in whole.parts():
            yield partial(_itself, part), 0
    else:
        yield (lambda: _named(whole)), 0


def _itself(document: Document) -> Document:
    return document


def _in_line(problem: Problem, line: int) -> Problem:
    return replace(problem, span=replace(problem.span, line=line)) if line else problem
