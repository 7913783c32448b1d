"""Numbers of things in a text: nothing is made of them, so they are told."""

from __future__ import annotations

from collections.abc import Collection

from kb.find.grammar import COUNTED


def counts(text: str, used: Collection[str]) -> tuple[str, ...]:
    """The numbers of things that stand in a text, outside of the words that are `used`.

    >>> counts("平台上有三家机构,开了两个月,货比三家", ["货比三家"])
    ('三家',)
    """
    kept = [m for m in COUNTED.finditer(text) if text[m.end() : m.end() + 1] not in ("月", "半")]
    spans = [
        (at, at + len(word))
        for word in filter(None, used)
        for at in range(len(text))
        if text.startswith(word, at)
    ]
    free = (m for m in kept if not any(a <= m.start() and m.end() <= b for a, b in spans))
    return tuple(dict.fromkeys(m[0] for m in free))
