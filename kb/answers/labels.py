"""Words for ids: what a value of a kind is called in either language."""

from __future__ import annotations

from kb.lang.syntax import Cite, Value
from kb.model.facts import FactBase
from kb.model.vocabulary import values

WORDS = {
    "satisfied": ("已满足", "satisfied"),
    "missing": ("缺材料", "missing"),
    "prohibited": ("禁止", "prohibited"),
    "undetermined": ("无法确定", "undetermined"),
    "none_stated": ("来源未列明材料", "no document stated"),
    "in_force": ("有效", "in force"),
    "draft": ("征求意见稿", "draft"),
    "superseded": ("已被取代", "superseded"),
    "unofficial": ("非官方", "unofficial"),
    "also": ("另需", "also needs"),
    "instead": ("改选", "choose instead"),
    "online": ("线上申请", "online"),
    "by_email": ("邮件申请", "by e-mail"),
}


def word(key: str, lang: str) -> str:
    """A fixed word of the answers, such as a verdict."""
    pair = WORDS.get(key)
    return (pair[0] if lang == "zh" else pair[1]) if pair else key


def label(base: FactBase, kind: str, value: Value, lang: str) -> Value:
    """The name of a value of a kind; the value itself when it has none."""
    if isinstance(value, int):
        return value
    term = base.names.get(kind, value)
    if term is not None:
        return term.label(lang)
    if kind == "need":
        document, _, rest = value.partition("@")
        holder, _, count = rest.partition("+")[0].partition("x")
        return (
            f"{base.names.label('document', document, lang)} "
            f"({base.names.label('holder', holder, lang)} x{count})"
        )
    if kind == "value":
        for other in ("attribute", "category"):
            if (other, value) in base.names.terms:
                return base.names.label(other, value, lang)
        return value_label(base, value, lang)
    return word(value, lang)


def value_label(base: FactBase, value: str, lang: str) -> str:
    """The name of an attribute's value, whichever attribute it belongs to."""
    for attribute in base.vocabulary.attributes.values():
        found = values(base.vocabulary, attribute).get(value)
        if found is not None:
            return found.label(lang)
    return value


def cite_dict(cite: Cite) -> dict[str, object]:
    """A CITE as in the answer's JSON."""
    return {"source": cite.source, "lines": list(cite.lines), "locator": cite.locator}
