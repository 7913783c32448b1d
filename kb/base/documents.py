"""Documents and alternatives as a source states them: what a version asks for, in its order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kb.base.results import DocumentNeed, Verdict
from kb.model.requirements import Alternative, Need, leaves, need_of
from kb.model.rows import Reading
from kb.model.schema import Node


def document_of(
    need: Need, leaf: Node | None, held: int | None = None, verdict: Verdict | None = None
) -> DocumentNeed:
    """A need as a result, with what its source says of it; `held` and `verdict` are of an app."""
    if leaf is None:
        return DocumentNeed(
            need.document, need.holder, need.at_least, held, need.must_state, verdict
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
    )


def leaves_of(reading: Reading) -> Mapping[Need, Node]:
    """The node that states each need of a reading."""
    found: dict[Need, Node] = {}
    if reading.record.requirement:
        for leaf in leaves(reading.record.requirement):
            found.setdefault(need_of(leaf), leaf)
    return found


def in_order(reading: Reading, needs: Iterable[Need]) -> list[Need]:
    """Needs in the order in which the source names them."""
    place = {need: n for n, need in enumerate(leaves_of(reading))}
    return sorted(needs, key=lambda need: (place.get(need, len(place)), need))


def alternatives_of(reading: Reading) -> list[tuple[str, Alternative]]:
    """The minimal alternatives of a reading with their ids."""
    return list(zip(reading.alternative_ids, reading.alternatives, strict=True))
