"""Completion in `%kb`: queries, relations, parameters, and names in Chinese, English or by id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.api import KnowledgeBase
from kb.model.names import Term, folded
from kb.notebook.arguments import FLAGS, VALUED
from kb.notebook.session import Session, is_profile

MOST = 60
Found = list[tuple[str, str]]
_MAGIC = re.compile(r"\s*(?:[\w, ]+=\s*)?%kb(?:\s(?P<rest>.*))?", re.DOTALL)
_OPTION = re.compile(r"(?<!\S)--(?P<name>[a-z-]+)(?:=|\s+)(?P<value>\S*)$")
_FLAG = re.compile(r"(?<!\S)--[a-z-]*$")
_PARAMETER = re.compile(r"^\s*(?P<query>\w+)\s(?:.*\s)?(?P<key>\w+)=(?P<value>[^\s()'\"]*)$")
_WORD = re.compile(r"[^\s()'\",&~=<>!|+]*$")
_PROFILES = ("*.yaml", "*.yml", "*.json")


@dataclass(frozen=True)
class Region:
    """The text of a magic before the cursor: its own line, and the cell below it (None: none)."""

    line: str
    cell: str | None = None


@dataclass
class Open:
    """What is open where the cursor stands: a string, and the relation whose brackets hold it."""

    string: str | None = None
    relation: str = ""
    place: int = 0
    bracketed: bool = False


def region(before: str) -> Region | None:
    """The magic that the cursor stands in; None when it stands in Python.

    >>> region("x = 1\\n%kb requ").line
    'requ'
    """
    if before.startswith("%%kb") and (len(before) == 4 or before[4].isspace()):
        line, newline, cell = before[4:].partition("\n")
        return Region(line.lstrip(), cell if newline else None)
    match = _MAGIC.fullmatch(before.rpartition("\n")[2])
    return Region(match["rest"]) if match and match["rest"] is not None else None


def complete(part: Region, session: Session) -> tuple[str, Found]:
    """What could stand at the cursor: the piece before it, and the texts that may replace that
    piece, each with its kind; the likeliest first."""
    text = part.line if part.cell is None else part.cell
    if part.cell is None:
        option = _OPTION.search(text)
        if option and option["name"] in VALUED:
            return option["value"], _starting(_values(option["name"], session), option["value"])
        flag = _FLAG.search(text)
        if flag:
            known = [(f"--{name}", "option") for name in (*VALUED, *FLAGS)]
            return flag[0], _starting(known, flag[0])
    last = text.rpartition("\n")[2]
    parameter = _PARAMETER.match(last)
    query = session.base.queries.get(parameter["query"]) if parameter else None
    if parameter and query and parameter["key"] in query.parameters:
        kind = _kind(session, query.name, query.columns.index(parameter["key"]))
        quoted = [
            (f'"{n}"' if re.search(r"\s", n) else n, k)
            for n, k in _names(session, kind, parameter["value"])
        ]
        return parameter["value"], quoted
    where = opened(text)
    # Rules speak of ids; a question may use any name.
    ids = "<=" in last
    if where.string is not None:
        kind = _kind(session, where.relation, where.place)
        return where.string, list(_names(session, kind, where.string, ids))
    match = _WORD.search(last)
    word = match[0] if match else ""
    if where.bracketed and where.relation:
        if word[:1].isascii() and (word[:1].isupper() or word[:1] == "_"):
            return word, []
        kind = _kind(session, where.relation, where.place)
        return word, [(f"'{name}'", k) for name, k in _names(session, kind, word, ids)]
    return word, _words(session, last, word)


def _words(session: Session, line: str, word: str) -> Found:
    """Queries and relations, and the parameters of the query that the line opens with."""
    base = session.base
    first = line.split(None, 1)[0] if line.strip() else ""
    query = base.queries.get(first)
    found: Found = []
    if query is not None and line.lstrip() != first:
        found += [(f"{key}=", "parameter") for key in query.parameters if key != "app"]
    own = [own.relation for own in session.own]
    names = dict.fromkeys([*own, *sorted(base.queries), *sorted(base.program.relations)])
    found += [(name, "query" if name in base.queries else "relation") for name in names]
    return _starting(found, word)


def opened(text: str) -> Open:
    """What is open at the end of a text.

    >>> opened("required(A, '教").relation
    'required'
    """
    stack: list[Open] = []
    quote = ""
    start = 0
    at = 0
    while at < len(text):
        here = text[at]
        if quote:
            if here == "\\":
                at += 1
            elif here in (quote, "\n"):
                quote = ""
        elif here in "'\"":
            quote, start = here, at + 1
        elif here == "#":
            at = text.find("\n", at) if "\n" in text[at:] else len(text)
        elif here in "(（":
            name = re.search(r"[^\W\d]\w*$", text[:at])
            stack.append(Open(None, name[0] if name else "", 0, True))
        elif here in ")）" and stack:
            stack.pop()
        elif here in ",，" and stack:
            stack[-1].place += 1
        at += 1
    found = stack[-1] if stack else Open()
    if quote:
        found.string = text[start:]
    return found


def _kind(session: Session, relation: str, place: int) -> str:
    """The kind of a column; empty when it is not known."""
    declared = session.base.program.relations.get(relation)
    if declared is None or place >= len(declared.columns):
        return ""
    return declared.columns[place].kind


def _names(
    session: Session, kind: str, wanted: str, ids: bool = False
) -> Iterator[tuple[str, str]]:
    """Names of a kind (of every kind where it is not known) that hold the words; those that open
    with them first, Chinese before English before ids unless the words say otherwise."""
    names = session.base.facts.names
    kinds = [kind] if kind in names.kinds() else sorted(names.kinds() - {"group"})
    if kind and kind not in names.kinds() and kind != "value":
        return
    ranked: list[tuple[int, int, str, str]] = []
    for each in kinds:
        for order, term in enumerate(names.of(each)):
            for rank, name in _spellings(term, wanted):
                ranked.append((rank, order, term.id if ids else name, each))
    seen: set[str] = set()
    for _, _, name, each in sorted(ranked):
        if name not in seen and len(seen) < MOST:
            seen.add(name)
            yield name, each


def _spellings(term: Term, wanted: str) -> Iterator[tuple[int, str]]:
    want = folded(wanted)
    if wanted and term.id.startswith(wanted):
        yield 0, term.id
        return
    for name in (term.zh, term.en, term.id):
        if folded(name).startswith(want):
            yield 0, name
            return
    for name in (term.zh, term.en, term.id):
        if want in folded(name):
            yield 1, name
            return
    if any(want in folded(name) for name in (*term.aliases, *term.former)):
        yield 2, term.zh


def _starting(found: Iterable[tuple[str, str]], wanted: str) -> Found:
    return [(text, kind) for text, kind in found if text.startswith(wanted)]


def _values(option: str, session: Session) -> Found:
    variables = list(session.variables.items())
    match option:
        case "lang":
            return [("zh", "language"), ("en", "language")]
        case "app":
            files = sorted(str(path) for glob in _PROFILES for path in Path().glob(glob))
            held = [(name, "variable") for name, value in variables if is_profile(name, value)]
            return [*held, *((file, "file") for file in files[:MOST])]
        case "base":
            return [(n, "variable") for n, v in variables if isinstance(v, KnowledgeBase)]
        case _:
            return []
