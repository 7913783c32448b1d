"""Reads announcements: categories in 【】, each with its papers, scope and notes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from kb.importers.effect import DAY, effect_of, other_days
from kb.importers.grid import FOOTNOTE, account_of, change_of, make_row
from kb.importers.rows import Row, bad, read_input, text_of
from kb.importers.table import read_table, tabbed
from kb.importers.text import fold

_ITEM = re.compile(
    r"^\s*(?:#+\s*)?(?:\(?[\d一二三四五六七八九十]{1,3}[、.)]\s*)?\[(?P<name>[^\[\]]+?)\](?P<rest>.*)$"
)
_NAMED = re.compile(
    r"^\s*(?:[-*•●·▪■◆]\s*)?(?:服务)?类目(?:名称|名)?\s*:\s*\[?(?P<name>[^\[\]:,;。]{3,40})\]?\s*$"
)
_BARE = re.compile(
    r"^\s*(?:#+\s*)?(?:\(?[\d一二三四五六七八九十]{1,3}[、.)]\s*)?"
    r"(?P<a>[^-\s>:,;。《》()\[\]]{2,12})\s*(?:-+|>+|→)\s*(?P<b>[^->:,;。《》\[\]]{1,24}?)(?:类目)?\s*:?\s*$"
)
"""A name without 【】: only where a title of a cell stands in the next line."""
_BEFORE = re.compile(
    r"^\s*(?:原(?:有|先)?(?:所需)?资质(?:要求)?|(?:调整|变更|修改)前(?:的)?(?:资质)?(?:要求)?)\s*(?::|$)\s*"
)
_PAPERS = re.compile(
    r"^\s*(?:调整|变更|修改|更新|优化)后(?:的)?(?:资质)?(?:要求)?\s*(?::|$)\s*"
    r"|^\s*(?:现|新|最新|调整后|变更后|修改后)?(?:的)?"
    r"(?:所需|需要|需?(?:提供|提交)的?|申请|类目|准入|入驻|必备|行业|审核|资格)?(?:资质|资料|材料)(?:要求|材料|说明|证明)?(?=\s*(?::|$|\())\s*:?\s*"
)
_SCOPE = re.compile(
    r"^\s*(?:现|新)?(?:类目)?(?:(?:适用|服务|业务|经营)(?:的)?(?:范围|场景|业务|对象)|服务内容)\s*(?::|$)\s*"
)
_REMARK = re.compile(r"^\s*(?:备注|其他说明)\s*(?::|$)\s*")
_NUMBER = r"(?:#+\s*)?(?:[-*•●·▪■]\s*|\(?[\d一二三四五六七八九十]{1,3}[、.)]+\s*)?"
_KINDS = (
    r"新增|增加|新设|上线|调整|变更|修改|更新|优化|下线|下架|删除|取消|"
    r"撤销|撤下|移除|关闭|停止|停用|终止"
)
_TAGGED = re.compile(
    rf"^\s*{_NUMBER}\[(?P<change>[^\[\]-]{{0,4}}(?:{_KINDS})[^\[\]-]{{0,4}})\]\s*(?P<name>[^-\s:]{{2,12}}\s*-+\s*[^:]{{1,24}}?)\s*$"
)
"""`【新增】教育-驾校`: the brackets hold what changes, and the name stands behind them."""
_TAG = re.compile(r"^\s*\[[^\[\]-]{1,10}\]\s*[^-\s:《]{2,12}\s*-\s*[^:《]{1,24}$")
"""Such brackets with words of another kind: what becomes of the category is not known."""
_SEVERAL = re.compile(
    rf"^\s*{_NUMBER}(?P<change>[^\[\]。]{{0,10}}(?:{_KINDS})[^\[\]。]{{0,10}}?)\s*:?\s*"
    r"(?P<names>\[[^\[\]]+-[^\[\]]+\](?:[、,;和及\s]*\[[^\[\]]+-[^\[\]]+\])*)(?:类目)?[。;]?\s*$"
)
"""A heading with the names it is about in the same line."""
_INLINE = re.compile(
    rf"^\s*{_NUMBER}(?P<a>[^-\s>:,;。《》()\[\]/]{{2,12}})\s*(?:-+|>+|→|/)\s*"
    r"(?P<b>[^->:,;。《》\[\]]{1,24}?)(?:类目)?\s*:\s*(?P<told>.*(?:《|提供|提交|资质|证|无需|协议|备案).*)$"
)
"""`教育/驾校：需提供《甲证》`: name and papers in one line."""
_LISTED = re.compile(
    r"^\s*(?:[-*•●·▪■]\s*|\(?[\d一二三四五六七八九十]{1,3}[、.)]+\s*)?"
    r"(?P<a>[^-\s>:,;。《》()\[\]/]{2,12})\s*(?:-+|>+|→|/)\s*(?P<b>[^->:,;。《》\[\]]{1,24}?)(?:类目)?\s*[;。]?\s*$"
)
"""A name alone: where what is withdrawn is listed."""
_FROM_DAY = re.compile(rf"[\s(,]*(?:将|拟|已)?(?:自|从|于|在)?\s*{DAY.pattern}")
_EFFECT = re.compile(
    r"^\s*(?:[-*•●·▪■◆]\s*)?(?:正式)?(?:生效|实施|施行|执行|上线|下线)(?:日期|时间|日)?\s*:"
)
_CHANGED = re.compile(
    r"^\s*(?:(?:变更|调整|更新|修改)(?:内容|说明|详情|事项|类型)?\s*:\s*)"
    r"(?:[^,。“”《》]{0,12}?(?:由|从)\s*[“\"](?P<before>.+?)[”\"]\s*(?:变更|调整|修改|更新|改)(?:为|成)\s*[“\"](?P<after>.+?)[”\"]|"
    r"(?P<told>.+?))[。;]?\s*$"
)
"""`变更内容：资质要求由“甲”变更为“乙”`, or `变更内容：新增，需提供《甲证》`."""
_PART = re.compile(
    r"^\s*(?:#+\s*)?(?:\([一二三四五六七八九十]{1,2}\)|[一二三四五六七八九十]{1,2}[、.])"
)
"""The number of a part of the announcement."""
_LEVEL = re.compile(
    r"^\s*(?P<level>一级|二级|变更|调整)(?:类目|分类|类型)(?:名称)?\s*:\s*(?P<told>.+?)\s*$"
)
_GROUP = re.compile(
    r"^\s*(?:#+\s*)?(?:\(?[一二三四五六七八九十\d]{1,2}[、.)]\s*)?(?P<t>[^。:,《》\[\]]{2,18}?)\s*:?\s*$"
)
_CHANGES = re.compile(_KINDS)
_WHOSE = re.compile(r"主体|账号|帐号|个人")


def read_announcement(path: Path, account: str = "", platform: str = "wechat") -> list[Row]:
    """The rows of an announcement."""
    file = str(path)
    raw = read_input(path)
    if raw[:4] == b"PK\x03\x04":
        return read_table(path, {}, account, platform)
    text = text_of(raw, file)
    if re.search(r"<table[\s>]", text, re.I) or _piped(text) or _columns(text, path):
        return read_table(path, {}, account, platform)
    if re.search(r"<(?:p|div|br|html)[\s>/]", text, re.I):
        text = _plain(text)
    reader = _Reader(file, account, platform)
    rows = reader.run(text)
    if rows and reader.strays:
        raise bad(
            "unread-lines",
            "a category is named here in a way that is not known",
            file,
            "put each category in a line of its own, like 【教育-驾校平台】",
            reader.strays[0],
        )
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


def _columns(text: str, path: Path) -> bool:
    """Whether the file is a table of columns that tabs or commas part."""
    return path.suffix in (".csv", ".tsv") or tabbed(text.splitlines())


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
        self.strays: list[int] = []
        self.effect, self.own_effect = "", ""
        self.days: list[str] = []

    def run(self, text: str) -> list[Row]:
        lines = [line.strip() for line in text.splitlines()]
        self.titled = [bool(_titled(fold(line))) for line in lines]
        for place, line in enumerate(lines, start=1):
            self._line(line, fold(line), place)
        self._end()
        days = {FOOTNOTE: "\n".join(self.days)} if self.days else {}
        return [
            replace(row, effect=row.effect or self.effect, beside={**row.beside, **days})
            for row in self.rows
        ]

    def _line(self, line: str, folded: str, place: int) -> None:
        if not folded:
            return
        if re.fullmatch(r"[-=_*~\s]+", folded):
            return
        if self._changed(line, folded):
            return
        if self._several(line, folded, place) or self._level(folded, place):
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
        if _TAG.match(folded):
            self.strays.append(place)
            return
        effect = effect_of(folded)
        if not self.name:
            self.effect = self.effect or effect
            if other_days(folded):
                self.days.append(line)
            if re.search(r"\[[^\[\]]{2,12}-[^\[\]]+\]", folded):
                self.strays.append(place)
            return
        if effect and _EFFECT.match(folded):
            self.own_effect = effect
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

    def _several(self, line: str, folded: str, place: int) -> bool:
        """Names in one line with what becomes of them, or with their papers."""
        tagged = _TAGGED.match(folded)
        several = _SEVERAL.match(folded)
        if tagged:
            self._start(re.sub(r"\s*-+\s*", "-", tagged["name"]), place)
            self.cell["change"] = [tagged["change"]]
            return True
        if several:
            for name in re.findall(r"\[([^\[\]]+)\]", several["names"]):
                self._start(name.strip(), place)
                self.cell["change"] = [several["change"]]
            self._end()
            return True
        gone = change_of(self.change) == "withdrawn"
        inline = _INLINE.match(folded) if self.change and not self.at else None
        named = inline or (_LISTED.match(folded) if gone else None)
        if not named:
            return False
        self._start(f"{named['a']}-{named['b'].strip()}", place)
        if inline:
            self.cell["papers"] = [line[inline.start("told") :]]
            self._end()
        return True

    def _changed(self, line: str, folded: str) -> bool:
        """A line that tells in words what becomes of the category that was named above it."""
        match = _CHANGED.match(folded) if self.name else None
        if not match:
            return False
        if match["after"] is not None:
            self.cell["change"] = ["变更"]
            self.cell["before"] = [line[slice(*match.span("before"))]]
            self.cell["papers"] = [line[slice(*match.span("after"))]]
            self.at = ""
            return True
        told, _, rest = match["told"].partition(",")
        if not change_of(told) or len(told) > 10:
            return False
        self.cell["change"] = [told]
        if rest.strip():
            self.cell["papers"] = [line[match.end() - len(rest) :].strip()]
        return True

    def _level(self, folded: str, place: int) -> bool:
        """A name whose levels stand in lines of their own, with what changes."""
        match = _LEVEL.match(folded)
        if not match:
            return False
        if match["level"] == "一级":
            self._start(match["told"], place)
        elif match["level"] == "二级" and self.name:
            self.name = f"{self.name}-{match['told']}"
        elif self.name and change_of(match["told"]):
            self.cell["change"] = [match["told"]]
        else:
            return False
        return True

    def _start(self, name: str, place: int) -> None:
        self._end()
        self.own_effect = effect_of(fold(name))
        day = _FROM_DAY.search(fold(name)) if self.own_effect else None
        self.name, self.place = name[: day.start()].strip() if day else name, place

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
        part = bool(_PART.match(folded)) and len(told) <= 10
        changes = bool(_CHANGES.search(told)) and len(told) <= 14 and ("类目" in told or part)
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
            row = {**cell, "first": first, "second": second, "effect": self.own_effect}
            self.rows.append(
                make_row(row, len(self.rows), self.file, self.place, self.account, self.platform)
            )
        self.name, self.at, self.cell, self.own_effect = "", "", {}, ""
