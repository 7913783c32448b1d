"""A few words of one's own become a profile, by two or three questions where they are not clear."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from kb.find.clarify import SERVICE, key_of
from kb.model.names import Names
from kb.model.yamlread import as_text
from kb.render.clarify import (
    candidates_for,
    left_open,
    not_held,
    options_of,
    question_of,
    taken_as,
    why_of,
)
from kb.render.language import Language

if TYPE_CHECKING:
    from kb.api import KnowledgeBase
    from kb.find.profile import Understood

Asked = Callable[[str, list[tuple[str, str]], str], str | None]
"""Asks a question with its options and why it is asked; the value chosen, None when left open."""


def understood(
    base: KnowledgeBase, text: str, lang: str, services: Sequence[str] = ()
) -> Understood:
    """What words mean: somebody at a terminal is asked where it is not sure, anybody else is told
    what would be asked, what was taken, and how to say another. The `services` that are said beside
    the words answer what would be asked."""
    to = Language(lang, base.facts.names)
    if services:
        found = _settled(base, text, services)
    else:
        found = clarified(base, text, to, _typed) if sys.stdin.isatty() else base.understand(text)
    for line in taken_as(found, to):
        click.echo(line, err=True)
    if found.question is not None:
        click.echo(_question(question_of(found.question, to), _options(found, to)), err=True)
        for line in left_open(found.question, found, to):
            click.echo(line, err=True)
    return found


def _settled(base: KnowledgeBase, text: str, services: Sequence[str]) -> Understood:
    """What words mean to somebody who names the services."""
    terms = (base.facts.names.find("service", name) for name in services)
    ids = [term.id for term in terms if term is not None]
    answers: dict[str, str] = {}
    found = base.understand(text)
    while (asked := found.question) is not None:
        offered = {each.services[0].id for each in candidates_for(asked, found)}
        answers[key_of(SERVICE, asked.words)] = next((id for id in ids if id in offered), "")
        found = base.understand(text, answers)
    return found


def clarified(base: KnowledgeBase, text: str, to: Language, ask: Asked) -> Understood:
    """What words mean, once the questions about them are answered."""
    answers: dict[str, str] = {}
    found = base.understand(text)
    while (asked := found.question) is not None:
        said = ask(question_of(asked, to), options_of(asked, found, to), why_of(asked, to))
        answers[asked.key] = said or ""
        found = base.understand(text, answers)
    return found


def tell_outside(lines: list[str], topics: tuple[str, ...], lang: str) -> None:
    """Say what a text speaks of that the base does not hold, after other lines."""
    for line in (*lines, *not_held(topics, Language(lang, Names()))):
        click.echo(line, err=True)


def profile_text(profile: Mapping[str, Any]) -> str:
    """A profile as YAML that `kb ask` reads."""
    return as_text(profile)


def _options(found: Understood, to: Language) -> list[tuple[str, str]]:
    return options_of(found.question, found, to) if found.question is not None else []


def _question(question: str, options: list[tuple[str, str]]) -> str:
    listed = [f"  {n}. {label}" for n, (_, label) in enumerate(options, 1)]
    return "\n".join([question, *listed])


def _typed(question: str, options: list[tuple[str, str]], why: str) -> str | None:
    """Ask at the terminal: a number, `!` for the reason, an empty line to leave it open."""
    return chosen(sys.stdin.readline, question, options, why)


def chosen(
    read: Callable[[], str], question: str, options: list[tuple[str, str]], why: str
) -> str | None:
    """Ask on standard error and read lines until one of them is an answer."""
    click.echo(_question(question, options), err=True)
    while True:
        click.echo("> ", err=True, nl=False)
        line = read()
        said = line.strip()
        if not line or said in ("", "?", "？", "q"):
            return None
        if said in ("!", "！"):
            click.echo(why, err=True)
            continue
        for n, (value, label) in enumerate(options, 1):
            if said in (str(n), value, label):
                return value
        click.echo(_question(question, options), err=True)
