"""The two or three questions that tell apart what a text may mean, the most telling first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb.find.finder import Candidate, owned
from kb.find.traits import TRAITS, asked

MOST = 3
"""Questions that are asked about one text."""
LISTED = 9
"""Services that a question offers, beside none of them."""
NEAR, SURE = 0.55, 0.75
"""Shares of the best score: below, a candidate is no rival; below, the best one is sure."""
ACCOUNT, SERVICE = "account", "service"
NONE = "none"
"""The answer that none of the services is meant."""
ASKED = ("platform", "display", "overseas", "training", "rental", "auction", "repair", "maker")
"""The traits that people are asked about; others they would not know of themselves."""
_SHOWN = {trait.name: trait.shown for trait in TRAITS}


@dataclass(frozen=True, slots=True)
class Clarification:
    """A question about the `account`, a trait (`yes`, `no`) or the `service` (ids, or `none`).

    `words` are those on the business that is meant, where a text tells of several.
    """

    about: str
    options: tuple[str, ...]
    words: str = ""

    @property
    def key(self) -> str:
        """What an answer to it is kept under."""
        return key_of(self.about, self.words)


def key_of(about: str, words: str = "") -> str:
    """The key of an answer: what it is about, and the words on the business if there are several.

    >>> key_of("service"), key_of("service", "卖茶叶")
    ('service', 'service: 卖茶叶')
    """
    return f"{about}: {words}" if words else about


def rivals(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates that a text may mean: those near the best one, each service once, and none
    that rests on the names of other services alone."""
    found: dict[str, Candidate] = {}
    for each in owned(candidates):
        if each.score >= NEAR * candidates[0].score:
            found.setdefault(each.services[0].id, each)
    return list(found.values())[:LISTED]


def narrowed(candidates: Sequence[Candidate], answers: Mapping[str, str]) -> list[Candidate]:
    """The candidates that answers leave; an answer that would leave none is not heeded."""
    rest = list(candidates)
    for about, answer in answers.items():
        if about == SERVICE and answer == NONE:
            return []
        rest = [each for each in rest if _fits(each, about, answer)] or rest
    return rest


def clarification(
    text: str, candidates: Sequence[Candidate], answers: Mapping[str, str], account_told: bool
) -> Clarification | None:
    """The next question about a text; None when it is clear enough. `answers` may hold questions
    that were left open, as empty texts."""
    given = {about: answer for about, answer in answers.items() if answer}
    rest = narrowed(rivals(candidates), given) if candidates else []
    if _clear(rest) or SERVICE in answers or len(answers) >= MOST:
        return None
    if len(answers) == MOST - 1:
        return service_asked(rest)
    if ACCOUNT not in answers and not account_told and len({e.accounts for e in rest}) > 1:
        every = {account for each in rest for account in each.accounts}
        return Clarification(ACCOUNT, tuple(sorted(every)))
    wanted = asked(text.casefold())
    splits = []
    for order, name in enumerate(ASKED):
        shown = sum(_shows(each, name) for each in rest)
        if name not in answers and name not in wanted and 0 < shown < len(rest):
            splits.append((abs(len(rest) - 2 * shown), order, name))
    if splits and len(rest) > 2:
        return Clarification(min(splits)[2], ("yes", "no"))
    return service_asked(rest)


def which(words: str, candidates: Sequence[Candidate]) -> Clarification | None:
    """Which service is meant by the words on one business of several; None when it is clear."""
    rest = rivals(candidates)
    return None if _clear(rest) else service_asked(rest, words)


def _clear(rest: Sequence[Candidate]) -> bool:
    return len(rest) < 2 or rest[1].score < SURE * rest[0].score


def service_asked(rest: Sequence[Candidate], words: str = "") -> Clarification:
    """The question which service is meant, or none of them."""
    return Clarification(SERVICE, (*(each.services[0].id for each in rest), NONE), words)


def _fits(candidate: Candidate, about: str, answer: str) -> bool:
    if about == ACCOUNT:
        return answer in candidate.accounts
    if about == SERVICE:
        return candidate.services[0].id == answer
    return _shows(candidate, about) == (answer == "yes")


def _shows(candidate: Candidate, trait: str) -> bool:
    return _SHOWN[trait].search(candidate.category.casefold()) is not None
