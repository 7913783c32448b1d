"""A requirement as its source writes it, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import combinations
from math import prod
from typing import assert_never

from kb.lang.syntax import Cite
from kb.query.results import Join, RequirementGroup, RequirementLeaf, RequirementNode
from kb.render.documents import document_parts
from kb.render.language import Language
from kb.render.outline import Line, line


def requirement_lines(
    node: RequirementNode, indent: int, to: Language, cite: Cite
) -> Iterator[Line]:
    """A requirement with what belongs to each part of it below that part; it stands at `cite`."""
    when = ""
    if node.when:
        when = f"  {to.pick('仅当', 'only when')}: {to.label('condition', node.when)}"
    branch = f"{to.say(node.label)}: " if node.label else ""
    match node:
        case RequirementLeaf(document):
            optional = to.pick(" (可选)", " (optional)") if document.optional else ""
            parts = (branch, *document_parts(document, to, among=[cite]), optional, when)
            yield line(indent, *(part for part in parts if part))
        case RequirementGroup():
            yield line(indent, f"{branch}{_lead(node, to)}{when}")
            for child in node.children:
                yield from requirement_lines(child, indent + 2, to, cite)
        case _:
            assert_never(node)


def own_choices(node: RequirementNode) -> int:
    """The widest choice that a source itself offers in a requirement; 1 where it offers none."""
    if isinstance(node, RequirementLeaf):
        return 1
    own = len(node.children) if node.join == Join.ANY else 1
    return max(own, *map(own_choices, node.children))


def choices(node: RequirementNode, failed: Collection[str] = ()) -> int:
    """How many choices the source offers in a requirement. Branches whose condition is among
    `failed` are none, and papers that are told apart by their words alone are one; a condition on a
    part of what goes together adds no choice."""
    if isinstance(node, RequirementLeaf):
        return 1
    parts = [part for part in node.children if part.when not in failed]
    if node.join == Join.ALL:
        return prod(choices(part, failed) for part in parts)
    papers = {
        (part.document.document, part.document.holder)
        for part in parts
        if isinstance(part, RequirementLeaf)
    }
    if len(papers) == 1 and node.at_least == 1 and not any(map(_group, parts)):
        return 1
    each = [choices(part, failed) for part in parts]
    return sum(map(prod, combinations(each, node.at_least)))


def _group(node: RequirementNode) -> bool:
    return isinstance(node, RequirementGroup)


def _lead(group: RequirementGroup, to: Language) -> str:
    if group.join == Join.ALL:
        return to.pick("全部提供", "all of")
    count = group.at_least
    if group.up_to and group.up_to > count:
        lead = to.pick(f"任选 {count} 至 {group.up_to} 项", f"any {count} to {group.up_to} of")
    elif count > 1:
        lead = to.pick(f"至少提供其中 {count} 项", f"at least {count} of")
    else:
        lead = to.pick("任选其一", "any one of")
    if group.at_most:
        lead += to.pick(f",至多 {group.at_most} 项", f", at most {group.at_most}")
    if group.stated is not None:
        lead += to.pick(
            f" ({group.stated} 选 {group.at_least})", f" ({group.stated} choices stated)"
        )
    return lead
