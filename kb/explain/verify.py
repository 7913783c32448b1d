"""Repairs verified on the profile, and searched further where one change asks for another.

Repairs are looked for in the model of the app as it is. There a category that it does not need yet
lacks no document, and an alternative that is closed waits for no other condition. So a repair that
does not suffice is searched again, with its changes in the profile. The smallest candidate is taken
next each time, so repairs are found in the order of their sizes.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from heapq import heappop, heappush
from typing import TypeAlias

from kb.engines.protocol import Model
from kb.explain.abduction import Abduction
from kb.explain.apply import applied
from kb.explain.assumptions import LEAVES, Limit, consistent
from kb.explain.goal import Goal
from kb.explain.repair import (
    Effect,
    ProfileChange,
    ProvideDocument,
    Rank,
    Repair,
    StateAttribute,
)
from kb.explain.spelling import as_values, spelled_out
from kb.lang.syntax import Value
from kb.model.apps import App, said_of, stated_of
from kb.model.entities import Tally, tallies
from kb.model.outcomes import Between

MOST = 10
"""Repairs that are given."""
MOST_TRIED = 60
"""Profiles that are tried before the search ends."""

STRAIGHT_ON = 24
"""Extensions of one candidate that are tried where no way that keeps all services was found."""

Rivals: TypeAlias = list[Repair]
"""Repairs that state other values of the same attributes, the best first."""


@dataclass(frozen=True)
class Verified:
    """A repair after which the goal holds, and what holds of the app then."""

    repair: Repair
    model: Model


@dataclass(order=True)
class Candidates:
    """Rivals that are left to try, and those of them that `failed`: where none suffices, each is
    searched again. `extended`: they come from such a second search."""

    rank: Rank
    rivals: Rivals = field(compare=False)
    failed: Rivals = field(compare=False)
    extended: bool = field(compare=False)


@dataclass
class Queue:
    """What is left to try, the smallest first."""

    _heap: list[Candidates] = field(default_factory=list)

    def add(self, rivals: Rivals, failed: Rivals, extended: bool) -> None:
        """Add rivals to try; where none is left, each that failed for a second search."""
        if rivals:
            heappush(self._heap, Candidates(rivals[0].rank, rivals, failed, extended))
            return
        for repair in failed:
            # What comes of it has one change more at least, and takes longer to find.
            size, *_, keys = repair.rank
            rank = size + 1, True, True, keys
            heappush(self._heap, Candidates(rank, [], [repair], extended))

    def take(self) -> Candidates | None:
        """What to try next; None when nothing is left."""
        return heappop(self._heap) if self._heap else None


@dataclass
class RepairSearch:
    """Finds the repairs of a goal that does not hold: at most `most`, by trying at most
    `most_tried` profiles, and some more where all that was found gives up a service.
    `limit.reached` says afterwards whether some may be left out, and `in_vain` has what holds after
    those that hand in papers of a category whose services are then surely forbidden: they are no
    repairs."""

    goal: Goal
    most: int = MOST
    most_tried: int = MOST_TRIED
    limit: Limit = field(default_factory=Limit)
    in_vain: list[Model] = field(default_factory=list)
    _tried: int = 0
    _found: list[Verified] = field(default_factory=list)
    _seen: set[frozenset[Effect]] = field(default_factory=set)
    _trials: dict[Repair, tuple[App, Model] | None] = field(default_factory=dict)

    def run(self, model: Model) -> tuple[Verified, ...]:
        """The repairs that were found, in the order of `Repair.nearness`. `model` is that of the
        app, with `LEAVES`."""
        queue = Queue()
        for rivals in self._abduced(self.goal.app, model):
            queue.add(self._unseen(rivals), [], False)
        while (entry := queue.take()) is not None:
            first, *others = entry.rivals or entry.failed
            if self._covered(first):
                if entry.rivals:
                    queue.add(others, entry.failed, entry.extended)
            elif len(self._found) >= self.most or self._tried >= self.most_tried:
                self.limit.reached = True
                break
            elif not entry.rivals:
                for more in self._extensions(first):
                    queue.add(more, [], True)
            elif (verified := self._verified(first)) is None:
                queue.add(others, [*entry.failed, first], entry.extended)
            else:
                idle = entry.extended or self._doubled(first) or self._dated(first)
                self._found.append(self._without_idle(verified) if idle else verified)
        if self.limit.reached and all(one.repair.gives_up for one in self._found):
            self._found += self._straight_on(model)
        minimal = _minimal(sorted(self._found, key=lambda one: one.repair.rank))
        return tuple(sorted(minimal, key=lambda one: one.repair.nearness))[: self.most]

    def _straight_on(self, model: Model) -> Iterator[Verified]:
        """A repair that keeps all services, for an app that is too large to try all: the nearest
        candidate, extended by what it still lacks, the nearest first, until one suffices."""
        found = self._keeping(self._abduced(self.goal.app, model, keeping=True))
        todo, met = found[:1], {one.effect for one in found[:1]}
        for _ in range(STRAIGHT_ON):
            if not todo:
                return
            nearest = todo.pop(0)
            if (verified := self._verified(nearest)) is not None:
                yield self._without_idle(verified)
                return
            more = self._keeping(self._all_extensions(nearest, keeping=True))
            todo = _nearest_first([*todo, *(one for one in more if one.effect not in met)])
            met.update(one.effect for one in more)

    def _keeping(self, candidates: Iterable[Rivals]) -> Rivals:
        """The candidates that give up no service, the nearest first."""
        return _nearest_first(one for rivals in candidates for one in rivals if not one.gives_up)

    def _verified(self, repair: Repair) -> Verified | None:
        """Whether the goal holds with these changes in the profile."""
        trial = self._trial(repair)
        if trial is None or not self.goal.holds_in(trial[1]):
            return None
        _, model = trial
        papers = any(isinstance(change, ProvideDocument) for change in repair.changes)
        if papers and self.goal.in_vain(model):
            self.in_vain.append(model)
            return None
        return Verified(repair, model)

    def _trial(self, repair: Repair) -> tuple[App, Model] | None:
        """The app with these changes in its profile and what holds of it; None where they can not
        be. It is kept: one that does not suffice is searched again."""
        if repair not in self._trials:
            changed = self._applied(repair.changes)
            made = (changed, self.goal.model(changed, *LEAVES)) if changed is not None else None
            self._trials[repair] = made
        trial = self._trials[repair]
        self._tried += trial is not None
        return trial

    def _applied(self, changes: Sequence[ProfileChange]) -> App | None:
        if any(map(self._contradicted, changes)):
            return None
        return applied(self.goal.app, changes, self.goal.base)

    def _contradicted(self, change: ProfileChange) -> bool:
        """Whether it states a number that the known apps of the entity rule out."""
        tally = self._tallies.get(change.subject) if isinstance(change, StateAttribute) else None
        if tally is None:
            return False
        return not all(tally.least <= int(each) <= tally.most for each in change.values)

    @cached_property
    def _tallies(self) -> dict[str, Tally]:
        """The numbers that are reckoned over the apps of the app's entity, whatever it states."""
        app, vocabulary = self.goal.app, self.goal.base.facts.vocabulary
        found = tallies(app.name, said_of(app, vocabulary), app.entity, vocabulary)
        return {tally.attribute: tally for tally in found}

    def _doubled(self, repair: Repair) -> bool:
        """Whether it provides a document and a narrower kind of it, which does for both."""
        changes = (one for one in repair.changes if isinstance(one, ProvideDocument))
        documents = {change.need.document for change in changes}
        above = self.goal.base.facts.vocabulary.above
        return any(wide in documents for one in documents for wide in above(one))

    def _dated(self, repair: Repair) -> bool:
        """Whether it states a day: one that lets nothing be asked for yet does nothing beside the
        papers that will be."""
        attributes = self.goal.base.facts.vocabulary.attributes
        stated = (one for one in repair.changes if isinstance(one, StateAttribute))
        return any(attributes[change.attribute].type == "day" for change in stated)

    def _without_idle(self, verified: Verified) -> Verified:
        """The repair without changes that the others make idle, days first."""
        changes = verified.repair.changes
        for change in sorted(changes, key=lambda one: not self._dated(Repair((one,)))):
            rest = tuple(other for other in verified.repair.changes if other != change)
            verified = (self._verified(Repair(rest)) if rest else None) or verified
        return verified

    def _covered(self, repair: Repair) -> bool:
        """Whether it makes all changes of a repair that is found already."""
        return any(one.repair.effect <= repair.effect for one in self._found)

    def _abduced(self, app: App, model: Model, *, keeping: bool = False) -> list[Rivals]:
        """The repairs that a model shows, not yet verified."""
        base = self.goal.base
        abduction = Abduction(base.prover(model), base.needs, self._stateable, self.limit, keeping)
        sets = abduction.explaining(self.goal.relation, self.goal.pattern)
        return spelled_out(sets, app, base.conditions_on(self.goal.as_of), self.limit)

    def _stateable(self, attribute: str) -> Iterator[tuple[Value, ...]]:
        base = self.goal.base
        if attribute in base.facts.vocabulary.attributes:
            yield from map(as_values, base.conditions.told_apart(attribute, ()))

    def _extensions(self, repair: Repair) -> list[Rivals]:
        """The repair together with what is still missing after its changes, where it is new."""
        return [self._unseen(rivals) for rivals in self._all_extensions(repair)]

    def _all_extensions(self, repair: Repair, *, keeping: bool = False) -> list[Rivals]:
        """The repair together with what is still missing after its changes."""
        trial = self._trial(repair)
        found = self._abduced(*trial, keeping=keeping) if trial is not None else []
        return [[one for more in rivals if (one := self._joined(repair, more))] for rivals in found]

    def _unseen(self, rivals: Rivals) -> Rivals:
        """Those that have not been met yet: several repairs may be extended by the same one."""
        new = [repair for repair in rivals if repair.effect not in self._seen]
        self._seen.update(repair.effect for repair in new)
        return sorted(new, key=lambda repair: repair.rank)

    def _joined(self, repair: Repair, more: Repair) -> Repair | None:
        """Both repairs together: what the second states of an attribute replaces what the first
        states; None where they contradict each other, or state what the profile states."""
        stated = {
            change.attribute: set(change.values)
            for change in more.changes
            if isinstance(change, StateAttribute)
        }
        profile = stated_of(self.goal.app, self.goal.base.facts.vocabulary)
        said = ((q, have) for q, have in profile.items() if not isinstance(have, Between))
        if any(set(as_values(have)) == stated.get(q) for q, have in said):
            return None
        earlier = {
            change
            for change in repair.changes
            if not isinstance(change, StateAttribute) or change.attribute not in stated
        }
        denied = {
            change.attribute
            for change in repair.changes
            if isinstance(change, StateAttribute) and not change.unknown
        }
        later = {self._as_of_profile(change, denied) for change in more.changes}
        whole = earlier | later
        return Repair.of(whole) if consistent(whole) else None

    def _as_of_profile(self, change: ProfileChange, denied: Container[str]) -> ProfileChange:
        """A change found in the model of a changed app: whether it contradicts a statement is asked
        of the profile itself, of which the first change `denied` some attributes."""
        if not isinstance(change, StateAttribute):
            return change
        if change.attribute in denied:
            return replace(change, unknown=False)
        said = stated_of(self.goal.app, self.goal.base.facts.vocabulary)
        silent = change.attribute not in said and change.attribute != "platform"
        return replace(change, unknown=True) if silent else change


def _nearest_first(repairs: Iterable[Repair]) -> Rivals:
    return sorted(repairs, key=lambda one: (one.nearness, one.rank))


def _minimal(found: list[Verified]) -> Iterator[Verified]:
    """Those whose changes are not all made by another, and of equal ones the first; not those that
    state more values of the same attributes than another."""
    for n, one in enumerate(found):
        effect = one.repair.effect
        if not any(
            other.repair.effect < effect
            or (other.repair.effect == effect and m < n)
            or _says_less(other.repair, one.repair)
            for m, other in enumerate(found)
        ):
            yield one


def _says_less(one: Repair, other: Repair) -> bool:
    """Whether one makes the same changes as another, with fewer of the values that it states."""
    fewer, more = (
        {(what, subject): values for what, subject, values in each.effect} for each in (one, other)
    )
    return (
        fewer.keys() == more.keys()
        and fewer != more
        and all(values <= more[key] and (values or not more[key]) for key, values in fewer.items())
    )
