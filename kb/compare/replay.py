"""A receipt asked again: what has changed since, and what that changes in the answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.answers.answer import Answer
from kb.answers.ask import answer as answer_of
from kb.answers.receipt import Origin, Receipt, origin_of, read_receipt
from kb.base.rendered import Rendered
from kb.lang.problems import Problem, Problems
from kb.model.apps import App
from kb.model.profiles import read_app

if TYPE_CHECKING:
    from kb.base.core import Core, Day

NAMES = ("id", "category", "document", "fact", "what", "because", "source", "of")
"""Keys of the answer's JSON by which an item of a list is known again in another answer."""


class Part(StrEnum):
    """What an answer comes from."""

    PACKAGE = "package"
    FACTS = "facts"
    RULES = "rules"
    SOURCES = "sources"
    PROFILE = "profile"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Change:
    """A part that is another now than in the receipt: what it was, and what it is. Of sources and
    profiles, those entries that differ."""

    part: Part
    before: tuple[str, ...]
    now: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A place in the answer's JSON where two answers differ, with what stands there in each (as
    JSON has it); None where nothing does."""

    place: tuple[str, ...]
    before: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Step:
    """Parts that changed together, and the differences that they make in the answer."""

    changes: tuple[Change, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, repr=False)
class Replay(Rendered):
    """A receipt beside the answer that is given now.

    The first of `steps` is what the base itself (package, facts, rules, sources) has changed; a
    further one stands for another profile, and for another day, that was asked for. `answer` is
    the last answer. `lang` is the language of what is told.
    """

    receipt: Receipt
    steps: tuple[Step, ...]
    answer: Answer
    lang: str

    @property
    def same(self) -> bool:
        """Whether the answer is the same, byte for byte."""
        return self.answer.to_dict() == self.receipt.answer

    @property
    def exit_code(self) -> int:
        """The exit code of `kb replay`: 0 for the same answer, 3 for another one."""
        return 0 if self.same else 3


def replay(
    base: Core,
    receipt: Receipt | str | Path,
    app: App | None = None,
    as_of: Day = None,
    lang: str = "zh",
) -> Replay:
    """Ask the profile of a receipt (or of the file of one) for its day again, then `app` in its
    place, then for `as_of`.

    Raises `Problems` when there is no such receipt, and when the facts do not know any more what
    its profile says.
    """
    if not isinstance(receipt, Receipt):
        receipt = read_receipt(receipt)
    origin = origin_of(base, receipt.origin.drafts)
    asked, day = _profile(base, receipt), base.day(receipt.as_of)
    drafts, spoken, warned = receipt.origin.drafts, receipt.lang, receipt.warn_days
    answer = answer_of(base, asked, day, drafts, spoken, warned)
    steps = [_step(tuple(_changes(receipt.origin, origin)), receipt.answer, answer)]
    if app is not None and app != asked:
        before, answer = answer, answer_of(base, app, day, drafts, spoken, warned)
        differing = _entries(Part.PROFILE, _said(asked), _said(app))
        steps.append(_step((differing,), before.to_dict(), answer))
        asked = app
    if as_of is not None and base.day(as_of) != day:
        before, answer = answer, answer_of(base, asked, base.day(as_of), drafts, spoken, warned)
        change = Change(Part.DAY, (before.as_of,), (answer.as_of,))
        steps.append(_step((change,), before.to_dict(), answer))
    return Replay(receipt, tuple(steps), answer, lang)


def _profile(base: Core, receipt: Receipt) -> App:
    try:
        return read_app(receipt.profile, base.facts, "<receipt>")
    except Problems as found:
        message = "the facts do not know the profile of this receipt any more"
        help = (
            "give a profile that they know (--app APP), "
            "or the folders that were asked then (--facts DIR)"
        )
        raise Problems([*found.problems, Problem("receipt", message, help=help)]) from None


def _step(changes: tuple[Change, ...], before: Any, answer: Answer) -> Step:
    return Step(changes, tuple(differences(before, answer.to_dict())))


def _changes(before: Origin, now: Origin) -> Iterator[Change]:
    for part in (Part.PACKAGE, Part.FACTS, Part.RULES):
        one, other = getattr(before, part), getattr(now, part)
        if one != other:
            yield Change(part, (one,), (other,))
    was, is_ = (
        tuple(f"{s.id} ({', '.join(_dated(s))})" for s in each.sources) for each in (before, now)
    )
    if set(was) != set(is_):
        yield _entries(Part.SOURCES, was, is_)


def _dated(source: Any) -> Iterator[str]:
    yield source.standing
    for key in ("date", "begins", "seen", "ends"):
        if day := getattr(source, key):
            yield f"{key} {day}"


def _said(app: App) -> tuple[str, ...]:
    """What a profile says, each attribute and each entry of a list by itself."""
    return tuple(line for key, value in app.to_dict().items() for line in _stated(key, value))


def _stated(key: str, value: Any) -> Iterator[str]:
    match value:
        case dict() if value:
            for name, each in value.items():
                yield f"{key} › {name}: {_plain(each)}"
        case list() | tuple() if value:
            for each in value:
                yield f"{key}: {_plain(each)}"
        case _:
            yield f"{key}: {_plain(value)}"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _entries(part: Part, before: Sequence[str], now: Sequence[str]) -> Change:
    gone = tuple(entry for entry in before if entry not in now)
    return Change(part, gone, tuple(entry for entry in now if entry not in before))


def differences(before: Any, now: Any, place: tuple[str, ...] = ()) -> Iterator[Difference]:
    """Where two answers differ as JSON, the deepest places.

    >>> [d.place for d in differences({"a": [{"id": "x", "n": 1}]}, {"a": [{"id": "x", "n": 2}]})]
    [('a', 'x', 'n')]
    >>> [d.place for d in differences([{"all_of": [{"id": "x"}]}], [{"all_of": [{"id": "y"}]}])]
    [('#1', 'all_of', 'x'), ('#1', 'all_of', 'y')]
    """
    if before == now:
        return
    match before, now:
        case dict(), dict():
            for key in dict.fromkeys([*before, *now]):
                yield from differences(before.get(key), now.get(key), (*place, key))
        case list(), list():
            one, other = _named(before), _named(now)
            if one is None or other is None:
                yield Difference(place, before, now)
                return
            for name in dict.fromkeys([*one, *other]):
                yield from differences(one.get(name), other.get(name), (*place, name))
            if [*one] != [*other] and {*one} == {*other}:
                yield Difference(place, [*one], [*other])
        case _:
            yield Difference(place, before, now)


def _named(items: list[Any]) -> dict[str, Any] | None:
    """The items of a list by what they are called, those without a name of their own by their
    number; None where one is no object, or two are called the same."""
    found: dict[str, Any] = {}
    for number, item in enumerate(items, 1):
        if not isinstance(item, dict):
            return None
        own = next((str(item[key]) for key in NAMES if isinstance(item.get(key), str)), None)
        name = own or f"#{number}"
        if name in found:
            return None
        found[name] = item
    return found
