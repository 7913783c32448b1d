"""Reads a phrase into a tree of papers, and tells where it can be read in more than one way."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from kb.importers import words
from kb.importers.fallback import Fallback, fallback
from kb.importers.grammar import Expr, Group, Leaf, readings
from kb.importers.leaves import read_leaf
from kb.importers.lexer import STRONG_END, Piece, pieces
from kb.importers.marks import read_mark
from kb.importers.outline import enclosed
from kb.importers.papers import Context, Node, Paper, Phrase, sense_of
from kb.importers.stated import Mark
from kb.importers.text import Finding, Role, Severity, Span, disjoint

_EXAMPLE = re.compile(
    r",\s*(?:(?:例如|比如|如)(?!涉及|果|有|需)|(?:声明|表明|用以|证明)(?!书|函|信|文件|材料)(?=[^,。;、《]{6}))"
)
"""What goes on behind a comma and names no further paper: examples, what a paper declares."""
_EITHER = re.compile(r"(?:(?P<many>(?:均|皆|都)(?:可以?|行))|(?:就?可以|即可))$")
"""`甲证、乙证均可`: any of them will do."""
_STATES = re.compile(r"(?:须|需|应|必须)(?:要|当)?(?:包含|包括|含|载明|注明|有)")
MARGIN = 0.75
"""Two readings that differ in sense and cost less than this apart are both told."""


def read_phrase(
    text: str, folded: str, start: int, end: int, context: Context, choice: bool = False
) -> Phrase:
    """Reads a stretch as a phrase; with `choice`, one was announced, and commas part choices."""
    while end > start and (folded[end - 1].isspace() or folded[end - 1] in ";。,、:"):
        end -= 1
    either = _EITHER.search(folded, start, end)
    if either and either.start() > start:
        many = either["many"]
        read = read_phrase(text, folded, start, either.start(), context, choice or bool(many))
        read.spans.append(Span(Role.OPERATOR if many else Role.FILLER, *either.span()))
        if many and read.node and read.node.op == "all":  # `甲证和乙证均可`: one, or both?
            read.findings.append(Finding("choice-of-list", start, end, text[start:end]))
            read.node.open.append("choice-of-list")
        return read
    stands_in = fallback(folded, start, end)
    if stands_in:
        return _stands_in(text, folded, stands_in, context)
    depth, _ = enclosed(folded[start:end])
    for match in _EXAMPLE.finditer(folded, start, end):
        if not depth[match.start() - start] and match.start() > start:
            read = read_phrase(text, folded, start, match.start(), context, choice)
            read.spans.append(Span(Role.NOTE, match.start(), end))
            if read.node and read.node.papers():
                read.node.papers()[-1].notes.append(text[match.start() + 1 : end].strip())
            return read
    tokens = [p for p in pieces(folded, start, end) if p.kind != "COLON"]
    strays = [p for p in tokens if p.kind == "STRAY"]
    findings = [Finding("unbalanced", p.start, p.end, folded[p.start]) for p in strays]
    tokens = [p for p in tokens if p.kind != "STRAY"]
    # A full stop before a bracket does not part the bracket from its paper.
    tokens = [
        p
        for n, p in enumerate(tokens)
        if p.kind != "SEMI" or n + 1 == len(tokens) or tokens[n + 1].kind != "BR"
    ]
    while tokens and tokens[-1].kind in ("SEMI", "COMMA"):
        tokens.pop()
    if not tokens:
        return Phrase(None, [], findings)
    beside = {b for a, b in pairwise(tokens) if a.kind in ("TITLE", "BR") and b.kind == "TITLE"}
    beside &= {p for p in tokens if not folded[start : p.start].rstrip().endswith("(")}
    if beside and sum(p.kind == "TITLE" for p in tokens) > 1:
        # Titles side by side are a list; what joins them is said before them or not at all.
        tokens = [
            each
            for p in tokens
            for each in ((Piece("ENUM", p.start, p.start), p) if p in beside else (p,))
        ]
        if not choice:
            findings.append(Finding("operator-unsaid", start, end, text[start:end]))
    findings += [
        Finding("unbalanced", p.start, p.end, folded[p.start : p.end])
        for p in tokens
        if p.kind == "QUOTE" and folded[p.end - 1] not in '”]"'
    ]
    if choice:
        kinds = {p.kind for p in tokens}
        if "OR" not in kinds:
            alone = {"SEMI"} if not kinds & {"AND", "SL", "ENUM", "COMMA"} else set()
            lists = {"ENUM", *alone}  # semicolons, where nothing else parts the papers
            tokens = [replace(p, kind="ENUM_OR") if p.kind in lists else p for p in tokens]
    found = readings(tokens)
    if not found:
        return Phrase(None, [], [*findings, Finding("unread", start, end, text[start:end])])
    best = _phrase(text, folded, found[0].expr, context)
    for other in found[1:6]:
        if other.cost - found[0].cost > MARGIN:
            break
        rival = _phrase(text, folded, other.expr, context)
        if rival.node and best.node and sense_of(rival.node) != sense_of(best.node):
            if _for_all(rival.node, other.expr):
                best = rival
            best.findings.append(Finding("ambiguous", start, end, text[start:end]))
            assert best.node is not None
            best.node.open.append("ambiguous")
            break
    if found[0].cost >= 3.5 and best.node:
        many = best.node.paper is None or bool(_STATES.search(folded, start, end))
        severity: Severity = "open" if many else "note"
        best.findings.append(Finding("noun-unknown", start, end, text[start:end], severity))
        best.node.open += ["noun-unknown"] * many
    best.findings = findings + best.findings
    if not disjoint(best.spans):
        # Two parts of the phrase lay claim to the same words: it is not understood.
        return Phrase(None, [], [*findings, Finding("unread", start, end, text[start:end])])
    return best


def _stands_in(text: str, folded: str, found: Fallback, context: Context) -> Phrase:
    """The paper that is asked for, or the one for those who have it not."""
    one = read_phrase(text, folded, *found.one, context)
    other = read_phrase(text, folded, *found.other, context)
    spans = [Span(Role.OPERATOR, *joint) for joint in found.joints]
    read = Phrase(None, [*one.spans, *other.spans, *spans], [*one.findings, *other.findings])
    sides = [side.node for side in (one, other) if side.node]
    if len(sides) == 2:
        read.node = Node("any", sides, start=found.one[0], end=found.other[1])
    return read


def _for_all(node: Node, expr: Expr) -> bool:
    """Whether a bracket behind a choice is more likely said of all of it: a number of houses, or
    what agreements and authorisations must say."""
    if not isinstance(expr, Group) or expr.op != "any" or not expr.marks:
        return False
    papers = node.papers()
    return all(p.counted for p in papers) or all(
        words.AGREEMENT.search(p.name) or re.search("授权|代理", p.name) for p in papers
    )


def _phrase(text: str, folded: str, expr: Expr, context: Context) -> Phrase:
    reader = _Reader(text, folded)
    node = reader.node(expr, context)
    return Phrase(node, reader.spans, reader.findings)


class _Reader:
    def __init__(self, text: str, folded: str) -> None:
        self.text, self.folded = text, folded
        self.spans: list[Span] = []
        self.findings: list[Finding] = []

    def node(self, expr: Expr, context: Context) -> Node:
        match expr:
            case Leaf():
                return self._leaf(expr, context)
            case Group():
                return self._group(expr, context)

    def _leaf(self, leaf: Leaf, context: Context) -> Node:
        paper = read_leaf(self.text, self.folded, leaf, context)
        if leaf.titled and len(leaf.name) > 1 and not context.known(paper.name):
            title, rest = leaf.name[0], leaf.name[-1]
            inside = self.folded[title.start + 1 : title.end - 1]
            after = self.folded[rest.start : rest.end]
            if len(after) > 4 and STRONG_END.search(inside) and STRONG_END.search(after):
                paper.findings.append(Finding("operator-unsaid", title.start, rest.end, paper.name))
        self.spans += paper.spans
        self.findings += paper.findings
        node = Node(paper=paper, start=paper.start, end=paper.end)
        node.open += [f.code for f in paper.findings if f.severity == "open"]
        twin = None if context.known(paper.name) else words.TWIN.match(paper.name)
        if twin and not paper.titled:
            return self._twins(node, twin)
        if paper.each:
            parts = [replace(node, paper=replace(paper, holder=holder)) for holder in paper.each]
            return Node("all", parts, start=node.start, end=node.end)
        if paper.or_being:  # to be such a one may be enough
            own = replace(paper, name=paper.or_being, form=[], must=[], of="")
            return Node("any", [replace(node, paper=own), node], start=node.start, end=node.end)
        if paper.or_applicant:
            own = replace(paper, holder="applicant", of="", at_least=1, up_to=None, counted=False)
            return Node("any", [replace(node, paper=own), node], start=node.start, end=node.end)
        if not paper.instead:
            return node
        parts = [node]
        for start, end in paper.instead:
            lead = re.match(r"\s*或者?", self.folded[start:end])
            first = start + (lead.end() if lead else 0)
            self.spans.append(Span(Role.OPERATOR, start, first))
            inner = read_phrase(self.text, self.folded, first, end, context, choice=True)
            self.spans += inner.spans
            self.findings += inner.findings
            if inner.node:
                parts += inner.node.parts if inner.node.op == "any" else [inner.node]
        return Node("any", parts, start=node.start, end=paper.instead[-1][1])

    def _twins(self, node: Node, twin: re.Match[str]) -> Node:
        """`合作/授权协议`: one noun with two beginnings."""
        assert node.paper is not None
        self.findings.append(Finding("slash", node.start, node.end, node.paper.name))
        names = (twin["one"] + twin["noun"], twin["other"] + twin["noun"])
        parts = [replace(node, paper=replace(node.paper, name=name)) for name in names]
        return Node("any", parts, start=node.start, end=node.end, open=["slash"])

    def _halves(self, group: Group, parts: list[Node]) -> None:
        """`供货合同/凭证`: the second noun goes on with the words before the first."""
        for joint, left, right in zip(group.joints, parts, parts[1:], strict=False):
            one, other = left.paper, right.paper
            if joint.kind != "SL" or joint.loose or not one or not other or other.titled:
                continue
            noun = words.LAST_NOUN.search(one.name)
            if noun and other.name in words.STRONG and not one.titled and len(other.name) <= 2:
                other.name = one.name[: noun.start()] + other.name
                self.findings.append(Finding("slash", left.start, right.end, other.name))
                right.open.append("slash")

    def _group(self, group: Group, context: Context) -> Node:
        for joint in group.joints:
            self.spans.append(Span(Role.OPERATOR, joint.start, joint.end))
        parts: list[Node] = []
        for part in group.parts:
            parts.append(self.node(part, context))
            named = [p.of for p in parts[-1].papers() if p.party]
            owned = [(p.of, p.holder) for p in parts[-1].papers() if p.of and p.own_holder]
            context = replace(
                context,
                parties=(*context.parties, *named),
                owners=(*context.owners, *owned),
            )
        self._share(group.op, parts)
        self._halves(group, parts)
        papers = [paper for part in parts for paper in part.papers()]
        for mark in papers[-1].for_all if papers else ():
            for paper in papers[:-1]:  # "each of them": what the last is asked, all are
                paper.add(replace(mark, findings=[]))
        node = Node(group.op, parts, start=parts[0].start, end=parts[-1].end)
        labels = [paper.label for paper in papers]
        marked = any(isinstance(part, Leaf) and part.after for part in group.parts[:-1])
        if group.op == "all" and labels[-1:] and labels[-1] and not any(labels[:-1]) and not marked:
            # `《甲证》及《乙证》(适用于丙)`: papers that are asked for together are of one case.
            node.label, papers[-1].label = labels[-1], ""
        for piece in group.marks:
            self._mark(piece, node)
        return node

    def _share(self, op: str, parts: list[Node]) -> None:
        """Gives the owner of the first of several papers to those that name none of their own."""
        first = parts[0].papers()[0] if parts[0].papers() else None
        counted: Paper | None = None
        for paper in (p for part in parts for p in part.papers()):
            if paper.counted and paper.of:
                counted = paper
            elif counted:
                back = re.search(
                    r"^(?:该|此|每|各)|合作方", self.folded[paper.start : paper.end]
                ) or re.search(r"^(?:该|此|每|各)|合作方", paper.of)
                if back and not paper.counted and paper.holder != "applicant":
                    paper.at_least, paper.up_to = counted.at_least, counted.up_to
                    self.findings.append(
                        Finding("count-shared", paper.start, paper.end, paper.name)
                    )
        if first is None or first.holder == "applicant" or not first.own_holder:
            return
        ended = False
        for part in parts[1:]:
            papers = part.papers()
            if op == "all" and any(
                words.AGREEMENT.search(p.name) or words.GIVEN.search(p.name) for p in papers
            ):
                ended = True
                continue
            for paper in papers:
                if paper.own_holder or paper.issuer:
                    break
                if not ended:  # an agreement is the applicant's: what follows it may be too
                    paper.holder, paper.of = first.holder, first.of
                if op == "all":
                    told = Finding("holder-shared", paper.start, paper.end, paper.name)
                    self.findings.append(told)
                    part.open.append("holder-shared")

    def _mark(self, piece: Piece, node: Node) -> None:
        mark = read_mark(self.text, self.folded, piece.start, piece.end, piece.kind)
        self.spans += mark.spans
        self.findings += mark.findings
        self._to_all(mark, node)
        node.end = piece.end

    def _to_all(self, mark: Mark, node: Node) -> None:
        for paper in node.papers():
            paper.add(replace(mark, findings=[]))
