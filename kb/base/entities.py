"""Numbers that are reckoned over the apps of one entity, as answers and explanations tell them."""

from __future__ import annotations

from kb.base.conditions import Conditions
from kb.base.view import View
from kb.model.apps import App, said_of
from kb.model.entities import Tally, tallies
from kb.model.vocabulary import Vocabulary

STATES = ("met", "failed", "open_condition")
"""What is asked of the rules: how the conditions come out that are looked at."""


def reckoned(app: App, vocabulary: Vocabulary) -> dict[str, Tally]:
    """The numbers of an app that are reckoned, by attribute; none that its profile states."""
    if not vocabulary.over:
        return {}
    said = said_of(app, vocabulary)
    found = tallies(app.name, said, app.entity, vocabulary)
    return {tally.attribute: tally for tally in found if tally.attribute not in said}


def reckoned_on(app: App, conditions: Conditions, view: View) -> tuple[Tally, ...]:
    """Those that the conditions of an answer look at; `view` is the app's model, with `STATES`."""
    found = reckoned(app, conditions.facts.vocabulary)
    if not found:
        return ()
    asked = {condition for state in STATES for condition in view.names(state)}
    read = {test.attribute for each in asked for test in conditions.tests(each).values()}
    return tuple(tally for attribute, tally in found.items() if attribute in read)
