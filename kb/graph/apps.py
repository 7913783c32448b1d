"""One app's answer as a graph: what it offers, what each category asks for, what is in hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.answers.ask import asking
from kb.answers.documents import Documents
from kb.answers.results import ServiceProhibited, TextProhibits
from kb.graph.build import Builder, Graph, key_of
from kb.graph.duties import Known, add_duties
from kb.model.apps import App
from kb.model.days import date
from kb.model.requirements import need_of
from kb.model.rows import Reading
from kb.model.schema import Node

if TYPE_CHECKING:
    from kb.base.core import Core, Day

# Of several states that a shared node has at different places, the first of these is shown.
_ORDER = ("prohibited", "missing", "undetermined", "satisfied", "none_stated", "idle")


def app_graph(base: Core, app: App, as_of: Day = None) -> Graph:
    """What an app offers, the categories that bear on it, their requirements, and the `state` of
    each node and of each edge that asks for something. Parts of a tree that conditions leave out
    are `idle`. The duties of the app's own side stand under their texts with their verdicts, and
    so do the bans that it violates; each says the `standing` of its text. Raises `Problems` for a
    bad profile."""
    model = asking(base, app, base.day(as_of), False)
    answer, view = model.answer(), model.view
    known = Known(view, app)
    states = _States(known, model.documents)
    relevant = [result.category for result in answer.categories]
    builder = Builder(base.facts)
    own = builder.node("app", app.name, app.name, app.name, state=str(answer.verdict))
    for service in app.services or ():
        builder.edge("offers", own, builder.node("service", service))
    bearing = {str(version) for version, category in view.after("reading")}
    for category in relevant:
        builder.node("category", category)
        for reading in base.facts.readings_of(category):
            if reading.id in bearing:
                builder.reading(reading)
    banned = [p.part for p in answer.prohibited if isinstance(p, TextProhibits)]
    services = [p.service for p in answer.prohibited if isinstance(p, ServiceProhibited)]
    for service in services:
        _prohibited(base, builder, service, bearing)
    verdicts = {duty.part: str(duty.verdict) for duty in answer.obligations}
    verdicts |= dict.fromkeys(banned, "prohibited")
    add_duties(base, builder, own, verdicts, base.day(as_of))
    graph = builder.finished(
        view="app",
        focus=own,
        zh=app.name,
        en=app.name,
        as_of=date(base.day(as_of)).isoformat(),
        state=str(answer.verdict),
    )
    _trim(graph, {own, *(key_of("service", s) for s in app.services or ())}, relevant)
    for result in answer.categories:
        graph.nodes[key_of("category", result.category)]["state"] = str(result.verdict)
        for reading in base.facts.readings_of(result.category):
            if reading.id in bearing:
                states.mark(graph, reading)
    for service in view.names("unreached"):
        graph.nodes[key_of("service", service)]["state"] = "undetermined"
    for service in services:
        graph.nodes[key_of("service", service)]["state"] = "prohibited"
    for id, verdict in verdicts.items():
        part = key_of("prohibition" if verdict == "prohibited" else "obligation", id)
        known.mark(graph, part, verdict)
    for key, data in graph.nodes(data=True):
        if data["kind"] == "condition":
            data["state"] = known.condition(key.partition(":")[2])
    return graph


def _prohibited(base: Core, builder: Builder, service: str, bearing: set[str]) -> None:
    """Categories that a prohibition stands under, also those that do not bear on the app."""
    for reading in base.facts.readings.values():
        for entry in reading.record.unsupported if reading.id in bearing else ():
            if service in entry.services:
                category = builder.node("category", reading.record.category)
                there = any(
                    d["kind"] == "prohibits" and v == key_of("service", service)
                    for _, v, d in builder.graph.out_edges(category, data=True)
                )
                if not there:
                    builder.edge(
                        "prohibits",
                        category,
                        builder.node("service", service),
                        [reading.cite_at(entry.lines)],
                        only_here=entry.only_here,
                        version=reading.id,
                        standing=reading.source.standing,
                    )


def _trim(graph: Graph, own: set[str], relevant: list[str]) -> None:
    """Take away services that the app does not offer, references that do not concern it, and what
    only they led to."""
    bearing = {key_of("category", c) for c in relevant}
    gone = {
        key
        for key, data in graph.nodes(data=True)
        if (data["kind"] == "service" and key not in own)
        or (
            data["kind"] == "category"
            and key not in bearing
            and not any(
                d["kind"] == "prohibits" and v in own for _, v, d in graph.out_edges(key, data=True)
            )
        )
    }
    graph.remove_nodes_from(gone)
    loose = [(u, v, k) for u, v, k, d in graph.edges(keys=True, data=True) if d.get("of") in gone]
    graph.remove_edges_from(loose)
    alone = [
        key
        for key, data in graph.nodes(data=True)
        if data["kind"] in ("condition", "source", "service", "category")
        and key not in own | bearing
        and graph.degree(key) == 0
    ]
    graph.remove_nodes_from(alone)


class _States:
    """The three-valued states of a requirement's parts."""

    def __init__(self, known: Known, documents: Documents) -> None:
        self.known = known
        self.documents = documents

    def mark(self, graph: Graph, reading: Reading) -> None:
        """Set the states of a reading's edges, of its tree, and of its documents."""
        if reading.record.requirement is None:
            return
        found: dict[str, str] = {}
        root = reading.record.requirement
        self._visit(root, "0", found, self.absence(root) == "absent")
        for _, head, data in graph.edges(data=True):
            if data["kind"] != "requires" or data.get("version") != reading.id:
                continue
            state = data["state"] = found[data["path"]]
            before = graph.nodes[head].get("state")
            graph.nodes[head]["state"] = min(
                (s for s in (before, state) if s is not None), key=_ORDER.index
            )

    def absence(self, node: Node) -> str:
        """Whether a condition takes a node out of its tree."""
        state = "satisfied" if node.when is None else self.known.condition(node.when)
        return {"satisfied": "", "idle": "absent"}.get(state, "perhaps")

    def _visit(self, node: Node, path: str, found: dict[str, str], idle: bool) -> str:
        """The state of a node when it is there; `found` gets what is shown, by path."""
        if node.document is not None:
            state = str(self.documents.verdict(need_of(node)))
            if node.optional and state != "satisfied":
                state = "idle"
        else:
            state = self._combined(node, path, found, idle)
        found[path] = "idle" if idle else state
        return state

    def _combined(self, node: Node, path: str, found: dict[str, str], idle: bool) -> str:
        every = node.all_of is not None
        states = []
        for n, child in enumerate(node.children):
            absence = self.absence(child)
            gone = idle or absence == "absent"
            state = self._visit(child, f"{path}.{n}", found, gone)
            if absence == "absent" or state == "idle":
                continue
            # What may not be asked for at all is not missing; what may not be offered does not do.
            if absence == "perhaps" and state == ("missing" if every else "satisfied"):
                state = "undetermined"
            states.append(state)
        ranked = ("missing", "undetermined") if every else ("satisfied", "undetermined")
        last = "satisfied" if every else "missing"
        return next((state for state in ranked if state in states), last)
