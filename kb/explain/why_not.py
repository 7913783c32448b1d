"""Why not: a fact that does not hold, with the repairs after which it would."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kb.answers.bans import bans_on
from kb.base.bans import Ban
from kb.base.lexicon import Lexicon
from kb.base.rendered import Rendered
from kb.base.view import View
from kb.engines.protocol import Model
from kb.explain.assumptions import LEAVES
from kb.explain.explanation import ExplainedRepair, explained
from kb.explain.goal import Goal, goal_of
from kb.explain.repair import Repair
from kb.explain.tallies import tallies_in
from kb.explain.verify import MOST, MOST_TRIED, RepairSearch, Verified
from kb.lang.problems import Problem, Problems
from kb.model.apps import App
from kb.model.entities import Tally
from kb.provenance.proof import Fact

if TYPE_CHECKING:
    from kb.base.core import Core, Day


@dataclass(frozen=True, repr=False)
class WhyNot(Rendered):
    """A fact that does not hold, with the repairs after which it would, in the order of
    `Repair.nearness`: those that give up a service last, those that deny what the profile says
    before them.

    Each repair has been verified: with its changes in the profile the fact holds. The search gives
    at most `most` repairs, finds the smallest first, and tries at most `most_tried` profiles, with
    some more where all that was found gives up a service; `complete` says whether it came to its
    end without reaching a limit. `_` stands in the places of the fact that were left open. `lang`
    is the language that it is shown in, `lexicon` what is needed to word it; `tallies` are the
    numbers that conditions of the explanations look at which are reckoned over the apps of the
    app's entity; `bans` what forbids the app, or perhaps does, what the category that the fact
    names is for: ways to hand in papers that are in vain are not given.
    """

    fact: Fact
    explained: tuple[ExplainedRepair, ...]
    complete: bool
    most: int
    most_tried: int
    lang: str
    lexicon: Lexicon = field(compare=False)
    tallies: tuple[Tally, ...] = ()
    bans: tuple[Ban, ...] = ()

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """The repairs alone."""
        return tuple(each.repair for each in self.explained)


def why_not(
    base: Core,
    fact: str,
    app: App,
    as_of: Day,
    drafts: bool = False,
    lang: str = "zh",
    most: int = MOST,
    most_tried: int = MOST_TRIED,
) -> WhyNot | None:
    """The repairs after which a fact would hold; None when it holds.

    `fact` is an atom, or a category or `verdict`, which stand for its being satisfied. Raises
    `Problems` for what is no fact, and for a limit below 1.
    """
    for limit in (most, most_tried):
        if type(limit) is not int or limit < 1:
            problem = Problem(
                "limit", f"`{limit}` is no limit", help="give a whole number, 1 or more"
            )
            raise Problems([problem])
    goal, others = _satisfied(goal_of(base, fact, app, as_of, drafts))
    today = goal.model(app, *LEAVES)
    if any(each.holds_in(today) for each in (goal, *others)):
        return None
    search = RepairSearch(goal, most, most_tried)
    verified = search.run(today)
    row = tuple("_" if value is None else value for value in goal.pattern)
    ways = tuple(explained(goal, today, each) for each in verified)
    proofs = (one.proof for each in ways for one in each.explanations)
    return WhyNot(
        Fact(goal.relation, row),
        ways,
        not search.limit.reached,
        most,
        most_tried,
        lang,
        Lexicon.of(base, app),
        tuple(tallies_in(proofs, app, base.conditions)),
        _bans(goal, today, verified, search.in_vain),
    )


def _bans(
    goal: Goal, today: Model, ways: Iterable[Verified], in_vain: Iterable[Model]
) -> tuple[Ban, ...]:
    """What forbids the services of the goal's category as the app is; where it does not offer
    them yet, after the ways that are given, else after those that are in vain."""
    if goal.category is None:
        return ()
    for models in ([today], [each.model for each in ways], in_vain):
        each = (ban for m in models for ban in bans_on(goal.base, View(m), goal.category))
        if found := tuple(dict.fromkeys(each)):
            return found
    return ()


def smallest_repair(base: Core, app: App, as_of: Day) -> Repair | None:
    """The repair with the fewest changes of those that `why_not` gives for `verdict`, of several
    the nearest; None when there is none."""
    goal, _ = _satisfied(goal_of(base, "verdict", app, as_of, drafts=False))
    today = goal.model(app, *LEAVES)
    verified = RepairSearch(goal).run(today) if not goal.holds_in(today) else ()
    repairs = [each.repair for each in verified]
    return min(repairs, key=lambda one: len(one.changes), default=None)


def _satisfied(goal: Goal) -> tuple[Goal, tuple[Goal, ...]]:
    """The goal, where it asks for any verdict, as one that asks for `satisfied`, and those that
    are as good."""
    *before, verdict = goal.pattern
    if goal.relation not in ("category_verdict", "app_verdict") or verdict is not None:
        return goal, ()
    satisfied = replace(goal, pattern=(*before, "satisfied"))
    if goal.relation == "app_verdict":
        return satisfied, ()
    # Where the source names no document, none is missing.
    return satisfied, (replace(goal, pattern=(*before, "none_stated")),)
