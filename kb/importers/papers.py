"""A paper that is asked for, a tree of them, and what was said before in the same branch."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import combinations_with_replacement

from kb.importers import words
from kb.importers.stated import Mark
from kb.importers.text import Finding, Span, fold, key


@dataclass
class Paper:
    """A paper that is asked for."""

    name: str
    start: int
    end: int
    titled: bool = False
    holder: str = "applicant"
    own_holder: bool = False
    at_least: int = 1
    up_to: int | None = None
    at_most: int | None = None
    counted: bool = False
    must: list[tuple[str, ...]] = field(default_factory=list)
    form: list[str] = field(default_factory=list)
    issuer: str = ""
    of: str = ""
    label: str = ""
    optional: bool = False
    notes: list[str] = field(default_factory=list)
    or_applicant: bool = False
    each: tuple[str, ...] = ()
    or_being: str = ""
    instead: list[tuple[int, int]] = field(default_factory=list)
    for_all: list[Mark] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def party(self) -> str:
        """The other side that an agreement or authorisation names."""
        agreed = words.AGREEMENT.search(key(self.name)) or words.GIVEN.search(key(self.name))
        return self.of if agreed or "授权" in self.name or "协议" in self.name else ""

    def ask_for(self, count: int, up_to: int | None) -> None:
        """Takes over how many copies the text asks for."""
        self.at_least, self.up_to, self.counted = count, up_to, True

    def add(self, mark: Mark) -> None:
        """Takes over what a bracket or clause says."""
        self.must += mark.must
        self.form += mark.form
        self.notes += mark.notes
        self.issuer = self.issuer or mark.issuer
        self.optional |= mark.optional
        self.label = self.label or mark.label
        if mark.count and not (mark.for_all and self.counted):
            self.ask_for(mark.count, mark.up_to)
        self.at_most = mark.at_most or self.at_most
        if mark.instead:
            self.instead.append(mark.instead)
        self.findings += mark.findings


@dataclass(frozen=True)
class Context:
    """What was said before in the same branch: its label, and the parties named in it."""

    label: str = ""
    parties: tuple[str, ...] = ()
    owners: tuple[tuple[str, str], ...] = ()
    known: Callable[[str], bool] = lambda _: False


@dataclass
class Node:
    """A requirement as it is read: a paper, or `any` or `all` of others; `any` with how many."""

    op: str = "paper"
    parts: list[Node] = field(default_factory=list)
    paper: Paper | None = None
    stated: int | None = None
    at_least: int = 1
    up_to: int | None = None
    at_most: int | None = None
    label: str = ""
    optional: bool = False
    notes: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    start: int = 0
    end: int = 0

    def choose(self, counts: tuple[int, int | None, int | None]) -> None:
        """Take so many of its parts, up to so many, and no more than so many."""
        self.at_least, self.up_to, self.at_most = counts

    def papers(self) -> list[Paper]:
        """All papers in it, in the order of the text."""
        own = [self.paper] if self.paper else []
        return own + [paper for part in self.parts for paper in part.papers()]


@dataclass
class Phrase:
    """A phrase that was read: its tree, the roles of its characters, its findings."""

    node: Node | None
    spans: list[Span]
    findings: list[Finding]


def sense_of(node: Node) -> object:
    """What a reading asks for, so that two can be compared."""
    if node.paper:
        paper = node.paper
        return paper.name, paper.holder, paper.at_least, tuple(sorted(paper.must))
    return node.op, frozenset(sense_of(part) for part in node.parts)


def whose(part: str, context: Context, titled: bool) -> str | None:
    """The holder that words of an owner mean; none where they name no owner."""
    plain = re.sub(r"^(?:该|此|上述|合作|相应|对应|具体)+", "", part)
    label, parties = fold(context.label), context.parties
    if re.search(r"其中一[个名位]", part):
        return "member"
    if part.startswith(("该", "此", "上述")):
        if plain.startswith("主体") and len(plain) <= 3:
            return "applicant"
        for owner, holder in context.owners:
            if shares(plain, owner):
                return holder
        if any(shares(plain, party) for party in parties) or "合作" in part:
            return "partner"
        if shares(plain, label):
            return "applicant"
        return None if not titled else "partner"
    if re.match(r"(?:为)?(?:代理商|经销商|服务商|运营商)$", part) and shares(part, label):
        return "applicant"
    for holder, pattern in words.HOLDERS:
        if pattern.search(part):
            return holder
    if any(shares(plain, party) for party in parties):
        return "partner"
    if re.search(r"驻|代表处|办事处", label) and shares(plain, label):
        return "parent"
    if label and shares(plain, label):
        return "partner" if re.search(r"合作|平台|代理|代收", label) else "applicant"
    return None


def alike(one: str, other: str) -> bool:
    """Whether two names may be of one paper, worded a little differently.

    >>> alike("《甲类经营许可证》", "甲类的经营许可证"), alike("营业执照", "经营许可证")
    (True, False)
    """
    first, second = ({n[i : i + 2] for i in range(len(n) - 1)} for n in (key(one), key(other)))
    return key(one) == key(other) or len(first & second) > 0.6 * max(len(first), len(second), 1)


MOST_MIXED = 6
"""Ways to mix papers of several houses that are spelled out; a choice with more stays as it is."""


def mixed(node: Node) -> None:
    """Spells out a choice of papers of several houses: one may have this paper, another that."""
    for part in node.parts:
        mixed(part)
    papers = [part.paper for part in node.parts if part.paper]
    count = papers[0].at_least if papers else 1
    if node.op != "any" or node.stated or len(papers) != len(node.parts) or count < 2:
        return
    if any(p.at_least != count or p.holder != papers[0].holder for p in papers):
        return
    if papers[0].holder == "applicant" or any(words.AGREEMENT.search(p.name) for p in papers):
        return
    ways = [Counter(way) for way in combinations_with_replacement(range(len(papers)), count)]
    ways = [way for way in ways if len(way) > 1]
    if len(ways) > MOST_MIXED:
        return
    for way in ways:
        ways_of = sorted(way.items())
        each = [(node.parts[n], replace(papers[n], at_least=k, up_to=None)) for n, k in ways_of]
        parts = [replace(part, paper=paper) for part, paper in each]
        node.parts.append(Node("all", parts, start=node.start, end=node.end))


def shares(one: str, other: str) -> bool:
    """Whether two ways to name a party may mean the same one.

    >>> shares("快递公司", "与快递公司"), shares("驾校培训机构", "驾校培训公司")
    (True, True)
    """
    one, other = fold(one), fold(other)
    if not one or not other:
        return False
    if one in other or other in one:
        return True
    shared = {one[n : n + 2] for n in range(len(one) - 1)} & {
        other[n : n + 2] for n in range(len(other) - 1)
    }
    return len(shared) >= 2
