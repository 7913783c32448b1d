"""Profiles as they could be: an app with a document more, a service less, another value stated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import product

from kb.base.conditions import FAILED, MET, OPEN, Conditions
from kb.explain.repair import Limit, Missing, Supply, Way, least, possible
from kb.lang.syntax import Value
from kb.model.apps import App, Holding, Stated
from kb.model.days import date
from kb.model.facts import FactBase
from kb.model.requirements import Need
from kb.model.schema import Attribute, Test
from kb.model.vocabulary import values

MOST_SPELLED = 12
"""Profiles that one way may stand for."""


def spelled_out(
    ways: Iterable[Missing], app: App, conditions: Conditions, limit: Limit
) -> list[list[Missing]]:
    """The ways with each condition replaced by what a profile would state for it, so that one value
    that settles several conditions counts once. A list for each way and what it speaks of, of the
    profiles that it may stand for; those with the least missing first."""
    listed = list(ways)
    tests: dict[str, set[str]] = {}
    for supply in (s for way in listed for s in way.supplies if s.on_condition):
        for at, test in enumerate(conditions.facts.vocabulary.conditions[supply.subject].tests, 1):
            tests.setdefault(test.attribute, set()).add(f"{supply.subject}#{at}")
    spelled = [
        list(_concrete(frozenset(w.supplies), app, conditions, tests, limit)) for w in listed
    ]
    every = Limit(sum(map(len, spelled)))
    kept = set(least((way for ways in spelled for way in ways), every))
    groups: dict[tuple[int, frozenset[tuple[str, str]]], list[Missing]] = {}
    for n, concrete in enumerate(spelled):
        for way in kept & set(concrete):
            named = frozenset((supply.what, supply.subject) for supply in way)
            groups.setdefault((n, named), []).append(Missing(tuple(sorted(way))))
        kept -= set(concrete)
    ranked = [sorted(group, key=Missing.rank) for group in groups.values()]
    return sorted(ranked, key=lambda group: group[0].rank())


def _concrete(
    way: Way, app: App, conditions: Conditions, tests: Mapping[str, set[str]], limit: Limit
) -> Iterator[Way]:
    plain = frozenset(supply for supply in way if not supply.on_condition)
    branches: list[list[list[tuple[Test, str]]]] = []
    for supply in sorted(way - plain):
        every = conditions.facts.vocabulary.conditions[supply.subject].tests
        if supply.what == "condition":
            branches.append([[(test, MET) for test in every]])
        else:
            branches.append([[(test, FAILED)] for test in every])
    made = 0
    for branch in product(*branches):
        wanted: dict[str, list[tuple[Test, str]]] = {}
        for test, outcome in (one for part in branch for one in part):
            wanted.setdefault(test.attribute, []).append((test, outcome))
        options = [
            _statements(attribute, wanted[attribute], app, conditions, tests[attribute])
            for attribute in sorted(wanted)
        ]
        for choice in product(*options):
            whole = plain.union(*choice)
            if possible(whole):
                if made == MOST_SPELLED:
                    limit.reached = True
                    return
                yield whole
                made += 1


def _statements(
    attribute: str,
    wanted: list[tuple[Test, str]],
    app: App,
    conditions: Conditions,
    tests: set[str],
) -> list[Way]:
    """What to state of an attribute so that its tests come out as wanted."""
    have = app.stated.get(attribute)
    # decision: unsaid-platform-is-wechat
    if attribute == "platform" and have is None:
        have = ("wechat",)

    def fits(stated: Stated | None) -> bool:
        return all(conditions.outcome(test, stated) == outcome for test, outcome in wanted)

    if fits(have):
        return [frozenset()]
    if attribute == "services":
        return list(_services(wanted, app, conditions))
    # Said to be otherwise of one test is said to be otherwise.
    unknown = all(conditions.outcome(test, have) in (OPEN, outcome) for test, outcome in wanted)
    state = "unknown" if unknown else "failed"
    return [
        frozenset({Supply("state", attribute, state, as_value(stated))})
        for stated in conditions.told_apart(attribute, tests, have)
        if fits(stated)
    ]


def _services(wanted: list[tuple[Test, str]], app: App, conditions: Conditions) -> Iterator[Way]:
    """Services to offer or to drop: they come one by one."""
    offered = app.services or ()
    options: list[list[Way]] = []
    for test, outcome in wanted:
        if conditions.outcome(test, app.services) == outcome:
            continue
        if outcome == MET:
            options.append([frozenset({Supply("offer", value)}) for value in test.any_of])
        else:
            doing = (s for s in offered if conditions.outcome(test, (s,)) != FAILED)
            options.append([frozenset(Supply("drop", service) for service in doing)])
    for choice in product(*options):
        yield frozenset[Supply]().union(*choice)


def as_value(stated: Stated) -> tuple[str | int, ...]:
    """What is stated as the value of a supply."""
    return (stated,) if isinstance(stated, int) else stated


def supplied(
    app: App, supplies: Iterable[Supply], facts: FactBase, needs: Mapping[str, Need]
) -> App | None:
    """The app with everything supplied; None when a supply has no meaning for a profile. `needs`
    maps need ids to needs."""
    for supply in supplies:
        match supply.what:
            case "document" if supply.subject in needs:
                app = with_document(app, needs[supply.subject])
            case "offer":
                app = with_services(app, (*(app.services or ()), supply.subject))
            case "drop":
                app = with_services(app, [s for s in app.services or () if s != supply.subject])
            case "state" if supply.subject in facts.vocabulary.attributes:
                stated = _stated(facts.vocabulary.attributes[supply.subject], supply.value, facts)
                if stated is None:
                    return None
                app = with_stated(app, supply.subject, stated)
            case _:
                return None
    return app


def _stated(attribute: Attribute, value: tuple[Value, ...], facts: FactBase) -> Stated | None:
    """What a profile would state; None for what its attribute can not be."""
    if attribute.type in ("day", "number"):
        [number] = value
        if not isinstance(number, int):
            return None
        try:
            return number if attribute.type == "number" or date(number) else None
        except ValueError:
            return None
    known = values(facts.vocabulary, attribute)
    return tuple(map(str, value)) if all(each in known for each in value) else None


def with_document(app: App, need: Need) -> App:
    """The app holding what a need asks for."""
    held = Holding(need.document, need.at_least, need.holder, need.must_state or None)
    return replace(app, holds=(*app.holds, held))


def with_services(app: App, services: Iterable[str]) -> App:
    return with_stated(app, "services", tuple(dict.fromkeys(services)))


def with_stated(app: App, attribute: str, stated: Stated) -> App:
    """The app with another value of an attribute."""
    return replace(app, stated={**app.stated, attribute: stated})
