"""What an import changes against the newest texts that the base holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from kb.importers.difference import Change, Difference, Reference
from kb.importers.names import Known, listed
from kb.importers.rows import COLUMNS, Row, cells_of
from kb.importers.run import Import
from kb.importers.text import key
from kb.model.data import Json
from kb.model.requirements import TooLargeError, alternatives
from kb.model.schema import Node as Requirement


def from_base(made: Import) -> Difference:
    """The difference of an import from the base that its names were resolved in."""
    drafted = [each for each in made.drafted() if each[0].row.change != "withdrawn"]
    rows = [read.row for read, _ in drafted]
    found = against_base([version for _, version in drafted], rows, made.draft.source, made.known)
    latest = _latest(made.draft.source, made.known)
    for read in made.reads:
        if read.row.change == "withdrawn":
            held = {(read.category, read.row.account), (read.category, "")} & latest.keys()
            kind = "withdrawn" if held else "not_held"
            found.changes.append(Change(kind, read.row.name, read.row.account))
    return found


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
    gone: dict[tuple[str, str], tuple[str, ...]] = {}
    for version, row in zip(versions, rows, strict=True):
        account = (listed(version.get("accounts")) or [""])[0]
        category = version["category"]
        at = (category, account)
        name = str(version.get("name") or known.labels.get(("categories", category), category))
        held = latest.get(at) or latest.get((category, ""))
        if held is None:
            again = _still_listed(category, account, source, known)
            change = Change("still_listed" if again else "added", name, account)
            found.changes.append(change)
            found.of_row[row.number] = change
            continue
        old_source, olds = held
        old = olds[min(seen[at], len(olds) - 1)]
        seen[at] += 1
        change = _compared(old, old_source, version, row, known)
        found.of_row[row.number] = change
        match change.kind:
            case "unchanged" | "read_otherwise":
                found.unchanged += 1
                found.read_otherwise += [change] * (change.kind == "read_otherwise")
            case _:
                found.changes.append(change)
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
                gone[label, account] = _known_text(olds[-1], latest[category, account][0], known)
    _propose_renamed(found, gone, rows)
    return found


def _still_listed(category: str, account: str, source: Mapping[str, Any], known: Known) -> bool:
    """Whether the newest that the base holds of a category withdraws it, and a complete list has it
    all the same."""
    if not source.get("complete_for"):
        return False
    told = [
        (str(old.get("date", "")), bool(version.get("withdrawn")))
        for old, version in known.versions
        if version["category"] == category
        and account in (*_whose(old, version), *([] if _whose(old, version) else [account]))
    ]
    return max(told, default=("", False))[1]


def _whose(old: Mapping[str, Any], version: Mapping[str, Any]) -> list[str]:
    """The accounts that a version is for; none where it says nothing of them."""
    whose = [*listed(version.get("accounts")), *listed(old.get("complete_for"))]
    return whose or listed(version.get("open_to"))


def _known_text(version: Mapping[str, Any], source: str, known: Known) -> tuple[str, ...]:
    """The hashes of the cells that a version was read from; none where the base keeps none."""
    line = str(version.get("lines", "")).partition("-")[0]
    return known.cells.get((source, int(line) if line.isdecimal() else 0), ())


def _propose_renamed(
    found: Difference, gone: Mapping[tuple[str, str], tuple[str, ...]], rows: list[Row]
) -> None:
    """Tells a category that came with the words of one that went as perhaps renamed: the same
    papers and the same scope, in texts that are no others' too."""
    texts = Counter(cells[:2] for cells in gone.values() if cells)
    came = Counter(cells_of(row)[:2] for row in rows if not row.scope.blank)
    of_row = {id(change): n for n, change in found.of_row.items()}
    by_number = {row.number: row for row in rows}
    for at, change in enumerate(list(found.changes)):
        row = by_number.get(of_row.get(id(change), -1))
        if change.kind != "added" or row is None or row.scope.blank:
            continue
        cells = cells_of(row)[:2]
        was = [
            name
            for (name, account), c in gone.items()
            if (account, c[:2]) == (change.account, cells)
        ]
        if len(was) == 1 and texts[cells] == came[cells] == 1:
            proposed = replace(change, kind="perhaps_renamed", was=was[0])
            found.changes[at] = found.of_row[row.number] = proposed
    renamed = {(c.was, c.account) for c in found.changes if c.kind == "perhaps_renamed"}
    found.changes = [
        c for c in found.changes if c.kind != "withdrawn" or (c.name, c.account) not in renamed
    ]


def _compared(
    old: Mapping[str, Any], source: str, version: Mapping[str, Any], row: Row, known: Known
) -> Change:
    """What differs between a version of a source of the base and a drafted one."""
    name, account = row.name, (listed(version.get("accounts")) or [""])[0]
    what = tuple(name for name, same in _SAME if not same(old, version))
    cells = _known_text(old, source, known)
    told = what
    if cells:
        told = tuple(c for c, a, b in zip(COLUMNS, cells, cells_of(row), strict=True) if a != b)
    before, now = (dict.fromkeys(_papers(each.get("requirement") or {})) for each in (old, version))
    came = tuple(paper for paper in now if paper not in before)
    went = tuple(paper for paper in before if paper not in now)
    led, unled = sorted(_refs(version) - _refs(old)), sorted(_refs(old) - _refs(version))
    kind = "read_otherwise" if what else "unchanged"
    if told:
        alike = told == ("papers",) and bool(cells) and not {"papers", "words"} & {*what}
        kind = "reworded" if alike else "changed"
    in_what = told or what
    return Change(kind, name, account, in_what, "", came, went, tuple(led), tuple(unled))


def _papers(node: Mapping[str, Any]) -> list[str]:
    """The documents of a requirement, by id, in the order of its text."""
    if "document" in node:
        return [str(node["document"])]
    return [
        d for name in ("all_of", "any_of") for part in node.get(name, ()) for d in _papers(part)
    ]


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
        accounts = dict.fromkeys(_whose(old, version))
        if version.get("withdrawn"):
            of = [at for at in latest if at[0] == version["category"]]
            for at in of:
                # A text that names no account is read as one for mainland organisations.
                if not accounts or (at[1] or "non_individual") in accounts:
                    del latest[at]
            continue
        for account in accounts or [""]:
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
    counts = int(node.get("at_least") or 1), node.get("up_to"), node.get("at_most")
    return op, *counts, frozenset(_asked(part) for part in node[op])


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


def _refs(version: Mapping[str, Any]) -> frozenset[Reference]:
    return frozenset(
        (str(ref["role"]), tuple(sorted({*listed(ref["categories"])})))
        for ref in version.get("references") or ()
    )


_SAME: tuple[tuple[str, Callable[[Mapping[str, Any], Mapping[str, Any]], bool]], ...] = (
    ("papers", lambda old, new: _tree(old) == _tree(new)),
    ("words", lambda old, new: _words(old) == _words(new)),
    ("references", lambda old, new: _refs(old) == _refs(new)),
)
"""What is compared of two versions, as they were read."""
