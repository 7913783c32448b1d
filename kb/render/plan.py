"""A filing plan in words: what comes before, then step by step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from kb.base.results import Certainty, Verdict
from kb.filing.duty_papers import Demand, DutyPapers
from kb.filing.plan import Plan
from kb.filing.steps import (
    CategoryAsked,
    HolidaysUnknown,
    MaterialResult,
    PlanActor,
    PlanNote,
    PlanStep,
    Precondition,
    UntimedSteps,
)
from kb.lang.syntax import Cite
from kb.render.bans import bans_lines, service_forbidden
from kb.render.documents import document_parts
from kb.render.duties import not_due_yet
from kb.render.duty_days import days_lines
from kb.render.exemptions import exemptions_lines
from kb.render.language import Language
from kb.render.later import from_day, open_because, papers_text
from kb.render.outlays import outlay_lines
from kb.render.outline import EMPTY, Cited, Lead, Line, Mark, line
from kb.render.papers import papers_lines
from kb.render.words import kept, mark, word


def plan_lines(plan: Plan) -> Iterator[Line]:
    """A filing plan as lines."""
    to = Language(plan.lang, plan.names)
    yield from bans_lines(plan.bans, to)
    yield line(0, _duration(plan, to))
    number_of = {step.id: n for n, step in enumerate(plan.steps, 1)}
    papers = {each.part: each for each in plan.duty_papers}
    for duty in plan.preconditions:
        yield _precondition(duty, number_of.get(duty.before_step or ""), to)
        if duty.part in papers:
            yield kept_by(papers.pop(duty.part), to)
    for each in papers.values():
        yield from _duty(each, to)
    for category in plan.categories:
        yield from _category(category, to)
    for number, step in enumerate(plan.steps, 1):
        yield from _step(number, step, to)
    yield from materials_lines(plan.materials, to)
    yield from outlay_lines(plan.outlays, 0, to)
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
    yield from days_lines(plan.deadlines, to)
    yield from papers_lines(plan.papers, to)
    yield from exemptions_lines(plan.exemptions, to)
    for gap in plan.gaps:
        lead = to.pick("来源缺", "gap")
        yield line(2, f"… {lead}: {to.say(gap.what)}", Cited.of([Cite(gap.source, gap.lines)]))


def _duration(plan: Plan, to: Language) -> str:
    if not plan.steps:
        return to.pick("没有已知的备案步骤", "no procedure is known")
    zh = f",另有 {plan.hours} 小时内须完成的核验" if plan.hours else ""
    en = f", and a check within {plan.hours} hours" if plan.hours else ""
    if plan.working_days is None:
        return to.pick(f"要多少个工作日未知{zh}", f"working days: unknown{en}")
    least, most = plan.working_days
    if any(isinstance(note, UntimedSteps) for note in plan.notes):
        return to.pick(
            f"写明了时间的步骤共 {least}–{most} 个工作日{zh}",
            f"{least} to {most} working days for the steps with a stated time{en}",
        )
    return to.pick(f"共 {least}–{most} 个工作日{zh}", f"{least} to {most} working days{en}")


def _precondition(duty: Precondition, number: int | None, to: Language) -> Line:
    standing = word(duty.standing, to.lang)
    at = to.pick(f" (步骤 {number})", f" (step {number})") if number else ""
    event, part = to.label("event", duty.event), to.label("part", duty.part)
    state = kept(duty.verdict, to.lang)
    return line(
        2,
        Mark(mark(duty.verdict)),
        to.pick(
            f" {state}: {event}{at} 之前: {part} ({standing})",
            f" {state}: before {event}{at}: {part} ({standing})",
        ),
        Cited.of(duty.cites),
    )


def _duty(found: DutyPapers, to: Language) -> Iterator[Line]:
    """A duty that comes before no event and that a paper would keep."""
    lead, named = to.pick("义务", "duty"), to.label("part", found.part)
    state = kept(found.verdict, to.lang)
    sign = mark(found.verdict)
    if found.demand == Demand.LATER:
        sign, state = "·", not_due_yet(to)
    yield line(2, Mark(sign), f" {lead} {state}: {named}", Cited.of(found.cites))
    yield kept_by(found, to)


def kept_by(found: DutyPapers, to: Language) -> Line:
    """The papers that would keep a duty, and what leaves it open whether they are needed."""
    papers = papers_text(found.papers, True, to)
    more = ""
    if found.demand == Demand.PERHAPS:
        more = open_because(found, to)
    elif found.demand == Demand.LATER and found.day is not None:
        more = to.pick(",", ", ") + from_day(found.day, to)
    return line(6, to.pick(f"→ 有这份材料就算做到: {papers}{more}", f"→ met with: {papers}{more}"))


def _category(asked: CategoryAsked, to: Language) -> Iterator[Line]:
    lead = to.pick("服务类目", "category")
    named = asked.name or to.official("category", asked.category)
    if asked.in_vain:
        said = f" {lead}: {named} — {service_forbidden(to)}"
        yield line(2, Mark("⊘"), said, Cited.of(asked.cites))
        return
    yield line(2, Mark(mark(asked.verdict)), f" {lead}: {named}", Cited.of(asked.cites))
    if asked.verdict != Verdict.SATISFIED:
        for document in asked.missing:
            yield line(
                6,
                Mark(mark(document.verdict)),
                " ",
                *document_parts(document, to, among=asked.cites),
            )
        if asked.one_of_several and asked.missing:
            yield line(
                6,
                to.pick(
                    f"(只是几个方案中的一个;`kb show {named}` 列出全部)",
                    f"(one alternative of several; `kb show {named}` lists all)",
                ),
            )


def _step(number: int, step: PlanStep, to: Language) -> Iterator[Line]:
    time = ""
    if step.working_days:
        first, last = step.working_days
        time = to.pick(f" {first}–{last} 个工作日", f" {first}–{last} working days")
    if step.hours:
        time += to.pick(f" {step.hours} 小时内", f" within {step.hours} hours")
    time = time or to.pick(" 时间未知", " time unknown")
    ends = f"  {step.ends[0]} – {step.ends[1]}" if step.ends else ""
    label, actor = to.label("part", step.part), to.label("actor", step.actor)
    yield line(0, f"{number}. {label} — {actor}{time}{ends}", Cited.of(step.cites))
    for item in step.needs:
        yield line(5, Lead("· "), f"{to.label('part', item.part)}{_doubt(item.certainty, to)}")
    for check in step.checks:
        state = kept(check.verdict, to.lang)
        yield line(5, Mark(mark(check.verdict)), f" {state}: {to.label('part', check.part)}")
    if step.on_failure:
        yield line(5, f"↺ {to.say(step.on_failure)}")
    if step.note:
        yield line(5, f"… {to.say(step.note)}")


def _doubt(certainty: Certainty, to: Language) -> str:
    return to.pick(" (可能需要)", " (perhaps)") if certainty == Certainty.PERHAPS else ""


def materials_lines(materials: Iterable[MaterialResult], to: Language) -> Iterator[Line]:
    """What is to hand in, text by text, each part below what it belongs to."""
    depth: dict[str, int] = {}
    source = ""
    for each in materials:
        if each.source != source:
            source = each.source
            label = to.label("source", source)
            yield line(0, to.pick(f"备案要交的材料:《{label}》", f"to hand in: {label}"))
        depth[each.part] = depth.get(each.part_of or "", 0) + 2
        said = f"{to.label('part', each.part)}{_doubt(each.certainty, to)}"
        yield line(depth[each.part], Lead("· "), said, Cited.of(each.cites))


def filing_lines(plan: Plan, to: Language) -> Iterator[Line]:
    """Of a plan, what an answer must not pass over: what is to hand in, and what does not hold or
    is not known of what must hold."""
    if plan.materials:
        yield EMPTY
        yield from materials_lines(plan.materials, to)
    checks = [check for step in plan.steps for check in step.checks]
    failed = [check for check in checks if check.verdict == Verdict.MISSING]
    open_ = [check for check in checks if check.verdict == Verdict.UNDETERMINED]
    if not plan.steps:
        return
    yield EMPTY
    yield line(
        0,
        to.pick(
            f"备案步骤 {len(plan.steps)} 个 (`kb plan` 逐步列出)",
            f"filing: {len(plan.steps)} steps (`kb plan` lists them)",
        ),
    )
    for check in failed:
        state, what = kept(check.verdict, to.lang), to.label("part", check.part)
        yield line(2, Mark(mark(check.verdict)), f" {state}: {what}", Cited.of(check.cites))
    if open_:
        listed = to.pick("；", "; ").join(to.label("part", check.part) for check in open_)
        lead = to.pick("还没有说明是否做到", "not stated whether these hold")
        lines = _joined(cite for check in open_ for cite in check.cites)
        yield line(2, Mark("?"), f" {lead}: {listed}", Cited.of(lines))


def _joined(found: Iterable[Cite]) -> list[Cite]:
    """The lines of each source, once."""
    lines: dict[str, set[int]] = {}
    for cite in found:
        lines.setdefault(cite.source, set()).update(cite.lines)
    return [Cite(source, tuple(sorted(numbers))) for source, numbers in lines.items()]


def actor_text(actor: PlanActor, to: Language) -> str:
    """An actor with the text that names it."""
    open_ = to.pick(",未定", ", perhaps") if actor.uncertain else ""
    return f"{to.label('actor', actor.actor)} ({actor.source}{open_})"


def plan_note(note: PlanNote, to: Language) -> str:
    """A note of a plan."""
    match note:
        case UntimedSteps():
            return to.pick(
                "合计只含来源给出时间的步骤;其余步骤要多久未知",
                "the total is of the steps with a time; how long the others take is unknown",
            )
        case HolidaysUnknown(year):
            return to.pick(
                f"{year} 年的放假安排未知,只扣除了周末",
                f"the holidays of {year} are not known yet: only weekends are left out",
            )
        case _:
            assert_never(note)
