"""A text becomes a query: the terms that stand in it, what it leaves out, what nothing names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from kb.find.folding import at_boundary, clauses, folded, is_latin
from kb.find.grammar import (
    AGAINST,
    NEGATION,
    NO_NEGATION,
    OPPOSITE,
    PARAPHRASES,
    POINTED,
    PROCEDURE,
    REFUSED,
    SILENT,
    facets,
)
from kb.find.index import Index
from kb.find.slips import SOUND, Slips

INNER = 0.45
"""What a term inside a longer one counts, for its share of the longer one."""
STRESS, DOUBT = 1.35, 0.5
"""What the words of a clause count that tells what decides, or what the app can not get."""
BESIDE = 2
"""Characters beside an unknown run that may belong to the same slip."""
WITHIN, NAMES = 6, 60
"""How far before a negation a term may begin that holds it, and its least weight there."""
LONGEST_SILENT = max(map(len, SILENT))


@dataclass(frozen=True, slots=True)
class Match:
    """A term that stands in the text, how much it counts there, and the words of the text."""

    term: int
    share: float
    words: str
    primary: bool = True


@dataclass(slots=True)
class Query:
    """What a text asks for. `silent` runs hold no word that is known."""

    text: str
    matches: list[Match] = field(default_factory=list)
    negated: list[Match] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    outside: dict[str, str] = field(default_factory=dict)
    facets: frozenset[str] = frozenset()
    content: int = 0
    """Characters that are neither silent nor left out."""


def parse(text: str, index: Index, slips: Slips) -> Query:
    """The query that a text states."""
    plain = folded(text, index.simplified)
    query = Query(plain, facets=facets(plain, 1))
    if plain in SILENT and plain in index.number:
        query.matches.append(Match(index.number[plain], 1.0, plain))
        query.content = len(plain)
    for clause in clauses(plain):
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
    elif asked := PROCEDURE.search(plain):
        query.outside.setdefault(asked[0], "procedure")
    return query


def _negation(clause: str, index: Index) -> tuple[list[str], list[str]]:
    """The parts of a clause that it asks for, and those that it leaves out."""
    shields = [m.span() for m in NO_NEGATION.finditer(clause)]
    kept: list[str] = []
    left: list[str] = []
    done = start = 0
    while found := NEGATION.search(clause, start):
        at = found.start()
        if any(a <= at < b for a, b in shields) or _inside_term(clause, at, index):
            start = at + 1
            continue
        kept.append(clause[done:at])
        left.append(found["except"] or found["but"] or found["not"] or "")
        done = start = found.end()
    kept.append(clause[done:])
    return [part for part in kept if part], [part for part in left if part]


def _inside_term(text: str, at: int, index: Index) -> bool:
    """Whether a place in a text lies in a term that says much: `无人机` denies nothing."""
    for start in range(max(0, at - WITHIN), at + 1):
        longest = index.longest.get(text[start], 0)
        for stop in range(max(at, start + 1) + 1, min(len(text), start + longest) + 1):
            number = index.number.get(text[start:stop])
            if number is not None and index.strength[number] >= NAMES:
                return True
    return False


def _read(text: str, index: Index, slips: Slips, query: Query) -> None:
    pieces = list(segments(text, index))
    for start, end, kind in pieces:
        words = text[start:end]
        match kind:
            case "term":
                query.content += min(4, end - start) if words.isascii() else end - start
                query.matches.append(Match(index.number[words], 1.0, words))
                query.matches.extend(_inner(words, index))
            case "outside":
                query.content += end - start
                query.outside[words] = index.outside[words]
                if words in index.number:
                    query.matches.append(Match(index.number[words], 0.5, words))
            case "unknown":
                _unknown(text, start, end, index, slips, query)


def segments(text: str, index: Index) -> list[tuple[int, int, str]]:
    """The text cut into terms, silent words and what is unknown, so that long words go first.

    A piece is worth its length to the power 1.5: a longer one outweighs shorter ones that cover
    as much.
    """
    size = len(text)
    best: list[tuple[float, int, str]] = [(0.0, size, "")] * (size + 1)
    for start in range(size - 1, -1, -1):
        end = _run(text, start)
        best[start] = (best[end][0], end, "unknown")
        longest = max(index.longest.get(text[start], 0), LONGEST_SILENT)
        for stop in range(start + 1, min(size, start + longest) + 1):
            word = text[start:stop]
            kind = _kind(word, index)
            if kind and at_boundary(text, start, stop):
                worth = (stop - start) ** 1.5 * (0.9 if kind == "silent" else 1.0)
                if kind == "term":
                    worth *= 0.6 + 0.4 * index.strength[index.number[word]] / 100
                value = worth + best[stop][0]
                if value > best[start][0]:
                    best[start] = (value, stop, kind)
    return _joined(best)


def _kind(word: str, index: Index) -> str:
    if word in index.outside:
        return "outside"
    if word in SILENT:
        return "silent"
    if word in index.number:
        return "term"
    return ""


def _run(text: str, start: int) -> int:
    """The end of a Latin word or number, or of one other character."""
    end = start + 1
    if is_latin(text[start]):
        while end < len(text) and is_latin(text[end]):
            end += 1
    return end


def _joined(best: list[tuple[float, int, str]]) -> list[tuple[int, int, str]]:
    """The pieces of the best cut; unknown ones that touch are one."""
    found: list[tuple[int, int, str]] = []
    at = 0
    while at < len(best) - 1:
        _, end, kind = best[at]
        if kind == "unknown" and found and found[-1][2] == "unknown":
            found[-1] = (found[-1][0], end, kind)
        else:
            found.append((at, end, kind))
        at = end
    return found


def _paraphrased(text: str, index: Index) -> Iterator[Match]:
    for pattern, word in PARAPHRASES:
        found = pattern.search(text)
        if found and word in index.number and word not in text:
            yield Match(index.number[word], 1.0, word)


def _inner(words: str, index: Index) -> Iterator[Match]:
    """The terms inside a term, each for its share."""
    size = len(words)
    for start in range(size):
        for stop in range(start + 2, size + 1):
            part = words[start:stop]
            known = stop - start < size and part in index.number and part not in SILENT
            known = known and (start == 0 or words[start - 1] not in OPPOSITE)
            if known and at_boundary(words, start, stop):
                share = INNER * (stop - start) / size
                yield Match(index.number[part], share, part, primary=False)


def _unknown(text: str, start: int, end: int, index: Index, slips: Slips, query: Query) -> None:
    """A run without a known word: perhaps a slip, together with what stands beside it."""
    run = text[start:end].strip()
    if run.isascii():
        for word in run.split():
            if not word.isdigit():
                query.content += min(len(word), 4)
                found = slips.letters(word)
                query.matches.extend(Match(term, share, word) for term, share in found)
                query.unknown.extend([] if found else [word])
        return
    query.content += len(run)
    first, last = max(0, start - BESIDE), min(len(text), end + BESIDE)
    taken: tuple[int, int] | None = None
    for begins, ends, term in slips.same_sound(text[first:last]):
        place = first + begins, first + ends
        if taken in (None, place) and place[0] < end and place[1] > start:
            taken = place
            query.matches.append(Match(term, SOUND, index.terms[term]))
    if taken is None:
        for term, likeness in slips.one_off(text[first:last]):
            query.matches.append(Match(term, likeness, index.terms[term]))
            taken = start, end
    left = (run,) if taken is None else (text[start : taken[0]], text[taken[1] : end])
    query.unknown.extend(part for part in left if len(part) > 1 or taken is None)
