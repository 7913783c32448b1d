"""Apps: what a profile tells, in ids, and the facts that rules see of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kb.lang.syntax import Facts, Row
from kb.model.facts import FactBase
from kb.model.names import states, wording
from kb.model.relations import RELATIONS
from kb.model.resolving import Stated

__all__ = ["App", "Holding", "Stated", "app_rows"]

OWN_KEYS = ("platform", "applicant", "regions", "services", "audience")
"""Attributes that are keys of a profile; the others stand under `facts`."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A document in hand. `holder` and `states` are None where the profile does not say."""

    document: str
    count: int = 1
    holder: str | None = None
    states: tuple[str, ...] | None = None


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
    rows["app_holds"] = list(_held_rows(name, held, base))
    rows["app_fits"] = list(_fitting_rows(name, held, base))
    return {relation: list(dict.fromkeys(found)) for relation, found in rows.items()}


def _held_rows(app: str, held: Mapping[str, list[Holding]], base: FactBase) -> Iterator[Row]:
    """How many of a document each holder has."""
    holders = [term.id for term in base.names.of("holder")]
    for document, holdings in held.items():
        named = [
            h for holding in holdings for h in ([holding.holder] if holding.holder else holders)
        ]
        for holder in dict.fromkeys(named):
            sure, most = _copies(holdings, holder)
            if most:
                yield app, document, holder, sure, most


def _fitting_rows(app: str, held: Mapping[str, list[Holding]], base: FactBase) -> Iterator[Row]:
    """How many copies do for each need that asks for words: each of them must hold all words."""
    for need, document, holder, words in base.worded:
        silent = [h for h in held.get(document, ()) if h.states is None]
        stating = [h for h in held.get(document, ()) if _states(h, words)]
        most = _copies([*stating, *silent], holder)[1]
        if most:
            yield app, need, _copies(stating, holder)[0], most


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
