"""Papers that are asked for only if a condition holds which is not settled: one of their own, or
one on which it hangs whether their text binds the app."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TypeAlias

from kb.answers.documents import Documents
from kb.base.documents import alternatives_of
from kb.base.results import DocumentNeed, Verdict
from kb.base.view import View
from kb.model.requirements import Alternative, Need
from kb.model.rows import Reading
from kb.model.schema import Node

Condition: TypeAlias = tuple[str, bool]
"""A condition that is not settled, and whether it must be met."""


def hanging_on(found: DocumentNeed, asking: Iterable[Sequence[Condition]]) -> DocumentNeed:
    """A document with what it hangs on, where each of the alternatives that ask for it has
    conditions that are not settled."""
    conditions: dict[Condition, None] = {}
    for each in asking:
        if not each:
            return found
        conditions.update(dict.fromkeys(each))
    return replace(found, only_if=tuple(conditions))


class Hanging:
    """Tells of documents on what they hang, by the readings that bear on an app."""

    def __init__(self, view: View, documents: Documents, readings: Iterable[Reading]) -> None:
        self._view = view
        self._documents = documents
        self._readings = tuple(readings)

    def document(self, need: Need, leaf: Node | None, picks: Sequence[str]) -> DocumentNeed:
        """A document of the alternatives that were picked, with what it hangs on where each of them
        that asks for it has a condition which is not settled."""
        found = self._documents.document(need, leaf, picks)
        return hanging_on(found, (on for name in picks if (on := self.on(name, need)) is not None))

    def on(self, name: str, need: Need) -> list[Condition] | None:
        """The open conditions of an alternative; of one that may be used in any case those without
        which less than it, and not this document, would do; before them those on which it hangs
        whether its text binds the app. None where it does not ask for the document."""
        if not self._asks_for(name, need):
            return None
        return [*self._binding[name], *self._choosing(name, need)]

    def _choosing(self, name: str, need: Need) -> list[Condition]:
        own = self._open_conditions(name)
        if own or not self._view.has("usable", name):
            return own
        lacks = self._lacked[name]
        found = []
        for other in self._beside[name]:
            less = self._lacked[other] < lacks and not self._asks_for(other, need)
            open_ = self._open_conditions(other)
            if less and len(open_) == 1 and not self._view.has("barred", other):
                [(condition, met)] = open_
                found.append((condition, not met))
        return found

    def _asks_for(self, name: str, need: Need) -> bool:
        """Whether an alternative has a document of a holder, whatever the count and the words."""
        found = self._alternatives.get(name)
        asked = (need.document, need.holder)
        return found is not None and any((n.document, n.holder) == asked for n in found.needs)

    def _open_conditions(self, name: str) -> list[Condition]:
        """The open conditions of an alternative, each with whether it must be met."""
        unless = {c for c, met in self._alternatives[name].when if not met}
        return [(c, c not in unless) for c in self._view.names("doubtful", name)]

    @cached_property
    def _binding(self) -> dict[str, list[Condition]]:
        """On what it hangs whether the text of an alternative binds the app: whom it is for, and
        where, as far as that is open."""
        found: dict[str, list[Condition]] = {}
        for reading in self._readings:
            bound = self._view.names("perhaps_bound", reading.id)
            open_ = [(c, True) for c in bound if self._view.has("open_condition", c)]
            found.update((name, open_) for name, _ in alternatives_of(reading))
        return found

    @cached_property
    def _beside(self) -> dict[str, list[str]]:
        """The names of all alternatives of the reading that an alternative is one of."""
        groups = ([name for name, _ in alternatives_of(reading)] for reading in self._readings)
        return {name: group for group in groups for name in group}

    @cached_property
    def _lacked(self) -> dict[str, frozenset[Need]]:
        """What each alternative lacks."""
        return {
            name: frozenset(
                n for n in found.needs if self._documents.verdict(n, (name,)) != Verdict.SATISFIED
            )
            for name, found in self._alternatives.items()
        }

    @cached_property
    def _alternatives(self) -> dict[str, Alternative]:
        """The alternatives of all readings that bear on the app, by their names."""
        return {name: found for r in self._readings for name, found in alternatives_of(r)}
