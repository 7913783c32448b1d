"""Proofs: each node of each proof is checked again, by other means than those that found it."""

from dataclasses import replace

import pytest
from agreement import plainest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_engine_programs import FEWER, computing

import kb
from kb.engines.pydatalog.engine import PyDatalogEngine
from kb.lang.checks import check
from kb.lang.problems import Problems
from kb.lang.syntax import (
    Atom,
    Cite,
    Column,
    Comparison,
    Constant,
    Negation,
    Relation,
    Rule,
    Variable,
)
from kb.provenance.proof import Prover
from kb.provenance.replay import faults

SIGNS = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def unify(terms, row, binding):
    """The binding under which terms are a row; None when there is none."""
    if len(terms) != len(row):
        return None
    found = dict(binding)
    for term, value in zip(terms, row, strict=True):
        if isinstance(term, Constant):
            if term.value != value or type(term.value) is not type(value):
                return None
        elif found.setdefault(term.name, value) != value:
            return None
    return found


def value_of(term, binding):
    return term.value if isinstance(term, Constant) else binding[term.name]


def replay(proof, program, model, stated, above=()):
    """Every node of a proof is what its rule, the model and the stated facts make it."""
    fact = proof.fact
    assert not fact.absent
    assert fact.row in model[fact.relation]
    assert (fact.relation, fact.row) not in above, "circular"
    if proof.rule is None:
        assert not program.rules_for(fact.relation)
        assert fact.row in stated(fact.relation)
        assert proof.because == ()
        return
    assert proof.rule in program.rules_for(fact.relation)
    assert len(proof.because) == len(proof.rule.body)
    binding = unify(proof.rule.head.terms, fact.row, {})
    assert binding is not None
    # Positive literals first: they bind what negations and comparisons speak of.
    for literal, premise in zip(proof.rule.body, proof.because, strict=True):
        if isinstance(literal, Atom):
            assert premise.fact.relation == literal.relation
            binding = unify(literal.terms, premise.fact.row, binding)
            assert binding is not None
            replay(premise, program, model, stated, (*above, (fact.relation, fact.row)))
    for literal, premise in zip(proof.rule.body, proof.because, strict=True):
        if isinstance(literal, Negation):
            assert premise.fact.absent
            assert premise.because == ()
            assert premise.fact.relation == literal.atom.relation
            for row in model[literal.atom.relation]:
                assert unify(literal.atom.terms, row, binding) is None, "what is negated is there"
            for term, shown in zip(literal.atom.terms, premise.fact.row, strict=True):
                free = isinstance(term, Variable) and term.name not in binding
                assert shown == ("_" if free else value_of(term, binding))
        elif isinstance(literal, Comparison):
            pair = value_of(literal.left, binding), value_of(literal.right, binding)
            assert SIGNS[literal.op](*pair)
            assert (premise.fact.relation, premise.fact.row) == (literal.op, pair)
            assert premise.because == ()


APPS = {
    "silent": {"name": "silent"},
    "driving": {
        "name": "学车通",
        "applicant": "enterprise",
        "regions": ["CN-GD"],
        "services": ["driving_school_platform"],
        "holds": [
            "小程序开发者承诺函",
            {"document": "合作协议", "count": 1},
            {"document": "机动车驾驶员培训备案", "holder": "partner"},
        ],
    },
    "quoted": {"name": "a', b) & c('", "services": ["driving_school_training"], "holds": []},
    "recorded": {
        "name": "recorded",
        "applicant": "training_institution",
        "services": ["online_video_course", "education_live_stream"],
        "facts": {"teaching_mode": ["recorded"], "account_opened": "2018-05-01"},
        "holds": ["民办学校办学许可证"],
    },
    "platform": {
        "name": "platform",
        "services": ["education_platform", "arts_language_platform", "vocational_training"],
        "facts": {"training_aim": ["arts"], "offline_teaching": "yes"},
        "holds": ["ICP备案", "承诺函"],
    },
}


