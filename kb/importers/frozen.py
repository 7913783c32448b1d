"""The frozen text of an import: one statement a line, so that facts can cite lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kb.importers.row import Cell, Row

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
