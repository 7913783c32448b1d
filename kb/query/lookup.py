"""What a name stands for where a value of any vocabulary may stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from kb.base.core import Core
from kb.lang.problems import Problem, Problems, near
from kb.lang.syntax import Constant, Value
from kb.model.names import folded
from kb.model.vocabulary import values

Words: TypeAlias = Mapping[str, tuple[str, str]]
"""Fixed words of answers, such as verdicts: for each its labels, Chinese and English."""


def lookup(base: Core, name: str, known: Iterable[Value], words: Words) -> str:
    """The id that a name stands for: itself when it is one or is among what is `known`, else the
    one id that has it for a label. Raises `Problems` when it is the label of several, or of none.
    """
    if name in set(known) or name in words or name in _ids(base):
        return name
    wanted = folded(name)
    found = {term.id: term.kind for term in base.facts.names.called(name)}
    for attribute in base.facts.vocabulary.attributes.values():
        for term in values(base.facts.vocabulary, attribute).values():
            if wanted in map(folded, term.names):
                found.setdefault(term.id, attribute.id)
    for id, labels in words.items():
        if wanted in map(folded, labels):
            found.setdefault(id, "word")
    if len(found) == 1:
        return next(iter(found))
    if found:
        raise ambiguous(name, sorted(found.items()))
    names = {spelling for term in base.facts.names.terms.values() for spelling in term.names}
    names.update(words, *words.values())
    help_ = near(name, names) if name else ""
    raise Problems([Problem("unknown-id", f"nothing is called `{name}`", help=help_)])


def ambiguous(name: str, found: Iterable[tuple[str, str]]) -> Problems:
    """What to say of a name that several things have, each given by its id and its kind."""
    several = ", ".join(f"`{id}` ({kind})" for id, kind in found)
    problem = Problem("ambiguous", f"`{name}` is the name of several things", help=several)
    return Problems([problem])


def _ids(base: Core) -> set[Value]:
    """All ids of vocabularies and facts, and the constants of rules."""
    found: set[Value] = {id for _, id in base.facts.names.terms}
    for attribute in base.facts.vocabulary.attributes.values():
        found.update(values(base.facts.vocabulary, attribute))
    found.update(value for rows in base.facts.rows.facts.values() for row in rows for value in row)
    for rule in base.program.rules:
        atoms = (rule.head, *(atom for atom, _ in rule.atoms()))
        found.update(t.value for atom in atoms for t in atom.terms if isinstance(t, Constant))
    return found
