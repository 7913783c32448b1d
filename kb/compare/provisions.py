"""Duties and prohibitions that begin, end or change between two days."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kb.base.provisions import Provision
from kb.base.results import Certainty
from kb.base.versions import provisions_on
from kb.model.days import date
from kb.model.duties import PartUnclear
from kb.model.layers import layer_of

if TYPE_CHECKING:
    from kb.base.core import Core


class ProvisionChangeKind(StrEnum):
    """What became of a duty or a prohibition.

    `settled`: it was perhaps in its term and surely is; `unsettled`: the other way round.
    `changed`: a day came from which on it can be broken, or something came up that leaves it open.
    """

    BEGUN = "begun"
    ENDED = "ended"
    SETTLED = "settled"
    UNSETTLED = "unsettled"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class ProvisionChange:
    """A duty or a prohibition that changed between two days, with how sure it is on each that it
    counts; None where it does not.

    `due` are the days after the first and through the last from which on some can break it,
    `unclear` the passages that leave it open on the last day and did not on the first.
    """

    provision: Provision
    what: ProvisionChangeKind
    before: Certainty | None
    after: Certainty | None
    due: tuple[datetime.date, ...] = ()
    unclear: tuple[PartUnclear, ...] = ()


def provision_changes(
    base: Core, first: int, last: int, within: Sequence[str] = ()
) -> Iterator[ProvisionChange]:
    """The duties and prohibitions that differ on two days (day numbers), in the order of the files;
    where some folders are named (`within`), those of sources in these."""
    bound = base.provisions.bound
    if not bound:
        return
    facts, days = base.facts, (date(first), date(last))
    one, other = provisions_on(base, first), provisions_on(base, last)
    for id, each in bound.items():
        if within and layer_of(facts.folders, facts.places[each.source.id].file) not in within:
            continue
        found = _change(each, one.get(id), other.get(id), days)
        if found is not None:
            yield found


def _change(
    each: Provision,
    before: Certainty | None,
    after: Certainty | None,
    days: tuple[datetime.date, datetime.date],
) -> ProvisionChange | None:
    if after is None:
        ended = ProvisionChange(each, ProvisionChangeKind.ENDED, before, after)
        return ended if before is not None else None
    first, last = days
    record = each.record
    dated = (record.due, record.grace.until if record.grace else None)
    due = sorted({day for day in dated if day is not None and first < day <= last})
    unclear = [p for p in record.unclear if p.since is None or p.since <= last]
    if before is not None:
        unclear = [p for p in unclear if p.since is not None and first < p.since]
    kind = _kind_of(before, after, bool(due or unclear))
    if kind is None:
        return None
    return ProvisionChange(each, kind, before, after, tuple(due), tuple(unclear))


def _kind_of(
    before: Certainty | None, after: Certainty, differs: bool
) -> ProvisionChangeKind | None:
    if before is None:
        return ProvisionChangeKind.BEGUN
    if before == after:
        return ProvisionChangeKind.CHANGED if differs else None
    sure = after == Certainty.SURELY
    return ProvisionChangeKind.SETTLED if sure else ProvisionChangeKind.UNSETTLED
