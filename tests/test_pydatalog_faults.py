"""The programs that pyDatalog 0.22 answers wrongly or never: right here, and in time."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import naive
import pytest
from pyDatalog import pyDatalog
from pyDatalog.Logic import Logic

import kb
from kb.engines.pydatalog.engine import PyDatalogEngine
from kb.lang.checks import check
from kb.lang.parser import parse
from kb.lang.syntax import Column, Relation

LIMIT = 20.0


def _declared(role, name, arity):
    return Relation(name, tuple(Column(f"c{n}", "number") for n in range(arity)), role)


DECLARED = {
    relation.name: relation
    for relation in (
        _declared("fact", "e", 2),
        _declared("fact", "e0", 2),
        _declared("fact", "e1", 2),
        _declared("fact", "e3", 3),
        *(_declared("fact", f"n{n}", 1) for n in range(4)),
        _declared("app", "starts", 1),
        _declared("app", "link", 2),
    )
}


def engine_of(text, base):
    return PyDatalogEngine(check(parse(text).rules, DECLARED)[0], base)


def answer(text, base, goal, app=None):
    return engine_of(text, base).evaluate(app or {}, [goal], LIMIT)[goal]


def test_an_equivalence_relation_ends():
    """Symmetry and transitivity together end, with every pair of each class."""
    text = "eq(X, Y) <= e(X, Y)\neq(X, Y) <= eq(Y, X)\neq(X, Z) <= eq(X, Y) & eq(Y, Z)"
    found = answer(text, {"e": [(1, 2), (2, 3), (7, 8)]}, "eq")
    classes = [{1, 2, 3}, {7, 8}]
    assert found == {(x, y) for group in classes for x in group for y in group}


def test_an_equivalence_relation_asked_with_one_argument_bound_ends():
    """`eq(1, R)`, as a rule asks for it, ends with the class of 1."""
    text = (
        "eq(X, Y) <= e(X, Y)\neq(X, Y) <= eq(Y, X)\neq(X, Z) <= eq(X, Y) & eq(Y, Z)\n"
        "like_1(R) <= eq(1, R)"
    )
    assert answer(text, {"e": [(1, 2), (2, 3), (7, 8)]}, "like_1") == {(1,), (2,), (3,)}


def test_a_rotation_ends():
    """`p(X, Y, Z) <= p(Y, Z, X)` ends with the three turns of a row, asked whole or in part."""
    text = "p(X, Y, Z) <= e3(X, Y, Z)\np(X, Y, Z) <= p(Y, Z, X)\nfrom_1(R, S) <= p(1, R, S)"
    assert answer(text, {"e3": [(1, 2, 3)]}, "p") == {(1, 2, 3), (2, 3, 1), (3, 1, 2)}
    assert answer(text, {"e3": [(1, 2, 3)]}, "from_1") == {(2, 3)}


def test_mutual_recursion_ends():
    """Two relations that swap and join each other's columns end."""
    text = (
        "p(X, Y) <= e(X, Y)\np(X, Y) <= q(Y, X)\nq(X, Y) <= p(Y, X)\nq(X, Z) <= q(X, Y) & p(Y, Z)"
    )
    found = answer(text, {"e": [(1, 2), (2, 1), (2, 3)]}, "p")
    assert found == naive.evaluate(parse(text).rules, {"e": [(1, 2), (2, 1), (2, 3)]})["p"]


def test_negation_above_a_recursion_is_right():
    """`~p0(Y, X)` sees every fact of the recursive `p0`: pyDatalog itself gives `p1(5, 5)`."""
    text = (
        "p0(X, Y) <= e0(X, Y)\np0(X, Y) <= e0(X, Z) & p0(Z, Y)\np1(X, Y) <= e1(X, Y) & ~p0(Y, X)\n"
        "asked(X) <= p1(X, 5)"
    )
    base = {"e0": [(2, 5), (5, 2)], "e1": [(5, 5), (5, 7)]}
    assert answer(text, base, "asked") == set()
    assert answer(text, base, "p1") == {(5, 7)}


