"""What an audit writes belongs to it alone: paths that it must not touch, and the lock of a run.

An audit writes its output, the rejects beside it, a folder of parts that is there while it runs,
and perhaps a report. Each of them is looked at before the work: none may be the input or another
of them, by whatever name, and what is there already must have been made by an audit.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kb.audit.encoding import name_fault
from kb.lang.problems import Problem, Problems
from kb.model.writing import settle

COLUMNS = (
    "app",
    "category",
    "verdict",
    "alternative",
    "missing",
    "reason",
    "rule_version",
    "receipt",
)
"""Columns of an output, by which one is known again."""
REJECTED = ("row", "line", "file", "column", "app", "reason", "help")
"""Keys of a reject."""
OWNER = ".policy-kb-audit"
"""The file that marks a folder of parts; a run holds its lock."""
SPILL, CLUSTER = "spill", "spark"
"""Folders within the parts: what DuckDB puts down for a while, and what Spark's workers write."""
_OWN = re.compile(
    r"[0-9]{6,}(\.refused)?\.(parquet|json)(\.tmp)?|run\.json(\.tmp)?|(output|rejects)\.tmp"
    rf"|{SPILL}|{CLUSTER}|{re.escape(OWNER)}"
)
_PAGE = re.compile(
    '<!doctype html><html lang="(zh|en)"><meta charset="utf-8">'
    "<title>(审核汇总|Summary of the audit)</title>"
)
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
AGAIN = "the same command goes on from what is done"


@dataclass(frozen=True)
class Outputs:
    """The paths that an audit writes."""

    target: Path
    report: Path | None = None

    @property
    def rejects(self) -> Path:
        return self.target.with_name(self.target.name + ".rejects.jsonl")

    @property
    def parts(self) -> Path:
        return self.target.with_name(self.target.name + ".parts")

    @property
    def all(self) -> tuple[Path, ...]:
        report = (self.report,) if self.report else ()
        return (self.target, self.rejects, self.parts, *report)


def check(outputs: Outputs, files: Sequence[Path], folder: Path | None) -> None:
    """Raises `Problems` when an audit of `files` (all those of `folder`, where it is one) must not
    write its outputs. Touches nothing."""
    every = outputs.all
    for path in every:
        _check_name(path)
    for at, path in enumerate(every):
        if any(_same(path, file) for file in files):
            _refuse(f"`{path}` is the input", "name another file: the input is never written to")
        if folder is not None and _within(path, folder):
            _refuse(f"`{path}` lies in the folder of the input", "name a file elsewhere")
        for other in every[:at]:
            if _same(path, other):
                _refuse(f"`{path}` and `{other}` are one file", "give each a name of its own")
    if any(_within(path, outputs.parts) for path in (*files, *every) if path != outputs.parts):
        _refuse(f"`{outputs.parts}` is where the parts of the audit are kept", "name another file")
    for path in every:
        if path != outputs.parts:
            _check_file(path, "report" if path == outputs.report else "rejects")
    _check_table(outputs.target)
    _check_parts(outputs.parts)


def _check_name(path: Path) -> None:
    fault = name_fault(path)
    if isinstance(fault, UnicodeEncodeError):
        _refuse(f"the name `{path}` is not UTF-8", "name another file")
    if fault is not None:
        raise unwritten(path, fault)


def _check_file(path: Path, kind: str) -> None:
    if not path.parent.is_dir():
        _refuse(f"there is no folder `{path.parent}`", "")
    if (path.parent / OWNER).is_file():
        _refuse(f"`{path}` lies in a folder of parts of an audit", "name a file elsewhere")
    if path.is_dir():
        _refuse(f"`{path}` is a folder", "name a file in it")
    if path.exists() and not path.is_file():
        _refuse(f"`{path}` is no regular file", "name a file")
    if kind == "report" and not _made(path, lambda text: bool(_PAGE.match(text))):
        _not_ours(path)


def _check_table(target: Path) -> None:
    rejects = target.with_name(target.name + ".rejects.jsonl")
    if not _made(rejects, _is_reject):
        _not_ours(rejects)
    if target.suffix == ".parquet":
        known = not target.exists() or not target.stat().st_size or _is_parquet(target)
    elif target.suffix == ".csv":
        known = _made(target, lambda text: text.splitlines()[:1] == [",".join(COLUMNS)])
    else:
        known = _made(target, lambda text: _keys(text) == COLUMNS)
    if not known:
        _not_ours(target)


def _made(path: Path, known: Any) -> bool:
    """Whether a file is not there, empty, or begins as is known."""
    try:
        with path.open("rb") as file:
            start = file.readline(2**20)
    except FileNotFoundError:
        return True
    except OSError as error:
        raise unwritten(path, error) from None
    return not start or known(start.decode("utf-8", "replace"))


def _keys(text: str) -> tuple[str, ...]:
    try:
        found = json.loads(text)
    except ValueError:
        return ()
    return tuple(found) if isinstance(found, dict) else ()


def _is_reject(text: str) -> bool:
    keys = set(_keys(text))
    return {"row", "app", "reason"} <= keys <= set(REJECTED)


