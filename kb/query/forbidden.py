"""Categories that an applicant may not offer, though no version is closed to it: a text forbids all
of their services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kb.lang.syntax import Cite
from kb.model.rows import Reading

if TYPE_CHECKING:
    from kb.base.core import Core

GOALS = ("ban", "bears_on_verdict")
SURELY = ("prohibited", "text_prohibits")
"""How the whole of an app comes out that does what a text forbids, for sure."""


@dataclass(frozen=True, slots=True)
class ForbiddenBy:
    """The categories whose services a provision of a text forbids to an applicant, and the versions
    of them that it is about."""

    part: str
    cite: Cite
    categories: tuple[str, ...]
    versions: tuple[str, ...]


def forbidden(
    base: Core, applicant: str, readings: Iterable[Reading], day: int
) -> tuple[ForbiddenBy, ...]:
    """What is forbidden of readings to an applicant that serves their place, on a day: the rules
    are asked of an app of which nothing else is said, a service at a time."""
    named = {service for _, service in base.facts.rows.facts.get("forbids_service", ())}
    found: dict[str, list[Reading]] = {}
    asked: dict[tuple[str, str], tuple[str, ...]] = {}
    for reading in readings:
        services = {each.service for each in reading.record.scope}
        if not services or not all(_touched(base, each, named) for each in services):
            continue
        place = reading.source.jurisdiction
        for service in services:
            if (service, place) not in asked:
                app = {"applicant": applicant, "services": [service], "regions": [place]}
                asked[service, place] = _parts(base, app, day)
        if all(asked[service, place] for service in services):
            for part in sorted({p for service in services for p in asked[service, place]}):
                found.setdefault(part, []).append(reading)
    return tuple(
        ForbiddenBy(
            part,
            _cite(base, part),
            tuple(dict.fromkeys(reading.record.category for reading in closed)),
            tuple(reading.id for reading in closed),
        )
        for part, closed in found.items()
    )


def _touched(base: Core, service: str, named: set[Any]) -> bool:
    return not named.isdisjoint((service, *base.facts.vocabulary.above(service)))


def _parts(base: Core, app: Mapping[str, Any], day: int) -> tuple[str, ...]:
    """The provisions that surely forbid an app what it does."""
    model = base.model(GOALS, base.app(app), day)
    if not any(row[1:] == SURELY for row in model["bears_on_verdict"]):
        return ()
    return tuple(sorted(str(part) for _, part, _, verdict in model["ban"] if verdict == SURELY[0]))


def _cite(base: Core, part: str) -> Cite:
    [row] = [row for row in base.facts.rows.facts["forbids"] if row[0] == part]
    cite = base.cite("forbids", row)
    assert cite is not None
    return cite
