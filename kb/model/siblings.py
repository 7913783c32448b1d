"""Reading the entity of a profile: whose the app is, and its other apps, which it lists or which
stand in the same input."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from kb.lang.problems import Problem, Problems
from kb.lang.syntax import NOWHERE, Span
from kb.model.apps import App, said_of
from kb.model.days import MOST
from kb.model.entities import Entity, Tally, tallies
from kb.model.files import EntityEntry
from kb.model.outcomes import Between
from kb.model.resolving import Resolver
from kb.model.vocabulary import Vocabulary
from kb.model.yamlread import Document, read_file
from kb.model.yamlread import Path as Place

Reader: TypeAlias = Callable[[Document, "Listing"], App]
"""Reads a listed profile: its name, and what it states of attributes."""
ONE_LIST = "list all apps of the entity in one profile, or name it alone in each and ask the folder"


@dataclass(frozen=True, slots=True)
class Listing:
    """Where a profile is read: the folder beside which files are looked up (None: nowhere), the
    file itself, and the entity and the file of the profile that lists it."""

    folder: Path | None = None
    file: Path | None = None
    entity: str = ""
    by: Path | None = None


def entity_of(
    resolve: Resolver, name: str, entry: EntityEntry | None, at: Listing, read: Reader
) -> Entity | None:
    """The entity that a profile called `name` states; what is wrong with it, and with the apps that
    it lists, is added to the problems."""
    if entry is None:
        return None
    place: Place = ("entity",)
    if at.entity and entry.name != at.entity:
        message = f"this app is of `{entry.name}`, and listed by one of `{at.entity}`"
        _add(resolve, "value", message, (*place, "name"))
    if at.entity and entry.apps:
        _add(resolve, "value", _nested(resolve, entry, at), (*place, "apps"), ONE_LIST)
        return Entity(entry.name)
    apps: list[App] = []
    for n, listed in enumerate(entry.apps):
        where: Place = (*place, "apps", n)
        try:
            document = _document(resolve, listed, where, at)
            file = Path(document.name) if isinstance(listed, str) else at.file
            folder = file.parent if isinstance(listed, str) and file else at.folder
            app = read(document, Listing(folder, file, entry.name, at.file))
        except Problems as found:
            resolve.problems.extend(found.problems)
            continue
        if app.name == name:
            _add(resolve, "duplicate-id", f"`{name}` is the app itself", where, OTHERS)
        elif app.name in (each.name for each in apps):
            _add(resolve, "duplicate-id", f"`{app.name}` is listed twice", where)
        apps.append(app)
    return Entity(entry.name, tuple(apps), entry.all)


OTHERS = "list the other apps of the entity alone"


def _document(resolve: Resolver, listed: Any, where: Place, at: Listing) -> Document:
    """A listed app as a document: what stands in the list, or the file that is named there."""
    if not isinstance(listed, str):
        return resolve.document.part(where)
    span = resolve.document.span(where)
    if at.folder is None:
        message = "a file can be named in the file of a profile alone"
        raise Problems([Problem("value", message, span, "write what the other app states here")])
    path = at.folder / listed
    if at.file is not None and path.resolve() == at.file.resolve():
        raise Problems([Problem("duplicate-id", f"`{listed}` is this file itself", span, OTHERS)])
    try:
        return read_file(path)
    except Problems as found:
        if all(problem.code == "no-file" for problem in found.problems):
            raise Problems([replace(each, span=span) for each in found.problems]) from None
        raise


def _nested(resolve: Resolver, entry: EntityEntry, at: Listing) -> str:
    """That a listed app lists others, and whether that comes back to the first profile."""
    files = [each for each in entry.apps if isinstance(each, str)]
    by, folder = at.by, at.folder
    if by and folder and any((folder / each).resolve() == by.resolve() for each in files):
        return f"`{resolve.document.name}` lists the profile by which it is listed"
    return "an app that is listed lists apps of its own"


def _add(resolve: Resolver, code: str, message: str, place: Place, help: str = "") -> None:
    resolve.problems.append(Problem(code, message, resolve.document.span(place), help))


def together(apps: Sequence[App], vocabulary: Vocabulary, complete: bool = False) -> list[App]:
    """Apps of one input: those with an entity of the same name are each other's. With
    `complete` all apps of each entity are among them.

    An app that a profile lists itself is that one, whatever the input says of it. Raises `Problems`
    where two apps of an entity have one name, or a number is another than they come to.
    """
    if not vocabulary.over:  # nothing is reckoned
        return list(apps)
    by_name: dict[str, dict[str, App]] = {}
    problems: list[Problem] = []
    for app in apps:
        if app.entity is not None:
            of = by_name.setdefault(app.entity.name, {})
            if app.name in of:
                message = f"two apps of `{app.entity.name}` are called `{app.name}`"
                problems.append(Problem("duplicate-id", message))
            of[app.name] = App(app.name, said_of(app, vocabulary))
    made = []
    for app in apps:
        if (entity := app.entity) is not None:
            listed = {app.name, *(each.name for each in entity.apps)}
            others = [each for name, each in by_name[entity.name].items() if name not in listed]
            every = Entity(entity.name, (*entity.apps, *others), complete or entity.complete)
            app = replace(app, entity=every)
            problems += clashes(app, vocabulary)
        made.append(app)
    if problems:
        raise Problems(problems)
    return made


def _tallies(app: App, vocabulary: Vocabulary) -> Iterator[Tally]:
    return tallies(app.name, said_of(app, vocabulary), app.entity, vocabulary)


def clashes(
    app: App, vocabulary: Vocabulary, span: Callable[[str], Span] = lambda _: NOWHERE
) -> Iterator[Problem]:
    """The numbers that a profile states and that the apps of its entity contradict."""
    stated = {key: said for key, said in app.stated.items() if key in vocabulary.over}
    for tally in _tallies(app, vocabulary) if stated else ():
        said = stated.get(tally.attribute)
        if isinstance(said, int) and said not in Between(tally.least, tally.most):
            message = clash(tally, said)
            yield Problem("value", message, span(tally.attribute), CLASH)


CLASH = "leave it out under `facts`, or correct the apps of the entity"


def clash(tally: Tally, said: int) -> str:
    """That a number is another than what the apps of the entity come to."""
    if tally.most == MOST:
        return f"`{tally.attribute}` is {said}, but its apps come to at least {tally.least}"
    if tally.least == tally.most:
        return f"`{tally.attribute}` is {said}, but its apps come to {tally.most}"
    least, most = tally.least, tally.most
    return f"`{tally.attribute}` is {said}, but its apps come to {least} to {most}"
