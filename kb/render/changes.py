"""What changed between two days, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from kb.base.results import Certainty
from kb.compare.results import (
    AllBecameChoice,
    CategoryChange,
    CategoryChangeKind,
    Changes,
    ChoiceBecameAll,
    ChoiceCountChanged,
    ConditionChanged,
    CountChanged,
    Difference,
    Flip,
    FormChanged,
    HolderChanged,
    IssuerChanged,
    Move,
    NumberChanged,
    OpenToChanged,
    OpenWhenChanged,
    OptionChanged,
    PapersSaidChanged,
    Part,
    PartMoved,
    Range,
    RangeChanged,
    ReadingMoved,
    ReferencesChanged,
    RegionsChanged,
    Renamed,
    ServiceConditionsChanged,
    ServicesChanged,
    TimeChanged,
    UnclearChanged,
    UnsupportedChanged,
    Withdrawal,
    WordsChanged,
)
from kb.lang.syntax import Cite
from kb.model.duty_days import Due
from kb.model.schema import Label
from kb.render.documents import document_parts
from kb.render.due import time_texts
from kb.render.duty_days import told_text
from kb.render.exemptions import changed_text
from kb.render.language import Language
from kb.render.outline import EMPTY, Cited, Lead, Line, Mark, line
from kb.render.papers import paper_text
from kb.render.provision_changes import provision_changes_lines
from kb.render.stating import stated_text
from kb.render.words import mark, word

WORDS = {
    "added": ("新增", "added"),
    "first_recorded": (
        "首次收录,此前有没有来源没有说",
        "first text at hand, whether it was there before is not said",
    ),
    "adjusted": ("有调整,但没有收录调整前的条文", "adjusted; the text before is not at hand"),
    "removed": ("取消", "removed"),
    "changed": ("变更", "changed"),
    "renamed": ("更名", "renamed"),
    "settled": ("已确定生效", "now surely in force"),
    "unsettled": ("不再确定有效", "no longer surely in force"),
    "restated": ("另一份文件重新列出,要求未变", "listed again by another text, asks for the same"),
    "alternative_added": ("新增方案", "alternative added"),
    "alternative_dropped": ("取消方案", "alternative dropped"),
    "choice_added": ("新增任选材料", "choice added"),
    "choice_dropped": ("取消任选材料", "choice dropped"),
    "withdrawn": ("撤下", "withdrawn"),
    "withdrawal_over": ("不再撤下", "no longer withdrawn"),
    "time_changed": ("宽限期变化", "the time that is given changed"),
    "reading_added": ("新增一种说法", "another reading came"),
    "reading_dropped": ("一种说法不再适用", "a reading no longer applies"),
    "document_added": ("新增材料", "document added"),
    "document_dropped": ("取消材料", "document dropped"),
    "count_changed": ("份数变化", "count changed"),
    "choice_count_changed": ("任选项数变化", "number to choose changed"),
    "range_changed": ("份数范围变化", "range of copies changed"),
    "words_changed": ("须写内容变化", "words changed"),
    "condition_changed": ("条件变化", "condition changed"),
    "number_changed": ("份数所同的数变化", "counted by another number"),
    "holder_changed": ("持有方变化", "holder changed"),
    "form_changed": ("形式变化", "form changed"),
    "issuer_changed": ("颁发机关变化", "issuer changed"),
    "option_changed": ("是否必需有变化", "whether it is needed changed"),
    "choice_became_all": ("由任选改为全部提供", "a choice became all"),
    "all_became_choice": ("由全部提供改为任选", "all became a choice"),
    "open_when_changed": ("开放条件变化", "open under other conditions"),
    "open_to_changed": ("开放主体变化", "open to other applicants"),
    "regions_changed": ("服务地区变化", "places changed"),
    "services_changed": ("适用服务变化", "services changed"),
    "service_conditions_changed": ("归入的情形变化", "when a service falls under it changed"),
    "papers_said_changed": ("对材料的说法变化", "what is said of papers changed"),
    "also_changed": ("另需类目变化", "categories that it needs besides changed"),
    "instead_changed": ("改选类目变化", "categories to choose instead changed"),
    "advice_changed": ("建议的类目变化", "categories that it advises changed"),
    "unsupported_changed": ("不支持的服务变化", "services that are not carried changed"),
    "unclear_changed": ("来源没有说清的变化", "what the source leaves open changed"),
}

PAPERS = {
    "asked": Label(zh="列明材料", en="papers are named"),
    "none_required": Label(zh="不需要材料", en="no paper is needed"),
    "none_stated": Label(zh="没有写材料", en="it names no paper"),
    "elsewhere": Label(zh="材料另行确认", en="papers are asked for elsewhere"),
}
OF_NODE = ("condition_changed", "choice_became_all", "all_became_choice")
"""What is said of a node: its documents may be a choice or all asked for, and stand as a list."""
STATED = "stated"
"""The kind of what a paper states, which has no id."""
Value: TypeAlias = str | int | bool | Label | None
Values: TypeAlias = Due | Value | tuple[str, ...] | tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """The values before and after; `kind` is that of their ids, where they are ids."""

    before: Values
    after: Values
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of any difference, in one shape: its code, the document or documents that it is
    about, a condition, a service, a reading's lines, the values before and after."""

    what: str
    document: str | None = None
    documents: tuple[str, ...] = ()
    when: str | None = None
    service: str | None = None
    cites: tuple[Cite, ...] = ()
    pair: Pair | None = None


