"""Folders of facts that are read together: what lies in one, and how messages name its files.

A layer may hold `vocabulary/`, sources (files, or folders of them), `coverage.yaml`, `coverage/`,
`rules/`, `queries/`, `cases/`, `apps/` and `schemas/`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Span
from kb.model.places import shipped

SUFFIXES = (".yaml", ".yml", ".json")
"""Files that would be taken for facts: one that is not read is a problem."""
PROGRAMS = ("rules", "queries")
"""Folders of a layer that hold rules and queries."""
FACTS_ALONE = ("vocabulary", "coverage")
"""Folders of a layer in which nothing but facts is looked for."""
NOTES = ".md"
"""Files that people keep for themselves, anywhere."""
BESIDE = (*PROGRAMS, "cases", "apps", "schemas")
"""Folders of a layer that hold no facts."""
APART = (*BESIDE, "vocabulary", "coverage", "coverage.yaml")
"""What stands in a layer and is no source."""


Folders: TypeAlias = str | Path | Sequence[str | Path] | None
"""Folders as callers name them: one, several, or none."""


def listed(folders: Folders) -> tuple[Path, ...]:
    """The folders that are named, in order."""
    match folders:
        case None:
            return ()
        case str() | Path():
            return (Path(folders),)
        case _:
            return tuple(map(Path, folders))


def layered(facts: Folders = None, only_facts: Folders = None) -> tuple[Path, ...]:
    """The folders that a base is read from: those of `facts` are laid on what came with the
    package, or on `only_facts`."""
    return (*(listed(only_facts) or (shipped("facts"),)), *listed(facts))


def shown_names(folders: Sequence[Path]) -> tuple[str, ...]:
    """How problems lead in the names of files, a name for each folder: its own, if it is given one,
    and the whole path where two folders are called alike. A folder without one is the current one:
    its files go by their own names, and behind `./` where other folders lie below it."""
    plain = "" if len(folders) == 1 else "./"
    names = [folder.name for folder in folders]
    return tuple(
        plain if not folder.name else f"{folder.name if names.count(folder.name) == 1 else folder}/"
        for folder in folders
    )


def layer_of(folders: Sequence[Path], file: str) -> str:
    """How problems call the folder that a file stands in, which they call `file`."""
    return next(name for name in reversed(shown_names(folders)) if file.startswith(name))


def names_of_layers(folders: Sequence[Path], some: Iterable[Path]) -> tuple[str, ...]:
    """How problems call some of the folders that are read together. Raises `Problems` where one is
    none of them."""
    shown = {f.resolve(): name for f, name in zip(folders, shown_names(folders), strict=True)}
    found = []
    for folder in some:
        if folder.resolve() not in shown:
            message = f"no facts were read from the folder `{folder}`"
            raise Problems([Problem("no-facts", message, help="name a folder that was loaded")])
        found.append(shown[folder.resolve()])
    return tuple(found)


def fact_files(folder: Path) -> list[Path]:
    """The files of a folder that look like facts; those in folders of it come last."""
    return _facts_of(visible(folder))


def facts_among(inside: Iterable[Path]) -> list[Path]:
    """Those of the files in a layer, each by its path in it, that its facts are read from."""
    return [path for path in _facts_of(inside) if path.parts[0] not in BESIDE]


def _facts_of(files: Iterable[Path]) -> list[Path]:
    found = [path for path in files if path.suffix.lower() in SUFFIXES]
    return sorted(found, key=lambda path: (len(path.parts), path))


def programs_in(folder: Path, kind: str) -> list[Path]:
    """The files in the folder of `rules` or `queries` of a layer, in the order of their names."""
    return sorted(path for path in visible(folder / kind) if path.suffix == ".dl")


def visible(folder: Path) -> Iterator[Path]:
    """The files in a folder and in its folders, but for those whose name begins with a dot."""
    # Not `rglob`: every command looks through the facts, and this takes a third of its time.
    for inside, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            path = os.path.join(inside, name)
            if not name.startswith(".") and os.path.isfile(path):
                yield Path(path)


def unread_file(name: str, help: str = "a file of facts is called `*.yaml`") -> Problem:
    """The problem of a file that is not read."""
    return Problem("unknown-file", "this file is not read", Span(name, 0, 0, 0), help)


def unread_programs(folder: Path, shown: str) -> Iterator[Problem]:
    """What stands where it is not read: rules and queries outside of their folders, anything else
    within, and what is no YAML among the vocabulary and the coverage; notes (`*.md`) aside."""
    for path in sorted(visible(folder)):
        inside = path.relative_to(folder)
        among = inside.parts[0] in PROGRAMS and len(inside.parts) > 1
        if path.suffix == ".dl" and not among:
            help = "rules stand in `rules/`, queries in `queries/`"
            yield unread_file(f"{shown}{inside.as_posix()}", help)
        elif path.suffix in (".dl", NOTES):
            continue
        elif among:
            help = "a file of rules or of a query is called `*.dl`"
            yield unread_file(f"{shown}{inside.as_posix()}", help)
        elif inside.parts[0] in FACTS_ALONE and path.suffix.lower() not in SUFFIXES:
            yield unread_file(f"{shown}{inside.as_posix()}")


def check_folders(folders: Sequence[Path]) -> None:
    """Raise `Problems` where a folder is not there, is named twice, or holds nothing that is read;
    only the first needs a vocabulary."""
    problems = []
    for at, folder in enumerate(folders):
        help = "name a folder that holds vocabulary/ and fact files"
        if not folder.is_dir():
            problems.append(Problem("no-facts", f"no folder of facts at `{folder}`", help=help))
        elif folder.resolve() in [other.resolve() for other in folders[:at]]:
            message = f"the folder `{folder}` is named twice"
            problems.append(Problem("no-facts", message, help="name each folder of facts once"))
        elif not (folder / "vocabulary").is_dir():
            programs = [path for kind in PROGRAMS for path in programs_in(folder, kind)]
            if at == 0 or not (
                facts_among(p.relative_to(folder) for p in visible(folder)) or programs
            ):
                message = f"the folder `{folder}` holds no facts"
                problems.append(Problem("no-facts", message, help=help))
    if problems:
        raise Problems(problems)
