"""A profile from a few words: what is understood of them, and what else they may mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kb.find.clarify import ACCOUNT, SERVICE, Clarification, clarification, narrowed, rivals
from kb.find.finder import Candidate, Finder
from kb.model.names import Names

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
PIECES = re.compile(r"[,，、;；。\s]+")
PLACE = re.compile("(?:只?在|面向)?(.+?)(?:省|市|自治区|特别行政区)?(?:地区|境内|经营)?")
"""A piece of a text that names a place, and nothing beside it."""
OF_ACCOUNT = {"personal": "individual", "non_individual": "non_individual", "overseas": "overseas"}
"""The applicant that stands for a kind of account."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text is taken to mean: the best candidate (None: nothing fits) and the others, the
    kind of applicant that it names, and the profile that follows.

    `question` tells the candidates apart where it is not sure which is meant; `outside` names the
    topics that the text speaks of and that no category is about, `unread` the pieces of the text
    that nothing was made of. `near` are categories that fit and have no service that an app could
    name.
    """

    text: str
    best: Candidate | None
    others: tuple[Candidate, ...]
    applicant: str | None
    profile: Mapping[str, object]
    question: Clarification | None = None
    outside: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    near: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether no other category of the same strength is meant by it."""
        return self.best is not None and self.question is None


def understood(
    finder: Finder,
    text: str,
    account: str | None = None,
    answers: Mapping[str, str] | None = None,
    names: Names | None = None,
) -> Understood:
    """What a text means as a profile; `account` limits the categories to those open to it, and
    `answers` are those to the questions so far (empty where one was left open). Places are read
    where there are `names`.

    Where nothing fits, what the app does stays in the owner's words.
    """
    answers = answers or {}
    applicant = None
    for words, id, kind in APPLICANTS:
        if words.search(text):
            applicant, account = id, account or kind
            break
    # Where its own account has nothing that fits, the verdict tells to whom it is open.
    fitting = _fitting(finder, text, account)
    if account is not None and not any(each.services for each in fitting):
        fitting = _fitting(finder, text, None)
    strong = [each for each in fitting if each.services]
    question = clarification(text, strong, answers, account is not None)
    given = {about: answer for about, answer in answers.items() if answer}
    if ACCOUNT in given:
        applicant = OF_ACCOUNT[given[ACCOUNT]]
    profile: dict[str, object] = {"name": text}
    if applicant is not None:
        profile["applicant"] = applicant
    pieces = [piece for piece in PIECES.split(text) if piece]
    places = _places(pieces, names) if names is not None else {}
    if places:
        profile["regions"] = list(dict.fromkeys(places.values()))
    if strong and given:
        strong = narrowed(rivals(strong), given)
    outside = finder.outside(text)
    if not strong:
        profile |= {"services": [], "other_services": [text]}
        near = tuple(each.category for each in fitting)
        return Understood(text, None, (), applicant, profile, None, outside, near=near)
    best, *others = strong
    profile["services"] = [best.services[0].id]
    apart = tuple(o for o in others if o.services[0].id != best.services[0].id)
    if SERVICE in given:
        apart = ()
    unread = tuple(_unread([piece for piece in pieces if piece not in places], strong))
    return Understood(text, best, apart, applicant, profile, question, outside, unread)


def _places(pieces: list[str], names: Names) -> dict[str, str]:
    """The pieces that name a place, and nothing beside it, with its id."""
    found = {}
    for piece in pieces:
        matched = PLACE.fullmatch(piece)
        term = names.find("region", piece) or names.find("region", matched[1] if matched else piece)
        if term is not None:
            found[piece] = term.id
    return found


def _unread(pieces: list[str], candidates: list[Candidate]) -> Iterator[str]:
    """The pieces, beside the first, that share no two characters with a word that matched, and do
    not say who applies."""
    matched = "|".join(word.casefold() for each in candidates for word in each.matched)
    for piece in pieces[1:]:
        pairs = {piece[at : at + 2].casefold() for at in range(max(1, len(piece) - 1))}
        if not any(words.search(piece) for words, *_ in APPLICANTS) and not any(
            pair in matched for pair in pairs
        ):
            yield piece


def _fitting(finder: Finder, text: str, account: str | None) -> list[Candidate]:
    return [each for each in finder.find(text, account) if not each.weak]
