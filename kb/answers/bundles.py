"""Bundles of an app: over all its categories, by number, cost or time; per reading; all minimal."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING, Any

from kb.answers.bundle import Bundle, Choice, Prices, best, minimal
from kb.lang.problems import Problem, Problems
from kb.model.apps import App
from kb.render.html import ShownBundles

if TYPE_CHECKING:
    from kb.answers.ask import Asking
    from kb.base.core import Core

HIGHEST = 100_000_000
"""The highest price: the solver counts with 32 bits, and copies multiply it."""
BY = ("fewest", "cheapest", "fastest")


def bundles(
    base: Core,
    app: App,
    as_of: int,
    by: str = "fewest",
    cost: Mapping[str, int] | None = None,
    days: Mapping[str, int] | None = None,
    every: bool = False,
    lang: str = "zh",
) -> dict[str, Any]:
    """The best bundle over all surely required categories, with its cost and time; for categories
    in conflict one bundle for each way to read them; with `every`, all minimal ones.

    `cost` (cents a copy) and `days` go by document, under any of its names. Raises `Problems`.
    """
    from kb.answers.ask import asking

    if by not in BY:
        raise Problems(
            [Problem("bundle", f"`{by}` is no way to choose", help="one of " + ", ".join(BY))]
        )
    question = asking(base, app, as_of, False, lang)
    prices = Prices(_named(base, cost), _named(base, days), question.documents.held)
    lists, cannot = question.lists()
    found = ShownBundles(lang)
    found |= {
        "by": by,
        "bundle": _shown(question, best([c for _, c in lists], by, prices), prices),
        "cannot": cannot,
        "not_counted": _not_counted(question),
        "readings": [],
        "all": None,
    }
    found["readings"] = list(_per_reading(question, lists, by, prices))
    if every:
        found["all"] = [_shown(question, b, prices) for b in minimal([c for _, c in lists])]
    return found


def _not_counted(question: Asking) -> list[dict[str, Any]]:
    """The categories that bear on the app and are not surely needed, so that no bundle holds their
    documents: each with why, and a remark that says so."""
    found = []
    for category in question.relevant():
        if question.view.has("required", category):
            continue
        name = question.base.facts.names.label("category", category, "zh")
        why = "perhaps" if question.view.has("perhaps_required", category) else "choice"
        remark = _REMARKS[why][question.lang != "zh"].format(name)
        found.append({"category": name, "id": category, "because": why, "remark": remark})
    return found


_REMARKS = {
    "perhaps": (
        "「{}」不一定需要,其材料没有计入",
        "{} is only perhaps needed; its documents are not counted",
    ),
    "choice": (
        "「{}」是几个可选类目之一,其材料没有计入",
        "{} is one of several categories to choose from; its documents are not counted",
    ),
}


def _named(base: Core, values: Mapping[str, int] | None) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, value in (values or {}).items():
        if type(value) is not int or not 0 <= value <= HIGHEST:
            raise Problems(
                [
                    Problem(
                        "price",
                        f"`{value}` for `{name}` is not a whole number from 0 to {HIGHEST}",
                        help="costs are in cents, times in days",
                    )
                ]
            )
        found[base.find("document", name)] = value
    return found


def _per_reading(
    question: Asking, lists: list[tuple[str, list[Choice]]], by: str, prices: Prices
) -> list[dict[str, Any]]:
    """One bundle for each way to read the categories whose readings are in conflict."""
    conflicts = [
        question.conflict_readings(category)
        for category in dict.fromkeys(question.category_of(version) for version, _ in lists)
        if question.conflict_readings(category)
    ]
    if not conflicts:
        return []
    disputed = {version for versions in conflicts for version in versions}
    found = []
    for chosen in product(*conflicts):
        kept = [c for version, c in lists if version not in disputed or version in chosen]
        found.append({"reading": list(chosen), **_shown(question, best(kept, by, prices), prices)})
    return found


def _shown(question: Asking, bundle: Bundle, prices: Prices) -> dict[str, Any]:
    cents, days = prices.of(bundle.needs)
    return {
        "documents": question.shown_needs(bundle.needs),
        "optimal": bundle.optimal,
        "bound": bundle.bound,
        "alternatives": [choice.name for choice in bundle.picks],
        "cost": cents,
        "days": days,
    }
