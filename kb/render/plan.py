"""A filing plan in words: what comes before, then step by step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from kb.base.results import Certainty, Verdict
from kb.filing.plan import Plan
from kb.filing.steps import (
    CategoryAsked,
    HolidaysUnknown,
    PlanActor,
    PlanNote,
    PlanStep,
    Precondition,
    UntimedSteps,
)
from kb.lang.syntax import ranges
from kb.render.documents import cites, document_parts
from kb.render.language import Language
from kb.render.outline import Cited, Lead, Line, Mark, line
from kb.render.words import mark, word


def plan_lines(plan: Plan) -> Iterator[Line]:
    """A filing plan as lines."""
    to = Language(plan.lang, plan.names)
    yield line(0, _duration(plan, to))
    number_of = {step.id: n for n, step in enumerate(plan.steps, 1)}
    for duty in plan.preconditions:
        yield _precondition(duty, number_of.get(duty.before_step or ""), to)
    for category in plan.categories:
        yield from _category(category, to)
    for number, step in enumerate(plan.steps, 1):
        yield from _step(number, step, to)
    for title, actors in (
        (to.pick("申请备案", "files"), plan.files),
        (to.pick("承担责任", "answers"), plan.answers_for),
    ):
        if actors:
            yield line(0, f"{title}: {', '.join(actor_text(actor, to) for actor in actors)}")
    if plan.dates is not None:
        dates = plan.dates
        yield line(0, f"{dates.start} → {dates.earliest} – {dates.latest}")
    for note in plan.notes:
        yield line(2, Lead("· "), plan_note(note, to))
    for gap in plan.gaps:
        lead = to.pick("来源缺", "gap")
        yield line(2, f"… {lead}: {to.say(gap.what)}", Cited(f"{gap.source} {ranges(gap.lines)}"))


def _duration(plan: Plan, to: Language) -> str:
    if not plan.steps:
        return to.pick("没有已知的备案步骤", "no procedure is known")
    least, most = plan.working_days
    return to.pick(
        f"共 {least}–{most} 个工作日,另有 {plan.hours} 小时内须完成的核验",
        f"{least} to {most} working days, and a check within {plan.hours} hours",
    )


def _precondition(duty: Precondition, number: int | None, to: Language) -> Line:
    standing = word(duty.standing, to.lang)
    at = to.pick(f" (步骤 {number})", f" (step {number})") if number else ""
    return line(
        2,
        Mark(mark(duty.verdict)),
        f" {to.label('event', duty.event)}{at} {to.pick('之前', 'comes after')}: "
        f"{to.label('part', duty.part)} ({standing})",
        Cited(cites(duty.cites)),
    )


def _category(asked: CategoryAsked, to: Language) -> Iterator[Line]:
    lead = to.pick("服务类目", "category")
    named = asked.name or to.official("category", asked.category)
    yield line(2, Mark(mark(asked.verdict)), f" {lead}: {named}", Cited(cites(asked.cites)))
    if asked.verdict != Verdict.SATISFIED:
        for document in asked.missing:
            yield line(6, Mark(mark(document.verdict)), " ", *document_parts(document, to))


def _step(number: int, step: PlanStep, to: Language) -> Iterator[Line]:
    first, last = step.working_days or (0, 0)
    time = f" {first}–{last} {to.pick('个工作日', 'working days')}" * bool(last)
    time += f" {step.hours} {to.pick('小时内', 'hours')}" * bool(step.hours)
    ends = f"  {step.ends[0]} – {step.ends[1]}" if step.ends else ""
    label, actor = to.label("part", step.part), to.label("actor", step.actor)
    yield line(0, f"{number}. {label} — {actor}{time}{ends}", Cited(cites(step.cites)))
    for item in step.needs:
        doubt = " ?" if item.certainty == Certainty.PERHAPS else ""
        yield line(5, Lead("· "), f"{to.label('part', item.part)}{doubt}")
    for check in step.checks:
        yield line(5, Mark(mark(check.verdict)), f" {to.label('part', check.part)}")
    if step.on_failure:
        yield line(5, f"↺ {to.say(step.on_failure)}")
    if step.note:
        yield line(5, f"… {to.say(step.note)}")


def actor_text(actor: PlanActor, to: Language) -> str:
    """An actor with the text that names it."""
    open_ = to.pick(", 未定", ", perhaps") if actor.uncertain else ""
    return f"{to.label('actor', actor.actor)} ({actor.source}{open_})"


def plan_note(note: PlanNote, to: Language) -> str:
    """A note of a plan."""
    match note:
        case UntimedSteps():
            return to.pick(
                "来源没有给出时间的步骤(填写、核身、发布等)不计时间",
                "steps for which the source gives no time are counted as taking none",
            )
        case HolidaysUnknown(year):
            return to.pick(
                f"{year} 年的放假安排尚未收录,只扣除了周末",
                f"the holidays of {year} are not known yet: only weekends are left out",
            )
        case _:
            assert_never(note)
