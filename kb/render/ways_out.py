"""Ways out in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from kb.compare.ways_out import Kind, WayOut, WaysOut
from kb.model.data import Json
from kb.render.documents import document_parts
from kb.render.language import Language
from kb.render.outline import EMPTY, Lead, Line, Mark, line
from kb.render.shared_json import document_json
from kb.render.words import mark, word


def ways_out_lines(found: WaysOut) -> Iterator[Line]:
    """The verdict today, and below each category its ways out with what they come to, or that no
    service near those of the app asks for less."""
    to = Language(found.lang, found.names)
    shown = Mark(mark(found.verdict)), f" {word(found.verdict, to.lang)}"
    yield line(0, f"{found.app.name} · {found.as_of} · ", *shown)
    if not found.ways and not found.none_near:
        yield line(0, to.pick("没有需要找出路的类目", "no category needs a way out"))
    told = dict.fromkeys((*(way.category for way in found.ways), *found.none_near))
    for category in told:
        yield EMPTY
        name = to.label("category", category)
        yield line(0, to.pick(f"{name} 办不下来时:", f"without {name}:"))
        if category in found.none_near:
            none = "没有相近而要求更少的服务", "no service near it asks for less"
            yield line(2, Lead("· "), to.pick(*none))
        for way in found.ways:
            if way.category == category:
                yield from _way(way, to)


def _way(way: WayOut, to: Language) -> Iterator[Line]:
    yield line(2, Lead("· "), _what(way, to))
    verdict = to.pick("那时的结论: ", "then: ")
    yield line(4, verdict, Mark(mark(way.verdict)), f" {word(way.verdict, to.lang)}")
    if way.missing:
        yield line(4, to.pick("还需提供:", "still to provide:"))
    for needed in way.missing:
        yield line(6, Lead("· "), *document_parts(needed, to, lines=False))


def _what(way: WayOut, to: Language) -> str:
    services = to.listed([to.label("service", id) for id in way.services])
    match way.kind:
        case Kind.NARROWER:
            instead = to.label("service", way.instead or "")
            where = to.listed([to.label("category", id) for id in way.categories])
            return to.pick(
                f"把「{services}」改为「{instead}」,类目是 {where}",
                f"offer “{instead}” instead of “{services}”, under {where}",
            )
        case Kind.PARTNER:
            texts = [document_parts(each, to, lines=False) for each in way.partner]
            papers = to.listed(["".join(map(str, text)) for text in texts])
            return to.pick(f"与有材料的一方合作: {papers}", f"with papers of others: {papers}")
        case Kind.DROP:
            return to.pick(f"去掉「{services}」", f"go without “{services}”")
        case _:
            assert_never(way.kind)


def ways_out_json(found: WaysOut) -> Json:
    """Ways out as JSON."""
    to = Language(found.lang, found.names)
    return {
        "app": found.app.name,
        "as_of": found.as_of.isoformat(),
        "verdict": str(found.verdict),
        "ways": [
            {
                "category": to.official("category", way.category),
                "id": way.category,
                "way": str(way.kind),
                "services": list(way.services),
                "instead": way.instead,
                "categories": [to.official("category", id) for id in way.categories],
                "partner": [document_json(d, to) for d in way.partner],
                "verdict": str(way.verdict),
                "missing": [document_json(d, to) for d in way.missing],
            }
            for way in found.ways
        ],
        "none_near": [
            {"category": to.official("category", id), "id": id} for id in found.none_near
        ],
    }
