"""A receipt asked again, in words and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from kb.compare.replay import Change, Difference, Part, Replay, Step
from kb.model.data import Json
from kb.render.answer_json import answer_json
from kb.render.language import Language
from kb.render.outline import EMPTY, Lead, Line, Mark, line
from kb.render.schemas_receipt import REPLAY_FORMAT, REPLAY_VERSION

LONGEST = 72
"""Characters of a value that a line shows."""
MOST = 40
"""Differences of a step that a text shows; JSON has them all."""
PROOF = "why"
WORDS = {
    Part.PACKAGE: ("软件版本", "version of the package"),
    Part.FACTS: ("事实", "facts"),
    Part.RULES: ("规则", "rules"),
    Part.SOURCES: ("来源", "sources"),
    Part.PROFILE: ("应用档案", "profile"),
    Part.DAY: ("日期", "day"),
}


def replay_lines(found: Replay) -> Iterator[Line]:
    """Whether the answer is the same; then what has changed, and what differs for that."""
    to = Language(found.lang, found.answer.names)
    asked = f"{found.answer.app.name} · {found.receipt.as_of} · "
    if found.same:
        said = to.pick("结论与收据逐字节相同", "the answer is that of the receipt, byte for byte")
        yield line(0, asked, Mark("✓"), f" {said}")
    else:
        said = to.pick("结论与收据不同", "the answer is not that of the receipt")
        yield line(0, asked, Mark("✗"), f" {said}")
    if not found.receipt.whole:
        said = to.pick(
            "收据写成之后被改动过:其散列值不符",
            "the receipt was changed after it was written: its hash does not fit",
        )
        yield line(2, Mark("?"), f" {said}")
    for step in found.steps:
        yield from _step(step, to)


def _step(step: Step, to: Language) -> Iterator[Line]:
    if not step.changes and not step.differences:
        yield EMPTY
        said = to.pick(
            "软件版本、事实、规则和来源都没有变",
            "version of the package, facts, rules and sources are the same",
        )
        yield line(0, said)
        return
    yield EMPTY
    yield line(0, to.pick("变了的:", "what has changed:"))
    for change in step.changes:
        yield from _change(change, to)
    if not step.changes:
        said = to.pick("只有收据里的结论本身", "nothing but the answer in the receipt itself")
        yield line(2, Lead("· "), said)
    if not step.differences:
        yield line(0, to.pick("结论里没有不同", "nothing in the answer differs for that"))
        return
    yield line(0, to.pick("结论因此不同:", "what that changes in the answer:"))
    told = list(dict.fromkeys(_difference(each, to) for each in step.differences))
    for difference in told[:MOST]:
        yield line(2, Lead("· "), difference)
    more = len(told) - MOST
    if more > 0:
        yield line(2, Lead("· "), to.pick(f"另有 {more} 处", f"{more} more places"))


def _change(change: Change, to: Language) -> Iterator[Line]:
    name = to.pick(*WORDS[change.part])
    if change.part not in (Part.SOURCES, Part.PROFILE):
        [before], [now] = change.before, change.now
        yield line(2, Lead("· "), f"{name}: {_short(before)} → {_short(now)}")
        return
    yield line(2, Lead("· "), f"{name}:")
    for sign, entries in (("-", change.before), ("+", change.now)):
        for entry in entries:
            yield line(6, f"{sign} {_short(entry)}")


def _difference(difference: Difference, to: Language) -> str:
    if PROOF in difference.place:  # a proof differs in many places, and follows from the rest
        lead = " › ".join(difference.place[: difference.place.index(PROOF)])
        return f"{lead}: {to.pick('证明不同', 'another proof')}"
    place = " › ".join(difference.place)
    if difference.before is None:
        return f"{place}: {to.pick('新增', 'new')} {_value(difference.now)}"
    if difference.now is None:
        return f"{place}: {to.pick('不再有', 'gone')} {_value(difference.before)}"
    return f"{place}: {_value(difference.before)} → {_value(difference.now)}"


def _value(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return _short(text)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def replay_json(found: Replay) -> Json:
    """What `kb replay --format json` writes; see `REPLAY_SCHEMA`."""
    return {
        "format": REPLAY_FORMAT,
        "version": REPLAY_VERSION,
        "same": found.same,
        "receipt_whole": found.receipt.whole,
        "steps": [
            {
                "changes": [
                    {"part": str(c.part), "before": list(c.before), "now": list(c.now)}
                    for c in step.changes
                ],
                "differences": [
                    {"place": list(d.place), "before": d.before, "now": d.now}
                    for d in step.differences
                ],
            }
            for step in found.steps
        ],
        "answer": answer_json(found.answer),
    }
