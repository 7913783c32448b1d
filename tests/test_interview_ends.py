"""How interviews end: whatever is answered, the end tells what `ask` tells of the profile.

Interviews are walked at random, over the shipped base and those of the cases: questions are
answered in one of the ways that their conditions tell apart, or not at all.
"""

from __future__ import annotations

from functools import reduce
from random import Random
from typing import Any

import pytest
from test_cases import loaded
from thinned import EXAMPLES

import kb
from kb.explain.apply import with_stated
from kb.interview.interview import Interview, _plain
from kb.interview.question import Question
from kb.model.apps import App
from kb.model.days import date

FOLDERS = (
    (),
    ("facts-places", "facts-drafts"),
    ("facts-market",),
    ("facts-small",),
    ("facts-guild",),
    ("facts-orchard",),
)
DAYS = ("2022-06-30", "2024-06-30", "2025-06-30", "2026-03-01", "2026-03-01")
WALKS = EXAMPLES // 8
COMPLETED = 6
"""So many ways of saying all that was not asked are tried at a satisfied end."""


def started(base: kb.KnowledgeBase, random: Random) -> Interview:
    """An interview from nothing, or from some services, now and then with who applies."""
    names = base.facts.names
    day = random.choice(DAYS)
    if random.random() < 0.3:
        return base.interview(as_of=day)
    profile: dict[str, Any] = {
        "name": "app",
        "services": random.sample([t.id for t in names.of("service")], random.choice([1, 1, 2])),
    }
    chance = random.random()
    if chance < 0.4:
        profile["applicant"] = random.choice([t.id for t in names.of("applicant")])
    elif chance < 0.7 and names.get("applicant", "enterprise"):
        profile["applicant"] = "enterprise"
    return base.interview(profile, as_of=day)


def said(talk: Interview, question: Question, random: Random, has: float) -> Any:
    """An answer to a question; a paper is surely in hand with the probability `has`."""
    if question.kind == "services":
        return random.sample([t.id for t in question.options], random.choice([1, 1, 2, 3]))
    ways = talk._selection.answers(talk.replies, question.about)
    often = question.kind == "document" and random.random() < has
    picked = ways[1] if often else random.choice([*ways, None])
    if picked is None or picked.answer is None:
        return None
    answer = _plain(picked.answer)
    if not isinstance(answer, tuple):
        return answer
    several = question.several or question.kind == "parties" or len(answer) != 1
    return list(answer) if several else answer[0]


def ended(talk: Interview, random: Random, has: float = 0.5) -> Interview:
    """An interview at its end."""
    while (question := talk.question) is not None:
        assert len(talk.replies) < 80
        talk.answer(said(talk, question, random, has))
    return talk


def completions(talk: Interview, random: Random) -> list[App]:
    """The profile with more said of what no question was about."""
    attributes = talk.base.facts.vocabulary.attributes
    known = talk._selection.state(talk.replies).view
    asked = {reply.subject for reply in talk.replies} | {"services", "platform"}
    found = []
    for _ in range(COMPLETED):
        more: list[tuple[str, Any]] = []
        for id, attribute in attributes.items():
            about = talk._selection._about("attribute", id)
            # What follows from what is said, as of all who apply from the one, is not open.
            if id in asked or known.has("app_knows", id) or random.random() < 0.4:
                continue
            if about.options:
                more.append((id, (random.choice(about.options).id,)))
            elif attribute.type == "day":
                more.append((id, random.choice([20170101, 20220101, 20241231, 20260101])))
        found.append(reduce(lambda app, each: with_stated(app, *each), more, talk.app))
    return found


@pytest.mark.parametrize("folders", FOLDERS, ids=lambda folders: "+".join(folders) or "shipped")
def test_the_end_is_what_ask_tells(folders: tuple[str, ...]) -> None:
    """At its end an interview has the verdict that `ask` gives its profile, and all that is told
    there, open points among it, is told of the profile as it is written, too."""
    base = loaded(folders)
    for seed in range(WALKS):
        random = Random(f"{folders} {seed}")
        talk = ended(started(base, random), random)
        day = date(talk.as_of)
        told = base.ask(talk.app, day).to_dict()
        again = base.ask(talk.profile, day).to_dict()
        assert talk.verdict == told["verdict"], talk.profile
        told.pop("receipt", None)
        again.pop("receipt", None)
        assert told == again, talk.profile


@pytest.mark.parametrize("folders", FOLDERS, ids=lambda folders: "+".join(folders) or "shipped")
def test_satisfied_is_satisfied_whatever_was_not_asked(folders: tuple[str, ...]) -> None:
    """An interview that ends as satisfied leaves nothing open, and nothing that it did not ask
    makes the verdict another one, unless the answer says what it takes for granted."""
    base = loaded(folders)
    satisfied = 0
    for seed in range(WALKS):
        random = Random(f"{folders} {seed} satisfied")
        talk = ended(started(base, random), random, 0.95)
        day = date(talk.as_of)
        answer = base.ask(talk.app, day)
        if answer.verdict != "satisfied":
            continue
        satisfied += 1
        assert answer.undetermined == ()
        if not answer.assumed:
            for app in completions(talk, random):
                assert base.verdict(app, day) == "satisfied", (talk.profile, app.stated)
    assert satisfied


def test_what_a_satisfied_end_hangs_on_is_asked() -> None:
    """Ferries of the north shore alone have a category (town-2020 line 27): with its paper in hand
    it is asked where the app serves before it is satisfied, and elsewhere it is not."""
    base = loaded(("facts-small",))
    talk = base.interview({"name": "a", "services": ["ferry"]}, as_of="2023-06-30")
    assert talk.question is not None
    talk.answer(1 if talk.question.kind == "document" else None)
    assert talk.question is not None
    assert (talk.question.subject, talk.reasons.categories) == ("regions", ("shop-ferry",))
    talk.answer(["south"])
    assert (talk.question, talk.verdict) == (None, "undetermined")
    talk.back()
    talk.answer(["north"])
    assert (talk.question, talk.verdict) == (None, "satisfied")
