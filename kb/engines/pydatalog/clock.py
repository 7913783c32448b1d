"""pyDatalog's state with a clock: a search that would never end by itself is ended."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyDatalog.Logic import Logic

from kb.engines.garbage import uncollected
from kb.lang.problems import LimitError

_EVERY = 256
"""Steps between two looks at the clock."""
_PAUSE = 1.0
"""Seconds for which nothing is collected: then garbage is worth its time."""


class ClockedLogic(Logic):  # type: ignore[misc]
    """A logic that looks at the clock: pyDatalog reads `Goal` at each step it takes, so a limit
    in time (and Ctrl-C) ends even a search that would never end by itself."""

    def __init__(self) -> None:
        self.ends = float("inf")
        self._resumes = float("inf")
        self._steps = 0
        self._goal: Any = None

    @property
    def Goal(self) -> Any:  # noqa: N802 -- pyDatalog's own name
        self._steps += 1
        if self._steps % _EVERY == 0:
            now = time.monotonic()
            if now > self._resumes:
                self._resumes = float("inf")
                gc.enable()
            if now > self.ends:
                raise LimitError
        return self._goal

    @Goal.setter
    def Goal(self, goal: Any) -> None:  # noqa: N802
        self._goal = goal

    @contextmanager
    def uncollected(self) -> Iterator[None]:
        """For a short while nothing looks for cycles: it took a fifth of an answer's time."""
        with uncollected() as paused:
            if paused:
                self._resumes = time.monotonic() + _PAUSE
            try:
                yield
            finally:
                self._resumes = float("inf")
