"""Reads tables: HTML, Markdown, CSV, TSV, xlsx, and rows of JSON."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from kb.importers.grid import HEADS, make_row, rows_of
from kb.importers.rows import Row, bad, json_of, read_input, text_of
from kb.model.data import Json


def read_table(
    path: Path, given: Mapping[str, str], account: str = "", platform: str = "wechat"
) -> list[Row]:
    """The rows of a table. Raises `Problems` where the file holds none."""
    raw, file = read_input(path), str(path)
    if raw[:4] == b"PK\x03\x04":
        grids = _sheets(raw, file)
    elif raw.lstrip()[:1] in (b"{", b"["):
        rows = json_rows(json_of(raw, file), file, account, platform, given)
        return _checked(rows, file, [])
    else:
        grids = _grids(text_of(raw, file), path)
    rows = []
    for grid in grids:
        rows += rows_of(grid, file, given, account, platform, len(rows))
    heads = [cell for grid in grids[:1] for cell in (grid[0] if grid else ())]
    return _checked(rows, file, heads)


def _checked(rows: list[Row], file: str, heads: list[str]) -> list[Row]:
    if not rows:
        help_ = "name the columns with `--column first=HEAD --column papers=HEAD`"
        found = ", ".join(heads)[:200]
        told = f"the heads found are: {found}; " + help_ if heads else help_
        raise bad("not-a-table", "no table of categories is in this file", file, told)
    return rows


def _grids(text: str, path: Path) -> list[list[list[str]]]:
    if re.search(r"<table[\s>]", text, re.I):
        return _html(text)
    lines = text.splitlines()
    if sum(line.count("|") >= 2 for line in lines) >= 2 and path.suffix != ".csv":
        return _markdown(lines)
    if path.suffix == ".tsv" or tabbed(lines):
        return [_parted(text, "\t", str(path))]
    if "," in lines[0] or path.suffix == ".csv":
        delimiter = ";" if lines[0].count(";") > lines[0].count(",") else ","
        return [_parted(text, delimiter, str(path))]
    return []


def tabbed(lines: list[str]) -> bool:
    """Whether tabs part columns: in the first line, or below a title in several."""
    first = "\t" in lines[0] and "," not in lines[0]
    return first or sum(line.count("\t") >= 2 for line in lines) >= 2


def _parted(text: str, delimiter: str, file: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        help_ = "a text in quotes must end with one, and a quote inside it stands twice"
        raise bad("not-csv", f"this is no CSV: {error}", file, help_, reader.line_num) from None


# -- HTML


def _html(text: str) -> list[list[list[str]]]:
    # Loaded late: other kinds of input need no parser of HTML.
    try:
        import lxml.html
    except ImportError:
        help_ = "pip install 'policy-kb[importers]'"
        raise bad("no-lxml", "reading HTML needs lxml", "", help_) from None
    root = lxml.html.document_fromstring(text)
    return [_spread(table) for table in root.iter("table") if not table.xpath("ancestor::table")]


def _spread(table: Any) -> list[list[str]]:
    """A table as a grid: a cell over several rows stands in each of them."""
    grid: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}
    for tr in table.iter("tr"):
        line: list[str] = []
        cells = [c for c in tr if c.tag in ("td", "th")]
        at = 0
        while cells or any(column >= at for column in hanging):
            if at in hanging:
                left, held = hanging[at]
                line.append(held)
                if left > 1:
                    hanging[at] = (left - 1, held)
                else:
                    del hanging[at]
                at += 1
                continue
            if not cells:
                line.append("")
                at += 1
                continue
            cell = cells.pop(0)
            content = _content(cell)
            down, across = _span(cell.get("rowspan")), _span(cell.get("colspan"))
            # A cell over several columns says what it says once, in the first of them.
            for held in (content, *[""] * (across - 1)):
                line.append(held)
                if down > 1:
                    hanging[at] = (down - 1, held)
                at += 1
        grid.append(line)
    return grid


def _span(told: str | None) -> int:
    return min(1000, max(1, int(told))) if told and told.strip().isdecimal() else 1


_BLOCK = {"p", "div", "li", "br", "tr", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"}


def _content(cell: Any) -> str:
    parts: list[str] = []

    def walk(node: Any) -> None:
        if node.tag in ("script", "style") or not isinstance(node.tag, str):
            parts.append(node.tail or "")
            return
        if node.tag in _BLOCK:
            parts.append("\n")
        parts.append(_number(node))
        parts.append(re.sub(r"\s+", " ", node.text or ""))
        for child in node:
            walk(child)
            parts.append(re.sub(r"\s+", " ", child.tail or ""))
        if node.tag in _BLOCK - {"br"}:
            parts.append("\n")

    walk(cell)
    text = "".join(parts)
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def _number(node: Any) -> str:
    """The number that a page shows before an entry of a numbered list."""
    above = node.getparent()
    if node.tag != "li" or above is None or above.tag != "ol":
        return ""
    if re.match(r"\s*[\d①-⑳(（一二三四五六七八九十]", node.text_content()):
        return ""  # the text numbers its entries itself
    return f"{[each for each in above if each.tag == 'li'].index(node) + 1}、"


# -- other kinds


def _markdown(lines: list[str]) -> list[list[list[str]]]:
    grids: list[list[list[str]]] = [[]]
    for line in lines:
        if line.count("|") < 2:
            if line.strip() == "" or not grids[-1]:
                grids.append([])
            continue
        bare = line.strip().strip("|")
        cells = [
            re.sub(r"<br\s*/?>", "\n", cell).replace("\\|", "|").strip()
            for cell in re.split(r"(?<!\\)\|", bare)
        ]
        if all(re.fullmatch(r":?-{2,}:?", cell) for cell in cells if cell):
            continue
        grids[-1].append(cells)
    return [grid for grid in grids if grid]


def _sheets(raw: bytes, file: str) -> list[list[list[str]]]:
    # Loaded late: only xlsx needs it.
    try:
        import openpyxl
    except ImportError:
        raise bad("no-openpyxl", "xlsx files need openpyxl", file, "pip install openpyxl") from None
    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), data_only=True)
    except Exception as error:  # the library raises what its parts raise
        raise bad("not-xlsx", f"the workbook can not be read: {error}", file) from None
    grids = []
    for sheet in book.worksheets:
        grid = [
            ["" if value is None else str(value) for value in line]
            for line in sheet.iter_rows(values_only=True)
        ]
        for merged in sheet.merged_cells.ranges:
            held = grid[merged.min_row - 1][merged.min_col - 1]
            for row in range(merged.min_row - 1, merged.max_row):
                grid[row][merged.min_col - 1] = held
        grids.append(grid)
    return grids


_KEYS = {
    "qualification_text": "papers",
    "note_text": "remark",
    "thirds": "thirds",
    "entity": "account",
    "first": "first",
    "second": "second",
}


def _lists(data: Any) -> Iterator[list[Any]]:
    """The lists of objects in an answer, none of which is inside another."""
    if isinstance(data, list) and data and all(isinstance(each, dict) for each in data):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _lists(value)


def json_rows(
    data: Any, file: str, account: str, platform: str, given: Mapping[str, str] | None = None
) -> list[Row]:
    """Rows from a list of mappings, or from the one in an answer; `given` names keys."""
    own = {key: kind for kind, key in (given or {}).items()}
    if isinstance(data, dict):
        lists = list(_lists(data))
        if len(lists) != 1:
            raise bad(
                "not-a-table",
                "one list of rows is expected in this file",
                file,
                "give a list of rows, or an object with one list",
            )
        data = lists[0]
    for key in own:
        if not any(isinstance(each, dict) and key in each for each in data):
            keys = ", ".join(map(str, data[0])) if data and isinstance(data[0], dict) else ""
            raise bad("no-column", f"no column is called `{key}`", file, f"known: {keys}")
    rows: list[Row] = []
    for place, each in enumerate(data):
        if not isinstance(each, dict):
            raise bad(
                "not-a-table", f"entry {place + 1} is no row", file, "each entry must be an object"
            )
        named: Json = {}
        beside: dict[str, str] = {}
        for name, value in each.items():
            if isinstance(value, bool):
                continue
            kind = own.get(name) or _KEYS.get(name)
            kind = kind or (str(name) if name in dict(HEADS) else None)
            kind = kind or next((k for k, w in HEADS if re.search(w, str(name), re.I)), None)
            if own.get(name) != kind and kind in own.values():
                continue  # a key was named for it
            if kind and (value or kind not in named):
                named[kind] = value
            elif kind is None and isinstance(value, str) and value.strip():
                beside[str(name)] = value.strip()
        if "first" not in named and "name" in named:
            first, _, second = str(named["name"]).strip("【】").partition("-")
            named |= {"first": first, "second": second}
        if not named.get("first") or "papers" not in named:
            raise bad(
                "no-column",
                f"entry {place + 1} has no category or no papers",
                file,
                f"its keys are: {', '.join(map(str, each))}; name them with `--column first=KEY`",
            )
        made = make_row(named, len(rows), file, place, account, platform)
        rows.append(replace(made, beside=beside))
    return rows
