"""Services in the scope of no category that a text names: those that are only forbidden, or sent
elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.find.filler import denies
from kb.find.finder import Finder
from kb.find.folding import folded
from kb.find.grammar import AGAINST
from kb.find.places import pieces_of
from kb.find.segment import segments
from kb.model.names import Names

HIRED = re.compile(
    "(?:请|雇|聘|聘请|招|招募|找|让|由|安排|派)(?:专业)?"
    "(?:技师|师傅|老师|阿姨|员工|工作人员|人员|专家|护士|医生|人)"
)
"""Who does it for the one who offers it."""


def bare_services(finder: Finder, text: str, names: Names) -> dict[str, str]:
    """The services (ids) of no scope that pieces of a text name, by the piece. Beside the name
    stands nothing but silent words and who does it: `上门按摩平台` is another service."""
    held = {id for id, *_ in finder.index.services}
    found: dict[str, str] = {}
    bare = {
        folded(name, finder.index.simplified): term.id
        for term in names.of("service")
        for name in term.names
        if term.id not in held and name != term.id
    }
    longest = sorted(bare, key=lambda name: (-len(name), name))
    for piece in pieces_of(text):
        whole = names.find("service", piece)
        if whole is not None:
            if whole.id not in held:
                found[piece] = whole.id
            continue
        if denies(piece) or AGAINST.search(piece):
            continue
        plain = folded(piece, finder.index.simplified)
        named = next((name for name in longest if _names(finder, plain, name)), None)
        if named is not None:
            found[piece] = bare[named]
    return found


def _names(finder: Finder, plain: str, name: str) -> bool:
    """Whether a folded text names a service and nothing else that tells of a field."""
    at = plain.find(name)
    if at < 0:
        return False
    beside = HIRED.sub("", plain[:at]), plain[at + len(name) :]
    return not any(loud for part in beside for loud in _loud(finder, part))


def _loud(finder: Finder, words: str) -> Iterator[str]:
    """What some words say beside silent ones."""
    for start, end, kind in segments(words, finder.index):
        if kind != "silent":
            yield words[start:end].strip()
