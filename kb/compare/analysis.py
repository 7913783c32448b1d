"""Analysis of a category over all apps: what no single profile shows.

An app is reduced to what the category's conditions can tell apart: one class of values for each
attribute that they read. Over all combinations clingo finds what is possible at all, and for two
days the app with the fewest documents that comes off worse. Such an app is asked about on both
days, and told only if the answers bear it out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.answers.ask import answer
from kb.base.rendered import Rendered
from kb.base.results import Certainty, Verdict
from kb.base.versions import standing_on, superseding
from kb.compare.classes import Classes, Smallest, possible
from kb.lang.syntax import Cite
from kb.model.apps import App, Holding
from kb.model.names import Names
from kb.model.requirements import Need
from kb.model.rows import Reading
from kb.query.forbidden import forbidden

if TYPE_CHECKING:
    from kb.base.core import Core

MOST_TRIED = 20
"""Apps that are asked about before a comparison of two days gives up."""
WORSE = (Verdict.SATISFIED, Verdict.NONE_REQUIRED, Verdict.NONE_STATED)
"""Verdicts from which a category can only get worse."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Applicants (ids) whom a reading binds and is open to, and for whom every alternative of it is
    barred by a condition, whatever else they are."""

    reading: str
    applicants: tuple[str, ...]
    cite: Cite


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Applicants (ids) to whom a provision of a text forbids all services of the category, though
    the readings leave them an alternative."""

    part: str
    applicants: tuple[str, ...]
    cite: Cite


@dataclass(frozen=True, slots=True)
class NeverUsed:
    """An alternative (its id, and its documents) that no app can use, or that is usable only where
    a smaller one is."""

    alternative: str
    needs: tuple[Need, ...]
    usable: bool
    cite: Cite


@dataclass(frozen=True, slots=True)
class Alike:
    """Two readings that ask every app that both bind for the same."""

    one: Cite
    other: Cite


@dataclass(frozen=True, slots=True)
class Worse:
    """Whether an app that satisfies the category on the first day can fall short of it on the last.

    `app` is the one with the fewest documents, with the verdicts that it gets; None where there is
    none. `complete` says that all were ruled out, or that this one is the smallest.
    """

    first: int
    last: int
    app: App | None
    verdicts: tuple[str, str] | None
    complete: bool


@dataclass(frozen=True, repr=False)
class Analysis(Rendered):
    """What holds of a category for all apps on a day; `classes` is how many kinds of app its
    conditions tell apart."""

    category: str
    as_of: int
    readings: tuple[Cite, ...]
    classes: int
    gaps: tuple[Gap, ...]
    never_used: tuple[NeverUsed, ...]
    alike: tuple[Alike, ...]
    worse: Worse | None
    lang: str
    names: Names = field(compare=False)
    forbidden: tuple[Forbidden, ...] = ()


def analyse(
    base: Core,
    category: str,
    as_of: int,
    compared: tuple[int, int] | None = None,
    lang: str = "zh",
) -> Analysis:
    """What holds of a category (an id) on a day for all apps; with the days `compared` also whether
    an app gets worse from the first to the last."""
    readings = _standing(base, category, as_of)
    classes = Classes(base, readings)
    found = possible(classes)
    return Analysis(
        category,
        as_of,
        tuple(reading.cite for reading in readings),
        classes.count,
        tuple(_gaps(classes, found.reached - found.served)),
        tuple(_never_used(readings, found.usable, found.deciding)),
        tuple(
            Alike(one.cite, other.cite)
            for n, one in enumerate(readings)
            for other in readings[n + 1 :]
            if (one.id, other.id) in found.meeting
            and (one.id, other.id) not in found.differing
            and (other.id, one.id) not in found.differing
        ),
        _worse(base, category, *compared) if compared else None,
        lang,
        base.facts.names,
        tuple(_forbidden(base, readings, as_of)),
    )


