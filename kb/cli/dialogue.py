"""The interview in a terminal: questions go out, lines come in."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.cli.context import Context, app_of, echo_json, echo_text, problem, refusals
from kb.interview.interview import Interview
from kb.model.days import date
from kb.model.writing import write_output
from kb.model.yamlread import as_text

if TYPE_CHECKING:
    from kb.interview.question import Question

SEPARATOR = re.compile("[,，、;；]")
NONE = ("none", "无", "-")


def converse(context: Context, app: str | None, output: str | None, session: str | None) -> int:
    """Ask until nothing open can change the verdict, and write the answer; its exit code."""
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
    _talk(talk, session)
    answer = base.ask(talk.app, date(talk.as_of), lang=talk.lang)
    if output:
        write_output(output, profile_text(talk.profile))
        click.echo(f"profile written to {output}", err=True)
    if context.form == "json":
        echo_json({"profile": talk.profile, "answer": answer.to_dict()})
    else:
        echo_text(answer, context, "short")
    return answer.exit_code


def _talk(talk: Interview, session: str | None) -> None:
    """Questions go to standard error, so that what is piped is the answer."""
    while (question := talk.question) is not None:
        click.echo(f"\n[{len(talk.replies) + 1}] {question}", err=True)
        click.echo("> ", err=True, nl=False)
        line = sys.stdin.readline()
        if not line or line.strip() == "q":
            break
        try:
            if line.strip() == "<":
                talk.back()
            else:
                talk.answer(reply(question, line.strip()))
        except refusals() as found:
            click.echo(str(found), err=True)
        if session:
            talk.save(session)


def reply(question: Question, line: str) -> Any:
    """What a line typed at a question means."""
    if line in ("?", "？", ""):
        return None
    ids = [term.id for term in question.options]
    labels = {*ids, *(term.label(question.lang) for term in question.options)}
    if question.several and line in NONE and line not in labels:
        return []
    # A label may hold a comma itself.
    parts = [line] if line in labels else [p.strip() for p in SEPARATOR.split(line) if p.strip()]
    named = [
        ids[int(part) - 1] if part.isdecimal() and ids and 0 < int(part) <= len(ids) else part
        for part in parts
    ]
    if not named:
        return None
    return named if question.several else named[0]


def profile_text(profile: Mapping[str, Any]) -> str:
    """A profile as YAML that `kb ask` reads."""
    return as_text(profile)
