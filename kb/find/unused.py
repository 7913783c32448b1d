"""The words of understood pieces of which nothing was made: each is told as not used."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from kb.find.filler import denies
from kb.find.finder import Candidate, Finder
from kb.find.folding import folded
from kb.find.grammar import REGIONS, SILENT
from kb.find.leftover import LATIN
from kb.find.parse import Match
from kb.find.places import pieces_of
from kb.find.segment import segments
from kb.find.traits import ABROAD, GENERAL, TOLD_APART

FAR = re.compile(rf"{ABROAD}|澳洲|港澳")
"""Places that say of what is offered that it is abroad."""
SHOPS = frozenset({"商城", "网店", "卖场", "专卖店", "直营店"})
"""Places of sale: they tell nothing of what is sold."""
TOWARDS = frozenset({"面向", "针对", "覆盖", "仅限", "只限", "顺便", "顺带"})
"""Words that lead over to a place, to people or to something further."""
DEED = frozenset("教租修送养借雇聘洗取")
"""Single characters that say what is done; others that nobody knows are parts of words."""
EMPTY = frozenset(
    re.findall(
        "[a-z]+",
        """who which that this these those there here where when so as if then than be been being am
        was were has had having will would should may might must let their his her them him us me
        your its own come comes go goes also just very more most all each every other into over up
        out off per via only too yes see company enterprise firm corporation
        individual individually owned business proprietor trader self employed""",
    )
)
"""English words that tell of nothing, or of who applies."""


def unused(finder: Finder, text: str, chosen: Sequence[Candidate]) -> Iterator[str]:
    """The words in a text of which nothing was made, neighbours together: those that nobody knows,
    and those that lead to none of the categories that were taken and are in no word
    that does. What leads to categories of any field alone (a shop, a platform) tells of no field,
    and one character that nobody knows is no word."""
    categories = {each.id for each in chosen}
    leads, idle = _led(finder, text, categories)
    for piece in pieces_of(text):
        yield from _latin(finder, piece, leads, categories)
        plain = folded(piece, finder.index.simplified)
        shown = piece if len(piece) == len(plain) else plain
        held = [span for word in leads for span in _spans(word, plain)]
        query = finder.parse(piece)
        words = {*query.unknown, *idle}
        spans = {span for word in words if not word.isascii() for span in _spans(word, plain)}
        cut = segments(plain, finder.index)
        if not denies(piece) and not _slipped(finder, query.matches, categories):
            # What was taken for a slip leads nowhere.
            unknown = ((start, end) for start, end, kind in cut if kind == "unknown")
            spans.update((a, b) for a, b in unknown if not plain[a:b].isascii())
        free = [
            (start, end)
            for start, end in spans
            if (end - start > 1 or plain[start] in DEED)
            and not any(a <= start and end <= b for a, b in held)
        ]
        silent = ((start, end) for start, end, kind in cut if kind == "silent")
        free += [(a, b) for a, b in silent if _elsewhere(finder, plain[a:b])]
        told = (shown[start:end] for start, end in _together(free))
        yield from (
            word for word in told if word not in SHOPS | TOWARDS and not _apart(word, chosen)
        )


def _led(finder: Finder, text: str, chosen: Collection[str]) -> tuple[list[str], list[str]]:
    """The known words of a text that lead to the categories, and those that do not."""
    index = finder.index
    leads: list[str] = []
    idle: list[str] = []
    for match in finder.parse(text).matches:
        if not match.primary or match.slip:
            continue
        led = [index.categories[number] for number in _categories(finder, match)]
        if any(id in chosen for _, id, *_ in led):
            leads.append(match.words)
        elif any(not GENERAL.search(name.casefold()) for name, *_ in led):
            idle.append(match.words)
    return leads, [word for word in idle if not any(word in each for each in leads)]


def _categories(finder: Finder, match: Match) -> list[int]:
    index = finder.index
    return [index.units[unit][0] for unit in index.postings[match.term][::2]]


def _slipped(finder: Finder, matches: Iterable[Match], chosen: Collection[str]) -> bool:
    """Whether some words sound or look like a word that leads to one of the categories."""
    index = finder.index
    slips = (match for match in matches if match.slip)
    return any(index.categories[n][1] in chosen for m in slips for n in _categories(finder, m))


def _latin(
    finder: Finder, piece: str, leads: Sequence[str], chosen: Collection[str]
) -> Iterator[str]:
    """The Latin words of a piece that lead to none of the categories, each run of them together."""
    if denies(piece):
        return
    held = (*leads, *(name.casefold() for name in finder.index.regions))
    used = {part for word in held for part in LATIN.findall(word)} | EMPTY | SILENT
    run: list[str] = []
    for word in (*re.findall(r"[A-Za-z][A-Za-z'-]+|\S", piece), ""):
        plain = folded(word, finder.index.simplified)
        known = len(plain) < 2 or not plain[:1].isalpha() or not plain.isascii() or plain in used
        matches = [] if known else finder.parse(plain).matches
        if known or _any_field(finder, matches) or _slipped(finder, matches, chosen):
            if run:
                yield " ".join(run)
            run = []
        else:
            run.append(word)


def _any_field(finder: Finder, matches: Iterable[Match]) -> bool:
    """Whether a word leads to categories of any field alone."""
    index = finder.index
    found = [n for match in matches for n in _categories(finder, match)]
    names = [index.categories[n][0].casefold() for n in found]
    return bool(names) and all(GENERAL.search(name) for name in names)


def _apart(word: str, chosen: Sequence[Candidate]) -> bool:
    """Whether a word asks for a trait by which a category or service was chosen."""
    names = [n for each in chosen for n in (each.category, *(s.zh for s in each.services[:1]))]
    asked = (trait for trait in TOLD_APART if trait.asked.search(word))
    return any(trait.shown.search(name.casefold()) for trait in asked for name in names)


def _elsewhere(finder: Finder, word: str) -> bool:
    """Whether a silent word is a town or country that is no region of the vocabulary."""
    named = len(word) > 1 and word in REGIONS and word not in finder.index.regions
    return named and not FAR.search(word)


def _spans(word: str, text: str) -> Iterator[tuple[int, int]]:
    return ((m.start(), m.end()) for m in re.finditer(re.escape(word), text))


def _together(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches that touch or overlap as one, in their order."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found
