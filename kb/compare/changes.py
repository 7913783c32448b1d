"""What changed between two days: per category as tree differences, and for which apps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from kb.answers.ask import answer as answer_of
from kb.answers.results import BundleResult
from kb.compare.tree_difference import Change, difference
from kb.lang.problems import Problem, Problems
from kb.model.apps import App
from kb.model.days import date
from kb.model.rows import Reading
from kb.render.changes import changes_text
from kb.render.html import Shown
from kb.render.language import Language
from kb.render.shared_json import document_json
from kb.render.words import cite_dict

if TYPE_CHECKING:
    from kb.base.core import Core


@dataclass
class Changes(Shown):
    """`categories` lists what changed, `apps` (when asked) those whose verdict flips."""

    first: str
    last: str
    categories: list[dict[str, Any]] = field(default_factory=list)
    apps: list[dict[str, Any]] | None = None

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "from": self.first,
            "to": self.last,
            "categories": self.categories,
        }
        if self.apps is not None:
            found["apps"] = self.apps
        return found

    def __str__(self) -> str:
        return changes_text(self, "en" if any("en" in c for c in self.categories) else "zh")


def changes(
    base: Core, first: int, last: int, apps: Iterable[App] | None = None, lang: str = "zh"
) -> Changes:
    """Compare the versions that stand on two days."""
    if first > last:
        raise Problems(
            [
                Problem(
                    "days",
                    f"`{date(first).isoformat()}` is after `{date(last).isoformat()}`",
                    help="the earlier day goes first",
                )
            ]
        )
    before, after = standing(base, first), standing(base, last)
    found = Changes(date(first).isoformat(), date(last).isoformat())
    for category in sorted({*before, *after}, key=lambda c: base.category_order.get(c, 0)):
        entry = _category(base, category, before.get(category, []), after.get(category, []), lang)
        if entry is not None:
            found.categories.append(entry)
    if apps is not None:
        found.apps = list(_flips(base, apps, first, last, lang))
    return found


def standing(base: Core, day: int) -> dict[str, list[tuple[Reading, str]]]:
    """The readings of each category that stand on a day, `surely` or `perhaps`, in file order."""
    model = base.engine.evaluate({"question_day": [("", day)]}, ["stands"])
    found: dict[str, list[tuple[Reading, str]]] = {}
    rows = sorted(model["stands"], key=lambda row: base.reading_order[str(row[1])])
    for _, version, category, how in rows:
        reading = base.facts.readings[str(version)]
        found.setdefault(str(category), []).append((reading, str(how)))
    return found


def _category(
    base: Core,
    category: str,
    before: list[tuple[Reading, str]],
    after: list[tuple[Reading, str]],
    lang: str,
) -> dict[str, Any] | None:
    old = {reading.id: reading for reading, _ in before}
    new = {reading.id: reading for reading, _ in after}
    certainty = dict([(r.id, how) for r, how in before] + [(r.id, how) for r, how in after])
    gone = [reading for id, reading in old.items() if id not in new]
    come = [reading for id, reading in new.items() if id not in old]
    settled = [r for r, how in after if (r, how) not in before and r.id in old]
    if not gone and not come and not settled:
        return None
    what = "changed" if old and new else "added" if new else "removed"
    # The announcement says of a text that it adjusts one; the earlier one may be in no source.
    if what == "added" and all(r.record.change == "adjusted" for r in come):
        what = "adjusted"
    entry: dict[str, Any] = {
        "category": base.facts.names.label("category", category, "zh"),
        "id": category,
        "what": what if gone or come else "settled",
        "before": [_version(r, certainty) for r in old.values()],
        "after": [_version(r, certainty) for r in new.values()],
        "differences": [],
    }
    if lang == "en":
        entry["en"] = base.facts.names.label("category", category, "en")
    for mine, theirs in _pairs(list(old.values()), come):
        entry["differences"] += list(_differences(base, mine, theirs, lang))
    if entry["what"] == "changed" and (not gone or not come):
        # Readings stand side by side before or after: one has come or gone, the others stay.
        word = "reading_added" if come else "reading_dropped"
        changed = [{"what": word, "sources": [cite_dict(r.cite)]} for r in come or gone]
        entry["differences"] = [*changed, *entry["differences"]]
    if entry["what"] == "changed" and entry["differences"]:
        kinds = {d["what"] for d in entry["differences"]}
        if kinds == {"renamed"}:
            entry["what"] = "renamed"
    return entry


def _version(reading: Reading, certainty: dict[str, str]) -> dict[str, Any]:
    return {
        "id": reading.id,
        "certainty": certainty[reading.id],
        "sources": [cite_dict(reading.cite)],
    }


def _pairs(old: list[Reading], new: list[Reading]) -> Iterator[tuple[Reading, Reading]]:
    """Each new reading against the old one that asks for the most similar documents."""
    for theirs in new:
        if old:
            yield (
                min(
                    old,
                    key=lambda mine: len(
                        difference(mine.record.requirement, theirs.record.requirement)
                    ),
                ),
                theirs,
            )


def _differences(base: Core, mine: Reading, theirs: Reading, lang: str) -> Iterator[dict[str, Any]]:
    if mine.record.name != theirs.record.name and mine.record.name and theirs.record.name:
        yield {"what": "renamed", "before": mine.record.name, "after": theirs.record.name}
    for change in difference(mine.record.requirement, theirs.record.requirement):
        yield change_dict(base, change, lang)
    for what, before, after in (
        ("open_to_changed", mine.record.open_to, theirs.record.open_to),
        ("regions_changed", mine.record.regions, theirs.record.regions),
        ("services_changed", _services(mine), _services(theirs)),
    ):
        if set(before) != set(after):
            yield {"what": what, **_labelled(base, what, list(before), list(after), lang)}


def _services(reading: Reading) -> tuple[str, ...]:
    return tuple(dict.fromkeys(scope.service for scope in reading.record.scope))


def change_dict(base: Core, change: Change, lang: str) -> dict[str, Any]:
    """A `Change` with the names of its documents."""
    found = {key: value for key, value in asdict(change).items() if value not in (None, ())}
    if change.document:
        found["document"] = base.facts.names.label("document", change.document, "zh")
        found["id"] = change.document
    if change.documents:
        found["documents"] = [
            base.facts.names.label("document", document, "zh") for document in change.documents
        ]
    if change.when:
        found["when"] = base.facts.names.label("condition", change.when, lang)
    return {**found, **_labelled(base, change.what, change.before, change.after, lang)}


KINDS = {
    "condition_changed": "condition",
    "holder_changed": "holder",
    "issuer_changed": "authority",
    "open_to_changed": "applicant",
    "regions_changed": "region",
    "services_changed": "service",
}
"""What the values of a change are, for their labels."""


def _labelled(base: Core, what: str, before: Any, after: Any, lang: str) -> dict[str, Any]:
    """The values of a change by their labels, and, where they have some, their ids."""
    kind = KINDS.get(what)
    if kind is None:
        return {}

    def shown(value: Any) -> Any:
        if isinstance(value, str):
            return base.facts.names.label(kind, value, lang)
        return [shown(each) for each in value] if value else value

    pairs = {"before": before, "after": after}
    named = {key: shown(value) for key, value in pairs.items() if value is not None}
    return {**named, **{f"{key}_id": value for key, value in pairs.items() if value is not None}}


def _flips(
    base: Core, apps: Iterable[App], first: int, last: int, lang: str
) -> Iterator[dict[str, Any]]:
    for app in apps:
        before = answer_of(base, app, first, False, lang)
        after = answer_of(base, app, last, False, lang)
        if before.verdict != after.verdict:
            yield {
                "app": app.name,
                "before": str(before.verdict),
                "after": str(after.verdict),
                **mend(base, after.bundle, lang),
            }


def mend(base: Core, bundle: BundleResult, lang: str) -> dict[str, Any]:
    """What would mend a flip: the smallest set of documents, and the categories that none does; by
    the bundle of the later answer."""
    names = base.facts.names
    return {
        "to_provide": [document_json(d, Language(lang, names)) for d in bundle.documents],
        "cannot": [names.label("category", id, "zh") for id in bundle.cannot],
    }
