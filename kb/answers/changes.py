"""What changed between two days: per category as tree differences, and for which apps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from kb.answers.difference import Change, difference
from kb.answers.html import Shown
from kb.answers.labels import cite_dict, word
from kb.answers.text import cites, document_text, mark
from kb.model.apps import App
from kb.model.days import date
from kb.model.rows import Reading

if TYPE_CHECKING:
    from kb.answers.base import KnowledgeBase


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
    base: KnowledgeBase, first: int, last: int, apps: Iterable[App] | None = None, lang: str = "zh"
) -> Changes:
    """Compare the versions that stand on two days."""
    before, after = standing(base, first), standing(base, last)
    found = Changes(date(first).isoformat(), date(last).isoformat())
    for category in sorted({*before, *after}, key=lambda c: base.category_order.get(c, 0)):
        entry = _category(base, category, before.get(category, []), after.get(category, []), lang)
        if entry is not None:
            found.categories.append(entry)
    if apps is not None:
        found.apps = list(_flips(base, apps, first, last, lang))
    return found


def standing(base: KnowledgeBase, day: int) -> dict[str, list[tuple[Reading, str]]]:
    """The readings of each category that stand on a day, `surely` or `perhaps`, in file order."""
    model = base.engine.evaluate({"question_day": [("", day)]}, ["stands"])
    found: dict[str, list[tuple[Reading, str]]] = {}
    rows = sorted(model["stands"], key=lambda row: base.reading_order[str(row[1])])
    for _, version, category, how in rows:
        reading = base.facts.readings[str(version)]
        found.setdefault(str(category), []).append((reading, str(how)))
    return found


def _category(
    base: KnowledgeBase,
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


def _differences(
    base: KnowledgeBase, mine: Reading, theirs: Reading, lang: str
) -> Iterator[dict[str, Any]]:
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
            yield {"what": what, "before": list(before), "after": list(after)}


def _services(reading: Reading) -> tuple[str, ...]:
    return tuple(dict.fromkeys(scope.service for scope in reading.record.scope))


def change_dict(base: KnowledgeBase, change: Change, lang: str) -> dict[str, Any]:
    """A `Change` with the names of its documents."""
    found = {key: value for key, value in asdict(change).items() if value not in (None, ())}
    if change.document:
        found["document"] = base.facts.names.label("document", change.document, "zh")
        found["id"] = change.document
    if change.documents:
        found["documents"] = [
            base.facts.names.label("document", document, "zh") for document in change.documents
        ]
    if change.what == "condition_changed":
        for key in ("before", "after"):
            if found.get(key):
                found[key] = base.facts.names.label("condition", found[key], lang)
    return found


def _flips(
    base: KnowledgeBase, apps: Iterable[App], first: int, last: int, lang: str
) -> Iterator[dict[str, Any]]:
    for app in apps:
        before = base.ask(app, as_of=date(first), lang=lang)
        after = base.ask(app, as_of=date(last), lang=lang)
        if before.verdict != after.verdict:
            yield {
                "app": app.name,
                "before": before.verdict,
                "after": after.verdict,
                "to_provide": after.bundle["documents"],
            }


WORDS = {
    "added": ("新增", "added"),
    "adjusted": ("调整(原文不在来源中)", "adjusted (the earlier text is in no source)"),
    "removed": ("取消", "removed"),
    "changed": ("变更", "changed"),
    "renamed": ("更名", "renamed"),
    "settled": ("已确定生效", "now surely in force"),
    "alternative_added": ("新增方案", "alternative added"),
    "alternative_dropped": ("取消方案", "alternative dropped"),
    "document_added": ("新增材料", "document added"),
    "document_dropped": ("取消材料", "document dropped"),
    "count_changed": ("份数变化", "count changed"),
    "words_changed": ("须写内容变化", "words changed"),
    "condition_changed": ("条件变化", "condition changed"),
    "holder_changed": ("持有方变化", "holder changed"),
    "form_changed": ("形式变化", "form changed"),
    "issuer_changed": ("颁发机关变化", "issuer changed"),
    "option_changed": ("必要性变化", "need changed"),
    "choice_became_all": ("由任选改为全部提供", "a choice became all"),
    "all_became_choice": ("由全部提供改为任选", "all became a choice"),
    "open_to_changed": ("开放主体变化", "open to others"),
    "regions_changed": ("服务地区变化", "places changed"),
    "services_changed": ("适用服务变化", "services changed"),
}


def changes_text(found: Changes, lang: str) -> str:
    """`kb changes` as text."""
    return "\n".join(_lines(found, lang))


def _lines(found: Changes, lang: str) -> Iterator[str]:
    zh = lang == "zh"

    def say(key: str) -> str:
        return WORDS[key][0 if zh else 1]

    count = f"{len(found.categories)} {'个类目' if zh else 'categories'}"
    yield f"{found.first} → {found.last}: {count}"
    for entry in found.categories:
        title = entry["category"] + (f" ({entry['en']})" if "en" in entry else "")
        sources = [cite for version in entry["after"] for cite in version["sources"]]
        unsure = any(version["certainty"] == "perhaps" for version in entry["after"])
        doubt = (" (生效日不确定)" if zh else " (day not certain)") * unsure
        yield f"{say(entry['what'])}{doubt}: {title}  [{cites(sources)}]"
        for change in entry["differences"]:
            named = change.get("document") or " + ".join(change.get("documents", ()))
            named = f" 《{named}》" if named else ""
            both = ""
            if "before" in change or "after" in change:
                both = f": {change.get('before', '–')} → {change.get('after', '–')}"
            yield f"    {say(change['what'])}{named}{both}"
    if found.apps is None:
        return
    yield ""
    yield f"{'结论变化的应用' if zh else 'apps whose verdict flips'}: {len(found.apps)}"
    for flip in found.apps:
        yield (
            f"  {flip['app']}: {mark(flip['before'])} {word(flip['before'], lang)} → "
            f"{mark(flip['after'])} {word(flip['after'], lang)}"
        )
        for document in flip["to_provide"]:
            yield f"      · {document_text(document, zh)}"
