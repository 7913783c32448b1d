"""Reads the cells of scope and remark: services, references to categories, what is not carried."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kb.importers.outline import Item, enclosed, outline
from kb.importers.text import Account, Finding, Role, fold
from kb.importers.words import (
    BEFORE,
    DUTY,
    GRANTED,
    LEAD,
    NOT_OPEN,
    PART,
    POINTER,
    REFUSED,
    SCOPE,
    SPOKEN_OF,
    TAILS,
    advice_of,
    targets_of,
)


@dataclass(frozen=True)
class Named:
    """Words of the text and where they stand."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Pointer:
    """A sentence that sends to other categories."""

    role: str
    services: tuple[Named, ...]
    applicants: tuple[Named, ...]
    targets: tuple[str, ...]
    start: int
    end: int
    vague: bool = False
    before: bool = False
    """Whether the categories must have been granted before this one, whatever the app does."""


@dataclass(frozen=True)
class Refused:
    """Services that are not carried."""

    services: tuple[Named, ...]
    advice: str
    only_here: bool
    start: int
    end: int


@dataclass
class ScopeReading:
    """What was read from a cell of scope or remark, with the role of every character."""

    text: str
    roles: tuple[Role, ...] = ()
    findings: list[Finding] = field(default_factory=list)
    services: list[Named] = field(default_factory=list)
    pointers: list[Pointer] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    notes: list[Named] = field(default_factory=list)


def read_scope(text: str, is_scope: bool = True) -> ScopeReading:
    """Reads a cell of scope, or of remark."""
    return _Reader(text, is_scope).run()


