"""Joins what was read of an entry, its lines and the entries under it into one requirement."""

from __future__ import annotations

import re
from dataclasses import replace

from kb.importers import words
from kb.importers.combining import Combination, combined
from kb.importers.heads import Head, counts_of
from kb.importers.markers import number_of
from kb.importers.outline import Item
from kb.importers.papers import Context, Node, alike, shares, whose
from kb.importers.phrases import read_phrase
from kb.importers.text import Finding, fold

_IF = re.compile(
    r"(?P<if>(?:若|如果|如|涉及|当)[^,。;]{2,40}),(?:则|还|也|同样|均|同时|另)*(?:需要|必须|需|须|应)"
    r"(?:同时|另行|再|一并)?(?:补充)?(?:提供|提交|上传)(?P<what>[^,。;]+)"
)
CLOSING = re.compile(
    rf"(?<=[\n;。》)])\s*(?P<said>(?:以上|上述)(?:\d|[二两三四五六七八])?(?:项|种|类|份)?(?:所列)?"
    rf"(?:资质|材料|资料|证件|证照|文件|条件|情形|各项)*(?:之?中|里)?[,:]?\s*"
    rf"(?:(?P<all>{words.ALL_OF.pattern}|(?:均|都|皆)(?:需要?|须|应)(?:提供|提交|具备|上传))|{words.CHOICE.pattern})"
    r"(?:即可)?)[。;!\s]*$"
)
"""`以上任选一项即可` behind a list."""
_WAY = re.compile(r"\[?(?:方案|方式|选项|路径|途径)")
"""Entries that are called ways to the same end: one of them is enough."""
_VAGUE = re.compile(r"(?:对应|相应|相关|上述|以上|以下)的?")


