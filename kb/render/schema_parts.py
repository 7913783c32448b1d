"""Pieces that JSON Schemas are put together from, and what many results have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from kb.base.outlays import OutlayKind
from kb.base.results import Certainty, Standing, Verdict
from kb.model.data import Json

DIALECT = "https://json-schema.org/draft/2020-12/schema"

TEXT: Json = {"type": "string"}
TRUTH: Json = {"type": "boolean"}
DAY: Json = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
NUMBER: Json = {"type": "integer", "minimum": 0}
COUNT: Json = {"type": "integer", "minimum": 1}


def closed(required: Mapping[str, Json], optional: Mapping[str, Json] | None = None) -> Json:
    """An object with these keys and no others; the `optional` ones may be left out."""
    return {
        "type": "object",
        "required": list(required),
        "additionalProperties": False,
        "properties": {**required, **(optional or {})},
    }


def listed(items: Json) -> Json:
    """A list of such items."""
    return {"type": "array", "items": items}


def nullable(schema: Json) -> Json:
    """Such a value, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def one_of(values: type[StrEnum] | Iterable[str]) -> Json:
    """One of some words."""
    return {"enum": [str(value) for value in values]}


def ref(name: str) -> Json:
    """What stands under this name in `DEFS` of the schema."""
    return {"$ref": f"#/$defs/{name}"}


def schema(title: str, description: str, body: Json, known: Mapping[str, Json]) -> Json:
    """A whole schema: a body with those of the known definitions that it refers to."""
    needed: dict[str, None] = {}
    todo = [body]
    while todo:
        for name in _refs(todo.pop()):
            if name not in needed:
                needed[name] = None
                todo.append(known[name])
    return {
        "$schema": DIALECT,
        "title": title,
        "description": description,
        **body,
        "$defs": {name: known[name] for name in sorted(needed)},
    }


def _refs(part: object) -> Iterator[str]:
    match part:
        case dict():
            for key, value in part.items():
                if key == "$ref":
                    yield str(value).rpartition("/")[2]
                else:
                    yield from _refs(value)
        case list():
            for value in part:
                yield from _refs(value)
        case _:
            return


LINES = listed(COUNT)
CITES = listed(ref("cite"))
TEXTS = listed(TEXT)
VERDICT = one_of(Verdict)
STANDING = one_of(Standing)
CERTAINTY = one_of(Certainty)

_DOCUMENT = {
    "document": TEXT,
    "id": TEXT,
    "holder": TEXT,
    "holder_label": TEXT,
    "at_least": COUNT,
    "must_state": TEXTS,
}
_OF_SOURCE = {
    "en": TEXT,
    "issuer": TEXT,
    "form": TEXTS,
    "note": TEXT,
    "each": TEXT,
    "up_to": COUNT,
    "at_most": COUNT,
    "as_many_as": TEXT,
    "lines": LINES,
}

_DATED = closed({"date": DAY, "precision": one_of(["day", "month", "quarter", "year"])})

SHARED: Mapping[str, Json] = {
    "cite": closed({"source": TEXT, "lines": LINES, "locator": TEXT}),
    "document": closed(
        {**_DOCUMENT, "held": NUMBER, "verdict": VERDICT},
        {
            **_OF_SOURCE,
            "parties": TEXTS,
            "only_if": TEXTS,
            "duties": listed(closed({"id": TEXT, "what": TEXT})),
        },
    ),
    "document_stated": closed(_DOCUMENT, {**_OF_SOURCE, "optional": TRUTH}),
    "outlay": closed(
        {
            "id": TEXT,
            "part": TEXT,
            "kind": one_of(OutlayKind),
            "least": nullable(NUMBER),
            "most": nullable(NUMBER),
            "certainty": CERTAINTY,
            "standing": STANDING,
            "sources": CITES,
        },
        {
            "document": TEXT,
            "category": TEXT,
            "currency": TEXT,
            "begins": _DATED,
            "ends": _DATED,
            "note": TEXT,
        },
    ),
}
"""A CITE; a DOCUMENT that an app is held against, and one as a source states it; what a text says
that something costs or takes."""

_AMOUNT: Json = {"anyOf": [{"type": "integer"}, TEXT]}
TALLY = closed(
    {
        "attribute": TEXT,
        "entity": nullable(TEXT),
        "complete": TRUTH,
        "least": nullable(_AMOUNT),
        "most": nullable(_AMOUNT),
        "apps": listed(closed({"app": TEXT, "adds": _AMOUNT})),
        "perhaps": TEXTS,
        "what": TEXT,
    }
)
"""A number that is reckoned over the apps of one entity; one with decimals is text."""
