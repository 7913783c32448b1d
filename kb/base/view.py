"""A view of a model: the facts of one app, by what follows its name in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from kb.engines.protocol import Model
from kb.lang.syntax import Row, Value

Groups: TypeAlias = Mapping[Row, list[Row]]
"""Rows of a relation: what follows the values after the app, by these values, sorted."""


class View:
    """A model's rows, grouped by their first places after the app."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._groups: dict[tuple[str, int], Groups] = {}

    def after(self, relation: str, *key: Value) -> list[Row]:
        """What follows `key` in the rows of an app's relation, sorted."""
        groups = self._groups.get((relation, len(key)))
        if groups is None:
            groups = self._groups[relation, len(key)] = self.grouped(relation, len(key))
        return groups.get(key, [])

    def has(self, relation: str, *key: Value) -> bool:
        groups = self._groups.get((relation, len(key)))
        if groups is None:
            groups = self._groups[relation, len(key)] = self.grouped(relation, len(key))
        return key in groups

    def grouped(self, relation: str, size: int) -> Groups:
        """The rows of an app's relation, by so many values after the app."""
        groups: dict[Row, list[Row]] = {}
        for row in sorted(self.model.get(relation, ())):
            groups.setdefault(row[1 : 1 + size], []).append(row[1 + size :])
        return groups

    def names(self, relation: str, *key: Value) -> list[str]:
        """The first values after `key`, each once."""
        return list(dict.fromkeys(str(row[0]) for row in self.after(relation, *key)))


def in_hand(view: View) -> Iterator[tuple[str, str, int, int]]:
    """The documents that are in hand on the day asked about: each with its holder, and how many
    copies there surely are and may be."""
    for relation in ("app_holds", "holds_on_day"):
        for document, holder, sure, most in view.after(relation):
            yield str(document), str(holder), int(sure), int(most)
