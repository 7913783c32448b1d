"""Profiles as they could be: an app with a document more, a service less, a condition met."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import replace

from kb.answers.whynot import Supply
from kb.model.apps import App, Holding, Stated
from kb.model.days import number
from kb.model.facts import FactBase
from kb.model.requirements import Need
from kb.model.schema import Attribute, Test
from kb.model.vocabulary import values


def supplied(
    app: App, supplies: Iterable[Supply], facts: FactBase, needs: Mapping[str, Need]
) -> App | None:
    """The app with everything supplied; None when a supply has no single meaning for a profile
    (a condition that no value meets). `needs` maps need ids to needs."""
    for supply in supplies:
        match supply.what:
            case "document":
                changed = with_document(app, supply.subject, needs)
            case "offer":
                changed = with_services(app, (*(app.services or ()), supply.subject))
            case "drop":
                kept = tuple(s for s in app.services or () if s != supply.subject)
                changed = with_services(app, kept)
            case "condition":
                changed = meeting(app, supply.subject, facts)
            case "not_condition":
                changed = failing(app, supply.subject, facts)
            case _:
                changed = None
        if changed is None:
            return None
        app = changed
    return app


def with_document(app: App, need: str, needs: Mapping[str, Need]) -> App | None:
    """The app holding what a need asks for."""
    wanted = needs.get(need)
    if wanted is None:
        return None
    states = wanted.must_state or None
    held = Holding(wanted.document, wanted.at_least, wanted.holder, states)
    return replace(app, holds=(*app.holds, held))


def with_services(app: App, services: Iterable[str]) -> App:
    return with_stated(app, "services", tuple(dict.fromkeys(services)))


def with_stated(app: App, attribute: str, stated: Stated | None) -> App:
    """The app with another value of an attribute; None takes it away."""
    kept = {key: value for key, value in app.stated.items() if key != attribute}
    if stated is not None:
        kept[attribute] = stated
    return replace(app, stated=kept)


def meeting(app: App, condition: str, facts: FactBase) -> App | None:
    """The app with a condition met, by the first value that meets each of its tests."""
    for test in facts.vocabulary.conditions[condition].tests:
        attribute = facts.vocabulary.attributes[test.attribute]
        stated: Stated
        if test.since or test.until:
            stated = number(datetime.date.fromisoformat(test.since or test.until))
        elif test.all_of:
            stated = test.all_of
        elif attribute.type == "choices":
            have = app.stated.get(attribute.id, ())
            stated = (*have, test.any_of[0]) if isinstance(have, tuple) else test.any_of[:1]
        else:
            stated = test.any_of[:1]
        app = with_stated(app, attribute.id, stated)
    return app


def failing(app: App, condition: str, facts: FactBase) -> App | None:
    """The app with a condition not met, by another value of its first test's attribute."""
    test = facts.vocabulary.conditions[condition].tests[0]
    attribute = facts.vocabulary.attributes[test.attribute]
    stated = _otherwise(test, attribute, facts)
    return None if stated is None else with_stated(app, attribute.id, stated)


def _otherwise(test: Test, attribute: Attribute, facts: FactBase) -> Stated | None:
    if test.since or test.until:
        edges = [test.unsure_since or test.since, test.unsure_until or test.until]
        return _beside(edges[0], -1) if edges[0] else _beside(edges[1], 1)
    excluded = {*test.any_of, *test.all_of}
    narrower = {one for one, wide in facts.vocabulary.wider if wide in excluded}
    overlapping = {
        one
        for pair in facts.vocabulary.overlaps
        for one, other in (pair, pair[::-1])
        if other in excluded
    }
    wider = {wide for one, wide in facts.vocabulary.wider if one in excluded}
    if attribute.type == "choices" and test.any_of:
        return ()
    for value in values(facts.vocabulary, attribute):
        if value not in excluded | narrower | overlapping | wider:
            return (value,)
    return None


def _beside(day: str, step: int) -> int:
    """The day before (-1) or after (1) an ISO day, as a number."""
    return number(datetime.date.fromisoformat(day) + datetime.timedelta(days=step))
