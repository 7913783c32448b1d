"""One program, four engines: each gives the same facts, and none guesses what it can not express.

Random programs, every case, random profiles. `KB_EXAMPLES=20000 pytest tests/test_engines_agree.py`
is the long run: programs in that number, always others, and every case by pyDatalog too.
"""

from __future__ import annotations

import gc
import os
import re
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from functools import cache

import pytest
from agreement import agree, made, plainest
from asked import asked
from bench.apps import profiles, write_apps
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from test_cases import loaded
from test_engine_programs import SETTINGS, cases, computing
from test_engine_pydatalog import program_of
from thinned import share

import kb
from kb.engines import registry as names
from kb.engines.protocol import UnsupportedError
from kb.engines.rewrite.batching import given as stated
from kb.lang.checks import check
from kb.lang.parser import parse
from kb.lang.syntax import Column, Comparison, Constant, Relation

LIMIT = 300
"""Seconds: Spark's first statements take long on a busy machine."""
EVERY = ("pydatalog", "duckdb", "clingo", "spark")
STEP = 40
"""Each so-many-th case goes through pyDatalog, one app at a time."""


@pytest.fixture(params=EVERY)
def engine(request):
    """A way to make each engine."""
    spark = request.getfixturevalue("spark") if request.param == "spark" else None
    return lambda program, base: made(request.param, program, base, spark)


# Random programs.


@settings(SETTINGS)
@given(case=cases(), turn=st.integers(0, 4))
def test_random_programs(case, turn):
    """The naive engine, pyDatalog and clingo give every relation the same facts, for two apps after
    one another; so does DuckDB, which takes a fifth of the programs, and the first app again.
    The same programs every time, and as many more as `KB_EXAMPLES` says."""
    order = [case.one, case.other, case.one] if not turn else [case.one, case.other]
    engines = ["pydatalog", "clingo", *["duckdb"] * (not turn)]
    ready = {name: made(name, case.program, case.base) for name in engines}
    for facts in order:
        models = {"naive": plainest(case.program, case.base, facts)}
        for name, each in ready.items():
            models[name] = each.evaluate(facts, case.program.relations)
        agree(models, case)


