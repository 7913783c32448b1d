"""Results as HTML of tables and parts that fold, for notebooks and pages.

The text of a result reads from top to bottom; here what is compared stands in columns, and what is
read only when wanted is closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from kb.render.outline import Line, Part, branches, inline, nested, visible

TABLE = "border-collapse:collapse;margin:0.3em 0"
CELL = "text-align:left;vertical-align:top;padding:0.2em 0.9em 0.2em 0"
Cell = str | tuple[Part, ...]
"""Text, or the parts of a line."""


def heading(line: Line) -> str:
    """A line as the heading of a result."""
    return f"<p><strong>{inline(line)}</strong></p>"


def table(columns: Sequence[str], rows: Iterable[Sequence[Cell]], title: str = "") -> str:
    """A table; a column without anything in it is left out. Nothing where there is no row.

    >>> table(("a", "b"), [("<1>", "")]).count("<t")
    7
    """
    listed = [[_cell(cell) for cell in row] for row in rows]
    if not listed:
        return ""
    used = [at for at in range(len(columns)) if any(row[at] for row in listed)]
    head = "".join(f'<th style="{CELL}">{escape(columns[at])}</th>' for at in used)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td style="{CELL}" data-of="{escape(columns[at])}">{row[at]}</td>' for at in used
        )
        + "</tr>"
        for row in listed
    )
    caption = f"<p><b>{escape(title)}</b></p>" if title else ""
    return (
        f'{caption}<div style="overflow-x:auto"><table style="{TABLE}"><thead><tr>{head}</tr>'
        f"</thead><tbody>{body}</tbody></table></div>"
    )


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return escape(visible(cell))
    return inline(Line(0, cell))


def paragraph(line: Line) -> str:
    """A line that stands alone."""
    return f"<p>{inline(line)}</p>"


def folded(lines: Iterable[Line], *, open_: bool = False) -> Iterator[str]:
    """Each first line with what is below it, closed unless it is `open_`."""
    for branch in branches(lines):
        own = inline(branch.line)
        if branch.below:
            state = " open" if open_ else ""
            yield f"<details{state}><summary>{own}</summary>{nested(branch.below)}</details>"
        else:
            yield paragraph(branch.line)


def whole(parts: Iterable[str]) -> str:
    """All parts of a result together."""
    return f'<div class="kb">{"".join(parts)}</div>'
