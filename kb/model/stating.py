"""What papers must state, and whether what a copy states does: words, a field, a value.

A need asks for it as texts that `Node.words` gives: words or a choice of them (`a|b`), words in a
field (`business_scope: a|b`), or a bound of a field's value (`registered_capital > 5000000`). A
copy states texts too; one that begins with a field's name and a colon, or a bound, is of that
field.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeAlias

from kb.lang.problems import Problem
from kb.model import days
from kb.model.names import wording
from kb.model.numbers import read_number
from kb.model.ranges import Shift, moving
from kb.model.resolving import Resolver
from kb.model.schema import EITHER
from kb.model.terms import PaperField
from kb.model.vocabulary import Vocabulary
from kb.model.yamlread import Path as Place

ABSENT = ("none", "无")
"""What is said of a field that the paper does not have."""
HELD_DAYS = ("valid_from", "valid_until", "issued")
"""Keys of a document in hand that take a day."""
_TEXT = re.compile(
    r"\s*(?P<name>[^:：<>≥≤]+?)\s*(?P<op>[:：]|>=|<=|[<>≥≤])\s*(?P<value>.+)", re.DOTALL
)
_OPS = {"：": ":", "≥": ">=", "≤": "<="}
_BOUND = re.compile(r"(>=|<=|[<>≥≤])\s*")
EXPECTED = {"day": "a date like 2025-04-01", "number": "a number like 5000000 or 500万"}
"""What is expected of a value, by the type of its field."""

Value: TypeAlias = Decimal | int | Shift
"""A number, a day (as a number), or a day that moves with the day asked."""


@dataclass(frozen=True, slots=True)
class Span:
    """Values from `low` to `high`; each end is within or not, and there is no end where it is
    None."""

    low: Decimal | int | None = None
    high: Decimal | int | None = None
    with_low: bool = True
    with_high: bool = True

    def within(self, other: Span) -> bool:
        """Whether all of its values are in another."""
        low = other.low is None or (
            self.low is not None
            and (self.low > other.low or (self.low == other.low and other._takes_low(self)))
        )
        high = other.high is None or (
            self.high is not None
            and (self.high < other.high or (self.high == other.high and other._takes_high(self)))
        )
        return low and high

    def _takes_low(self, inner: Span) -> bool:
        return self.with_low or not inner.with_low

    def _takes_high(self, inner: Span) -> bool:
        return self.with_high or not inner.with_high

    def before(self, other: Span) -> bool:
        """Whether all of its values are less than all of another's."""
        if self.high is None or other.low is None:
            return False
        both = self.with_high and other.with_low
        return self.high < other.low or (self.high == other.low and not both)


@dataclass(frozen=True, slots=True)
class Asked:
    """One of the things that a paper must state. `words` are as compared, one of them is enough;
    of a field with values it is a bound: `op` and `value`."""

    words: tuple[str, ...] = ()
    of: PaperField | None = None
    op: str = ""
    value: Value = 0


@dataclass(frozen=True, slots=True)
class Copy:
    """What one copy states, as compared. `texts` is None where the profile does not say; `bare` are
    those of no field, `said` what is said of each field: how, and the value as it was written."""

    texts: tuple[str, ...] | None
    bare: tuple[str, ...] = ()
    said: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


def asked_of(text: str, vocabulary: Vocabulary) -> Asked:
    """What a text of a need asks for."""
    op, of, rest = _split(text, vocabulary)
    if of is None:
        return Asked(tuple(map(wording, text.split(EITHER))))
    if of.type == "place":
        return Asked(tuple(_place(word, vocabulary) or word for word in rest.split(EITHER)), of)
    if of.type == "words":
        return Asked(tuple(map(wording, rest.split(EITHER))), of)
    value = value_of(of, rest)
    return Asked((), of, op, 0 if value is None else value)


def copy_of(
    texts: Iterable[str] | None, dated: Mapping[str, int | None], vocabulary: Vocabulary
) -> Copy:
    """What a copy states by its texts, and under the keys of its days."""
    said: dict[str, list[tuple[str, str]]] = {}
    bare: list[str] = []
    for key, day in dated.items():
        if day is not None and key in vocabulary.fields:
            said.setdefault(key, []).append((":", str(day)))
    every = None if texts is None else tuple(texts)
    for text in every or ():
        op, of, rest = _split(text, vocabulary)
        if of is None:
            bare.append(wording(text))
        else:
            said.setdefault(of.id, []).append((op, rest))
    folded = None if every is None else tuple(map(wording, every))
    return Copy(folded, tuple(bare), {key: tuple(found) for key, found in said.items()})


