"""How far the base goes, in words: one line, or a line for each kind of account."""

from __future__ import annotations

from collections.abc import Iterator

from kb.answers.answer import Answer
from kb.render.language import Language
from kb.render.outline import EMPTY, Lead, Line, line


def known_lines(answer: Answer, to: Language) -> Iterator[Line]:
    """For each platform and kind of account its newest text."""
    if not answer.known_until:
        return
    yield EMPTY
    yield line(0, to.pick("知识库收录到:", "The base goes as far as:"))
    for each in answer.known_until:
        whose = to.label("platform", each.platform)
        if each.account != "any":
            whose += f" ({to.label('applicant', each.account)})"
        some = "category" if each.categories == 1 else "categories"
        count = to.pick(f"{each.categories} 个类目", f"{each.categories} {some}")
        yield line(2, Lead("· "), f"{whose}: {each.day.isoformat()}, {count}")


def known_line(answer: Answer, to: Language) -> Iterator[Line]:
    """All of it on one line: the accounts of each platform whose newest text is of one day."""
    held: dict[tuple[str, str], list[str]] = {}
    for each in answer.known_until:
        account = "" if each.account == "any" else to.label("applicant", each.account)
        counted = f"{account} {each.categories}".strip()
        held.setdefault((each.platform, each.day.isoformat()), []).append(counted)
    said = [
        to.pick(
            f"{to.label('platform', platform)} {day}({to.listed(counted)} 个类目)",
            f"{to.label('platform', platform)} {day} ({to.listed(counted)} categories)",
        )
        for (platform, day), counted in held.items()
    ]
    if said:
        yield EMPTY
        yield line(0, to.pick("知识库收录到:", "the base goes as far as: ") + to.listed(said))
