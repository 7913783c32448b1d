"""Apps: what a profile tells, in ids, and the facts that rules see of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from kb.lang.syntax import Facts, Row
from kb.model import days
from kb.model.facts import FactBase
from kb.model.names import states, wording
from kb.model.relations import RELATIONS
from kb.model.resolving import Stated

__all__ = ["HELD_DAYS", "App", "Holding", "Stated", "app_rows"]

OWN_KEYS = ("platform", "applicant", "regions", "services", "audience")
"""Attributes that are keys of a profile; the others stand under `facts`."""
HELD_DAYS = ("valid_from", "valid_until", "issued")
"""Keys of a document in hand that take a day."""

Stretch: TypeAlias = tuple[int, int] | tuple[()]
"""A first and a last day; empty where no day is stated."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A document in hand. `holder` and `states` are None where the profile does not say.

    `valid_from` and `valid_until` are the first and the last day (numbers) on which it is valid,
    `issued` the day on which it was issued; one without a first or a last day has no such limit.
    """

    document: str
    count: int = 1
    holder: str | None = None
    states: tuple[str, ...] | None = None
    valid_from: int | None = None
    valid_until: int | None = None
    issued: int | None = None

    @property
    def dated(self) -> bool:
        """Whether the profile limits the days on which it is valid."""
        return self.valid_from is not None or self.valid_until is not None

    def valid_on(self, day: int) -> bool:
        """Whether it is valid on a day. Both its first and its last day count."""
        # decision: paper-counts-while-valid
        return (self.valid_from or days.FIRST) <= day <= (self.valid_until or days.LAST)


@dataclass(frozen=True)
class App:
    """An app as its profile tells it, in ids.

    `stated` maps each attribute the profile says something of to its values (a tuple of ids, or a
    whole number for numbers and days); an attribute that is not in it is unknown, an empty tuple
    is "none".
    """

    name: str
    stated: Mapping[str, Stated] = field(default_factory=dict)
    holds: tuple[Holding, ...] = ()
    other_services: tuple[str, ...] = ()
    """What it does in its owner's words, where no service fits."""
    holds_stated: bool = field(default=True, compare=False)
    """Whether the profile has a list of documents at all; without one nothing is in hand yet."""

    @property
    def services(self) -> tuple[str, ...] | None:
        found = self.stated.get("services")
        return found if isinstance(found, tuple) else None

    def to_dict(self) -> dict[str, Any]:
        """The profile again, in ids; `read_app` reads it back equal."""
        profile: dict[str, Any] = {"name": self.name}
        facts: dict[str, Any] = {}
        for attribute, stated in self.stated.items():
            shown: Any = list(stated) if isinstance(stated, tuple) else stated
            if attribute in ("regions", "services", "audience"):
                profile[attribute] = shown
                continue
            # One value may stand for a list of one, a list never for one value.
            one = shown[0] if isinstance(stated, tuple) and len(stated) == 1 else shown
            (profile if attribute in OWN_KEYS else facts)[attribute] = one
        if self.other_services:
            profile["other_services"] = list(self.other_services)
        if facts:
            profile["facts"] = facts
        held = []
        for holding in self.holds:
            entry: dict[str, Any] = {"document": holding.document, "count": holding.count}
            if holding.holder is not None:
                entry["holder"] = holding.holder
            if holding.states is not None:
                entry["states"] = list(holding.states)
            for key in HELD_DAYS:
                if (day := getattr(holding, key)) is not None:
                    entry[key] = days.date(day).isoformat()
            held.append(entry)
        profile["holds"] = held
        return profile


