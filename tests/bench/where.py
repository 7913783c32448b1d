"""Where the time of a call goes: its shares by the folders whose code takes it."""

from __future__ import annotations

import cProfile
import pstats
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LEAST = 0.03
"""Shares below this are not told."""


def where(call: Callable[[], Any]) -> Iterator[str]:
    """A line for each folder of the package or library outside it that takes part in the processor
    time of a call, the largest first.

    What runs in C, databases among it, counts for who called it. A profile makes small functions
    seem dearer than they are.
    """
    profile = cProfile.Profile(time.process_time)
    profile.runcall(call)
    # `stats` is how pstats keeps what it read: seconds of a function itself, and of its callers.
    stats: dict[Any, Any] = vars(pstats.Stats(profile))["stats"]
    found: Counter[str] = Counter()
    for (file, _, _), (_, _, own, _, callers) in stats.items():
        if file != "~":
            found[_folder(file)] += own
        else:
            for (caller, _, _), (_, _, seconds, _) in callers.items():
                found[_folder(caller)] += seconds
    whole = sum(found.values()) or 1.0
    for folder, seconds in found.most_common():
        if seconds / whole >= LEAST:
            yield f"    {folder:<30} {seconds / whole:>5.0%}"


def _folder(file: str) -> str:
    """The folder of a module of the project, the name of a library, or Python's own."""
    path = Path(file)
    if path.is_relative_to(ROOT):
        return "/".join(path.relative_to(ROOT).parts[:2])
    parts = path.parts
    if "site-packages" in parts:
        return parts[parts.index("site-packages") + 1]
    return "Python"
