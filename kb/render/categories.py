"""What one category asks of an app, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeAlias

from kb.answers.results import (
    AlternativeResult,
    CategoryResult,
    ConditionState,
    NoDocumentRequired,
    OneOfSeveral,
)
from kb.base.results import Verdict
from kb.lang.syntax import Cite
from kb.query.results import RequirementNode
from kb.render.documents import category_name, cites, condition_text, document_parts
from kb.render.language import Language
from kb.render.outline import Cited, Lead, Line, Mark, line
from kb.render.points import note_text
from kb.render.requirements import choices, own_choices, requirement_lines
from kb.render.words import mark, word

FEW = 3
"""So many alternatives read well one below the other, whatever the source's own choice is."""
Numbered: TypeAlias = tuple[int, AlternativeResult]


def category_lines(
    result: CategoryResult, to: Language, told: Collection[str], shared: Mapping[str, str]
) -> Iterator[Line]:
    """A category of an answer; notes that are `told` elsewhere in it are left out, and those that
    are `shared` with other categories have what stands there behind them."""
    title = category_name(result, to)
    title += "" if to.zh else f" ({to.label('category', result.category)})"
    said = word(result.verdict, to.lang), choice_said(result, to)
    yield line(
        0,
        Mark(mark(result.verdict)),
        f" {title} — {to.pick(',', ', ').join(filter(None, said))}",
        Cited.of(result.cites),
    )
    yield from _alternatives(result, to)
    if result.how:
        where = " ".join(part for part in (result.how.address, result.how.title) if part)
        lead = to.pick("申请方式", "how to apply")
        yield line(2, f"→ {lead}: {word(result.how.way, to.lang)} {where}".rstrip())
        if result.how.remark:
            yield line(4, to.say(result.how.remark))
    # The verdict says already that none is required.
    none = result.verdict == Verdict.NONE_REQUIRED
    notes = [n for n in result.notes if not (none and isinstance(n, NoDocumentRequired))]
    for note in dict.fromkeys(note_text(note, to) for note in notes):
        if note not in told:
            yield line(2, Lead("· "), note + shared.get(note, ""))


def _alternatives(result: CategoryResult, to: Language) -> Iterator[Line]:
    """The alternatives; where they are more than the source's own choices, its requirement with
    those that are open to the app, and how many others there are."""
    if not result.alternatives:
        return
    trees = [each for each in result.requirements if _many(each.alternatives, each.tree)]
    shown = list(enumerate(result.alternatives, 1))
    for each in trees:
        beside = f" [{cites([each.cite])}]" if len(result.requirements) > 1 else ""
        count = each.alternatives
        yield line(
            2,
            to.pick(
                f"来源的要求{beside},展开共 {count} 个方案:",
                f"what the source asks for{beside}, {count} alternatives in all:",
            ),
        )
        yield from requirement_lines(each.tree, 4, to, each.cite)
    if trees:
        shown = _open_first(shown)
    several = len(result.alternatives) > 1
    for number, alternative in shown:
        if several:
            yield line(2, _heading(number, alternative, to))
        yield from _documents(alternative, 6 if several else 2, to, result.cites)
    every = sum(each.alternatives for each in result.requirements)
    rest = every - len(shown)
    if trees and rest > 0:
        name = category_name(result, to)
        yield line(
            2,
            to.pick(
                f"另有 {rest} 个方案不适用于本应用,或者材料不比上面的少;`kb show {name}` 列出全部",
                f"{rest} other alternatives can not be used by this app or ask for no less than "
                f"these; `kb show {name}` lists all",
            ),
        )


def _open_first(numbered: Iterable[Numbered]) -> list[Numbered]:
    """The alternatives that are open to the app, then those that perhaps are. Of several that ask
    for the same papers in other words the one that lacks least stands for all."""
    found: dict[object, Numbered] = {}
    for number, each in numbered:
        if each.usable is False:
            continue
        papers = frozenset((needed.document, needed.holder) for needed in each.documents)
        key = each.usable, each.id.partition("#")[0], papers, each.conditions, each.branches
        if key not in found or _lacking(each) < _lacking(found[key][1]):
            found[key] = number, each
    return sorted(found.values(), key=lambda one: one[1].usable is None)


def _lacking(alternative: AlternativeResult) -> int:
    return sum(needed.verdict != Verdict.SATISFIED for needed in alternative.documents)


def choice_said(result: CategoryResult, to: Language) -> str:
    """That a category is one of several to choose from, or that another of them is settled."""
    of = [note for note in result.notes if isinstance(note, OneOfSeveral)]
    if not of or result.verdict == Verdict.NOT_OPEN:
        return ""
    if not all(note.done for note in of):
        return to.pick("几个类目选一个", "one of several categories to choose from")
    if result.verdict in (Verdict.MISSING, Verdict.UNDETERMINED):
        return to.pick("另一个可选的类目已满足", "another one to choose from is satisfied")
    return ""


def own_count(result: CategoryResult) -> int:
    """How many choices the sources leave this app, as they count them themselves: 0 where every
    alternative is closed."""
    several = sum(each.usable is not False for each in result.alternatives)
    failed = {
        state.condition
        for each in result.alternatives
        for state in each.conditions
        if state.must_be_met and not state.unknown
    }
    return min(several, sum(choices(each.tree, failed) for each in result.requirements))


def _many(alternatives: int, tree: RequirementNode) -> bool:
    return alternatives > max(FEW, own_choices(tree))


def _documents(
    alternative: AlternativeResult, indent: int, to: Language, among: tuple[Cite, ...]
) -> Iterator[Line]:
    """The documents of an alternative; where it can not be used, without their marks."""
    for needed in alternative.documents:
        if alternative.usable is False:
            yield line(indent + 2, *document_parts(needed, to, among=among))
        else:
            parts = document_parts(needed, to, among=among)
            yield line(indent, Mark(mark(needed.verdict)), " ", *parts)
    if not alternative.documents:
        yield line(
            indent,
            to.pick("这种情形下来源没有要求材料", "the source asks for no document in this case"),
        )


def _heading(number: int, alternative: AlternativeResult, to: Language) -> str:
    lead = to.pick(f"方案 {number}", f"alternative {number}")
    if alternative.branches:
        branches = "/".join(dict.fromkeys(map(to.say, alternative.branches)))
        lead += to.pick(f"({branches})", f" ({branches})")
    if alternative.usable is True:
        return lead
    if alternative.usable is False:
        lead += to.pick(" 不可用", " not usable")
    else:
        lead += to.pick(" 是否可用未知", " perhaps usable")
    words = "; ".join(_condition(each, to) for each in alternative.conditions)
    # Where only the wording of a paper leaves it open there is no condition to tell.
    return lead + to.pick(f" — 前提: {words}", f" — only if: {words}") if words else lead


def _condition(state: ConditionState, to: Language) -> str:
    return condition_text(state.condition, state.must_be_met, to)
