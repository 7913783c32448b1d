"""The pages for whoever carries on name what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_imports import LAYERS

import kb

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {path.parent.name for path in Path(kb.__file__).parent.glob("*/__init__.py")}
PAGES = ("CONTRIBUTING.md", "docs/architecture.md", "docs/decisions.md")
PATH = re.compile(r"`((?:kb|tests|docs|facts|queries|notebooks|\.ci)/[\w./-]*)`")
TOLD_BY_EXAMPLE = re.compile(r"\bID\b")
"""A path that stands for the reader's own file."""


@pytest.mark.parametrize("page", PAGES)
def test_files_are_there(page: str) -> None:
    """Every file and folder that a page names is there."""
    named = set(PATH.findall((ROOT / page).read_text(encoding="utf-8")))
    assert named
    wrong = [p for p in named if not TOLD_BY_EXAMPLE.search(p) and not (ROOT / p).exists()]
    assert wrong == []


def test_every_package_is_told() -> None:
    """The tree of the architecture has the layers in their order, and its picture has them all."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == [*reversed(LAYERS)]
    picture = (ROOT / "docs" / "images" / "architecture.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'class="node">\s*<title>(\w+)</title>', picture))
    assert drawn == PACKAGES | {"api"}, "run `python docs/pictures.py`"


def test_each_word_has_one_meaning() -> None:
    """No word of the glossary stands twice, and each is told in both languages."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    words = [row[0] for row in rows if row[0] not in ("English", "---")]
    assert len(words) > 60
    assert len(words) == len(set(words))
    assert all(re.search(r"[\u4e00-\u9fff]", row[1]) for row in rows if row[0] in words)
