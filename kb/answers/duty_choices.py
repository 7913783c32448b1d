"""What duties ask for beside categories, as choices that a bundle is picked from."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kb.answers.choices import Choice
from kb.base.results import DocumentNeed, Verdict
from kb.model.requirements import Need

if TYPE_CHECKING:
    from kb.base.core import Core


class DutyChoices:
    """The papers that keep duties, one of which each duty asks for: documents with their holders,
    by the parts of the duties."""

    def __init__(self, base: Core, papers: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        self._base = base
        self._of: dict[str, tuple[str, Need]] = {}
        self.lists: list[tuple[str, list[Choice]]] = []
        """The choices that each duty leaves."""
        self.papers = {paper for each in papers.values() for paper in each}
        for part, each in papers.items():
            needs = [Need(document, holder) for document, holder in each]
            choices = [Choice(f"{part}/{n.id}", frozenset({n})) for n in needs]
            self._of.update((c.name, (part, n)) for c, n in zip(choices, needs, strict=True))
            self.lists.append((part, choices))

    def __contains__(self, name: str) -> bool:
        """Whether a choice is of a duty."""
        return name in self._of

    def told(
        self, documents: Sequence[DocumentNeed], picks: Iterable[Choice]
    ) -> tuple[DocumentNeed, ...]:
        """The documents of a bundle, each with the duties of the picks that it keeps: it is asked
        for whatever else is open, and what is in hand of it does not keep them."""
        duties: dict[int, list[str]] = {}
        for part, need in (self._of[pick.name] for pick in picks if pick.name in self):
            at = min(range(len(documents)), key=lambda n: self._far(documents[n], need))
            duties.setdefault(at, []).append(part)
        return tuple(
            self._with(found, duties[at]) if at in duties else found
            for at, found in enumerate(documents)
        )

    def _far(self, found: DocumentNeed, need: Need) -> int:
        """0 for the document itself, 1 for a narrower kind of it, 2 for any other."""
        if found.holder != need.holder:
            return 2
        if found.document == need.document:
            return 0
        wider: Container[str] = self._base.facts.vocabulary.above(found.document)
        return 1 if need.document in wider else 2

    def _with(self, found: DocumentNeed, duties: list[str]) -> DocumentNeed:
        bearer = self._base.provisions.bearer
        cites = (self._base.cite("duty", (part, bearer[part])) for part in duties[:1])
        lines = found.lines or tuple(n for cite in cites if cite for n in cite.lines)
        return replace(
            found, verdict=Verdict.MISSING, only_if=(), lines=lines, duties=tuple(duties)
        )
