"""A requirement as a person writes it in review: checked for shape and ids before it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kb.importers.names import listed
from kb.importers.run import Card, Import
from kb.lang.problems import Problem, Problems, near
from kb.model.data import Json
from kb.model.reading import validated
from kb.model.schema import Node
from kb.model.vocabulary import KINDS
from kb.model.yamlread import Document, Path, read_text

KEYS = {
    "document": "documents",
    "holder": "holders",
    "each": "holders",
    "issuer": "authorities",
    "when": "conditions",
    "unless": "conditions",
}
"""Keys of a requirement that name terms, and the vocabulary of each."""


def checked_edit(text: str, card: Card, made: Import) -> Json:
    """The requirement that a text in YAML states. Raises `Problems` with all that is wrong."""
    document = read_text(text, "requirement")
    validated(Node, document)
    wrong = list(_unknown(document, document.data, (), _ids(card, made)))
    if wrong:
        raise Problems(wrong)
    assert isinstance(document.data, dict)
    return document.data


def _ids(card: Card, made: Import) -> dict[str, set[str]]:
    """The ids that an edit may name: those of the base, and those that the import brings."""
    ids: dict[str, set[str]] = {kind: set() for kind in (*KEYS.values(), "fields", "unclear")}
    for kind in (*KEYS.values(), "fields"):
        ids[kind] |= {id_ for of, id_ in made.known.terms.terms if of == KINDS[kind]}
        ids[kind] |= {term["id"] for term in made.draft.terms.get(kind, ())}
    own = {id(read) for read in card.rows}
    for read, version in made.drafted():
        if id(read) in own:
            ids["unclear"] |= {record["id"] for record in version.get("unclear", ())}
    return ids


def _unknown(
    document: Document, node: Any, path: Path, ids: dict[str, set[str]]
) -> Iterator[Problem]:
    for name, kind in {**KEYS, "unclear": "unclear"}.items():
        for id_ in listed(node.get(name)):
            if id_ not in ids[kind]:
                place = document.span((*path, name))
                yield Problem("unknown-id", _message(kind, id_), place, near(id_, ids[kind]))
    for at, stated in enumerate(node.get("must_state") or ()):
        if isinstance(stated, dict) and stated["field"] not in ids["fields"]:
            place = document.span((*path, "must_state", at, "field"))
            message = _message("fields", stated["field"])
            yield Problem("unknown-id", message, place, near(stated["field"], ids["fields"]))
    for name in ("all_of", "any_of"):
        for at, part in enumerate(node.get(name) or ()):
            yield from _unknown(document, part, (*path, name, at), ids)


def _message(kind: str, id_: str) -> str:
    if kind == "unclear":
        return f"no open passage of this cell has the id `{id_}`"
    return f"no {KINDS[kind]} is called `{id_}`"
