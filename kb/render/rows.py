"""The rows of a query with the names of what their ids stand for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from kb.lang.syntax import Value
from kb.model.facts import FactBase
from kb.query.results import QueryResult
from kb.render.words import label

if TYPE_CHECKING:
    import pandas as pd


def labelled(facts: FactBase, found: QueryResult, lang: str) -> list[tuple[Value, ...]]:
    """The rows with the label of each value in `lang`."""
    kinds = [column.kind for column in found.columns]
    # Long tables name few things, each many times.
    named = cache(lambda kind, value: label(facts, kind, value, lang))
    return [tuple(map(named, kinds, row)) for row in found.rows]


def frame(facts: FactBase, found: QueryResult, lang: str, ids: bool = False) -> pd.DataFrame:
    """The rows as a DataFrame whose columns are named as the query names them; with `ids`, values
    stay as they are."""
    import pandas as pd

    rows: Sequence[Sequence[Value]] = found.rows if ids else labelled(facts, found, lang)
    return pd.DataFrame(rows, columns=[column.name for column in found.columns])
