"""The benchmark of audits runs, at sizes that say nothing about time."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from bench import audits, suite, whole

SECONDS = r"[\d.]+ s"
RUN = rf"{SECONDS}, peak \d\.\d\d GB"
MET = r"(not met|met)"
SHARE = r"\n +\S+ +\d+%"
"""A share of the time, by the code that takes it."""
SIZES = {
    "sql": "--apps 300 60 --categories 46 46 --runs 1",
    "engines": "--categories 46 --loop 30 60 --clingo 20 --pydatalog 3",
    "growth": "--categories 46 --growth 20 40",
    "memory": "--categories 46 --memory 40",
    "large": "--apps 40 --categories 46",
    "thousand": "--few 100 --runs 1",
    "changes": "--changes 60",
    "ask": "--times 1 2",
}
SQL = r"audit [\d.]+ s, by hand [\d.]+ s; ratio"
LINES = {
    "sql": (
        rf"300 apps x 46 categories: {SQL} +\S+ +goal +1 +{MET} \(\d+ verdicts, the same",
        rf"60 apps x 46 categories: {SQL} +\S+ +goal +0.6 +{MET} \(\d+ verdicts, the same",
        rf"300 apps x the shipped facts on 2026-03-01: {SQL} +\S+ +goal +1 +{MET} \(\d+ verdicts",
    ),
    "engines": (
        rf"plain loop, 30 apps x 46 categories, .*: {SECONDS}; audit {SECONDS}; ratio ",
        rf"plain loop, 60 apps x 46 categories, .*: {SECONDS}; audit {SECONDS}; ratio ",
        rf"clingo, one grounding, 20 apps: {SECONDS}; audit of these {SECONDS}; ratio .*; scaled"
        rf" to 60 apps {SECONDS}, ratio ",
        rf"pyDatalog, one query, 3 apps: {SECONDS}; audit of these {SECONDS}; ratio ",
    ),
    "growth": (
        r"20 apps: 2\.00 s, peak 1\.20 GB",
        r"40 apps: 4\.00 s, peak 1\.40 GB",
        r"to the power of 1\.00",
    ),
    "memory": (
        rf"20 apps, 0\.00 GB in memory, DuckDB limited to \d+MiB: ({RUN}|not done: .+)",
        rf"40 apps, 0\.00 GB in memory, DuckDB limited to \d+MiB: ({RUN}|not done: .+)",
    ),
    "large": (
        rf"with reasons, 40 apps x 46 categories, \d threads: time +\S+ s +goal +10 s +{MET}",
        rf"with reasons, 40 apps x 46 categories, \d threads: peak +\S+ GB +goal +1.5 GB +{MET}",
        rf"where the time goes, 40 apps:{SHARE}",
    ),
    "thousand": (
        rf"audit of 100 apps, .* processor time +\S+ s +goal +0.5 s +{MET}",
        rf"the same again with the same base +\S+ s +goal +0.5 s +{MET}{SHARE}",
    ),
    "changes": (
        rf"60 apps +\S+ s +goal +60 s +{MET} \(\d+ flips, each with what would mend it;"
        rf" two audits {SECONDS}; the same apps flip\)",
        rf"where the time goes, 60 apps:{SHARE}",
    ),
    "ask": (
        rf"46 categories: built and asked once in {SECONDS}",
        rf"ask one [\d.]+ ms, by the smallest +1 times +goal +2 times +{MET}",
        rf"ask school [\d.]+ ms, by the smallest +\S+ times +goal +2 times +{MET}",
        rf"92 categories: built and asked once in {SECONDS}",
    ),
}


def grown(path: Path) -> whole.Run:
    """An audit of the apps of a file that took a tenth of a second for each."""
    apps = pq.read_metadata(path).num_rows
    return whole.Run(apps / 10, 10**9 + apps * 10**7)


@pytest.mark.parametrize("part", SIZES)
def test_each_part_runs_and_prints_its_lines(
    part: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At tiny sizes each part runs to its end, the peers come to the verdicts of the audit (the
    benchmark fails where they differ), and every figure that it is for is printed beside its
    goal. Of whole audits in processes of their own those of `growth` are made up: `memory` and
    `large` run them."""
    if part == "growth":
        monkeypatch.setattr(audits.whole, "run", lambda path, *_: grown(path))
    audits.main(["--only", part, *SIZES[part].split()])
    printed = capsys.readouterr().out
    for line in LINES[part]:
        assert re.search(line, printed), (line, printed)


def test_where_the_time_of_tests_goes() -> None:
    """Of what pytest prints of durations the seconds of each file are added up, the most first."""
    printed = (
        "1 passed in 9 s\n"
        "12.50s call     tests/test_b.py::test_x[a b]\n"
        "0.50s setup    tests/graph/test_a.py::test_y\n"
        "7.00s call     tests/graph/test_a.py::test_z\n"
    )
    assert [line.split() for line in suite.dearest(printed)] == [
        ["tests/test_b.py", "12.5", "s", "62%"],
        ["tests/graph/test_a.py", "7.5", "s", "38%"],
    ]
