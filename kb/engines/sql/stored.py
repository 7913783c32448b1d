"""A program whose base facts stand in tables of a database already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kb.engines.sql.keys import Unique
from kb.lang.syntax import Program


@dataclass(frozen=True)
class Stored:
    """What an engine learnt of a program and its base facts while it put them into tables: with it
    another engine over the same tables is ready at once."""

    program: Program
    tables: Mapping[str, str]
    """The name of each relation's table."""
    rows: Mapping[str, float]
    shared: Mapping[str, tuple[float, ...]]
    """The sizes of base facts; see `kb.engines.sql.joins.Sizes`."""
    unique: Mapping[str, Unique]
