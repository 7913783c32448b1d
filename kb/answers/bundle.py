"""Bundles: the smallest, cheapest or fastest sets of documents, found by clingo's optimisation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from math import prod
from time import monotonic
from typing import TYPE_CHECKING

from kb.answers.bundle_program import (
    BEST,
    LEVEL,
    LIMITS,
    PICK,
    SURE,
    TIES,
    control_of,
    facts_of,
    needs_of,
    taken,
)
from kb.answers.choices import Choice, Some
from kb.answers.copies import Apart, Copies, never
from kb.answers.prices import Prices
from kb.model.requirements import Need

if TYPE_CHECKING:
    import clingo

MOST = 1_000
"""Inclusion-minimal bundles that are listed."""
LOOKED_AT = 512
"""Picks that are looked through for others that are as small."""
FEW = 32
"""Picks that are looked through one by one: a solver takes longer to start."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The choice taken for each reading and the needs of all together.

    `optimal` says that nothing better is possible; where that is not proven, `bound` is a value
    that the first criterion (different documents, cents or days) can not go below.
    """

    picks: tuple[Choice, ...]
    needs: tuple[Need, ...]
    optimal: bool = True
    bound: int | None = None


def best(
    readings: Sequence[Sequence[Choice]],
    by: str = "fewest",
    prices: Prices | None = None,
    limit: float = 5.0,
    apart: Apart = never,
) -> Bundle:
    """The choices, one of each reading, that together are the `fewest` different documents, the
    `cheapest` or the `fastest`; choices that are usable for sure go before doubtful ones.

    Needs for the same document of the same holder are one document, unless they are `apart`; the
    larger count is taken.
    When the best is not proven within `limit` seconds, the best so far comes back with
    `optimal=False` and a bound.

    >>> one = Choice("a", frozenset({Need("licence")}))
    >>> best([[one], [one]]).needs
    (Need(document='licence', holder='applicant', at_least=1, must_state=()),)
    """
    lists = narrowed([reading for reading in readings if reading], by, prices or Prices())
    if by == "fewest" and len(groups := unrelated([papers_of(each, apart) for each in lists])) > 1:
        # Sums are smallest where each part of them is.
        end = monotonic() + limit
        return together(
            (group, _best([lists[at] for at in group], by, None, max(end - monotonic(), 0), apart))
            for group in groups
        )
    return _best(lists, by, prices, limit, apart)


def unrelated(papers: Sequence[Collection[tuple[str, str]]]) -> list[list[int]]:
    """The places of readings in groups of which no two share a paper, by the papers of each.

    >>> unrelated([{("a", "x"), ("b", "x")}, {("c", "x")}, {("b", "x"), ("d", "x")}])
    [[1], [0, 2]]
    """
    groups: list[tuple[set[tuple[str, str]], list[int]]] = []
    for at, own in enumerate(papers):
        joined = [group for group in groups if not group[0].isdisjoint(own)]
        groups = [group for group in groups if group not in joined]
        shared = set(own).union(*(papers for papers, _ in joined))
        groups.append((shared, [*(place for _, places in joined for place in places), at]))
    return [sorted(places) for _, places in groups]


def papers_of(reading: Sequence[Choice], apart: Apart) -> set[tuple[str, str]]:
    """The documents, each with its holder, that the choices of a reading lack, and those of which
    they are kinds: a copy counts for these too."""
    return {
        (document, need.holder)
        for need in needs_of([reading])
        for document in (need.document, *apart.wider(need.document))
    }


def together(groups: Iterable[tuple[Sequence[int], Bundle]]) -> Bundle:
    """The bundles of groups of readings that share no paper as one; each group has the places of
    its readings among all."""
    picks: dict[int, Choice] = {}
    needs: list[Need] = []
    bound = 0
    optimal = True
    for places, found in groups:
        picks.update(zip(places, found.picks, strict=True))
        needs += found.needs
        optimal &= found.optimal
        bound += len(found.needs) if found.bound is None else found.bound
    ordered = tuple(picks[place] for place in sorted(picks))
    return Bundle(ordered, tuple(sorted(needs)), optimal, None if optimal else bound)


def _best(
    lists: Sequence[Sequence[Choice]],
    by: str,
    prices: Prices | None,
    limit: float,
    apart: Apart,
) -> Bundle:
    plain = not any(choice.some for reading in lists for choice in reading)
    if plain and all(len(reading) == 1 for reading in lists):
        picks = tuple(reading[0] for reading in lists)
        return Bundle(picks, merged(picks, apart))
    if plain and by == "fewest" and prod(map(len, lists)) <= FEW:
        every = Copies(needs_of(lists), apart)
        least = min(product(*map(enumerate, lists)), key=partial(_cost, copies=every))
        picks = tuple(choice for _, choice in least)
        return Bundle(picks, merged(picks, apart), every.exact)
    copies = Copies(needs_of(lists), apart)
    names, facts, _ = facts_of(lists, prices or Prices(), copies)
    found: list[clingo.Symbol] = []
    control = control_of(PICK + LIMITS + SURE + BEST[by] + TIES + facts, "--opt-mode=opt")
    levels: list[int] = []

    def on_model(model: clingo.Model) -> None:
        found[:] = model.symbols(shown=True)
        levels[:] = model.priority

    with control.solve(on_model=on_model, async_=True) as handle:
        if not handle.wait(limit):
            handle.cancel()
        proven = bool(handle.get().exhausted)
    bound = None
    if not proven:
        lower = [int(value) for value in control.statistics["summary"]["lower"]]
        counts = dict(zip(levels, lower, strict=False))
        bound = counts.get(LEVEL[by], 0)
    picks = taken(names, found) or _greedy(lists)
    return Bundle(picks, merged(picks, apart), proven and copies.exact, bound)


def narrowed(readings: Sequence[Sequence[Choice]], by: str, prices: Prices) -> list[list[Choice]]:
    """The readings with only those needs to choose from that can be in a best bundle: of documents
    that nothing else asks for, the best ones will do. Where nothing is left to choose, none is."""
    asked: dict[tuple[str, str], int] = {}
    for choice in (choice for reading in readings for choice in reading):
        for need in (*choice.lacks, *(n for some in choice.some for n in some.needs)):
            key = need.document, need.holder
            asked[key] = asked.get(key, 0) + 1

    def rank(need: Need) -> tuple[bool, int, int]:
        missing = need.copies - prices.have(need)
        cost, days = prices.cost.get(need.document), prices.days.get(need.document)
        if by == "cheapest":
            return cost is None and missing > 0, (cost or 0) * missing, need.copies
        if by == "fastest":
            return days is None, days or 0, need.copies
        return False, 0, need.copies

    def kept(choice: Choice) -> Choice:
        lacks, some = set(choice.lacks), []
        for each in choice.some:
            shared = [n for n in each.needs if asked[n.document, n.holder] > 1]
            own = sorted((n for n in each.needs if n not in shared), key=rank)[: each.count]
            if shared:
                left = tuple(n for n in each.needs if n in shared or n in own)
                some.append(Some(each.count, left, each.most))
            else:
                lacks.update(own)
        return Choice(choice.name, frozenset(lacks), choice.doubtful, tuple(some))

    return [[kept(c) if c.some else c for c in reading] for reading in readings]


def equally_small(
    readings: Sequence[Sequence[Choice]], picks: Sequence[Choice], apart: Apart = never
) -> tuple[list[tuple[Need, ...]], bool]:
    """The other sets of needs that are as small as those of the picks, and as sure, in the order of
    the source; and whether there may be more than were found.

    Where there are too many choices to look through, only one of the picks is replaced at a time.
    """
    lists = [reading for reading in readings if reading]
    if any(choice.some for reading in lists for choice in reading):
        return [], True
    if len(picks) != len(lists) or all(len(reading) == 1 for reading in lists):
        return [], False
    own, copies = merged(picks, apart), Copies(needs_of(lists), apart)
    size = _size(picks, copies)
    few = prod(map(len, lists)) <= LOOKED_AT
    others = product(*lists) if few else _one_replaced(lists, picks)
    same = (other for other in others if _size(other, copies) == size)
    found = dict.fromkeys(merged(other, apart) for other in same)
    found.pop(own, None)
    return list(found), not few


def _one_replaced(
    lists: Sequence[Sequence[Choice]], picks: Sequence[Choice]
) -> Iterator[tuple[Choice, ...]]:
    for at, reading in enumerate(lists):
        for choice in reading:
            yield (*picks[:at], choice, *picks[at + 1 :])


def _size(picks: Iterable[Choice], copies: Copies) -> tuple[int, int, int, int]:
    """What decides between choices before the order of the source does."""
    *size, _ = _cost(((0, choice) for choice in picks), copies)
    return size[0], size[1], size[2], size[3]


def _cost(picks: Iterable[tuple[int, Choice]], copies: Copies) -> tuple[int, int, int, int, int]:
    """What `LIMITS`, `SURE` and `TIES` say of choices with their ranks, in the order in which it
    counts."""
    doubtful = rank = 0
    lacks: list[Need] = []
    for place, choice in picks:
        doubtful += choice.doubtful
        rank += place
        lacks += choice.lacks
    needs = copies.merged(lacks)
    beyond = sum(0 < need.at_most < need.copies for need in needs)
    return beyond, doubtful, len(needs), sum(need.copies for need in needs), rank


def _greedy(lists: Sequence[Sequence[Choice]]) -> tuple[Choice, ...]:
    """One choice of each list, the one that adds least to those before: what is given when the
    time was not even enough for a first answer."""
    have: set[tuple[str, str]] = set()
    picks = []
    for choices in lists:
        pick = min(
            (choice.first for choice in choices),
            key=lambda c: (c.doubtful, len({(n.document, n.holder) for n in c.lacks} - have)),
        )
        have |= {(need.document, need.holder) for need in pick.lacks}
        picks.append(pick)
    return tuple(picks)


def minimal(
    readings: Sequence[Sequence[Choice]], limit: float = 5.0, apart: Apart = never
) -> tuple[Bundle, ...]:
    """All bundles of which no document can be left out, the smallest first; at most `MOST`.

    Found one by one: each new one must leave out a document of every one before.
    """
    lists = [reading for reading in readings if reading]
    copies = Copies(needs_of(lists), apart)
    names, facts, groups = facts_of(lists, Prices(), copies)
    papers = {copies.paper(need): number for need, number in groups.items()}
    seen: dict[frozenset[int], Bundle] = {}
    control = control_of(PICK + TIES + facts, "--opt-mode=opt")
    numbers = set(groups.values())
    while len(seen) < MOST:
        found: list[clingo.Symbol] = []

        def on_model(model: clingo.Model, found: list[clingo.Symbol] = found) -> None:
            found[:] = model.symbols(shown=True)

        with control.solve(on_model=on_model, async_=True) as handle:
            if not handle.wait(limit):
                handle.cancel()
                break
            if not handle.get().satisfiable:
                break
        picks = taken(names, found)
        wanted = copies.wanted(papers, (need for choice in picks for need in choice.lacks))
        seen[wanted] = Bundle(picks, merged(picks, apart))
        if not wanted:
            break
        part = f"blocked{len(seen)}"
        body = ", ".join(f"wanted({g})" for g in sorted(wanted & numbers))
        control.add(part, [], f":- {body}.")
        control.ground([(part, [])])
    return tuple(seen.values())


def merged(picks: Sequence[Choice], apart: Apart = never) -> tuple[Need, ...]:
    """The needs of all choices, one a copy: the largest count, all the words, the smallest
    limit."""
    needs = [need for choice in picks for need in choice.lacks]
    return Copies(needs, apart).merged(needs)
