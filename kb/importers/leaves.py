"""Reads one leaf of a phrase: the name of the paper, its owner, its number, what follows it."""

from __future__ import annotations

import re

from kb.importers import words
from kb.importers.grammar import Leaf
from kb.importers.marks import GRADE, count_of, read_mark
from kb.importers.outline import enclosed
from kb.importers.owners import Owners
from kb.importers.papers import Context, Paper, shares, whose
from kb.importers.stated import bare
from kb.importers.text import Finding, Role, fold, key

_BRACKET = re.compile(r"\s*\((?P<inner>[^()]*)\)")


def read_leaf(text: str, folded: str, leaf: Leaf, context: Context) -> Paper:
    """Reads a leaf of the grammar's tree."""
    return _Leaf(text, folded, leaf, context).read()


class _Leaf(Owners):
    def __init__(self, text: str, folded: str, leaf: Leaf, context: Context) -> None:
        self.text, self.folded, self.leaf, self.context = text, folded, leaf, context
        first, last = leaf.name[0], leaf.name[-1]
        self.paper = Paper("", first.start, last.end, leaf.titled)
        self.name_start = first.start
        self.renamed = False

    def read(self) -> Paper:
        paper = self.paper
        for piece in self.leaf.counts:
            self._count(piece)
        self._name()
        self._owners()
        for mark in self.leaf.after:
            read = read_mark(self.text, self.folded, mark.start, mark.end, mark.kind)
            paper.add(read)
            paper.spans += read.spans
            if read.for_all:
                paper.for_all.append(read)
                paper.findings.append(Finding("for-all", mark.start, mark.end))
        if words.PICTURE.search(key(paper.name)):
            paper.notes += ["、".join(told) for told in paper.must]  # what it shows, no words in it
            paper.must = []
        self._with_form()
        paper.name = self._cleaned(self._known_whole() or paper.name)
        return paper

    def _with_form(self) -> None:
        """Takes the form into the name where the base knows the paper by both: `身份证正反面`."""
        first = self.leaf.after[0] if self.leaf.after else None
        if first is None or first.kind != "FORM" or self.paper.titled:
            return
        whole = self.paper.name + self.text[first.start : first.end]
        if self.context.known(whole) and not self.context.known(self.paper.name):
            self.paper.name, self.paper.form = whole, self.paper.form[1:]

    def _known_whole(self) -> str:
        """The name with the words before it, where the base knows the paper by the whole."""
        if self.paper.titled or self.paper.holder != "applicant":
            return ""
        starts = [group[0].start for group in self.leaf.owners if group]
        whole = self.text[min([*starts, self.leaf.name[0].start]) : self.leaf.name[-1].end]
        return whole if self.context.known(whole) else ""

    def _name(self) -> None:
        leaf, paper = self.leaf, self.paper
        if leaf.titled:
            title = leaf.name[0]
            inside = self.text[title.start + 1 : title.end]
            inside = inside[:-1] if self.folded[title.end - 1] in '》)”"' else inside
            rest = self.text[title.end : leaf.name[-1].end] if len(leaf.name) > 1 else ""
            shown = words.SHOWN.fullmatch(self.folded[title.end : leaf.name[-1].end].strip())
            if self.folded[title.end - 1] not in '》”"':
                paper.findings.append(Finding("unbalanced", title.start, title.end, inside))
            self._give(Role.NAME, title.start, title.end)
            if shown:
                paper.form.append(rest.strip())
                self._give(Role.FORM, title.end, leaf.name[-1].end)
                rest = ""
            elif rest:
                self._give(Role.NAME, title.end, leaf.name[-1].end)
            paper.name = inside.strip() + rest.strip()
            return
        pieces = list(leaf.name)
        lead = pieces[0]
        if lead.kind == "AND" and len(pieces) > 1:
            self._give(Role.FILLER, lead.start, lead.end)
            pieces = pieces[1:]
        for piece in [p for p in pieces[:-1] if p.kind == "COUNT"]:
            if piece is pieces[0]:
                self._count(piece)
                pieces = pieces[1:]
        start, end = pieces[0].start, pieces[-1].end
        if not self.context.known(self.text[start:end]):
            start = self._party_in_name(start, end)
        if any(p.kind in ("AND", "OR") and p.loose >= 2 for p in pieces[1:]):
            told = self.text[start:end]
            self.paper.findings.append(Finding("ambiguous", start, end, told))
        self.name_start = start
        paper.name = self.text[start:end]

    def _party_in_name(self, start: int, end: int) -> int:
        """Parts the other side from the name of an agreement, and an owner from a known name."""
        name = self.folded[start:end]
        cooperation = words.COOPERATION.search(name)
        if cooperation and cooperation.start() >= 2 and name[cooperation.start() - 1] != "/":
            party = name[: cooperation.start()]
            fits = words.ORGANISATION.search(party) and not self.leaf.owners
            if fits and not words.APPLICANT.match(party):
                count = words.COUNT.match(party)
                if count:
                    self.paper.ask_for(*count_of(count))
                self._party(start, start + cooperation.start())
                return start + cooperation.start()
        prefix = words.PREFIX.match(name)
        if prefix and self._names_paper(name[prefix.end() :], prefix):
            self._give(Role.HOLDER, start, start + prefix.end())
            if prefix["other"] or prefix["party"]:
                self._of(self.text[start : start + prefix.end()])
            if prefix["other"] and not shares(prefix["other"], self.context.label):
                told = self.text[start : start + prefix.end()]
                finding = Finding("holder-unknown", start, start + prefix.end(), told)
                self.paper.findings.append(finding)
            if prefix["party"]:
                holder = whose(prefix["party"], self.context, False)
                self.paper.holder, self.paper.own_holder = holder or "partner", True
            return start + prefix.end()
        return start

    def _names_paper(self, name: str, prefix: re.Match[str]) -> bool:
        """Whether a paper is called like this, so that the words before it are its owner."""
        if prefix["party"] and words.AGREEMENT.search(name):
            return False
        return self.context.known(name) or bool(prefix["party"] and words.PERSONAL.match(name))

    def _named(self, start: int, end: int) -> str:
        """The name without brackets that explain it: examples, addresses, foreign wordings."""
        name, at = "", start
        for match in _BRACKET.finditer(self.folded, start, end):
            grade = GRADE.fullmatch(match["inner"].strip())
            if grade and match.start() > start:
                self._give(Role.NAME, at, match.start())
                self._give(Role.WORDS, *match.span())
                self.paper.must.append((bare(self.text[match.start() : match.end()]),))
                name, at = name + self.text[at : match.start()], match.end()
            elif not words.ASIDE.fullmatch(match[0]):
                continue
            elif match.start() > start and not enclosed(self.folded[start : match.start()])[1]:
                self._give(Role.NAME, at, match.start())
                self._give(Role.NOTE, *match.span())
                self.paper.notes.append(bare(self.text[match.start() : match.end()]))
                name, at = name + self.text[at : match.start()], match.end()
                if words.DEMANDS.search(match[0]):
                    self.paper.findings.append(Finding("note-changes", *match.span(), match[0]))
        self._give(Role.NAME, at, end)
        return name + self.text[at:end]

    def _cleaned(self, name: str) -> str:
        name = re.sub(r"\s+", " ", name).strip(" ，,；;。、：:")
        if self.context.known(name):
            return name
        lead = re.match(r"(?:该|其(?!他|它)|有效(?!期)的?)(?=.{3})", fold(name))
        return name[lead.end() :] if lead else name
