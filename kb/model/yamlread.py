"""Strict YAML: every value knows its place, and nothing is guessed.

`yaml.safe_load` loses duplicate keys and turns `no`, `1.10`, `010` and dates into other things;
here every scalar stays the text that stands in the file, and its place is kept.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, NoReturn, TypeAlias

import yaml

from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Span
from kb.model.data import LARGEST as LARGEST
from kb.model.data import Json

Path: TypeAlias = tuple[str | int, ...]

DEEPEST = 60
MOST_TAKEN = 100_000
"""Values that all aliases of a file stand for together."""
WIDEST = 200
"""Characters of a line that a problem shows; of what stands further on it gives the place alone."""

# What YAML's own reader refuses; it does not say where.
_UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]"
)
# What an escape may bring into a text, and a terminal would obey.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_OPEN = "[" * (DEEPEST + 1)
_ENDS = re.compile("\r\n|\r|\n")

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class Document:
    """A YAML document as plain lists, mappings and strings, with the place of each of them."""

    name: str
    data: Any
    lines: tuple[str, ...] = ()
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def parts(self) -> list[Document]:
        """The entries of a list as documents of their own, with their places."""
        values: list[dict[Path, tuple[int, int]]] = [{} for _ in self.data]
        keys: list[dict[Path, tuple[int, int]]] = [{} for _ in self.data]
        for found, places in ((values, self.values), (keys, self.keys)):
            for path, place in places.items():
                if path and isinstance(path[0], int):
                    found[path[0]][path[1:]] = place
        return [
            Document(self.name, data, self.lines, values[at], keys[at])
            for at, data in enumerate(self.data)
        ]

    def part(self, path: Path) -> Document:
        """What stands at a path as a document of its own, with its places."""
        data = self.data
        for step in path:
            data = data[step]
        size = len(path)
        values, keys = (
            {at[size:]: place for at, place in places.items() if at[:size] == path}
            for places in (self.values, self.keys)
        )
        return Document(self.name, data, self.lines, values, keys)

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
        return _span(self.name, line, column, max(end, column + 1), text)


def _span(name: str, line: int, column: int, end: int, text: str) -> Span:
    if len(text) > WIDEST:
        text = text[: WIDEST - 1] + "…" if end < WIDEST else ""
    return Span(name, line, column, end, text)


def read_file(path: FilePath, name: str | None = None, aliases: bool = False) -> Document:
    """Read a YAML or JSON file. Raises `Problems` when it is missing, too large, not UTF-8 or not
    YAML, or when a key stands twice in it. With `aliases` a value may be named (`&name`) and used
    again (`*name`), and a mapping may take in another one (`<<`)."""
    shown = name or str(path)
    return read_text(decoded(read_raw(path, name), shown), shown, aliases)


def read_raw(path: FilePath, name: str | None = None, kind: str = "YAML or JSON") -> bytes:
    """The bytes of a file. Raises `Problems` when it is missing or too large."""
    name = name or str(path)
    try:
        if path.is_dir():
            raise _one("not-a-file", "this is a folder", name, f"name a {kind} file")
        if path.exists() and not path.is_file():  # it may wait, or have no end
            help = "write what it gives to a file first"
            raise _one("not-a-file", "this is no regular file", name, help)
        size = path.stat().st_size
        if size > LARGEST:
            raise _large(f"the file has {size / 2**20:.1f} MB", name)
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)  # some files of the system have no size
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", "") or "no file has such a name").lower()
        raise _one(
            "no-file", f"the file can not be read: {reason}", name, "check the name"
        ) from None
    if len(raw) > LARGEST:
        raise _large("the file has no end in sight", name)
    return raw


def _large(message: str, name: str) -> Problems:
    return _one("too-large", message, name, f"at most {LARGEST // 2**20} MB are read")


def read_bytes(raw: bytes, name: str) -> Document:
    """Read YAML or JSON from bytes; see `read_file`."""
    if len(raw) > LARGEST:
        raise _large(f"the text has {len(raw) / 2**20:.1f} MB", name)
    return read_text(decoded(raw, name), name)


def decoded(raw: bytes, name: str) -> str:
    """Bytes as text. Raises `Problems` when they are not UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Problems(
            [
                Problem(
                    "not-utf-8",
                    f"byte {error.start + 1} is not UTF-8",
                    Span(name, line, 1, 1),
                    _saving(raw),
                )
            ]
        ) from None


