"""The text of a cell: one spelling of the same length, and one role for every character."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Literal, TypeAlias

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
    return _OLD_OF.sub("的", "".join(_character(c) for c in text))


_OLD_OF = re.compile(
    r"(?<=颁发|核发|签发|发放|出具|开具|签订|签署|订立|签定|公布|公示|认定|批准|授予|提供|合作|有效|相关)之(?![间一外内前后上下])"
)
"""`签订之合同`: the older word for `的`, which traditional texts keep."""


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


class Role(StrEnum):
    """What a character does in the language of requirements."""

    MARKER = "marker"
    OPERATOR = "operator"
    LABEL = "label"
    NAME = "name"
    HOLDER = "holder"
    PARTY = "party"
    COUNT = "count"
    ISSUER = "issuer"
    FIELD = "field"
    WORDS = "words"
    FORM = "form"
    CONDITION = "condition"
    NOTE = "note"
    HOW = "how"
    SCOPE = "scope"
    SERVICE = "service"
    APPLICANT = "applicant"
    REFERENCE = "reference"
    CATEGORY = "category"
    UNSUPPORTED = "unsupported"
    DUTY = "duty"
    FILLER = "filler"
    MARK = "mark"
    BLANK = "blank"
    UNREAD = "unread"


Severity: TypeAlias = Literal["open", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the reading of a cell leaves open (`open`) or that is only told (`note`)."""

    code: str
    start: int
    end: int
    about: str = ""
    severity: Severity = "open"

    def repeats(self, told: Finding) -> bool:
        """Whether another finding says the same of the same words, and no less gravely."""
        same = (self.code, self.severity) == (told.code, told.severity)
        return same and self.start < told.end and told.start < self.end


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a cell and its role."""

    role: Role
    start: int
    end: int


MARKS = frozenset(
    "《》“”\"'‘’()[]<>{}:;,.。、/|+-~·…!?*#_=&%@^`$\\•●◆■▪○★※→—>"
)  # fmt: skip
"""Characters that only part or hold together others."""


class Account:
    """Roles of the characters of one cell, given out once each."""

    def __init__(self, folded: str) -> None:
        self.folded = folded
        self._roles: list[Role | None] = [None] * len(folded)

    def give(self, role: Role, start: int, end: int) -> None:
        """Give a role to a stretch; marks and blanks in it keep the role of marks and blanks."""
        for at in range(start, end):
            c = self.folded[at]
            assert self._roles[at] is None, f"character {at} has the role {self._roles[at]} already"
            if c.isspace():
                self._roles[at] = Role.BLANK
            elif c in "《》" and role in (Role.NAME, Role.NOTE, Role.WORDS):
                self._roles[at] = Role.MARK
            else:
                self._roles[at] = role

    def free(self, start: int, end: int) -> bool:
        return all(role is None for role in self._roles[start:end])

    def fill(self, words: frozenset[str]) -> None:
        """Gives words that carry nothing, a closed list, their role where they have none."""
        for match in re.finditer(r"[^\W_]+", self.folded):
            if match[0] in words and self.free(*match.span()):
                self.give(Role.FILLER, *match.span())

    def close(self) -> tuple[Role, ...]:
        """All roles: what has none is a blank, a mark, or was not read."""
        for at, role in enumerate(self._roles):
            if role is None:
                c = self.folded[at]
                if c.isspace():
                    self._roles[at] = Role.BLANK
                elif c in MARKS:
                    self._roles[at] = Role.MARK
                else:
                    self._roles[at] = Role.UNREAD
        done = tuple(role for role in self._roles if role is not None)
        assert len(done) == len(self.folded), "a character has no role"
        return done


def disjoint(spans: list[Span]) -> bool:
    """Whether no character is in two of the stretches."""
    taken: set[int] = set()
    for span in spans:
        here = range(span.start, span.end)
        if not taken.isdisjoint(here):
            return False
        taken.update(here)
    return True


def runs(roles: tuple[Role, ...]) -> list[Span]:
    """The roles as stretches of one role each, in the order of the text."""
    found: list[Span] = []
    start = 0
    for at in range(1, len(roles) + 1):
        if at == len(roles) or roles[at] is not roles[start]:
            found.append(Span(roles[start], start, at))
            start = at
    return found


def unread(text: str, roles: tuple[Role, ...], told: list[Finding]) -> list[Finding]:
    """A finding for each passage without a role that no finding speaks of yet."""
    found: list[Finding] = []
    at = 0
    while at < len(roles):
        end = at + 1
        if roles[at] is Role.UNREAD:
            while end < len(roles) and roles[end] in (Role.UNREAD, Role.BLANK, Role.MARK):
                end += 1
            while roles[end - 1] is not Role.UNREAD:
                end -= 1
            if not any(f.code == "unread" and f.start <= at < f.end for f in told):
                found.append(Finding("unread", at, end, text[at:end]))
        at = end
    return found


_ASIDE = re.compile(r"如|例|注|示例|模板|参考|参见|见|说明|若")
"""Words behind which a title is named only to explain something."""


def unnamed_titles(folded: str, roles: tuple[Role, ...], told: list[Finding]) -> list[Finding]:
    """A title among words that are no name may be a paper that is asked for."""
    found: list[Finding] = []
    plain = {Role.NOTE, Role.WORDS, Role.FIELD, Role.FORM}
    for match in re.finditer(r"《[^《》]+》", folded):
        if roles[match.start() + 1] not in plain:
            continue
        if any(f.start <= match.start() < f.end for f in told):
            continue
        line = folded.rfind("\n", 0, match.start()) + 1
        if not _ASIDE.search(folded[line : match.start()]):
            found.append(Finding("title-unread", *match.span(), match[0]))
    return found