@pytest.mark.parametrize("app", APPS)
def test_every_proof_replays(app, base):
    """Every derived fact of an app has a proof that replays down to what sources and the profile
    state, each stated leaf with its cite."""
    read = base.app(APPS[app])
    model = base.model(base.program.relations, read, "2025-06-30")
    rows = base.rows(read, "2025-06-30")
    prover = base.prover(model)

    def stated(relation):
        return {*rows.get(relation, ()), *base.facts.rows.facts.get(relation, ())}

    dynamic = base.program.dynamic()
    count = 0
    for relation in sorted(model):
        if not base.program.rules_for(relation) or relation not in dynamic:
            continue
        for row in sorted(model[relation], key=str):
            proof = prover.prove(relation, row)
            assert proof is not None
            assert (proof.fact.relation, proof.fact.row) == (relation, row)
            replay(proof, base.program, model, stated)
            for leaf in proof.leaves():
                key = leaf.fact.relation, leaf.fact.row
                if leaf.rule is None and key in base.facts.rows.cites:
                    assert leaf.sources == (base.facts.rows.cites[key],)
            count += 1
    assert count > 0


def test_what_does_not_hold_has_no_proof(base):
    """A fact that is not in the model has no proof."""
    read = base.app(APPS["driving"])
    model = base.model(["required"], read)
    prover = base.prover(model)
    assert prover.prove("required", (read.name, "no-such-category")) is None
    assert prover.prove("required", ("another app", "education-driving-school-platform")) is None
    assert prover.prove("no_such_relation", ()) is None


def test_a_stated_fact_proves_itself(base):
    """A stated fact is a proof of height 1: no rule, no premises, its own lines."""
    relation = "scope"
    row = next(r for r in base.facts.rows.facts[relation] if "driving_school_platform" in r)
    model = base.model([relation], base.app(APPS["driving"]))
    proof = base.prover(model).prove(relation, row)
    assert proof.height == 1
    assert proof.rule is None
    assert proof.because == ()
    assert proof.sources == (base.facts.rows.cites[relation, row],)


def test_two_bases_give_the_same_proofs(base):
    """The same app has the same proofs in another base, and in the order of other questions."""
    answers = {name: base.ask(APPS[name], "2025-06-30").to_dict() for name in APPS}
    other = kb.load()
    for name in reversed(list(APPS)):
        assert other.ask(APPS[name], "2025-06-30").to_dict() == answers[name]


def test_why_of_an_answer_replays_in_text(base):
    """The proofs of an answer rest on facts and cites that are shown, down to a stated leaf."""
    answer = base.ask(APPS["driving"], "2025-06-30")
    for category in answer.to_dict()["categories"]:
        (proof,) = category["why"]
        assert proof["fact"] == f"required('学车通', '{category['id']}')"
        todo = [proof]
        while todo:
            node = todo.pop()
            assert set(node) == {"fact", "rule", "sources", "because"}
            assert (node["rule"] is None) <= (node["because"] == [])
            todo += node["because"]


E, F = (
    Relation("e", (Column("from", "number"), Column("to", "number")), "fact"),
    Relation("f", (Column("it", "number"),), "fact"),
)
VARIABLES = [Variable(name) for name in "XYZ"]
ARITY = {"e": 2, "f": 1, "p": 2, "q": 2, "s": 1}


@st.composite
def atoms(draw, names):
    name = draw(st.sampled_from(names))
    terms = st.sampled_from([*VARIABLES, *VARIABLES, Constant(1)])
    return Atom(name, tuple(draw(terms) for _ in range(ARITY[name])))


@st.composite
def rules(draw):
    head = draw(st.sampled_from("pqs"))
    body = draw(st.lists(atoms("epqs"), min_size=1, max_size=3))
    bound = sorted(
        {t for atom in body for t in atom.terms if isinstance(t, Variable)}, key=lambda v: v.name
    )
    terms = st.sampled_from([*bound, *bound, Constant(2)])
    literals = list(body)
    if draw(st.booleans()):
        literals.append(Negation(Atom("f", (draw(terms),))))
    if draw(st.booleans()):
        literals.append(Negation(Atom("e", (draw(terms), Variable("_1")))))
    if draw(st.booleans()):
        sign = draw(st.sampled_from(sorted(SIGNS)))
        literals.append(Comparison(draw(terms), sign, draw(terms)))
    return Rule(Atom(head, tuple(draw(terms) for _ in range(ARITY[head]))), tuple(literals))


