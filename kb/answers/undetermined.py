"""What an answer leaves undetermined: what it rests on, and what to ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kb.answers.clarification import question, too_general
from kb.answers.documents import View
from kb.answers.duties import Texts
from kb.model.days import date, stretch
from kb.model.schema import Begins
from kb.render.words import cite_dict

if TYPE_CHECKING:
    from kb.base.core import Core


def undetermined(
    base: Core, view: View, texts: Texts, as_of: int, lang: str
) -> list[dict[str, Any]]:
    """Each thing that an undetermined verdict rests on, once, in a fixed order."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for key, entry in _entries(base, view, as_of, lang):
        known = found.setdefault(key, entry)
        for category in entry["categories"]:
            if category not in known["categories"]:
                known["categories"].append(category)
    for key, because, sources in texts.days():
        found[key] = {"because": because, "ask": None, "sources": sources, "categories": []}
    for key, because, asked, sources in texts.undetermined():
        found.setdefault(
            key, {"because": because, "ask": asked, "sources": sources, "categories": []}
        )
    return [found[key] for key in sorted(found)]


def _entries(
    base: Core, view: View, as_of: int, lang: str
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    names, zh = base.facts.names, lang == "zh"

    def entry(because: str, ask: Any, sources: list[Any], *categories: str) -> dict[str, Any]:
        return {"because": because, "ask": ask, "sources": sources, "categories": list(categories)}

    if not view.has("app_knows", "services"):
        attribute = base.facts.vocabulary.attributes["services"]
        yield (
            ("0",),
            entry(
                "没有说明提供哪些服务" if zh else "the services are not stated",
                question(base, attribute, lang),
                [],
            ),
        )
    for category, condition, name in view.after("open_attribute"):
        attribute = base.facts.vocabulary.attributes[str(name)]
        if view.has("app_knows", str(name)):
            text = too_general(base, attribute, str(condition), lang)
            asked = question(base, attribute, lang, [str(condition)])
            # Where no answer helps, the source is what leaves it open.
            cites = [] if asked else list(_conditional(base, str(category), str(condition)))
            key = ("1", str(name), str(condition))
        else:
            text = f"未说明{attribute.zh}" if zh else f"not stated: {attribute.en}"
            asked, cites, key = question(base, attribute, lang), [], ("1", str(name), "")
        yield key, entry(text, asked, cites, str(category))
    for category, need in view.after("open_document"):
        yield ("2", str(need)), entry(*_document(base, str(need), zh), [], str(category))
    for category, passage in view.after("open_passage"):
        unclear, cite = base.facts.unclear[str(passage)]
        yield (
            ("3", str(passage)),
            entry(unclear.zh if zh else unclear.en, None, [cite_dict(cite)], str(category)),
        )
    for category, version in view.after("open_day"):
        source = base.facts.readings[str(version)].source
        first, last = stretch(source.begins or Begins(date=source.date))
        text = (
            f"只知道自 {date(first)} 至 {date(last)} 之间的某一天起有效"
            if zh
            else f"in force from some day between {date(first)} and {date(last)}"
        )
        cites = [cite_dict(base.facts.readings[str(version)].cite)]
        yield ("4", str(version)), entry(text, None, cites, str(category))
    for row in view.after("open_reference"):
        category = str(row[0])
        label = names.label("category", category, "zh")
        text = (
            f"「{label}」只被提到,资质要求不在已收录的来源中"
            if zh
            else f"{label} is only named; its requirement is in none of the sources"
        )
        cites = [
            cite_dict(base.facts.rows.cites["reference_to", (reference, category)])
            for relation in ("pointed_to", "option")
            for reference in _references(view, relation, category)
        ]
        yield ("5", category), entry(text, None, cites, category)
    for conflict in sorted({str(row[0]) for row in view.after("in_conflict")}):
        if view.has("disagree", conflict):
            label = names.label("category", conflict, "zh")
            text = (
                f"来源对「{label}」有两种说法,结论不同"
                if zh
                else f"the source describes {label} in two ways that come to different verdicts"
            )
            cites = [
                cite_dict(base.facts.readings[v].cite) for v in view.names("in_conflict", conflict)
            ]
            yield ("6", conflict), entry(text, None, cites, conflict)
    for service, version in view.after("perhaps_prohibited"):
        label = names.label("service", str(service), lang)
        text = f"「{label}」可能已被禁止" if zh else f"perhaps already prohibited: {label}"
        cites = [cite_dict(base.facts.readings[str(version)].cite)]
        yield ("8", str(service)), entry(text, None, cites)
    for row in view.after("unreached"):
        label = names.label("service", str(row[0]), lang)
        text = (
            f"{date(as_of)} 没有已知版本的规定把「{label}」归入类目(按所填情况)"
            if zh
            else f"no version known at {date(as_of)} puts it under a category as described: {label}"
        )
        yield ("7", str(row[0])), entry(text, None, [])


def _conditional(base: Core, category: str, condition: str) -> Iterator[dict[str, Any]]:
    """The lines that name a condition in what is said of a category."""
    stated = base.facts.rows.facts
    versions = {row[0] for row in stated.get("version", ()) if row[1] == category}
    alternatives = {row[0]: row[1] for row in stated.get("alternative", ())}
    owners = {
        "version_when": {version: version for version in versions},
        "scope_when": {row[0]: row[1] for row in stated.get("scope", ())},
        "alternative_when": alternatives,
        "alternative_unless": alternatives,
    }
    cites = {
        base.facts.rows.cites[relation, (owner, named)]: None
        for relation, of in owners.items()
        for owner, named in stated.get(relation, ())
        if named == condition and of.get(owner) in versions
    }
    yield from map(cite_dict, cites)


def _references(view: View, relation: str, category: str) -> list[str]:
    if relation == "pointed_to":
        return [str(r) for c, r in view.after("pointed_to") if c == category]
    return [str(r) for r, c in view.after("option") if c == category]


def _document(base: Core, need: str, zh: bool) -> tuple[str, dict[str, Any]]:
    wanted = base.needs[need]
    names, lang, words = base.facts.names, "zh" if zh else "en", wanted.must_state
    document = names.label("document", wanted.document, lang)
    holder = names.label("holder", wanted.holder, lang)
    if words:
        shown = "、".join(words) if zh else ", ".join(words)
        text = (
            f"未说明《{document}》是否写有:{shown}"
            if zh
            else f"not stated: whether {document} contains {shown}"
        )
        asked = f"《{document}》写有「{shown}」吗?" if zh else f"Does {document} contain {shown}?"
    else:
        text = f"未说明《{document}》是谁的" if zh else f"not stated: whose {document} it is"
        asked = f"{holder}有《{document}》吗?" if zh else f"Does the {holder} hold {document}?"
    return text, {
        "attribute": "holds",
        "question": asked,
        "type": "document",
        "values": [wanted.document],
    }
