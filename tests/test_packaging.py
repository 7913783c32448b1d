"""The packages that are built: whole, and with facts and index compiled ahead of use."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import kb

pytest.importorskip("hatchling", reason="pip install 'policy-kb[test]'")

ROOT = Path(__file__).parent.parent
BUILD = "import sys; from hatchling import build; print(getattr(build, sys.argv[1])(sys.argv[2]))"
AHEAD = ("facts.json", "find-index.json")


def built(what: str, folder: Path) -> Path:
    """A wheel or an sdist of this checkout, made by the build backend."""
    command = [sys.executable, "-c", BUILD, f"build_{what}", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return folder / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what a wheel installs."""
    folder = tmp_path_factory.mktemp("wheel")
    with zipfile.ZipFile(built("wheel", folder)) as wheel:
        wheel.extractall(folder / "installed")
    return folder / "installed"


def run(
    installed: Path, home: Path, *arguments: str, cache: str = "cache"
) -> subprocess.CompletedProcess[str]:
    """The command of what is installed, by a user with a home of their own."""
    environment = {**os.environ, "PYTHONPATH": str(installed), "HOME": str(home)}
    environment["XDG_CACHE_HOME"] = str(home / cache)
    command = [sys.executable, "-m", "kb", *arguments]
    return subprocess.run(
        command, cwd=home, env=environment, capture_output=True, text=True, check=False
    )


def test_an_sdist_is_whole(tmp_path: Path) -> None:
    """Every file under version control that is no tool's setting is in the sdist."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        names = {path.name for path in ROOT.iterdir() if path.suffix in (".md", ".lock", ".toml")}
    else:
        names = {name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()}
    with tarfile.open(built("sdist", tmp_path)) as sdist:
        inside = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"README.zh-CN.md", "requirements.lock", "hatch_build.py"} <= inside
    assert sorted(names - inside) == []


def test_a_wheel_answers_from_what_was_compiled(installed: Path, tmp_path: Path) -> None:
    """A fresh user's first question and first search compile nothing, and give what the checkout
    gives."""
    for name in AHEAD:
        assert not os.access(installed / "kb" / "_data" / name, os.X_OK)
    (tmp_path / "app.yaml").write_bytes((ROOT / "tests/apps/xuechetong.yaml").read_bytes())
    for form in ("text", "json"):
        question = ("ask", "app.yaml", "--as-of", "2025-06-30", "--all", "--format", form)
        asked = run(installed, tmp_path, *question)
        assert (asked.returncode, asked.stderr) == (3, "")
        assert asked.stdout == run(ROOT, tmp_path, *question, cache="other").stdout
    found = run(installed, tmp_path, "find", "学车小程序", "--limit", "1")
    assert found.stdout.startswith("教育服务-驾校培训\n")
    kept = [path.name for path in (tmp_path / "cache").rglob("*.json")]
    assert [name for name in kept if name.startswith(("facts", "find"))] == []


def test_a_damaged_wheel_answers_all_the_same(installed: Path, tmp_path: Path) -> None:
    """What was compiled ahead and is damaged is not used: facts are read, and kept for the user."""
    for name in AHEAD:
        path = installed / "kb" / "_data" / name
        path.write_bytes(path.read_bytes()[:-100])
    found = run(installed, tmp_path, "find", "学车小程序", "--limit", "1")
    assert found.stdout.startswith("教育服务-驾校培训\n")
    shown = run(installed, tmp_path, "show", "教育-驾校平台", "--as-of", "2025-06-30")
    assert shown.stdout == f"{kb.load().show('教育-驾校平台', '2025-06-30')}\n"
    kept = {path.name[:5] for path in (tmp_path / "cache").rglob("*.json")}
    assert {"facts", "find-"} <= kept
