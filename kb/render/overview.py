"""An answer on one screen: what to provide and what to answer, and each category in a line.

What is folded here is counted at the end; `kb.render.answer` tells all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from kb.answers.answer import Answer
from kb.answers.bans import told_vain
from kb.answers.results import (
    CategoryResult,
    ObligationResult,
    Prohibited,
    ServiceProhibited,
    TextProhibits,
)
from kb.base.results import Standing, Verdict
from kb.filing.plan import Plan
from kb.lang.syntax import Cite
from kb.model.duty_rows import source_of
from kb.render.bans import service_forbidden
from kb.render.beside import assumed_lines, draft_lines
from kb.render.categories import choice_said, own_count
from kb.render.documents import category_name
from kb.render.duties import shown_by
from kb.render.duty_days import days_lines
from kb.render.entities import tallies_lines
from kb.render.exemptions import exemptions_lines
from kb.render.extent import known_line
from kb.render.language import Language
from kb.render.later import later_lines, perhaps_lines
from kb.render.outlays import spaced_outlays
from kb.render.outline import EMPTY, Cited, Lead, Line, Mark, line
from kb.render.papers import papers_lines
from kb.render.points import note_text
from kb.render.todo import text_standing, title_line, to_answer, to_provide
from kb.render.words import kept, mark, word

MOST_LISTED = 12
"""So many categories have a line each; of more, those with one verdict share a line."""


def overview_lines(answer: Answer) -> Iterator[Line]:
    """An answer in short."""
    to = Language(answer.lang, answer.names)
    yield title_line(answer, to)
    for prohibited in answer.prohibited:
        yield EMPTY
        yield _prohibited(prohibited, answer, to)
    yield from papers_lines(answer.papers, to)
    yield from days_lines(answer.deadlines, to)
    yield from exemptions_lines(answer.exemptions, to)
    yield from tallies_lines(answer.tallies, to)
    yield from to_provide(answer, to)
    yield from later_lines(answer, to)
    yield from perhaps_lines(answer, to)
    yield from spaced_outlays(answer.outlays, to)
    asked: set[str] = set()
    yield from to_answer(answer, to, asked)
    yield from assumed_lines(answer, to, asked)
    yield from _categories(answer, to)
    yield from _beside(answer, to)
    yield from draft_lines(answer, to, whole=False)
    yield from _folded(answer, to)
    yield from known_line(answer, to)


def _prohibited(prohibited: Prohibited, answer: Answer, to: Language) -> Line:
    lines = Cited.of(prohibited.cites)
    match prohibited:
        case ServiceProhibited(service):
            lead = word("not_supported", to.lang)
            return line(0, Mark("⊘"), f" {lead}: {to.label('service', service)}", lines)
        case TextProhibits(part):
            lead = to.pick("禁止", "prohibited")
            standing = text_standing(source_of(part), answer, to)
            what = to.label("part", part)
            return line(0, Mark("⊘"), f" {lead} ({standing}): {what}", lines)
        case _:
            assert_never(prohibited)


def _categories(answer: Answer, to: Language) -> Iterator[Line]:
    """A line for each category, or for each verdict where there are very many."""
    if not answer.categories:
        return
    yield EMPTY
    count = len(answer.categories)
    yield line(
        0, to.pick(f"类目 {count} 个:", "category:" if count == 1 else f"{count} categories:")
    )
    if count <= MOST_LISTED:
        for category in answer.categories:
            yield from _category(category, to)
        return
    by_verdict: dict[Verdict, list[str]] = {}
    for category in answer.categories:
        by_verdict.setdefault(category.verdict, []).append(category_name(category, to))
    for verdict, names in by_verdict.items():
        said = f" {word(verdict, to.lang)} ({len(names)}): {to.listed(names)}"
        yield line(2, Mark(mark(verdict)), said)


def _category(category: CategoryResult, to: Language) -> Iterator[Line]:
    """Its verdict, and what there is to choose from; of one that is closed, to whom it is open."""
    title = category_name(category, to)
    title += "" if to.zh else f" ({to.label('category', category.category)})"
    said = [word(category.verdict, to.lang)]
    vain = told_vain(category)
    if vain:
        said.append(service_forbidden(to))
    lacking = 0 if vain else len(category.missing)
    if category.verdict == Verdict.MISSING and lacking:
        papers = to.pick(f"还要 {lacking} 种材料", f"{lacking} more document{'s' * (lacking > 1)}")
        said.append(papers)
    if choice := choice_said(category, to):
        said.append(choice)
    several = own_count(category)
    if several > 1 and not vain:
        said.append(to.pick(f"{several} 个方案可选", f"{several} alternatives to choose from"))
    yield line(
        2,
        Mark(mark(category.verdict)),
        f" {title} — {to.pick(',', ', ').join(said)}",
        Cited.of(category.cites),
    )
    if category.verdict == Verdict.NOT_OPEN:
        for note in dict.fromkeys(note_text(note, to) for note in category.notes):
            yield line(6, Lead("· "), note)


def _beside(answer: Answer, to: Language) -> Iterator[Line]:
    """What is not kept or told in two ways, and the way through the filing."""
    rest: list[Line] = []
    for conflict in answer.conflicts:
        lead = to.pick("来源有不同说法", "readings differ")
        name = to.official("category", conflict.category)
        rest.append(line(2, Mark("?"), f" {lead}: {name}"))
    rest += _drafted(answer, to)
    for duty in answer.obligations:
        if duty.verdict in (Verdict.MISSING, Verdict.UNDETERMINED) and not _is_draft(duty, answer):
            said = f" {kept(duty.verdict, to.lang)}: {to.label('part', duty.part)}"
            standing = text_standing(source_of(duty.part), answer, to)
            shown = Cited.of(duty.cites)
            rest.append(line(2, Mark(mark(duty.verdict)), f"{said} ({standing})", shown))
            rest += shown_by(duty, to)
    for text in answer.texts:
        for forbidden in text.perhaps_forbids:
            lead = to.pick("应用在做的事,可能被它禁止", "the app does what it perhaps forbids")
            what = f" {lead}: {to.label('part', forbidden.part)}"
            rest.append(line(2, Mark("?"), what, Cited.of(forbidden.cites)))
    if answer.filing is not None:
        rest += _filing(answer.filing, to)
    if rest:
        yield EMPTY
        yield line(0, to.pick("义务与备案:", "duties and filing:"))
        yield from rest


def _is_draft(duty: ObligationResult, answer: Answer) -> bool:
    """Whether a duty is of a draft that was not asked to count."""
    source = source_of(duty.part)
    text = next(each for each in answer.texts if each.source == source)
    return text.standing == Standing.DRAFT and not answer.origin.drafts


def _drafted(answer: Answer, to: Language) -> Iterator[Line]:
    """The duties of each draft that are not kept, or perhaps not, in one line."""
    by_source: dict[str, list[ObligationResult]] = {}
    for duty in answer.obligations:
        if duty.verdict in (Verdict.MISSING, Verdict.UNDETERMINED) and _is_draft(duty, answer):
            by_source.setdefault(source_of(duty.part), []).append(duty)
    for source, duties in by_source.items():
        lines = sorted({n for duty in duties for cite in duty.cites for n in cite.lines})
        counts = [
            f"{kept(verdict, to.lang)} {count}"
            for verdict in (Verdict.MISSING, Verdict.UNDETERMINED)
            if (count := sum(duty.verdict == verdict for duty in duties))
        ]
        name, many = to.label("source", source), to.pick(",", ", ").join(counts)
        said = to.pick(
            f" 《{name}》(征求意见稿)若生效,义务中{many};不影响结论,`kb ask --all` 逐项列出",
            f" {name} (draft): of the duties that it would bring, {many}; no verdict hangs on "
            "them, `kb ask --all` lists each",
        )
        yield line(2, Mark("?"), said, Cited.of([Cite(source, tuple(lines))]))


def _filing(plan: Plan, to: Language) -> Iterator[Line]:
    checks = [check for step in plan.steps for check in step.checks]
    for check in checks:
        if check.verdict == Verdict.MISSING:
            broken = f" {kept(check.verdict, to.lang)}: {to.label('part', check.part)}"
            yield line(2, Mark("✗"), broken, Cited.of(check.cites))
    open_ = sum(check.verdict == Verdict.UNDETERMINED for check in checks)
    steps, materials = len(plan.steps), len(plan.materials)
    said = [to.pick(f"备案 {steps} 步", f"filing in {steps} steps")] if steps else []
    if materials:
        said.append(to.pick(f"要交的材料 {materials} 项", f"{materials} things to hand in"))
    if open_:
        said.append(to.pick(f"{open_} 项要求还没有说明是否做到", f"{open_} checks not stated"))
    if said:
        yield line(2, Lead("· "), f"{to.pick(',', ', ').join(said)}: `kb plan`")


def _folded(answer: Answer, to: Language) -> Iterator[Line]:
    """What is told in the whole answer only, in numbers."""
    alternatives = sum(len(category.alternatives) for category in answer.categories)
    notes = {note for category in answer.categories for note in category.notes}
    perhaps = [t for t in answer.texts if t.applies is None]
    counted = (
        (alternatives, "方案 {} 个", "{} alternative{s}"),
        (len(notes), "类目说明 {} 条", "{} note{s} on categories"),
        (len(answer.obligations), "义务 {} 项", "{} dut{ies}"),
        (len(perhaps), "可能适用而不影响结论的文件 {} 份", "{} text{s} that perhaps appl{y}"),
        (len(answer.remarks), "来源说明 {} 条", "{} remark{s} on sources"),
    )
    said = [
        to.pick(zh, en).format(
            count,
            s="" if count == 1 else "s",
            ies="y" if count == 1 else "ies",
            y="ies" if count == 1 else "y",
        )
        for count, zh, en in counted
        if count
    ]
    if said:
        yield EMPTY
        yield line(
            0,
            to.pick("另有(`kb ask --all` 全部列出): ", "also (`kb ask --all` tells all): ")
            + to.listed(said),
        )
