"""Reads announcements: categories in 【】, each with its papers, scope and notes."""

from __future__ import annotations

import re
from pathlib import Path

from kb.importers.grid import account_of, change_of, make_row
from kb.importers.rows import Row, bad, read_input, text_of
from kb.importers.table import read_table
from kb.importers.text import fold

_ITEM = re.compile(
    r"^\s*(?:#+\s*)?(?:\(?[\d一二三四五六七八九十]{1,3}[、.)]\s*)?\[(?P<name>[^\[\]]+?)\](?P<rest>.*)$"
)
_NAMED = re.compile(r"^\s*(?:服务)?类目(?:名称|名)?\s*:\s*\[?(?P<name>[^\[\]:,;。]{3,40})\]?\s*$")
_BARE = re.compile(
    r"^\s*(?:#+\s*)?(?:\(?[\d一二三四五六七八九十]{1,3}[、.)]\s*)?"
    r"(?P<a>[^-\s>:,;。《》()\[\]]{2,12})\s*(?:-+|>+|→)\s*(?P<b>[^->:,;。《》\[\]]{1,24}?)(?:类目)?\s*:?\s*$"
)
"""A name without 【】: only where a title of a cell stands in the next line."""
_BEFORE = re.compile(
    r"^\s*(?:原(?:有|先)?(?:所需)?资质(?:要求)?|(?:调整|变更|修改)前(?:的)?(?:资质)?(?:要求)?)\s*(?::|$)\s*"
)
_PAPERS = re.compile(
    r"^\s*(?:现|新|最新|调整后|变更后|修改后)?(?:的)?(?:所需|需要|申请|类目)?(?:资质|资料|材料)(?:要求|材料|说明|证明)?(?=\s*(?::|$|\())\s*:?\s*"
)
_SCOPE = re.compile(r"^\s*(?:现|新)?(?:类目)?(?:适用|服务)范围\s*(?::|$)\s*")
_REMARK = re.compile(r"^\s*(?:备注|其他说明)\s*(?::|$)\s*")
_GROUP = re.compile(
    r"^\s*(?:#+\s*)?(?:[一二三四五六七八九十\d]{1,2}[、.]\s*)?(?P<t>[^。:,《》\[\]]{2,18}?)\s*:?\s*$"
)
_CHANGES = re.compile(r"新增|增加|调整|变更|下线|删除|取消|关闭|更新|优化")
_WHOSE = re.compile(r"主体|账号|帐号|个人")


def read_announcement(path: Path, account: str = "", platform: str = "wechat") -> list[Row]:
    """The rows of an announcement."""
    file = str(path)
    text = text_of(read_input(path), file)
    if re.search(r"<table[\s>]", text, re.I) or _piped(text):
        return read_table(path, {}, account, platform)
    if re.search(r"<(?:p|div|br|html)[\s>/]", text, re.I):
        text = _plain(text)
    rows = _Reader(file, account, platform).run(text)
    if not rows:
        raise bad(
            "unknown-layout",
            "no category in 【】 is in this announcement",
            file,
            "each category must stand in a line of its own, like 【教育-驾校平台】",
        )
    return rows


def _piped(text: str) -> bool:
    lines = text.splitlines()
    return sum(line.count("|") >= 3 for line in lines) >= 2


def _plain(text: str) -> str:
    import lxml.html

    root = lxml.html.document_fromstring(text)
    for node in root.iter("br", "p", "div", "li", "h1", "h2", "h3", "h4", "section"):
        node.tail = "\n" + (node.tail or "")
        node.text = "\n" + (node.text or "")
    return str(root.text_content())


def _titled(folded: str) -> re.Match[str] | None:
    """The title of a cell that a line begins with."""
    for pattern in (_BEFORE, _PAPERS, _SCOPE):
        match = pattern.match(folded)
        if match:
            return match
    return None


class _Reader:
    def __init__(self, file: str, account: str, platform: str) -> None:
        self.file, self.platform = file, platform
        self.given, self.account, self.change = account, account, ""
        self.rows: list[Row] = []
        self.cell: dict[str, list[str]] = {}
        self.at = ""
        self.name, self.place = "", 0
        self.titled: list[bool] = []

    def run(self, text: str) -> list[Row]:
        lines = [line.strip() for line in text.splitlines()]
        self.titled = [bool(_titled(fold(line))) for line in lines]
        for place, line in enumerate(lines, start=1):
            self._line(line, fold(line), place)
        self._end()
        return self.rows

    def _line(self, line: str, folded: str, place: int) -> None:
        if not folded:
            return
        item = _ITEM.match(folded)
        rest = item["rest"].strip(" :,类目。;") if item else ""
        inline = _titled(rest)
        if item and "-" in item["name"] and (inline or len(rest) < 12):
            self._end()
            self.name, self.place = item["name"].strip(), place
            if not inline:
                if change_of(rest):
                    self.cell["change"] = [rest]
                return
            line = line[folded.index(rest) :]
            folded = fold(line)
        elif self._plain_item(folded, place):
            return
        if self._heading(folded):
            return
        if not self.name:
            return
        for kind, pattern in (
            ("before", _BEFORE), ("papers", _PAPERS), ("scope", _SCOPE), ("remark", _REMARK),
        ):  # fmt: skip
            match = pattern.match(folded)
            if match:
                self.at = kind
                self.cell.setdefault(kind, [])
                line = line[match.end() :].strip()
                break
        if line and self.at:
            self.cell[self.at].append(line)
        elif line:
            self.cell.setdefault("remark", []).append(line)

    def _plain_item(self, folded: str, place: int) -> bool:
        """A category that is named without 【】."""
        follows = place < len(self.titled) and self.titled[place]
        match = _NAMED.match(folded) or (_BARE.match(folded) if follows else None)
        if not match:
            return False
        name = match["name"] if "name" in match.groupdict() else f"{match['a']}-{match['b']}"
        if "-" not in name:
            name = re.sub(r"\s*(?:>+|→|/)\s*", "-", name, count=1)
        self._end()
        self.name, self.place = name.strip(), place
        return True

    def _heading(self, folded: str) -> bool:
        """A heading that says what changed, or for whose accounts."""
        match = _GROUP.match(folded)
        if not match:
            return False
        told = match["t"]
        changes = bool(_CHANGES.search(told)) and len(told) <= 14 and "类目" in told
        whose = bool(_WHOSE.search(told)) and bool(account_of(told)) and len(told) <= 12
        if (
            self.at
            and not changes
            and not re.fullmatch(r"(?:非个人|境外|海外|个人)(?:主体|账号|帐号)?", told)
        ):
            return False
        if not changes and not whose:
            return False
        self._end()
        if changes:
            self.change = told
        if whose:
            self.account = self.given or account_of(told)
        return True

    def _end(self) -> None:
        if self.name:
            cell = {kind: "\n".join(lines) for kind, lines in self.cell.items()}
            first, _, second = self.name.partition("-")
            cell.setdefault("change", self.change)
            row = {**cell, "first": first, "second": second}
            self.rows.append(
                make_row(row, len(self.rows), self.file, self.place, self.account, self.platform)
            )
        self.name, self.at, self.cell = "", "", {}
