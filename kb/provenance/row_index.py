"""Rows of a model by the values in some of their places."""

from __future__ import annotations

from kb.engines.protocol import Model
from kb.lang.syntax import Literal, Row


class Index:
    """The rows of a model, each table made when it is first looked into.

    `shared` is the index of what is the same for every app, kept from one question to the next;
    `own` names what is not.
    """

    def __init__(
        self, model: Model, shared: Index | None = None, own: frozenset[str] = frozenset()
    ) -> None:
        self.model = model
        self._shared = shared
        self._own = own
        self._tables: dict[tuple[str, tuple[int, ...]], dict[Row, list[Row]]] = {}
        # The order of a rule's literals is kept as long as what is shared.
        self.orders: dict[object, tuple[Literal, ...]] = shared.orders if shared else {}
        self.heights: dict[str, int] = shared.heights if shared else {}

    def rows(self, relation: str, places: tuple[int, ...], key: Row) -> list[Row]:
        if self._shared is not None and relation not in self._own:
            self._shared.model = self.model
            return self._shared.rows(relation, places, key)
        table = self._tables.get((relation, places))
        if table is None:
            table = {}
            for row in sorted(self.model.get(relation, ()), key=_order):
                table.setdefault(tuple(row[p] for p in places), []).append(row)
            self._tables[relation, places] = table
        return table.get(key, [])


def _order(row: Row) -> tuple[tuple[bool, int, str], ...]:
    return tuple(
        (isinstance(v, str), v if isinstance(v, int) else 0, v if isinstance(v, str) else "")
        for v in row
    )
