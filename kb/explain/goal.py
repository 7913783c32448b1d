"""Goals: a fact written as text, as something to find out about one app on one day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from kb.answers.bans import NOTED, surely_vain
from kb.base.view import View
from kb.engines.protocol import Model
from kb.lang.checks import check
from kb.lang.parser import parse_goal
from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Atom, Constant, Row, Rule, Variable
from kb.model.apps import App
from kb.provenance.proof import Prover
from kb.provenance.unify import Pattern, fits, pattern_of
from kb.query.categories import find_category
from kb.query.goals import GOAL, named_constants

if TYPE_CHECKING:
    from kb.base.core import Core, Day


@dataclass(frozen=True)
class Goal:
    """Any fact of a relation that fits a pattern, of an app on a day; with `drafts`, these count as
    if they were in force."""

    base: Core
    app: App
    as_of: Day | int
    drafts: bool
    relation: str
    pattern: Pattern

    def model(self, app: App, *others: str) -> Model:
        """What holds of an app, as it is or changed, as far as the goal and `others` rest on it."""
        rows = self.base.rows(app, self.as_of, self.drafts)
        noted = NOTED if self.category is not None else ()
        return self.base.engine.evaluate(rows, [self.relation, *noted, *others])

    @cached_property
    def category(self) -> str | None:
        """The category that the fact is about, if it names one."""
        columns = self.base.program.relations[self.relation].columns
        named = zip(columns, self.pattern, strict=True)
        return next((str(v) for c, v in named if c.kind == "category" and v is not None), None)

    def in_vain(self, model: Model) -> bool:
        """Whether a ban surely makes the papers of the category vain."""
        return self.category is not None and surely_vain(View(model), self.category)

    def holds_in(self, model: Model) -> bool:
        """Whether a model has such a fact."""
        return any(fits(self.pattern, row) for row in model[self.relation])

    def rows(self, prover: Prover) -> list[Row]:
        """The rows of such facts, in a fixed order."""
        return prover.index.matching(self.relation, self.pattern)


def goal_of(base: Core, fact: str, app: App, as_of: Day | int, drafts: bool) -> Goal:
    """The goal that a text stands for: an atom (labels do for ids, `A` or `_` for the app),
    `verdict`, or a category. Raises `Problems`."""
    atom = _atom(base, fact, app)
    return Goal(base, app, as_of, drafts, atom.relation, pattern_of(atom.terms, {}))


def _atom(base: Core, fact: str, app: App) -> Atom:
    text = fact.strip()
    if text == "verdict":
        return Atom("app_verdict", (Constant(app.name), Variable("V")))
    full_width = "（" in text and base.facts.names.find("category", text) is None
    if not full_width and ("(" not in text or text in base.facts.names.spellings("category")):
        return _verdict_on(find_category(base.facts, text), app)
    try:
        body = parse_goal(text)
    except Problems as found:
        try:  # a category's name may hold brackets: 学历教育(学校)
            return _verdict_on(find_category(base.facts, text), app)
        except Problems:
            raise found from None
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
    named = named_constants(base, atom)
    head = Atom(GOAL, tuple(t for t in atom.terms if isinstance(t, Variable)), atom.span)
    check([Rule(head, (named,))], base.program.relations, base.known_names())
    assert isinstance(named, Atom)
    columns = base.program.relations[atom.relation].columns
    terms = tuple(
        Constant(app.name) if column.kind == "app" and isinstance(term, Variable) else term
        for term, column in zip(named.terms, columns, strict=True)
    )
    return replace(named, terms=terms)


def _verdict_on(category: str, app: App) -> Atom:
    return Atom("category_verdict", (Constant(app.name), Constant(category), Variable("V")))
