"""Documents and cites that are still mappings, in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kb.lang.syntax import ranges
from kb.model.data import Json


def document_text(document: Mapping[str, Any], zh: bool) -> str:
    """A document in one line."""
    parts = [f"《{document['document']}》" + (f" ({document['en']})" if "en" in document else "")]
    if document["holder"] != "applicant":
        parts.append(f"{'持有方' if zh else 'held by'} {document['holder_label']}")
    if document["at_least"] > 1:
        count = f"至少 {document['at_least']} 份" if zh else f"at least {document['at_least']}"
        if "held" in document:
            count += f",现有 {document['held']} 份" if zh else f", held {document['held']}"
        parts.append(count)
    if document["must_state"]:
        parts.append(("须写有:" if zh else "must state: ") + "、".join(document["must_state"]))
    if "issuer" in document:
        parts.append(("颁发:" if zh else "issued by: ") + document["issuer"])
    parts += document.get("form", [])
    if "note" in document:
        parts.append(document["note"])
    lines = f"  [{ranges(tuple(document['lines']))}]" if document.get("lines") else ""
    return (", " if not zh else ",").join(parts) + lines


def cites(sources: list[Json]) -> str:
    return "; ".join(f"{c['source']} {ranges(tuple(c['lines']))}".strip() for c in sources)
