"""What changed between two days, as JSON."""

from __future__ import annotations

from typing import Any

from kb.compare.results import CategoryChange, Changes, Difference, Flip, VersionRef
from kb.model.data import Json
from kb.model.duty_days import Due
from kb.model.schema import Label
from kb.render.changes import STATED, Pair, Values, shown
from kb.render.due import time_json
from kb.render.duty_days import days_json
from kb.render.exemptions import exemptions_json
from kb.render.language import Language
from kb.render.papers import papers_json
from kb.render.provision_changes import provision_change_json
from kb.render.shared_json import cite_json, cites_json, document_json


def changes_json(found: Changes) -> Json:
    """The changes of `kb changes`; `apps` stands there where apps were asked about, `folders` are
    those whose sources were looked at alone, none where all were."""
    to = Language(found.lang, found.names)
    made: Json = {
        "from": found.first,
        "to": found.last,
        "folders": [name or "./" for name in found.folders],
        "categories": [_category(each, to) for each in found.categories],
        "provisions": [provision_change_json(each, to) for each in found.provisions],
    }
    if found.apps is not None:
        made["apps"] = [_flip(each, to) for each in found.apps]
    return made


def _category(change: CategoryChange, to: Language) -> Json:
    found: Json = {
        "category": to.official("category", change.category),
        "id": change.category,
        "what": str(change.what),
        "before": [_version(each) for each in change.before],
        "after": [_version(each) for each in change.after],
        "differences": [difference_json(each, to) for each in change.differences],
    }
    if not to.zh:
        found["en"] = to.label("category", change.category)
    return found


def _version(version: VersionRef) -> Json:
    return {
        "id": version.id,
        "certainty": str(version.certainty),
        "sources": [cite_json(version.cite)],
    }


def difference_json(difference: Difference, to: Language) -> Json:
    """A difference with the names of its documents, and the ids of what is named."""
    each = shown(difference)
    found: Json = {"what": each.what}
    if each.document:
        found["document"] = to.official("document", each.document)
    if each.pair is not None:
        found |= _pair(each.pair, to)
    if each.documents:
        found["documents"] = [to.official("document", document) for document in each.documents]
    if each.when is not None:
        found["when"] = to.label("condition", each.when)
    if each.service is not None:
        found["service"] = to.label("service", each.service)
    if each.cites:
        found["sources"] = cites_json(each.cites)
    if each.document:
        found["id"] = each.document
    if each.service is not None:
        found["id"] = each.service
    if each.pair is not None and each.pair.kind not in (None, STATED):
        found |= {f"{key}_id": _plain(value) for key, value in _stated(each.pair).items()}
    return found


def _stated(pair: Pair) -> dict[str, Values]:
    pairs = {"before": pair.before, "after": pair.after}
    return {key: value for key, value in pairs.items() if value is not None}


def _pair(pair: Pair, to: Language) -> Json:
    return {key: _named(value, pair.kind, to) for key, value in _stated(pair).items()}


def _named(value: Values, kind: str | None, to: Language) -> Any:
    match value:
        case tuple():
            return [_named(each, kind, to) for each in value]
        case str() if kind is not None and kind != STATED:
            return to.label(kind, value)
        case _:
            return _plain(value)


def _plain(value: Values) -> Any:
    match value:
        case Due():
            return time_json(value)
        case tuple():
            return list(value)
        case Label():
            return {"zh": value.zh, "en": value.en}
        case _:
            return value


def _flip(flip: Flip, to: Language) -> Json:
    return {
        "app": flip.app,
        "before": str(flip.before),
        "after": str(flip.after),
        "to_provide": [document_json(each, to) for each in flip.to_provide],
        "cannot": [to.official("category", category) for category in flip.cannot],
        **({"papers": papers_json(flip.papers, to, noted=False)} if flip.papers else {}),
        **({"deadlines": days_json(flip.deadlines, to)} if flip.deadlines else {}),
        **({"exemptions": exemptions_json(flip.exemptions, to)} if flip.exemptions else {}),
    }
