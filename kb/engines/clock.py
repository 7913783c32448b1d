"""pyDatalog's state with a clock: a search that would never end by itself is ended."""

from __future__ import annotations

import time
from typing import Any

from pyDatalog.Logic import Logic

from kb.lang.problems import LimitError

_EVERY = 256
"""Steps between two looks at the clock."""


class ClockedLogic(Logic):  # type: ignore[misc]
    """A logic that looks at the clock: pyDatalog reads `Goal` at each step it takes, so a limit
    in time (and Ctrl-C) ends even a search that would never end by itself."""

    def __init__(self) -> None:
        self.ends = float("inf")
        self._steps = 0
        self._goal: Any = None

    @property
    def Goal(self) -> Any:  # noqa: N802 -- pyDatalog's own name
        self._steps += 1
        if self._steps % _EVERY == 0 and time.monotonic() > self.ends:
            raise LimitError
        return self._goal

    @Goal.setter
    def Goal(self, goal: Any) -> None:  # noqa: N802
        self._goal = goal
