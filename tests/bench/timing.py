"""How calls are timed: the median of several runs."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from tempfile import TemporaryDirectory
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


def whole(*arguments: str) -> float:
    """Median seconds of a whole process of Python, with modules compiled as they are once
    installed."""
    with TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": ""}

        def run() -> None:
            line = [sys.executable, *arguments]
            subprocess.run(line, capture_output=True, env=environment, check=False)

        run()
        return median(run, 5)


def forgetful(engine: object) -> Callable[[], None]:
    """What makes the engine meet the next app as one like which it has seen none."""
    assert isinstance(engine, PyDatalogEngine)
    return engine.forget
