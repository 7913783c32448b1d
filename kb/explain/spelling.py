"""Conditions spelled out: assumptions about conditions become what a profile would state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import TypeAlias

from kb.base.conditions import Conditions
from kb.explain.assumptions import (
    Assumptions,
    FailCondition,
    Limit,
    MeetCondition,
    consistent,
    smallest,
)
from kb.explain.repair import (
    DropService,
    OfferService,
    ProfileChange,
    Repair,
    StateAttribute,
    change_order,
)
from kb.lang.syntax import Value
from kb.model.apps import App, Stated, stated_of
from kb.model.outcomes import FAILED, MET, OPEN, Between, Known
from kb.model.terms import Test

MOST_SPELLED = 12
"""Profiles that one set of assumptions may stand for."""

Changes: TypeAlias = frozenset[ProfileChange]
Outcome: TypeAlias = tuple[Test, str]
"""A test of a condition, and how it should come out: met or failed."""


def spelled_out(
    sets: Iterable[Assumptions], app: App, conditions: Conditions, limit: Limit
) -> list[list[Repair]]:
    """Repairs that the sets of assumptions stand for: each condition is replaced by statements, so
    that one value that decides several conditions counts once.

    Gives a list for each set and for what its repairs change: rivals that state other values of the
    same attributes. The best stand first, in each list and among the lists.
    """
    listed = list(sets)
    tests: dict[str, set[str]] = {}
    for each in (e for one in listed for e in one):
        if isinstance(each, MeetCondition | FailCondition):
            for name, test in conditions.tests(each.condition).items():
                tests.setdefault(test.attribute, set()).add(name)
    spelled = [list(_spelled(one, app, conditions, tests, limit)) for one in listed]
    unlimited = Limit(sum(map(len, spelled)))
    kept = set(smallest((one for some in spelled for one in some), unlimited))
    groups: dict[tuple[int, frozenset[tuple[str, str]]], list[Repair]] = {}
    for n, some in enumerate(spelled):
        for one in kept & set(some):
            changed = frozenset((change.what, change.subject) for change in one)
            groups.setdefault((n, changed), []).append(Repair.of(one))
        kept -= set(some)
    ranked = [sorted(group, key=lambda repair: repair.rank) for group in groups.values()]
    return sorted(ranked, key=lambda group: group[0].rank)


def _spelled(
    assumptions: Assumptions,
    app: App,
    conditions: Conditions,
    tests: Mapping[str, set[str]],
    limit: Limit,
) -> Iterator[Changes]:
    changes: set[ProfileChange] = set()
    branches: list[list[list[Outcome]]] = []
    for each in sorted(assumptions, key=change_order):
        match each:
            case MeetCondition(condition) | FailCondition(condition):
                met = isinstance(each, MeetCondition)
                branches.append(
                    [
                        [(conditions.test(name), MET if so else FAILED) for name, so in way]
                        for way in conditions.ways(condition, met)
                    ]
                )
            case _:
                changes.add(each)
    made = 0
    for branch in product(*branches):
        wanted: dict[str, list[Outcome]] = {}
        for test, outcome in (one for part in branch for one in part):
            wanted.setdefault(test.attribute, []).append((test, outcome))
        options = [
            _statements(attribute, wanted[attribute], app, conditions, tests[attribute])
            for attribute in sorted(wanted)
        ]
        for choice in product(*options):
            whole = frozenset(changes).union(*choice)
            if consistent(whole):
                if made == MOST_SPELLED:
                    limit.reached = True
                    return
                yield whole
                made += 1


def _statements(
    attribute: str,
    wanted: list[Outcome],
    app: App,
    conditions: Conditions,
    tests: set[str],
) -> list[Changes]:
    """What to state of an attribute so that its tests come out as wanted."""
    have = stated_of(app, conditions.facts.vocabulary).get(attribute)
    # decision: unsaid-platform-is-wechat
    if attribute == "platform" and have is None:
        have = ("wechat",)

    def fits(stated: Known | None) -> bool:
        return all(conditions.outcome(test, stated) == outcome for test, outcome in wanted)

    if fits(have):
        return [frozenset()]
    if attribute == "services":
        return list(_services(wanted, app, conditions))
    # One test that comes out otherwise contradicts the profile.
    unknown = all(conditions.outcome(test, have) in (OPEN, outcome) for test, outcome in wanted)
    found = [each for each in conditions.told_apart(attribute, tests, have) if fits(each)]
    if isinstance(have, Between):  # of numbers those go first that nothing contradicts
        contradict = [each for each in found if isinstance(each, int) and each not in have]
        unknown = len(contradict) < len(found)
        found = [each for each in found if each not in contradict] if unknown else found
    return [frozenset({StateAttribute(attribute, as_values(each), unknown)}) for each in found]


def _services(wanted: list[Outcome], app: App, conditions: Conditions) -> Iterator[Changes]:
    """Services to offer or to drop: they come one by one."""
    options: list[list[Changes]] = []
    for test, outcome in wanted:
        if conditions.outcome(test, app.services) == outcome:
            continue
        if outcome == MET:
            options.append([frozenset({OfferService(value)}) for value in test.any_of])
        else:
            meeting = (s for s in app.services or () if conditions.outcome(test, (s,)) != FAILED)
            options.append([frozenset(map(DropService, meeting))])
    for choice in product(*options):
        yield frozenset[ProfileChange]().union(*choice)


def as_values(stated: Stated) -> tuple[Value, ...]:
    """What a profile states of an attribute, as the values of a change."""
    return (stated,) if isinstance(stated, int) else stated
