"""What a person is shown of a card: its text, what it was read to ask for, what that changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kb.base.documents import document_of
from kb.base.results import Role
from kb.importers.difference import Change
from kb.importers.names import listed
from kb.importers.run import Card, Import, open_beside
from kb.importers.text import Span, key, runs
from kb.lang.statements import parse_lines
from kb.lang.syntax import Cite
from kb.model.data import Json
from kb.model.names import Names, Term
from kb.model.requirements import TooLargeError, alternatives, leaves, need_of
from kb.model.schema import Node as Requirement
from kb.model.vocabulary import KINDS
from kb.model.yamlread import as_text
from kb.query.categories import requirement_of
from kb.query.results import ReferenceResult, RequirementNode, ShownAlternative
from kb.render.import_cards import (
    alternative_lines,
    beside_lines,
    change_lines,
    finding_lines,
    led_lines,
    name_lines,
    reference_lines,
    tree_lines,
)
from kb.render.language import Language
from kb.render.outline import Line


@dataclass(frozen=True)
class Face:
    """A card as a terminal or a panel shows it.

    `state` says why there is no tree; `alternatives` is None where there are too many to write out;
    `names` are papers that the base calls otherwise or does not know: the name as the cell has it,
    the id, and a known name that is near. `changes` are those of the card's categories against
    the base, `beside` are passages of their scopes and remarks that stay open, each with its
    category, `requirement` is the tree as a person may edit it.
    """

    hash: str
    text: str
    spans: tuple[Span, ...]
    categories: tuple[str, ...]
    tree: RequirementNode | None
    state: str
    alternatives: tuple[ShownAlternative, ...] | None
    references: Mapping[str, tuple[ReferenceResult, ...]]
    names: tuple[tuple[str, str, str], ...]
    changes: tuple[Change, ...]
    findings: tuple[tuple[str, str], ...]
    beside: tuple[tuple[str, Mapping[str, Any]], ...]
    requirement: str
    cite: Cite
    terms: Names
    decision: str = ""

    def lines(self, lang: str) -> Iterator[Line]:
        """All that stands beside the text, in a language."""
        to = Language(lang, self.terms)
        yield from tree_lines(self.tree, self.state, self.cite, to)
        yield from alternative_lines(self.alternatives, to)
        yield from name_lines(self.names, to)
        yield from reference_lines(self.references, to)
        came = dict.fromkeys(paper for change in self.changes for paper in change.came)
        went = dict.fromkeys(paper for change in self.changes for paper in change.went)
        led = dict.fromkeys(ref for change in self.changes for ref in change.led)
        unled = dict.fromkeys(ref for change in self.changes for ref in change.unled)
        told = [change.text(lang) for change in self.changes]
        yield from change_lines(told, [*came], [*went], to)
        yield from led_lines([*led], [*unled], to)
        yield from finding_lines(self.findings, to)
        yield from beside_lines(self.beside, to)


def face_of(
    card: Card, made: Import, changes: Mapping[int, Change], terms: Names, decision: str = ""
) -> Face:
    """What is shown of a card of an import; `changes` are by the number of the row."""
    of_row = {id(read): version for read, version in made.drafted()}
    versions = [of_row[id(read)] for read in card.rows if id(read) in of_row]
    first: Json = versions[0] if versions else {}
    tree = Requirement.model_validate(first["requirement"]) if "requirement" in first else None
    states = ("withdrawn", "none_required", "elsewhere", "none_stated")
    source = made.options.source
    return Face(
        card.hash,
        card.reading.text,
        tuple(runs(card.reading.roles)),
        tuple(read.row.name for read in card.rows),
        requirement_of(tree) if tree else None,
        next((state for state in states if first.get(state)), "none_stated"),
        _alternatives(tree),
        {str(version.get("name", "")): tuple(_references(version, source)) for version in versions},
        tuple(_names(card, made)),
        tuple(changes[read.row.number] for read in card.rows if read.row.number in changes),
        tuple((f.code, card.reading.text[f.start : f.end]) for f in card.reading.findings),
        tuple(
            (read.row.name, passage)
            for read in card.rows
            if id(read) in of_row
            for passage in open_beside(read, of_row[id(read)])
        ),
        as_text(first.get("requirement") or {}),
        Cite(source, parse_lines(str(first.get("lines", "1")))),
        terms,
        decision,
    )


def terms_of(made: Import) -> Names:
    """What terms are called: those of the base, and those that the import brings."""
    terms = Names(dict(made.known.terms.terms))
    for read in made.reads:
        terms.add(Term("category", read.category, read.row.name, read.row.name))
    for kind, found in made.draft.terms.items():
        for term in found:
            terms.add(Term(KINDS[kind], term["id"], term["zh"], term["en"]))
    return terms


def _alternatives(tree: Requirement | None) -> tuple[ShownAlternative, ...] | None:
    if tree is None:
        return ()
    try:
        found = alternatives(tree)
    except TooLargeError:
        return None
    stated = {need_of(leaf): leaf for leaf in reversed([*leaves(tree)])}
    order = {need: n for n, need in enumerate(reversed(stated))}
    return tuple(
        ShownAlternative(
            tuple(
                document_of(need, stated.get(need))
                for need in sorted(each.needs, key=lambda need: (order.get(need, 0), need))
            ),
            tuple(sorted(each.when)),
        )
        for each in found
    )


def _references(version: Json, source: str) -> Iterator[ReferenceResult]:
    for reference in version.get("references", ()):
        yield ReferenceResult(
            Role(reference["role"]),
            tuple(listed(reference["categories"])),
            tuple(listed(reference.get("services"))),
            Cite(source, parse_lines(str(reference["lines"]))),
            tuple(listed(reference.get("applicants"))),
        )


def _names(card: Card, made: Import) -> Iterator[tuple[str, str, str]]:
    """The papers of a card whose names the base does not have as the cell writes them."""
    read = card.rows[0].row
    told: dict[str, tuple[str, str, str]] = {}
    for paper in card.reading.node.papers() if card.reading.node else ():
        found = made.resolver.document(paper.name, read.second or read.first, paper.of)
        label = made.known.labels.get(("documents", found.id), "")
        if key(label) != key(paper.name):
            told.setdefault(found.id, (paper.name, found.id, found.near))
    return iter(told.values())
