"""How fast the first answer comes: `python -m tests.bench start`.

Whole processes against one of Python that does nothing, facts from compiled ones against the same
from YAML, and where the time of a cold `kb ask` goes, in processor time of one process.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from kb.engines.garbage import uncollected
from kb.model.compiled import read_compiled, write_compiled
from kb.model.facts import read_facts
from kb.model.places import shipped

from .timing import beside, median, whole

APP = "tests/apps/xuechetong.yaml"
PARTS = """
import gc, time
gc.disable()
last = time.process_time()
def lap(what):
    global last
    now = time.process_time()
    print(f"{what}={now - last}")
    last = now
from kb.cli.main import cli; lap("command line")
from kb.cli import asking; lap("imports of the answer")
from kb.base.checked import read_checked
from kb.base.loading import load_facts, read_rules
facts = load_facts(); lap("facts")
program = read_checked(facts); lap("rules as they were checked")
rules = program.rules if program else read_rules(); lap("rules read where they were not")
base = asking.Core(facts, rules, program=program); lap("base")
asking.Rendered.install(asking.AnswerWords())
app = base.app("tests/apps/xuechetong.yaml"); lap("profile")
base.engine; lap("engine made")
answer = asking.answer(base, app, base.day(), False); lap("answer")
str(answer); lap("words")
"""


def parts() -> dict[str, float]:
    """Seconds of processor time that the parts of a cold ask take, the least of five runs each."""
    least: dict[str, float] = {}
    for _ in range(5):
        run = subprocess.run(
            [sys.executable, "-c", PARTS], capture_output=True, text=True, check=True
        )
        for line in run.stdout.splitlines():
            what, _, seconds = line.partition("=")
            least[what] = min(least.get(what, 9.0), float(seconds))
    return least


def main() -> None:
    """Print each figure beside its goal."""
    folder = shipped("facts")
    with TemporaryDirectory() as kept:
        from_yaml = median(
            lambda: write_compiled(read_facts(folder), Path(kept)), 1, clock=time.process_time
        )
        compiled = median(
            lambda: uncollected(lambda _: read_compiled(folder, cache=Path(kept))),
            5,
            clock=time.process_time,
        )
    bare = whole("-c", "pass")
    print("processor time:")
    for name, goal, command in (
        ("kb --help", 0.12, ("-m", "kb", "--help")),
        ("kb ask, cold", 0.45, ("-m", "kb", "ask", APP)),
    ):
        taken = whole(*command)
        print(beside(name, taken, goal, told=f"{taken / bare:.1f} times Python alone"))
    print(beside("facts, compiled", compiled, 0.10))
    print(beside("facts, from YAML", from_yaml, 2.5, told=f"{from_yaml / compiled:.0f} times"))
    found = parts()
    total = sum(found.values())
    print("a cold ask, processor time:")
    for what, seconds in found.items():
        print(f"  {what:<30} {seconds:9.3f} s {100 * seconds / total:6.0f} %")


if __name__ == "__main__":
    main()
