"""Proofs as a graph: a fact, the premises of its rule, down to the lines that state them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kb.graph.build import Builder, Graph, key_of
from kb.lang.parser import parse_goal
from kb.lang.problems import Problem, Problems, near
from kb.lang.syntax import Atom, Column, Constant, Row, Term, Value
from kb.model.days import date

if TYPE_CHECKING:
    from kb.answers.base import Day, KnowledgeBase
    from kb.answers.proof import Proof
    from kb.model.apps import AppLike

MOST = 20
"""Facts that one question may be about; a goal with variables can match thousands."""


def proof_graph(
    base: KnowledgeBase, facts: Iterable[str], app: AppLike | None = None, as_of: Day = None
) -> Graph:
    """The shortest proofs of facts in one graph; a fact that serves twice is one node.

    A fact may have variables and `_`, which stand for every value with which it holds. Raises
    `Problems` for unknown relations and names, and when no fact like it holds.
    """
    atoms = [_atom(base, text) for text in facts]
    read = base.app(app) if app is not None else None
    model = base.model([atom.relation for atom in atoms], read, as_of)
    prover = base.prover(model)
    builder = Builder(base.facts)
    tops = []
    for atom in atoms:
        rows = sorted(
            (row for row in model.get(atom.relation, ()) if _fits(atom.terms, row)), key=str
        )
        if not rows:
            help = (
                "a fact about an app needs its profile"
                if read is None and base.program.relations[atom.relation].columns[0].kind == "app"
                else "`kb why-not` tells what it lacks"
            )
            raise Problems([Problem("no-proof", f"`{atom}` does not hold", help=help)])
        for row in rows[:MOST]:
            proof = prover.prove(atom.relation, row)
            assert proof is not None
            tops.append(_add(base, builder, proof))
    first = builder.graph.nodes[tops[0]]
    return builder.finished(
        view="proof",
        focus=tops[0],
        zh=f"证明:{first['zh']}",
        en=f"proof: {first['en']}",
        as_of=date(base.day(as_of)).isoformat(),
    )


def _atom(base: KnowledgeBase, text: str) -> Atom:
    body = parse_goal(text, "<fact>")
    if len(body) != 1 or not isinstance(body[0], Atom):
        raise Problems(
            [Problem("fact", f"`{text}` is not one fact", help="write it like required(_, _)")]
        )
    atom = body[0]
    relation = base.program.relations.get(atom.relation)
    if relation is None:
        known = near(atom.relation, base.program.relations)
        raise Problems(
            [Problem("unknown-relation", f"no relation is called `{atom.relation}`", help=known)]
        )
    if relation.arity != len(atom.terms):
        raise Problems(
            [
                Problem(
                    "arity",
                    f"`{atom.relation}` has {relation.arity} places, here are {len(atom.terms)}",
                    help=str(relation),
                )
            ]
        )
    terms = tuple(_term(base, t, c) for t, c in zip(atom.terms, relation.columns, strict=True))
    return Atom(atom.relation, terms, atom.span)


def _term(base: KnowledgeBase, term: Term, column: Column) -> Term:
    """A constant by its id, whichever of its names is written."""
    if isinstance(term, Constant) and isinstance(term.value, str):
        found = base.facts.names.find(column.kind, term.value)
        return Constant(found.id) if found else term
    return term


def _fits(terms: tuple[Term, ...], row: Row) -> bool:
    bound: dict[str, Value] = {}
    for term, value in zip(terms, row, strict=True):
        if isinstance(term, Constant):
            if term.value != value:
                return False
        elif not term.anonymous and bound.setdefault(term.name, value) != value:
            return False
    return True


def _add(base: KnowledgeBase, builder: Builder, proof: Proof) -> str:
    kind = "fact" if proof.rule else "absent" if proof.fact.absent else "stated"
    more = {"rule": str(proof.rule)} if proof.rule else {}
    zh, en = (_words(base, proof, lang) for lang in ("zh", "en"))
    known = key_of(kind, str(proof.fact)) in builder.graph
    key = builder.node(kind, str(proof.fact), zh, en, **more)
    builder.cite(key, *(c for c in proof.sources if c.source != "kb"))
    if not known:
        for premise in proof.because:
            below = _add(base, builder, premise)
            builder.edge("because", key, below)
    return key


def _words(base: KnowledgeBase, proof: Proof, lang: str) -> str:
    """A fact with the names of what it speaks of."""
    fact = proof.fact
    relation = base.program.relations.get(fact.relation)
    if relation is None:
        left, right = fact.row
        return f"{left} {fact.relation} {right}"
    named = [
        str(base.label(column.kind, value, lang)) if value != "_" else "_"
        for column, value in zip(relation.columns, fact.row, strict=True)
    ]
    return f"{'¬' * fact.absent}{fact.relation}({', '.join(named)})"
