"""The public door: a knowledge base and the questions that it answers.

Everything below takes the core of a base and is a plain function; `KnowledgeBase` reads the
arguments that people give and calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.answers.answer import Answer
from kb.answers.ask import answer, filing_plan
from kb.answers.bundles import Bundles, bundles
from kb.answers.lookups import Lookups
from kb.answers.many import answers
from kb.answers.receipt import Receipt
from kb.base.core import Day, Days
from kb.base.loading import load_facts, read_queries, read_rules
from kb.base.rendered import Rendered
from kb.compare.analysis import Analysis, analyse
from kb.compare.replay import Replay, replay
from kb.compare.ways_out import WaysOut, ways_out
from kb.compare.what_if import smallest_change, what_if
from kb.engines.locks import at_first
from kb.engines.protocol import DEFAULT_LIMIT
from kb.engines.registry import DEFAULT
from kb.explain.verify import MOST, MOST_TRIED
from kb.explain.why import Why, why
from kb.explain.why_not import WhyNot, why_not
from kb.filing.plan import Plan
from kb.interview.interview import Interview, profile_of
from kb.lang.problems import LimitError as LimitError
from kb.lang.problems import Problem
from kb.lang.problems import Problems as Problems
from kb.lang.syntax import Value
from kb.maintain.catalogue import Catalogue, catalogue
from kb.maintain.coverage import Coverage, coverage_of
from kb.maintain.lint import check_base
from kb.model.apps import App
from kb.model.data import Json
from kb.model.days import date
from kb.model.layers import Folders, layered, listed
from kb.model.profiles import AppLike
from kb.query.added import with_rules
from kb.query.categories import find_category
from kb.query.goals import ask_goal
from kb.query.layers import has_programs, with_programs
from kb.render.calendar import calendar
from kb.render.renderer import Words
from kb.render.rows import frame
from kb.render.words import WORDS, label

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from kb.audit.inputs import Apps
    from kb.audit.summary import Summary
    from kb.compare.results import Changes
    from kb.compare.what_if import SmallestChange, WhatIf


Rendered.install(Words())


def load(
    facts: Folders = None,
    as_of: Day = None,
    *,
    only_facts: Folders = None,
    queries: bool = True,
    engine: str = DEFAULT,
) -> KnowledgeBase:
    """Load what came with the package: facts, rules and queries. A folder of `facts`, or several,
    adds to them: vocabulary, sources, `rules/`, `queries/`; `only_facts` names folders that stand
    in for the facts of the package.

    `as_of` is the day that questions are about unless they say otherwise (default: today, at the
    time of each question); without `queries` the named ones are left out, which loads faster.
    `engine` evaluates the rules: `pydatalog`, `clingo`, `duckdb` or `spark`; all give the same
    answers, in different times. Raises `Problems` with everything that is wrong; what stands in two
    folders is told with both places.

    >>> app = {"name": "a", "applicant": "enterprise", "services": ["driving_school_training"]}
    >>> load().ask(app).verdict
    'missing'
    """
    found = load_facts(layered(facts, only_facts))
    # Rules of one's own may rest on named queries.
    own = has_programs(found)
    named = read_queries() if queries or own else ()
    base = KnowledgeBase(found, read_rules(), named, as_of=as_of, engine=engine)
    return with_programs(base) if own else base


class KnowledgeBase(Lookups):
    """Facts, rules and queries, ready to answer. Made by `kb.load`.

    A base never changes: `rules` gives a new one. Threads may share one, and several bases in a
    process do not see each other.
    """

    def ask(
        self,
        app: AppLike,
        as_of: Day = None,
        include_drafts: bool = False,
        lang: str = "zh",
        warn_days: int = 0,
    ) -> Answer:
        """What an app must provide: every category, alternative, document, conflict and unknown.

        `app` is a path, a mapping as in a profile, or a `kb.App`; `as_of` the day of the question;
        papers that run out within `warn_days` days after it are told of.
        Raises `Problems` when the profile can not be read.

        >>> answer = load().ask({"name": "a", "services": ["驾校平台"]})
        >>> [needed.document for needed in answer.categories[0].missing][:2]
        ['cooperation_agreement', 'driver_training_filing']
        """
        with at_first("ask"):
            return answer(self, self.app(app), self.day(as_of), include_drafts, lang, warn_days)

    def ask_many(
        self, apps: Iterable[AppLike], as_of: Day = None, lang: str = "zh", complete: bool = False
    ) -> list[Answer]:
        """The answers that `ask` gives, for many apps in their order: one evaluation for hundreds;
        see `kb.answers.many.answers`. Raises `Problems` when a profile can not be read.

        >>> [each.verdict for each in load().ask_many([{"services": ["驾校平台"]}, {}])]
        ['missing', 'undetermined']
        """
        read = [self.app(app) for app in apps]
        return answers(self, read, self.day(as_of), False, lang, complete=complete)

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
        """The best documents over all categories: see `kb.answers.bundles.bundles`."""
        return bundles(self, self.app(app), self.day(as_of), by, cost, days, every, lang)

    def analyse(
        self, category: str, as_of: Day = None, compared: Days = None, lang: str = "zh"
    ) -> Analysis:
        """What holds of a category for all apps: see `kb.compare.analysis.analyse`."""
        id = self.id_of("category", category)
        return analyse(self, id, self.day(as_of), self.days(compared), lang)

    def plan(
        self, app: AppLike, start: Day = None, as_of: Day = None, lang: str = "zh"
    ) -> Plan | None:
        """The filing plan; with `start` each step has its dates. None when no procedure is known to
        apply."""
        first = date(self.day(start)) if start is not None else None
        return filing_plan(self, self.app(app), self.day(as_of), first, lang)

    def calendar(
        self, app: AppLike, start: Day = None, as_of: Day = None, lang: str = "zh"
    ) -> bytes:
        """The days of the filing plan as an iCalendar file: those of duties, the last ones of
        papers in hand and, with `start`, those of steps. Raises `Problems` where nothing has a day,
        or `icalendar` is not installed."""
        profile = self.app(app)
        return calendar(self.plan(profile, start, as_of, lang), profile, self.day(as_of), lang)

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

    def ways_out(
        self, app: AppLike, categories: Iterable[str] = (), as_of: Day = None, lang: str = "zh"
    ) -> WaysOut:
        """What is left where the papers of categories (by any name; none: all that lack something)
        can not be had; see `kb.compare.ways_out`. Raises `Problems`."""
        ids = [find_category(self.facts, name) for name in categories]
        return ways_out(self, self.app(app), ids, as_of, lang)

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
        like an argument of this method. A goal about apps needs `app`. Raises
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
        return with_rules(self, text, name)

    def profile(self, app: App) -> Json:
        """An app as a profile that `ask` reads."""
        return profile_of(app, self)

    def label(self, kind: str, value: Value, lang: str = "zh") -> Value:
        """What a value of a kind, such as `document`, is called; itself when it has no name."""
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
        apps: AppLike | Iterable[AppLike] | Apps | None = None,
        lang: str = "zh",
        progress: Callable[[int, int | None], None] | None = None,
        folders: Folders = None,
        memory: str | None = None,
        limit: int | None = None,
    ) -> Changes:
        """What changed between two days in categories and duties, in `folders` alone if named; of
        `apps` (several, a path as of `--apps`, a DataFrame) whose verdict flips, with repairs. Of a
        table only those that a change can reach are judged; `progress` is told how many, `memory`
        is DuckDB's (`2GB`). Raises `Problems` for more flips than `limit`, a million."""
        from kb.audit import changes_of

        return changes_of(self, first, last, apps, lang, progress, folders, memory, limit)

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
        Raises `Problems` when there is no such table, or the packages are not installed."""
        from kb.audit import start

        settings |= {"day": self.day(as_of), "drafts": include_drafts}
        return start(self, apps, out, engine, **settings)

    def panel(self, app: AppLike | None = None, as_of: Day = None, lang: str = "zh") -> Any:
        """A panel of widgets for a notebook; see `kb.widgets.panel.panel`."""
        from kb.widgets.panel import panel

        return panel(self, app, as_of, lang)

    def check(
        self, lang: str = "en", *, review: bool = False, folders: Folders = None
    ) -> list[Problem]:
        """What facts, rules and queries leave to be desired, with `review` also what is open for
        people to settle; of `folders` alone, where some are named. Empty when all is well."""
        return list(check_base(self, lang, review=review, folders=listed(folders)))

    def coverage(self, sources: str | Path | None = None) -> Coverage:
        """Whether every line of every source is stated by a record, and the other way round; with
        a folder of source texts, also whether these have the lines. Raises `Problems`."""
        return coverage_of(self.facts, Path(sources) if sources is not None else None)

    def relations(self, name: str | None = None, lang: str = "zh") -> Catalogue:
        """The relations that rules and queries may name, or the one of this name: columns, what a
        fact says, who gives it, and its rules. Raises `Problems`."""
        return catalogue(self, name, lang)
