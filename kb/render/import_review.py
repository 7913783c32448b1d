"""What `kb import` and the review of an import say beside the cards."""

from __future__ import annotations

from collections.abc import Sequence

from kb.lang.problems import typed
from kb.render.words import word

SHOWN = 4
"""Categories of a card that are named; of the others it tells how many there are."""


def written_text(folder: str, lang: str) -> str:
    """Where an import was written, and what comes next."""
    if lang == "zh":
        return f"已写入 {folder}; 请看 report.html, 然后运行 `kb import review {typed(folder)}`"
    return f"written to {folder}; look at report.html, then `kb import review {typed(folder)}`"


def progress_text(done: int, total: int, lang: str) -> str:
    """How far an import has come."""
    return f"已读 {done}/{total} 行" if lang == "zh" else f"reading row {done} of {total}"


def cards_text(cards: int, undecided: int, lang: str) -> str:
    """How many cards an import has, and how many of them wait for a decision."""
    if lang == "zh":
        return f"{cards} 个不同的单元格, {undecided} 个待决定"
    return f"{cards} distinct cells, {undecided} to decide"


def left_text(left: int, standing: str, lang: str) -> str:
    """How many cards are left, and what that makes of the source."""
    told = standing_text(standing, lang)
    return f"还剩 {left} 个; 来源: {told}" if lang == "zh" else f"{left} left; the source is {told}"


def standing_text(standing: str, lang: str) -> str:
    """Whether the source of an import is in force: a draft is one of ours, not of the publisher."""
    if standing == "draft":
        return "草稿, 未生效" if lang == "zh" else "draft"
    return word(standing, lang)


def categories_text(categories: Sequence[str], lang: str) -> str:
    """The categories that share a cell."""
    more = len(categories) - SHOWN
    told = "; ".join(categories[:SHOWN])
    if more <= 0:
        return told
    return f"{told} 等 {len(categories)} 个类目" if lang == "zh" else f"{told} and {more} more"


def choices_text(lang: str) -> str:
    """What may be done with a card: the keys stand for the English words."""
    if lang == "zh":
        return "a 接受, e 修改, r 退回, l 以后再看, q 结束"
    return "accept, edit, reject, later, quit"