def _range(found: Range) -> str:
    """A range in signs: `2-3`, `≥2`, with a limit `≤4` behind it."""
    least, up_to, most = found
    text = f"{least}-{up_to}" if up_to else f"≥{least}"
    return f"{text} ≤{most}" if most else text


def shown(each: Difference) -> Shown:
    """A difference in the shape that all differences share."""
    match each:
        case PartMoved(Part.DOCUMENT, move, (document,), when):
            return Shown(f"document_{move}", document, when=when)
        case PartMoved(part, move, documents, when):
            return Shown(f"{part}_{move}", documents=documents, when=when)
        case ChoiceBecameAll(documents):
            return Shown("choice_became_all", documents=documents)
        case AllBecameChoice(documents):
            return Shown("all_became_choice", documents=documents)
        case ChoiceCountChanged(documents, before, after):
            pair = Pair(_range(before), _range(after))
            return Shown("choice_count_changed", documents=documents, pair=pair)
        case ReadingMoved(move, cite):
            return Shown(f"reading_{move}", cites=(cite,))
        case Withdrawal(move, cite, account):
            what = "withdrawn" if move == Move.ADDED else "withdrawal_over"
            return Shown(what, when=account, cites=(cite,))
        case TimeChanged(before, after):
            return Shown("time_changed", pair=Pair(before, after))
        case Renamed(before, after):
            return Shown("renamed", pair=Pair(before, after))
        case ConditionChanged(document, before, after, documents):
            pair = Pair(before, after, "condition")
            return Shown("condition_changed", document, documents, pair=pair)
        case HolderChanged(document, before, after):
            return Shown("holder_changed", document, pair=Pair(before, after, "holder"))
        case IssuerChanged(document, before, after):
            return Shown("issuer_changed", document, pair=Pair(before, after, "authority"))
        case CountChanged(document, before, after):
            return Shown("count_changed", document, pair=Pair(before, after))
        case NumberChanged(document, before, after):
            return Shown("number_changed", document, pair=Pair(before, after, "attribute"))
        case RangeChanged(document, before, after):
            return Shown("range_changed", document, pair=Pair(_range(before), _range(after)))
        case WordsChanged(document, before, after):
            return Shown("words_changed", document, pair=Pair(before, after, STATED))
        case FormChanged(document, before, after):
            return Shown("form_changed", document, pair=Pair(before, after))
        case OptionChanged(document, before, after):
            return Shown("option_changed", document, pair=Pair(before, after))
        case OpenToChanged(before, after):
            return Shown("open_to_changed", pair=Pair(before, after, "applicant"))
        case OpenWhenChanged(before, after):
            return Shown("open_when_changed", pair=Pair(before, after, "condition"))
        case RegionsChanged(before, after):
            return Shown("regions_changed", pair=Pair(before, after, "region"))
        case ServicesChanged(before, after):
            return Shown("services_changed", pair=Pair(before, after, "service"))
        case ServiceConditionsChanged(service, before, after):
            pair = Pair(before, after, "condition")
            return Shown("service_conditions_changed", service=service, pair=pair)
        case PapersSaidChanged(before, after):
            return Shown("papers_said_changed", pair=Pair((PAPERS[before],), (PAPERS[after],)))
        case ReferencesChanged(role, before, after):
            return Shown(f"{role}_changed", pair=Pair(before, after, "category"))
        case UnsupportedChanged(before, after):
            return Shown("unsupported_changed", pair=Pair(before, after, "service"))
        case UnclearChanged(before, after):
            return Shown("unclear_changed", pair=Pair(before, after))
        case _:
            assert_never(each)


def changes_lines(found: Changes) -> Iterator[Line]:
    """The changed categories with their differences, then the duties and prohibitions, then the
    apps whose verdict flips."""
    to = Language(found.lang, found.names)
    yield line(0, changes_title(found, to))
    for category in found.categories:
        yield from _category(category, to)
    yield from provision_changes_lines(found.provisions, to)
    if found.apps is None:
        return
    yield EMPTY
    yield line(0, f"{to.pick('结论变化的应用', 'apps whose verdict flips')}: {len(found.apps)}")
    for flip in found.apps:
        yield from _flip(flip, to)


def changes_title(found: Changes, to: Language) -> str:
    """Both days, how many categories changed, and in which folders, where some were named."""
    count = len(found.categories)
    categories = to.pick("个类目", "category" if count == 1 else "categories")
    within = ""
    if found.folders:
        named = to.listed([name or "./" for name in found.folders])
        within = to.pick(f"(只看 {named} 里的来源)", f" (sources in {named} alone)")
    return f"{found.first} → {found.last}: {count} {categories}{within}"


