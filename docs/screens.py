"""Draws docs/images/graph-*.png anew: six views of the graph page, as a browser shows them.

Run `python docs/screens.py` after the page has changed. Needs `pip install '.[graph,test]'` and a
Chromium. The day is fixed, so that the pictures change only when the page or the facts do.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import kb
from kb.graph.formats import export

IMAGES = Path(__file__).resolve().parent / "images"
APPS = Path(__file__).resolve().parent.parent / "tests" / "apps"
DAY = "2026-03-01"
WIDE, TALL = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
SEVEN = APPS / "city-life.yaml"


def main() -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("needs a browser: apt-get install chromium")
    base = kb.load()
    one = APPS / "xuechetong.yaml"
    seven = base.graph(app=SEVEN, as_of=DAY)
    views = {
        "whole": (base.graph(as_of=DAY), WIDE, "light"),
        "app": (base.graph(app=one, as_of=DAY), WIDE, "light"),
        "seven": (seven, WIDE, "dark"),
        "seven-phone": (seven, TALL, "light"),
        "changes": (base.graph(between=("2024-12-31", "2025-06-30")), WIDE, "light"),
        "plan": (base.graph(app=one, plan=True, as_of=DAY), WIDE, "light"),
    }
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as running:
        browser = running.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (graph, size, scheme) in views.items():
            path = Path(folder) / f"{name}.html"
            export(graph, path)
            page = browser.new_page(viewport=size, color_scheme=scheme)
            page.goto(path.as_uri())
            page.wait_for_timeout(500)
            page.screenshot(path=IMAGES / f"graph-{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
