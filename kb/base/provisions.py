"""Provisions: what the facts say of each part of a text, looked up by its id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kb.base.results import Standing
from kb.lang.syntax import Cite
from kb.model.days import LAST, before, beginning, ending, number
from kb.model.duties import Duty, Material, Prohibition, Range, Step
from kb.model.duty_rows import part_id, source_of
from kb.model.facts import FactBase
from kb.model.files import SourceFile
from kb.model.outlays import Outlay
from kb.model.schema import Source


@dataclass(frozen=True, slots=True)
class Provision:
    """A duty or a prohibition with its text, and which apps that is about (`ranges`); `first` and
    `last` are the days (as day numbers) between which the first and the last day on which it counts
    lie, both `LAST` where no end is stated."""

    id: str
    record: Duty | Prohibition
    source: Source
    ranges: tuple[Range, ...]
    first: tuple[int, int]
    last: tuple[int, int]

    @property
    def kind(self) -> str:
        """`duty` or `prohibition`."""
        return "duty" if isinstance(self.record, Duty) else "prohibition"

    @property
    def cite(self) -> Cite:
        """Its lines."""
        return Cite(self.source.id, self.record.lines)


def _stated(file: SourceFile, record: Duty | Prohibition) -> Provision:
    source = file.source
    about = tuple(each for each in file.ranges if each.what != "type")
    own = number(record.ends) if record.ends else LAST
    own = before(number(record.revoked)) if record.revoked else own
    one, other = ending(source)
    name = part_id(source.id, record.id)
    last = min(own, one), min(own, other)
    return Provision(name, record, source, about, beginning(source), last)


class Provisions:
    """Look-ups over the rows of duties, prohibitions and procedures; each is built when needed."""

    def __init__(self, facts: FactBase) -> None:
        self._files = facts.files
        self._sources = facts.sources
        self._rows = facts.rows.facts

    def standing(self, part: str) -> Standing:
        """The standing of the source that a part stands in."""
        return Standing(self._sources[source_of(part)].standing)

    def _grouped(self, relation: str) -> dict[str, tuple[tuple[str, ...], ...]]:
        found: dict[str, tuple[tuple[str, ...], ...]] = {}
        for first, *rest in self._rows.get(relation, ()):
            found[str(first)] = (*found.get(str(first), ()), tuple(map(str, rest)))
        return found

    @cached_property
    def order(self) -> dict[str, int]:
        """Parts in the order of the files."""
        return {str(row[0]): n for n, row in enumerate(self._rows.get("part", ()))}

    @cached_property
    def own_side(self) -> frozenset[str]:
        """Actors who are on the app's side."""
        pairs = self._rows.get("kind_of", ())
        return frozenset(str(actor) for actor, side in pairs if side == "app_side")

    @cached_property
    def breaches(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        """What follows when a part is not kept."""
        return self._grouped("breach")

    @cached_property
    def documents(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        """Documents and holders that meet a part."""
        return self._grouped("met_by_document")

    @cached_property
    def practices(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        """Attributes that meet a part."""
        return self._grouped("met_by_practice")

    @cached_property
    def before(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        """Events that a duty comes before."""
        return self._grouped("duty_before")

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """The records of all steps."""
        return {
            part_id(source, step.id): step
            for source, file in self._files.items()
            for step in file.steps
        }

    @cached_property
    def materials(self) -> Mapping[str, tuple[str, Material]]:
        """The records of all that is handed in, each with its source."""
        return {
            part_id(source, material.id): (source, material)
            for source, file in self._files.items()
            for material in file.materials
        }

    @cached_property
    def outlays(self) -> Mapping[str, tuple[str, Outlay]]:
        """The records of all fees and times, each with its source, in the order of the files."""
        return {
            part_id(source, outlay.id): (source, outlay)
            for source, file in self._files.items()
            for outlay in (*file.fees, *file.lead_times)
        }

    @cached_property
    def bearer(self) -> dict[str, str]:
        """Who bears a duty or a prohibition."""
        rows = (*self._rows.get("duty", ()), *self._rows.get("forbids", ()))
        return {str(part): str(bearer) for part, bearer in rows}

    @cached_property
    def bound(self) -> Mapping[str, Provision]:
        """All duties and prohibitions, in the order of the files."""
        found: dict[str, Provision] = {}
        for file in self._files.values():
            records: tuple[Duty | Prohibition, ...] = (*file.duties, *file.prohibitions)
            stated = (_stated(file, record) for record in records)
            found |= {each.id: each for each in stated}
        return found
