"""Audits: very many apps at once, judged by the same rules, with a reason in every row."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kb.lang.problems import Problem, Problems, near

if TYPE_CHECKING:
    from kb.answers.core import Core
    from kb.audit.summary import Summary

ENGINES = {
    "duckdb": ("kb.audit.run", "audit", "audit"),
    "spark": ("kb.audit.spark", "audit_on_spark", "spark"),
}
"""For each engine of audits its module, function and extra."""


def start(base: Core, apps: Any, out: Any, engine: str = "duckdb", **settings: Any) -> Summary:
    """Run an audit on an engine. Raises `Problems` for an engine that is not known, or whose
    packages are not installed."""
    if engine not in ENGINES:
        message = f"no engine of audits is called `{engine}`"
        raise Problems([Problem("engine", message, help=near(engine, ENGINES))])
    module, function, extra = ENGINES[engine]
    try:
        run = getattr(import_module(module), function)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("kb."):
            raise
        message = f"audits on {engine} need the package `{error.name}`"
        raise Problems(
            [Problem("extra", message, help=f"pip install 'policy-kb[{extra}]'")]
        ) from None
    found: Summary = run(base, apps, out, **settings)
    return found
