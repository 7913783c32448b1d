"""What an import changes: against an earlier import, or against the base."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from kb.importers.papers import Node
from kb.importers.rows import Row
from kb.importers.text import cell_key, key
from kb.importers.tree import read_papers
from kb.model.data import Json
from kb.render.import_cards import change_text, counts_text, otherwise_text, renamed_text

Reference: TypeAlias = tuple[str, tuple[str, ...]]
"""Where a text sends an app: the role of the reference and the ids of its categories, sorted."""


@dataclass(frozen=True)
class Change:
    """One category that differs, and in what."""

    kind: str
    name: str
    account: str
    what: tuple[str, ...] = ()
    was: str = ""
    came: tuple[str, ...] = ()
    """Documents, by id, that the base does not ask for."""
    went: tuple[str, ...] = ()
    """Documents, by id, that the base asks for and the import does not."""
    led: tuple[Reference, ...] = ()
    """References, each by its role and the ids of its categories, that the base does not have."""
    unled: tuple[Reference, ...] = ()
    """References that the base has and the import does not."""

    def text(self, lang: str) -> str:
        """The change in one line."""
        return change_text(self.kind, self.name, self.account, self.what, self.was, lang)


@dataclass
class Difference:
    """All changes, the papers that were renamed everywhere, and how many rows stayed."""

    changes: list[Change] = field(default_factory=list)
    papers_renamed: list[tuple[str, str, int]] = field(default_factory=list)
    unchanged: int = 0
    read_otherwise: list[Change] = field(default_factory=list)
    of_row: dict[int, Change] = field(default_factory=dict)
    """What happened to each row that was held against the base, unchanged ones too."""

    def to_dict(self) -> Json:
        """The difference as data."""
        return {
            "unchanged": self.unchanged,
            "papers_renamed": [{"from": a, "to": b, "rows": n} for a, b, n in self.papers_renamed],
            "changes": [_as_data(c) for c in self.changes],
            "read_otherwise": [_as_data(c) for c in self.read_otherwise],
        }

    def text(self, lang: str = "en") -> str:
        """The difference as text."""
        lines = [counts_text(Counter(c.kind for c in self.changes), self.unchanged, lang)]
        lines += [renamed_text(*renamed, lang) for renamed in self.papers_renamed]
        if self.read_otherwise:
            lines.append(otherwise_text(len(self.read_otherwise), lang))
        lines += [change.text(lang) for change in (*self.changes, *self.read_otherwise)]
        return "\n".join(lines) + "\n"


def _as_data(change: Change) -> Json:
    return {
        "kind": change.kind,
        "category": change.name,
        "account": change.account,
        "what": list(change.what),
        **({"was": change.was} if change.was else {}),
        **({"came": list(change.came)} if change.came else {}),
        **({"went": list(change.went)} if change.went else {}),
        **({"references_came": _references(change.led)} if change.led else {}),
        **({"references_went": _references(change.unled)} if change.unled else {}),
    }


def _references(references: Iterable[Reference]) -> list[Json]:
    return [{"role": role, "categories": list(categories)} for role, categories in references]


def _at(row: Row) -> tuple[str, str]:
    return row.account, key("-".join([row.name, *sorted(row.thirds)]))


def between(
    old: Iterable[Row], new: Iterable[Row], *, some_old: bool = False, some_new: bool = False
) -> Difference:
    """The difference of two lists of rows; texts that differ in blanks or width alone are alike.

    `some_old` and `some_new` tell that a list, as one of an announcement, names some categories and
    not all: what the other list has beside them is no difference. A category that an announcement
    withdraws and a later table lists is `still_listed`.
    """
    before, after = _by_name(old), _by_name(new)
    found = Difference()
    announced = {at for at, row in before.items() if row.change == "withdrawn"}
    ended = {at for at, row in after.items() if row.change == "withdrawn"}
    for at in announced & after.keys() - ended:
        found.changes.append(Change("still_listed", after[at].name, at[0]))
    found.unchanged += len(announced - after.keys())
    for at in ended & before.keys() - announced:
        found.changes.append(Change("withdrawn", before[at].name, at[0]))
    before = {at: row for at, row in before.items() if at not in announced | ended}
    after = {at: row for at, row in after.items() if at not in announced | ended}
    gone = [row for at, row in before.items() if at not in after and not some_new]
    come = [row for at, row in after.items() if at not in before and not some_old]
    pairs = [(before[at], after[at]) for at in after if at in before]
    pairs += _renamed(gone, come, found)
    changed: list[tuple[Row, Row, list[str]]] = []
    for was, now in pairs:
        what = [
            column
            for column in ("papers", "scope", "remark")
            if cell_key(getattr(was, column).text) != cell_key(getattr(now, column).text)
        ]
        if not what and was.state == now.state:
            found.unchanged += was.name == now.name
            continue
        changed.append((was, now, what or ["papers"]))
    found.papers_renamed = _papers_renamed(changed, after.values())
    swaps = {a: b for a, b, _ in found.papers_renamed}
    for was, now, what in changed:
        kind = "changed"
        if what == ["papers"] and _papers(was, swaps) == _papers(now, {}):
            kind = "paper_renamed" if _papers(was, {}) != _papers(now, {}) else "reworded"
        found.changes.append(Change(kind, now.name, now.account, tuple(what)))
    found.changes += [Change("withdrawn", row.name, row.account) for row in gone]
    found.changes += [Change("added", row.name, row.account) for row in come]
    return found


def _by_name(rows: Iterable[Row]) -> dict[tuple[str, str], Row]:
    """Rows by account and name; where a name stands twice, the later ones are counted."""
    found: dict[tuple[str, str], Row] = {}
    for row in rows:
        account, name = _at(row)
        n = 1
        while (account, name) in found:
            n += 1
            name = f"{_at(row)[1]}#{n}"
        found[account, name] = row
    return found


def _renamed(gone: list[Row], come: list[Row], found: Difference) -> list[tuple[Row, Row]]:
    """Rows that went and came with the same words: proposed as renamed or moved."""
    pairs: list[tuple[Row, Row]] = []
    for now in list(come):
        for was in list(gone):
            if was.account != now.account:
                continue
            alike = cell_key(was.papers.text) == cell_key(now.papers.text)
            moved = key(was.second) == key(now.second) and key(was.second)
            scope = cell_key(was.scope.text) == cell_key(now.scope.text) and not was.scope.blank
            if (moved and (alike or scope)) or (alike and scope):
                kind = "moved" if moved else "renamed"
                found.changes.append(Change(kind, now.name, now.account, (), was.name))
                gone.remove(was)
                come.remove(now)
                pairs.append((was, now))
                break
    return pairs


def _papers(row: Row, swaps: Mapping[str, str]) -> object:
    if row.papers.blank:
        return row.state
    return sense(read_papers(row.papers.text).node, swaps)


def sense(node: Node | None, swaps: Mapping[str, str]) -> object:
    """What a tree asks for, whatever its order and wording."""
    if node is None:
        return None
    if node.paper:
        name = key(node.paper.name)
        must = frozenset(frozenset(map(key, words)) for words in node.paper.must)
        count = node.paper.at_least, node.paper.up_to, node.paper.at_most
        return swaps.get(name, name), node.paper.holder, *count, must
    counts = node.at_least, node.up_to, node.at_most
    return node.op, *counts, frozenset(sense(part, swaps) for part in node.parts)


def _names(row: Row) -> set[str]:
    if row.papers.blank:
        return set()
    node = read_papers(row.papers.text).node
    return {key(paper.name) for paper in (node.papers() if node else ())}


def _papers_renamed(
    changed: list[tuple[Row, Row, list[str]]], rows: Iterable[Row]
) -> list[tuple[str, str, int]]:
    """Papers that in every changed row gave their place to one other name."""
    swaps: Counter[tuple[str, str]] = Counter()
    for was, now, what in changed:
        if "papers" not in what:
            continue
        old, new = _names(was), _names(now)
        if len(old - new) == 1 and len(new - old) == 1:
            swaps[(old - new).pop(), (new - old).pop()] += 1
    still = {name for row in rows for name in _names(row)} if swaps else set()
    return [(a, b, n) for (a, b), n in swaps.most_common() if n > 1 and a not in still]
