"""The difference between two requirement trees, as data: what was added, dropped or changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kb.model.requirements import leaves
from kb.model.schema import Node


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `what` is alternative_, choice_ or document_added or _dropped, or count_,
    words_, condition_, holder_, form_, issuer_ or option_changed, or choice_became_all or
    all_became_choice. `document` is an id, `documents` those of an alternative or a choice,
    `before` and `after` the values that differ, `when` the condition of what came or went."""

    what: str
    document: str | None = None
    before: Any = None
    after: Any = None
    documents: tuple[str, ...] = ()
    when: str | None = None


def difference(before: Node | None, after: Node | None) -> tuple[Change, ...]:
    """What changed from one requirement to the other; None is a source that names no document."""
    if before is None or after is None:
        present = after if before is None else before
        if present is None:
            return ()
        return tuple(_whole(present, "added" if before is None else "dropped"))
    return tuple(_nodes(before, after))


def _nodes(before: Node, after: Node) -> Iterator[Change]:
    if before.when != after.when:
        named = before.document or after.document
        yield Change("condition_changed", named, before.when, after.when)
    if before.document is not None and after.document is not None:
        yield from _documents(before, after)
        return
    one, other = _kind(before), _kind(after)
    if "document" not in (one, other) and one != other:
        yield Change("choice_became_all" if other == "all_of" else "all_became_choice")
    choice = other == "any_of" or (other == "document" and one == "any_of")
    pairs, dropped, added = _matched(_children(before), _children(after))
    for mine, theirs in pairs:
        yield from _nodes(mine, theirs)
    for node in dropped:
        yield from _whole(node, "dropped", choice)
    for node in added:
        yield from _whole(node, "added", choice)


def _kind(node: Node) -> str:
    if node.document is not None:
        return "document"
    return "all_of" if node.all_of is not None else "any_of"


def _children(node: Node) -> tuple[Node, ...]:
    """A document alone is a list of one."""
    return node.children or (node,)


def _whole(node: Node, word: str, offered: bool = False) -> Iterator[Change]:
    """All of a node came or went; `offered` as one of several alternatives."""
    documents = tuple(leaf.document or "" for leaf in leaves(node))
    if offered:
        yield Change(f"alternative_{word}", documents=documents, when=node.when)
    elif node.document is not None:
        yield Change(f"document_{word}", node.document, when=node.when)
    elif node.any_of is not None:
        yield Change(f"choice_{word}", documents=documents, when=node.when)
    else:
        for child in node.children:
            yield from _whole(child, word)


def _documents(before: Node, after: Node) -> Iterator[Change]:
    if before.document != after.document:
        yield Change("document_dropped", before.document)
        yield Change("document_added", after.document)
        return
    for what, key in (
        ("holder_changed", "holder"),
        ("count_changed", "at_least"),
        ("words_changed", "words"),
        ("form_changed", "form"),
        ("issuer_changed", "issuer"),
        ("option_changed", "optional"),
    ):
        mine, theirs = getattr(before, key), getattr(after, key)
        if mine != theirs:
            yield Change(what, before.document, _plain(mine), _plain(theirs))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [item if isinstance(item, str) else item.model_dump() for item in value]
    return value


def _matched(
    before: tuple[Node, ...], after: tuple[Node, ...]
) -> tuple[list[tuple[Node, Node]], list[Node], list[Node]]:
    """Children paired by how many documents they share, the most alike first."""
    likeness = sorted(
        (
            (-_alike(mine, theirs), m, n)
            for m, mine in enumerate(before)
            for n, theirs in enumerate(after)
            if _alike(mine, theirs) > 0
        ),
    )
    left, right = set(range(len(before))), set(range(len(after)))
    pairs = []
    for _, m, n in likeness:
        if m in left and n in right:
            pairs.append((m, n))
            left.remove(m)
            right.remove(n)
    return (
        [(before[m], after[n]) for m, n in sorted(pairs)],
        [before[m] for m in sorted(left)],
        [after[n] for n in sorted(right)],
    )


def _alike(one: Node, other: Node) -> float:
    mine = {(leaf.document, leaf.holder) for leaf in leaves(one)}
    theirs = {(leaf.document, leaf.holder) for leaf in leaves(other)}
    names = {d for d, _ in mine}, {d for d, _ in theirs}
    exact = len(mine & theirs) / len(mine | theirs)
    return exact + len(names[0] & names[1]) / len(names[0] | names[1]) + (one == other)
