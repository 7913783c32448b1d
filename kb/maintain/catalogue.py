"""The catalogue of relations: what rules and queries may name, and where each is defined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kb.base.core import Core
from kb.lang.problems import Problem, Problems, near
from kb.lang.syntax import Column, Relation, Rule
from kb.model.data import Json
from kb.render.sentences import templates


class GivenBy(StrEnum):
    """Who states the facts of a relation."""

    FACTS = "facts"
    PROFILE = "profile"
    RULES = "rules"


HEADINGS = {
    GivenBy.FACTS: ("来源陈述的关系", "Stated by facts"),
    GivenBy.PROFILE: ("应用情况陈述的关系", "Stated by a profile"),
    GivenBy.RULES: ("由规则推出的关系", "Derived by rules"),
}


@dataclass(frozen=True, slots=True)
class RelationEntry:
    """A relation with its named columns, what one of its facts says, and its rules, if it has any.

    In `says` a column's name in braces stands for its value: `{category} is a category`.
    """

    name: str
    columns: tuple[Column, ...]
    says: str
    given_by: GivenBy
    rules: tuple[Rule, ...]

    def __str__(self) -> str:
        return f"{self.name}({', '.join(column.name for column in self.columns)})"


@dataclass(frozen=True, repr=False)
class Catalogue:
    """Relations: those of facts first, then those of profiles, then those of rules."""

    relations: tuple[RelationEntry, ...]
    lang: str

    def __repr__(self) -> str:
        return f"<kb.Catalogue {len(self.relations)} relations>"

    def __str__(self) -> str:
        """One paragraph a relation: how it is written, who gives it, what it says, its rules."""
        return "\n\n".join("\n".join(_lines(entry)) for entry in self.relations)

    def markdown(self) -> str:
        """A page with a section for each relation."""
        return "\n".join(_page(self))

    def to_dict(self) -> Json:
        """All of it as JSON."""
        return {"relations": [_json(entry) for entry in self.relations]}


def catalogue(base: Core, name: str | None = None, lang: str = "zh") -> Catalogue:
    """All relations of a base, or the one of this name. Raises `Problems` when there is none."""
    relations = base.program.relations
    if name is not None and name not in relations:
        message = f"no relation is called `{name}`"
        raise Problems([Problem("unknown-relation", message, help=near(name, relations))])
    entries = [_entry(base, r, lang) for r in relations.values() if name in (None, r.name)]
    order = list(GivenBy)
    # The sort keeps the order of the files within each kind.
    return Catalogue(tuple(sorted(entries, key=lambda e: order.index(e.given_by))), lang)


def _entry(base: Core, relation: Relation, lang: str) -> RelationEntry:
    columns = _columns(base, relation)
    given_by = {"fact": GivenBy.FACTS, "app": GivenBy.PROFILE}.get(relation.role, GivenBy.RULES)
    template = templates().get(relation.name, {}).get(lang, "")
    says = template.format(*(f"{{{column.name}}}" for column in columns))
    if lang == "en" and relation.doc:
        says = relation.doc
    return RelationEntry(
        relation.name, columns, says, given_by, base.program.rules_for(relation.name)
    )


def _columns(base: Core, relation: Relation) -> tuple[Column, ...]:
    """The columns under names that tell what they hold.

    A rule gives its columns the letters of its variables; their kind says more, and where several
    are of one kind, they are numbered. Queries name their columns themselves.
    """
    query = base.queries.get(relation.name)
    if query is not None:
        named = list(query.columns)
    elif relation.role == "rule":
        plain = [c.kind if c.kind != "value" else c.name for c in relation.columns]
        named = [
            f"{name}_{plain[: at + 1].count(name)}" if plain.count(name) > 1 else name
            for at, name in enumerate(plain)
        ]
    else:
        named = [column.name for column in relation.columns]
    return tuple(
        Column(name, column.kind) for name, column in zip(named, relation.columns, strict=True)
    )


def _place(rule: Rule) -> str:
    return f"{rule.span.file}:{rule.span.line}"


def _lines(entry: RelationEntry) -> Iterator[str]:
    yield f"{entry}  [{entry.given_by}]"
    if entry.says:
        yield f"  {entry.says}"
    for rule in entry.rules:
        yield f"  {_place(rule)}: {rule}"


def _page(found: Catalogue) -> Iterator[str]:
    zh = found.lang == "zh"
    yield "# 关系" if zh else "# Relations"
    yield ""
    yield (
        "规则和查询可以使用的关系:列、含义、规则。由 `kb relations --format markdown` 生成。"
        if zh
        else "What rules and queries may name: for each relation its columns, what a fact of it "
        "says, and its rules. Made by `kb relations --lang en --format markdown`."
    )
    given_by = None
    for entry in found.relations:
        if entry.given_by != given_by:
            given_by = entry.given_by
            yield ""
            yield f"## {HEADINGS[given_by][0 if zh else 1]}"
        yield ""
        yield f"### `{entry}`"
        yield ""
        kinds = ", ".join(f"{c.name}: {c.kind}" for c in entry.columns if c.kind != c.name)
        said = [f"{_escaped(entry.says)}."] if entry.says else []
        if kinds:
            said.append(f"{'列的种类' if zh else 'Kinds'}: {_escaped(kinds)}.")
        yield " ".join(said)
        if entry.rules:
            yield ""
        for rule in entry.rules:
            yield f"- {_place(rule)}: `{rule}`"


def _escaped(text: str) -> str:
    return text.replace("_", "\\_").replace("*", "\\*").replace("<", "&lt;")


def _json(entry: RelationEntry) -> Json:
    return {
        "name": entry.name,
        "columns": [{"name": column.name, "kind": column.kind} for column in entry.columns],
        "says": entry.says,
        "given_by": str(entry.given_by),
        "rules": [
            {"file": rule.span.file, "line": rule.span.line, "rule": str(rule)}
            for rule in entry.rules
        ],
    }
