"""How calls are timed: the median of several runs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from kb.engines.pydatalog.engine import PyDatalogEngine


def median(action: Callable[[], Any], runs: int, before: Callable[[], Any] = lambda: None) -> float:
    """Median seconds of a call; what is done before each is not counted."""
    taken = []
    for _ in range(runs):
        before()
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def forgetful(engine: object) -> Callable[[], None]:
    """What makes the engine meet the next app as one like which it has seen none."""
    assert isinstance(engine, PyDatalogEngine)
    return engine.forget
