"""Strict YAML: every value knows its place, and nothing is guessed.

`yaml.safe_load` loses duplicate keys and turns `no`, `1.10`, `010` and dates into other things;
here every scalar stays the text that stands in the file, and its place is kept.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, TypeAlias

import yaml

from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Span

Path: TypeAlias = tuple[str | int, ...]

LARGEST = 8 * 2**20
"""Bytes of a file that is still read; facts and profiles are a thousand times smaller."""
DEEPEST = 60

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class Document:
    """A YAML document as plain lists, mappings and strings, with the place of each of them."""

    name: str
    data: Any
    lines: tuple[str, ...] = ()
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set, repr=False)

    def part(self, at: int) -> Document:
        """An entry of a list as a document of its own, with its places."""
        return Document(
            self.name,
            self.data[at],
            self.lines,
            {path[1:]: place for path, place in self.values.items() if path[:1] == (at,)},
            {path[1:]: place for path, place in self.keys.items() if path[:1] == (at,)},
        )

    def span(self, path: Path, key: bool = False) -> Span:
        """The place of a value (or of its key); of the nearest one around it when it is absent."""
        places = self.keys if key else self.values
        while path and path not in places:
            path = path[:-1]
            places = self.values
        line, column = places.get(path, (1, 1))
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        end = column
        while end <= len(text) and text[end - 1] not in ",:#]}" and end - column < 60:
            end += 1
        return Span(self.name, line, column, max(end, column + 1), text)


def read_file(path: FilePath, name: str | None = None) -> Document:
    """Read a YAML or JSON file. Raises `Problems` when it is missing, too large, not UTF-8 or not
    YAML, or when a key stands twice in it."""
    name = name or str(path)
    if path.is_dir():
        raise _one("not-a-file", "this is a folder", name, "name a YAML or JSON file")
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise _one(
                "too-large",
                f"the file has {size / 2**20:.1f} MB",
                name,
                f"at most {LARGEST // 2**20} MB are read",
            )
        raw = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "it can not be read").lower()
        raise _one(
            "no-file", f"the file can not be read: {reason}", name, "check the name"
        ) from None
    return read_bytes(raw, name)


def read_bytes(raw: bytes, name: str) -> Document:
    """Read YAML or JSON from bytes; see `read_file`."""
    if len(raw) > LARGEST:
        raise _one(
            "too-large",
            f"the text has {len(raw) / 2**20:.1f} MB",
            name,
            f"at most {LARGEST // 2**20} MB are read",
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Problems(
            [
                Problem(
                    "not-utf-8",
                    f"byte {error.start + 1} is not UTF-8",
                    Span(name, line, 1, 1),
                    "save the file as UTF-8",
                )
            ]
        ) from None
    return read_text(text, name)


def read_text(text: str, name: str) -> Document:
    """Read YAML or JSON from text; see `read_file`."""
    # YAML splits lines at fewer places than str.splitlines.
    lines = tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    document = Document(name, None, lines)
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
    except yaml.YAMLError as error:
        raise Problems([_syntax(error, name, lines)]) from None
    except RecursionError:
        raise _one("yaml", "the file is nested too deeply", name) from None
    finally:
        loader.dispose()
    if node is None:
        raise _one("empty", "the file is empty", name)
    problems: list[Problem] = []
    data = _plain(node, (), document, problems)
    if problems:
        raise Problems(problems)
    return Document(name, data, lines, document.values, document.keys)


def _plain(node: Any, path: Path, document: Document, problems: list[Problem]) -> Any:
    mark = node.start_mark
    document.values[path] = (mark.line + 1, mark.column + 1)
    if len(path) > DEEPEST:
        problems.append(Problem("yaml", "the file is nested too deeply", document.span(path)))
        return None
    if id(node) in document.seen:  # an alias may stand for billions of values
        problems.append(
            Problem(
                "yaml",
                "an alias (`*name`) is not read here",
                document.span(path),
                "write the value out",
            )
        )
        return None
    document.seen.add(id(node))
    match node:
        case yaml.ScalarNode():
            if node.style is None and node.value in ("", "~", "null"):
                return None
            return node.value
        case yaml.SequenceNode():
            return [_plain(n, (*path, i), document, problems) for i, n in enumerate(node.value)]
        case _:
            found: dict[Hashable, Any] = {}
            for key, value in node.value:
                here = key.start_mark
                if not isinstance(key, yaml.ScalarNode):
                    document.values[(*path, "?")] = (here.line + 1, here.column + 1)
                    problems.append(
                        Problem("yaml", "a key must be plain text", document.span((*path, "?")))
                    )
                    continue
                at = (*path, key.value)
                if key.value in found:
                    line = document.keys[at][0]
                    document.keys[at] = (here.line + 1, here.column + 1)
                    problems.append(
                        Problem(
                            "duplicate-key",
                            f"`{key.value}` stands twice",
                            document.span(at, key=True),
                            f"it stands in line {line} already",
                        )
                    )
                document.keys[at] = (here.line + 1, here.column + 1)
                found[key.value] = _plain(value, at, document, problems)
            return found


def _syntax(error: yaml.YAMLError, name: str, lines: tuple[str, ...]) -> Problem:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return Problem(
            "yaml",
            "the file is not YAML: it holds a character that text can not have",
            Span(name, 1, 1, 1),
        )
    line = min(mark.line, len(lines) - 1)
    text = lines[line]
    span = Span(name, line + 1, mark.column + 1, mark.column + 2, text)
    help = "check indentation, colons and quotes near this place"
    near_by = [n for n in (line, line - 1) if 0 <= n < len(lines)]
    for n in near_by:
        if "\t" in lines[n]:
            at = lines[n].index("\t")
            span = Span(name, n + 1, at + 1, at + 2, lines[n])
            help = "indent with spaces, a tab is not allowed"
            break
        if "：" in lines[n]:
            at = lines[n].index("：")
            span = Span(name, n + 1, at + 1, at + 2, lines[n])
            help = "write the colon as `:` with a space behind it, not as full-width `：`"
            break
    return Problem("yaml", "the file is not YAML from here on", span, help)


def _one(code: str, message: str, name: str, help: str = "") -> Problems:
    return Problems([Problem(code, message, Span(name, 0, 0, 0), help)])
