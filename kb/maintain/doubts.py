"""What else is doubtful in facts: kinds, references, and what stands open for people."""

from __future__ import annotations

from collections.abc import Iterator

from kb.base.core import Core
from kb.base.results import Finding
from kb.lang.strata import components
from kb.model.duties import Duty, Prohibition
from kb.model.facts import FactBase


def kind_circles(facts: FactBase) -> Iterator[Finding]:
    """Terms that are kinds of one another."""
    edges: dict[str, list[str]] = {}
    for narrow, wide in facts.vocabulary.wider:
        edges.setdefault(narrow, []).append(wide)
    for group in components(sorted(edges), edges):
        if len(group) > 1 or group[0] in edges.get(group[0], ()):
            (kind, span), *_ = (
                (kind, span) for (kind, id), span in facts.vocabulary.places.items() if id in group
            )
            ids = tuple(sorted(group))
            yield Finding("kind-circle", ids=ids, kind=kind, span=span, severity="error")


def withdrawn_references(base: Core) -> Iterator[Finding]:
    """Notes that lead only to categories that a complete list has withdrawn, as of the base's day.

    The rules decide it, for an app of each kind of applicant that has such a list, and which offers
    every service.
    """
    facts = base.facts
    told: set[tuple[str, tuple[str, ...]]] = set()
    every = [term.id for term in facts.names.of("service")]
    for source in facts.sources.values():
        for account in source.complete_for:
            platform = {"platform": source.platform} if source.platform else {}
            app = base.app({"name": "a", "applicant": account, "services": every, **platform})
            # With every service the relations are as large as tables.
            rows = base.rows(app)
            model = base.table_engine.evaluate(rows, ["reading", "withdrawn"])
            here = {str(category) for _, _, category in model["reading"]}
            gone = {
                facts.readings[str(version)].record.category
                for _, version, by in model["withdrawn"]
                if by == source.id
            } - here
            for _, version, _ in sorted(model["reading"]):
                reading = facts.readings[str(version)]
                for note in reading.record.references:
                    leads = reading.id, note.categories
                    if set(note.categories) <= gone and leads not in told:
                        told.add(leads)
                        yield Finding(
                            "withdrawn-reference",
                            (reading.id,),
                            note.categories,
                            source=source.id,
                            span=facts.places[reading.id],
                        )


def open_for_review(facts: FactBase) -> Iterator[Finding]:
    """All that people have still to settle: unclear wording of categories, duties and bans, papers
    stated elsewhere, drafts, gaps of excerpts, and texts of which only a sighting is known."""
    for id, (passage, _) in facts.unclear.items():
        span = facts.places[id.partition("?")[0]]
        yield Finding("review.unclear", label=passage, span=span, severity="note")
    for text, file in facts.files.items():
        parts: tuple[Duty | Prohibition, ...] = (*file.duties, *file.prohibitions)
        for part in parts:
            span = facts.places[f"{text}:{part.id}"]
            for vague in part.unclear:
                yield Finding("review.unclear", label=vague, span=span, severity="note")
    for id, reading in facts.readings.items():
        if reading.record.elsewhere:
            yield Finding("review.elsewhere", (id,), span=facts.places[id], severity="note")
    for id, source in facts.sources.items():
        span = facts.places[id]
        if source.standing == "draft":
            yield Finding("review.draft", (id,), span=span, severity="note")
        if source.seen is not None and source.begins is None:
            yield Finding("review.sighting", (id,), span=span, severity="note")
        for gap in facts.files[id].gaps:
            yield Finding("review.gap", label=gap, span=span, severity="note")
