"""An app beside the texts: which duties and bans bear on it, and what it has of what they ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kb.base.view import View, in_hand
from kb.graph.build import OFFERS, WHOM, Builder, Graph, key_of
from kb.graph.texts import stands_on, text
from kb.model.apps import App
from kb.model.duty_rows import source_of

if TYPE_CHECKING:
    from kb.base.core import Core


class Known:
    """What is known of an app: whether conditions are met, what is in hand, what is declared."""

    def __init__(self, view: View, app: App) -> None:
        self.app = app
        self._met = set(view.names("met"))
        self._failed = set(view.names("failed"))
        self._held: dict[tuple[str, str], tuple[int, int]] = {
            (document, holder): (sure, most) for document, holder, sure, most in in_hand(view)
        }

    def condition(self, id: str) -> str:
        if id.startswith(f"{OFFERS}/"):
            return self._note(id)
        if id in self._met:
            return "satisfied"
        return "idle" if id in self._failed else "undetermined"

    def _note(self, id: str) -> str:
        """Whether one of the services of a note is offered, or its applicants are the app's."""
        services, _, applicants = id.partition(f"/{WHOM}/")
        if {*services.split("/")[1:]} & {*(self.app.services or ())}:
            return "satisfied"
        unknown = self.app.services is None
        other = self.condition(applicants) if applicants else "idle"
        return "undetermined" if unknown and other == "idle" else other

    def document(self, id: str, holder: str) -> str:
        sure, most = self._held.get((id, holder), (0, 0))
        return "satisfied" if sure else "undetermined" if most else "missing"

    def practice(self, attribute: str) -> str:
        stated = self.app.stated.get(attribute)
        if stated is None:
            return "undetermined"
        return "satisfied" if not isinstance(stated, int) and "yes" in stated else "missing"

    def way(self, key: str, edge: Mapping[str, Any]) -> str:
        """The state of what a part asks for: a document or a practice."""
        kind, _, id = key.partition(":")
        return self.practice(id) if kind == "practice" else self.document(id, edge["holder"])

    def mark(self, graph: Graph, part: str, verdict: str) -> None:
        """Set the states of a duty or a ban, and of all that it speaks of. What would also do is
        idle once the duty is met, and due later with a duty that is; one that nothing can show to
        be kept is only named."""
        graph.nodes[part]["verdict"] = verdict
        graph.nodes[part]["state"] = "named" if verdict == "none_stated" else verdict
        for _, head, edge in graph.out_edges(part, data=True):
            if edge["kind"] == "requires":
                state = self.way(head, edge)
                idle = verdict in ("satisfied", "exempted") and state != "satisfied"
                later = verdict == "later" and state != "satisfied"
                edge["state"] = "later" if later else "idle" if idle else state
            elif edge["kind"] == "prohibits":
                kind, _, id = head.partition(":")
                offered = kind == "service" and id in (self.app.services or ())
                done = offered or (kind == "practice" and self.practice(id) == "satisfied")
                edge["state"] = "prohibited" if done else "idle"


def add_duties(
    base: Core, builder: Builder, own: str, verdicts: Mapping[str, str], day: int
) -> None:
    """Add the duties and bans of an app, by the ids of their parts, each under its text."""
    for source in dict.fromkeys(source_of(id) for id in verdicts):
        file = base.facts.files[source]
        key = text(builder, file, stands_on(file, day), verdicts)
        builder.edge("subject_to", own, key, standing=file.source.standing)
    for id, verdict in verdicts.items():
        banned = verdict == "prohibited"
        part = key_of("prohibition" if banned else "obligation", id)
        builder.edge(
            "violates" if banned else "bound_by",
            own,
            part,
            standing=builder.graph.nodes[part]["standing"],
            state=verdict,
        )
