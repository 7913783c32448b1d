"""Two answers side by side, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from kb.base.results import Verdict
from kb.compare.what_if import CategoryDifference, PartDifference, WhatIf
from kb.model.data import Json
from kb.render.answer_json import answer_json
from kb.render.language import Language
from kb.render.outline import Cited, Line, Listed, Mark, Part, line
from kb.render.words import kept, mark, word


def what_if_lines(found: WhatIf) -> Iterator[Line]:
    """Both verdicts, then a line for each category; those that stay the same are marked `=` in
    lists."""
    to = Language(found.today.lang, found.today.names)
    yield line(
        0,
        f"{to.pick('现在', 'today')}: ",
        *_verdict(found.today.verdict, to),
        f"   {to.pick('假如', 'then')}: ",
        *_verdict(found.then.verdict, to),
    )
    for each in found.differences:
        yield from _category(each, to)
    for part in found.parts:
        yield from _part(part, to)


def _part(each: PartDifference, to: Language) -> Iterator[Line]:
    """A duty in both answers, or what is forbidden in one of them."""
    named = f"→ {to.label(each.kind, each.id)}: "
    sides = (_part_verdict(each.today, to), _part_verdict(each.then, to))
    yield line(0, named, *sides[0], " → ", *sides[1], Cited.of(each.cites))


def _part_verdict(verdict: Verdict | None, to: Language) -> tuple[Part, ...]:
    if verdict is None or verdict == Verdict.PROHIBITED:
        return _verdict(verdict, to)
    return Mark(mark(verdict)), f" {kept(verdict, to.lang)}"


def _category(each: CategoryDifference, to: Language) -> Iterator[Line]:
    yield line(
        0,
        "→" if each.changed else Listed("="),
        f" {to.both('category', each.category)}: ",
        *_verdict(each.today, to),
        " → ",
        *_verdict(each.then, to),
    )
    for lead, documents in (
        (to.pick("不再需要补", "no longer to provide"), each.gone),
        (to.pick("还需补", "also to provide"), each.come),
    ):
        for needed in documents:
            named = to.official("document", needed.document)
            also = "" if to.zh else f" ({to.label('document', needed.document)})"
            yield line(6, f"{lead}: 《{named}》{also}")


def _verdict(verdict: Verdict | None, to: Language) -> tuple[Part, ...]:
    if verdict is None:
        return ("–",)
    return Mark(mark(verdict)), f" {word(verdict, to.lang)}"


def what_if_json(found: WhatIf) -> Json:
    """The two answers of `kb what-if`, and a row for each category of either."""
    to = Language(found.today.lang, found.today.names)
    return {
        "today": answer_json(found.today),
        "then": answer_json(found.then),
        "differences": [_difference(each, to) for each in found.differences],
    }


def _difference(each: CategoryDifference, to: Language) -> Json:
    return {
        "category": to.official("category", each.category),
        "id": each.category,
        "today": str(each.today) if each.today is not None else None,
        "then": str(each.then) if each.then is not None else None,
        "missing_today": [to.official("document", d.document) for d in each.missing_today],
        "missing_then": [to.official("document", d.document) for d in each.missing_then],
    }
