"""Rows of a table of categories: what every reader ends in, with the text that facts cite."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

from kb.importers.text import cell_key
from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Span
from kb.model.yamlread import CONTROL

LARGEST = 64 * 2**20
"""Bytes of a file that is still read; the largest known table has two."""


def bad(code: str, message: str, file: str, help: str = "", line: int = 0) -> Problems:
    """One problem with an input, to raise."""
    span = Span(file, line, 1, 1) if line else Span(file, 0, 0, 0)
    return Problems([Problem(code, message, span, help)])


def read_input(path: Path) -> bytes:
    """The bytes of an input. Raises `Problems` when it is missing, empty or too large."""
    try:
        if path.is_dir():
            raise bad("not-a-file", "this is a folder", str(path), "name the file to import")
        if path.exists() and not path.is_file():
            help = "write what it gives to a file first"
            raise bad("not-a-file", "this is no regular file", str(path), help)
        if path.stat().st_size > LARGEST:
            raise bad("too-large", f"at most {LARGEST // 2**20} MB are read", str(path))
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "this is no name of a file").lower()
        raise bad(
            "no-file", f"the file can not be read: {reason}", str(path), "check the name"
        ) from None
    if not raw.strip():
        raise bad("empty", "the file is empty", str(path))
    return raw


def text_of(raw: bytes, file: str) -> str:
    """Bytes as text: UTF-8, or GB 18030 as spreadsheets of Chinese systems write it. Raises
    `Problems` for what is neither, and for characters that can not be in facts."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if line := _broken(raw):
            raise bad("not-text", "this line is not UTF-8", file, "mend it", line) from None
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError:
            message = "the file is neither UTF-8 nor GB 18030"
            raise bad("not-text", message, file, "save it as UTF-8") from error
    unfit = CONTROL.search(text.replace("\r", " "))
    if unfit:
        message = f"a character here can not be in a text (U+{ord(unfit[0]):04X})"
        line = text.count("\n", 0, unfit.start()) + 1
        raise bad("not-text", message, file, "take it out", line)
    return text


def _broken(raw: bytes) -> int:
    """The first line that is not UTF-8 where most others are; 0 where they are not."""
    lines = {n: line for n, line in enumerate(raw.split(b"\n"), 1) if not line.isascii()}
    broken = []
    for number, line in lines.items():
        try:
            line.decode("utf-8-sig")
        except UnicodeDecodeError:
            broken.append(number)
    return broken[0] if broken and 2 * len(broken) < len(lines) else 0


def json_of(raw: bytes, file: str) -> Any:
    """Bytes as JSON."""
    try:
        return json.loads(text_of(raw, file))
    except json.JSONDecodeError as error:
        raise bad(
            "not-json",
            f"this is not JSON: {error.msg.lower()}",
            file,
            "check the file",
            error.lineno,
        ) from None
    except ValueError:  # a number of thousands of digits
        raise bad("not-json", "a number here is too large", file, "check the file") from None
    except RecursionError:
        raise bad("not-json", "the file is nested too deeply", file) from None


Change: TypeAlias = Literal["added", "adjusted", "withdrawn"]
State: TypeAlias = Literal["text", "none_required", "none_stated", "merged"]
COLUMNS = ("papers", "scope", "remark")
"""The cells of a row that are read as language."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a cell stands in the file it came from."""

    file: str
    row: int
    column: str

    def __str__(self) -> str:
        return f"{self.file}: row {self.row}, {self.column}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A text and its address; `lines` are its lines in the frozen text, once there is one."""

    text: str
    address: Address
    lines: tuple[int, int] | None = None

    @property
    def blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True)
