"""Reads the cells of scope and remark: services, references to categories, what is not carried."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kb.importers.fold import fold
from kb.importers.outline import Item, enclosed, outline
from kb.importers.roles import Account, Finding, Role


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


_POINTER = re.compile(
    r"(?P<cond>.*?)(?:[,]\s*)?(?P<verb>(?:还|也|则|均|,)*(?:建议|请|可|需要|需|须|应当?|必须)+(?:另行|再|同时|先)?"
    r"(?P<kind>补充|增加|添加|选择|选|申请|改选|已通过))(?:对应的?|相应的?)?\s*:?\s*(?P<targets>.*?类目.*|[\[“].*)$",
    re.DOTALL,
)
_CONDITION = re.compile(
    r"^(?:注意?[:])?\s*(?P<if>如果|如|若|当|凡)?(?P<who>[^,]{2,16}?(?:主体|者|机构|企业))?(?:小程序)?(?:主体)?(?:内|中)?(?P<only>仅)?(?:销售)?(?:内容)?"
    r"(?:还|同时|也)?(?P<does>涉及(?:提供|到)?|提供|包含|含有|含|有|为|属于|从事)?\s*(?P<what>.*?)(?:等?(?:平台型|相关)?(?:业务|服务内容|服务|内容)|等)?$",
    re.DOTALL,
)
_REFUSED = re.compile(
    r"^(?:注[:])?\s*(?P<who>该类目|本类目|此类目|平台|小程序|目前|合作机构|[^,。]{0,12}?)?\s*(?:暂时?|目前|仅|均|也)*"
    r"(?P<verb>不支持|不得提供|不可提供|不得涉及|不可涉及|不允许|不得|不可|不包含|不包括|不涉及|不含|禁止|暂未开放)"
    r"(?:在?(?:提供|涉及|从事|销售))?\s*:?\s*(?P<what>.+?)"
    r"(?:(?:等)?(?:相关)?(?:未开放)?(?:业务|服务内容|服务|内容))?(?:[,]\s*(?P<advice>建议.*))?$",
    re.DOTALL,
)
_NOT_OPEN = re.compile(
    r"^(?P<what>.+?)属(?:于)?(?:平台)?(?:暂未|尚未|未)开放.*?(?:建议(?P<advice>去除|调整).*)?$",
    re.DOTALL,
)
_SCOPE = re.compile(r"^(?P<only>仅限|仅|只)?适用于?(?P<what>.+)$", re.DOTALL)
_LEAD = re.compile(r"^.{0,60}?(?:提供|从事|开展|进行)(?!方|者|商|单位|机构)(?:的)?")
_TAILS = re.compile(
    r"等[^等()]*$|(?:等)?(?:经营性|相关|平台型|在线|类)*(?:服务活动|服务|业务|内容|产品)?(?:等)?[。;\s]*$"
)
_DUTY = re.compile(r"须|需|应|不得|必须|禁止|不可|建议|请")
_PART = re.compile(r"、|/|以及|(?<![普涉])及(?!其|以)|或者|或|和(?!国|解|平|谐)|,")


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
        scope = _SCOPE.match(part)
        pointer = _POINTER.match(part) if re.search(r"类目|\[|“", part) else None
        refused = _REFUSED.match(part)
        closed = _NOT_OPEN.match(part)
        if scope and self.is_scope:
            self._scope(start, end, scope)
        elif pointer and self._pointer(start, end, pointer):
            pass
        elif refused and not re.search(r"除外|删除|申请其他", part):
            if not refused["what"].strip() or part.endswith(":"):
                self.account.give(Role.UNSUPPORTED, start, end)
            else:
                only = bool(re.search(r"类目|不包|不含", (refused["who"] or "") + refused["verb"]))
                advice = _advice(refused["advice"])
                self._refuse(start, end, *refused.span("what"), advice, only)
            return ""
        elif refused is None and re.search(
            r"(?:不得涉及|不支持|不可涉及|不得提供|禁止)$", part.rstrip(":")
        ):
            self.account.give(Role.UNSUPPORTED, start, end)
            return "refused"
        elif closed:
            self._refuse(start, end, *closed.span("what"), _advice(closed["advice"]), False)
        else:
            self._note(start, end, part)
        return ""

    def _note(self, start: int, end: int, part: str) -> None:
        duty = bool(_DUTY.search(part))
        self.account.give(Role.DUTY if duty else Role.NOTE, start, end)
        self.reading.notes.append(Named(self.text[start:end], start, end))
        if re.search(r"(?:补充|选择|选)[^,。]{0,40}类目", part):
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
        lead = _LEAD.match(what)
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
            joint = _PART.match(self.folded, at, end)
            if joint and not depth[at - start]:
                bounds.append((first, at))
                at = first = joint.end()
                continue
            at += 1
        bounds.append((first, end))
        for a, b in bounds:
            part = self.folded[a:b]
            tail = _TAILS.search(part)
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
        targets = _targets(self.text[start + match.start("targets") : end], match["targets"])
        cond = _CONDITION.match(match["cond"].rstrip(","))
        if not targets or not cond:
            return False
        kind = match["kind"]
        role = "also" if kind in ("补充", "增加", "添加", "已通过") else "instead"
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
        self.reading.pointers.append(
            Pointer(role, tuple(services), tuple(applicants), targets, start, end)
        )
        if not services and not applicants:
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


def _advice(told: str | None) -> str:
    if not told:
        return "none"
    return (
        "adjust"
        if re.search(r"调整|修改|更换", told)
        else "remove"
        if re.search(r"去除|删除|移除|建议$", told)
        else "none"
    )


def _targets(text: str, folded: str) -> tuple[str, ...]:
    """The names of categories in a sentence; `A-“B”或“C”` names two of one group."""
    found: list[str] = []
    for match in re.finditer(r"\[([^\[\]]+)(?:\]|$)", folded):
        inner = match[1].strip()
        shared = re.match(r"(?P<group>[^-“]+)-(?=“)(?P<rest>.+)", inner)
        if shared:
            found += [
                f"{shared['group']}-{name}" for name in re.findall(r"“([^”]+)”", shared["rest"])
            ]
        elif "-" not in inner and "、" in inner:
            found += [part.strip() for part in inner.split("、") if part.strip()]
        else:
            found.append(inner)
    if not found:
        found = re.findall(r"“([^”]+)”", folded)
    if not found:
        plain = re.sub(
            r"(?:等)?(?:平台类)?(?:相关|对应)?的?类目.*$", "", folded, flags=re.DOTALL
        ).strip(" 。;:")
        found = [plain] if plain and len(plain) < 40 else []
    del text
    return tuple(found)
