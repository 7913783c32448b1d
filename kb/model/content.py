"""What facts hold, as a hash: what was made of them and kept, and receipts, go by it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from kb.model.layers import FACTS_ALONE, PROGRAMS, SUFFIXES, facts_among, visible


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
        # What is not read where it stands is a problem of the facts: see `unread_programs`.
        inside = [path.relative_to(folder) for path in visible(folder)]
        named = [
            path.as_posix()
            for path in inside
            if path.suffix == ".dl"
            or path.parts[0] in PROGRAMS
            or (path.parts[0] in FACTS_ALONE and path.suffix.lower() not in SUFFIXES)
        ]
        yield repr(sorted(named)).encode()
        for path in facts_among(inside):
            yield path.as_posix().encode()
            yield (folder / path).read_bytes()


def _hash(parts: Iterable[bytes]) -> str:
    """Parts are told apart by their lengths: no two lists of them look alike."""
    found = hashlib.sha256()
    for part in parts:
        found.update(b"%d\n" % len(part))
        found.update(part)
    return found.hexdigest()
