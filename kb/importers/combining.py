"""Sentences that join the entries of a list by their numbers: `①+②或①+③`, `(1)必备，(2)(3)二选一`.

Such a sentence stands before a list or behind it. It is read by a grammar of its own, as a tree
over the numbers of entries; what the entries ask for takes the places of their numbers afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

from kb.importers import words
from kb.importers.grammar import no_lark
from kb.importers.heads import counts_of
from kb.importers.markers import HAN, number_of
from kb.importers.papers import Node

_PLAIN_NUMBER = rf"\d{{1,2}}|[{HAN}]{{1,3}}"
_NUMBER = rf"(?:\(\s*(?:{_PLAIN_NUMBER})\s*\)|[①-⑳]|{_PLAIN_NUMBER}|[A-Ha-h](?![A-Za-z]))"
_KIND = r"(?:第|资质|材料|方案|证件|条件)?\s*"
"""What may stand before a number: it is an entry's all the same."""
_TOKENS = {
    "CHOOSE": rf"(?:之?[中里])?(?:{words.CHOICE.pattern})",
    "MUST": r"(?:[为是均都皆必须需应要]|同时)*(?:提供|提交|上传|具备)"
    r"|[为是均都皆]*必[备需填选传须](?:项|资质)?|缺一不可",
    "OPTIONAL": r"[为是均都皆]*(?:选[填传]|可选|非必[填选传须需])(?:项)?",
    "REF": rf"{_KIND}{_NUMBER}\s*(?:项|条|点|种|款)?",
    "OR": r"或者?|\||/",
    "PLUS": r"\+|&|和|与|以?及|加",
    "LIST": r"、",
    "SEP": r"[,;。]",
}
_PLAIN = {name: re.sub(r"\?P<\w+>", "?:", pattern) for name, pattern in _TOKENS.items()}
_SAID = rf"(?:(?:{'|'.join(_PLAIN.values())})\s*)+"
_ABOVE = r"(?:以上|上述|其中)?\s*"
_BEHIND = re.compile(
    rf"(?<=[》)。;,\n])\s*[,;。]?\s*"
    rf"(?P<whole>{_ABOVE}(?:\(\s*{_ABOVE}(?=.*\)[。;\s]*$))?(?P<said>{_SAID})\)?)[。;\s]*$"
)
_BEFORE = re.compile(rf"\s*(?P<whole>(?P<said>{_SAID}):)")
GRAMMAR = "\n".join(
    [
        "start: clause (SEP clause)* SEP?",
        "?clause: chosen | optional | either",
        "chosen: REF ((LIST | PLUS)? REF)* CHOOSE",
        "optional: REF ((LIST | PLUS)? REF)* OPTIONAL",
        "either: together (OR together)*",
        "together: refs (PLUS refs)* MUST?",
        "refs: REF (LIST? REF)*",
        "%ignore /\\s+/",
        *(
            f"{name}.{9 - n}: /{pattern.replace('/', chr(92) + '/')}/"
            for n, (name, pattern) in enumerate(_PLAIN.items())
        ),
    ]
)


@dataclass(frozen=True)
class Combination:
    """A sentence about numbered entries: where it stands, its tree, the numbers that it names."""

    start: int
    end: int
    tree: Any
    numbers: frozenset[int]
    sure: bool
    """Not so for `①+②或③`: the third may stand for the second alone, or for both."""


def combination(folded: str) -> Combination | None:
    """The sentence of a cell that joins its entries by number, if there is one.

    >>> found = combination("①《甲证》②《乙证》③《丙证》,①+②或①+③")
    >>> sorted(found.numbers)
    [1, 2, 3]
    >>> combination("二选一:①《甲证》②《乙证》") is None
    True
    """
    for match in filter(None, (_BEHIND.search(folded), _BEFORE.match(folded))):
        tree = _read(match["said"])
        if tree is not None:
            numbers = frozenset(_number(ref) for ref in _refs(tree))
            sure = all(_sure(each) for each in _clauses(tree))
            return Combination(*match.span("whole"), tree, numbers, sure)
    return None


