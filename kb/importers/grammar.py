"""The grammar of a phrase: all readings of a list of papers, by Earley's method."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice, product
from typing import Any, TypeAlias

from kb.importers.lexer import Piece
from kb.importers.rows import bad
from kb.lang.problems import Problems

VERSION = "7"
"""Kept with every decision of a person: a decision holds for the grammar that it was made on."""

GRAMMAR = r"""
start: expr SEMI*
?expr: leaf | alt | seq | paren
paren: LP expr RP marks?
alt: _altarg (_or _altarg)+ marks?
seq: _seqarg (_and _seqarg)+ marks?
_altarg: leaf | seq | paren
_seqarg: leaf | alt | paren
_or: OR | SL | ENUM OR | COMMA OR | ENUM_OR
_and: AND | ENUM | COMMA | ENUM AND | COMMA AND | SEMI
marks: _post+
leaf: (pre (pre | other)*)? name _post*
pre: AND? _party DE ENUM? -> owner
   | COUNT -> count
other: OR _party DE -> owner
name: titled | core
titled: (AND? _bits | AND)? TITLE (DOC | WEAK | WORDS)?
core: AND? _bits
_bits: (_bit _inner?)* _last
_party: (_bit _inner?)* (_last | BR)
_bit: WORDS | WEAK | QUOTE | BR | COUNT | DOC
_inner: AND | OR | SL | ENUM
_last: DOC | WEAK | WORDS | QUOTE
_post: BR | FORM | MUST | COUNT | COMMA FORM | COMMA MUST | COMMA COUNT
%declare TITLE BR QUOTE OR AND SL ENUM COMMA SEMI DE COUNT FORM MUST DOC WEAK WORDS ENUM_OR LP RP
"""


@dataclass(frozen=True)
class Leaf:
    """One paper as the phrase words it: what stands before its name, the name, what follows."""

    owners: tuple[tuple[Piece, ...], ...]
    counts: tuple[Piece, ...]
    before: tuple[Piece, ...]
    name: tuple[Piece, ...]
    titled: bool
    after: tuple[Piece, ...]


@dataclass(frozen=True)
class Group:
    """Papers joined by connectives: `any` or `all`; `marks` belong to all of them."""

    op: str
    parts: tuple[Expr, ...]
    joints: tuple[Piece, ...]
    marks: tuple[Piece, ...] = ()


Expr: TypeAlias = Leaf | Group


@dataclass(frozen=True)
class Reading:
    """One reading of a phrase and what it costs to believe it."""

    expr: Expr
    cost: float


def no_lark() -> Problems:
    """What is told where the library of grammars is not installed."""
    help_ = "pip install 'policy-kb[importers]'"
    return bad("no-lark", "reading phrases needs lark", "", help_)


@cache
def _parser() -> Any:
    try:
        import lark
    except ImportError:
        raise no_lark() from None

    class Tokens(lark.lexer.Lexer):
        """Hands on the tokens that were cut before."""

        def __init__(self, _conf: Any) -> None: ...

        def lex(self, data: Any, *_: Any) -> Iterator[Any]:
            for n, piece in enumerate(data):
                yield lark.Token(piece.kind, n, start_pos=n, end_pos=n + 1, line=1, column=n + 1)

    return lark.Lark(
        GRAMMAR,
        parser="earley",
        lexer=Tokens,
        ambiguity="explicit",
        propagate_positions=True,
    )


MOST = 400
"""Readings of one phrase that are looked at; a phrase with more is told as ambiguous."""


def readings(pieces: list[Piece]) -> list[Reading]:
    """All readings of a phrase, the cheapest first; none where the grammar has no way through."""
    parser = _parser()
    import lark

    try:
        tree = parser.parse(_Data(pieces))
    except (lark.exceptions.UnexpectedInput, lark.exceptions.ParseError):
        return []
    found: dict[Expr, float] = {}
    for expr in islice(_exprs(tree, pieces), MOST):
        cost = _cost(expr)
        found[expr] = min(cost, found.get(expr, cost))
    return sorted((Reading(e, c) for e, c in found.items()), key=lambda r: r.cost)


class _Data(list[Piece]):
    """Tokens as the parser wants a text: with an end that can be asked for."""


def _exprs(tree: Any, pieces: list[Piece]) -> Iterator[Expr]:
    match tree.data:
        case "_ambig":
            for child in tree.children:
                yield from _exprs(child, pieces)
        case "start":
            yield from _exprs(tree.children[0], pieces)
        case "paren":
            told = tree.children[3].children if len(tree.children) > 3 else []
            marks = tuple(pieces[int(token)] for token in told)
            for expr in _exprs(tree.children[1], pieces):
                if isinstance(expr, Group):
                    yield replace(expr, marks=(*expr.marks, *marks))
                elif not marks:
                    yield expr
        case "leaf":
            yield from _leaves(tree, pieces)
        case _:
            yield from _groups(tree, pieces)


def _spread(tree: Any) -> Iterator[tuple[Any, ...]]:
    """The ways to choose among the readings of a node's children."""
    yield from product(*([*_ways(child)] for child in tree.children))


