"""The answer as one object."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.answers.open_points import OpenPoint
from kb.answers.receipt import Origin, Receipt
from kb.answers.results import (
    AlternativeResult,
    Assumption,
    BundleResult,
    CategoryResult,
    Conflict,
    DraftCategory,
    ObligationResult,
    Prohibited,
    SourceRemark,
    TextResult,
)
from kb.base.exemptions import ExemptionResult
from kb.base.extent import KnownUntil
from kb.base.outlays import OutlayResult
from kb.base.papers import PaperNote
from kb.base.rendered import Rendered
from kb.base.results import Verdict
from kb.filing.duty_days import DutyDay
from kb.filing.duty_papers import DutyPapers
from kb.filing.plan import Plan
from kb.model.apps import App
from kb.model.entities import Tally
from kb.model.names import Names

if TYPE_CHECKING:
    import pandas as pd

EXIT_CODES = {
    Verdict.SATISFIED: 0,
    Verdict.MISSING: 3,
    Verdict.UNDETERMINED: 4,
    Verdict.PROHIBITED: 5,
    Verdict.NOT_OPEN: 6,
}


@dataclass(frozen=True, repr=False)
class Answer(Rendered):
    """What an app must provide on a day.

    `as_of` is the day in ISO form; `categories` are those that bear on the app, in the order of
    the facts; `bundle` is the smallest set of documents still to provide over all categories, and
    over the duties that papers alone keep;
    `prohibited` what the app offers or does against a text; `obligations` its duties; `texts` those
    beyond categories that apply, and those that perhaps apply without bearing on the verdict, such
    as drafts (`applies` is None); `conflicts` readings that differ; `undetermined` what an open
    verdict rests on; `filing` the plan, None when no procedure is known to apply;
    `known_until` how far the base goes; `remarks` what the sources behind the answer say of
    themselves; `papers` those of the profile that are not valid on the day, and those that run out
    within `warn_days` days after it; `deadlines` the days of its duties and of prohibitions;
    `assumed` what was taken for granted where the profile is silent; `drafts` what drafts say of
    categories; `outlays` what texts state that its open categories and the documents to provide
    cost and take; `tallies` the numbers that it looks at which are reckoned over the apps of the
    app's entity; `duty_papers` the papers of its duties, asked for now, later, or perhaps.

    `lang` is the language that it is shown in, `names` what its ids are called; `origin` says what
    facts and rules it came from. `text("short")` fits on a screen: what to provide and to answer,
    and a line for each category.
    """

    app: App
    as_of: str
    verdict: Verdict
    categories: tuple[CategoryResult, ...]
    bundle: BundleResult
    prohibited: tuple[Prohibited, ...]
    obligations: tuple[ObligationResult, ...]
    texts: tuple[TextResult, ...]
    conflicts: tuple[Conflict, ...]
    undetermined: tuple[OpenPoint, ...]
    filing: Plan | None
    known_until: tuple[KnownUntil, ...]
    lang: str
    names: Names = field(compare=False)
    origin: Origin = field(compare=False)
    remarks: tuple[SourceRemark, ...] = ()
    papers: tuple[PaperNote, ...] = ()
    warn_days: int = 0
    deadlines: tuple[DutyDay, ...] = ()
    exemptions: tuple[ExemptionResult, ...] = ()
    assumed: tuple[Assumption, ...] = ()
    drafts: tuple[DraftCategory, ...] = ()
    outlays: tuple[OutlayResult, ...] = ()
    tallies: tuple[Tally, ...] = ()
    duty_papers: tuple[DutyPapers, ...] = ()

    @property
    def exit_code(self) -> int:
        """The exit code of `kb ask`."""
        return EXIT_CODES[self.verdict]

    def receipt(self) -> Receipt:
        """All that this answer came from, and the answer: `kb replay` asks it again."""
        profile, said = self.app.to_dict(), self.to_dict()
        return Receipt(self.origin, profile, self.as_of, self.lang, said, warn_days=self.warn_days)

    def to_frame(self) -> pd.DataFrame:
        """One row a document of each alternative: category, verdict, alternative, usable,
        document, holder, at_least, held, document_verdict."""
        import pandas as pd

        columns = [
            "category",
            "verdict",
            "alternative",
            "usable",
            "document",
            "holder",
            "at_least",
            "held",
            "document_verdict",
        ]
        return pd.DataFrame(
            [row for category in self.categories for row in self._rows(category)], columns=columns
        )

    def _rows(self, category: CategoryResult) -> list[list[object]]:
        lead = [self.names.label("category", category.category, "zh"), str(category.verdict)]
        alternatives: tuple[AlternativeResult | None, ...] = category.alternatives or (None,)
        rows: list[list[object]] = []
        for alternative in alternatives:
            if alternative is None:
                rows.append([*lead, None, None, None, None, None, None, None])
                continue
            own = [*lead, alternative.id, alternative.usable]
            for needed in alternative.documents:
                rows.append(
                    [
                        *own,
                        self.names.label("document", needed.document, "zh"),
                        needed.holder,
                        needed.at_least,
                        needed.held,
                        str(needed.verdict),
                    ]
                )
            if not alternative.documents:
                rows.append([*own, None, None, None, None, None])
        return rows
