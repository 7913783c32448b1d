"""What if: another profile's answer beside today's, and the smallest change that satisfies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice
from typing import TYPE_CHECKING

from kb.answers.answer import Answer
from kb.answers.ask import answer as answer_of
from kb.answers.ask import asking
from kb.answers.bans import told_vain
from kb.answers.results import CategoryResult
from kb.base.bans import Ban
from kb.base.rendered import Rendered
from kb.base.results import DocumentNeed, Verdict
from kb.explain.apply import with_services, with_stated
from kb.explain.repair import DropService, ProfileChange, ProvideDocument
from kb.explain.why_not import smallest_repair
from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Cite
from kb.model.apps import App
from kb.model.in_hand import provided

if TYPE_CHECKING:
    from kb.base.core import Core, Day

MOST_TRIED = 200
"""Sets of services of one size that are tried."""


@dataclass(frozen=True, slots=True)
class CategoryDifference:
    """A category (an id) in two answers: its verdict in each, None where it does not bear on the
    app, the documents that are missing for it, and whether its services are forbidden, so that none
    is to be provided."""

    category: str
    today: Verdict | None
    then: Verdict | None
    missing_today: tuple[DocumentNeed, ...]
    missing_then: tuple[DocumentNeed, ...]
    vain_today: bool = False
    vain_then: bool = False

    @property
    def gone(self) -> tuple[DocumentNeed, ...]:
        """The documents that are missing no longer."""
        return _besides(self.missing_today, self.missing_then)

    @property
    def come(self) -> tuple[DocumentNeed, ...]:
        """The documents that are missing then and not today."""
        return _besides(self.missing_then, self.missing_today)

    @property
    def changed(self) -> bool:
        """Whether the verdict, the documents or the ban differ; how many of one, or whose, is not
        looked at."""
        one, other = ([d.document for d in m] for m in (self.missing_today, self.missing_then))
        forbidden = self.vain_today != self.vain_then
        return self.today != self.then or one != other or forbidden


def _besides(
    some: tuple[DocumentNeed, ...], others: tuple[DocumentNeed, ...]
) -> tuple[DocumentNeed, ...]:
    named = {needed.document for needed in others}
    return tuple(needed for needed in some if needed.document not in named)


@dataclass(frozen=True, slots=True)
class BanDifference:
    """What forbids the app something, or perhaps does, in two answers: None where it does not."""

    today: Ban | None
    then: Ban | None


@dataclass(frozen=True, slots=True)
class DutyDifference:
    """A duty in two answers: its verdict in each, None where it does not bear on the app."""

    part: str
    today: Verdict | None
    then: Verdict | None
    cites: tuple[Cite, ...]


@dataclass(frozen=True, repr=False)
class WhatIf(Rendered):
    """Two answers side by side: today's, and the one with something changed; and what the app is
    forbidden in each, or perhaps is."""

    today: Answer
    then: Answer
    bans_today: tuple[Ban, ...] = ()
    bans_then: tuple[Ban, ...] = ()

    @property
    def differences(self) -> tuple[CategoryDifference, ...]:
        """One for each category of either answer, also where nothing differs."""
        before = {category.category: category for category in self.today.categories}
        after = {category.category: category for category in self.then.categories}
        found = []
        for id in dict.fromkeys([*before, *after]):
            one, other = before.get(id), after.get(id)
            found.append(
                CategoryDifference(
                    id,
                    one.verdict if one else None,
                    other.verdict if other else None,
                    _to_provide(one),
                    _to_provide(other),
                    one is not None and told_vain(one),
                    other is not None and told_vain(other),
                )
            )
        return tuple(found)

    @property
    def bans(self) -> tuple[BanDifference, ...]:
        """The bans of either answer, also where nothing differs."""
        before, after = (
            {ban.named: ban for ban in bans} for bans in (self.bans_today, self.bans_then)
        )
        keys = dict.fromkeys([*before, *after])
        return tuple(BanDifference(before.get(key), after.get(key)) for key in keys)

    @property
    def duties(self) -> tuple[DutyDifference, ...]:
        """The duties of which the answers differ."""
        before, after = (
            {duty.part: duty for duty in answer.obligations} for answer in (self.today, self.then)
        )
        found = []
        for part in dict.fromkeys([*before, *after]):
            today, then = before.get(part), after.get(part)
            verdicts = today.verdict if today else None, then.verdict if then else None
            if verdicts[0] != verdicts[1] and (cited := then or today):
                found.append(DutyDifference(part, *verdicts, cited.cites))
        return tuple(found)


def _to_provide(category: CategoryResult | None) -> tuple[DocumentNeed, ...]:
    """What is missing for a category: nothing where its services are forbidden."""
    return () if category is None or told_vain(category) else category.missing


def what_if(
    base: Core,
    app: App,
    *,
    without: Iterable[str] = (),
    adding: Iterable[str] = (),
    applicant: str | None = None,
    regions: Iterable[str] | None = None,
    as_of: Day = None,
    then_as_of: Day = None,
    lang: str = "zh",
) -> WhatIf:
    """The answer without some services, with others, for another applicant, other places or another
    day. Names may be ids, labels or aliases. Raises `Problems`."""
    changed = app
    dropped = {base.id_of("service", name) for name in without}
    added = [base.id_of("service", name) for name in adding]
    absent = sorted(dropped - set(app.services or ()))
    if absent:
        raise Problems([Problem("what-if", f"the app does not offer `{absent[0]}`")])
    if dropped or added:
        kept = [s for s in app.services or () if s not in dropped]
        changed = with_services(changed, (*kept, *added))
    if applicant is not None:
        changed = with_stated(changed, "applicant", (base.id_of("applicant", applicant),))
    if regions is not None:
        places = tuple(base.id_of("region", region) for region in regions)
        changed = with_stated(changed, "regions", places)
    later = then_as_of if then_as_of is not None else as_of
    today = asking(base, app, base.day(as_of), False)
    then = asking(base, changed, base.day(later), False)
    return WhatIf(today.answer(lang), then.answer(lang), today.bans(), then.bans())


@dataclass(frozen=True, repr=False)
class SmallestChange:
    """The least that brings an app to `satisfied`: by dropping services alone (ids), by adding
    documents alone, and by whatever is fewest. None where there is no such way (then something is
    unknown, prohibited, or can not be completed by this applicant)."""

    drop: tuple[str, ...] | None
    add: tuple[DocumentNeed, ...] | None
    fewest: tuple[ProfileChange, ...] | None

    def __repr__(self) -> str:
        shown = (
            f"{name} {len(found) if found is not None else 'none'}"
            for name, found in (("drop", self.drop), ("add", self.add), ("fewest", self.fewest))
        )
        return f"<kb.SmallestChange {', '.join(shown)}>"


def smallest_change(base: Core, app: App, as_of: Day = None) -> SmallestChange:
    """See `SmallestChange`; each change is tried on the app before it is given."""
    answer = answer_of(base, app, base.day(as_of), False)
    if answer.verdict == Verdict.SATISFIED:
        return SmallestChange((), (), ())
    add = _added(base, app, answer, as_of)
    drop = _dropped(base, app, as_of)
    sets: list[tuple[ProfileChange, ...]] = []
    if drop is not None:
        sets.append(tuple(map(DropService, drop)))
    if add is not None:
        sets.append(tuple(ProvideDocument(document.need) for document in add))
    repair = smallest_repair(base, app, as_of)
    if repair is not None:
        sets.append(repair.changes)
    return SmallestChange(drop, add, min(sets, key=len, default=None))


def _added(base: Core, app: App, answer: Answer, as_of: Day) -> tuple[DocumentNeed, ...] | None:
    """The documents of the smallest bundle, when having them satisfies."""
    documents = answer.bundle.documents
    held = tuple(holding for d in documents for holding in provided(app, d.need))
    full = replace(app, holds=(*app.holds, *held))
    if not documents or base.verdict(full, as_of) != Verdict.SATISFIED:
        return None
    return documents


def _dropped(base: Core, app: App, as_of: Day) -> tuple[str, ...] | None:
    """The fewest services without which the app is satisfied.

    A service that is not satisfied on its own has to go; of the others as many stay as together
    are satisfied (they may ask for more together than each alone).
    """
    services = app.services
    if not services:
        return None

    def fine(kept: Sequence[str]) -> bool:
        return base.verdict(with_services(app, kept), as_of) == Verdict.SATISFIED

    alone = [service for service in services if fine([service])]
    for size in range(len(alone), -1, -1):
        for kept in islice(combinations(alone, size), MOST_TRIED):
            if fine(kept):
                return tuple(service for service in services if service not in kept)
    return None
