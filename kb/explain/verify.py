"""Trying ways out on the profile, and going on where supplying one thing opens another gap.

What a way is looked for in is the model of the app as it is: a category that it does not need yet
lacks no document, and an alternative that is barred waits for no other condition. So a way that
does not do is looked into again with its supplies in the profile. Always the smallest that is
left is taken next, so the ways are found in the order of how little they miss.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from typing import TYPE_CHECKING, TypeAlias

from kb.explain.repair import Change, Limit, Missing, Supply, possible
from kb.explain.supplies import as_value, spelled_out, supplied
from kb.explain.why_not import LEAVES, Mender
from kb.lang.syntax import Value
from kb.model.apps import App
from kb.provenance.unify import Pattern

if TYPE_CHECKING:
    from kb.base.core import Core, Day
    from kb.engines.protocol import Model

MOST = 10
"""Ways that are told."""
MOST_TRIED = 60
"""Profiles that are tried before the search ends."""

Group: TypeAlias = list[Missing]
"""The profiles that one way may stand for, those with the least missing first."""


@dataclass(frozen=True)
class Done:
    """A way that does, and what holds of the app with it."""

    way: Missing
    model: Model


@dataclass(order=True)
class Open:
    """A group that is left to try. `failed` is the first of it that did not do: to be looked into
    again when nothing is left of the group. `further`: it comes from looking into another."""

    rank: tuple[int, int, tuple[Supply, ...]]
    group: Group = field(compare=False)
    failed: Missing | None = field(compare=False)
    further: bool = field(compare=False)


@dataclass
class Search:
    """What is left to try, the least that is missing first."""

    _queue: list[Open] = field(default_factory=list)

    def add(self, group: Group, failed: Missing | None, further: bool) -> None:
        if group:
            heappush(self._queue, Open(group[0].rank(), group, failed, further))
        elif failed is not None:
            # What comes of it misses one more at least, and is dearer to find.
            rank = len(failed.supplies) + 1, 2, failed.supplies
            heappush(self._queue, Open(rank, group, failed, further))

    def take(self) -> Open | None:
        return heappop(self._queue) if self._queue else None


@dataclass
class Trial:
    """A fact that does not hold for an app, and the ways that have been tried."""

    base: Core
    app: App
    as_of: Day
    drafts: bool
    relation: str
    pattern: Pattern
    most: int = MOST
    most_tried: int = MOST_TRIED
    found: list[Done] = field(default_factory=list)
    limit: Limit = field(default_factory=Limit)
    tried: int = 0
    _seen: set[frozenset[Change]] = field(default_factory=set)

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

    def ways(self, model: Model) -> tuple[Done, ...]:
        """Ways after which the fact really holds, those with the least missing first; `model` is
        that of the app with its leaves. `limit` says afterwards whether any may be left out."""
        search = Search()
        for group in self._groups(self.app, model):
            search.add(self._unseen(group), None, False)
        while (entry := search.take()) is not None:
            group, failed = entry.group, entry.failed
            first = group[0] if group else failed
            if first is None or self._covered(first):
                search.add(group[1:], failed if group else None, entry.further)
            elif len(self.found) >= self.most or self.tried >= self.most_tried:
                self.limit.reached = True
                break
            elif not group:
                for more in self._further(first):
                    search.add(more, None, True)
            elif (done := self.does(first)) is None:
                search.add(group[1:], failed or first, entry.further)
            else:
                self.found.append(self._bare(done) if entry.further else done)
        found = sorted(self.found, key=lambda done: done.way.rank())
        return tuple(
            done
            for n, done in enumerate(found)
            if not any(
                one.way.changes < done.way.changes
                or (one.way.changes == done.way.changes and m < n)
                for m, one in enumerate(found)
            )
        )

    def does(self, way: Missing) -> Done | None:
        """With this supplied the fact holds."""
        changed = self.with_(way.supplies)
        if changed is None:
            return None
        self.tried += 1
        model = self.model(changed)
        return Done(way, model) if self.fits(model) else None

    def with_(self, supplies: tuple[Supply, ...]) -> App | None:
        """The app with this supplied; None when it has no meaning for a profile."""
        return supplied(self.app, supplies, self.base.facts, self.base.needs)

    def _bare(self, done: Done) -> Done:
        """A way that does without what its later parts have made idle."""
        for supply in done.way.supplies:
            rest = tuple(other for other in done.way.supplies if other != supply)
            done = (self.does(Missing(rest)) if rest else None) or done
        return done

    def _covered(self, way: Missing) -> bool:
        """It needs all of another way that does."""
        return any(one.way.changes <= way.changes for one in self.found)

    def _groups(self, app: App, model: Model) -> list[Group]:
        """The ways that a model shows, each spelled out as the profiles it may stand for."""
        mender = Mender(self.base.prover(model), self._values, self.limit)
        found = mender.why_not(self.relation, self.pattern)
        return spelled_out(found, app, self.base.conditions, self.limit)

    def _values(self, attribute: str) -> Iterator[tuple[Value, ...]]:
        if attribute in self.base.facts.vocabulary.attributes:
            yield from map(as_value, self.base.conditions.told_apart(attribute, ()))

    def _further(self, way: Missing) -> list[Group]:
        """What is still missing after a way that does not do, together with it."""
        changed = self.with_(way.supplies)
        if changed is None:
            return []
        self.tried += 1
        groups = self._groups(changed, self.model(changed, *LEAVES))
        joined = ([one for more in group if (one := self._joined(way, more))] for group in groups)
        return [self._unseen(group) for group in joined]

    def _unseen(self, group: Group) -> Group:
        """What has not been looked at yet: several ways may open the same gap."""
        new = [way for way in group if way.changes not in self._seen]
        self._seen.update(way.changes for way in new)
        return sorted(new, key=Missing.rank)

    def _joined(self, way: Missing, more: Missing) -> Missing | None:
        """Both ways together: what the second says of an attribute takes the place of what the
        first says; None where they contradict each other or say what the profile says."""
        said = {s.subject: set(s.value) for s in more.supplies if s.what == "state"}
        if any(set(as_value(have)) == said.get(name) for name, have in self.app.stated.items()):
            return None
        earlier = {s for s in way.supplies if s.what != "state" or s.subject not in said}
        # The second knows what the first says; whether the profile says anything is another thing.
        later = {
            replace(s, state="unknown")
            if s.what == "state" and s.subject != "platform" and s.subject not in self.app.stated
            else s
            for s in more.supplies
        }
        whole = frozenset(earlier | later)
        return Missing(tuple(sorted(whole))) if possible(whole) else None
