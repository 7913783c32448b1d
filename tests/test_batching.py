"""Programs made ready for many apps at once: their goals hold the same facts."""

from __future__ import annotations

import naive
from hypothesis import given as drawn
from hypothesis import strategies as st
from test_engine_programs import DECLARED, FEWER, facts
from test_engine_pydatalog import program_of

from kb.engines.rewrite.batching import EVERY_APP, batched, given
from kb.engines.sql.duckdb import DuckDBEngine

PROGRAM = program_of(
    """
    p(A, X) <= a0(A, X) & e1(X)
    q(A, X) <= p(A, X) & e0(X, Y) & a0(A, Y)
    q(A, Z) <= q(A, Y) & e0(Y, Z)
    s(A, X) <= a0(A, X) & a1(A, N) & e2(X, M) & (N < M)
    r(A, X) <= q(A, X) & ~s(A, X)
    t(A) <= p(A, _) & ~r(A, _)
    u(A, 'x') <= t(A) & ~never(_)
    """
)
DERIVED = ("p", "q", "r", "s", "t", "u")
SOME = st.sets(st.sampled_from(DERIVED), min_size=1)


def whole(program, rows):
    model = naive.evaluate(program.rules, rows)
    return {name: frozenset(model.get(name, ())) for name in DERIVED}


@FEWER
@drawn(facts("fact"), facts("app"), SOME, SOME | st.just(set()))
def test_goals_hold_what_the_whole_program_gives(base, stated, goals, known):
    """Whatever derived relations are known beforehand, goals among them too, the goals hold the
    facts that the whole program gives."""
    stated = {name: rows for name, rows in stated.items() if name in ("a0", "a1")}
    model = whole(PROGRAM, {**base, **stated})
    batch = batched(given(PROGRAM, known, goals), base, {}, goals, lambda *_: {})
    apps = {row[:1] for rows in stated.values() for row in rows}
    rows = {**stated, **{name: model[name] for name in known}, EVERY_APP: apps}
    wanted = {
        name: rows.get(name, ()) for name, r in batch.program.relations.items() if r.role == "app"
    }
    found = DuckDBEngine(batch.program, batch.facts).evaluate(wanted, goals)
    assert {name: found[name] for name in goals} == {name: model[name] for name in goals}


def test_what_rests_on_what():
    """A relation rests on those that its rules look at, however far down, and on itself."""
    assert PROGRAM.resting_on(["a1"]) == {"a1", "s", "r", "t", "u"}
    assert PROGRAM.resting_on([]) == frozenset()
    assert PROGRAM.dynamic() == {"a0", "a1", "a2", "a3", "p", "q", "r", "s", "t", "u"}
    assert DECLARED.keys() >= {"a0", "a1"}
