"""Rows from grids of cells: columns are found by their heads, never by their place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kb.importers.effect import day_in, effect_of
from kb.importers.rows import Address, Cell, Row, bad, state_of
from kb.importers.text import fold
from kb.lang.problems import Problems

Grid = Sequence[Sequence[str]]

HEADS: tuple[tuple[str, str], ...] = (
    ("before", r"(?:变更|调整|修改|更新|更改)前|原资质|原有?要求|旧"),
    (
        "papers",
        r"资质|资料|材料|证件|证照|证明文件|要求|qualif|papers|certif|requirement"
        r"|^(?:变更|调整|修改|更新|更改)后$",
    ),
    ("scope", r"范围|适用|(?:服务|业务|产品)(?:内容|说明|描述|介绍)|scope"),
    ("third", r"三级|third|细分"),
    ("second", r"二级|小类|子(?:级|类|行业|分类|品类)|次级|second"),
    ("first", r"一级|大类|[父母主](?:级|类|行业)|上级|first|所属行业|行业"),
    ("account", r"主体|账号|帐号|开发者类型|entity|account"),
    ("remark", r"备注|说明|注意|note|remark|补充|^(?:其他|其它|其餘|其余|特别|特殊)"),
    ("state", r"^state$|状态"),
    ("effect", r"(?:生效|实施|施行|执行)(?:日期|时间|日)|^effective"),
    ("change", r"变更类型|调整类型|操作|change"),
    ("name", r"^(?:服务)?类目(?:名称|名)?$|类目|分类|category|^name$|名称"),
)
ACCOUNTS: tuple[tuple[str, str], ...] = (
    ("non_individual", r"非个人|企业主体|^企业$|enterprise|non_individual|组织|单位"),
    ("overseas", r"境外|海外|overseas|国外"),
    ("individual", r"个人|individual|personal"),
)


def account_of(text: str) -> str:
    """The kind of account that words mean; empty where they mean none that is known."""
    folded = fold(text).strip()
    return next((id_ for id_, words in ACCOUNTS if re.search(words, folded)), "")


def columns_of(heads: Sequence[str], given: Mapping[str, str], file: str) -> dict[str, int] | None:
    """Which column is which; none where the heads are those of no table of categories."""
    folded = [fold(head).strip() for head in heads]
    found: dict[str, int] = {}
    for kind, head in given.items():
        places = [n for n, name in enumerate(folded) if name == fold(head).strip()]
        if not places:
            raise bad(
                "no-column", f"no column is called `{head}`", file, f"known: {', '.join(heads)}"
            )
        found[kind] = places[0]
    if not given and len({name for name in folded if name}) < 2:
        return None  # a title over the whole width, and no heads
    taken = set(found.values())
    for kind, words in HEADS:
        if kind in found:
            continue
        places = [
            n
            for n, name in enumerate(folded)
            if n not in taken and name and len(name) <= 24 and re.search(words, name, re.I)
        ]
        if kind == "papers" and len(places) > 1:
            # What stands now before what stood; what names papers before what only asks.
            for better in (r"后|现", r"资质|证件|证照|材料|papers|qualif", r"^(?!其他|其它|其余)"):
                places = [n for n in places if re.search(better, folded[n], re.I)] or places
        if len(places) > 1 and kind in ("papers", "scope", "first", "second"):
            shown = ", ".join(heads[n] for n in places)
            raise bad(
                "columns-unclear",
                f"more than one column may be `{kind}`: {shown}",
                file,
                f"say which with `--column {kind}=HEAD`",
            )
        if places:
            found[kind] = places[0]
            taken.add(places[0])
    named = "first" in found or "second" in found or "name" in found
    return found if named and "papers" in found else None


def rows_of(
    grid: Grid,
    file: str,
    given: Mapping[str, str],
    account: str = "",
    platform: str = "wechat",
    start: int = 0,
) -> list[Row]:
    """The rows of a grid whose first rows hold the heads."""
    at = _heads_at(grid, file, given)
    if at is None:
        return []
    columns = columns_of(grid[at], given, file) or {}
    unnamed = {
        n: head.strip() or f"#{n + 1}"
        for n, head in enumerate(_widened(grid, at))
        if n not in columns.values()
    }
    rows: list[Row] = []
    first = second = ""
    for number, given_line in enumerate(grid[at + 1 :]):
        line = _unmoved(given_line, columns)
        cell = {k: (line[n].strip() if n < len(line) else "") for k, n in columns.items()}
        if not any(cell.values()) or list(line) == list(grid[at]):
            continue
        name = cell.get("name", "").strip("【】[] ")
        if "first" in columns:
            first = cell["first"] or first
            second = cell.get("second") or name or (second if not cell["first"] else "")
        else:
            first, _, second = _parted(name or cell.get("second", ""))
        alone = [text for text in line if text.strip()]
        if rows and len(alone) == 1 and _FOOTNOTE.match(fold(alone[0])):
            below = "\n".join(filter(None, (rows[-1].beside.get(FOOTNOTE), alone[0].strip())))
            rows[-1] = replace(rows[-1], beside={**rows[-1].beside, FOOTNOTE: below})
            continue
        if not first:
            raise bad(
                "no-category",
                f"the row {number + at + 2} names no category",
                file,
                "say which column names it with `--column first=HEAD`",
            )
        if len(alone) == 1 and rows and rows[-1].second and "papers" in columns:
            rows.append(_merged(rows[-1], alone[0].strip(), start + len(rows), number + at + 2))
            first = rows[-1].first
            continue
        row = {**cell, "first": first, "second": second}
        made = make_row(row, start + len(rows), f"{file}", number + at + 2, account, platform)
        said = {head: line[n].strip() for n, head in unnamed.items() if n < len(line)}
        rows.append(replace(made, beside={head: text for head, text in said.items() if text}))
    return rows


_FOOTNOTE = re.compile(r"[*※]|(?:特别|补充)?(?:备?注|说明|提示)\s*\d?\s*:")
FOOTNOTE = "注"
"""Under which name a line below a table is kept beside the row above it."""


def _widened(grid: Grid, at: int) -> list[str]:
    """The heads, and blanks for columns that have none."""
    width = max(len(line) for line in grid[at:])
    return [*grid[at], *[""] * (width - len(grid[at]))]


def _heads_at(grid: Grid, file: str, given: Mapping[str, str]) -> int | None:
    """The row of the heads; of heads in two rows the lower one, which says more."""
    problem: Problems | None = None
    for n, row in enumerate(grid[:6]):
        named = given if n == _head_row(grid, given) else {}
        try:
            found = columns_of(row, named, file)
        except Problems as unclear:
            found, problem = {}, problem or unclear
        below = _below(grid, n, file, given)
        if below is not None and (found is not None) and len(below) > len(found):
            return n + 1
        if found:
            return n
    if problem is not None:
        raise problem
    return None


def _below(grid: Grid, n: int, file: str, given: Mapping[str, str]) -> dict[str, int] | None:
    """The columns of the row below heads, where it holds heads too."""
    if n + 1 >= len(grid) or any(len(cell) > 24 for cell in grid[n + 1]):
        return None
    try:
        return columns_of(grid[n + 1], given if n + 1 == _head_row(grid, given) else {}, file)
    except Problems:
        return None


def _unmoved(line: Sequence[str], columns: Mapping[str, int]) -> Sequence[str]:
    """A line whose empty third level was lost, so that all that follows moved to the left."""
    third, papers = columns.get("third"), columns["papers"]
    if third is None or papers >= len(line) or third >= len(line) or line[papers].strip():
        return line
    if len(line[third]) > 30 and not line[-1].strip():
        return [*line[:third], "", *line[third:-1]]
    return line


def _merged(above: Row, second: str, number: int, place: int) -> Row:
    """A row that holds its name alone: it shares the cells of the row above, as far as is known."""
    address = Address(above.papers.address.file, place, "papers")
    papers = Cell(above.papers.text, address)
    return replace(above, number=number, second=second, papers=papers, state="merged")


def _head_row(grid: Grid, given: Mapping[str, str]) -> int:
    wanted = {fold(head).strip() for head in given.values()}
    for n, row in enumerate(grid[:6]):
        if wanted <= {fold(cell).strip() for cell in row}:
            return n
    return 0


def _parted(name: str) -> tuple[str, str, str]:
    match = re.match(r"(.+?)\s*(?:--|—+|-|>|－|/(?=[^/]+$))\s*(.+)", name)
    return (match[1], "-", match[2]) if match else (name, "", "")


def make_row(
    cell: Mapping[str, Any],
    number: int,
    file: str,
    place: int,
    account: str = "",
    platform: str = "wechat",
) -> Row:
    """A row from named texts."""

    def made(kind: str) -> Cell:
        text = str(cell.get(kind) or "").replace("\r\n", "\n").replace("\r", "\n").strip("\n ")
        return Cell(text, Address(file, place, kind))

    papers = made("papers")
    thirds = cell.get("thirds") or [
        t for t in re.split(r"[、\n]", str(cell.get("third") or "")) if t.strip(" -/—")
    ]
    told = str(cell.get("account") or "")
    state = state_of(papers.text, str(cell.get("state") or ""))
    if state == "none_required":
        papers = Cell("", papers.address)
    before = made("before")
    change = str(cell.get("change") or "")
    told_effect = str(cell.get("effect") or "")
    return Row(
        number=number,
        first=str(cell["first"]).strip(),
        second=str(cell.get("second") or "").strip(),
        account=account or account_of(told) or told,
        papers=papers,
        scope=made("scope"),
        remark=made("remark"),
        platform=platform,
        thirds=tuple(str(third).strip() for third in thirds),
        state=state,
        before=before if not before.blank else None,
        change=change_of(change),
        effect=effect_of(fold(told_effect)) or day_in(fold(told_effect)),
    )


def change_of(words: str) -> Any:
    """The change that a heading tells of."""
    if re.search(r"下线|下架|删除|取消|撤销|撤下|关闭|移除|停止|停用|终止|withdrawn", words):
        return "withdrawn"
    if re.search(r"新增|增加|新设|上线|added|开放", words):
        return "added"
    if re.search(r"调整|变更|修改|更新|优化|adjusted", words):
        return "adjusted"
    return None
