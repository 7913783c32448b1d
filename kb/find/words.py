"""The files of everyday words, `vocabulary/words/*.yaml`: the house's own, never cited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field

from kb.find.entries import Words
from kb.lang.problems import Problem, Problems, near
from kb.model.facts import FactBase
from kb.model.names import wording
from kb.model.reading import validated
from kb.model.schema import Name, Record
from kb.model.yamlread import Document, read_file

FOLDER = "vocabulary/words"
"""Where the files lie in a folder of facts."""
Table = Annotated[
    dict[str, tuple[Name, ...]], BeforeValidator(lambda value: {} if value is None else value)
]


class WordsFile(Record):
    """Words by service id, by the full name of a category, and for what no category is about, by
    topic."""

    words: Table = Field(default_factory=dict)
    categories: Table = Field(default_factory=dict)
    outside: Table = Field(default_factory=dict)


def read_words(base: FactBase) -> Words:
    """The everyday words of a fact base. Raises `Problems` with all that is wrong in them."""
    services: dict[str, list[str]] = {}
    categories: dict[str, list[str]] = {}
    outside: dict[str, list[str]] = {}
    problems: list[Problem] = []
    for path in sorted((base.folder / FOLDER).glob("*.yaml")):
        try:
            document = read_file(path, f"{FOLDER}/{path.name}")
            file = validated(WordsFile, document)
        except Problems as found:
            problems.extend(found.problems)
            continue
        problems.extend(_unknown(base, file, document))
        _add(services, file.words)
        _add(categories, {wording(name): words for name, words in file.categories.items()})
        _add(outside, file.outside)
    if problems:
        raise Problems(problems)
    return Words(_frozen(services), _frozen(categories), _frozen(outside))


def _unknown(base: FactBase, file: WordsFile, document: Document) -> Iterator[Problem]:
    """A problem for each service that the vocabulary does not hold.

    Of categories none: one that only another layer of facts holds may have its words already.
    """
    known = base.names.ids("service")
    for id in file.words:
        if id not in known:
            span = document.span(("words", id))
            yield Problem("unknown-id", f"no service is called `{id}`", span, near(id, known))


def _add(held: dict[str, list[str]], table: Mapping[str, tuple[str, ...]]) -> None:
    for key, words in table.items():
        held.setdefault(key, []).extend(words)


def _frozen(table: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(dict.fromkeys(words)) for key, words in table.items()}
