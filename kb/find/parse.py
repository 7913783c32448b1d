"""A text becomes a query: the terms that stand in it, what it leaves out, what nothing names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kb.find.folding import at_boundary, clauses, folded, is_latin
from kb.find.grammar import NEGATION, NO_NEGATION, SILENT, facets
from kb.find.index import Index
from kb.find.slips import SOUND, Slips

INNER = 0.45
"""What a term inside a longer one counts, for its share of the longer one."""
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
    for clause in clauses(plain):
        kept, left = _negation(clause)
        for part in kept:
            _read(part, index, slips, query)
        for part in left:
            apart = Query(part)
            _read(part, index, slips, apart)
            query.negated.extend(apart.matches)
    return query


def _negation(clause: str) -> tuple[list[str], list[str]]:
    """A clause without what it leaves out, and what it leaves out."""
    shields = [m.span() for m in NO_NEGATION.finditer(clause)]
    start = 0
    while found := NEGATION.search(clause, start):
        if any(a <= found.start() < b for a, b in shields):
            start = found.start() + 1
            continue
        group = "except" if found["except"] else "not"
        left = found[group]
        rest = clause[found.end() :] if group == "except" else ""
        return [p for p in (clause[: found.start()], rest) if p], [left]
    return [clause], []


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
                _unknown(words, index, slips, query)


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


def _inner(words: str, index: Index) -> Iterator[Match]:
    """The terms inside a term, each for its share."""
    size = len(words)
    for start in range(size):
        for stop in range(start + 2, size + 1):
            part = words[start:stop]
            if stop - start < size and part in index.number and part not in SILENT:
                if at_boundary(words, start, stop):
                    share = INNER * (stop - start) / size
                    yield Match(index.number[part], share, part, primary=False)


def _unknown(run: str, index: Index, slips: Slips, query: Query) -> None:
    """A run without a known word: perhaps a slip."""
    for word in run.split():
        if word.isascii():
            if not word.isdigit():
                query.content += min(len(word), 4)
                found = slips.letters(word)
                query.matches.extend(Match(term, share, word) for term, share in found)
                query.unknown.extend([] if found else [word])
            continue
        query.content += len(word)
        taken: tuple[int, int] | None = None
        for start, end, term in slips.same_sound(word):
            if taken in (None, (start, end)):
                taken = (start, end)
                query.matches.append(Match(term, SOUND, index.terms[term]))
        if taken is None:
            query.unknown.append(word)
        else:
            query.unknown.extend(p for p in (word[: taken[0]], word[taken[1] :]) if len(p) > 1)
