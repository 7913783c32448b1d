"""The vocabularies: `facts/vocabulary/*.yaml` become terms with names in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kb.lang.problems import Problem, Problems, near
from kb.lang.syntax import Span
from kb.model.applying import EACH
from kb.model.conditions import LARGEST, TooManyClausesError, circle, clauses, parts_of
from kb.model.files import (
    AttributeFile,
    CategoryFile,
    ConditionFile,
    FieldFile,
    VocabularyFile,
    WordsFile,
)
from kb.model.layers import fact_files, unread_file
from kb.model.names import Names, Term
from kb.model.over import ENDS, over_problems
from kb.model.ranges import end_problem
from kb.model.reading import validated
from kb.model.shapes import Ids
from kb.model.terms import Attribute, Category, Condition, Named, Over, PaperField, Test
from kb.model.yamlread import Document, read_file
from kb.model.yamlread import Path as Place

KINDS = {
    "services": "service",
    "applicants": "applicant",
    "documents": "document",
    "holders": "holder",
    "audiences": "audience",
    "regions": "region",
    "authorities": "authority",
    "platforms": "platform",
    "actors": "actor",
    "events": "event",
    "categories": "category",
    "attributes": "attribute",
    "conditions": "condition",
    "fields": "field",
}
"""Files of `facts/vocabulary/`, or folders of files there, and the kind of the terms in them."""

WORDS = "words"
"""The folder of everyday words in `facts/vocabulary/`."""


@dataclass
class Vocabulary:
    """All terms, and what attributes and conditions mean."""

    names: Names = field(default_factory=Names)
    attributes: dict[str, Attribute] = field(default_factory=dict)
    conditions: dict[str, Condition] = field(default_factory=dict)
    fields: dict[str, PaperField] = field(default_factory=dict)
    """Fields of papers."""
    groups: dict[str, Named] = field(default_factory=dict)
    wider: list[tuple[str, str]] = field(default_factory=list)
    seats: list[tuple[str, str]] = field(default_factory=list)
    homes: dict[str, str] = field(default_factory=dict)
    """The country of a platform: a text for another place is for that place alone."""
    _above: dict[str, tuple[str, ...]] = field(default_factory=dict)
    overlaps: list[tuple[str, str]] = field(default_factory=list)
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Everyday words for services: the house's own, no source's."""
    category_words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The same for categories, by id."""
    outside: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Words for what no category takes in, by topic."""
    narrow: set[str] = field(default_factory=set)
    """Categories, by id, whose services are less than the words for them."""
    places: MutableMapping[tuple[str, str], Span] = field(default_factory=dict)
    """Where the term of a kind and an id stands."""
    unread: set[str] = field(default_factory=set)
    """Kinds whose files could not be read: of these no name is known to be wrong."""

    @cached_property
    def over(self) -> dict[str, Over]:
        """The attributes that are reckoned over the apps of one entity."""
        return {each.id: each.over for each in self.attributes.values() if each.over}

    @cached_property
    def values_by_name(self) -> dict[str, dict[str, str]]:
        """The ids of values by what they are called, of each attribute that was read so far."""
        return {}

    def add_fields(self, fields: Iterable[PaperField]) -> None:
        """Take in fields of papers, with the units of their numbers."""
        for each in fields:
            self.fields[each.id] = each
            if each.unit is not None:
                self.names.units[each.id] = each.unit.zh, each.unit.en

    def above(self, id: str) -> tuple[str, ...]:
        """The wider kinds of a term, the nearest first."""
        if id not in self._above:
            found: dict[str, None] = {}
            todo = [id]
            while todo:
                more = [wide for one, wide in self.wider if one == todo[0] and wide not in found]
                found.update(dict.fromkeys(more))
                todo = [*todo[1:], *more]
            self._above[id] = tuple(found)
        return self._above[id]

    def unknown(
        self, kind: str, ids: Iterable[str], document: Document, place: Place
    ) -> Iterator[Problem]:
        """A problem for each id that no term of a kind has."""
        if kind not in self.unread:
            known = self.names.ids(kind)
            yield from unknown_ids(kind, ids, known, document, place)


def read_vocabulary(folders: Iterable[tuple[Path, str]]) -> tuple[Vocabulary, list[Problem]]:
    """Read the files of some folders, each with how messages call it; what is not there holds no
    terms. A kind may have a folder of files beside its own."""
    vocabulary = Vocabulary()
    problems: list[Problem] = []
    documents: list[tuple[str, Document]] = []
    for folder, path in [(each, path) for each in folders for path in fact_files(each[0])]:
        name = f"{folder[1]}/{path.relative_to(folder[0]).as_posix()}"
        kind = ""
        try:
            kind, unread = _kind_of(path, folder[0], name)
            if unread is not None:
                problems.append(unread)
                continue
            document = read_file(path, name)
            if kind != WORDS:
                problems.extend(_file(vocabulary, kind, document))
            documents.append((kind, document))
        except Problems as found:
            problems.extend(found.problems)
            vocabulary.unread.update([kind] if kind else [])
    for kind, document in documents:
        try:
            tell = _words if kind == WORDS else _links
            problems.extend(tell(vocabulary, kind, document))
        except Problems as found:
            problems.extend(found.problems)
    return vocabulary, problems