class Joiner:
    """Decides whether parts are all asked for or one of them, and tells where that is not said."""

    text: str
    folded: str
    findings: list[Finding]

    def _find(
        self, code: str, start: int, end: int, about: str = "", severity: str = "open"
    ) -> None:
        kind = "note" if severity == "note" else "open"
        self.findings.append(Finding(code, start, end, about, kind))  # type: ignore[arg-type]

    def _close(self, closing: re.Match[str], node: Node | None) -> None:
        """A line behind a list that says whether one of its entries is enough."""
        fits = node is not None and node.op == "all" and "operator-unsaid" in node.open
        if node is None or not fits:
            if not closing["all"]:
                self._find("head-and-list", *closing.span("said"), closing["said"])
            return
        node.open.remove("operator-unsaid")
        self.findings = [f for f in self.findings if f.code != "operator-unsaid"]
        if closing["all"]:
            return
        node.op = "any"
        if closing["n"]:
            node.stated = number_of(closing["n"])
            if node.stated != len(node.parts):
                self._find("miscounted", *closing.span("said"), closing["said"])
                node.open.append("miscounted")
        node.choose(counts_of(closing))

    def _combine(self, joined: Combination, root: Item, node: Node | None) -> Node | None:
        """The entries of a cell as a sentence joins them that names their numbers."""
        if node is None:
            return None
        numbered = [child.marker.number for child in root.children if child.marker]
        entries = dict(zip(numbered, node.parts, strict=False))
        fits = len(entries) == len(root.children) == len(node.parts)
        found = combined(joined, entries) if fits and node.op == "all" else None
        told = self.text[joined.start : joined.end]
        if found is None or joined.numbers != entries.keys():
            self._find("head-and-list", joined.start, joined.end, told)
            node.open.append("head-and-list")
            return node
        unsaid = ("operator-unsaid", "choice-unsaid")
        self.findings = [
            each for each in self.findings if each.code not in unsaid or each.start != node.start
        ]
        found.open += [code for code in node.open if code not in unsaid]
        found.label = found.label or node.label
        if not joined.sure:
            self._find("ambiguous", joined.start, joined.end, told)
            found.open.append("ambiguous")
        return found

    def _join(
        self,
        item: Item,
        heads: list[Head],
        parts: list[Node],
        nodes: list[Node],
        context: Context,
    ) -> Node | None:
        announced = next((h for h in reversed(heads) if h.op), None)
        label = next((h.label for h in heads if h.label), "")
        if nodes:
            node = self._listed(item, heads, announced, nodes)
            parts = self._named_in_label(heads, context) or parts
            node.label = node.label or self._list_label(heads, node, context)
            if parts:
                self._find("head-and-list", item.start, item.end)
                node = Node("all", [*parts, node], start=item.start, end=item.end)
                node.open.append("head-and-list")
            return node
        if not parts:
            if announced or (item.marker and item.lines and label):
                self._find("list-missing", item.start, item.end, label)
                return Node(
                    "all", [], label=label, open=["list-missing"], start=item.start, end=item.end
                )
            return None
        if len(parts) == 1:
            if announced and announced.op == "any" and announced.stated and parts[0].op != "any":
                parts[0].open.append("miscounted")
            return parts[0]
        return self._lines(item, announced, parts)

    def _named_in_label(self, heads: list[Head], context: Context) -> list[Node]:
        """Papers that a heading asks for beside its list: `《甲证》及以下资质之一：`."""
        at = next((h.label_at for h in heads if h.label_at), None)
        if not at or not re.search(r"》\s*(?:以?及|和|与|、|[+]|并)?$", self.folded[at[0] : at[1]]):
            return []
        stop = at[1]
        while self.folded[stop - 1] in "以及和与、+并 ":
            stop -= 1
        read = read_phrase(self.text, self.folded, at[0], stop, replace(context, label=""))
        return [read.node] if read.node else []

    def _list_label(self, heads: list[Head], node: Node, context: Context) -> str:
        label = next((h.label for h in heads if h.label), "")
        at = next((h.label_at for h in heads if h.label_at), None)
        if at and re.search(
            r"(?:证|证书|协议|许可|备案|文件|证件|合同|资料|材料)$", self.folded[at[0] : at[1]]
        ):
            phrase = read_phrase(self.text, self.folded, at[0], at[1], replace(context, label=""))
            papers = phrase.node.papers() if phrase.node else []
            for paper in node.papers():
                if len(papers) == 1 and papers[0].holder != "applicant" and not paper.own_holder:
                    paper.holder, paper.of = papers[0].holder, papers[0].of
            counted = [p for p in papers if p.counted]
            if counted:
                self._find("head-names-paper", *at, self.text[at[0] : at[1]])
                node.open.append("head-names-paper")
                for paper in node.papers():
                    same = not paper.of or not counted[0].of or shares(counted[0].of, paper.of)
                    if not paper.counted and same and words.AGREEMENT.search(paper.name):
                        paper.at_least, paper.up_to = counted[0].at_least, counted[0].up_to
        return label

    def _listed(
        self, item: Item, heads: list[Head], announced: Head | None, nodes: list[Node]
    ) -> Node:
        optional = [node for node in nodes if node.optional]
        plain = [node for node in nodes if not node.optional]
        start, end = item.start, item.end
        if announced and announced.op == "any":
            node = Node("any", nodes, stated=announced.stated, start=start, end=end)
            node.choose(announced.counts)
            if announced.stated is not None and announced.stated != len(nodes):
                told = f"{announced.stated} / {len(nodes)}"
                self._find("miscounted", start, min(end, start + 12), told)
                node.open.append("miscounted")
            if node.at_least > len(nodes):
                node.at_least = len(nodes)
            return node
        if announced:
            node = Node("all", plain, start=start, end=end)
        elif len(nodes) == 1:
            return (
                nodes[0]
                if not heads or not any(h.label for h in heads)
                else Node("all", nodes, start=start, end=end)
            )
        elif len(nodes) > 1 and all(_WAY.match(self.folded, c.start) for c in item.children):
            return Node("any", nodes, start=start, end=end)
        elif all(node.label for node in nodes) and len({node.label for node in nodes}) == len(
            nodes
        ):
            self._find("choice-unsaid", start, min(end, start + 12))
            return Node("any", nodes, start=start, end=end, open=["choice-unsaid"])
        else:
            node = Node("all", plain, start=start, end=end)
            if not any(h.verb or h.listed for h in heads):
                self._find("operator-unsaid", start, min(end, start + 12))
                node.open.append("operator-unsaid")
        if optional:
            for paper in (p for n in optional for p in n.papers()):
                paper.optional = True
            self._find("optional", optional[0].start, optional[-1].end, severity="note")
            node.parts += optional
        return node

    def _lines(self, item: Item, announced: Head | None, parts: list[Node]) -> Node:
        """Papers in lines of their own, without markers."""
        start, end = item.start, item.end
        optional = [part for part in parts if part.optional]
        for paper in (p for part in optional for p in part.papers()):
            paper.optional = True
        plain = [part for part in parts if not part.optional]
        if optional and len(plain) == 1:
            self._find("optional", optional[0].start, optional[-1].end, severity="note")
            label, plain[0].label = plain[0].label, ""  # the case is that of all its lines
            return Node("all", parts, label=label, start=start, end=end)
        if announced and announced.op == "any" and announced.stated in (None, len(parts)):
            node = Node("any", parts, stated=announced.stated, start=start, end=end)
            node.choose(announced.counts)
            return node
        if announced and announced.op == "all":
            return Node("all", parts, start=start, end=end)
        conditional = [part for part in parts[1:] if words.CONDITION.match(part.label)]
        if conditional and len(conditional) == len(parts) - 1:
            for part in conditional:
                self._find("condition", part.start, part.end, part.label)
                part.open.append("condition")
            return Node("all", parts, start=start, end=end)
        labelled = [part.label for part in parts]
        same = all(labelled) and len(set(labelled)) == len(labelled)
        code = "choice-unsaid" if same else "operator-unsaid"
        self._find(code, start, end)
        return Node("any" if same else "all", parts, start=start, end=end, open=[code])

    def _owned(self, head: Head, node: Node, context: Context) -> None:
        """Papers whose label names another party: `发行方合规材料：《甲证》` among a seller's."""
        owned = words.OWNED.fullmatch(fold(head.label))
        who = owned["who"] if owned else ""
        if not who or not head.label_at or not context.label or words.APPLICANT.match(who):
            return
        if shares(who, context.label):
            return
        holder = whose(who, context, False) or "partner"
        for paper in node.papers():
            if not paper.own_holder and holder != "applicant":
                paper.holder, paper.of = holder, paper.of or who
        self._find("holder-unknown", *head.label_at, head.label)
        node.open.append("holder-unknown")

    def _conditional(self, item: Item, node: Node | None, context: Context) -> Node | None:
        """Adds the papers that notes to an entry ask for under a condition; they stay open."""
        if node is None:
            return None
        named = [paper.name for paper in node.papers()]
        for start, end in [line for note in item.notes for line in note.lines]:
            for match in _IF.finditer(self.folded, start, end):
                first, last = match.span("what")
                read = read_phrase(self.text, self.folded, first, last, replace(context, label=""))
                papers = read.node.papers() if read.node else []
                sure = not any(f.code in ("unread", "noun-unknown") for f in read.findings)
                news = all(not alike(p.name, n) for p in papers for n in named)
                vague = any(_VAGUE.match(fold(p.name)) for p in papers)
                if read.node is None or not sure or not news or vague:
                    continue
                read.node.label = self.text[match.start("if") : match.end("if")].strip(" ，,")
                read.node.optional = True
                read.node.open.append("note-changes")
                for paper in papers:
                    paper.optional = True
                if node.op != "all":
                    node = Node("all", [node], start=node.start, end=node.end)
                node.parts.append(read.node)
        return node
