"""Words for supplies: a document, a service, what is said of an attribute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.explain.repair import Supply
from kb.lang.syntax import Value
from kb.model.days import date
from kb.model.vocabulary import values
from kb.render.documents import the, words_text
from kb.render.language import Language

if TYPE_CHECKING:
    from kb.base.core import Core


def supply_sentence(base: Core, supply: Supply, lang: str) -> str:
    """A supply in words, with the lines that ask for it where there are some."""
    zh = lang == "zh"
    names = base.facts.names
    subject = supply.subject
    match supply.what:
        case "document":
            need = base.needs[subject]
            document = names.label("document", need.document, lang)
            holder = names.label("holder", need.holder, lang)
            words = words_text(need.must_state, Language(lang, names))
            if zh:
                count = f" {need.at_least} 份" if need.at_least > 1 else ""
                tail = f",写有「{words}」" if words else ""
                return f"{holder}的《{document}》{count}{tail}"
            count = f"{need.at_least} x " if need.at_least > 1 else ""
            return f"{count}{document} of {the(holder)}" + (f", stating {words}" if words else "")
        case "offer" | "drop":
            label = names.label("service", subject, lang)
            if supply.what == "offer":
                return f"提供服务:{label}" if zh else f"the service: {label}"
            return f"去掉服务:{label}" if zh else f"dropping the service: {label}"
        case _:
            label = names.label("attribute", subject, lang)
            shown = [_shown(base, subject, value, lang) for value in supply.value]
            if zh:
                return f"{label}:{'、'.join(shown) or '无'}"
            return f"{label}: {', '.join(shown) or 'none'}"


def _shown(base: Core, attribute: str, value: Value, lang: str) -> str:
    declared = base.facts.vocabulary.attributes[attribute]
    if isinstance(value, int):
        return date(value).isoformat() if declared.type == "day" else str(value)
    return values(base.facts.vocabulary, declared)[value].label(lang)
