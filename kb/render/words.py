"""Words for ids: what a value of a kind is called in either language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from kb.lang.syntax import Cite, Value
from kb.model.names import Names
from kb.model.schema import Unclear
from kb.model.vocabulary import Vocabulary, values

REASONS = {
    "exempted": ("获豁免", "exempted"),
    "complete": ("材料齐全", "complete"),
    "none_required": ("不需要材料", "no document asked for"),
    "none_stated": ("来源未列明材料", "no document stated"),
    "documents_missing": ("缺材料", "documents are missing"),
    "not_open": ("不开放", "not open"),
    "withdrawn": ("已撤下", "withdrawn"),
    "not_yet_due": ("新要求还没有到期", "what is new is not due yet"),
    "not_listed": ("类目表没有列出", "not in the list for its account"),
    "asked_elsewhere": ("材料另行确认", "documents are asked for elsewhere"),
    "account_unsaid": (
        "未说明是否开放给这类主体",
        "whether it is open to such applicants is not said",
    ),
    "place_unsaid": ("来源只讲别的地区", "the sources are about other places"),
    "named_only": ("仅被提及", "named only, not described"),
    "readings_disagree": ("来源说法不一", "readings disagree"),
    "wording_unclear": ("来源措辞不明", "the source's wording is unclear"),
    "not_checked": ("来源写明而尚不能核对", "clear in the source, not yet checked here"),
    "day_unsure": ("生效日不确定", "the day of its start is not certain"),
    "perhaps_withdrawn": ("可能已撤下", "perhaps withdrawn"),
    "attribute_unknown": ("应用情况未填", "an attribute is unknown"),
    "document_unclear": ("材料情况不明", "whose or what a document is, is unclear"),
    "content_unknown": (
        "手上的材料是否写有所要求的(文字、数额、日期)没有说明",
        "whether what is in hand states what is asked for (words, a number, a day) is not said",
    ),
    "service_prohibited": ("有服务不被支持", "a service is not carried"),
    "text_prohibits": ("违反禁止性规定", "a text forbids it"),
    "category_not_open": ("有类目不开放", "a category is not open to it"),
    "category_missing": ("有类目缺材料", "documents are missing for a category"),
    "choice_missing": ("可选类目一个也没有做到", "none of several categories is settled"),
    "duty_missing": ("有义务没有做到", "a duty is not met"),
    "category_undetermined": ("有类目无法确定", "a category is undetermined"),
    "choice_undetermined": ("可选类目无法确定", "a choice of categories is undetermined"),
    "service_unplaced": ("有服务没有来源讲到", "no source speaks of a service"),
    "text_to_come": ("讲到服务的规定还没有生效", "a text on a service is not yet in force"),
    "text_run_out": ("讲到服务的规定已经失效", "a text on a service is no longer in force"),
    "service_perhaps_prohibited": ("有服务可能不被支持", "a service is perhaps not carried"),
    "no_service": ("没有列出服务", "no service is listed"),
    "service_in_own_words": ("有服务只用自己的话说明", "a service is told in own words"),
    "services_unknown": ("没有填写服务", "no services are stated"),
    "text_day_unsure": ("文件的起止日不确定", "the days of a text are not certain"),
    "duty_undetermined": ("有义务无法确定", "a duty is undetermined"),
    "prohibition_undetermined": ("是否违反禁止无法确定", "a prohibition is undetermined"),
    "range_undetermined": ("文件是否适用无法确定", "whether a text applies is undetermined"),
}
"""The reason codes of verdicts, the weightiest first where several stand beside one another."""

WANTS = {
    "amounts": ("数额", "amounts"),
    "age": ("年限", "how old something is"),
    "renewal": ("定期重交", "papers handed in anew"),
    "same_place": ("同一场所", "papers of one place"),
    "later_papers": ("事后补交", "papers that follow later"),
    "season": ("每年的季节", "seasons of every year"),
    "conduct": ("经营中的行为", "how to do business"),
}
"""What clear passages of sources need that can not be expressed yet."""

WORDS = {
    "satisfied": ("已满足", "satisfied"),
    "missing": ("缺材料", "missing"),
    "prohibited": ("禁止", "prohibited"),
    "undetermined": ("无法确定", "undetermined"),
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
    "service": ("服务", "service"),
    "wording": ("须写内容", "wording"),
    **REASONS,
}


MARKS = {
    "satisfied": "✓",
    "none_stated": "✓",
    "missing": "✗",
    "none_required": "✓",
    "not_open": "⊘",
    "prohibited": "⊘",
    "undetermined": "?",
}


KEPT = {
    "satisfied": ("已做到", "met"),
    "missing": ("未做到", "not met"),
    "undetermined": ("无法确定", "not determined"),
}
"""What a verdict is called of something to do or to keep: a bare sign before a sentence would read
as its denial."""


def kept(verdict: str, lang: str) -> str:
    """A verdict on something to do or to keep."""
    return KEPT[verdict][0 if lang == "zh" else 1]


def mark(verdict: str | None) -> str:
    """The sign of a verdict."""
    return MARKS.get(verdict or "", "·")


def word(key: str, lang: str) -> str:
    """A fixed word of the answers, such as a verdict."""
    pair = WORDS.get(key)
    return (pair[0] if lang == "zh" else pair[1]) if pair else key


def standing_beside(name: str, standing: str, lang: str) -> str:
    """The standing of a text as it is told beside its name: nothing for a draft whose name says
    already that it is one.

    >>> standing_beside("rules of the ferry (draft for comment)", "draft", "en")
    ''
    >>> standing_beside("rules of the ferry", "draft", "en")
    'draft'
    """
    told = word(standing, lang)
    return "" if standing == "draft" and told.lower() in name.lower() else told


PRECISIONS = {
    "month": ("只知道到月份", "known to the month"),
    "quarter": ("只知道到季度", "known to the quarter"),
    "year": ("只知道到年份", "known to the year"),
}
"""How exactly a day is known."""


def inexact(precision: str, lang: str) -> str:
    """How exactly a day is known, in brackets; nothing for one known to the day."""
    if precision == "day":
        return ""
    zh, en = PRECISIONS[precision]
    return f" ({zh if lang == 'zh' else en})"


class Named(Protocol):
    """What gives ids their names: a fact base, or a lexicon."""

    @property
    def names(self) -> Names: ...

    @property
    def vocabulary(self) -> Vocabulary: ...

    @property
    def unclear(self) -> Mapping[str, tuple[Unclear, Cite]]: ...


def label(base: Named, kind: str, value: Value, lang: str) -> Value:
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
        count, _, role = count.partition("/")
        document = base.names.label("document", document, lang)
        each = base.names.label("holder", role, lang) if role else ""
        of = (f"; 每个{each}" if lang == "zh" else f"; for each {each}") if role else ""
        count, _, number = count.partition("=")
        if number:
            said = base.names.label("attribute", number, lang)
            of += f"; 份数同「{said}」" if lang == "zh" else f"; as many as: {said}"
        return f"{document} ({base.names.label('holder', holder, lang)} x{count}{of})"
    if value in WORDS:
        return word(value, lang)
    if value in base.unclear:
        unclear, _ = base.unclear[value]
        return unclear.zh if lang == "zh" else unclear.en
    return value_label(base, value, lang)


def value_label(base: Named, value: str, lang: str) -> str:
    """The name of an attribute's value, whichever attribute it belongs to."""
    for attribute in base.vocabulary.attributes.values():
        found = values(base.vocabulary, attribute).get(value)
        if found is not None:
            return found.label(lang)
    return value
