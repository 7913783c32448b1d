"""Words for what an import changes and for the cards of its review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kb.base.results import Role
from kb.lang.syntax import Cite
from kb.model.requirements import LARGEST
from kb.query.results import ReferenceResult, RequirementNode, ShownAlternative
from kb.render.imports import message
from kb.render.language import Language
from kb.render.outline import Cited, Line, Mark, line
from kb.render.requirements import requirement_lines
from kb.render.show import alternative_parts

MOST = 8
"""Alternatives that a card writes out; of more it tells how many there are."""
KINDS = {
    "added": ("新增", "added"),
    "withdrawn": ("撤下", "withdrawn"),
    "changed": ("有变化", "changed"),
    "reworded": ("换了说法", "reworded"),
    "renamed": ("更名", "renamed"),
    "perhaps_renamed": ("可能更名", "perhaps renamed"),
    "not_held": ("撤下,知识库中没有", "withdrawn, and not in the base"),
    "moved": ("换了一级类目", "moved"),
    "paper_renamed": ("材料更名", "paper renamed"),
    "still_listed": ("公告撤下,表中仍有", "still listed"),
    "read_otherwise": ("文字未变,读法不同", "read otherwise"),
    "unchanged": ("未变", "unchanged"),
}
"""What happened to a category, by the kinds of changes."""
WHAT = {
    "papers": ("资质要求", "papers"),
    "scope": ("适用范围", "scope"),
    "remark": ("备注", "remark"),
    "words": ("须写明的内容", "words"),
    "references": ("指引", "references"),
}
"""In what a category changed: a column of its row, or what was read from it."""
STATES = {
    "withdrawn": ("来源撤下了这个类目", "the source withdraws the category"),
    "none_required": ("来源写明不需要材料", "the source says that no document is asked for"),
    "none_stated": ("没有读出材料", "no document was read"),
    "elsewhere": ("要什么材料须另行确认", "what it asks for is told elsewhere"),
}
_ROLES = {
    Role.ALSO: ("另需", "also needs"),
    Role.INSTEAD: ("改选", "instead"),
    Role.ADVICE: ("建议同时看", "see also"),
}


def said(words: Mapping[str, tuple[str, str]], key: str, lang: str) -> str:
    """The words of a key in a language; the key where it has none."""
    pair = words.get(key)
    return (pair[0] if lang == "zh" else pair[1]) if pair else key


def change_text(
    kind: str, name: str, account: str, what: Sequence[str], was: str, lang: str
) -> str:
    """One change in one line."""
    told = ", ".join(said(WHAT, each, lang) for each in what)
    return (
        f"{said(KINDS, kind, lang)}: {name} [{account}]"
        + (f" ({told})" if told else "")
        + (f" <- {was}" if was else "")
    )


def counts_text(counts: Mapping[str, int], unchanged: int, lang: str) -> str:
    """How many categories changed in each way, in one line."""
    kinds = sorted(counts.items())
    if lang == "zh":
        told = ", ".join(f"{said(KINDS, kind, lang)} {n}" for kind, n in kinds)
        return f"{told or '没有变化'}; 未变 {unchanged}"
    told = ", ".join(f"{n} {said(KINDS, kind, lang)}" for kind, n in kinds)
    return f"{told or 'no changes'}; {unchanged} unchanged"


def renamed_text(old: str, new: str, rows: int, lang: str) -> str:
    """A paper whose name changed everywhere."""
    if lang == "zh":
        return f"材料更名: {old} -> {new} ({rows} 行)"
    return f"paper renamed: {old} -> {new} ({rows} rows)"


def otherwise_text(rows: int, lang: str) -> str:
    """The heading over rows whose text stayed and whose reading is not that of the base."""
    if lang == "zh":
        return f"{rows} 行文字未变,但读法与知识库不同:"
    return f"{rows} rows whose text did not change are read otherwise than the base has them:"


def read_text(counts: Mapping[str, int], lang: str) -> str:
    """How much of an import was read: `rows`, `distinct_cells`, `open_cells`, `unread`,
    `characters`."""
    if lang == "zh":
        return (
            "{rows} 行, {distinct_cells} 个不同的资质单元格, 其中 {open_cells} 个有未决之处; "
            "{characters} 个字符中 {unread} 个没有读懂"
        ).format(**counts)
    return (
        "{rows} rows, {distinct_cells} distinct cells of papers, {open_cells} with open points; "
        "{unread} of {characters} characters unread"
    ).format(**counts)


def beside_text(columns: Mapping[str, int], lang: str) -> str:
    """The columns of a table that were not read, and in how many rows they say something."""
    if lang == "zh":
        told = "、".join(f"{head} ({rows} 行)" for head, rows in columns.items())
        return f"没有读的列: {told}; 需要时用 `--column 种类=列名` 指明"
    told = ", ".join(f"{head} ({rows} rows)" for head, rows in columns.items())
    return f"columns that were not read: {told}; name one with `--column KIND=HEAD`"


def tree_lines(
    tree: RequirementNode | None, state: str, cite: Cite, to: Language
) -> Iterator[Line]:
    """What a cell at `cite` was read to ask for."""
    yield line(0, to.pick("读作", "read as"))
    if tree is None:
        yield line(2, said(STATES, state, to.lang))
    else:
        yield from requirement_lines(tree, 2, to, cite)


def alternative_lines(
    alternatives: Sequence[ShownAlternative] | None, to: Language
) -> Iterator[Line]:
    """The minimal alternatives of a cell; `None` where there are too many to write out."""
    lead = to.pick("最小方案", "minimal alternatives")
    if alternatives is None:
        yield line(0, f"{lead}: {to.pick(f'多于 {LARGEST}', f'more than {LARGEST}')}")
    elif alternatives:
        yield line(0, f"{lead}: {len(alternatives)}")
        for number, alternative in enumerate(alternatives[:MOST], 1):
            yield line(2, *alternative_parts(number, alternative, to))
        if (more := len(alternatives) - MOST) > 0:
            yield line(2, to.pick(f"… 另有 {more} 种", f"... and {more} more"))


def reference_lines(
    references: Mapping[str, Sequence[ReferenceResult]], to: Language
) -> Iterator[Line]:
    """The references of each category that has the cell, told once where they are the same."""
    if not any(references.values()):
        return
    yield line(0, to.pick("指引", "references"))
    for name, found in references.items():
        if not found:
            continue
        yield line(2, name)
        for each in found:
            either = to.pick(" 或 ", " or ").join(
                to.official("category", category) for category in each.categories
            )
            whom = [to.official("service", service) for service in each.services]
            whom += [to.label("applicant", applicant) for applicant in each.applicants]
            lead = to.pick(*_ROLES[each.role])
            yield line(4, f"{lead}: {either} ← {', '.join(whom)}", Cited.of([each.cite], " "))


def change_lines(
    told: Sequence[str], came: Sequence[str], went: Sequence[str], to: Language
) -> Iterator[Line]:
    """The difference of a cell's categories from the base: changes as they are told in one line
    each, papers that are asked for anew, and papers that are no more, by their ids."""
    yield line(0, to.pick("与知识库相比", "difference from the base"))
    for each in told:
        yield line(2, each)
    for sign, papers in (("+", came), ("-", went)):
        for paper in papers:
            label = to.label("document", paper)
            named = to.official("document", paper)
            yield line(2, f"{sign} 《{named}》" + ("" if label == named else f" ({label})"))


def led_lines(
    led: Sequence[tuple[str, Sequence[str]]],
    unled: Sequence[tuple[str, Sequence[str]]],
    to: Language,
) -> Iterator[Line]:
    """The references that only the import has, and those that only the base has, each by its role
    and its categories."""
    for sign, references in (("+", led), ("-", unled)):
        for role, categories in references:
            either = to.pick(" 或 ", " or ").join(to.official("category", c) for c in categories)
            yield line(2, f"{sign} {to.pick(*_ROLES[Role(role)])}: {either}")


def beside_lines(passages: Sequence[tuple[str, Mapping[str, Any]]], to: Language) -> Iterator[Line]:
    """What stays open in the scopes and remarks of a cell's categories; a decision on the cell
    leaves it open."""
    if not passages:
        return
    lead = to.pick(
        "适用范围和备注中的未决之处 (接受后仍未决; 要定下来, 请在草稿的 `unclear` 处修改)",
        "open in scopes and remarks (also once accepted; settle it in the draft, at `unclear`)",
    )
    yield line(0, lead)
    for category, passage in passages:
        told = to.pick(str(passage["zh"]), str(passage["en"]))
        yield line(2, Mark("?"), f" {category}: {told} [{passage['lines']}]")


def name_lines(names: Sequence[tuple[str, str, str]], to: Language) -> Iterator[Line]:
    """What the base calls papers that the cell names otherwise: the name as the cell has it, the
    id, and a name that is near to a new one."""
    if names:
        yield line(0, to.pick("名称", "names"))
    for written, document, near in names:
        named = to.official("document", document)
        if named != written:
            yield line(2, f"{written} = 《{named}》")
        elif near:
            yield line(2, f"{written}: {to.pick('新词条,相近的有', 'new; near to')} 《{near}》")
        else:
            yield line(2, f"{written}: {to.pick('新词条', 'new')}")


def finding_lines(findings: Sequence[tuple[str, str]], to: Language) -> Iterator[Line]:
    """What is open in a cell: the code of each point and the passage that it is about."""
    for code, text in findings:
        yield line(0, Mark("?"), f" {code}: {to.pick(*message(code))} {text[:60]}")
