"""What documents cost and take: as given with a question, else as the texts state it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from kb.base.outlays import OutlayKind, OutlayResult
from kb.base.results import Certainty
from kb.model.requirements import Need

Ends: TypeAlias = tuple[int | None, int | None]
"""The least and the most that something may be; None for an end that is not known."""
SUMMED = "CNY"
"""The currency that bundles are summed in."""


@dataclass(frozen=True)
class Prices:
    """What documents cost (cents a copy) and take (working days), by document id, at most.

    `cost_from` and `days_from` are the least, where that is less or is not known. `held` says how
    many copies of a document a holder has already: they are not paid again.
    """

    # decision: spans-weigh-by-their-most
    cost: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)
    held: Mapping[tuple[str, str], int] = field(default_factory=dict)
    cost_from: Mapping[str, int | None] = field(default_factory=dict)
    days_from: Mapping[str, int | None] = field(default_factory=dict)

    def ends(self, needs: Iterable[Need]) -> tuple[Ends, Ends]:
        """The least and the most cents of all, and working days of the slowest (they are obtained
        side by side)."""
        listed = list(needs)
        paid = [(n.document, copies) for n in listed if (copies := n.copies - self.have(n))]
        unknown = any(n.as_many and not n.counted for n in listed)
        cost = (
            _all(_times(_least(d, self.cost, self.cost_from), copies) for d, copies in paid),
            None if unknown else _all(_times(self.cost.get(d), copies) for d, copies in paid),
        )
        days = (
            _all(_least(n.document, self.days, self.days_from) for n in listed),
            _all(self.days.get(n.document) for n in listed),
        )
        return (
            (_maybe(sum, cost[0]), _maybe(sum, cost[1])),
            (_maybe(_slowest, days[0]), _maybe(_slowest, days[1])),
        )

    def of(self, needs: Iterable[Need]) -> tuple[int | None, int | None]:
        """The same where it is known exactly; None where it is not."""
        cost, days = self.ends(needs)
        return _exact(cost), _exact(days)

    def have(self, need: Need) -> int:
        """The copies in hand that count for a need; where words are asked for, none is sure to."""
        have = 0 if need.must_state else self.held.get((need.document, need.holder), 0)
        return min(have, need.copies)


def stated_prices(
    outlays: Iterable[OutlayResult],
    cost: Mapping[str, int],
    days: Mapping[str, int],
    held: Mapping[tuple[str, str], int],
) -> Prices:
    """The prices of a question: what is given goes before what the texts state. A text of which it
    is open whether it holds widens what others state and gives no price by itself."""
    listed = list(outlays)
    most_cost, cost_from = _stated(listed, OutlayKind.FEE, cost)
    most_days, days_from = _stated(listed, OutlayKind.LEAD_TIME, days)
    return Prices({**most_cost, **cost}, {**most_days, **days}, held, cost_from, days_from)


def _stated(
    outlays: list[OutlayResult], kind: OutlayKind, given: Mapping[str, int]
) -> tuple[dict[str, int], dict[str, int | None]]:
    """The most of each document where it is known, and the least where that is another."""
    of: dict[str, list[OutlayResult]] = {}
    for outlay in outlays:
        if outlay.kind == kind and outlay.document is not None and outlay.document not in given:
            of.setdefault(outlay.document, []).append(outlay)
    most: dict[str, int] = {}
    least: dict[str, int | None] = {}
    for document, told in of.items():
        # decision: sums-in-one-currency
        if any(each.currency not in (None, SUMMED) for each in told):
            continue
        if all(each.certainty != Certainty.SURELY for each in told):
            continue
        lowest, highest = _all(each.least for each in told), _all(each.most for each in told)
        least[document] = _maybe(min, lowest)
        if highest is not None:
            most[document] = max(highest)
    return most, least


def _least(document: str, most: Mapping[str, int], least: Mapping[str, int | None]) -> int | None:
    return least[document] if document in least else most.get(document)


def _times(price: int | None, copies: int) -> int | None:
    return None if price is None else price * copies


def _all(numbers: Iterable[int | None]) -> list[int] | None:
    """The numbers; None where one of them is not known."""
    found: list[int] = []
    for number in numbers:
        if number is None:
            return None
        found.append(number)
    return found


def _maybe(made: Callable[[list[int]], int], numbers: list[int] | None) -> int | None:
    return None if numbers is None else made(numbers)


def _slowest(days: list[int]) -> int:
    return max(days, default=0)


def _exact(ends: Ends) -> int | None:
    least, most = ends
    return most if least == most else None
