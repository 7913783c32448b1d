"""The public door: a knowledge base and the questions that it answers.

Everything below takes the core of a base and is a plain function; `KnowledgeBase` reads the
arguments that people give and calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.answers.answer import Answer
from kb.answers.ask import answer, filing_plan
from kb.answers.bundles import Bundles, bundles
from kb.answers.receipt import Receipt
from kb.base.core import Core, Day
from kb.base.loading import load_facts, read_queries, read_rules
from kb.base.rendered import Rendered
from kb.compare.replay import Replay, replay
from kb.compare.what_if import smallest_change, what_if
from kb.engines.protocol import DEFAULT_LIMIT
from kb.engines.registry import DEFAULT
from kb.explain.verify import MOST, MOST_TRIED
from kb.explain.why import Why, why
from kb.explain.why_not import WhyNot, why_not
from kb.filing.plan import Plan
from kb.find.finder import Candidate, Finder, finder_of
from kb.find.profile import Understood, understood
from kb.interview.interview import Interview, profile_of
from kb.lang.problems import LimitError as LimitError
from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Value
from kb.maintain.catalogue import Catalogue, catalogue
from kb.maintain.coverage import Coverage, coverage_of
from kb.maintain.lint import check_base
from kb.model.apps import App
from kb.model.data import Json
from kb.model.days import date
from kb.model.profiles import AppLike
from kb.query.added import defined_already, rules_of
from kb.query.categories import show
from kb.query.goals import ask_goal
from kb.query.results import Hit, ShownCategory
from kb.query.search import search
from kb.render.renderer import Words
from kb.render.rows import frame
from kb.render.words import WORDS, label

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from kb.audit.summary import Summary
    from kb.compare.results import Changes
    from kb.compare.what_if import SmallestChange, WhatIf


Rendered.install(Words())


def load(
    facts: str | Path | None = None,
    as_of: Day = None,
    *,
    queries: bool = True,
    engine: str = DEFAULT,
) -> KnowledgeBase:
    """Load a folder of facts (default: those that came with the package) with the shipped rules
    and queries.

    `as_of` is the day that questions are about unless they say otherwise (default: today, at the
    time of each question); without `queries` the named ones are left out, which loads faster.
    `engine` evaluates the rules: `pydatalog`, `clingo`, `duckdb` or `spark`; all give the same
    answers, in different times. Raises `Problems` with everything that is wrong.

    >>> app = {"name": "a", "applicant": "enterprise", "services": ["driving_school_training"]}
    >>> load().ask(app).verdict
    'missing'
    """
    named = read_queries() if queries else ()
    return KnowledgeBase(load_facts(facts), read_rules(), named, as_of=as_of, engine=engine)


class KnowledgeBase(Core):
    """Facts, rules and queries, ready to answer. Made by `kb.load`.

    A base never changes: `rules` gives a new one. Threads may share one, and several bases in a
    process do not see each other.
    """

    def ask(
        self, app: AppLike, as_of: Day = None, include_drafts: bool = False, lang: str = "zh"
    ) -> Answer:
        """What an app must provide: every category, alternative, document, conflict and unknown.

        `app` is a path, a mapping as in a profile, or a `kb.App`; `as_of` the day of the question.
        Raises `Problems` when the profile can not be read.

        >>> answer = load().ask({"name": "a", "services": ["驾校平台"]})
        >>> [needed.document for needed in answer.categories[0].missing][:2]
        ['cooperation_agreement', 'driver_training_filing']
        """
        return answer(self, self.app(app), self.day(as_of), include_drafts, lang)

    def bundles(
        self,
        app: AppLike,
        as_of: Day = None,
        *,
        by: str = "fewest",
        cost: Mapping[str, int] | None = None,
        days: Mapping[str, int] | None = None,
        every: bool = False,
        lang: str = "zh",
    ) -> Bundles:
        """The `fewest`, `cheapest` or `fastest` documents over all categories; see
        `kb.answers.bundles.bundles`."""
        return bundles(self, self.app(app), self.day(as_of), by, cost, days, every, lang)

    def plan(
        self, app: AppLike, start: Day = None, as_of: Day = None, lang: str = "zh"
    ) -> Plan | None:
        """The filing plan; with `start` each step has its dates. None when no procedure is known to
        apply."""
        first = date(self.day(start)) if start is not None else None
        return filing_plan(self, self.app(app), self.day(as_of), first, lang)

    def what_if(
        self,
        app: AppLike,
        *,
        without: Iterable[str] = (),
        adding: Iterable[str] = (),
        applicant: str | None = None,
        regions: Iterable[str] | None = None,
        as_of: Day = None,
        then_as_of: Day = None,
        lang: str = "zh",
    ) -> WhatIf:
        """Today's answer beside the one without some services (`without`), with others (`adding`),
        for another `applicant`, other `regions` or another day (`then_as_of`)."""
        return what_if(
            self,
            self.app(app),
            without=without,
            adding=adding,
            applicant=applicant,
            regions=regions,
            as_of=as_of,
            then_as_of=then_as_of,
            lang=lang,
        )

    def replay(
        self,
        receipt: Receipt | str | Path,
        app: AppLike | None = None,
        as_of: Day = None,
        lang: str = "zh",
    ) -> Replay:
        """Ask a receipt (or the file of one) again, then for another `app` and another day where
        they are given; see `kb.compare.replay.Replay`. Raises `Problems`."""
        return replay(self, receipt, self.app(app) if app is not None else None, as_of, lang)

    def smallest_change(self, app: AppLike, as_of: Day = None) -> SmallestChange:
        """The fewest services to drop, or documents to add, that lead to `satisfied`."""
        return smallest_change(self, self.app(app), as_of)

    def interview(
        self, app: AppLike | None = None, as_of: Day = None, lang: str = "zh"
    ) -> Interview:
        """Questions one at a time, the one that settles most first; see
        `kb.interview.interview.Interview`."""
        return Interview(self, self.app(app) if app is not None else None, self.day(as_of), lang)

    def query(
        self,
        query: str,
        app: AppLike | None = None,
        as_of: Day = None,
        *,
        lang: str = "zh",
        ids: bool = False,
        limit: float = DEFAULT_LIMIT,
        values: Mapping[str, Any] | None = None,
        **parameters: Any,
    ) -> pd.DataFrame:
        """The rows of a named query (a file of `queries/`) or of a goal such as
        `missing_documents(A, C, L, '承诺函')`, sorted, as a DataFrame.

        Names are shown by their labels in `lang` (with `ids`, by their ids); `parameters` fix
        columns of a named query, by id or by any name, and so do `values`, where a column is called
        like an argument of this method. A goal about apps has no rows without `app`. Raises
        `Problems`, and `LimitError` after `limit` seconds.
        """
        read = self.app(app) if app is not None else None
        given = {**(values or {}), **parameters}
        found = ask_goal(self, query, given, read, as_of, limit, WORDS)
        return frame(self.facts, found, lang, ids)

    def rules(self, text: str | Path, name: str = "<rules>") -> KnowledgeBase:
        """A base with rules of your own (a text, or the file at a path) beside the shipped ones,
        checked in the same way; nothing in the text is ever executed. Raises `Problems`.

        >>> base = load().rules("mine(A, D) <= missing_documents(A, C, Alt, D)")
        >>> base.query("mine(A, D)", app={"name": "a", "services": ["驾校培训"]})["D"].tolist()
        ['机动车驾驶员培训备案']
        """
        found = rules_of(self, text, name)
        refused = defined_already(self, found)
        taken = [rule for rule, _ in refused]
        problems = [problem for _, problem in refused]
        added = (*self.added, *(rule for rule in found if rule not in taken))
        try:
            made = KnowledgeBase(
                self.facts,
                self.shipped,
                self.queries.values(),
                as_of=self._as_of,
                added=added,
                engine=self.engine_name,
            )
        except Problems as others:
            raise Problems([*problems, *others.problems]) from None
        if problems:
            raise Problems(problems)
        return made

    def show(self, category: str, as_of: Day = None, lang: str = "zh") -> ShownCategory:
        """A category with its versions, requirement trees and minimal alternatives; found by id,
        full name, former name or a unique part of it.

        With `as_of`, `versions` are those that stand on that day, and the others are told apart;
        without, they are those of all days, also where the base was loaded for one. Raises
        `Problems`.
        """
        return show(self, category, self.day(as_of) if as_of is not None else None, lang)

    def search(self, words: str, limit: int = 20) -> list[Hit]:
        """Things by their names, best first: services, categories, documents, applicants, ..."""
        return search(self.facts.names, words, limit)

    def find(self, text: str, account: str | None = None, limit: int = 8) -> list[Candidate]:
        """The categories that fit a text in people's own words, best first, with the words that
        matched and the lines; empty, or all `weak`, where nothing fits. `account` is
        `non_individual`, `overseas` or `personal`.

        >>> load().find("学车考驾照")[0].id
        'education-driving-school'
        """
        return self._finder.find(text, account, limit)

    def understand(self, text: str) -> Understood:
        """What a few words are taken to mean: the best category, the others, and a profile."""
        return understood(self._finder, text)

    def profile(self, app: App) -> Json:
        """An app as a profile that `ask` reads."""
        return profile_of(app, self)

    @cached_property
    def _finder(self) -> Finder:
        return finder_of(self.facts.folder)

    def label(self, kind: str, value: Value, lang: str = "zh") -> Value:
        """What a value of a kind (of a column, such as `document`) is called; the value itself
        when it has no name."""
        return label(self.facts, kind, value, lang)

    def why(
        self,
        fact: str,
        app: AppLike,
        as_of: Day = None,
        include_drafts: bool = False,
        lang: str = "zh",
    ) -> Why | None:
        """The shortest proof of a fact: `required(A, '教育-驾校平台')`, a category (its verdict) or
        `verdict`. None when no such fact holds. Raises `Problems`."""
        return why(self, fact, self.app(app), as_of, include_drafts, lang)

    def why_not(
        self,
        fact: str,
        app: AppLike,
        as_of: Day = None,
        include_drafts: bool = False,
        lang: str = "zh",
        *,
        most: int = MOST,
        most_tried: int = MOST_TRIED,
    ) -> WhyNot | None:
        """The repairs after which a fact that does not hold would: documents, services, what the
        profile states. A category or `verdict` stands for its being satisfied. None when the fact
        holds.

        At most `most` repairs are given, and the search ends once `most_tried` profiles were tried.
        Raises `Problems`.
        """
        read = self.app(app)
        return why_not(self, fact, read, as_of, include_drafts, lang, most, most_tried)

    def changes(
        self,
        first: Day,
        last: Day,
        apps: AppLike | Iterable[AppLike] | None = None,
        lang: str = "zh",
        progress: Callable[[int, int | None], None] | None = None,
    ) -> Changes:
        """What changed between two days: categories added, removed, renamed and changed, with
        tree differences; of `apps` (several, one, or a path as of `--apps`), those whose verdict
        flips and what would repair each. A table of apps (`.parquet`, `.csv`) is read as in audits:
        only those that a change can reach are judged; `progress` is told how many are done."""
        from kb.audit import changes_of

        return changes_of(self, first, last, apps, lang, progress)

    def graph(
        self,
        category: str | None = None,
        app: AppLike | None = None,
        *,
        references: bool = False,
        proof: str | Sequence[str] = (),
        between: tuple[Day, Day] | None = None,
        depth: int = 1,
        plan: bool = False,
        as_of: Day = None,
    ) -> nx.MultiDiGraph[str]:
        """The base, a category's neighbourhood, or an app's answer as a networkx graph of typed
        nodes and edges; other views and all parameters: `kb.graph.views.graph`.

        >>> graph = load().graph(category="教育-驾校平台")
        >>> graph.nodes["category:education-driving-school-platform"]["sources"]
        'wechat-education-2021 15-20; wechat-table-2026-02-enterprise 67-74'
        """
        from kb.graph.views import graph

        return graph(
            self,
            category,
            app,
            references=references,
            proof=proof,
            between=between,
            depth=depth,
            plan=plan,
            as_of=as_of,
        )

    def audit(
        self,
        apps: Any,
        out: str | Path,
        engine: str = "duckdb",
        as_of: Day = None,
        include_drafts: bool = False,
        **settings: Any,
    ) -> Summary:
        """Judge every app of a table (Parquet, CSV, JSON lines, pandas, Arrow, DuckDB) and write a
        table of verdicts with reasons; `engine` is `duckdb` or `spark`. What else can be set:
        `kb.audit.run.audit` and `kb.audit.spark.run.audit_on_spark`.
        Gives a `kb.audit.summary.Summary`.

        Raises `Problems` when there is no such table, or the packages are not installed.
        """
        from kb.audit import start

        return start(
            self, apps, out, engine, day=self.day(as_of), drafts=include_drafts, **settings
        )

    def panel(self, app: AppLike | None = None, as_of: Day = None, lang: str = "zh") -> Any:
        """A panel of widgets for a notebook; see `kb.widgets.panel.panel`."""
        from kb.widgets.panel import panel

        return panel(self, app, as_of, lang)

    def check(self) -> list[Problem]:
        """What facts, rules and queries leave to be desired; empty when all is well."""
        return list(check_base(self))

    def coverage(self, sources: str | Path | None = None) -> Coverage:
        """Whether every line of every source is stated by a record, and the other way round; with
        a folder of source texts, also whether these have the lines. Raises `Problems`."""
        return coverage_of(self.facts, Path(sources) if sources is not None else None)

    def relations(self, name: str | None = None, lang: str = "zh") -> Catalogue:
        """The relations that rules and queries may name, or the one of this name: columns, what a
        fact says, who gives it, and its rules. Raises `Problems`."""
        return catalogue(self, name, lang)

    def __repr__(self) -> str:
        return (
            f"<kb.KnowledgeBase {self.facts.folder.name}: {len(self.facts.sources)} sources, "
            f"{len(self.facts.readings)} readings, {len(self.program.rules)} rules>"
        )
