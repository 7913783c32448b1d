"""Reusable queries: a file is a docstring, its columns, and rules for the relation of its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from kb.lang.parser import Text, parsed
from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Column, Relation, Rule, Span
from kb.model.yamlread import check_regular

_FIELD = re.compile(r"^(parameters|columns):[ \t]*(.*)$", re.MULTILINE)
_CHINESE = re.compile(r"^zh:[ \t]*(.*)\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Query:
    """A named query: the relation of its name, what it means, and how its columns are called.

    A column may say its kind (`rests_on: value` takes names of every kind); else rules tell.

    `parameters` names the columns that a caller may fix; `app` among them means that an app's
    profile is needed.
    """

    name: str
    title: str
    doc: str
    parameters: tuple[str, ...]
    columns: tuple[str, ...]
    rules: tuple[Rule, ...]
    kinds: tuple[str, ...] = ()
    chinese: str = ""
    """The title in Chinese, of a line `zh:`; without one the title serves."""

    def said(self, lang: str) -> str:
        """What the query asks, in a language."""
        return self.chinese or self.title if lang == "zh" else self.title

    @property
    def declared(self) -> Relation | None:
        """The relation as the docstring declares it; None when it leaves all kinds to the rules."""
        if not any(self.kinds):
            return None
        columns = tuple(map(Column, self.columns, self.kinds))
        return Relation(self.name, columns, "rule", self.title)

    @property
    def needs_app(self) -> bool:
        return "app" in self.parameters


def read_query(path: Path, shown: str) -> Query:
    """Read a file of `queries/`. Raises `Problems`."""
    check_regular(path, shown)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Problems(
            [Problem("not-utf-8", "the file is not UTF-8", Span(shown, 1, 1, 1))]
        ) from None
    return query_of(parsed(text, shown), path.stem)


def query_of(text: Text, name: str) -> Query:
    fields = {
        key: tuple(w.strip() for w in words.split(",") if w.strip())
        for key, words in _FIELD.findall(text.doc)
    }
    parted = [column.partition(":") for column in fields.get("columns", ())]
    kinds = tuple(kind.strip() for _, _, kind in parted)
    if "columns" in fields:
        fields["columns"] = tuple(label.strip() for label, _, _ in parted)
    here = Span(text.name, 1, 1, 1)
    arity = next((len(r.head.terms) for r in text.rules if r.head.relation == name), None)
    problems = []
    if arity is None:
        problems.append(
            Problem(
                "query",
                f"no rule defines `{name}`",
                here,
                "a query's file and its relation have one name",
            )
        )
    if "columns" not in fields:
        problems.append(
            Problem(
                "query",
                "the docstring names no columns",
                here,
                "add a line `columns: app, category`",
            )
        )
    elif arity is not None and len(fields["columns"]) != arity:
        problems.append(
            Problem(
                "query",
                f"the docstring names {len(fields['columns'])} columns, `{name}` has {arity}",
                here,
            )
        )
    for parameter in fields.get("parameters", ()):
        if parameter not in fields.get("columns", ()):
            problems.append(Problem("query", f"the parameter `{parameter}` is no column", here))
    if any(kinds) and not all(kinds):
        problems.append(
            Problem("query", "some columns have no kind", here, "give every column a kind, or none")
        )
    if problems:
        raise Problems(problems)
    doc = _CHINESE.sub("", _FIELD.sub("", text.doc)).strip()
    chinese = _CHINESE.search(text.doc)
    title = doc.split("\n", 1)[0]
    return Query(
        name,
        title,
        doc,
        fields.get("parameters", ()),
        fields["columns"],
        text.rules,
        kinds,
        chinese[1] if chinese else "",
    )
