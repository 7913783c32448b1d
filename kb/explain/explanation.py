"""Explanations of repairs: why each change is necessary, and the lines that ask for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from kb.engines.protocol import Model
from kb.explain.apply import applied
from kb.explain.contrast import Contrast, leaves
from kb.explain.goal import Goal
from kb.explain.repair import (
    DropService,
    OfferService,
    ProfileChange,
    ProvideDocument,
    Repair,
    StateAttribute,
)
from kb.explain.verify import Verified
from kb.lang.syntax import Cite
from kb.provenance.proof import Fact, Proof, merged_cites

if TYPE_CHECKING:
    from kb.base.core import Core


@dataclass(frozen=True, slots=True)
class Explanation:
    """What keeps a fact from holding when the changes `given` are made, or, without any, today.
    The proof is of its absence; see `kb.explain.contrast`."""

    given: tuple[ProfileChange, ...]
    proof: Proof


@dataclass(frozen=True, slots=True)
class ExplainedRepair:
    """A repair with what makes it necessary: for each of its changes the lines that ask for it
    (`cites`), and explanations in which each change has its place."""

    repair: Repair
    cites: tuple[tuple[Cite, ...], ...]
    explanations: tuple[Explanation, ...]


def explained(goal: Goal, today: Model, verified: Verified) -> ExplainedRepair:
    """A repair of a goal with its explanations; `today` is the model of the app as it is."""
    changes = verified.repair.changes
    found = tuple(_explanations(goal, today, verified))
    ends = [(each.given, fact, near) for each in found for fact, near in leaves(each.proof)]
    cites = tuple(
        merged_cites(
            cite
            for given, fact, near in ends
            if change not in given and decides(goal.base, change, fact)
            for cite in near
        )
        for change in changes
    )
    return ExplainedRepair(verified.repair, cites, found)


def _explanations(goal: Goal, today: Model, verified: Verified) -> Iterator[Explanation]:
    base = goal.base
    then = base.prover(verified.model)
    row = goal.rows(then)[0]
    first = Contrast(base.prover(today), then).absence(goal.relation, row)
    yield Explanation((), first)
    met = [fact for fact, _ in leaves(first)]
    for change in verified.repair.changes:
        # What only the other changes make necessary is not missed today.
        if not any(decides(base, change, fact) for fact in met):
            given = tuple(other for other in verified.repair.changes if other != change)
            app = applied(goal.app, given, base)
            if app is not None and not goal.holds_in(model := goal.model(app)):
                proof = Contrast(base.prover(model), then).absence(goal.relation, row)
                yield Explanation(given, proof)


def decides(base: Core, change: ProfileChange, fact: Fact) -> bool:
    """Whether a leaf of an explanation holds or not by what a change is about."""
    subject = str(fact.row[1]) if len(fact.row) > 1 else ""
    match fact.relation:
        case (
            "held"
            | "perhaps_held"
            | "too_many"
            | "too_few"
            | "party_copy"
            | "app_fits"
            | "app_holds"
            | "app_fits_during"
            | "app_holds_during"
            | "fits_on_day"
            | "holds_on_day"
        ):
            if not isinstance(change, ProvideDocument):
                return False
            given, wanted = change.need, base.needs.get(subject)
            if wanted is None:
                return given.document == subject
            return (given.document, given.holder) == (wanted.document, wanted.holder)
        case "met" | "failed" | "open_condition":
            tests = base.conditions.tests(subject).values()
            return any(_states(change, test.attribute) for test in tests)
        case "app_value" if subject == "services" and isinstance(
            change, OfferService | DropService
        ):
            return change.service == fact.row[2]
        case "app_value" | "app_knows" | "app_day" | "app_number":
            return _states(change, subject)
        case _:
            return False


def _states(change: ProfileChange, attribute: str) -> bool:
    match change:
        case OfferService() | DropService():
            return attribute == "services"
        case StateAttribute(stated):
            return attribute == stated
        case ProvideDocument():
            return False
        case _:
            assert_never(change)
