"""Markers of lists: `1、`, `(2)`, `③`, `四、`, `2.1`, `资质1`."""

from __future__ import annotations

import re
from dataclasses import dataclass

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_OTHER = {
    "bracketed": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂",
    "stopped": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖",
    "black": "❶❷❸❹❺❻❼❽❾❿",
    "roman": "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ",
}
HAN = "一二三四五六七八九十"
_HAN = r"(?:十[一二三四五六七八九]?|[一二三四五六七八九])"


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker: its style, its number, and the number before the point in `2.1`."""

    style: str
    number: int
    start: int
    end: int
    above: int | None = None
    at_line: bool = True


def number_of(text: str) -> int | None:
    """A number in digits, circled or Chinese.

    >>> number_of("⑪"), number_of("两"), number_of("十二"), number_of("x")
    (11, 2, 12, None)
    """
    if text.isdecimal() and text.isascii():
        return int(text)
    if text in CIRCLED and len(text) == 1:
        return CIRCLED.index(text) + 1
    text = text.replace("两", "二")
    if len(text) == 1 and text in HAN:
        return HAN.index(text) + 1
    match = re.fullmatch(r"([一二三四五六七八九])?十([一二三四五六七八九])?", text)
    if match:
        tens, units = (HAN.index(g) + 1 if g else None for g in match.groups())
        return (tens or 1) * 10 + (units or 0)
    return None


_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "dotted",
        re.compile(r"\(?(?P<above>\d{1,2})[.](?P<n>\d{1,2})(?![\d.万亿%年])\)?(?:、|\.|,|:)?\s*"),
    ),
    (
        "named",
        re.compile(
            rf"(?P<tag>\[)?(?:资质|情形|情况|条件|方式|方案|选项|类型|路径|途径)\s*"
            rf"(?P<n>\d{{1,2}}|{_HAN}|[①-⑳])\s*(?(tag)\]\s*[:,、.]?|[:,、.])\s*"
        ),
    ),
    ("(1)", re.compile(r"\(\s*(?P<n>\d{1,2})\s*\)[、.:,]?\s*")),
    ("(一)", re.compile(rf"\(\s*(?P<n>{_HAN})\s*\)[、.:,]?\s*")),
    ("1)", re.compile(r"(?P<n>\d{1,2})\s*\)[、.:,]?\s*")),
    ("1、", re.compile(r"(?P<n>\d{1,2})\s*、\s*")),
    ("1.", re.compile(r"(?P<n>\d{1,2})\s*[.](?!\d)\s*")),
    ("1:", re.compile(r"(?P<n>\d{1,2})\s*[:,](?!\d)\s*")),
    ("①", re.compile(r"(?P<n>[①-⑳])[、.:,]?\s*")),
    ("一、", re.compile(rf"(?P<n>{_HAN})\s*[、.:,]\s*")),
    ("(a)", re.compile(r"\(\s*(?P<n>[A-Ha-h])\s*\)[、.:,]?\s*")),
    ("a.", re.compile(r"(?P<n>[A-Ha-h])\s*[、.):](?![A-Za-z])\s*")),
)
_TAG = re.compile(r"\[[^\[\]\n]{1,24}\]\s*:")
"""`【日本】：` at the beginning of a line parts a list as a marker does, and is its label."""
BULLETS = "-*•●·▪○■◆"
_BULLET = re.compile(rf"[{re.escape(BULLETS)}]\s*(?=[^\s\d{re.escape(BULLETS)}(①-⑳])")
_BARE = re.compile(r"(?P<n>\d{1,2})(?:\s+(?=\S)|(?=[《“(]))")
"""A number whose point was lost: only where it goes on with a list, at the beginning of a line or
before a title."""
_BEFORE_TITLE = re.compile(r"\d{1,2}\s*《")


def marker_at(folded: str, at: int, at_line: bool) -> Marker | None:
    """The marker that starts at a place, if one does."""
    bullet = _BULLET.match(folded, at) if at_line else None
    if bullet:
        return Marker("bullet", 0, at, bullet.end())
    tag = _TAG.match(folded, at) if at_line else None
    if tag:
        return Marker("tag", 0, at, at)
    for style, letters in _OTHER.items():
        if folded[at] in letters:
            end = at + 1
            while end < len(folded) and folded[end] in " 、.:":
                end += 1
            return Marker(style, letters.index(folded[at]) + 1, at, end, None, at_line)
    for style, pattern in _PATTERNS:
        match = pattern.match(folded, at)
        if not match:
            continue
        if style in ("a.", "(a)"):
            number: int | None = ord(match["n"].lower()) - ord("a") + 1
        else:
            number = number_of(match["n"])
        if number is None or "\n" in match[0].strip():
            continue
        end = at + len(match[0].rstrip())
        above = int(match["above"]) if style == "dotted" else None
        return Marker(style, number, at, end, above, at_line)
    match = _BARE.match(folded, at)
    if match and (at_line or _BEFORE_TITLE.match(folded, at)):
        return Marker("bare", int(match["n"]), at, match.end("n"), None, at_line)
    return None


def alike(one: str, other: str) -> bool:
    """Whether two styles may be one list whose marks were changed or damaged: `1、` and `1.`."""
    digits = {"1、", "1.", "1:", "bare"}
    return (
        one == other
        or (one in digits and other in digits)
        or {one, other} <= {"(1)", "1)"}
        or {one, other} <= {"(a)", "a."}
    )
