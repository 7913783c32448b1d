"""What a person decides on cells, kept by the hash of the cell and the version of the grammar."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pydantic import ValidationError

from kb.importers.grammar import VERSION
from kb.importers.output import REVIEW, write
from kb.importers.papers import Node
from kb.importers.rows import bad
from kb.importers.run import Card, Import, run_import, valid
from kb.importers.text import Span, runs
from kb.model.data import Json
from kb.model.schema import Node as Requirement
from kb.model.writing import write_whole
from kb.model.yamlread import as_text, read_text
from kb.render.imports import message

Decision: TypeAlias = Literal["accept", "edit", "reject", "later"]


@dataclass(frozen=True)
class Face:
    """A card as a terminal or a panel shows it."""

    hash: str
    text: str
    spans: tuple[Span, ...]
    tree: str
    findings: tuple[tuple[str, str, str], ...]
    categories: tuple[str, ...]
    requirement: str
    decision: str = ""


@dataclass
class Review:
    """The cards of an import and the decisions on them."""

    made: Import
    folder: Path
    decisions: dict[str, Json] = field(default_factory=dict)

    def open_cards(self) -> list[Card]:
        """The cards without a decision that holds, those with open points first."""
        cards = [card for card in self.made.cards if not self.decided(card)]
        return sorted(cards, key=lambda card: not card.reading.open)

    def applied(self) -> Import:
        """The import with all decisions in it, written to its folder."""
        self.made = run_import(self.made.rows, self.made.options, self.made.known, self.decisions)
        write(self.made, self.folder)
        return self.made

    def decided(self, card: Card) -> bool:
        decision = self.decisions.get(card.hash)
        return valid(decision) and decision is not None and decision["decision"] != "later"

    def decide(self, card: Card, decision: Decision, text: str = "") -> None:
        """Keeps a decision. An edit is checked first, and raises `Problems` where it is wrong."""
        kept: Json = {"decision": decision, "grammar": VERSION}
        if decision == "edit":
            kept["requirement"] = self.checked(text)
        self.decisions[card.hash] = kept
        save_decisions(self.folder, self.decisions)

    def checked(self, text: str) -> Json:
        """A requirement as a person wrote it in YAML, checked for shape and names."""
        data = read_text(text, "requirement").data
        try:
            Requirement.model_validate(data)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise bad(
                "edit",
                f"{where}: {first['msg']}".lower(),
                "requirement",
                "mend the text and save it again",
            ) from None
        known = set(dict(self.made.known.names.get("documents", {})).values())
        ids = {id_ for id_, _ in known}
        ids |= {term["id"] for term in self.made.draft.terms.get("documents", ())}
        for id_ in _documents(data):
            if id_ not in ids:
                raise bad(
                    "edit",
                    f"no document has the id `{id_}`",
                    "requirement",
                    "use an id of the vocabulary, or of the new terms of this import",
                )
        assert isinstance(data, dict)
        return data

    def face(self, card: Card) -> Face:
        """What is shown of a card."""
        version = next((v for r, v in self._versions() if r in [id(x) for x in card.rows]), {})
        decision = self.decisions.get(card.hash) or {}
        return Face(
            card.hash,
            card.reading.text,
            tuple(runs(card.reading.roles)),
            "\n".join(tree_lines(card.reading.node)),
            tuple(
                (f.code, message(f.code)[0], card.reading.text[f.start : f.end])
                for f in card.reading.findings
            ),
            tuple(read.row.name for read in card.rows),
            as_text(version.get("requirement") or {}),
            str(decision.get("decision", "")),
        )

    def _versions(self) -> list[tuple[int, Json]]:
        reads = [r for r in self.made.reads if r.row.change != "withdrawn"]
        return [(id(r), v) for r, v in zip(reads, self.made.draft.versions, strict=True)]


def tree_lines(node: Node | None, depth: int = 0) -> list[str]:
    """A tree as indented lines."""
    if node is None:
        return ["(nothing was read)"]
    pad = "  " * depth
    label = f" [{node.label}]" if node.label else ""
    mark = " ?" if node.open else ""
    if node.paper:
        paper = node.paper
        told = [paper.name]
        told += [paper.holder] * (paper.holder != "applicant")
        many = f"{paper.at_least}-{paper.up_to}" if paper.up_to else str(paper.at_least)
        told += [f"x{many}"] * (many != "1")
        told += [f"<={paper.at_most}"] if paper.at_most else []
        told += ["states " + " & ".join(" | ".join(w) for w in paper.must)] * bool(paper.must)
        told += ["optional"] * paper.optional
        return [f"{pad}- {', '.join(told)}{label}{mark}"]
    op = "all of" if node.op == "all" else f"{node.at_least} of {len(node.parts)}"
    lines = [f"{pad}{op}{label}{mark}"]
    for part in node.parts:
        lines += tree_lines(part, depth + 1)
    return lines


def _documents(node: Mapping[str, Any]) -> list[str]:
    if "document" in node:
        return [str(node["document"])]
    return [d for k in ("all_of", "any_of") for part in node.get(k) or () for d in _documents(part)]


def read_decisions(folder: Path) -> dict[str, Json]:
    """The decisions kept in a folder; none where it keeps none."""
    path = folder / REVIEW
    if not path.is_file():
        return {}
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise bad(
            "review", "the decisions are damaged", str(path), "mend or remove the file"
        ) from None
    return data if isinstance(data, dict) else {}


def save_decisions(folder: Path, decisions: Mapping[str, Any]) -> None:
    """Keeps decisions, whole or not at all."""
    text = json.dumps(decisions, ensure_ascii=False, indent=1) + "\n"
    write_whole(folder / REVIEW, text)
