"""What brings a category into the answer of an app: services, and notes of other categories."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from kb.base.view import View
from kb.graph.build import REFERENCES, Builder, Graph, key_of
from kb.model.apps import App

if TYPE_CHECKING:
    from kb.base.core import Core


def add_senders(
    base: Core, builder: Builder, view: View, app: App, relevant: Collection[str]
) -> list[str]:
    """Add the categories whose notes send the app to others and that ask for nothing themselves,
    with the services that it offers under them; the ids of these categories."""
    noted = set(view.names("noted"))
    failed = set(view.names("scope_failed"))
    found: dict[str, None] = {}
    for reading in base.facts.readings.values():
        notes = [
            note
            for note, reference in reading.references.items()
            if note in noted and {*reference.categories} & {*relevant}
        ]
        services = [
            scope.service
            for name, scope in reading.scopes.items()
            if scope.service in (app.services or ()) and name not in failed
        ]
        if notes and services and reading.record.category not in relevant:
            builder.sending(reading, notes, services)
            found[reading.record.category] = None
    return list(found)


def add_brought(
    base: Core, builder: Builder, view: View, app: App, relevant: Collection[str]
) -> None:
    """Lead from a service to the categories that it brings by a note, or that are for others."""
    scopes = {
        (tail, head) for tail, head, d in builder.graph.edges(data=True) if d["kind"] == "in_scope"
    }
    noted = {(str(s), str(r)) for r, s in view.after("noted_service")}
    for service, category in view.after("reached"):
        ends = (key_of("service", str(service)), key_of("category", str(category)))
        if service not in (app.services or ()) or category not in relevant or ends in scopes:
            continue
        cites = [
            reading.cite_at(reference.lines)
            for reading in base.facts.readings.values()
            for note, reference in reading.references.items()
            if (service, note) in noted and category in reference.categories
        ] or [
            reading.cite_at(scope.lines)
            for reading in base.facts.readings_of(str(category))
            for scope in reading.record.scope
            if scope.service == service
        ]
        builder.edge("brings", *ends, cites)


def mark_notes(graph: Graph, view: View) -> None:
    """Mark the notes that do not speak to the app as not applying, and those as open of which it
    hangs on something that is not known."""
    noted = set(view.names("noted"))
    for *_, data in graph.edges(data=True):
        if data["kind"] not in REFERENCES or data["reference"] in noted:
            continue
        if graph.nodes[data["when"]].get("state") == "undetermined":
            data["certainty"] = "perhaps"
        elif data["kind"] != "advises":
            data["state"] = "idle"
