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
    "not_supported": ("平台不支持", "not supported"),
    "remove": ("建议去除", "removal advised"),
    "online": ("线上申请", "online"),
    "by_email": ("邮件申请", "by e-mail"),
    "sure": ("一定", "surely"),
    "surely": ("确定", "surely"),
    "perhaps": ("可能", "perhaps"),
    "choice": ("任选", "one of several"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "free": ("不限", "free"),
    "conditional": ("有前提", "conditional"),
    "attribute": ("应用情况", "attribute"),
    "document": ("材料", "document"),
    "passage": ("来源原文", "passage"),
    "day": ("生效日", "day"),
    "reference": ("仅被提及", "named only"),
    "readings": ("不同说法", "readings"),
    "within": ("在范围内", "within"),
    "outside": ("在范围外", "outside"),
    "type": ("所列类型", "type"),
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
    # A column may take values of several kinds: attributes, regions, categories, fixed words.
    for other in ("attribute", "category", "condition", "region", "actor", "part", "source"):
        if (other, value) in base.names.terms:
            return base.names.label(other, value, lang)
    if "@" in value and value.partition("@")[0] in base.names.ids("document"):
        document, _, rest = value.partition("@")
        holder, _, count = rest.partition("+")[0].partition("x")
        document = base.names.label("document", document, lang)
        return f"{document} ({base.names.label('holder', holder, lang)} x{count})"
    if value in WORDS:
        return word(value, lang)
    if value in base.unclear:
        unclear, _ = base.unclear[value]
        return unclear.zh if lang == "zh" else unclear.en
    return value_label(base, value, lang)


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
