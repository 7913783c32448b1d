"""What a person decides on cells, kept by the hash of the cell and the version of the grammar."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from kb.importers.base_difference import from_base
from kb.importers.difference import Difference
from kb.importers.edits import checked_edit
from kb.importers.faces import Face, face_of, terms_of
from kb.importers.grammar import VERSION
from kb.importers.output import REVIEW, against_of, write
from kb.importers.rows import bad
from kb.importers.run import Card, Import, open_beside, run_import, valid
from kb.model.data import Json
from kb.model.names import Names
from kb.model.writing import write_whole

Decision: TypeAlias = Literal["accept", "edit", "reject", "later"]


@dataclass
class Review:
    """The cards of an import and the decisions on them."""

    made: Import
    folder: Path
    decisions: dict[str, Json] = field(default_factory=dict)
    difference: Difference = field(init=False)
    """What the import changes of the base, as it is decided so far."""
    _terms: Names = field(init=False)

    def __post_init__(self) -> None:
        self._compare()

    def _compare(self) -> None:
        self.difference, self._terms = from_base(self.made), terms_of(self.made)

    def open_cards(self) -> list[Card]:
        """The cards without a decision that holds: those with open points first, then those whose
        categories have some elsewhere in their rows."""
        of_row = {id(read): version for read, version in self.made.drafted()}

        def rank(card: Card) -> int:
            if card.reading.open:
                return 0
            rows = ((read, of_row.get(id(read))) for read in card.rows)
            return 1 if any(version and open_beside(read, version) for read, version in rows) else 2

        return sorted((card for card in self.made.cards if not self.decided(card)), key=rank)

    def applied(self, lang: str = "zh") -> Import:
        """The import with all decisions in it, written to its folder, its reports in a language."""
        self.made = run_import(self.made.rows, self.made.options, self.made.known, self.decisions)
        self._compare()
        against = against_of(self.folder)
        write(self.made, self.folder, None if against else self.difference, lang, against)
        return self.made

    def decided(self, card: Card) -> bool:
        """Whether a decision on a card holds."""
        decision = self.decisions.get(card.hash)
        return valid(decision) and decision is not None and decision["decision"] != "later"

    def decide(self, card: Card, decision: Decision, text: str = "") -> None:
        """Keeps a decision. An edit is checked first, and raises `Problems` where it is wrong."""
        kept: Json = {"decision": decision, "grammar": VERSION}
        if decision == "edit":
            kept["requirement"] = checked_edit(text, card, self.made)
        self.decisions[card.hash] = kept
        save_decisions(self.folder, self.decisions)

    def face(self, card: Card) -> Face:
        """What is shown of a card."""
        decision = self.decisions.get(card.hash) or {}
        told = str(decision.get("decision", "")) if valid(decision) else ""
        return face_of(card, self.made, self.difference.of_row, self._terms, told)


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
