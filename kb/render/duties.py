"""What is told of duties wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator

from kb.answers.results import MetByDocument, ObligationResult
from kb.base.results import Verdict
from kb.model.requirements import Need
from kb.render.language import Language
from kb.render.outline import Line, line
from kb.render.repairs import need_text


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
