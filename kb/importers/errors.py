"""Problems of input, with their place and a way out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Span

LARGEST = 64 * 2**20
"""Bytes of a file that is still read; the largest known table has two."""


def bad(code: str, message: str, file: str, help: str = "", line: int = 0) -> Problems:
    """One problem with an input, to raise."""
    span = Span(file, line, 1, 1) if line else Span(file, 0, 0, 0)
    return Problems([Problem(code, message, span, help)])


def read_input(path: Path) -> bytes:
    """The bytes of an input. Raises `Problems` when it is missing, empty or too large."""
    try:
        if path.is_dir():
            raise bad("not-a-file", "this is a folder", str(path), "name the file to import")
        if path.stat().st_size > LARGEST:
            raise bad("too-large", f"at most {LARGEST // 2**20} MB are read", str(path))
        raw = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        raise bad(
            "no-file", f"the file can not be read: {reason}", str(path), "check the name"
        ) from None
    if not raw.strip():
        raise bad("empty", "the file is empty", str(path))
    return raw


def text_of(raw: bytes, file: str) -> str:
    """Bytes as text: UTF-8, or GB 18030 as spreadsheets of Chinese systems write it."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise bad("not-text", "the file is neither UTF-8 nor GB 18030", file, "save it as UTF-8")


def json_of(raw: bytes, file: str) -> Any:
    """Bytes as JSON."""
    try:
        return json.loads(text_of(raw, file))
    except json.JSONDecodeError as error:
        raise bad(
            "not-json",
            f"this is not JSON: {error.msg.lower()}",
            file,
            "check the file",
            error.lineno,
        ) from None
    except RecursionError:
        raise bad("not-json", "the file is nested too deeply", file) from None
