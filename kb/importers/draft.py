"""Draft facts: rows that were read, written as the project writes facts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from kb.importers.effect import other_days
from kb.importers.grid import FOOTNOTE
from kb.importers.names import Known, Resolver, new_id
from kb.importers.requirements import ReadRow, Requirements, Unclear, case_terms, same
from kb.importers.rows import Frozen, Row, lines_of, row_lines
from kb.importers.scope import Named
from kb.importers.text import fold, key
from kb.importers.times import lead_times
from kb.model.data import Json

HOLDERS = {
    "tenant": ("入驻商家", "tenant of the platform"),
    "branch": ("旗下门店或子公司", "branch or subsidiary of the applicant"),
    "parent": ("母公司", "parent of the applicant"),
    "partner": ("合作方", "partner"),
    "technology_provider": ("技术主体", "technology provider"),
    "legal_representative": ("法定代表人", "legal representative"),
    "chief_editor": ("总编辑", "chief editor"),
    "member": ("申请主体的成员", "member of the applicant"),
    "applicant": ("申请主体", "applicant"),
}
ACCOUNTS = {
    "non_individual": ("非个人主体", "mainland organisation"),
    "overseas": ("境外主体", "overseas organisation"),
    "individual": ("个人", "individual"),
    "enterprise": ("企业", "enterprise"),
    "government": ("政府机关", "government body"),
    "media": ("媒体", "media"),
    "other_organisation": ("其他组织", "other organisation"),
}


_PAPER = re.compile(
    r"《[^《》\n]*(?:证|证书|证明|执照|许可|批文|批件|备案|协议|合同|授权书|承诺函|牌照)》"
)


@dataclass
class Draft:
    """Everything that an import writes: versions, new terms, coverage, provenance."""

    source: Json
    versions: list[Json] = field(default_factory=list)
    categories: list[Json] = field(default_factory=list)
    groups: list[Json] = field(default_factory=list)
    terms: dict[str, list[Json]] = field(default_factory=dict)
    coverage: list[Json] = field(default_factory=list)
    provenance: list[Json] = field(default_factory=list)
    lead_times: list[Json] = field(default_factory=list)


class Drafter(Requirements):
    """Writes draft facts for rows."""

    def __init__(self, known: Known, resolver: Resolver, source: Json) -> None:
        self.known, self.resolver = known, resolver
        self.draft = Draft(source)
        self._groups: dict[str, str] = {}
        self._used: Counter[str] = Counter()
        self._holders: set[str] = set()
        self._own: dict[tuple[str, str], tuple[str, str]] = {}
        self._cases: dict[str, str] = {}

    def run(self, rows: list[ReadRow], frozen: Frozen, complete: bool = True) -> Draft:
        """The draft of all rows."""
        table: dict[str, tuple[str, Any]] = {}
        for read in rows:
            read.category = self._category(read.row)
            table.setdefault(key(read.row.name), (read.category, "exact"))
        self.resolver.set_rows(table)
        doubles = Counter(read.category for read in rows)
        for read in rows:
            version = self._version(read, doubles[read.category] > 1)
            self.draft.versions.append(version)
        if complete and self.draft.source.get("seen"):
            accounts = sorted({self._account(r.row) for r in rows if r.row.account})
            self.draft.source["complete_for"] = accounts
        self._terms()
        self._cover(rows, frozen)
        return self.draft

    # -- names

    def _category(self, row: Row) -> str:
        found = self.resolver.resolve("categories", row.name)
        if found.how in ("exact", "former"):
            return found.id
        group = self._group(row.first)
        if not any(term["id"] == found.id for term in self.draft.categories):
            label = same(row.second or row.first)
            self.draft.categories.append({"id": found.id, "group": group, **label})
        return found.id

    def _group(self, first: str) -> str:
        known = self.known.groups.get(key(first))
        if known:
            return known
        if key(first) not in self._groups:
            id_ = "group-" + new_id("categories", first).removeprefix("cat-")
            self._groups[key(first)] = id_
            self.draft.groups.append({"id": id_, **same(first)})
        return self._groups[key(first)]

    def _id(self, kind: str, name: str) -> str:
        return self.resolver.resolve(kind, name).id

    def _case(self, label: str) -> str:
        """The condition that the case of a branch is met; a profile is asked for it."""
        id_ = "case-" + new_id("services", label).removeprefix("svc-")
        self._cases.setdefault(id_, " ".join(label.split()))
        return id_

    def _service(self, row: Row, named: Named) -> str:
        name = re.sub(r"^(?:如|及|为|提供)(?=.{2})", "", re.sub(r"\s+", " ", named.text))
        if key(name) in self.known.names.get("services", {}):
            return self._id("services", name)
        if len(key(name)) < 4 or name.startswith(("相关", "其他", "对应")):
            return self._id("services", f"{row.second or row.first}（{name}）")
        return self._id("services", name)

    def _account(self, row: Row) -> str:
        """The kind of applicant that a row's account is."""
        account = row.account
        if self.known.has("applicants", account):
            return account
        if account in ACCOUNTS:
            self._own["applicants", account] = ACCOUNTS[account]
            return account
        return self._id("applicants", account)

    # -- one version

    def _version(self, read: ReadRow, double: bool) -> Json:
        row = read.row
        version: Json = {"category": read.category}
        self._used[read.category] += 1
        if double:
            version["reading"] = f"row{row.number}"
        version["name"] = row.name
        version["locator"] = f"【{row.name}】"
        version["lines"] = row_lines(row)
        if row.change in ("added", "adjusted"):
            version["change"] = row.change
        if row.account:
            # The table is for these accounts; whether others are shut out is not said by it.
            version["accounts"] = self._account(row)
            version["accounts_lines"] = str(row.name_line or 1)
        begins = self.draft.source.get("begins", {}).get("date") or self.draft.source["date"]
        if row.effect and row.effect != begins:
            version["begins"] = {"date": row.effect, "precision": "day"}
        unclear = Unclear()
        if row.change == "withdrawn":
            version["withdrawn"] = True
            self._days(row, unclear)
            if unclear.records:
                version["unclear"] = unclear.records
            self._provenance(read, version)
            return version
        papers = self._requirement(read, version, unclear)
        scope = self._scope(read, unclear)
        if scope:
            version["scope"] = scope
        version.update(papers)
        self._pointers(read, version, unclear)
        self._beside(read, version, unclear)
        self._days(row, unclear)
        notes = self._notes(read)
        if unclear.records:
            version["unclear"] = unclear.records
        if notes:
            version["notes"] = notes
            record = "-".join(filter(None, (read.category, version.get("reading"))))
            self.draft.lead_times += lead_times(record, read.category, notes)
        self._provenance(read, version)
        return version

    def _days(self, row: Row, unclear: Unclear) -> None:
        """The days that the text tells beside those on which it begins."""
        for line in row.beside.get(FOOTNOTE, "").splitlines():
            if other_days(fold(line)):
                unclear.say("day-unread", line, row)

    def _scope(self, read: ReadRow, unclear: Unclear) -> list[Json]:
        row, scope = read.row, read.scope
        found: dict[str, Json] = {}
        if scope:
            for finding in scope.findings:
                if finding.severity == "open":
                    unclear.add(finding.code, row.scope, finding.start, finding.end, row)
            for named in scope.services:
                id_ = self._service(row, named)
                found.setdefault(
                    id_, {"service": id_, "lines": lines_of(row.scope, named.start, named.end)}
                )
        if read.remark:
            for finding in read.remark.findings:
                if finding.severity == "open":
                    unclear.add(finding.code, row.remark, finding.start, finding.end, row)
        return list(found.values())

    def _beside(self, read: ReadRow, version: Json, unclear: Unclear) -> None:
        """Papers that a scope or a remark names where no cell asks for any: perhaps it does."""
        if "none_stated" not in version:
            return
        for cell in (read.row.scope, read.row.remark):
            for match in _PAPER.finditer(fold(cell.text)):
                unclear.add("title-unread", cell, match.start(), match.end(), read.row)

    def _pointers(self, read: ReadRow, version: Json, unclear: Unclear) -> None:
        row = read.row
        references: list[Json] = []
        refused: list[Json] = []
        for reading, cell in ((read.scope, row.scope), (read.remark, row.remark)):
            if reading is None:
                continue
            for pointer in reading.pointers:
                targets = [self.resolver.category(n, pointer.vague) for n in pointer.targets]
                services = _once(self._service(row, n) for n in pointer.services)
                if pointer.before:
                    # What must stand before the category does so for all that it is for.
                    services = [each["service"] for each in version.get("scope", ())]
                if not all(targets):
                    unclear.add("category-unknown", cell, pointer.start, pointer.end, row)
                    continue
                if not services and not pointer.applicants:
                    unclear.add("reference-unread", cell, pointer.start, pointer.end, row)
                    continue
                made: Json = {"role": pointer.role}
                if services:
                    made["services"] = services
                if pointer.applicants:
                    made["applicants"] = _once(
                        self._id("applicants", n.text) for n in pointer.applicants
                    )
                made["categories"] = _once(t.id for t in targets if t)
                made["lines"] = lines_of(cell, pointer.start, pointer.end)
                references.append(made)
            for each in reading.refused:
                made = {"services": _once(self._service(row, n) for n in each.services)}
                if each.advice != "none":
                    made["advice"] = each.advice
                if each.only_here:
                    made["only_here"] = True
                made["lines"] = lines_of(cell, each.start, each.end)
                refused.append(made)
        if references:
            version["references"] = references
        if refused:
            version["unsupported"] = refused

    def _notes(self, read: ReadRow) -> list[Json]:
        notes: list[Json] = []
        row = read.row
        for reading, cell in ((read.scope, row.scope), (read.remark, row.remark)):
            for named in reading.notes if reading else ():
                lines = lines_of(cell, named.start, named.end)
                notes.append({**same(" ".join(named.text.split())), "lines": lines})
        for start, end in read.papers.notes if read.papers else ():
            told = " ".join(row.papers.text[start:end].split())
            notes.append({**same(told), "lines": lines_of(row.papers, start, end)})
        if row.thirds:
            notes.append({**same("三级:" + "、".join(row.thirds)), "lines": str(row.name_line)})
        for paper in row.optional:
            notes.append({**same("可选:" + paper), "lines": row_lines(row)})
        return notes

    # -- around

    def _provenance(self, read: ReadRow, version: Json) -> None:
        row = read.row
        record = version["category"] + (f"@{version['reading']}" if "reading" in version else "")
        entry: Json = {
            "record": record,
            "row": row.number,
            "file": row.papers.address.file,
            "cells": [],
        }
        for cell, reading in (
            (row.papers, read.papers),
            (row.scope, read.scope),
            (row.remark, read.remark),
        ):
            if reading is None:
                continue
            entry["cells"].append({"column": cell.address.column, "lines": list(cell.lines or ())})
        if read.papers and read.papers.node:
            entry["papers"] = [
                {"document": self._document(p), "span": [p.start, p.end]}
                for p in read.papers.node.papers()
            ]
        if row.keys:
            entry["keys"] = dict(row.keys)
        self.draft.provenance.append(entry)

    def _terms(self) -> None:
        for (kind, id_), found in sorted(self.resolver.new.items()):
            if kind == "categories":
                continue
            self.draft.terms.setdefault(kind, []).append({"id": id_, **same(found.name)})
        platform = str(self.draft.source["platform"])
        if not self.known.has("platforms", platform):
            self._own["platforms", platform] = (platform, platform)
        for id_, label in sorted(self._cases.items()):
            for kind, term in case_terms(id_, label):
                self.draft.terms.setdefault(kind, []).append(term)
        for (kind, id_), (zh, en) in sorted(self._own.items()):
            self.draft.terms.setdefault(kind, []).append({"id": id_, "zh": zh, "en": en})
        for holder in sorted(self._holders):
            if not self.known.has("holders", holder):
                zh, en = HOLDERS[holder]
                self.draft.terms.setdefault("holders", []).append(
                    {"id": holder, "zh": zh, "en": en}
                )

    def _cover(self, rows: list[ReadRow], frozen: Frozen) -> None:
        self.draft.coverage.append({"lines": "1", "none": "标题"})
        by_row = {entry["row"]: entry["record"] for entry in self.draft.provenance}
        for read in rows:
            lines = row_lines(read.row)
            record = by_row[read.row.number]
            self.draft.coverage.append({"lines": lines, "records": [record]})
        self.draft.source["line_count"] = len(frozen.lines)


def _once(ids: Any) -> list[str]:
    return list(dict.fromkeys(ids))
