"""Questions of an interview in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from kb.interview.option_tree import OptionTree
from kb.interview.question import (
    AboutAttribute,
    AboutDay,
    AboutDocument,
    AboutParties,
    AboutPartyDocument,
    Question,
    Reasons,
)
from kb.model.data import Json
from kb.render.language import Language
from kb.render.outline import Line, line
from kb.render.repairs import need_text

MOST_REASONS = 5
DAYS = {
    "issued": ("哪天出具的", "On which day was it issued"),
    "valid_from": ("从哪天起有效", "From which day is it valid"),
    "valid_until": ("有效期到哪天", "Until which day is it valid"),
}
"""How each day of a paper is asked for."""


def question_words(question: Question) -> str:
    """The question alone, without what may be answered."""
    to = Language(question.lang, question.names)
    match question.about:
        case AboutAttribute():
            return to.say(question.about.words)
        case AboutDocument(need):
            words = need_text(need, to)
            return to.pick(f"手上有吗(有几份):{words}?", f"In hand (how many): {words}?")
        case AboutDay(need, kind):
            zh, en = DAYS[kind]
            words = need_text(need, to)
            return to.pick(f"{zh}:{words}?", f"{en}: {words}?")
        case AboutParties(role):
            label = to.label("holder", role)
            return to.pick(f"应用里的{label}有哪些?", f"Who takes part in the app as {label}?")
        case AboutPartyDocument(need, party):
            words = need_text(replace(need, at_least=1, each=""), to)
            if question.about.own:
                return to.pick(f"{party}有吗:{words}?", f"Does {party} have it: {words}?")
            return to.pick(f"手上有吗(与{party}的):{words}?", f"In hand (with {party}): {words}?")
        case _:
            assert_never(question.about)


def options(question: Question) -> list[tuple[str, str]]:
    """What may be answered: ids and labels."""
    return [(term.id, term.label(question.lang)) for term in question.options]


def why_lines(reasons: Reasons, to: Language) -> Iterator[str]:
    """Why a question is asked, line by line."""
    for zh, en, kind, ids in (
        ("这些类目的结论取决于它", "the verdict on these categories rests on it", "category",
         reasons.categories),
        ("它决定这些条件是否成立", "it decides whether these conditions hold", "condition",
         reasons.conditions),
        ("这些文件是否适用取决于它", "whether these texts apply rests on it", "source",
         reasons.texts),
        ("这些规定是否适用或做到取决于它", "whether these provisions hold or are kept rests on it",
         "part", reasons.parts),
    ):  # fmt: skip
        if ids:
            listed = to.listed([to.label(kind, id) for id in ids[:MOST_REASONS]])
            more = f" … {len(ids)}" if len(ids) > MOST_REASONS else ""
            yield f"{to.pick(zh, en)}: {listed}{more}"
    if reasons == Reasons():
        yield to.pick("先要知道应用做什么", "what the app does has to be known first")


def question_lines(question: Question) -> Iterator[Line]:
    """The question, and below it what may be answered, numbered."""
    to = Language(question.lang, question.names)
    yield line(0, question_words(question))
    if question.kind == "services":
        told = "用自己的话说,或写服务的名称", "say it in your own words, or name services"
        yield line(3, to.pick(*told))
        return
    if question.kind == "parties":
        told = (
            "写名称,用逗号分开;只知道几家就写数字",
            "their names, with commas; a number where only that is known",
        )
        yield line(3, to.pick(*told))
        return
    yield from screen_lines(question.listed, to)


def screen_lines(listed: Sequence[OptionTree], to: Language) -> Iterator[Line]:
    """A screen of what may be answered, numbered; what opens further says how many it holds."""
    for number, tree in enumerate(listed, 1):
        yield line(3, f"{number:>2}. {option_words(tree, to)}")
    if any(tree.narrower for tree in listed):
        told = (
            "选带 › 的编号再细分;名称可以直接写",
            "a number with › opens more; names work too",
        )
        yield line(3, to.pick(*told))


def option_words(tree: OptionTree, to: Language, ids: bool = True) -> str:
    """An option with its id, or what else there is; `›` says that it opens."""
    if tree.option is None:
        return to.pick(f"其他 {len(tree)} 项 ›", f"{len(tree)} others ›")
    words = tree.option.label(to.lang) + (f"  ({tree.option.id})" if ids else "")
    more = len(tree) - 1
    return words + to.pick(f" › {more} 种", f" › {more} kinds") if more else words


def question_json(question: Question) -> Json:
    """A question of an interview as JSON."""
    return {
        "kind": question.kind,
        "subject": question.subject,
        "text": question_words(question),
        "type": question.type,
        "options": [{"id": id, "label": label} for id, label in options(question)],
    }