def test_negation_of_a_symmetric_relation_is_right():
    """`~s(X, Y)` sees both directions of a symmetric relation."""
    text = "s(X, Y) <= e(X, Y)\ns(X, Y) <= s(Y, X)\nfree(X, Y) <= e1(X, Y) & ~s(X, Y)"
    base = {"e": [(1, 2)], "e1": [(1, 2), (2, 1), (1, 3)]}
    assert answer(text, base, "free") == {(1, 3)}


def test_negation_of_a_derived_relation_is_right_twice():
    """A negation of a negation gives the relation back."""
    text = (
        "t(X, Y) <= e(X, Y)\nt(X, Z) <= t(X, Y) & e(Y, Z)\n"
        "n(X, Y) <= e1(X, Y) & ~t(X, Y)\nnn(X, Y) <= e1(X, Y) & ~n(X, Y)"
    )
    base = {"e": [(1, 2), (2, 3)], "e1": [(1, 3), (3, 1)]}
    assert answer(text, base, "nn") == {(1, 3)}


def test_a_right_recursive_chain_of_1000_ends():
    """What leads to the end of a chain of 1,000 is found by a right-recursive rule."""
    text = "t(X) <= starts(X)\nt(X) <= e(X, Y) & t(Y)"
    chain = {"e": [(n, n + 1) for n in range(1000)]}
    assert answer(text, chain, "t", {"starts": [(1000,)]}) == {(n,) for n in range(1001)}


def test_a_right_recursive_closure_is_whole():
    """A right-recursive closure over a chain of 200 has every pair."""
    text = "t(X, Y) <= e(X, Y)\nt(X, Z) <= e(X, Y) & t(Y, Z)"
    chain = {"e": [(n, n + 1) for n in range(200)]}
    assert answer(text, chain, "t") == {(x, y) for y in range(201) for x in range(y)}


def cross():
    text = (
        "all(A, B, C, D) <= n0(A) & n1(B) & n2(C) & n3(D) & (A < 0)\n"
        "any(A, B, C, D) <= n0(A) & n1(B) & n2(C) & n3(D)\n"
        "t(X, Y) <= link(X, Y)\nt(X, Z) <= t(X, Y) & link(Y, Z)\n"
        "none(X) <= n0(X) & ~t(X, X)"
    )
    rows = [(n,) for n in range(200)]
    return engine_of(text, {f"n{n}": rows for n in range(4)})


def test_a_query_ends_at_its_limit_and_the_engine_works_on():
    """A product of 1.6 thousand million rows ends with `LimitError`; then all answers are right,
    for the same app, for another and for none."""
    engine = cross()
    app = {"link": [(1, 2), (2, 1)]}
    for _ in range(2):
        with pytest.raises(kb.LimitError) as raised:
            engine.evaluate(app, ["any"], 0.5)
        assert str(raised.value) == (
            "the answer was not found within 0.5 seconds; the search was ended"
        )
        found = engine.evaluate(app, ["t", "none"])
        assert found["t"] == {(1, 1), (1, 2), (2, 1), (2, 2)}
        assert found["none"] == {(n,) for n in range(200) if n not in (1, 2)}
        assert engine.evaluate({"link": [(3, 3)]}, ["none"])["none"] == {
            (n,) for n in range(200) if n != 3
        }
        assert engine.evaluate({}, ["t"])["t"] == set()
        assert engine.evaluate({}, ["all"])["all"] == set()


