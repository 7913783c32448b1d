"""Tables: a DataFrame as text, CSV, JSON, HTML or Markdown; no cell is ever cut."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from kb.base.core import Core


def framed(frame: pd.DataFrame, form: str) -> str:
    """A DataFrame in one of the common forms, its last line ended."""
    match form:
        case "csv":
            return str(frame.to_csv(index=False))
        case "json":
            rows = frame.to_dict(orient="records")
            return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
        case "html":
            return f"{frame.to_html(index=False, escape=True)}\n"
        case "markdown":
            return markdown_table(frame) + "\n"
        case _:
            return table(frame)


def listed(base: Core, lang: str) -> pd.DataFrame:
    """The queries of a base: name, title, parameters."""
    import pandas as pd

    rows = [(q.name, q.said(lang), " ".join(q.parameters)) for q in base.queries.values()]
    return pd.DataFrame(rows, columns=["name", "title", "parameters"])


def tabled(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Mappings as rows; the columns stand there even without any row."""
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns))


def table(frame: pd.DataFrame) -> str:
    """A table for a terminal; Chinese cells are as wide as they look, long ones fold."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(show_edge=False, pad_edge=False)
    for column in frame.columns:
        made.add_column(Text(str(column)), overflow="fold")
    for row in frame.itertuples(index=False):
        # `Text` and not a string: rich would read `[...]` in a name as markup.
        made.add_row(*(Text(_cell(value)) for value in row))
    out = io.StringIO()
    # A pipe has no width: nothing is folded, so that `grep` and `cut` see whole cells.
    width = Console().width if sys.stdout.isatty() else 10_000
    console = Console(file=out, width=width, color_system=None)
    console.print(made)
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    count = len(frame)
    return "\n".join([*lines, f"({count} row{'s' * (count != 1)})", ""])


def markdown_table(frame: pd.DataFrame) -> str:
    """A Markdown table."""
    rows = [[_md(c) for c in frame.columns], ["---"] * len(frame.columns)]
    rows += [[_md(value) for value in row] for row in frame.itertuples(index=False)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _cell(value: Any) -> str:
    return "" if value is None or value != value else str(value)


def _md(value: Any) -> str:
    escaped = _cell(value).replace("\\", "\\\\").replace("|", "\\|")
    return escaped.replace("<", "&lt;").replace("\n", " ")
