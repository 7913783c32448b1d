"""What is told beside a verdict: what was assumed of the applicant, and what drafts say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kb.answers.clarification import question
from kb.answers.results import Assumption, DraftCategory, EachWayForOthers, OneOfSeveral
from kb.base.documents import alternatives_of
from kb.base.results import Role
from kb.base.view import View
from kb.model.requirements import When
from kb.model.rows import Reading
from kb.query.categories import requirement_of
from kb.query.results import ReferenceResult

if TYPE_CHECKING:
    from kb.base.core import Core


def assumptions(base: Core, view: View) -> Iterator[Assumption]:
    """What the answer takes for granted of who applies, and of what its categories take in, each
    condition once."""
    categories: dict[str, list[str]] = {}
    for category, condition in view.after("assumed_account"):
        categories.setdefault(str(condition), []).append(str(category))
    for condition, named in sorted(categories.items()):
        vague = [condition] if view.has("app_knows", "applicant") else []
        ask = question(base, "applicant", vague)
        yield Assumption(condition, tuple(sorted(named, key=base.place)), ask)
    within: dict[tuple[str, str], list[str]] = {}
    for category, condition, attribute in view.after("assumed_within"):
        within.setdefault((str(condition), str(attribute)), []).append(str(category))
    for (condition, attribute), named in sorted(within.items()):
        vague = [condition] if view.has("app_knows", attribute) else []
        ask = question(base, attribute, vague)
        yield Assumption(condition, tuple(sorted(named, key=base.place)), ask, attribute)


def each_way_for_others(
    base: Core, view: View, readings: Iterable[Reading]
) -> Iterator[EachWayForOthers]:
    """What the sets of documents of a closed category hang on, where nothing else closes it."""
    found: dict[When, None] = {}
    for reading in readings:
        limits = base.limits.get(reading.id, ())
        if any(view.has("failed", condition) for condition in limits):
            return
        for name, alternative in alternatives_of(reading):
            closed = view.names("barred", name)
            found |= dict.fromkeys(w for w in sorted(alternative.when) if w[0] in closed)
    if found:
        yield EachWayForOthers(tuple(found))


def draft_categories(base: Core, view: View) -> Iterator[DraftCategory]:
    """What drafts say of the services of the app, in the order of the facts."""
    said: dict[str, list[tuple[str, bool]]] = {v: [] for v in view.names("draft_describes")}
    for sending in view.names("draft_sends"):
        said.setdefault(sending, [])
    for relation, forbidden in (("draft_speaks", False), ("draft_forbids", True)):
        for version, service in view.after(relation):
            said.setdefault(str(version), []).append((str(service), forbidden))
    for version in sorted(said, key=base.reading_order.__getitem__):
        reading = base.facts.readings[version]
        stated = reading.record.requirement
        asks = stated is not None and (
            view.has("draft_speaks", version) or view.has("draft_describes", version)
        )
        yield DraftCategory(
            reading.record.category,
            tuple(dict.fromkeys(service for service, _ in said[version])),
            tuple(service for service, forbidden in said[version] if forbidden),
            requirement_of(stated) if stated is not None and asks else None,
            reading.cite,
            tuple(_sends(view, reading)),
        )


def _sends(view: View, reading: Reading) -> Iterator[ReferenceResult]:
    """The notes of a draft that lead the app elsewhere, in their order."""
    named = view.names("draft_sends", reading.id)
    for name, note in reading.references.items():
        if name in named:
            offered = tuple(s for s in note.services if view.has("app_value", "services", s))
            cite = reading.cite_at(note.lines)
            yield ReferenceResult(Role(note.role), note.categories, offered, cite, note.applicants)


def one_of_several(base: Core, view: View, category: str) -> OneOfSeveral:
    """Which categories a category is one of, where a note leaves the choice between them."""
    options = view.after("option")
    notes = {note for note, named in options if named == category}
    among = sorted({str(named) for note, named in options if note in notes}, key=base.place)
    return OneOfSeveral(tuple(among), all(view.has("choice_done", note) for note in notes))
