"""How long the tests take: `python -m tests.bench suite`."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from .timing import beside

ROOT = Path(__file__).resolve().parents[2]
GOALS = {
    "the tests in .ci/fast": (["-m", "not slow and not browser and not spark"], 60),
    "all tests": ([], 360),
}


def main() -> None:
    """Run them and print how long they took, by the clock of this machine, beside the goals."""
    for what, (options, goal) in GOALS.items():
        start = time.perf_counter()
        line = [sys.executable, "-m", "pytest", "-q", "--no-header", *options]
        run = subprocess.run(line, cwd=ROOT, capture_output=True, text=True)
        last = (run.stdout.strip().splitlines() or ["nothing ran"])[-1].strip("= ")
        print(beside(what, time.perf_counter() - start, goal, told=last), flush=True)


if __name__ == "__main__":
    main()
