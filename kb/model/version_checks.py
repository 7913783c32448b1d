"""Checks of categories: every name that a version uses is known, every line is one of its source.

A problem stands at the place of the name or of the lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kb.lang.problems import Problem
from kb.model.day_checks import check_days
from kb.model.days import stretch
from kb.model.requirements import (
    TooLargeError,
    alternatives,
    countable,
    counted,
    leaves,
    nodes_of,
)
from kb.model.schema import RANGE, Node, Source, Stating
from kb.model.stating import end_problem
from kb.model.versions import Version
from kb.model.vocabulary import Vocabulary, unknown_ids
from kb.model.yamlread import Document
from kb.model.yamlread import Path as Place


def foreign_lines(
    lines: tuple[int, ...],
    outer: tuple[int, ...],
    where: str,
    document: Document,
    place: Place,
) -> Iterator[Problem]:
    """A problem when a part cites a line that the whole around it has not."""
    wrong = [line for line in lines if line not in outer]
    if wrong:
        yield Problem(
            "lines",
            f"line {wrong[0]} is not a line of {where}",
            document.span(place),
            f"{where} has lines {outer[0]}-{outer[-1]}" if outer else f"{where} has no lines",
        )


def source_lines(
    source: Source, lines: tuple[int, ...], document: Document, place: Place
) -> Iterator[Problem]:
    """A problem when a line is none of a source."""
    every = tuple(range(1, source.line_count + 1))
    yield from foreign_lines(lines, every, "the source", document, place)


def check_source(vocabulary: Vocabulary, source: Source, document: Document) -> Iterator[Problem]:
    """What a source says of itself."""
    jurisdiction, platform = (source.jurisdiction,), (source.platform,) if source.platform else ()
    place: Place = ("source",)
    yield from vocabulary.unknown("region", jurisdiction, document, (*place, "jurisdiction"))
    yield from vocabulary.unknown("platform", platform, document, (*place, "platform"))
    complete_for = (*place, "complete_for")
    yield from vocabulary.unknown("applicant", source.complete_for, document, complete_for)
    if source.begins and source.ends and stretch(source.ends)[1] < stretch(source.begins)[0]:
        message = "the text ends before it begins"
        yield Problem("value", message, document.span((*place, "ends")))
    for n, note in enumerate(source.notes):
        yield from source_lines(source, note.lines, document, (*place, "notes", n, "lines"))


def check_version(
    vocabulary: Vocabulary, source: Source, record: Version, document: Document, at: Place
) -> Iterator[Problem]:
    """Names and lines of a version."""
    yield from _names(vocabulary, record, document, at)
    if record.requirement:
        yield from _requirement(vocabulary, record, record.requirement, document, at)
    yield from _settled_by(vocabulary, record, document, at)
    yield from check_days(vocabulary, record, document, at)
    yield from _lines(source, record, document, at)


def _names(
    vocabulary: Vocabulary, record: Version, document: Document, at: Place
) -> Iterator[Problem]:
    def known(kind: str, ids: str | tuple[str, ...] | None, *place: str | int) -> Iterator[Problem]:
        listed = (ids,) if isinstance(ids, str) else ids or ()
        yield from vocabulary.unknown(kind, listed, document, (*at, *place))

    yield from known("category", record.category, "category")
    yield from known("applicant", record.accounts, "accounts")
    yield from known("applicant", record.open_to, "open_to")
    yield from known("condition", record.open_when, "open_when")
    yield from known("region", record.regions, "regions")
    passages = [entry.id for entry in (*record.unclear, *record.beyond)]
    for n, scope in enumerate(record.scope):
        yield from known("service", scope.service, "scope", n, "service")
        yield from known("condition", scope.when, "scope", n, "when")
        yield from known("condition", scope.unless, "scope", n, "unless")
        named = [scope.unclear] if scope.unclear else []
        place = (*at, "scope", n, "unclear")
        yield from unknown_ids("passage", named, passages, document, place)
    for n, reference in enumerate(record.references):
        yield from known("service", reference.services, "references", n, "services")
        yield from known("applicant", reference.applicants, "references", n, "applicants")
        yield from known("category", reference.categories, "references", n, "categories")
    for n, entry in enumerate(record.unsupported):
        yield from known("service", entry.services, "unsupported", n, "services")


def _requirement(
    vocabulary: Vocabulary, record: Version, requirement: Node, document: Document, record_at: Place
) -> Iterator[Problem]:
    at: Place = (*record_at, "requirement")
    passages = [entry.id for entry in (*record.unclear, *record.beyond)]
    for node, place in _nodes(requirement, at):
        yield from _node(vocabulary, node, document, place)
        named = [node.unclear] if node.unclear else []
        yield from unknown_ids("passage", named, passages, document, (*place, "unclear"))
    if all(leaf.optional for leaf in leaves(requirement)):
        yield Problem(
            "value",
            "every document of the requirement is optional",
            document.span(at),
            "say `none_stated: true`",
        )


def _node(
    vocabulary: Vocabulary, node: Node, document: Document, place: Place
) -> Iterator[Problem]:
    """What one node of a tree of papers names, and how many choices it has."""
    kinds = {
        "when": "condition",
        "unless": "condition",
        "document": "document",
        "holder": "holder",
        "issuer": "authority",
        "each": "holder",
    }
    for key, kind in kinds.items():
        ids = getattr(node, key) or ()
        ids = (ids,) if isinstance(ids, str) else ids
        yield from vocabulary.unknown(kind, ids, document, (*place, key))
    for n, stated in enumerate(node.must_state):
        if isinstance(stated, Stating):
            yield from _stating(vocabulary, stated, document, (*place, "must_state", n))
    yield from _range(node, document, place)
    yield from _counted_by(vocabulary, node, document, place)
    yield from _counted_kinds(vocabulary, node, document, place)
    if node.stated is not None and node.stated != len(node.children):
        yield Problem(
            "stated",
            f"the source announces {node.stated} choices, here are {len(node.children)}",
            document.span((*place, "stated")),
            "read the source again: a choice is missing or is one too many",
            "warning",
        )


def _counted_kinds(
    vocabulary: Vocabulary, node: Node, document: Document, place: Place
) -> Iterator[Problem]:
    """A choice that counts different documents: none of them is a kind of another."""
    if not node.any_of or not ((node.at_least or 1) > 1 or node.at_most):
        return
    named = dict.fromkeys(leaf.document for leaf in leaves(node) if leaf.document)
    for one in named:
        for wide in named.keys() & set(vocabulary.above(one)):
            message = f"`{one}` is a kind of `{wide}`: one paper would be counted as two"
            help = "count copies of the wider one with `at_least`, or leave it out"
            yield Problem("value", message, document.span(place), help)


def _range(node: Node, document: Document, place: Place) -> Iterator[Problem]:
    """The ends of a range of copies follow one another, and a limit is of copies that count."""
    ends = [(key, n) for key in ("at_least", *RANGE) if (n := getattr(node, key)) is not None]
    for (low, least), (high, most) in pairwise(ends):
        if most < least:
            message = f"`{high}: {most}` is less than `{low}: {least}`"
            yield Problem("value", message, document.span((*place, high)), "the less goes first")
    if node.any_of and node.at_most and not countable(node):
        message = "`at_most` of a choice is of plain documents, none of which does for another"
        help = "a node or a document with a condition, `each` or a limit can not be counted"
        yield Problem("value", message, document.span((*place, "at_most")), help)
    if node.at_most and (node.each or node.optional):
        other = "each" if node.each else "optional"
        message = f"`at_most` can not stand beside `{other}`"
        help = "a limit is of documents that are asked for, and not of each party"
        yield Problem("value", message, document.span((*place, "at_most")), help)


def _counted_by(
    vocabulary: Vocabulary, node: Node, document: Document, place: Place
) -> Iterator[Problem]:
    """A number that copies are counted by is a whole one, and stands beside no other way to
    count."""
    if node.as_many_as is None:
        return
    at = (*place, "as_many_as")
    yield from vocabulary.unknown("attribute", [node.as_many_as], document, at)
    attribute = vocabulary.attributes.get(node.as_many_as)
    if attribute and (attribute.type != "number" or attribute.decimals):
        message = f"`{attribute.id}` is no whole number"
        help = "papers are counted by an attribute of type `number` without `decimals`"
        yield Problem("value", message, document.span(at), help)
    for other in ("each", "optional", "up_to", "at_most"):
        if getattr(node, other):
            message = f"`as_many_as` can not stand beside `{other}`"
            help = "what is asked of each party is counted by the parties"
            yield Problem("value", message, document.span(at), help if other == "each" else "")


def _settled_by(
    vocabulary: Vocabulary, record: Version, document: Document, at: Place
) -> Iterator[Problem]:
    """Papers that settle a passage: of one about the whole version, and plain ones, so that having
    them is plain too."""
    named = {scope.unclear for scope in record.scope}
    named |= (
        {node.unclear for node in nodes_of(record.requirement)} if record.requirement else set()
    )
    for n, passage in enumerate(record.unclear):
        if passage.settled_by is None:
            continue
        place: Place = (*at, "unclear", n, "settled_by")
        if passage.id in named:
            yield Problem(
                "value",
                f"`{passage.id}` is about a part of the version, and papers can not settle it",
                document.span(place),
                "take `settled_by` away, or no longer name the passage in that part",
            )
        try:
            alternatives(passage.settled_by)
        except TooLargeError as error:
            yield Problem("too-large", str(error), document.span(place), "name fewer papers")
        for node, here in _nodes(passage.settled_by, place):
            yield from _node(vocabulary, node, document, here)
            counting = node.each or node.at_most or node.as_many_as or counted(node)
            if node.unclear or node.optional or counting:
                yield Problem(
                    "value",
                    "papers that settle a passage are plain documents",
                    document.span(here),
                    "leave `unclear`, `optional`, `each`, `at_most`, `as_many_as` and large "
                    "`at_least` out",
                )


def _stating(
    vocabulary: Vocabulary, stated: Stating, document: Document, at: Place
) -> Iterator[Problem]:
    """What must stand in a field of a paper: the field is known and takes what is asked of it."""
    of = vocabulary.fields.get(stated.field)
    if of is None:
        yield from vocabulary.unknown("field", [stated.field], document, (*at, "field"))
        return
    if of.type == "place":
        yield from vocabulary.unknown("region", stated.words, document, (*at, "words"))
    wrong = "words" if of.type in ("number", "day") else next(iter(stated.ends), "")
    if getattr(stated, wrong, "") if wrong else "":
        message = f"the field `{of.id}` takes {TAKES[of.type]}"
        yield Problem("value", message, document.span((*at, wrong)))
        return
    for key, end in stated.ends.items():
        if problem := end_problem(of, end):
            yield Problem("value", problem, document.span((*at, key)))


TAKES = {
    "words": "words, not the ends of a range",
    "place": "places under `words`, not the ends of a range",
    "number": "the ends of a range, not words",
    "day": "the ends of a range, not words",
}
"""What fields of each type take."""


def _lines(source: Source, record: Version, document: Document, at: Place) -> Iterator[Problem]:
    # What limits a category may stand in a heading above it, outside of its own lines.
    for key in ("lines", "accounts_lines", "open_to_lines", "open_when_lines", "regions_lines"):
        yield from source_lines(source, getattr(record, key), document, (*at, key))
    parts = [
        (part.lines, (*at, key, n))
        for key in ("scope", "references", "unsupported", "unclear", "beyond", "notes")
        for n, part in enumerate(getattr(record, key))
    ]
    if record.how:
        parts.append((record.how.lines, (*at, "how")))
    if record.requirement:
        nodes = _nodes(record.requirement, (*at, "requirement"))
        parts += [(node.lines, place) for node, place in nodes]
    for n, passage in enumerate(record.unclear):
        if passage.settled_by:
            nodes = _nodes(passage.settled_by, (*at, "unclear", n, "settled_by"))
            parts += [(node.lines, place) for node, place in nodes]
    for lines, place in parts:
        yield from foreign_lines(lines, record.lines, "the record", document, (*place, "lines"))


def _nodes(node: Node, at: Place) -> Iterator[tuple[Node, Place]]:
    yield node, at
    key = "all_of" if node.all_of is not None else "any_of"
    for n, child in enumerate(node.children):
        yield from _nodes(child, (*at, key, n))
