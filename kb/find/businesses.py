"""A text that tells of several businesses, cut into the words on each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from kb.find.filler import denies
from kb.find.finder import MOST as SHOWN
from kb.find.finder import Candidate, Finder, owned
from kb.find.grammar import HELD, POINTED, PROCEDURE, REFUSED
from kb.find.rank import SIDE_TOPICS

MOST = 6
"""Businesses that are told apart in one text."""
LEADING = 0.55
"""The share of the best score from which a candidate of a piece may be what it means."""
CLEARLY = 0.5
"""The least score of each side of `和`: people and things that take part score less."""
PUNCTUATION = re.compile(r"[,，、;；。.!！?？\n\r]+")
OFFERED = r"(?:卖|做|开|办|教|租|提供|经营|销售|出租|代理|修)"
FURTHER = re.compile(
    rf"^\s*(?:(?:既|还|也|又|再|并|并且|顺便|顺带)(?:还|也|想|要|会|可以|能|有)*{OFFERED}"
    r"|还有|另有|另外|以及|同时|外加|再加上|加上|兼营|兼做|兼卖"
    rf"|(?:我们?|公司)?(?:想|要)?{OFFERED}(?!了|过|完)"
    r"|(?:and|also|plus)\b)",
    re.IGNORECASE,
)
"""How a piece begins that tells of something else that is offered."""
WITHIN = re.compile(
    rf"(?=还(?:有|{OFFERED}))|(?=又{OFFERED})|(?=(?:以及|另外|外加|再加上|兼营|兼做|兼卖|顺便))|和|与|及(?!格|时)|"
    r"\s+(?:and|plus)\s+",
    re.IGNORECASE,
)
"""Where a piece without a denial may go over to something else."""
ASIDE = re.compile(
    rf"{POINTED.pattern}|{REFUSED.pattern}|{PROCEDURE.pattern}|{HELD.pattern}|只|仅|不需要|为什么"
)
"""A piece that tells of how, or of what hinders, and of no further business."""


@dataclass(slots=True)
class _Part:
    words: str
    meant: set[str]
    """The services that the words may mean."""


def businesses(finder: Finder, text: str) -> list[str]:
    """The words on each business of a text, in its order; the whole text where there is one."""
    found = told_apart(finder, text)
    return found if 1 < len(found) <= MOST else [text]


def told_apart(finder: Finder, text: str) -> list[str]:
    """The words of a text on each business that is understood.

    A piece is a further business where it says so (`还有`, `卖`) or is the name of a service, is
    understood alone, and no piece before it may mean the same service.
    """
    parts: list[_Part] = []
    for piece, further in _pieces(finder, text):
        leading = {service.id for each in _leading(finder, piece) for service in each.services}
        same = next((part for part in parts if not part.meant.isdisjoint(leading)), None)
        if same is not None:
            same.words += f",{piece}"
            same.meant |= leading
        elif leading and (further or not parts) and not ASIDE.search(piece):
            parts.append(_Part(piece, leading))
        elif parts and _leading(finder, joined := f"{parts[-1].words},{piece}"):
            parts[-1].words = joined
    return [part.words for part in parts]


def found_together(
    finder: Finder, text: str, account: str | None = None, limit: int = SHOWN
) -> list[Candidate]:
    """The candidates of a text, best first; of one that tells of several businesses at least the
    best of each, so that none is crowded out by the others."""
    found = finder.find(text, account, limit)
    each = told_apart(finder, text)[:MOST]
    understood = any(not one.weak for one in found)
    # What nobody takes in, beside what is understood, does not hide it.
    if len(each) < 2:
        return found if understood or not each else finder.find(each[0], account, limit)
    kept = [one for one in found if not one.weak]
    best = [one for words in each for one in finder.find(words, account, 1) if not one.weak]
    held = {one.category for one in kept}
    absent = [one for one in dict.fromkeys(best) if one.category not in held][:limit]
    return [*kept[: max(0, limit - len(absent))], *absent] or found


def _pieces(finder: Finder, text: str) -> list[tuple[str, bool]]:
    """The pieces of a text, and whether each may tell of something else than the one before."""
    found: list[tuple[str, bool]] = []
    for mark, piece in _punctuated(text):
        further = mark == "、" or FURTHER.match(piece) is not None
        kept = [(piece, further or bool(finder.called(piece)))]
        if not denies(piece) and not ASIDE.search(piece):
            inside = [part for part in WITHIN.split(piece) if part.strip()]
            clearly = list(map(partial(_clearly, finder), inside))
            sides = zip(clearly, inside, strict=True)
            # All sides must be understood alone: `医生和患者` is one thing.
            if len(inside) > 1 and (
                all(clearly)
                or (any(clearly) and all(c or forbidden(finder, side) for c, side in sides))
            ):
                kept = [(inside[0], kept[0][1]), *((part, True) for part in inside[1:])]
        found.extend(kept)
    return found


def _punctuated(text: str) -> list[tuple[str, str]]:
    """The pieces between marks, each with the mark before it."""
    found, mark, at = [], "", 0
    for end in (*PUNCTUATION.finditer(text), None):
        piece = text[at : end.start() if end else len(text)].strip()
        if piece:
            found.append((mark, piece))
        if end:
            mark, at = end[0], end.end()
    return found


def forbidden(finder: Finder, words: str) -> bool:
    """Whether words name something that no category takes in."""
    return bool(set(finder.parse(words).outside.values()) - SIDE_TOPICS)


def _clearly(finder: Finder, piece: str) -> bool:
    return any(each.score >= CLEARLY for each in _leading(finder, piece))


def _leading(finder: Finder, piece: str) -> Sequence[Candidate]:
    found = owned([each for each in finder.find(piece) if not each.weak and each.touched])
    return [each for each in found if each.score >= LEADING * found[0].score]
