"""Other ways to the same verdicts: clingo with one grounding, pyDatalog, a plain loop."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import assert_never

import pyarrow as pa

from kb.base.core import Core
from kb.engines.interning import Interner
from kb.lang.syntax import (
    Arithmetic,
    Atom,
    Comparison,
    Constant,
    Expression,
    Literal,
    Negation,
    Rule,
    Variable,
)

from .handwritten import NAMES
from .loops import App, Loop
from .marked import CATEGORIES, Marked

GOALS = ("category_verdict", "app_verdict")
LONG = 24 * 3600.0

Facts = dict[str, pa.Table]
Verdicts = set[tuple[int, int, int]]
"""App, category and verdict, each by its number."""


def agreed(judge: Marked, found: tuple[float, Verdicts]) -> float:
    """A peer's seconds; fails unless its verdicts are those of the audit."""
    taken, theirs = found
    ours = {(row, c, v) for row, c, v, *_ in judge.database.execute(CATEGORIES).fetchall()}
    assert theirs == ours, f"verdicts differ: {sorted(theirs ^ ours, key=str)[:5]}"
    return taken


def by_clingo(base: Core, day: int, facts: Facts, names: Interner) -> tuple[float, Verdicts]:
    """Seconds of clingo for all the apps in one program, from its text to the model."""
    import clingo

    text = "\n".join(_program(base, day, facts, names))
    control = clingo.Control(["0", "--warn=none"])
    start = time.perf_counter()
    control.add("base", [], text)
    control.ground([("base", [])])
    with control.solve(yield_=True) as handle:
        model = handle.model()
        taken = time.perf_counter() - start
        assert model is not None
        found = {
            tuple(a.number for a in symbol.arguments)
            for symbol in model.symbols(shown=True)
            if symbol.name == "category_verdict"
        }
    number = {names.number(name): code for code, name in enumerate(NAMES)}
    return taken, {(row, c, number[v]) for row, c, v in found}


def _program(base: Core, day: int, facts: Facts, names: Interner) -> Iterable[str]:
    """What the goals rest on, every name as a number."""
    program = base.program
    wanted = program.needed(frozenset(GOALS))
    for name in GOALS:
        yield f"#show {name}/{program.relations[name].arity}."
    for name, rows in base.facts.rows.facts.items():
        if name in wanted:
            for row in names.encode(program.relations[name], rows):
                yield f"{name}({','.join(map(str, row))})."
    for (row,) in _rows(facts["app"]):
        yield f"question_day({row},{day})."
    for name, table in facts.items():
        if name in wanted:
            for row in _rows(table):
                yield f"{name}({','.join(map(str, row))})."
    # Rules over what nothing states give nothing: those that count months and days among them.
    empty = {n for n, r in program.relations.items() if r.role != "rule"}
    empty -= {n for n, rows in base.facts.rows.facts.items() if rows} | {*facts, "question_day"}
    for number, rule in enumerate(program.rules):
        if any(atom.relation in empty for atom, negated in rule.atoms() if not negated):
            continue
        if rule.head.relation in wanted:
            yield from _clauses(rule, f"over{number}", names)


def _clauses(rule: Rule, over: str, names: Interner) -> Iterable[str]:
    """A rule in clingo's syntax; one with an aggregate is two, the first of which gives what it is
    over."""
    aggregate = rule.aggregate
    if aggregate is None:
        yield _rule(rule, rule.head.relation, names)
        return
    yield _rule(rule.elements, over, names)
    group = [f"G{n}" for n in range(len(rule.group))]
    terms = [f"T{n}" for n in range(len(aggregate.terms))]
    head = ",".join([*group[: aggregate.at], "N", *group[aggregate.at :]])
    inner = f"{over}({','.join([*group, *terms])})"
    outer = f"{over}({','.join([*group, *('_' for _ in terms)])})"
    counted = f"#{aggregate.op}{{{','.join(terms)} : {inner}}}"
    yield f"{rule.head.relation}({head}) :- {outer}, N = {counted}."


def _rule(rule: Rule, head: str, names: Interner) -> str:
    def term(part: Expression) -> str:
        match part:
            case Constant(value):
                return str(value if isinstance(value, int) else names.number(value))
            case Variable(name):
                return "_" if part.anonymous else name
            case Arithmetic():
                raise ValueError(f"`{part}` is not written for clingo")
            case _:
                assert_never(part)

    def atom(part: Atom, name: str = "") -> str:
        return f"{name or part.relation}({','.join(map(term, part.terms))})"

    def literal(part: Literal) -> str:
        match part:
            case Atom():
                return atom(part)
            case Negation(inner):
                return f"not {atom(inner)}"
            case Comparison(left, op, right):
                return f"{term(left)} {'=' if op == '==' else op} {term(right)}"
            case _:
                assert_never(part)

    return f"{atom(rule.head, head)} :- {', '.join(map(literal, rule.body))}."


def by_pydatalog(base: Core, day: int, facts: Facts, names: Interner) -> tuple[float, Verdicts]:
    """Seconds of pyDatalog, asked for the verdicts of all apps at once."""
    engine = base.engine
    engine.evaluate({}, GOALS)  # what no app changes is found beforehand
    text = names.names()
    stated = {"question_day": [(str(row), day) for (row,) in _rows(facts["app"])]}
    for name, table in facts.items():
        if name != "app":
            columns = base.program.relations[name].columns
            stated[name] = [
                (
                    str(row[0]),
                    *(
                        value if column.numeric else text[value]
                        for column, value in zip(columns[1:], row[1:], strict=True)
                    ),
                )
                for row in _rows(table)
            ]
    start = time.perf_counter()
    found = engine.evaluate(stated, GOALS, LONG)["category_verdict"]
    taken = time.perf_counter() - start
    return taken, {(int(row), names.number(str(c)), NAMES.index(str(v))) for row, c, v in found}


def by_loop(loop: Loop, facts: Facts) -> tuple[float, Verdicts]:
    """Seconds of the plain loop; its apps are read beforehand."""
    apps = {row: App() for (row,) in _rows(facts["app"])}
    for row, q, v in _rows(facts["app_value"]):
        apps[row].values[q].add(v)
    for row, q, d in _rows(facts["app_day"]):
        apps[row].days[q] = d
    for row, q in _rows(facts["app_knows"]):
        apps[row].knows.add(q)
    for row, d, h, sure, most in _rows(facts["app_holds"]):
        apps[row].holds[d, h] = sure, most
    for row, n, sure, most in _rows(facts["app_fits"]):
        apps[row].fits[n] = sure, most
    start = time.perf_counter()
    found = [(row, c, verdict) for row, app in apps.items() for c, verdict in loop.verdicts(app)]
    return time.perf_counter() - start, set(found)


def _rows(table: pa.Table) -> Iterable[tuple[int, ...]]:
    return zip(*(column.to_pylist() for column in table.columns), strict=True)
