"""What an app is forbidden, told before the papers that it would hand in: words and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kb.answers.answer import Answer
from kb.base.bans import Ban, InVain
from kb.base.results import Certainty
from kb.model.data import Json
from kb.render.language import Language
from kb.render.outline import EMPTY, Cited, Lead, Line, Mark, line
from kb.render.shared_json import cites_json
from kb.render.words import word


def bans_lines(bans: Iterable[Ban], to: Language) -> Iterator[Line]:
    """Each ban with its line, and the categories whose papers it makes vain."""
    for ban in bans:
        yield line(0, Mark(ban_sign(ban)), f" {ban_text(ban, to)}", Cited.of(ban.cites))
        if ban.in_vain:
            yield line(2, Lead("· "), vain_text(ban.in_vain, ban.certainty, to))


def ban_sign(ban: Ban) -> str:
    """The mark of a ban: whether it surely binds the app."""
    return "⊘" if ban.certainty == Certainty.SURELY else "?"


def ban_text(ban: Ban, to: Language) -> str:
    """What is forbidden, or perhaps is, and how the text counts that says so."""
    if ban.service:
        return f"{word('not_supported', to.lang)}: {to.label('service', ban.service)}"
    surely = ban.certainty == Certainty.SURELY
    lead = to.pick("禁止", "prohibited") if surely else perhaps_forbidden(to)
    return f"{lead} ({word(ban.standing, to.lang)}): {to.label('part', ban.part)}"


def perhaps_forbidden(to: Language) -> str:
    """What stands before a prohibition of which it is open whether it binds the app."""
    return to.pick("可能禁止", "perhaps forbidden")


def service_forbidden(to: Language) -> str:
    """What is said beside a category whose papers a ban surely makes vain."""
    return to.pick("服务被禁止", "its service is forbidden")


def vain_text(categories: Iterable[str], certainty: Certainty, to: Language) -> str:
    """The categories whose papers a ban makes vain."""
    names = to.listed([to.both("category", each) for each in categories])
    if certainty == Certainty.SURELY:
        return to.pick(
            f"不得提供这样的服务,不必为它准备材料:{names}",
            f"the service may not be offered, no papers are to be provided for it: {names}",
        )
    return to.pick(
        f"如被禁止,不必为它准备材料:{names}",
        f"if it is forbidden, no papers are to be provided for it: {names}",
    )


def vain_lines(answer: Answer, to: Language) -> Iterator[Line]:
    """Before the documents to provide: what is perhaps forbidden, and the categories for which
    nothing is to be provided, since what they are for is forbidden."""
    found: dict[InVain, list[str]] = {}
    for category in answer.categories:
        for note in category.notes:
            if isinstance(note, InVain):
                found.setdefault(note, []).append(category.category)
    if found:
        yield EMPTY
    for note, among in found.items():
        said, lines = vain_text(among, note.certainty, to), Cited.of(note.cites)
        if note.certainty == Certainty.SURELY:
            # The ban itself stands above, with its words.
            yield line(0, Mark("⊘"), f" {said}", lines)
        else:
            what = f" {perhaps_forbidden(to)}: {to.label('part', note.part)}"
            yield line(0, Mark("?"), what, lines)
            yield line(2, Lead("· "), said)


def bans_json(bans: Iterable[Ban], to: Language) -> list[Json]:
    """Bans as JSON."""
    return [
        {
            "id": ban.named[1],
            "kind": ban.named[0],
            "what": to.label(*ban.named),
            "certainty": str(ban.certainty),
            "standing": str(ban.standing),
            "in_vain": [
                {"category": to.official("category", each), "id": each} for each in ban.in_vain
            ],
            "sources": cites_json(ban.cites),
        }
        for ban in bans
    ]
