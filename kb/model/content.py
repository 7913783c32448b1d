"""What facts hold, as a hash: what was made of them and kept, and receipts, go by it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

SUFFIXES = (".yaml", ".yml", ".json")
"""Files that would be taken for facts: one that is not read is a problem."""


def fact_files(folder: Path) -> list[Path]:
    """The files of a folder that look like facts; those in folders of it come last."""
    found = [path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file()]
    return sorted(found, key=lambda path: (len(path.parts), path))


def content_of(*folders: Path) -> str:
    """What folders of facts hold, as a hash: the names in them and the bytes of their files. It is
    the same wherever a folder lies. Raises `OSError` when a file can not be read."""
    return _hash(_parts(folders))


def key_of(content: str, what: str, makers: Iterable[Path]) -> str:
    """A hash for something that is made of facts: of their `content`, of what it is, and of the
    modules that make it, so that another release makes it anew. Raises `OSError`."""
    modules = (part for path in sorted(makers) for part in (path.name.encode(), path.read_bytes()))
    return _hash((content.encode(), what.encode(), *modules))


def text_hash(texts: Iterable[str | bytes]) -> str:
    """Texts in their order as a hash."""
    return _hash(text.encode() if isinstance(text, str) else text for text in texts)


def _parts(folders: Iterable[Path]) -> Iterator[bytes]:
    for folder in folders:
        yield b"folder"
        for path in fact_files(folder):
            yield path.relative_to(folder).as_posix().encode()
            yield path.read_bytes()


def _hash(parts: Iterable[bytes]) -> str:
    """Parts are told apart by their lengths: no two lists of them look alike."""
    found = hashlib.sha256()
    for part in parts:
        found.update(b"%d\n" % len(part))
        found.update(part)
    return found.hexdigest()
