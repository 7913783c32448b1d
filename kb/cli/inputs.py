"""What a command reads is not written over by what it writes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from kb.cli.context import problem
from kb.model.layers import fact_files


def spared(output: str, folders: Iterable[Path], app: str | None = None) -> None:
    """Raises `Problems` when an output is the profile of an app, or a file of facts in one of the
    folders, by whatever name."""
    files = [] if app in (None, "-") else [Path(str(app))]
    if os.path.exists(output):
        files += [file for folder in folders for file in fact_files(folder)]
    if any(_same(output, file) for file in files):
        help = "name another file: the input is never written to"
        raise problem("output", f"`{output}` is the input", help)


def _same(one: str, other: Path) -> bool:
    try:
        return os.path.samefile(one, other)
    except (OSError, ValueError):
        return False
