"""Documents and alternatives as an answer shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kb.engines.protocol import Model
from kb.lang.syntax import Row, Value
from kb.model.facts import FactBase
from kb.model.requirements import Alternative, Need, leaves, need_of
from kb.model.rows import Reading
from kb.model.schema import Node


class View:
    """A model's rows, grouped by their first places after the app."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._groups: dict[tuple[str, int], dict[Row, list[Row]]] = {}

    def after(self, relation: str, *key: Value) -> list[Row]:
        """What follows `key` in the rows of an app's relation, sorted."""
        groups = self._groups.get((relation, len(key)))
        if groups is None:
            groups = {}
            for row in sorted(self.model.get(relation, ())):
                groups.setdefault(row[1 : 1 + len(key)], []).append(row[1 + len(key) :])
            self._groups[relation, len(key)] = groups
        return groups.get(key, [])

    def has(self, relation: str, *key: Value) -> bool:
        return bool(self.after(relation, *key))

    def names(self, relation: str, *key: Value) -> list[str]:
        """The first values after `key`, each once."""
        return list(dict.fromkeys(str(row[0]) for row in self.after(relation, *key)))


@dataclass
class Documents:
    """How documents are shown: in one language, with what the app has of each."""

    base: FactBase
    view: View
    lang: str
    held: dict[tuple[str, str], int] = field(default_factory=dict)
    """How many copies of a document each holder surely has."""

    def __post_init__(self) -> None:
        for document, holder, sure, _ in self.view.after("app_holds"):
            self.held[str(document), str(holder)] = int(sure)

    def verdict(self, need: Need) -> str:
        if self.view.has("held", need.id):
            return "satisfied"
        return "undetermined" if self.view.has("perhaps_held", need.id) else "missing"

    def shown(self, need: Need, leaf: Node | None) -> dict[str, Any]:
        """A DOCUMENT of the answer's JSON."""
        names = self.base.names
        found: dict[str, Any] = {
            "document": names.label("document", need.document, "zh"),
            "id": need.document,
            "holder": need.holder,
            "holder_label": names.label("holder", need.holder, self.lang),
            "at_least": need.at_least,
            "held": self.held.get((need.document, need.holder), 0),
            "must_state": words_of(need, leaf),
            "verdict": self.verdict(need),
        }
        if self.lang == "en":
            found["en"] = names.label("document", need.document, "en")
        if leaf is not None:
            found.update(leaf_words(leaf, self.base, self.lang))
        return found

    def alternative(self, reading: Reading, name: str, needs: Iterable[Need]) -> dict[str, Any]:
        """One of the contract's `alternatives`."""
        leaf_of = leaves_of(reading)
        usable: bool | None = self.view.has("usable", name)
        if not usable and self.view.has("doubtful", name):
            usable = None
        conditions = [
            {
                "condition": condition,
                "state": state,
                "label": names_of(self.base, condition, self.lang),
                "met": met,
            }
            for state, relation in (("failed", "barred"), ("unknown", "doubtful"))
            for condition in self.view.names(relation, name)
            for met in [_wants_met(reading, name, condition)]
        ]
        found: dict[str, Any] = {
            "id": name,
            "usable": usable,
            "documents": [self.shown(n, leaf_of.get(n)) for n in in_order(reading, needs)],
        }
        if conditions:
            found["conditions"] = conditions
        return found


def _wants_met(reading: Reading, name: str, condition: str) -> bool:
    alternative = reading.alternatives[reading.alternative_ids.index(name)]
    return (condition, False) not in alternative.when


def names_of(base: FactBase, condition: str, lang: str) -> str:
    return base.names.label("condition", condition, lang)


def leaves_of(reading: Reading) -> Mapping[Need, Node]:
    """The node that states each need of a reading."""
    found: dict[Need, Node] = {}
    if reading.record.requirement:
        for leaf in leaves(reading.record.requirement):
            found.setdefault(need_of(leaf), leaf)
    return found


def words_of(need: Need, leaf: Node | None) -> list[str]:
    """The words of a need in the order of the source; a need itself keeps them sorted."""
    return list(leaf.must_state if leaf is not None else need.must_state)


def in_order(reading: Reading, needs: Iterable[Need]) -> list[Need]:
    """Needs in the order in which the source names them."""
    place = {need: n for n, need in enumerate(leaves_of(reading))}
    return sorted(needs, key=lambda need: (place.get(need, len(place)), need))


def leaf_words(leaf: Node, base: FactBase, lang: str) -> dict[str, Any]:
    """What else the source says of a document."""
    found: dict[str, Any] = {}
    if leaf.issuer:
        found["issuer"] = base.names.label("authority", leaf.issuer, lang)
    if leaf.form:
        found["form"] = [form.zh if lang == "zh" else form.en for form in leaf.form]
    if leaf.note:
        found["note"] = leaf.note.zh if lang == "zh" else leaf.note.en
    if leaf.lines:
        found["lines"] = list(leaf.lines)
    return found


def alternatives_of(reading: Reading) -> list[tuple[str, Alternative]]:
    return list(zip(reading.alternative_ids, reading.alternatives, strict=True))
