"""A profile from a few words: what is understood of them, and what else they may mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kb.find.applicants import APPLICANTS, clients_of, named_kind, on_owner
from kb.find.bare import bare_services
from kb.find.businesses import businesses, told_apart
from kb.find.clarify import (
    ACCOUNT,
    SERVICE,
    SURE,
    Clarification,
    clarification,
    key_of,
    narrowed,
    rivals,
    service_asked,
    which,
)
from kb.find.counts import counts
from kb.find.finder import Candidate, Finder
from kb.find.leftover import left_over
from kb.find.places import Places, pieces_of, places, seated, seated_abroad
from kb.find.spelled import called, spelled
from kb.find.stated import Sayings, Stated, sayings
from kb.find.unused import unused
from kb.model.names import Names
from kb.model.vocabulary import Vocabulary

OF_ACCOUNT = {"personal": "individual", "non_individual": "non_individual", "overseas": "overseas"}
"""The applicant that stands for a kind of account."""


@dataclass(frozen=True, slots=True)
class Business:
    """What the words on one business are taken to mean: the best candidate (None: none of those
    that were offered) and the others.

    `near` is a category that the words name while none of its services does what they say."""

    words: str
    best: Candidate | None
    others: tuple[Candidate, ...] = ()
    near: str | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text is taken to mean: each business that it tells of, the kind of applicant that it
    names, and the profile that follows.

    `question` tells the candidates apart where it is not sure which is meant; `outside` names the
    topics that the text speaks of and that no category is about. `kept` are pieces on something
    that the app may do and that was not understood: they stay open in the profile. `unread` are
    pieces on other things that nothing was made of. `near` are categories that fit and have no
    service that an app could name. `bare` are services (ids) that the text names and that are in
    the scope of no category, as one that is only forbidden. `seats` are words that say
    where who applies is, which is not where the app serves. `stated` is what the text says
    of attributes by their labels.
    """

    text: str
    businesses: tuple[Business, ...]
    applicant: str | None
    profile: Mapping[str, object]
    question: Clarification | None = None
    outside: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()
    stated: tuple[Stated, ...] = ()

    @property
    def best(self) -> Candidate | None:
        """The best candidate of the first business that is understood; None: nothing fits."""
        return next((one.best for one in self.businesses if one.best is not None), None)

    @property
    def sure(self) -> bool:
        """Whether no other category of the same strength is meant by it."""
        return self.best is not None and self.question is None


def understood(
    finder: Finder,
    text: str,
    account: str | None = None,
    answers: Mapping[str, str] | None = None,
    vocabulary: Vocabulary | None = None,
) -> Understood:
    """What a text means as a profile; `account` limits the categories to those open to it, and
    `answers` are those to the questions so far, by their `key` (empty where one was left open).
    Places, and what is said of attributes, are read where there is a `vocabulary`.

    Where nothing fits, what the app does stays in the owner's words.
    """
    told = sayings(text, vocabulary) if vocabulary is not None else Sayings(rest=text)
    # Where nothing else says what the app does, the words on an attribute do.
    rest = told.rest if _fitting(finder, told.rest, None) else text
    names = vocabulary.names if vocabulary is not None else None
    found = _understood(finder, rest, account, answers or {}, names)
    if told.stated:
        facts = {each.attribute: each.value for each in told.stated}
        found = replace(found, profile={**found.profile, "facts": facts})
    left = (words for words in told.unread if not any(words in piece for piece in found.kept))
    said = [each.words for each in told.stated]
    unread = _once(w for w in (*found.unread, *left) if not any(w in words for words in said))
    profile = {**found.profile, "name": text}
    return replace(found, text=text, profile=profile, unread=unread, stated=told.stated)


def _understood(
    finder: Finder,
    text: str,
    account: str | None,
    answers: Mapping[str, str],
    names: Names | None,
) -> Understood:
    clients = clients_of(names)
    abroad = seated_abroad(text, names) if names is not None else None
    kind = named_kind(text, names) if names is not None and abroad is None else None
    profile: dict[str, object] = {"name": text}
    whole = text
    applicant: str | None = None
    if kind is not None and kind[1]:
        applicant, text = kind
    else:
        applicant, account = _applicant(on_owner(finder, text, clients), account, abroad)
    if answers.get(ACCOUNT):
        applicant = OF_ACCOUNT[answers[ACCOUNT]]
    if applicant is not None:
        profile["applicant"] = applicant
    seats, rest = seated(text, names) if names is not None and abroad is None else ((), "")
    text = rest if rest.strip(" ,，、;；。") else text
    bare = bare_services(finder, text, names) if names is not None else {}
    other = "，".join(p for p in pieces_of(text) if p not in bare) if bare else text
    meant, question = _meant(finder, other, businesses(finder, other), account, answers)
    if bare:  # what is not understood of the rest stands below, piece by piece
        meant = [one for one in meant if one.best is not None]
        question = question if meant else None
    chosen = [one.best for one in meant if one.best is not None]
    used = [*_matched(chosen), *map(str.casefold, bare)]
    offered = _matched([other for one in meant for other in one.others])
    placed = text.replace(abroad[1], "") if abroad is not None else text
    where = places(placed, names, (*used, *offered)) if names is not None else Places()
    if where.ids:
        profile["regions"] = list(where.ids)
    outside = finder.outside(text)
    services = [*(best.services[0].id for best in chosen), *bare.values()]
    profile["services"] = list(dict.fromkeys(services))
    own = [one.words for one in meant if one.best is None]
    near = tuple(dict.fromkeys(one.near for one in meant if one.near is not None))
    if not chosen and not bare:
        profile["other_services"] = own
        near = near or tuple(each.category for each in _fitting(finder, text, account))
        found = Understood(whole, tuple(meant), applicant, profile, question, outside, near=near)
        return replace(found, seats=seats)
    pieces = pieces_of(text)
    silent = {piece for piece in pieces if _says_applicant(finder, piece, clients)}
    # decision: what-is-left-of-a-text-stays-open
    left = left_over(finder, text, [*used, *own], where.pieces | silent)
    if own or left.kept:
        profile["other_services"] = [*own, *left.kept]
    apart = {*left.told, *left.kept, *own, *filter(_is_applicant, silent)}
    spoken = "，".join(p for p in pieces if p not in apart and p not in bare)
    idle = unused(finder, spoken, chosen) if chosen else ()
    unread = _once((*left.told, *where.named, *counts(spoken, [*used, *own]), *idle))
    found = Understood(whole, tuple(meant), applicant, profile, question, outside, unread)
    named = tuple(bare.values())
    return replace(found, kept=left.kept, near=near, bare=named, seats=seats)


