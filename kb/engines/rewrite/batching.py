"""A program made ready for very many apps at once, with the same answers for its goals.

Two classical steps, each from rules to rules. What all apps of a run share (the day, whether drafts
count) is evaluated beforehand and becomes fact: partial evaluation. What no goal ever looks at is
not derived: the values that static literals allow are handed down to the relations they are joined
with, a magic set per column (Bancilhon, Maier, Sagiv and Ullman 1986, with static bindings only).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from kb.engines.protocol import Model
from kb.engines.rewrite.domains import Domain, Static
from kb.lang.checks import rewritten
from kb.lang.syntax import (
    Atom,
    Column,
    Comparison,
    Constant,
    Facts,
    Literal,
    Negation,
    Program,
    Relation,
    Row,
    Rule,
    Term,
    Value,
    Variable,
)

EVERY_APP = "every_app"
"""The relation that holds each app of a run."""

Evaluate = Callable[[Program, Iterable[str]], Model]


@dataclass(frozen=True)
class Batch:
    """A program and its static facts, for apps that all share the facts it was made with."""

    program: Program
    facts: Mapping[str, Iterable[Row]]


def batched(
    program: Program, facts: Facts, shared: Facts, goals: Iterable[str], evaluate: Evaluate
) -> Batch:
    """The program for its goals alone and for apps that share the facts `shared`: rows of app
    relations without the app in front.

    `evaluate` gives the model of some relations for one app that has the shared facts. Apps must
    stand in front of every relation that rests on a profile, and stay apart: raises ValueError.
    """
    goals = frozenset(goals)
    _apart(program)
    alike = _alike(program, frozenset(shared)) - goals
    wanted = program.needed(goals)
    dynamic = program.dynamic()
    # What facts alone decide is fact from here on.
    decided = {name for name in wanted - dynamic if program.rules_for(name)}
    model = evaluate(program, sorted((alike & wanted) | decided))
    static = {name: list(rows) for name, rows in facts.items() if name not in dynamic}
    relations = dict(program.relations)
    for name in alike & wanted:
        relations[name] = replace(relations[name], columns=relations[name].columns[1:], role="fact")
        static[name] = [row[1:] for row in model[name]]
    for name in decided:
        relations[name] = replace(relations[name], role="fact")
        static[name] = list(model[name])
    relations[EVERY_APP] = Relation(EVERY_APP, (Column("app", "app"),), "app")
    rules = [
        _without_shared(rule, alike)
        for rule in program.rules
        if rule.head.relation in wanted and relations[rule.head.relation].role == "rule"
    ]
    declared = {n: r for n, r in relations.items() if r.role != "rule"}
    rules, magic = _limited(rules, declared, static, goals)
    for name, values in magic.items():
        kind = "number" if any(isinstance(value, int) for value in values) else "value"
        declared[name] = Relation(name, (Column("value", kind),), "fact")
        static[name] = [(value,) for value in sorted(values, key=str)]
    rules = _without_empty(rules, frozenset(declared))
    heads = {rule.head.relation for rule in rules}
    for name in goals - heads - declared.keys():  # nothing derives it: empty all the same
        declared[name] = replace(program.relations[name], role="fact")
    used = {atom.relation for rule in rules for atom, _ in rule.atoms()} | goals
    kept = {n: r for n, r in declared.items() if n in used or r.role == "app"}
    made = rewritten(rules, kept)
    return Batch(made, {name: rows for name, rows in static.items() if name in used})


def given(program: Program, relations: Collection[str], goals: Collection[str]) -> Program:
    """What of a program its goals need when some relations are stated for each app, as if by
    profiles, and not derived."""
    wanted = program.needed(frozenset(goals), frozenset(relations))
    declared = {
        name: replace(relation, role="app") if name in relations else relation
        for name, relation in program.relations.items()
        if name in relations or relation.role != "rule"
    }
    heads = wanted.difference(relations)
    rules = [rule for rule in program.rules if rule.head.relation in heads]
    return rewritten(rules, declared)


def _apart(program: Program) -> None:
    dynamic = program.dynamic()
    for rule in program.rules:
        leads = {
            atom.terms[:1]
            for atom in (rule.head, *(a for a, _ in rule.atoms()))
            if atom.relation in dynamic
        }
        if len(leads) > 1 or not all(lead and isinstance(lead[0], Variable) for lead in leads):
            raise ValueError(f"`{rule}` does not keep apps apart")


def _alike(program: Program, shared: frozenset[str]) -> frozenset[str]:
    """The relations whose facts are the same for every app, but for the app itself."""
    dynamic = program.dynamic()
    found = set(shared)
    for stratum in program.strata:
        rests = {
            atom.relation
            for name in stratum.relations
            for rule in program.rules_for(name)
            for atom, _ in rule.atoms()
            if atom.relation in dynamic and atom.relation not in stratum.relations
        }
        if rests and rests <= found and dynamic.issuperset(stratum.relations):
            found.update(stratum.relations)
    return frozenset(found)


def _without_shared(rule: Rule, alike: frozenset[str]) -> Rule:
    """The rule with what all apps share as facts about no app."""

    def bare(atom: Atom) -> Atom:
        return replace(atom, terms=atom.terms[1:]) if atom.relation in alike else atom

    body: list[Literal] = []
    bound: set[Term] = set()
    for part in rule.body:
        match part:
            case Atom():
                body.append(bare(part))
                bound.update(bare(part).terms)
            case Negation(atom):
                body.append(Negation(bare(atom)))
            case Comparison():
                body.append(part)
    lead = rule.head.terms[0]
    if lead not in bound:
        body.insert(0, Atom(EVERY_APP, (lead,)))
    return replace(rule, body=tuple(body))


def _limited(
    rules: list[Rule], declared: Mapping[str, Relation], facts: Facts, goals: frozenset[str]
) -> tuple[list[Rule], dict[str, frozenset[Value]]]:
    """The rules with a literal for each head variable of which only some values are wanted."""
    heads = {rule.head.relation for rule in rules}
    static = Static({n: list(facts.get(n, ())) for n, r in declared.items() if r.role == "fact"})
    wanted: dict[tuple[str, int], Domain] = {}
    for rule in rules:
        for at in range(len(rule.head.terms)):
            name = rule.head.relation
            wanted[name, at] = None if name in goals or at == 0 else frozenset()
    for rule in rules:
        if rule.aggregate is not None:  # known only when everything is gathered
            wanted[rule.head.relation, rule.aggregate.at] = None
    reached = set(goals)
    looked: dict[int, list[Domain]] = {}
    again = True
    while again:
        again = False
        for number, rule in enumerate(rules):
            if rule.head.relation not in reached:
                continue
            limits = [wanted[rule.head.relation, at] for at in range(len(rule.head.terms))]
            if looked.get(number) == limits:  # it would give what it has given
                continue
            looked[number] = limits
            domains = static.domains(rule, wanted)
            if domains is None:
                continue
            for atom, _ in rule.atoms():
                if atom.relation not in heads:
                    continue
                if atom.relation not in reached:
                    reached.add(atom.relation)
                    again = True
                for at, term in enumerate(atom.terms):
                    have = wanted[atom.relation, at]
                    if have is None:
                        continue
                    more: Domain = (
                        frozenset({term.value})
                        if isinstance(term, Constant)
                        else domains.get(term.name)
                    )
                    if more is None or not more <= have:
                        wanted[atom.relation, at] = None if more is None else have | more
                        again = True
    kept: list[Rule] = []
    magic: dict[str, frozenset[Value]] = {}
    for rule in rules:
        if rule.head.relation not in reached:
            continue
        own = static.domains(rule, {})
        if own is None or static.domains(rule, wanted) is None:
            continue
        extra: list[Literal] = []
        for at, term in enumerate(rule.head.terms):
            limit = wanted[rule.head.relation, at]
            if limit is None or not isinstance(term, Variable):
                continue
            mine = own.get(term.name)
            if mine is None or not mine <= limit:
                name = f"wanted_{rule.head.relation}_{at}"
                magic[name] = limit
                extra.append(Atom(name, (term,)))
        kept.append(replace(rule, body=(*rule.body, *extra)))
    return kept, magic


def _without_empty(rules: list[Rule], declared: frozenset[str]) -> list[Rule]:
    """The rules without those, and without the negations, that speak of what nothing derives."""
    while True:
        known = declared | {rule.head.relation for rule in rules}
        kept = [
            replace(rule, body=tuple(part for part in rule.body if not _never(part, known)))
            for rule in rules
            if all(negated or atom.relation in known for atom, negated in rule.atoms())
        ]
        if len(kept) == len(rules):
            return kept
        rules = kept


def _never(part: Literal, known: frozenset[str]) -> bool:
    return isinstance(part, Negation) and part.atom.relation not in known
