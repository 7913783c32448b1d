"""Bundles: the smallest, cheapest or fastest sets of documents, found by clingo's optimisation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from kb.answers.prices import Prices
from kb.model.requirements import Need

if TYPE_CHECKING:
    import clingo

# Of each list one choice is taken. A group is a document of a holder, whatever the count and words.
_PICK = """
1 { pick(R, A) : choice(R, A) } 1 :- choice(R, _).
group(G, N) :- pick(_, A), lacks(A, G, N).
K { take(S, I) : member(S, I, _, _) } K :- pick(_, A), some(A, S, K).
group(G, N) :- take(S, I), member(S, I, G, N).
wanted(G) :- group(G, _).
copies(G, N) :- wanted(G), N = #max { M : group(G, M) }.
"""
# One category may ask for more of a document than another accepts: that is the last thing to pick.
_LIMITS = ":~ copies(G, N), pick(_, A), most(A, G, M), M < N. [1@11, G]\n"
_SURE = ":~ pick(R, A), doubtful(A). [1@10, R, A]\n"
# What is best; ties are broken by the number of documents, of copies, and by the source's order.
_BEST = {
    "fewest": "",
    # What is not priced is never the cheapest for it, what is not timed never the fastest.
    # decision: unpriced-is-never-cheapest
    "cheapest": ":~ copies(G, N), not cost(G, _), have(G, H), H < N. [1@9, G]\n"
    ":~ copies(G, N), cost(G, C), have(G, H), H < N. [C*(N-H)@8, G]\n",
    "fastest": ":~ wanted(G), not days(G, _). [1@9, G]\n"
    "slowest(D) :- D = #max { 0; L : wanted(G), days(G, L) }.\n:~ slowest(D). [D@8]\n",
}
_LEVEL = {"fewest": 4, "cheapest": 8, "fastest": 8}
_TIES = """
:~ wanted(G). [1@4, G]
:~ copies(G, N). [N@2, G]
:~ pick(R, A), rank(A, K). [K@1, R]
:~ take(S, I). [I@0, S, I]
#show pick/2.
#show take/2.
"""
MOST = 1_000
"""Inclusion-minimal bundles that are listed."""
LOOKED_AT = 512
"""Picks that are looked through for others that are as small."""
FEW = 32
"""Picks that are looked through one by one: a solver takes longer to start."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An alternative that may complete a reading: what it lacks, whether it is usable for sure, and
    of which further needs it lacks `some`: so many of these."""

    name: str
    lacks: frozenset[Need]
    doubtful: bool = False
    some: tuple[tuple[int, tuple[Need, ...]], ...] = ()

    @property
    def first(self) -> Choice:
        """The choice with the first of the needs of which it lacks some."""
        more = (need for count, needs in self.some for need in needs[:count])
        return Choice(self.name, self.lacks.union(more), self.doubtful)


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
) -> Bundle:
    """The choices, one of each reading, that together are the `fewest` different documents, the
    `cheapest` or the `fastest`; choices that are usable for sure go before doubtful ones.

    Needs for the same document of the same holder are one document; the larger count is taken.
    When the best is not proven within `limit` seconds, the best so far comes back with
    `optimal=False` and a bound.

    >>> one = Choice("a", frozenset({Need("licence")}))
    >>> best([[one], [one]]).needs
    (Need(document='licence', holder='applicant', at_least=1, must_state=()),)
    """
    lists = narrowed([reading for reading in readings if reading], by, prices or Prices())
    plain = not any(choice.some for reading in lists for choice in reading)
    if plain and all(len(reading) == 1 for reading in lists):
        picks = tuple(reading[0] for reading in lists)
        return Bundle(picks, merged(picks))
    if plain and by == "fewest" and prod(map(len, lists)) <= FEW:
        picks = tuple(choice for _, choice in min(product(*map(enumerate, lists)), key=_cost))
        return Bundle(picks, merged(picks))
    names, facts, _ = _facts(lists, prices or Prices())
    found: list[clingo.Symbol] = []
    control = _control(_PICK + _LIMITS + _SURE + _BEST[by] + _TIES + facts, "--opt-mode=opt")
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
        bound = counts.get(_LEVEL[by], 0)
    picks = _taken(names, found) or _greedy(lists)
    return Bundle(picks, merged(picks), proven, bound)


def narrowed(readings: Sequence[Sequence[Choice]], by: str, prices: Prices) -> list[list[Choice]]:
    """The readings with only those needs to choose from that can be in a best bundle: of documents
    that nothing else asks for, the best ones will do. Where nothing is left to choose, none is."""
    asked: dict[tuple[str, str], int] = {}
    for choice in (choice for reading in readings for choice in reading):
        for need in (*choice.lacks, *(n for _, needs in choice.some for n in needs)):
            key = need.document, need.holder
            asked[key] = asked.get(key, 0) + 1

    def rank(need: Need) -> tuple[bool, int, int]:
        missing = need.at_least - prices.have(need)
        cost, days = prices.cost.get(need.document), prices.days.get(need.document)
        if by == "cheapest":
            return cost is None and missing > 0, (cost or 0) * missing, need.at_least
        if by == "fastest":
            return days is None, days or 0, need.at_least
        return False, 0, need.at_least

    def kept(choice: Choice) -> Choice:
        lacks, some = set(choice.lacks), []
        for count, needs in choice.some:
            shared = [n for n in needs if asked[n.document, n.holder] > 1]
            own = sorted((n for n in needs if n not in shared), key=rank)[:count]
            if shared:
                some.append((count, tuple(n for n in needs if n in shared or n in own)))
            else:
                lacks.update(own)
        return Choice(choice.name, frozenset(lacks), choice.doubtful, tuple(some))

    return [[kept(c) if c.some else c for c in reading] for reading in readings]


def equally_small(
    readings: Sequence[Sequence[Choice]], picks: Sequence[Choice]
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
    own = merged(picks)
    size = _size(picks)
    few = prod(map(len, lists)) <= LOOKED_AT
    others = product(*lists) if few else _one_replaced(lists, picks)
    found = dict.fromkeys(merged(other) for other in others if _size(other) == size)
    found.pop(own, None)
    return list(found), not few


def _one_replaced(
    lists: Sequence[Sequence[Choice]], picks: Sequence[Choice]
) -> Iterator[tuple[Choice, ...]]:
    for at, reading in enumerate(lists):
        for choice in reading:
            yield (*picks[:at], choice, *picks[at + 1 :])


def _size(picks: Iterable[Choice]) -> tuple[int, int, int, int]:
    """What decides between choices before the order of the source does."""
    *size, _ = _cost((0, choice) for choice in picks)
    return size[0], size[1], size[2], size[3]


def _cost(picks: Iterable[tuple[int, Choice]]) -> tuple[int, int, int, int, int]:
    """What `_LIMITS`, `_SURE` and `_TIES` say of choices with their ranks, in the order in which it
    counts."""
    doubtful = rank = 0
    copies: dict[tuple[str, str], int] = {}
    most: dict[tuple[str, str], int] = {}
    for place, choice in picks:
        doubtful += choice.doubtful
        rank += place
        for need in choice.lacks:
            key = need.document, need.holder
            copies[key] = max(copies.get(key, 0), need.at_least)
            if need.at_most:
                most[key] = min(most.get(key, need.at_most), need.at_most)
    beyond = sum(copies[key] > limit for key, limit in most.items())
    return beyond, doubtful, len(copies), sum(copies.values()), rank


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


def minimal(readings: Sequence[Sequence[Choice]], limit: float = 5.0) -> tuple[Bundle, ...]:
    """All bundles of which no document can be left out, the smallest first; at most `MOST`.

    Found one by one: each new one must leave out a document of every one before.
    """
    lists = [reading for reading in readings if reading]
    names, facts, groups = _facts(lists, Prices())
    seen: dict[frozenset[int], Bundle] = {}
    control = _control(_PICK + _TIES + facts, "--opt-mode=opt")
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
        picks = _taken(names, found)
        wanted = frozenset(groups[need] for choice in picks for need in choice.lacks)
        seen[wanted] = Bundle(picks, merged(picks))
        if not wanted:
            break
        part = f"blocked{len(seen)}"
        body = ", ".join(f"wanted({g})" for g in sorted(wanted & numbers))
        control.add(part, [], f":- {body}.")
        control.ground([(part, [])])
    return tuple(seen.values())


def merged(picks: Sequence[Choice]) -> tuple[Need, ...]:
    """The needs of all choices, one a document and holder: the largest count, all the words, the
    smallest limit."""
    found: dict[tuple[str, str], Need] = {}
    for need in (n for choice in picks for n in sorted(choice.lacks)):
        key = need.document, need.holder
        have = found.get(key, need)
        words = tuple(sorted({*have.must_state, *need.must_state}))
        each = have.each or need.each
        limits = [limit for limit in (have.at_most, need.at_most) if limit]
        count = max(have.at_least, need.at_least)
        found[key] = Need(*key, count, words, each, min(limits, default=0))
    return tuple(sorted(found.values()))


def _control(program: str, *options: str) -> clingo.Control:
    # Imported late: most questions have nothing to choose.
    import clingo

    # Core-guided optimisation: it proves in milliseconds what branch and bound does not in seconds,
    # and has a bound to show when it is stopped. Cores are made as small as they can be, and not
    # kept disjoint: with prices, which differ much, that decides between 0.1 and 5 seconds.
    search = (
        "--opt-strategy=usc,oll,stratify",
        "--opt-usc-shrink=min",
        "--configuration=trendy",
    )
    control = clingo.Control([*options, *search], logger=lambda *_: None)
    control.add("base", [], program)
    control.ground([("base", [])])
    return control


def _taken(names: Sequence[Choice], found: Iterable[clingo.Symbol]) -> tuple[Choice, ...]:
    """The picks of a model, each with what was taken of the needs of which it lacks some."""
    picks: list[int] = []
    taken: dict[int, list[int]] = {}
    for symbol in found:
        one, other = (argument.number for argument in symbol.arguments)
        if symbol.name == "pick":
            picks.append(other)
        else:
            taken.setdefault(one, []).append(other)
    numbers = _some(names)
    made = []
    for a in sorted(picks):
        more = (
            names[a].some[at][1][n]
            for at in range(len(names[a].some))
            for n in taken.get(numbers[a, at], ())
        )
        made.append(Choice(names[a].name, names[a].lacks.union(more), names[a].doubtful))
    return tuple(made)


def _some(names: Sequence[Choice]) -> dict[tuple[int, int], int]:
    """A number for each set of needs of which a choice lacks some."""
    places = [(a, at) for a, choice in enumerate(names) for at in range(len(choice.some))]
    return {place: number for number, place in enumerate(places)}


def _facts(
    readings: Sequence[Sequence[Choice]], prices: Prices
) -> tuple[list[Choice], str, dict[Need, int]]:
    """The choices by number, the facts for clingo (numbers only, no text), and group numbers."""
    numbers: dict[tuple[str, str], int] = {}
    every = [choice for reading in readings for choice in reading]
    needs = sorted(
        {
            need
            for choice in every
            for need in (*choice.lacks, *(n for _, some in choice.some for n in some))
        }
    )
    groups = {n: numbers.setdefault((n.document, n.holder), len(numbers)) for n in needs}
    names: list[Choice] = []
    facts: list[str] = list(_priced(groups, prices))
    for r, reading in enumerate(readings):
        for rank, choice in enumerate(reading):
            a = len(names)
            names.append(choice)
            facts.append(f"choice({r},{a}). rank({a},{rank}).")
            if choice.doubtful:
                facts.append(f"doubtful({a}).")
            facts.extend(f"lacks({a},{groups[n]},{n.at_least})." for n in sorted(choice.lacks))
            limited = sorted(n for n in choice.lacks if n.at_most)
            facts.extend(f"most({a},{groups[n]},{n.at_most})." for n in limited)
    for (a, at), number in _some(names).items():
        count, some = names[a].some[at]
        facts.append(f"some({a},{number},{count}).")
        facts.extend(f"member({number},{i},{groups[n]},{n.at_least})." for i, n in enumerate(some))
    open_ = ("some/3", "member/4", "doubtful/1", "lacks/3", "most/3", "cost/2", "have/2", "days/2")
    declared = "".join(f"#defined {name}.\n" for name in open_)
    return names, declared + "\n".join(facts) + "\n", groups


def _priced(groups: Mapping[Need, int], prices: Prices) -> Iterator[str]:
    have: dict[int, int] = {}
    for need, number in groups.items():
        # Copies count for what is asked for together only where they count for each.
        held = 0 if need.must_state else prices.held.get((need.document, need.holder), 0)
        have[number] = min(held, have.get(number, held))
        if need.document in prices.cost:
            yield f"cost({number},{prices.cost[need.document]})."
        if need.document in prices.days:
            yield f"days({number},{prices.days[need.document]})."
    for number, copies in have.items():
        yield f"have({number},{copies})."
