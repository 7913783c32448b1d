"""Changes of a profile in words: a document, a service, what is said of an attribute."""

from __future__ import annotations

from typing import assert_never

from kb.explain.repair import (
    DropService,
    OfferService,
    ProfileChange,
    ProvideDocument,
    StateAttribute,
)
from kb.lang.syntax import Value
from kb.model.days import date
from kb.model.numbers import decimal_text
from kb.model.requirements import CHOICE, Need
from kb.model.vocabulary import Vocabulary, values
from kb.render.documents import as_many_text, copies_text, the, words_text
from kb.render.language import Language


def change_text(change: ProfileChange, vocabulary: Vocabulary, lang: str) -> str:
    """A change in words, as something that is missing."""
    to = Language(lang, vocabulary.names)
    match change:
        case ProvideDocument(need):
            words = need_text(need, to)
            if change.too_many:
                return to.pick(f"多出的不交:{words}", f"leaving some out: {words}")
            return words
        case OfferService(service):
            label = to.label("service", service)
            return to.pick(f"提供服务:{label}", f"the service: {label}")
        case DropService(service):
            label = to.label("service", service)
            return to.pick(f"去掉服务:{label}", f"dropping the service: {label}")
        case StateAttribute(attribute, stated):
            label = to.label("attribute", attribute)
            shown = to.listed([_value(attribute, value, vocabulary, lang) for value in stated])
            return to.pick(f"{label}:{shown or '无'}", f"{label}: {shown or 'none'}")
        case _:
            assert_never(change)


def need_text(need: Need, to: Language) -> str:
    """What a need asks for: whose document, how many copies, and what it states."""
    document = to.label("document", need.document)
    if need.document.startswith(CHOICE):  # its label says how many, and of whom
        return document
    holder = to.label("holder", need.holder)
    words = words_text(need.must_state, to)
    each = to.label("holder", need.each) if need.each else ""
    many = f"({as_many_text(need.as_many, to)})" if need.as_many else ""
    limit = copies_text(need.at_least, None, need.at_most, to) if need.at_most else ""
    if to.zh:
        count = f" {need.copies} 份" if need.copies > 1 and not limit else ""
        ends = many + (f"(每个{each})" if each else "") + (f",{limit}" if limit else "")
        return f"{holder}的《{document}》{count}{ends}" + (f",写有「{words}」" if words else "")
    count = f"{need.copies} x " if need.copies > 1 and not limit else ""
    ends = (
        (f" {many}" if many else "")
        + (f" (each {each})" if each else "")
        + (f", {limit}" if limit else "")
    )
    return f"{count}{document} of {the(holder)}{ends}" + (f", stating {words}" if words else "")


def _value(attribute: str, value: Value, vocabulary: Vocabulary, lang: str) -> str:
    declared = vocabulary.attributes[attribute]
    if isinstance(value, int):
        if declared.type == "day":
            return date(value).isoformat()
        unit = declared.unit.model_dump()[lang] if declared.unit else ""
        return f"{decimal_text(value, declared.decimals)} {unit}".strip()
    return values(vocabulary, declared)[value].label(lang)