def _saving(raw: bytes) -> str:
    """How to save a text that is not UTF-8 as such."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "save the file as UTF-8; it is UTF-16: iconv -f UTF-16 -t UTF-8"
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return "save the file as UTF-8"
    return "save the file as UTF-8; it may be GBK: iconv -f GB18030 -t UTF-8"


def read_text(text: str, name: str, aliases: bool = False) -> Document:
    """Read YAML or JSON from text; see `read_file`."""
    document = Document(name, None, tuple(_ENDS.split(text)))
    reader = _Reader(text, document, {} if aliases else None)
    unreadable = _UNREADABLE.search(text)
    if unreadable:
        line, column = reader.place(unreadable.start())
        span = Span(name, line, column, column + 1)
        raise Problems([Problem("yaml", _NO_TEXT, span)])
    data = reader.whole()
    if reader.problems:
        raise Problems(reader.problems)
    return Document(name, data, document.lines, document.values, document.keys)


def as_text(data: Any) -> str:
    """Data as YAML that `read_text` reads back."""
    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))


_NO_TEXT = "the file is not YAML: it holds a character that text can not have"


class _Reader:
    """Builds plain data from the events of YAML's parser.

    Events and not nodes: PyYAML's composer follows aliases, and falls down the stack when the
    nesting has no end.
    """

    def __init__(self, text: str, document: Document, anchors: Json | None = None) -> None:
        self.text = text
        self.document = document
        self.anchors = anchors
        self.taken = 0
        self.problems: list[Problem] = []
        # YAML ends lines at more characters than editors do, so lines are counted here.
        self.starts = [0, *(end.end() for end in _ENDS.finditer(text))]

    def place(self, index: int) -> tuple[int, int]:
        line = bisect_right(self.starts, index)
        return line, index - self.starts[line - 1] + 1

    def at(self, event: Any) -> tuple[int, int]:
        return self.place(event.start_mark.index)

    def whole(self) -> Any:
        """The one document of the text. Raises `Problems` where nothing can be read further."""
        loader = _Loader(self.text)
        try:
            events = self.events(loader)
            next(events)
            event = next(events)
            if isinstance(event, yaml.StreamEndEvent):
                raise _one("empty", "the file is empty", self.document.name)
            data = self.value(next(events), (), events)
            next(events)
            event = next(events)
            if not isinstance(event, yaml.StreamEndEvent):
                self.syntax(getattr(event, "start_mark", None))
            return data
        except yaml.YAMLError as error:
            self.syntax(getattr(error, "problem_mark", None))
        finally:
            loader.dispose()

    def events(self, loader: Any) -> Iterator[Any]:
        while True:
            yield loader.get_event()

    def value(self, event: Any, path: Path, events: Iterator[Any]) -> Any:
        self.document.values[path] = self.at(event)
        if len(path) > DEEPEST:
            raise Problems([self.problem(path, "the file is nested too deeply")])
        found = self.content(event, path, events)
        if self.anchors is not None and getattr(event, "anchor", None):
            self.anchors.setdefault(event.anchor, found)
        return found

    def content(self, event: Any, path: Path, events: Iterator[Any]) -> Any:
        match event:
            case yaml.AliasEvent() if self.anchors is not None and event.anchor in self.anchors:
                found = self.anchors[event.anchor]
                self.taken += _size(found)
                if self.taken > MOST_TAKEN:
                    raise Problems([self.problem(path, "aliases stand for too much here")])
                return found
            case yaml.AliasEvent():  # it may stand for billions of values
                words = "an alias (`*name`) is not read here"
                self.problems.append(self.problem(path, words, "write the value out"))
                return None
            case yaml.ScalarEvent():
                if event.implicit[0] and event.value in ("", "~", "null"):
                    return None
                self.clean(event.value, path)
                return event.value
            case yaml.SequenceStartEvent():
                items: list[Any] = []
                while not isinstance(event := next(events), yaml.SequenceEndEvent):
                    items.append(self.value(event, (*path, len(items)), events))
                return items
            case _:
                return self.mapping(path, events)

    def mapping(self, path: Path, events: Iterator[Any]) -> Json:
        found: Json = {}
        keys = self.document.keys
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self.value(event, (*path, "?"), events)
                self.problems.append(self.problem((*path, "?"), "a key must be plain text"))
                self.value(next(events), (*path, "?"), events)
                continue
            at = (*path, event.value)
            before = keys.get(at)
            keys[at] = self.at(event)
            if before is not None and event.value in found:
                self.problems.append(
                    Problem(
                        "duplicate-key",
                        f"`{event.value}` stands twice",
                        self.document.span(at, key=True),
                        f"it stands in line {before[0]} already",
                    )
                )
            found[event.value] = self.value(next(events), at, events)
            self.clean(event.value, at)
        if self.anchors is not None and isinstance(found.get("<<"), dict):
            merged = found.pop("<<")
            # A key with nothing beside it takes that of the mapping merged away.
            away = {key for key in merged if key in found and found[key] is None}
            found = {key: value for key, value in {**merged, **found}.items() if key not in away}
        return found

    def clean(self, text: str, path: Path) -> None:
        if CONTROL.search(text):
            self.problems.append(self.problem(path, "a character here can not be in a text"))

    def problem(self, path: Path, message: str, help: str = "") -> Problem:
        return Problem("yaml", message, self.document.span(path), help)

    def syntax(self, mark: Any) -> NoReturn:
        """Raises what is known of a text that is not YAML."""
        name, lines = self.document.name, self.document.lines
        if mark is None:
            raise Problems([Problem("yaml", _NO_TEXT, Span(name, 1, 1, 1))])
        line, column = self.place(mark.index)
        if _OPEN in self.text[: mark.index]:  # YAML's reader looks ahead, and has a limit too
            span = _span(name, line, column, column + 1, lines[line - 1])
            raise Problems([Problem("yaml", "the file is nested too deeply", span)])
        help = "check indentation, colons and quotes near this place"
        for n in (line, line - 1):
            shown = lines[n - 1] if n else ""
            if "\t" in shown:
                line, column = n, shown.index("\t") + 1
                help = "indent with spaces, a tab is not allowed"
                break
            if "：" in shown:
                line, column = n, shown.index("：") + 1
                help = "write the colon as `:` with a space behind it, not as full-width `：`"
                break
        span = _span(name, line, column, column + 1, lines[line - 1])
        raise Problems([Problem("yaml", "the file is not YAML from here on", span, help)])


def _size(value: Any) -> int:
    match value:
        case dict():
            return 1 + sum(map(_size, value.values()))
        case list():
            return 1 + sum(map(_size, value))
        case _:
            return 1


def _one(code: str, message: str, name: str, help: str = "") -> Problems:
    return Problems([Problem(code, message, Span(name, 0, 0, 0), help)])
