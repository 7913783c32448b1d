"""What changed between two days: per category as tree differences, in duties and prohibitions, and
for which apps."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, get_args

from kb.answers.answer import Answer
from kb.answers.ask import answer as answer_of
from kb.base.exemptions import exemptions_between
from kb.base.papers import papers_between
from kb.base.results import Certainty
from kb.base.versions import standing_on
from kb.compare.provisions import provision_changes
from kb.compare.results import (
    CategoryChange,
    CategoryChangeKind,
    Changes,
    Difference,
    Flip,
    Move,
    OpenToChanged,
    OpenWhenChanged,
    PapersSaidChanged,
    ReadingMoved,
    ReferencesChanged,
    RegionsChanged,
    Renamed,
    ServiceConditionsChanged,
    ServicesChanged,
    TimeChanged,
    UnclearChanged,
    UnsupportedChanged,
    VersionRef,
    Withdrawal,
)
from kb.compare.tree_difference import difference
from kb.filing.duty_days import DayKind, DutyDay
from kb.lang.problems import Problem, Problems
from kb.model.apps import App
from kb.model.binding import stated_accounts
from kb.model.days import date
from kb.model.duty_days import Due
from kb.model.layers import layer_of, names_of_layers
from kb.model.names import folded
from kb.model.rows import Reading
from kb.model.schema import Label, Role, Scope, Source
from kb.model.versions import Version

if TYPE_CHECKING:
    from kb.base.core import Core

ROLES: tuple[Role, ...] = get_args(Role)
Readings: TypeAlias = tuple[tuple[Reading, Certainty], ...]
"""Readings of a category that stand on a day, in file order, each with its certainty."""


def changes(
    base: Core,
    first: int,
    last: int,
    apps: Iterable[App] | None = None,
    lang: str = "zh",
    folders: Sequence[Path] = (),
) -> Changes:
    """Compare the versions that stand on two days (day numbers), the duties and prohibitions that
    count on them, and the verdicts of `apps`. Where some `folders` are named, only what a source in
    these changed is told.

    Raises `Problems` when `first` is after `last`, and where no facts were read from a folder.
    """
    within = names_of_layers(base.facts.folders, folders)
    if first > last:
        raise Problems(
            [
                Problem(
                    "days",
                    f"`{date(first).isoformat()}` is after `{date(last).isoformat()}`",
                    help="the earlier day goes first",
                )
            ]
        )
    one, other = standing_on(base, first), standing_on(base, last)
    before, after = _by_category(base, one), _by_category(base, other)
    categories = sorted({*before, *after}, key=lambda c: base.category_order.get(c, 0))
    names = base.facts.names
    listing = [
        reading.source
        for found in before.values()
        for reading, certainty in found
        if reading.source.complete_for and certainty == Certainty.SURELY
    ]
    lists = tuple({source.id: source for source in listing}.values())
    compared = (
        _category(c, names.label("category", c, "zh"), before.get(c, ()), after.get(c, ()), lists)
        for c in categories
        if not folders or _moved(base, before.get(c, ()), after.get(c, ()), within)
    )
    return Changes(
        date(first).isoformat(),
        date(last).isoformat(),
        tuple(found for found in compared if found is not None),
        tuple(_flips(base, apps, first, last)) if apps is not None else None,
        lang,
        names,
        within,
        tuple(provision_changes(base, first, last, within)),
    )


def _moved(base: Core, before: Readings, after: Readings, within: Sequence[str]) -> bool:
    """Whether a reading that comes, goes, or becomes sure is of a source in one of the folders."""
    facts = base.facts
    one_day = [each for each in (*before, *after) if (each in before) != (each in after)]
    sources = {reading.source.id for reading, _ in one_day}
    return any(layer_of(facts.folders, facts.places[source].file) in within for source in sources)


def _by_category(base: Core, standing: Mapping[str, Certainty]) -> dict[str, Readings]:
    found: dict[str, Readings] = {}
    for id, certainty in standing.items():
        reading = base.facts.readings[id]
        category = reading.record.category
        found[category] = (*found.get(category, ()), (reading, certainty))
    return found


def _category(
    category: str, called: str, before: Readings, after: Readings, lists: tuple[Source, ...]
) -> CategoryChange | None:
    """How the readings of a category on one day differ from those on another; None when they are
    the same. `called` is its name in texts that have no other for it, `lists` are the sources that
    were complete on the first day."""
    old, new = _offered(before), _offered(after)
    gone = [reading for reading in old if reading not in new]
    come = [reading for reading in new if reading not in old]
    if not gone and not come and before == after:
        return None
    if not old and not new:
        return None
    differences: list[Difference] = []
    for mine, theirs in _pairs(old, come):
        differences += _differences(mine, theirs, called)
    kind = _kind_of(old, new, gone, come, lists)
    if kind == CategoryChangeKind.FIRST_RECORDED and any(r.record.withdrawn for r, _ in before):
        kind = CategoryChangeKind.ADDED
    withdrawals = tuple(_withdrawals(before, after))
    if kind == CategoryChangeKind.SETTLED and withdrawals:
        kind = CategoryChangeKind.CHANGED
    differences += withdrawals
    if kind == CategoryChangeKind.CHANGED and (bool(gone) != bool(come)):
        # Readings stand side by side before or after: one has come or gone, the others stay.
        move = Move.ADDED if come else Move.DROPPED
        differences = [*(ReadingMoved(move, r.cite) for r in come or gone), *differences]
    # Several readings may differ from the one before in the same way.
    differences = list(dict.fromkeys(differences))
    if kind == CategoryChangeKind.CHANGED and not differences:
        kind = CategoryChangeKind.RESTATED
    renamed = bool(differences) and all(isinstance(each, Renamed) for each in differences)
    if kind == CategoryChangeKind.CHANGED and renamed:
        kind = CategoryChangeKind.RENAMED
    # A reading that stands on both days is told with the certainty that it has on the last.
    certainty = {reading.id: how for reading, how in (*before, *after)}
    return CategoryChange(
        category,
        kind,
        tuple(VersionRef(r.id, certainty[r.id], r.cite) for r, _ in before),
        tuple(VersionRef(r.id, certainty[r.id], r.cite) for r, _ in after),
        tuple(differences),
    )


def _offered(readings: Readings) -> list[Reading]:
    """The readings that have a category, without those that withdraw it."""
    return [reading for reading, _ in readings if not reading.record.withdrawn]


def _withdrawals(before: Readings, after: Readings) -> Iterator[Withdrawal]:
    """The texts that withdraw the category and did not yet, or no longer do."""
    old, new = ([r for r, _ in each if r.record.withdrawn] for each in (before, after))
    for move, some, others in ((Move.ADDED, new, old), (Move.DROPPED, old, new)):
        for reading in (each for each in some if each not in others):
            accounts = stated_accounts(reading.source, reading.record)
            account = "/".join(("account", *accounts)) if accounts else None
            yield Withdrawal(move, reading.cite, account)


def _kind_of(
    old: list[Reading],
    new: list[Reading],
    gone: list[Reading],
    come: list[Reading],
    lists: tuple[Source, ...],
) -> CategoryChangeKind:
    if not gone and not come:
        return CategoryChangeKind.SETTLED
    if old and new:
        return CategoryChangeKind.CHANGED
    if not new:
        return CategoryChangeKind.REMOVED
    # The announcement says of a text that it adjusts one; the earlier one may be in no source.
    if all(reading.record.change == "adjusted" for reading in come):
        return CategoryChangeKind.ADJUSTED
    if all(reading.record.change == "added" or _lacked(reading, lists) for reading in come):
        return CategoryChangeKind.ADDED
    return CategoryChangeKind.FIRST_RECORDED


def _lacked(reading: Reading, lists: tuple[Source, ...]) -> bool:
    """Whether a list that was complete for the accounts and the place of a reading had it not."""
    source, accounts = reading.source, stated_accounts(reading.source, reading.record)
    return any(
        each.platform == source.platform
        and each.jurisdiction == source.jurisdiction
        and bool(accounts)
        and set(accounts) <= set(each.complete_for)
        for each in lists
    )


def _pairs(old: list[Reading], new: list[Reading]) -> Iterator[tuple[Reading, Reading]]:
    """Each new reading against the old one that asks for the most similar documents."""
    for theirs in new:
        if old:
            yield min(old, key=lambda mine: len(_tree(mine, theirs))), theirs


def _tree(mine: Reading, theirs: Reading) -> tuple[Difference, ...]:
    return difference(mine.record.requirement, theirs.record.requirement)


def _differences(mine: Reading, theirs: Reading, called: str) -> Iterator[Difference]:
    one, other = mine.record, theirs.record
    former, name = one.name or called, other.name or called
    if folded(former) != folded(name):
        yield Renamed(former, name)
    yield from _tree(mine, theirs)
    if set(one.open_to) != set(other.open_to):
        yield OpenToChanged(one.open_to, other.open_to)
    if set(one.open_when) != set(other.open_when):
        yield OpenWhenChanged(one.open_when, other.open_when)
    if set(one.regions) != set(other.regions):
        yield RegionsChanged(one.regions, other.regions)
    if set(_services(mine)) != set(_services(theirs)):
        yield ServicesChanged(_services(mine), _services(theirs))
    for service in _services(mine):
        scopes = [scope for scope in other.scope if scope.service == service]
        before = _conditions(scope for scope in one.scope if scope.service == service)
        if scopes and before != (after := _conditions(scopes)):
            yield ServiceConditionsChanged(service, before, after)
    if _time(one) != _time(other):
        yield TimeChanged(_time(one), _time(other))
    if _papers(one) != _papers(other):
        yield PapersSaidChanged(_papers(one), _papers(other))
    for role in ROLES:
        if _references(one, role) != _references(other, role):
            yield ReferencesChanged(role, _led_to(one, role), _led_to(other, role))
    if set(_unsupported(one)) != set(_unsupported(other)):
        yield UnsupportedChanged(_unsupported(one), _unsupported(other))
    left = [tuple(Label(zh=u.zh, en=u.en) for u in each.unclear) for each in (one, other)]
    ended = tuple(label for label in left[0] if label not in left[1])
    begun = tuple(label for label in left[1] if label not in left[0])
    if ended or begun:
        yield UnclearChanged(ended, begun)


def _conditions(scopes: Iterable[Scope]) -> tuple[str, ...]:
    """The conditions under which a service is in scope, those that must not be met among them."""
    return tuple(dict.fromkeys(c for scope in scopes for c in (*scope.when, *scope.unless)))


def _time(record: Version) -> Due | None:
    """The time that a text gives for what it asks for, as far as it does."""
    return (
        Due(due=record.due, grace=record.grace, deadline=record.deadline) if record.times else None
    )


def _papers(record: Version) -> str:
    if record.requirement is not None:
        return "asked"
    if record.elsewhere:
        return "elsewhere"
    return "none_required" if record.none_required else "none_stated"


def _references(record: Version, role: Role) -> set[tuple[tuple[str, ...], ...]]:
    return {
        (reference.services, reference.applicants, reference.categories)
        for reference in record.references
        if reference.role == role
    }


def _led_to(record: Version, role: Role) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(c for _, _, named in sorted(_references(record, role)) for c in named)
    )


def _unsupported(record: Version) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s for each in record.unsupported for s in each.services))


def _services(reading: Reading) -> tuple[str, ...]:
    return tuple(dict.fromkeys(scope.service for scope in reading.record.scope))


def _flips(base: Core, apps: Iterable[App], first: int, last: int) -> Iterator[Flip]:
    for app in apps:
        before = answer_of(base, app, first, False)
        after = answer_of(base, app, last, False)
        if before.verdict != after.verdict:
            papers = papers_between(app.papers, first, last)
            granted = exemptions_between(app.exemptions, first, last)
            yield Flip(
                app.name,
                before.verdict,
                after.verdict,
                after.bundle.documents,
                after.bundle.cannot,
                papers,
                tuple(_between(before, after, date(first), date(last))),
                granted,
            )


def _between(
    before: Answer, after: Answer, first: datetime.date, last: datetime.date
) -> Iterator[DutyDay]:
    """The days between two days by which a duty was due that is not kept on the last, or on which
    one ended."""
    kept = (DayKind.DUE, DayKind.RENEW, DayKind.ENDS)
    over = (each for each in after.deadlines if each.kind not in kept)
    yield from (each for each in over if first < each.day <= last)
    ends = (each for each in before.deadlines if each.kind == DayKind.ENDS)
    yield from (each for each in ends if first <= each.day < last)
