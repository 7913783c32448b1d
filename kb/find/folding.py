"""Texts as they are compared: width, case, traditional characters, spaces and marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

MARKS = re.compile(r"[《》【】“”‘’\"'`·「」『』\[\]{}<>#*_=~^|\\]")
BREAKS = re.compile(r"[,，。;；!！?？\n\r、:：()（）/]+")
"""Where a clause ends: negation does not reach beyond."""
SPACES = re.compile(r"\s+")
PLURALS = re.compile(r"\b(?!news|gps|sms|ios|aws)([a-z]{2,}[a-hj-rtv-z])s\b")
AROUND = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")


def folded(text: str, simplified: Mapping[int, str]) -> str:
    """A text in small, narrow, simplified characters; a space stays only between Latin words, and
    English plurals lose their `s`.

    >>> folded("《ＥＲＰ》 系統", {ord("統"): "统"})
    'erp系统'
    >>> folded("Toys  and  News", {})
    'toy and news'
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    plain = MARKS.sub("", plain.casefold()).translate(simplified)
    plain = PLURALS.sub(r"\1", plain.replace("-", " "))
    return AROUND.sub("", SPACES.sub(" ", plain)).strip()


def clauses(text: str) -> list[str]:
    """The clauses of a folded text, in their order.

    >>> clauses("卖水果,不卖药。能不能做?")
    ['卖水果', '不卖药', '能不能做']
    """
    return [clause for part in BREAKS.split(text) if (clause := part.strip())]


def is_latin(character: str) -> bool:
    """Whether a character belongs to a Latin word or a number."""
    return character.isascii() and character.isalnum()


def at_boundary(text: str, start: int, end: int) -> bool:
    """Whether a stretch of a text begins and ends where Latin words and numbers do.

    >>> at_boundary("paid", 1, 3), at_boundary("做ai的", 1, 3)
    (False, True)
    """
    before = start == 0 or not (is_latin(text[start]) and is_latin(text[start - 1]))
    after = end == len(text) or not (is_latin(text[end - 1]) and is_latin(text[end]))
    return before and after
