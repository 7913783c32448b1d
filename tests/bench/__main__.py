"""`python -m tests.bench`: what the issues promise, each figure beside its goal.

`python -m tests.bench audit` does so for audits alone, `alike` holds them against `ask`, `start` is
for the first answer, `ask` for questions on one app, `suite` for the tests.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from kb.lang.problems import LimitError

from . import alike, audits, reasons, starting, suite
from .apps import profiles, write_apps
from .generate import APPS, NOW, fresh, small
from .marked import categories_of, made_up
from .timing import beside, forgetful, median
from .where import where

if TYPE_CHECKING:
    from kb.api import KnowledgeBase

LARGE = 30_000
"""Categories of the base that asks are compared on."""


def _asks(base: KnowledgeBase, app: Mapping[str, Any]) -> tuple[float, float]:
    """Median seconds of processor time of `ask`: for an app new to the engine, for a known one."""
    base.ask(app)
    return (
        median(lambda: base.ask(app), 15, forgetful(base.engine), time.process_time),
        median(lambda: base.ask(app), 15, clock=time.process_time),
    )


def ask() -> None:
    """Questions on one app: new ones, the same again, on a large base, and a thousand of them."""
    start = time.process_time()
    base = fresh()
    base.engine  # noqa: B018 -- loading it is what is timed
    print(f"load, facts to ready engine: {time.process_time() - start:.2f} s of processor time")
    reasons.main()
    few, many = small(), made_up(LARGE)
    for app in APPS:
        try:
            (first, again), (large, large_again) = (_asks(each, app) for each in (few, many))
        except LimitError as error:
            print(f"ask on {categories_of(many):,} categories: not done: {error}")
            break
        what = f"ask {app['name']}, {categories_of(many):,} categories by {categories_of(few)}"
        told = f"{1e3 * large:.1f} ms by {1e3 * first:.1f}"
        print(beside(what, large / first, 2, "times", told))
        told = f"{1e3 * large_again:.1f} ms by {1e3 * again:.1f}"
        print(beside("the same again", large_again / again, 2, "times", told))
    del few, many
    with TemporaryDirectory() as folder:
        base = fresh(NOW)
        path = Path(folder) / "apps.parquet"
        write_apps(base, 1_000, path, day=base.day())
        asked = list(profiles(path))
        start = time.process_time()
        base.ask_many(asked)
        taken = time.process_time() - start
        print(beside("a thousand profiles by `ask_many`, processor time", taken, 3))
        base = fresh(NOW)
        print("\n".join(where(lambda: base.ask_many(asked))))


def main(arguments: list[str]) -> None:
    parts = {
        "start": starting.main,
        "ask": ask,
        "audit": lambda: audits.main(arguments[1:]),
        "alike": lambda: alike.main(arguments[1:]),
        "suite": suite.main,
    }
    for name in arguments[:1] or parts:
        if name not in parts:
            raise SystemExit(f"no part is called {name}; there are {', '.join(parts)}")
        parts[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
