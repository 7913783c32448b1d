"""`python -m tests.bench audit`: audits beside their peers, as ratios within one run."""

from __future__ import annotations

import argparse
import math
import os
import statistics
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq

from kb.api import KnowledgeBase
from kb.audit.auditor import CHUNK
from kb.lang.problems import LimitError

from . import flipped, peers, whole
from .generate import APPS, NOW, enlarged, fresh, small
from .handwritten import Handwritten
from .loops import Loop
from .marked import Marked, categories_of, check, chunks, made_up, put, sized, written
from .ready import coded, without_texts
from .timing import beside, median
from .where import where

BY_HAND = 1.0, 0.6
"""Goals: time of the audit by time of the SQL, for each size and for the last one."""
SCOPE = "category rules from marks to verdicts, texts beyond categories left out of all sides"


class Bench:
    """What is asked for on the command line, and a folder for tables of apps."""

    def __init__(self, asked: argparse.Namespace, folder: Path) -> None:
        self.asked = asked
        self.folder = folder
        self.threads: int = asked.threads

    def sql(self) -> Iterator[str]:
        """Against SQL written by hand."""
        yield f"against handwritten SQL: {SCOPE};"
        yield (
            "  the handwritten side gives no reasons, and no best alternative where several"
            " readings stand side by side"
        )
        sizes = list(zip(self.asked.apps, self.asked.categories, strict=True))
        for apps, categories in sizes:
            most = BY_HAND[apps == sizes[-1][0] != sizes[0][0]]
            yield self._ratio(sized(categories), apps, f"{categories:,} categories", most)
        real = without_texts(fresh(NOW))
        yield self._ratio(real, sizes[0][0], f"the shipped facts on {NOW}", BY_HAND[0])

    def _ratio(self, base: KnowledgeBase, apps: int, what: str, most: float) -> str:
        # What takes a second or two is timed several times.
        runs = [
            self._beside(base, apps)
            for _ in range(1 if apps > self.asked.chunk else self.asked.runs)
        ]
        ours, theirs = (statistics.median(run[at] for run in runs) for at in (0, 1))
        return beside(
            f"  {apps:,} apps x {what}: audit {ours:.2f} s, by hand {theirs:.2f} s; ratio",
            ours / theirs,
            most,
            "",
            f"{runs[0][2]:,} verdicts, the same on both sides; median of {len(runs)}",
        )

    def _beside(self, base: KnowledgeBase, apps: int) -> tuple[float, float, int]:
        """Seconds of the audit and of handwritten SQL over the same apps, and the verdicts."""
        hand: Handwritten | None = None
        ours = theirs = 0.0
        rows = 0
        for judge, taken in self._chunks(base, apps):
            if hand is None:
                known = coded(base, base.day(), judge.names)
                hand = Handwritten(known, judge.names, self.threads)
            put(hand, judge.facts())
            start = time.perf_counter()
            hand.judge()
            theirs += time.perf_counter() - start
            ours += taken
            rows += check(judge, hand)
        return ours, theirs, rows

    def engines(self) -> Iterator[str]:
        """Against clingo, pyDatalog and a plain loop. No package installs Soufflé."""
        yield f"against other engines: {SCOPE}"
        categories = self.asked.categories[0]
        base = sized(categories)
        for size in self.asked.loop:
            loop: Loop | None = None
            ours = theirs = 0.0
            for judge, taken in self._chunks(base, size):
                loop = loop or Loop(coded(base, base.day(), judge.names), judge.names)
                theirs += peers.agreed(judge, peers.by_loop(loop, judge.facts()))
                ours += taken
            yield (
                f"  plain loop, {size:,} apps x {categories:,} categories, category verdicts alone:"
                f" {theirs:.2f} s; audit {ours:.2f} s; ratio {theirs / ours:.3g}"
            )
        # The audit's time for an app is that of the last size; peers are measured on fewer apps.
        each = ours / size
        day = base.day()
        for name, module, apps, peer in (
            ("clingo, one grounding", "clingo", self.asked.clingo, peers.by_clingo),
            ("pyDatalog, one query", "pyDatalog", self.asked.pydatalog, peers.by_pydatalog),
        ):
            if not find_spec(module):
                yield f"  {name}: skipped, {module} is not installed"
                continue
            [(judge, ours)] = self._chunks(base, apps, apps)
            theirs = peers.agreed(judge, peer(base, day, judge.facts(), judge.names))
            yield (
                f"  {name}, {apps:,} apps: {theirs:.2f} s; audit of these {ours:.2f} s;"
                f" ratio {theirs / ours:.3g}; scaled to {size:,} apps"
                f" {theirs / apps * size:.1f} s, ratio {theirs / apps / each:.3g}"
            )

    def growth(self) -> Iterator[str]:
        """Whole audits of more and more apps."""
        categories = self.asked.categories[0]
        yield f"growth: Parquet to Parquet, all rules, reasons, {categories:,} categories"
        base = made_up(categories)
        runs = []
        for apps in self.asked.growth:
            path = written(base, apps, self.folder)
            run = self._whole(path, categories)
            runs.append(0.0 if run.error else run.seconds)
            yield f"  {apps:>9,} apps: {_said(run)}"
        if all(runs) and len(runs) > 1:
            logs = [list(map(math.log, values)) for values in (self.asked.growth, runs)]
            slope = statistics.linear_regression(*logs).slope
            yield f"  time grows with the number of apps to the power of {slope:.2f}"

    def memory(self) -> Iterator[str]:
        """Whole audits of inputs five and ten times as large as the memory that DuckDB may use."""
        apps, categories = self.asked.memory, self.asked.categories[0]
        yield f"memory: Parquet to Parquet, {categories:,} categories"
        base = made_up(categories)
        size = pq.read_table(written(base, apps, self.folder)).nbytes
        limit = f"{max(1, size // 10 // 2**20)}MiB"
        for count, share in ((apps // 2, size / 2), (apps, size)):
            path = written(base, count, self.folder)
            run = self._whole(path, categories, limit)
            yield (
                f"  {count:>9,} apps, {share / 1e9:.2f} GB in memory, DuckDB limited to {limit}:"
                f" {_said(run)}"
            )

    def large(self) -> Iterator[str]:
        """The largest of the sizes as a whole."""
        apps, categories = self.asked.apps[-1], self.asked.categories[-1]
        path = written(made_up(categories), apps, self.folder)
        run = self._whole(path, categories)
        what = f"with reasons, {apps:,} apps x {categories:,} categories, {self.threads} threads:"
        if run.error:
            yield f"{what} {_said(run)}"
        else:
            yield beside(f"{what} time", run.seconds, 10)
            yield beside(f"{what} peak", run.gigabytes, 1.5, "GB")
            base, few = made_up(categories), min(apps, self.asked.chunk)
            yield f"  where the time goes, {few:,} apps:"
            path = written(base, few, self.folder)
            with TemporaryDirectory() as folder:
                yield from where(lambda: base.audit(path, Path(folder) / "out.parquet"))

    def thousand(self) -> Iterator[str]:
        """A few apps, where planning is what takes the time."""
        base = fresh(NOW)
        path = written(base, self.asked.few, self.folder)
        taken = []
        for _ in range(1 + self.asked.runs):
            with TemporaryDirectory() as folder:
                start = time.process_time()
                base.audit(path, Path(folder) / "out.parquet")
                taken.append(time.process_time() - start)
        what = f"audit of {self.asked.few:,} apps, the shipped facts on {NOW}, processor time"
        yield beside(what, taken[0], 0.5)
        yield beside("the same again with the same base", min(taken[1:]), 0.5)
        base = fresh(NOW)
        with TemporaryDirectory() as folder:
            yield from where(lambda: base.audit(path, Path(folder) / "out.parquet"))

    def changes(self) -> Iterator[str]:
        """Who flips between two days."""
        base = fresh()
        yield f"changes from {flipped.FIRST} to {flipped.LAST}, the shipped facts"
        for apps in self.asked.changes:
            path = written(base, apps, self.folder)
            taken, told = flipped.compared(base, path)
            yield beside(f"  {apps:,} apps", taken, 60, told=told)
        few = min(self.asked.changes[0], self.asked.chunk)
        yield f"  where the time goes, {few:,} apps:"
        path = written(base, few, self.folder)
        yield from where(lambda: base.changes(flipped.FIRST, flipped.LAST, apps=path).apps)

    def ask(self) -> Iterator[str]:
        """pyDatalog as it is used for one app at a time."""
        yield "pyDatalog, one app at a time"
        first: dict[str, float] = {}
        for times in self.asked.times:
            start = time.perf_counter()
            base = enlarged(small(), times)
            categories = categories_of(base)
            try:
                base.ask(APPS[0])
            except LimitError as error:
                yield f"  {categories:>7,} categories: the engine was not built: {error}"
                break
            built = time.perf_counter() - start
            yield f"  {categories:>7,} categories: built and asked once in {built:.1f} s"
            for app in APPS:
                taken = median(lambda app=app, base=base: base.ask(app), 5)  # type: ignore[misc]
                least = first.setdefault(app["name"], taken)
                what = f"    ask {app['name']} {1e3 * taken:.1f} ms, by the smallest"
                yield beside(what, taken / least, 2, "times")

    def _chunks(
        self, base: KnowledgeBase, apps: int, size: int | None = None
    ) -> Iterator[tuple[Marked, float]]:
        path = written(base, apps, self.folder)
        return chunks(base, path, size or self.asked.chunk, self.threads)

    def _whole(self, path: Path, categories: int, memory: str | None = None) -> whole.Run:
        chunk = self.asked.chunk if memory is None else None  # by the memory
        return whole.run(path, categories, chunk, self.threads, memory)


def _said(run: whole.Run) -> str:
    if run.error:
        return f"not done: {run.error}"
    return f"{run.seconds:.2f} s, peak {run.gigabytes:.2f} GB"


PARTS: dict[str, Callable[[Bench], Iterator[str]]] = {
    "sql": Bench.sql,
    "engines": Bench.engines,
    "growth": Bench.growth,
    "memory": Bench.memory,
    "large": Bench.large,
    "thousand": Bench.thousand,
    "changes": Bench.changes,
    "ask": Bench.ask,
}


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench audit", description=__doc__)
    sizes = {
        "--apps": ([100_000, 1_000_000], "apps of each size"),
        "--categories": ([322, 1012], "categories of each size"),
        "--clingo": ([5_000], "apps given to clingo"),
        "--pydatalog": ([1_000], "apps given to pyDatalog"),
        "--loop": ([10_000, 100_000], "apps given to the plain loop"),
        "--growth": ([10_000, 100_000, 1_000_000], "apps of whole audits"),
        "--memory": ([3_000_000], "apps audited in a tenth of their memory"),
        "--changes": ([100_000, 1_000_000], "apps of which those are found that flip"),
        "--few": ([1_000], "apps of an audit in which planning takes the time"),
        "--times": ([1, 7, 68], "copies of the base that ask is timed on"),
    }
    for name, (default, help) in sizes.items():
        several = len(default) > 1
        parser.add_argument(
            name,
            type=int,
            nargs="+" if several else None,
            default=default if several else default[0],
            help=f"{help} ({' '.join(map(str, default))})",
        )
    parser.add_argument("--runs", type=int, default=5, help="runs of what takes seconds (5)")
    parser.add_argument("--chunk", type=int, default=CHUNK, help="apps judged at once")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--folder", type=Path, help="where tables of apps are kept for later runs")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    asked = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        bench = Bench(asked, asked.folder or Path(folder))
        for name in asked.only:
            for line in PARTS[name](bench):
                print(line, flush=True)