def _standing(base: Core, category: str, day: int) -> list[Reading]:
    """The readings of a category that surely stand on a day, without those whose place another of
    them takes; what asks for papers elsewhere says nothing to analyse."""
    sure = [
        base.facts.readings[id]
        for id, how in standing_on(base, day).items()
        if how == Certainty.SURELY and base.facts.readings[id].record.category == category
    ]
    there = {reading.id for reading in sure}
    gone = {old for new, old in superseding(base) if new in there}
    return [r for r in sure if r.id not in gone and not r.record.elsewhere]


def _gaps(classes: Classes, found: frozenset[tuple[str, str]]) -> Iterator[Gap]:
    for reading in classes.readings:
        applicants = [
            each for id, stands in found if id == reading.id for each in classes.applicants[stands]
        ]
        if applicants:
            yield Gap(reading.id, tuple(sorted(applicants)), reading.cite)


def _forbidden(base: Core, readings: list[Reading], day: int) -> Iterator[Forbidden]:
    kept_out: dict[tuple[str, Cite], list[str]] = {}
    for applicant in base.facts.names.of("applicant"):
        for each in forbidden(base, applicant.id, readings, day):
            kept_out.setdefault((each.part, each.cite), []).append(applicant.id)
    for (part, cite), applicants in kept_out.items():
        yield Forbidden(part, tuple(sorted(applicants)), cite)


def _never_used(
    readings: list[Reading], usable: frozenset[str], deciding: frozenset[str]
) -> Iterator[NeverUsed]:
    for reading in readings:
        pairs = zip(reading.alternative_ids, reading.alternatives, strict=True)
        for name, alternative in pairs:
            if name not in deciding:
                needs = tuple(sorted(alternative.needs))
                yield NeverUsed(name, needs, name in usable, reading.cite)


def _worse(base: Core, category: str, first: int, last: int) -> Worse:
    before, after = (_standing(base, category, day) for day in (first, last))
    if not before or not after:
        return Worse(first, last, None, None, not before)
    classes = Classes(base, list({r.id: r for r in (*before, *after)}.values()))
    complete = True
    found = Smallest(classes, before, after, MOST_TRIED)
    for tried in found:
        app = _app(classes, before, tried.values, tried.needs)
        verdicts = [_verdict(base, app, category, day) for day in (first, last)]
        if verdicts[0] in WORSE and verdicts[1] not in (*WORSE, None):
            told = str(verdicts[0]), str(verdicts[1])
            return Worse(first, last, app, told, complete)
        complete = False
    return Worse(first, last, None, None, complete and not found.stopped)


def _verdict(base: Core, app: App, category: str, day: int) -> Verdict | None:
    results = answer(base, app, day, False).categories
    return next((each.verdict for each in results if each.category == category), None)


def _app(
    classes: Classes, readings: list[Reading], values: dict[str, str], needs: list[Need]
) -> App:
    """A profile of a combination of classes that holds what some needs ask for."""
    stated = {attribute: classes.stated[attribute][stands] for attribute, stands in values.items()}
    if "services" not in stated:
        scopes = [scope for reading in readings for scope in reading.record.scope]
        plain = [scope for scope in scopes if not scope.condition and not scope.unclear]
        stated["services"] = tuple(scope.service for scope in (plain or scopes)[:1])
    for each in needs:
        if each.as_many:  # no more than are asked for anyway
            stated.setdefault(each.as_many, each.at_least)
    holds = tuple(
        Holding(each.document, each.at_least, each.holder, _words(classes, each)) for each in needs
    )
    return App("analysed", stated, holds)


def _words(classes: Classes, need: Need) -> tuple[str, ...] | None:
    """What a copy states: the words asked for, and no others where others are asked for elsewhere;
    None where nobody asks."""
    if need.must_state:
        return tuple(word.split("|")[0] for word in need.must_state)
    asked = (n for r in classes.readings for a in r.alternatives for n in a.needs)
    worded = any(each.document == need.document and each.must_state for each in asked)
    return () if worded else None
