"""pyDatalog's engine: apps one after another, goals, and what rows and rules may hold; that it
agrees with the other engines: `test_engines_agree`."""

from __future__ import annotations

import naive
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_engine_programs import DECLARED, FEWER, cases

from kb.engines.pydatalog import asserted
from kb.engines.pydatalog.engine import PyDatalogEngine
from kb.lang.checks import check
from kb.lang.parser import parse


def everything(engine, program, facts):
    return engine.evaluate(facts, program.relations)


def by_naive(program, facts):
    model = naive.evaluate(program.rules, facts)
    return {name: frozenset(model.get(name, ())) for name in program.relations}


def program_of(text, declared=DECLARED):
    return check(parse(text).rules, declared)[0]


@FEWER
@given(cases())
def test_an_app_leaves_nothing_behind(case):
    """One engine asked for two apps and for none gives each what a fresh engine gives it."""
    engine = PyDatalogEngine(case.program, case.base)
    for app in (case.one, case.other, {}, case.one):
        fresh = PyDatalogEngine(case.program, case.base)
        assert everything(engine, case.program, app) == everything(fresh, case.program, app)


def of_one(facts):
    """The facts of one app: those that name an app name this one."""
    return {
        name: [
            tuple(
                "学车通" if column.kind == "app" else value
                for column, value in zip(DECLARED[name].columns, row, strict=True)
            )
            for row in rows
        ]
        for name, rows in facts.items()
    }


@FEWER
@given(cases(), st.sampled_from([1, 64]), st.sampled_from([0, 1, 64]))
def test_what_one_app_leaves_serves_the_next(case, clauses, kept):
    """Whichever app comes first, with whatever relations empty, the next one has its own facts:
    one app, several, none, and one again, where few clauses and answers are kept and where many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kb.engines.pydatalog.clauses.MOST", clauses)
        patch.setattr("kb.engines.pydatalog.engine.KEPT", kept)
        base = of_one(case.base)
        engine = PyDatalogEngine(case.program, base)
        for facts in (of_one(case.one), case.other, {}, of_one(case.other), case.one):
            found = everything(engine, case.program, facts)
            stated = {name: [*base.get(name, []), *facts.get(name, [])] for name in DECLARED}
            assert found == by_naive(case.program, stated)


def test_an_app_of_another_name_has_its_own_name():
    """What was kept of one app is said of the next by that one's name."""
    engine = PyDatalogEngine(program_of("p(A, X) <= a0(A, X)\nq(A, N) <= p(A, _) & a1(A, N)"), {})
    for name in ("one", "two", "one"):
        found = engine.evaluate({"a0": [(name, "x")], "a1": [(name, 1)]}, ["q"])
        assert (found["p"], found["q"]) == ({(name, "x")}, {(name, 1)})


def test_a_model_stays_what_it_was():
    """What was found of one app reads the same after others were asked, and has their relations
    only."""
    engine = PyDatalogEngine(program_of("p(A, X) <= a0(A, X)\nq(A) <= a1(A, _)"), {})
    first = engine.evaluate({"a0": [("one", "x")]}, ["p"])
    engine.evaluate({"a0": [("two", "y"), ("two", "z")], "a1": [("two", 1)]}, ["p", "q"])
    assert dict(first) == {"a0": {("one", "x")}, "p": {("one", "x")}}
    with pytest.raises(KeyError):
        first["q"]


