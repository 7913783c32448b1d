"""What changed between two days, as a graph: the earlier and the later text side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kb.compare.changes import changes, standing
from kb.graph.build import Builder, Graph, key_of, plain, supersedes
from kb.model.days import date
from kb.model.requirements import Need, need_of
from kb.model.rows import Reading
from kb.model.schema import Node
from kb.render.changes import WORDS

if TYPE_CHECKING:
    from kb.base.core import Core, Day

_CATEGORY = {"added": "added", "removed": "dropped"}

# What the drawing shows by itself, and what is said of a document that both texts ask for.
_SEEN = {
    f"{what}_{word}"
    for what in ("document", "alternative", "choice")
    for word in ("added", "dropped")
}
_OF_DOCUMENT = {
    "count_changed",
    "words_changed",
    "condition_changed",
    "holder_changed",
    "form_changed",
    "issuer_changed",
    "option_changed",
}


def change_graph(base: Core, first: Day, last: Day) -> Graph:
    """The categories that `kb changes` names, with their readings of both days. `state` tells of
    each node and edge whether it is `added`, `dropped`, `changed` or the `same`."""
    one, other = base.day(first), base.day(last)
    found = changes(base, one, other)
    before, after = standing(base, one), standing(base, other)
    builder = Builder(base.facts)
    kept: list[Reading] = []
    for entry in found.categories:
        category = entry["id"]
        old = [r for r, _ in before.get(category, [])]
        new = [r for r, _ in after.get(category, [])]
        both = list(dict.fromkeys(r.id for r in (*old, *new)))
        kept += [base.facts.readings[id] for id in both]
        for id in both:
            builder.reading(base.facts.readings[id])
        state = _CATEGORY.get(entry["what"], "changed")
        builder.node("category", category, state=state)
        _mark(builder.graph, category, old, new)
        _tell(builder.graph, category, entry["differences"], old, new)
    supersedes(builder, kept)
    days = f"{date(one).isoformat()} → {date(other).isoformat()}"
    return builder.finished(view="changes", zh=f"变更 {days}", en=f"changes {days}")


def _mark(graph: Graph, category: str, old: list[Reading], new: list[Reading]) -> None:
    """The states of all that the readings of a category state."""
    gone, come = {r.id for r in old}, {r.id for r in new}
    needs = {r.id: set(_needs(r)) for r in (*old, *new)}
    earlier = set().union(*(needs[id] for id in gone))
    later = set().union(*(needs[id] for id in come))
    paths = {r.id: dict(_paths(r.record.requirement, "0")) for r in (*old, *new)}
    for _, head, data in graph.edges(data=True):
        version = data.get("version")
        if version not in needs or "state" in data:
            continue
        if version in gone and version in come:
            state = "same"
        else:
            state = "added" if version in come else "dropped"
            need = paths[version].get(data.get("path", ""))
            if need is not None and need in earlier and need in later:
                state = "same"
        data["state"] = state
        if graph.nodes[head]["kind"] in ("all_of", "any_of"):
            graph.nodes[head]["state"] = state
    assert key_of("category", category) in graph


def _tell(
    graph: Graph,
    category: str,
    differences: list[dict[str, Any]],
    old: list[Reading],
    new: list[Reading],
) -> None:
    """Say at each document what differs in how it is asked for, and at the category the rest. A
    document that both texts ask for, in another way, is `changed` in both."""
    told: dict[str, list[dict[str, Any]]] = {}
    for found in differences:
        if found["what"] not in _SEEN:
            same = found["what"] in _OF_DOCUMENT and "id" in found
            told.setdefault(found["id"] if same else "", []).append(found)
    node = graph.nodes[key_of("category", category)]
    for lang in ("zh", "en"):
        if "" in told:
            node[f"change_{lang}"] = plain("; ".join(_words(d, lang) for d in told[""]))
    readings = {r.id for r in (*old, *new)}
    for _, head, data in graph.edges(data=True):
        kind, _, id = head.partition(":")
        if (
            data["kind"] != "requires"
            or kind != "document"
            or data.get("version") not in readings
            or id not in told
            or data["state"] == "same"
        ):
            continue
        if data["state"] == "added":
            for lang in ("zh", "en"):
                data[f"change_{lang}"] = plain("; ".join(_words(d, lang) for d in told[id]))
        data["state"] = "changed"


def _words(found: dict[str, Any], lang: str) -> str:
    """A difference in words: `份数变化: 1 → 2`.

    >>> _words({"what": "count_changed", "before": 1, "after": 2}, "en")
    'count changed: 1 → 2'
    """
    name = WORDS[found["what"]][0 if lang == "zh" else 1]
    if "before" not in found and "after" not in found:
        return name
    before, after = (_value(found.get(key), lang) for key in ("before", "after"))
    return f"{name}: {before} → {after}"


def _value(value: Any, lang: str) -> str:
    if value is None or value == []:
        return "–"
    if isinstance(value, bool):
        return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
    if isinstance(value, list):
        return "、".join(_value(item, lang) for item in value)
    if isinstance(value, dict):
        return str(value.get(lang, value))
    return str(value)


def _needs(reading: Reading) -> Iterator[Need]:
    for _, need in _paths(reading.record.requirement, "0"):
        yield need


def _paths(node: Node | None, path: str) -> Iterator[tuple[str, Need]]:
    if node is None:
        return
    if node.document is not None:
        yield path, need_of(node)
    for n, child in enumerate(node.children):
        yield from _paths(child, f"{path}.{n}")
