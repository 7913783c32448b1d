"""`python -m tests.bench`: what the issues promise, as medians and ratios within one run.

`python -m tests.bench audit` does so for audits, `python -m tests.bench start` for the first answer
alone.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import reasons, starting
from .generate import APPS, enlarged, fresh
from .timing import forgetful, median

if TYPE_CHECKING:
    from kb.api import KnowledgeBase


def _asks(base: KnowledgeBase, app: Mapping[str, Any]) -> tuple[float, float]:
    """Median seconds of `ask`, for an app that is new to the engine and for a known one."""
    base.ask(app)
    return (
        median(lambda: base.ask(app), 30, forgetful(base.engine)),
        median(lambda: base.ask(app), 30),
    )


def main() -> None:
    start = time.perf_counter()
    base = fresh()
    base.engine  # noqa: B018 -- loading it is what is timed
    print(f"load, facts to ready engine      {1e3 * (time.perf_counter() - start):8.1f} ms")
    starting.main()
    large = enlarged(fresh(), 100)
    print("ask, an app like which none was asked; in brackets the same again")
    for app in APPS:
        (first, again), (large_first, large_again) = (_asks(each, app) for each in (base, large))
        print(
            f"ask {app['name']:<8} {len(base.facts.readings):>5} readings"
            f" {1e3 * first:8.1f} ms ({1e3 * again:.1f})"
            f"   {len(large.facts.readings):>6} readings"
            f" {1e3 * large_first:8.1f} ms ({1e3 * large_again:.1f})"
            f"   ratio {large_first / first:5.2f}"
        )
    reasons.main()


if __name__ == "__main__":
    if sys.argv[1:2] == ["audit"]:
        from . import audits

        audits.main(sys.argv[2:])
    elif sys.argv[1:2] == ["start"]:
        starting.main()
    else:
        main()
