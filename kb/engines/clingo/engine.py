"""The engine that checks the others: clingo, which grounds a program and finds its one model.

A program for clingo is made of digits and names of ours (`r3(0,7) :- r1(0,V2), not r0(V2).`):
nothing that somebody wrote becomes part of it. clingo counts to 2**31 only, so numbers go by their
rank among all numbers of program and facts, which keeps equality and order: all that a rule without
arithmetic and aggregates can ask of a number. With arithmetic, a count, a minimum or a maximum
those that fit stand for themselves and the others at the ends, in their order: what computes with
one of these is refused. With a sum all stand for themselves, and what does not fit is refused. It
works in processes of its own (`kb.engines.clingo.grounder` says why).
"""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias, assert_never

from kb.engines.clingo import grounder
from kb.engines.clingo.grounder import EDGE, TOO_WIDE, WIDEST
from kb.engines.interning import Interner
from kb.engines.locks import engine_lock
from kb.engines.protocol import DEFAULT_LIMIT, Model, UnsupportedError, check_stated
from kb.lang.arithmetic import has_arithmetic
from kb.lang.problems import LimitError
from kb.lang.syntax import (
    Arithmetic,
    Atom,
    Comparison,
    Constant,
    Expression,
    Facts,
    Literal,
    Negation,
    Program,
    Relation,
    Rule,
)

Codes: TypeAlias = tuple[int, ...]

OTHERS = ("pydatalog", "duckdb")
FUNCTIONS: Mapping[str, str] = {
    "+": "plus",
    "-": "minus",
    "*": "times",
    "//": "divided",
    "%": "rest",
    "add_days": "add_days",
    "add_months": "add_months",
    "days_between": "days_between",
}
"""What `kb.engines.clingo.grounder` calls each operation."""
WORN = 256 * 2**20
"""Bytes of programs after which a process has kept enough symbols and is replaced."""