class Row:
    """One category of one kind of account, as a source lists it."""

    number: int
    first: str
    second: str
    account: str
    papers: Cell
    scope: Cell
    remark: Cell
    platform: str = "wechat"
    thirds: tuple[str, ...] = ()
    state: State = "text"
    change: Change | None = None
    before: Cell | None = None
    name_line: int | None = None
    effect: str = ""
    """The day from which the row holds, where its text tells one."""
    optional: tuple[str, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    """What stands in columns that were not read, by their heads."""

    @property
    def name(self) -> str:
        return f"{self.first}-{self.second}" if self.second else self.first

    def cells(self) -> tuple[Cell, ...]:
        return self.papers, self.scope, self.remark


NONE_WORDS = frozenset(
    {
        "/",
        "无",
        "無",
        "不需要",
        "无需",
        "无需资质",
        "无需提供",
        "暂无",
        "免资质",
        "无要求",
        "无特殊要求",
        "无资质要求",
        "不要求",
        "不需要资质",
        "无需提供资质",
        "无须",
        "无须提供",
    }
)
"""A cell of papers that says that none is asked for."""


def state_of(papers: str, given: str = "") -> State:
    """What a cell of papers says before its language is read.

    >>> state_of("/"), state_of(""), state_of("营业执照")
    ('none_required', 'none_stated', 'text')
    """
    if given == "merged":
        return "merged"
    bare = papers.strip().strip("。.")
    if bare in NONE_WORDS or (not bare and given == "none"):
        return "none_required"
    if not bare or not any(c.isalnum() for c in bare):
        return "none_stated"
    return "text"


TITLES = {"papers": "资质要求:", "scope": "适用范围:", "remark": "备注:"}


@dataclass
class Frozen:
    """The lines of the text, and the rows with the lines of each of their cells."""

    lines: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    head_lines: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


def freeze(rows: Sequence[Row], title: str) -> Frozen:
    """Lays rows out as lines, cells under their titles."""
    frozen = Frozen([" ".join(title.split())])
    for row in rows:
        thirds = f" 三级:{'、'.join(row.thirds)}" if row.thirds else ""
        frozen.lines.append(" ".join(f"【{row.name}】{thirds}".split("\n")))
        name_line = len(frozen.lines)
        cells: dict[str, Cell] = {}
        for column in ("papers", "scope", "remark"):
            cell: Cell = getattr(row, column)
            if cell.blank and (column != "papers" or row.state == "none_stated"):
                cells[column] = cell
                continue
            frozen.lines.append(TITLES[column])
            frozen.head_lines.append(len(frozen.lines))
            text = cell.text if not cell.blank else "/"
            first = len(frozen.lines) + 1
            frozen.lines += [" ".join(line.split()) or " " for line in text.split("\n")]
            cells[column] = replace(cell, lines=(first, len(frozen.lines)))
        if row.before and not row.before.blank:
            frozen.lines.append("变更前:")
            first = len(frozen.lines) + 1
            frozen.lines += row.before.text.split("\n")
            cells["before"] = replace(row.before, lines=(first, len(frozen.lines)))
        frozen.rows.append(replace(row, name_line=name_line, **cells))  # type: ignore[arg-type]
    return frozen


def cells_of(row: Row) -> tuple[str, ...]:
    """The hashes of a row's cells, in the order of `COLUMNS`: alike where no text changed."""
    return tuple(
        cell_key(f"{row.state if n == 0 else ''}{cell.text}") for n, cell in enumerate(row.cells())
    )


def lines_of(cell: Cell, start: int, end: int) -> str:
    """The frozen lines of a stretch of a cell, as facts write them."""
    if cell.lines is None:
        return ""
    first = cell.lines[0] + cell.text.count("\n", 0, start)
    last = cell.lines[0] + cell.text.count("\n", 0, max(start, end - 1))
    return str(first) if first == last else f"{first}-{last}"


def row_lines(row: Row) -> str:
    """All lines of a row."""
    first = row.name_line or 1
    ends = [cell.lines[1] for cell in (*row.cells(), row.before) if cell and cell.lines]
    last = max(ends, default=first)
    return str(first) if first == last else f"{first}-{last}"
