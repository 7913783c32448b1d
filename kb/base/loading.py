"""Loading a base: facts of folders, the rules and the queries that came with the package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kb.base.core import Core
from kb.base.queries import Query, read_query
from kb.engines.garbage import uncollected
from kb.engines.locks import MAKING
from kb.lang.parser import parsed
from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Rule
from kb.model.compiled import read_compiled, write_compiled
from kb.model.facts import FactBase, read_facts
from kb.model.layers import Folders, check_folders, listed
from kb.model.places import RULES, shipped


def load(folders: Folders = None) -> Core:
    """The core of a base over folders of facts that are read together (default: those that came
    with the package).

    Raises `Problems` with everything that is wrong.

    >>> len(load().facts.sources) >= 5
    True
    """
    return Core(load_facts(folders), read_rules(), read_queries())


def load_facts(folders: Folders = None) -> FactBase:
    """The facts of folders: as they were compiled when these were last read, else from YAML."""
    paths = listed(folders) or (shipped("facts"),)
    check_folders(paths)
    with MAKING:  # a fork waits until all is read
        # It makes many small things at once, none of which is garbage.
        found = uncollected(lambda _: read_compiled(*paths))
        if found is None:
            found = read_facts(*paths)
            write_compiled(found)
    return found


def read_rules() -> tuple[Rule, ...]:
    """The shipped rules. Raises `Problems` with those of all files."""
    rules: list[Rule] = []
    problems: list[Problem] = []
    for path in sorted(RULES.glob("*.dl")):
        try:
            rules += parsed(path.read_text(encoding="utf-8"), f"kb/rules/{path.name}").rules
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