@pytest.mark.parametrize("first", [1, 2, 3, 4])
def test_a_stopped_evaluation_leaves_nothing_behind(monkeypatch, first):
    """An evaluation that was ended behind any fact that is asserted for recursive rules colours no
    later answer: not of the same app, and not of another one."""
    rules = "p(A, X) <= a0(A, X)\np(A, X) <= p(A, X) & a1(A, _)\nq(A, X) <= p(A, X) & a1(A, _)"
    app = {"a0": [("one", "x"), ("one", "y")], "a1": [("one", 1)]}
    other = {"a0": [("one", "z")], "a1": [("one", 1)]}
    real, left = asserted.add_clause, [first]

    def stopping(clause):
        real(clause)
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt

    for then in (app, other):
        engine = PyDatalogEngine(program_of(rules), {})
        with monkeypatch.context() as patch:
            patch.setattr(asserted, "add_clause", stopping)
            left[0] = first
            with pytest.raises(KeyboardInterrupt):
                engine.evaluate(app, ["q"])
        assert engine.evaluate(then, ["q"])["q"] == set(then["a0"])


def test_many_facts_are_not_kept(monkeypatch):
    """What is about very many apps goes with them, and is right when asked again."""
    monkeypatch.setattr("kb.engines.pydatalog.engine.LARGE", 3)
    engine = PyDatalogEngine(program_of("p(A, X) <= a0(A, X)"), {})
    for rows in ([("one", "x"), ("two", "y")], [("one", "x")], [("one", "x"), ("two", "y")]):
        assert engine.evaluate({"a0": rows}, ["p"])["p"] == set(rows)
    assert [len(step.kept) for step in engine._steps] == [1]


def test_facts_of_two_apps_are_kept_apart():
    """What holds of one app is not taken for the other, though one app was asked before."""
    engine = PyDatalogEngine(
        program_of("p(A) <= a0(A, 'x') & a1(A, 1)\nq(A) <= a0(A, _) & ~p(A)"), {}
    )
    one = engine.evaluate({"a0": [("one", "x")], "a1": [("one", 1)]}, ["q"])
    assert (one["p"], one["q"]) == ({("one",)}, set())
    facts = {"a0": [("one", "x"), ("two", "x")], "a1": [("one", 1), ("two", 2)]}
    both = engine.evaluate(facts, ["q"])
    assert (both["p"], both["q"]) == ({("one",)}, {("two",)})


def test_a_rule_that_names_an_app_is_about_two():
    """A constant in the place of an app makes facts of an app that no profile names."""
    program = program_of("p('other') <= a0(_, _)\nq(A) <= a0(A, _) & ~p(A)")
    found = PyDatalogEngine(program, {}).evaluate({"a0": [("1", "x")]}, ["q"])
    assert found["q"] == {("1",)}


@FEWER
@given(cases(), st.data())
def test_goals_bring_what_they_rest_on_and_no_more(case, data):
    """The relations that come back are the goals and those they rest on, each one whole."""
    goal = data.draw(st.sampled_from(sorted(case.program.relations)))
    found = PyDatalogEngine(case.program, case.base).evaluate(case.one, [goal])
    wanted = by_naive(case.program, {**case.base, **case.one})
    assert set(found) == case.program.needed(frozenset([goal]))
    assert found == {name: wanted[name] for name in found}


def test_a_relation_without_columns_holds_or_does_not():
    """A relation without arguments has one row or none, under `~` too."""
    program = program_of("yes() <= e1(_)\nno() <= e3() & ~yes()\nboth() <= yes() & no()")
    found = PyDatalogEngine(program, {"e3": [()]}).evaluate({}, ["both"])
    assert (found["yes"], found["no"], found["both"]) == (set(), {()}, set())


def test_negation_with_an_anonymous_variable_asks_for_any_row():
    """`~e0(X, _)` holds when no row opens with X."""
    program = program_of("p(X) <= e1(X) & ~e0(X, _)")
    base = {"e1": [("驾照",), ("'",)], "e0": [("驾照", "x")]}
    assert PyDatalogEngine(program, base).evaluate({}, ["p"])["p"] == {("'",)}


def test_anonymous_variables_are_unlike_each_other():
    """`e0(_, _)` takes rows whose columns differ."""
    program = program_of("p() <= e0(_, _)\nq() <= e1(_) & ~e0(_, _)")
    found = PyDatalogEngine(program, {"e0": [("a", "b")], "e1": [("a",)]}).evaluate({}, ["p", "q"])
    assert (found["p"], found["q"]) == ({()}, set())


