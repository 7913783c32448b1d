"""Stages of judging: rules with their goals, over what is stated of grounds, parts or apps."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from sqlglot import exp, parse_one

from kb.engines.rewrite.batching import EVERY_APP
from kb.engines.sql.duckdb import DIALECT, DuckDBEngine
from kb.engines.sql.relational import Plans
from kb.engines.sql.select import Table

DAY = 24 * 3600.0
"""Seconds that a stage may take."""
APP_FACTS = {
    "app_value": "SELECT DISTINCT {app}, q, v FROM {marks} JOIN mark_value USING (mark)",
    "app_day": "SELECT {app}, q, d FROM {marks} JOIN mark_day USING (mark)",
    "app_number": "SELECT {app}, q, d FROM {marks} JOIN mark_day USING (mark)",
    "app_between": "SELECT {app}, q, least, most FROM {marks} JOIN mark_between USING (mark)",
    "app_knows": "SELECT DISTINCT {app}, q FROM {marks} JOIN mark_knows USING (mark)",
    "app_other": "SELECT {app}, w FROM {marks} JOIN mark_other USING (mark)",
    "app_holds": "SELECT {app}, d, h, s, m FROM {marks} JOIN mark_holds USING (mark)",
    "app_fits": "SELECT {app}, n, s, m FROM {marks} JOIN mark_fits USING (mark)",
    "app_issued": "SELECT {app}, d, h, i, s FROM {marks} JOIN mark_issued USING (mark) WHERE i > 0",
    "app_issue_unsaid": "SELECT DISTINCT {app}, d, h FROM {marks}"
    " JOIN mark_issued USING (mark) WHERE i = 0",
    "app_party": "SELECT {app}, party, h FROM {marks} JOIN mark_party USING (mark)",
    "app_party_holds": "SELECT {app}, d, h, party, s FROM {marks}"
    " JOIN mark_party_holds USING (mark)",
    "app_party_fits": "SELECT {app}, n, party, s FROM {marks} JOIN mark_party_fits USING (mark)",
    "app_exempt": "SELECT {app}, x, f, u FROM {marks} JOIN mark_exempt USING (mark)",
    EVERY_APP: "SELECT {app} FROM {all}",
}
"""The relations of profiles over a table of marks."""


@dataclass(frozen=True)
class Stage:
    """Rules with their goals, over what is given of grounds, of parts or of apps."""

    engine: DuckDBEngine
    goals: Collection[str]
    given: Mapping[str, Callable[[], exp.Query]]
    plans: dict[int, Plans]
    """Statements that were written, by the digits of how many were judged."""
    kept: set[str] = field(default_factory=set)
    """The relations of which something is kept already."""

    @contextmanager
    def derived(self, apps: int) -> Iterator[Mapping[str, Table]]:
        """What the rules derive of so many."""
        if not self.engine.plans:
            self.engine.plans = self.plans.setdefault(len(str(apps)), {})
        yield self.engine.derive(self.given, self.goals, apps, DAY)
        self.engine.done()

    def keep(self, relations: Iterable[str]) -> None:
        """Keep what was derived of relations, with all of it before, in a table for each: `known_`
        and its name."""
        for name in relations:
            self.engine.keep(name, f"known_{name}", name not in self.kept)
            self.kept.add(name)


def stated_of(
    app: str, marks: str, every: str, known: Mapping[str, str] | None = None
) -> dict[str, Callable[[], exp.Query]]:
    """Queries for what is stated of the things in the table `every`, numbered by its column `app`;
    each is parsed when it is asked for, since the statements that are kept need none."""
    stated = {n: q.format(app=app, marks=marks, all=every) for n, q in APP_FACTS.items()}
    return {name: partial(_columns, query) for name, query in (stated | {**(known or {})}).items()}


def _columns(query: str) -> exp.Query:
    """A query with its columns named as an engine's tables have them."""
    tree = parse_one(query, dialect=DIALECT)
    assert isinstance(tree, exp.Select)
    for at, column in enumerate(tree.expressions):
        column.replace(exp.alias_(column.unalias(), f"c{at}"))
    return tree
