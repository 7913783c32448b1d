"""Apps: what a profile tells, in ids, and the facts that rules see of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from kb.lang.syntax import Facts, Row
from kb.model import days
from kb.model.applying import of_parties, told
from kb.model.entities import Entity, tallies
from kb.model.exemptions import Exemption, exempt_rows
from kb.model.facts import FactBase
from kb.model.numbers import plain
from kb.model.outcomes import Between, Known
from kb.model.relations import RELATIONS
from kb.model.requirements import Need
from kb.model.resolving import Stated
from kb.model.stating import HELD_DAYS, Asked, Copy, copy_of, states
from kb.model.vocabulary import Vocabulary

__all__ = ["HELD_DAYS", "App", "Holding", "Party", "Stated", "app_rows", "provided"]

OWN_KEYS = ("platform", "applicant", "regions", "services", "audience")
"""Attributes that are keys of a profile; the others stand under `facts`."""
Stretch: TypeAlias = tuple[int, int] | tuple[()]
"""A first and a last day; empty where no day is stated."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A document in hand. `holder` and `states` are None where the profile does not say.

    `valid_from` and `valid_until` are the first and the last day (numbers) on which it is valid,
    `issued` the day on which it was issued; one without a first or a last day has no such limit.
    `party` is the id of the one whom it is concluded with, or whose own it is; None where the
    profile names nobody.
    """

    document: str
    count: int = 1
    holder: str | None = None
    states: tuple[str, ...] | None = None
    valid_from: int | None = None
    valid_until: int | None = None
    issued: int | None = None
    party: str | None = None

    @property
    def dated(self) -> bool:
        """Whether the profile limits the days on which it is valid."""
        return self.valid_from is not None or self.valid_until is not None

    def valid_on(self, day: int) -> bool:
        """Whether it is valid on a day. Both its first and its last day count."""
        # decision: paper-counts-while-valid
        return (self.valid_from or days.FIRST) <= day <= (self.valid_until or days.LAST)


@dataclass(frozen=True, slots=True)
class Party:
    """Another in the app, such as a partner, with papers of its own: `role` is a holder. With
    `applicant`, the kind of applicant that it is, it applies too."""

    id: str
    role: str
    holds: tuple[Holding, ...] = ()
    holds_stated: bool = field(default=True, compare=False)
    """Whether the profile lists its papers at all; without a list it has none yet."""
    applicant: str | None = None


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
    parties: tuple[Party, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    entity: Entity | None = None
    """Whose it is, with its other apps."""

    @property
    def papers(self) -> tuple[Holding, ...]:
        """All that is in hand: its own list, and what its parties hold."""
        theirs = (
            replace(holding, holder=party.role, party=party.id)
            for party in self.parties
            for holding in party.holds
        )
        return (*self.holds, *theirs)

    @property
    def services(self) -> tuple[str, ...] | None:
        found = self.stated.get("services")
        return found if isinstance(found, tuple) else None

    def to_dict(self) -> dict[str, Any]:
        """The profile again, in ids; `read_app` reads it back equal."""
        profile: dict[str, Any] = {"name": self.name}
        facts: dict[str, Any] = {}
        for attribute, stated in self.stated.items():
            shown: Any = list(stated) if isinstance(stated, tuple) else plain(stated)
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
        profile["holds"] = [_entry(holding) for holding in self.holds]
        if self.parties:
            profile["parties"] = [_party_entry(each) for each in self.parties]
        if self.exemptions:
            profile["exemptions"] = [each.to_dict() for each in self.exemptions]
        if self.entity is not None:
            profile["entity"] = self.entity.to_dict()
        return profile


def _party_entry(party: Party) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": party.id, "role": party.role}
    if party.applicant is not None:
        entry["applicant"] = party.applicant
    if party.holds_stated or party.holds:
        entry["holds"] = [_entry(holding) for holding in party.holds]
    return entry


def _entry(holding: Holding) -> dict[str, Any]:
    entry: dict[str, Any] = {"document": holding.document, "count": holding.count}
    if holding.holder is not None:
        entry["holder"] = holding.holder
    if holding.states is not None:
        entry["states"] = list(holding.states)
    for key in HELD_DAYS:
        if (day := getattr(holding, key)) is not None:
            entry[key] = days.date(day).isoformat()
    if holding.party is not None:
        entry["with"] = holding.party
    return entry


def told_by_parties(app: App, vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """The attributes that the parties of an app tell: which kinds of applicants apply as what."""
    own = app.stated.get("applicant", ())
    parties = [(party.role, party.applicant) for party in app.parties]
    return told(of_parties(vocabulary.attributes), own if isinstance(own, tuple) else (), parties)


def said_of(app: App, vocabulary: Vocabulary) -> dict[str, Stated]:
    """What a profile says of attributes: itself, or by its parties."""
    return {**told_by_parties(app, vocabulary), **app.stated}


def stated_of(app: App, vocabulary: Vocabulary) -> dict[str, Known]:
    """What is known of an app's attributes: what its profile says itself, by its parties, or by the
    apps of its entity."""
    said = said_of(app, vocabulary)
    if not vocabulary.over:
        return {**said}
    reckoned = {t.attribute: t.known for t in tallies(app.name, said, app.entity, vocabulary)}
    return {**reckoned, **said}


def provided(app: App, need: Need) -> tuple[Holding, ...]:
    """What an app would list of what a need asks for: where it is asked of each party, a copy of
    each, and so many more as are still asked for."""
    words = need.must_state or None
    each = [party.id for party in app.parties if party.role == need.each]
    found = [Holding(need.document, 1, need.holder, words, party=party) for party in each]
    rest = need.at_least - len(found)
    if rest > 0:
        found.append(Holding(need.document, rest, need.holder, words))
    return tuple(found)


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
    stated: dict[str, Known] = {"platform": ("wechat",), **stated_of(app, base.vocabulary)}
    for attribute, found in stated.items():
        if isinstance(found, Between):
            least, most = int(found.least), int(found.most)
            rows["app_between"].append((name, attribute, least, most))
            continue
        rows["app_knows"].append((name, attribute))
        if isinstance(found, int):
            rows["app_day"].append((name, attribute, int(found)))
        else:
            rows["app_value"].extend((name, attribute, value) for value in found)
    rows["app_other"] = [(name, words) for words in app.other_services]
    if app.other_services and "services" not in stated:
        # Who tells in own words what the app does has said what it does.
        rows["app_knows"].append((name, "services"))
    rows["app_exempt"] = list(exempt_rows(name, app.exemptions))
    # decision: unlisted-is-not-held
    held: dict[str, list[Holding]] = {}
    for holding in app.papers:
        # decision: kind-counts-for-wider
        for document in (holding.document, *base.vocabulary.above(holding.document)):
            held.setdefault(document, []).append(holding)
    contents = Contents(base, as_of)
    for relation, during, made in (
        ("app_holds", "app_holds_during", _held_rows(name, held, base)),
        ("app_fits", "app_fits_during", _fitting_rows(name, held, contents)),
    ):
        for row, stretch in made:
            rows[during if stretch else relation].append((*row, *stretch))
    today = {document: [h for h in found if h.valid_on(as_of)] for document, found in held.items()}
    rows["app_counted"] = [
        (name, document, holder, holding.count)
        for document, holdings in today.items()
        for holding in holdings
        if holding.party is None and holding.count > 1
        for holder in _holders(holding, base)
    ]
    rows["app_issued"], rows["app_issue_unsaid"] = _issued(name, today, base)
    if app.parties:
        rows["app_party"] = [(name, party.id, party.role) for party in app.parties]
        rows["app_party_holds"] = list(_party_rows(app, today, base))
        rows["app_party_fits"] = list(_party_fits(app, today, contents))
    return {relation: list(dict.fromkeys(found)) for relation, found in rows.items()}


def _held_rows(
    app: str, held: Mapping[str, list[Holding]], base: FactBase
) -> Iterator[tuple[Row, Stretch]]:
    """How many of a document each holder has, and when."""
    for document, holdings in held.items():
        named = [holder for holding in holdings for holder in _holders(holding, base)]
        for holder in dict.fromkeys(named):
            for stretch, valid in _stretches(_counting(holdings, holder)):
                sure, most = _copies(valid, holder)
                if most:
                    yield (app, document, holder, sure, most), stretch


def _fitting_rows(
    app: str, held: Mapping[str, list[Holding]], contents: Contents
) -> Iterator[tuple[Row, Stretch]]:
    """How many copies do for each need that asks for words, and when: each of them must hold all
    words."""
    for need, document, holder, asked in contents.base.worded:
        if document not in held:  # of many needs, so it is asked first
            continue
        listed = _counting(held[document], holder)
        if not listed:
            continue
        sure = {h: contents.does(h, asked) for h in listed}
        fitting = [h for h in listed if sure[h] is not False]
        for stretch, valid in _stretches(fitting):
            most = _copies(valid, holder)[1]
            if most:
                known = [h for h in valid if sure[h]]
                yield (app, need, _copies(known, holder)[0], most), stretch


def _issued(
    app: str, held: Mapping[str, list[Holding]], base: FactBase
) -> tuple[list[Row], list[Row]]:
    """When documents were issued that meet a duty for a period from then on, and of which of them
    others are in hand of which that is not said."""
    issued: list[Row] = []
    unsaid: list[Row] = []
    for document, holder in base.renewed:
        own = [h for h in _counting(held.get(document, ()), holder) if h.count]
        dated = [h for h in own if h.issued is not None]
        for holding in dated:
            # decision: in-hand-is-the-applicants
            sure = int(holder in ("applicant", holding.holder))
            issued.append((app, document, holder, holding.issued or 0, sure))
        if dated and len(dated) < len(own):
            unsaid.append((app, document, holder))
    return issued, unsaid


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
    most = _different([*own, *open])
    return most if holder == "applicant" else _different(own), most


def _different(holdings: list[Holding]) -> int:
    """How many different ones they are: those of one party, or with one, are one."""
    # decision: copies-of-one-party-are-one
    parties = {h.party for h in holdings if h.party is not None and h.count}
    return len(parties) + sum(h.count for h in holdings if h.party is None)


def _holders(holding: Holding, base: FactBase) -> tuple[str, ...]:
    """Whose a document may be."""
    if holding.holder is not None:
        return (holding.holder,)
    return tuple(term.id for term in base.names.of("holder"))


def _party_rows(app: App, held: Mapping[str, list[Holding]], base: FactBase) -> Iterator[Row]:
    """Which documents there are of a party, or with it: surely (1), or only perhaps (0)."""
    for document, holdings in held.items():
        named = [holder for holding in holdings for holder in _holders(holding, base)]
        for holder in dict.fromkeys(named):
            for party, sure in _of_parties(app, holdings, holder):
                yield app.name, document, holder, party, sure


def _party_fits(app: App, held: Mapping[str, list[Holding]], contents: Contents) -> Iterator[Row]:
    """The same for each need that asks for words."""
    for need, document, holder, asked in contents.base.worded:
        found = held.get(document, ())
        does = {h: contents.does(h, asked) for h in found}
        maybe = [h for h in found if does[h] is not False]
        sure = {
            party
            for party, known in _of_parties(app, [h for h in maybe if does[h]], holder)
            if known
        }
        for party, _ in _of_parties(app, maybe, holder):
            yield app.name, need, party, int(party in sure)


def _of_parties(app: App, holdings: list[Holding], holder: str) -> Iterator[tuple[str, int]]:
    """The parties whose a document may be, or whom it may be concluded with, and whether it surely
    is; one in hand of which nobody says whose it is, may be any party's."""
    # decision: unsaid-party-may-be-any
    fitting = [h for h in holdings if h.count and h.holder in (holder, None)]
    for party in app.parties:
        may_be = [h for h in fitting if h.party in (party.id, None)]
        if may_be:
            own = [h for h in may_be if h.party == party.id]
            yield party.id, int(any(h.holder == holder or holder == "applicant" for h in own))


class Contents:
    """What documents in hand state, each read once."""

    def __init__(self, base: FactBase, day: int) -> None:
        self.base = base
        self._day = day
        self._copies: dict[Holding, Copy] = {}

    def does(self, holding: Holding, asked: tuple[Asked, ...]) -> bool | None:
        """Whether a document states what is asked for on the day; None where that is open."""
        vocabulary = self.base.vocabulary
        copy = self._copies.get(holding)
        if copy is None:
            dated = {key: getattr(holding, key) for key in HELD_DAYS}
            copy = self._copies[holding] = copy_of(holding.states, dated, vocabulary)
        return states(asked, copy, vocabulary, self._day)
