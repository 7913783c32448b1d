"""What the base knows by name, and how a name of a row is resolved against it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from kb.importers.text import key
from kb.importers.words import BY, STRONG, WEAK
from kb.model.data import Json
from kb.model.layers import check_folders, fact_files, facts_among
from kb.model.names import Names, Term
from kb.model.vocabulary import KINDS as TERMS
from kb.model.yamlread import read_file

How: TypeAlias = Literal["exact", "former", "part", "near", "new"]
KINDS = {
    "documents": "doc",
    "services": "svc",
    "categories": "cat",
    "authorities": "auth",
    "applicants": "app",
    "holders": "holder",
    "platforms": "platform",
}


@dataclass(frozen=True)
class Resolved:
    """A name and the id that it stands for; `near` only proposes, and takes no id."""

    name: str
    id: str
    how: How
    near: str = ""


Cells: TypeAlias = tuple[str, ...]
"""The hashes of the cells of a row, in the order of `COLUMNS`."""


@dataclass
class Known:
    """The names of a base, by kind, and what its sources say of each category."""

    names: dict[str, dict[str, tuple[str, How]]] = field(default_factory=dict)
    labels: dict[tuple[str, str], str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    versions: list[tuple[Json, Json]] = field(default_factory=list)
    cells: dict[tuple[str, int], Cells] = field(default_factory=dict)
    terms: Names = field(default_factory=Names)
    """What its terms are called in both languages."""
    fields: dict[str, str] = field(default_factory=dict)
    """The fields of papers in which words stand, by their names."""

    def has(self, kind: str, id_: str) -> bool:
        return (kind, id_) in self.labels


def read_known(*folders: Path) -> Known:
    """Reads the vocabularies and the category versions of folders of facts, each laid on those
    before it. Raises `Problems` where one holds none."""
    check_folders(folders)
    known = Known({kind: {} for kind in KINDS})
    read = [
        (kind, read_file(path).data or {})
        for folder in folders
        for path in fact_files(folder / "vocabulary")
        if (kind := path.stem if path.stem in TERMS else path.parent.name) in TERMS
    ]
    files = [(kind, data) for kind, data in read if kind in KINDS]
    for kind, data in read:
        for term in data.get("terms") or () if kind not in KINDS else ():
            known.terms.add(Term(TERMS[kind], term["id"], term["zh"], term.get("en", term["zh"])))
    groups = {group["id"]: group for _, data in files for group in data.get("groups") or ()}
    for group in groups.values():
        known.groups[key(group["zh"])] = group["id"]
        for name in listed(group.get("former")) + listed(group.get("aliases")):
            known.groups.setdefault(key(name), group["id"])
    for kind, data in files:
        for term in data.get("terms") or ():
            _enter(known, kind, term, groups.get(term.get("group", "")))
    for kind, data in read:
        for term in data.get("terms") or () if kind == "fields" else ():
            if term.get("type", "words") == "words":
                names = [term["zh"], *listed(term.get("aliases")), *listed(term.get("former"))]
                known.fields.update((key(name), term["id"]) for name in names)
    for folder in folders:
        _read_texts(known, folder)
    return known


def _read_texts(known: Known, folder: Path) -> None:
    """The versions of the sources in a folder, and the hashes of the cells they were read from."""
    inside = facts_among(path.relative_to(folder) for path in fact_files(folder))
    told = [read_file(folder / path).data for path in inside if path.parts[0] != "vocabulary"]
    texts = [data for data in told if isinstance(data, dict)]
    sources = {data["source"]["id"]: data["source"] for data in texts if _said(data)}
    for data in texts:
        source = _said(data) or sources.get(data.get("of", ""), {})
        known.versions += [(source, version) for version in data.get("categories") or ()]
    for path in sorted((folder / "cells").glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            number, *cells = line.split("\t")
            if number.isdecimal():
                known.cells[path.stem, int(number)] = tuple(cells)


def _said(data: Json) -> Json:
    """What a file of facts says of its source."""
    source = data.get("source")
    return source if isinstance(source, dict) and "id" in source else {}


def listed(value: Any) -> list[str]:
    """What is written as one name or as several."""
    return [value] if isinstance(value, str) else list(value or ())


def _enter(known: Known, kind: str, term: Json, group: Json | None) -> None:
    table, id_ = known.names[kind], term["id"]
    before = f"{group['zh']}-" if group else "", f"{group.get('en', '')} - " if group else ""
    known.terms.add(
        Term(TERMS[kind], id_, before[0] + term["zh"], before[1] + str(term.get("en", term["zh"])))
    )
    heads: list[tuple[str, How]] = [("", "exact")]
    if group:
        heads = [(f"{group['zh']}-", "exact")]
        heads += [(f"{name}-", "exact") for name in listed(group.get("aliases"))]
        heads += [(f"{name}-", "former") for name in listed(group.get("former"))]
    known.labels[kind, id_] = heads[0][0] + term["zh"]
    for head, how in heads:
        table.setdefault(key(head + term["zh"]), (id_, how))
        for alias in listed(term.get("aliases")):
            table.setdefault(key(head + alias), (id_, how))
        for former in listed(term.get("former")):
            table.setdefault(key(head + former), (id_, "former"))


_BOUNDARY = re.compile(rf"的|(?:{BY})(?!的)|^(?:小程序|申请)主体|^小程序|^相关|^有关|^.{{0,6}}平台")
_ABOUT_FIELD = re.compile(r"^(?:且|并且|并|其中|其)+|(?:均|中|内|里|上|且)+$")
"""What stands around the name of a field."""
_GENERIC = frozenset(map(key, (*STRONG, *WEAK)))
"""Endings that say of no paper which one it is."""


def new_id(kind: str, name: str) -> str:
    """The id of a new term: alike whenever the same name is read again."""
    return f"{KINDS[kind]}-{hashlib.sha256(key(name).encode()).hexdigest()[:10]}"


class Resolver:
    """Resolves names against a base, and collects the new ones."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.new: dict[tuple[str, str], Resolved] = {}
        self._rows: dict[str, tuple[str, How]] = {}
        self._by_row: dict[str, list[str]] | None = None
        self._cache: dict[tuple[str, str], Resolved] = {}

    def resolve(self, kind: str, name: str) -> Resolved:
        """The id of a name; a new one where the base has none."""
        at = (kind, key(name))
        if at not in self._cache:
            self._cache[at] = self._resolve(kind, name)
        found = self._cache[at]
        if found.how in ("near", "new"):
            self.new.setdefault((kind, found.id), found)
        return found

    def _resolve(self, kind: str, name: str) -> Resolved:
        table = self.known.names.get(kind, {})
        hit = table.get(key(name))
        if hit is None and kind == "documents" and key(name).endswith("证书"):
            hit = table.get(key(name)[:-1])
        if hit:
            return Resolved(name, hit[0], hit[1])
        near = self._near(kind, name)
        return Resolved(name, new_id(kind, name), "near" if near else "new", near)

    def field(self, name: str) -> str | None:
        """The field of papers that words before "states" name, if the base knows it."""
        plain = _ABOUT_FIELD.sub("", key(name))
        return self.known.fields.get(plain) if plain else None

    def document(self, name: str, row: str, party: str) -> Resolved:
        """The paper that a row of this name asks for: by its whole name, by the name that the base
        gives it for this row (`承诺函(处方药服务)`), with the other side of an agreement, or by
        what follows the words that say whose it is or who issued it.
        """
        table = self.known.names.get("documents", {})
        for_row = [
            table[each]
            for each in self._for_rows().get(key(name), ())
            if (told := each[len(key(name)) + 1 : -1]) and (told in key(row) or key(row) in told)
        ]
        if len({id_ for id_, _ in for_row}) == 1:
            return Resolved(name, for_row[0][0], "part")
        if key(name) in table:
            return self.resolve("documents", name)
        other = re.sub(r"[(（][^()（）]*[)）]", "", party.split("、")[-1])
        tails = [f"与{other}签订的{name}"] if other else []
        tails += [name[match.end() :] for match in _BOUNDARY.finditer(name)]
        for tail in tails:
            if len(key(tail)) >= 4 and key(tail) in table and key(tail) not in _GENERIC:
                return Resolved(name, table[key(tail)][0], "part")
        return self.resolve("documents", name)

    def _for_rows(self) -> dict[str, list[str]]:
        if self._by_row is None:
            self._by_row = {}
            for each in self.known.names.get("documents", {}):
                head, mark, _ = each.partition("(")
                if mark and each.endswith(")"):
                    self._by_row.setdefault(head, []).append(each)
        return self._by_row

    def _near(self, kind: str, name: str) -> str:
        if len(key(name)) < 4 or kind == "services":
            return ""
        # Loaded at the first unknown name: the wheel takes 20 ms.
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        best = process.extractOne(
            key(name),
            list(self.known.names[kind]),
            scorer=OSA.distance,
            score_cutoff=2 if len(key(name)) > 8 else 1,
        )
        return self.known.labels[kind, self.known.names[kind][best[0]][0]] if best else ""

    def category(self, name: str, whole: bool = False) -> Resolved | None:
        """The category of a name as a sentence writes it: whole, or its own part where that is
        unique and `whole` does not ask for all of it."""
        hit = self.known.names["categories"].get(key(name)) or self._rows.get(key(name))
        if hit:
            return Resolved(name, hit[0], hit[1])
        if whole:
            return None
        short = key(name)
        ids = {
            id_
            for full, (id_, _) in {**self.known.names["categories"], **self._rows}.items()
            if full.partition("-")[2] == short
        }
        return Resolved(name, ids.pop(), "exact") if len(ids) == 1 else None

    def set_rows(self, rows: dict[str, tuple[str, How]]) -> None:
        """Tells which categories this import itself brings."""
        self._rows = rows
