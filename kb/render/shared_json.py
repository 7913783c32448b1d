"""Cites and documents as JSON: parts of most results."""

from __future__ import annotations

from collections.abc import Iterable

from kb.base.results import DocumentNeed
from kb.lang.syntax import Cite
from kb.model.data import Json
from kb.render.documents import condition_text
from kb.render.language import Language


def cite_json(cite: Cite) -> Json:
    """A CITE of the contract."""
    return {"source": cite.source, "lines": list(cite.lines), "locator": cite.locator}


def cites_json(cites: Iterable[Cite]) -> list[Json]:
    """A list of CITEs."""
    return [cite_json(cite) for cite in cites]


def document_json(result: DocumentNeed, to: Language) -> Json:
    """A DOCUMENT of the contract; what an app has of it stands there where one was asked about."""
    of_app = result.verdict is not None
    found: Json = {
        "document": to.official("document", result.document),
        "id": result.document,
        "holder": result.holder,
        "holder_label": to.label("holder", result.holder),
        "at_least": result.copies,
        **({"as_many_as": result.as_many_as} if result.as_many_as else {}),
        **({"up_to": result.up_to} if result.up_to else {}),
        **({"at_most": result.at_most} if result.at_most else {}),
        **({"held": result.held} if of_app else {}),
        "must_state": list(result.must_state),
        **({"verdict": str(result.verdict)} if of_app else {}),
    }
    if not to.zh:
        found["en"] = to.label("document", result.document)
    if result.issuer:
        found["issuer"] = to.label("authority", result.issuer)
    if result.form:
        found["form"] = [to.say(form) for form in result.form]
    if result.note:
        found["note"] = to.say(result.note)
    if result.each:
        found["each"] = result.each
    if result.parties:
        found["parties"] = list(result.parties)
    if result.only_if:
        found["only_if"] = [condition_text(c, met, to) for c, met in result.only_if]
    if result.duties:
        found["duties"] = [{"id": d, "what": to.label("part", d)} for d in result.duties]
    if result.lines:
        found["lines"] = list(result.lines)
    if result.optional and not of_app:
        found["optional"] = True
    return found
