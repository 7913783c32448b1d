"""The stages of judging, made of the rules and facts of a base for one day.

Making them takes far longer than to judge a thousand apps, and rests on no app: what the rules
derive of facts alone becomes fact, what no goal looks at is left out, and the facts go into tables.
`kb.audit.kept` keeps them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from kb.audit.outcomes import CHOSEN_BY, put_facts
from kb.audit.relevance import BEARING
from kb.audit.stage import DAY
from kb.base.core import Core
from kb.engines.interning import Interner
from kb.engines.protocol import Model
from kb.engines.rewrite.batching import batched, given
from kb.engines.sql.duckdb import DuckDBEngine
from kb.engines.sql.relational import Plans
from kb.engines.sql.stored import Stored
from kb.lang.syntax import Program, Row

PARTS = (
    "category_verdict",
    "category_reason",
    "lifted",
    "only_option",
    "option",
    "prohibited",
    "perhaps_prohibited",
    "reached",
    "placed_off_day",
    "placed",
    "named_otherwise",
    "eligible",
    "usable",
    "lacks",
    "unsure_of",
    "in_conflict",
    "in_text",
    "text_open",
)
"""What is found out of parts."""
DURING = ("app_holds_during", "app_fits_during")
"""The same by days: empty here, as what is not valid on the day of the run is passed over."""
PARTIES = ("app_party", "app_party_holds", "app_party_fits")
"""Whose documents are, and whom they are with."""
ISSUES = ("app_issued", "app_issue_unsaid")
"""When those were issued that meet a duty for a period."""
DOCUMENTS = ("app_holds", "app_fits", "app_exempt", *DURING, *ISSUES, *PARTIES)
"""What profiles say of documents in hand, and of exemptions."""
INSTEAD = {"in_play": "eligible"}
"""What parts look at in place of what rules say: what a way that a condition closes lacks settles
nothing, and more than half of the ways in play are such."""
KNOWN = {
    "category_verdict": "SELECT row, x, verdict_code FROM judged JOIN outcome USING (sit, x)",
    "only_option": "SELECT row, x FROM judged JOIN outcome USING (sit, x) WHERE optional",
    "option": "SELECT row, r, x FROM judged JOIN found_option USING (g)",
    "prohibited": "SELECT DISTINCT row, s, v FROM judged JOIN found_prohibited USING (g)",
    "perhaps_prohibited": "SELECT DISTINCT row, s, v FROM judged"
    " JOIN found_perhaps_prohibited USING (g)",
    "reached": "SELECT row, s, x FROM judged JOIN found_reached USING (g)",
    "placed_off_day": "SELECT row, s, x, r FROM judged JOIN found_placed_off_day USING (g)",
    "placed": "SELECT row, s, x FROM judged JOIN found_placed USING (g)",
    "named_otherwise": "SELECT row, x FROM judged JOIN found_named_otherwise USING (g)",
    "text_open": "SELECT row, x, p FROM judged JOIN found_text_open USING (g)",
    "in_text": "SELECT row, p, x FROM judged JOIN found_in_text USING (g)",
    # Of an app as a whole only the conditions of its texts are still to be looked at.
    "in_sight": "SELECT row, p FROM judged JOIN found_in_text USING (g)",
    "reading": "SELECT 0, 0, 0 WHERE false",
}
"""What is known of an app from its parts when the whole is judged."""
WHOLE = ("app_verdict", "app_reason", "paper_due")


@dataclass(frozen=True)
class Question:
    """What stages are made for: a day, whether drafts count, and the relations that are kept of all
    grounds or parts."""

    day: int
    drafts: bool = False
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Stages:
    """Rules made ready for very many apps; their facts stand in tables of a database."""

    names: tuple[str, ...]
    """The names that the numbers in the tables stand for."""
    stored: Mapping[str, Stored]
    """The rules and facts of `grounds`, of `parts` and of the `whole`."""
    goals: Mapping[str, tuple[str, ...]]
    """What each of these derives."""
    again: Mapping[str, str]
    """What parts look at of their grounds, and the relation of grounds that it is there."""
    kept_grounds: tuple[str, ...]
    kept_parts: tuple[str, ...]
    static: Model
    """What bears on what; see `kb.audit.relevance`."""
    plans: dict[str, dict[int, Plans]] = field(default_factory=dict, compare=False)
    """Statements that were written for each, by the digits of how many were judged."""
    kept_at: Path | None = field(default=None, compare=False)
    """The file that the facts stand in, where they are kept."""


def made(
    base: Core, question: Question, covered: bool, database: duckdb.DuckDBPyConnection
) -> Stages:
    """The stages of a base, their facts put into tables of the database. `covered` says that
    `12_bearing.dl` tells all that the rules look at."""
    program, facts = base.program, base.facts.rows.facts
    shared: dict[str, list[Row]] = {
        "question_day": [(question.day,)],
        "with_drafts": [()] if question.drafts else [],
        **{name: [] for name in DURING},
    }
    names = Interner(_named(base))
    instead = INSTEAD if covered else {}
    rows = {name: [("", *row) for row in found] for name, found in shared.items()}
    model = DuckDBEngine(program, facts).evaluate

    def evaluate(_: Program, relations: Iterable[str]) -> Model:
        """What is the same for every app of the day."""
        return model(rows, relations, DAY)

    def stage(
        program: Program, goals: Collection[str], prefix: str, earlier: DuckDBEngine | None = None
    ) -> DuckDBEngine:
        batch = batched(program, facts, shared, goals, evaluate)
        return DuckDBEngine(batch.program, batch.facts, DAY, names, prefix, database, earlier)

    late = program.resting_on(DOCUMENTS)
    read = {
        atom.relation
        for name in program.needed(frozenset(PARTS)) & late
        for rule in program.rules_for(name)
        for atom, _ in rule.atoms()
    }
    # What is found out of grounds, and what of it is looked at again, for each part or later.
    early = program.dynamic() - late - shared.keys()
    again = {name: instead.get(name, name) for name in sorted(read & early)}
    wanted = {instead.get(name, name) for name in read} | question.kept
    kept_grounds = tuple(sorted(wanted & early))
    kept_parts = tuple(sorted(late & question.kept))
    goals = {
        "grounds": tuple(sorted(early.intersection({*PARTS, *kept_grounds}))),
        "parts": (*sorted(late.intersection({*PARTS, *question.kept})), *CHOSEN_BY),
        "whole": WHOLE,
    }
    grounds = stage(program, goals["grounds"], "g")
    of_parts = given(program, again, goals["parts"])
    parts = stage(of_parts, goals["parts"], "p", grounds)
    whole = stage(given(program, KNOWN, WHOLE), WHOLE, "w")
    engines = {"grounds": grounds, "parts": parts, "whole": whole}
    put_facts(base, database, names)
    return Stages(
        tuple(names.names()),
        {name: engine.stored for name, engine in engines.items()},
        goals,
        again,
        kept_grounds,
        kept_parts,
        evaluate(program, BEARING),
    )


def _named(base: Core) -> list[str]:
    """All names of facts and rules in one order, so that the numbers are those of other days."""
    values = {v for rows in base.facts.rows.facts.values() for row in rows for v in row}
    values.update(value for rule in base.program.rules for value in rule.constants())
    return sorted(value for value in values if isinstance(value, str))
