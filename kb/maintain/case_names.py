"""Names in cases: categories, documents and duties by id or label, as the answer calls them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kb.base.core import Core
from kb.lang.problems import Problem, Problems, near
from kb.maintain.cases import Expected, Wanted
from kb.model.names import Names

BY_CATEGORY = (
    *("categories", "missing", "usable", "lines", "proof"),
    *("readings", "how", "how_to", "notes"),
)
"""Keys of `expect` whose entries go by category."""
BY_PART = ("obligations", "deadlines", "standing", "breach")
"""Keys of `expect` whose entries go by duty or prohibition."""


def named(base: Core, expect: Expected, told: Mapping[str, Any]) -> Expected:
    """An expectation with categories, documents and duties as the answer calls them. Raises
    `Problems` for what the base does not know."""
    problems: list[Problem] = []
    names = base.facts.names
    called = {entry["id"]: entry["category"] for entry in told["categories"]}
    stated = {entry["id"] for entry in (*told["obligations"], *told["prohibited"])}

    def label(kind: str, name: str) -> str:
        term = names.find(kind, name)
        if term is None:
            help = names.near(kind, name)
            problems.append(Problem("unknown-id", f"no {kind} is called `{name}`", help=help))
            return name
        return str(called.get(term.id, term.zh)) if kind == "category" else term.zh

    def paper(wanted: Wanted) -> Wanted:
        return wanted.model_copy(update={"document": label("document", wanted.document)})

    def part(name: str) -> str:
        found = [name] if name in stated else _parts(names, name)
        if len(found) != 1:
            problems.append(_unknown_part(names, name, found))
            return name
        return found[0]

    changed: dict[str, Any] = {}
    for key in BY_CATEGORY:
        given = getattr(expect, key)
        if given is not None:
            changed[key] = {label("category", name): value for name, value in given.items()}
    for key in BY_PART:
        given = getattr(expect, key)
        if given is not None:
            changed[key] = {part(name): value for name, value in given.items()}
    if expect.prohibited is not None:
        # What is forbidden may also go by the words of the answer.
        ways = [(name, _parts(names, name)) for name in expect.prohibited]
        changed["prohibited"] = tuple(f[0] if len(f) == 1 else name for name, f in ways)
    if expect.missing is not None:
        changed["missing"] = {
            name: tuple(map(paper, papers)) for name, papers in changed["missing"].items()
        }
    if expect.bundle is not None:
        changed["bundle"] = tuple(map(paper, expect.bundle))
    if problems:
        raise Problems(problems)
    return expect.model_copy(update=changed)


def _parts(names: Names, name: str) -> list[str]:
    """The duties and other parts of texts that a name may mean: `SOURCE:ID`, or the id alone."""
    if names.get("part", name) is not None:
        return [name]
    return sorted(id for id in names.ids("part") if id.partition(":")[2] == name)


def _unknown_part(names: Names, name: str, found: list[str]) -> Problem:
    if found:
        message = f"several texts have a part called `{name}`"
        help = f"give the source too: {', '.join(f'`{id}`' for id in found)}"
        return Problem("ambiguous", message, help=help)
    ids = names.ids("part")
    short = near(name.rpartition(":")[2], {id.partition(":")[2] for id in ids})
    help = near(name, ids) if short.startswith("known: ") else short
    if help.startswith("known: "):
        help = "write its id as `SOURCE:ID`; `kb ask APP --format json` tells the ids"
    return Problem("unknown-id", f"no duty and no prohibition is called `{name}`", help=help)
