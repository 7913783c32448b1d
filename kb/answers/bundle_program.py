"""Bundles as a program for clingo: its rules, what may be picked, and what it picked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kb.answers.choices import Choice
from kb.answers.copies import Copies, Paper
from kb.answers.prices import Prices
from kb.model.requirements import Need

if TYPE_CHECKING:
    import clingo

# Of each list one choice is taken. A group is a document of a holder, whatever the count and words,
# but for needs that take copies of their own.
PICK = """
1 { pick(R, A) : choice(R, A) } 1 :- choice(R, _).
group(G, N) :- pick(_, A), lacks(A, G, N).
K { take(S, I) : member(S, I, _, _) } K :- pick(_, A), some(A, S, K).
group(G, N) :- take(S, I), member(S, I, G, N).
most_of(G, N) :- group(G, _), N = #max { M : group(G, M) }.
% Any copy does for what needs no certain one: of those it takes so many more as are lacking.
certain(G, N) :- most_of(G, _), any_copy(G), N = #sum { M, H : beside(G, H), most_of(H, M) }.
copies(G, N) :- most_of(G, N), not any_copy(G).
copies(G, N - M) :- most_of(G, N), certain(G, M), M < N.
wanted(G) :- copies(G, _), not served(G).
served(G) :- certain(G, M), 0 < M.
any_copy(G) :- beside(G, _).
"""
# One category may ask for more of a document than another accepts: that is the last thing to pick.
LIMITS = """:~ copies(G, N), pick(_, A), most(A, G, M), M < N. [1@11, G]
:~ pick(_, A), some(A, S, _), room(S, M), M < #count { I : member(S, I, G, _), wanted(G) }.
   [1@11, S]
"""
SURE = ":~ pick(R, A), doubtful(A). [1@10, R, A]\n"
# What is best; ties are broken by the number of documents, of copies, and by the source's order.
BEST = {
    "fewest": "",
    # What is not priced is never the cheapest for it, what is not timed never the fastest.
    # decision: unpriced-is-never-cheapest
    "cheapest": ":~ copies(G, N), not cost(G, _), have(G, H), H < N. [1@9, G]\n"
    ":~ copies(G, N), cost(G, C), have(G, H), H < N. [C*(N-H)@8, G]\n",
    "fastest": ":~ wanted(G), not days(G, _). [1@9, G]\n"
    "slowest(D) :- D = #max { 0; L : wanted(G), days(G, L) }.\n:~ slowest(D). [D@8]\n",
}
LEVEL = {"fewest": 4, "cheapest": 8, "fastest": 8}
TIES = """
:~ wanted(G). [1@4, G]
:~ copies(G, N). [N@2, G]
:~ pick(R, A), rank(A, K). [K@1, R]
:~ take(S, I). [I@0, S, I]
#show pick/2.
#show take/2.
"""
_OPEN = ("some/3", "member/4", "doubtful/1", "lacks/3", "most/3", "room/2", "beside/2")


def needs_of(readings: Iterable[Iterable[Choice]]) -> set[Need]:
    """All needs that the choices lack, or lack some of."""
    return {
        need
        for reading in readings
        for choice in reading
        for need in (*choice.lacks, *(n for some in choice.some for n in some.needs))
    }


def control_of(program: str, *options: str) -> clingo.Control:
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


def taken(names: Sequence[Choice], found: Iterable[clingo.Symbol]) -> tuple[Choice, ...]:
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
            names[a].some[at].needs[n]
            for at in range(len(names[a].some))
            for n in taken.get(numbers[a, at], ())
        )
        made.append(Choice(names[a].name, names[a].lacks.union(more), names[a].doubtful))
    return tuple(made)


def _some(names: Sequence[Choice]) -> dict[tuple[int, int], int]:
    """A number for each set of needs of which a choice lacks some."""
    places = [(a, at) for a, choice in enumerate(names) for at in range(len(choice.some))]
    return {place: number for number, place in enumerate(places)}


def facts_of(
    readings: Sequence[Sequence[Choice]], prices: Prices, copies: Copies
) -> tuple[list[Choice], str, dict[Need, int]]:
    """The choices by number, the facts for clingo (numbers only, no text), and group numbers."""
    numbers: dict[Paper, int] = {}
    needs = sorted(needs_of(readings))
    groups = {n: numbers.setdefault(copies.paper(n), len(numbers)) for n in needs}
    names: list[Choice] = []
    facts: list[str] = list(_priced(groups, prices))
    facts += (f"beside({any_},{certain})." for any_, certain in sorted(copies.beside(groups)))
    for r, reading in enumerate(readings):
        for rank, choice in enumerate(reading):
            a = len(names)
            names.append(choice)
            facts.append(f"choice({r},{a}). rank({a},{rank}).")
            if choice.doubtful:
                facts.append(f"doubtful({a}).")
            facts.extend(f"lacks({a},{groups[n]},{n.copies})." for n in sorted(choice.lacks))
            limited = sorted(n for n in choice.lacks if n.at_most)
            facts.extend(f"most({a},{groups[n]},{n.at_most})." for n in limited)
    for (a, at), number in _some(names).items():
        some = names[a].some[at]
        facts.append(f"some({a},{number},{some.count}).")
        listed = enumerate(some.needs)
        facts.extend(f"member({number},{i},{groups[n]},{n.copies})." for i, n in listed)
        if some.most is not None:
            facts.append(f"room({number},{some.most}).")
    open_ = (*_OPEN, "cost/2", "have/2", "days/2")
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
