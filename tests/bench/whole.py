"""An audit from Parquet to Parquet in a process of its own: `python -m tests.bench.whole`.

Prints one line of JSON: its seconds and the peak memory of the process in bytes.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from kb.audit.run import audit

from .marked import made_up


@dataclass(frozen=True)
class Run:
    """What an audit took; `error` says why it ended early."""

    seconds: float
    peak: int
    error: str = ""

    @property
    def gigabytes(self) -> float:
        return self.peak / 1e9


def run(
    path: Path, categories: int, chunk: int | None, threads: int, memory: str | None = None
) -> Run:
    """Audit the apps of a file against a base of about so many categories."""
    options = {"categories": categories, "chunk": chunk, "threads": threads, "memory": memory}
    command = [sys.executable, "-m", "tests.bench.whole", str(path)]
    for name, value in options.items():
        if value is not None:
            command += [f"--{name}", str(value)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return Run(0.0, 0, done.stderr.strip().splitlines()[-1] if done.stderr else "it was killed")
    return Run(**json.loads(done.stdout))


def _peak() -> int:
    """The most memory that this process held, without what its parent did before."""
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [s for s in status.read_text().splitlines() if s.startswith("VmHWM:")]
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("path", type=Path)
    for name in ("categories", "threads"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--chunk", type=int)
    parser.add_argument("--memory")
    asked = parser.parse_args()
    base = made_up(asked.categories)
    error = ""
    with TemporaryDirectory() as folder:
        out = Path(folder) / "out.parquet"
        start = time.perf_counter()
        try:
            audit(
                base,
                asked.path,
                out,
                day=base.day(),
                chunk=asked.chunk,
                memory=asked.memory,
                threads=asked.threads,
            )
        except duckdb.Error as found:
            error = str(found).splitlines()[0]
        taken = time.perf_counter() - start
    print(json.dumps({"seconds": taken, "peak": _peak(), "error": error}))


if __name__ == "__main__":
    main()
