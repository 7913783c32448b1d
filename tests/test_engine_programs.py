"""Random stratified programs, for the tests of engines and strata."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from thinned import EXAMPLES, LONG

from kb.lang.checks import check
from kb.lang.parser import parse
from kb.lang.syntax import (
    Aggregate,
    Arithmetic,
    Atom,
    Column,
    Comparison,
    Constant,
    Negation,
    Program,
    Relation,
    Rule,
    Variable,
)

VALUES = {
    "app": ("学车通", "app's", "1"),
    "thing": ("驾照", "'", '"', "\x00", "True", "\\", "", "a\nb"),
    "number": (-1, 0, 1, 2, 20250401, 2**53),
}
KINDS = tuple(VALUES)
PAIR = ("thing", "thing")
NUMBERS = ("==", "!=", "<", "<=", ">", ">=")


def _declared(role, name, *kinds):
    return Relation(name, tuple(Column(f"c{n}", kind) for n, kind in enumerate(kinds)), role)


DECLARED = {
    relation.name: relation
    for relation in (
        _declared("fact", "e0", "thing", "thing"),
        _declared("fact", "e1", "thing"),
        _declared("fact", "e2", "thing", "number"),
        _declared("fact", "e3"),
        _declared("fact", "e4", "thing", "thing", "thing"),
        _declared("fact", "never", "thing"),
        _declared("app", "a0", "app", "thing"),
        _declared("app", "a1", "app", "number"),
        _declared("app", "a2", "thing", "thing"),
        _declared("app", "a3"),
    )
}
SETTINGS = settings(
    max_examples=EXAMPLES,
    derandomize=not LONG,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

FEWER = settings(SETTINGS, max_examples=max(1, SETTINGS.max_examples // 3))


@dataclass(frozen=True)
class Case:
    """A program with base facts and the facts of two apps."""

    program: Program
    base: dict
    one: dict
    other: dict

    def __repr__(self):
        shown = [f"{self.program}", f"base {self.base}", f"one {self.one}", f"other {self.other}"]
        return "\n".join(shown)


COMPUTED = {
    **VALUES,
    "number": (-7, -1, 0, 1, 2, 1000),
    "day": (20250401, 20240229, 20241231, 10101, 99991231, 20230230, 0),
}
"""Values of programs that compute: small enough for each engine, days that no calendar has too."""
DATED = _declared("fact", "e5", "thing", "day"), _declared("app", "a5", "app", "day", "number")


@st.composite
def rules_and_kinds(draw):
    """Rules of up to three levels; relations of a level may rest on each other, and a negation
    looks at lower levels only."""
    levels = draw(st.lists(st.integers(1, 2), min_size=1, max_size=3))
    kinds = {name: tuple(c.kind for c in relation.columns) for name, relation in DECLARED.items()}
    below = sorted(kinds)
    rules = []
    for number, size in enumerate(levels):
        names = [f"p{number}{letter}" for letter in "ab"[:size]]
        for name in names:
            kinds[name] = draw(
                st.just(PAIR)
                | st.just(PAIR)
                | st.lists(st.sampled_from(KINDS), max_size=3).map(tuple)
            )
        for name in names:
            for _ in range(draw(st.integers(1, 4))):
                rules.append(draw(_rule(name, kinds, below + names * 3, below)))
        pairs = [name for name in names if kinds[name] == PAIR]
        if pairs and draw(st.booleans()):
            rules.extend(draw(_closure(pairs, [name for name in below if kinds[name] == PAIR])))
        below = below + names * 2
    return tuple(draw(st.permutations(rules)))


@st.composite
def _closure(draw, names, below):
    """Rules that start a relation of pairs off and then join it, turn it, or both."""
    x, y, z = (Variable(f"Thing{n}") for n in (1, 2, 3))
    joins = [((x, y), (y, z), (x, z)), ((y, x), (z, y), (x, z)), ((x, y), (x, z), (y, z))]
    rules = []
    for name in names:
        first = Atom(draw(st.sampled_from(below)), (x, y))
        rules.append(Rule(Atom(name, (x, y)), (first,)))
        for one, other, head in draw(st.lists(st.sampled_from(joins), min_size=1, max_size=2)):
            relations = draw(st.permutations([draw(st.sampled_from(names + below)), name]))
            body = tuple(map(Atom, relations, (one, other)))
            rules.append(Rule(Atom(draw(st.sampled_from(names)), head), body))
    return rules


@st.composite
def _rule(draw, name, kinds, positive, negative):
    names = iter(range(1, 1000))

    def free(kind, anonymous=True):
        if anonymous and draw(st.integers(0, 9)) == 0:
            return Variable(f"_{next(names)}")
        if draw(st.integers(0, 9)) == 0:
            return constant(kind)
        return Variable(f"{kind.title()}{draw(st.integers(1, 3))}")

    def constant(kind):
        return Constant(draw(st.sampled_from(VALUES[kind])))

    def bound(kind, anonymous=False):
        if anonymous and draw(st.integers(0, 3)) == 0:
            return Variable(f"_{next(names)}")
        known = sorted(name for name in seen if name.startswith(kind.title()))
        if not known or draw(st.integers(0, 5)) == 0:
            return constant(kind)
        return Variable(draw(st.sampled_from(known)))

    atoms = [
        Atom(relation, tuple(free(kind) for kind in kinds[relation]))
        for relation in draw(st.lists(st.sampled_from(positive), max_size=3))
    ]
    seen = {t.name for a in atoms for t in a.terms if isinstance(t, Variable) and not t.anonymous}
    body = list(atoms)
    if atoms:
        for relation in draw(st.lists(st.sampled_from(negative + negative[-4:] * 3), max_size=2)):
            terms = tuple(bound(kind, anonymous=True) for kind in kinds[relation])
            body.append(Negation(Atom(relation, terms)))
        for kind in draw(st.lists(st.sampled_from(KINDS), max_size=1)):
            op = draw(st.sampled_from(NUMBERS if kind == "number" else NUMBERS[:2]))
            body.append(Comparison(bound(kind), op, bound(kind)))
    head = Atom(name, tuple(bound(kind) for kind in kinds[name]))
    return Rule(head, tuple(draw(st.permutations(body))))


@st.composite
def facts(draw, role, declared=DECLARED, values=VALUES):
    """Rows for the declared relations of a role; `never` stays empty."""
    found = {}
    for name, relation in declared.items():
        if relation.role == role and name != "never":
            row = st.tuples(*(st.sampled_from(values[c.kind][:5]) for c in relation.columns))
            rows = draw(st.lists(row, max_size=25 if relation.arity == 3 else 7))
            if rows:
                found[name] = rows
    return found


@st.composite
def cases(draw):
    program, _ = check(draw(rules_and_kinds()), DECLARED)
    return Case(program, draw(facts("fact")), draw(facts("app")), draw(facts("app")))


@st.composite
def computing(draw):
    """Programs whose rules compute whole numbers and days, and gather others by aggregates: two
    relations rest on stated ones, and a third on those and on what is negated of them."""
    declared = {**DECLARED, **{relation.name: relation for relation in DATED}}
    del declared["e4"], declared["a3"], declared["e3"]
    kinds = {name: tuple(c.kind for c in r.columns) for name, r in declared.items()}
    rules = []
    for name in ("q0", "q1", "q2"):
        kinds[name] = draw(st.sampled_from([("number",), ("thing", "number"), ("app", "day")]))
        below = [other for other in kinds if other != name]
        for _ in range(draw(st.integers(1, 3))):
            rules.append(draw(_computing_rule(name, kinds, below)))
    rules += parse(
        "t(X, Y) <= e0(X, Y)\nt(X, Z) <= t(X, Y) & e0(Y, Z) & e2(X, N) & e2(Z, M) & (N + 1 >= M)"
    ).rules
    program, _ = check(rules, declared)
    return Case(
        program, *(draw(facts(role, declared, COMPUTED)) for role in ("fact", "app", "app"))
    )


@st.composite
def _computing_rule(draw, name, kinds, below):
    wanted = kinds[name]
    # Something for each kind that the head and the arithmetic ask for, and perhaps one more.
    sources = [
        draw(st.sampled_from([b for b in below if kind in kinds[b]]))
        for kind in (*wanted, "number")
    ]
    body = []
    for relation in sources:
        terms = [Variable(f"{k.title()}{draw(st.integers(1, 2))}") for k in kinds[relation]]
        body.append(Atom(relation, tuple(terms)))
    known = {v.name for atom in body for v in atom.terms}

    def some(kind):
        names = sorted(each for each in known if each.startswith(kind.title()))
        if not names or draw(st.integers(0, 4)) == 0:
            return Constant(draw(st.sampled_from(COMPUTED[kind])))
        return Variable(draw(st.sampled_from(names)))

    def number(depth=0):
        if depth == 2 or draw(st.booleans()):
            return some("number")
        op = draw(st.sampled_from(("+", "-", "*", "//", "%", "days_between")))
        if op == "days_between":
            return Arithmetic(op, (day(depth + 1), day(depth + 1)))
        by = Constant(draw(st.integers(1, 5))) if op in ("//", "%") else some("number")
        return Arithmetic(op, (number(depth + 1), by))

    def day(depth=0):
        if depth == 2 or draw(st.booleans()):
            return some("day")
        op = draw(st.sampled_from(("add_days", "add_months")))
        return Arithmetic(op, (day(depth + 1), some("number")))

    made = number() if wanted[-1] == "number" else day()
    if isinstance(made, Arithmetic):
        body.append(
            draw(st.sampled_from([_equal(Variable("Made"), made), _equal(made, Variable("Made"))]))
        )
        known.add("Made")
        made = Variable("Made")
        fitting = [b for b in below if kinds[b][-1] == wanted[-1] and len(kinds[b]) == 2]
        if fitting and draw(st.booleans()):
            body.append(Negation(Atom(draw(st.sampled_from(fitting)), (Variable("_1"), made))))
    if draw(st.booleans()):
        body.append(Comparison(number(), draw(st.sampled_from(NUMBERS)), number()))
    group = [some(kind) for kind in wanted[:-1]]
    aggregate = None
    if draw(st.booleans()):
        ops = ("count", "sum", "min", "max") if wanted[-1] == "number" else ("min", "max")
        op = draw(st.sampled_from(ops))
        first = made if isinstance(made, Variable) else Variable(sorted(known)[0])
        if op != "count" and first is not made:
            return Rule(Atom(name, (*group, made)), tuple(body))
        others = [Variable(v) for v in sorted(known - {first.name}) if draw(st.booleans())]
        over = (first, *(others if op in ("count", "sum") else ()))
        aggregate = Aggregate(op, over, len(group))
        made = Variable("_9")
    return Rule(Atom(name, (*group, made)), tuple(draw(st.permutations(body))), (), aggregate)


def _equal(left, right):
    return Comparison(left, "==", right)


@settings(SETTINGS, max_examples=50)
@given(cases())
def test_random_programs_are_checked_programs(case):
    """What the strategy makes passes every check, so that no example is lost."""
    assert case.program.strata


def test_random_programs_reach_negation_above_recursion():
    """The strategy makes the programs that pyDatalog answers wrongly: `~` above a recursion."""

    def hard(case):
        recursive = {name for s in case.program.strata if s.recursive for name in s.relations}
        return any(
            negated and atom.relation in recursive
            for rule in case.program.rules
            for atom, negated in rule.atoms()
        )

    quick = settings(SETTINGS, max_examples=5000, phases=[Phase.generate])
    assert find(cases(), hard, settings=quick)