def _is_parquet(path: Path) -> bool:
    try:
        return tuple(pq.read_schema(path).names) == COLUMNS
    except (pa.ArrowException, OSError):
        return False


def _check_parts(parts: Path) -> None:
    if parts.is_symlink() or (parts.exists() and not parts.is_dir()):
        _refuse(f"`{parts}` is in the way: an audit keeps its parts there", "move it away")
    if parts.is_dir():
        names = sorted(os.listdir(parts))
        foreign = [name for name in names if not _OWN.fullmatch(name)]
        if foreign or (names and OWNER not in names):
            found = f", and holds `{foreign[0]}`" if foreign else ""
            _refuse(f"`{parts}` was not made by an audit{found}", "move it away")


def _not_ours(path: Path) -> None:
    _refuse(f"`{path}` was not made by an audit", "name another file, or move it away")


def _refuse(message: str, help: str) -> None:
    raise Problems([Problem("output", message, help=help)])


def _same(one: Path, other: Path) -> bool:
    """Whether two paths name one file; those of files that are not there yet, too."""
    try:
        return os.path.samefile(one, other)
    except OSError:
        return _plain(one) == _plain(other)


def _plain(path: Path) -> str:
    return os.path.normcase(os.path.join(os.path.realpath(path.parent), path.name))


def _within(path: Path, folder: Path) -> bool:
    real = os.path.realpath(folder)
    found = os.path.realpath(path.parent)
    return found == real or found.startswith(real + os.sep)


@contextmanager
def claimed(outputs: Outputs) -> Iterator[Path]:
    """The folder of parts, made where it is not there, locked as long as the block runs. What is
    done stays in it when the block fails; one that holds nothing done is removed, but for a folder
    that a user had made.

    Raises `Problems` when another run holds it, or it can not be made.
    """
    parts = outputs.parts
    try:
        handle, own = _locked(parts)
    except OSError as error:
        raise unwritten(parts, error) from None
    try:
        yield parts
    finally:
        if not any(parts.glob("[0-9]*.parquet")):
            cleared(parts)
            _leave(parts, handle, own)
        else:
            os.close(handle)


def _leave(parts: Path, handle: int, own: bool) -> None:
    """Give back a folder that holds nothing done, and remove it where it is the audit's own."""
    # The lock goes last: until then nobody else can begin.
    with suppress(OSError):
        (parts / OWNER).unlink()
    os.close(handle)
    if own:
        with suppress(OSError):
            parts.rmdir()


def _locked(parts: Path) -> tuple[int, bool]:
    """The lock of a folder of parts, and whether an audit has made that folder."""
    while True:
        try:
            parts.mkdir()
            own = True
        except FileExistsError:
            own = (parts / OWNER).exists()
        try:
            handle = os.open(parts / OWNER, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0))
        except FileNotFoundError:  # the run before has just removed the folder
            continue
        if not _lock(handle):
            os.close(handle)
            target = parts.with_suffix("")
            raise Problems(
                [
                    Problem(
                        "locked",
                        f"another audit is writing `{target}`",
                        help="wait until it ends, or name another output",
                    )
                ]
            )
        # The run before may have removed the file between the two steps.
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), os.stat(parts / OWNER)):
                try:
                    os.truncate(handle, 0)
                    os.write(handle, b"The parts of an audit by Policy KB that is not done yet.\n")
                except OSError:  # a full disk has room for a name, and for no word
                    if not any(parts.glob("[0-9]*.parquet")):
                        _leave(parts, handle, own)
                    else:
                        os.close(handle)
                    raise
                return handle, own
        os.close(handle)


def _lock(handle: int) -> bool:
    """Lock a file without waiting; False where another holds it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK):
            return False
        raise
    return True


def spill_of(parts: Path) -> Path:
    """Where a run puts what does not fit into memory; what a killed run left there is removed."""
    shutil.rmtree(parts / SPILL, ignore_errors=True)
    return parts / SPILL


def cleared(parts: Path, keep: str = "") -> None:
    """Remove all that an audit has put into its folder of parts, but for the lock and what is
    called `keep`."""
    for path in parts.iterdir():
        if path.name not in (OWNER, keep) and _OWN.fullmatch(path.name):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def store(path: Path, text: str) -> None:
    """Write a small file of the state, whole or not at all."""
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text, encoding="utf-8")
    settle(temporary, path)


def unwritten(path: Path, error: BaseException) -> Problems:
    """What to say of an output that can not be written."""
    said = (getattr(error, "strerror", None) or str(error).split("\n")[0]).strip().lower()
    # DuckDB wraps what the system says in words of its own.
    full = [os.strerror(number).lower() for number in FULL]
    full = [words for words in full if words in said]
    help = f"make room for it; {AGAIN}" if full else "check the folder and its rights"
    message = f"`{path}` can not be written: {full[0] if full else said}"
    return Problems([Problem("output", message, help=help)])


def literal(paths: Iterable[Path]) -> list[str]:
    """Paths as DuckDB takes them, each for that very file: `[`, `*` and `?` are no patterns."""
    return [re.sub(r"[\[*?]", r"[\g<0>]", str(path)) for path in paths]
