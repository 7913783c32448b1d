"""Changes applied to an app: a document more, a service less, another value stated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import assert_never

from kb.base.core import Core
from kb.explain.repair import (
    DropService,
    OfferService,
    ProfileChange,
    ProvideDocument,
    StateAttribute,
)
from kb.lang.syntax import Value
from kb.model.apps import App, Holding, Stated
from kb.model.days import date
from kb.model.facts import FactBase
from kb.model.in_hand import may_be, provided
from kb.model.numbers import with_decimals
from kb.model.requirements import Need
from kb.model.terms import Attribute
from kb.model.vocabulary import values


def applied(app: App, changes: Iterable[ProfileChange], base: Core) -> App | None:
    """The app after all changes; None when one states what no profile can."""
    facts = base.facts
    for change in changes:
        match change:
            case ProvideDocument(need):
                app = with_document(app, need, facts, base.choices.get(need.id, ()))
            case OfferService(service):
                app = with_services(app, (*(app.services or ()), service))
            case DropService(service):
                app = with_services(app, [s for s in app.services or () if s != service])
            case StateAttribute(attribute, wanted):
                declared = facts.vocabulary.attributes.get(attribute)
                stated = _stated(declared, wanted, facts) if declared is not None else None
                if stated is None:
                    return None
                app = with_stated(app, attribute, stated)
            case _:
                assert_never(change)
    return app


def _stated(attribute: Attribute, wanted: tuple[Value, ...], facts: FactBase) -> Stated | None:
    """What a profile would state; None for what its attribute can not be."""
    if attribute.type in ("day", "number"):
        [number] = wanted
        if not isinstance(number, int):
            return None
        if attribute.type == "number":
            return with_decimals(number, attribute.decimals)
        try:
            return number if date(number) else None
        except ValueError:
            return None
    known = values(facts.vocabulary, attribute)
    return tuple(map(str, wanted)) if all(each in known for each in wanted) else None


def with_document(app: App, need: Need, facts: FactBase, members: Sequence[Need] = ()) -> App:
    """The app holding what a need asks for; where more is in hand than is accepted, only that.
    `members` are the needs that a counted choice is of."""
    if members and need.at_most:
        there = [(each, n) for each in members if (n := _counting(app, each, facts))]
        for each, copies in there[need.at_most :]:
            app = _without(app, each, facts, copies)
        if len(there) > need.at_most:
            return app
    spare = _counting(app, need, facts) - need.at_most if need.at_most else 0
    if spare > 0:
        return _without(app, need, facts, spare)
    return replace(app, holds=(*app.holds, *provided(app, need)))


def _counting(app: App, need: Need, facts: FactBase) -> int:
    return sum(each.count for each in app.papers if may_be(each, need, facts.vocabulary))


def _without(app: App, need: Need, facts: FactBase, spare: int) -> App:
    """The app with so many fewer of a document, those that it names last."""
    lists = [app.holds, *(party.holds for party in app.parties)]
    roles: list[str | None] = [None, *(party.role for party in app.parties)]
    kept: list[tuple[Holding, ...]] = []
    for role, holds in zip(reversed(roles), reversed(lists), strict=True):
        left: list[Holding] = []
        for holding in reversed(holds):
            own = replace(holding, holder=role) if role else holding
            taken = min(spare, holding.count) if may_be(own, need, facts.vocabulary) else 0
            spare -= taken
            if taken < holding.count or not taken:
                left.append(replace(holding, count=holding.count - taken))
        kept.append(tuple(reversed(left)))
    own_list, *theirs = reversed(kept)
    parties = (replace(p, holds=h) for p, h in zip(app.parties, theirs, strict=True))
    return replace(app, holds=own_list, parties=tuple(parties))


def with_services(app: App, services: Iterable[str]) -> App:
    """The app with these services and no others."""
    return with_stated(app, "services", tuple(dict.fromkeys(services)))


def with_stated(app: App, attribute: str, stated: Stated) -> App:
    """The app with another value of an attribute."""
    return replace(app, stated={**app.stated, attribute: stated})
