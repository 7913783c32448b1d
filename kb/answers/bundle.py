"""The smallest set of documents over all required categories, found by clingo's optimisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.model.requirements import Need

# Of each list one choice is taken. Doubtful choices are avoided first, then the number of
# different documents counts, then the number of copies, then the order of the source.
_PROGRAM = """
1 { pick(R, A) : choice(R, A) } 1 :- choice(R, _).
group(G, N) :- pick(_, A), lacks(A, G, N).
:~ pick(R, A), doubtful(A). [1@4, R, A]
:~ group(G, _). [1@3, G]
:~ group(G, _), N = #max { M : group(G, M) }. [N@2, G]
:~ pick(R, A), rank(A, K). [K@1, R]
#show pick/2.
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """An alternative that may complete a reading: what it lacks, and whether it is usable for
    sure."""

    name: str
    lacks: frozenset[Need]
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Bundle:
    """The choice taken for each reading, the needs of all together, and whether less is proven
    impossible."""

    picks: tuple[Choice, ...]
    needs: tuple[Need, ...]
    optimal: bool = True


def smallest(readings: Sequence[Sequence[Choice]], limit: float = 5.0) -> Bundle:
    """The choices, one of each reading, that together lack the fewest documents.

    Needs for the same document of the same holder are one document; the larger count is taken.
    When the best is not proven within `limit` seconds, the best so far comes back with
    `optimal=False`.
    """
    open_readings = [reading for reading in readings if reading]
    if all(len(reading) == 1 for reading in open_readings):
        picks = tuple(reading[0] for reading in open_readings)
        return Bundle(picks, merged(picks))
    # Imported late: most questions have nothing to choose.
    import clingo

    groups = _groups(open_readings)
    facts = []
    names: list[Choice] = []
    for r, reading in enumerate(open_readings):
        for rank, choice in enumerate(reading):
            a = len(names)
            names.append(choice)
            facts.append(f"choice({r},{a}). rank({a},{rank}).")
            if choice.doubtful:
                facts.append(f"doubtful({a}).")
            facts.extend(f"lacks({a},{groups[need]},{need.at_least})." for need in choice.lacks)
    control = clingo.Control(["--opt-mode=opt", "--configuration=tweety"], logger=lambda *_: None)
    control.add("base", [], _PROGRAM + "".join(facts))
    control.ground([("base", [])])
    best: list[int] = []
    proven = False

    def on_model(model: clingo.Model) -> None:
        nonlocal best
        best = [symbol.arguments[1].number for symbol in model.symbols(shown=True)]

    with control.solve(on_model=on_model, async_=True) as handle:
        if not handle.wait(limit):
            handle.cancel()
        proven = bool(handle.get().exhausted)
    picks = tuple(names[a] for a in sorted(best))
    return Bundle(picks, merged(picks), proven)


def _groups(readings: Sequence[Sequence[Choice]]) -> dict[Need, int]:
    """Needs that one document of one holder meets share a number."""
    numbers: dict[tuple[str, str], int] = {}
    needs = sorted({need for reading in readings for choice in reading for need in choice.lacks})
    return {need: numbers.setdefault((need.document, need.holder), len(numbers)) for need in needs}


def merged(picks: Sequence[Choice]) -> tuple[Need, ...]:
    """The needs of all choices, one a document and holder: the largest count, all the words."""
    found: dict[tuple[str, str], Need] = {}
    for need in (n for choice in picks for n in sorted(choice.lacks)):
        key = need.document, need.holder
        have = found.get(key, need)
        words = tuple(sorted({*have.must_state, *need.must_state}))
        found[key] = Need(*key, max(have.at_least, need.at_least), words)
    return tuple(sorted(found.values()))
