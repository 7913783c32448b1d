"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from kb.lang.problems import Problem, Problems


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all: a reader never sees half of it, and where it can not be
    written, what was there stays. Raises `OSError`."""
    # Made as any new file is, so that others may read it where the umask lets them.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        with draft.open("xb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
        settle(draft, path)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def settle(temporary: Path, path: Path) -> None:
    """Give a file that is written its name, so that it is there whole or not at all, also after a
    loss of power."""
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(temporary, path)
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        except OSError:  # some file systems have no such thing
            pass
        finally:
            os.close(folder)


def write_output(path: str | Path, content: str | bytes) -> None:
    """Write a file that a user has named, whole or not at all. Raises `Problems`, also where a
    device or a pipe has that name, which a file would take the place of."""
    try:
        if Path(path).exists() and not Path(path).is_file() and not Path(path).is_dir():
            message = f"`{path}` is no regular file"
            raise Problems([Problem("output", message, help="name a file")])
        write_whole(Path(path), content)
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or "this is no name of a file"
        message = f"`{path}` can not be written: {said.lower()}"
        raise Problems([Problem("output", message)]) from None
