"""An answer in words: a tree that reads well in a terminal, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from kb.answers.answer import Answer
from kb.answers.results import (
    Breach,
    CategoryResult,
    ObligationResult,
    Prohibited,
    ServiceProhibited,
    SourceSays,
    TextProhibits,
    TextResult,
)
from kb.base.results import Verdict
from kb.filing.duty_days import DayKind
from kb.lang.syntax import Cite, ranges
from kb.model.duty_rows import source_of
from kb.render.beside import assumed_lines, draft_lines
from kb.render.categories import category_lines
from kb.render.documents import cites
from kb.render.duties import not_due_yet, shown_by
from kb.render.duty_days import day_text, days_lines
from kb.render.entities import tallies_lines
from kb.render.exemptions import exemptions_lines
from kb.render.extent import known_lines
from kb.render.language import Language
from kb.render.later import later_lines, perhaps_lines
from kb.render.outlays import spaced_outlays
from kb.render.outline import EMPTY, Cited, Lead, Line, Mark, line
from kb.render.papers import papers_lines
from kb.render.plan import filing_lines
from kb.render.points import note_text, open_text
from kb.render.todo import (
    fresh_questions,
    named_categories,
    question_line,
    text_standing,
    text_title,
    title_line,
    to_answer,
    to_provide,
)
from kb.render.words import kept, mark, word


def answer_lines(answer: Answer) -> Iterator[Line]:
    """The whole answer, with the lines of the source behind every part."""
    to = Language(answer.lang, answer.names)
    yield title_line(answer, to)
    yield from prohibited_lines(answer, to)
    asked: set[str] = set()
    yield from papers_lines(answer.papers, to)
    yield from days_lines(answer.deadlines, to)
    yield from exemptions_lines(answer.exemptions, to)
    yield from tallies_lines(answer.tallies, to)
    yield from to_provide(answer, to)
    yield from later_lines(answer, to)
    yield from perhaps_lines(answer, to)
    yield from spaced_outlays(answer.outlays, to)
    yield from to_answer(answer, to, asked)
    yield from assumed_lines(answer, to, asked)
    yield from category_blocks(answer, to)
    yield from beside_lines(answer, to, asked)
    yield from known_lines(answer, to)


def prohibited_lines(answer: Answer, to: Language) -> Iterator[Line]:
    """What is forbidden, with what follows."""
    for prohibited in answer.prohibited:
        yield EMPTY
        yield from _prohibited(prohibited, answer, to)


def category_blocks(answer: Answer, to: Language) -> Iterator[Line]:
    """Each category with its alternatives; what is said among the open points is left out. What a
    source says of several is told with the first of them, with their names."""
    said: dict[str, list[str]] = {}
    for category in answer.categories:
        for text in _remarks_on(category, to):
            said.setdefault(text, []).append(category.category)
    shared = {
        text: f"  ← {named_categories(among, answer, to)}"
        for text, among in said.items()
        if len(among) > 1
    }
    told: set[str] = set()
    for category in answer.categories:
        yield EMPTY
        open_ = {
            open_text(point.what, to)
            for point in answer.undetermined
            if category.category in point.categories
        }
        yield from category_lines(category, to, open_ | told, shared)
        told.update(shared.keys() & _remarks_on(category, to).keys() - open_)


def _remarks_on(category: CategoryResult, to: Language) -> dict[str, None]:
    """What the sources say of a category, each once."""
    notes = (note for note in category.notes if isinstance(note, SourceSays))
    return dict.fromkeys(note_text(note, to) for note in notes)


def beside_lines(answer: Answer, to: Language, asked: set[str]) -> Iterator[Line]:
    """What an answer tells beside categories: duties, filing, conflicts, texts that perhaps apply,
    and what the sources say of themselves; without the questions that were `asked` before."""
    yield from _obligations(answer, to)
    if answer.filing is not None:
        yield from filing_lines(answer.filing, to)
    yield from _conflicts(answer, to)
    yield from draft_lines(answer, to, whole=True)
    yield from _perhaps(answer, to, asked)
    yield from _remarks(answer, to)


def _conflicts(answer: Answer, to: Language) -> Iterator[Line]:
    """Readings that differ, with the verdict that each comes to."""
    for conflict in answer.conflicts:
        yield EMPTY
        lead = to.pick("来源有不同说法", "readings differ")
        yield line(0, f"⚡ {lead}: {to.official('category', conflict.category)}")
        for reading in conflict.readings:
            yield line(
                4,
                f"{cites([reading.cite])}: ",
                Mark(mark(reading.verdict)),
                f" {word(reading.verdict, to.lang)}",
            )


def _prohibited(prohibited: Prohibited, answer: Answer, to: Language) -> Iterator[Line]:
    """A service that the platform does not carry, or what a text forbids, with its standing."""
    lines = Cited.of(prohibited.cites)
    match prohibited:
        case ServiceProhibited():
            advice = word("remove", to.lang) if prohibited.advice == "remove" else ""
            named = to.label("service", prohibited.service)
            what = ", ".join(filter(None, (named, advice)))
            yield line(0, Mark("⊘"), f" {word('not_supported', to.lang)}: {what}", lines)
        case TextProhibits():
            standing = text_standing(source_of(prohibited.part), answer, to)
            lead = to.pick("禁止", "prohibited")
            what = to.label("part", prohibited.part)
            yield line(0, Mark("⊘"), f" {lead} ({standing}): {what}", lines)
            if prohibited.note:
                yield line(6, Lead("· "), to.say(prohibited.note))
            breach = _breach(prohibited.breach, to)
            if breach:
                yield line(6, f"↳ {to.pick('违反后果', 'on breach')}: {breach}")
        case _:
            assert_never(prohibited)


def _text(source: str, answer: Answer) -> TextResult:
    return next(text for text in answer.texts if text.source == source)


def _breach(breaches: tuple[Breach, ...], to: Language) -> str:
    """What follows when a duty or a prohibition is not kept."""
    said = []
    for breach in breaches:
        deadline = f" ({to.say(breach.deadline)})" if breach.deadline else ""
        said.append(f"{to.label('part', breach.part)}{deadline} [{ranges(breach.cite.lines)}]")
    return to.pick("；", "; ").join(said)


def _obligations(answer: Answer, to: Language) -> Iterator[Line]:
    """Duties under the text that states them, each text with its standing."""
    texts: dict[str, list[ObligationResult]] = {}
    for duty in answer.obligations:
        texts.setdefault(source_of(duty.part), []).append(duty)
    for source, duties in texts.items():
        yield EMPTY
        title = text_title(source, answer, to)
        yield line(0, to.pick(f"义务:{title}", f"duties under {title}"))
        told = ""
        for duty in duties:
            breach = _breach(duty.breach, to) if duty.verdict == Verdict.MISSING else ""
            yield from _duty(duty, "" if breach == told else breach, to)
            told = breach or told
        for gap in _text(source, answer).gaps:
            lead = to.pick("来源缺", "gap")
            yield line(
                2,
                f"… {lead}: {to.say(gap.what)}",
                Cited(ranges(gap.lines), cites=(Cite(source, gap.lines),)),
            )


def _perhaps(answer: Answer, to: Language, asked: set[str]) -> Iterator[Line]:
    """Texts that perhaps apply and bear on no verdict, what they perhaps forbid, and what would
    tell."""
    for text in answer.texts:
        if text.applies is not None and not text.perhaps_forbids:
            continue
        title = text_title(text.source, answer, to)
        yield EMPTY
        yield line(
            0,
            to.pick(
                f"可能适用,不影响结论:{title}",
                f"perhaps applies, no verdict hangs on it: {title}",
            )
            if text.applies is None
            else to.pick(
                f"适用,其中的禁止不影响结论:{title}",
                f"applies, no verdict hangs on what it forbids: {title}",
            ),
        )
        for forbidden in text.perhaps_forbids:
            lead = to.pick("应用在做的事,可能被它禁止", "the app does what it perhaps forbids")
            what = to.label("part", forbidden.part)
            yield line(2, Mark("?"), f" {lead}: {what}", Cited.of(forbidden.cites))
        yield from fresh_questions([question_line(each, to) for each in text.ask], asked)


def _remarks(answer: Answer, to: Language) -> Iterator[Line]:
    """What the sources say of themselves, each once."""
    if not answer.remarks:
        return
    yield EMPTY
    yield line(0, to.pick("来源说明:", "about the sources:"))
    source = ""
    for each in answer.remarks:
        if each.source != source:
            source = each.source
            yield line(2, to.pick(f"《{to.label('source', source)}》", to.label("source", source)))
        lines = Cited.of([Cite(source, each.remark.lines)])
        yield line(6, Lead("· "), to.say(each.remark), lines)


def _duty(duty: ObligationResult, breach: str, to: Language) -> Iterator[Line]:
    """A duty, what the source leaves open of it, and what follows on a breach."""
    lines = Cited(
        ranges(tuple(n for cite in duty.cites for n in cite.lines)), cites=tuple(duty.cites)
    )
    what = to.label("part", duty.part)
    if duty.verdict == Verdict.NONE_STATED:
        how = to.pick("来源没有说如何算做到", "what shows it is not said")
        yield line(2, Lead("· "), f"{what} — {how}", lines)
    elif duty.not_yet_due:
        told = [not_due_yet(to)]
        told += [day_text(day, to) for day in duty.days if day.kind == DayKind.DUE]
        yield line(2, Mark("·"), f" {to.pick(',', ', ').join(told)}: {what}", lines)
    else:
        yield line(2, Mark(mark(duty.verdict)), f" {kept(duty.verdict, to.lang)}: {what}", lines)
        yield from shown_by(duty, to)
    if duty.note:
        yield line(6, Lead("· "), to.say(duty.note))
    if breach:
        yield line(6, f"↳ {to.pick('违反后果', 'on breach')}: {breach}")
