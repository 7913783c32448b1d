"""What was decided where sources are silent: `kb explain ID`, and docs/decisions.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kb.model.schema import Label
from kb.model.yamlread import read_file

DECISIONS = Path(__file__).with_name("decisions.yaml")


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision by its id: under which title it stands, what is decided and why, and the case that
    shows it, as Markdown."""

    id: str
    title: Label
    what: Label
    why: Label
    shown: str

    def told(self, lang: str) -> str:
        """What is decided and why, a line each."""
        what, why = (" ".join(_in(each, lang).split("\n")) for each in (self.what, self.why))
        return f"{what}\n为什么：{why}" if lang == "zh" else f"{what}\nWhy: {why}"


@cache
def decisions() -> Mapping[str, Decision]:
    """Every decision by its id, in the order of the page."""
    return {
        id: Decision(
            id,
            Label(zh=group["zh"], en=group["en"]),
            Label(zh=told["zh"], en=told["en"]),
            Label(zh=told["why_zh"], en=told["why_en"]),
            told["shown"],
        )
        for group in _file()["groups"]
        for id, told in group["decisions"].items()
    }


def decisions_page(lang: str) -> Iterator[str]:
    """All decisions as Markdown: docs/decisions.md and docs/decisions.zh-CN.md."""
    yield _file()["about"]["zh" if lang == "zh" else "en"]
    title = None
    for each in decisions().values():
        if each.title != title:
            title = each.title
            yield f"\n## {_in(title, lang)}"
        why = f"为什么：{each.why.zh}" if lang == "zh" else f"Why: {each.why.en}"
        yield f"\n### `{each.id}`\n{_in(each.what, lang)}\n{why}\n\n{each.shown}"


def _in(label: Label, lang: str) -> str:
    return label.zh if lang == "zh" else label.en


def _file() -> Mapping[str, Any]:
    found: Mapping[str, Any] = read_file(DECISIONS, DECISIONS.name).data
    return found
