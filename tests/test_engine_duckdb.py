"""DuckDB's engine against a naive one, on random programs."""

from __future__ import annotations

import naive
from hypothesis import given
from test_engine_programs import SETTINGS, cases

from kb.engines.duckdb import DuckDBEngine


@SETTINGS
@given(cases())
def test_agrees_with_the_naive_engine(case):
    """Every relation has the same facts, for two apps after one another and the first again."""
    engine = DuckDBEngine(case.program, case.base)
    for facts in (case.one, case.other, case.one):
        together = {
            name: {*case.base.get(name, ()), *facts.get(name, ())} for name in {*case.base, *facts}
        }
        expected = naive.evaluate(case.program.rules, together)
        found = engine.evaluate(facts, case.program.relations)
        assert found == {name: frozenset(expected.get(name, ())) for name in case.program.relations}
