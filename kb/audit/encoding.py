"""Files that hold text, opened; and what is no UTF-8, told before the work.

What can not be read of a file, and whether its name can be one, is told here for all files.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from kb.lang.problems import Problem, Problems

SAMPLE = 2**20
"""Bytes at the start of a file by which its encoding is told."""
START = 14
"""Bytes by which an encoding without a mark is told."""
BOM = b"\xef\xbb\xbf"
"""How some programs begin a file in UTF-8."""

_MARKED = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
"""How files of other encodings begin."""
_KINDS = (
    (b"PK\x03\x04", "this is a workbook, or another archive", "save its table as CSV in UTF-8"),
    (b"\x1f\x8b", "this is compressed by gzip", "let its name end in `.gz`"),
    (b"PAR1", "this is Parquet", "let its name end in `.parquet`"),
)
"""How files begin that are no text, what they are, and the way out."""


def opened(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def check_encoding(path: Path, header: bool) -> None:
    """Raises `Problems` when a whole file, or the `header` that it begins with, is in another
    encoding than UTF-8, with the way out."""
    try:
        with opened(path) as file:
            sample = file.read(SAMPLE)
    except gzip.BadGzipFile:
        message = f"`{path}` can not be read: this is not compressed by gzip"
        help = "let its name not end in `.gz`"
        raise Problems([Problem("file", message, help=help)]) from None
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(path, error) from None
    for start, encoding in _MARKED:
        if sample.startswith(start):
            raise _encoded(path, encoding)
    for start, kind, help in _KINDS:
        if sample.startswith(start):
            raise Problems([Problem("file", f"`{path}` can not be read: {kind}", help=help)])
    for at, encoding in enumerate(("UTF-16BE", "UTF-16LE")):
        # Tables begin in ASCII: each such character has a byte of nothing before or behind it.
        none, other = sample[at:START:2], sample[1 - at : START : 2]
        if 2 * none.count(0) > len(none) > 1 and not other.count(0):
            raise _encoded(path, encoding)
    if b"\n" not in sample and b"\r" in sample.rstrip():
        message = f"the lines of `{path}` end in carriage returns alone"
        help = f"let them end in line feeds: tr '\\r' '\\n' < '{path}' > lines{path.suffix}"
        raise Problems([Problem("file", message, help=help)])
    lines = [line for line in sample.split(b"\n")[:-1] or [sample] if line.strip()]
    odd = [line for line in lines if not line.isascii()]
    wrong = [line for line in odd if not _decodes(line, "utf-8-sig")]
    whole = len(wrong) == len(odd) and 2 * len(wrong) > len(lines) - header
    if wrong and (whole or (header and lines[0] in wrong)):
        if all(_decodes(line, "gb18030") for line in wrong):
            raise _encoded(path, "GB18030", "GBK")
        message = f"`{path}` is not UTF-8"
        raise Problems([Problem("encoding", message, help="save it as UTF-8")])
    if not header and lines:
        _check_objects(path, lines, sample)


def _check_objects(path: Path, lines: Sequence[bytes], sample: bytes) -> None:
    """Raises `Problems` for JSON that is no object a line: a list, or an object over some lines."""
    first = lines[0].removeprefix(BOM).lstrip()
    message = filter = ""
    if first.startswith(b"[") and (len(lines) == 1 or not _parses(first)):
        message, filter = f"`{path}` is a list in JSON, not an object a line", ".[]"
    elif first.startswith(b"{") and len(lines) > 1 and not _parses(first) and _parses(sample):
        message, filter = f"`{path}` is an object over several lines, not one a line", "."
    if message:
        help = f"write an object a line: jq -c '{filter}' '{path}' > lines.jsonl"
        raise Problems([Problem("file", message, help=help)])


def _parses(text: bytes) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _encoded(path: Path, encoding: str, shown: str = "") -> Problems:
    help = f"save it as UTF-8: iconv -f {encoding} -t UTF-8 '{path}' > utf8{path.suffix}"
    message = f"`{path}` is in {shown or encoding}, not in UTF-8"
    return Problems([Problem("encoding", message, help=help)])


def name_fault(path: Path) -> Exception | None:
    """Why a path can be no name of a file here (`UnicodeEncodeError`: it is not UTF-8); None where
    it can, whether or not there is such a file."""
    try:
        str(path).encode()
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        return error
    return None


def unreadable(path: Path, error: BaseException) -> Problems:
    said = getattr(error, "strerror", None) or str(error)
    return Problems([Problem("file", f"`{path}` can not be read: {said.lower()}")])