def combined(found: Combination, entries: Mapping[int, Node]) -> Node | None:
    """The entries joined as the sentence says; None where it names one that is not there, or
    counts others than it names."""
    if not found.numbers <= entries.keys():
        return None
    clauses = [_READ[each.data](each, entries) for each in _clauses(found.tree)]
    if any(clause.stated not in (None, len(clause.parts)) for clause in clauses):
        return None
    return _group("all", clauses)


def _read(said: str) -> Any:
    import lark

    try:
        tree = _parser().parse(said)
    except lark.exceptions.UnexpectedInput:
        return None
    numbers = {_number(ref) for ref in _refs(tree)}
    told = all(_told(each) for each in _clauses(tree))
    return tree if told and len(numbers) > 1 else None


def _clauses(tree: Any) -> list[Any]:
    return [each for each in tree.children if hasattr(each, "data")]


def _told(clause: Any) -> bool:
    """Whether a clause says how its numbers go together; a list of numbers alone does not."""
    if clause.data != "either":
        return True
    kinds = {token.type for token in clause.scan_values(lambda token: True)}
    if not kinds & {"OR", "PLUS", "MUST"}:
        return False
    return all(
        any(getattr(child, "type", "") == "MUST" for child in side.children)
        or all(len([*_refs(refs)]) == 1 for refs in side.find_data("refs"))
        for side in clause.find_data("together")
    )


def _sure(clause: Any) -> bool:
    """Whether sums beside choices can be taken in one way only: a number that stands on several
    sides shows where each begins."""
    sides = [{_number(ref) for ref in _refs(side)} for side in clause.find_data("together")]
    sums = any(token.type == "PLUS" for token in clause.scan_values(lambda token: True))
    return len(sides) < 2 or not sums or bool(set.intersection(*sides))


@cache
def _parser() -> Any:
    try:
        import lark
    except ImportError:
        raise no_lark() from None
    return lark.Lark(GRAMMAR, parser="earley", lexer="basic", maybe_placeholders=False)


def _refs(tree: Any) -> Iterator[str]:
    for token in tree.scan_values(lambda token: token.type == "REF"):
        yield str(token)


def _number(ref: str) -> int:
    told = re.match(f"{_KIND}(?P<number>{_NUMBER})", ref)
    assert told is not None
    plain = told["number"].strip("() ")
    return number_of(plain) or ord(plain.lower()) - ord("a") + 1


def _chosen(clause: Any, entries: Mapping[int, Node]) -> Node:
    parts = [deepcopy(entries[_number(ref)]) for ref in _refs(clause)]
    told = re.search(words.CHOICE, str(clause.children[-1]))
    assert told is not None
    node = _group("any", parts)
    if told["n"]:
        node.stated = number_of(told["n"])
    node.choose(counts_of(told))
    return node


def _optional(clause: Any, entries: Mapping[int, Node]) -> Node:
    parts = [deepcopy(entries[_number(ref)]) for ref in _refs(clause)]
    for part in parts:
        part.optional = True
        for paper in part.papers():
            paper.optional = True
    return _group("all", parts)


def _either(clause: Any, entries: Mapping[int, Node]) -> Node:
    sides: list[Node] = []
    for side in clause.children:
        if getattr(side, "data", None) == "together":
            sides.append(_group("all", [deepcopy(entries[_number(ref)]) for ref in _refs(side)]))
    return _group("any", sides)


def _group(op: str, parts: list[Node]) -> Node:
    if len(parts) == 1:
        return parts[0]
    start, end = min(p.start for p in parts), max(p.end for p in parts)
    return Node(op, parts, start=start, end=end)


_READ: Mapping[str, Callable[[Any, Mapping[int, Node]], Node]] = {
    "chosen": _chosen,
    "optional": _optional,
    "either": _either,
}
