"""Data files: what was made of files and is kept, as plain JSON that goes by their content.

The first line says what the rest was made of, and holds a hash of it. A file of other content, or a
damaged one, is none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from kb.model.content import text_hash
from kb.model.data import Json
from kb.model.places import cache_folder
from kb.model.writing import write_whole

K = TypeVar("K")
V = TypeVar("V")


def kept_at(name: str, key: str, cache: Path | None = None) -> Path:
    """Where data of a name is kept for a key, in a folder (default: the user's cache)."""
    return (cache or cache_folder()) / f"{name}-{key[:32]}.json"


def read_parts(path: Path, key: str) -> list[bytes] | None:
    """The parts of a file as the JSON that they are; None where it was made of something else, or
    is not whole. Raises `OSError`."""
    with path.open("rb") as file:
        made_for, _, whole = file.readline().strip().partition(b" ")
        if made_for != key.encode():
            return None
        parts = file.read().removesuffix(b"\n").split(b"\n")
    return parts if text_hash(parts).encode() == whole else None


def read_data(path: Path, key: str) -> Json | None:
    """What a file of one part holds; None as above. Raises `OSError` and `ValueError`."""
    parts = read_parts(path, key)
    data: Json | None = json.loads(parts[0]) if parts else None
    return data


def write_parts(path: Path, key: str, parts: Iterable[Any]) -> None:
    """Write data that was made for a key, whole or not at all; each part can be read by itself.
    Raises `OSError`."""
    texts = [json.dumps(part, ensure_ascii=False, separators=(",", ":")) for part in parts]
    write_whole(path, "\n".join([f"{key} {text_hash(texts)}", *texts, ""]))


class Late(MutableMapping[K, V]):
    """A mapping that is loaded when somebody looks at it."""

    def __init__(self, load: Callable[[], dict[K, V]]) -> None:
        self._load = load

    @cached_property
    def _found(self) -> dict[K, V]:
        return self._load()

    def __getitem__(self, key: K) -> V:
        return self._found[key]

    def __setitem__(self, key: K, value: V) -> None:
        self._found[key] = value

    def __delitem__(self, key: K) -> None:
        del self._found[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)
