"""JSON Schemas of all that people write, one a kind of file, with a description of each key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from kb.maintain.cases import CaseFile
from kb.model.data import Json
from kb.model.files import (
    AttributeFile,
    CategoryFile,
    ConditionFile,
    CoverageFile,
    FieldFile,
    PartFile,
    Profile,
    SourceFile,
    VocabularyFile,
    WordsFile,
)
from kb.model.schema import Record
from kb.model.yamlread import read_file
from kb.render.schema_parts import DIALECT

FILES: Mapping[str, type[BaseModel]] = {
    "source": SourceFile,
    "part": PartFile,
    "coverage": CoverageFile,
    "vocabulary": VocabularyFile,
    "categories": CategoryFile,
    "attributes": AttributeFile,
    "conditions": ConditionFile,
    "fields": FieldFile,
    "words": WordsFile,
    "profile": Profile,
    "cases": CaseFile,
}
"""The kinds of files that people write, by the name of their schema."""
WHERE = {
    "source": "*.yaml",
    "part": "*/*.yaml",
    "coverage": "coverage.yaml",
    "vocabulary": "vocabulary/*.yaml",
    "categories": "vocabulary/categories.yaml",
    "attributes": "vocabulary/attributes.yaml",
    "conditions": "vocabulary/conditions.yaml",
    "fields": "vocabulary/fields.yaml",
    "words": "vocabulary/words/*.yaml",
    "profile": "apps/*.yaml",
    "cases": "cases/*.yaml",
}
"""Where files of each kind stand in a folder of facts."""


@cache
def meanings() -> Mapping[str, Mapping[str, list[str]]]:
    """What each key of each record means, in Chinese and in English; `_` is the record itself."""
    found: Mapping[str, Mapping[str, list[str]]] = read_file(FIELDS, FIELDS.name).data
    return found


FIELDS = Path(__file__).with_name("fields.yaml")


def meaning(model: type[BaseModel], key: str, lang: str) -> str:
    """What a key of a record means; empty where nothing is said. A key of a wider record means the
    same in all that are kinds of it."""
    for kind in model.__mro__:
        told = meanings().get(kind.__name__, {})
        if key in told:
            return told[key][0 if lang == "zh" else 1]
    return ""


def schema_of(kind: str, lang: str = "en") -> Json:
    """The schema of a kind of file, with descriptions in a language."""
    model = FILES[kind]
    found = model.model_json_schema()
    known = {each.__name__: each for each in records(model)}
    for name, part in ((model.__name__, found), *found.get("$defs", {}).items()):
        _describe(known.get(name), part, lang)
    return {"$schema": DIALECT, **found}


def _describe(model: type[BaseModel] | None, schema: Json, lang: str) -> None:
    if model is None:
        return
    schema["description"] = meaning(model, "_", lang)
    for key, entry in schema.get("properties", {}).items():
        entry["description"] = meaning(model, key, lang)
        entry.pop("title", None)


def records(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A record and all records that may stand in it, each once, in the order of their keys."""
    seen: dict[type[BaseModel], None] = {}
    todo = [model]
    while todo:
        each = todo.pop(0)
        if each not in seen:
            seen[each] = None
            for field in each.model_fields.values():
                todo.extend(_inside(field.annotation))
    yield from seen


def _inside(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, Record):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _inside(part)
