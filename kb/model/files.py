"""The shape of whole files: sources, vocabularies, coverage and profiles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from kb.model.duties import (
    Consequence,
    Duty,
    Examination,
    Filer,
    Gap,
    Material,
    Prohibition,
    Range,
    Step,
)
from kb.model.outlays import Fee, LeadTime
from kb.model.schema import Record, Source
from kb.model.shapes import Id, Ids, Lines, Name
from kb.model.terms import Attribute, Category, Condition, Named, PaperField
from kb.model.versions import Version


class SourceFile(Record):
    """A source and what it states: a file of `facts/`, or `source.yaml` in a folder there."""

    source: Source
    categories: tuple[Version, ...] = ()
    ranges: tuple[Range, ...] = ()
    duties: tuple[Duty, ...] = ()
    prohibitions: tuple[Prohibition, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    steps: tuple[Step, ...] = ()
    examinations: tuple[Examination, ...] = ()
    materials: tuple[Material, ...] = ()
    filers: tuple[Filer, ...] = ()
    gaps: tuple[Gap, ...] = ()
    fees: tuple[Fee, ...] = ()
    lead_times: tuple[LeadTime, ...] = ()

    def records(self) -> Iterator[tuple[str, tuple[str, int], Any]]:
        """What the source states beyond categories: each record with its kind and its place."""
        for key, kind in KINDS.items():
            for n, record in enumerate(getattr(self, key)):
                yield kind, (key, n), record


KINDS = {
    "ranges": "range",
    "duties": "duty",
    "prohibitions": "prohibition",
    "consequences": "consequence",
    "steps": "step",
    "examinations": "examination",
    "materials": "material",
    "filers": "filer",
    "gaps": "gap",
    "fees": "fee",
    "lead_times": "lead_time",
}
"""Keys of a source file and the kind of the records under them, beside categories."""


class PartFile(Record):
    """Another file in a source's folder: more of its categories."""

    of: Id
    categories: tuple[Version, ...]


class VocabularyFile(Record):
    """One file of `facts/vocabulary/`, or of a folder there that is called like its kind."""

    terms: tuple[Named, ...]


class CategoryFile(Record):
    groups: tuple[Named, ...] = ()
    terms: tuple[Category, ...]


class AttributeFile(Record):
    terms: tuple[Attribute, ...]


class FieldFile(Record):
    terms: tuple[PaperField, ...]


class ConditionFile(Record):
    terms: tuple[Condition, ...]


class WordsFile(Record):
    """One file of `facts/vocabulary/words/`: everyday words for services, by id, and for
    categories, by full name; words for what no category takes in, by a name of their own.

    Words for a category that is `narrow` are taken for none of its services."""

    words: Mapping[Id, tuple[Name, ...]] = Field(default_factory=dict)
    categories: Mapping[Name, tuple[Name, ...]] = Field(default_factory=dict)
    outside: Mapping[Name, tuple[Name, ...]] = Field(default_factory=dict)
    narrow: tuple[Name, ...] = ()


class Covered(Record):
    """Lines of a source and the records that state them, or why they state no rule."""

    lines: Lines
    records: Ids = ()
    none: str = ""

    @model_validator(mode="after")
    def _one_way(self) -> Covered:
        if bool(self.records) == bool(self.none):
            raise ValueError("give `records`, or `none` with the reason")
        return self


class CoverageFile(Record):
    sources: Mapping[str, tuple[Covered, ...]]


MOST_COPIES = 1_000_000
"""Copies of a document that one entry of a profile may have in hand."""


Day = Annotated[Any, WithJsonSchema({"type": "string", "format": "date"})]
"""A day of a profile, read as those under `facts` are."""


def texts_of(said: Any) -> Any:
    """What a profile lists under `states` as texts: fields with what they say become texts
    (`field: words`); anything else stays as it is."""
    if isinstance(said, Mapping):
        return list(_of_fields(said))
    if isinstance(said, list | tuple):
        return [
            text
            for each in said
            for text in (_of_fields(each) if isinstance(each, Mapping) else (each,))
        ]
    return said


def _of_fields(said: Mapping[Any, Any]) -> Iterator[Any]:
    for name, value in said.items():
        for each in value if isinstance(value, list | tuple) else (value,):
            if each is not None:
                yield f"{name}: {each}" if isinstance(each, str | int) else each


Said: TypeAlias = Mapping[Name, Name | int | tuple[Name | int, ...] | None]
"""What a paper states, by the fields that it stands in."""


class PartyHeld(Record):
    """A document that a party has. What is left out is not known; without days it is valid on every
    day."""

    document: Name
    count: Annotated[int, Field(ge=0, le=MOST_COPIES)] = 1
    states: Annotated[
        tuple[Name, ...] | None,
        BeforeValidator(texts_of, json_schema_input_type=Said | tuple[Name | Said, ...] | None),
    ] = None
    valid_from: Day = None
    valid_until: Day = None
    issued: Day = None


class Held(PartyHeld):
    """A document in hand. What is left out is not known; without days it is valid on every day.
    `with` is the id of a party."""

    holder: Name | None = None
    party: Annotated[Name | None, Field(alias="with")] = None


def _held(value: Any) -> Any:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return value
    return [{"document": item} if isinstance(item, str) else item for item in value]


class PartyEntry(Record):
    """Another in the app, with papers of its own; `role` is a holder. One that says what kind of
    `applicant` it is applies too."""

    id: Name
    role: Name
    applicant: Name | None = None
    holds: Annotated[
        tuple[PartyHeld, ...],
        BeforeValidator(_held, json_schema_input_type=tuple[PartyHeld | Name, ...] | None),
    ] = ()


class ExemptionEntry(Record):
    """An exemption from what a category asks for, or from a duty, until its last day."""

    thing: Annotated[Name, Field(alias="from")]
    by: Name
    since: Day = None
    until: Day = None
    note: Name | None = None


def _entity(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


def _as_is(value: Any) -> Any:
    """Each listed profile is read by itself."""
    return value


class EntityEntry(Record):
    """Whose the app is, and its other apps: profiles, or files of such beside this one. With `all`
    these are all that there are."""

    name: Name
    apps: Annotated[
        tuple[Any, ...],
        BeforeValidator(_as_is, json_schema_input_type=tuple[Profile | Name, ...]),
    ] = ()
    all: bool = False


class Profile(Record):
    """An app as its profile tells it; every key but `name` may be left out."""

    name: Name
    platform: Name = "wechat"
    applicant: Name | None = None
    regions: tuple[Name, ...] | None = None
    services: tuple[Name, ...] | None = None
    other_services: tuple[Name, ...] = ()
    audience: tuple[Name, ...] | None = None
    facts: Mapping[str, Any] = Field(default_factory=dict)
    holds: Annotated[
        tuple[Held, ...],
        BeforeValidator(_held, json_schema_input_type=tuple[Held | Name, ...] | None),
    ] = ()
    parties: tuple[PartyEntry, ...] = ()
    exemptions: tuple[ExemptionEntry, ...] = ()
    entity: Annotated[
        EntityEntry | None,
        BeforeValidator(_entity, json_schema_input_type=EntityEntry | Name | None),
    ] = None
