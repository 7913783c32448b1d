"""The README, in both languages, shows what really happens."""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("README.md", "README.zh-CN.md")
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in NAMES}
README = TEXTS["README.md"]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`(kb [^`]*|[\w./*]+\.(?:dl|yaml|py|lock)|--[^`]*|base\.[^`]*|%[^`]*)`")


def shown(name: str) -> list[tuple[str, str]]:
    """The `kb` commands of a README with the outputs below them."""
    return [
        (match[1], match[2])
        for kind, block in BLOCK.findall(TEXTS[name])
        if kind == "console" and (match := re.match(r"\$ kb ([^\n]*)\n(.*)", block, re.DOTALL))
    ]


SHOWN = [pair for name in NAMES for pair in shown(name)]


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[c for c, _ in SHOWN])
def test_command_prints_what_is_shown(command: str, output: str) -> None:
    """A command that the README shows prints exactly the output below it."""
    done = subprocess.run(
        [sys.executable, "-m", "kb", *command.split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout == output


@pytest.mark.parametrize(
    ("name", "verdicts"),
    [("README.md", ["missing", "undetermined"]), ("README.zh-CN.md", ["缺材料", "无法确定"])],
)
def test_readme_opens_with_an_answer_and_its_refusal(name: str, verdicts: list[str]) -> None:
    """The README shows one app that lacks something and one that can not be decided."""
    assert [output.splitlines()[0].split()[-1] for _, output in shown(name)[:2]] == verdicts


def test_twins_show_the_same() -> None:
    """Both languages show the same commands, each in its own language, the same profile, Python and
    installation, and speak of the same commands, flags and files, in the same order."""
    english, chinese = ([command for command, _ in shown(name)] for name in NAMES)
    assert [command.replace("--lang en", "--lang zh") for command in english] == chinese
    blocks = [
        [block for block in BLOCK.findall(TEXTS[name]) if not block[1].startswith("$ kb ")]
        for name in NAMES
    ]
    assert blocks[0] == blocks[1]
    spoken = [CODE.findall(BLOCK.sub("", TEXTS[name]).replace("\n", " ")) for name in NAMES]
    assert spoken[0] == spoken[1]


def test_profile_is_the_file(base: object) -> None:
    """The profile that the README prints is the file that it names."""
    block = re.search(r"```yaml\n# (\S+)\n(.*?)```", README, re.DOTALL)
    assert block is not None
    assert (ROOT / block[1]).read_text(encoding="utf-8") == block[2]


def test_python_runs() -> None:
    """The README's Python lines run and come to the same answer as its command."""
    block = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert block is not None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block[1], "README.md", "exec"), {})
    assert printed.getvalue().splitlines() == [
        "missing",
        "['cooperation_agreement', 'developer_commitment', 'driver_training_filing', "
        "'non_commercial_icp_filing']",
        "4",
    ]


def test_ci_runs_the_test_command() -> None:
    """`.ci/run` calls the very line that the README gives for the tests."""
    line = re.search(r"\$ (python3 -m venv .*pytest)\n", README)
    assert line is not None
    assert line[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