X, Y, Z = VARIABLES
FLAT = tuple(Rule(Atom(name, (X, Y)[: ARITY[name]]), (Atom("e", (X, Y)),)) for name in "pqs")
TALL = (
    Rule(Atom("p", (X, Y)), (Atom("e", (X, Y)), Comparison(X, "<", Y))),
    Rule(Atom("p", (X, Z)), (Atom("q", (X, Y)), Atom("e", (Y, Z)))),
    Rule(Atom("q", (X, Y)), (Atom("p", (X, Y)),)),
    Rule(Atom("s", (X,)), (Atom("q", (X, Y)), Atom("q", (Y, X)))),
)
PAIRS = st.frozensets(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=7)
PROGRAMS = st.tuples(
    st.lists(rules(), max_size=4).map(tuple),
    PAIRS,
    st.frozensets(st.tuples(st.integers(1, 5)), max_size=2),
    st.sampled_from([TALL, TALL, FLAT]),
)


def heights(program, facts):
    """Bottom-up: the round in which a fact first appears is the height of its shortest proof."""
    found = {(name, row): 1 for name, rows in facts.items() for row in rows}
    round_ = 1
    while True:
        round_ += 1
        new = {}
        for rule in program.rules:
            for binding in bindings(rule.body, {}, found, facts):
                key = (
                    rule.head.relation,
                    tuple(value_of(t, binding) for t in rule.head.terms),
                )
                if key not in found:
                    new[key] = round_
        if not new:
            return found
        found.update(new)


def bindings(body, binding, found, facts):
    if not body:
        yield binding
        return
    literal, rest = body[0], body[1:]
    match literal:
        case Atom(name, terms):
            for relation, row in list(found):
                if relation == name:
                    extended = unify(terms, row, binding)
                    if extended is not None:
                        yield from bindings(rest, extended, found, facts)
        case Negation(Atom(name, terms)):
            if all(unify(terms, row, binding) is None for row in facts[name]):
                yield from bindings(rest, binding, found, facts)
        case Comparison(left, op, right):
            if SIGNS[op](value_of(left, binding), value_of(right, binding)):
                yield from bindings(rest, binding, found, facts)


@settings(deadline=None, max_examples=150)
@given(PROGRAMS)
def test_random_programs(made):
    """On random programs every fact has a proof that replays, and none is shorter: its height is
    the round in which bottom-up evaluation first finds the fact."""
    random, e, f, start = made
    try:
        program, _ = check([*start, *random], {"e": E, "f": F})
    except Problems:  # a rule that may not run, such as one that compares a number with itself
        return
    facts = {"e": e, "f": f}
    least = heights(program, facts)
    model = {name: frozenset(r for n, r in least if n == name) for name in program.relations}
    prover = Prover(program, model, lambda relation, row: Cite(relation))
    for (relation, row), height in sorted(least.items(), key=str, reverse=True):
        proof = prover.prove(relation, row)
        assert proof is not None
        replay(proof, program, model, lambda name: facts[name])
        assert proof.height == height
    again = Prover(program, model, lambda relation, row: Cite(relation))
    for relation, row in sorted(least, key=str):
        assert again.prove(relation, row) == prover.prove(relation, row)


@settings(deadline=None, max_examples=40)
@given(PROGRAMS)
def test_the_model_is_the_one_proved(made):
    """The engine's model is the one that the proofs explain: as many facts, neither more nor
    fewer."""
    random, e, f, start = made
    try:
        program, _ = check([*start, *random], {"e": E, "f": F})
    except Problems:
        return
    facts = {"e": e, "f": f}
    least = heights(program, facts)
    found = PyDatalogEngine(program, facts).evaluate({}, program.relations)
    assert {(name, row) for name, rows in found.items() for row in rows} == set(least)


def program_of(text):
    from kb.lang.parser import parse

    return check(parse(text).rules, {"e": E, "f": F})[0]


