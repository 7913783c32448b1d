"""An answer in words: a tree that reads well in a terminal, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from kb.answers.answer import Answer
from kb.answers.results import (
    AlternativeResult,
    Breach,
    CategoryResult,
    ObligationResult,
    Prohibited,
    ServiceProhibited,
    TextProhibits,
    TextResult,
)
from kb.base.results import AttributeQuestion, DocumentQuestion, Question, Verdict
from kb.lang.syntax import ranges
from kb.render.documents import category_name, cites, document_parts
from kb.render.language import Language
from kb.render.outline import EMPTY, Cited, Lead, Line, Mark, line
from kb.render.points import note_text, open_text, question_text
from kb.render.words import mark, word


def answer_lines(answer: Answer) -> Iterator[Line]:
    """The whole answer, with the lines of the source behind every part."""
    to = Language(answer.lang, answer.names)
    yield line(
        0,
        f"{answer.app.name} · {answer.as_of} · ",
        Mark(mark(answer.verdict)),
        f" {word(answer.verdict, to.lang)}",
    )
    for prohibited in answer.prohibited:
        yield EMPTY
        yield from _prohibited(prohibited, answer, to)
    for category in answer.categories:
        yield EMPTY
        yield from _category(category, to)
    yield from _bundle(answer, to)
    yield from _obligations(answer, to)
    yield from _perhaps(answer, to)
    yield from _conflicts(answer, to)
    yield from _undetermined(answer, to)


def _bundle(answer: Answer, to: Language) -> Iterator[Line]:
    """What is still to provide."""
    if not answer.categories or not answer.bundle.documents:
        return
    yield EMPTY
    yield line(
        0,
        to.pick(
            "还需提供(全部类目合计,共用的只算一次):",
            "still to provide (over all categories, shared documents once):",
        ),
    )
    for needed in answer.bundle.documents:
        yield line(2, Lead("· "), *document_parts(needed, to))
    if answer.bundle.unknown:
        names = "、".join(to.official("category", each) for each in answer.bundle.unknown)
        yield line(
            2,
            to.pick(
                f"(不含来源没有说明要求的类目:{names})",
                f"(without categories of which no source tells what they ask for: {names})",
            ),
        )
    elif not answer.bundle.optimal:
        yield line(2, to.pick("(未证明为最少)", "(not proven to be the fewest)"))


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


def _undetermined(answer: Answer, to: Language) -> Iterator[Line]:
    """What stays open, and what to answer."""
    if not answer.undetermined:
        return
    yield EMPTY
    yield line(0, to.pick("尚不能确定:", "not determined:"))
    for point in answer.undetermined:
        shown = [Cited(cites(point.cites))] if point.cites else []
        yield line(2, Mark("?"), f" {open_text(point.what, to)}", *shown)
        if point.ask:
            yield line(6, f"→ {question_text(point.ask, to)}  ({asked_of(point.ask)})")


def asked_of(question: Question) -> str:
    """The key of a profile that a question is about."""
    match question:
        case AttributeQuestion(attribute):
            return attribute
        case DocumentQuestion():
            return "holds"
        case _:
            assert_never(question)


def _prohibited(prohibited: Prohibited, answer: Answer, to: Language) -> Iterator[Line]:
    """A service that the platform does not carry, or what a text forbids, with its standing."""
    lines = Cited(cites(prohibited.cites))
    match prohibited:
        case ServiceProhibited():
            advice = word("remove", to.lang) if prohibited.advice == "remove" else ""
            named = to.label("service", prohibited.service)
            what = ", ".join(filter(None, (named, advice)))
            yield line(0, Mark("⊘"), f" {word('not_supported', to.lang)}: {what}", lines)
        case TextProhibits():
            standing = _standing(prohibited.part.partition(":")[0], answer, to)
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


def _standing(source: str, answer: Answer, to: Language) -> str:
    """How a text counts, and whether it is an excerpt."""
    text = _text(source, answer)
    excerpt = to.pick(",摘录", ", excerpt") if text.excerpt else ""
    return word(text.standing, to.lang) + excerpt


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
        texts.setdefault(duty.part.partition(":")[0], []).append(duty)
    for source, duties in texts.items():
        yield EMPTY
        yield line(0, f"{to.pick('义务', 'duties')}: {source} ({_standing(source, answer, to)})")
        told = ""
        for duty in duties:
            breach = _breach(duty.breach, to) if duty.verdict == Verdict.MISSING else ""
            yield from _duty(duty, "" if breach == told else breach, to)
            told = breach or told
        for gap in _text(source, answer).gaps:
            lead = to.pick("来源缺", "gap")
            yield line(2, f"… {lead}: {to.say(gap.what)}", Cited(ranges(gap.lines)))


def _perhaps(answer: Answer, to: Language) -> Iterator[Line]:
    """Texts that perhaps apply and bear on no verdict, with what would tell."""
    for text in answer.texts:
        if text.applies is None:
            standing = _standing(text.source, answer, to)
            label = to.label("source", text.source)
            yield EMPTY
            yield line(
                0,
                to.pick(
                    f"可能适用,不影响结论:《{label}》({standing})",
                    f"perhaps applies, no verdict hangs on it: {label} ({standing})",
                ),
            )
            for asked in text.ask:
                yield line(6, f"→ {question_text(asked, to)}  ({asked_of(asked)})")


def _duty(duty: ObligationResult, breach: str, to: Language) -> Iterator[Line]:
    """A duty, what the source leaves open of it, and what follows on a breach."""
    lines = Cited(ranges(tuple(n for cite in duty.cites for n in cite.lines)))
    what = to.label("part", duty.part)
    if duty.verdict == Verdict.NONE_STATED:
        how = to.pick("来源没有说如何算做到", "what shows it is not said")
        yield line(2, Lead("· "), f"{what} — {how}", lines)
    else:
        yield line(2, Mark(mark(duty.verdict)), f" {what}", lines)
    if duty.note:
        yield line(6, Lead("· "), to.say(duty.note))
    if breach:
        yield line(6, f"↳ {to.pick('违反后果', 'on breach')}: {breach}")


def _category(result: CategoryResult, to: Language) -> Iterator[Line]:
    title = category_name(result, to)
    title += "" if to.zh else f" ({to.label('category', result.category)})"
    yield line(
        0,
        Mark(mark(result.verdict)),
        f" {title} — {word(result.verdict, to.lang)}",
        Cited(cites(result.cites)),
    )
    several = len(result.alternatives) > 1
    for number, alternative in enumerate(result.alternatives, 1):
        if several:
            yield line(2, _heading(number, alternative, to))
        yield from _alternative(alternative, 6 if several else 2, to)
    if result.how:
        where = " ".join(part for part in (result.how.address, result.how.title) if part)
        lead = to.pick("申请方式", "how to apply")
        yield line(2, f"→ {lead}: {word(result.how.way, to.lang)} {where}".rstrip())
        if result.how.remark:
            yield line(4, to.say(result.how.remark))
    for note in dict.fromkeys(note_text(note, to) for note in result.notes):
        yield line(2, Lead("· "), note)


def _alternative(alternative: AlternativeResult, indent: int, to: Language) -> Iterator[Line]:
    """The documents of an alternative; where it can not be used, without their marks."""
    for needed in alternative.documents:
        if alternative.usable is False:
            yield line(indent + 2, *document_parts(needed, to))
        else:
            yield line(indent, Mark(mark(needed.verdict)), " ", *document_parts(needed, to))
    if not alternative.documents:
        yield line(
            indent,
            to.pick("这种情形下来源没有要求材料", "the source asks for no document in this case"),
        )


def _heading(number: int, alternative: AlternativeResult, to: Language) -> str:
    lead = to.pick(f"方案 {number}", f"alternative {number}")
    if alternative.usable is True:
        return lead
    words = []
    for condition in alternative.conditions:
        label = to.label("condition", condition.condition)
        if not condition.must_be_met:
            label = to.pick(f"非「{label}」", f"not: {label}")
        words.append(label)
    if to.zh:
        use = "不可用" if alternative.usable is False else "是否可用未知"
        return f"{lead} {use} — 前提: {'; '.join(words)}"
    use = "not usable" if alternative.usable is False else "perhaps usable"
    return f"{lead} {use} — only if {'; '.join(words)}"
