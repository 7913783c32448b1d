"""A text becomes a query: the terms that stand in it, what it leaves out, what nothing names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from kb.find.filler import about_owner
from kb.find.folding import clauses, folded
from kb.find.grammar import (
    AGAINST,
    NEGATION,
    NO_NEGATION,
    PARAPHRASES,
    POINTED,
    PROCEDURE,
    REFUSED,
    SILENT,
)
from kb.find.index import Index
from kb.find.segment import inner, inside_term, segments
from kb.find.slips import SOUND, SOUND_ALONE, Slips
from kb.find.traits import asked

INNER = 0.45
"""What a term inside a longer one counts, for its share of the longer one."""
MOST_LATIN = 5
"""Unknown Latin words after which slips are no longer looked for."""
NEAR = 3
"""Characters beside an unknown run that may belong to a slip with one wrong character."""
STRESS, DOUBT = 1.35, 0.5
"""What the words of a clause count that tells what decides, or what the app can not get."""


@dataclass(frozen=True, slots=True)
class Match:
    """A term that stands in the text, how much it counts there, and the words of the text."""

    term: int
    share: float
    words: str
    primary: bool = True
    slip: bool = False
    """Whether the text has but what sounds or looks like the words."""


@dataclass(slots=True)
class Query:
    """What a text asks for. `silent` runs hold no word that is known."""

    text: str
    matches: list[Match] = field(default_factory=list)
    negated: list[Match] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    outside: dict[str, str] = field(default_factory=dict)
    traits: frozenset[str] = frozenset()
    content: int = 0
    """Characters that are neither silent nor left out."""


def parse(text: str, index: Index, slips: Slips) -> Query:
    """The query that a text states."""
    plain = folded(text, index.simplified)
    query = Query(plain, traits=asked(plain))
    if plain in SILENT and plain in index.number:
        query.matches.append(Match(index.number[plain], 1.0, plain))
        query.content = len(plain)
    told = clauses(plain)
    for clause in [each for each in told if not about_owner(each)] or told:
        first = len(query.matches)
        kept, left = _negation(clause, index)
        for part in kept:
            _read(part, index, slips, query)
            query.matches.extend(_paraphrased(part, index))
        weight = STRESS if POINTED.search(clause) else DOUBT if REFUSED.search(clause) else 1.0
        if weight != 1.0:
            query.matches[first:] = [
                replace(match, share=match.share * weight) for match in query.matches[first:]
            ]
        for part in left:
            apart = Query(part)
            _read(part, index, slips, apart)
            query.negated.extend(apart.matches)
    if AGAINST.search(plain):
        query.outside.clear()
    elif question := PROCEDURE.search(plain):
        query.outside.setdefault(question[0], "procedure")
    return query


def _negation(clause: str, index: Index) -> tuple[list[str], list[str]]:
    """The parts of a clause that it asks for, and those that it leaves out."""
    shields = [m.span() for m in NO_NEGATION.finditer(clause)]
    kept: list[str] = []
    left: list[str] = []
    done = start = 0
    while found := NEGATION.search(clause, start):
        at = found.start()
        if any(a <= at < b for a, b in shields) or inside_term(clause, at, index):
            start = at + 1
            continue
        kept.append(clause[done:at])
        left.append(found["except"] or found["but"] or found["not"] or "")
        done = start = found.end()
    kept.append(clause[done:])
    return [part for part in kept if part], [part for part in left if part]


def _read(text: str, index: Index, slips: Slips, query: Query) -> None:
    pieces = list(segments(text, index))
    for n, (start, end, kind) in enumerate(pieces):
        words = text[start:end]
        match kind:
            case "term":
                query.content += min(4, end - start) if words.isascii() else end - start
                query.matches.append(Match(index.number[words], 1.0, words))
                query.matches.extend(
                    Match(number, INNER * len(part) / len(words), part, primary=False)
                    for number, part in inner(words, index)
                )
            case "outside":
                query.content += end - start
                query.outside[words] = index.outside[words]
                if words in index.number:
                    query.matches.append(Match(index.number[words], 0.5, words))
            case "unknown":
                _unknown(text, (start, end), _beside(pieces, n), index, slips, query)


def _paraphrased(text: str, index: Index) -> Iterator[Match]:
    for pattern, word in PARAPHRASES:
        found = pattern.search(text)
        if found and word in index.number and word not in text:
            yield Match(index.number[word], 1.0, word)


def _beside(pieces: list[tuple[int, int, str]], n: int) -> tuple[int, int]:
    """The stretch of an unknown piece with the silent pieces that touch it."""
    start, end, _ = pieces[n]
    if n and pieces[n - 1][2] == "silent":
        start = pieces[n - 1][0]
    if n + 1 < len(pieces) and pieces[n + 1][2] == "silent":
        end = pieces[n + 1][1]
    return start, end


def _unknown(
    text: str,
    piece: tuple[int, int],
    beside: tuple[int, int],
    index: Index,
    slips: Slips,
    query: Query,
) -> None:
    """A run without a known word: perhaps a slip, together with silent words beside it."""
    start, end = piece
    run = text[start:end].strip()
    if run.isascii():
        _unknown_latin(run, slips, query)
        return
    query.content += len(run)
    first, last = min(beside[0], max(0, start - NEAR)), max(beside[1], end + NEAR)
    taken: tuple[int, int] | None = None
    for begins, ends, term in slips.same_sound(text[first:last]):
        place = first + begins, first + ends
        word = index.terms[term]
        alike = sum(map(str.__eq__, word, text[place[0] : place[1]]))
        near = (beside[0] <= place[0] and place[1] <= beside[1]) or 2 < len(word) == alike + 1
        # Two characters in the middle of a longer word sound like many things: 火箭发射 is no 剪发.
        near = near and not (len(word) == 2 and start < place[0] and place[1] < end)
        if near and taken in (None, place) and place[0] < end and place[1] > start:
            taken = place
            query.matches.append(Match(term, SOUND if alike else SOUND_ALONE, word, slip=True))
    if taken is None:
        for term, likeness in slips.one_off(text, start, end):
            query.matches.append(Match(term, likeness, index.terms[term], slip=True))
            taken = start, end
    left = (run,) if taken is None else (text[start : taken[0]], text[taken[1] : end])
    query.unknown.extend(part for part in left if len(part) > 1 or taken is None)


def _unknown_latin(run: str, slips: Slips, query: Query) -> None:
    for word in run.split():
        if not word.isdigit():
            query.content += min(len(word), 4)
            found = slips.letters(word) if len(query.unknown) < MOST_LATIN else []
            query.matches.extend(Match(term, share, word, slip=True) for term, share in found)
            query.unknown.extend([] if found else [word])
