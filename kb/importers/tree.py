"""Builds the requirement of a cell from its outline: one role for every character, and findings."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from kb.importers import words
from kb.importers.combining import combination
from kb.importers.doubts import doubts
from kb.importers.fallback import HAVE_NOT
from kb.importers.heads import Head, Way, read_head, read_way
from kb.importers.joins import CLOSING, Joiner
from kb.importers.outline import EXAMPLE, Item, enclosed, outline
from kb.importers.papers import Context, Node, mixed
from kb.importers.phrases import read_phrase
from kb.importers.text import Account, Finding, Role, Span, fold, unnamed_titles, unread
from kb.importers.vague import vague


@dataclass
class CellReading:
    """What was read from a cell of papers, with the role of every character."""

    text: str
    node: Node | None
    roles: tuple[Role, ...]
    findings: list[Finding]
    way: Way | None = None
    notes: list[tuple[int, int]] = field(default_factory=list)

    @property
    def open(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == "open"]


def read_papers(text: str, known: Callable[[str], bool] = lambda _: False) -> CellReading:
    """Reads a cell that says which papers are asked for."""
    return _Builder(text, known).run()


_CASE = re.compile(
    r"(?<=[》);。])\s*,?\s*(?!注|备注|且|并|同时|另)(?:[^《》,;。:()、或和与及]|涉及){2,24}[,]?(?:则|还|也|另|均)*"
    rf"(?:需要|需|须|应){words.BESIDES}?(?:提供|提交|上传)(?!方|者|的)"
    r"|(?<=[》);。])\s*,?\s*(?!注|备注|且|并|同时|另)[^《》,;。:()、或和与及]{2,24}的,?(?:提供|提交|上传)(?!方|者|的|商)"
    r"|(?<=[》);。])\s*,?\s*(?:若|如果|如(?!下|:)|当|对于|凡)[^《》;。:()]{2,30}?,?(?:则|还|也|另|均)*(?:需要|需|须|应)?"
    rf"{words.BESIDES}?(?:(?:提供|提交|上传)(?!方|者|的|商)|(?<=[需须要应])(?=《))"
    r"|(?<=[》);。])\s*(?:资质)?(?:选填|可选|非必填)(?=:)"
    r"|(?<=[;。])\s*(?!注|备注|说明|例|如:)[^《》,;。:()“”]{2,30}(?:\([^()《》]*\))?:"
    r"|(?<=[;。])\s*(?!注|备注|且|并|同时|另)[^《》,;。:()、“”]{2,16}(?:提供|提交|上传)(?!方|者|的|商)(?=.)"
)

_OR_AT_END = re.compile(r"[,;;。、\s]*(?P<or>或者?|或是)[,:\s]*$")
_AMONG = re.compile("任一|之一|任意|(?:以下|下列)(?!.*(?:任一|之一|任意))")
"""A label that speaks of a list, or of one of it, without an operator that was read."""


class _Builder(Joiner):
    def __init__(self, text: str, known: Callable[[str], bool]) -> None:
        self.text, self.folded = text, fold(text)
        self.known = known
        self.account = Account(self.folded)
        self.findings: list[Finding] = []
        self.notes: list[tuple[int, int]] = []
        self.way: Way | None = None

    def run(self) -> CellReading:
        closing = CLOSING.search(self.folded)
        if closing:  # what is said of a list behind it: blanks take its place in the outline
            self.account.give(Role.OPERATOR, *closing.span("said"))
        end = closing.start("said") if closing else len(self.folded)
        seen = self.folded[:end] + " " * (len(self.folded) - end)
        joined = combination(seen)
        if joined:
            self.account.give(Role.OPERATOR, joined.start, joined.end)
            seen = seen[: joined.start] + " " * (joined.end - joined.start) + seen[joined.end :]
        found = outline(seen)
        self.findings += found.findings
        node = self.item(found.root, Context(known=self.known))
        if closing:
            self._close(closing, node)
        if joined:
            node = self._combine(joined, found.root, node)
        if node is not None:
            mixed(node)
        self.account.fill(words.FILLER)
        roles = self.account.close()
        self.findings += unread(self.text, roles, self.findings)
        self.findings += unnamed_titles(self.folded, roles, self.findings)
        self.findings += [
            each
            for each in doubts(self.folded, roles, node)
            if not any(each.repeats(told) for told in self.findings)
        ]
        self.findings += vague(node)
        if (
            node is not None
            and any(f.severity == "open" for f in self.findings)
            and not _any_open(node)
        ):
            node.open.append("findings")  # decision: unread-stays-open
        if node is None and self.way is None:
            self._find("nothing-read", 0, len(self.text))
        self.findings = sorted(set(self.findings), key=lambda f: (f.start, f.end, f.code))
        return CellReading(self.text, node, roles, self.findings, self.way, self.notes)

    # -- items

    def item(self, item: Item, context: Context) -> Node | None:
        """The node of an entry and all under it."""
        if item.marker:
            self.account.give(Role.MARKER, item.marker.start, item.marker.end)
        children = list(item.children)
        adopted = self._adopted(item)
        listed = children or (adopted.children if adopted else [])
        heads: list[Head] = []
        parts: list[Node] = []
        contents: list[Item] = []
        optional_rest = False
        lines = [part for line in item.lines for part in self._cases(*line)]
        for n, (start, end) in enumerate(lines):
            last = n == len(lines) - 1
            read = self._line(start, end, last and bool(listed), parts, heads, context)
            if read and read.contents and last and listed:
                contents, listed = listed, []
            if read and read.optional and read.rest[0] == read.rest[1]:
                optional_rest = True
        context = self._context(context, heads, parts)
        if adopted:
            self._adopt(adopted, item)
        self._contents(contents, parts)
        ored = self._ored(listed)
        nodes = self._children(listed, context)
        if ored and not any(head.op for head in heads) and ored == len(nodes) - 1:
            heads.append(Head(op="any"))
        elif ored:
            self._find("ambiguous", listed[0].start, listed[-1].end)
        for note in item.notes:
            if note is not adopted:
                self._note(note, nodes, parts)
        node = self._join(item, heads, parts, nodes, context)
        node = self._conditional(item, node, context)
        if node is not None and optional_rest:
            node.open.append("optional-follows")
        return node

    def _ored(self, items: list[Item]) -> int:
        """Takes `或` from the ends of entries, which says that the next may stand for them."""
        found = 0
        for item in items[:-1]:
            if item.children or not item.lines:
                continue
            start, end = item.lines[-1]
            match = _OR_AT_END.search(self.folded, start, end)
            if match:
                self.account.give(Role.OPERATOR, match.start("or"), match.end("or"))
                item.lines[-1] = (start, match.start())
                found += 1
        return found

    def _cases(self, start: int, end: int) -> list[tuple[int, int]]:
        """A line in which another case begins behind a paper: `《甲证》代理商需提供《乙证》`."""
        depth, _ = enclosed(self.folded[start:end])
        found, first = [], start
        for match in _CASE.finditer(self.folded, start + 1, end):
            told = match[0].lstrip(" ,")
            without = HAVE_NOT.match(told) or words.ALSO.match(told)
            if not depth[match.start() - start] and match.start() > first + 2 and not without:
                found.append((first, match.start()))
                first = match.start()
        return [*found, (first, end)]

    def _adopted(self, item: Item) -> Item | None:
        """The note that holds the list which its entry announces."""
        if item.children or not item.notes:
            return None
        note = item.notes[0]
        if not note.children or words.CONDITION.match(self._of(note)):
            return None
        return note

    def _adopt(self, note: Item, item: Item) -> None:
        if note.lead:
            self.account.give(Role.FILLER, *note.lead)
        for start, end in note.lines:
            self.account.give(Role.LABEL, start, end)
        del item

    def _of(self, item: Item) -> str:
        return self.folded[item.lines[0][0] : item.lines[0][1]] if item.lines else ""

    def _context(self, context: Context, heads: list[Head], parts: list[Node]) -> Context:
        label = next((head.label for head in heads if head.label), "") or context.label
        parties = [p.of for part in parts for p in part.papers() if p.party]
        return replace(context, label=label, parties=(*context.parties, *parties))

    def _line(
        self,
        start: int,
        end: int,
        leads: bool,
        parts: list[Node],
        heads: list[Head],
        context: Context,
    ) -> Head | None:
        way = read_way(self.text, self.folded, start, end)
        if way is not None:
            self.way = self.way or way
            self.account.give(Role.HOW, start, way.end)
            start = way.end
            if not self.folded[start:end].strip(" ,。;"):
                return None
        example = EXAMPLE.match(self.folded, start)
        if example and parts:
            self._noted(start, end, parts[-1])
            return None
        head = read_head(self.text, self.folded, start, end, leads)
        for span in head.spans:
            self.account.give(span.role, span.start, span.end)
        heads.append(head)
        among = _AMONG.search(head.label) if head.op != "any" else None
        if head.label_at and among and (not head.op or among[0] not in ("以下", "下列")):
            self._find("head-and-list", *head.label_at, head.label)
        first, last = head.rest
        if not self.folded[first:last].strip(" ,;:。、)("):
            return head
        label = replace(context, label=head.label or context.label)
        choice = head.op == "any"
        phrase = read_phrase(self.text, self.folded, first, last, label, choice)
        if phrase.node is None and head.label_at and not parts:
            self.findings += phrase.findings
            return head
        self._take(phrase.spans, phrase.findings)
        if phrase.node is not None:
            phrase.node.label = phrase.node.label or head.label
            self._owned(head, phrase.node, context)
            phrase.node.optional = head.optional
            self._choose(head, phrase.node, leads)
            parts.append(phrase.node)
        return head

    def _choose(self, head: Head, node: Node, leads: bool) -> None:
        """An operator in front of papers in one line."""
        if leads or not head.op:
            return
        if head.op == "any":
            if node.op == "all":
                node.op = "any"
                self._find("choice-of-list", node.start, node.end)
                node.open.append("choice-of-list")
            if node.op != "any" or (head.stated and head.stated != len(node.parts)):
                self._find("miscounted", node.start, node.end, f"{head.stated}")
                node.open.append("miscounted")
            else:
                node.stated = head.stated
                node.choose(head.counts)

    def _take(self, spans: list[Span], findings: list[Finding]) -> None:
        for span in spans:
            if span.start < span.end:
                self.account.give(span.role, span.start, span.end)
        self.findings += findings

    def _children(self, items: list[Item], context: Context) -> list[Node]:
        nodes: list[Node] = []
        optional = False
        for item in items:
            node = self.item(item, context)
            if node is None:
                continue
            if optional:
                node.optional = True
            if "optional-follows" in node.open:
                node.open.remove("optional-follows")
                optional = True
            for mark in node.paper.for_all if node.paper else ():
                for paper in (before.paper for before in nodes if before.paper):
                    paper.add(replace(mark, findings=[]))  # "each of them", said at the last
            nodes.append(node)
            parties = [p.of for p in node.papers() if p.party]
            owned = [(p.of, p.holder) for p in node.papers() if p.of and p.own_holder]
            context = replace(
                context,
                parties=(*context.parties, *parties),
                owners=(*context.owners, *owned),
            )
        return nodes

    def _contents(self, items: list[Item], parts: list[Node]) -> None:
        """A list of what a paper must state."""
        for item in items:
            for each in _all(item):
                if each.marker:
                    self.account.give(Role.MARKER, each.marker.start, each.marker.end)
                for start, end in each.lines:
                    self.account.give(Role.WORDS, start, end)
                    if parts and parts[-1].papers():
                        parts[-1].papers()[-1].must.append((self.text[start:end].strip(" 。；;"),))
            long = any(end - start > 30 for each in _all(item) for start, end in each.lines)
            severity = "open" if long or item.children else "note"
            self._find("contents-list", item.start, item.end, severity=severity)

    # -- notes

    def _note(self, note: Item, nodes: list[Node], parts: list[Node]) -> None:
        if note.lead:
            self.account.give(Role.NOTE, *note.lead)
        target = nodes[-1] if nodes else parts[-1] if parts else None
        for each in _all(note):
            if each.marker:
                self.account.give(Role.MARKER, each.marker.start, each.marker.end)
            for start, end in each.lines:
                self._noted(start, end, target)
            for inner in each.notes:
                self._note(inner, nodes, parts)

    def _noted(self, start: int, end: int, target: Node | None) -> None:
        self.account.give(Role.NOTE, start, end)
        self.notes.append((start, end))
        told = self.text[start:end]
        if target is not None:
            target.notes.append(told)
        part = self.folded[start:end]
        if re.search(
            r"(?:需|须|应|必须|均|同样)[^,。;]{0,8}(?:提供|提交|上传|补充|具备)", part
        ) or (words.CONDITION.match(part) and re.search(r"提供|提交|上传|补充", part)):
            self._find("note-changes", start, end, told)
            if target is not None:
                target.open.append("note-changes")


def _all(item: Item) -> list[Item]:
    return [item, *(inner for child in item.children for inner in _all(child))]


def _any_open(node: Node) -> bool:
    return bool(node.open) or any(_any_open(part) for part in node.parts)
