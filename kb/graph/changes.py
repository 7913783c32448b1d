"""What changed between two days, as a graph: the earlier and the later text side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kb.base.versions import superseding
from kb.compare.changes import changes
from kb.compare.results import CategoryChange, CategoryChangeKind, PartMoved
from kb.graph.build import Builder, Graph, key_of, plain, supersedes
from kb.model.requirements import Need, need_of
from kb.model.rows import Reading
from kb.model.schema import Node
from kb.render.changes import Shown, code_text, pair_text, shown
from kb.render.language import Language

if TYPE_CHECKING:
    from kb.base.core import Core, Day


_TOLD = 3
"""So many documents that came or went are named at their category."""


def change_graph(base: Core, first: Day, last: Day) -> Graph:
    """The categories that `kb changes` names, with their readings of both days. `state` tells of
    each node and edge whether it is `added`, `recorded` for the first time, `dropped`,
    `changed` or the `same`."""
    found = changes(base, base.day(first), base.day(last))
    languages = [Language(lang, base.facts.names) for lang in ("zh", "en")]
    builder = Builder(base.facts)
    kept: list[Reading] = []
    for change in found.categories:
        old = [base.facts.readings[version.id] for version in change.before]
        new = [base.facts.readings[version.id] for version in change.after]
        both = list({reading.id: reading for reading in (*old, *new)}.values())
        kept += both
        for reading in both:
            builder.reading(reading)
        state = _state(change.what)
        builder.node("category", change.category, state=state)
        _mark(builder.graph, old, new, state if state == "recorded" else "added")
        _tell(builder.graph, change, both, languages)
    supersedes(builder, kept, superseding(base))
    days = f"{found.first} → {found.last}"
    return builder.finished(view="changes", zh=f"变更 {days}", en=f"changes {days}")


def _state(what: CategoryChangeKind) -> str:
    match what:
        case CategoryChangeKind.ADDED:
            return "added"
        case CategoryChangeKind.FIRST_RECORDED:
            return "recorded"
        case CategoryChangeKind.REMOVED:
            return "dropped"
        case CategoryChangeKind.RESTATED:
            return "same"
        case _:
            return "changed"


def _mark(graph: Graph, old: list[Reading], new: list[Reading], come_state: str) -> None:
    """The states of all that the readings of a category state; `come_state` is that of what only
    later ones do."""
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
            state = come_state if version in come else "dropped"
            need = paths[version].get(data.get("path", ""))
            if need is not None and need in earlier and need in later:
                state = "same"
        data["state"] = state
        if graph.nodes[head]["kind"] in ("all_of", "any_of"):
            graph.nodes[head]["state"] = state


def _tell(
    graph: Graph,
    change: CategoryChange,
    readings: Sequence[Reading],
    languages: Sequence[Language],
) -> None:
    """Say at each document what differs in how it is asked for, and at the category the rest.

    What came or went is drawn and needs no words. A document that both texts ask for, in another
    way, is `changed` in both.
    """
    told: dict[str, list[Shown]] = {}
    for difference in change.differences:
        match difference:
            case PartMoved():
                continue
            case _:
                each = shown(difference)
                told.setdefault(each.document or "", []).append(each)
    if "" in told:
        node = graph.nodes[key_of("category", change.category)]
        node.update(_said(told.pop(""), languages))
    ids = {reading.id for reading in readings}
    _sum_up(graph, change.category, ids)
    for _, head, data in graph.edges(data=True):
        kind, _, id = head.partition(":")
        asked = data["kind"] == "requires" and kind == "document" and data.get("version") in ids
        if not asked or id not in told or data["state"] == "same":
            continue
        if data["state"] == "added":
            data.update(_said(told[id], languages))
        data["state"] = "changed"


def _sum_up(graph: Graph, category: str, ids: set[str]) -> None:
    """Say at the category which documents came and went, where nothing else is said of it."""
    node = graph.nodes[key_of("category", category)]
    if "change_zh" in node or node["state"] != "changed":
        return
    found: dict[str, list[str]] = {"added": [], "dropped": []}
    for _, head, data in graph.edges(data=True):
        if data.get("version") in ids and head.startswith("document:"):
            found.get(data["state"], []).append(head)
    came, went = found["added"], found["dropped"]
    marked = [("+", k) for k in came if k not in went] + [("−", k) for k in went if k not in came]
    marked = list(dict.fromkeys(marked))
    for lang, sep in (("zh", "、"), ("en", ", ")) if marked else ():
        names = [f"{mark} {graph.nodes[key][lang]}" for mark, key in marked]
        more = f" +{len(names) - _TOLD}" if len(names) > _TOLD else ""
        node[f"change_{lang}"] = plain(sep.join(names[:_TOLD]) + more)


def _said(differences: Sequence[Shown], languages: Sequence[Language]) -> dict[str, str]:
    """Differences in words, such as `份数变化: 1 → 2`, in each language."""
    return {
        f"change_{to.lang}": plain("; ".join(_words(each, to) for each in differences))
        for to in languages
    }


def _words(each: Shown, to: Language) -> str:
    name = code_text(each.what, to)
    return name if each.pair is None else f"{name}: {pair_text(each.pair, to)}"


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
