"""What a bundle is picked from: alternatives, with what an app lacks of each."""

from __future__ import annotations

from dataclasses import dataclass

from kb.model.requirements import Need


@dataclass(frozen=True, slots=True)
class Some:
    """So many further needs of some; more than `most` of them are not accepted, None is no
    limit."""

    count: int
    needs: tuple[Need, ...]
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """An alternative that may complete a reading: what it lacks, whether it is usable for sure, and
    of which further needs it lacks `some`."""

    name: str
    lacks: frozenset[Need]
    doubtful: bool = False
    some: tuple[Some, ...] = ()

    @property
    def first(self) -> Choice:
        """The choice with the first of the needs of which it lacks some."""
        more = (need for some in self.some for need in some.needs[: some.count])
        return Choice(self.name, self.lacks.union(more), self.doubtful)
