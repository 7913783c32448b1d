"""The answer as one object, in the shape of the contract."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kb.filing.plan import Plan
from kb.model.apps import App
from kb.render.html import Shown

if TYPE_CHECKING:
    import pandas as pd

EXIT_CODES = {"satisfied": 0, "missing": 3, "undetermined": 4, "prohibited": 5}


@dataclass(frozen=True)
class Answer(Shown):
    """The answer to `ask`; fields as in the JSON that `to_dict` gives.

    `categories`, `prohibited`, `conflicts` and `undetermined` are lists of mappings in a fixed
    order; `texts` are those beyond categories that apply, with what an excerpt leaves out, and
    those that perhaps apply without bearing on the verdict, such as drafts (`applies` is None);
    `bundle` is the smallest set of documents still to provide over all categories.
    """

    app: App
    as_of: str
    verdict: str
    lang: str
    categories: list[dict[str, Any]] = field(default_factory=list)
    bundle: dict[str, Any] = field(default_factory=dict)
    prohibited: list[dict[str, Any]] = field(default_factory=list)
    obligations: list[dict[str, Any]] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    undetermined: list[dict[str, Any]] = field(default_factory=list)
    plan: Callable[[], Plan | None] | None = field(default=None, repr=False, compare=False)

    @cached_property
    def filing(self) -> dict[str, Any] | None:
        """The filing plan, worked out when it is first looked at; None when no procedure is known
        to apply."""
        found = self.plan() if self.plan is not None else None
        return found.to_dict() if found is not None else None

    @property
    def exit_code(self) -> int:
        return EXIT_CODES[self.verdict]

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON has it."""
        return {
            "app": self.app.name,
            "as_of": self.as_of,
            "verdict": self.verdict,
            "categories": self.categories,
            "bundle": self.bundle,
            "prohibited": self.prohibited,
            "obligations": self.obligations,
            "texts": self.texts,
            "conflicts": self.conflicts,
            "undetermined": self.undetermined,
            "filing": self.filing,
        }

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
        rows = []
        for category in self.categories:
            for alternative in category["alternatives"] or [{}]:
                for document in alternative.get("documents") or [{}]:
                    rows.append(
                        [
                            category["category"],
                            category["verdict"],
                            alternative.get("id"),
                            alternative.get("usable"),
                            document.get("document"),
                            document.get("holder"),
                            document.get("at_least"),
                            document.get("held"),
                            document.get("verdict"),
                        ]
                    )
        return pd.DataFrame(rows, columns=columns)

    def __str__(self) -> str:
        from kb.render.answer import answer_text

        return answer_text(self)
