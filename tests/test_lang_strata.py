"""Strata, components, paths and the order of a body."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st
from test_engine_programs import DECLARED, FEWER, SETTINGS, rules_and_kinds

from kb.engines.pydatalog.estimates import Counts, planned
from kb.lang.checks import check
from kb.lang.ordering import app_variables, by_bindings, ordered, sources_first
from kb.lang.parser import parse
from kb.lang.strata import components, path, stratify
from kb.lang.syntax import Atom, Column, Relation, variables_of

NODES = "abcdefghij"
GRAPHS = st.dictionaries(
    st.sampled_from(NODES), st.lists(st.sampled_from(NODES), max_size=3), max_size=10
)
SMALL = st.sets(st.sampled_from(sorted(DECLARED)))
ROWS = st.lists(st.tuples(*[st.integers(0, 3)] * 3), max_size=6)
TABLES = st.fixed_dictionaries({}, optional=dict.fromkeys(sorted(DECLARED), ROWS))


@st.composite
def orders(draw):
    """A way to put a body in order, with counts or without, for rules whose relations are
    checked: of a program, a rule and the place of the literal that leads."""
    small = draw(SMALL)
    if draw(st.booleans()):
        return lambda program, rule, first: ordered(rule, by_bindings(small), first)
    tables = draw(TABLES)

    def order(program, rule, first):
        counts = Counts(program.relations)
        for name, rows in tables.items():
            counts.add(name, [row[: DECLARED[name].arity] for row in rows])
        return planned(rule, lambda _: counts, app_variables(rule, program.relations), first)

    return order


def graph_of(edges):
    graph = nx.DiGraph()
    graph.add_nodes_from(edges)
    graph.add_edges_from((a, b) for a, out in edges.items() for b in out)
    return graph


@FEWER
@given(rules_and_kinds())
def test_bodies_come_before_heads_and_negations_strictly_before(rules):
    """A rule rests on its own stratum or on earlier ones, and negates earlier ones only."""
    strata = stratify(rules)
    place = {name: at for at, stratum in enumerate(strata) for name in stratum.relations}
    assert sorted(name for s in strata for name in s.relations) == sorted(place)
    assert set(place) == {rule.head.relation for rule in rules}
    for rule in rules:
        for atom, negated in rule.atoms():
            if atom.relation in place:
                assert place[atom.relation] + negated <= place[rule.head.relation]


@FEWER
@given(rules_and_kinds())
def test_a_stratum_is_recursive_when_one_of_its_rules_reads_it(rules):
    """A stratum says that it is recursive exactly when a rule of it rests on it."""
    for stratum in stratify(rules):
        reads = any(
            atom.relation in stratum.relations
            for rule in rules
            if rule.head.relation in stratum.relations
            for atom, _ in rule.atoms()
        )
        assert stratum.recursive == reads


@SETTINGS
@given(GRAPHS)
def test_components_are_those_of_networkx(edges):
    """Nodes share a component when each can be reached from the other, and every node that can
    be reached is in one."""
    found = components(sorted(edges), edges)
    wanted = {frozenset(group) for group in nx.strongly_connected_components(graph_of(edges))}
    assert len(found) == len(wanted)
    assert {frozenset(group) for group in found} == wanted


@SETTINGS
@given(GRAPHS)
def test_components_come_after_those_they_depend_on(edges):
    """No edge leads from a component to a later one."""
    found = components(sorted(edges), edges)
    place = {node: at for at, group in enumerate(found) for node in group}
    assert all(place[b] <= place[a] for a, out in edges.items() for b in out)


def test_a_long_chain_does_not_overflow_the_stack():
    """A chain of 10,000 nodes has as many components, the last node first."""
    edges = {n: [n + 1] for n in range(10_000)}
    found = components([0], edges)
    assert found == [(n,) for n in range(10_000, -1, -1)]


@SETTINGS
@given(GRAPHS, st.sampled_from(NODES), st.sampled_from(NODES))
def test_a_path_is_a_shortest_one(edges, start, goal):
    """A path leads along edges from start to goal in as few steps as networkx needs."""
    graph = graph_of(edges)
    graph.add_nodes_from([start, goal])
    found = path(start, goal, lambda node: edges.get(node, ()))
    steps = [
        1 + nx.shortest_path_length(graph, node, goal)
        for node in edges.get(start, ())
        if nx.has_path(graph, node, goal)
    ]
    if not steps:
        assert found == []
        return
    assert (found[0], found[-1], len(found)) == (start, goal, 1 + min(steps))
    assert all(b in edges[a] for a, b in pairwise(found))


def leads(rule):
    return [None, *(at for at, literal in enumerate(rule.body) if isinstance(literal, Atom))]


@FEWER
@given(rules_and_kinds(), orders())
def test_tests_come_when_their_variables_have_values(rules, order):
    """No negation and no comparison stands before a variable of it is bound, whatever leads and
    whatever the counts."""
    program, _ = check(rules, DECLARED)
    for rule in program.rules:
        for lead in leads(rule):
            bound = set()
            for literal in order(program, rule, lead):
                names = {v.name for v in variables_of(literal) if not v.anonymous}
                if isinstance(literal, Atom):
                    bound |= names
                else:
                    assert names <= bound


@FEWER
@given(rules_and_kinds(), orders())
def test_the_order_keeps_every_literal(rules, order):
    """An ordered body holds the very literals of the body, each as often, and the one that must
    lead is the first of the positive ones."""
    program, _ = check(rules, DECLARED)
    for rule in program.rules:
        for lead in leads(rule):
            found = order(program, rule, lead)
            assert sorted(map(id, found)) == sorted(map(id, rule.body))
            if lead is not None:
                assert next(x for x in found if isinstance(x, Atom)) is rule.body[lead]


def test_bound_literals_come_before_free_ones():
    """A literal with a constant leads, then those that share a variable with what stands there."""
    rule = parse("p(Z) <= e(Y, Z) & e(X, Y) & e('a', X)").rules[0]
    assert [str(x) for x in ordered(rule, by_bindings(frozenset()))] == [
        "e('a', X)",
        "e(X, Y)",
        "e(Y, Z)",
    ]


def test_small_relations_come_before_large_ones():
    """Of two literals alike in bindings the one with few facts comes first."""
    rule = parse("p(X) <= large(X, Y) & small(X, Y)").rules[0]
    found = ordered(rule, by_bindings({"small"}))
    assert [str(x) for x in found] == ["small(X, Y)", "large(X, Y)"]


def test_counts_decide_where_facts_are_few():
    """With counts the order that touches the fewest facts is taken: a large relation is looked up
    and not gone through, though two small ones have to be paired for that."""
    thing, other = Column("a", "thing"), Column("b", "other")
    declared = {
        "large": Relation("large", (thing, other), "fact"),
        "few": Relation("few", (other,), "fact"),
        "two": Relation("two", (thing,), "fact"),
        "most": Relation("most", (thing,), "fact"),
    }
    counts = Counts(declared)
    counts.add("large", [(n, n % 3) for n in range(600)])
    counts.add("few", [(1,)])
    counts.add("two", [(1,), (4,)])
    counts.add("most", [(n,) for n in range(60)])
    rule = parse("p(X) <= large(X, Y) & few(Y) & ~most(X)").rules[0]
    found = planned(rule, lambda _: counts)
    assert [str(x) for x in found] == ["few(Y)", "large(X, Y)", "~most(X)"]
    rule = parse("p(X) <= large(X, Y) & few(Y) & ~most(X) & two(X)").rules[0]
    found = planned(rule, lambda _: counts)
    assert [str(x) for x in found] == ["few(Y)", "two(X)", "~most(X)", "large(X, Y)"]


def test_repairs_are_searched_through_what_is_computed():
    """In the order of a search for repairs a variable is computed as soon as it can be, before any
    list is gone through that it would narrow."""
    [rule] = parse("due(E) <= began(D) & nth(D, K) & nth(E, M) & (M == K + 5) & works(E)").rules
    cost = sources_first(lambda name: "leaf" if name == "began" else "fact", frozenset())
    order = [str(literal) for literal in ordered(rule, cost, known={"D"})]
    assert order == ["nth(D, K)", "(M == K + 5)", "nth(E, M)", "works(E)", "began(D)"]