def change_title(change: CategoryChange, to: Language) -> str:
    """A category by its names."""
    return to.both("category", change.category)


def change_kind(change: CategoryChange, to: Language) -> str:
    """What became of a category, and whether that is sure."""
    perhaps = [version.certainty == Certainty.PERHAPS for version in change.after]
    # Where none is sure any more, one was: the certainty of some is another than before.
    lost = change.what == CategoryChangeKind.SETTLED and all(perhaps)
    unsure = to.pick(" (生效日不确定)", " (day not certain)") if any(perhaps) else ""
    return code_text("unsettled" if lost else change.what, to) + unsure


def _category(change: CategoryChange, to: Language) -> Iterator[Line]:
    lines = Cited.of(version.cite for version in change.after or change.before)
    said = f"{change_kind(change, to)}: {change_title(change, to)}"
    yield line(0, said, lines)
    for each in change.differences:
        yield _difference(shown(each), to)


def _difference(each: Shown, to: Language) -> Line:
    named = named_documents(each, to)
    said = code_text(each.what, to) + (f" {named}" if named else "")
    if each.service is not None:
        said += to.pick(
            f"「{to.label('service', each.service)}」", f" ({to.label('service', each.service)})"
        )
    if each.pair is not None:
        said += f": {pair_text(each.pair, to)}"
    if each.when is not None:
        said += f"  ({to.pick('当', 'when')} {to.label('condition', each.when)})"
    return line(4, said, *([Cited.of(each.cites)] if each.cites else []))


def named_documents(each: Shown, to: Language) -> str:
    """The documents that a difference is about."""
    documents = (each.document,) if each.document else each.documents
    if each.what in OF_NODE:
        return to.listed([f"《{to.official('document', document)}》" for document in documents])
    joint = " / " if each.what.startswith("choice") else " + "
    return joint.join(f"《{to.official('document', document)}》" for document in documents)


def code_text(code: str, to: Language) -> str:
    """What became of a category, or the kind of a difference, by its code."""
    return to.pick(*WORDS[code])


def pair_text(pair: Pair, to: Language) -> str:
    """The values before and after: `1 → 2`; of lists that share some, what came and what went."""
    match pair.before, pair.after:
        case tuple(one), tuple(other) if set(one) & set(other):
            return _moved(one, other, pair.kind, to)
        case _:
            before, after = pair_values(pair, to)
            return f"{before} → {after}"


def _moved(
    before: tuple[Value, ...], after: tuple[Value, ...], kind: str | None, to: Language
) -> str:
    """What came to a list and what went from it, and how many stay."""
    came = [_value(each, kind, to) for each in after if each not in before]
    gone = [_value(each, kind, to) for each in before if each not in after]
    stay = sum(each in after for each in before)
    if not came and not gone:
        if kind == "category":
            return to.pick(
                "指引到的类目不变,指引的服务或主体变了",
                "the same categories, for other services or applicants",
            )
        return to.pick("顺序变化", "in another order")
    told = [f"{to.pick('新增', 'added')} {to.listed(came)}"] if came else []
    told += [f"{to.pick('取消', 'dropped')} {to.listed(gone)}"] if gone else []
    told.append(to.pick(f"{stay} 项不变", f"{stay} {'stays' if stay == 1 else 'stay'}"))
    return to.pick(";", "; ").join(told)


def pair_values(pair: Pair, to: Language) -> tuple[str, str]:
    """The values before and after."""
    return _value(pair.before, pair.kind, to), _value(pair.after, pair.kind, to)


def _value(value: Values, kind: str | None, to: Language) -> str:
    match value:
        case None | ():
            return "–"
        case Due():
            return to.pick(";", "; ").join(time_texts(value, to))
        case bool():
            return to.pick("可选", "optional") if value else to.pick("必需", "needed")
        case tuple():
            return to.listed([_value(each, kind, to) for each in value])
        case Label():
            return to.say(value)
        case str() if kind == STATED:
            return stated_text(value, to)
        case str() if kind is not None:
            return to.label(kind, value)
        case _:
            return str(value)


def _flip(flip: Flip, to: Language) -> Iterator[Line]:
    yield line(
        2,
        f"{flip.app}: ",
        Mark(mark(flip.before)),
        f" {word(flip.before, to.lang)} → ",
        Mark(mark(flip.after)),
        f" {word(flip.after, to.lang)}",
    )
    for each in flip.exemptions:
        yield line(6, Lead("· "), changed_text(each, to))
    for paper in flip.papers:
        yield line(6, Lead("· "), paper_text(paper, to))
    for day in flip.deadlines:
        yield line(6, Lead("· "), told_text(day, to), Cited.of(day.cites))
    for needed in flip.to_provide:
        yield line(6, Lead("· "), *document_parts(needed, to))
    if flip.cannot:
        lead = to.pick("本主体无法完成:", "can not be completed by this applicant: ")
        yield line(6, lead + ", ".join(to.both("category", c) for c in flip.cannot))
