"""Documents and alternatives as a source states them: what a version asks for, in its order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kb.base.results import DocumentNeed, Verdict
from kb.model.requirements import (
    Alternative,
    Need,
    alternatives,
    counted,
    leaves,
    need_of,
    nodes_of,
)
from kb.model.rows import Reading
from kb.model.schema import Label, Node


def document_of(
    need: Need, leaf: Node | None, held: int | None = None, verdict: Verdict | None = None
) -> DocumentNeed:
    """A need as a result, with what its source says of it; `held` and `verdict` are of an app."""
    if leaf is None:
        return DocumentNeed(
            need.document,
            need.holder,
            need.at_least,
            held,
            need.must_state,
            verdict,
            each=need.each or None,
            at_most=need.at_most or None,
            as_many_as=need.as_many or None,
            counted=need.counted or None,
        )
    return DocumentNeed(
        need.document,
        need.holder,
        need.at_least,
        held,
        leaf.words,
        verdict,
        leaf.issuer,
        leaf.form,
        leaf.note,
        leaf.optional,
        leaf.lines,
        need.each or None,
        up_to=leaf.up_to,
        at_most=need.at_most or None,
        as_many_as=need.as_many or None,
        counted=need.counted or None,
    )


def leaves_of(reading: Reading) -> Mapping[Need, Node]:
    """The node that states each need of a reading."""
    found: dict[Need, Node] = {}
    if reading.record.requirement:
        for leaf in leaves(reading.record.requirement):
            found.setdefault(need_of(leaf), leaf)
    return found


class Origins:
    """What a reading states, and from which parts of its requirement its alternatives are taken.

    Two branches may ask for the same document, each by another authority or for another kind of
    applicant; here an alternative has what its own branches say.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.stated = leaves_of(reading)
        """The node that states each need."""
        self.members = [(need_of(c), c) for leaf in self.stated.values() for c in leaf.children]
        """The documents of counted choices, each with the need that it states."""
        self._leaves: dict[str, Mapping[Need, Node]] = {}
        self._branches: dict[str, tuple[Label, ...]] = {}
        self._stated: dict[int, tuple[Alternative, ...]] = {}
        tree = reading.record.requirement
        every = [need_of(leaf) for leaf in leaves(tree)] if tree else []
        labelled = tree is not None and any(node.label is not None for node in nodes_of(tree))
        self._alike = labelled or len(set(every)) < len(every)

    def branches(self, name: str) -> tuple[Label, ...]:
        """What the source calls the branches that an alternative (an id) is taken from."""
        if name not in self._branches:
            labels = (node.label for node in self._nodes(name))
            self._branches[name] = tuple(label for label in labels if label is not None)
        return self._branches[name]

    def leaves(self, name: str) -> Mapping[Need, Node]:
        """The nodes that state the needs of an alternative (an id)."""
        if name not in self._leaves:
            own = (n for n in self._nodes(name) if n.document is not None or counted(n))
            self._leaves[name] = {**self.stated, **{need_of(n): n for n in own}}
        return self._leaves[name]

    def _nodes(self, name: str) -> Iterator[Node]:
        tree = self._reading.record.requirement
        if tree is not None and self._alike:
            at = self._reading.alternative_ids.index(name)
            yield from self._taken(tree, self._reading.alternatives[at])

    def _taken(self, node: Node, alternative: Alternative) -> Iterator[Node]:
        yield node
        if counted(node):
            return
        fitting = [(child, self._share(child, alternative)) for child in node.children]
        shares = sorted((share for _, share in fitting if share), reverse=True)
        if node.any_of is not None:
            # One branch may ask for a part of what another does: the fullest one is meant.
            shares = shares[: node.at_least]
        for child, share in fitting:
            if share in shares:
                shares.remove(share)
                yield from self._taken(child, alternative)

    def _share(self, node: Node, alternative: Alternative) -> int:
        """How much of an alternative a node states; 0 when it is not taken from there."""
        own = frozenset({(node.condition, True)} if node.condition else ())
        return max(
            (
                1 + len(each.needs) + len(each.when | own)
                for each in self._alternatives(node)
                if each.when | own <= alternative.when and each.needs <= alternative.needs
            ),
            default=0,
        )

    def _alternatives(self, node: Node) -> tuple[Alternative, ...]:
        if id(node) not in self._stated:
            self._stated[id(node)] = alternatives(
                node.model_copy(update={"when": (), "unless": ()})
            )
        return self._stated[id(node)]


def in_order(stated: Iterable[Need], needs: Iterable[Need]) -> list[Need]:
    """Needs in the order in which the source names them: the one of all that it has `stated`."""
    place = {need: n for n, need in enumerate(stated)}
    return sorted(needs, key=lambda need: (place.get(need, len(place)), need))


def alternatives_of(reading: Reading) -> list[tuple[str, Alternative]]:
    """The minimal alternatives of a reading with their ids."""
    return list(zip(reading.alternative_ids, reading.alternatives, strict=True))
