"""Why: a fact that holds, with its shortest proof."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.base.lexicon import Lexicon
from kb.base.rendered import Rendered
from kb.explain.goal import goal_of
from kb.explain.shortfall import with_shortfalls
from kb.explain.tallies import tallies_in
from kb.model.apps import App
from kb.model.entities import Tally
from kb.provenance import replay
from kb.provenance.proof import Proof
from kb.provenance.unify import fits

if TYPE_CHECKING:
    from kb.base.core import Core, Day


@dataclass(frozen=True, repr=False)
class Why(Rendered):
    """A fact that holds, with its shortest proof.

    `faults` says what is wrong with the proof, found by replaying it step by step; there are none
    unless the package has a mistake. `lang` is the language that it is shown in, `lexicon` what is
    needed to word it; `tallies` are the numbers that conditions of the proof look at which are
    reckoned over the apps of the app's entity.
    """

    proof: Proof
    faults: tuple[str, ...]
    lang: str
    lexicon: Lexicon = field(compare=False)
    tallies: tuple[Tally, ...] = ()


def why(
    base: Core, fact: str, app: App, as_of: Day, drafts: bool = False, lang: str = "zh"
) -> Why | None:
    """The shortest proof of a fact (of the first row that fits); None when none holds.

    `fact` is an atom, a category (its verdict) or `verdict`. Raises `Problems` for what is no fact.
    """
    goal = goal_of(base, fact, app, as_of, drafts)
    model = goal.model(app)
    prover = base.prover(model)
    for row in sorted(model[goal.relation], key=str):
        if fits(goal.pattern, row):
            proof = prover.prove(goal.relation, row)
            assert proof is not None
            proof = with_shortfalls(proof, prover, model)
            own = base.rows(app, as_of, drafts)
            stated = {**base.facts.rows.facts, **{name: list(rows) for name, rows in own.items()}}
            faults = tuple(replay.faults(proof, base.program, model, stated))
            tallies = tuple(tallies_in([proof], app, base.conditions))
            return Why(proof, faults, lang, Lexicon.of(base, app), tallies)
    return None
