"""Checks of duties and procedures: every name is known, every id stands once, every line is there.

What a key names is the same wherever it stands, so one walk checks all kinds of records.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kb.lang.problems import Problem
from kb.model.day_checks import check_days
from kb.model.duties import PartUnclear
from kb.model.duty_days import Dated
from kb.model.files import SourceFile
from kb.model.schema import Record
from kb.model.version_checks import foreign_lines, source_lines
from kb.model.vocabulary import Vocabulary, unknown_ids
from kb.model.yamlread import Document
from kb.model.yamlread import Path as Place

TERMS = {
    "when": "condition",
    "unless": "condition",
    "bearer": "actor",
    "actor": "actor",
    "files": "actor",
    "answers": "actor",
    "authority": "authority",
    "by": "authority",
    "before": "event",
    "event": "event",
    "document": "document",
    "which_of": "document",
    "category": "category",
    "holder": "holder",
    "services": "service",
    "practice": "attribute",
    "practices": "attribute",
    "outside": "attribute",
}
"""Keys that name terms of a vocabulary, and of which kind."""

OWN = {
    "breach": "consequence",
    "returns_to": "step",
    "materials": "material",
    "part_of": "material",
}
"""Keys that name records of the same source; `after` names one of the record's own kind."""

PARTS = ("met_by", "needs", "checks", "unclear")


BOUND = ("duties", "prohibitions", "steps", "examinations", "materials", "filers")
"""Records that bind an app only where a range says that the text is about it."""


def _range(file: SourceFile, document: Document) -> Iterator[Problem]:
    """A problem where a text binds nobody because no range of it says `within`."""
    if any(entry.what == "within" for entry in file.ranges):
        return
    for key in BOUND:
        if getattr(file, key):
            yield Problem(
                "no-range",
                f"`{key}` bind nobody: no range says which apps the text is about",
                document.span((key,), key=True),
                "add under `ranges:` an entry with `what: within`, its conditions under `when:`",
            )
            return


def check_duties(vocabulary: Vocabulary, file: SourceFile, document: Document) -> Iterator[Problem]:
    """Everything that a source states beyond categories."""
    yield from _range(file, document)
    ids: dict[str, list[str]] = {}
    for kind, _, record in file.records():
        ids.setdefault(kind, []).append(getattr(record, "id", ""))
    walk = _Walk(vocabulary, document, ids, set())
    for kind, place, record in file.records():
        yield from source_lines(file.source, record.lines, document, (*place, "lines"))
        yield from walk.record(kind, record, place)
        for part, at in _parts(record, place):
            lines = getattr(part, "lines", ())
            if isinstance(part, PartUnclear):
                # What leaves a duty open may stand in another place of the text.
                yield from source_lines(file.source, lines, document, (*at, "lines"))
            else:
                around = (lines, record.lines, "the record", document, (*at, "lines"))
                yield from foreign_lines(*around)
            yield from walk.record(kind, part, at)
        if isinstance(record, Dated):
            yield from check_days(vocabulary, record, document, place)


def _parts(record: Record, place: Place) -> Iterator[tuple[Record, Place]]:
    for key in PARTS:
        for n, part in enumerate(getattr(record, key, ())):
            yield part, (*place, key, n)


@dataclass
class _Walk:
    vocabulary: Vocabulary
    document: Document
    ids: Mapping[str, list[str]]
    seen: set[str]

    def record(self, kind: str, record: Record, place: Place) -> Iterator[Problem]:
        """The names that a record or a part of it uses, and its own id."""
        for key in type(record).model_fields:
            given = getattr(record, key)
            named = (given,) if isinstance(given, str) else given or ()
            at = (*place, key)
            if key in TERMS:
                yield from self.vocabulary.unknown(TERMS[key], named, self.document, at)
                if TERMS[key] == "attribute":
                    yield from self.flags(named, at)
            elif key in OWN or key == "after":
                other = OWN.get(key, kind)
                known = self.ids.get(other, ())
                yield from unknown_ids(other, named, known, self.document, at)
            elif key == "id" and given in self.seen:
                yield Problem(
                    "duplicate-id",
                    f"`{given}` stands twice in this source",
                    self.document.span(at),
                    "give each its own id",
                )
            elif key == "id":
                self.seen.add(given)

    def flags(self, named: tuple[str, ...], place: Place) -> Iterator[Problem]:
        """Practices are told by yes or no."""
        for n, id in enumerate(named):
            attribute = self.vocabulary.attributes.get(id)
            if attribute is not None and attribute.type != "flag":
                at = (*place, n) if (*place, n) in self.document.values else place
                yield Problem(
                    "type",
                    f"the attribute `{id}` can not be answered by yes or no",
                    self.document.span(at),
                    "name an attribute of type `flag`",
                )
