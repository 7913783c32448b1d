"""The benchmark of audits runs, at sizes that say nothing about time."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SECONDS = r"[\d.]+ s"
RUN = rf"{SECONDS}, peak \d\.\d\d GB"
EVERY = len(
    {
        name
        for path in (ROOT / "facts").rglob("*.yaml")
        for name in re.findall(r"^  - category: *(\S+)", path.read_text("utf-8"), re.MULTILINE)
    }
)
"""The categories that the files of facts describe."""
SIZES = {
    "sql": f"--apps 60 --categories {EVERY}",
    "engines": f"--categories {EVERY} --loop 20 40 --clingo 20 --pydatalog 3",
    "growth": f"--categories {EVERY} --growth 20 40",
    "memory": f"--categories {EVERY} --memory 40",
    "large": f"--apps 40 --categories {EVERY}",
    "changes": "--changes 60",
    "ask": "--times 1 2",
}
LINES = {
    "sql": (
        rf"60 apps x +{EVERY} categories: audit +{SECONDS} +by hand +{SECONDS} +ratio +[\d.]+"
        r" +\(\d+ verdicts, the same on both sides; median of 7\)",
    ),
    "engines": (
        rf"plain loop, 20 apps x {EVERY} categories, .*: {SECONDS}; audit {SECONDS}; ratio ",
        rf"plain loop, 40 apps x {EVERY} categories, .*: {SECONDS}; audit {SECONDS}; ratio ",
        rf"clingo, one grounding, 20 apps: {SECONDS}; audit of these {SECONDS}; ratio .*; scaled"
        rf" to 40 apps {SECONDS}, ratio ",
        rf"pyDatalog, one query, 3 apps: {SECONDS}; audit of these {SECONDS}; ratio ",
    ),
    "growth": (
        rf"20 apps: {RUN}",
        rf"40 apps: {RUN}",
        r"to the power of -?\d+\.\d\d",
    ),
    "memory": (
        rf"20 apps, 0\.00 GB in memory, DuckDB limited to \d+MiB: ({RUN}|not done: .+)",
        rf"40 apps, 0\.00 GB in memory, DuckDB limited to \d+MiB: ({RUN}|not done: .+)",
    ),
    "large": (rf"with reasons, 40 apps x {EVERY} categories: {RUN}",),
    "changes": (
        rf"60 apps: \d+ flips, each with what would mend it, in {SECONDS}; two audits {SECONDS};"
        r" the same apps flip",
    ),
    "ask": (
        rf"{EVERY} categories: built and asked once in {SECONDS}",
        r"ask one +[\d.]+ ms +1\.00 times",
        r"ask school +[\d.]+ ms +[\d.]+ times",
        rf"{2 * EVERY} categories: built and asked once in {SECONDS}",
    ),
}


BY_HAND = "the SQL by hand does not know complete lists, only-clauses and notes on applicants"
"""Why the audit is not compared with it at the moment."""


@pytest.mark.parametrize(
    "part",
    [pytest.param(p, marks=pytest.mark.xfail(reason=BY_HAND)) if p == "sql" else p for p in SIZES],
)
def test_each_part_runs_and_prints_its_lines(part: str) -> None:
    """At tiny sizes each part runs to its end, the peers come to the verdicts of the audit (the
    benchmark fails where they differ), and every figure that it is for is printed."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "audit", "--only", part, *SIZES[part].split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    for line in LINES[part]:
        assert re.search(line, done.stdout), (line, done.stdout)
