"""Who applies, as a text says it: by words that everybody uses, or by a kind of the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.find.finder import Finder
from kb.find.folding import folded
from kb.find.places import PIECES, any_place
from kb.find.segment import segments
from kb.model.names import Names

SOLE = r"\b(?:individual(?:ly[- ]owned)? business|sole (?:trader|proprietor)|self-employed)"
APPLICANTS = (
    (re.compile(f"个体工商户|个体户|{SOLE}", re.I), "individual_business", "non_individual"),
    (
        re.compile(r"个人(?!隐私|信息|求助|征信|所得)|自己一个人|没有公司|\bindividuals?\b", re.I),
        "individual",
        "personal",
    ),
    (
        re.compile(r"公司|企业|\b(?:enterprise|company|corporation|firm)\b", re.I),
        "enterprise",
        "non_individual",
    ),
)
"""Words for who applies, what they stand for, and the account of such applicants."""
COMMON = frozenset(id for _, id, _ in APPLICANTS)
SELF = re.compile(
    r"(?:我们?|咱们?|本人|本店|本单位)(?:就|都|也)?是(?:一?[家个名所])?(?P<zh>.+)"
    r"|(?:作为|身为)(?:一?[家个名所])?(?P<as>.+)"
    r"|(?:we are|we're|i am|i'm|as)(?: an?| the)? (?P<en>.+)",
    re.IGNORECASE,
)
"""How a piece says what its owner is; what is behind it names a kind of applicant, or ends so."""
PLANS = re.compile(
    r"想|要|打算|准备|计划|能|可以|申请|\b(?:who|that|which|and|wants?|would|plans?|we)\b",
    re.IGNORECASE,
)
"""What an owner goes on with, behind what it is."""


CLIENTS = (
    "(?:帮|给|为|替|面向|针对|服务于?)(?:{place}|[省市的]|全国|中小|小微|本地|当地|其他|别的|各类?|很多|多家|一些)*"
    "(?:公司|企业|个体户|个体工商户|个人)"
    r"|\bfor (?:(?:an?|the|another|other|small|local|{place}) )*"
    r"(?:enterprise|company|corporation|firm|individual|sole (?:trader|proprietor))\b"
)
"""Those whom the app is for: they do not apply."""


def clients_of(names: Names | None) -> re.Pattern[str]:
    """A pattern for those whom an app is for, in any place of the vocabulary."""
    place = any_place(names) if names is not None else "(?!)"
    return re.compile(CLIENTS.format(place=place), re.IGNORECASE)


def on_owner(finder: Finder, text: str, clients: re.Pattern[str]) -> str:
    """A text without the words for those whom the app is for, and without the names of things that
    go on behind a word for somebody (`企业管理`)."""
    text = clients.sub("", text)
    plain = folded(text, finder.index.simplified)
    for start, end, kind in segments(plain, finder.index):
        word = plain[start:end]
        found = [words.search(word) for words, *_ in APPLICANTS if not word.isascii()]
        if kind == "term" and any(match and match.end() < len(word) for match in found):
            text = text.replace(word, "")
    return text


def named_kind(text: str, names: Names) -> tuple[str, str] | None:
    """The kind of applicant of the vocabulary that a text says its owner is, by its label or an
    alias, and the text without the words that say so; None without such. The name ends what stands
    behind words such as `我们是`, or stands in front of what the owner plans. What everybody has a
    word for (`APPLICANTS`) is not looked for."""
    pieces = PIECES.split(text)
    for piece, following in zip(pieces, [*pieces[1:], ""], strict=True):
        plan = next((each for each in PLANS.finditer(piece) if each.start()), None)
        before = piece[: plan.start()] if plan else piece
        said = SELF.match(before.strip()) or (SELF.match(piece.strip()) if plan else None)
        if said is None and plan is None and not PLANS.match(following):
            continue
        told = next(part for part in said.groups() if part) if said else before.strip()
        for name in _ends(told) if said else (told,):
            term = names.find("applicant", name)
            if term is not None and term.id not in COMMON:
                lead = said[0][: -len(told)] if said else ""
                rest = piece.replace(lead, "", 1).replace(name, "", 1).strip()
                return term.id, text.replace(piece, rest, 1).strip(" ,，、;；。")
    return None


def _ends(words: str) -> Iterator[str]:
    """The words, and what is left of them from each later place on at which a word may begin."""
    for at in range(len(words)):
        if not at or not (words[at - 1].isascii() and words[at - 1].isalnum()):
            yield words[at:]
