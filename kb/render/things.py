"""A service, a document, an applicant and a source, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from kb.lang.syntax import Cite, ranges
from kb.model.data import Json
from kb.model.requirements import Need
from kb.query.provisions import ShownProvision
from kb.query.things import (
    DocumentUse,
    ShownApplicant,
    ShownDocument,
    ShownService,
    ShownSource,
    ShownThing,
)
from kb.render.language import Language
from kb.render.outlays import outlay_json, outlay_lines
from kb.render.outline import Cited, Line, line
from kb.render.provision_changes import provision_json, shown_provision_lines
from kb.render.provisions import provision_lines, provisions_json
from kb.render.repairs import need_text
from kb.render.shared_json import cite_json
from kb.render.words import inexact, word


def thing_lines(shown: ShownThing) -> Iterator[Line]:
    """`kb show` of anything but a category, as lines."""
    to = Language(shown.lang, shown.names)
    match shown:
        case ShownService():
            yield from _heading("service", shown.service, to)
            yield from _service(shown, to)
        case ShownDocument():
            yield from _heading("document", shown.document, to)
            yield from _document(shown, to)
        case ShownApplicant():
            yield from _heading("applicant", shown.applicant, to)
            yield from _applicant(shown, to)
        case ShownSource():
            yield from _source(shown, to)
        case ShownProvision():
            yield from shown_provision_lines(shown)
        case _:
            assert_never(shown)


def _heading(kind: str, id: str, to: Language) -> Iterator[Line]:
    term = to.names.get(kind, id)
    assert term is not None
    yield line(0, f"{term.zh} · {term.en} · {id}")
    for lead, names in (
        (to.pick("别名", "also"), term.aliases),
        (to.pick("曾用名", "formerly"), term.former),
    ):
        if names:
            yield line(2, f"{lead}: {to.listed(names)}")


def _category(id: str, to: Language) -> str:
    return to.label("category", id)


def _service(shown: ShownService, to: Language) -> Iterator[Line]:
    lead = to.pick("属于类目", "falls under")
    none = to.pick(f"{shown.as_of} 没有来源把它归入类目", f"under no category on {shown.as_of}")
    yield line(2, f"{lead} ({shown.as_of}):" if shown.places else none)
    for place in shown.places:
        parts = [_category(place.category, to)]
        if place.accounts:
            said = to.listed([to.label("applicant", id) for id in place.accounts])
            parts.append(to.pick(f"只对{said}", f"for {said} only"))
        if place.when:
            said = to.label("condition", place.when)
            parts.append(to.pick(f"当{said}", f"when {said}"))
        if place.unclear:
            parts.append(to.pick("来源措辞不明", "the source's wording is unclear"))
        yield line(4, to.pick(",", ", ").join(parts), Cited.of([place.cite]))
    for refused in shown.refused:
        name = _category(refused.category, to)
        sent = to.listed([_category(id, to) for id in refused.instead])
        said = (
            to.pick(f"{name} 不收,改到: {sent}", f"{name} sends it to: {sent}")
            if sent
            else to.pick(f"{name} 不支持", f"{name} does not carry it")
        )
        yield line(4, said, Cited.of([refused.cite]))


def _kinds(kind: str, shown: ShownDocument | ShownApplicant, to: Language) -> Iterator[Line]:
    for lead, ids in (
        (to.pick("属于", "is a kind of"), shown.wider),
        (to.pick("包括", "its kinds"), shown.narrower),
    ):
        if ids:
            yield line(2, f"{lead}: {to.listed([to.label(kind, id) for id in ids])}")


def _document(shown: ShownDocument, to: Language) -> Iterator[Line]:
    yield from _kinds("document", shown, to)
    yield from outlay_lines(shown.outlays, 2, to)
    if not shown.uses:
        none = f"{shown.as_of} 没有类目要它", f"no category asks for it on {shown.as_of}"
        yield line(2, to.pick(*none))
        return
    count = len({use.category for use in shown.uses})
    day = shown.as_of
    zh, en = ("或它所属的材料", " or for what it is a kind of") if shown.wider else ("", "")
    lead = f"{day} 有 {count} 个类目要它{zh}:", f"{count} categories ask for it{en} on {day}:"
    yield line(2, to.pick(*lead))
    for use in shown.uses:
        yield line(4, _category(use.category, to), Cited.of([use.cite]))
        kinds = shown.narrower or any(need.document != shown.document for need in use.needs)
        yield from _use(use, bool(kinds), to)


def _use(use: DocumentUse, kinds: bool, to: Language) -> Iterator[Line]:
    for need in use.needs:
        yield line(6, need_text(need, to))
    if use.issuers:
        names = to.listed([to.label("authority", id) for id in use.issuers])
        yield line(6, f"{to.pick('颁发', 'issued by')}: {names}")
    for several in use.instead:
        joined = " + ".join(need_text(need, to) for need in several)
        yield line(6, f"{to.pick('可以用它代替', 'or instead')}: {joined}")
    if not use.instead:
        none = "没有别的材料可以代替", "nothing can stand in for it"
        but = "除了它包括的,没有别的材料可以代替", "nothing but its kinds can stand in for it"
        yield line(6, to.pick(*(but if kinds else none)))


def _applicant(shown: ShownApplicant, to: Language) -> Iterator[Line]:
    yield from _kinds("applicant", shown, to)
    if not shown.open:
        day = shown.as_of
        none = f"{day} 没有已知对它开放的类目", f"nothing is known to be open to it on {day}"
        yield line(2, to.pick(*none))
    for each in shown.open:
        name = to.label("source", each.source)
        count = len(each.categories)
        yield line(
            2, to.pick(f"《{name}》对它开放 {count} 个类目:", f"{name} opens {count} to it:")
        )
        yield from _grouped(each.categories, to)
    for banned in shown.forbidden:
        name, what = to.label("source", banned.cite.source), to.label("part", banned.part)
        zh = f"《{name}》禁止它提供 {len(banned.categories)} 个类目({what}):"
        en = f"{name} forbids it {len(banned.categories)} ({what}):"
        yield line(2, to.pick(zh, en), Cited.of([banned.cite]))
        yield from _grouped(banned.categories, to)


def _grouped(categories: Iterable[str], to: Language) -> Iterator[Line]:
    groups: dict[str, list[str]] = {}
    for id in categories:
        group, _, own = _category(id, to).partition("-" if to.zh else " - ")
        groups.setdefault(group, []).append(own or group)
    for group, names in groups.items():
        yield line(4, f"{group} ({len(names)}): {to.listed(names)}")


def _source(shown: ShownSource, to: Language) -> Iterator[Line]:
    source = shown.source
    yield line(0, f"{source.zh} · {source.en} · {source.id}")
    yield line(2, f"{to.pick('发布方', 'publisher')}: {to.say(source.publisher)}")
    yield line(2, f"{to.pick('效力', 'standing')}: {word(source.standing, to.lang)}")
    for lead, said in _facts(shown, to):
        if said:
            yield line(2, f"{lead}: {said}")
    for note in source.notes:
        yield line(4, to.say(note), Cited(ranges(note.lines), cites=(Cite(source.id, note.lines),)))
    yield from provision_lines(shown.stated, to)


def _facts(shown: ShownSource, to: Language) -> Iterator[tuple[str, str]]:
    source = shown.source
    # Where nobody knows the day of a text, its date is that of the sighting.
    sighted = to.pick("(所见日)", " (of the sighting)") * (source.date == source.seen)
    yield to.pick("日期", "date"), source.date.isoformat() + sighted
    for lead, day in (
        (to.pick("开始", "begins"), source.begins),
        (to.pick("结束", "ends"), source.ends),
    ):
        if day:
            yield lead, f"{day.date}{inexact(day.precision, to.lang)}"
    yield to.pick("所见日", "seen"), source.seen.isoformat() if source.seen else ""
    yield to.pick("平台", "platform"), to.label("platform", source.platform or "")
    yield to.pick("适用地域", "jurisdiction"), to.label("region", source.jurisdiction)
    whom = to.listed([to.label("applicant", id) for id in source.complete_for])
    yield to.pick("完整列出这类主体的类目", "lists all categories of"), whom
    extent = to.pick(f"{source.line_count} 行", f"{source.line_count} lines")
    yield to.pick("篇幅", "extent"), extent + to.pick(",摘录", ", excerpt") * source.excerpt
    yield to.pick("讲到的类目", "categories spoken of"), str(len(shown.categories) or "")


def thing_json(shown: ShownThing) -> Json:
    """`kb show` of anything but a category, as JSON."""
    to = Language(shown.lang, shown.names)
    match shown:
        case ShownService():
            places = [
                {
                    **_named("category", place.category, to),
                    "open_to": list(place.accounts),
                    "when": place.when,
                    "unclear": place.unclear,
                    "sources": [cite_json(place.cite)],
                }
                for place in shown.places
            ]
            refused = [
                {
                    **_named("category", each.category, to),
                    "instead": [to.official("category", id) for id in each.instead],
                    "sources": [cite_json(each.cite)],
                }
                for each in shown.refused
            ]
            found = _thing("service", shown.service, to)
            found |= {"categories": places, "not_under": refused}
        case ShownDocument():
            found = _thing("document", shown.document, to)
            found |= {"kind_of": list(shown.wider), "kinds": list(shown.narrower)}
            found["asked_by"] = [_use_json(use, to) for use in shown.uses]
            if shown.outlays:
                found["outlays"] = [outlay_json(each, to) for each in shown.outlays]
        case ShownApplicant():
            found = _thing("applicant", shown.applicant, to)
            found |= {"kind_of": list(shown.wider), "kinds": list(shown.narrower)}
            found["open"] = [
                {
                    "source": each.source,
                    "categories": [_named("category", id, to) for id in each.categories],
                }
                for each in shown.open
            ]
            found["forbidden"] = [
                {
                    "id": each.part,
                    "what": to.label("part", each.part),
                    "categories": [_named("category", id, to) for id in each.categories],
                    "sources": [cite_json(each.cite)],
                }
                for each in shown.forbidden
            ]
        case ShownSource(source, categories, stated):
            found = source.model_dump(mode="json", exclude_none=True)
            found["kind"] = "source"
            found["categories"] = [_named("category", id, to) for id in categories]
            return found | provisions_json(stated, to)
        case ShownProvision():
            found = provision_json(shown.provision, to)
            found["certainty"] = str(shown.certainty) if shown.certainty else None
        case _:
            assert_never(shown)
    return {**found, "as_of": shown.as_of.isoformat()}


def _thing(kind: str, id: str, to: Language) -> Json:
    term = to.names.get(kind, id)
    assert term is not None
    return {
        "kind": kind,
        "id": id,
        "labels": {"zh": term.zh, "en": term.en},
        "aliases": list(term.aliases),
        "former_names": list(term.former),
    }


def _named(kind: str, id: str, to: Language) -> Json:
    return {kind: to.official(kind, id), "id": id}


def _use_json(use: DocumentUse, to: Language) -> Json:
    return {
        **_named("category", use.category, to),
        "as": _needs_json(use.needs, to),
        "issuers": list(use.issuers),
        "instead": [_needs_json(several, to) for several in use.instead],
        "sources": [cite_json(use.cite)],
    }


def _needs_json(needs: Sequence[Need], to: Language) -> list[Json]:
    return [
        {
            "document": to.official("document", need.document),
            "id": need.document,
            "holder": need.holder,
            "at_least": need.at_least,
            **({"at_most": need.at_most} if need.at_most else {}),
            **({"as_many_as": need.as_many} if need.as_many else {}),
            "must_state": list(need.must_state),
        }
        for need in needs
    ]
