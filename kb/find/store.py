"""Where an index lies: beside the facts it was made of, or in the user's cache, by content."""

from __future__ import annotations

import contextlib
from pathlib import Path

from kb.find.index import FORMAT, Index, read_index
from kb.model.content import content_of, key_of
from kb.model.layers import Folders, listed
from kb.model.places import PACKAGE, cache_folder, shipped
from kb.model.writing import write_whole

MAKERS = ("accounts", "build", "entries", "folding", "grammar")
"""The modules that an index hangs on: it is made anew when they change."""
AHEAD = PACKAGE / "_data" / "find-index.json"
"""The index that was built ahead of the facts that come with the package."""


def index_of(facts: Folders = None, cache: Path | None = None) -> Index:
    """The index of folders of facts (default: those that came with the package).

    An index that was built from the same content is read; else it is built, and kept in the
    user's cache when that can be written. Raises `Problems` when the facts can not be read.
    """
    folders = listed(facts) or (shipped("facts"),)
    digest = digest_of(*folders)
    kept = (cache if cache is not None else cache_folder()) / f"find-{digest}.json"
    for path in (AHEAD, kept):
        found = _read(path, digest)
        if found is not None:
            return found
    index = built(*folders)
    with contextlib.suppress(OSError):
        write(index, digest, kept)
    return index


def build_ahead(facts: str | Path | None = None, target: Path = AHEAD) -> Path:
    """Write the index of a folder of facts (default: those that came with the package)."""
    folder = Path(facts) if facts is not None else shipped("facts")
    write(built(folder), digest_of(folder), target)
    return target


def built(*folders: Path) -> Index:
    """The index of folders of facts, made anew."""
    # Loaded here: reading facts takes pydantic and half a second; an index at hand needs neither.
    from kb.find.build import read_and_build

    return read_and_build(*folders)


def digest_of(*folders: Path) -> str:
    """The content of folders of facts, and of what makes an index of it, as a short name."""
    makers = [Path(__file__).parent / f"{name}.py" for name in MAKERS]
    return key_of(content_of(*folders), f"find {FORMAT}", makers)[:24]


def write(index: Index, digest: str, path: Path) -> None:
    """Write an index whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, f"{digest}\n{index.to_json()}\n")


def _read(path: Path, digest: str) -> Index | None:
    """The index of a file when it was made of this content."""
    try:
        with path.open("rb") as file:
            if file.readline().strip() != digest.encode():
                return None
            return read_index(file.read())
    except (OSError, ValueError):
        return None
