"""Whose paper it is: owners as phrases name them."""

from __future__ import annotations

import re

from kb.importers import words
from kb.importers.text import fold
from kb.importers.lexer import Piece
from kb.importers.papers import Context


def whose(part: str, context: Context, titled: bool) -> str | None:
    """The holder that words of an owner mean; none where they name no owner."""
    plain = re.sub(r"^(?:该|此|上述|合作|相应|对应|具体)+", "", part)
    label, parties = fold(context.label), context.parties
    if re.search(r"其中一[个名位]", part):
        return "member"
    if part.startswith(("该", "此", "上述")):
        if plain.startswith("主体") and len(plain) <= 3:
            return "applicant"
        for owner, holder in context.owners:
            if shares(plain, owner):
                return holder
        if any(shares(plain, party) for party in parties) or "合作" in part:
            return "partner"
        if shares(plain, label):
            return "applicant"
        return None if not titled else "partner"
    if re.match(r"(?:为)?(?:代理商|经销商|服务商|运营商)$", part) and shares(part, label):
        return "applicant"
    for holder, pattern in words.HOLDERS:
        if pattern.search(part):
            return holder
    if any(shares(plain, party) for party in parties):
        return "partner"
    if label and re.search(re.escape(plain) + r".*(?:驻|代表处|办事处)", label):
        return "parent"
    if label and shares(plain, label):
        return "partner" if re.search(r"合作|平台|代理|代收", label) else "applicant"
    return None


def merged(
    folded: str, groups: list[tuple[Piece, ...]]
) -> list[tuple[int, int, tuple[Piece, ...]]]:
    """Owners that follow one another are one (`有资质的机构的`), but for the applicant in front."""
    found: list[tuple[int, int, tuple[Piece, ...]]] = []
    for group in groups:
        start, end = group[0].start, group[-1].end
        if found:
            first, last, before = found[-1]
            alone = words.APPLICANT.match(folded[first:last].rstrip("的 "))
            if not alone and not folded[last:start].strip():
                found[-1] = (first, end, (*before, *group))
                continue
        found.append((start, end, group))
    return found


def shares(one: str, other: str) -> bool:
    """Whether two ways to name a party may mean the same one.

    >>> shares("快递公司", "与快递公司"), shares("驾校培训机构", "驾校培训公司")
    (True, True)
    """
    one, other = fold(one), fold(other)
    if not one or not other:
        return False
    if one in other or other in one:
        return True
    shared = {one[n : n + 2] for n in range(len(one) - 1)} & {
        other[n : n + 2] for n in range(len(other) - 1)
    }
    return len(shared) >= 2
