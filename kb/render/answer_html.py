"""An answer as HTML: what to provide and to answer in tables, and the rest in parts that fold."""

from __future__ import annotations

from collections.abc import Iterator

from kb.answers.answer import Answer
from kb.base.results import DocumentNeed
from kb.lang.syntax import Cite
from kb.render.answer import beside_lines, category_blocks, prohibited_lines
from kb.render.bans import vain_lines
from kb.render.beside import assumed_lines
from kb.render.documents import as_many_text, copies_text, placed, remark_texts, words_text
from kb.render.duty_days import days_lines, told_text
from kb.render.entities import tallies_lines
from kb.render.exemptions import exemptions_lines
from kb.render.extent import known_line
from kb.render.language import Language
from kb.render.later import later_lines, perhaps_lines
from kb.render.outlays import spaced_outlays
from kb.render.outline import Cited
from kb.render.papers import papers_lines
from kb.render.tables import Cell, folded, heading, paragraph, table, whole
from kb.render.todo import (
    choice_lines,
    cites_among,
    duty_days_of,
    how_sure_lines,
    instead_of,
    named_categories,
    needed_for,
    open_points,
    open_title,
    or_word,
    provide_title,
    title_line,
)


def answer_html(answer: Answer) -> str:
    """The whole answer: the tables open, the parts below them closed."""
    return whole(_parts(answer, Language(answer.lang, answer.names)))


def _parts(answer: Answer, to: Language) -> Iterator[str]:
    yield heading(title_line(answer, to))
    yield from folded(prohibited_lines(answer, to), open_=True)
    yield from folded(papers_lines(answer.papers, to), open_=True)
    yield from folded(days_lines(answer.deadlines, to), open_=True)
    yield from folded(exemptions_lines(answer.exemptions, to), open_=True)
    yield from folded(tallies_lines(answer.tallies, to), open_=True)
    yield from folded(spaced_outlays(answer.outlays, to), open_=True)
    yield from folded(vain_lines(answer, to), open_=True)
    if answer.bundle.documents:
        yield table(document_columns(to), _to_provide(answer, to), provide_title(answer, to))
        yield from map(paragraph, how_sure_lines(answer, to))
    yield from map(paragraph, choice_lines(answer, to))
    yield from folded(later_lines(answer, to), open_=True)
    yield from folded(perhaps_lines(answer, to), open_=True)
    points = open_points(answer, to)
    yield table(
        (
            to.pick("问题或未定之处", "question or open point"),
            to.pick("填写", "answer under"),
            to.pick("关系到", "concerns"),
            to.pick("行", "lines"),
        ),
        (
            (
                text,
                key,
                named_categories(point.categories, answer, to),
                (Cited.of(point.cites, ""),) if point.cites else "",
            )
            for point in points
            for text, key in _asked(point.text, point.questions)
        ),
        open_title(to),
    )
    asked = {point.text for point in points} | {q for point in points for q in point.questions}
    yield from folded(assumed_lines(answer, to, asked), open_=True)
    yield from folded(category_blocks(answer, to))
    yield from folded(beside_lines(answer, to, asked))
    yield from folded(known_line(answer, to), open_=True)


def _asked(text: str, questions: list[str]) -> Iterator[tuple[str, str]]:
    """What is open, and each of its questions, with the key of a profile that answers it."""
    for each in (text, *(f"→ {question}" for question in questions)):
        said, key = each.rsplit("  (", 1) if each.endswith(")") and "  (" in each else (each, "")
        yield said, key.removesuffix(")")


def _to_provide(answer: Answer, to: Language) -> Iterator[tuple[Cell, ...]]:
    """The documents still to provide, one a row, each followed by what would do as well."""
    for needed in answer.bundle.documents:
        wanted_for, days = needed_for(needed, answer), duty_days_of(needed, answer)
        among, names = cites_among(needed, answer), named_categories(wanted_for, answer, to)
        names = "; ".join(filter(None, (names, *(told_text(d, to) for d in days))))
        yield _document(needed, names, among, to)
        for papers in instead_of(needed, answer):
            lead = or_word(to)
            for paper in papers:
                yield _document(paper, names, among, to, lead)
                lead = to.pick("和", "and")


def documents_table(
    documents: tuple[DocumentNeed, ...],
    to: Language,
    title: str,
    wanted_for: list[str],
    among: list[list[Cite]],
) -> str:
    """Documents, one a row; `wanted_for` names the categories of each, `among` has their lines."""
    rows = zip(documents, wanted_for, among, strict=True)
    return table(document_columns(to), (_document(*row, to) for row in rows), title)


def document_columns(to: Language) -> tuple[str, ...]:
    """What is told of a document, a column each."""
    return (
        to.pick("材料", "document"),
        to.pick("谁的", "whose"),
        to.pick("份数", "copies"),
        to.pick("须写有", "must state"),
        to.pick("说明", "remark"),
        to.pick("用于", "for"),
        to.pick("行", "lines"),
    )


def _document(
    needed: DocumentNeed, wanted_for: str, among: list[Cite], to: Language, lead: str = ""
) -> tuple[Cell, ...]:
    named = to.official("document", needed.document)
    title = f"{lead} " if lead and not to.zh else lead
    title += f"《{named}》" + ("" if to.zh else f" ({to.label('document', needed.document)})")
    count = "" if needed.copies == 1 else str(needed.copies)
    if needed.up_to or needed.at_most:
        count = copies_text(needed.copies, needed.up_to, needed.at_most, to)
    if needed.as_many_as:
        count = " ".join(filter(None, (count, f"({as_many_text(needed.as_many_as, to)})")))
    if count and needed.held is not None:
        count += to.pick(f"(现有 {needed.held})", f" ({needed.held} held)")
    return (
        title,
        "" if needed.holder == "applicant" else to.label("holder", needed.holder),
        count,
        words_text(needed.must_state, to),
        to.pick("；", "; ").join(remark_texts(needed, to)),
        wanted_for,
        (placed(needed.lines, among),) if needed.lines else "",
    )