class _Reader:
    def __init__(self, text: str, is_scope: bool) -> None:
        self.text, self.folded, self.is_scope = text, fold(text), is_scope
        self.account = Account(self.folded)
        self.reading = ScopeReading(text)

    def run(self) -> ScopeReading:
        found = outline(self.folded)
        self.reading.findings += found.findings
        carried = ""
        for item in _walk(found.root):
            if item.marker:
                self.account.give(Role.MARKER, item.marker.start, item.marker.end)
            if item.lead:
                self.account.give(Role.FILLER, *item.lead)
            for line in item.lines:
                for start, end in self._sentences(*line):
                    carried = self._sentence(start, end, bool(item.marker), carried)
        self.reading.roles = self.account.close()
        return self.reading

    def _sentences(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        depth, _ = enclosed(self.folded[start:end])
        first = start
        for at in range(start, end):
            if self.folded[at] in "。;" and not depth[at - start]:
                yield first, at
                first = at + 1
        if self.folded[first:end].strip():
            yield first, end

    def _sentence(self, start: int, end: int, listed: bool, carried: str) -> str:
        while start < end and self.folded[start].isspace():
            start += 1
        while end > start and (self.folded[end - 1].isspace() or self.folded[end - 1] in ",:"):
            end -= 1
        if start == end:
            return carried
        part = self.folded[start:end]
        if carried and listed:  # an entry of a list that a sentence before announced
            self._refuse(start, end, 0, len(part), "none", False)
            return carried
        scope = SCOPE.match(part)
        pointer = POINTER.match(part) if re.search(r"类目|\[|“", part) else None
        refused = REFUSED.match(part)
        closed = NOT_OPEN.match(part)
        if re.search(r"(?:不得涉及|不支持|不可涉及|不得提供|不包含|不包括|禁止)$", part):
            self.account.give(Role.UNSUPPORTED, start, end)
            return "refused"  # what is not carried stands in the entries of a list
        if scope and self.is_scope:
            self._scope(start, end, scope)
        elif pointer and self._pointer(start, end, pointer):
            pass
        elif refused and not re.search(r"除外|删除|申请其他", part):
            if not refused["what"].strip() or part.endswith(":"):
                self.account.give(Role.UNSUPPORTED, start, end)
            else:
                only = bool(re.search(r"类目|不包|不含", (refused["who"] or "") + refused["verb"]))
                advice = advice_of(refused["advice"])
                self._refuse(start, end, *refused.span("what"), advice, only)
            return ""
        elif closed:
            self._refuse(start, end, *closed.span("what"), advice_of(closed["advice"]), False)
        else:
            self._note(start, end, part)
        return ""

    def _note(self, start: int, end: int, part: str) -> None:
        duty = bool(DUTY.search(part))
        self.account.give(Role.DUTY if duty else Role.NOTE, start, end)
        self.reading.notes.append(Named(self.text[start:end], start, end))
        if re.search(r"(?:补充|选择|选(?!择))(?!(?:该|本|此)类目)[^,。]{0,40}类目", part):
            self._find("reference-unread", start, end)
        elif self.is_scope and not self.reading.services and start < 3 and len(part) > 3:
            self._find("scope-unread", start, end)
        elif duty:
            self._find("duty", start, end, "note")

    def _find(self, code: str, start: int, end: int, severity: str = "open") -> None:
        told = self.text[start:end]
        self.reading.findings.append(
            Finding(code, start, end, told, "note" if severity == "note" else "open")
        )

    # -- scope

    def _scope(self, start: int, end: int, match: re.Match[str]) -> None:
        a, b = match.span("what")
        self.account.give(Role.FILLER, start, start + a)
        what = self.folded[start + a : start + b]
        lead = LEAD.match(what)
        first = start + a + (lead.end() if lead else 0)
        named = list(self._things(first, start + b))
        at = start + a
        for thing in named:
            self.account.give(Role.SCOPE, at, thing.start)
            self.account.give(Role.SERVICE, thing.start, thing.end)
            at = thing.end
        self.account.give(Role.SCOPE, at, end)
        self.reading.services += named
        if lead and lead.end() > 4:
            self.reading.notes.append(Named(self.text[start:end], start, end))
        if match["only"]:
            self._find("only", start, end)
        if not named:
            self._find("scope-unread", start, end)

    def _things(self, start: int, end: int) -> Iterator[Named]:
        """The things that a list names, without the words around them."""
        depth, _ = enclosed(self.folded[start:end])
        at = first = start
        bounds: list[tuple[int, int]] = []
        while at < end:
            joint = PART.match(self.folded, at, end)
            if joint and not depth[at - start]:
                bounds.append((first, at))
                at = first = joint.end()
                continue
            at += 1
        bounds.append((first, end))
        for a, b in bounds:
            part = self.folded[a:b]
            tail = TAILS.search(part)
            if tail and tail.start() >= 2:
                b = a + tail.start()
            while a < b and (self.folded[a].isspace() or self.folded[a] in '[]“”"'):
                a += 1
            while b > a and (self.folded[b - 1].isspace() or self.folded[b - 1] in '[]“”",;。'):
                b -= 1
            if b - a >= 2:
                yield Named(self.text[a:b], a, b)

    # -- references

    def _pointer(self, start: int, end: int, match: re.Match[str]) -> bool:
        targets = targets_of(match["targets"])
        cond = SPOKEN_OF.match(BEFORE.sub("", match["cond"]).rstrip(","))
        if not targets or not cond:
            return False
        # `医疗相关类目` means several categories, and none by its name.
        vague = bool(re.search(r"相关|对应|等", self.folded[start + match.start("kind") : end]))
        kind = match["kind"]
        granted = bool(re.search("先", match["verb"]) or GRANTED.search(kind))
        adds = kind in ("补充", "增加", "添加") or re.search("同时|另", match["verb"]) or granted
        role = "also" if adds else "instead"
        if "建议" in match["verb"]:
            role = "advice"
        who = cond["who"]
        services: list[Named] = []
        applicants: list[Named] = []
        if who and (not cond["what"] or not cond["does"]):
            a = start + cond.start("who")
            applicants.append(
                Named(self.text[a : start + cond.end("who")], a, start + cond.end("who"))
            )
        elif cond["what"]:
            services += self._things(start + cond.start("what"), start + cond.end("what"))
        at = start
        for named in (*applicants, *services):
            self.account.give(Role.REFERENCE, at, named.start)
            role_ = Role.APPLICANT if named in applicants else Role.SERVICE
            self.account.give(role_, named.start, named.end)
            at = named.end
        self.account.give(Role.REFERENCE, at, start + match.start("targets"))
        self.account.give(Role.CATEGORY, start + match.start("targets"), end)
        before = granted and not services and not applicants
        self.reading.pointers.append(
            Pointer(role, tuple(services), tuple(applicants), targets, start, end, vague, before)
        )
        if not services and not applicants and not before:
            self._find("reference-unread", start, end)
        return True

    def _refuse(self, start: int, end: int, a: int, b: int, advice: str, only_here: bool) -> None:
        named = tuple(self._things(start + a, start + b))
        at = start
        for thing in named:
            self.account.give(Role.UNSUPPORTED, at, thing.start)
            self.account.give(Role.SERVICE, thing.start, thing.end)
            at = thing.end
        self.account.give(Role.UNSUPPORTED, at, end)
        if named:
            self.reading.refused.append(Refused(named, advice, only_here, start, end))
        else:
            self._find("reference-unread", start, end)


def _walk(item: Item) -> Iterator[Item]:
    yield item
    inner = sorted([*item.children, *item.notes], key=lambda each: each.start)
    for each in inner:
        yield from _walk(each)