def _ways(child: Any) -> Iterator[Any]:
    if getattr(child, "data", None) == "_ambig":
        for each in child.children:
            yield from _ways(each)
    else:
        yield child


def _groups(tree: Any, pieces: list[Piece]) -> Iterator[Expr]:
    for children in _spread(tree):
        joints: list[Piece] = []
        marks: list[Piece] = []
        parts: list[list[Expr]] = []
        for child in children:
            if not hasattr(child, "data"):
                joints.append(pieces[int(child)])
            elif child.data == "marks":
                marks += [pieces[int(token)] for token in child.children]
            else:
                parts.append(list(islice(_exprs(child, pieces), MOST)))
        op = "any" if tree.data == "alt" else "all"
        for chosen in product(*parts):
            yield Group(op, tuple(chosen), tuple(joints), tuple(marks))


def _leaves(tree: Any, pieces: list[Piece]) -> Iterator[Expr]:
    for children in _spread(tree):
        owners: list[tuple[Piece, ...]] = []
        counts: list[Piece] = []
        after: list[Piece] = []
        names: list[Any] = []
        for child in children:
            if not hasattr(child, "data"):
                after.append(pieces[int(child)])
            elif child.data == "owner":
                owners.append(tuple(pieces[int(t)] for t in child.children))
            elif child.data == "count":
                counts += [pieces[int(t)] for t in child.children]
            else:
                names = [*_ways(child)]
        for name in names:
            for inner in _ways(name.children[0]):
                tokens = [pieces[int(t)] for t in inner.children]
                titled = inner.data == "titled"
                at = next((n for n, p in enumerate(tokens) if p.kind == "TITLE"), 0) * titled
                yield Leaf(
                    tuple(owners),
                    tuple(counts),
                    tuple(tokens[:at]),
                    tuple(tokens[at:]),
                    titled,
                    tuple(after),
                )


_JOINTS = frozenset({"OR", "AND", "SL", "ENUM"})


def _cost(expr: Expr) -> float:
    match expr:
        case Leaf():
            return _leaf_cost(expr)
        case Group():
            total = sum(_cost(part) for part in expr.parts)
            outer = min((_looseness(j) for j in expr.joints), default=1)
            for part in expr.parts:
                if isinstance(part, Group):
                    inner = max((_looseness(j) for j in part.joints), default=1)
                    total += 0.0 if inner < outer else 1.0 if inner == outer else 3.0
                    total += _comma_list(expr, part)
            if expr.marks:
                total += 0.6 + 0.3 * (expr.op == "all") + any(j.loose == 3 for j in expr.joints)
                total += any(part.after for part in expr.parts if isinstance(part, Leaf))
            # In `A、与B的协议` the second word is no connective but begins the next paper.
            pairs = zip(expr.joints, expr.joints[1:], strict=False)
            total += sum(
                0.3 * (two.end - two.start == 1)
                for one, two in pairs
                if two.kind == "AND" and one.end == two.start
            )
            return total


def _comma_list(outer: Group, inner: Group) -> float:
    """`A、B或C` is one list: to part it costs."""
    if outer.op == "all" and inner.op == "any" and inner is outer.parts[-1]:
        return 2.0 * any(j.kind == "ENUM" for j in outer.joints)
    return 0.0


def _looseness(joint: Piece) -> float:
    if joint.kind in ("COMMA", "SEMI"):
        return 2.5
    return float(joint.loose)


def _leaf_cost(leaf: Leaf) -> float:
    cost = 0.0
    last = leaf.name[-1].kind
    if leaf.titled and last == "WORDS":
        cost += 0.5 if leaf.name[-1].end - leaf.name[-1].start <= 4 else 3.6
    if not leaf.titled:
        cost += {"DOC": 0.0, "WEAK": 1.2, "QUOTE": 1.5}.get(last, 4.0)
    for group in (*leaf.owners, leaf.before, leaf.name):
        if group and group[0].kind == "AND" and group[0].end - group[0].start > 1:
            cost += 1.0  # `以及` joins papers; only `与` and `和` may open one
        for n, piece in enumerate(group):
            if piece.kind in _JOINTS and n:
                left = group[n - 1].kind
                if left == "DOC" and piece.kind == "SL":
                    left = "SAME"  # two names of one paper, or two papers
                cost += {"SAME": 0.6, "DOC": 2.0, "WEAK": 0.2, "BR": 1.5, "QUOTE": 0.3}.get(
                    left, 0.1
                )
            if piece.kind == "DOC" and group is not leaf.name and n + 1 < len(group):
                cost += 0.1
    return cost
