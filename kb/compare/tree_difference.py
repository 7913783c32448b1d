"""The difference between two requirement trees: what was added, dropped or changed."""

from __future__ import annotations

from collections.abc import Iterator

from kb.compare.results import (
    AllBecameChoice,
    ChoiceBecameAll,
    ChoiceCountChanged,
    ConditionChanged,
    CountChanged,
    FormChanged,
    HolderChanged,
    IssuerChanged,
    Move,
    NumberChanged,
    OptionChanged,
    Part,
    PartMoved,
    Range,
    RangeChanged,
    TreeChange,
    WordsChanged,
)
from kb.model.requirements import documents as document_nodes
from kb.model.schema import Node


def difference(before: Node | None, after: Node | None) -> tuple[TreeChange, ...]:
    """What changed from one requirement to the other; None is a source that names no document.

    >>> one, other = Node(document="licence"), Node(document="licence", at_least=2)
    >>> difference(one, other)
    (CountChanged(document='licence', before=1, after=2),)
    """
    if before is None or after is None:
        present = after if before is None else before
        if present is None:
            return ()
        return tuple(_whole(present, Move.ADDED if before is None else Move.DROPPED))
    return tuple(_nodes(before, after))


def _nodes(before: Node, after: Node) -> Iterator[TreeChange]:
    if before.condition != after.condition:
        document = before.document or after.document
        several = () if document else _named(after)
        yield ConditionChanged(document, before.condition, after.condition, several)
    if before.document is not None and after.document is not None:
        yield from _documents(before, before.document, after, after.document)
        return
    one, other = _kind(before), _kind(after)
    if "document" not in (one, other) and one != other:
        named = _named(after)
        yield ChoiceBecameAll(named) if other == "all_of" else AllBecameChoice(named)
    if one == other == "any_of" and _range(before) != _range(after):
        documents = tuple(leaf.document or "" for leaf in document_nodes(after))
        yield ChoiceCountChanged(documents, _range(before), _range(after))
    choice = other == "any_of" or (other == "document" and one == "any_of")
    pairs, dropped, added = _matched(_children(before), _children(after))
    for mine, theirs in pairs:
        yield from _nodes(mine, theirs)
    for node in dropped:
        yield from _whole(node, Move.DROPPED, choice)
    for node in added:
        yield from _whole(node, Move.ADDED, choice)


def _range(node: Node) -> Range:
    return node.at_least, node.up_to, node.at_most


def _kind(node: Node) -> str:
    if node.document is not None:
        return "document"
    return "all_of" if node.all_of is not None else "any_of"


def _children(node: Node) -> tuple[Node, ...]:
    """A document alone is a list of one."""
    return node.children or (node,)


def _named(node: Node) -> tuple[str, ...]:
    """The documents of a node, each once."""
    return tuple(dict.fromkeys(leaf.document or "" for leaf in document_nodes(node)))


def _whole(node: Node, move: Move, offered: bool = False) -> Iterator[TreeChange]:
    """All of a node came or went; `offered` as one of several alternatives."""
    documents = tuple(leaf.document or "" for leaf in document_nodes(node))
    if offered:
        yield PartMoved(Part.ALTERNATIVE, move, documents, node.condition)
    elif node.document is not None:
        yield PartMoved(Part.DOCUMENT, move, documents, node.condition)
    elif node.any_of is not None:
        yield PartMoved(Part.CHOICE, move, documents, node.condition)
    else:
        for child in node.children:
            yield from _whole(child, move)


def _documents(before: Node, document: str, after: Node, other: str) -> Iterator[TreeChange]:
    if document != other:
        yield PartMoved(Part.DOCUMENT, Move.DROPPED, (document,))
        yield PartMoved(Part.DOCUMENT, Move.ADDED, (other,))
        return
    if before.holder != after.holder:
        yield HolderChanged(document, before.holder, after.holder)
    ranges = [_range(before), _range(after)]
    if ranges[0][1:] != ranges[1][1:]:
        yield RangeChanged(document, *ranges)
    elif before.at_least != after.at_least:
        yield CountChanged(document, before.at_least, after.at_least)
    if before.as_many_as != after.as_many_as:
        numbers = ((n.as_many_as,) if n.as_many_as else () for n in (before, after))
        yield NumberChanged(document, *numbers)
    if before.words != after.words:
        yield WordsChanged(document, before.words, after.words)
    if before.form != after.form:
        yield FormChanged(document, before.form, after.form)
    if before.issuer != after.issuer:
        yield IssuerChanged(document, before.issuer, after.issuer)
    if before.optional != after.optional:
        yield OptionChanged(document, before.optional, after.optional)


def _matched(
    before: tuple[Node, ...], after: tuple[Node, ...]
) -> tuple[list[tuple[Node, Node]], list[Node], list[Node]]:
    """Children paired by how many documents they share, the most alike first; then the children
    that are left over on either side."""
    likeness = sorted(
        (-alike, m, n)
        for m, mine in enumerate(before)
        for n, theirs in enumerate(after)
        if (alike := _alike(mine, theirs)) > 0
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
    """How much two nodes share: of their documents with holders, of their documents, and one more
    when they are the same in all, so that what did not change is paired with itself."""
    mine = {(leaf.document, leaf.holder) for leaf in document_nodes(one)}
    theirs = {(leaf.document, leaf.holder) for leaf in document_nodes(other)}
    names = {d for d, _ in mine}, {d for d, _ in theirs}
    exact = len(mine & theirs) / len(mine | theirs)
    return exact + len(names[0] & names[1]) / len(names[0] | names[1]) + (one == other)
