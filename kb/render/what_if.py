"""Two answers side by side, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from kb.base.bans import Ban
from kb.base.results import Certainty, Verdict
from kb.compare.what_if import BanDifference, CategoryDifference, WhatIf
from kb.model.data import Json
from kb.render.answer_json import answer_json
from kb.render.bans import (
    ban_sign,
    ban_text,
    bans_json,
    perhaps_forbidden,
    service_forbidden,
    vain_text,
)
from kb.render.language import Language
from kb.render.outline import Cited, Lead, Line, Listed, Mark, Part, line
from kb.render.words import kept, mark, word


def what_if_lines(found: WhatIf) -> Iterator[Line]:
    """Both verdicts, then a line for each category; those that stay the same are marked `=` in
    lists."""
    to = Language(found.today.lang, found.today.names)
    yield line(
        0,
        _today(to),
        *_verdict(found.today.verdict, to),
        f"   {_then(to)}",
        *_verdict(found.then.verdict, to),
    )
    for ban in found.bans:
        yield from _ban(ban, to)
    for each in found.differences:
        yield from _category(each, to)
    for duty in found.duties:
        named = f"→ {to.label('part', duty.part)}: "
        sides = (_kept(duty.today, to), _kept(duty.then, to))
        yield line(0, named, *sides[0], " → ", *sides[1], Cited.of(duty.cites))


def _kept(verdict: Verdict | None, to: Language) -> tuple[Part, ...]:
    """Whether a duty is kept."""
    return ("–",) if verdict is None else (Mark(mark(verdict)), f" {kept(verdict, to.lang)}")


def _ban(each: BanDifference, to: Language) -> Iterator[Line]:
    """A ban of both answers, or how they differ in it; and the categories that it makes vain in
    either."""
    told = [ban for ban in (each.today, each.then) if ban is not None]
    *_, last = told
    if len({ban.certainty for ban in told}) == 1 and len(told) == 2:
        yield line(0, Mark(ban_sign(last)), f" {ban_text(last, to)}", Cited.of(last.cites))
    else:
        sides = _forbidden(each.today, to), _forbidden(each.then, to)
        named = f"→ {to.label(*last.named)}: "
        yield line(0, named, *sides[0], " → ", *sides[1], Cited.of(last.cites))
    today, then = _vain(each.today, to), _vain(each.then, to)
    apart = [(_today(to), today), (_then(to), then)]
    for lead, said in apart if today != then else [("", then)]:
        if said:
            yield line(2, Lead("· "), lead + said)


def _forbidden(ban: Ban | None, to: Language) -> tuple[Part, ...]:
    """Whether something is forbidden, or perhaps is."""
    if ban is None:
        return ("–",)
    surely = ban.certainty == Certainty.SURELY
    said = word(Verdict.PROHIBITED, to.lang) if surely else perhaps_forbidden(to)
    return Mark(ban_sign(ban)), f" {said}"


def _vain(ban: Ban | None, to: Language) -> str:
    """The categories whose papers a ban makes vain."""
    return vain_text(ban.in_vain, ban.certainty, to) if ban is not None and ban.in_vain else ""


def _today(to: Language) -> str:
    """What stands before what holds as the app is."""
    return to.pick("现在: ", "today: ")


def _then(to: Language) -> str:
    """What stands before what would hold."""
    return to.pick("假如: ", "then: ")


def _category(each: CategoryDifference, to: Language) -> Iterator[Line]:
    yield line(
        0,
        "→" if each.changed else Listed("="),
        f" {to.both('category', each.category)}: ",
        *_verdict(each.today, to, each.vain_today),
        " → ",
        *_verdict(each.then, to, each.vain_then),
    )
    for lead, documents in (
        (to.pick("不再需要补", "no longer to provide"), each.gone),
        (to.pick("还需补", "also to provide"), each.come),
    ):
        for needed in documents:
            named = to.official("document", needed.document)
            also = "" if to.zh else f" ({to.label('document', needed.document)})"
            yield line(6, f"{lead}: 《{named}》{also}")


def _verdict(verdict: Verdict | None, to: Language, vain: bool = False) -> tuple[Part, ...]:
    if verdict is None:
        return ("–",)
    said = [word(verdict, to.lang)] + [service_forbidden(to)] * vain
    return Mark(mark(verdict)), f" {to.pick(',', ', ').join(said)}"


def what_if_json(found: WhatIf) -> Json:
    """The two answers of `kb what-if`, and a row for each category of either."""
    to = Language(found.today.lang, found.today.names)
    return {
        "today": answer_json(found.today),
        "then": answer_json(found.then),
        "differences": [_difference(each, to) for each in found.differences],
        **({"bans_today": bans_json(found.bans_today, to)} if found.bans_today else {}),
        **({"bans_then": bans_json(found.bans_then, to)} if found.bans_then else {}),
    }


def _difference(each: CategoryDifference, to: Language) -> Json:
    return {
        "category": to.official("category", each.category),
        "id": each.category,
        "today": str(each.today) if each.today is not None else None,
        "then": str(each.then) if each.then is not None else None,
        "missing_today": [to.official("document", d.document) for d in each.missing_today],
        "missing_then": [to.official("document", d.document) for d in each.missing_then],
        **({"in_vain_today": True} if each.vain_today else {}),
        **({"in_vain_then": True} if each.vain_then else {}),
    }
