"""A profile from a few words: what is understood of them, and what else they may mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kb.find.finder import Candidate, Finder

APPLICANTS = (
    (re.compile("个体工商户|个体户"), "individual_business", "non_individual"),
    (
        re.compile("个人(?!隐私|信息|求助|征信|所得)|自己一个人|没有公司|individual"),
        "individual",
        "personal",
    ),
    (re.compile("公司|企业|enterprise|company"), "enterprise", "non_individual"),
)
"""Words for who applies, what they stand for, and the account of such applicants."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text is taken to mean: the best candidate (None: nothing fits) and the others, the
    kind of applicant that it names, and the profile that follows."""

    text: str
    best: Candidate | None
    others: tuple[Candidate, ...]
    applicant: str | None
    profile: Mapping[str, object]

    @property
    def sure(self) -> bool:
        """Whether no other category of the same strength is meant by it."""
        return self.best is not None and not self.others


def understood(finder: Finder, text: str, account: str | None = None) -> Understood:
    """What a text means as a profile; `account` limits the categories to those open to it.

    Where nothing fits, what the app does stays in the owner's words.
    """
    applicant = None
    for words, id, kind in APPLICANTS:
        if words.search(text):
            applicant, account = id, account or kind
            break
    # Where its own account has nothing that fits, the verdict tells to whom it is open.
    strong = _strong(finder, text, account) or _strong(finder, text, None)
    profile: dict[str, object] = {"name": text}
    if applicant is not None:
        profile["applicant"] = applicant
    if not strong:
        profile["other_services"] = [text]
        return Understood(text, None, (), applicant, profile)
    best, *others = strong
    profile["services"] = [best.services[0].id]
    apart = tuple(o for o in others if o.services[0].id != best.services[0].id)
    return Understood(text, best, apart, applicant, profile)


def _strong(finder: Finder, text: str, account: str | None) -> list[Candidate]:
    return [each for each in finder.find(text, account) if each.services and not each.weak]