def test_a_repeated_variable_takes_equal_columns():
    """`e0(X, X)` takes only the rows whose columns are equal, positive and under `~`."""
    program = program_of("p(X) <= e0(X, X)\nq(X) <= e0(X, _) & ~e0(X, X)")
    found = PyDatalogEngine(program, {"e0": [("a", "a"), ("b", "c")]}).evaluate({}, ["p", "q"])
    assert (found["p"], found["q"]) == ({("a",)}, {("b",)})


def test_names_that_look_like_numbers_stay_names():
    """`'1'`, `'True'` and `1` are three values."""
    program = program_of("p(X) <= e1(X) & (X != '1')\nq(N) <= e2(_, N) & (N == 1)")
    base = {"e1": [("1",), ("True",)], "e2": [("1", 1), ("True", 0)]}
    found = PyDatalogEngine(program, base).evaluate({}, ["p", "q"])
    assert (found["p"], found["q"]) == ({("True",)}, {(1,)})


def test_a_row_stated_twice_is_one_row():
    """A row that an app states twice counts once and goes as one."""
    program = program_of("p(X) <= a2(X, _)")
    engine = PyDatalogEngine(program, {})
    assert engine.evaluate({"a2": [("a", "b"), ("a", "b")]}, ["p"])["p"] == {("a",)}
    assert engine.evaluate({}, ["p"])["p"] == set()


def test_base_rows_of_an_app_relation_stay_when_an_app_states_them_too():
    """A row of the base is there for the next app though one app states the same row."""
    program = program_of("p(X) <= a2(X, _)")
    engine = PyDatalogEngine(program, {"a2": [("a", "b")]})
    assert engine.evaluate({"a2": [("a", "b")]}, ["p"])["p"] == {("a",)}
    assert engine.evaluate({}, ["p"])["p"] == {("a",)}


def test_base_rows_of_an_app_relation_are_part_of_its_model():
    """The model of a relation holds its base rows together with the app's."""
    program = program_of("p(X) <= a2(X, _)")
    engine = PyDatalogEngine(program, {"a2": [("a", "b")]})
    found = engine.evaluate({"a2": [("c", "d")]}, ["p"])
    assert found["a2"] == {("a", "b"), ("c", "d")}


def test_facts_that_do_not_fit_leave_the_base_as_it_was():
    """A value of the wrong type is refused, and the rows asserted before it are gone again."""
    program = program_of("p(X) <= a2(X, _)")
    engine = PyDatalogEngine(program, {})
    with pytest.raises(TypeError, match="3 does not fit its column"):
        engine.evaluate({"a2": [("a", "b")], "a1": [("x", 1)], "a0": [("x", 3)]}, ["p"])
    assert engine.evaluate({}, ["p"])["p"] == set()


def test_an_unknown_goal_or_relation_is_refused():
    """A goal or a relation that the program does not have is an error, never an empty answer."""
    engine = PyDatalogEngine(program_of("p(X) <= e1(X)"), {})
    with pytest.raises(KeyError, match="nowhere"):
        engine.evaluate({}, ["nowhere"])
    with pytest.raises(KeyError, match="nowhere"):
        engine.evaluate({"nowhere": [("a",)]}, ["p"])


def test_an_app_can_not_state_what_facts_state():
    """Rows for a relation that sources state do not pass as an app's, or else they are reasoned
    over: they are never dropped in silence."""
    engine = PyDatalogEngine(program_of("p(X) <= e1(X)"), {})
    try:
        found = engine.evaluate({"e1": [("a",)]}, ["p"])
    except (KeyError, TypeError, ValueError):
        pass
    else:
        assert found == {"e1": {("a",)}, "p": {("a",)}}
    assert engine.evaluate({}, ["p"]) == {"e1": set(), "p": set()}