def _kind_of(path: Path, folder: Path, name: str) -> tuple[str, Problem | None]:
    """The kind of the terms in a file, or why it is not read."""
    inside = path.parent != folder
    called = path.relative_to(folder).parts[0] if inside else path.stem
    if path.suffix != ".yaml":
        return "", unread_file(name)
    if inside and called == WORDS:
        return WORDS, None
    if called not in KINDS:
        message = f"no vocabulary is called `{called}`"
        help = near(called, [*KINDS, WORDS] if inside else KINDS)
        return "", Problem("unknown-file", message, read_file(path, name).span(()), help)
    return KINDS[called], None


def unknown_ids(
    kind: str, ids: Iterable[str], known: Iterable[str], document: Document, place: Place
) -> Iterator[Problem]:
    """A problem for each id that is not among those known."""
    known = frozenset(known)
    for n, id in enumerate(ids):
        if id not in known:
            at = (*place, n) if (*place, n) in document.values else place
            yield Problem(
                "unknown-id", f"no {kind} is called `{id}`", document.span(at), near(id, known)
            )


def _file(vocabulary: Vocabulary, kind: str, document: Document) -> Iterator[Problem]:
    entries: Iterable[Named]
    match kind:
        case "category":
            file = validated(CategoryFile, document)
            for at, group in enumerate(file.groups):
                vocabulary.groups.setdefault(group.id, group)
                yield from _add(vocabulary, _term("group", group), document, ("groups", at, "id"))
            for at, category in enumerate(file.terms):
                group_of = vocabulary.groups.get(category.group)
                if group_of is None:
                    yield Problem(
                        "unknown-id",
                        f"no group is called `{category.group}`",
                        document.span(("terms", at, "group")),
                        near(category.group, vocabulary.groups),
                    )
                    continue
                term = _category(category, group_of)
                yield from _add(vocabulary, term, document, ("terms", at, "id"))
            return
        case "attribute":
            attributes = validated(AttributeFile, document).terms
            vocabulary.attributes.update({a.id: a for a in attributes})
            entries = attributes
        case "condition":
            conditions = validated(ConditionFile, document).terms
            vocabulary.conditions.update({c.id: c for c in conditions})
            entries = conditions
        case "field":
            fields = validated(FieldFile, document).terms
            vocabulary.add_fields(fields)
            entries = fields
        case _:
            entries = validated(VocabularyFile, document).terms
    for at, entry in enumerate(entries):
        yield from _add(vocabulary, _term(kind, entry), document, ("terms", at, "id"))


def _term(kind: str, named: Named) -> Term:
    return Term(kind, named.id, named.zh, named.en, named.aliases, named.former)


def _category(category: Category, group: Named) -> Term:
    """A category is known by its full name, by its names under its group's other names, and by
    its own label alone."""
    groups = (group.zh, *group.aliases, *group.former)
    own = (category.zh, *category.aliases, *category.former)
    full = [f"{g}-{c}" for g in groups for c in own if "-" not in c or c == category.zh]
    others = [*full[1:], *own]
    return Term(
        "category",
        category.id,
        full[0],
        f"{group.en} - {category.en}",
        tuple(dict.fromkeys(others)),
    )


def _add(
    vocabulary: Vocabulary, term: Term, document: Document, at: tuple[str | int, ...]
) -> Iterator[Problem]:
    place = document.span(at)
    if vocabulary.names.add(term) is not None:
        first = vocabulary.places[term.kind, term.id]
        yield Problem(
            "duplicate-id",
            f"the {term.kind} `{term.id}` stands twice",
            place,
            f"it stands at {first} already: give each its own id",
        )
    else:
        vocabulary.places[term.kind, term.id] = place


def _links(vocabulary: Vocabulary, kind: str, document: Document) -> Iterator[Problem]:
    """What terms say of other terms: wider kinds, overlaps, values, and the tests of conditions."""
    for at, raw in enumerate(document.data.get("terms", ())):
        if kind in ("applicant", "platform") and raw.get("seat"):
            seat = str(raw["seat"])
            yield from vocabulary.unknown("region", [seat], document, ("terms", at, "seat"))
            if kind == "applicant":
                vocabulary.seats.append((raw["id"], seat))
            else:
                vocabulary.homes[raw["id"]] = seat
        for key, found in (("kind_of", vocabulary.wider), ("may_also_be", vocabulary.overlaps)):
            others = raw.get(key, ())
            others = [others] if isinstance(others, str) else others
            yield from vocabulary.unknown(kind, others, document, ("terms", at, key))
            found.extend((raw["id"], other) for other in others)
        if kind == "attribute":
            attribute = vocabulary.attributes[raw["id"]]
            named = [attribute.vocabulary] if attribute.vocabulary else []
            place = ("terms", at, "vocabulary")
            yield from unknown_ids("vocabulary", named, KINDS.values(), document, place)
            whose = [attribute.of] if attribute.of not in ("", EACH) else []
            yield from vocabulary.unknown("holder", whose, document, ("terms", at, "of"))
            known = values(vocabulary, attribute) if attribute.first else ()
            yield from unknown_ids(
                "value", attribute.first, known, document, ("terms", at, "first")
            )
            if attribute.over is not None:
                place = ("terms", at, "over")
                yield from over_problems(vocabulary.attributes, attribute, document, place)
                for n, test in enumerate(attribute.over.tests):
                    yield from _tested(vocabulary, test, document, (*place, "tests", n))
        if kind == "condition":
            condition = vocabulary.conditions[raw["id"]]
            for n, test in enumerate(condition.tests):
                yield from _tested(vocabulary, test, document, ("terms", at, "tests", n))
            wrong = list(_composed(vocabulary, condition, document, ("terms", at)))
            if wrong:
                # Reading goes on to the end without what is wrong here.
                apart: dict[str, Ids] = {"when": (), "any_of": (), "unless": ()}
                vocabulary.conditions[condition.id] = condition.model_copy(update=apart)
            yield from wrong


