"""Why, and why not: facts in text become proofs, or the ways in which they could have held."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kb.answers.explain import PROOF_VERSION, Explainer
from kb.answers.html import Shown
from kb.answers.patterns import pattern_of
from kb.answers.proof import Fact, Proof
from kb.answers.query import named_constants
from kb.answers.replay import faults
from kb.answers.show import find_category
from kb.answers.trying import Trial
from kb.answers.ways import Missing, Supply
from kb.answers.whynot import LEAVES
from kb.lang.checks import check
from kb.lang.parser import parse_goal
from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Atom, Constant, Rule, Value, Variable
from kb.model.apps import App
from kb.model.days import date
from kb.model.vocabulary import values

if TYPE_CHECKING:
    from kb.answers.base import KnowledgeBase
    from kb.answers.core import Day


@dataclass(frozen=True)
class Why(Shown):
    """A fact that holds, with its shortest proof; see `to_dict`, `text` and `html`."""

    proof: Proof
    explainer: Explainer
    wrong: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return self.explainer.document(self.proof)

    def text(self, length: str = "long") -> str:
        return self.explainer.text(self.proof, length)

    def html(self) -> str:
        return f"<ul>{self.explainer.html(self.proof)}</ul>"

    def _repr_html_(self) -> str:
        return f'<div class="kb">{self.html()}</div>'

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True)
class WhyNot(Shown):
    """A fact that does not hold, with the ways in which it would; the easiest first.

    Each way has been tried: with its supplies in the profile the fact holds.
    """

    fact: str
    ways: tuple[Missing, ...]
    explainer: Explainer
    base: KnowledgeBase

    def to_dict(self) -> dict[str, Any]:
        return {
            "format": "kb-why-not",
            "version": PROOF_VERSION,
            "fact": self.fact,
            "ways": [
                {
                    "missing": [
                        {
                            "what": supply.what,
                            "subject": supply.subject,
                            "value": list(supply.value),
                            "state": supply.state,
                            "sentence": self.sentence(supply),
                        }
                        for supply in way.supplies
                    ]
                }
                for way in self.ways
            ],
        }

    def sentence(self, supply: Supply) -> str:
        """What would have to be supplied, in words."""
        return supply_sentence(self.base, supply, self.explainer.lang)

    def text(self) -> str:
        zh = self.explainer.lang == "zh"
        lines = [("不成立:" if zh else "does not hold: ") + self.fact]
        if not self.ways:
            lines.append(
                "  没有任何材料、条件或服务能使它成立"
                if zh
                else "  no document, condition or service would make it hold"
            )
        for number, way in enumerate(self.ways, 1):
            lines.append(f"  {'办法' if zh else 'way'} {number}:")
            for supply in way.supplies:
                mark = "?" if supply.state == "unknown" else "✗"
                lines.append(f"    {mark} {self.sentence(supply)}")
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()


def supply_sentence(base: KnowledgeBase, supply: Supply, lang: str) -> str:
    """A supply in words, with the lines that ask for it where there are some."""
    zh = lang == "zh"
    names = base.facts.names
    subject = supply.subject
    match supply.what:
        case "document":
            need = base.needs[subject]
            document = names.label("document", need.document, lang)
            holder = names.label("holder", need.holder, lang)
            words = "、".join(need.must_state)
            if zh:
                count = f" {need.at_least} 份" if need.at_least > 1 else ""
                tail = f",写有「{words}」" if words else ""
                return f"{holder}的《{document}》{count}{tail}"
            count = f"{need.at_least} x " if need.at_least > 1 else ""
            return f"{count}{document} of the {holder}" + (f", stating {words}" if words else "")
        case "offer" | "drop":
            label = names.label("service", subject, lang)
            if supply.what == "offer":
                return f"提供服务:{label}" if zh else f"the service: {label}"
            return f"去掉服务:{label}" if zh else f"dropping the service: {label}"
        case _:
            label = names.label("attribute", subject, lang)
            shown = [_shown(base, subject, value, lang) for value in supply.value]
            if zh:
                return f"{label}:{'、'.join(shown) or '无'}"
            return f"{label}: {', '.join(shown) or 'none'}"


def _shown(base: KnowledgeBase, attribute: str, value: Value, lang: str) -> str:
    declared = base.facts.vocabulary.attributes[attribute]
    if isinstance(value, int):
        return date(value).isoformat() if declared.type == "day" else str(value)
    return values(base.facts.vocabulary, declared)[value].label(lang)


def goal_of(base: KnowledgeBase, fact: str, app: App) -> Atom:
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
    head = Atom("goal", tuple(t for t in atom.terms if isinstance(t, Variable)), atom.span)
    check([Rule(head, (named_constants(base, atom),))], base.program.relations, base.known_names())
    named = named_constants(base, atom)
    assert isinstance(named, Atom)
    assert relation is not None
    terms = tuple(
        Constant(app.name) if column.kind == "app" and isinstance(term, Variable) else term
        for term, column in zip(named.terms, relation.columns, strict=True)
    )
    return replace(named, terms=terms)


def why(
    base: KnowledgeBase, fact: str, app: App, as_of: Day, drafts: bool, lang: str
) -> Why | None:
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
    base: KnowledgeBase, fact: str, app: App, as_of: Day, drafts: bool, lang: str, most: int = 10
) -> WhyNot | None:
    """The ways in which a fact could have held; None when it holds."""
    atom = goal_of(base, fact, app)
    also: str | None = None
    if atom.relation == "category_verdict" and isinstance(atom.terms[2], Variable):
        atom = replace(atom, terms=(*atom.terms[:2], Constant("satisfied")))
        also = "none_stated"  # where no document is named nothing is missing
    if atom.relation == "app_verdict" and isinstance(atom.terms[1], Variable):
        atom = replace(atom, terms=(atom.terms[0], Constant("satisfied")))
    pattern = pattern_of(atom.terms, {})
    trial = Trial(base, app, as_of, drafts, atom.relation, pattern)
    model = trial.model(app, *LEAVES)
    if trial.fits(model) or (also and replace(trial, pattern=(*pattern[:-1], also)).fits(model)):
        return None
    explainer = Explainer(base.facts, base.program, lang)
    shown = Fact(atom.relation, tuple("_" if v is None else v for v in pattern))
    ways = trial.ways(model, most)
    return WhyNot(explainer.sentence(shown), ways, explainer, base)
