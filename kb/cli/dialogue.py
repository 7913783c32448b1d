"""The interview in a terminal: questions go out, lines come in."""

from __future__ import annotations

import re
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.cli.context import Context, app_of, echo_json, echo_text, problem, refusals, tell, worded
from kb.cli.words import chosen, clarified, profile_text
from kb.interview.interview import Interview
from kb.interview.option_tree import OptionTree, opened
from kb.model.days import date
from kb.model.writing import write_output
from kb.render.clarify import taken_as
from kb.render.language import Language
from kb.render.outline import text
from kb.render.questions import screen_lines, why_lines

if TYPE_CHECKING:
    from kb.api import KnowledgeBase
    from kb.interview.question import Question
    from kb.model.apps import App

SEPARATOR = re.compile("[,，、;；]")
NONE = ("none", "无", "-")
Screen = tuple[OptionTree, ...]


def converse(
    context: Context, app: str | None, output: str | None, force: bool, session: str | None
) -> int:
    """Ask until nothing open can change the verdict, and write the answer; its exit code."""
    if output and not force:
        _may_write(output, context.lang)
    base = context.base()
    if session and Path(session).exists():
        given = click.get_current_context().get_parameter_source("lang")
        chosen = context.lang if given == click.core.ParameterSource.COMMANDLINE else None
        talk = Interview.resume(base, session, context.as_of, chosen)
        if app and app_of(base, app) != talk.start:
            raise problem(
                "interview",
                f"`{session}` is about another profile than `{app}`",
                "leave the profile out to go on, or name another session",
            )
    else:
        talk = base.interview(app_of(base, app) if app else None, lang=context.lang)
    _talk(base, talk, session)
    answer = base.ask(talk.app, date(talk.as_of), lang=talk.lang)
    if output:
        write_output(output, profile_text(talk.profile))
        tell(f"profile written to {output}", context.lang)
    if context.form == "json":
        echo_json({"profile": talk.profile, "answer": answer.to_dict()})
    elif not talk.app.services and not talk.app.other_services:
        tell("nothing is chosen yet, so there is no verdict", context.lang)
    else:
        echo_text(answer, context, "short")
    return answer.exit_code


def _may_write(output: str, lang: str) -> None:
    """Ask whether a file may be written over; somebody who can not be asked has to say so."""
    if not Path(output).exists():
        return
    if sys.stdin.isatty():
        tell(f"`{output}` is there already: write over it? [y/N]", lang, nl=False)
        if sys.stdin.readline().strip().lower() in ("y", "yes", "是"):
            return
    raise problem("output", f"`{output}` is there already", "name a new file, or say --force")


def _talk(base: KnowledgeBase, talk: Interview, session: str | None) -> None:
    """Questions go to standard error, so that what is piped is the answer."""
    to = Language(talk.lang, base.facts.names)
    shown: Screen | None = None
    inside = False
    while (question := talk.question) is not None:
        if shown is None:
            shown, inside = question.listed, False
            click.echo(f"\n[{len(talk.replies) + 1}] {question}", err=True)
        click.echo("> ", err=True, nl=False)
        line = sys.stdin.readline()
        said = line.strip()
        if not line or said == "q":
            break
        if inside and said == "<":
            shown = None
            continue
        tree = numbered(shown, said)
        if tree is not None and tree.narrower:
            shown, inside = opened(tree), True
            click.echo(text(screen_lines(shown, to)), err=True)
            continue
        listed, shown = shown, None
        try:
            if said == "<":
                talk.back()
            elif said in ("!", "！"):
                click.echo("\n".join(why_lines(talk.reasons, to)), err=True)
            elif question.kind == "services" and said and not _named(base, said):
                talk.describe(_described(base, said, to))
            else:
                talk.answer(reply(question, said, listed))
        except refusals() as found:
            click.echo(worded(found, talk.lang), err=True)
        if session:
            talk.save(session)


def _named(base: KnowledgeBase, line: str) -> bool:
    """Whether a line names services, one or several, or is an answer of another kind."""
    if line in ("?", "？", *NONE):
        return True
    find = base.facts.names.find
    parts = [p.strip() for p in SEPARATOR.split(line) if p.strip()]
    return all(find("service", part) for part in parts) or find("service", line) is not None


def _described(base: KnowledgeBase, text: str, to: Language) -> App:
    """What own words are understood as, by two or three questions where they are not clear."""
    found = clarified(base, text, to, partial(chosen, sys.stdin.readline))
    for line in taken_as(found, to, asked=True):
        click.echo(line, err=True)
    return base.app({**found.profile, "name": "app"})


def numbered(listed: Screen, said: str) -> OptionTree | None:
    """What a number of a screen stands for."""
    if said.isdecimal() and 0 < int(said) <= len(listed):
        return listed[int(said) - 1]
    return None


def reply(question: Question, line: str, listed: Screen | None = None) -> Any:
    """What a line typed at a question means; numbers are those of the screen that is shown."""
    if line in ("?", "？", ""):
        return None
    ids = [term.id for term in question.options]
    labels = {*ids, *(term.label(question.lang) for term in question.options)}
    if (question.several or question.kind == "parties") and line in NONE and line not in labels:
        return []
    # A label may hold a comma itself.
    parts = [line] if line in labels else [p.strip() for p in SEPARATOR.split(line) if p.strip()]
    screen = question.listed if listed is None else listed
    chosen = [(part, numbered(screen, part)) for part in parts]
    named = [tree.option.id if tree and tree.option else part for part, tree in chosen]
    if not named:
        return None
    return named if question.several or question.kind == "parties" else named[0]