@settings(SETTINGS, max_examples=2 * SETTINGS.max_examples // 3)
@given(case=computing(), turn=st.integers(0, 4))
def test_random_programs_that_compute(case, turn):
    """With arithmetic of numbers and days, and aggregates, the naive engine, pyDatalog and clingo
    give the same facts for two apps, and DuckDB a fifth of the time. A number that an engine can
    not hold is refused, and nothing is guessed."""
    ready = {name: made(name, case.program, case.base) for name in ("pydatalog", "clingo")}
    if not turn:
        ready["duckdb"] = made("duckdb", case.program, case.base)
    for facts in (case.one, case.other):
        models = {"naive": plainest(case.program, case.base, facts)}
        for name, each in ready.items():
            try:
                models[name] = each.evaluate(facts, case.program.relations)
            except UnsupportedError as error:
                told = str(error)
                if name == "pydatalog" or not re.search(
                    r" computes? a number past \d\d bits", told
                ):
                    raise
        agree(models, case)


def hard(case):
    recursive = {name for s in case.program.strata if s.recursive for name in s.relations}
    negated = {atom.relation for rule in case.program.rules for atom, no in rule.atoms() if no}
    return bool(recursive & negated)


def test_random_programs_on_spark(spark):
    """Spark gives programs with a negation above a recursion the facts that the naive engine
    gives. A statement takes it far longer than the others, so these are few."""

    @settings(
        SETTINGS,
        max_examples=max(2, SETTINGS.max_examples // 75),
        phases=[Phase.generate],
        derandomize=True,
    )
    @given(cases().filter(hard))
    def run(case):
        found = made("spark", case.program, case.base, spark)
        models = {"naive": plainest(case.program, case.base, case.one)}
        models["spark"] = found.evaluate(case.one, case.program.relations, LIMIT)
        agree(models, case)

    run()


HARD = """
t(X, Y) <= e0(X, Y)
t(X, Z) <= t(X, Y) & t(Y, Z)
s(X, Y) <= t(Y, X)
s(X, Y) <= s(Y, X)
loop(X) <= t(X, X)
apart(X, Y) <= e1(X) & e1(Y) & ~s(X, Y)
says('"', X) <= loop(X) & ~e0(X, '\\x00')
says("'", '学车通') <= ~never('\\x00') & ~loop('b')
none(X) <= never(X)
counts(N) <= e2(X, N) & a1('学车通', M) & (N >= M) & ~loop(X)
any() <= apart(_, _)
"""
HARD_BASE = {
    "e0": [("a", "\x00"), ("\x00", "驾照"), ("驾照", "a"), ("'", '"'), ('"', "'")],
    "e1": [("a",), ("'",), ("学车通",), ("",)],
    "e2": [("a", 1), ("b", 2**53), ("b", -5), ("", 7)],
}
HARD_APP = {"a1": [("学车通", 2), ("app's", -9)]}


def test_what_programs_may_hold(engine):
    """Negation above recursion, repeated variables, constants in heads, empty relations, a relation
    without columns, Chinese, quotes and NUL: as by hand."""
    program = program_of(HARD)
    found = engine(program, HARD_BASE).evaluate(HARD_APP, program.relations, LIMIT)
    assert found["loop"] == {("a",), ("\x00",), ("驾照",), ("'",), ('"',)}
    assert found["says"] == {
        ('"', "\x00"), ('"', "驾照"), ('"', "'"), ('"', '"'), ("'", "学车通")
    }  # fmt: skip
    assert found["none"] == frozenset()
    assert found["counts"] == {(2**53,), (7,)}
    assert found["any"] == {()}
    agree({"naive": plainest(program, HARD_BASE, HARD_APP), "engine": found}, program)


def test_an_engine_works_on_for_the_next_app(engine):
    """What one app states is gone for the next; rows of an app and of the base come together."""
    program = program_of("p(X) <= a2(X, _)\nt(X, Y) <= a2(X, Y)\nt(X, Z) <= t(X, Y) & a2(Y, Z)")
    ready = engine(program, {"a2": [("a", "b")]})
    for facts in ({"a2": [("b", "c"), ("a", "b")]}, {}, {"a2": [("c", "a")]}):
        base = {"a2": [("a", "b")]}
        found = ready.evaluate(facts, ["p", "t"], LIMIT)
        agree({"naive": plainest(program, base, facts), "engine": found}, facts)


def test_a_disagreement_shows_both_sides():
    """Where two models differ, each side's own facts are told, then the program with its facts."""
    program = program_of("p(X) <= e1(X)")
    one = {"e1": frozenset({("a",)}), "p": frozenset({("a",)})}
    other = {"e1": frozenset({("a",)}), "p": frozenset({("'",)})}
    with pytest.raises(AssertionError) as raised:
        agree({"naive": one, "duckdb": other}, program)
    assert str(raised.value) == (
        "naive gives, duckdb does not: p('a',)\n"
        'duckdb gives, naive does not: p("\'",)\n'
        "p(X) <= e1(X)"
    )


# The shipped rules and queries.


def folders_of(base):
    """What the facts of a base are called here: a layer makes another base."""
    return "+".join(folder.name for folder in base.facts.folders)


@cache
def cases_together():
    """For each base all its cases at once, each app under the name of its case."""
    found = {}
    for each in asked().values():
        _, facts = found.setdefault(folders_of(each.base), (each.base, {}))
        rows = each.base.rows(replace(each.app, name=each.id), each.as_of, each.drafts)
        for name, more in rows.items():
            facts.setdefault(name, []).extend(more)
    return found


@cache
def by_clingo(folder):
    base, facts = cases_together()[folder]
    engine = made("clingo", base.program, base.facts.rows.facts)
    return engine.evaluate(facts, base.program.relations, LIMIT)


def alone(base, model, app):
    """What a model of many apps holds of one, under the name `app`."""
    dynamic = base.program.dynamic()
    return {
        name: frozenset((app, *row[1:]) for row in rows if row[0] == app)
        if name in dynamic
        else rows
        for name, rows in model.items()
    }


@pytest.mark.parametrize(
    "folder", ["facts", "facts-small", "facts-harbour", "facts-ferry", "facts-conditions"]
)
def test_every_case_on_duckdb(folder):
    """All cases at once: each relation of rules and queries has the facts that clingo gives."""
    base, facts = cases_together()[folder]
    engine = made("duckdb", base.program, base.facts.rows.facts)
    found = engine.evaluate(facts, base.program.relations, LIMIT)
    agree({"clingo": by_clingo(folder), "duckdb": found}, folder)


def test_every_case_on_spark(spark):
    """The same on Spark, for the shipped facts and one derived relation in four, from what clingo
    says of the relations that their rules look at: a statement takes Spark far longer."""
    base, _ = cases_together()["facts"]
    model = by_clingo("facts")
    heads = sorted({rule.head.relation for rule in base.program.rules})
    goals = frozenset(share(heads, 4))
    bodies = {
        atom.relation
        for name in goals
        for rule in base.program.rules_for(name)
        for atom, _ in rule.atoms()
    }
    program = stated(base.program, bodies - goals, goals)
    known = {name: model[name] for name in bodies - goals}
    engine = made("spark", program, {}, spark)
    found = engine.evaluate(known, goals, 550)
    agree({"clingo": {name: model[name] for name in found}, "spark": found}, "facts")


def test_cases_one_by_one_on_pydatalog():
    """Of a case alone pyDatalog gives each relation the facts that clingo gives among all cases."""
    ready = {}
    for each in share(asked().values(), STEP):
        folder = folders_of(each.base)
        if folder not in ready:
            ready[folder] = made("pydatalog", each.base.program, each.base.facts.rows.facts)
        rows = each.base.rows(replace(each.app, name=each.id), each.as_of, each.drafts)
        found = ready[folder].evaluate(rows, each.base.program.relations, LIMIT)
        agree({"clingo": alone(each.base, by_clingo(folder), each.id), "pydatalog": found}, each.id)


def test_the_cases_give_most_relations_facts():
    """Agreement is not that of empty relations: nearly every relation has facts in some case."""
    models = [by_clingo(folder) for folder in cases_together()]
    empty = {name for name in models[0] if not any(model[name] for model in models)}
    assert len(empty) < len(models[0]) / 20, empty


def test_random_profiles(tmp_path):
    """Of random apps over the shipped facts DuckDB and clingo give the same together, and pyDatalog
    the same of each alone."""
    base = loaded(())
    write_apps(base, 50, tmp_path / "apps.parquet", seed=7)
    apps = [base.app(profile) for profile in profiles(tmp_path / "apps.parquet")]
    facts = {}
    for n, app in enumerate(apps):
        for name, rows in base.rows(app, 20250630, drafts=n % 3 == 0).items():
            facts.setdefault(name, []).extend(rows)
    models = {}
    for name in ("clingo", "duckdb"):
        ready = made(name, base.program, base.facts.rows.facts)
        models[name] = ready.evaluate(facts, base.program.relations, LIMIT)
    agree(models, "random profiles")
    ready = made("pydatalog", base.program, base.facts.rows.facts)
    for n, app in share(enumerate(apps), STEP // 2):
        rows = base.rows(app, 20250630, drafts=n % 3 == 0)
        found = ready.evaluate(rows, base.program.relations, LIMIT)
        agree({"clingo": alone(base, models["clingo"], app.name), "pydatalog": found}, app)


SEEDED = """
import sys
sys.path[:0] = [{tests!r}]
import kb
from agreement import made
from kb.engines.sql.duckdb import DuckDBEngine

class Told(DuckDBEngine):
    def make(self, table, rows, lasting):
        print(table.name, rows.sql("duckdb"), rows.sql("spark"))
        return super().make(table, rows, lasting)

base = kb.load(only_facts={facts!r})
app = {{"name": "a", "services": ["bread", "fair", "market"], "holds": ["面包师证"]}}
facts = base.rows(base.app(app), "2021-06-30")
models = [
    engine(base.program, base.facts.rows.facts).evaluate(facts, base.program.relations, 300)
    for engine in (
        Told,
        kb.engines.clingo.engine.ClingoEngine,
        kb.engines.pydatalog.engine.PyDatalogEngine,
    )
]
for model in models:
    assert model == models[0]
for name in sorted(models[0]):
    print(name, sorted(models[0][name]))
"""


def test_hash_seeds_change_nothing():
    """Whatever the seed of hashes, models and the text of each statement are the same."""
    tests = os.path.dirname(__file__)
    code = SEEDED.format(tests=tests, facts=os.path.join(tests, "cases", "facts-small"))
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    }
    assert len(told) == 1
    assert b"SELECT" in told.pop()


COUNTED = """
no_less(X, count(M)) <= e2(X, N) & e2(_, M) & (N <= M)
widest(max(N)) <= e2(_, N)
"""


def test_wide_numbers_beside_counts(engine):
    """Numbers past 32 bits keep their order and come back as they were where rules count or take
    the largest: as by hand."""
    program = program_of(COUNTED)
    found = engine(program, HARD_BASE).evaluate({}, program.relations, LIMIT)
    assert found["no_less"] == {("a", 3), ("b", 4), ("", 2)}
    assert found["widest"] == {(2**53,)}


MOVED = """
after_one(X, M) <= e2(X, N) & (N < 1000) & (M == N + 1)
reaches(X, M) <= after_one(X, M) & e2(_, N) & (N < M)
"""


def test_wide_numbers_beside_arithmetic(engine):
    """Rules that compute with small numbers leave wide ones as they are, as counting ones do."""
    program = program_of(MOVED)
    small = {(x, n) for x, n in HARD_BASE["e2"] if n < 1000}
    found = engine(program, HARD_BASE).evaluate({}, program.relations, LIMIT)
    assert found["after_one"] == {(x, n + 1) for x, n in small}
    every = [n for _, n in HARD_BASE["e2"]]
    assert found["reaches"] == {(x, n + 1) for x, n in small if any(m < n + 1 for m in every)}


def test_computing_with_a_wide_number_is_refused_by_clingo():
    """What clingo can not hold it does not guess: the rule that computes with it is named."""
    program = program_of("past(M) <= e2(_, N) & (M == N - 1)")
    with pytest.raises(UnsupportedError, match="computes a number past 32 bits"):
        made("clingo", program, HARD_BASE).evaluate({}, ["past"], LIMIT)


# What an engine can not do, and how it ends.

WIDE = {
    "w": Relation("w", (Column("n", "number"),), "fact"),
    "v": Relation("v", (Column("a", "app"), Column("n", "number")), "app"),
}
TOO_WIDE = 2**63


def wide_program(text):
    """A checked program in which 7 is the number past 64 bits, which no text may state."""

    def wide(term):
        return Constant(TOO_WIDE) if term == Constant(7) else term

    rules = [
        replace(
            rule,
            body=tuple(
                replace(part, left=wide(part.left), right=wide(part.right))
                if isinstance(part, Comparison)
                else part
                for part in rule.body
            ),
        )
        for rule in parse(text).rules
    ]
    return check(rules, WIDE)[0]


@pytest.mark.parametrize("name", ["duckdb", "spark"])
def test_numbers_past_64_bits_are_refused(name, request):
    """An engine whose columns end at 64 bits names the rule or the relation, and who can."""
    spark = request.getfixturevalue("spark") if name == "spark" else None
    end = "\n  help: pydatalog and clingo can"
    with pytest.raises(UnsupportedError) as raised:
        made(name, wide_program("p(N) <= w(N) & (N < 7)"), {}, spark)
    rule = f"`p(N) <= w(N) & (N < {TOO_WIDE})`"
    told = f"{name} can not express this: {rule} holds {TOO_WIDE}{end}"
    assert str(raised.value) == told
    plain = wide_program("p(N) <= w(N)\np(N) <= v(_, N)")
    with pytest.raises(UnsupportedError) as raised:
        made(name, plain, {"w": [(-TOO_WIDE - 1,)]}, spark)
    told = f"{name} can not express this: `w` states {-TOO_WIDE - 1}{end}"
    assert str(raised.value) == told
    engine = made(name, plain, {"w": [(TOO_WIDE - 1,)]}, spark)
    with pytest.raises(UnsupportedError) as raised:
        engine.evaluate({"v": [("a", TOO_WIDE)]}, ["p"])
    told = f"{name} can not express this: `v` states {TOO_WIDE}{end}"
    assert str(raised.value) == told
    assert engine.evaluate({"v": [("a", 3)]}, ["p"], LIMIT)["p"] == {(TOO_WIDE - 1,), (3,)}


@pytest.mark.parametrize("name", ["pydatalog", "clingo"])
def test_numbers_without_end(name):
    """The engines named in that refusal do put such numbers in order."""
    program = wide_program("p(N) <= w(N) & (N < 7)\np(N) <= v(_, N) & (N != 7)")
    engine = made(name, program, {"w": [(TOO_WIDE - 1,), (TOO_WIDE,), (2**200,)]})
    found = engine.evaluate({"v": [("a", -TOO_WIDE), ("a", TOO_WIDE), ("a", 2**99)]}, ["p"])
    assert found["p"] == {(TOO_WIDE - 1,), (-TOO_WIDE,), (2**99,)}


def test_facts_of_no_profile_are_refused(engine):
    """An app can not state what sources state, and nothing that the program does not know."""
    ready = engine(program_of("p(X) <= e1(X)"), {})
    with pytest.raises(ValueError, match=r"^`e1` is not stated by profiles$"):
        ready.evaluate({"e1": [("a",)]}, ["p"])
    with pytest.raises(KeyError, match="nowhere"):
        ready.evaluate({"nowhere": [("a",)]}, ["p"])
    with pytest.raises(KeyError, match="nowhere"):
        ready.evaluate({}, ["nowhere"])
    assert ready.evaluate({}, ["p"], LIMIT)["p"] == set()


ENDLESS = "p(A, E) <= n(A) & n(B) & n(C) & n(D) & n(E) & m(A, B, C, D, E)\nq(A) <= n(A) & (A < 2)"
ENDLESS += "\nr(A, B, C, D, E) <= n(A) & n(B) & n(C) & n(D) & n(E) & (A > B) & (D != E)"
NUMBERS = {
    "n": Relation("n", (Column("n", "number"),), "fact"),
    "m": Relation("m", tuple(Column(f"n{n}", "number") for n in range(5)), "fact"),
}


def endless(engine):
    return engine(check(parse(ENDLESS).rules, NUMBERS)[0], {"n": [(n,) for n in range(400)]})


def test_a_limit_ends_a_search(engine):
    """At its limit a search ends with one message, and the engine answers the next question."""
    ready = endless(engine)
    for _ in range(2):
        with pytest.raises(kb.LimitError) as raised:
            ready.evaluate({}, ["r"], 0.2)
        told = "the answer was not found within 0.2 seconds; the search was ended"
        assert str(raised.value) == told
        assert ready.evaluate({}, ["q"], LIMIT)["q"] == {(0,), (1,)}


def test_ctrl_c_ends_a_search(engine, request):
    """Ctrl-C ends a search, and the engine answers the next question."""
    ready = endless(engine)
    # A Ctrl-C that comes while objects of some Spark session are thrown away is lost in there.
    gc.collect()
    gc.disable()
    request.addfinalizer(gc.enable)
    timer = threading.Timer(1.5, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        ready.evaluate({}, ["r"], 60)
    timer.join()
    assert ready.evaluate({}, ["q"], LIMIT)["q"] == {(0,), (1,)}


def test_engines_by_name(monkeypatch):
    """An engine is found by its name; for a name that is none, and for one whose libraries are
    missing, the message says what would help."""
    assert [names.engine(name).name for name in EVERY] == list(EVERY)
    with pytest.raises(kb.Problems) as raised:
        names.engine("duckbd")
    told = "error[unknown-engine]: no engine is called `duckbd`\n"
    assert str(raised.value) == told + "  help: a similar name exists: `duckdb`"
    monkeypatch.setattr(names, "find_spec", lambda name: None)
    with pytest.raises(kb.Problems) as raised:
        names.engine("spark")
    told = "error[extra]: the engine spark needs pyspark and sqlglot and pyarrow\n"
    assert str(raised.value) == told + "  help: run pip install 'policy-kb[spark]'"
    assert names.engine("pydatalog").name == "pydatalog"


def test_spark_without_java(monkeypatch, tmp_path):
    """Without Java the message says what to install."""
    from kb.engines.sql.spark import started

    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(kb.Problems) as raised:
        started()
    told = "error[no-java]: the engine spark needs Java 17 or later\n"
    assert str(raised.value) == told + "  help: Debian: apt-get install openjdk-17-jre-headless"
