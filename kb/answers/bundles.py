"""Bundles of an app: over all its categories, by number, cost or time; per reading; all minimal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from kb.answers.ask import AppModel, asking
from kb.answers.bundle import Bundle, best, minimal
from kb.answers.choices import Choice
from kb.answers.practices import DutyByPractice, by_practice
from kb.answers.prices import Ends, Prices, stated_prices
from kb.base.bans import Ban
from kb.base.entities import reckoned_on
from kb.base.exemptions import ExemptionResult, exemptions_on
from kb.base.outlays import OutlayKind, OutlayResult, outlays_of
from kb.base.papers import PaperNote, papers_until
from kb.base.rendered import Rendered
from kb.base.results import DocumentNeed, Word
from kb.filing.schedule import after_days
from kb.lang.problems import Problem, Problems
from kb.model.apps import App
from kb.model.days import date
from kb.model.entities import Tally
from kb.model.names import Names
from kb.model.outlays import HIGHEST

if TYPE_CHECKING:
    from kb.base.core import Core

BY = ("fewest", "cheapest", "fastest")


class WhyNotCounted(Word):
    """Why no bundle holds the documents of a category that bears on the app."""

    PERHAPS = "perhaps"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class NotCounted:
    """A category that bears on the app and is not surely needed."""

    category: str
    because: WhyNotCounted


@dataclass(frozen=True, slots=True)
class PricedBundle:
    """A set of documents, picked from `alternatives`, with what it costs (cents) and takes (working
    days), None where the price or the time of one of them is not known exactly; `cost_ends` and
    `days_ends` are the least and the most, as far as these are known.

    `optimal` says that nothing better is possible; where that is not proven, `bound` is what the
    first criterion can not go below. `reading` names the readings that it keeps to, where it does
    not keep to all. `partly`: beside it there are categories of which it is unknown what they ask
    for, so that it is the least, and no sum is known.
    """

    documents: tuple[DocumentNeed, ...]
    optimal: bool
    bound: int | None
    alternatives: tuple[str, ...]
    cost: int | None
    days: int | None
    reading: tuple[str, ...] = ()
    cost_ends: Ends = (None, None)
    days_ends: Ends = (None, None)
    partly: bool = False


@dataclass(frozen=True, repr=False)
class Bundles(Rendered):
    """The best bundle `by` a criterion; one for each way to read categories in conflict
    (`readings`); `all` minimal ones where they were asked for; the categories that this app
    `cannot` complete, those of which it is `unknown` what they ask for, and those whose documents
    are `not_counted`; the `outlays` are what texts state of the documents where the question gives
    no price or time, `exemptions` those of the profile, `papers` those in hand that
    run out before the best bundle can be there, `tallies` as in an answer;
    `bans` what the app is forbidden: what is only needed for that is not counted;
    `duties` those that a practice keeps and no paper of a bundle."""

    by: str
    bundle: PricedBundle
    cannot: tuple[str, ...]
    unknown: tuple[str, ...]
    not_counted: tuple[NotCounted, ...]
    readings: tuple[PricedBundle, ...]
    all: tuple[PricedBundle, ...] | None
    lang: str
    names: Names = field(compare=False)
    outlays: tuple[OutlayResult, ...] = ()
    exemptions: tuple[ExemptionResult, ...] = ()
    papers: tuple[PaperNote, ...] = ()
    tallies: tuple[Tally, ...] = ()
    bans: tuple[Ban, ...] = ()
    duties: tuple[DutyByPractice, ...] = ()


def bundles(
    base: Core,
    app: App,
    as_of: int,
    by: str = "fewest",
    cost: Mapping[str, int] | None = None,
    days: Mapping[str, int] | None = None,
    every: bool = False,
    lang: str = "zh",
) -> Bundles:
    """The best bundle over all surely required categories and duties, with its cost and time; for
    categories in conflict one bundle for each way to read them; with `every`, all minimal ones.

    `cost` (cents a copy) and `days` (working days) go by document, under any of its names; what is
    not given there is as the texts state it. Raises `Problems`.
    """
    if by not in BY:
        raise Problems(
            [Problem("bundle", f"`{by}` is no way to choose", help="one of " + ", ".join(BY))]
        )
    model = asking(base, app, as_of, False)
    own_cost, own_days = _named(base, cost), _named(base, days)
    outlays = tuple(outlays_of(base, model.view.after("states_outlay")))
    # What is in hand of a paper that a duty asks for does not keep it.
    held = {k: n for k, n in model.documents.held.items() if k not in model.of_duties.papers}
    prices = stated_prices(outlays, own_cost, own_days, held)
    lists, cannot = model.lists()
    smallest = _priced(model, best([c for _, c in lists], by, prices, apart=model.apart), prices)
    readings = tuple(_per_reading(model, lists, by, prices))
    minimals = minimal([c for _, c in lists], apart=model.apart) if every else []
    all = tuple(_priced(model, b, prices) for b in minimals) if every else None
    listed = {d.document for b in (smallest, *readings, *(all or ())) for d in b.documents}
    given = {OutlayKind.FEE: own_cost, OutlayKind.LEAD_TIME: own_days}
    return Bundles(
        by,
        smallest,
        tuple(cannot),
        tuple(model.unknown()),
        tuple(_not_counted(model)),
        readings,
        all,
        lang,
        base.facts.names,
        tuple(o for o in outlays if o.document in listed and o.document not in given[o.kind]),
        exemptions_on(app.exemptions, as_of, model.view),
        _running_out(app, as_of, smallest),
        reckoned_on(app, base.conditions_on(as_of), model.view),
        model.bans(),
        tuple(by_practice(model.view, model.duties.obligations())),
    )


def _running_out(app: App, as_of: int, bundle: PricedBundle) -> tuple[PaperNote, ...]:
    """The papers in hand that run out while the others are obtained: as long as that takes at most,
    or at least where the most is not known."""
    least, most = bundle.days_ends
    end = after_days(date(as_of), most if most is not None else least or 0, {})
    return papers_until(app.papers, as_of, end)


def _not_counted(model: AppModel) -> list[NotCounted]:
    """The categories that bear on the app and are not surely needed."""
    return [
        NotCounted(
            category,
            WhyNotCounted.PERHAPS
            if model.view.has("perhaps_required", category)
            else WhyNotCounted.CHOICE,
        )
        for category in model.relevant()
        if not model.view.has("required", category)
    ]


def _named(base: Core, values: Mapping[str, int] | None) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, value in (values or {}).items():
        if type(value) is not int or not 0 <= value <= HIGHEST:
            raise Problems(
                [
                    Problem(
                        "price",
                        f"`{value}` for `{name}` is not a whole number from 0 to {HIGHEST}",
                        help="costs are in cents, times in working days",
                    )
                ]
            )
        found[base.id_of("document", name)] = value
    return found


def _per_reading(
    model: AppModel, lists: list[tuple[str, list[Choice]]], by: str, prices: Prices
) -> list[PricedBundle]:
    """One bundle for each way to read the categories whose readings are in conflict."""
    readings = model.base.facts.readings
    of_versions = (readings[each] for each, _ in lists if each in readings)
    categories = dict.fromkeys(reading.record.category for reading in of_versions)
    conflicts = [
        rivals for category in categories if (rivals := model.view.names("in_conflict", category))
    ]
    if not conflicts:
        return []
    disputed = {version for versions in conflicts for version in versions}
    found = []
    for chosen in product(*conflicts):
        kept = [c for version, c in lists if version not in disputed or version in chosen]
        found.append(_priced(model, best(kept, by, prices, apart=model.apart), prices, chosen))
    return found


def _priced(
    model: AppModel, bundle: Bundle, prices: Prices, reading: tuple[str, ...] = ()
) -> PricedBundle:
    cents, days = prices.of(bundle.needs)
    cost_ends, days_ends = prices.ends(bundle.needs)
    # Beside categories of which nobody knows what they ask for, what is known is the least.
    partly = bool(model.unknown())
    if partly:
        cents = days = None
        cost_ends, days_ends = (cost_ends[0] or None, None), (days_ends[0] or None, None)
    return PricedBundle(
        model.documents_of(bundle),
        bundle.optimal and not partly,
        bundle.bound,
        tuple(pick.name for pick in bundle.picks if pick.name not in model.of_duties),
        cents,
        days,
        reading,
        cost_ends,
        days_ends,
        partly,
    )
