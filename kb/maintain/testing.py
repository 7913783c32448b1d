"""`kb test`: files of cases are found, read and held against the base that each is about."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kb.base.core import Core
from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Span
from kb.maintain.cases import Case, CaseDocument, Duties, DutyLine, QueryCase, read_cases
from kb.maintain.expectations import Difference, differences, query_differences
from kb.maintain.written import alternatives_differ, duty_differs, states
from kb.model.layers import fact_files, unread_file

Layers = tuple[tuple[Path, ...], tuple[Path, ...]]
"""The folders that are laid on what is shipped, and those that stand in for it."""
Load = Callable[[tuple[Path, ...], tuple[Path, ...]], Core]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case: where it differs, or why it can not be asked, and why it is as it is.

    `known` tells why the base is known to answer otherwise; then a case without a difference fails.
    """

    kind: str
    name: str
    place: Span
    differences: tuple[Difference, ...]
    problems: tuple[Problem, ...]
    because: str
    known: str
    seconds: float

    @property
    def failed(self) -> bool:
        """Whether the case does not hold."""
        differs = bool(self.differences or self.problems)
        return differs != bool(self.known) or bool(self.problems)


@dataclass(frozen=True, slots=True)
class TestReport:
    """All cases that were asked, in the order of the files."""

    __test__ = False

    outcomes: tuple[Outcome, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The cases that do not hold."""
        return tuple(outcome for outcome in self.outcomes if outcome.failed)

    @property
    def known(self) -> int:
        """How many cases are known to be answered otherwise, and are."""
        return sum(bool(o.known) and not o.failed for o in self.outcomes)


def case_documents(paths: Iterable[Path]) -> list[CaseDocument]:
    """The files of cases that are named, and those in the folders that are: in its folder `cases`,
    where a folder has one. Folders of facts among cases are left alone.

    Raises `Problems` with those of all files, and where nothing is found.
    """
    found: list[CaseDocument] = []
    problems: list[Problem] = []
    for path in paths:
        files = list(_files(path))
        if not files:
            help = "name a file of cases, or a folder that holds some"
            problems.append(Problem("no-cases", f"no cases stand in `{path}`", help=help))
        for file in files:
            try:
                if file.suffix != ".yaml":
                    problems.append(unread_file(str(file), "a file of cases is called `*.yaml`"))
                else:
                    found.append(read_cases(file))
            except Problems as refused:
                problems.extend(refused.problems)
    if problems:
        raise Problems(problems)
    return found


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    folder = path / "cases" if (path / "cases").is_dir() else path
    for file in fact_files(folder):
        inside = [at for at in file.parents if at != folder and folder in at.parents]
        if not any((at / "vocabulary").is_dir() for at in inside):
            yield file


def layers_of(path: Path, facts: Sequence[Path] = ()) -> tuple[Path, ...]:
    """The folders that a file of cases is asked of: those named, and the one whose folder `cases`
    it stands in, where that one holds facts, rules or queries."""
    around = next((at.parent for at in path.resolve().parents if at.name == "cases"), None)
    found = list(facts)
    known = [folder.resolve() for folder in found]
    if around is not None and holds_own(around) and around not in known:
        found.append(next((at for at in path.parents if at.resolve() == around), around))
    return tuple(found)


def holds_own(folder: Path) -> bool:
    """Whether a folder is laid out as one of facts: it has a vocabulary, or rules or queries."""
    parts = ("vocabulary", "rules", "queries")
    return any((folder / part).is_dir() for part in parts)


class Tests:
    """Runs files of cases; a base is loaded once for all files that are about it."""

    __test__ = False

    def __init__(
        self,
        load: Load,
        facts: Sequence[Path] = (),
        only_facts: Sequence[Path] = (),
        lang: str = "zh",
    ) -> None:
        self.load = load
        self.facts = tuple(facts)
        self.only_facts = tuple(only_facts)
        self.lang = lang
        self.loaded: dict[Layers, Core] = {}

    def run(self, documents: Iterable[CaseDocument]) -> TestReport:
        """The outcomes of all cases. Raises `Problems` where a base can not be loaded."""
        return TestReport(tuple(o for each in documents for o in self.outcomes(each)))

    def base(self, document: CaseDocument, facts: Sequence[str], only: Sequence[str]) -> Core:
        """The base that a file of cases names, or the one that it stands in."""
        folder = document.path.parent
        own = tuple(folder / name for name in facts)
        instead = tuple(folder / name for name in only) or self.only_facts
        laid = layers_of(document.path, (*self.facts, *own)) if not only else (*self.facts, *own)
        key = laid, instead
        if key not in self.loaded:
            self.loaded[key] = self.load(*key)
        return self.loaded[key]

    def outcomes(self, document: CaseDocument) -> Iterator[Outcome]:
        """The outcomes of a file's cases, queries, alternatives and duties."""
        file = document.file

        def place(*at: str | int) -> Span:
            return document.document.span(at)

        for n, case in enumerate(file.cases):
            told = "case", case.name, place("cases", n), case.because, case.otherwise
            base = self.base(document, file.facts, file.only_facts)
            yield _outcome(told, partial(_case, base, document, case, self.lang))
        for n, query in enumerate(file.queries):
            told = "query", query.name, place("queries", n), query.because, ""
            facts, only = query.facts or file.facts, query.only_facts or file.only_facts
            base = self.base(document, facts, only)
            yield _outcome(told, partial(_query, base, document, query))
        for name in file.alternatives:
            here = document.document.span(("alternatives", name), key=True)
            base = self.base(document, file.facts, file.only_facts)
            written = partial(alternatives_differ, base, file, name)
            yield _outcome(("alternatives", name, here, "", ""), written)
        for t, table in enumerate(file.duties):
            for n, line in enumerate(table.lines):
                part = f"{table.source}:{line.part}"
                told = "duty", part, place("duties", t, "lines", n), line.because, ""
                base = self.base(document, file.facts, file.only_facts)
                yield _outcome(told, partial(_duty, base, document, table, line))


def _case(base: Core, document: CaseDocument, case: Case, lang: str) -> list[Difference]:
    return differences(base, case, document.profile(case.app), lang)


def _query(base: Core, document: CaseDocument, query: QueryCase) -> list[Difference]:
    app = document.profile(query.app) if query.app is not None else None
    return query_differences(base, query, app)


def _duty(base: Core, document: CaseDocument, table: Duties, line: DutyLine) -> list[Difference]:
    return [
        difference
        for wanted, app in states(document.file, line)
        for difference in duty_differs(base, table, line, wanted, app)
    ]


def _outcome(told: tuple[str, str, Span, str, str], ask: Callable[[], list[Difference]]) -> Outcome:
    kind, name, place, because, known = told
    began = time.perf_counter()
    differ: list[Difference] = []
    problems: tuple[Problem, ...] = ()
    try:
        differ = ask()
    except Problems as found:
        problems = found.problems
    seconds = time.perf_counter() - began
    return Outcome(kind, name, place, tuple(differ), problems, because, known, seconds)
