"""Engines by their names; the module of one is loaded when it is first asked for.

Each stands on a library of its own, which takes long to load or is not installed everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from kb.lang.problems import Problem, Problems, near

if TYPE_CHECKING:
    from kb.engines.clingo.engine import ClingoEngine
    from kb.engines.pydatalog.engine import PyDatalogEngine
    from kb.engines.sql.relational import RelationalEngine

    EngineClass = type[PyDatalogEngine] | type[RelationalEngine] | type[ClingoEngine]

DEFAULT = "pydatalog"
"""The engine that answers for one app soonest."""


@dataclass(frozen=True, slots=True)
class Extra:
    """The modules that an engine needs beside this package, and the extra that installs them."""

    modules: tuple[str, ...] = ()
    name: str = ""


ENGINES: Mapping[str, Extra] = {
    "pydatalog": Extra(),
    "clingo": Extra(),
    "duckdb": Extra(("duckdb", "sqlglot"), "audit"),
    "spark": Extra(("pyspark", "sqlglot", "pyarrow"), "spark"),
}


def check_engine(name: str) -> None:
    """Raises `Problems` when no engine has that name, or with the line that installs what it
    needs."""
    extra = ENGINES.get(name)
    if extra is None:
        raise Problems(
            [Problem("unknown-engine", f"no engine is called `{name}`", help=near(name, ENGINES))]
        )
    missing = [module for module in extra.modules if find_spec(module) is None]
    if missing:
        raise Problems(
            [
                Problem(
                    "extra",
                    f"the engine {name} needs {' and '.join(missing)}",
                    help=f"run pip install 'policy-kb[{extra.name}]'",
                )
            ]
        )


def engine(name: str) -> EngineClass:
    """The class of an engine.

    Raises `Problems` as `check_engine` does.

    >>> engine("pydatalog").name
    'pydatalog'
    """
    check_engine(name)
    match name:
        case "clingo":
            from kb.engines.clingo.engine import ClingoEngine

            return ClingoEngine
        case "duckdb":
            from kb.engines.sql.duckdb import DuckDBEngine

            return DuckDBEngine
        case "spark":
            from kb.engines.sql.spark import SparkEngine

            return SparkEngine
        case _:
            from kb.engines.pydatalog.engine import PyDatalogEngine

            return PyDatalogEngine
