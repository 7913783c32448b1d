"""What renderers must know of a base to word facts: data that results carry with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.base.entities import reckoned
from kb.lang.syntax import Cite, Relation
from kb.model.apps import App
from kb.model.entities import Tally
from kb.model.names import Names
from kb.model.schema import Unclear
from kb.model.vocabulary import Vocabulary

if TYPE_CHECKING:
    from kb.base.core import Core


@dataclass(frozen=True, repr=False)
class Lexicon:
    """What the values in facts are called, and which kind of value stands in which column.

    `vocabulary` holds the terms of all kinds and the values of attributes; `unclear` the passages
    that sources leave open; `versions` the lines of each version of a category; `relations` the
    columns of the program's relations; `tallies` the numbers that are reckoned over the apps of the
    app's entity.
    """

    vocabulary: Vocabulary
    unclear: Mapping[str, tuple[Unclear, Cite]]
    versions: Mapping[str, Cite]
    relations: Mapping[str, Relation]
    tallies: Mapping[str, Tally] = field(default_factory=dict)

    @classmethod
    def of(cls, base: Core, app: App | None = None) -> Lexicon:
        """The lexicon of a base, whose data it shares, for words about an app."""
        return cls(
            base.facts.vocabulary,
            base.facts.unclear,
            {id: reading.cite for id, reading in base.facts.readings.items()},
            base.program.relations,
            reckoned(app, base.facts.vocabulary) if app is not None else {},
        )

    @property
    def names(self) -> Names:
        """The terms of all kinds."""
        return self.vocabulary.names

    def __repr__(self) -> str:
        return f"<kb.Lexicon {len(self.names.terms)} terms, {len(self.relations)} relations>"
