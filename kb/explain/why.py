"""Why, and why not: facts in text become proofs, or the ways in which they could have held."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kb.explain.reasons import Why, WhyNot
from kb.explain.verify import MOST, MOST_TRIED, Trial
from kb.explain.why_not import LEAVES
from kb.lang.checks import check
from kb.lang.parser import parse_goal
from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Atom, Constant, Rule, Variable
from kb.model.apps import App
from kb.provenance.proof import Fact
from kb.provenance.replay import faults
from kb.provenance.unify import pattern_of
from kb.query.categories import find_category
from kb.query.goals import GOAL, named_constants
from kb.render.sentences import Explainer

if TYPE_CHECKING:
    from kb.base.core import Core, Day


def goal_of(base: Core, fact: str, app: App) -> Atom:
    """The atom that a text means: an atom (labels do for ids, `A` or `_` for the app), `verdict`,
    or a category. Raises `Problems`."""
    text = fact.strip()
    if text == "verdict":
        return Atom("app_verdict", (Constant(app.name), Variable("V")))
    full_width = "（" in text and base.facts.names.find("category", text) is None
    if not full_width and ("(" not in text or text in base.facts.names.spellings("category")):
        category = find_category(base.facts, text)
        return Atom("category_verdict", (Constant(app.name), Constant(category), Variable("V")))
    try:
        body = parse_goal(text)
    except Problems as found:
        try:  # a category's name may hold brackets: 学历教育(学校)
            category = find_category(base.facts, text)
        except Problems:
            raise found from None
        return Atom("category_verdict", (Constant(app.name), Constant(category), Variable("V")))
    if len(body) != 1 or not isinstance(body[0], Atom):
        raise Problems(
            [
                Problem(
                    "fact",
                    "one fact is expected, without `~` and `&`",
                    help="write it like `required(A, '教育-驾校平台')`",
                )
            ]
        )
    atom = body[0]
    relation = base.program.relations.get(atom.relation)
    head = Atom(GOAL, tuple(t for t in atom.terms if isinstance(t, Variable)), atom.span)
    check([Rule(head, (named_constants(base, atom),))], base.program.relations, base.known_names())
    named = named_constants(base, atom)
    assert isinstance(named, Atom)
    assert relation is not None
    terms = tuple(
        Constant(app.name) if column.kind == "app" and isinstance(term, Variable) else term
        for term, column in zip(named.terms, relation.columns, strict=True)
    )
    return replace(named, terms=terms)


def why(base: Core, fact: str, app: App, as_of: Day, drafts: bool, lang: str) -> Why | None:
    """The shortest proof of a fact (of the first row that fits); None when none holds."""
    atom = goal_of(base, fact, app)
    rows = base.rows(app, as_of, drafts)
    model = base.engine.evaluate(rows, [atom.relation])
    pattern = pattern_of(atom.terms, {})
    prover = base.prover(model)
    for row in sorted(model[atom.relation], key=str):
        if all(want in (None, have) for want, have in zip(pattern, row, strict=True)):
            proof = prover.prove(atom.relation, row)
            assert proof is not None
            stated = {**base.facts.rows.facts, **{n: list(r) for n, r in rows.items()}}
            wrong = tuple(faults(proof, base.program, model, stated))
            return Why(proof, Explainer(base.facts, base.program, lang), wrong)
    return None


def why_not(
    base: Core,
    fact: str,
    app: App,
    as_of: Day,
    drafts: bool,
    lang: str,
    most: int = MOST,
    most_tried: int = MOST_TRIED,
) -> WhyNot | None:
    """The ways in which a fact could have held; None when it holds. Raises `Problems`."""
    for limit in (most, most_tried):
        if type(limit) is not int or limit < 1:
            problem = Problem(
                "limit", f"`{limit}` is no limit", help="give a whole number, 1 or more"
            )
            raise Problems([problem])
    atom = goal_of(base, fact, app)
    also: str | None = None
    if atom.relation == "category_verdict" and isinstance(atom.terms[2], Variable):
        atom = replace(atom, terms=(*atom.terms[:2], Constant("satisfied")))
        also = "none_stated"  # where no document is named nothing is missing
    if atom.relation == "app_verdict" and isinstance(atom.terms[1], Variable):
        atom = replace(atom, terms=(atom.terms[0], Constant("satisfied")))
    pattern = pattern_of(atom.terms, {})
    trial = Trial(base, app, as_of, drafts, atom.relation, pattern, most, most_tried)
    model = trial.model(app, *LEAVES)
    if trial.fits(model) or (also and replace(trial, pattern=(*pattern[:-1], also)).fits(model)):
        return None
    done = trial.ways(model)
    shown = Fact(atom.relation, tuple("_" if value is None else value for value in pattern))
    return WhyNot(shown, trial, model, done, Explainer(base.facts, base.program, lang))
