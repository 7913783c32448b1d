"""Rules and queries of one's own that lie in folders of facts, beside those of the package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kb.base.core import Core
from kb.base.queries import Query, read_query
from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Rule, Span
from kb.model.facts import FactBase
from kb.model.layers import programs_in, shown_names
from kb.query.added import Base, defined_already, rules_of


def has_programs(facts: FactBase) -> bool:
    """Whether any folder of facts holds rules or queries of its own."""
    return any(next(_programs(facts, kind), None) for kind in ("rules", "queries"))


def with_programs(base: Base) -> Base:
    """A base with the rules and queries that lie in its folders of facts. Raises `Problems`."""
    return base.enlarged(own_rules(base), own_queries(base.facts, base.queries))


def own_rules(base: Core) -> list[Rule]:
    """The rules in `rules/` of the folders of a base. Raises `Problems` with those of all files,
    and where a rule adds to a relation of the base."""
    rules: list[Rule] = []
    problems: list[Problem] = []
    for path, shown in _programs(base.facts, "rules"):
        try:
            rules += rules_of(base, path, shown)
        except Problems as found:
            problems.extend(found.problems)
    problems.extend(problem for _, problem in defined_already(base, rules))
    if problems:
        raise Problems(problems)
    return rules


def own_queries(facts: FactBase, shipped: Iterable[str]) -> list[Query]:
    """The queries in `queries/` of folders of facts; `shipped` names those of the package. Raises
    `Problems`, also where two are called alike."""
    queries: list[Query] = []
    problems: list[Problem] = []
    places = {name: f"queries/{name}.dl" for name in shipped}
    for path, shown in _programs(facts, "queries"):
        try:
            queries.append(read_query(path, shown))
        except Problems as found:
            problems.extend(found.problems)
        if path.stem in places:
            help = f"it stands at {places[path.stem]} already: give yours another name"
            message = f"the query `{path.stem}` stands twice"
            problems.append(Problem("duplicate-id", message, Span(shown, 1, 1, 1), help))
        places.setdefault(path.stem, shown)
    if problems:
        raise Problems(problems)
    return queries


def _programs(facts: FactBase, kind: str) -> Iterator[tuple[Path, str]]:
    for folder, shown in zip(facts.folders, shown_names(facts.folders), strict=True):
        for path in programs_in(folder, kind):
            yield path, f"{shown}{path.relative_to(folder).as_posix()}"
