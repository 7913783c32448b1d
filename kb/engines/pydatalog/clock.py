"""pyDatalog's state with a clock: a search that would never end by itself is ended."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any, TypeVar

from pyDatalog.Logic import Logic

from kb.engines.garbage import uncollected
from kb.lang.problems import LimitError

T = TypeVar("T")

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
            self.look()
        return self._goal

    @Goal.setter
    def Goal(self, goal: Any) -> None:  # noqa: N802
        self._goal = goal

    def look(self) -> None:
        """Look at the clock: garbage is looked for again where work goes on for long. Raises
        `LimitError` when the time is up."""
        now = time.monotonic()
        if now > self._resumes:
            self._resumes = float("inf")
            gc.enable()
        if now > self.ends:
            raise LimitError

    def uncollected(self, work: Callable[[], T]) -> T:
        """For a short while nothing looks for cycles: it took a fifth of an answer's time."""

        def timed(paused: bool) -> T:
            if paused:
                self._resumes = time.monotonic() + _PAUSE
            try:
                return work()
            finally:
                self._resumes = float("inf")

        return uncollected(timed)
