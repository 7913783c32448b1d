"""Provisions: what the facts say of each part of a text, looked up by its id."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from kb.base.results import Standing
from kb.model.duties import Material, Step
from kb.model.duty_rows import part_id
from kb.model.facts import FactBase
from kb.model.outlays import Outlay


class Provisions:
    """Look-ups over the rows of duties, prohibitions and procedures; each is built when needed."""

    def __init__(self, facts: FactBase) -> None:
        self._files = facts.files
        self._sources = facts.sources
        self._rows = facts.rows.facts

    def standing(self, part: str) -> Standing:
        """The standing of the source that a part stands in."""
        return Standing(self._sources[part.partition(":")[0]].standing)

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
