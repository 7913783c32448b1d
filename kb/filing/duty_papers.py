"""Papers by which an app's duties are kept, and whether it must have them now, later or perhaps.

Which these are the rules decide (`15_duty_papers.dl`); here they are gathered.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.base.results import DocumentNeed, Standing, Verdict, Word
from kb.base.view import View
from kb.filing.duty_days import DayKind, DutyDay
from kb.lang.syntax import Cite

if TYPE_CHECKING:
    from kb.base.core import Core


class Demand(Word):
    """When the papers of a duty must be there: they are asked for today (`now`), or from a day to
    come on (`later`), or it is open whether they are (`perhaps`)."""

    NOW = "now"
    LATER = "later"
    PERHAPS = "perhaps"


RELATIONS = {
    Demand.NOW: "paper_due",
    Demand.LATER: "paper_later",
    Demand.PERHAPS: "paper_open",
}
GOALS = tuple(RELATIONS.values())
"""The relations that these papers are read from."""


@dataclass(frozen=True, slots=True)
class DutyPapers:
    """The papers of a duty, any one of which keeps it: in the order of its source. `otherwise` are
    attributes that keep it as well; `day` is that from which it must be kept, or kept anew, where
    it has one that is known."""

    part: str
    demand: Demand
    papers: tuple[DocumentNeed, ...]
    otherwise: tuple[str, ...]
    day: datetime.date | None
    verdict: Verdict
    standing: Standing
    cites: tuple[Cite, ...]


def papers_of(base: Core, view: View, demand: Demand) -> dict[str, list[tuple[str, str]]]:
    """The papers of each duty of which something is demanded so, as documents with their holders;
    duties and papers in the order of the files."""
    found: dict[str, set[tuple[str, str]]] = {}
    for part, document, holder in view.after(RELATIONS[demand]):
        found.setdefault(str(part), set()).add((str(document), str(holder)))
    return {part: stated(base, part, found[part]) for part in in_order(base, found)}


def in_order(base: Core, parts: Iterable[str]) -> list[str]:
    """Parts in the order of the files."""
    return sorted(parts, key=base.provisions.order.__getitem__)


def stated(base: Core, part: str, papers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Some papers of a duty in the order of its source."""
    every = [(each[0], each[1]) for each in base.provisions.documents[part]]
    return sorted(papers, key=every.index)


def duty_papers(base: Core, view: View, days: Iterable[DutyDay]) -> tuple[DutyPapers, ...]:
    """The papers of an app's duties; `view` is the app's model with `GOALS` and `obligation`,
    `days` are those of its duties."""
    return tuple(_gathered(base, view, tuple(days)))


def _gathered(base: Core, view: View, days: tuple[DutyDay, ...]) -> Iterator[DutyPapers]:
    verdicts = {str(part): Verdict(str(verdict)) for part, _, verdict in view.after("obligation")}
    for demand in Demand:
        for part, papers in papers_of(base, view, demand).items():
            cite = base.cite("duty", (part, base.provisions.bearer[part]))
            cites = (cite,) if cite else ()
            practices = base.provisions.practices.get(part, ())
            yield DutyPapers(
                part,
                demand,
                tuple(bare(document, holder, cites) for document, holder in papers),
                tuple(attribute for (attribute,) in practices),
                next((d.day for d in days if d.part == part and d.kind != DayKind.ENDS), None),
                verdicts[part],
                base.provisions.standing(part),
                cites,
            )


def bare(document: str, holder: str, cites: Iterable[Cite]) -> DocumentNeed:
    """A paper of which a duty asks for a copy, in lines of its text."""
    lines = tuple(line for cite in cites for line in cite.lines)
    return DocumentNeed(document, holder, lines=lines, verdict=Verdict.MISSING, held=0)
