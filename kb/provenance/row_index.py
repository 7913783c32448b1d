"""The rows of a model that have some values in some of their places."""

from __future__ import annotations

from kb.engines.protocol import Model, row_order
from kb.lang.syntax import Atom, Literal, Row
from kb.provenance.unify import Pattern


class Index:
    """The rows of a model, sorted; each table is made when it is first looked into.

    `shared` is the index of what is the same for every app, kept from one question to the next;
    `own` names the relations that differ from app to app.
    """

    def __init__(
        self, model: Model, shared: Index | None = None, own: frozenset[str] = frozenset()
    ) -> None:
        self.model = model
        self._shared = shared
        self._own = own
        self._tables: dict[tuple[str, tuple[int, ...]], dict[Row, list[Row]]] = {}
        # The order of a rule's literals is kept as long as what is shared, and so are those of them
        # that are looked up first.
        self.orders: dict[object, tuple[Literal, ...]] = shared.orders if shared else {}
        self.tied: dict[int, tuple[Atom, ...]] = shared.tied if shared else {}
        self.heights: dict[str, int] = shared.heights if shared else {}

    def matching(self, relation: str, pattern: Pattern) -> list[Row]:
        """The rows of a relation that have the pattern's values, in a fixed order."""
        if self._shared is not None and relation not in self._own:
            self._shared.model = self.model
            return self._shared.matching(relation, pattern)
        if None not in pattern:
            # Nothing is open: no table is needed, which most negations would be the first to make.
            return [pattern] if pattern in self.model.get(relation, ()) else []  # type: ignore[list-item]
        places = tuple([at for at, value in enumerate(pattern) if value is not None])
        table = self._tables.get((relation, places))
        if table is None:
            table = {}
            for row in sorted(self.model.get(relation, ()), key=row_order):
                table.setdefault(tuple(row[p] for p in places), []).append(row)
            self._tables[relation, places] = table
        return table.get(tuple([value for value in pattern if value is not None]), [])
