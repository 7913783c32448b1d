"""`kb show` and `kb search` as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from kb.base.results import Role
from kb.model.data import Json
from kb.model.schema import RANGE, Beyond, How
from kb.query.results import (
    Hit,
    NamedBy,
    NotSupported,
    ReferenceResult,
    RequirementGroup,
    RequirementLeaf,
    RequirementNode,
    ScopeResult,
    ShownAlternative,
    ShownCategory,
    ShownVersion,
)
from kb.render.due import time_json
from kb.render.language import Language
from kb.render.outlays import outlay_json
from kb.render.shared_json import cite_json, document_json


def shown_json(shown: ShownCategory) -> Json:
    """A category. What a day asked about adds stands under keys of its own."""
    to = Language(shown.lang, shown.names)
    zh, en = (shown.names.label("category", shown.category, lang) for lang in ("zh", "en"))
    found: Json = {
        "category": zh,
        "id": shown.category,
        "labels": {"zh": zh, "en": en},
        "former_names": list(shown.former_names),
        "versions": [version_json(version, to) for version in shown.versions],
        "named_by": [_named_by(entry, to) for entry in shown.named_by],
    }
    if shown.outlays:
        found["outlays"] = [outlay_json(each, to) for each in shown.outlays]
    if shown.as_of is not None:
        found["as_of"] = shown.as_of.isoformat()
        found["other_versions"] = [version_json(version, to) for version in shown.other_versions]
    return found


def version_json(version: ShownVersion, to: Language) -> Json:
    """What one source says of a category."""
    found: Json = {
        "id": version.id,
        "source": version.source,
        "standing": str(version.standing),
        "from": version.begins.isoformat(),
        "to": version.ends.isoformat() if version.ends else None,
        "precision": version.precision,
        "to_precision": version.ends_precision if version.ends else None,
        "change": version.change,
        "accounts": list(version.accounts),
        "account_labels": _labels("applicant", version.accounts, to),
        "open_to": list(version.open_to),
        "open_to_labels": _labels("applicant", version.open_to, to),
        **_open_when(version, to),
        **{f"{key}_sources": [cite_json(cite)] for key, cite in version.only_at},
        "regions": list(version.regions),
        "region_labels": _labels("region", version.regions, to),
        "services": [_scope(scope, to) for scope in version.services],
        "how": version.how.way if version.how else None,
        "how_to": _how(version.how) if version.how else None,
        "requirement": tree_json(version.requirement, to) if version.requirement else None,
        "none_stated": version.none_stated,
        "none_required": version.none_required,
        "elsewhere": version.elsewhere,
        **({"withdrawn": True} if version.withdrawn else {}),
        **({"time": time_json(version.time)} if version.time else {}),
        "name": version.name,
        "alternatives": [_alternative(each, to) for each in version.alternatives],
        "also_needs": _references(version.references, Role.ALSO, to),
        "instead": _references(version.references, Role.INSTEAD, to),
        "advice": _references(version.references, Role.ADVICE, to),
        "not_supported": [_not_supported(entry, to) for entry in version.not_supported],
        "unclear": [
            {
                "what": to.say(u),
                "lines": list(u.lines),
                "settled_by": tree_json(papers, to) if papers else None,
            }
            for u, papers in zip(version.unclear, version.settled_by, strict=True)
            if not isinstance(u, Beyond)
        ],
        "beyond": [
            {"what": to.say(u), "wants": u.wants, "lines": list(u.lines)}
            for u in version.unclear
            if isinstance(u, Beyond)
        ],
        "notes": [to.say(note) for note in version.notes],
        "sources": [cite_json(version.cite)],
        "superseded_by": [cite_json(cite) for cite in version.superseded_by],
    }
    if version.certainty is not None:
        found["certainty"] = str(version.certainty)
    return found


def _labels(kind: str, ids: Iterable[str], to: Language) -> list[str]:
    return [to.label(kind, id) for id in ids]


def _official(kind: str, ids: Iterable[str], to: Language) -> list[str]:
    return [to.official(kind, id) for id in ids]


def _scope(scope: ScopeResult, to: Language) -> Json:
    return {
        "service": to.official("service", scope.service),
        "id": scope.service,
        "when": scope.when,
        "label": to.label("condition", scope.when) if scope.when else "",
        "unclear": scope.unclear,
        "lines": list(scope.lines),
    }


def _how(how: How) -> Json:
    remark = {"zh": how.remark.zh, "en": how.remark.en} if how.remark else None
    return {
        "address": how.address,
        "title": how.title,
        "remark": remark,
        "lines": list(how.lines),
    }


def _open_when(version: ShownVersion, to: Language) -> Json:
    """The conditions under which a version is open; nothing where it names none."""
    if not version.open_when:
        return {}
    labels = _labels("condition", version.open_when, to)
    return {"open_when": list(version.open_when), "open_when_labels": labels}


def tree_json(node: RequirementNode, to: Language) -> Json:
    """A TREE of the contract."""
    found: Json
    match node:
        case RequirementLeaf():
            found = document_json(node.document, to)
        case RequirementGroup():
            found = {str(node.join): [tree_json(child, to) for child in node.children]}
            if node.at_least > 1:
                found["at_least"] = node.at_least
            found |= {key: most for key in RANGE if (most := getattr(node, key))}
            if node.stated is not None:
                found["stated"] = node.stated
            if node.lines:
                found["lines"] = list(node.lines)
        case _:
            assert_never(node)
    if node.label:
        found["label"] = to.say(node.label)
    if node.when:
        found["when"] = {"condition": node.when, "label": to.label("condition", node.when)}
    return found


def _alternative(alternative: ShownAlternative, to: Language) -> Json:
    return {
        "documents": [document_json(document, to) for document in alternative.documents],
        "when": [
            {"condition": condition, "label": to.label("condition", condition), "met": met}
            for condition, met in alternative.when
        ],
        **({"branches": [to.say(b) for b in alternative.branches]} if alternative.branches else {}),
    }


def _references(found: Iterable[ReferenceResult], role: Role, to: Language) -> list[Json]:
    return [
        {
            "categories": _official("category", reference.categories, to),
            "ids": list(reference.categories),
            "services": _official("service", reference.services, to),
            "applicants": list(reference.applicants),
            "one_of": len(reference.categories) > 1,
            "sources": [cite_json(reference.cite)],
        }
        for reference in found
        if reference.role == role
    ]


def _not_supported(entry: NotSupported, to: Language) -> Json:
    return {
        "services": _official("service", entry.services, to),
        "ids": list(entry.services),
        "advice": entry.advice,
        "only_here": entry.only_here,
        "lines": list(entry.lines),
    }


def _named_by(entry: NamedBy, to: Language) -> Json:
    return {
        "category": to.official("category", entry.category),
        "role": str(entry.role),
        "sources": [cite_json(entry.cite)],
    }


def hit_json(hit: Hit) -> Json:
    """A thing that was found."""
    return {"kind": hit.kind, "id": hit.id, "zh": hit.zh, "en": hit.en}
