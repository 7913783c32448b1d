"""A body with fewer indexes means what it meant."""

from __future__ import annotations

from dataclasses import replace

import naive
from hypothesis import given
from hypothesis import strategies as st
from test_engine_programs import DECLARED, FEWER, cases

from kb.engines.pydatalog.engine import PyDatalogEngine
from kb.engines.pydatalog.estimates import UNKNOWN, Counted, Counts
from kb.engines.pydatalog.selectivity import selective
from kb.lang.checks import check
from kb.lang.parser import parse
from kb.lang.syntax import Column, Relation

SHARED = st.fixed_dictionaries(
    {},
    optional={
        name: st.tuples(*[st.sampled_from([1.0, 4.0, 5.0, 50.0]) for _ in relation.columns])
        for name, relation in DECLARED.items()
        if relation.role == "fact"
    },
)


@FEWER
@given(cases(), SHARED)
def test_a_looser_body_gives_the_same_facts(case, shared):
    """Comparing an argument afterwards gives what looking it up gives."""
    facts = {**case.base, **case.one}
    loose = [
        replace(rule, body=selective(rule.body, lambda name: shared.get(name, ())))
        for rule in case.program.rules
    ]
    assert naive.evaluate(loose, facts) == naive.evaluate(case.program.rules, facts)


def test_the_most_selective_argument_stays():
    """Of two bound arguments the one whose values are shared least is looked up."""
    rule = parse("p(X) <= e(X) & q('common', X, 'rare')").rules[0]
    body = selective(rule.body, {"q": (50.0, 9.0, 2.0), "e": ()}.__getitem__)
    assert [str(literal) for literal in body] == [
        "e(X)",
        "q(Compared_1_0, Compared_1_1, 'rare')",
        "(Compared_1_0 == 'common')",
        "(Compared_1_1 == X)",
    ]


def test_buckets_count_the_facts_of_a_value():
    """A column's size is the number of its facts for each of its values, on average over the
    values, and over the facts: a value that many facts share weighs as much as it is met."""
    columns = (Column("a", "thing"), Column("b", "number"))
    counts = Counts({name: Relation(name, columns, "fact") for name in ("p", "none", "unseen")})
    counts.add("p", [(1, 7), (2, 7), (3, 8), (3, 7)])
    counts.add("none", [])
    assert counts.of("p") == Counted(4, (4 / 3, 2.0), (6 / 4, 10 / 4))
    assert counts.of("none") == Counted(0)
    assert counts.of("unseen") == Counted(UNKNOWN, (), (4.0, 4.0))


def test_a_variable_may_have_any_name():
    """No name that an author gives a variable meets a name of the engine's own."""
    declared = {
        "e": Relation("e", (Column("a", "x"), Column("b", "x")), "fact"),
        "w": Relation("w", (Column("a", "x"), Column("b", "x")), "fact"),
    }
    rows = [(f"a{n % 8}", f"b{n // 8}") for n in range(64)]
    names = [f"Compared_{at}_{place}" for at in range(2) for place in range(2)]
    for name in names:
        text = f"p(X, Y, {name}) <= w(X, Y) & e(X, Y) & w({name}, _)"
        program, _ = check(parse(text).rules, declared)
        base = {"e": rows, "w": [("a1", "b2"), ("a2", "b3")]}
        found = PyDatalogEngine(program, base).evaluate({}, ["p"])["p"]
        assert found == naive.evaluate(program.rules, base)["p"]
