"""The state of an interrupted audit: its parts, and whether another run may go on from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import duckdb

from kb.audit.delivery import read
from kb.audit.ownership import SPILL, cleared, store
from kb.audit.summary import Counts, Summary
from kb.lang.problems import Problem, Problems


def counts_of(parts: Path, number: int) -> Path:
    """The file with the counts of a part."""
    return parts / f"{number:06}.json"


def resume(parts: Path, state: dict[str, Any], fresh: bool) -> int:
    """How many parts of the same run are done already. Raises `Problems` when what is there is
    damaged."""
    note = parts / "run.json"
    done = 0
    if not fresh:
        while (parts / f"{done:06}.parquet").is_file():
            done += 1
        before = _state(parts, note) if note.is_file() else None
        if done and before is None:
            raise damaged(parts, f"there is no `{note.name}`")
        if before == state:
            for number in range(done):
                _check_part(parts, number)
            return done
    cleared(parts, keep=SPILL)  # this run may have put something there already
    store(note, json.dumps(state))
    return 0


def _state(parts: Path, file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise damaged(parts, f"`{file.name}` can not be read")
    return found


def _check_part(parts: Path, number: int) -> None:
    counts = _state(parts, counts_of(parts, number))
    try:
        whole = isinstance(counts["rows"], int)
        Summary().add(cast(Counts, counts))
        for suffix in (".parquet", ".refused.parquet"):
            query = f"SELECT count(*) {read([parts / f'{number:06}{suffix}'])}"
            duckdb.execute(query).fetchall()
    except (KeyError, TypeError, ValueError, duckdb.Error):
        whole = False
    if not whole:
        raise damaged(parts, f"part {number} is not whole")


def damaged(parts: Path, said: str) -> Problems:
    """What to say of a state that can not be read, with the way out."""
    message = f"what an interrupted run left in `{parts}` is damaged: {said}"
    return Problems([Problem("state", message, help="start afresh: --fresh (fresh=True)")])
