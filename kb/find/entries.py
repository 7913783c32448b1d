"""What there is to find: each category with each of its services, and the texts that name them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kb.find.accounts import EVERY, bearing
from kb.lang.syntax import Cite
from kb.model.facts import FactBase
from kb.model.names import Term
from kb.model.rows import Reading
from kb.model.schema import Node

WEIGHTS = {
    "category": 1.0,
    "service": 0.9,
    "alias": 0.85,
    "word": 0.95,
    "third": 0.8,
    "former": 0.7,
    "group": 0.3,
    "scope": 0.4,
    "sent": 0.5,
    "paper": 0.25,
    "note": 0.15,
}
"""How much a text of a field says about what it stands for."""
LOOSE = frozenset({"group", "scope", "sent", "paper", "note"})
"""Fields that are read word by word only: the whole is not a name that people use."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A category (service: none) or one of its services, with its texts as (field, text), and the
    lines that state it for each kind of account; of a category also the names that the tables of
    accounts give it, where they differ."""

    category: str
    name: str
    service: Term | None
    texts: tuple[tuple[str, str], ...]
    cites: tuple[tuple[frozenset[str], Cite], ...] = ()
    names: tuple[tuple[frozenset[str], str], ...] = ()
    unsaid: frozenset[str] = EVERY
    """The kinds of account that a category without a version may be open to."""


def entries(base: FactBase) -> list[Entry]:
    """The entries of a fact base, in the order of its vocabulary."""
    accounts, listed = bearing(base)
    unsaid = EVERY - listed
    readings: dict[str, list[Reading]] = {}
    for reading in base.readings.values():
        readings.setdefault(reading.record.category, []).append(reading)
    sent = _sent_here(base)
    found: list[Entry] = []
    for category in base.names.of("category"):
        versions = [r for r in readings.get(category.id, []) if accounts[r.id]]
        shown = [(accounts[r.id], r.record.name or category.zh) for r in versions]
        names = tuple((held, name) for held, name in shown if name != category.zh)
        texts = [*_category_texts(base, category)]
        texts += [text for reading in versions for text in _version_texts(base, reading)]
        texts += [("sent", text) for text in sent.get(category.id, ())]
        cites = tuple((accounts[r.id], r.cite) for r in versions)
        texts = list(dict.fromkeys(texts))
        found.append(Entry(category.id, category.zh, None, tuple(texts), cites, names, unsaid))
        found.extend(_service_entries(base, category, versions, accounts))
    return found


def _service_entries(
    base: FactBase,
    category: Term,
    versions: Iterable[Reading],
    accounts: Mapping[str, frozenset[str]],
) -> Iterator[Entry]:
    cites: dict[str, list[tuple[frozenset[str], Cite]]] = {}
    for reading in versions:
        elsewhere = _sent_away(reading)
        for scope in reading.record.scope:
            if scope.service not in elsewhere:
                cite = reading.cite_at(scope.lines)
                cites.setdefault(scope.service, []).append((accounts[reading.id], cite))
    for id, places in cites.items():
        service = base.names.get("service", id)
        if service is not None:
            texts = tuple(_service_texts(base, service))
            yield Entry(category.id, category.zh, service, texts, tuple(places))


def _sent_away(reading: Reading) -> set[str]:
    """The services that a version sends to other categories, or does not carry."""
    record = reading.record
    away = {s for r in record.references if r.role == "instead" for s in r.services}
    return away | {service for u in record.unsupported for service in u.services}


def _sent_here(base: FactBase) -> dict[str, list[str]]:
    """The names of services that versions of other categories send to a category."""
    found: dict[str, list[str]] = {}
    for reading in base.readings.values():
        for reference in reading.record.references:
            if reference.role == "instead":
                for category in reference.categories:
                    names = [base.names.label("service", s, "zh") for s in reference.services]
                    found.setdefault(category, []).extend(names)
    return found


def _category_texts(base: FactBase, category: Term) -> Iterator[tuple[str, str]]:
    group, _, own = category.zh.partition("-")
    yield "group", group
    yield "category", own or group
    yield "alias", category.en.rpartition(" - ")[2]
    for name in category.aliases:
        yield "alias", name.rpartition("-")[2]
    for name in category.former:
        yield "former", name.rpartition("-")[2]
    for word in base.vocabulary.category_words.get(category.id, ()):
        yield "word", word


def _service_texts(base: FactBase, service: Term) -> Iterator[tuple[str, str]]:
    yield "service", service.zh
    yield "service", service.en
    for name in service.aliases:
        yield "alias", name
    for name in service.former:
        yield "former", name
    for word in base.vocabulary.words.get(service.id, ()):
        yield "word", word


def _version_texts(base: FactBase, reading: Reading) -> Iterator[tuple[str, str]]:
    for note in reading.record.notes:
        yield "note", note.zh
    if reading.record.requirement is not None:
        for document in dict.fromkeys(_documents(reading.record.requirement)):
            yield "paper", base.names.label("document", document, "zh")


def _documents(node: Node) -> Iterator[str]:
    if node.document is not None:
        yield node.document
    for child in node.children:
        yield from _documents(child)
