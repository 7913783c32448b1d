"""A browser without a screen, and a page in it that notes what it asks for and what it says."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
INSTALL = "needs a browser: apt-get install chromium; pip install 'policy-kb[test-all]'"


@dataclass
class Heard:
    """What a page asked for, and what it said."""

    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)


@contextlib.contextmanager
def browser():
    """A running Chromium; the test is skipped with its install line where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    playwright = pytest.importorskip("playwright.sync_api", reason=INSTALL)
    if program is None:
        pytest.skip(INSTALL)
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield started
        finally:
            started.close()


def listening(page):
    """Note every request and every word on the console from now on."""
    heard = Heard()
    page.on("request", lambda request: heard.requests.append(request.url))
    page.on("console", lambda message: heard.console.append(message.text))
    page.on("pageerror", lambda error: heard.console.append(str(error)))
    page.on("dialog", lambda dialog: (heard.console.append("dialog"), dialog.dismiss()))
    return heard


def until(page, truth):
    """Wait for a truth about the page. `wait_for_function` would be kept from asking twice by the
    policy of the page."""
    end = time.monotonic() + 10
    while not page.evaluate(truth):
        assert time.monotonic() < end, truth
        page.wait_for_timeout(20)


def installed(package, file):
    """A file of a package that npm installed for all; the test is skipped where there is none."""
    install = f"needs {package}: npm install -g {package}"
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(install)
    root = subprocess.run([npm, "root", "-g"], capture_output=True, text=True, check=True).stdout
    found = Path(root.strip()) / package / file
    if not found.exists():
        pytest.skip(install)
    return found
