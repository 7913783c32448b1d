"""What the codes of problems mean, and what `kb explain NAME` tells of any name; docs/errors.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from kb.lang.problems import Problem, Problems, near
from kb.lang.statements import HOUSE
from kb.maintain.decisions import decisions
from kb.model.yamlread import read_file

CODES = Path(__file__).with_name("codes.yaml")


@cache
def codes() -> Mapping[str, list[str]]:
    """Each code with what it means and what to do, in Chinese and in English."""
    found: Mapping[str, list[str]] = read_file(CODES, CODES.name).data
    return found


def explained(name: str, lang: str) -> str:
    """What a code means, as it stands in brackets in a message, or what a decision decides and why.
    Raises `Problems` where there is neither."""
    # As it stands in a message (`error[date]`) or in a proof (`kb until-a-later-text`).
    bare = name.rpartition("[")[2].rstrip("]").removeprefix(f"{HOUSE} ").strip()
    if bare in codes():
        return codes()[bare][0 if lang == "zh" else 1]
    if bare in decisions():
        return decisions()[bare].told(lang)
    message = f"no problem has the code `{name}`, and no decision this id"
    help = near(bare, [*codes(), *decisions()])
    raise Problems([Problem("unknown-id", message, help=help)])


def page(lang: str) -> Iterator[str]:
    """All codes as Markdown: docs/errors.md and docs/errors.zh-CN.md."""
    zh = lang == "zh"
    yield "# 错误代码" if zh else "# Error codes"
    yield ""
    yield (
        "信息里方括号中的代码，一码一节。由 `kb explain --format markdown` 生成。"
        if zh
        else "The codes that stand in brackets in messages, a section each. Made by "
        "`kb explain --lang en --format markdown`."
    )
    for code in sorted(codes()):
        yield ""
        yield f"## {code}"
        yield ""
        yield explained(code, lang)
