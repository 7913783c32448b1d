"""Models of several engines held against one another, and a disagreement shown from both sides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import naive

from kb.engines.clingo.engine import ClingoEngine
from kb.engines.protocol import Model
from kb.engines.pydatalog.engine import PyDatalogEngine
from kb.engines.sql.duckdb import DuckDBEngine
from kb.lang.syntax import Facts, Program


def made(name: str, program: Program, base: Facts, spark: Any = None) -> Any:
    """An engine; Spark with settings for few facts."""
    if name == "spark":
        # Imported here: the others are tested also where Spark is not installed.
        from kb.engines.sql.spark import SMALL, SparkEngine

        return SparkEngine(program, base, session=spark, settings=SMALL)
    engines = {"pydatalog": PyDatalogEngine, "clingo": ClingoEngine, "duckdb": DuckDBEngine}
    return engines[name](program, base)


def plainest(program: Program, base: Facts, facts: Facts) -> Model:
    """The model by trying every binding."""
    names = {*base, *facts}
    together = {name: {*base.get(name, ()), *facts.get(name, ())} for name in names}
    model = naive.evaluate(program.rules, together)
    return {name: frozenset(model.get(name, ())) for name in program.relations}


def agree(models: Mapping[str, Model], shown: object) -> None:
    """All models are those of the first; else both sides of each relation that differs."""
    first, *others = models
    lines: list[str] = []
    for other in others:
        one, two = models[first], models[other]
        for name in sorted({*one, *two}):
            lines += _only(first, other, name, one.get(name, ()), two.get(name, ()))
            lines += _only(other, first, name, two.get(name, ()), one.get(name, ()))
    if lines:
        raise AssertionError("\n".join([*lines, str(shown)]))


def _only(one: str, other: str, name: str, rows: Iterable[Any], others: Iterable[Any]) -> list[str]:
    more = sorted(set(rows) - set(others))
    return [f"{one} gives, {other} does not: {name}{row}" for row in more]