def test_a_limit_ends_a_recursion_and_leaves_no_round_behind():
    """A recursion stopped halfway is found whole when it is asked again with time enough."""
    text = "t(X, Y) <= e(X, Y)\nt(X, Z) <= e(X, Y) & t(Y, Z)\nn(X, Y) <= e(Y, X) & ~t(X, Y)"
    engine = engine_of(text, {"e": [(n, n + 1) for n in range(150)]})
    with pytest.raises(kb.LimitError):
        engine.evaluate({}, ["t"], 0.02)
    found = engine.evaluate({}, ["n"], LIMIT)
    assert found["t"] == {(x, y) for y in range(151) for x in range(y)}
    assert found["n"] == {(n + 1, n) for n in range(150)}


class Collector:
    """Python's collector, on or off, and all that was asked of it."""

    def __init__(self, on):
        self.on, self.asked = on, []

    def isenabled(self):
        return self.on

    def disable(self):
        self.on = False
        self.asked.append("disable")

    def enable(self):
        self.on = True
        self.asked.append("enable")


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_is_as_it_was(on, monkeypatch):
    """After an answer, and after a search that was ended, garbage is collected if it was before;
    a long search has it collected on the way; who had stopped it finds it stopped."""
    engine = cross()
    collector = Collector(on)
    for module in ("pydatalog.clock", "garbage"):
        monkeypatch.setattr(f"kb.engines.{module}.gc", collector)
    engine.evaluate({"link": [(1, 2)]}, ["t"])
    assert (collector.on, collector.asked) == (on, ["disable", "enable"] * on)
    monkeypatch.setattr("kb.engines.pydatalog.clock._PAUSE", 0.05)
    with pytest.raises(kb.LimitError):
        engine.evaluate({}, ["any"], 0.5)
    assert (collector.on, collector.asked[2:]) == (on, ["disable", "enable", "enable"] * on)


def test_a_stopped_app_is_not_seen_by_the_next():
    """What a stopped recursion had found of one app is gone for the next one."""
    text = "t(X, Y) <= link(X, Y)\nt(X, Z) <= link(X, Y) & t(Y, Z)\nseen(X, Y) <= t(X, Y)"
    engine = engine_of(text, {})
    chain = [(n, n + 1) for n in range(400)]
    with pytest.raises(kb.LimitError):
        engine.evaluate({"link": chain}, ["seen"], 0.2)
    assert engine.evaluate({}, ["seen"])["seen"] == set()
    assert engine.evaluate({"link": [(1, 2)]}, ["seen"])["seen"] == {(1, 2)}


