"""Dialogues: own words, answers to the questions that follow, the profile and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

import kb

CASES = Path(__file__).with_name("dialogues.yaml")
DAY = "2026-03-01"


@dataclass
class Played:
    """What a dialogue came to: what was asked, and the profile with its verdict."""

    asked: list[str]
    profile: dict[str, Any]
    verdict: str
    categories: dict[str, str]
    outside: list[str]


def play(base: kb.KnowledgeBase, text: str, answers: dict[str, Any]) -> Played:
    """Say a text, answer what is asked about it, then what the interview asks; a question without
    an answer is left open."""
    asked: list[str] = []
    given: dict[str, str] = {}
    found = base.understand(text)
    while found.question is not None:
        key = found.question.key
        asked.append(key)
        given[key] = answers.get(key, "")
        assert not given[key] or given[key] in found.question.options, found.question
        found = base.understand(text, given)
    profile = {**found.profile, "name": "app"}
    talk = base.interview(profile)
    while (question := talk.question) is not None and question.kind != "services":
        asked.append(question.subject)
        talk.answer(answers.get(question.subject))
    answer = base.ask(talk.app)
    said = talk.profile
    said.pop("platform", None)
    said["holds"] = [f"{h['document']}" for h in said.get("holds", ())]
    names = base.facts.names
    categories = {
        names.label("category", c.category, "zh"): str(c.verdict) for c in answer.categories
    }
    return Played(asked, said, str(answer.verdict), categories, list(found.outside))


@pytest.fixture(scope="module")
def then() -> kb.KnowledgeBase:
    """The base on the day of the dialogues."""
    return kb.load(as_of=DAY, queries=False)


def cases() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(CASES.read_text(encoding="utf-8"))["dialogues"]
    return found


def test_there_are_thirty() -> None:
    """Thirty dialogues and no two alike."""
    texts = [case["text"] for case in cases()]
    assert len(texts) == len(set(texts)) >= 30


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["text"])
def test_dialogue(then: kb.KnowledgeBase, case: dict[str, Any]) -> None:
    """Words and answers lead to the profile and the verdict that a reader of the tables expects;
    every answer of the case was asked for, and nobody is asked more than three things about the
    words themselves."""
    answers = case.get("answers", {})
    played = play(then, case["text"], answers)
    assert set(answers) <= set(played.asked), played.asked
    expected = {"name": "app", "holds": [], **case["profile"]}
    assert played.profile == expected
    assert (played.verdict, played.categories) == (case["verdict"], case.get("categories", {}))
    assert played.outside == case.get("outside", [])
    own = {"account", "service", "platform", "display", "overseas", "training", "rental"}
    assert sum(key.partition(":")[0] in own for key in played.asked) <= 3
