"""What every engine offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeAlias

from kb.lang.syntax import Facts, Program, Row

Model: TypeAlias = Mapping[str, frozenset[Row]]
"""All facts of each relation."""


def row_order(row: Row) -> tuple[tuple[int, int, str], ...]:
    """Sorts rows: by their values from left to right, numbers before text.

    >>> sorted([("b", 2), ("b", 1), (3, "a")], key=row_order)
    [(3, 'a'), ('b', 1), ('b', 2)]
    """
    return tuple((0, value, "") if isinstance(value, int) else (1, 0, value) for value in row)


DEFAULT_LIMIT = 30.0
"""Seconds that one evaluation may take."""


class UnsupportedError(ValueError):
    """What an engine can not express, and the engines that can."""

    def __init__(self, engine: str, what: str, others: Iterable[str]) -> None:
        able = " and ".join(others)
        super().__init__(f"{engine} can not express this: {what}\n  help: {able} can")


def check_stated(program: Program, facts: Iterable[str]) -> None:
    """Raises `ValueError` for a relation that is not of profiles: base facts are given once."""
    for name in facts:
        if program.relations[name].role != "app":
            raise ValueError(f"`{name}` is not stated by profiles")


class Engine(Protocol):
    """A program with its base facts, ready to answer for one app after another."""

    name: str

    def evaluate(self, facts: Facts, goals: Iterable[str], limit: float = DEFAULT_LIMIT) -> Model:
        """The least model of the program over the base facts and these facts.

        Parameters: `facts` of one app, gone again afterwards; `goals`, the relations wanted, which
        come back with every relation that they rest on; `limit` in seconds.
        Raises `LimitError` when the limit is reached; the engine stays usable.
        """
        ...
