"""What if: another profile's answer beside today's, and the smallest change that satisfies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice
from typing import TYPE_CHECKING, Any

from kb.answers.answer import Answer
from kb.answers.ask import answer as answer_of
from kb.answers.results import CategoryResult
from kb.base.results import DocumentNeed
from kb.explain.repair import Supply
from kb.explain.supplies import with_services, with_stated
from kb.explain.why import why_not
from kb.lang.problems import Problem, Problems
from kb.model.apps import App, Holding
from kb.render.html import ShownPair
from kb.render.words import mark, word

if TYPE_CHECKING:
    from kb.base.core import Core, Day

MOST_TRIED = 200
"""Sets of services of one size that are tried."""


@dataclass(frozen=True)
class WhatIf(ShownPair):
    """Two answers side by side; `differences` has a row for each category in either."""

    today: Answer
    then: Answer

    @property
    def differences(self) -> list[dict[str, Any]]:
        """One row a category: its verdicts (None: not needed) and what is missing, both ways."""
        before = {category.category: category for category in self.today.categories}
        after = {category.category: category for category in self.then.categories}
        names = self.today.names

        def missing(one: CategoryResult | None) -> list[str]:
            return [names.label("document", d.document, "zh") for d in one.missing] if one else []

        rows = []
        for id in dict.fromkeys([*before, *after]):
            one, other = before.get(id), after.get(id)
            rows.append(
                {
                    "category": names.label("category", id, "zh"),
                    "id": id,
                    "today": str(one.verdict) if one else None,
                    "then": str(other.verdict) if other else None,
                    "missing_today": missing(one),
                    "missing_then": missing(other),
                }
            )
        return rows

    def to_dict(self) -> dict[str, Any]:
        return {
            "today": self.today.to_dict(),
            "then": self.then.to_dict(),
            "differences": self.differences,
        }

    def __str__(self) -> str:
        lang = self.today.lang
        zh = lang == "zh"

        def shown(verdict: str | None) -> str:
            if verdict is None:
                return "–"
            return f"{mark(verdict)} {word(verdict, lang)}"

        lines = [
            f"{'现在' if zh else 'today'}: {shown(self.today.verdict)}   "
            f"{'假如' if zh else 'then'}: {shown(self.then.verdict)}"
        ]
        for row in self.differences:
            changed = row["today"] != row["then"] or row["missing_today"] != row["missing_then"]
            lead = "→" if changed else " "
            lines.append(f"{lead} {row['category']}: {shown(row['today'])} → {shown(row['then'])}")
            gone = [d for d in row["missing_today"] if d not in row["missing_then"]]
            come = [d for d in row["missing_then"] if d not in row["missing_today"]]
            lines += [f"      - 《{d}》" for d in gone] + [f"      + 《{d}》" for d in come]
        return "\n".join(lines)


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
    dropped = {base.find("service", name) for name in without}
    added = [base.find("service", name) for name in adding]
    absent = sorted(dropped - set(app.services or ()))
    if absent:
        raise Problems([Problem("what-if", f"the app does not offer `{absent[0]}`")])
    if dropped or added:
        kept = [s for s in app.services or () if s not in dropped]
        changed = with_services(changed, (*kept, *added))
    if applicant is not None:
        changed = with_stated(changed, "applicant", (base.find("applicant", applicant),))
    if regions is not None:
        places = tuple(base.find("region", region) for region in regions)
        changed = with_stated(changed, "regions", places)
    today = answer_of(base, app, base.day(as_of), False, lang)
    later = then_as_of if then_as_of is not None else as_of
    return WhatIf(today, answer_of(base, changed, base.day(later), False, lang))


@dataclass(frozen=True)
class SmallestChange:
    """The least that brings an app to `satisfied`: by dropping services alone, by adding documents
    alone, and by whatever is fewest. None where there is no such way (then something is unknown,
    prohibited, or can not be completed by this applicant)."""

    drop: tuple[str, ...] | None
    add: tuple[DocumentNeed, ...] | None
    fewest: tuple[Supply, ...] | None


def smallest_change(base: Core, app: App, as_of: Day = None, lang: str = "zh") -> SmallestChange:
    """See `SmallestChange`; each change is tried on the app before it is given."""
    answer = answer_of(base, app, base.day(as_of), False, lang)
    if answer.verdict == "satisfied":
        return SmallestChange((), (), ())
    add = _added(base, app, answer, as_of)
    drop = _dropped(base, app, as_of)
    ways: list[Sequence[Supply]] = []
    if drop is not None:
        ways.append([Supply("drop", service) for service in drop])
    if add is not None:
        ways.append([Supply("document", need) for need in add[1]])
    found = why_not(base, "verdict", app, as_of, False, lang)
    if found is not None and found.ways:
        ways.append(found.ways[0].supplies)
    fewest = min(ways, key=len, default=None)
    return SmallestChange(
        drop,
        add[0] if add is not None else None,
        tuple(fewest) if fewest is not None else None,
    )


def _added(
    base: Core, app: App, answer: Answer, as_of: Day
) -> tuple[tuple[DocumentNeed, ...], list[str]] | None:
    """The documents of the smallest bundle, when having them satisfies."""
    documents = answer.bundle.documents
    held = tuple(Holding(d.document, d.at_least, d.holder, d.must_state or None) for d in documents)
    full = replace(app, holds=(*app.holds, *held))
    if not documents or base.verdict(full, as_of) != "satisfied":
        return None
    return documents, [_need(base, d) for d in documents]


def _need(base: Core, document: DocumentNeed) -> str:
    """The need that a document of a bundle stands for; one that joins the words of several has
    no name of its own and goes by the first."""
    words = set(document.must_state)
    fits = [
        need
        for need in base.needs.values()
        if (need.document, need.holder) == (document.document, document.holder)
    ]
    wanted = document.at_least
    fits.sort(key=lambda n: (n.at_least != wanted, -len(words & set(n.must_state)), n.id))
    return fits[0].id


def _dropped(base: Core, app: App, as_of: Day) -> tuple[str, ...] | None:
    """The fewest services without which the app is satisfied.

    A service that is not satisfied on its own has to go; of the others as many stay as together
    are satisfied (they may ask for more together than each alone).
    """
    services = app.services
    if not services:
        return None

    def fine(kept: Sequence[str]) -> bool:
        return base.verdict(with_services(app, kept), as_of) == "satisfied"

    alone = [service for service in services if fine([service])]
    for size in range(len(alone), -1, -1):
        for kept in islice(combinations(alone, size), MOST_TRIED):
            if fine(kept):
                return tuple(service for service in services if service not in kept)
    return None