def _once(told: Iterable[str]) -> tuple[str, ...]:
    """Words that are told, each once and none within others."""
    every = list(dict.fromkeys(told))
    return tuple(one for one in every if not any(one != each and one in each for each in every))


def _matched(candidates: Sequence[Candidate]) -> list[str]:
    return [word.casefold() for each in candidates for word in each.matched]


def _says_applicant(finder: Finder, piece: str, clients: re.Pattern[str]) -> bool:
    """Whether a piece says who applies, and nothing that the app does for others."""
    rest = on_owner(finder, piece, clients)
    found = any(words.search(rest) for words, *_ in APPLICANTS)
    return found or (rest != piece and not finder.parse(rest).content)


def _is_applicant(piece: str) -> bool:
    return any(words.fullmatch(piece) for words, *_ in APPLICANTS)


def _applicant(
    text: str, account: str | None, abroad: tuple[str, str] | None
) -> tuple[str | None, str | None]:
    """The kind of applicant that a text names, and the account that it then is."""
    if abroad is not None:
        return abroad[0], account or "overseas"
    for words, id, kind in APPLICANTS:
        if words.search(text):
            return id, account or kind
    return None, account


def _meant(
    finder: Finder, text: str, each: Sequence[str], account: str | None, answers: Mapping[str, str]
) -> tuple[list[Business], Clarification | None]:
    """What the words on each business mean, and the next question about them."""
    found: list[Business] = []
    asked: Clarification | None = None
    for words in each:
        alone = len(each) == 1
        strong, near = _strong(finder, words, account)
        for part in told_apart(finder, text) if alone and not strong else ():
            strong, near = _strong(finder, words := part, account)
            if strong:
                break
        key = key_of(SERVICE, "" if alone else words)
        own = answers if alone else {SERVICE: answers[key]} if key in answers else {}
        if near is not None and SERVICE not in own:
            question: Clarification | None = service_asked(strong, "" if alone else words)
        elif near is not None:
            question = None
        elif alone:
            question = clarification(words, strong, own, account is not None)
        else:
            question = which(words, strong) if not own else None
        asked = asked or question
        given = {about: answer for about, answer in own.items() if answer}
        if strong and given:
            strong = narrowed(rivals(strong), given)
        if not strong or (near is not None and SERVICE not in given):
            found.append(Business(text if alone else words, None, tuple(strong), near))
            continue
        best, *others = strong
        apart = [o for o in others if o.services[0].id != best.services[0].id]
        found.append(Business(words, best, () if SERVICE in given else tuple(apart)))
    return found, asked


NEXT = {"personal": ("non_individual",)}
"""Accounts among whose categories one looks next, where one's own has none."""


def _strong(finder: Finder, text: str, account: str | None) -> tuple[list[Candidate], str | None]:
    """The candidates that are no guess and have a service, of the account or, where it has none,
    of organisations of the same place, or of all: the verdict then tells to whom they are open.

    A service of another layer that a piece of the text is the name of goes before all. Where the
    best one is a category none of whose services does what the text says, those are meant whose
    whole name it says; else each service of the category is a candidate, with its name.
    """
    for each in dict.fromkeys((account, *NEXT.get(account or "", ()), None)):
        fitting = _fitting(finder, text, each)
        if own := called(finder, text, fitting):
            return own, None
        named = [one for one in fitting if one.named]
        # decision: a-wider-word-stays-open
        if named and named[0].score >= SURE * fitting[0].score:
            return named, None
        if whole := spelled(finder, text, _fitting(finder, text, None)):
            return whole, None
        if fitting and (offered := finder.offered(fitting[0], each)):
            return offered, fitting[0].category
        if named:
            return named, None
    return [], None


def _fitting(finder: Finder, text: str, account: str | None) -> list[Candidate]:
    return [each for each in finder.find(text, account) if not each.weak]
