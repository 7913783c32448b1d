"""What would mend flips, for many apps in one evaluation: one by one they would take hours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kb.answers.ask import Asking
from kb.answers.changes import mend
from kb.engines.duckdb import DuckDBEngine
from kb.lang.syntax import Row
from kb.model.apps import App

if TYPE_CHECKING:
    from kb.answers.base import KnowledgeBase

BUNDLED = (
    "relevant",
    "required",
    "reading",
    "barred",
    "usable",
    "held",
    "perhaps_held",
    "app_holds",
)
"""What a bundle is read from."""
LIMIT = 3_600.0
"""Seconds that it may take."""


class Mends:
    """Works out, for apps on one day, what `kb.answers.changes.mend` gives of their answers."""

    def __init__(self, base: KnowledgeBase, day: int, lang: str) -> None:
        self._base = base
        self._day = day
        self._lang = lang

    @cached_property
    def _engine(self) -> DuckDBEngine:
        return DuckDBEngine(self._base.program, self._base.facts.rows.facts)

    def of(self, apps: Sequence[App]) -> Iterator[dict[str, Any]]:
        """What would mend each app's flip, in their order; all of them in one evaluation."""
        facts: dict[str, list[Row]] = {}
        for n, app in enumerate(apps):
            # Nothing keeps two apps of a table from having one name.
            for relation, rows in self._base.rows(replace(app, name=str(n)), self._day).items():
                facts.setdefault(relation, []).extend(rows)
        model = self._engine.evaluate(facts, BUNDLED, LIMIT)
        own: list[dict[str, set[Row]]] = [{} for _ in apps]
        for relation in BUNDLED:
            for row in model[relation]:
                own[int(row[0])].setdefault(relation, set()).add(row)
        for app, found in zip(apps, own, strict=True):
            model_of = {name: frozenset(found.get(name, ())) for name in BUNDLED}
            asked = Asking(self._base, app, self._day, self._lang, model_of)
            yield mend(self._base, asked.bundle())
