"""CSV and JSON lines, read so that one bad row is one row that is refused.

A line ends at a line feed, whatever stands in it. What is wrong with a line is said in its column
`SAID`, and the next one is read as if nothing had happened. Only a CSV cell in quotes may hold line
feeds: the lines are put together when that gives a row of the right width, and else the first of
them is refused alone.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any, TypeAlias

import pyarrow as pa

from kb.lang.problems import Problem, Problems
from kb.model.yamlread import CONTROL

LINE, FILE, SAID, TEXT = "__line", "__file", "__said", "__text"
"""Columns beside those of a table: where a row stands, what is wrong with it; a line of JSON."""
BLOCK = 4 * 2**20
"""Bytes that are read at once."""
LONGEST = 64_000_000
"""Bytes of a line that is still read."""
SPREAD = 100
"""Lines over which the cells of one row may reach."""
DELIMITERS = ",;\t|"
SAMPLE = 2**20
"""Bytes at the start of a file by which its encoding is told."""

Line: TypeAlias = tuple[int, str, str | None]
"""Its number in the file, its text, and why it can not be read."""
Row: TypeAlias = tuple[int, Sequence[str] | None, str | None]

_QUOTED = re.compile('"[^"]*+(?:""[^"]*+)*+"')
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
_BOM = b"\xef\xbb\xbf"
_CONTROLS = bytes(n for n in (*range(32), 127) if n not in b"\t\n")
_UNFIT = "a character here can not be in a text"
_LONG = f"the line is longer than {LONGEST // 10**6} MB"


def opened(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def check_encoding(path: Path, header: bool) -> None:
    """Raises `Problems` when a whole file, or the `header` that it begins with, is in another
    encoding than UTF-8, with the way out."""
    try:
        with opened(path) as file:
            sample = file.read(SAMPLE)
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(path, error) from None
    for start, encoding in _MARKED:
        if sample.startswith(start):
            raise _encoded(path, encoding)
    for start, kind, help in _KINDS:
        if sample.startswith(start):
            raise Problems([Problem("file", f"`{path}` can not be read: {kind}", help=help)])
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
    first = lines[0].removeprefix(_BOM).lstrip()
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


def lines_of(path: Path) -> Iterator[Line]:
    """The lines of a file. Raises `Problems` when it can not be read on."""
    number = 0
    rest: list[bytes] = []
    held = 0
    try:
        with opened(path) as file:
            while block := file.read(BLOCK):
                head, found, tail = block.rpartition(b"\n")
                if not found:
                    held += len(block)
                    # Of a line that is far too long only the start is kept.
                    if held <= LONGEST:
                        rest.append(block)
                    continue
                if held > LONGEST:
                    _, ended, head = head.partition(b"\n")
                    number += 1
                    yield number, "", _LONG
                    rest, held = [], 0
                    if not ended:
                        rest, held = [tail], len(tail)
                        continue
                whole = b"".join((*rest, head))
                yield from _lines(whole, number)
                number += whole.count(b"\n") + 1
                rest, held = [tail], len(tail)
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(path, error) from None
    if held > LONGEST:
        yield number + 1, "", _LONG
    elif any(rest):
        yield from _lines(b"".join(rest), number)


def _lines(block: bytes, before: int) -> Iterator[Line]:
    """The lines of a block that ends with a line."""
    while not before and block.startswith(_BOM):  # some programs write one before another's
        block = block.removeprefix(_BOM)
    plain = block.replace(b"\r\n", b"\n").removesuffix(b"\r")
    # Far quicker than to look for such characters in the text.
    if len(plain.translate(None, _CONTROLS)) == len(plain) and b"\xc2" not in plain:
        try:
            for number, line in enumerate(plain.decode().split("\n"), before + 1):
                yield number, line, None
            return
        except UnicodeDecodeError:
            pass
    for number, raw in enumerate(block.split(b"\n"), before + 1):
        try:
            line = raw.removesuffix(b"\r").decode()
        except UnicodeDecodeError as error:
            byte = raw[error.start]
            yield number, "", f"byte {error.start + 1} of the line (0x{byte:02x}) is not UTF-8"
            continue
        if unfit := CONTROL.search(line):
            yield number, "", f"{_UNFIT} (U+{ord(unfit[0]):04X} at {unfit.start() + 1})"
        else:
            yield number, line, None


def json_lines(path: Path, size: int, skip: int) -> Iterator[pa.Table]:
    """Tables of so many lines of a file, without the first ones."""
    told = (line for line in lines_of(path) if line[2] or not _blank(line[1]))
    lines = islice(told, skip, None)
    while chunk := list(islice(lines, size)):
        numbers, texts, said = zip(*chunk, strict=True)
        yield json_table(texts, said, numbers)


def json_table(
    texts: Sequence[str | None],
    said: Sequence[str | None],
    numbers: Sequence[int | None],
    files: Sequence[str] = (),
) -> pa.Table:
    """Documents in JSON as rows, each with its place."""
    columns = {
        TEXT: pa.array(texts, pa.string()),
        SAID: pa.array(said, pa.string()),
        LINE: pa.array(numbers, pa.int64()),
        FILE: pa.array(files, pa.string()) if files else pa.nulls(len(texts), pa.string()),
    }
    return pa.table(columns)


class Csv:
    """A CSV file with its header; cells are separated as the header is."""

    def __init__(self, path: Path) -> None:
        self._path = path
        header = next(self._rows(","), None)
        if header is None or header[1] is None:
            said = f"line {header[0]}: {header[2]}" if header else "it is empty"
            message = f"`{path}` has no header: {said}"
            raise Problems([Problem("file", message, help="the first line names the columns")])
        self._delimiter = ","
        if "id" not in _stripped(header[1]):
            for delimiter in DELIMITERS[1:]:
                other = next(self._rows(delimiter))
                if "id" in _stripped(other[1] or ()):
                    self._delimiter, header = delimiter, other
                    break
        self.columns = _stripped(header[1] or ())
        """Its columns, in order."""
        folded = [name.casefold() for name in self.columns]
        twice = [name for n, name in enumerate(self.columns) if folded[n] in folded[:n]]
        if twice:
            message = f"`{path}` has the column `{twice[0]}` twice"
            raise Problems([Problem("column", message)])
        if "" in self.columns:
            message = f"`{path}` has a column without a name, the {self.columns.index('') + 1}."
            help = "the first line names the columns"
            raise Problems([Problem("column", message, help=help)])

    def empty(self) -> pa.Table:
        return self._table([])

    def tables(self, size: int, skip: int) -> Iterator[pa.Table]:
        """Tables of so many rows, without the first ones."""
        rows = islice(self._rows(self._delimiter, len(self.columns)), skip + 1, None)
        while chunk := list(islice(rows, size)):
            yield self._table(chunk)

    def _table(self, rows: list[Row]) -> pa.Table:
        none = [""] * len(self.columns)
        cells: list[Sequence[str]] = [none if found is None else found for _, found, _ in rows]
        columns: dict[str, Any] = {name: pa.array([], pa.string()) for name in self.columns}
        for name, column in zip(self.columns, zip(*cells, strict=True), strict=False):
            columns[name] = pa.array([cell or None for cell in column], pa.string())
        columns[LINE] = pa.array([number for number, *_ in rows], pa.int64())
        columns[SAID] = pa.array([said for *_, said in rows], pa.string())
        return pa.table(columns)

    def _rows(self, delimiter: str, width: int = 0) -> Iterator[Row]:
        """The rows of the file with the header; any number of cells will do without a `width`."""
        lines = lines_of(self._path)
        ahead: deque[Line] = deque()
        while (following := ahead.popleft() if ahead else next(lines, None)) is not None:
            number, text, said = following
            if said is not None:
                yield number, None, said
                continue
            if _blank(text):
                continue
            found: Sequence[str] | str
            if '"' not in text:
                found = text.split(delimiter)
            else:
                found = _cells(text, delimiter)
                if not found:
                    found = _spread(text, delimiter, width, ahead, lines)
            if isinstance(found, str):
                yield number, None, found
            elif width and len(found) != width:
                yield number, None, f"{width} cells are expected here, not {len(found)}"
            else:
                yield number, found, None


def _blank(text: str) -> bool:
    return not text or text.isspace()


def _stripped(cells: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in cells]


_STRAY = 'a quote (`"`) is not closed, or something follows where it closes'


def _cells(text: str, delimiter: str) -> list[str] | str:
    """The cells of a row; why there are none; or an empty list when a quote is still open."""
    found: list[str] = []
    at = 0
    while True:
        if text.startswith('"', at):
            quoted = _QUOTED.match(text, at)
            if quoted is None:
                return []
            end = quoted.end()
            if end < len(text) and text[end] != delimiter:
                return _STRAY
            found.append(text[at + 1 : end - 1].replace('""', '"'))
        else:
            end = text.find(delimiter, at)
            end = len(text) if end < 0 else end
            found.append(text[at:end])
        if end == len(text):
            return found
        at = end + 1


def _spread(
    text: str, delimiter: str, width: int, ahead: deque[Line], lines: Iterator[Line]
) -> Sequence[str] | str:
    """The cells of a row whose first line ends within quotes; its other lines are taken from those
    `ahead`. When they give no row they stay where they are, and the first line is refused."""
    pieces = [text]
    for taken in range(SPREAD):
        if taken == len(ahead):
            following = next(lines, None)
            if following is None:
                break
            ahead.append(following)
        _, more, said = ahead[taken]
        if said is not None:
            break
        pieces.append(more)
        if '"' not in more:
            continue
        found = _cells("\n".join(pieces), delimiter)
        if isinstance(found, str) or (found and width and len(found) != width):
            break
        if found:
            for _ in range(taken + 1):
                ahead.popleft()
            return found
    return _STRAY
