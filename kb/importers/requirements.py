"""Requirements of draft facts: trees that were read, as fact files write them."""

from __future__ import annotations

from dataclasses import dataclass

from kb.importers.names import Resolver
from kb.importers.papers import Node, Paper
from kb.importers.rows import Cell, Row, lines_of
from kb.importers.scope import ScopeReading
from kb.importers.stated import Words
from kb.importers.tree import CellReading
from kb.importers.vague import is_case
from kb.model.data import Json
from kb.render.imports import message


@dataclass
class ReadRow:
    """A row with what was read from each of its cells."""

    row: Row
    papers: CellReading | None
    scope: ScopeReading | None
    remark: ScopeReading | None
    category: str = ""


def same(words: str) -> dict[str, str]:
    """A label whose English is left to a person: it repeats the Chinese until then."""
    return {"zh": words, "en": words}


def case_terms(id_: str, label: str) -> list[tuple[str, Json]]:
    """The condition that a branch of this label is for an app, and the flag that a profile may
    state for it; both are new terms, since only a person knows which known one a label means."""
    told = {"zh": f"属于“{label}”的情形", "en": f"is the case “{label}”"}
    asked = {"zh": f"是否属于“{label}”?", "en": f"Is this the case: “{label}”?"}
    test = {"attribute": id_, "any_of": "yes"}
    return [
        ("attributes", {"id": id_, "type": "flag", **told, "question": asked}),
        ("conditions", {"id": id_, **told, "tests": [test]}),
    ]


PLAIN_ONLY = frozenset(
    {"any_of", "all_of", "when", "unless", "unclear", "optional", "each", "at_most"}
)
"""What papers of which some are taken do not have, so that they can be counted."""


class Unclear:
    """The open passages of one version, each with an id."""

    def __init__(self) -> None:
        self.records: list[Json] = []
        self._at: list[tuple[str, str, int, int]] = []

    def add(self, code: str, cell: Cell, start: int, end: int, row: Row) -> str:
        lines = lines_of(cell, start, max(start, end)) or str(row.name_line or 1)
        zh, en = message(code)
        quoted = " ".join(cell.text[start:end].split())
        told = f"：{quoted[:60]}" if quoted and code != "merged" else ""
        for record, at in zip(self.records, self._at, strict=True):
            if at == (code, cell.address.column, start, end):
                return str(record["id"])
        id_ = f"{code}-{len(self.records) + 1}"
        self._at.append((code, cell.address.column, start, end))
        self.records.append({"id": id_, "zh": zh + told, "en": en + told, "lines": lines})
        return id_

    def say(self, code: str, told: str, row: Row) -> None:
        """Adds what is told beside the cells."""
        zh, en = message(code)
        id_, lines = f"{code}-{len(self.records) + 1}", str(row.name_line or 1)
        self._at.append((code, "", 0, 0))
        self.records.append(
            {"id": id_, "zh": f"{zh}：{told}", "en": f"{en}：{told}", "lines": lines}
        )

    def find(self, node: Node) -> str | None:
        """The record that a node's open point is told by."""
        for record, (code, _, start, end) in zip(self.records, self._at, strict=True):
            if code in node.open and start < max(node.end, node.start + 1) and end >= node.start:
                return str(record["id"])
        for record, (code, *_) in zip(self.records, self._at, strict=True):
            if code in node.open:
                return str(record["id"])
        return str(self.records[0]["id"]) if self.records else None


