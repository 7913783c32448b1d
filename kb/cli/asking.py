"""Answers about a profile from the shipped facts, without what all other questions would load."""

from __future__ import annotations

from pathlib import Path

from kb.answers.answer import Answer
from kb.answers.ask import answer
from kb.base.checked import read_checked, write_checked
from kb.base.core import Core
from kb.base.loading import load_facts, read_rules
from kb.base.rendered import Rendered
from kb.cli.context import Context, settle
from kb.lang.problems import Problems
from kb.render.answer_words import AnswerWords


def shipped_core(context: Context, engine: str) -> Core:
    """The shipped facts and rules: less to load than `Context.base`. Raises `Problems`."""
    if Rendered.renderer is None:
        Rendered.install(AnswerWords())
    facts = load_facts()
    program = read_checked(facts)
    rules = program.rules if program is not None else read_rules()
    core = Core(facts, rules, as_of=context.as_of, engine=engine, program=program)
    if program is None:
        write_checked(core)
    settle()
    return core


def answer_of(base: Core, path: Path, drafts: bool, lang: str, warn_days: int) -> Answer | None:
    """The answer about the profile of a file. None where something is wrong with it: what is told
    of that takes the whole base, which proposes names by people's own words."""
    try:
        app = base.app(path)
    except Problems:
        return None
    return answer(base, app, base.day(), drafts, lang, warn_days)