class ClingoEngine:
    """See `kb.engines.protocol.Engine`.

    >>> from kb.lang.checks import check
    >>> from kb.lang.parser import parse
    >>> program, _ = check(parse("+e(1, 2)\\n+e(2, 3)\\nt(X, Z) <= e(X, Y) & e(Y, Z)").rules)
    >>> ClingoEngine(program, {}).evaluate({}, ["t"])["t"]
    frozenset({(1, 3)})
    """

    name = "clingo"

    def __init__(self, program: Program, facts: Facts, limit: float = DEFAULT_LIMIT) -> None:
        self._program = program
        self._lock = engine_lock()
        self._names = Interner()
        self._numbered = {id(rule): number for number, rule in enumerate(program.rules)}
        self._places = {name: f"r{number}" for number, name in enumerate(program.relations)}
        self._base = {name: self._encoded(name, rows) for name, rows in facts.items()}
        self._numbers = {
            value
            for name, rows in self._base.items()
            for value in _numbers(program.relations[name], rows)
        }
        for rule in program.rules:
            for value in rule.constants():
                if isinstance(value, int):
                    self._numbers.add(value)
                else:
                    self._names.number(value)
        self._names.settle()

    def evaluate(self, facts: Facts, goals: Iterable[str], limit: float = DEFAULT_LIMIT) -> Model:
        relations = self._program.relations
        wanted = self._program.needed(frozenset(goals))
        with self._lock:
            try:
                given = dict(self._base)
                numbers = set(self._numbers)
                check_stated(self._program, facts)
                for name, rows in facts.items():
                    own = self._encoded(name, rows)
                    numbers |= _numbers(relations[name], own)
                    given[name] = {**given.get(name, {}), **own}
                known = {name: given.get(name, {}) for name in sorted(wanted)}
                if any(map(_sums, self._rules(wanted))):
                    self._check_widths(known)
                    ranked: _Ranked = _Kept()
                elif any(map(_computes, self._rules(wanted))):
                    ranked = _Kept(sorted(numbers))
                else:
                    ranked = _Ranked(sorted(numbers))
                answer = _answer(self._text(known, ranked), limit)
                if answer.startswith(TOO_WIDE):
                    raise self._too_wide(answer)
                found = self._read(answer, ranked)
                return {
                    name: self._names.decode(relations[name], found.get(name, rows))
                    for name, rows in known.items()
                }
            finally:
                self._names.forget()

    def _encoded(self, name: str, rows: Iterable[tuple[str | int, ...]]) -> dict[Codes, None]:
        return dict.fromkeys(self._names.encode(self._program.relations[name], rows))

    def _rules(self, relations: Iterable[str]) -> Iterable[Rule]:
        return (rule for name in relations for rule in self._program.rules_for(name))

    def _check_widths(self, known: Mapping[str, Iterable[Codes]]) -> None:
        for name, rows in known.items():
            for value in _numbers(self._program.relations[name], rows):
                if abs(value) > WIDEST:
                    raise UnsupportedError(self.name, f"`{name}` states {value}", OTHERS)
        for rule in self._rules(known):
            for constant in rule.constants():
                if isinstance(constant, int) and abs(constant) > WIDEST:
                    raise UnsupportedError(self.name, f"`{rule}` holds {constant}", OTHERS)

    def _too_wide(self, answer: str) -> UnsupportedError:
        rule = self._program.rules[int(answer.removeprefix(TOO_WIDE))]
        return UnsupportedError(self.name, f"`{rule}` computes a number past 32 bits", OTHERS)

    def _text(self, known: Mapping[str, Iterable[Codes]], ranked: _Ranked) -> str:
        """The program for clingo: facts, rules, and which relations it shall show."""
        lines = [f"{EDGE}{ranked.edge}", "#show."]
        for name, rows in known.items():
            relation, place = self._program.relations[name], self._places[name]
            for row in ranked.rows(relation, rows):
                lines.append(f"{place}({','.join(map(str, row))})." if row else f"{place}.")
            if rules := self._program.rules_for(name):
                lines.append(f"#show {place}/{relation.arity}.")
                for rule in rules:
                    lines.extend(self._clauses(rule, ranked))
        return "\n".join(lines)

    def _clauses(self, rule: Rule, ranked: _Ranked) -> Iterable[str]:
        """A rule in clingo's syntax; one with an aggregate is two, the first of which gives what
        it is over."""
        number = self._numbered[id(rule)]
        if rule.aggregate is None:
            yield self._clause(rule, self._places[rule.head.relation], ranked, number)
            return
        op, at = rule.aggregate.op, rule.aggregate.at
        size, width = len(rule.group), len(rule.aggregate.terms)
        over = f"{'s' if op == 'sum' else 'x'}{number}"
        yield self._clause(rule.elements, over, ranked, number)
        if op == "sum":  # shown, so that somebody sees whether the sum fits
            yield f"#show s{number}/{size + width}."
        group = [f"G{n}" for n in range(size)]
        terms = [f"T{n}" for n in range(width)]
        inner = f"{over}({','.join([*group, *terms])})"
        outer = f"{over}({','.join([*group, *['_'] * width])})"
        head = [*group[:at], "N", *group[at:]]
        yield (
            f"{self._places[rule.head.relation]}({','.join(head)}) :- {outer}, "
            f"N = #{op}{{{','.join(terms)} : {inner}}}."
        )

    def _clause(self, rule: Rule, place: str, ranked: _Ranked, number: int) -> str:
        variables: dict[str, str] = {}

        def written(term: Expression) -> str:
            if isinstance(term, Arithmetic):
                sides = ",".join(map(written, term.terms))
                return f"@{FUNCTIONS[term.op]}({number},{sides})"
            if isinstance(term, Constant):
                value = term.value
                return str(
                    ranked.rank[value] if isinstance(value, int) else self._names.number(value)
                )
            if term.anonymous:
                return "_"
            return variables.setdefault(term.name, f"V{len(variables)}")

        def atom(atom: Atom, place: str) -> str:
            return f"{place}({','.join(map(written, atom.terms))})" if atom.terms else place

        def literal(literal: Literal) -> str:
            match literal:
                case Atom():
                    return atom(literal, self._places[literal.relation])
                case Negation(inner):
                    return f"not {atom(inner, self._places[inner.relation])}"
                case Comparison(left, op, right):
                    return f"{written(left)} {'=' if op == '==' else op} {written(right)}"
                case _:
                    assert_never(literal)

        return f"{atom(rule.head, place)} :- {', '.join(map(literal, rule.body))}."

    def _read(self, answer: str, ranked: _Ranked) -> Mapping[str, set[Codes]]:
        """The facts of derived relations, out of lines such as `r3(0,7)`."""
        named = {place: name for name, place in self._places.items()}
        found: dict[str, set[Codes]] = {
            name: set() for name in self._places if self._program.rules_for(name)
        }
        sums: dict[tuple[str, Codes], int] = {}
        for line in answer.splitlines():
            place, _, rest = line.partition("(")
            row = tuple(map(int, rest[:-1].split(","))) if rest else ()
            if place[0] == "s":
                rule = self._program.rules[int(place[1:])]
                group = place, row[: len(rule.group)]
                sums[group] = sums.get(group, 0) + abs(row[len(rule.group)])
                if sums[group] > WIDEST:
                    raise self._too_wide(f"{TOO_WIDE}{place[1:]}")
                continue
            found[named[place]].add(row)
        return {
            name: set(ranked.unranked(self._program.relations[name], rows))
            for name, rows in found.items()
        }


