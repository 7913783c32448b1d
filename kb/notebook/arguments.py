"""The line of a magic: options anywhere in it, the rest a question or a rule."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass, field
from typing import NoReturn

from kb.lang.problems import Problem, Problems, near
from kb.lang.statements import Scan
from kb.lang.syntax import Span

VALUED = {
    "app": "a profile: a file, or a variable that holds one",
    "as-of": "the day of the question",
    "base": "a variable that holds a knowledge base, for this and the next cells",
    "lang": "zh or en",
    "limit": "seconds that a query may take",
    "out": "the variable that takes the result",
    "rows": "how many rows are shown",
    "save": "the file (.dl) that the rules of all cells are written to",
}
FLAGS = {
    "ids": "ids in place of labels",
    "reset": "forget the rules of all cells",
}
_OPTION = re.compile(r"--(?P<name>[A-Za-z-]*)(?P<sign>=|\s*)")
_VALUE = re.compile(r"\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>\S+)")


@dataclass
class Arguments:
    """What a line asks for; `text` is what stands outside the options."""

    text: str = ""
    app: str | None = None
    as_of: str | None = None
    base: str | None = None
    lang: str = "zh"
    limit: float = 30.0
    out: str | None = None
    rows: int = 60
    save: str | None = None
    flags: set[str] = field(default_factory=set)
    places: dict[str, Span] = field(default_factory=dict)


def read_arguments(line: str, name: str = "%kb") -> Arguments:
    """Read the line of a magic. Raises `Problems` for options that are not known or lack a value.

    >>> read_arguments("required(A, C) --app mine --out found").out
    'found'
    """
    found = Arguments()
    given, found.text = _options(line, name)
    for key, value, span in given:
        found.places[key] = span
        match key:
            case "lang":
                if value not in ("zh", "en"):
                    _refuse("language", f"`{value}` is no language here", span, "zh or en")
                found.lang = value
            case "limit":
                found.limit = _number(value, span)
            case "rows":
                found.rows = int(_number(value, span))
            case "out":
                if not value.isidentifier() or keyword.iskeyword(value):
                    _refuse("name", f"`{value}` can not name a variable", span, "such as `found`")
                found.out = value
            case "as-of":
                found.as_of = value
            case "app" | "base" | "save":
                setattr(found, key, value)
            case _:
                found.flags.add(key)
    return found


def _options(line: str, name: str) -> tuple[list[tuple[str, str, Span]], str]:
    """The options with their values and places, and the line without them."""
    given: list[tuple[str, str, Span]] = []
    rest: list[str] = []
    # An option in a string is part of the string.
    outside = set(Scan().feed(line))
    at = start = 0
    while at < len(line):
        opens = line.startswith("--", at) and at in outside
        match = _OPTION.match(line, at) if opens and (at == 0 or line[at - 1].isspace()) else None
        if match is None:
            at += 1
            continue
        rest.append(line[start:at])
        key, end = match["name"], match.end()
        span = Span(name, 1, at + 1, at + 3 + len(key), line)
        value = ""
        if key in VALUED:
            word = _VALUE.match(line, end)
            if word is None or word[0].startswith("--"):
                _refuse("option", f"`--{key}` has no value", span, f"{VALUED[key]}: `--{key} ...`")
            value = next(part for part in word.groups() if part is not None)
            span = Span(name, 1, end + 1, word.end() + 1, line)
            end = word.end()
        elif key not in FLAGS:
            known = [*VALUED, *FLAGS]
            _refuse("unknown-option", f"there is no option `--{key}`", span, near(key, known))
        given.append((key, value, span))
        at = start = end
    rest.append(line[start:])
    return given, "".join(rest).strip()


def _number(value: str, span: Span) -> float:
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number < 1e9:
        _refuse("number", f"`{value}` is not a number above 0", span)
    return number


def _refuse(code: str, message: str, span: Span, help: str = "") -> NoReturn:
    raise Problems([Problem(code, message, span, help)])
