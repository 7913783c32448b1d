"""The outline of a cell: its items as markers and lines nest them, before any word is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kb.importers.markers import BULLETS, Marker, alike, marker_at
from kb.importers.text import Finding

Stretch = tuple[int, int]


@dataclass
class Item:
    """One entry of a list: its marker, its own lines, the entries under it, the notes to it."""

    marker: Marker | None = None
    lines: list[Stretch] = field(default_factory=list)
    children: list[Item] = field(default_factory=list)
    notes: list[Item] = field(default_factory=list)
    lead: Stretch | None = None

    @property
    def start(self) -> int:
        if self.marker:
            return self.marker.start
        if self.lead:
            return self.lead[0]
        return self.lines[0][0] if self.lines else self.children[0].start if self.children else 0

    @property
    def end(self) -> int:
        ends = [end for _, end in self.lines] + [child.end for child in self.children]
        ends += [note.end for note in self.notes]
        ends += [self.marker.end] if self.marker else []
        ends += [self.lead[1]] if self.lead else []
        return max(ends, default=0)


@dataclass
class Outline:
    """The items of a cell under one root, and what was odd about their marks."""

    root: Item
    findings: list[Finding]


NOTE = re.compile(
    r"(?:备注|附注|特别说明|补充说明|温馨提示|特别提示|注意事项|注意|说明|提示|注)\s*(?:[:]|(?=\n)|(?=[①1]))\s*"
)
_INLINE_NOTE = re.compile(r"(?<![备附标关])(?:备注|附注|特别说明|注意|注)\s*:\s*")
EXAMPLE = re.compile(r"(?:例如|比如|如|例)\s*[:,]\s*")
_JOIN_AFTER = re.compile(r"(?:[:,、/+]|或者?|以?及|和|与|并且?|且)\s*$")
_JOIN_BEFORE = re.compile(r"\s*(?:或者?|以及|及|和(?!解)|与|且|并|[、/+,)])")
_CHOICE = re.compile(r"[\d①-⑳一二两三四五六七八九十]+\s*[选擇择][\d①-⑳一二两三四五六七八九十]")
_LIST = re.compile(r"^[^《》“”]*(?:任[选意一]|其一|之一|同时|以下|下列|如下)[^《》“”]*:$")
"""A line that only announces the lines below it."""
_OPENS, _CLOSES = "(《[", ")》]"


def enclosed(folded: str) -> tuple[list[int], list[int]]:
    """For each character how many pairs of brackets are around it, and the marks without a
    partner. Pairs do not go over the end of a line."""
    depth = [0] * (len(folded) + 1)
    lonely: list[int] = []
    stack: list[int] = []

    def end_line() -> None:
        lonely.extend(stack)
        stack.clear()

    for at, c in enumerate(folded):
        if c == "\n":
            end_line()
        elif c in _OPENS:
            stack.append(at)
        elif c in _CLOSES:
            want = _OPENS[_CLOSES.index(c)]
            back = next((n for n in reversed(range(len(stack))) if folded[stack[n]] == want), None)
            if back is None:
                if not _numbered(folded, at):
                    lonely.append(at)
                continue
            lonely.extend(stack[back + 1 :])
            for inner in range(stack[back] + 1, at):
                depth[inner] += 1
            del stack[back:]
    end_line()
    return depth, sorted(lonely)


def _numbered(folded: str, at: int) -> bool:
    return (
        at > 0
        and folded[at] == ")"
        and bool(re.search(r"(?:^|[\s;。:,、)》])(?:\d{1,2}|[A-Ha-h])$", folded[:at]))
    )


def outline(folded: str) -> Outline:
    """The outline of a folded text."""
    return _Outliner(folded).run()


class _Outliner:
    def __init__(self, folded: str) -> None:
        self.text = folded
        self.depth, lonely = enclosed(folded)
        self.findings = [Finding("unbalanced", at, at + 1, folded[at]) for at in lonely]
        self.root = Item()
        self.stack: list[tuple[Marker | None, Item]] = [(None, self.root)]
        self.at_note = False
        self.found = self._candidates()

    def _candidates(self) -> dict[int, Marker]:
        text = self.text
        found: dict[int, Marker] = {}
        barred = {at for m in _CHOICE.finditer(text) for at in range(m.start(), m.end())}
        starts = {m.end() for m in re.finditer(r"(?:^|\n)[ ]*(?:[-*•●·]\s*)?", text)}
        bullets = {m.end() for m in re.finditer(r"(?:^|\n)[ ]*", text)}
        bullets = {at for at in bullets if text[at : at + 1] in tuple(BULLETS)}
        starts |= bullets if len(bullets) > 1 else set()
        for at, c in enumerate(text):
            if at in barred or self.depth[at] or c.isspace():
                continue
            at_line = at in starts
            before = text[at - 1] if at else "\n"
            if not at_line and (before.isdigit() or before in "第类级号款条.-~至约"):
                continue
            marker = marker_at(text, at, at_line)
            if marker and not any(n in barred for n in range(marker.start, marker.end)):
                found[at] = marker
        return found

    def run(self) -> Outline:
        text, at, start = self.text, 0, 0
        while at <= len(text):
            note = None
            if at < len(text) and not self.depth[at]:
                line_start = at == 0 or text[at - 1] == "\n"
                note = NOTE.match(text, at) if line_start else _INLINE_NOTE.match(text, at)
            marker = self.found.get(at)
            if marker and not self._accepted(marker):
                marker = None
            if at == len(text) or text[at] == "\n" or note or marker:
                self._line(start, at)
                if marker:
                    self._enter(marker)
                    start = at = marker.end
                    if marker.start == marker.end:
                        at += 1
                    continue
                if note:
                    self._note(note.start(), note.end())
                    start = at = max(note.end(), at + 1)
                    continue
                start = at + 1
            at += 1
        return Outline(self.root, self.findings)

    def _line(self, start: int, end: int) -> None:
        text = self.text
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start == end:
            return
        item = self.stack[-1][1]
        if item.lines and (
            _JOIN_AFTER.search(text[item.lines[-1][0] : item.lines[-1][1]])
            or _JOIN_BEFORE.match(text, start)
        ):
            first = item.lines[-1][0]
            before = text[first : item.lines[-1][1]]
            closed = self.stack[-1][0] is None and (_CHOICE.search(before) or _LIST.search(before))
            if not (closed and text[item.lines[-1][1] - 1] in ":,"):
                item.lines[-1] = (first, end)
                return
        item.lines.append((start, end))

    def _note(self, start: int, end: int) -> None:
        while self.stack[-1][1].lead:  # a note does not hang on a note
            self.stack.pop()
        owner = self.stack[-1][1]
        note = Item(lead=(start, end))
        owner.notes.append(note)
        self.stack.append((None, note))

    def _level(self, marker: Marker) -> int | None:
        """The level of the stack that the marker goes on with."""
        if marker.style in ("tag", "bullet"):
            open_at = [n for n, (m, _) in enumerate(self.stack) if m and m.style == marker.style]
            return open_at[-1] if open_at else None
        for same in (True, False):
            for n in reversed(range(1, len(self.stack))):
                open_ = self.stack[n][0]
                if open_ is None or open_.number + 1 != marker.number:
                    continue
                if open_.above != marker.above:
                    continue
                if open_.style == marker.style if same else alike(open_.style, marker.style):
                    return n
        return None

    def _accepted(self, marker: Marker) -> bool:
        if marker.style == "bare" and (marker.number != 1 or not marker.at_line):
            return self._level(marker) is not None
        if marker.style in ("tag", "bullet"):
            return marker.at_line
        if marker.at_line and marker.style != "bare":
            return not (marker.style == "dotted" and marker.number > 1 and not self._level(marker))
        if self._level(marker) is not None:
            return True
        if marker.number != 1:
            return False
        return any(
            at > marker.start
            and later.number == 2
            and later.above == marker.above
            and alike(later.style, marker.style)
            for at, later in self.found.items()
        )

    def _enter(self, marker: Marker) -> None:
        level = self._level(marker)
        if level is None and marker.number > 1:
            level = self._gap(marker)
        if level is not None:
            del self.stack[level:]
        elif marker.above is not None:
            for n in reversed(range(1, len(self.stack))):
                open_ = self.stack[n][0]
                if open_ and open_.above is None and open_.number == marker.above:
                    del self.stack[n + 1 :]
                    break
        item = Item(marker)
        self.stack[-1][1].children.append(item)
        self.stack.append((marker, item))

    def _gap(self, marker: Marker) -> int | None:
        """The level of a list in which an entry before this marker lost its own."""
        for n in reversed(range(1, len(self.stack))):
            open_ = self.stack[n][0]
            if open_ and alike(open_.style, marker.style) and open_.number < marker.number:
                lost = self.stack[-1][1] if n == len(self.stack) - 1 else None
                parent = self.stack[n - 1][1]
                told = f"{open_.number} -> {marker.number}"
                self.findings.append(Finding("marker-lost", marker.start, marker.end, told))
                if lost and len(lost.lines) > 1 and marker.number == open_.number + 2:
                    parent.children.append(Item(lines=[lost.lines.pop()]))
                return n
        owner = self.stack[-1][1]
        self.findings.append(Finding("marker-lost", marker.start, marker.end, str(marker.number)))
        if marker.number == 2 and len(owner.lines) > 1:
            owner.children.append(Item(lines=[owner.lines.pop()]))
        return None
