"""The shipped rules as they were checked against facts, kept so that the next start parses and
checks none.

They are plain data that goes by the content of the facts, of the rules and of the modules that read
and check them: `kb.model.datafile`.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from kb.base.core import Core
from kb.lang.program_data import program_data, program_of
from kb.lang.syntax import Program
from kb.model.content import key_of
from kb.model.datafile import kept_at, read_data, write_parts
from kb.model.facts import FactBase
from kb.model.places import PACKAGE, RULES
from kb.version import __version__

FORMAT = 1
"""Raised whenever the shape of the file changes."""
AHEAD = PACKAGE / "_data" / "rules.json"
"""The rules as they were checked against the facts of the package when it was built."""


def read_checked(facts: FactBase, cache: Path | None = None) -> Program | None:
    """The program of the shipped rules alone as it was checked against these facts; None where it
    was not, or something has changed."""
    key = _key(facts)
    for path in (AHEAD, kept_at("rules", key, cache)):
        try:
            data = read_data(path, key)
            if data is not None:
                return program_of(data)
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            continue
    return None


def write_checked(base: Core, cache: Path | None = None) -> None:
    """Keep the program of a base of the shipped rules alone; where nothing can be written, or a
    warning is to be told, nothing is."""
    if base.warnings:
        return
    with suppress(OSError):
        target = kept_at("rules", _key(base.facts), cache)
        target.parent.mkdir(parents=True, exist_ok=True)
        write_checked_to(base, target)


def write_checked_to(base: Core, target: Path) -> None:
    """Write the program of a base to a file, whole or not at all. Raises `OSError`."""
    write_parts(target, _key(base.facts), [program_data(base.program)])


def _key(facts: FactBase) -> str:
    makers = [
        *RULES.glob("*.dl"),
        *(PACKAGE / "lang").glob("*.py"),
        PACKAGE / "model" / "relations.py",
    ]
    return key_of(facts.content, f"rules {__version__} {FORMAT}", makers)
