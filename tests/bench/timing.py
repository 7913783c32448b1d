"""How calls are timed: the median of several runs."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from tempfile import TemporaryDirectory
from typing import Any

from kb.engines.pydatalog.engine import PyDatalogEngine


def beside(what: str, found: float, goal: float, unit: str = "s", told: str = "") -> str:
    """The line of a figure beside its goal, the most that it may be."""
    met = "met" if found <= goal else "not met"
    shown = f"{found:.3g} {unit}".rstrip()
    line = f"{what:<48} {shown:>10}   goal {f'{goal:g} {unit}'.rstrip():>8}   {met}"
    return f"{line} ({told})" if told else line


def median(
    action: Callable[[], Any],
    runs: int,
    before: Callable[[], Any] = lambda: None,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Median seconds of a call; what is done before each is not counted. `clock` may be that of
    processor time, which others on the machine disturb less."""
    taken = []
    for _ in range(runs):
        before()
        start = clock()
        action()
        taken.append(clock() - start)
    return statistics.median(taken)


def whole(*arguments: str, runs: int = 5) -> float:
    """Seconds of processor time of a whole process of Python, the least of some runs, with modules
    compiled as they are once installed."""
    with TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": ""}

        def run() -> float:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            line = [sys.executable, *arguments]
            subprocess.run(line, capture_output=True, env=environment, check=False)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

        run()
        return min(run() for _ in range(runs))


def forgetful(engine: object) -> Callable[[], None]:
    """What makes the engine meet the next app as one like which it has seen none."""
    assert isinstance(engine, PyDatalogEngine)
    return engine.forget
