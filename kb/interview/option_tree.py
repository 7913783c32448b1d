"""What may be answered, as a tree: long lists are opened branch by branch, ten lines at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.model.names import Term

MOST_LISTED = 10
"""Lines of one screen."""


@dataclass(frozen=True, slots=True)
class OptionTree:
    """An option with the narrower ones below it; without an option, what else there is."""

    option: Term | None
    narrower: tuple[OptionTree, ...] = ()

    def __len__(self) -> int:
        """The options in it."""
        return (self.option is not None) + sum(map(len, self.narrower))

    def __bool__(self) -> bool:
        return True


def option_trees(
    options: Sequence[Term], above: Callable[[str], Iterable[str]], first: Sequence[str] = ()
) -> tuple[OptionTree, ...]:
    """The options as a tree, each in it once: under the nearest of its wider kinds (`above`), the
    nearest first.

    With `first`, these options alone are the tops, in this order, and what belongs under none of
    them stands together at the end.
    """
    ids = {term.id for term in options}
    tops = [id for id in first if id in ids]
    under: dict[str | None, list[Term]] = {}
    for term in options:
        if term.id in tops:
            continue
        wider = [wide for wide in above(term.id) if wide in ids]
        top = next((wide for wide in wider if wide in tops), None)
        if top is not None:
            # Between the two, only what belongs under the same top.
            wider = [wide for wide in wider if wide == top or top in above(wide)]
        under.setdefault(wider[0] if wider else None, []).append(term)

    def branch(term: Term) -> OptionTree:
        return OptionTree(term, tuple(map(branch, under.get(term.id, ()))))

    rest = tuple(map(branch, under.get(None, ())))
    if not tops:
        return rest
    named = {term.id: term for term in options}
    found = tuple(branch(named[id]) for id in tops)
    return (*found, OptionTree(None, rest)) if rest else found


def screen(listed: Sequence[OptionTree]) -> tuple[OptionTree, ...]:
    """What is shown at a time: what is left over stands in a last branch that opens it."""
    if len(listed) <= MOST_LISTED:
        return tuple(listed)
    kept = listed[: MOST_LISTED - 1]
    left = [*listed[MOST_LISTED - 1 :]]
    if left[-1].option is None:
        left[-1:] = left[-1].narrower
    return (*kept, OptionTree(None, tuple(left)))


def opened(branch: OptionTree) -> tuple[OptionTree, ...]:
    """The screen behind a branch: its own option first, then the narrower ones."""
    own = (OptionTree(branch.option),) if branch.option is not None else ()
    return screen((*own, *branch.narrower))


def in_order(listed: Iterable[OptionTree], depth: int = 0) -> Iterator[tuple[int, Term]]:
    """All options of a tree with how deep each stands."""
    for branch in listed:
        if branch.option is not None:
            yield depth, branch.option
        yield from in_order(branch.narrower, depth + (branch.option is not None))
