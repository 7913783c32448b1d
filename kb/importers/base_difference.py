"""What an import changes against the newest texts that the base holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from kb.importers.difference import Change, Difference
from kb.importers.names import Known, listed
from kb.importers.rows import COLUMNS, Row, cells_of
from kb.importers.text import key
from kb.model.data import Json
from kb.model.requirements import TooLargeError, alternatives
from kb.model.schema import Node as Requirement


def against_base(
    versions: list[Json], rows: list[Row], source: Mapping[str, Any], known: Known
) -> Difference:
    """The difference of drafted versions, each with its row, from the newest that the base holds of
    the same category and account.

    Where the base keeps the hashes of the cells that it was read from, the texts are compared and
    nothing else: a cell whose text did not change is not changed, however it is read now
    (`read_otherwise` tells where that differs). Else what was read is compared.
    """
    latest = _latest(source, known)
    found = Difference()
    seen: Counter[tuple[str, str]] = Counter()
    for version, row in zip(versions, rows, strict=True):
        account = (listed(version.get("accounts")) or [""])[0]
        category = version["category"]
        at = (category, account)
        name = str(version.get("name") or known.labels.get(("categories", category), category))
        held = latest.get(at) or latest.get((category, ""))
        if held is None:
            found.changes.append(Change("added", name, account))
            continue
        old_source, olds = held
        old = olds[min(seen[at], len(olds) - 1)]
        seen[at] += 1
        what = tuple(name for name, same in _SAME if not same(old, version))
        line = str(old.get("lines", "")).partition("-")[0]
        cells = known.cells.get((old_source, int(line) if line.isdecimal() else 0))
        told = what
        if cells is not None:
            told = tuple(c for c, a, b in zip(COLUMNS, cells, cells_of(row), strict=True) if a != b)
        if told:
            alike = told == ("papers",) and cells is not None and not {"papers", "words"} & {*what}
            found.changes.append(Change("reworded" if alike else "changed", name, account, told))
        else:
            found.unchanged += 1
            if what:
                found.read_otherwise.append(Change("read_otherwise", name, account, what))
        label = known.labels.get(("categories", category))
        called = known.names.get("categories", {}).get(key(name))
        # The label is the second level alone where the group is in another folder of facts.
        if label and called != (category, "exact") and not key(name).endswith(key(label)):
            found.changes.append(Change("renamed", name, account, (), label))
    if source.get("complete_for"):
        accounts = {a for v in versions for a in listed(v.get("accounts"))}
        for (category, account), (_, olds) in latest.items():
            if account in accounts and (category, account) not in seen:
                label = str(
                    known.labels.get(("categories", category)) or olds[-1].get("name") or category
                )
                found.changes.append(Change("withdrawn", label, account))
    return found


def _latest(
    source: Mapping[str, Any], known: Known
) -> dict[tuple[str, str], tuple[str, list[Json]]]:
    """For each category and account, the newest source of the base with its versions."""
    latest: dict[tuple[str, str], tuple[str, list[Json]]] = {}
    told: set[str] = set()
    for old, version in sorted(known.versions, key=lambda each: str(each[0].get("date", ""))):
        if str(old.get("platform", "")) not in ("", str(source.get("platform", ""))):
            continue
        if old["id"] not in told:
            # What a complete list leaves out was withdrawn then, and is no news now.
            told.add(old["id"])
            gone = [at for at in latest if at[1] in listed(old.get("complete_for"))]
            for at in gone:
                del latest[at]
        whose = [*listed(version.get("accounts")), *listed(old.get("complete_for"))]
        for account in dict.fromkeys(whose or listed(version.get("open_to"))) or [""]:
            at = (version["category"], account)
            if at not in latest or latest[at][0] != old["id"]:
                latest[at] = (str(old["id"]), [])
            latest[at][1].append(version)
    return latest


def _tree(version: Mapping[str, Any]) -> object:
    """What a version asks for: its alternatives, whatever tree and conditions they stand in."""
    node = version.get("requirement")
    if node is None:
        return next((s for s in ("none_required", "elsewhere") if version.get(s)), "none_stated")
    try:
        found = alternatives(Requirement.model_validate(_unconditional(node)))
    except TooLargeError:
        return _asked(node)
    return frozenset(
        frozenset((n.document, n.holder, n.at_least, n.at_most) for n in each.needs)
        for each in found
    )


def _unconditional(node: Mapping[str, Any]) -> Json:
    kept = {name: value for name, value in node.items() if name not in ("when", "lines")}
    for name in ("all_of", "any_of"):
        if name in kept:
            kept[name] = [_unconditional(part) for part in kept[name]]
    return kept


def _asked(node: Mapping[str, Any]) -> object:
    if "document" in node:
        return node["document"], node.get("holder", "applicant"), int(node.get("at_least") or 1)
    op = "any_of" if "any_of" in node else "all_of"
    return op, int(node.get("at_least") or 1), frozenset(_asked(part) for part in node[op])


def _words(version: Mapping[str, Any]) -> object:
    """Which words its papers must state."""
    found: set[tuple[str, frozenset[str]]] = set()

    def walk(node: Mapping[str, Any]) -> None:
        for stated in node.get("must_state") or ():
            words = stated.get("words", ()) if isinstance(stated, Mapping) else stated
            if words:  # a value that stands in a field is read from no cell
                found.add((node["document"], frozenset(map(key, listed(words)))))
        for part in (*node.get("all_of", ()), *node.get("any_of", ())):
            walk(part)

    walk(version.get("requirement") or {})
    return found


def _refs(version: Mapping[str, Any]) -> object:
    return frozenset(
        (ref["role"], frozenset(listed(ref["categories"])))
        for ref in version.get("references") or ()
    )


_SAME: tuple[tuple[str, Callable[[Mapping[str, Any], Mapping[str, Any]], bool]], ...] = (
    ("papers", lambda old, new: _tree(old) == _tree(new)),
    ("words", lambda old, new: _words(old) == _words(new)),
    ("references", lambda old, new: _refs(old) == _refs(new)),
)
"""What is compared of two versions, as they were read."""