class Requirements:
    """Writes the requirement of a row."""

    _holders: set[str]
    _row: Row
    resolver: Resolver

    def _id(self, kind: str, name: str) -> str:
        raise NotImplementedError

    def _case(self, label: str) -> str:
        raise NotImplementedError

    def _requirement(self, read: ReadRow, version: Json, unclear: Unclear) -> Json:
        row, papers = read.row, read.papers
        self._row = row
        if row.state == "merged":
            unclear.add("merged", row.papers, 0, len(row.papers.text), row)
        if papers is None:
            state = "none_required" if row.state == "none_required" else "none_stated"
            return {state: True}
        if papers.way:
            version["how"] = {
                "way": papers.way.way,
                "address": papers.way.address,
                "title": papers.way.title,
                "lines": lines_of(row.papers, 0, papers.way.end),
            }
        for finding in papers.open:
            unclear.add(finding.code, row.papers, finding.start, finding.end, row)
        node = self._node(papers.node, row.papers, unclear) if papers.node else None
        if node is None:
            if papers.way and not papers.open:
                return {"elsewhere": True}
            return {"elsewhere": True} if papers.way else {"none_stated": True}
        if papers.open and not marked_open(node):
            node["unclear"] = unclear.records[0]["id"]
        if row.optional:
            unclear.add("optional-papers", row.papers, 0, len(row.papers.text), row)
        return {"requirement": node}

    def _node(self, node: Node, cell: Cell, unclear: Unclear, branch: bool = False) -> Json | None:
        made: Json = {}
        lines = lines_of(cell, node.start, node.end)
        if node.paper is not None:
            made = self._paper(node.paper)
        else:
            either = node.op == "any"
            read = [m for part in node.parts if (m := self._node(part, cell, unclear, either))]
            # Two names of one paper (`甲证明/乙证明`) are one choice.
            parts = [m for n, m in enumerate(read) if not _twin(m, read[:n])]
            if not parts:
                return None
            if node.op == "any":
                if node.stated:
                    made["stated"] = node.stated
                made |= self._counts(node, parts, cell, unclear)
            made["any_of" if node.op == "any" else "all_of"] = parts
        label = node.label or (node.paper.label if node.paper else "")
        head: Json = {"lines": lines} if lines else {}
        if label:
            head["label"] = same(label)
        if branch and is_case(label):  # decision: case-of-a-branch
            head["when"] = self._case(label)
        if node.open and "unclear" not in made:
            found = unclear.find(node)
            if found:
                head["unclear"] = found
        notes = [*(node.paper.notes if node.paper else []), *node.notes]
        if node.paper and node.paper.of:
            notes.insert(0, node.paper.of)
        if notes:
            head["note"] = same("；".join(dict.fromkeys(" ".join(n.split()) for n in notes)))
        return {**head, **made}

    def _counts(self, node: Node, parts: list[Json], cell: Cell, unclear: Unclear) -> Json:
        """How many of a choice are asked for. A limit of what can not be counted stays open."""
        made: Json = {}
        if 1 < node.at_least <= len(parts):
            made["at_least"] = node.at_least
        if node.up_to and node.at_least < node.up_to <= len(parts):
            made["up_to"] = node.up_to
        most = node.at_most or len(parts)
        if most < len(parts):
            different = len({(part.get("document"), part.get("holder")) for part in parts})
            plain = not any(PLAIN_ONLY & part.keys() for part in parts)
            if plain and different == len(parts) and node.at_least <= most:
                made["at_most"] = most
            else:
                at = node.start, node.end
                made["unclear"] = unclear.add("count-unread", cell, *at, self._row)
        return made

    def _document(self, paper: Paper) -> str:
        row = self._row.second or self._row.first
        return self.resolver.document(paper.name, row, paper.of).id

    def _stated(self, must: tuple[str, ...]) -> object:
        """What a paper must state, in the field that the text names, where the base knows that."""
        words = must[0] if len(must) == 1 else list(must)
        field = self.resolver.field(must.field) if isinstance(must, Words) else None
        return {"field": field, "words": words} if field else words

    def _paper(self, paper: Paper) -> Json:
        made: Json = {"document": self._document(paper)}
        if paper.holder != "applicant":
            made["holder"] = paper.holder
            self._holders.add(paper.holder)
        if paper.at_least > 1:
            made["at_least"] = paper.at_least
        if paper.up_to:
            made["up_to"] = paper.up_to
        if paper.at_most:
            made["at_most"] = paper.at_most
        if paper.must:
            made["must_state"] = list(map(self._stated, paper.must))
        if paper.form:
            made["form"] = [same(words) for words in dict.fromkeys(paper.form)]
        if paper.issuer:
            made["issuer"] = self._id("authorities", paper.issuer)
        if paper.optional:
            made["optional"] = True
        return made


def _twin(node: Json, before: list[Json]) -> bool:
    told = {name: value for name, value in node.items() if name not in ("lines", "form", "note")}
    return "document" in node and any(
        told == {k: v for k, v in each.items() if k not in ("lines", "form", "note")}
        for each in before
    )


def marked_open(node: Json) -> bool:
    """Whether a requirement, or a part of it, names an open passage."""
    if "unclear" in node:
        return True
    return any(marked_open(p) for k in ("all_of", "any_of") for p in node.get(k, ()))
