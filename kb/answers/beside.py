"""What is told beside a verdict: what was assumed of the applicant, and what drafts say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kb.answers.clarification import question
from kb.answers.results import Assumption, DraftCategory
from kb.base.view import View
from kb.query.categories import requirement_of

if TYPE_CHECKING:
    from kb.base.core import Core


def assumptions(base: Core, view: View) -> Iterator[Assumption]:
    """What the answer takes for granted of who applies, each condition once."""
    categories: dict[str, list[str]] = {}
    for category, condition in view.after("assumed_account"):
        categories.setdefault(str(condition), []).append(str(category))
    for condition, named in sorted(categories.items()):
        vague = [condition] if view.has("app_knows", "applicant") else []
        ask = question(base, "applicant", vague)
        yield Assumption(condition, tuple(sorted(named, key=base.place)), ask)


def draft_categories(base: Core, view: View) -> Iterator[DraftCategory]:
    """What drafts say of the services of the app, in the order of the facts."""
    said: dict[str, list[tuple[str, bool]]] = {}
    for relation, forbidden in (("draft_speaks", False), ("draft_forbids", True)):
        for version, service in view.after(relation):
            said.setdefault(str(version), []).append((str(service), forbidden))
    for version in sorted(said, key=base.reading_order.__getitem__):
        reading = base.facts.readings[version]
        stated = reading.record.requirement
        yield DraftCategory(
            reading.record.category,
            tuple(dict.fromkeys(service for service, _ in said[version])),
            tuple(service for service, forbidden in said[version] if forbidden),
            requirement_of(stated) if stated is not None else None,
            reading.cite,
        )
