"""Engines by their names, loaded when one is first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from kb.lang.problems import Problem, Problems, near

if TYPE_CHECKING:
    from kb.engines.clingo.engine import ClingoEngine
    from kb.engines.pydatalog.engine import PyDatalogEngine
    from kb.engines.sql.relational import RelationalEngine

    EngineClass = type[PyDatalogEngine] | type[RelationalEngine] | type[ClingoEngine]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an engine's class stands, what it needs beside it and the extra that brings it."""

    module: str
    engine: str
    needs: tuple[str, ...] = ()
    extra: str = ""


ENGINES: Mapping[str, _Place] = {
    "pydatalog": _Place("kb.engines.pydatalog.engine", "PyDatalogEngine"),
    "clingo": _Place("kb.engines.clingo.engine", "ClingoEngine"),
    "duckdb": _Place("kb.engines.sql.duckdb", "DuckDBEngine", ("duckdb", "sqlglot"), "audit"),
    "spark": _Place(
        "kb.engines.sql.spark", "SparkEngine", ("pyspark", "sqlglot", "pyarrow"), "spark"
    ),
}


def engine(name: str) -> EngineClass:
    """The class of an engine.

    Raises `Problems` when no engine has that name, or with the line that installs what it needs.

    >>> engine("pydatalog").name
    'pydatalog'
    """
    place = ENGINES.get(name)
    if place is None:
        raise Problems(
            [Problem("unknown-engine", f"no engine is called `{name}`", help=near(name, ENGINES))]
        )
    missing = [module for module in place.needs if find_spec(module) is None]
    if missing:
        raise Problems(
            [
                Problem(
                    "extra",
                    f"the engine {name} needs {' and '.join(missing)}",
                    help=f"run pip install 'policy-kb[{place.extra}]'",
                )
            ]
        )
    found: EngineClass = getattr(import_module(place.module), place.engine)
    return found
