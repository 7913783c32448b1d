"""Loading a base: facts of a folder, the rules and the queries that came with the package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kb.base.core import Core
from kb.base.queries import Query, read_query
from kb.lang.parser import parse
from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Rule
from kb.model.compiled import read_compiled, write_compiled
from kb.model.facts import FactBase, read_facts
from kb.model.places import RULES, shipped


def load(facts: str | Path | None = None) -> Core:
    """The core of a base over a folder of facts (default: those that came with the package).

    Raises `Problems` with everything that is wrong.

    >>> len(load().facts.sources) >= 5
    True
    """
    return Core(load_facts(facts), read_rules(), read_queries())


def load_facts(facts: str | Path | None = None) -> FactBase:
    """The facts of a folder: as they were compiled when it was last read, else from its YAML."""
    folder = facts_folder(facts)
    found = read_compiled(folder)
    if found is None:
        found = read_facts(folder)
        write_compiled(found)
    return found


def facts_folder(facts: str | Path | None) -> Path:
    """The folder of facts that is meant."""
    return Path(facts) if facts is not None else shipped("facts")


def read_rules() -> tuple[Rule, ...]:
    """The shipped rules. Raises `Problems` with those of all files."""
    rules: list[Rule] = []
    problems: list[Problem] = []
    for path in sorted(RULES.glob("*.dl")):
        try:
            rules += parse(path.read_text(encoding="utf-8"), f"kb/rules/{path.name}").rules
        except Problems as found:
            problems.extend(found.problems)
    if problems:
        raise Problems(problems)
    return tuple(rules)


def read_queries() -> tuple[Query, ...]:
    """The shipped queries. Raises `Problems`."""
    return tuple(_queries(shipped("queries")))


def _queries(folder: Path) -> Iterator[Query]:
    for path in sorted(folder.glob("*.dl")):
        yield read_query(path, f"{folder.name}/{path.name}")
