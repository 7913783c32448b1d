"""Fields of a panel for parties: who they are, and what there is of each or with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from kb.interview.answer_values import parties_in
from kb.interview.question import AboutPartyDocument, Question
from kb.render.language import Language
from kb.render.questions import question_words
from kb.widgets.choices import Choices

if TYPE_CHECKING:
    from kb.answers.answer import Answer

SEPARATOR = re.compile("[,，、;；]")
"""Between the names of parties."""
NAMES = ("名称(逗号分开)或几家", "names (commas), or how many")


class PartyFields:
    """A field for the names of each role of which papers are wanted party by party, and a tick for
    each paper of a party. `tick` makes a tick, `tried` runs what may be refused and `refresh` lets
    everything follow."""

    def __init__(
        self,
        widgets: Any,
        choices: Choices,
        tick: Callable[[bool, str, Callable[[bool], None]], Any],
        tried: Callable[[Callable[[], None]], None],
        refresh: Callable[..., None],
    ) -> None:
        self.widgets = widgets
        self.choices = choices
        self._tick = tick
        self._tried = tried
        self._refresh = refresh

    def fields(self, answer: Answer) -> Iterator[Any]:
        """The widgets for what an answer wants."""
        choices, profile = self.choices, self.choices.profile
        to = Language(choices.lang, choices.base.facts.names)
        for role, there in choices.parties.roles(profile, answer).items():
            field = self.widgets.Text(
                value=", ".join(there),
                description=to.label("holder", role),
                placeholder=to.pick(*NAMES),
                continuous_update=False,
            )
            field.observe(partial(self._named, role), "value")
            yield field
        for need, party in choices.parties.needs(profile, answer):
            words = question_words(
                Question(AboutPartyDocument(need, party), choices.lang, to.names)
            )
            ticked = (need.id, party) in choices.parties.ticked
            yield self._tick(ticked, words, partial(self._hold, need.id, party))

    def _named(self, role: str, change: Any) -> None:
        def name() -> None:
            self.name(role, str(change["new"]))
            self._refresh()

        self._tried(name)

    def name(self, role: str, text: str) -> None:
        """Take who is in the app in a role, beside those of the profile that was begun with. Raises
        `Problems`, and then all stays as it was."""
        choices = self.choices
        before = choices.parties.named.pop(role, None)
        try:
            app = choices.app
            there = {party.id for party in app.parties}
            listed = [n.strip() for n in SEPARATOR.split(text) if n.strip()]
            more = [name for name in listed if name not in there]
            named = parties_in(more, role, app, choices.base.facts, choices.lang)
            choices.parties.named[role] = list(named)
        finally:
            if role not in choices.parties.named and before is not None:
                choices.parties.named[role] = before

    def _hold(self, need: str, party: str, held: bool) -> None:
        ticked = self.choices.parties.ticked
        (ticked.add if held else ticked.discard)((need, party))
        self._tried(lambda: self._refresh(documents=False))
