"""`kb graph` at the command line."""

import subprocess
import sys
from pathlib import Path

import pytest

from kb.graph.formats import read

APPS = Path(__file__).parents[1] / "apps"


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "kb", "graph", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@pytest.mark.parametrize(
    ("arguments", "view"),
    [
        ([], "whole"),
        (["--category", "教育-驾校平台", "--depth", "2"], "category"),
        (["--app", APPS / "xuechetong.yaml"], "app"),
        (["--references"], "references"),
        (["--app", APPS / "xuechetong.yaml", "--proof", "verdict", "教育-驾校平台"], "proof"),
        (["--from", "2025-01-01", "--to", "2025-06-30"], "changes"),
    ],
)
def test_views(tmp_path, arguments, view):
    """Each view is a file; nothing is said when all is well."""
    done = run("-o", tmp_path / "a.json", "--as-of", "2025-06-30", *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert read(tmp_path / "a.json").graph["view"] == view


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["-o", "a.json", "--category", "教育-驾校平", "--references"],
            "error[views]: these views do not go together: a category, references\n"
            "  help: ask for one of them\n",
        ),
        (
            ["-o", "a.json", "--from", "2025-01-01"],
            "error[days]: a comparison needs two days\n  help: give both --from and --to\n",
        ),
        (
            ["-o", "a.json", "stray"],
            "error[arguments]: `stray` is not expected here\n  help: see `kb graph --help`\n",
        ),
        (
            ["-o", "a.json", "--proof", "verdict"],
            "error[no-app]: a proof is about an app\n  help: give its profile\n",
        ),
        (
            ["-o", "a", "--references"],
            "error[ending]: `a` has no ending of a graph file\n  help: the ending says the format: "
            "html, svg, png, pdf, dot, graphml, json, cyjs, mmd\n",
        ),
        (
            ["-o", "/nowhere/a.dot", "--references"],
            "error[output]: `/nowhere/a.dot` can not be written: no such file or directory\n",
        ),
    ],
)
def test_bad_input(arguments, message):
    """Bad input is one clear message, exit code 2, and no file."""
    done = run(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)
    assert not Path("a.json").exists()
