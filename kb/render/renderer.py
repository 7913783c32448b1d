"""The renderer that `kb.api` installs: for every result its lines, its JSON and its `repr`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, assert_never

from kb.answers.answer import Answer
from kb.answers.bundles import Bundles
from kb.filing.plan import Plan
from kb.render import outline
from kb.render.answer import answer_lines
from kb.render.answer_json import answer_json
from kb.render.bundles import bundles_json, bundles_lines
from kb.render.outline import Line
from kb.render.plan import plan_lines
from kb.render.plan_json import plan_json
from kb.render.shared_json import Json


class Words:
    """Chinese and English words for results."""

    def text(self, result: Result) -> str:
        return outline.text(lines(result))

    def html(self, result: Result) -> str:
        return outline.html(lines(result))

    def markdown(self, result: Result) -> str:
        return outline.markdown(lines(result))

    def json(self, result: Result) -> Any:
        return json(result)

    def short(self, result: Result) -> str:
        return short(result)


Result = Answer | Bundles | Plan


def lines(result: Result) -> Iterable[Line]:
    """A result as lines."""
    match result:
        case Answer():
            return answer_lines(result)
        case Bundles():
            return bundles_lines(result)
        case Plan():
            return plan_lines(result)
        case _:
            assert_never(result)


def json(result: Result) -> Json:
    """A result as JSON."""
    match result:
        case Answer():
            return answer_json(result)
        case Bundles():
            return bundles_json(result)
        case Plan():
            return plan_json(result)
        case _:
            assert_never(result)


def short(result: Result) -> str:
    """A result in one short line."""
    match result:
        case Answer():
            count = len(result.categories)
            return (
                f"<kb.Answer {result.app.name}: {result.verdict}, {result.as_of}, "
                f"{count} categories>"
            )
        case Bundles():
            return f"<kb.Bundles {result.by}: {len(result.bundle.documents)} documents>"
        case Plan():
            return f"<kb.Plan {len(result.steps)} steps, {result.working_days[1]} working days>"
        case _:
            assert_never(result)
