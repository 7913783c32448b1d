"""A category as the sources state it: tree, minimal alternatives, cross references, versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kb.answers.documents import alternatives_of, in_order, leaves_of
from kb.lang.problems import Problem, Problems, near
from kb.model.days import date, stretch
from kb.model.facts import FactBase
from kb.model.names import folded
from kb.model.requirements import Need, need_of
from kb.model.rows import Reading
from kb.model.schema import Begins, Node
from kb.render.untyped import leaf_words
from kb.render.words import cite_dict, word

if TYPE_CHECKING:
    from kb.base.core import Core


def find_category(base: FactBase, name: str) -> str:
    """The category of this id, full name, former name or unique part. Raises `Problems`."""
    names = base.names
    term = names.find("category", name)
    if term is not None:
        return term.id
    part = folded(name)
    found = [t for t in names.of("category") if part and any(part in folded(n) for n in t.names)]
    if len(found) == 1:
        return found[0].id
    if found:
        listed = "\n".join(f"`{t.zh}` ({t.id})" for t in found[:8])
        listed += f"\nand {len(found) - 8} more" * (len(found) > 8)
        raise Problems(
            [Problem("ambiguous", f"`{name}` is part of {len(found)} categories", help=listed)]
        )
    known = {n for t in names.of("category") for n in (t.id, t.zh)}
    raise Problems(
        [
            Problem(
                "unknown-id",
                f"no category is called `{name}`",
                help=near(name, known) + "\n`kb search WORDS` looks further",
            )
        ]
    )


def show(base: Core, category: str, lang: str = "zh") -> dict[str, Any]:
    """The contract's `kb show`."""
    id = find_category(base.facts, category)
    term = base.facts.names.get("category", id)
    assert term is not None
    return {
        "category": term.zh,
        "id": id,
        "labels": {"zh": term.zh, "en": term.en},
        "former_names": list(term.former) or [n for n in term.aliases if "-" in n],
        "versions": [_version(base.facts, r, lang) for r in base.facts.readings_of(id)],
        "named_by": list(_named_by(base.facts, id)),
    }


def _version(base: FactBase, reading: Reading, lang: str) -> dict[str, Any]:
    record, source = reading.record, reading.source
    begins = source.begins or Begins(date=source.date)
    leaf_of = leaves_of(reading)
    return {
        "id": reading.id,
        "source": source.id,
        "standing": source.standing,
        "from": date(stretch(begins)[0]).isoformat(),
        "to": date(stretch(source.ends)[1]).isoformat() if source.ends else None,
        "precision": begins.precision,
        "change": record.change,
        "open_to": list(record.open_to),
        "open_to_labels": [base.names.label("applicant", a, lang) for a in record.open_to],
        "regions": list(record.regions),
        "region_labels": [base.names.label("region", r, lang) for r in record.regions],
        "services": [
            {
                "service": base.names.label("service", s.service, "zh"),
                "id": s.service,
                "when": s.when,
                "label": base.names.label("condition", s.when, lang) if s.when else "",
                "unclear": s.unclear,
                "lines": list(s.lines),
            }
            for s in record.scope
        ],
        "how": record.how.way if record.how else None,
        "how_to": record.how.model_dump(mode="json", exclude={"way"}) if record.how else None,
        "requirement": tree(base, record.requirement, lang) if record.requirement else None,
        "none_stated": record.none_stated,
        "alternatives": [
            {
                "documents": [
                    document(base, need, leaf_of.get(need), lang)
                    for need in in_order(reading, alternative.needs)
                ],
                "when": [
                    {"condition": c, "label": base.names.label("condition", c, lang), "met": met}
                    for c, met in sorted(alternative.when)
                ],
            }
            for _, alternative in alternatives_of(reading)
            if record.requirement
        ],
        "also_needs": list(_references(base, reading, "also")),
        "instead": list(_references(base, reading, "instead")),
        "not_supported": [
            {
                "services": [base.names.label("service", s, "zh") for s in u.services],
                "ids": list(u.services),
                "advice": u.advice,
                "only_here": u.only_here,
                "lines": list(u.lines),
            }
            for u in record.unsupported
        ],
        "unclear": [
            {"what": u.zh if lang == "zh" else u.en, "lines": list(u.lines)} for u in record.unclear
        ],
        "notes": [n.zh if lang == "zh" else n.en for n in (*record.notes, *source.notes)],
        "sources": [cite_dict(reading.cite)],
    }


def _references(base: FactBase, reading: Reading, role: str) -> Iterator[dict[str, Any]]:
    for reference in reading.record.references:
        if reference.role == role:
            yield {
                "categories": [base.names.label("category", c, "zh") for c in reference.categories],
                "ids": list(reference.categories),
                "services": [base.names.label("service", s, "zh") for s in reference.services],
                "sources": [cite_dict(reading.cite_at(reference.lines))],
            }


def _named_by(base: FactBase, category: str) -> Iterator[dict[str, Any]]:
    for reading in base.readings.values():
        for reference in reading.record.references:
            if category in reference.categories:
                yield {
                    "category": base.names.label("category", reading.record.category, "zh"),
                    "role": reference.role,
                    "sources": [cite_dict(reading.cite_at(reference.lines))],
                }


def document(base: FactBase, need: Need, leaf: Node | None, lang: str) -> dict[str, Any]:
    """A DOCUMENT that no app is held against."""
    found: dict[str, Any] = {
        "document": base.names.label("document", need.document, "zh"),
        "id": need.document,
        "holder": need.holder,
        "holder_label": base.names.label("holder", need.holder, lang),
        "at_least": need.at_least,
        "must_state": list(need.must_state),
    }
    if lang == "en":
        found["en"] = base.names.label("document", need.document, "en")
    if leaf is not None:
        found.update(leaf_words(leaf, base, lang))
        if leaf.optional:
            found["optional"] = True
    return found


