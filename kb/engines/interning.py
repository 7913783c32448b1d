"""Names as whole numbers: what an engine joins on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kb.lang.syntax import Column, Relation, Row, Value


class _Numbers(dict[Value, int]):
    """The number of each name; one that was not met before gets the next."""

    def __init__(self, names: list[str]) -> None:
        self._names = names

    def __missing__(self, name: Value) -> int:
        if not isinstance(name, str):
            raise TypeError(f"{name!r} does not fit its column")
        number = self[name] = len(self._names)
        self._names.append(name)
        return number


class Interner:
    """A table of names that grows while a base loads, and by a layer that goes with each app.

    Numeric columns pass through; kinds keep the two apart, so a name's number never meets a
    number of the facts. Python's `True` and `1` would be one fact: only strings and whole numbers
    are taken.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        """`names` are in from the start, each with its place as its number."""
        self._name: list[str] = list(names)
        self._number = _Numbers(self._name)
        self._number.update(zip(self._name, range(len(self._name)), strict=True))
        self.settled: tuple[str, ...] = ()
        """The names that stay, however often others are forgotten."""

    def number(self, name: str) -> int:
        return self._number[name]

    def names(self) -> Sequence[str]:
        """All names so far; the number of each is its place."""
        return tuple(self._name)

    def layer(self) -> tuple[str, ...]:
        """The names that follow the settled ones."""
        return tuple(self._name[len(self.settled) :])

    def settle(self) -> None:
        """What is in now stays; later names go at `forget`."""
        self.settled = tuple(self._name)

    def forget(self) -> None:
        for name in self.layer():
            self._number.pop(name, None)  # Ctrl-C may have ended an earlier call halfway
        del self._name[len(self.settled) :]

    def encode(self, relation: Relation, rows: Iterable[Row]) -> list[tuple[int, ...]]:
        # A column at a time: most of loading a base would be calls, one for each value.
        rows = list(rows)
        columns = list(zip(*rows, strict=True))
        if not rows or not (columns or relation.columns):
            return [() for _ in rows]
        coded = [self._column(*each) for each in zip(columns, relation.columns, strict=True)]
        return list(zip(*coded, strict=True))

    def _column(self, values: tuple[Value, ...], column: Column) -> Iterable[int]:
        if column.numeric:
            return [self.code(value, True) for value in values]
        return map(self._number.__getitem__, values)

    def code(self, value: Value, numeric: bool) -> int:
        if not (type(value) is int if numeric else isinstance(value, str)):
            raise TypeError(f"{value!r} does not fit its column")
        return value if isinstance(value, int) else self.number(value)

    def decode(self, relation: Relation, rows: Iterable[Sequence[int]]) -> frozenset[Row]:
        return decoded(self._name, relation, rows)


def decoded(
    names: Sequence[str],
    relation: Relation,
    rows: Iterable[Sequence[int]],
    layer: Sequence[str] = (),
) -> frozenset[Row]:
    """Rows of numbers as rows of values; `names` as `Interner.names` gives them, or those that
    are settled and the `layer` that follows, which spares a copy of them all for each app."""
    if not relation.columns:
        return frozenset(map(tuple, rows))
    size = len(names)
    columns: list[Iterable[Value]] = [
        values
        if column.numeric
        else [names[value] if value < size else layer[value - size] for value in values]
        for values, column in zip(zip(*rows, strict=True), relation.columns, strict=False)
    ]
    return frozenset(zip(*columns, strict=True))