def test_cycle():
    """On a graph that is one cycle no proof runs round."""
    program = program_of("t(X, Y) <= e(X, Y)\nt(X, Z) <= t(X, Y) & t(Y, Z)")
    facts = {"e": frozenset((n, n % 6 + 1) for n in range(1, 7)), "f": frozenset()}
    least = heights(program, facts)
    model = {name: frozenset(r for n, r in least if n == name) for name in program.relations}
    prover = Prover(program, model, lambda relation, row: None)
    for relation, row in least:
        proof = prover.prove(relation, row)
        replay(proof, program, model, lambda name: facts[name])
        assert proof.height == least[relation, row]


def test_first_rule_wins():
    """Of two proofs that are as short, the one by the rule that stands first is taken."""
    program = program_of("p(X) <= f(X)\np(X) <= e(X, _)")
    model = {"e": frozenset({(1, 2)}), "f": frozenset({(1,)}), "p": frozenset({(1,)})}
    proof = Prover(program, model, lambda relation, row: None).prove("p", (1,))
    assert proof.rule == program.rules[0]


def test_shorter_beats_earlier():
    """A shorter proof is taken though its rule stands last."""
    program = program_of("p(X) <= q(X)\nq(X) <= f(X)\np(X) <= e(X, _)")
    model = {name: frozenset({(1,)}) for name in ("f", "p", "q")} | {"e": frozenset({(1, 2)})}
    proof = Prover(program, model, lambda relation, row: None).prove("p", (1,))
    assert proof.rule == program.rules[2]
    assert proof.height == 2


def test_text_of_facts():
    """Premises are shown as rules write them: negations with `~`, free places as `_`,
    comparisons in brackets."""
    program = program_of("p(X) <= f(X) & ~e(X, _) & (X > 0)")
    model = {"e": frozenset(), "f": frozenset({(1,)}), "p": frozenset({(1,)})}
    proof = Prover(program, model, lambda relation, row: None).prove("p", (1,))
    assert [str(premise.fact) for premise in proof.because] == [
        "f(1)",
        "~e(1, _)",
        "(1 > 0)",
    ]


COUNTED = """
partners(count(X)) <= e(X, _)
total(sum(Y, X)) <= e(X, Y) & (Y > 1)
last(max(Z)) <= e(X, Y) & (Z == X + Y)
"""


def test_a_proof_names_what_was_counted():
    """The premises of a count are those of each row in it, once; those of a greatest value those of
    the row that has it. Replay finds a row left out, one told twice, and a wrong number."""
    program = program_of(COUNTED)
    facts = {"e": frozenset({(1, 2), (1, 3), (4, 1)}), "f": frozenset()}
    model = PyDatalogEngine(program, facts).evaluate({}, program.relations)
    prover = Prover(program, model, lambda relation, row: None)
    shown = {
        name: [str(premise.fact) for premise in prover.prove(name, row).because]
        for name, row in (("partners", (2,)), ("total", (5,)), ("last", (5,)))
    }
    assert shown == {
        "partners": ["e(1, 2)", "e(4, 1)"],
        "total": ["e(1, 2)", "(2 > 1)", "e(1, 3)", "(3 > 1)"],
        "last": ["e(4, 1)", "(5 == 5)"],
    }
    good = prover.prove("partners", (2,))
    assert list(faults(good, program, model, facts)) == []
    short = replace(good, because=good.because[:1])
    assert list(faults(short, program, model, facts)) == ["partners(2) gathers 1 rows, there are 2"]
    twice = replace(good, because=good.because[:1] * 2)
    assert list(faults(twice, program, model, facts)) == ["partners(2) gathers 2 rows, there are 2"]
    wrong = replace(good, fact=replace(good.fact, row=(3,)))
    assert list(faults(wrong, program, model, facts)) == [
        "partners(3) is not the count of its rows"
    ]


@settings(FEWER)
@given(computing())
def test_random_programs_that_compute(case):
    """Every fact that arithmetic and aggregates give has a proof that replays."""
    facts = {
        name: frozenset({*case.base.get(name, ()), *case.one.get(name, ())})
        for name in case.program.relations
    }
    model = plainest(case.program, case.base, case.one)
    prover = Prover(case.program, model, lambda relation, row: None)
    for relation in sorted(case.program.relations):
        for row in sorted(model[relation], key=str):
            proof = prover.prove(relation, row)
            assert list(faults(proof, case.program, model, facts)) == []
