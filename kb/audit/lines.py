"""CSV and JSON lines, read so that one bad row is one row that is refused.

A line ends at a line feed, whatever stands in it. What is wrong with a line is said in its column
`SAID`, and the next one is read as if nothing had happened. Only a CSV cell in quotes may hold line
feeds: the lines are put together when that gives a row of the right width, and else the first of
them is refused alone.
"""

from __future__ import annotations

import re
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from kb.audit import arrays
from kb.audit.encoding import BOM, opened, unreadable
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

Line: TypeAlias = tuple[int, str, str | None]
"""Its number in the file, its text, and why it can not be read."""
Row: TypeAlias = tuple[int, Sequence[str] | None, str | None]

_QUOTED = re.compile('"[^"]*+(?:""[^"]*+)*+"')
_ODD = "[0-9][eE][0-9+-]|[0-9.]{16}"
"""Where a number may stand that is not what its digits say once it is a floating one."""
_NUMBER = re.compile(
    r'"(?:[^"\\]|\\.)*+"'
    r"|(?<![0-9.eE+-])-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9.eE+-])"
)
"""A text, or a number in JSON."""
_EXACT = 15
"""Digits that a floating number keeps."""
_CHINESE = re.compile("[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef·—…‘’“”]")
_CONTROLS = bytes(n for n in (*range(32), 127) if n not in b"\t\n")
_UNFIT = "a character here can not be in a text"
_MARK = BOM.decode()
_JOINED = "a byte order mark stands in the middle of the file"
_NOT_UTF8 = "is not UTF-8"
_GBK = "; the line reads as GBK"
_LONG = f"the line is longer than {LONGEST // 10**6} MB"


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
    while not before and block.startswith(BOM):  # some programs write one before another's
        block = block.removeprefix(BOM)
    plain = block.replace(b"\r\n", b"\n").removesuffix(b"\r")
    # Far quicker than to look for such characters in the text.
    odd = len(plain.translate(None, _CONTROLS)) < len(plain) or b"\xc2" in plain or BOM in plain
    if not odd:
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
            also = _GBK if _reads_as_gbk(raw) else ""
            yield number, "", f"byte {error.start + 1} of the line (0x{byte:02x}) {_NOT_UTF8}{also}"
            continue
        if unfit := CONTROL.search(line):
            yield number, "", f"{_UNFIT} (U+{ord(unfit[0]):04X} at {unfit.start() + 1})"
        elif _MARK in line:
            yield number, "", f"{_JOINED} (U+FEFF at {line.index(_MARK) + 1})"
        else:
            yield number, line, None


def way_out(said: str) -> str:
    """What to do about what is wrong with a line."""
    if said.startswith(_JOINED):
        return "files were put together: leave out the mark, and the header that may follow it"
    if said.endswith(_GBK):
        return "save it as UTF-8: iconv -f GB18030 -t UTF-8"
    return "save it as UTF-8" if said.endswith(_NOT_UTF8) else ""


def _reads_as_gbk(line: bytes) -> bool:
    try:
        found = line.decode("gbk")
    except UnicodeDecodeError:
        return False
    # Nearly every pair of odd bytes is some character; those of Chinese texts are alike.
    return all(char.isascii() or _CHINESE.match(char) for char in found)


def json_lines(path: Path, size: int, skip: int) -> Iterator[pa.Table]:
    """Tables of so many lines of a file, without the first ones. Numbers that are not written out
    in digits, or in more than others keep, are texts: they are read as profiles in YAML are."""
    told = (line for line in lines_of(path) if line[2] or not _blank(line[1]))
    lines = islice(told, skip, None)
    while chunk := list(islice(lines, size)):
        numbers, texts, said = zip(*chunk, strict=True)
        found = arrays.texts(texts)
        odd = pc.indices_nonzero(pc.match_substring_regex(found, _ODD)).to_pylist()
        if odd:
            exact = list(texts)
            for at in odd:
                exact[at] = _NUMBER.sub(_quoted, texts[at])
            texts = tuple(exact)
        yield json_table(texts, said, numbers)


def _quoted(found: re.Match[str]) -> str:
    text = found[0]
    plain = text.startswith('"') or (len(text) <= _EXACT and "e" not in text.lower())
    return text if plain else f'"{text}"'


def json_table(
    texts: Sequence[str | None],
    said: Sequence[str | None],
    numbers: Sequence[int | None],
    files: Sequence[str] = (),
) -> pa.Table:
    """Documents in JSON as rows, each with its place."""
    columns = {
        TEXT: arrays.texts(texts),
        SAID: arrays.texts(said),
        LINE: arrays.column(numbers),
        FILE: arrays.texts(files) if files else pa.nulls(len(texts), pa.string()),
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
        check_columns(self.columns, str(path))
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
        columns: dict[str, Any] = {name: arrays.texts([]) for name in self.columns}
        for name, column in zip(self.columns, zip(*cells, strict=True), strict=False):
            columns[name] = arrays.texts([cell or None for cell in column])
        columns[LINE] = arrays.column([number for number, *_ in rows])
        columns[SAID] = arrays.texts([said for *_, said in rows])
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


def check_columns(names: Sequence[str], shown: str) -> None:
    """Raises `Problems` when a table has two columns of one name; capitals make no other name."""
    folded = [name.casefold() for name in names]
    twice = [name for n, name in enumerate(names) if folded[n] in folded[:n]]
    if twice:
        message = f"`{shown}` has the column `{twice[0]}` twice"
        raise Problems([Problem("column", message, help="keep one of them, or rename the other")])


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
