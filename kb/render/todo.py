"""What an answer comes to: the documents still to provide, and the questions still to answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import assert_never

from kb.answers.answer import Answer
from kb.answers.open_points import AttributeUnknown, DocumentUnclear, Undetermined
from kb.answers.results import Exchange, OneOfSeveral
from kb.base.results import AttributeQuestion, DocumentNeed, DocumentQuestion, Question, Verdict
from kb.filing.duty_days import DutyDay
from kb.lang.syntax import Cite
from kb.model.requirements import Need
from kb.render.bans import vain_lines
from kb.render.documents import category_name, cites, document_parts, document_text
from kb.render.duty_days import told_text
from kb.render.language import Language, titled
from kb.render.outline import EMPTY, Cited, Lead, Line, Mark, Part, line
from kb.render.points import open_text, question_text
from kb.render.words import mark, standing_beside, word

MOST_NAMED = 3
"""So many categories are named behind a document or a question; of others it is told how many."""


def title_line(answer: Answer, to: Language) -> Line:
    """Whose answer it is, of which day, and its verdict."""
    verdict = answer.verdict
    lead = f"{answer.app.name} · {answer.as_of} · "
    return line(0, lead, Mark(mark(verdict)), f" {word(verdict, to.lang)}")


def text_title(source: str, answer: Answer, to: Language) -> str:
    """A text by its name, how it counts, and whether it is an excerpt."""
    text = next(each for each in answer.texts if each.source == source)
    name = to.label("source", source)
    told = [standing_beside(name, text.standing, to.lang)]
    told += [to.pick("摘录", "excerpt")] if text.excerpt else []
    return titled(name, to.pick(",", ", ").join(filter(None, told)), to)


def text_standing(source: str, answer: Answer, to: Language) -> str:
    """How a text counts, and whether it is an excerpt."""
    text = next(each for each in answer.texts if each.source == source)
    excerpt = to.pick(",摘录", ", excerpt") if text.excerpt else ""
    return word(text.standing, to.lang) + excerpt


def asked_of(question: Question) -> str:
    """The key of a profile that a question is about."""
    match question:
        case AttributeQuestion(attribute):
            return attribute
        case DocumentQuestion():
            return "holds"
        case _:
            assert_never(question)


def concerned(categories: Iterable[str], answer: Answer, to: Language) -> str:
    """The categories that something concerns, to stand behind it; nothing in an answer of one."""
    named = "" if len(answer.categories) == 1 else named_categories(categories, answer, to)
    return f"  ← {named}" if named else ""


def named_categories(categories: Iterable[str], answer: Answer, to: Language) -> str:
    """Some of the categories of an answer by their names, and how many there are."""
    found = [c for c in answer.categories if c.category in set(categories)]
    named = to.listed([category_name(c, to) for c in found[:MOST_NAMED]])
    more = len(found) - MOST_NAMED
    if more > 0:
        named += to.pick(f" 等 {len(found)} 个类目", f" and {more} more")
    return named


def needed_for(needed: DocumentNeed, answer: Answer) -> list[str]:
    """The categories for which a document of the bundle is wanted."""
    picked = set(answer.bundle.alternatives)
    return [
        category.category
        for category in answer.categories
        for alternative in category.alternatives
        if alternative.id in picked
        and any(
            each.document == needed.document and each.holder == needed.holder
            for each in alternative.documents
        )
    ]


def cites_of(categories: Iterable[str], answer: Answer) -> list[Cite]:
    """The lines that some categories of an answer rest on."""
    wanted = set(categories)
    return [cite for c in answer.categories if c.category in wanted for cite in c.cites]


def cites_among(needed: DocumentNeed, answer: Answer) -> list[Cite]:
    """The lines among which those of a document of the bundle are: of the categories that want it,
    or else of the duties that it keeps."""
    found = cites_of(needed_for(needed, answer), answer)
    kept = (duty for duty in answer.duty_papers if duty.part in needed.duties)
    return found or [cite for duty in kept for cite in duty.cites]


def duty_days_of(needed: DocumentNeed, answer: Answer) -> list[DutyDay]:
    """The days of the duties that a document of the bundle keeps."""
    return [day for day in answer.deadlines if day.part in needed.duties]


def provide_title(answer: Answer, to: Language) -> str:
    """What stands above the documents to provide."""
    if any(needed.duties for needed in answer.bundle.documents):
        return to.pick(
            "还需提供(全部类目和义务合计,共用的只算一次)",
            "still to provide (over all categories and duties, shared documents once)",
        )
    return to.pick(
        "还需提供(全部类目合计,共用的只算一次)",
        "still to provide (over all categories, shared documents once)",
    )


def open_title(to: Language) -> str:
    """What stands above what is open."""
    return to.pick("还需回答或确认", "still to answer or to clear up")


def to_provide(answer: Answer, to: Language) -> Iterator[Line]:
    """The documents still to provide, each with the categories that want it; before them what
    makes some vain."""
    bundle = answer.bundle
    yield from vain_lines(answer, to)
    choices = list(choice_lines(answer, to))
    if not (bundle.documents or choices):
        return
    yield EMPTY
    yield line(0, f"{provide_title(answer, to)}:")
    for needed in bundle.documents:
        # A tail is kept before the lines of the source, which end a line.
        wanted_for = needed_for(needed, answer)
        among = cites_among(needed, answer)
        *said, last = document_parts(needed, to, among=among)
        tail = concerned(wanted_for, answer, to)
        parts: list[Part] = [*said, tail, last] if isinstance(last, Cited) else [*said, last, tail]
        yield line(2, Lead("· "), *(part for part in parts if part))
        for papers in instead_of(needed, answer):
            yield line(4, f"{or_word(to)}{'' if to.zh else ' '}", *_together(papers, to, among))
        for day in duty_days_of(needed, answer):
            yield line(4, Lead("· "), told_text(day, to), Cited.of(day.cites))
    yield from choices
    yield from how_sure_lines(answer, to)


def choice_lines(answer: Answer, to: Language) -> Iterator[Line]:
    """The categories of which one is still to be chosen, whose documents no bundle holds; without
    those that are closed to the app."""
    verdicts = {category.category: category.verdict for category in answer.categories}
    notes = [
        note
        for category in answer.categories
        for note in category.notes
        if isinstance(note, OneOfSeveral) and not note.done
    ]
    for note in dict.fromkeys(notes):
        names = to.listed(
            [to.both("category", c) for c in note.categories if verdicts[c] != Verdict.NOT_OPEN]
        )
        if names:
            said = to.pick(
                f"选其中一个类目,交它的材料:{names}", f"the documents of one of these: {names}"
            )
            yield line(2, Lead("· "), said)


def instead_of(needed: DocumentNeed, answer: Answer) -> list[list[DocumentNeed]]:
    """What would do as well as one document of the bundle, which is all that another set leaves
    out: each as its source asks for it."""
    return [
        [_as_asked(need, answer) for need in each.takes]
        for each in answer.bundle.others
        if _told_beside(each, answer) and each.leaves == (needed.need,)
    ]


def or_word(to: Language) -> str:
    """What stands before a document that would do as well as the one above it."""
    return to.pick("或", "or")


def _told_beside(exchange: Exchange, answer: Answer) -> bool:
    """Whether another set is told beside the one document that it leaves out: not where it is open
    which alternative holds, nor what may take the place of one of several documents (two of three:
    it can not stand for both)."""
    bundle = answer.bundle
    asked = {each.need for each in bundle.documents}
    if bundle.doubtful or len(exchange.leaves) != 1 or exchange.leaves[0] not in asked:
        return False
    rivals = (each for each in bundle.others if each.leaves != exchange.leaves)
    return not any(set(each.takes) & set(exchange.takes) for each in rivals)


def _as_asked(need: Need, answer: Answer) -> DocumentNeed:
    """A document of another set, with its lines and what the source says of it."""
    stated = (
        each
        for category in answer.categories
        for alternative in category.alternatives
        for each in alternative.documents
        if each.need == need
    )
    return next(stated, None) or _bare(need)


def _together(
    papers: Iterable[DocumentNeed], to: Language, among: Iterable[Cite]
) -> Iterator[Part]:
    """Documents of which all are needed, in one line."""
    for n, needed in enumerate(papers):
        if n:
            yield to.pick("和", " and ")
        yield from document_parts(needed, to, among=among)


def how_sure_lines(answer: Answer, to: Language) -> Iterator[Line]:
    """Whether the documents are the only choice, and proven to be the fewest."""
    bundle = answer.bundle
    if bundle.doubtful:
        names = to.listed([to.both("category", each) for each in bundle.doubtful])
        yield line(
            2,
            to.pick(
                f"(只是其中一种可能:「{names}」该用哪个方案,要看还没有填写的情况)",
                "(only one possibility: which alternative is the right one depends on what is not "
                f"stated yet, for {names})",
            ),
        )
    elif bundle.equals:
        least = to.pick("至少 ", "at least ") if bundle.more else ""
        sets = "set" if bundle.equals == 1 and not bundle.more else "sets"
        yield line(
            2,
            to.pick(
                f"(不是唯一的选择:另有 {least}{bundle.equals} 组材料同样少,任选一组)",
                f"(one choice among equals: {least}{bundle.equals} other {sets} of documents would "
                "do as well)",
            ),
        )
        for each in bundle.others:
            if not _told_beside(each, answer):
                yield line(4, Lead("· "), exchange_text(each, to))
        if len(bundle.others) < bundle.equals:
            yield line(4, Lead("· "), to.pick("……", "..."))
    if bundle.unknown:
        names = to.listed([to.both("category", each) for each in bundle.unknown])
        yield line(
            2,
            to.pick(
                f"(不含来源没有说明要求的类目:{names})",
                f"(without categories of which no source tells what they ask for: {names})",
            ),
        )
    elif not bundle.optimal:
        yield line(2, to.pick("(未证明为最少)", "(not proven to be the fewest)"))


def exchange_text(exchange: Exchange, to: Language) -> str:
    """What another set of documents has in place of some of this one."""
    takes, leaves = (
        to.pick("和", " and ").join(_named(need, to) for need in needs)
        for needs in (exchange.takes, exchange.leaves)
    )
    # What a document must state ends with a comma, so that it does not run into the next word.
    comma = "," if "," in takes else ""
    return to.pick(f"以{takes}{comma}代替{leaves}", f"{takes}{comma} in place of {leaves}")


def _named(need: Need, to: Language) -> str:
    return document_text(_bare(need), to, lines=False)


def _bare(need: Need) -> DocumentNeed:
    """A document of which nothing is told but what is needed of it."""
    return DocumentNeed(
        need.document,
        need.holder,
        need.at_least,
        must_state=need.must_state,
        each=need.each or None,
        at_most=need.at_most or None,
        as_many_as=need.as_many or None,
        counted=need.counted or None,
    )


@dataclass
class Open:
    """Something that is open: what, the lines, the categories that hang on it, what to ask."""

    text: str
    cites: tuple[Cite, ...]
    categories: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)


def told_by_question(what: Undetermined) -> bool:
    """Whether a question tells all of an open point: that something is not stated, or whether a
    paper has some words."""
    match what:
        case AttributeUnknown():
            return True
        case DocumentUnclear(need, whose):
            return bool(need.must_state) and not whose
        case _:
            return False


def open_points(answer: Answer, to: Language) -> list[Open]:
    """What stays open, each once; that something is not stated is told by its question alone."""
    points: dict[tuple[str, str], Open] = {}
    for point in answer.undetermined:
        question = "" if point.ask is None else question_line(point.ask, to)
        plain = bool(question) and told_by_question(point.what)
        text = question if plain else open_text(point.what, to)
        lines = () if plain else tuple(point.cites)
        found = points.setdefault((text, cites(lines)), Open(text, lines))
        found.categories += point.categories
        if question and not plain:
            found.questions.append(question)
    return list(points.values())


def to_answer(answer: Answer, to: Language, asked: set[str]) -> Iterator[Line]:
    """What stays open, and what to answer: each once, with the categories that hang on it; the
    questions are put into `asked`."""
    points = open_points(answer, to)
    if not points:
        return
    yield EMPTY
    yield line(0, f"{open_title(to)}:")
    asked.update(point.text for point in points)
    for point in points:
        tail = concerned(point.categories, answer, to)
        named = [to.official("category", category) for category in point.categories]
        # A category that the text names itself is not told again.
        if len(named) == 1 and named[0] in point.text:
            tail = ""
        cited = [Cited.of(point.cites)] if point.cites else []
        yield line(2, Mark("?"), f" {point.text}{tail}", *cited)
        yield from fresh_questions(point.questions, asked)


def fresh_questions(questions: Iterable[str], asked: set[str]) -> Iterator[Line]:
    """The questions that were not asked yet."""
    for question in questions:
        if question not in asked:
            asked.add(question)
            yield line(6, f"→ {question}")


def question_line(question: Question, to: Language) -> str:
    """A question with the key of a profile that answers it."""
    return f"{question_text(question, to)}  ({asked_of(question)})"
