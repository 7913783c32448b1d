"""Data files: what was made of files and is kept, as plain JSON that goes by their content.

The first line says what the rest was made of, and holds a hash of it. A file of other content, or a
damaged one, is none.
"""

from __future__ import annotations

import json
from pathlib import Path

from kb.model.content import text_hash
from kb.model.data import Json
from kb.model.places import cache_folder
from kb.model.writing import write_whole


def kept_at(name: str, key: str, cache: Path | None = None) -> Path:
    """Where data of a name is kept for a key, in a folder (default: the user's cache)."""
    return (cache or cache_folder()) / f"{name}-{key[:32]}.json"


def read_data(path: Path, key: str) -> Json | None:
    """What a file holds; None where it was made of something else, or is not whole. Raises
    `OSError` and `ValueError`."""
    with path.open("rb") as file:
        made_for, _, whole = file.readline().strip().partition(b" ")
        if made_for != key.encode():
            return None
        text = file.read().removesuffix(b"\n")
    data: Json | None = json.loads(text) if text_hash([text]).encode() == whole else None
    return data


def write_data(path: Path, key: str, data: Json) -> None:
    """Write data that was made for a key, whole or not at all. Raises `OSError`."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    write_whole(path, f"{key} {text_hash([text])}\n{text}\n")
