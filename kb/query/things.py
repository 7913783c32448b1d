"""What the sources say of a service, a document, an applicant, and of a source itself."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from kb.base.core import Core
from kb.base.outlays import OutlayResult, standing_outlays
from kb.base.rendered import Rendered
from kb.base.versions import standing_on
from kb.lang.problems import Problem
from kb.lang.syntax import Cite
from kb.model.days import date
from kb.model.duty_rows import source_of
from kb.model.files import SourceFile
from kb.model.names import Names, Term
from kb.model.requirements import Need, need_of
from kb.model.rows import Reading
from kb.model.schema import Node, Source
from kb.query.forbidden import ForbiddenBy, forbidden
from kb.query.provisions import ShownProvision

KINDS = ("category", "service", "document", "applicant", "source")
"""What can be shown, in the order in which a name is looked up."""


@dataclass(frozen=True, slots=True)
class ServicePlace:
    """A category that takes a service in: for these applicants (none: any), where a condition holds
    (`when`) or as far as a vague passage (`unclear`) reaches."""

    category: str
    accounts: tuple[str, ...]
    when: str | None
    unclear: str | None
    cite: Cite


@dataclass(frozen=True, slots=True)
class ServiceRefused:
    """A category whose text does not carry a service, or sends it to others (`instead`)."""

    category: str
    instead: tuple[str, ...]
    cite: Cite


@dataclass(frozen=True, repr=False)
class ShownService(Rendered):
    """A service with the categories that take it in on a day, and those that send it away."""

    service: str
    places: tuple[ServicePlace, ...]
    refused: tuple[ServiceRefused, ...]
    as_of: datetime.date
    lang: str
    names: Names = field(compare=False)


@dataclass(frozen=True, slots=True)
class DocumentUse:
    """A category that asks for a document: how it asks (`needs`), by whom it is issued, and the
    sets of documents of which any can stand `instead` of it; without such it can not be done
    without."""

    category: str
    needs: tuple[Need, ...]
    issuers: tuple[str, ...]
    instead: tuple[tuple[Need, ...], ...]
    cite: Cite


@dataclass(frozen=True, repr=False)
class ShownDocument(Rendered):
    """A document with the categories that ask for it on a day, or for one of the `wider` documents
    that it is a kind of; `narrower` are those that are kinds of it, `outlays` what it costs and
    takes."""

    document: str
    uses: tuple[DocumentUse, ...]
    wider: tuple[str, ...]
    narrower: tuple[str, ...]
    as_of: datetime.date
    lang: str
    names: Names = field(compare=False)
    outlays: tuple[OutlayResult, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenBy:
    """The categories that a source opens to an applicant."""

    source: str
    categories: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class ShownApplicant(Rendered):
    """An applicant with what is open to it on a day, by source, and what texts forbid to it."""

    applicant: str
    wider: tuple[str, ...]
    narrower: tuple[str, ...]
    open: tuple[OpenBy, ...]
    forbidden: tuple[ForbiddenBy, ...]
    as_of: datetime.date
    lang: str
    names: Names = field(compare=False)


@dataclass(frozen=True, repr=False)
class ShownSource(Rendered):
    """A source: what it states of itself, the categories that it speaks of, and what is `stated`
    beyond them."""

    source: Source
    categories: tuple[str, ...]
    stated: SourceFile
    lang: str
    names: Names = field(compare=False)


ShownThing: TypeAlias = ShownService | ShownDocument | ShownApplicant | ShownSource | ShownProvision


def thing_called(base: Core, name: str, kinds: Iterable[str] = KINDS) -> Term | None:
    """The one thing of these kinds with this id, label or other name; the kind named first goes
    first."""
    for kind in kinds:
        term = base.facts.names.find(kind, name)
        if term is not None:
            return term
    return None


def not_shown(base: Core, name: str) -> Problem | None:
    """What to say of a name of something that is in the vocabulary and can not be shown, such as a
    region; None where the name is of nothing."""
    kinds = sorted(base.facts.names.kinds() - {*KINDS})
    term = thing_called(base, name, kinds)
    if term is None:
        return None
    if term.kind == "part":
        source = source_of(term.id)
        message = f"`{name}` is a part of `{source}`, and neither a duty nor a prohibition"
        return Problem("not-shown", message, help=f"the text: `kb show {source}`")
    help = f"all of its kind: `kb vocabulary {term.kind}`"
    if term.kind == "region":
        texts = [s.id for s in base.facts.sources.values() if s.jurisdiction == term.id]
        told = ", ".join(f"`kb show {id}`" for id in texts)
        help += (
            f"\ntexts for this place: {told}" if texts else "\nno text at hand is for this place"
        )
    message = f"`{name}` is of kind `{term.kind}`, of which `kb show` tells nothing"
    return Problem("not-shown", message, help=help)


def show_thing(base: Core, term: Term, day: int, lang: str) -> ShownThing:
    """A service, a document, an applicant or a source, as of a day (a day number)."""
    names, as_of = base.facts.names, date(day)
    if term.kind == "source":
        source = base.facts.sources[term.id]
        spoken = [r.record.category for r in base.facts.readings.values() if r.source is source]
        stated = base.facts.files[source.id]
        return ShownSource(source, tuple(dict.fromkeys(spoken)), stated, lang, names)
    standing = [base.facts.readings[id] for id in standing_on(base, day)]
    if term.kind == "service":
        places = tuple(place for r in standing for place in _places(base, r, term.id))
        refused = tuple(each for r in standing for each in _refused(r, term.id))
        return ShownService(term.id, places, refused, as_of, lang, names)
    if term.kind == "document":
        # What asks for a wider document is met by this one.
        above = base.facts.vocabulary.above
        wider, every = above(term.id), base.facts.names.of("document")
        narrower = tuple(sorted(other.id for other in every if term.id in above(other.id)))
        uses = tuple(use for r in standing for id in (term.id, *wider) for use in _uses(r, id))
        outlays = standing_outlays(base, "document", term.id, day)
        return ShownDocument(term.id, uses, wider, narrower, as_of, lang, names, outlays)
    pairs = base.facts.vocabulary.wider
    wider = tuple(sorted(w for one, w in pairs if one == term.id))
    narrower = tuple(sorted(one for one, w in pairs if w == term.id))
    chain = _chain(base, term.id)
    opened: dict[str, list[str]] = {}
    free = [r for r in standing if _open_to(base, r, chain)]
    banned = forbidden(base, term.id, free, day)
    closed = {version for each in banned for version in each.versions}
    for reading in free:
        if reading.id not in closed:
            opened.setdefault(reading.source.id, []).append(reading.record.category)
    by = tuple(OpenBy(id, tuple(dict.fromkeys(found))) for id, found in opened.items())
    return ShownApplicant(term.id, wider, narrower, by, banned, as_of, lang, names)


def accounts_of(base: Core, version: str) -> tuple[str, ...]:
    """The applicants that a version binds; none where it binds all."""
    conditions = base.facts.vocabulary.conditions
    found: list[str] = []
    for relation in ("account_when", "account_unsaid"):
        for id, condition in base.facts.rows.facts.get(relation, ()):
            if id == version:
                found.extend(v for test in conditions[str(condition)].tests for v in test.any_of)
    return tuple(dict.fromkeys(found))


def _open_to(base: Core, reading: Reading, chain: set[str]) -> bool:
    asked = {*accounts_of(base, reading.id)}, {*reading.record.open_to}
    return all(not some or bool(chain & some) for some in asked)


def _chain(base: Core, applicant: str) -> set[str]:
    """An applicant and all that it is a kind of."""
    chain, todo = set[str](), [applicant]
    while todo:
        one = todo.pop()
        if one not in chain:
            chain.add(one)
            todo += [wider for narrow, wider in base.facts.vocabulary.wider if narrow == one]
    return chain


def _places(base: Core, reading: Reading, service: str) -> Iterator[ServicePlace]:
    sent = {s for r in reading.record.references if r.role == "instead" for s in r.services}
    for scope in reading.record.scope:
        if scope.service == service and service not in sent:
            yield ServicePlace(
                reading.record.category,
                reading.record.open_to or accounts_of(base, reading.id),
                scope.condition,
                scope.unclear,
                reading.cite_at(scope.lines),
            )


def _refused(reading: Reading, service: str) -> Iterator[ServiceRefused]:
    category = reading.record.category
    for reference in reading.record.references:
        if reference.role == "instead" and service in reference.services:
            cite = reading.cite_at(reference.lines)
            yield ServiceRefused(category, reference.categories, cite)
    for refused in reading.record.unsupported:
        if service in refused.services:
            yield ServiceRefused(category, (), reading.cite_at(refused.lines))


def _uses(reading: Reading, document: str) -> Iterator[DocumentUse]:
    root = reading.record.requirement
    found = [] if root is None else list(_leaves(root, document, None))
    if not found:
        return
    needs = tuple(dict.fromkeys(need_of(leaf) for leaf, _, _ in found))
    issuers = tuple(dict.fromkeys(leaf.issuer for leaf, _, _ in found if leaf.issuer))
    instead: list[tuple[Need, ...]] = []
    for leaf, choice, own in found:
        held = document, need_of(leaf).holder
        for child in choice.any_of or () if choice is not None else ():
            asked = tuple(dict.fromkeys(need_of(leaf) for leaf in _documents(child)))
            itself = any((need.document, need.holder) == held for need in asked)
            if child is not own and not itself and asked not in instead:
                instead.append(asked)
    lines = sorted({n for leaf, _, _ in found for n in leaf.lines})
    cite = reading.cite_at(tuple(lines)) if lines else reading.cite
    yield DocumentUse(reading.record.category, needs, issuers, tuple(instead), cite)


def _leaves(
    node: Node, document: str, choice: tuple[Node, Node] | None
) -> Iterator[tuple[Node, Node | None, Node | None]]:
    """The leaves that ask for a document, each with the nearest choice around it and the child of
    that choice in which it stands."""
    if node.document == document:
        yield node, choice[0] if choice else None, choice[1] if choice else None
    several = node.any_of is not None and node.at_least < len(node.any_of)
    for child in node.children:
        yield from _leaves(child, document, (node, child) if several else choice)


def _documents(node: Node) -> Iterator[Node]:
    if node.document is not None:
        yield node
    for child in node.children:
        yield from _documents(child)
