"""Apps that no profile was read for: what one made by hand says that a base does not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from kb.lang.problems import Problem, near
from kb.lang.syntax import NOWHERE, Span
from kb.model import days
from kb.model.apps import HELD_DAYS, App, Holding, Party
from kb.model.days import turned_text
from kb.model.entities import Entity
from kb.model.exemptions import Exemption, duties_of
from kb.model.facts import FactBase
from kb.model.files import MOST_COPIES
from kb.model.numbers import expected_number
from kb.model.siblings import clashes
from kb.model.terms import Attribute
from kb.model.vocabulary import values

LARGEST_NUMBER = 10**18


def foreign(app: App, base: FactBase) -> Iterator[Problem]:
    """What an app made by hand, or read by another base, says that this base does not know."""
    if not isinstance(app.name, str) or not app.name:
        yield Problem("type", "the name of an app is text")
    if not isinstance(app.stated, Mapping):
        yield Problem("type", "what an app states is a mapping of attributes")
        return
    for key, stated in app.stated.items():
        attribute = base.vocabulary.attributes.get(key)
        if attribute is None:
            help = near(str(key), base.vocabulary.attributes)
            yield Problem("unknown-key", f"unknown attribute `{key}`", help=help)
        else:
            yield from _foreign_value(attribute, stated, base)
    if not isinstance(app.holds, tuple) or not all(isinstance(h, Holding) for h in app.holds):
        yield Problem("type", "what an app holds is a tuple of `Holding`")
        return
    if not isinstance(app.parties, tuple) or not all(isinstance(p, Party) for p in app.parties):
        yield Problem("type", "the parties of an app are a tuple of `Party`")
        return
    for holding in app.papers:
        yield from _foreign_holding(holding, base)
    yield from _foreign_exemptions(app, base)
    yield from _foreign_entity(app, base)
    for party in app.parties:
        if base.names.get("holder", party.role) is None:
            help = base.names.near("holder", party.role)
            yield Problem("unknown-id", f"no holder is called `{party.role}`", help=help)
        kind = party.applicant
        if kind is not None and base.names.get("applicant", kind) is None:
            help = base.names.near("applicant", kind)
            yield Problem("unknown-id", f"no applicant is called `{kind}`", help=help)
    ids = [party.id for party in app.parties]
    for again in dict.fromkeys(id for n, id in enumerate(ids) if id in ids[:n]):
        yield Problem("duplicate-id", f"two parties are called `{again}`")
    for named in dict.fromkeys(h.party for h in app.holds if h.party is not None):
        if named not in ids:
            yield Problem("unknown-id", f"no party is called `{named}`", help=near(named, ids))


def _foreign_entity(app: App, base: FactBase) -> Iterator[Problem]:
    if app.entity is None:
        return
    apps = app.entity.apps if isinstance(app.entity, Entity) else None
    if not isinstance(apps, tuple) or not all(isinstance(each, App) for each in apps):
        yield Problem("type", "the entity of an app is an `Entity` with a tuple of apps")
        return
    names = [app.name]
    for other in (each for each in apps if isinstance(each, App)):
        if other.name in names:
            yield Problem("duplicate-id", f"`{other.name}` is listed twice")
        names.append(other.name)
        yield from foreign(replace(other, entity=None), base)
    yield from clashes(app, base.vocabulary)


def _foreign_exemptions(app: App, base: FactBase) -> Iterator[Problem]:
    if not isinstance(app.exemptions, tuple) or not all(
        isinstance(each, Exemption) for each in app.exemptions
    ):
        yield Problem("type", "the exemptions of an app are a tuple of `Exemption`")
        return
    for each in app.exemptions:
        if base.names.get("category", each.thing) is None and each.thing not in duties_of(base):
            message = f"no category and no duty is called `{each.thing}`"
            yield Problem("unknown-id", message)


def _foreign_value(attribute: Attribute, stated: Any, base: FactBase) -> Iterator[Problem]:
    key = attribute.id
    counted = attribute.type in ("day", "number")
    if not isinstance(stated, int if counted else tuple) or isinstance(stated, bool):
        expected = "a whole number" if counted else "a tuple of ids"
        yield Problem("type", f"{expected} is expected for `{key}`")
    elif isinstance(stated, int):
        if attribute.decimals != getattr(stated, "decimals", 0):
            yield Problem("type", f"{expected_number(attribute.decimals)}: `{key}`")
        elif attribute.type == "day" and not days.known(stated):
            message = f"a day number like 20250401 is expected for `{key}`"
            yield Problem("type", message)
        elif abs(stated) >= LARGEST_NUMBER:
            yield Problem("type", f"a number of at most 18 digits is expected for `{key}`")
    else:
        known = values(base.vocabulary, attribute)
        for value in stated:
            if not isinstance(value, str) or value not in known:
                help = near(str(value), known)
                yield Problem("unknown-id", f"`{key}` has no value `{value}`", help=help)


def _foreign_holding(holding: Holding, base: FactBase) -> Iterator[Problem]:
    for kind, id in (("document", holding.document), ("holder", holding.holder)):
        if kind == "holder" and id is None:
            continue
        if not isinstance(id, str) or base.names.get(kind, id) is None:
            help = base.names.near(kind, str(id))
            yield Problem("unknown-id", f"no {kind} is called `{id}`", help=help)
    count, states = holding.count, holding.states
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= MOST_COPIES:
        yield Problem("type", f"a count from 0 to {MOST_COPIES} is expected, not `{count}`")
    if states is not None and not (
        isinstance(states, tuple) and all(isinstance(text, str) for text in states)
    ):
        yield Problem("type", "what a document states is a tuple of texts")
    dated = {key: getattr(holding, key) for key in HELD_DAYS}
    for key, day in dated.items():
        if day is not None and not (isinstance(day, int) and days.known(day)):
            yield Problem("type", f"a day number like 20250401 is expected for `{key}`")
            return
    yield from turned(dated, NOWHERE)


def turned(dated: Mapping[str, int | None], span: Span) -> Iterator[Problem]:
    """What is wrong with a document that ends to be valid before it begins."""
    first, last = dated.get("valid_from"), dated.get("valid_until")
    if first is not None and last is not None and first > last:
        yield Problem("days", turned_text(first, last), span, "the earlier day goes first")
