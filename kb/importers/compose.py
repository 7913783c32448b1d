"""Lays the papers of a platform's answer out in the language of tables, so that one reader reads
all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from kb.importers.markers import CIRCLED


@dataclass(frozen=True)
class Given:
    """Papers as an answer nests them: `any` or `all` of others; a name is a text."""

    op: str
    parts: tuple[Papers, ...]


Papers: TypeAlias = str | Given


def simple(papers: Papers) -> Papers:
    """Without groups of one."""
    if isinstance(papers, str):
        return " ".join(papers.split())
    parts = tuple(simple(part) for part in papers.parts)
    return parts[0] if len(parts) == 1 else Given(papers.op, parts)


def composed(papers: Papers) -> str:
    """The text of nested papers."""
    papers = simple(papers)
    if isinstance(papers, str):
        return papers
    return "\n".join(_lines(papers, 0))


def _lines(given: Given, level: int) -> list[str]:
    lines = [_operator(given)]
    for n, part in enumerate(given.parts, start=1):
        mark = _mark(n, level)
        if isinstance(part, str):
            lines.append(mark + part)
        else:
            inner = _lines(part, level + 1)
            lines.append(mark + inner[0])
            lines += inner[1:]
    return lines


def _operator(given: Given) -> str:
    return f"（{len(given.parts)}选1）：" if given.op == "any" else "同时提供："


def _mark(n: int, level: int) -> str:
    if level == 0:
        return f"{n}、"
    if level == 1 and n <= len(CIRCLED):
        return CIRCLED[n - 1]
    return f"（{n}）" if level < 3 else f"{n}）"
