"""Trying ways out on the profile, and going on where supplying one thing opens another gap.

What a way is looked for in is the model of the app as it is: a category that it does not need yet
lacks no document, and an alternative that is barred waits for no other condition. So a way that
does not do is looked into again with its supplies in the profile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from kb.answers.patterns import Pattern
from kb.answers.supplies import as_value, spelled_out, supplied
from kb.answers.ways import Missing, Supply, least, possible
from kb.answers.whynot import LEAVES, Mender
from kb.lang.syntax import Value
from kb.model.apps import App

if TYPE_CHECKING:
    from kb.answers.base import KnowledgeBase
    from kb.answers.core import Day
    from kb.engines.protocol import Model

MOST_TRIED = 24
"""Ways that are tried out on the profile before they are shown."""
MOST_EXPANDED = 8
"""Ways that do not do and are looked into again."""
MOST_FURTHER = 6
"""Ways that are tried for each of those."""
ENOUGH = 2
"""Ways after which nothing is looked into again."""


@dataclass
class Trial:
    """A fact that does not hold for an app, and the ways that have been tried."""

    base: KnowledgeBase
    app: App
    as_of: Day
    drafts: bool
    relation: str
    pattern: Pattern
    found: list[Missing] = field(default_factory=list)
    _seen: set[tuple[Supply, ...]] = field(default_factory=set)

    def fits(self, model: Model) -> bool:
        """The model holds such a fact."""
        return any(
            all(want in (None, have) for want, have in zip(self.pattern, row, strict=True))
            for row in model[self.relation]
        )

    def model(self, app: App, *goals: str) -> Model:
        """What holds of an app, as far as the fact rests on it."""
        rows = self.base.rows(app, self.as_of, self.drafts)
        return self.base.engine.evaluate(rows, [self.relation, *goals])

    def ways(self, model: Model, most: int) -> tuple[Missing, ...]:
        """Ways after which the fact really holds, those with the least missing first; `model` is
        that of the app with its leaves."""
        queue = [(way.rank(), way) for way in self._try(self._groups(self.app, model), MOST_TRIED)]
        queue.sort()
        plain = len(self.found)
        for _ in range(MOST_EXPANDED):
            if not queue or len(self.found) >= ENOUGH:
                break
            _, failed = heappop(queue)
            for way in self._try(self._further(failed), MOST_FURTHER):
                heappush(queue, (way.rank(), way))
        self.found[plain:] = map(self._bare, self.found[plain:])
        kept = set(least(frozenset(way.supplies) for way in self.found))
        found = {way for way in self.found if frozenset(way.supplies) in kept}
        return tuple(sorted(found, key=Missing.rank)[:most])

    def _try(self, groups: list[list[Missing]], most: int) -> list[Missing]:
        """Finds the first way of each group that does; gives the first of each that has none."""
        failed: list[Missing] = []
        for group in groups:
            first: Missing | None = None
            for way in group:
                if most == 0:
                    return failed
                if way.supplies in self._seen or self._covered(way):
                    continue
                self._seen.add(way.supplies)
                if self.does(way.supplies):
                    self.found.append(way)
                    first = None
                    break
                most -= 1
                first = first or way
            if first is not None:
                failed.append(first)
        return failed

    def does(self, supplies: tuple[Supply, ...]) -> bool:
        """With this supplied the fact holds."""
        changed = supplied(self.app, supplies, self.base.facts, self.base.needs)
        return changed is not None and self.fits(self.model(changed))

    def _bare(self, way: Missing) -> Missing:
        """A way that does without what its later parts have made idle."""
        kept = way.supplies
        for supply in way.supplies:
            rest = tuple(other for other in kept if other != supply)
            if rest and self.does(rest):
                kept = rest
        return Missing(kept)

    def _covered(self, way: Missing) -> bool:
        """It needs all of another way that does, and more."""
        return any(set(one.supplies) <= set(way.supplies) for one in self.found)

    def _groups(self, app: App, model: Model) -> list[list[Missing]]:
        """The ways that a model shows, each spelled out as the profiles it may stand for."""
        mender = Mender(self.base.prover(model), self._values)
        found = mender.why_not(self.relation, self.pattern)
        return spelled_out(found, app, self.base.conditions)

    def _values(self, attribute: str) -> Iterator[tuple[Value, ...]]:
        if attribute in self.base.facts.vocabulary.attributes:
            yield from map(as_value, self.base.conditions.told_apart(attribute, ()))

    def _further(self, way: Missing) -> list[list[Missing]]:
        """What is still missing after a way that does not do, together with it."""
        changed = supplied(self.app, way.supplies, self.base.facts, self.base.needs)
        if changed is None:
            return []
        groups = self._groups(changed, self.model(changed, *LEAVES))
        return [[one for more in group if (one := _joined(way, more))] for group in groups]


def _joined(way: Missing, more: Missing) -> Missing | None:
    """Both ways together: what the second says of an attribute takes the place of what the first
    says; None where they contradict each other."""
    said = {s.subject: s.state for s in way.supplies if s.what == "state"}
    later = {
        replace(s, state=said[s.subject]) if s.what == "state" and s.subject in said else s
        for s in more.supplies
    }
    again = {s.subject for s in later if s.what == "state"}
    earlier = {s for s in way.supplies if s.what != "state" or s.subject not in again}
    whole = frozenset(earlier | later)
    return Missing(tuple(sorted(whole))) if possible(whole) else None
