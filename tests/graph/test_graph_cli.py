"""`kb graph` at the command line."""

import sys
from pathlib import Path

import pytest

from kb.cli.main import main
from kb.graph.formats import read

pytestmark = pytest.mark.usefixtures("english")

APPS = Path(__file__).parents[1] / "apps"


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """`kb graph` in this process, in an empty folder: exit code, standard output and error."""

    def call(*arguments):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["kb", "graph", *map(str, arguments)])
        with pytest.raises(SystemExit) as exit:
            main()
        return exit.value.code or 0, *capsys.readouterr()

    return call


@pytest.mark.parametrize(
    ("arguments", "view"),
    [
        ([], "whole"),
        (["--category", "教育-驾校平台", "--depth", "2"], "category"),
        (["--app", APPS / "xuechetong.yaml"], "app"),
        (["--app", APPS / "xuechetong.yaml", "--plan"], "plan"),
        (["--plan", APPS / "xuechetong.yaml"], "plan"),
        (["--references"], "references"),
        (["--app", APPS / "xuechetong.yaml", "--proof", "verdict", "教育-驾校平台"], "proof"),
        (["--from", "2025-01-01", "--to", "2025-06-30"], "changes"),
    ],
)
def test_views(run, tmp_path, arguments, view):
    """Each view is a file; nothing is said when all is well."""
    done = run("-o", tmp_path / "a.json", "--as-of", "2025-06-30", *arguments)
    assert done == (0, "", "")
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
            ["-o", "a.json", "--plan"],
            "error[no-app]: a plan is about an app\n  help: give its profile\n",
        ),
        (
            ["-o", "a.json", "--plan", "one.yaml", "--app", "two.yaml"],
            "error[apps]: two apps are named\n  help: write `--plan APP`, or `--app APP --plan`\n",
        ),
        (
            ["-o", "a.json", "--plan", str(APPS / "luke.yaml"), "--as-of", "2020-01-01"],
            "error[no-plan]: no filing procedure is known to apply to this app\n"
            "  help: say where it serves: `regions: [CN-GD]`\n",
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
def test_bad_input(run, tmp_path, arguments, message):
    """Bad input is one clear message, exit code 2, and no file."""
    assert run(*arguments) == (2, "", message)
    assert list(tmp_path.iterdir()) == []