class _Ranked:
    """Numbers by their rank. What stands for a number past the `edge` is not that number."""

    edge = WIDEST

    def __init__(self, numbers: list[int]) -> None:
        self._numbers = numbers
        self.rank = {number: rank for rank, number in enumerate(numbers)}

    def rows(self, relation: Relation, rows: Iterable[Codes]) -> Iterable[Codes]:
        return _replaced(relation, rows, self.rank)

    def unranked(self, relation: Relation, rows: Iterable[Codes]) -> Iterable[Codes]:
        return _replaced(relation, rows, self._numbers)


class _Kept(_Ranked):
    """Numbers as they are, but that those of `numbers` past 32 bits stand at the ends, in their
    order."""

    def __init__(self, numbers: Sequence[int] = ()) -> None:
        self.edge = edge = WIDEST - len(numbers)
        low = [number for number in numbers if number < -edge]
        high = [number for number in numbers if number > edge]
        first = WIDEST - len(high) + 1
        self.rank = _Same({number: at - WIDEST for at, number in enumerate(low)})
        self.rank.update({number: first + at for at, number in enumerate(high)})
        self._back = _Same({place: number for number, place in self.rank.items()})

    def unranked(self, relation: Relation, rows: Iterable[Codes]) -> Iterable[Codes]:
        return _replaced(relation, rows, self._back)


class _Same(dict[int, int]):
    """Numbers that stand for others; any other number stands for itself."""

    def __missing__(self, number: int) -> int:
        return number


def _sums(rule: Rule) -> bool:
    return rule.aggregate is not None and rule.aggregate.op == "sum"


def _computes(rule: Rule) -> bool:
    """Whether a rule asks more of numbers than their order."""
    return rule.aggregate is not None or any(map(has_arithmetic, rule.body))


def _replaced(
    relation: Relation, rows: Iterable[Codes], by: Mapping[int, int] | list[int]
) -> Iterable[Codes]:
    numeric = [column.numeric for column in relation.columns]
    if not by or not any(numeric):
        return rows
    return (tuple(by[v] if n else v for v, n in zip(row, numeric, strict=True)) for row in rows)


def _numbers(relation: Relation, rows: Iterable[Codes]) -> set[int]:
    places = [at for at, column in enumerate(relation.columns) if column.numeric]
    return {row[at] for row in rows for at in places} if places else set()


class _Worker:
    """A process of clingo."""

    def __init__(self) -> None:
        # `-P`: the folder of this file, where a `clingo.py` stands too, stays out of the way.
        command = [sys.executable, "-P", grounder.__file__]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.owner = os.getpid()
        self.read = 0
        atexit.register(self.end)

    def answer(self, program: bytes) -> bytes | None:
        """The facts; None when the process is gone."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.read += len(program)
        with contextlib.suppress(BrokenPipeError):
            grounder.send(self.process.stdin, program)
        return grounder.receive(self.process.stdout)

    def end(self) -> None:
        atexit.unregister(self.end)
        if self.owner != os.getpid():
            return
        self.process.kill()
        # A pipe that is broken says so once more when it is closed.
        with contextlib.suppress(BrokenPipeError):
            self.process.communicate()


_IDLE: list[_Worker] = []
"""Processes that wait for a program; every engine of this process takes from them."""


def _answer(program: str, limit: float) -> str:
    with _worker() as worker:
        over = threading.Event()

        def stop() -> None:
            over.set()
            worker.process.kill()

        timer = threading.Timer(limit, stop)
        timer.daemon = True
        timer.start()
        try:
            found = worker.answer(program.encode("ascii"))
        finally:
            timer.cancel()
        if found is None:
            if over.is_set():
                raise LimitError(
                    f"the answer was not found within {limit:g} seconds; the search was ended"
                )
            raise ChildProcessError(f"clingo ended with code {worker.process.wait()}")
        return found.decode("ascii")


@contextlib.contextmanager
def _worker() -> Iterator[_Worker]:
    """A process for one program; what stops halfway is ended with it."""
    worker = _IDLE.pop() if _IDLE else _Worker()
    if worker.owner != os.getpid():  # a fork shares pipes that it must not write into
        _IDLE.clear()
        worker = _Worker()
    try:
        yield worker
    except BaseException:
        worker.end()
        raise
    if worker.read < WORN:
        _IDLE.append(worker)
    else:
        worker.end()
