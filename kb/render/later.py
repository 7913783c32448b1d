"""What an app need not provide today: papers that are due later, and what it perhaps needs."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kb.answers.answer import Answer
from kb.answers.results import TimeUntil
from kb.base.results import DocumentNeed, Standing, Verdict
from kb.filing.duty_papers import Demand, DutyPapers
from kb.lang.syntax import Cite
from kb.model.data import Json
from kb.model.days import date
from kb.render.documents import category_name, document_text
from kb.render.language import Language
from kb.render.outline import EMPTY, Cited, Lead, Line, Mark, line
from kb.render.shared_json import cites_json, document_json
from kb.render.words import word


@dataclass(frozen=True, slots=True)
class Later:
    """Papers that are due later, for what a category (an id) asks for anew or for a duty (a part):
    all of them, or `any_of` them. Without a day where working days can not be counted yet."""

    day: datetime.date | None
    documents: tuple[DocumentNeed, ...]
    cites: tuple[Cite, ...]
    name: str
    category: str = ""
    duty: str = ""
    any_of: bool = False


def later_of(answer: Answer, to: Language) -> list[Later]:
    """What is due later, the earliest first."""
    found = [
        Later(date(n.day), n.documents, (n.cite,), category_name(each, to), each.category)
        for each in answer.categories
        for n in each.notes
        if isinstance(n, TimeUntil) and n.documents
    ]
    found += [
        Later(each.day, each.papers, each.cites, to.label("part", each.part), "", each.part, True)
        for each in answer.duty_papers
        if each.demand == Demand.LATER
    ]
    return sorted(found, key=lambda each: (each.day is None, each.day or datetime.date.max))


def later_lines(answer: Answer, to: Language) -> Iterator[Line]:
    """What is due later, the earliest first, if anything is."""
    found = later_of(answer, to)
    if found:
        yield EMPTY
        yield line(
            0, to.pick("以后还需提供(今天还不要求):", "to provide later (not asked for today):")
        )
    for each in found:
        day = to.pick("日期未定", "on a day not known yet")
        if each.day is not None:
            day = from_day(each.day, to)
        papers = papers_text(each.documents, each.any_of, to)
        tail = f"  ← {each.name}" if each.category else f"  ← {_duty(each.name, to)}"
        yield line(2, Lead("· "), f"{day}: {papers}{tail}", Cited.of(each.cites))


def from_day(day: datetime.date, to: Language) -> str:
    """The day from which on papers are asked for."""
    return to.pick(f"自 {day} 起须有", f"due from {day} on")


def papers_text(documents: Iterable[DocumentNeed], any_of: bool, to: Language) -> str:
    """Documents of which all are asked for, or any one."""
    both = to.pick("或", " or ") if any_of else to.pick("、", ", ")
    return both.join(document_text(each, to, lines=False) for each in documents)


def _duty(name: str, to: Language) -> str:
    return to.pick(f"义务「{name}」", f"duty: {name}")


def perhaps_lines(answer: Answer, to: Language) -> Iterator[Line]:
    """The papers that would keep duties where it is open whether they are needed, if there are
    any, each with what leaves it open."""
    found = [each for each in answer.duty_papers if each.demand == Demand.PERHAPS]
    if found:
        yield EMPTY
        yield line(0, to.pick("不一定要提供:", "perhaps to provide:"))
    for each in found:
        papers = papers_text(each.papers, True, to)
        said = f" {papers}: {_duty(to.label('part', each.part), to)}{open_because(each, to)}"
        yield line(2, Mark("?"), said, Cited.of(each.cites))


def open_because(found: DutyPapers, to: Language) -> str:
    """What leaves it open whether the papers of a duty are needed, to stand behind its name."""
    comma, told = to.pick(",", ", "), []
    if found.standing != Standing.IN_FORCE:
        told.append(word(found.standing, to.lang))
    if found.verdict == Verdict.SATISFIED and found.day is not None:
        told.append(from_day(found.day, to))
    if found.otherwise:
        ways = [to.label("attribute", each) for each in found.otherwise]
        listed = to.pick("或", " or ").join(f"「{w}」" if to.zh else w for w in ways)
        told.append(to.pick(f"也可以这样做到:{listed}", f"kept as well by this: {listed}"))
    elif found.verdict == Verdict.MISSING:
        told.append(begins_unsure(to))
    if found.verdict == Verdict.UNDETERMINED:
        told.append(
            to.pick("是否须做到、是否已做到还没有定论", "whether it binds or is kept is open")
        )
    return comma + comma.join(told)


def begins_unsure(to: Language) -> str:
    """That it is not sure from which day on the text of a duty counts."""
    return to.pick("文件哪天生效不确定", "the day on which its text begins is not sure")


def later_json(answer: Answer, to: Language) -> list[Json]:
    """What is due later as JSON."""
    return [
        {
            "day": each.day.isoformat() if each.day is not None else None,
            "documents": [document_json(document, to) for document in each.documents],
            "any_of": each.any_of,
            "category": each.category or None,
            "duty": each.duty or None,
            "name": each.name,
            "sources": cites_json(each.cites),
        }
        for each in later_of(answer, to)
    ]


def duty_papers_json(found: Iterable[DutyPapers], to: Language) -> list[Json]:
    """The papers of duties as JSON."""
    return [
        {
            "duty": each.part,
            "what": to.label("part", each.part),
            "demand": str(each.demand),
            "papers": [document_json(document, to) for document in each.papers],
            "otherwise": list(each.otherwise),
            "day": each.day.isoformat() if each.day is not None else None,
            "verdict": str(each.verdict),
            "standing": str(each.standing),
            "sources": cites_json(each.cites),
        }
        for each in found
    ]
