"""`python -m tests.bench`: what the issues promise, as medians and ratios within one run.

`python -m tests.bench audit` does so for audits.
"""

from __future__ import annotations

import subprocess
import sys
import time

from . import reasons
from .generate import APPS, enlarged, fresh
from .timing import median


def whole(*command: str) -> float:
    """Median seconds of a whole process."""
    return median(
        lambda: subprocess.run([sys.executable, "-m", "kb", *command], capture_output=True), 5
    )


def main() -> None:
    start = time.perf_counter()
    base = fresh()
    base.engine  # noqa: B018 -- loading it is what is timed
    print(f"load, facts to ready engine      {1e3 * (time.perf_counter() - start):8.1f} ms")
    print(f"kb --help, whole process         {1e3 * whole('--help'):8.1f} ms")
    ask = whole("ask", "tests/apps/xuechetong.yaml")
    print(f"kb ask, whole process            {1e3 * ask:8.1f} ms")
    large = enlarged(fresh(), 100)
    large.ask(APPS[0])
    for app in APPS:
        small_time = median(lambda app=app: base.ask(app), 40)  # type: ignore[misc]
        large_time = median(lambda app=app: large.ask(app), 40)  # type: ignore[misc]
        print(
            f"ask {app['name']:<8} {len(base.facts.readings):>5} readings"
            f" {1e3 * small_time:8.1f} ms"
            f"   {len(large.facts.readings):>6} readings {1e3 * large_time:8.1f} ms"
            f"   ratio {large_time / small_time:5.2f}"
        )
    reasons.main()


if __name__ == "__main__":
    if sys.argv[1:2] == ["audit"]:
        from . import audits

        audits.main(sys.argv[2:])
    else:
        main()
