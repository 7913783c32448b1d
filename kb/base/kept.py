"""Facts that the rules derive whatever the app, kept from one run to the next.

A file goes by its content: by the rules that a relation rests on and the stated facts that they
read. Where one of them is another, or the file is damaged, the engine is asked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kb.engines.protocol import row_order
from kb.lang.syntax import Row
from kb.model.places import cache_folder
from kb.model.writing import write_whole
from kb.version import __version__

if TYPE_CHECKING:
    from kb.base.core import Core

FORMAT = 1
"""Raised whenever the shape of the file changes."""


def fixed_rows(base: Core, relation: str, cache: Path | None = None) -> frozenset[Row]:
    """The rows of a derived relation that rests on no profile: as they were found in an earlier
    run for the same rules and facts, else as the engine finds them now.

    `cache` is the folder where they are kept (default: the user's). Raises `ValueError` for a
    relation that rests on what profiles state.
    """
    if relation in base.dynamic:
        raise ValueError(f"`{relation}` differs from app to app")
    key = _key(base, relation)
    path = (cache or cache_folder()) / f"{relation}-{key[:32]}.json"
    found = _read(path, key)
    if found is None:
        found = base.engine.evaluate({}, [relation])[relation]
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(
                path,
                json.dumps({"key": key, "rows": sorted(found, key=row_order)}, ensure_ascii=False),
            )
    return found


def _key(base: Core, relation: str) -> str:
    """What the rows of a relation hang on, as a hash."""
    needed = base.program.needed(frozenset([relation]))
    found = hashlib.sha256(f"{__version__} {FORMAT} {relation}\n".encode())
    for text in _hung_on(base, needed):
        found.update(text.encode())
    return found.hexdigest()


def _hung_on(base: Core, needed: frozenset[str]) -> Iterator[str]:
    for rule in base.program.rules:
        if rule.head.relation in needed:
            yield f"{rule}\n"
    for name in sorted(needed):
        rows = sorted(base.facts.rows.facts.get(name, ()), key=row_order)
        yield json.dumps([name, rows], ensure_ascii=False)


def _read(path: Path, key: str) -> frozenset[Row] | None:
    """The rows of a file that was written for this key; None where there is none, or is damaged."""
    try:
        data = json.loads(path.read_bytes())
        return frozenset(map(tuple, data["rows"])) if data["key"] == key else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
