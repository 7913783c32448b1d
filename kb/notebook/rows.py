"""Rows of a query: a DataFrame that counts its rows and escapes its cells."""

from __future__ import annotations

import re
from html import escape
from typing import Any

import pandas as pd

_SPECIAL = re.compile(r"([\\`*_\[\]|$~])")


class Rows(pd.DataFrame):
    """A DataFrame as `base.query` gives it. What is made of it (a slice, a sum) is a plain one.

    A notebook shows its first `shown` rows (60 unless told) and says how many there are.
    """

    _metadata = ["_kb_shown"]  # noqa: RUF012 -- pandas asks for a list

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return pd.DataFrame

    @property
    def counted(self) -> str:
        """How many rows there are, and how many of them are shown.

        >>> Rows({"a": [1, 2]}).counted
        '2 rows'
        """
        most = self._most()
        return count(len(self)) + (f", the first {most} shown" if len(self) > most else "")

    def _most(self) -> int:
        return int(getattr(self, "_kb_shown", 60))

    def _repr_html_(self) -> str:
        frame = self.head(self._most())
        head = "".join(f'<th style="text-align:left">{escape(str(c))}</th>' for c in frame.columns)
        rows = "".join(
            "<tr>"
            + "".join(f'<td style="text-align:left">{escape(_cell(v))}</td>' for v in row)
            + "</tr>"
            for row in frame.itertuples(index=False)
        )
        return (
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
            f"<p><small>{self.counted}</small></p>"
        )

    def _repr_markdown_(self) -> str:
        frame = self.head(self._most())
        rows = [[_plain(str(c)) for c in frame.columns], ["---"] * len(frame.columns)]
        rows += [[_plain(_cell(v)) for v in row] for row in frame.itertuples(index=False)]
        table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
        return f"{table}\n\n{self.counted}"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        frame = self.head(self._most())
        table = frame.to_string(index=False) if len(frame) else ""
        printer.text(f"{table}\n({self.counted})".lstrip("\n"))


def count(rows: int) -> str:
    """How many rows, in words.

    >>> count(1)
    '1 row'
    """
    return f"{rows} row{'s' * (rows != 1)}"


def rows_of(frame: pd.DataFrame, shown: int = 60) -> Rows:
    """A DataFrame as rows that count themselves."""
    rows = Rows(frame)
    object.__setattr__(rows, "_kb_shown", shown)
    return rows


def _cell(value: Any) -> str:
    return "" if value is None or value != value else str(value)


def _plain(text: str) -> str:
    escaped = _SPECIAL.sub(r"\\\1", text).replace("&", "&amp;").replace("<", "&lt;")
    return escaped.replace("\n", " ")
