"""Words for answers alone: what `kb ask` shows, without the words of every other result."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kb.answers.answer import Answer
from kb.render import outline
from kb.render.answer import answer_lines
from kb.render.answer_html import answer_html
from kb.render.answer_json import answer_json
from kb.render.outline import Line, visible
from kb.render.overview import overview_lines
from kb.render.terminal import terminal


class AnswerWords:
    """Chinese and English words for answers; see `kb.base.rendered.Renderer`."""

    def text(self, result: Answer, length: str = "long") -> str:
        return outline.text(lines_of(result, length))

    def terminal(self, result: Answer, width: int, colour: bool, length: str = "long") -> str:
        return terminal(lines_of(result, length), width, colour)

    def html(self, result: Answer, length: str = "long") -> str:
        return answer_html(result)

    def markdown(self, result: Answer) -> str:
        return outline.markdown(lines_of(result))

    def json(self, result: Answer) -> Any:
        return answer_json(result)

    def short(self, result: Answer) -> str:
        return visible(short_of(result))


def lines_of(answer: Answer, length: str = "long") -> Iterable[Line]:
    """An answer as lines: `short` fits on a screen."""
    return overview_lines(answer) if length == "short" else answer_lines(answer)


def short_of(answer: Answer) -> str:
    """An answer in one short line."""
    count = len(answer.categories)
    return f"<kb.Answer {answer.app.name}: {answer.verdict}, {answer.as_of}, {count} categories>"
