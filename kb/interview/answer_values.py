"""What is answered of documents and of parties: copies, and names."""

from __future__ import annotations

from itertools import count, islice
from typing import Any

from kb.lang.problems import Problem, Problems
from kb.model.apps import App
from kb.model.days import date, known
from kb.model.facts import FactBase
from kb.model.profiles import read_app
from kb.model.requirements import Need

MOST_PARTIES = 100
"""Parties of one role that are asked about one by one."""
_YES = ("yes", "y", "true", "有", "是")
_NO = ("no", "n", "false", "无", "没有", "否", "不是")


def parties_in(answer: Any, role: str, app: App, facts: FactBase, lang: str) -> tuple[str, ...]:
    """The parties of a role that an answer names: their names, or how many there are, who are then
    numbered in the language `lang`. Raises `Problems`."""
    there = [{"id": party.id, "role": party.role} for party in app.parties]
    number = how_many(answer)
    if number is None:
        listed = list(answer) if isinstance(answer, list | tuple) else [answer]
    elif number > MOST_PARTIES:
        message = f"`{number}` is more than {MOST_PARTIES} parties"
        raise Problems([Problem("interview", message, help="write them into the profile")])
    else:
        label = facts.names.label("holder", role, lang) + ("" if lang == "zh" else " ")
        taken = {party["id"] for party in there}
        free = (f"{label}{n}" for n in count(1) if f"{label}{n}" not in taken)
        listed = list(islice(free, number))
    named = [{"id": name, "role": role} for name in listed]
    read = read_app({"name": "a", "parties": [*there, *named]}, facts, "<answer>")
    return tuple(party.id for party in read.parties[len(there) :])


def day_in(answer: Any, key: str, need: Need, facts: FactBase) -> int | None:
    """A day of a paper, of which a profile tells under `key`, as a number. Raises `Problems`."""
    day = isinstance(answer, int) and known(answer)
    said = date(answer).isoformat() if day else answer
    profile = {"name": "a", "holds": [{"document": need.document, key: said}]}
    found: int | None = getattr(read_app(profile, facts, "<answer>").holds[0], key)
    return found


def how_many(answer: Any) -> int | None:
    """The number of parties that an answer tells instead of their names; None for names."""
    match answer:
        case bool():
            return None
        case int():
            return answer if answer >= 0 else None
        case [one]:
            return how_many(one)
        case str() if answer.strip().isdecimal():
            return int(answer)
        case _:
            return None


def copies_in(answer: Any, enough: int) -> int:
    """A number of copies; a plain yes stands for as many as are asked for."""
    text = str(answer).strip().lower()
    if text in _YES:
        return enough
    if text in _NO:
        return 0
    if isinstance(answer, int | str) and text.isdecimal():
        return int(text)
    raise Problems(
        [
            Problem(
                "interview",
                f"`{answer}` is not a number of copies",
                help="0 when there is none",
            )
        ]
    )