def states(asked: Sequence[Asked], copy: Copy, vocabulary: Vocabulary, day: int) -> bool | None:
    """Whether a copy states all that is asked for on a day; None where the profile leaves it open.

    The profile says what a paper states in a list: words that are in none of its texts are not
    there. Texts of no field are taken for the field that asks for them, where nothing else is said
    of it. What the profile says nothing of is open.
    """
    # decision: words-within-text
    found: bool | None = True
    for each in asked:
        does = _stated(each, copy, vocabulary, day)
        if does is False:
            return False
        found = does and found
    return found


def contradict(one: Iterable[str], other: Iterable[str], vocabulary: Vocabulary) -> bool:
    """Whether no one copy can state what two needs ask for: in a field that has one value (a
    number, a day, a place, or words where the field is `single`) they want different ones. Ends
    that move with the day asked contradict nothing."""
    mine, theirs = ([asked_of(text, vocabulary) for text in texts] for texts in (one, other))
    return any(
        a.of is not None and a.of == b.of and _differ(a, b, a.of, vocabulary)
        for a in mine
        for b in theirs
    )


def _differ(one: Asked, other: Asked, of: PaperField, vocabulary: Vocabulary) -> bool:
    match of.type:
        case "words":
            # Words within the other's can stand there together.
            both = ((a, b) for a in one.words for b in other.words)
            return of.single and not any(a in b or b in a for a, b in both)
        case "place":
            reach = [{w, *vocabulary.above(w)} for w in other.words]
            wider = [{w, *vocabulary.above(w)} for w in one.words]
            within = any(reach_of & {*one.words} for reach_of in reach)
            return not within and not any(wider_of & {*other.words} for wider_of in wider)
        case _:
            if isinstance(one.value, Shift) or isinstance(other.value, Shift):
                return False
            spans = _span(one.op, one.value, 0), _span(other.op, other.value, 0)
            return spans[0].before(spans[1]) or spans[1].before(spans[0])


def absent(denied: Iterable[str], stated: Iterable[str], vocabulary: Vocabulary) -> Iterator[str]:
    """Texts that say of each field which is only in texts of needs that were denied, and in none
    that a copy states, that the copy has no such field."""
    known = {of.id for text in stated if (of := _split(text, vocabulary)[1])}
    asked = {of.id for text in denied if (of := _split(text, vocabulary)[1])}
    yield from (f"{field}: {ABSENT[0]}" for field in sorted(asked - known))


def days_in(texts: Iterable[str], vocabulary: Vocabulary) -> dict[str, str]:
    """The texts of a need that ask something of a day of papers, each with the key of that day."""
    asked = {text: asked_of(text, vocabulary).of for text in texts}
    return {text: of.id for text, of in asked.items() if of is not None and of.id in HELD_DAYS}


def moves(asked: Sequence[Asked]) -> bool:
    """Whether what is asked for depends on the day asked."""
    return any(isinstance(each.value, Shift) for each in asked)


def turns(asked: Sequence[Asked], copy: Copy) -> bool:
    """Whether it depends on the day asked what a copy states of what is asked for."""
    return any(
        isinstance(each.value, Shift) and each.of is not None and each.of.id in copy.said
        for each in asked
    )


def _stated(asked: Asked, copy: Copy, vocabulary: Vocabulary, day: int) -> bool | None:
    if asked.of is None:
        return None if copy.texts is None else _holds(asked.words, copy.texts)
    said = copy.said.get(asked.of.id, ())
    if not said:
        # decision: field-unsaid-is-open
        if asked.of.type == "words" and copy.bare:
            return _holds(asked.words, copy.bare)
        return False if copy.texts == () and asked.of.id not in HELD_DAYS else None
    match asked.of.type:
        case "words":
            if _holds(asked.words, [wording(value) for _, value in said]):
                return True
            return None if _holds(asked.words, copy.bare) else False
        case "place":
            return _any([_in_place(asked.words, value, vocabulary) for _, value in said])
        case _:
            return _any([_in_range(asked, op, value, day) for op, value in said])


def _any(found: list[bool | None]) -> bool | None:
    return True if True in found else (None if None in found else False)


def _holds(words: Iterable[str], texts: Collection[str]) -> bool:
    for word in words:
        for text in texts:
            if word in text:
                return True
    return False


def _in_place(wanted: tuple[str, ...], said: str, vocabulary: Vocabulary) -> bool | None:
    places = [_place(each, vocabulary) for each in said.split(EITHER)]
    found = []
    for place in places:
        if place is None:
            found.append(False if said in ABSENT else None)
        elif {place, *vocabulary.above(place)}.intersection(wanted):
            found.append(True)
        else:
            found.append(None if any(place in vocabulary.above(w) for w in wanted) else False)
    return found[0] if len(set(found)) == 1 else None


