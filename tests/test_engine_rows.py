"""The tables that an engine makes hold each row once, whatever a compiler left out for speed."""

from __future__ import annotations

import pytest
from hypothesis import given as drawn
from test_engine_programs import FEWER, cases, facts
from test_engine_pydatalog import program_of

from kb.engines.rewrite.batching import given
from kb.engines.sql.disjointness import apart
from kb.engines.sql.duckdb import DuckDBEngine
from kb.lang.parser import parse


class _Counting(DuckDBEngine):
    """An engine that looks through each table that it makes."""

    def make(self, table, rows, lasting):
        made = super().make(table, rows, lasting)
        found = list(self.rows(table))
        assert len(found) == len(set(found)) == made, table
        return made


# Each row is met once for one reason or another: a key, a path of keys, an atom that one rule asks
# for and another denies, different constants; and for none, where a look is needed.
PROGRAM = program_of(
    """
    in_play(A, X, Y, Z) <= a0(A, X) & e0(X, Y) & e0(Y, Z)
    closed(A, X) <= in_play(A, X, _, _) & a0(A, 'b')
    open(A, X, Y) <= in_play(A, X, Y, _) & ~closed(A, X)
    verdict(A, Y, 'yes') <= open(A, _, Y) & e1(Y)
    verdict(A, Y, 'no') <= open(A, _, Y) & ~e1(Y)
    verdict(A, Y, 'no') <= in_play(A, X, Y, _) & closed(A, X) & e1(Y)
    all(A, Z) <= in_play(A, _, _, Z) & ~closed(A, Z)
    all(A, X) <= closed(A, X)
    """
)
LATE = ("open", "verdict", "all")


@FEWER
@drawn(cases())
def test_random_programs_give_each_row_once(case):
    """No table of a random program holds a row twice."""
    engine = _Counting(case.program, case.base)
    for stated in (case.one, case.other):
        engine.evaluate(stated, case.program.relations)


@FEWER
@drawn(facts("fact"), facts("app"))
def test_rows_are_met_once_over_what_another_engine_derived(base, stated):
    """What is known of the relations of one engine holds where another is given their rows: no
    table holds a row twice, and the facts are those of the whole program."""
    stated = {"a0": stated.get("a0", ())}
    first = _Counting(PROGRAM, base)
    whole = first.evaluate(stated, PROGRAM.relations)
    known = ("in_play", "closed")
    later = _Counting(given(PROGRAM, known, LATE), base, given=first)
    found = later.evaluate({**stated, **{name: whole[name] for name in known}}, LATE)
    assert {name: found[name] for name in LATE} == {name: whole[name] for name in LATE}


@pytest.mark.parametrize(
    ("told", "rules"),
    [
        (True, "p(X, 'a') <= q(X)\np(X, 'b') <= q(X)"),
        (True, "p(X, 1) <= q(X)\np(X, 2) <= q(X)"),
        (True, "p(X) <= q(X) & r(X, Y)\np(Y) <= q(Y) & ~r(Y, _)"),
        (True, "p(X) <= q(X) & r(X, 'a')\np(X) <= q(X) & ~r(X, 'a')"),
        (True, "p(X, 'a') <= q(X) & r(X, 'a')\np(X, Y) <= q(X) & r(Y, _) & ~r(X, Y)"),
        # The same constant twice, and one that meets a variable.
        (False, "p(X, 'a') <= q(X)\np(X, 'a') <= r(X, _)"),
        (False, "p(X, 'a') <= q(X)\np(X, Y) <= r(X, Y)"),
        # What is denied is not what is asked for, or not of the same row.
        (False, "p(X) <= q(X) & r(X, 'a')\np(X) <= q(X) & ~r(X, 'b')"),
        (False, "p(X) <= q(X) & r(X, Y)\np(X) <= q(X) & ~r(X, 'a')"),
        (False, "p(X) <= q(X) & r(Y, X)\np(X) <= q(X) & ~r(X, _)"),
        (False, "p(X) <= r(X, Y) & q(Y)\np(X) <= r(X, Y) & ~q(Y)"),
        # Three rules, of which two may meet.
        (False, "p(X, 'a') <= q(X)\np(X, 'b') <= q(X)\np(X, 'a') <= r(X, _)"),
    ],
)
def test_which_rules_are_told_apart(told, rules):
    """Rules are apart when constants of their heads differ, or when one denies of its row what
    the other asks for of the same; everything else may meet."""
    assert apart(parse(rules).rules) == told
