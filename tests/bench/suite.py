"""How long the tests take, and which files of them: `python -m tests.bench suite`."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from .timing import beside

ROOT = Path(__file__).resolve().parents[2]
GOALS = {
    "the tests in .ci/fast": (["-m", "not slow and not browser and not spark"], 60),
    "all tests": ([], 360),
}


DEAREST = 12
"""Files that are told."""
TAKEN = re.compile(r"^ *([\d.]+)s (?:call|setup|teardown) +([^:\s]+)::", re.MULTILINE)


def dearest(printed: str) -> Iterator[str]:
    """A line for each of the files whose tests take longest, of what pytest prints of durations."""
    taken: Counter[str] = Counter()
    for seconds, file in TAKEN.findall(printed):
        taken[file] += float(seconds)
    whole = sum(taken.values()) or 1.0
    for file, of_file in taken.most_common(DEAREST):
        yield f"    {file:<40} {of_file:6.1f} s {of_file / whole:>4.0%}"


def main() -> None:
    """Run them and print how long they took, by the clock of this machine, beside the goals, and
    where the time goes."""
    for what, (options, goal) in GOALS.items():
        start = time.perf_counter()
        line = [sys.executable, "-m", "pytest", "--no-header", "--durations=0", *options]
        run = subprocess.run(line, cwd=ROOT, capture_output=True, text=True)
        last = (run.stdout.strip().splitlines() or ["nothing ran"])[-1].strip("= ")
        print(beside(what, time.perf_counter() - start, goal, told=last), flush=True)
        print("\n".join(dearest(run.stdout)), flush=True)


if __name__ == "__main__":
    main()
