"""Statements that were written for stages, kept beside them for the next process: to write them
takes as long as to run them on a thousand apps.

What is read is data until it has been looked at: a statement is taken only where it makes one table
of this engine out of others by the few words that rules become. It can hold no text, so it can name
no file, and there is no word in it that would write one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from kb.audit.stages import Stages
from kb.engines.sql.relational import Plans
from kb.model.writing import write_whole

MOST = 4_000
"""Statements that are kept; more would be of many odd sizes and cases."""
WORDS = frozenset(
    {"ALL", "AND", "ANTI", "AS", "BIGINT", "BOOLEAN", "BY", "CASE", "CAST", "COUNT", "CROSS"}
    | {"DISTINCT", "ELSE", "END", "EXISTS", "FALSE", "FROM", "GROUP", "INNER", "INT", "IS", "JOIN"}
    | {"MAX", "MIN", "NOT", "NULL", "ON", "OR", "SELECT", "SEMI", "SUM", "THEN", "TRUE", "UNION"}
    | {"USING", "WHEN", "WHERE"}
)
"""Words of SQL in statements that are kept."""
_BEGIN = "CREATE OR REPLACE TABLE {} AS SELECT "
_BODY = re.compile(
    rf"(?:[ ,()=<>*+-]|[0-9]+\b|(?:{'|'.join(sorted(WORDS))})\b"
    r"|[a-z_][a-z_0-9]*(?:\.[a-z][0-9]*)?(?! *\()\b)*+"
)
"""What may stand behind that: these words, numbers, and names that call no function."""


def read(stages: Stages, kept: Path) -> None:
    """Take the statements that are kept beside a file of stages, where they are whole."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        head, _, text = _beside(kept).read_text(encoding="utf-8").partition("\n")
        if head.split()[0] != _digest(text):
            return
        for name, digits, relation, empty, statement in json.loads(text):
            stored = stages.stored[name]
            if allowed(statement, stored.tables[relation]):
                plans = stages.plans.setdefault(name, {}).setdefault(int(digits), {})
                plans[relation, tuple(map(bool, empty))] = statement


def keep(stages: Stages, kept: Path) -> None:
    """Keep what was written since, unless it can not be written."""
    path, written = _beside(kept), str(_written(stages))
    # What is kept as it is read holds so many statements: then none was written since.
    with suppress(OSError, ValueError), path.open(encoding="utf-8") as file:
        if file.readline().split()[1:] == [written]:
            return
    rows = list(_rows(stages))
    if 0 < len(rows) <= MOST and kept.exists():
        text = json.dumps(rows)
        with suppress(OSError):
            write_whole(path, f"{_digest(text)} {written}\n{text}")


def forget(kept: Path) -> None:
    """Remove what is kept beside a file of stages. Raises `OSError`."""
    _beside(kept).unlink(missing_ok=True)


def allowed(statement: str, table: str) -> bool:
    """Whether a statement makes this table and does nothing else.

    >>> allowed("CREATE OR REPLACE TABLE g1 AS SELECT t0.c0 AS c0 FROM g2 AS t0", "g1")
    True
    >>> allowed("CREATE OR REPLACE TABLE g1 AS SELECT c0 FROM read_csv(t0)", "g1")
    False
    """
    begin = _BEGIN.format(table)
    return statement.startswith(begin) and bool(_BODY.fullmatch(statement, len(begin)))


def _written(stages: Stages) -> int:
    """How many statements there are, those that can not be kept among them."""
    return sum(len(plans) for sizes in stages.plans.values() for plans in list(sizes.values()))


def _rows(stages: Stages) -> Iterator[tuple[str, int, str, list[int], str]]:
    for name, sizes in dict(stages.plans).items():
        for digits, plans in dict(sizes).items():
            copied: Plans = dict(plans)  # other threads may go on writing
            for (relation, empty), statement in copied.items():
                table = stages.stored[name].tables[relation]
                if isinstance(statement, str) and allowed(statement, table):
                    yield name, digits, relation, list(map(int, empty)), statement


def _beside(kept: Path) -> Path:
    return kept.with_suffix(".plans")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