RAW = """
import time
from pyDatalog import pyEngine
from pyDatalog.Logic import Logic
from kb.engines.pydatalog.clock import ClockedLogic
from kb.lang.problems import LimitError

logic = object.__new__(ClockedLogic)
logic.__init__()
Logic.tl.logic = logic
pyEngine.clear()


def literal(name, *terms):
    made = [pyEngine.Var(t) if isinstance(t, str) else pyEngine.Const(t) for t in terms]
    return pyEngine.Literal(name, made)


def add(head, *body):
    pyEngine.assert_(pyEngine.Clause(literal(*head), [literal(*part) for part in body]))


{clauses}
logic.ends = time.monotonic() + 0.5
try:
    print(sorted(literal(*{goal}).ask()))
except LimitError:
    print("stopped")
logic.ends = time.monotonic() + 30
add(("after", 1))
print(sorted(literal("after", "X").ask()))
"""
ENDLESS = {
    "equivalence": (
        """
add(("eq", 1, 2))
add(("eq", 2, 3))
add(("eq", "X", "Y"), ("eq", "Y", "X"))
add(("eq", "X", "Z"), ("eq", "X", "Y"), ("eq", "Y", "Z"))
""",
        ("eq", 1, "R"),
    ),
    "rotation": (
        """
add(("p", 1, 2, 3))
add(("p", "X", "Y", "Z"), ("p", "Y", "Z", "X"))
""",
        ("p", 1, "R", "S"),
    ),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_the_clock_stops_a_search_that_never_ends(name):
    """Clauses that pyDatalog never ends on, given to its own search, stop at the limit, and the
    logic answers afterwards. A child process runs them: it can be killed."""
    clauses, goal = ENDLESS[name]
    code = RAW.replace("{clauses}", clauses).replace("{goal}", repr(goal))
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.splitlines() == ["stopped", "[(1,)]"], done.stderr


def test_two_engines_do_not_see_each_other():
    """Engines with relations of one name and facts of their own answer from their own."""
    text = "t(X, Y) <= e(X, Y)\nt(X, Z) <= t(X, Y) & e(Y, Z)"
    one, other = (
        engine_of(text, {"e": [(1, 2), (2, 3)]}),
        engine_of("t(X) <= n0(X)", {"n0": [(9,)]}),
    )
    for _ in range(2):
        assert one.evaluate({}, ["t"])["t"] == {(1, 2), (2, 3), (1, 3)}
        assert other.evaluate({}, ["t"])["t"] == {(9,)}


def test_threads_on_one_engine_get_what_they_get_alone():
    """Eight threads with apps of their own, on one engine, get what each gets alone."""
    text = "t(X, Y) <= link(X, Y)\nt(X, Z) <= t(X, Y) & link(Y, Z)\nn(X) <= n0(X) & ~t(X, X)"
    base = {"n0": [(n,) for n in range(20)]}
    engine = engine_of(text, base)
    apps = [{"link": [(n, n + 1), (n + 1, n + 2), (n + 2, n)]} for n in range(8)]
    alone = [engine_of(text, base).evaluate(app, ["t", "n"]) for app in apps]
    ready = threading.Barrier(len(apps))

    def ask(app):
        ready.wait()
        return [engine.evaluate(app, ["t", "n"]) for _ in range(20)]

    with ThreadPoolExecutor(len(apps)) as pool:
        together = list(pool.map(ask, apps))
    assert together == [[found] * 20 for found in alone]


@pytest.fixture
def own_logic():
    """A user's own pyDatalog facts and rule in this thread, under the names that a program has."""
    pyDatalog.clear()
    pyDatalog.assert_fact("e", 100, 200)
    pyDatalog.load("t(X, Y) <= e(X, Y)")
    yield
    pyDatalog.clear()


def asked(goal):
    return sorted(pyDatalog.ask(goal).answers)


@pytest.mark.usefixtures("own_logic")
def test_a_users_own_logic_is_left_alone():
    """A user's facts and rules in the same thread are as they were after an engine is made, after
    an answer, after a stop at the limit and after a refusal; and the engine does not see them."""
    mine = Logic.tl.logic
    text = "t(X, Y) <= e(X, Y)\nany(A, B, C, D) <= n0(A) & n0(B) & n0(C) & n0(D)"
    engine = engine_of(text, {"e": [(1, 2)], "n0": [(n,) for n in range(200)]})
    assert engine.evaluate({}, ["t"])["t"] == {(1, 2)}
    with pytest.raises(kb.LimitError):
        engine.evaluate({}, ["any"], 0.1)
    with pytest.raises(TypeError):
        engine.evaluate({"starts": [("a",)]}, ["t"])
    assert Logic.tl.logic is mine
    assert asked("t(X, Y)") == [(100, 200)]
    pyDatalog.assert_fact("e", 300, 400)
    assert asked("t(X, Y)") == [(100, 200), (300, 400)]
    assert engine.evaluate({}, ["t"])["t"] == {(1, 2)}


def test_a_thread_without_pydatalog_can_ask_and_make_engines():
    """A thread that never used pyDatalog makes an engine and asks one made elsewhere, and has no
    logic of its own afterwards."""
    elsewhere = engine_of("t(X) <= starts(X)", {})
    found = []

    def work():
        found.append(hasattr(Logic.tl, "logic"))
        found.append(elsewhere.evaluate({"starts": [(1,)]}, ["t"])["t"])
        found.append(answer("t(X) <= n0(X)", {"n0": [(2,)]}, "t"))
        found.append(hasattr(Logic.tl, "logic"))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [False, {(1,)}, {(2,)}, False]