def _in_range(asked: Asked, op: str, said: str, day: int) -> bool | None:
    assert asked.of is not None
    if said in ABSENT:
        return False
    value = value_of(asked.of, said)
    if value is None:
        return None
    wanted = _span(asked.op, asked.value, day)
    have = _span(op, value, day)
    if have.within(wanted):
        return True
    return False if have.before(wanted) or wanted.before(have) else None


def _span(op: str, value: Value, day: int) -> Span:
    at = value.on(day) if isinstance(value, Shift) else value
    if at is None:  # past the end of all calendars
        return Span()
    match op:
        case ">" | ">=":
            return Span(low=at, with_low=op == ">=")
        case "<" | "<=":
            return Span(high=at, with_high=op == "<=")
        case _:
            return Span(at, at)


def _split(text: str, vocabulary: Vocabulary) -> tuple[str, PaperField | None, str]:
    """How a text speaks of a field, the field, and what it says; no field where it speaks of
    none."""
    parts = _TEXT.fullmatch(text) if vocabulary.fields else None
    term = vocabulary.names.find("field", parts["name"]) if parts else None
    if parts is None or term is None:
        return "", None, text
    of = vocabulary.fields[term.id]
    op, value = _OPS.get(parts["op"], parts["op"]), parts["value"].strip()
    if of.type in ("number", "day"):
        return _with_bound(op, value, of)
    return (op, of, value) if op == ":" else ("", None, text)


def _with_bound(op: str, value: str, of: PaperField) -> tuple[str, PaperField, str]:
    """A field's value; behind a colon it may be a bound: `> 5`."""
    bound = _BOUND.match(value) if op == ":" else None
    if bound is None:
        return op, of, value
    return _OPS.get(bound[1], bound[1]), of, value[bound.end() :]


def _place(text: str, vocabulary: Vocabulary) -> str | None:
    term = vocabulary.names.find("region", text.strip())
    return term.id if term else None


def value_of(of: PaperField, text: str) -> Value | None:
    """The value of a field that a text gives: a number, with 万 or 亿 and the unit or without, or a
    day; None for any other text.

    >>> value_of(PaperField(id="a", zh="甲", en="a", type="number"), "1,234.50")
    Decimal('1234.50')
    """
    if of.type == "day":
        found = days.read(text)
        if found is not None:
            return days.number(found)
        return (
            int(text)
            if re.fullmatch("[0-9]{5,8}", text, re.ASCII) and days.known(int(text))
            else moving(text)
        )
    return read_number(text, of.unit) if of.type == "number" else None


def end_problem(of: PaperField, end: str) -> str:
    """What is wrong with an end of a range for a field, if anything."""
    if value_of(of, end) is not None:
        return ""
    return f"{EXPECTED[of.type]} is expected here"


def field_problems(said: Any, vocabulary: Vocabulary) -> Iterator[tuple[Problem, tuple[Any, ...]]]:
    """What is wrong with the fields that a profile names under `states`, and where there."""
    listed = (
        [((), said)]
        if isinstance(said, Mapping)
        else [((n,), each) for n, each in enumerate(said if isinstance(said, list | tuple) else ())]
    )
    for at, fields in listed:
        for name, value in fields.items() if isinstance(fields, Mapping) else ():
            term = vocabulary.names.find("field", str(name))
            if term is None:
                help = vocabulary.names.near("field", str(name))
                yield Problem("unknown-id", f"no field is called `{name}`", help=help), (*at, name)
                continue
            for each in value if isinstance(value, list | tuple) else (value,):
                expected = _expected(vocabulary.fields[term.id], str(each), vocabulary)
                if each is not None and expected:
                    yield Problem("type", f"{expected} is expected for `{name}`"), (*at, name)


def check_fields(resolve: Resolver, place: Place) -> None:
    """Tell what is wrong with the fields that an entry of documents in hand names."""
    entry: Any = resolve.document.data
    for step in place:
        entry = entry[step]
    said = entry.get("states") if isinstance(entry, Mapping) else None
    for problem, at in field_problems(said, resolve.vocabulary):
        span = resolve.document.span((*place, "states", *at))
        resolve.problems.append(replace(problem, span=span))


def _expected(of: PaperField, text: str, vocabulary: Vocabulary) -> str:
    """What is expected of a field, where a text is not that."""
    if text in ABSENT or of.type == "words":
        return ""
    if of.type == "place":
        return "" if _place(text, vocabulary) else "a place"
    if value_of(of, _with_bound(":", text.strip(), of)[2]) is not None:
        return ""
    return EXPECTED[of.type]