def tree(base: FactBase, node: Node, lang: str) -> dict[str, Any]:
    """A TREE of the contract."""
    found: dict[str, Any]
    if node.document is not None:
        found = document(base, need_of(node), node, lang)
    else:
        key = "all_of" if node.all_of is not None else "any_of"
        found = {key: [tree(base, child, lang) for child in node.children]}
        if node.stated is not None:
            found["stated"] = node.stated
        if node.lines:
            found["lines"] = list(node.lines)
    if node.when:
        found["when"] = {
            "condition": node.when,
            "label": base.names.label("condition", node.when, lang),
        }
    return found


def show_text(shown: dict[str, Any], lang: str) -> str:
    """`kb show` as text."""
    return "\n".join(_show_lines(shown, lang == "zh"))


def _show_lines(shown: dict[str, Any], zh: bool) -> Iterator[str]:
    from kb.render.untyped import cites, document_text

    lang = "zh" if zh else "en"
    also = ", ".join(shown["former_names"])
    former = f"  ({'又名' if zh else 'also'} {also})" if also else ""
    yield f"{shown['category']} · {shown['labels']['en']} · {shown['id']}{former}"
    if not shown["versions"]:
        yield (
            "  只在其他类目的说明中出现,来源没有定义它"
            if zh
            else "  known by reference only: no source defines it"
        )
    for version in shown["versions"]:
        yield ""
        until = f" – {version['to']}" if version["to"] else ""
        exact = "" if version["precision"] == "day" else f" ({version['precision']})"
        yield (
            f"[{cites(version['sources'])}] {word(version['standing'], lang)}, "
            f"{'自' if zh else 'from'} {version['from']}{exact}{until}"
        )
        names = ("适用服务", "开放给", "服务地区") if zh else ("services", "open to", "places")
        values = (
            [_service(s) for s in version["services"]],
            version["open_to_labels"],
            version["region_labels"],
        )
        for name, listed in zip(names, values, strict=True):
            if listed:
                yield f"  {name}: {', '.join(dict.fromkeys(listed))}"
        if version["how"]:
            how = version["how_to"]
            parts = (word(version["how"], lang), how["address"], how["title"])
            yield f"  {'申请方式' if zh else 'how'}: {' '.join(filter(None, parts))}"
            if how["remark"]:
                yield f"    {how['remark'][lang]}"
        if version["requirement"]:
            yield f"  {'要求' if zh else 'requirement'}:"
            yield from _tree_lines(version["requirement"], "    ", zh)
        else:
            yield "  来源未列明材料" if zh else "  the source names no document"
        if len(version["alternatives"]) > 1:
            lead = "最小方案" if zh else "minimal alternatives"
            yield f"  {lead}: {len(version['alternatives'])}"
            for n, alternative in enumerate(version["alternatives"], 1):
                when = "; ".join(
                    ("" if c["met"] else ("非 " if zh else "not ")) + c["label"]
                    for c in alternative["when"]
                )
                listed = " + ".join(
                    document_text({**d, "lines": ()}, zh) if d["must_state"] else _short(d)
                    for d in alternative["documents"]
                )
                listed = listed or ("不需要材料" if zh else "no document")
                yield f"    {n}. {listed}" + (f"  ({when})" if when else "")
        for key, lead in (
            ("also_needs", "另需" if zh else "also needs"),
            ("instead", "改选" if zh else "instead"),
        ):
            for reference in version[key]:
                either = " / ".join(reference["categories"])
                services = ", ".join(reference["services"])
                yield f"  {lead}: {either} ← {services} [{cites(reference['sources'])}]"
        for entry in version["not_supported"]:
            advice = [word("remove", lang)] if entry["advice"] == "remove" else []
            listed = ", ".join([*entry["services"], *advice])
            cited = cites([{**version["sources"][0], "lines": entry["lines"]}])
            yield f"  ⊘ {word('not_supported', lang)}: {listed} [{cited}]"
        for entry in version["unclear"]:
            yield f"  ? {entry['what']}"
        for note in version["notes"]:
            yield f"  · {note}"
    for entry in shown["named_by"]:
        lead = "被提及于" if zh else "named by"
        yield f"  {lead}: {entry['category']} [{cites(entry['sources'])}]"


def _service(scope: dict[str, Any]) -> str:
    when = f" ({scope['label']})" if scope["label"] else ""
    return f"{scope['service']}{when}{' ?' if scope['unclear'] else ''}"


def _short(document: dict[str, Any]) -> str:
    count = f" x{document['at_least']}" if document["at_least"] > 1 else ""
    holder = f" ({document['holder_label']})" if document["holder"] != "applicant" else ""
    return f"《{document['document']}》{count}{holder}"


def _tree_lines(tree: dict[str, Any], indent: str, zh: bool) -> Iterator[str]:
    from kb.render.untyped import document_text

    when = f"  {'当' if zh else 'when'}: {tree['when']['label']}" if "when" in tree else ""
    if "document" in tree:
        optional = (" (可选)" if zh else " (optional)") if tree.get("optional") else ""
        yield f"{indent}{document_text(tree, zh)}{optional}{when}"
        return
    children: Sequence[dict[str, Any]] = tree.get("all_of") or tree.get("any_of") or ()
    if "all_of" in tree:
        lead = "全部提供" if zh else "all of"
    else:
        lead = "任选其一" if zh else "any one of"
        if "stated" in tree:
            lead += f" ({tree['stated']} 选 1)" if zh else f" ({tree['stated']} choices stated)"
    yield f"{indent}{lead}{when}"
    for child in children:
        yield from _tree_lines(child, indent + "  ", zh)
