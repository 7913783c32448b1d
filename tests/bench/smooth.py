"""`python -m tests.bench.smooth [PAGE...]`: the page of the whole base while a hand moves it.

How large its file is, how long its layout takes and when its first picture stands is told first.

Frames are what the page's own script sees, in a Chromium without a screen and without a graphics
card; beside them stands how many frames the same page has in the same run when nobody touches it.
Pages that are named, such as one that an earlier version wrote, are measured in turn.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import kb
from kb.graph.drawing import drawing
from kb.graph.formats import export
from kb.graph.layout import drawn
from tests.graph.graph_browser import browser

WATCH = """() => {
  window.seen = [];
  let last = performance.now();
  const tick = () => {
    const time = performance.now();
    seen.push(time - last);
    last = time;
    window.watching = requestAnimationFrame(tick);
  };
  window.watching = requestAnimationFrame(tick);
}"""
SEEN = "() => { cancelAnimationFrame(watching); return seen.slice(1); }"


def written(folder: Path) -> Path:
    """The page of the whole base."""
    graph = kb.load().graph(as_of="2026-03-01")
    made = drawing(graph)
    start = time.perf_counter()
    drawn(made, "svg")
    taken = time.perf_counter() - start
    print(
        f"{graph.number_of_nodes()} nodes, {len(made.spots)} drawn with {len(made.links)} lines;"
        f" layout in a process of its own {taken:.1f} s"
    )
    path = folder / "whole.html"
    export(graph, path)
    return path


def frames(page: Any, act: Callable[[], Any]) -> list[float]:
    page.evaluate(WATCH)
    act()
    found: list[float] = page.evaluate(SEEN)
    return found


def pan(page: Any) -> None:
    page.mouse.move(500, 400)
    page.mouse.down()
    for step in range(60):
        page.mouse.move(500 + 7 * step, 400 + 4 * step)
        time.sleep(0.008)
    page.mouse.up()


def hover(page: Any) -> None:
    for step in range(60):
        page.mouse.move(300 + 8 * step, 300 + 2 * step)
        time.sleep(0.008)


def turn_wheel(page: Any, by: int) -> None:
    page.mouse.move(640, 400)
    for _ in range(20):
        page.mouse.wheel(0, by)
        time.sleep(0.012)


def measure(started: Any, path: Path) -> None:
    page = started.new_page(viewport={"width": 1280, "height": 800})
    start = time.perf_counter()
    page.goto(path.as_uri())
    page.evaluate("new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")
    print(f"{path.name}: first picture {time.perf_counter() - start:.1f} s")
    laid = page.evaluate(
        "(() => { const t = performance.now(); enter(view.top); return performance.now() - t; })()"
    )
    print(f"{path.name}: layout in the page {laid:.0f} ms")
    page.wait_for_timeout(1500)
    idle = frames(page, lambda: page.wait_for_timeout(1000))
    told("nobody touches it", idle, idle)
    acts: list[tuple[str, Callable[[], Any]]] = [
        ("pan, from far off", lambda: pan(page)),
        ("hover, from far off", lambda: hover(page)),
        ("come nearer", lambda: turn_wheel(page, -60)),
        ("pan, near", lambda: pan(page)),
        ("hover, near", lambda: hover(page)),
        ("go away", lambda: turn_wheel(page, 60)),
    ]
    for name, act in acts:
        told(name, frames(page, act), idle)
        told("  the second after", frames(page, lambda: page.wait_for_timeout(1000)), idle)
    page.close()


def told(name: str, found: list[float], idle: list[float]) -> None:
    rate, usual = (1000 * len(f) / sum(f) for f in (found, idle))
    print(
        f"  {name:<22} {rate:5.1f} frames a second, {rate / usual:4.2f} of idle;"
        f" median {statistics.median(found):6.1f} ms, worst {max(found):7.1f} ms",
        flush=True,
    )


def main(pages: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, browser() as started:
        for path in [*map(Path, pages), written(Path(folder))]:
            measure(started, path.absolute())


if __name__ == "__main__":
    main(sys.argv[1:])
