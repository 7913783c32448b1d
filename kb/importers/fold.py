"""Brings the spellings of a text together, character by character, so that places stay the same.

Full width becomes half width, traditional becomes simplified, the kinds of brackets, quotes and
blanks become one each. The folded text is as long as the text: a span of one is a span of the
other.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache

_SAME = {
    "【": "[", "】": "]", "〔": "(", "〕": ")", "［": "[", "］": "]", "｛": "(", "｝": ")",
    "「": "“", "」": "”", "『": "“", "』": "”", "﹁": "“", "﹂": "”",
    "＂": '"', "〝": "“", "〞": "”",
    "〈": "《", "〉": "》", "＜": "<", "＞": ">", "︰": ":", "﹕": ":", "∶": ":", "꞉": ":",
    "﹔": ";", "﹐": ",", "､": "、", "﹑": "、", "｡": "。", "・": "·", "‧": "·",
    "\u3000": " ", "\xa0": " ", "\t": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ",
    "\u200b": " ", "\ufeff": " ", "—": "-", "–": "-", "−": "-", "～": "~", "〜": "~",
    "╱": "/", "∕": "/", "⁄": "/", "\r": "\n", "\u2028": "\n", "\x85": "\n", "\x0b": "\n",
    "\x0c": "\n", "︵": "(", "︶": ")", "﹙": "(", "﹚": ")",
}  # fmt: skip

_VARIANTS = {
    "擇": "择",
    "證": "证",
    "執": "执",
    "註": "注",
    "備": "备",
    "爲": "为",
    "両": "两",
    "覆": "复",
}
"""Read also where the table of simplified characters is not installed."""


def fold(text: str) -> str:
    """The text in one spelling, of the same length.

    >>> fold("（２選１）：《營業執照》")
    '(2选1):《营业执照》'
    """
    return "".join(_character(c) for c in text)


@cache
def _character(c: str) -> str:
    if c in _SAME:
        return _SAME[c]
    if "！" <= c <= "～":
        return chr(ord(c) - 0xFEE0)
    if unicodedata.category(c) in ("Cf", "Cc") and c != "\n":
        return " "
    return _simplified().get(c, c)


@cache
def _simplified() -> dict[str, str]:
    # Loaded at the first text that is folded: the table has four thousand entries.
    table = dict(_VARIANTS)
    try:
        import opencc
    except ImportError:
        return table
    from pathlib import Path

    path = Path(opencc.__file__).parent / "dictionary" / "TSCharacters.txt"
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            old, _, new = line.partition("\t")
            if len(old) == 1 and new and len(new.split()[0]) == 1:
                table[old] = new.split()[0]
    # A character that simplified texts use themselves stays.
    table |= _VARIANTS
    for kept in "著乾后于并":
        table.pop(kept, None)
    return table


_BLANK = re.compile(r"\s+")
_MARKS = re.compile(r"[《》“”\"'‘’\[\]\s·]+")


def key(name: str) -> str:
    """A name without what two spellings of it may differ in: marks of titles, blanks, width.

    >>> key("《营业执照》 ") == key("營業執照")
    True
    """
    return _MARKS.sub("", fold(name)).casefold()


def cell_key(text: str) -> str:
    """The hash of a cell, alike for texts that differ only in blanks, width and script."""
    lines = (_BLANK.sub("", line) for line in fold(text).split("\n"))
    joined = "\n".join(line for line in lines if line)
    return hashlib.sha256(joined.encode()).hexdigest()[:16]
