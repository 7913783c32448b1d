"""Numbers that are reckoned over the apps of one entity, as far as a proof looks at them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kb.base.conditions import Conditions
from kb.base.entities import STATES, reckoned
from kb.model.apps import App
from kb.model.entities import Tally
from kb.provenance.proof import Proof


def tallies_in(proofs: Iterable[Proof], app: App, conditions: Conditions) -> Iterator[Tally]:
    """The numbers that conditions of proofs look at."""
    found = reckoned(app, conditions.facts.vocabulary)
    if not found:
        return
    read: set[str] = set()
    # By the object: a proof may be a premise of many.
    open_, seen = list(proofs), set[int]()
    while open_:
        step = open_.pop()
        if id(step) in seen:
            continue
        seen.add(id(step))
        open_ += step.because
        if step.fact.relation in STATES and (condition := str(step.fact.row[1])) != "_":
            read |= {test.attribute for test in conditions.tests(condition).values()}
    yield from (tally for attribute, tally in found.items() if attribute in read)
