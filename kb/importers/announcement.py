"""Reads announcements: categories in 【】, each with its papers, scope and notes."""

from __future__ import annotations

import re
from pathlib import Path

from kb.importers.errors import bad, read_input, text_of
from kb.importers.fold import fold
from kb.importers.grid import account_of, change_of, make_row
from kb.importers.row import Row
from kb.importers.table import read_table

_ITEM = re.compile(
    r"^\s*(?:#+\s*)?(?:\(?[\d一二三四五六七八九十]{1,3}[、.)]\s*)?\[(?P<name>[^\[\]]+?)\](?P<rest>.*)$"
)
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


class _Reader:
    def __init__(self, file: str, account: str, platform: str) -> None:
        self.file, self.platform = file, platform
        self.given, self.account, self.change = account, account, ""
        self.rows: list[Row] = []
        self.cell: dict[str, list[str]] = {}
        self.at = ""
        self.name, self.place = "", 0

    def run(self, text: str) -> list[Row]:
        for place, line in enumerate(text.splitlines(), start=1):
            self._line(line.strip(), fold(line.strip()), place)
        self._end()
        return self.rows

    def _line(self, line: str, folded: str, place: int) -> None:
        if not folded:
            return
        item = _ITEM.match(folded)
        if item and len(item["rest"].strip(" :类目。;")) < 12 and "-" in item["name"]:
            self._end()
            self.name, self.place = item["name"].strip(), place
            rest = item["rest"]
            if change_of(rest):
                self.cell["change"] = [rest]
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
