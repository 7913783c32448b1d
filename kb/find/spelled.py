"""Services that a text calls by a whole name, in one word or in the words that make it up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kb.find.finder import Candidate, Finder
from kb.find.parse import Match
from kb.find.places import any_of, pieces_of


def spelled(finder: Finder, text: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates of whose services a piece of a text says a whole name, with these services
    first: the words may stand in any order and with others between them (`寄养三只宠物`)."""
    said = {id for piece in pieces_of(text) for id in _services(finder, piece)}
    return _with(candidates, said)


def called(finder: Finder, text: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates one of whose services, of a layer beside the first, a piece of a text is the
    whole name of, with these services first."""
    pieces = pieces_of(text)
    return _with(candidates, {id for piece in pieces for id in finder.called(piece, own=True)})


def _with(candidates: Sequence[Candidate], ids: set[str]) -> list[Candidate]:
    found = []
    for each in candidates:
        first = [service for service in each.services if service.id in ids]
        if first:
            rest = [service for service in each.services if service.id not in ids]
            found.append(replace(each, services=(*first, *rest), named=True))
    return found


def _services(finder: Finder, piece: str) -> Iterator[str]:
    """The services (ids) that have a name which the words of a piece make up."""
    index = finder.index
    words = {match.words for match in finder.parse(piece).matches if _counts(match)}
    if not words:
        return
    one = any_of(words)
    whole = re.compile(rf"(?:{one})(?: ?(?:{one}))*")
    for name, units in index.exact.items():
        if whole.fullmatch(name):
            numbers = (index.units[unit][1] for unit in units)
            yield from (index.services[n][0] for n in numbers if n >= 0)


def _counts(match: Match) -> bool:
    return not match.slip and (match.share >= 1 or not match.primary)