def app_rows(app: App, base: FactBase, as_of: int, drafts: bool = False) -> Facts:
    """The facts of an app at a day."""
    name = app.name
    rows: dict[str, list[Row]] = {
        relation: [] for relation, declared in RELATIONS.items() if declared.role == "app"
    }
    rows["question_day"].append((name, as_of))
    if drafts:
        rows["with_drafts"].append((name,))
    # decision: unsaid-platform-is-wechat
    stated = {"platform": ("wechat",), **app.stated}
    for attribute, found in stated.items():
        rows["app_knows"].append((name, attribute))
        if isinstance(found, int):
            rows["app_day"].append((name, attribute, found))
        else:
            rows["app_value"].extend((name, attribute, value) for value in found)
    rows["app_other"] = [(name, words) for words in app.other_services]
    if app.other_services and "services" not in stated:
        # Who tells in own words what the app does has said what it does.
        rows["app_knows"].append((name, "services"))
    # decision: unlisted-is-not-held
    held: dict[str, list[Holding]] = {}
    for holding in app.holds:
        # decision: kind-counts-for-wider
        for document in (holding.document, *base.vocabulary.above(holding.document)):
            held.setdefault(document, []).append(holding)
    for relation, during, made in (
        ("app_holds", "app_holds_during", _held_rows(name, held, base)),
        ("app_fits", "app_fits_during", _fitting_rows(name, held, base)),
    ):
        for row, stretch in made:
            rows[during if stretch else relation].append((*row, *stretch))
    return {relation: list(dict.fromkeys(found)) for relation, found in rows.items()}


def _held_rows(
    app: str, held: Mapping[str, list[Holding]], base: FactBase
) -> Iterator[tuple[Row, Stretch]]:
    """How many of a document each holder has, and when."""
    holders = [term.id for term in base.names.of("holder")]
    for document, holdings in held.items():
        named = [
            h for holding in holdings for h in ([holding.holder] if holding.holder else holders)
        ]
        for holder in dict.fromkeys(named):
            for stretch, valid in _stretches(_counting(holdings, holder)):
                sure, most = _copies(valid, holder)
                if most:
                    yield (app, document, holder, sure, most), stretch


def _fitting_rows(
    app: str, held: Mapping[str, list[Holding]], base: FactBase
) -> Iterator[tuple[Row, Stretch]]:
    """How many copies do for each need that asks for words, and when: each of them must hold all
    words."""
    for need, document, holder, words in base.worded:
        listed = _counting(held.get(document, ()), holder)
        fitting = [h for h in listed if h.states is None or _states(h, words)]
        for stretch, valid in _stretches(fitting):
            most = _copies(valid, holder)[1]
            if most:
                stating = [h for h in valid if h.states is not None]
                yield (app, need, _copies(stating, holder)[0], most), stretch


def _counting(holdings: Iterable[Holding], holder: str) -> list[Holding]:
    """The entries that count for a holder: those that name it and those that name nobody."""
    return [h for h in holdings if h.holder in (holder, None)]


def _stretches(holdings: list[Holding]) -> Iterator[tuple[Stretch, list[Holding]]]:
    """The entries that are valid together, in each stretch of days in which the same are: its first
    and its last day, or nothing where no entry has a day."""
    if not any(holding.dated for holding in holdings):
        yield (), holdings
        return
    starts = {days.FIRST}
    for holding in holdings:
        starts.add(holding.valid_from or days.FIRST)
        if holding.valid_until is not None and holding.valid_until < days.LAST:
            starts.add(days.after(holding.valid_until))
    ordered = sorted(starts)
    for first, following in zip(ordered, [*ordered[1:], None], strict=True):
        last = days.LAST if following is None else days.before(following)
        yield (first, last), [holding for holding in holdings if holding.valid_on(first)]


def _copies(holdings: list[Holding], holder: str) -> tuple[int, int]:
    """How many copies a holder has, surely and at most. One listed without its holder is in hand,
    so it is the applicant's own; whether it is somebody else's is not known."""
    # decision: in-hand-is-the-applicants
    own = [h for h in holdings if h.holder == holder]
    open = [h for h in holdings if h.holder is None]
    most = sum(h.count for h in (*own, *open))
    return most if holder == "applicant" else sum(h.count for h in own), most


def _states(holding: Holding, words: tuple[str, ...]) -> bool:
    """Whether a copy is known to state the words that are asked for."""
    texts = [wording(text) for text in holding.states or ()]
    return holding.states is not None and states(words, texts)
