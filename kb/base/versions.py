"""Which versions of categories and which provisions of texts stand on a day, and which versions
supersede others, as the rules decide."""

from __future__ import annotations

from collections.abc import Collection, Set
from typing import TYPE_CHECKING

from kb.base.kept import fixed_rows
from kb.base.results import Certainty

if TYPE_CHECKING:
    from kb.base.core import Core

GOALS = ("stands", "supersedes", "part_stands")
"""What is asked of the rules."""


def standing_on(base: Core, day: int) -> dict[str, Certainty]:
    """The readings that stand on a day (a day number), and whether each surely or perhaps does.

    Keys are ids of readings, in the order of the fact files.

    >>> from kb.base.loading import load
    >>> standing_on(load(), 20220101)["wechat-education-2021/education-information"]
    <Certainty.SURELY: 'surely'>
    """
    model = base.engine.evaluate({"question_day": [("", day)]}, ["stands"])
    certainty = {str(version): Certainty(str(how)) for _, version, _, how in model["stands"]}
    return {id: certainty[id] for id in sorted(certainty, key=base.reading_order.__getitem__)}


def provisions_on(base: Core, day: int) -> dict[str, Certainty]:
    """The parts of texts that count on a day (a day number), whoever asks and wherever, and whether
    each surely or perhaps does; drafts among them."""
    model = base.engine.evaluate({"question_day": [("", day)]}, ["part_stands"])
    return {str(part): Certainty(str(how)) for _, part, how in model["part_stands"]}


def superseding(base: Core) -> frozenset[tuple[str, str]]:
    """Pairs of readings, the later one first, of which the later takes the place of the earlier.

    All pairs are there, also those that have a third reading between them. They are the same for
    every app, so that they are kept and the engine need not be loaded for them.
    """
    rows = fixed_rows(base, "supersedes")
    return frozenset((str(later), str(earlier)) for later, earlier in rows)


def direct(pairs: Set[tuple[str, str]], among: Collection[str]) -> frozenset[tuple[str, str]]:
    """The pairs of some versions (ids of readings, the later one first) that have no third of these
    versions between them.

    >>> sorted(direct({("c", "b"), ("b", "a"), ("c", "a")}, "abc"))
    [('b', 'a'), ('c', 'b')]
    """
    earlier: dict[str, set[str]] = {}
    for new, old in pairs:
        if new in among and old in among:
            earlier.setdefault(new, set()).add(old)
    return frozenset(
        (new, old)
        for new, olds in earlier.items()
        for old in olds
        if not any(old in earlier.get(between, ()) for between in olds)
    )