def _words(vocabulary: Vocabulary, kind: str, document: Document) -> Iterator[Problem]:
    """Everyday words: the services and categories that they are for must be there."""
    file = validated(WordsFile, document)
    for service, words in file.words.items():
        place = document.span(("words", service), key=True)
        if service not in vocabulary.names.ids("service"):
            services = vocabulary.names.ids("service")
            message = f"no service is called `{service}`"
            yield Problem("unknown-id", message, place, near(service, services))
        elif service in vocabulary.words:
            yield Problem(
                "duplicate-id",
                f"words for `{service}` stand twice",
                place,
                f"they stand at {vocabulary.places[kind, service]} already",
            )
        else:
            vocabulary.words[service] = words
            vocabulary.places[kind, service] = place
    named: dict[str, Term] = {}
    places = {name: document.span(("categories", name), key=True) for name in file.categories}
    places |= {name: document.span(("narrow", n)) for n, name in enumerate(file.narrow)}
    for name, place in places.items():
        category = vocabulary.names.find("category", name)
        if category is None:
            help = vocabulary.names.near("category", name)
            yield Problem("unknown-id", f"no category is called `{name}`", place, help)
        else:
            named[name] = category
    vocabulary.narrow.update(named[name].id for name in file.narrow if name in named)
    for name, words in file.categories.items():
        if category := named.get(name):
            held = vocabulary.category_words.get(category.id, ())
            vocabulary.category_words[category.id] = tuple(dict.fromkeys((*held, *words)))
    for topic, words in file.outside.items():
        held = vocabulary.outside.get(topic, ())
        vocabulary.outside[topic] = tuple(dict.fromkeys((*held, *words)))


def _tested(
    vocabulary: Vocabulary, test: Test, document: Document, place: Place
) -> Iterator[Problem]:
    attribute = vocabulary.attributes.get(test.attribute)
    if attribute is None:
        named = (test.attribute,)
        yield from vocabulary.unknown("attribute", named, document, (*place, "attribute"))
        return
    if attribute.vocabulary not in vocabulary.unread:
        known = values(vocabulary, attribute)
        for key in ("any_of", "all_of", "unsure"):
            for value in getattr(test, key):
                if value not in known:
                    yield Problem(
                        "unknown-id",
                        f"`{attribute.id}` has no value `{value}`",
                        document.span((*place, key)),
                        near(value, known),
                    )
    for key in ENDS:
        text = getattr(test, key)
        wrong = end_problem(attribute, text) if text else ""
        if wrong:
            yield Problem("type", wrong, document.span((*place, key)))


def _composed(
    vocabulary: Vocabulary, condition: Condition, document: Document, place: Place
) -> Iterator[Problem]:
    """What is wrong with the conditions that a condition is made of."""
    unknown: list[Problem] = []
    for key in ("when", "any_of", "unless"):
        named = getattr(condition, key)
        unknown += vocabulary.unknown("condition", named, document, (*place, key))
    yield from unknown
    if unknown or not parts_of(condition) or "condition" in vocabulary.unread:
        return
    here = document.span((*place, "id"))
    round_ = circle(vocabulary.conditions, condition.id)
    if round_:
        message = f"the condition rests on itself: {' -> '.join(round_)}"
        yield Problem("condition-circle", message, here, "take one of these out")
        return
    try:
        clauses(vocabulary.conditions, condition.id)
        clauses(vocabulary.conditions, condition.id, met=False)
    except TooManyClausesError:
        message = f"the condition comes to more than {LARGEST} clauses"
        yield Problem("too-large", message, here, "make it of fewer parts")


def values(vocabulary: Vocabulary, attribute: Attribute) -> dict[str, Term]:
    """The values that an attribute may take, by id; none for days and numbers."""
    if attribute.type == "flag":
        return {
            "yes": Term("value", "yes", "是", "yes", ("true", "有")),
            "no": Term("value", "no", "否", "no", ("false", "无")),
        }
    if attribute.vocabulary:
        return {term.id: term for term in vocabulary.names.of(attribute.vocabulary)}
    return {value.id: _term("value", value) for value in attribute.values}
