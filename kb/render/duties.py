"""What is told of duties wherever they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kb.answers.practices import DutyByPractice
from kb.answers.results import MetByDocument, ObligationResult
from kb.base.results import Verdict
from kb.filing.duty_days import DayKind
from kb.filing.duty_papers import Demand
from kb.model.requirements import Need
from kb.render.duty_days import day_text
from kb.render.language import Language
from kb.render.later import begins_unsure
from kb.render.outline import Cited, Line, Mark, line
from kb.render.repairs import need_text
from kb.render.words import kept, mark


def shown_by(duty: ObligationResult, to: Language) -> Iterator[Line]:
    """The papers of which one shows that a duty is met, below a duty that is not."""
    papers = [
        need_text(Need(each.document, each.holder), to)
        for each in duty.met_by
        if isinstance(each, MetByDocument)
    ]
    if papers and duty.verdict == Verdict.MISSING:
        said = to.pick("或", " or ").join(papers)
        yield line(6, to.pick(f"→ 有这份材料就算做到: {said}", f"→ met with: {said}"))


def by_practice_lines(found: Iterable[DutyByPractice], to: Language) -> Iterator[Line]:
    """The duties that no paper keeps, if there are any, each with its days."""
    for at, each in enumerate(found):
        if not at:
            yield line(0, to.pick("材料之外:", "beside the papers:"))
        duty = each.duty
        sign, state = mark(duty.verdict), kept(duty.verdict, to.lang)
        if each.demand == Demand.LATER:
            sign, state = "·", not_due_yet(to)
        told = [state, *(day_text(day, to) for day in duty.days if day.kind != DayKind.ENDS)]
        said = f" {to.pick(',', ', ').join(told)}: {to.label('part', duty.part)}"
        if each.demand == Demand.PERHAPS and duty.verdict == Verdict.MISSING:
            sign = "?"
            said += to.pick(",", ", ") + begins_unsure(to)
        yield line(2, Mark(sign), said, Cited.of(duty.cites))
        yield from shown_by(duty, to)


def not_due_yet(to: Language) -> str:
    """That a duty which is not kept yet need not be kept yet."""
    return to.pick("还没有到期", "not due yet")
