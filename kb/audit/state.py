"""The state of an interrupted audit: its parts, and whether another run may go on from them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, cast

from kb.audit.ownership import SPILL, cleared, store
from kb.audit.summary import Counts, Summary
from kb.lang.problems import Problem, Problems

PARTS = (".parquet", ".refused.parquet")
"""The tables of a part: its rows, and those that were refused."""


def digest(file: Path) -> str:
    """Tells whether a file is still what was written."""
    with file.open("rb") as whole:
        return hashlib.file_digest(whole, "sha256").hexdigest()


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
            rows = 0
            for number in range(done):
                rows += _check_part(parts, number, rows)
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


def _check_part(parts: Path, number: int, before: int) -> int:
    """The rows of a part that comes after so many. Raises `Problems` when it is not what was
    written."""
    counts = _state(parts, counts_of(parts, number))
    try:
        files = [digest(parts / f"{number:06}{suffix}") for suffix in PARTS]
        whole = counts["files"] == files and counts["first"] == before
        found = Summary()
        found.add(cast(Counts, counts))
    except (OSError, KeyError, TypeError, ValueError, AttributeError):
        whole = False
    if not whole:
        raise damaged(parts, f"part {number} is not whole")
    return found.rows


def damaged(parts: Path, said: str) -> Problems:
    """What to say of a state that can not be read, with the way out."""
    message = f"what an interrupted run left in `{parts}` is damaged: {said}"
    return Problems([Problem("state", message, help="start afresh: --fresh (fresh=True)")])
