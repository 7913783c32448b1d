"""The renderer that `kb.api` installs: for every result its lines, its JSON and its `repr`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, assert_never

from kb.answers.answer import Answer
from kb.answers.bundles import Bundles
from kb.compare.analysis import Analysis
from kb.compare.replay import Replay
from kb.compare.results import Changes
from kb.compare.ways_out import WaysOut
from kb.compare.what_if import WhatIf
from kb.explain.why import Why
from kb.explain.why_not import WhyNot
from kb.filing.plan import Plan
from kb.interview.question import Question
from kb.model.data import Json
from kb.query.provisions import ShownProvision
from kb.query.results import Hit, Hits, ShownCategory
from kb.query.things import ShownApplicant, ShownDocument, ShownService, ShownSource, ShownThing
from kb.render import outline
from kb.render.analysis import analysis_json, analysis_lines
from kb.render.answer_html import answer_html
from kb.render.answer_json import answer_json
from kb.render.answer_words import lines_of, short_of
from kb.render.bundles import bundles_json, bundles_lines
from kb.render.changes import changes_lines
from kb.render.changes_json import changes_json
from kb.render.outline import Line, visible
from kb.render.plan import plan_lines
from kb.render.plan_json import plan_json
from kb.render.questions import question_json, question_lines
from kb.render.replay import replay_json, replay_lines
from kb.render.results_html import bundles_html, changes_html, hits_html, why_not_html
from kb.render.show import hit_lines, shown_lines
from kb.render.show_json import hit_json, shown_json
from kb.render.terminal import terminal
from kb.render.things import thing_json, thing_lines
from kb.render.ways_out import ways_out_json, ways_out_lines
from kb.render.what_if import what_if_json, what_if_lines
from kb.render.why import why_json, why_lines
from kb.render.why_not import why_not_json, why_not_lines


class Words:
    """Chinese and English words for results."""

    def text(self, result: Result, length: str = "long") -> str:
        return outline.text(lines(result, length))

    def terminal(self, result: Result, width: int, colour: bool, length: str = "long") -> str:
        return terminal(lines(result, length), width, colour)

    def html(self, result: Result, length: str = "long") -> str:
        return html(result, length)

    def markdown(self, result: Result) -> str:
        return outline.markdown(lines(result))

    def json(self, result: Result) -> Any:
        return json(result)

    def short(self, result: Result) -> str:
        return visible(short(result))


Compared = Analysis | Replay | WaysOut | WhatIf
Shown = ShownCategory | ShownThing | Hit | Hits
Result = Answer | Bundles | Changes | Plan | Question | Shown | Compared | Why | WhyNot


def lines(result: Result, length: str = "long") -> Iterable[Line]:
    """A result as lines; `length` is one of `LENGTHS` and matters to answers and explanations."""
    match result:
        case Analysis():
            return analysis_lines(result)
        case Answer():
            return lines_of(result, length)
        case Bundles():
            return bundles_lines(result)
        case Changes():
            return changes_lines(result)
        case Plan():
            return plan_lines(result)
        case WhatIf():
            return what_if_lines(result)
        case WaysOut():
            return ways_out_lines(result)
        case ShownCategory():
            return shown_lines(result)
        case ShownService() | ShownDocument() | ShownApplicant() | ShownSource() | ShownProvision():
            return thing_lines(result)
        case Hit():
            return hit_lines(result)
        case Hits():
            return (each for hit in result.hits for each in hit_lines(hit))
        case Why():
            return why_lines(result, length)
        case WhyNot():
            return why_not_lines(result, length)
        case Question():
            return question_lines(result)
        case Replay():
            return replay_lines(result)
        case _:
            assert_never(result)


def html(result: Result, length: str = "long") -> str:
    """A result as HTML: tables where things are compared, else its lines as lists that fold."""
    match result:
        case Answer():
            return answer_html(result)
        case Bundles():
            return bundles_html(result)
        case Changes():
            return changes_html(result)
        case WhyNot() if length != "short":
            return why_not_html(result, length)
        case Hits():
            return hits_html(result.hits, result.lang)
        case _:
            return outline.html(lines(result, length))


def json(result: Result) -> Json | list[Json]:
    """A result as JSON."""
    match result:
        case Analysis():
            return analysis_json(result)
        case Answer():
            return answer_json(result)
        case Bundles():
            return bundles_json(result)
        case Changes():
            return changes_json(result)
        case Plan():
            return plan_json(result)
        case WhatIf():
            return what_if_json(result)
        case WaysOut():
            return ways_out_json(result)
        case ShownCategory():
            return shown_json(result)
        case ShownService() | ShownDocument() | ShownApplicant() | ShownSource() | ShownProvision():
            return thing_json(result)
        case Hit():
            return hit_json(result)
        case Hits():
            return [hit_json(hit) for hit in result.hits]
        case Why():
            return why_json(result)
        case WhyNot():
            return why_not_json(result)
        case Question():
            return question_json(result)
        case Replay():
            return replay_json(result)
        case _:
            assert_never(result)


def short(result: Result) -> str:
    """A result in one short line."""
    match result:
        case Analysis():
            gaps = len(result.gaps)
            return f"<kb.Analysis {result.category}: {gaps} gaps, {result.classes} classes>"
        case Answer():
            return short_of(result)
        case Bundles():
            return f"<kb.Bundles {result.by}: {len(result.bundle.documents)} documents>"
        case Changes():
            flips = "" if result.apps is None else f", {len(result.apps)} flips"
            return (
                f"<kb.Changes {result.first} to {result.last}: "
                f"{len(result.categories)} categories{flips}>"
            )
        case Plan():
            most = result.working_days[1] if result.working_days else "unknown"
            return f"<kb.Plan {len(result.steps)} steps, {most} working days>"
        case WhatIf():
            return (
                f"<kb.WhatIf {result.today.app.name}: {result.today.verdict}, "
                f"then {result.then.verdict}>"
            )
        case WaysOut():
            return f"<kb.WaysOut {result.app.name}: {result.verdict}, {len(result.ways)} ways>"
        case ShownCategory():
            return f"<kb.ShownCategory {result.category}: {len(result.versions)} versions>"
        case ShownService():
            return f"<kb.ShownService {result.service}: {len(result.places)} categories>"
        case ShownDocument():
            return f"<kb.ShownDocument {result.document}: {len(result.uses)} categories>"
        case ShownApplicant():
            return f"<kb.ShownApplicant {result.applicant}: {len(result.open)} sources>"
        case ShownProvision():
            return f"<kb.ShownProvision {result.provision.id}: {result.certainty or 'no'}>"
        case ShownSource():
            return f"<kb.ShownSource {result.source.id}: {len(result.categories)} categories>"
        case Hit():
            return f"<kb.Hit {result.kind} {result.id}: {result.zh}>"
        case Hits():
            return f"<kb.Hits {len(result.hits)}>"
        case Why():
            return f"<kb.Why {result.proof.fact}: height {result.proof.height}>"
        case WhyNot():
            more = "" if result.complete else " or more"
            return f"<kb.WhyNot {result.fact}: {len(result.explained)} repairs{more}>"
        case Question():
            return f"<kb.Question {result.subject}: {len(result.options)} options>"
        case Replay():
            said = "the same answer" if result.same else "another answer"
            return f"<kb.Replay {result.answer.app.name}, {result.answer.as_of}: {said}>"
        case _:
            assert_never(result)
